import type { Money } from '../model/money.ts';
import type { Order } from '../model/order.ts';
import type { Return } from '../model/return.ts';

/**
 * The refund that rows of a file tell of, out of what they would be as an order: its amounts and pieces, whichever sign they wear.
 * What is no goods has its money and no piece. Whether goods came back with it, such a file does not say; pieces it counts (`counted`) are
 * that many.
 */
export function refundOf(
  { orderId: returnId, lines, ...order }: Order,
  { orderId, counted }: { readonly orderId: string | null; readonly counted: boolean },
): Return {
  const refunded = lines.map(({ sku, productName, variant, kind, quantity, netSales, paidAmount }) => ({
    lineId: null,
    sku,
    productName,
    variant,
    counted,
    quantity: kind === 'goods' ? Math.abs(quantity) : 0,
    refundAmount: positive(netSales ?? paidAmount),
  }));
  const told = refunded.flatMap(({ refundAmount }) => refundAmount ?? []);
  return {
    returnId,
    orderId,
    kind: 'refund',
    state: 'completed',
    platformStatus: order.platformStatus ?? 'refund',
    reason: null,
    reasonText: null,
    createdAt: order.purchasedAt,
    updatedAt: order.updatedAt,
    goodsBack: false,
    currency: order.currency,
    refundAmount: told.length > 0 ? told.reduce((sum, amount) => sum + amount, 0n) : null,
    lines: refunded,
  };
}

function positive(amount: Money | null): Money | null {
  return amount !== null && amount < 0n ? -amount : amount;
}
