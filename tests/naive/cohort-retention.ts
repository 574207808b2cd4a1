import fc from 'fast-check';
import { boughtOf, tellingOf } from '../naive-buyers.ts';
import type { NaiveReport } from '../naive-report.ts';
import { eachPlatform, groupBy, inAlphabet, isWholeMonth, percent, shown, spansOf, sumKnown } from '../naive-sales.ts';

export const naive: NaiveReport = {
  report: 'CohortRetention',
  parameters: fc.constant({}),
  untold: [],
  tables: ({ orders: world, digits }, question) =>
    eachPlatform(world, question, (orders) => {
      const bought = boughtOf(orders, question);
      const telling = orders.filter(({ shop }) => tellingOf(bought).telling.includes(shop.platform));
      const isWhole = (month: string): boolean => isWholeMonth(month, telling, question, false);
      const buyers = [
        ...groupBy(
          bought.filter(({ buyer, untilToday }) => buyer !== null && untilToday),
          ({ buyer }) => buyer!,
        ).values(),
      ]
        .filter((own) => own.some(({ inWindow }) => inWindow) && !own.some(({ beforeWindow }) => beforeWindow))
        .map((own) => ({
          own,
          month: own
            .map(({ day }) => day)
            .toSorted(inAlphabet)[0]!
            .slice(0, 7),
        }));
      const cohorts = [...groupBy(buyers, ({ month }) => month)].toSorted(([a], [b]) => inAlphabet(a, b));
      // Where it is the next month already on some clock, it has begun.
      const thisMonth =
        orders
          .map(({ shop }) => spansOf(question, shop.zone).today)
          .toSorted(inAlphabet)
          .at(-1)
          ?.slice(0, 7) ?? '';
      return {
        data: cohorts
          .flatMap(([month, cohort]) =>
            monthsFrom(month, thisMonth).map((looked, months_since) => {
              const orders = cohort.flatMap(({ own }) => own.filter(({ day }) => day.startsWith(looked)));
              const came = new Set(orders.map(({ buyer }) => buyer)).size;
              return {
                month,
                months_since,
                cohort_buyers: cohort.length,
                buyers: came,
                retention: percent(BigInt(came), BigInt(cohort.length)),
                revenue: came === 0 ? 0 : shown(sumKnown(orders.map(({ money }) => money)), digits),
                complete: isWhole(month) && isWhole(looked),
              };
            }),
          )
          .slice(0, question.limit ?? 100_000),
        cohorts: cohorts.map(([month, cohort]) => ({
          month,
          cohort_buyers: cohort.length,
          revenue: shown(sumKnown(cohort.flatMap(({ own }) => own.map(({ money }) => money))), digits),
          complete: isWhole(month),
        })),
      };
    }),
};

function monthsFrom(first: string, last: string): string[] {
  const months: string[] = [];
  for (let month = Temporal.PlainYearMonth.from(first); month.toString() <= last; month = month.add({ months: 1 }))
    months.push(month.toString());
  return months;
}
