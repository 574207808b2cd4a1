import { AppError } from '../kernel/errors.ts';
import type { Json } from '../kernel/json.ts';
import { JsonBroken, readJsonElements } from '../kernel/json-elements.ts';
import { parseLosslessJson } from '../kernel/lossless-json.ts';
import type { OrderRecords } from '../platforms/platform.ts';

/** What tells records from what is around them. */
export type RecordShape = Pick<OrderRecords, 'lists' | 'idOf'>;

/**
 * The records of a JSON file of any length, as they come: a list of them, an object that holds lists, replies page after
 * page, an object with a record under each id, or one record by itself.
 * @throws AppError `file_unreadable` with line and column; the text itself is in no message
 */
export async function* readRecords(source: AsyncIterable<Uint8Array>, shape: RecordShape, file: string): AsyncGenerator<Json[]> {
  const opens = (key: string): boolean => shape.lists.includes(key.toLowerCase());
  try {
    const { head, whole } = await begun(source);
    const one = whole === null ? undefined : parseLosslessJson(whole);
    if (one !== undefined && !Array.isArray(one) && shape.idOf(one) !== null) {
      yield [one];
      return;
    }
    for await (const elements of readJsonElements(head, opens)) {
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

/** An order by itself, or all of its items, is no longer than this. */
const LONGEST_RECORD = 2 ** 20;

/** The bytes once more from their beginning, and all of them as text where a file is so short that one record may be all of it. */
async function begun(source: AsyncIterable<Uint8Array>): Promise<{ readonly head: AsyncIterable<Uint8Array>; readonly whole: string | null }> {
  const chunks: Uint8Array[] = [];
  const rest = source[Symbol.asyncIterator]();
  let [length, ended] = [0, false];
  while (!ended && length <= LONGEST_RECORD) {
    const next = await rest.next();
    ended = next.done === true;
    if (ended) break;
    chunks.push(next.value as Uint8Array);
    length += (next.value as Uint8Array).length;
  }
  const head = async function* (): AsyncGenerator<Uint8Array> {
    yield* chunks;
    if (!ended) yield* { [Symbol.asyncIterator]: () => rest };
  };
  return { head: head(), whole: ended ? new TextDecoder().decode(Buffer.concat(chunks)) : null };
}

/** A record is itself; a page of them is what its lists hold. */
function recordsIn(value: Json, shape: RecordShape, opens: (key: string) => boolean): Json[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap((each) => recordsIn(each, shape, opens));
  if (typeof value !== 'object' || value === null || shape.idOf(value) !== null) return [value];
  const pages = Object.entries(value as Readonly<Record<string, Json>>).filter(([key, part]) => opens(key) && typeof part === 'object' && part !== null);
  return pages.length === 0 ? [value] : pages.flatMap(([, part]) => recordsIn(part, shape, opens));
}
