import type { z } from 'zod';
import { unitOf } from '../reports/report.ts';
import { currencyDigits } from '../model/money.ts';

/**
 * A table of a report as CSV for Excel: with a byte order mark, CRLF, amounts with the digits of their currency, percent with two.
 * @param row the row's schema; columns it does not have (`platform` of `group=platform`) come first
 */
export function toCsv(row: z.ZodObject, rows: readonly object[], currency: string | null): string {
  const known = Object.keys(row.shape);
  const extra = Object.keys(rows[0] ?? {}).filter((name) => !known.includes(name));
  const used = [...extra, ...known.filter((name) => !row.shape[name]!.safeParse(undefined).success || rows.some((each) => name in each))];
  const write = used.map((name) => writer(row.shape[name], currency));
  const lines = rows.map((each) => used.map((name, i) => write[i]!((each as Record<string, unknown>)[name])).join(','));
  return `\uFEFF${[used.join(','), ...lines].join('\r\n')}\r\n`;
}

function writer(schema: z.ZodType | undefined, currency: string | null): (value: unknown) => string {
  const unit = schema ? unitOf(schema) : 'text';
  const digits = unit === 'money' ? currencyDigits(currency) : unit === 'percent' ? 2 : undefined;
  return (value) => {
    if (value === null || value === undefined) return '';
    if (typeof value === 'number') return digits === undefined ? String(value) : value.toFixed(digits);
    return quoted(typeof value === 'string' ? harmless(value) : JSON.stringify(value));
  };
}

/** A cell that begins like a formula would be run by Excel: product names come from outside. */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
