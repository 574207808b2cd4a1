import type { Json } from '../../kernel/json.ts';
import { toPlace } from '../../model/area.ts';
import type { Money } from '../../model/money.ts';
import { isSale, type LineKind, type LinePart, type Order, type OrderLine, type OrderStatus, type Outcome } from '../../model/order.ts';
import { statedTax } from '../../model/stated-tax.ts';
import { DocumentRefused } from '../stream.ts';
import { writtenAddress } from './districts.ts';
import { orderWire, type LineItemWire, type OrderWire } from './wire.ts';
import { instantOf, moneyOf, parsed } from './wire-values.ts';

const STATUSES: ReadonlyMap<string, OrderStatus> = new Map([
  ['UNPAID', 'unpaid'],
  ['ON_HOLD', 'on_hold'],
  ['AWAITING_SHIPMENT', 'to_ship'],
  ['PARTIALLY_SHIPPING', 'to_ship'],
  ['AWAITING_COLLECTION', 'to_ship'],
  ['IN_TRANSIT', 'shipped'],
  ['DELIVERED', 'delivered'],
  ['COMPLETED', 'completed'],
  ['CANCELLED', 'cancelled'],
]);

/**
 * The order of a kept document: one line per piece, for TikTok sends them one by one.
 * @throws DocumentRefused naming the field
 */
export function toCanonical(document: Json): Order {
  const order = parsed(orderWire, document, 'order');
  const status = statusOf(order.status);
  const kind = kindOf(order);
  const lines = order.line_items.map((item, i) => toLine(item, i, { order, status, kind }));
  if (lines.length > 1) refuseRepeated(lines);
  const written = writtenAddress(order.recipient_address);
  return {
    orderId: order.id,
    purchasedAt: instantOf(order.create_time),
    paidAt: order.paid_time ? instantOf(order.paid_time) : null,
    updatedAt: instantOf(order.update_time),
    status,
    outcome: outcomeOf(status, handedOverAt(order)),
    platformStatus: order.status,
    model: 'retail',
    currency: order.payment.currency,
    place: toPlace(written),
    writtenPlace: [written.country, written.region, written.city, written.postalCode].map((part) => part ?? '').join('\u001f'),
    buyer: order.user_id ? BigInt(`0x${order.user_id}`) : null,
    totalAmount: moneyOf(order.payment.total_amount, 'payment.total_amount'),
    shippingFee: moneyOf(order.payment.original_shipping_fee, 'payment.original_shipping_fee'),
    shippingProvider: carriersOf(order),
    lines,
  };
}

interface OfOrder {
  readonly order: OrderWire;
  readonly status: OrderStatus;
  readonly kind: LineKind;
}

function toLine(item: LineItemWire, i: number, { order, status, kind: ofOrder }: OfOrder): OrderLine {
  if (item.currency && item.currency !== order.payment.currency)
    throw new DocumentRefused(`line_items[${i}].currency`, 'differs from payment.currency');
  const amount = (name: 'original_price' | 'seller_discount' | 'platform_discount' | 'sale_price'): Money | null =>
    moneyOf(item[name], name, { list: 'line_items', place: i });
  const grossSales = amount('original_price');
  const netSales = grossSales === null ? null : grossSales - (amount('seller_discount') ?? 0n);
  const line = {
    lineId: item.id,
    sku: item.seller_sku?.trim() || item.sku_id,
    platformSku: item.sku_id,
    productName: item.product_name || null,
    variant: item.sku_name || null,
    image: item.sku_image || null,
    category: null,
    kind: ofOrder === 'goods' && (item.is_gift || item.sku_type === LIVE_GIVEAWAY || isGivenAway(item, i)) ? 'gift' : ofOrder,
    quantity: 1,
    parts: partsOf(item),
    grossSales,
    netSales,
    paidAmount: amount('sale_price') ?? (netSales === null ? null : netSales - (amount('platform_discount') ?? 0n)),
    taxAmount: taxOf(item, i, order.payment.currency),
    returnedQuantity: null,
    refundAmount: null,
    ...lineState(item, status, order),
  } as const;
  return { ...line, sale: isSale(status, line) };
}

