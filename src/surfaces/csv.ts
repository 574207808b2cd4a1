import type { z } from 'zod';
import type { Language } from '../kernel/messages.ts';
import { digitsOf, type TableRow } from './digits.ts';
import { listText } from './list-text.ts';
import { columnsOf, titleOf, type TableColumn } from './table-columns.ts';

const ROWS_AT_ONCE = 1000;

/** The characters that make a spreadsheet take a cell for a formula, as OWASP lists them, the wide ones of East Asian keyboards too. */
const FORMULA = /^'*[=+\-@\t\r\n＝＋－＠]/;

/**
 * A table of a report as CSV for Excel, piece by piece: with a byte order mark, CRLF, amounts with the digits of their currency,
 * percent with two. A text that would be run as a formula gets an apostrophe before it; {@link csvText} takes it away again.
 * @param row the row's schema
 * @param currency of the answer
 * @param words in which language the columns are called and lists are written, for people; else their keys and JSON
 */
export function* toCsv(
  row: z.ZodObject,
  rows: readonly TableRow[],
  {
    currency,
    words,
  }: { readonly currency: string | null; readonly words?: { readonly report: string; readonly language: Language } | undefined },
): Generator<string> {
  const columns = columnsOf(row, rows);
  const heads = words ? columns.map((column) => quoted(titleOf(column, { ...words, currency }))) : columns.map(({ name }) => name);
  yield `\uFEFF${heads.join(',')}\r\n`;
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    yield rows
      .slice(start, start + ROWS_AT_ONCE)
      .map((each) => `${columns.map((column) => cell(column, each, { currency, language: words?.language })).join(',')}\r\n`)
      .join('');
  }
}

/** The text that a cell of ours stands for. */
export function csvText(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}

function cell(
  { name, unit }: TableColumn,
  row: TableRow,
  { currency, language }: { currency: string | null; language: Language | undefined },
): string {
  const value = row[name];
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') {
    const digits = digitsOf(unit, row, currency);
    return digits === undefined ? String(value) : value.toFixed(digits);
  }
  if (typeof value === 'string') return inert(value);
  return language === undefined ? quoted(JSON.stringify(value)) : inert(listText(value, language));
}

/** A text that no spreadsheet runs. */
function inert(text: string): string {
  return quoted(FORMULA.test(text) ? `'${text}` : text);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
