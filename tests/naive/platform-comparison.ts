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
  percent,
  shown,
  sumKnown,
} from '../naive-sales.ts';

export const naive: NaiveReport = {
  report: 'PlatformComparison',
  parameters: fc.constant({}),
  untold: ['sku_name', 'image'],
  tables: ({ orders: world, digits }, question) =>
    eachGroup(world, question, (sales, orders) => {
      const window = sales.filter(({ inWindow }) => inWindow);
      const platforms = [...groupBy(window, ({ platform }) => platform)]
        .map(([platform, lines]) => ({ platform, ...figuresOf(lines) }))
        .toSorted((a, b) => mostMoneyFirst(a.money, b.money) || mostFirst(a.units, b.units) || inAlphabet(a.platform, b.platform));
      const whole = sumKnown(platforms.map(({ money }) => money));
      const alone = [...groupBy(window, ({ sku }) => sku)]
        .filter(([, lines]) => new Set(lines.map(({ platform }) => platform)).size === 1)
        .map(([sku, lines]) => ({ sku, platform: lines[0]!.platform, ...figuresOf(lines) }));
      return {
        data: platforms.slice(0, question.limit ?? 100_000).map(({ platform, orders: count, units, money }) => ({
          platform,
          orders: count,
          units: Number(units),
          revenue: shown(money, digits),
          share: money === null || whole === null ? null : percent(money, whole),
          aov: per(money, BigInt(count), digits),
        })),
        by_month: [...groupBy(window, ({ day, platform }) => `${day.slice(0, 7)} ${platform}`)]
          .toSorted(([a], [b]) => inAlphabet(a, b))
          .map(([key, lines]) => {
            const { orders: count, money } = figuresOf(lines);
            return {
              month: key.slice(0, 7),
              platform: key.slice(8),
              orders: count,
              revenue: shown(money, digits),
              aov: per(money, BigInt(count), digits),
              complete: isWholeMonth(
                key.slice(0, 7),
                orders.filter(({ shop }) => shop.platform === key.slice(8)),
                question,
              ),
            };
          }),
        only_here: [...groupBy(alone, ({ platform }) => platform)]
          .toSorted(([a], [b]) => inAlphabet(a, b))
          .flatMap(([platform, skus]) =>
            skus
              .toSorted((a, b) => mostFirst(a.units, b.units) || mostMoneyFirst(a.money, b.money) || inAlphabet(a.sku, b.sku))
              .slice(0, 10)
              .map(({ sku, units, money }, at) => ({ platform, rank: at + 1, sku, sales: Number(units), revenue: shown(money, digits) })),
          ),
      };
    }),
  addsUp: { keys: ['platform'], columns: ['orders', 'units', 'revenue'] },
};
