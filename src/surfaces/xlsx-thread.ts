import { writeXlsx, type Cell, type CellStyle, type CellValue, type WriteSheet } from 'hucre/xlsx';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Language } from '../kernel/messages.ts';
import { digitsOf, type TableRow } from './digits.ts';
import { listText } from './list-text.ts';
import type { TableColumn } from './table-columns.ts';

/** A column of a sheet: what stands above it. */
export interface BookColumn extends TableColumn {
  readonly title: string;
}

/** A sheet to be written. */
export interface BookSheet {
  readonly name: string;
  readonly columns: readonly BookColumn[];
  readonly rows: readonly TableRow[];
  /** Widths in characters; else as wide as what stands in the column. */
  readonly widths?: readonly number[];
}

/** A workbook to be written. */
export interface Book {
  readonly title: string;
  /** Of the amounts. */
  readonly currency: string | null;
  /** In which lists are written as text; null: as JSON, and pictures as their address. */
  readonly language: Language | null;
  readonly sheets: readonly BookSheet[];
}

const MOST_LETTERS = 32_767;
const WIDEST = 60;
/** What is longer stands over several lines: a page is read on paper too. */
const WIDEST_LIST = 44;
/** Of letters of ten points, in points; no program reckons it for a file that it opens and prints. */
const LINE_HEIGHT = 13;
const WORDS_APART = 1.2;
/** Excel knows no taller row. */
const TALLEST = 409;
const LOOKED_AT = 500;
const HEAP_MB = 1024;
/** Excel refuses a sheet with more than 65,530 of them. */
const MOST_LINKS = 60_000;
const LONGEST_LINK = 2000;
const FONT = { name: 'Arial', size: 10 } as const;
const HEADER: CellStyle = {
  font: { ...FONT, bold: true },
  fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'E8EDF5' } },
  numFmt: '@',
};
const WRAPPED: CellStyle = { font: FONT, numFmt: '@', alignment: { wrapText: true } };
const LINK: CellStyle = { font: { ...FONT, underline: true, color: { rgb: '0B57D0' } }, numFmt: '@' };

let last: Promise<unknown> = Promise.resolve();

/**
 * Writes a workbook on a thread of its own, one after the other: a large one takes seconds and some hundred megabytes,
 * and nobody else has to wait for it.
 */
export function writeBook(book: Book): Promise<Uint8Array> {
  const turn = last.then(() => inThread(book));
  last = turn.catch(() => undefined);
  return turn;
}

async function inThread(book: Book): Promise<Uint8Array> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { book }, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
  return new Promise((resolve, reject) => {
    worker
      .once('message', resolve)
      .once('error', reject)
      .once('exit', (code) => reject(new Error(`the workbook's thread ended with ${code}`)));
  });
}

type Shown = Pick<Book, 'currency' | 'language'>;

function toSheet({ name, columns, rows, widths }: BookSheet, shown: Shown): WriteSheet {
  const { currency } = shown;
  return {
    name,
    rows: [columns.map(({ title }) => title), ...rows.map((row) => columns.map((column) => toCell(column, row[column.name], shown)))],
    columns: columns.map((column, at) => {
      const numFmt = formatOf(column, digitsOf(column.unit, {}, currency));
      return { width: widths?.[at] ?? widthOf(column, rows, shown), ...(numFmt === undefined ? {} : { numFmt }) };
    }),
    cells: ownCells({ columns, rows, widths }, shown),
    rowDefs: heightsOf({ columns, rows, widths }, shown),
    freezePane: { rows: 1 },
    ...(columns.length > 0 && rows.length > 0 ? { autoFilter: { range: `A1:${letters(columns.length)}${rows.length + 1}` } } : {}),
    pageSetup: { paperSize: 'a4', orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0, printTitlesRow: '$1:$1' },
  };
}

/**
 * What is not as its column: the header, amounts with digits of their own, and for people pictures as links, and long texts over several
 * lines.
 */
