import CliTable from 'cli-table3';
import { shownNumber, type Language } from '../../kernel/messages.ts';
import { visible } from '../../kernel/visible.ts';
import { listText } from '../list-text.ts';
import { lettersOf } from './terminal-text.ts';

/** A column of a table for people. */
export interface ShownColumn {
  readonly name: string;
  /** What stands above it; else its name. */
  readonly title?: string;
  /** How many digits its figures show; else as many as the longest of them has. */
  readonly digits?: number | undefined;
}

/** Numbers and lists are written as the language does; English where none is named. */
export interface TableStyle {
  readonly language?: Language;
  /** Letters of a line; a table that is wider loses columns from its right, and its long texts their ends. */
  readonly width?: number;
}

type Rows = readonly Readonly<Record<string, unknown>>[];

/** Texts are cut to what a terminal bears, more so in a narrow one. */
const WIDEST = 44;
const WIDEST_IN_LITTLE_ROOM = 26;
const LITTLE_ROOM = 110;
const GAP = 2;

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(GAP),
};

/** Rows as a table for people; columns are those named, else the keys of the first row. */
export function toTable(rows: Rows, columns: readonly ShownColumn[] = namesOf(rows), style: TableStyle = {}): string {
  return fittingTable(rows, columns, style).text;
}

/** The same, and how many columns had no room. */
export function fittingTable(
  rows: Rows,
  columns: readonly ShownColumn[],
  { language = 'en', width = Infinity }: TableStyle,
): { readonly text: string; readonly leftOut: number } {
  const widest = width < LITTLE_ROOM ? WIDEST_IN_LITTLE_ROOM : WIDEST;
  const drawn = columns.map((column) => {
    const digits = column.digits ?? Math.max(0, ...rows.map((row) => digitsOf(row[column.name])));
    const cells = rows.map((row) => cell(row[column.name], { digits, language, widest }));
    const body = Math.max(0, ...cells.map(lettersOf));
    const head = width < LITTLE_ROOM ? broken(column.title ?? column.name, body) : (column.title ?? column.name);
    const wide = Math.max(body, ...head.split('\n').map(lettersOf));
    return { head, cells, isFigure: rows.every((row) => isFigure(row[column.name])), wide };
  });
  let room = width;
  const shown = drawn.filter(({ wide }, at) => {
    room -= at === 0 ? wide : wide + GAP;
    return at === 0 || room >= 0;
  });
  const table = new CliTable({
    head: shown.map(({ head }) => head),
    colAligns: shown.map(({ isFigure: right }) => (right ? 'right' : 'left')),
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
    chars: NO_LINES,
  });
  table.push(...rows.map((_, at) => shown.map(({ cells }) => cells[at]!)));
  return { text: table.toString(), leftOut: columns.length - shown.length };
}

/** A title that is wider than the figures below it, over two lines of which the longer is as short as can be. */
function broken(title: string, body: number): string {
  if (lettersOf(title) <= body) return title;
  const words = title.split(' ');
  const ways = words.map((_, at) => [words.slice(0, at).join(' '), words.slice(at).join(' ')]);
  const wide = (lines: readonly string[]): number => Math.max(...lines.map(lettersOf));
  const best = ways.reduce((found, way) => (wide(way) < wide(found) ? way : found));
  return best.filter(Boolean).join('\n');
}

function namesOf(rows: Rows): ShownColumn[] {
  return Object.keys(rows[0] ?? {}).map((name) => ({ name }));
}

function isFigure(value: unknown): boolean {
  return value === null || value === undefined || typeof value === 'number';
}

/** How many digits a number has after the point. */
function digitsOf(value: unknown): number {
  return typeof value === 'number' ? (String(value).split('.')[1]?.length ?? 0) : 0;
}

function cell(value: unknown, { digits, language, widest }: { digits: number; language: Language; widest: number }): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return shownNumber(value, language, digits);
  if (typeof value === 'string') return cut(instantText(value) ?? value, widest);
  return cut(Array.isArray(value) ? listText(value.map(short), language) : listText(value, language), widest);
}

/** An instant as a clock on this machine shows it; null for any other text. */
function instantText(text: string): string | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  const clock = Temporal.Instant.from(text).toZonedDateTimeISO(Temporal.Now.timeZoneId()).toPlainDateTime();
  return clock.toString({ smallestUnit: 'minute' }).replace('T', ' ');
}

/** A thing of a list in a few letters: what names it first, and its first figure. */
function short(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  const values = Object.values(item) as unknown[];
  return [values.find((value) => typeof value === 'string'), values.find((value) => typeof value === 'number')]
    .filter((part) => part !== undefined)
    .map(String)
    .join(' ');
}

function cut(text: string, widest: number): string {
  const shown = visible(text);
  if (lettersOf(shown) <= widest) return shown;
  let end = '';
  for (const letter of shown) {
    if (lettersOf(end + letter) > widest - 1) break;
    end += letter;
  }
  return `${end}…`;
}
