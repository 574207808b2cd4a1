import fc from 'fast-check';
import type { NaiveReport } from '../naive-report.ts';
import { eachGroup, figuresOf, groupBy, growthOf, inAlphabet, mostFirst, mostMoneyFirst, shown, type Sale } from '../naive-sales.ts';

export const naive: NaiveReport = {
  report: 'SalesRank',
  parameters: fc.constant({}),
  untold: ['sku_name', 'image', 'platform_skus'],
  tables: ({ orders, digits }, question) => eachGroup(orders, question, (sales) => {
    const window = sales.filter(({ inWindow }) => inWindow);
    const ranked = (of: readonly Sale[]) => [...groupBy(of, ({ sku }) => sku)]
      .map(([sku, lines]) => ({ sku, ...figuresOf(lines) }))
      .toSorted((a, b) => mostFirst(a.units, b.units) || mostMoneyFirst(a.money, b.money) || inAlphabet(a.sku, b.sku));
    return {
      data: ranked(window).slice(0, question.limit ?? 20).map(({ sku, units, orders: count, money, platforms }) => ({
        sku, sales: Number(units), orders: count, revenue: shown(money, digits), growth_rate: growthOf(question, sales.filter((sale) => sale.sku === sku)), platforms,
      })),
      by_platform: [...groupBy(window, ({ platform }) => platform)].toSorted(([a], [b]) => inAlphabet(a, b)).flatMap(([platform, lines]) =>
        ranked(lines).slice(0, 5).map(({ sku, units, money }, at) => ({ platform, rank: at + 1, sku, sales: Number(units), revenue: shown(money, digits) }))),
    };
  }),
  addsUp: { keys: ['sku'], columns: ['sales', 'orders', 'revenue'] },
};
