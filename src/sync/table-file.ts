import { parse, type InfoRecord } from 'csv-parse';
import { streamXlsxRows } from 'hucre/xlsx';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { AppError } from '../kernel/errors.ts';

/** One row of a table file with the line it ends on (the sheet's row for XLSX), from 1. */
export interface TableRow {
  readonly line: number;
  readonly cells: readonly string[];
}

const SNIFFED_BYTES = 64 * 1024;
const DELIMITERS = [',', '\t', ';', '|'];

/**
 * Reads a CSV, TSV or XLSX file, gzipped or not, row by row; what it is, is told by its bytes, not its name.
 * Text may be UTF-8, UTF-16 with a mark, Shift_JIS or Windows-1252.
 * @throws AppError `file_unreadable` when the file breaks off or is damaged
 */
export async function* readTable(source: Readable): AsyncGenerator<TableRow> {
  try {
    const [head, whole] = await peek(source);
    if (head[0] === 0x1f && head[1] === 0x8b) return yield* readTable(through(whole, createGunzip()));
    if (head[0] === 0x50 && head[1] === 0x4b) return yield* readSheet(whole);
    return yield* readText(head, whole);
  } catch (error) {
    if (error instanceof AppError || (error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
    throw new AppError('file_unreadable', { reason: reasonOf(error) }, { cause: error });
  }
}

/** The library's words without the cells it quotes: they may be personal. */
function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : error instanceof Error ? error.message.split(/[\n:,]/)[0]! : 'unknown';
}

async function* readText(head: Buffer, whole: Readable): AsyncGenerator<TableRow> {
  const { encoding, text } = decodeHead(head);
  const delimiter = mostFrequent(text);
  const tabs = delimiter === '\t';
  const options = {
    delimiter,
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    // Flat files with TABs do not quote: a bare " is part of a title, and taken as a quote it would swallow the rest of the file.
    ...(tabs ? { quote: null } : { relax_quotes: true }),
    on_record: (cells: string[], { lines }: InfoRecord) => [lines, tabs ? cells.map(unquote) : cells] as unknown as string[],
  };
  const rows = through(through(whole, decoder(encoding)), parse(options));
  for await (const [line, cells] of rows as unknown as AsyncIterable<[number, string[]]>) yield { line, cells };
}

async function* readSheet(whole: Readable): AsyncGenerator<TableRow> {
  for await (const { index, values } of streamXlsxRows(Readable.toWeb(whole) as ReadableStream<Uint8Array>)) {
    yield { line: index + 1, cells: values.map(cellText) };
  }
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  // A sheet's dates have no zone: they are the wall clock of whoever wrote it.
  if (value instanceof Date) return value.toISOString().slice(0, 19).replace('T', ' ');
  return typeof value === 'object' ? '' : String(value as string | number | boolean);
}

function unquote(cell: string): string {
  return cell.length > 1 && cell.startsWith('"') && cell.endsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}

/** Connects two streams so that an error on either side ends both and reaches the reader. */
function through<T extends Transform>(source: Readable, next: T): T {
  pipeline(source, next).catch((error: Error) => next.destroy(error));
  return next;
}

async function peek(source: Readable): Promise<[Buffer, Readable]> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const seen: Buffer[] = [];
  let size = 0;
  while (size < SNIFFED_BYTES) {
    const { value, done } = await chunks.next();
    if (done) break;
    seen.push(Buffer.from(value));
    size += value.length;
  }
  const rest = async function* (): AsyncGenerator<Buffer> {
    yield* seen;
    yield* { [Symbol.asyncIterator]: () => chunks };
  };
  return [Buffer.concat(seen), Readable.from(rest(), { objectMode: false })];
}

/** The mark that stands most often in the first lines, outside quotes. */
function mostFrequent(text: string): string {
  const start = text.slice(0, 20_000).replace(/"(?:[^"]|"")*"/g, '').split(/\r?\n/).slice(0, 5);
  const counts = DELIMITERS.map((delimiter) => start.reduce((sum, line) => sum + line.split(delimiter).length - 1, 0));
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

function decodeHead(head: Buffer): { encoding: string; text: string } {
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', text: new TextDecoder('utf-16le').decode(head) };
  const cut = head.subarray(0, head.length < SNIFFED_BYTES ? head.length : head.length - 4);
  for (const encoding of ['utf-8', 'shift_jis']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(cut, { stream: true });
      // Accented Latin letters are valid Shift_JIS too: only kana and kanji speak for it.
      if (encoding === 'utf-8' || /[\u3040-\u30ff\u4e00-\u9fff]/.test(text)) return { encoding, text };
    } catch {
      continue;
    }
  }
  return { encoding: 'windows-1252', text: new TextDecoder('windows-1252').decode(cut) };
}

/** Decodes to UTF-8; what begins as UTF-8 and later is not, goes on as Windows-1252. */
function decoder(encoding: string): Transform {
  let decode = new TextDecoder(encoding, { fatal: encoding === 'utf-8' });
  const step = (chunk: Uint8Array | undefined, stream: boolean): string => {
    try {
      return decode.decode(chunk, { stream });
    } catch {
      decode = new TextDecoder('windows-1252');
      return decode.decode(chunk, { stream });
    }
  };
  return new Transform({
    encoding: 'utf8',
    transform: (chunk: Buffer, _encoding, done) => done(null, step(chunk, true)),
    flush: (done) => done(null, step(undefined, false)),
  });
}
