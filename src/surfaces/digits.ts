import { currencyDigits } from '../model/money.ts';
import type { Unit } from '../reports/report.ts';

/** A row of an answer, as JSON has it. */
export type TableRow = Readonly<Record<string, unknown>>;

/** How many digits a figure shows after the point; undefined: as many as it has. A row may name its own currency. */
export function digitsOf(unit: Unit, row: TableRow, currency: string | null): number | undefined {
  if (unit === 'percent') return 2;
  if (unit === 'money') return currencyDigits(typeof row['currency'] === 'string' ? row['currency'] : currency);
  return undefined;
}
