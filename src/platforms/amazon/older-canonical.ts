import type { Json } from '../../kernel/json.ts';
import { toPlace } from '../../model/area.ts';
import type { Money } from '../../model/money.ts';
import { isSale, type LineKind, type Order, type OrderLine, type OrderStatus } from '../../model/order.ts';
import { statedTax } from '../../model/stated-tax.ts';
import { DocumentRefused } from '../stream.ts';
import { STATUS_WORDS } from './status-words.ts';
import { instantOf, moneyOf as writtenMoney, parsed, writtenInstant } from './wire-values.ts';
import { orderWire, type ItemWire, type OrderWire } from './older-wire.ts';

/**
 * The order of a kept document of Orders v0: one line an item, its amounts those of the whole line.
 * @throws DocumentRefused naming the field
 */
export function toCanonical(document: Json): Order {
  const order = parsed(orderWire, document);
  const status = statusOf(order.OrderStatus);
  const kind: LineKind = order.IsReplacementOrder ? 'replacement' : 'goods';
  const currency = currencyOf(order);
  const lines = order.OrderItems.map((item, i) => toLine(item, i, { status, kind, currency, platformStatus: order.OrderStatus }));
  const {
    CountryCode: country = null,
    StateOrRegion: region = null,
    City: city = null,
    PostalCode: postalCode = null,
  } = order.ShippingAddress ?? {};
  const written = { country, region, city, postalCode };
  const shipping = order.OrderItems.map(({ ShippingPrice }, i) => moneyOf(ShippingPrice, `OrderItems[${i}].ShippingPrice`)).filter(
    (each) => each !== null,
  );
  const purchasedAt = instantOf(order.PurchaseDate, 'PurchaseDate');
  return {
    orderId: order.AmazonOrderId,
    purchasedAt,
    // Amazon does not say when it was paid.
    paidAt: null,
    updatedAt: order.LastUpdateDate ? instantOf(order.LastUpdateDate, 'LastUpdateDate') : purchasedAt,
    status,
    outcome: 'none',
    platformStatus: order.OrderStatus,
    model: 'retail',
    currency,
    place: toPlace(written),
    writtenPlace: [country, region, city, postalCode].map((part) => part ?? '').join('\u001f'),
    buyer: null,
    totalAmount: moneyOf(order.OrderTotal, 'OrderTotal'),
    shippingFee: shipping.length === 0 ? null : shipping.reduce((sum, each) => sum + each, 0n),
    shippingProvider: null,
    lines,
  };
}

/** When an order was placed, as far as a part of one tells it. */
export function placedAt(document: Json): Temporal.Instant | null {
  const written = (document as { readonly PurchaseDate?: Json }).PurchaseDate;
  return (typeof written === 'string' ? writtenInstant(written) : undefined) ?? null;
}

function toLine(
  item: ItemWire,
  i: number,
  { status, kind, currency, platformStatus }: Pick<Order, 'status' | 'currency' | 'platformStatus'> & { kind: LineKind },
): OrderLine {
  const sku = item.SellerSKU?.trim() || item.ASIN?.trim();
  if (!sku) throw new DocumentRefused(`OrderItems[${i}].SellerSKU`, 'is missing');
  const amount = (name: 'ItemPrice' | 'ItemTax' | 'PromotionDiscount'): Money | null => moneyOf(item[name], `OrderItems[${i}].${name}`);
  const grossSales = amount('ItemPrice');
  const discount = amount('PromotionDiscount') ?? 0n;
  const line = {
    lineId: item.OrderItemId,
    sku,
    platformSku: item.ASIN || null,
    productName: item.Title || null,
    variant: null,
    image: null,
    category: null,
    kind,
    parts: [],
    quantity: item.QuantityOrdered ?? 1,
    grossSales,
    // The sign of a discount is written either way.
    netSales: grossSales === null ? null : grossSales - (discount < 0n ? -discount : discount),
    paidAmount: null,
    taxAmount: statedTax(amount('ItemTax'), currency),
    returnedQuantity: null,
    refundAmount: null,
    status,
    outcome: 'none',
    platformStatus,
  } as const;
  return { ...line, sale: isSale(status, line) };
}

function statusOf(word: string): OrderStatus {
  const told = STATUS_WORDS[word];
  return typeof told === 'string' ? told : (told?.status ?? 'unknown');
}

/** The order's, else that of its items. @throws DocumentRefused where they differ */
function currencyOf({ OrderTotal: total, OrderItems: items }: OrderWire): string | null {
  const told = [
    total,
    ...items.flatMap(({ ItemPrice, ItemTax, ShippingPrice, PromotionDiscount }) => [ItemPrice, ItemTax, ShippingPrice, PromotionDiscount]),
  ].flatMap((each) => each?.CurrencyCode ?? []);
  const currencies = new Set(told);
  if (currencies.size > 1) throw new DocumentRefused('OrderItems', 'have several currencies');
  return told[0] ?? null;
}

function moneyOf(written: OrderWire['OrderTotal'], field: string): Money | null {
  return writtenMoney(written?.Amount, `${field}.Amount`);
}
