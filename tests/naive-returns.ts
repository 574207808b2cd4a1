import type { PlatformId } from '../src/model/shop.ts';
import type { PlacedOrder } from './golden-world.ts';
import { dayOf, groupBy, inAlphabet, spansOf, sum, sumKnown, within, type Question } from './naive-sales.ts';

/** What came back, is claimed or was exchanged of one SKU of an order, by one claim or by a word. */
export interface CameBack {
  readonly role: 'return' | 'open' | 'exchange';
  readonly orderKey: string;
  readonly platform: PlatformId;
  readonly shop: string;
  /** The shop day it happened on. */
  readonly eventDay: string;
  readonly sku: string;
  readonly name: string;
  readonly units: bigint;
  readonly refund: bigint | null;
  readonly reason: string;
  readonly goodsBack: boolean;
  readonly sale: boolean;
}

/** The lines of an order that were handed over: sales, and goods cancelled after it. */
export function handedOver({ shop, order }: PlacedOrder, question: Question) {
  const at = question.basis === 'paid' ? order.paidAt : order.purchasedAt;
  if (question.model !== 'both' && order.model !== question.model) return [];
  const { window } = spansOf(question, shop.zone);
  return order.lines.flatMap((line) => {
    if (line.quantity <= 0 || line.kind !== 'goods') return [];
    const sale = !['unpaid', 'cancelled', 'unknown'].includes(order.status) && !['unpaid', 'cancelled', 'unknown'].includes(line.status);
    if (!sale && !(line.status === 'cancelled' && ['returned', 'refused', 'lost'].includes(line.outcome))) return [];
    return [{
      orderKey: `${shop.shop} ${order.orderId}`, platform: shop.platform, sku: line.sku, name: line.skuName ?? line.sku, units: BigInt(line.quantity), sale, outcome: line.outcome,
      money: { net: line.netSales, gross: line.grossSales, paid: line.paidAmount }[question.measure], inWindow: at !== null && within(dayOf(at, shop.zone), window),
    }];
  });
}

/** What came back of some orders, by the day they were sold or, `byEvent`, by the day it happened. */
export function cameBack(orders: readonly PlacedOrder[], question: Question, byEvent: boolean): CameBack[] {
  return orders.flatMap((placed) => [...groupBy(handedOver(placed, question), ({ sku }) => sku)].flatMap(([sku, lines]) => {
    const { shop, order, claims = [] } = placed;
    const { window } = spansOf(question, shop.zone);
    const counts = (event: Temporal.Instant): boolean => (byEvent ? within(dayOf(event, shop.zone), window) : lines[0]!.inWindow);
    const own = claims.map((claim, at) => ({ claim, at, line: claim.lines[0]! })).filter(({ line }) => line.sku === sku);
    const pieces = sum(lines.map(({ units }) => units));
    const common = { orderKey: lines[0]!.orderKey, platform: shop.platform, shop: shop.shop, sku, name: lines[0]!.name, sale: lines.some(({ sale }) => sale) };
    const rows: CameBack[] = [];
    const isReturn = ({ claim }: (typeof own)[number]): boolean =>
      claim.state === 'completed' && (claim.kind === 'return' || claim.kind === 'refund' || (claim.kind === 'exchange' && (claim.refundAmount ?? 0n) !== 0n));
    const roles = {
      return: isReturn, open: ({ claim }: (typeof own)[number]) => claim.state === 'open' && claim.kind !== 'cancellation',
      exchange: ({ claim }: (typeof own)[number]) => claim.state === 'completed' && claim.kind === 'exchange' && (claim.refundAmount ?? 0n) === 0n,
    };
    for (const role of ['return', 'open', 'exchange'] as const) {
      const eventOf = ({ claim }: (typeof own)[number]) => (claim.state === 'completed' ? claim.updatedAt : claim.createdAt);
      const inTurn = own.filter(roles[role]).toSorted((a, b) => inAlphabet(dayOf(eventOf(a), shop.zone), dayOf(eventOf(b), shop.zone)) || a.at - b.at);
      let left = pieces;
      for (const each of inTurn) {
        const claimed = BigInt(each.line.quantity);
        const units = claimed < left ? claimed : left;
        left -= units;
        if (counts(eventOf(each))) rows.push({ ...common, role, eventDay: dayOf(eventOf(each), shop.zone), units, refund: each.claim.refundAmount, reason: each.claim.reason ?? 'unknown', goodsBack: each.claim.goodsBack });
      }
    }
    const told = lines.filter(({ outcome }) => outcome !== 'none');
    const said = sum(told.map(({ units }) => units)) - sum(own.filter(isReturn).map(({ line }) => BigInt(line.quantity)));
    if (said > 0n && counts(order.updatedAt)) {
      const cancelled = own.filter(({ claim }) => claim.kind === 'cancellation' && claim.state === 'completed').map(({ claim }) => claim);
      const outcomes = told.map(({ outcome }) => outcome as string).toSorted(inAlphabet);
      rows.push({
        ...common, role: 'return', eventDay: dayOf(order.updatedAt, shop.zone), units: said, reason: cancelled.flatMap(({ reason }) => reason ?? []).toSorted(inAlphabet)[0] ?? outcomes[0]!, goodsBack: outcomes.some((word) => word === 'returned' || word === 'refused'), sale: told.some(({ sale }) => sale),
        refund: sumKnown(cancelled.map(({ refundAmount }) => refundAmount)),
      });
    }
    return rows;
  }));
}
