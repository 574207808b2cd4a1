import fc from 'fast-check';
import { boughtOf, earliestToday } from '../naive-buyers.ts';
import type { NaiveReport } from '../naive-report.ts';
import { eachPlatform, groupBy, inAlphabet, percent, shown, sumKnown } from '../naive-sales.ts';

export const naive: NaiveReport = {
  report: 'CohortRetention',
  parameters: fc.constant({}),
  untold: [],
  tables: ({ orders: world, digits }, question) => eachPlatform(world, question, (orders) => {
    const today = earliestToday(orders, question);
    const buyers = [...groupBy(boughtOf(orders, question).filter(({ buyer, untilToday }) => buyer !== null && untilToday), ({ buyer }) => buyer!).values()]
      .filter((own) => own.some(({ inWindow }) => inWindow) && !own.some(({ beforeWindow }) => beforeWindow))
      .map((own) => ({ own, month: own.map(({ day }) => day).toSorted(inAlphabet)[0]!.slice(0, 7) }));
    const cohorts = [...groupBy(buyers, ({ month }) => month)].toSorted(([a], [b]) => inAlphabet(a, b));
    const thisMonth = today.slice(0, 7);
    return {
      data: cohorts.flatMap(([month, cohort]) => monthsFrom(month, thisMonth).map((looked, months_since) => {
        const orders = cohort.flatMap(({ own }) => own.filter(({ day }) => day.startsWith(looked)));
        const came = new Set(orders.map(({ buyer }) => buyer)).size;
        return {
          month, months_since, cohort_buyers: cohort.length, buyers: came, retention: percent(BigInt(came), BigInt(cohort.length)),
          revenue: came === 0 ? 0 : shown(sumKnown(orders.map(({ money }) => money)), digits), complete: looked < thisMonth,
        };
      })).slice(0, question.limit ?? 100_000),
      cohorts: cohorts.map(([month, cohort]) => ({
        month, cohort_buyers: cohort.length, revenue: shown(sumKnown(cohort.flatMap(({ own }) => own.map(({ money }) => money))), digits), complete: month < thisMonth,
      })),
    };
  }),
};

function monthsFrom(first: string, last: string): string[] {
  const months: string[] = [];
  for (let month = Temporal.PlainYearMonth.from(first); month.toString() <= last; month = month.add({ months: 1 })) months.push(month.toString());
  return months;
}
