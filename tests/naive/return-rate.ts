import fc from 'fast-check';
import type { PlacedOrder } from '../golden-world.ts';
import type { NaiveReport } from '../naive-report.ts';
import { cameBack, handedOver, type CameBack } from '../naive-returns.ts';
import { dayOf, eachPlatform, groupBy, inAlphabet, percent, shown, spansOf, sum, sumKnown, within, type Question } from '../naive-sales.ts';

export const naive: NaiveReport = {
  report: 'ReturnRate',
  parameters: fc.record({
    variant: fc.constantFrom('units', 'orders', 'amount'),
    basis: fc.constantFrom('order', 'event', 'created', 'paid'),
  }),
  untold: ['sku_name', 'image', 'platform_skus'],
  tables: ({ orders: world, digits }, asked) => {
    const question: Question = { ...asked, basis: asked.own['basis'] === 'paid' ? 'paid' : 'created' };
    return eachPlatform(world, question, (orders) => {
      const inOrders = question.own['variant'] === 'orders';
      const figuresOf = figures(orders, question);
      const rows = (key: (thing: { sku: string; platform: string }) => string) =>
        [...figuresOf(key)].map(([thing, row]) => ({
          thing,
          ...row,
          sales_amount: shown(row.sales_amount, digits),
          refund_amount: shown(row.refund_amount, digits),
        }));
      const back = cameBack(orders, question, question.own['basis'] === 'event').filter(({ role }) => role === 'return');
      const countReasons = (of: readonly CameBack[]): Map<string, number> => {
        const counted = inOrders ? [...groupBy(of, ({ orderKey }) => orderKey).values()].map((own) => own.toSorted(inTurn)[0]!) : of;
        return new Map(
          [...groupBy(counted, ({ reason }) => reason)].map(([reason, own]) => [
            reason,
            inOrders ? own.length : Number(sum(own.map(({ units }) => units))),
          ]),
        );
      };
      const ofReason = countReasons(back);
      const reasons = [...groupBy(back, ({ reason }) => reason)].map(([reason, own]) => ({
        reason,
        return_count: ofReason.get(reason) ?? 0,
        refund: sumKnown(own.map(({ refund }) => refund)),
      }));
      const all = reasons.reduce((total, { return_count }) => total + return_count, 0);
      return {
        data: rows(({ sku }) => sku)
          .toSorted(
            (a, b) =>
              b.return_count - a.return_count ||
              (b.rate ?? -Infinity) - (a.rate ?? -Infinity) ||
              b.sell_count - a.sell_count ||
              inAlphabet(a.thing, b.thing),
          )
          .slice(0, question.limit ?? 100_000)
          .map(({ thing, rate: _rate, ...row }) => ({
            sku_id: thing,
            ...row,
            return_reasons: Object.fromEntries(
              [...countReasons(back.filter(({ sku }) => sku === thing))].filter(([, returned]) => row.return_count > 0 && returned > 0),
            ),
          })),
        by_platform: rows(({ platform }) => platform)
          .toSorted((a, b) => b.return_count - a.return_count || inAlphabet(a.thing, b.thing))
          .map(({ thing, rate: _rate, ...row }) => ({ platform: thing, ...row })),
        reasons: reasons
          .toSorted((a, b) => b.return_count - a.return_count || inAlphabet(a.reason, b.reason))
          .map(({ reason, return_count, refund }) => ({
            reason,
            return_count,
            share: percent(BigInt(return_count), BigInt(all)),
            refund_amount: shown(refund, digits),
          })),
      };
    });
  },
  addsUp: {
    keys: ['sku_id'],
    columns: ['sell_count', 'return_count', 'return_open_count', 'exchange_count', 'undelivered_count', 'cancel_count'],
  },
};

/** Which of an order's returns came first. */
function inTurn(a: CameBack, b: CameBack): number {
  return inAlphabet(a.eventDay, b.eventDay) || (a.turn === b.turn ? 0 : a.turn - b.turn) || inAlphabet(a.reason, b.reason);
}

/** The figures by SKU or platform, the rate as a number to sort by as well. */
function figures(orders: readonly PlacedOrder[], question: Question) {
  const variant = question.own['variant'];
  const lines = orders.flatMap((placed) => handedOver(placed, question)).filter(({ inWindow }) => inWindow);
  const back = cameBack(orders, question, question.own['basis'] === 'event');
  const every = orders.flatMap(({ shop, order }) => {
    const at = question.basis === 'paid' ? order.paidAt : order.purchasedAt;
    if (at === null || !within(dayOf(at, shop.zone), spansOf(question, shop.zone).window)) return [];
    if (question.model !== 'both' && order.model !== question.model) return [];
    return order.lines.map(({ sku, status }) => ({
      sku,
      platform: shop.platform,
      cancelled: status === 'cancelled' || order.status === 'cancelled',
    }));
  });
  return (key: (thing: { sku: string; platform: string }) => string) =>
    new Map(
      [...new Set([...lines, ...back, ...every].map(key))].flatMap((thing) => {
        const count = (of: readonly { orderKey: string; units: bigint }[]): number =>
          variant === 'orders' ? new Set(of.map(({ orderKey }) => orderKey)).size : Number(sum(of.map(({ units }) => units)));
        const [own, came, all] = [
          lines.filter((line) => key(line) === thing),
          back.filter((row) => key(row) === thing),
          every.filter((line) => key(line) === thing),
        ];
        const returned = came.filter(({ role }) => role === 'return');
        const sold = count(own.filter(({ sale }) => sale));
        // An order of which anything is sold counts as sold, and once.
        const undelivered = variant === 'orders' ? count(own) - sold : count(own.filter(({ sale }) => !sale));
        const sales = sumKnown(own.map(({ money }) => money));
        const known = sumKnown(returned.map(({ refund }) => refund));
        const refund = known ?? (count(returned) === 0 ? 0n : null);
        const cancelled = all.filter((line) => line.cancelled).length;
        const [part, whole] = variant === 'amount' ? [refund, sales] : [BigInt(count(returned)), BigInt(sold + undelivered)];
        const row = {
          sell_count: sold,
          return_count: count(returned),
          return_rate: part === null || whole === null ? null : whole < 0n ? percent(-part, -whole) : percent(part, whole),
          return_open_count: count(came.filter(({ role }) => role === 'open')),
          exchange_count: count(came.filter(({ role }) => role === 'exchange')),
          refund_only_count: count(returned.filter(({ goodsBack }) => !goodsBack)),
          undelivered_count: undelivered,
          cancel_count: cancelled,
          cancel_rate: percent(BigInt(cancelled), BigInt(all.length)),
          sales_amount: sales,
          refund_amount: refund,
          rate: part === null || whole === null || whole === 0n ? null : Number(part) / Number(whole),
        };
        const counted = [
          row.sell_count,
          row.undelivered_count,
          row.cancel_count,
          row.return_count,
          row.return_open_count,
          row.exchange_count,
        ];
        return counted.some((each) => each > 0) || known !== null ? [[thing, row] as const] : [];
      }),
    );
}
