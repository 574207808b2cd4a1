import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../src/kernel/json.ts';
import { PROJECT } from './process.ts';

/** A platform's documented fields, by kind of record: path → type, as `line_items[].item_tax[].tax_rate` → `string`. */
export type Published = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The committed list of a platform's documented fields. */
export function publishedFields(platform: 'tiktok' | 'shein' | 'amazon'): Published {
  return JSON.parse(readFileSync(join(PROJECT, `src/platforms/${platform}/fixtures/published-fields.json`), 'utf8')) as Published;
}

/** A record with every documented field; each value is what `valueOf` gives for its path and type. */
export function documentOf(fields: Readonly<Record<string, string>>, valueOf: (path: string, type: string) => Json): Json {
  const document: Record<string, Json> = {};
  for (const [path, type] of Object.entries(fields)) put(document, path.split('.'), valueOf(path, type));
  return document;
}

function put(record: Record<string, Json>, [name, ...rest]: readonly string[], value: Json): void {
  const key = name!.replace('[]', '');
  const isList = name!.endsWith('[]');
  if (rest.length === 0) {
    record[key] = isList ? [value] : value;
    return;
  }
  const below = ((isList ? (record[key] as readonly Json[] | undefined)?.[0] : record[key]) ?? {}) as Record<string, Json>;
  record[key] = isList ? [below] : below;
  put(below, rest, value);
}

/** The leaves of a document by path, lists taken for their elements. */
export function leavesOf(document: Json, path = ''): [string, Json][] {
  if (Array.isArray(document)) return (document as readonly Json[]).flatMap((each) => leavesOf(each, `${path}[]`));
  if (typeof document !== 'object' || document === null) return [[path, document]];
  return Object.entries(document).flatMap(([key, part]) => leavesOf(part, path === '' ? key : `${path}.${key}`));
}
