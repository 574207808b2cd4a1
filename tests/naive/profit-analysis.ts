import fc from 'fast-check';
import type { NaiveReport } from '../naive-report.ts';
import { profitLines, type ProfitLine } from '../naive-profit.ts';
import { eachPlatform, groupBy, inAlphabet, mostMoneyFirst, per, shown, sumKnown } from '../naive-sales.ts';

const LADDER = [
  'tax',
  'net_sales_ex_tax',
  'refunds',
  'net_sales_after_refunds',
  'product_cost',
  'cm1',
  'platform_commission',
  'transaction_fee',
  'affiliate_commission',
  'fulfilment_cost',
  'shipping_income',
  'cm2',
  'advertising',
  'cm3',
  'other_costs',
  'net_profit',
  'margin',
];

export const naive: NaiveReport = {
  report: 'ProfitAnalysis',
  parameters: fc.constant({}),
  untold: ['sku_name', 'image', 'platform_skus', 'profit_explain'],
  tables: ({ orders: world, digits }, question) =>
    eachPlatform(world, question, (orders) => {
      const lines = profitLines(orders, question);
      const figures = (of: readonly ProfitLine[]) => {
        const told = of.filter(({ part }) => part !== null);
        return {
          profit: sumKnown(of.map(({ part }) => part)),
          told: new Set(told.map(({ orderKey }) => orderKey)).size,
          total_orders: new Set(of.map(({ orderKey }) => orderKey)).size,
        };
      };
      // Of no orders at all everything is 0.
      const known = (of: readonly ProfitLine[], money: bigint | null) => shown(of.length === 0 ? 0n : money, digits);
      const sales = (of: readonly ProfitLine[]) => ({
        gross_sales: known(of, sumKnown(of.map(({ gross }) => gross))),
        net_sales: known(of, sumKnown(of.map(({ net }) => net))),
        seller_discounts: known(of, sumKnown(of.map(({ gross, net }) => (gross === null || net === null ? null : net - gross)))),
      });
      const basis = (told: number) => (told > 0 ? 'older formula' : null);
      const all = figures(lines);
      return {
        data: [...groupBy(lines, ({ sku }) => sku)]
          .map(([sku, own]) => ({ sku, own, net: sumKnown(own.map(({ net }) => net)), ...figures(own) }))
          .toSorted(
            (a, b) =>
              mostMoneyFirst(a.profit, b.profit) ||
              mostMoneyFirst(a.net, b.net) ||
              b.total_orders - a.total_orders ||
              inAlphabet(a.sku, b.sku),
          )
          .slice(0, question.limit ?? 100_000)
          .map(({ sku, own, profit, told, total_orders }) => ({
            sku,
            total_profit: shown(profit, digits),
            avg_profit: per(profit, BigInt(told), digits),
            total_orders,
            profit_methods: { 'total_amount-original_shipping_fee': shown(profit, digits), 'pay-shipping-5%-cost': null },
            basis: basis(told),
            ...sales(own),
            ...Object.fromEntries(LADDER.map((line) => [line, null])),
          })),
        totals: [
          {
            total_profit: known(lines, all.profit),
            total_orders: all.total_orders,
            orders_told: all.told,
            basis: basis(all.told),
            ...sales(lines),
          },
        ],
      };
    }),
  addsUp: { keys: ['sku'], columns: ['total_orders', 'gross_sales', 'net_sales'] },
};
