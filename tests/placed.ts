import type { Order, OrderLine } from '../src/model/order.ts';
import { isSale } from '../src/model/order.ts';
import { toMoney } from '../src/model/money.ts';
import type { Return } from '../src/model/return.ts';
import type { ShopIdentity } from '../src/model/shop.ts';
import { GOLDEN_WORLD, type PlacedOrder } from './golden-world.ts';

/** What is told of an order of one line, for a test of one thing. */
export interface OneLine {
  readonly id: string;
  /** On the shop's clock. */
  readonly at: string;
  readonly sku?: string;
  readonly money: string;
  readonly quantity?: number;
  readonly status?: Order['status'];
  readonly outcome?: Order['outcome'];
  readonly buyer?: bigint;
  /** What came back of it: when, for how much, how many pieces. */
  readonly back?: { readonly at: string; readonly refund: string; readonly quantity?: number };
}

/** An order of one line. */
export function placedIn(
  shop: ShopIdentity,
  { id, at, sku = 'A', money, quantity = 1, status = 'completed', outcome = 'none', buyer, back }: OneLine,
): PlacedOrder {
  const { order: model } = GOLDEN_WORLD[0]!;
  const instant = (text: string): Temporal.Instant => Temporal.PlainDateTime.from(text).toZonedDateTime(shop.zone).toInstant();
  const amount = toMoney(money)!;
  const line: OrderLine = {
    ...model.lines[0]!,
    lineId: `${id}-1`,
    sku,
    platformSku: `${shop.platform}-${sku}`,
    productName: sku,
    variant: null,
    status,
    outcome,
    platformStatus: status,
    quantity,
    grossSales: amount,
    netSales: amount,
    paidAmount: amount,
    kind: 'goods',
  };
  const order: Order = {
    ...model,
    orderId: id,
    purchasedAt: instant(at),
    paidAt: instant(at),
    updatedAt: instant(at),
    status,
    outcome,
    platformStatus: status,
    currency: shop.currency,
    buyer: buyer ?? null,
    totalAmount: null,
    shippingFee: null,
    shippingProvider: null,
    lines: [{ ...line, sale: isSale(status, line) }],
  };
  const claims: Return[] = back
    ? [
        {
          returnId: `${id}-R`,
          orderId: id,
          kind: 'return',
          state: 'completed',
          platformStatus: 'COMPLETE',
          reason: null,
          reasonText: null,
          createdAt: instant(back.at),
          updatedAt: instant(back.at),
          goodsBack: true,
          currency: shop.currency,
          refundAmount: toMoney(back.refund)!,
          lines: [{ lineId: `${id}-1`, sku, quantity: back.quantity ?? 1, refundAmount: null }],
        },
      ]
    : [];
  return { shop, order, claims };
}