function ownCells({ columns, rows, widths }: Omit<BookSheet, 'name'>, { currency, language }: Shown): Map<string, Partial<Cell>> {
  const cells = new Map<string, Partial<Cell>>(columns.map(({ title }, at) => [`0,${at}`, { value: title, style: HEADER }]));
  let links = 0;
  rows.forEach((row, at) =>
    columns.forEach((column, place) => {
      const value = row[column.name];
      // A row with a currency of its own may have other digits than its column.
      if (column.unit === 'money' && digitsOf('money', row, currency) !== digitsOf('money', {}, currency)) {
        const numFmt = formatOf(column, digitsOf('money', row, currency))!;
        cells.set(`${at + 1},${place}`, { value: toCell(column, value, { language }), style: { numFmt } });
      } else if (language !== null && isPicture(column) && isAddress(value) && links < MOST_LINKS) {
        links += 1;
        cells.set(`${at + 1},${place}`, { value: column.title, hyperlink: { target: value }, style: LINK });
      } else if (language !== null && lengthOf(value, language) > widestOf(column, widths?.[place])) {
        cells.set(`${at + 1},${place}`, { value: toCell(column, value, { language }), style: WRAPPED });
      }
    }),
  );
  return cells;
}

/** The rows whose texts take several lines. */
function heightsOf({ columns, rows, widths }: Omit<BookSheet, 'name'>, { language }: Shown): Map<number, { height: number }> {
  const linesOf = (row: TableRow): number =>
    Math.max(
      ...columns.map((column, place) => {
        const [letters, widest] = [lengthOf(row[column.name], language), widestOf(column, widths?.[place])];
        // A word that does not fit whole goes to the next line.
        return isPicture(column) || letters <= widest ? 1 : Math.ceil((letters * WORDS_APART) / widest);
      }),
    );
  if (language === null) return new Map();
  return new Map(
    rows.flatMap((row, at) => {
      const lines = linesOf(row);
      return lines > 1 ? [[at + 1, { height: Math.min(lines * LINE_HEIGHT, TALLEST) }]] : [];
    }),
  );
}

/** A stranger's address becomes a link in the column of pictures alone. */
function isPicture({ name }: BookColumn): boolean {
  return name === 'image' || name === 'sku_image';
}

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\/[^\s"<>]+$/.test(value) && value.length <= LONGEST_LINK;
}

/** A column's letters: 1 is A, 27 is AA. */
function letters(column: number): string {
  const at = column - 1;
  return `${at >= 26 ? letters(Math.floor(at / 26)) : ''}${String.fromCharCode(65 + (at % 26))}`;
}

/** Figures stay figures and days become dates; everything else is text, of which no letter is a formula. */
function toCell({ unit }: TableColumn, value: unknown, { language }: Pick<Shown, 'language'>): CellValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  const text = textOf(value, language);
  if (unit === 'day' && /^\d{4}-\d\d-\d\d$/.test(text)) return new Date(`${text}T00:00:00Z`);
  // `_x0041_` is how the format writes an A.
  return text.slice(0, MOST_LETTERS).replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
}

function textOf(value: unknown, language: Language | null): string {
  if (typeof value === 'string') return value;
  return language === null ? JSON.stringify(value) : listText(value, language);
}

function formatOf({ unit }: TableColumn, digits: number | undefined): string | undefined {
  const fraction = digits ? `.${'0'.repeat(digits)}` : '';
  if (unit === 'money') return `#,##0${fraction}`;
  // The figure is in percent already: 79.31 is shown as 79.31%, and stays the number that every other face gives.
  if (unit === 'percent') return `0${fraction}"%"`;
  if (unit === 'day') return 'yyyy-mm-dd';
  return unit === 'text' || unit === 'list' ? '@' : undefined;
}

function widthOf(column: BookColumn, rows: readonly TableRow[], { language }: Shown): number {
  const isLinked = language !== null && isPicture(column);
  const lengths = isLinked ? [] : rows.slice(0, LOOKED_AT).map((row) => lengthOf(row[column.name], language));
  // Beside the title stands the button of the filter.
  return Math.min(language === null ? WIDEST : widestOf(column), Math.max(lengthOf(column.title, language) + 2, ...lengths) + 2);
}

/** How many letters a column is wide at most. */
function widestOf({ unit }: BookColumn, fixed?: number): number {
  return fixed ?? (unit === 'list' ? WIDEST_LIST : WIDEST);
}

/** Letters of East Asia are two wide. */
function lengthOf(value: unknown, language: Language | null): number {
  const text = value === null || value === undefined ? '' : textOf(value, language);
  return text.length + (text.match(/[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60]/g)?.length ?? 0);
}

const given = isMainThread ? undefined : (workerData as { book?: Book } | null)?.book;
if (given) {
  const bytes = await writeXlsx({
    sheets: given.sheets.map((sheet) => toSheet(sheet, given)),
    defaultFont: FONT,
    properties: { title: given.title, creator: 'S7StarERP' },
  });
  parentPort!.postMessage(bytes, [bytes.buffer as ArrayBuffer]);
}
