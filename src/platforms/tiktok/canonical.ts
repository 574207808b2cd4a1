import type { Json } from '../../kernel/json.ts';
import { toPlace } from '../../model/area.ts';
import type { Money } from '../../model/money.ts';
import { isSale, type LineKind, type Order, type OrderLine, type OrderStatus, type Outcome } from '../../model/order.ts';
import { DocumentRefused } from '../platform.ts';
import { writtenAddress } from './districts.ts';
import { orderWire, type LineItemWire, type OrderWire } from './wire.ts';
import { instantOf, moneyOf, parsed } from './wire-values.ts';

const STATUSES: ReadonlyMap<string, OrderStatus> = new Map([
  ['UNPAID', 'unpaid'], ['ON_HOLD', 'on_hold'], ['AWAITING_SHIPMENT', 'to_ship'], ['PARTIALLY_SHIPPING', 'to_ship'], ['AWAITING_COLLECTION', 'to_ship'],
  ['IN_TRANSIT', 'shipped'], ['DELIVERED', 'delivered'], ['COMPLETED', 'completed'], ['CANCELLED', 'cancelled'],
]);

/** The reason of a parcel that came back because nobody took it. */
const DELIVERY_FAILED = /deliver\w* fail|fail\w* (?:to )?deliver/i;

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
    outcome: outcomeOf(status, order.cancel_reason, order),
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
  if (item.currency && item.currency !== order.payment.currency) throw new DocumentRefused(`line_items[${i}].currency`, 'differs from payment.currency');
  const amount = (name: 'original_price' | 'seller_discount' | 'platform_discount' | 'sale_price'): Money | null => moneyOf(item[name], name, { list: 'line_items', place: i });
  const grossSales = amount('original_price');
  const netSales = grossSales === null ? null : grossSales - (amount('seller_discount') ?? 0n);
  const line = {
    lineId: item.id,
    sku: item.seller_sku?.trim() || item.sku_id,
    platformSku: item.sku_id,
    skuName: [item.product_name, item.sku_name].filter(Boolean).join(' · ') || null,
    image: item.sku_image || null,
    category: null,
    kind: ofOrder === 'goods' && (item.is_gift || item.sku_type === LIVE_GIVEAWAY) ? 'gift' : ofOrder,
    quantity: 1,
    grossSales,
    netSales,
    paidAmount: amount('sale_price') ?? (netSales === null ? null : netSales - (amount('platform_discount') ?? 0n)),
    taxAmount: taxOf(item, i),
    ...lineState(item, status, order),
  } as const;
  return { ...line, sale: isSale(status, line) };
}

function lineState(item: LineItemWire, ofOrder: OrderStatus, order: OrderWire): Pick<OrderLine, 'status' | 'outcome' | 'platformStatus'> {
  const platformStatus = item.display_status || order.status;
  const own = statusOf(platformStatus);
  // The words of a line know no hold: while the order is held, only a cancelled line has a state of its own.
  const status = ofOrder === 'on_hold' && own !== 'cancelled' ? ofOrder : own;
  return { status, outcome: outcomeOf(status, item.cancel_reason || order.cancel_reason, order), platformStatus };
}

function statusOf(word: string): OrderStatus {
  return STATUSES.get(word) ?? 'unknown';
}

function outcomeOf(status: OrderStatus, reason: string | null | undefined, { collection_time: collected }: OrderWire): Outcome {
  return status === 'cancelled' && collected && DELIVERY_FAILED.test(reason ?? '') ? 'returned' : 'none';
}

const LIVE_GIVEAWAY = 'ZERO_LOTTERY';

/** What the whole order hands over. Goods in exchange for others were sold once already. */
function kindOf({ is_sample_order: sample, is_replacement_order: replacement, is_exchange_order: exchange, order_type: type }: OrderWire): LineKind {
  if (sample) return 'sample';
  if (replacement || exchange) return 'replacement';
  return type === LIVE_GIVEAWAY ? 'gift' : 'goods';
}

/** Who carries the parcels; the order itself names the first alone. */
function carriersOf({ shipping_provider: ofOrder, line_items: items }: OrderWire): string | null {
  const names = new Set(items.map(({ shipping_provider_name: name }) => name || ofOrder).filter(Boolean));
  return names.size === 0 ? null : [...names].join(', ');
}

function taxOf({ item_tax: taxes }: LineItemWire, i: number): Money | null {
  let sum: Money | null = null;
  for (const { tax_amount: written } of taxes ?? []) {
    const amount = moneyOf(written, 'item_tax', { list: 'line_items', place: i });
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
