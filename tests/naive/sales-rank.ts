import fc from 'fast-check';
import type { NaiveReport } from '../naive-report.ts';
import { eachGroup, figuresOf, groupBy, grows, growthOf, inAlphabet, mostFirst, mostMoneyFirst, shown, type Sale } from '../naive-sales.ts';

export const naive: NaiveReport = {
  report: 'SalesRank',
  parameters: fc.record({ sort: fc.constantFrom('sales', 'sales', 'revenue', 'growth_rate'), order: fc.constantFrom('desc', 'asc') }),
  untold: ['sku_name', 'image', 'platform_skus'],
  tables: ({ orders: world, digits }, question) =>
    eachGroup(world, question, (sales, orders) => {
      const window = sales.filter(({ inWindow }) => inWindow);
      const ranked = (of: readonly Sale[]) =>
        [...groupBy(of, ({ sku }) => sku)]
          .map(([sku, lines]) => ({ sku, ...figuresOf(lines) }))
          .toSorted((a, b) => mostFirst(a.units, b.units) || mostMoneyFirst(a.money, b.money) || inAlphabet(a.sku, b.sku));
      const { sort, order } = question.own as { sort?: string; order?: string };
      // Sold in the days before alone: fallen to nothing.
      const fallen =
        sort === 'growth_rate' && growthIsTold(question) && grows(orders, question)
          ? [
              ...groupBy(
                sales.filter(({ inEarlier }) => inEarlier),
                ({ sku }) => sku,
              ).keys(),
            ]
              .filter((sku) => window.every((sale) => sale.sku !== sku))
              .map((sku) => ({ sku, ...figuresOf([]), money: 0n }))
          : [];
      const rows = [...ranked(window), ...fallen.toSorted((a, b) => inAlphabet(a.sku, b.sku))].map((row) => ({
        ...row,
        growth: growthOf(
          question,
          orders,
          sales.filter(({ sku }) => sku === row.sku),
        ),
        ...exactGrowth(sales, row.sku),
      }));
      const keyOf: Readonly<Record<string, (row: (typeof rows)[number]) => readonly [part: bigint, whole: bigint] | null>> = {
        sales: ({ units }) => [units, 1n],
        revenue: ({ money }) => (money === null ? null : [money, 1n]),
        growth_rate: ({ growth, rise, from }) => (growth === null ? null : [rise, from]),
      };
      const key = keyOf[sort ?? 'sales']!;
      const placed = rows
        .map((row) => ({ row, value: key(row) }))
        .toSorted((a, b) => {
          if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
          const [one, other] = [a.value[0] * b.value[1], b.value[0] * a.value[1]];
          return one === other ? 0 : one > other === (order === 'asc') ? 1 : -1;
        });
      return {
        data: placed.slice(0, question.limit ?? 20).map(({ row: { sku, units, orders: count, money, platforms, growth } }) => ({
          sku,
          sales: Number(units),
          orders: count,
          revenue: shown(money, digits),
          growth_rate: growth,
          platforms,
        })),
        by_platform: [...groupBy(window, ({ platform }) => platform)]
          .toSorted(([a], [b]) => inAlphabet(a, b))
          .flatMap(([platform, lines]) =>
            ranked(lines)
              .slice(0, 5)
              .map(({ sku, units, money }, at) => ({ platform, rank: at + 1, sku, sales: Number(units), revenue: shown(money, digits) })),
          ),
      };
    }),
  addsUp: { keys: ['sku'], columns: ['sales', 'orders', 'revenue'], own: { sort: 'sales' } },
};

function growthIsTold({ window, from, to }: { window: string; from?: string | undefined; to?: string | undefined }): boolean {
  return from !== undefined || (to === undefined && window !== 'all');
}

/** The rise of the units of a SKU and what it rose from. */
function exactGrowth(sales: readonly Sale[], sku: string): { rise: bigint; from: bigint } {
  const units = (which: (sale: Sale) => boolean): bigint =>
    sales.reduce((sum, sale) => (sale.sku === sku && which(sale) ? sum + sale.units : sum), 0n);
  const [later, earlier] = [units(({ inLater }) => inLater), units(({ inEarlier }) => inEarlier)];
  return { rise: later - earlier, from: earlier };
}