function lineState(item: LineItemWire, ofOrder: OrderStatus, order: OrderWire): Pick<OrderLine, 'status' | 'outcome' | 'platformStatus'> {
  const platformStatus = item.display_status || order.status;
  const own = statusOf(platformStatus);
  // The words of a line know no hold: while the order is held, only a cancelled line has a state of its own.
  const status = ofOrder === 'on_hold' && own !== 'cancelled' ? ofOrder : own;
  // The instants of an order that goes on are those of its other pieces: this one left only if it was packed itself.
  const left = ofOrder === 'cancelled' || item.rts_time ? handedOverAt(order) : null;
  return { status, outcome: outcomeOf(status, left), platformStatus };
}

function statusOf(word: string): OrderStatus {
  return STATUSES.get(word) ?? 'unknown';
}

/**
 * What is cancelled after it was handed over comes back; the texts of reasons decide nothing, for they come in the market's or the buyer's
 * language.
 */
function outcomeOf(status: OrderStatus, handedOver: number | null): Outcome {
  return status === 'cancelled' && handedOver !== null ? 'returned' : 'none';
}

/** When a carrier had it. A seller who ships by own means has handed over what is marked as shipped; of all others that means packed. */
function handedOverAt({
  collection_time: collected,
  delivery_time: delivered,
  rts_time: packed,
  shipping_type: by,
}: OrderWire): number | null {
  return collected || delivered || (by === 'SELLER' && packed) || null;
}

const LIVE_GIVEAWAY = 'ZERO_LOTTERY';

/** What the whole order hands over. Goods in exchange for others were sold once already. */
function kindOf({
  is_sample_order: sample,
  is_replacement_order: replacement,
  is_exchange_order: exchange,
  order_type: type,
}: OrderWire): LineKind {
  if (sample) return 'sample';
  if (replacement || exchange) return 'replacement';
  return type === LIVE_GIVEAWAY ? 'gift' : 'goods';
}

/** A present shows by what it would have cost, in markets that do not mark it otherwise. */
function isGivenAway(item: LineItemWire, i: number): boolean {
  const amount = (name: 'gift_retail_price' | 'original_price' | 'sale_price'): Money | null =>
    moneyOf(item[name], name, { list: 'line_items', place: i });
  return (amount('gift_retail_price') ?? 0n) > 0n && !amount('original_price') && !amount('sale_price');
}

/** What a virtual bundle is made of. */
function partsOf({ combined_listing_skus: skus }: LineItemWire): LinePart[] {
  return (skus ?? []).map(({ sku_id: platformSku, seller_sku: sku, sku_count: quantity }) => ({
    sku: sku?.trim() || platformSku,
    platformSku,
    quantity,
  }));
}

/** Who carries the parcels; the order itself names the first alone. */
function carriersOf({ shipping_provider: ofOrder, line_items: items }: OrderWire): string | null {
  const names = new Set(items.map(({ shipping_provider_name: name }) => name || ofOrder).filter(Boolean));
  return names.size === 0 ? null : [...names].join(', ');
}

/** Sales tax is the US's: elsewhere TikTok writes 0 for it and reckons none. */
function taxOf({ item_tax: taxes }: LineItemWire, i: number, currency: string): Money | null {
  let sum: Money | null = null;
  for (const { tax_amount: written, tax_type: type } of taxes ?? []) {
    const told = moneyOf(written, 'item_tax', { list: 'line_items', place: i });
    const amount = !type || type === 'SALES_TAX' ? statedTax(told, currency) : told;
    if (amount !== null) sum = (sum ?? 0n) + amount;
  }
  return sum;
}

function refuseRepeated(lines: readonly OrderLine[]): void {
  const seen = new Set<string>();
  for (const [i, { lineId }] of lines.entries()) {
    if (seen.has(lineId)) throw new DocumentRefused(`line_items[${i}].id`, 'repeats');
    seen.add(lineId);
  }
}
