import type { PlacedOrder } from './golden-world.ts';
import { dayOf, spansOf, sum, sumKnown, within, type Question } from './naive-sales.ts';

/** A sold line with its part of the order's total without shipping. */
export interface ProfitLine {
  readonly orderKey: string;
  readonly sku: string;
  readonly name: string;
  readonly gross: bigint | null;
  readonly net: bigint | null;
  readonly part: bigint | null;
}

/** The sold lines of the window; the parts of an order are rounded to four digits, and the first takes what is left. */
export function profitLines(orders: readonly PlacedOrder[], question: Question): ProfitLine[] {
  return orders.flatMap(({ shop, order }) => {
    const at = question.basis === 'paid' ? order.paidAt : order.purchasedAt;
    if (at === null || !within(dayOf(at, shop.zone), spansOf(question, shop.zone).window)) return [];
    if (question.model !== 'both' && order.model !== question.model) return [];
    if (['unpaid', 'cancelled', 'unknown'].includes(order.status)) return [];
    const sold = order.lines.filter(({ quantity, status, kind }) => quantity > 0 && status !== 'cancelled' && kind === 'goods');
    const net = sumKnown(sold.map(({ netSales }) => netSales)) ?? 0n;
    const units = sum(sold.map(({ quantity }) => BigInt(quantity)));
    const gone = order.lines.filter(({ quantity, status, kind }) => quantity > 0 && status === 'cancelled' && kind === 'goods');
    const paid = order.totalAmount === null || order.shippingFee === null ? null : order.totalAmount - order.shippingFee;
    const whole =
      paid === null || gone.length === 0
        ? paid
        : kept(paid, {
            net,
            units,
            goneNet: sumKnown(gone.map(({ netSales }) => netSales)) ?? 0n,
            goneUnits: sum(gone.map(({ quantity }) => BigInt(quantity))),
          });
    const parts = sold.map(({ netSales, quantity }) =>
      whole === null ? null : net === 0n ? rounded(whole * BigInt(quantity), units) : rounded(whole * (netSales ?? 0n), net),
    );
    const left = whole === null ? null : whole - sum(parts.map((part) => part!));
    return sold.map((line, at) => ({
      orderKey: `${shop.shop} ${order.orderId}`,
      sku: line.sku,
      name: line.productName ?? line.sku,
      gross: line.grossSales,
      net: line.netSales,
      part: left === null ? null : at === 0 ? parts[at]! + left : parts[at]!,
    }));
  });
}

/**
 * What an order cancelled in part came to for what was kept: its share of a total that is of everything, a total that is nearer to it as it
 * is.
 */
function kept(
  paid: bigint,
  { net, units, goneNet, goneUnits }: { net: bigint; units: bigint; goneNet: bigint; goneUnits: bigint },
): bigint {
  if (net <= 0n || goneNet <= 0n) return rounded(paid * units, units + goneUnits);
  const [toKept, toAll] = [paid - net, net + goneNet - paid];
  return toKept > toAll ? rounded(paid * net, net + goneNet) : paid;
}

/** Half away from zero. */
export function rounded(part: bigint, whole: bigint): bigint {
  const [a, b] = [part < 0n ? -part : part, whole < 0n ? -whole : whole];
  const steps = (2n * a + b) / (2n * b);
  return part < 0n === whole < 0n ? steps : -steps;
}
