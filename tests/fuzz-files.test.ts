import fc from 'fast-check';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDuckDb } from '../src/engines/duckdb.ts';
import type { Engine } from '../src/engines/engine.ts';
import { prepareStore } from '../src/records/prepare-store.ts';
import { fixedClock } from '../src/kernel/clock.ts';
import { AppError } from '../src/kernel/errors.ts';
import { keyedHash } from '../src/kernel/vault.ts';
import { imaginedShop } from '../src/model/shop.ts';
import { platforms } from '../src/platforms/all.ts';
import { presetOf } from '../src/platforms/mapped-file.ts';
import { parseMapping, type MappingInput } from '../src/platforms/mapping.ts';
import { RowRefused, type FileReader } from '../src/platforms/file-preset.ts';
import { importFile } from '../src/sync/import.ts';
import { readTable } from '../src/sync/table-file.ts';
import { anyJson, bent, HOSTILE, tries } from './fuzz.ts';
import { cleanUp, temporaryFolder } from './process.ts';
import { EXAMPLES } from './shop-window.ts';
import { partsOf } from './part-reading.ts';

const hash = keyedHash(Buffer.alloc(32, 7));
const presets = platforms.flatMap(({ files }) => files);
const SETTINGS = { shop: 'Fuzz', zone: 'Europe/Madrid', currency: 'EUR' };
const shop = imaginedShop({ platform: 'Other', ...SETTINGS });
const cell = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary' }) },
  fc.double().map(String),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
);

/** A mapping that uses most of what one may say. */
const MAPPING: MappingInput = {
  name: 'web-shop',
  platform: 'Other',
  shop: { column: 'store' },
  zone: 'Europe/London',
  dateForms: ['YYYY-MM-DD HH:mm', 'iso'],
  dateZone: 'UTC',
  decimalMark: '.',
  defaultStatus: 'completed',
  columns: {
    orderId: 'order',
    purchasedAt: ['date', 'placed'],
    sku: 'sku',
    skuName: 'title',
    variation: 'colour',
    quantity: 'pieces',
    unitPrice: 'price',
    sellerDiscount: { sum: ['rebate', 'coupon'] },
    status: ['state', 'substate'],
    updatedAt: { latest: ['changed', 'shipped'] },
    currency: 'cur',
    buyer: 'e-mail',
    country: 'land',
    postalCode: 'zip',
    kind: 'kind',
    totalAmount: 'total',
  },
  statuses: { sold: 'completed', back: { status: 'cancelled', outcome: 'returned' } },
  kinds: { present: 'gift' },
  zeroPriceIsSale: false,
  personal: ['note'],
};

let engine: Engine;
beforeAll(async () => {
  engine = await openDuckDb(join(temporaryFolder(), 's7.duckdb'), { memoryLimit: '512MB', temporaryFolder: temporaryFolder(), threads: 1 });
  await prepareStore(engine);
});
afterAll(async () => {
  await engine.close();
  await cleanUp();
});

/** The header and some rows of an example file. */
async function rowsOf(path: string): Promise<readonly (readonly string[])[]> {
  const rows: (readonly string[])[] = [];
  const source = createReadStream(path);
  for await (const some of readTable(source)) {
    rows.push(...some.map(({ cells }) => cells));
    if (rows.length > 40) break;
  }
  source.destroy();
  return rows.slice(0, 41);
}

/** Reads rows as an import does; each is taken or refused by name. */
function readAll(reader: FileReader, rows: readonly (readonly string[])[]): number {
  let taken = 0;
  for (const cells of rows) {
    try {
      const record = reader.toRecord(cells);
      if (!record) continue;
      reader.toCanonical([record.document, record.document], record.shop ? imaginedShop(record.shop) : shop);
      taken += 1;
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error;
    }
  }
  return taken;
}

test.each(Object.entries(EXAMPLES))('rows of a %s file with whatever in their cells are read or refused by name', async (_name, path) => {
  const all = await rowsOf(path);
  // A title may stand above the header.
  const place = all.findIndex((cells) => presets.some((preset) => preset.recognises(cells) > 2));
  const [header, ...rows] = all.slice(place) as [readonly string[], ...(readonly string[])[]];
  const preset = presets.toSorted((a, b) => b.recognises(header) - a.recognises(header))[0]!;
  const changes = fc.array(fc.tuple(fc.nat({ max: header.length }), cell), { maxLength: 4 });
  let taken = 0;
  fc.assert(
    fc.property(fc.constantFrom(...rows), changes, fc.integer({ min: -3, max: 2 }), (row, changed, longer) => {
      const cells = longer < 0 ? row.slice(0, row.length + longer) : [...row, ...Array.from({ length: longer }, () => 'x')];
      for (const [place, text] of changed) cells[place] = text;
      taken += readAll(preset.open(header, SETTINGS, hash), [Array.from(cells, (each) => each ?? '')]);
    }),
    tries(5000),
  );
  expect(taken).toBeGreaterThan(200);
});

test('mappings in whatever form are taken or refused by field, and those that are taken read rows of whatever', () => {
  const header = Object.values(MAPPING.columns)
    .flat()
    .filter((name) => typeof name === 'string');
  let taken = 0;
  fc.assert(
    fc.property(
      fc.oneof({ weight: 6, arbitrary: bent(MAPPING) }, anyJson),
      fc.array(fc.array(cell, { maxLength: header.length + 2 }), { maxLength: 2 }),
      (given, rows) => {
        try {
          readAll(presetOf(parseMapping(given)).open(header, SETTINGS, hash), rows);
          taken += 1;
        } catch (error) {
          if (!(error instanceof AppError) || !['mapping_invalid', 'mapping_column_missing'].includes(error.code)) throw error;
        }
      },
    ),
    tries(8000),
  );
  expect(taken).toBeGreaterThan(200);
});

test('files damaged in whatever way are read as far as they can be, or refused by name; never anything else', async () => {
  const originals = Object.values(EXAMPLES)
    .map((path) => readFileSync(path))
    .map((bytes) => bytes.subarray(0, bytes.length > 60_000 ? 20_000 : bytes.length));
  const room = {
    engine,
    clock: fixedClock('2026-11-20T10:00:00Z'),
    hash,
    parts: partsOf(hash),
    presets,
    temporaryFolder: temporaryFolder(),
  };
  const damage = fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 0.9999, noNaN: true }),
      kind: fc.constantFrom('byte', 'cut', 'insert', 'double'),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    }),
    { minLength: 1, maxLength: 5 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom(...originals) },
        fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
        fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      ),
      damage,
      async (original, damages) => {
        let bytes = Buffer.from(original);
        for (const { at, kind, bytes: more } of damages) {
          const place = Math.floor(at * bytes.length);
          if (kind === 'byte' && bytes.length > 0) bytes[place] = more[0]!;
          if (kind === 'cut') bytes = bytes.subarray(0, place);
          if (kind === 'insert') bytes = Buffer.concat([bytes.subarray(0, place), more, bytes.subarray(place)]);
          if (kind === 'double') bytes = Buffer.concat([bytes, bytes.subarray(place, place + 5000)]);
        }
        try {
          await importFile(room, {
            source: Readable.from([bytes]),
            file: 'damaged',
            settings: SETTINGS,
            dryRun: true,
            describe: (reason) => reason,
          });
        } catch (error) {
          if (!(error instanceof AppError) || error.status >= 500) throw error;
        }
      },
    ),
    tries(500),
  );
  // Most of them end the thread that read them.
});
