import { LAST_DAY } from './world.ts';

export const REPORTS = ['SalesRank', 'AreaDemand', 'MonthlySalesAnalysis'] as const;
export const WINDOWS = ['7d', '30d', 'all'] as const;

/** What every contender is asked. */
export interface Question {
  readonly report: (typeof REPORTS)[number];
  readonly window: (typeof WINDOWS)[number];
  /** How many rows at most; the area `unknown` stands outside it. */
  readonly limit: number;
}

/** A row of any answer: a SKU, an area, or a month and SKU (`2026-11 S7-00001`); money in cents, null where none is known. */
export interface AnswerRow {
  readonly key: string;
  readonly units: number;
  readonly cents: number | null;
  /** Of areas only. */
  readonly orders?: number;
}

/** The most rows our reports give, and how many they give unasked. */
export const ALL_ROWS = 100_000;
export const USUAL_ROWS: Readonly<Record<Question['report'], number>> = { SalesRank: 20, AreaDemand: 5, MonthlySalesAnalysis: ALL_ROWS };

/** Every report over every window, with so many rows each. */
export function everyQuestion(limit: (report: Question['report']) => number): Question[] {
  return REPORTS.flatMap((report) => WINDOWS.map((window) => ({ report, window, limit: limit(report) })));
}

/** The first day of a window; the empty text comes before every day. */
export function firstDay(window: Question['window']): string {
  if (window === 'all') return '';
  return Temporal.PlainDate.from(LAST_DAY)
    .subtract({ days: window === '7d' ? 6 : 29 })
    .toString();
}

/** Rows as they are compared: areas by name, the rest in the order they were given, for ranks are part of the answer. */
export function comparable({ report }: Question, rows: readonly AnswerRow[]): string[] {
  const texts = rows.map(({ key, units, cents, orders }) =>
    [key, `${units} units`, `${cents} cents`, ...(orders === undefined ? [] : [`${orders} orders`])].join(' · '),
  );
  return report === 'AreaDemand' ? texts.toSorted() : texts;
}

/**
 * Holds two answers to one question together.
 * @throws Error that shows the first rows that differ
 */
export function demandEqual(
  question: Question,
  ours: { name: string; rows: readonly AnswerRow[] },
  theirs: { name: string; rows: readonly AnswerRow[] },
): void {
  const [a, b] = [comparable(question, ours.rows), comparable(question, theirs.rows)];
  const different = Array.from({ length: Math.max(a.length, b.length) }, (_, i) => i).filter((i) => a[i] !== b[i]);
  if (different.length === 0) return;
  const shown = different
    .slice(0, 5)
    .map((i) => `  row ${i + 1}\n    ${ours.name}: ${a[i] ?? '(none)'}\n    ${theirs.name}: ${b[i] ?? '(none)'}`);
  throw new Error(
    `${question.report} ${question.window}: ${different.length} of ${Math.max(a.length, b.length)} rows differ\n${shown.join('\n')}`,
  );
}

/** More first, none known last, then by name. */
export function inRank(a: AnswerRow, b: AnswerRow): number {
  return b.units - a.units || (b.cents ?? -Infinity) - (a.cents ?? -Infinity) || (a.key < b.key ? -1 : 1);
}
