import CliTable from 'cli-table3';
import { visible } from '../../kernel/visible.ts';

/** Cells that are numbers stand right, long texts are cut to what a terminal bears. */
const WIDEST = 44;

/**
 * Rows as a table for people; columns are the keys of the first row.
 * @param fixed how many digits the figures of a column show; else as many as the longest of them has
 */
export function toTable(
  rows: readonly Readonly<Record<string, unknown>>[],
  columns = Object.keys(rows[0] ?? {}),
  fixed: Readonly<Record<string, number | undefined>> = {},
): string {
  const table = new CliTable({
    head: [...columns],
    colAligns: columns.map((name) =>
      rows.every((row) => row[name] === null || row[name] === undefined || typeof row[name] === 'number') ? 'right' : 'left',
    ),
    style: { head: [], border: [], compact: true },
    chars: {
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
      middle: '  ',
    },
  });
  const digits = columns.map((name) => fixed[name] ?? Math.max(0, ...rows.map((row) => digitsOf(row[name]))));
  table.push(...rows.map((row) => columns.map((name, i) => cell(row[name], digits[i]!))));
  return table.toString();
}

/** How many digits a number has after the point; a column shows as many as its longest. */
function digitsOf(value: unknown): number {
  return typeof value === 'number' ? (String(value).split('.')[1]?.length ?? 0) : 0;
}

function cell(value: unknown, digits: number): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return value.toFixed(digits);
  if (Array.isArray(value)) return cut(value.map(short).join(', '));
  return cut(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** A thing of a list in a few letters: what names it first, and its first figure. */
function short(item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item);
  const values = Object.values(item) as unknown[];
  return [values.find((value) => typeof value === 'string'), values.find((value) => typeof value === 'number')]
    .filter((part) => part !== undefined)
    .join(' ');
}

function cut(text: string): string {
  const shown = visible(text);
  return shown.length > WIDEST ? `${shown.slice(0, WIDEST - 1)}…` : shown;
}
