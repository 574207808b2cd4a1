import type { Json } from '../../kernel/json.ts';
import { toPlace } from '../../model/area.ts';
import type { Money } from '../../model/money.ts';
import { isSale, type LineKind, type Order, type OrderLine, type OrderStatus } from '../../model/order.ts';
import { statedTax } from '../../model/stated-tax.ts';
import { DocumentRefused } from '../stream.ts';
import { instantOf, moneyOf, parsed } from './wire-values.ts';
import { orderWire, type AmountWire, type ItemWire, type OrderWire } from './wire.ts';

const STATUSES: ReadonlyMap<string, OrderStatus> = new Map([
  ['PENDING_AVAILABILITY', 'unpaid'],
  ['PENDING', 'unpaid'],
  ['UNSHIPPED', 'to_ship'],
  ['PARTIALLY_SHIPPED', 'to_ship'],
  ['SHIPPED', 'shipped'],
  ['CANCELLED', 'cancelled'],
  // Of orders of other channels that Amazon was to send.
  ['UNFULFILLABLE', 'cancelled'],
]);
/** What goods go out for that were sold once already. */
const REPLACED = /^(?:REPLACEMENT|EXCHANGE)_/;

interface OfOrder {
  readonly status: OrderStatus;
  readonly kind: LineKind;
  readonly platformStatus: string;
  readonly currency: string | null;
}

/**
 * The order of a kept document of Orders 2026-01-01: one line an item, its amounts those of the whole line; pieces of it that were
 * cancelled stand in a line of their own.
 * @throws DocumentRefused naming the field
 */
export function toCanonical(document: Json): Order {
  const order = parsed(orderWire, document);
  const platformStatus = order.fulfillment.fulfillmentStatus;
  const status = STATUSES.get(platformStatus) ?? 'unknown';
  const isReplacement = (order.associatedOrders ?? []).some(({ associationType }) => REPLACED.test(associationType ?? ''));
  const currency = currencyOf(order);
  const of: OfOrder = { status, kind: isReplacement ? 'replacement' : 'goods', platformStatus, currency };
  const { countryCode: country = null, stateOrRegion: region = null, city = null } = order.recipient?.deliveryAddress ?? {};
  const written = { country, region, city, postalCode: null };
  const shipping = order.orderItems.flatMap((item, i) => partOf(item, i, 'SHIPPING') ?? []);
  return {
    orderId: order.orderId,
    purchasedAt: instantOf(order.createdTime, 'createdTime'),
    // Amazon does not say when it was paid.
    paidAt: null,
    updatedAt: instantOf(order.lastUpdatedTime, 'lastUpdatedTime'),
    status,
    outcome: 'none',
    platformStatus,
    model: 'retail',
    currency,
    place: toPlace(written),
    writtenPlace: [country, region, city, null].map((part) => part ?? '').join('\u001f'),
    buyer: null,
    totalAmount: amountOf(order.proceeds?.grandTotal, 'proceeds.grandTotal'),
    shippingFee: shipping.length === 0 ? null : shipping.reduce((sum, each) => sum + each, 0n),
    shippingProvider: null,
    lines: order.orderItems.flatMap((item, i) => linesOf(item, i, of)),
  };
}

function linesOf(item: ItemWire, i: number, of: OfOrder): OrderLine[] {
  const { product, quantityOrdered: ordered } = item;
  const sku = product?.sellerSku?.trim() || product?.asin?.trim();
  if (!sku) throw new DocumentRefused(`orderItems[${i}].product.sellerSku`, 'is missing');
  const cancelled = of.status === 'cancelled' ? ordered : cancelledOf(item, of.status);
  const isGone = cancelled === ordered;
  const grossSales = partOf(item, i, 'ITEM');
  const discount = partOf(item, i, 'DISCOUNT', 'ITEM') ?? 0n;
  const common = {
    sku,
    platformSku: product?.asin || null,
    productName: product?.title || null,
    variant: null,
    image: null,
    category: null,
    kind: of.kind,
    parts: [],
    paidAmount: null,
    returnedQuantity: null,
    refundAmount: null,
    outcome: 'none',
    platformStatus: of.platformStatus,
  } as const;
  const line = {
    ...common,
    lineId: item.orderItemId,
    quantity: isGone ? ordered : ordered - cancelled,
    grossSales,
    // The sign of a discount is written either way.
    netSales: grossSales === null ? null : grossSales - (discount < 0n ? -discount : discount),
    taxAmount: statedTax(partOf(item, i, 'TAX', 'ITEM'), of.currency),
    status: isGone ? 'cancelled' : of.status,
  } as const;
  const lines: OrderLine[] = [{ ...line, sale: isSale(of.status, line) }];
  if (cancelled > 0 && !isGone) {
    const money = { grossSales: null, netSales: null, taxAmount: null };
    lines.push({ ...common, ...money, lineId: `${item.orderItemId} cancelled`, quantity: cancelled, status: 'cancelled', sale: false });
  }
  return lines;
}

/** The pieces that were cancelled: Amazon counts those that went and those that are to go. Before it is paid it counts neither. */
function cancelledOf({ quantityOrdered: ordered, fulfillment, cancellation }: ItemWire, status: OrderStatus): number {
  const { quantityFulfilled: gone, quantityUnfulfilled: waiting } = fulfillment ?? {};
  if (status === 'unpaid' || status === 'unknown') return 0;
  if (typeof gone === 'number' && typeof waiting === 'number') return Math.max(0, ordered - gone - waiting);
  return cancellation?.cancellationExecution ? ordered : 0;
}

/** A part of the line's money, or, where that is told, what of it concerns one thing; null where there is none. */
function partOf(item: ItemWire, i: number, type: string, subtype?: string): Money | null {
  const field = `orderItems[${i}].proceeds.breakdowns`;
  let sum: Money | null = null;
  for (const part of item.proceeds?.breakdowns ?? []) {
    if (part.type !== type) continue;
    const details = subtype === undefined ? [] : (part.detailedBreakdowns ?? []);
    const amounts = details.length === 0 ? [part.subtotal] : details.filter((each) => each.subtype === subtype).map(({ value }) => value);
    for (const each of amounts) {
      const amount = amountOf(each, field);
      if (amount !== null) sum = (sum ?? 0n) + amount;
    }
  }
  return sum;
}

function amountOf(written: AmountWire, field: string): Money | null {
  return moneyOf(written?.amount, `${field}.amount`);
}

/** The order's, else that of its items. @throws DocumentRefused where they differ */
function currencyOf({ proceeds, orderItems }: OrderWire): string | null {
  const amounts = [
    proceeds?.grandTotal,
    ...orderItems.flatMap(({ proceeds: own }) => [own?.proceedsTotal, ...(own?.breakdowns ?? []).map(({ subtotal }) => subtotal)]),
  ];
  const currencies = new Set(amounts.flatMap((each) => each?.currencyCode ?? []));
  if (currencies.size > 1) throw new DocumentRefused('orderItems', 'have several currencies');
  return [...currencies][0] ?? null;
}
