import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Engine } from '../engines/engine.ts';
import { rereadPlaces } from '../records/orders/places.ts';
import { NO_JSON } from '../kernel/problem.ts';
import { AppError } from '../kernel/errors.ts';
import { parseJson } from '../kernel/json.ts';
import { toPlace } from '../model/area.ts';
import { mendRegions, regionTable } from '../model/region-table.ts';

const text = z.string().trim().min(1);
/** A file of spellings that a user mends: `{"ES": {"MD": {"aliases": ["Madriz"]}}}`. */
const areasFile = z.record(
  z.string().regex(/^[A-Z]{2}$/, 'is no ISO 3166-1 code such as ES'),
  z.record(
    z.string().regex(/^[A-Z\d]{1,3}$/, 'is no ISO 3166-2 code such as MD'),
    z.strictObject({
      name: text.optional(),
      aliases: z.array(text).optional(),
      cities: z.array(text).optional(),
      postal: z.array(z.string().regex(/^[A-Z\d]+(?:-\d+)?$/, 'is no beginning of a postal code such as 28 or 350-352')).optional(),
    }),
  ),
);

/**
 * Takes the user's spellings of areas from a file, if there is one, and reads every stored address anew when the table is another one than
 * before.
 * @returns how many stored places are now elsewhere
 * @throws AppError `areas_invalid` naming what is wrong where
 */
export async function mendAreas(engine: Engine, path: string): Promise<number> {
  mendRegions(existsSync(path) ? readAreas(path) : {});
  const table = hash('sha256', JSON.stringify(regionTable()));
  return rereadPlaces(engine, table, ([country, region, city, postalCode]) => toPlace({ country, region, city, postalCode }));
}

function readAreas(path: string): z.output<typeof areasFile> {
  const file = basename(path);
  const json = parseJson(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  if (json === undefined) throw new AppError('areas_invalid', { file, path: '(top)', problem: NO_JSON });
  const read = areasFile.safeParse(json);
  if (read.success) return read.data;
  const issue = read.error.issues[0]!;
  throw new AppError('areas_invalid', { file, path: issue.path.join('.') || '(top)', problem: issue.message });
}
