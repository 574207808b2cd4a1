import fc from 'fast-check';
import { boughtOf, tellingOf } from '../naive-buyers.ts';
import { profitLines } from '../naive-profit.ts';
import type { NaiveReport } from '../naive-report.ts';
import { cameBack, handedOver } from '../naive-returns.ts';
import {
  eachPlatform,
  groupBy,
  inAlphabet,
  mostFirst,
  mostMoneyFirst,
  per,
  percent,
  salesOf,
  shown,
  sum,
  sumKnown,
  type Sale,
} from '../naive-sales.ts';

/** What a SKU of a platform is called is the same on all its lines here; those of one product name are one product. */
export const naive: NaiveReport = {
  report: 'OrderAnalysis',
  parameters: fc.constant({}),
  untold: ['sku_image', 'profit_explain'],
  tables: ({ orders: world, digits }, question) =>
    eachPlatform(world, question, (orders) => {
      const names = new Map(
        orders.flatMap(({ shop, order }) =>
          order.lines.map(
            ({ sku, productName, variant }) =>
              [`${shop.platform} ${sku}`, { product: productName ?? sku, variant: variant ?? sku }] as const,
          ),
        ),
      );
      const called = ({ sku, platform }: Pick<Sale, 'sku' | 'platform'>) => names.get(`${platform} ${sku}`)!;
      const nameOf = (of: Pick<Sale, 'sku' | 'platform'>): string => called(of).product;
      const { telling } = tellingOf(boughtOf(orders, question));
      const carriersOf = new Map(orders.map(({ shop, order }) => [`${shop.shop} ${order.orderId}`, order.shippingProvider]));
      const back = groupBy(
        cameBack(orders, question, false).filter(({ role }) => role === 'return'),
        nameOf,
      );
      const handed = groupBy(
        orders.flatMap((placed) => handedOver(placed, question)).filter(({ sale, inWindow }) => !sale && inWindow),
        nameOf,
      );
      const profits = groupBy(profitLines(orders, question), ({ name }) => name);
      const products = [
        ...groupBy(
          salesOf(orders, question).filter(({ inWindow }) => inWindow),
          nameOf,
        ),
      ].map(([product, lines]) => ({
        product,
        lines,
        units: sum(lines.map(({ units }) => units)),
        amount: sumKnown(lines.map(({ money }) => money)),
      }));
      return {
        data: products
          .toSorted((a, b) => mostFirst(a.units, b.units) || mostMoneyFirst(a.amount, b.amount) || inAlphabet(a.product, b.product))
          .slice(0, question.limit ?? 100_000)
          .map(({ product, lines, units, amount }) => {
            const prices = lines.flatMap((line) => per(line.money, line.units, digits) ?? []);
            const times = lines.map(({ purchasedAt }) => Math.floor(purchasedAt.epochMilliseconds / 1000));
            const returned = sum((back.get(product) ?? []).map((row) => row.units));
            const undelivered = sum((handed.get(product) ?? []).map((line) => line.units));
            const profit = shown(sumKnown((profits.get(product) ?? []).map(({ part }) => part)), digits);
            return {
              product_name: product,
              sell_count: Number(units),
              total_sale_amount: shown(amount, digits),
              total_order_count: new Set(lines.map(({ orderKey }) => orderKey)).size,
              avg_sale_price: per(amount, units, digits),
              min_sale_price: prices.length === 0 ? null : Math.min(...prices),
              max_sale_price: prices.length === 0 ? null : Math.max(...prices),
              buyer_count: telling.includes(lines[0]!.platform) ? new Set(lines.flatMap(({ buyer }) => buyer ?? [])).size : null,
              sku_list: [...new Set(lines.map((line) => called(line).variant))].toSorted(inAlphabet),
              shipping_provider_names: [
                ...new Set(lines.flatMap(({ orderKey }) => carriersOf.get(orderKey)?.split(', ') ?? [])),
              ].toSorted(),
              first_sold_time: Math.min(...times),
              last_sold_time: Math.max(...times),
              return_count: Number(returned),
              return_rate: percent(returned, units + undelivered),
              is_returned: returned > 0n,
              profit_methods: { 'total_amount-original_shipping_fee': profit, 'pay-shipping-5%-cost': null },
            };
          }),
      };
    }),
  addsUp: { keys: ['product_name'], columns: ['sell_count', 'total_order_count', 'return_count'] },
};
