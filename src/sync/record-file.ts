import { AppError } from '../kernel/errors.ts';
import type { Json } from '../kernel/json.ts';
import { JsonBroken } from '../kernel/json-elements.ts';
import { parseLosslessJson } from '../kernel/lossless-json.ts';
import type { OrderRecords } from '../platforms/platform.ts';
import { readElementsInThread, type Patience } from './file-thread.ts';

/** What tells records from what is around them. */
export type RecordShape = Pick<OrderRecords, 'lists' | 'idOf'>;

/**
 * The records of a JSON file of any length, as they come: a list of them, an object that holds lists, replies page after
 * page, an object with a record under each id, or one record by itself.
 * @throws AppError `file_unreadable` with the file, line and column, `limit_exceeded`, `upload_stalled`; the text itself is in no message
 */
export async function* readRecords(
  source: AsyncIterable<Uint8Array>,
  shape: RecordShape,
  { file, ...patience }: Patience & { readonly file: string },
): AsyncGenerator<Json[]> {
  const opens = (key: string): boolean => shape.lists.includes(key.toLowerCase());
  const begun = new Beginning(source);
  let found = 0;
  try {
    for await (const elements of readElementsInThread(begun, shape.lists, patience)) {
      const records: Json[] = [];
      for (const { text, line, column, inList } of elements) {
        const value = parseLosslessJson(text);
        if (value === undefined) throw new JsonBroken({ line, column }, 'the record that begins here is no JSON');
        const read = recordsIn(value, shape, opens);
        // Beside the list a reply holds other things: only what has an id is a record there.
        for (const each of read) if (inList || shape.idOf(each) !== null) records.push(each);
      }
      found += records.length;
      if (records.length > 0) yield records;
    }
    const one = found === 0 && begun.text ? parseLosslessJson(begun.text) : undefined;
    if (one !== undefined && shape.idOf(one) !== null) yield [one];
  } catch (error) {
    if (!(error instanceof JsonBroken)) throw error;
    throw new AppError('file_unreadable', { reason: `${file}, ${error.message}` }, { details: { file } });
  }
}

/** An order by itself, or the reply with its items, is no longer than this. */
const LONGEST_RECORD = 2 ** 20;

/** A file's bytes as they pass, and its text where it was so short that one record may be all of it. */
class Beginning implements AsyncIterable<Uint8Array> {
  readonly #source: AsyncIterable<Uint8Array>;
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#source) {
      this.#length += chunk.length;
      if (this.#length <= LONGEST_RECORD) this.#chunks.push(Uint8Array.from(chunk));
      yield chunk;
    }
  }

  /** Undefined where it was longer. */
  get text(): string | undefined {
    return this.#length > LONGEST_RECORD ? undefined : new TextDecoder().decode(Buffer.concat(this.#chunks));
  }
}

/** A record is itself; a page of them is what its lists hold. */
function recordsIn(value: Json, shape: RecordShape, opens: (key: string) => boolean): Json[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap((each) => recordsIn(each, shape, opens));
  if (typeof value !== 'object' || value === null || shape.idOf(value) !== null) return [value];
  const pages = Object.entries(value as Readonly<Record<string, Json>>).filter(
    ([key, part]) => opens(key) && typeof part === 'object' && part !== null,
  );
  return pages.length === 0 ? [value] : pages.flatMap(([, part]) => recordsIn(part, shape, opens));
}
