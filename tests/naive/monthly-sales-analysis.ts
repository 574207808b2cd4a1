import fc from 'fast-check';
import type { NaiveReport } from '../naive-report.ts';
import {
  eachGroup,
  figuresOf,
  groupBy,
  inAlphabet,
  isWholeMonth,
  mostFirst,
  mostMoneyFirst,
  per,
  shown,
  unitsBy,
  type Figures,
} from '../naive-sales.ts';

export const naive: NaiveReport = {
  report: 'MonthlySalesAnalysis',
  parameters: fc.constant({ include: 'dates' }),
  untold: ['sku_name', 'image'],
  tables: ({ orders: world, digits }, question) =>
    eachGroup(world, question, (sales, orders) => {
      const months = [
        ...groupBy(
          sales.filter(({ inWindow }) => inWindow),
          ({ day }) => day.slice(0, 7),
        ),
      ].toSorted(([a], [b]) => inAlphabet(a, b));
      const moneyOf = ({ units, money, paid }: Figures) => ({
        sales: Number(units),
        total_amount: shown(money, digits),
        avg_price: per(money, units, digits),
        paid_amount: shown(paid, digits),
      });
      return {
        data: months
          .flatMap(([month, ofMonth]) =>
            [...groupBy(ofMonth, ({ sku }) => sku)]
              .map(([sku, lines]) => ({ month, sku, lines, ...figuresOf(lines) }))
              .toSorted((a, b) => mostFirst(a.units, b.units) || mostMoneyFirst(a.money, b.money) || inAlphabet(a.sku, b.sku)),
          )
          .slice(0, question.limit ?? 100_000)
          .map(({ month, sku, lines, ...figures }) => ({
            month,
            sku,
            ...moneyOf(figures),
            orders: figures.orders,
            platforms: figures.platforms,
            complete: isWholeMonth(month, orders, question),
            dates: Object.entries(unitsBy(lines, ({ day }) => day))
              .toSorted(([a], [b]) => inAlphabet(a, b))
              .map(([date, units]) => ({ date, sales: units })),
          })),
        totals: months.map(([month, lines]) => ({
          month,
          ...moneyOf(figuresOf(lines)),
          orders: figuresOf(lines).orders,
          complete: isWholeMonth(month, orders, question),
        })),
      };
    }),
  addsUp: { keys: ['month', 'sku'], columns: ['sales', 'orders', 'total_amount', 'paid_amount'] },
};
