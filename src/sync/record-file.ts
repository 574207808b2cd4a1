import { AppError } from '../kernel/errors.ts';
import type { Json } from '../kernel/json.ts';
import { JsonBroken, readJsonElements } from '../kernel/json-elements.ts';
import { parseLosslessJson } from '../kernel/lossless-json.ts';
import type { OrderRecords } from '../platforms/platform.ts';

/** What tells records from what is around them. */
export type RecordShape = Pick<OrderRecords, 'lists' | 'idOf'>;

/**
 * The records of a JSON file of any length, as they come: a list of them, an object that holds lists, replies page after
 * page, or an object with a record under each id.
 * @throws AppError `file_unreadable` with line and column; the text itself is in no message
 */
export async function* readRecords(source: AsyncIterable<Uint8Array>, shape: RecordShape, file: string): AsyncGenerator<Json[]> {
  const opens = (key: string): boolean => shape.lists.includes(key.toLowerCase());
  try {
    for await (const elements of readJsonElements(source, opens)) {
      const records: Json[] = [];
      for (const { text, line, column, inList } of elements) {
        const value = parseLosslessJson(text);
        if (value === undefined) throw new JsonBroken({ line, column }, 'the record that begins here is no JSON');
        const found = recordsIn(value, shape, opens);
        // Beside the list a reply holds other things: only what has an id is a record there.
        records.push(...(inList ? found : found.filter((each) => shape.idOf(each) !== null)));
      }
      if (records.length > 0) yield records;
    }
  } catch (error) {
    if (!(error instanceof JsonBroken)) throw error;
    throw new AppError('file_unreadable', { reason: `${file}, ${error.message}` }, { details: { file } });
  }
}

/** A record is itself; a page of them is what its lists hold. */
function recordsIn(value: Json, shape: RecordShape, opens: (key: string) => boolean): Json[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap((each) => recordsIn(each, shape, opens));
  if (typeof value !== 'object' || value === null || shape.idOf(value) !== null) return [value];
  const pages = Object.entries(value as Readonly<Record<string, Json>>).filter(([key, part]) => opens(key) && typeof part === 'object' && part !== null);
  return pages.length === 0 ? [value] : pages.flatMap(([, part]) => recordsIn(part, shape, opens));
}
