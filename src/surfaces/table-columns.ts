import type { z } from 'zod';
import type { Language } from '../kernel/messages.ts';
import { columnTitle } from '../reports/column-titles.ts';
import { unitOf, type Unit } from '../reports/report.ts';
import type { TableRow } from './digits.ts';

/** A column of a table as files show it. */
export interface TableColumn {
  readonly name: string;
  readonly unit: Unit;
}

/** The columns that rows have, in the order of their schema; those it does not know (`platform` of `group=platform`) come first. */
export function columnsOf(row: z.ZodObject, rows: readonly TableRow[]): TableColumn[] {
  const known = Object.keys(row.shape);
  const extra = Object.keys(rows[0] ?? {}).filter((name) => !known.includes(name));
  const used = known.filter((name) => !row.shape[name]!.safeParse(undefined).success || rows.some((each) => name in each));
  return [...extra.map((name) => ({ name, unit: 'text' as const })), ...used.map((name) => ({ name, unit: unitOf(row.shape[name]) }))];
}

/** What a column is called in words, with the unit of its figures: `Sales (EUR)`, `Return rate (%)`. */
export function titleOf(
  { name, unit }: TableColumn,
  { report, language, currency }: { readonly report: string; readonly language: Language; readonly currency: string | null },
): string {
  const title = columnTitle(report, name)?.[language] ?? name;
  const sign = unit === 'money' ? currency : unit === 'percent' && !title.includes('%') ? '%' : null;
  if (sign === null) return title;
  return language === 'zh' ? `${title}（${sign}）` : `${title} (${sign})`;
}
