import { Readable } from 'node:stream';
import Papa from 'papaparse';
import { AppError } from '../kernel/errors.ts';
import { LIMITS, overLimit } from '../kernel/limits.ts';
import { kindOf, notATable } from './file-kind.ts';
import { unpacked } from './packed-file.ts';
import { withinLimits } from './row-limits.ts';
import { decodedText, type Encoding } from './text-encoding.ts';
import { openWorkbook } from './workbook.ts';
import { isZip } from './zip-check.ts';

/** One row of a table file with the line it ends on (the sheet's row for XLSX), from 1. */
export interface TableRow {
  readonly line: number;
  readonly cells: readonly string[];
  /** The sheet of a workbook it stands on; rows that come together are of one sheet. */
  readonly sheet?: Sheet;
}

export interface Sheet {
  readonly name: string;
  readonly hidden: boolean;
}

/** What is known of a file when it is read. */
export interface TableFacts {
  /** How its text was encoded; null for a workbook. */
  readonly encoding: Encoding | null;
}

export interface TableSettings {
  /** Said by the user; else the bytes tell. */
  readonly encoding?: Encoding | undefined;
}

/** No row is longer: what is has lost a quote, and would gather the rest of the file in memory. */
const LONGEST_ROW = LIMITS.row_characters.most;
const MOST_CONTAINER = 64 * 2 ** 20;
const DELIMITERS = [',', '\t', ';', '|'];
/** How the files of old Office begin. */
const CONTAINER = Buffer.of(0xd0, 0xcf, 0x11, 0xe0);

/**
 * Reads a CSV, TSV or XLSX file, gzipped or not, some rows at a time; what it is, is told by its bytes, not its name.
 * Of a workbook every sheet is read, one after the other, those that can be seen first. Rows and facts are plain data.
 * @throws AppError `file_unreadable` when the file breaks off or is damaged, `file_kind` when it is no table, `limit_exceeded`
 */
export async function* readTable(source: Readable, settings: TableSettings = {}): AsyncGenerator<readonly TableRow[], TableFacts> {
  try {
    const { head, whole } = await unpacked(source);
    if (isZip(head)) return yield* withinLimits(readSheets(await bytesOf(whole)));
    const kind = kindOf(head.subarray(0, 4).equals(CONTAINER) ? await bytesOf(whole, MOST_CONTAINER) : head);
    if (kind) throw notATable(kind);
    return yield* withinLimits(readText(whole, settings));
  } catch (error) {
    if (error instanceof AppError || (error as NodeJS.ErrnoException).code === 'ENOSPC') throw error;
    throw new AppError('file_unreadable', { reason: reasonOf(error) }, { cause: error });
  }
}

async function bytesOf(source: Readable, most = Infinity): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    if ((size += chunk.length) > most) break;
  }
  return Buffer.concat(chunks);
}

/** Why a library gave up: by its code, or in its words where they are known to hold no cell. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code === 'string') return code;
  return /central directory|local file header|compressed|crc|relative path|absolute path|invalid characters/i.test(message)
    ? 'its ZIP is damaged'
    : 'unknown';
}

async function* readText(whole: Readable, settings: TableSettings): AsyncGenerator<readonly TableRow[], TableFacts> {
  const told: { encoding?: Encoding | undefined } = { encoding: settings.encoding };
  let delimiter = ',';
  let begun = false;
  let unquoted = false;
  let line = 0;
  let rest = '';
  const take = (text: string, last: boolean): TableRow[] => {
    const rows: TableRow[] = [];
    // The parser's own stream takes twice as long and keeps its complaints to itself.
    const { data, errors, meta } = new Papa.Parser({ delimiter, newline: '\n', fastMode: unquoted }).parse(
      text,
      0,
      !last,
    ) as Papa.ParseResult<string[]>;
    rest = last ? '' : text.slice(meta.cursor);
    if (rest.length > LONGEST_ROW && !rest.includes('"')) throw overLimit('row_characters');
    if (rest.length > LONGEST_ROW || (last && errors.some(({ code }) => code === 'MissingQuotes'))) {
      throw new AppError('file_unreadable', { reason: `a quote in line ${line + data.length} is never closed` });
    }
    const broken = new Set(errors.map(({ code, row }) => (code === 'InvalidQuotes' ? row : undefined)));
    for (const [row, cells] of data.entries()) {
      const breaks = breaksIn(cells);
      // `"Best" mug` among commas: the parser takes all that follows, up to the next closing quote, for one cell.
      if (breaks > 0 && broken.has(row))
        throw new AppError('file_unreadable', { reason: `a quote in line ${line + 1} closes in the middle of a cell` });
      line += 1 + breaks;
      if (cells.length > 1 || cells[0] !== '') rows.push({ line, cells: unquoted ? cells.map(unquote) : cells });
    }
    return rows;
  };
  for await (const text of plainLines(decodedText(whole as AsyncIterable<Uint8Array>, told))) {
    if (text !== '' && !begun) {
      begun = true;
      delimiter = mostFrequent(text);
      // Flat files with TABs do not quote: a bare " is part of a title, and taken as a quote it would swallow the rest of the file.
      unquoted = delimiter === '\t';
    }
    yield take(rest + text, false);
  }
  yield take(rest, true);
  return { encoding: told.encoding! };
}

/** How many lines a row takes beside its first: cells may hold line breaks. */
function breaksIn(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells) if (cell.includes('\n')) breaks += cell.split('\n').length - 1;
  return breaks;
}

async function* readSheets(bytes: Buffer): AsyncGenerator<readonly TableRow[], TableFacts> {
  for (const { name, hidden, rows } of await openWorkbook(bytes)) {
    const sheet = { name, hidden };
    for await (const some of rows) yield some.map((row) => ({ ...row, sheet }));
  }
  return { encoding: null };
}

function unquote(cell: string): string {
  return cell.startsWith('"') && /^"(?:[^"]|"")*"$/.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}

/** The mark that stands most often in the first lines, outside quotes. */
function mostFrequent(text: string): string {
  const start = text
    .slice(0, 20_000)
    .replace(/"(?:[^"]|"")*"/g, '')
    .split(/\r?\n/)
    .slice(0, 5);
  const counts = DELIMITERS.map((delimiter) => start.reduce((sum, line) => sum + line.split(delimiter).length - 1, 0));
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

/** Texts with their line ends made alike, and without the zero bytes and the Ctrl-Z that older programs fill or end a file with. */
async function* plainLines(texts: AsyncIterable<string>): AsyncGenerator<string> {
  // A line end can be cut in two by the end of a chunk.
  let held = '';
  for await (const piece of texts) {
    const text = held + piece;
    held = text.endsWith('\r') ? '\r' : '';
    yield unfilled(text.slice(0, text.length - held.length)).replace(/\r\n?/g, '\n');
  }
  yield held.replace('\r', '\n');
}

function unfilled(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are looked for because no cell holds them
  return text.includes('\0') || text.includes('\u001a') ? text.replace(/[\0\u001a]/g, '') : text;
}
