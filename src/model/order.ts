import type { Place } from './area.ts';
import type { Money } from './money.ts';

/** The words for how far an order or line has come. */
export const ORDER_STATUSES = ['unpaid', 'on_hold', 'to_ship', 'shipped', 'delivered', 'completed', 'cancelled', 'unknown'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** What became of it after all. */
export const OUTCOMES = ['none', 'refunded', 'returned', 'lost', 'refused'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Whether the money of a line is retail money or a supply price; the two are never summed. */
export const SALES_MODELS = ['retail', 'supply'] as const;
export type SalesModel = (typeof SALES_MODELS)[number];

/** What a line hands over; only goods can be a sale. A charge is money without a piece: postage, a fee, a correction of the books. */
export const LINE_KINDS = ['goods', 'gift', 'sample', 'replacement', 'charge'] as const;
export type LineKind = (typeof LINE_KINDS)[number];

/** A status with the platform's own word beside it. */
export interface State {
  readonly status: OrderStatus;
  readonly outcome: Outcome;
  readonly platformStatus: string | null;
}

/** What a virtual bundle is made of: so many pieces of a SKU in one piece of the bundle. */
export interface LinePart {
  /** The seller's SKU, else the platform's. */
  readonly sku: string;
  readonly platformSku: string;
  readonly quantity: number;
}

/** What a product is called, and which of its variants it is; both as they were told, whatever stands in them. */
export interface ProductName {
  readonly productName: string | null;
  readonly variant: string | null;
}

/** One line of an order, as the platform sends it: a unit, or several units of one SKU. */
export interface OrderLine extends State, ProductName {
  /** The platform's line id, or SKU and occurrence where it gives none; unique in the order. */
  readonly lineId: string;
  /** The seller's SKU, else the platform's. */
  readonly sku: string;
  readonly platformSku: string | null;
  readonly image: string | null;
  readonly category: string | null;
  readonly kind: LineKind;
  readonly quantity: number;
  /** Where the line is a bundle, what is in it; else nothing. */
  readonly parts: readonly LinePart[];
  /** Σ list price × quantity; null where the source has one amount only. */
  readonly grossSales: Money | null;
  /** Gross sales − what the seller bears of the discounts; null where the source gives no price. */
  readonly netSales: Money | null;
  /** What the buyer paid for the goods of the line, platform-borne discounts off; null where it is not told. */
  readonly paidAmount: Money | null;
  /** Tax of the line as the platform states it. */
  readonly taxAmount: Money | null;
  /** Pieces that came back, where the source counts them; null where it has but a word for the whole line (`outcome`). */
  readonly returnedQuantity: number | null;
  /** What was paid back for the line, as far as the order's own source tells; claims tell of theirs themselves. */
  readonly refundAmount: Money | null;
  /** Whether this line counts as a sale: see {@link isSale}. */
  readonly sale: boolean;
}

/** An order in the one form all platforms are brought to; personal data are gone, the buyer is a keyed hash. */
export interface Order extends State {
  readonly orderId: string;
  /** When it was placed; never changes. */
  readonly purchasedAt: Temporal.Instant;
  readonly paidAt: Temporal.Instant | null;
  /** When the source last knew a change of it; a newer one replaces an older one. */
  readonly updatedAt: Temporal.Instant;
  readonly model: SalesModel;
  /** ISO 4217, or null where the order has no price. */
  readonly currency: string | null;
  readonly place: Place;
  /** The address parts the place was read from, so that it can be read again when the area table is mended. */
  readonly writtenPlace: string;
  readonly buyer: bigint | null;
  /** What the platform says the whole order came to, shipping and tax in it. */
  readonly totalAmount: Money | null;
  /** What shipping is listed at, before anybody bears a part of it; null where it is not told. */
  readonly shippingFee: Money | null;
  /** Who carries it; several with commas. */
  readonly shippingProvider: string | null;
  readonly lines: readonly OrderLine[];
}

/**
 * Whether a line is a sale: pieces of goods, of an order and line neither unpaid, unknown nor cancelled.
 * A price of 0 does not undo it unless the source says so (`zeroPriceIsSale: false`).
 */
export function isSale(order: OrderStatus, line: Pick<OrderLine, 'status' | 'kind' | 'quantity'>): boolean {
  const counts = (status: OrderStatus): boolean => status !== 'unpaid' && status !== 'cancelled' && status !== 'unknown';
  return line.quantity > 0 && line.kind === 'goods' && counts(order) && counts(line.status);
}

/** The order's state out of its rows' words: as far as the one least far, cancelled when every line is. */
export function stateOfRows(states: readonly State[], lines: readonly OrderLine[]): State {
  const alive = lines.filter(({ status }) => status !== 'cancelled');
  if (alive.length === 0) return { ...states[0]!, status: 'cancelled' };
  const words = states.filter(({ status }) => status !== 'cancelled');
  const least = (words.length > 0 ? words : states).reduce((a, b) =>
    ORDER_STATUSES.indexOf(b.status) < ORDER_STATUSES.indexOf(a.status) ? b : a,
  );
  const outcome = alive.every((line) => line.outcome === alive[0]!.outcome) ? alive[0]!.outcome : 'none';
  return { ...least, outcome };
}
