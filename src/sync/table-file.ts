import { streamXlsxRows } from 'hucre/xlsx';
import { Readable } from 'node:stream';
import Papa from 'papaparse';
import { AppError } from '../kernel/errors.ts';
import { unpacked, type Pace } from './packed-file.ts';
import { withinLimits } from './row-limits.ts';
import { isZip } from './zip-check.ts';

/** One row of a table file with the line it ends on (the sheet's row for XLSX), from 1. */
export interface TableRow {
  readonly line: number;
  readonly cells: readonly string[];
}

const SNIFFED_BYTES = 64 * 1024;
/** No row is longer: what is has lost a quote, and would gather the rest of the file in memory. */
const LONGEST_ROW = 4_000_000;
const SHEET_ROWS = 500;
const DELIMITERS = [',', '\t', ';', '|'];

/**
 * Reads a CSV, TSV or XLSX file, gzipped or not, some rows at a time; what it is, is told by its bytes, not its name.
 * Text may be UTF-8, UTF-16 with a mark, Shift_JIS or Windows-1252.
 * `pace` says when a workbook's next bytes may be taken in.
 * @throws AppError `file_unreadable` when the file breaks off or is damaged, `limit_exceeded`
 */
export async function* readTable(source: Readable, pace?: Pace): AsyncGenerator<readonly TableRow[]> {
  try {
    const { head, whole } = await unpacked(source, pace);
    return yield* withinLimits(isZip(head) ? readSheet(whole) : readText(head, whole));
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

async function* readText(head: Buffer, whole: Readable): AsyncGenerator<readonly TableRow[]> {
  const { encoding, text: start } = decodeHead(head);
  const delimiter = mostFrequent(start);
  // Flat files with TABs do not quote: a bare " is part of a title, and taken as a quote it would swallow the rest of the file.
  const unquoted = delimiter === '\t';
  let line = 0;
  let rest = '';
  const take = (text: string, last: boolean): TableRow[] => {
    const rows: TableRow[] = [];
    // The parser's own stream takes twice as long and keeps its complaints to itself.
    const { data, errors, meta } = new Papa.Parser({ delimiter, newline: '\n', fastMode: unquoted }).parse(text, 0, !last) as Papa.ParseResult<string[]>;
    rest = last ? '' : text.slice(meta.cursor);
    if (rest.length > LONGEST_ROW || (last && errors.some(({ code }) => code === 'MissingQuotes'))) {
      throw new AppError('file_unreadable', { reason: `a quote in line ${line + data.length} is never closed` });
    }
    const broken = new Set(errors.map(({ code, row }) => (code === 'InvalidQuotes' ? row : undefined)));
    for (const [row, cells] of data.entries()) {
      const breaks = breaksIn(cells);
      // `"Best" mug` among commas: the parser takes all that follows, up to the next closing quote, for one cell.
      if (breaks > 0 && broken.has(row)) throw new AppError('file_unreadable', { reason: `a quote in line ${line + 1} closes in the middle of a cell` });
      line += 1 + breaks;
      if (cells.length > 1 || cells[0] !== '') rows.push({ line, cells: unquoted ? cells.map(unquote) : cells });
    }
    return rows;
  };
  for await (const text of decoded(whole, encoding)) yield take(rest + text, false);
  yield take(rest, true);
}

/** How many lines a row takes beside its first: cells may hold line breaks. */
function breaksIn(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells) if (cell.includes('\n')) breaks += cell.split('\n').length - 1;
  return breaks;
}

async function* readSheet(whole: Readable): AsyncGenerator<readonly TableRow[]> {
  let rows: TableRow[] = [];
  for await (const { index, values } of streamXlsxRows(Readable.toWeb(whole) as ReadableStream<Uint8Array>)) {
    rows.push({ line: index + 1, cells: values.map(cellText) });
    if (rows.length < SHEET_ROWS) continue;
    yield rows;
    rows = [];
  }
  yield rows;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  // A sheet's dates have no zone: they are the wall clock of whoever wrote it.
  if (value instanceof Date) return value.toISOString().slice(0, 19).replace('T', ' ');
  // Shown as Excel shows it, with 15 digits: three times 19.99 is 59.97, not 59.969999999999995.
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toPrecision(15)));
  return typeof value === 'object' ? '' : String(value);
}

function unquote(cell: string): string {
  return cell.startsWith('"') && /^"(?:[^"]|"")*"$/.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell;
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
      // An accented Latin letter and the one after it are a kanji, too (Málaga): only kana, or several kanji together, speak for Shift_JIS.
      if (encoding === 'utf-8' || /[\u3040-\u30ff]|[\u4e00-\u9fff]{3}/.test(text)) return { encoding, text };
    } catch {
      continue;
    }
  }
  return { encoding: 'windows-1252', text: new TextDecoder('windows-1252').decode(cut) };
}

/** The text of a file with its line ends made alike; what begins as UTF-8 and later is not, goes on as Windows-1252. */
async function* decoded(whole: Readable, encoding: string): AsyncGenerator<string> {
  let decoder = new TextDecoder(encoding, { fatal: encoding === 'utf-8' });
  const decode = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      decoder = new TextDecoder('windows-1252');
      return decoder.decode(chunk, { stream: chunk !== undefined });
    }
  };
  // A line end can be cut in two by the end of a chunk.
  let held = '';
  for await (const chunk of whole as AsyncIterable<Uint8Array>) {
    const text = held + decode(chunk);
    held = text.endsWith('\r') ? '\r' : '';
    yield text.slice(0, text.length - held.length).replace(/\r\n?/g, '\n');
  }
  yield (held + decode()).replace(/\r\n?/g, '\n');
}
