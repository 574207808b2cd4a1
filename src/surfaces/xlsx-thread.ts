import { writeXlsx, type Cell, type CellStyle, type CellValue, type WriteSheet } from 'hucre/xlsx';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { digitsOf, type TableRow } from './digits.ts';
import type { TableColumn } from './table-columns.ts';

/** A sheet to be written. */
export interface BookSheet {
  readonly name: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
  /** Widths in characters; else as wide as what stands in the column. */
  readonly widths?: readonly number[];
}

/** A workbook to be written. */
export interface Book {
  readonly title: string;
  /** Of the amounts. */
  readonly currency: string | null;
  readonly sheets: readonly BookSheet[];
}

const MOST_LETTERS = 32_767;
const WIDEST = 60;
const LOOKED_AT = 500;
const HEAP_MB = 1024;
const HEADER: CellStyle = { font: { bold: true }, fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'E8EDF5' } }, numFmt: '@' };

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

function toSheet({ name, columns, rows, widths }: BookSheet, currency: string | null): WriteSheet {
  const cells = new Map<string, Partial<Cell>>(columns.map((column, at) => [`0,${at}`, { value: column.name, style: HEADER }]));
  rows.forEach((row, at) =>
    columns.forEach((column, place) => {
      // A row with a currency of its own may have other digits than its column.
      if (column.unit === 'money' && digitsOf('money', row, currency) !== digitsOf('money', {}, currency)) {
        cells.set(`${at + 1},${place}`, {
          value: toCell(column, row[column.name]),
          style: { numFmt: formatOf(column, digitsOf('money', row, currency))! },
        });
      }
    }),
  );
  return {
    name,
    rows: [columns.map((column) => column.name), ...rows.map((row) => columns.map((column) => toCell(column, row[column.name])))],
    columns: columns.map((column, at) => {
      const numFmt = formatOf(column, digitsOf(column.unit, {}, currency));
      return { width: widths?.[at] ?? widthOf(column, rows), ...(numFmt === undefined ? {} : { numFmt }) };
    }),
    cells,
    freezePane: { rows: 1 },
  };
}

/** Figures stay figures and days become dates; everything else is text, of which no letter is a formula. */
function toCell({ unit }: TableColumn, value: unknown): CellValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (unit === 'day' && /^\d{4}-\d\d-\d\d$/.test(text)) return new Date(`${text}T00:00:00Z`);
  // `_x0041_` is how the format writes an A.
  return text.slice(0, MOST_LETTERS).replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
}

function formatOf({ unit }: TableColumn, digits: number | undefined): string | undefined {
  const fraction = digits ? `.${'0'.repeat(digits)}` : '';
  if (unit === 'money') return `#,##0${fraction}`;
  // The figure is in percent already: 79.31 is shown as 79.31%, and stays the number that every other face gives.
  if (unit === 'percent') return `0${fraction}"%"`;
  if (unit === 'day') return 'yyyy-mm-dd';
  return unit === 'text' || unit === 'list' ? '@' : undefined;
}

function widthOf({ name }: TableColumn, rows: readonly TableRow[]): number {
  const lengths = rows.slice(0, LOOKED_AT).map((row) => lengthOf(row[name]));
  return Math.min(WIDEST, Math.max(lengthOf(name), ...lengths) + 2);
}

/** Letters of East Asia are two wide. */
function lengthOf(value: unknown): number {
  const text = value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length + (text.match(/[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60]/g)?.length ?? 0);
}

const given = isMainThread ? undefined : (workerData as { book?: Book } | null)?.book;
if (given) {
  const bytes = await writeXlsx({
    sheets: given.sheets.map((sheet) => toSheet(sheet, given.currency)),
    properties: { title: given.title, creator: 'S7StarERP' },
  });
  parentPort!.postMessage(bytes, [bytes.buffer as ArrayBuffer]);
}
