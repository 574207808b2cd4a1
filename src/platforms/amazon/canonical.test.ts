import { expect, test } from 'vitest';
import type { Json } from '../../kernel/json.ts';
import { moneyText } from '../../model/money.ts';
import { DocumentRefused } from '../stream.ts';
import { toCanonical } from './canonical.ts';
import { toCanonical as olderOrder } from './older-canonical.ts';
import { orders } from './orders.ts';
import { withoutPersonalData } from './personal.ts';

type Fields = Readonly<Record<string, Json>>;
const money = (amount: string): Json => ({ amount, currencyCode: 'EUR' });
const part = (type: string, amount: string, details: Readonly<Record<string, string>> = {}): Json => ({
  type,
  subtotal: money(amount),
  detailedBreakdowns: Object.entries(details).map(([subtype, value]) => ({ subtype, value: money(value) })),
});
const item = (changes: Fields = {}): Fields => ({
  orderItemId: '25012345678901',
  quantityOrdered: 3,
  product: { asin: 'B08C1W5N87', title: 'Mantel', sellerSku: 'MANTEL-AZUL' },
  proceeds: { proceedsTotal: money('31.90'), breakdowns: [part('ITEM', '30.00'), part('SHIPPING', '2.90'), part('DISCOUNT', '-1.00')] },
  fulfillment: { quantityFulfilled: 3, quantityUnfulfilled: 0 },
  ...changes,
});
const order = (changes: Fields = {}): Fields => ({
  orderId: '404-1234567-8901234',
  createdTime: '2026-11-18T23:30:00.123Z',
  lastUpdatedTime: '2026-11-19T06:45:00.000Z',
  salesChannel: { channelName: 'AMAZON', marketplaceId: 'A1RKKUPIHCS9HS', marketplaceName: 'Amazon.es' },
  recipient: { deliveryAddress: { city: 'Zaragoza', stateOrRegion: 'Zaragoza', postalCode: '50001', countryCode: 'ES' } },
  proceeds: { grandTotal: money('31.90') },
  fulfillment: { fulfillmentStatus: 'SHIPPED', fulfilledBy: 'AMAZON' },
  orderItems: [item()],
  ...changes,
});
const lineOf = (changes: Fields, status = 'SHIPPED') =>
  toCanonical(order({ fulfillment: { fulfillmentStatus: status }, orderItems: [item(changes)] })).lines[0]!;
const net = (proceeds: Json): string | null => {
  const { netSales } = lineOf({ proceeds });
  return netSales === null ? null : moneyText(netSales);
};

test('an order says when, what, for how much and where to; a line is all pieces of an item', () => {
  expect(toCanonical(order())).toMatchObject({
    orderId: '404-1234567-8901234',
    status: 'shipped',
    platformStatus: 'SHIPPED',
    currency: 'EUR',
    totalAmount: 319_000n,
    shippingFee: 29_000n,
    place: { country: 'ES' },
    buyer: null,
    lines: [{ sku: 'MANTEL-AZUL', platformSku: 'B08C1W5N87', quantity: 3, grossSales: 300_000n, netSales: 290_000n, sale: true }],
  });
});

test.each([
  ['PENDING_AVAILABILITY', 'unpaid', false],
  ['PENDING', 'unpaid', false],
  ['UNSHIPPED', 'to_ship', true],
  ['PARTIALLY_SHIPPED', 'to_ship', true],
  ['SHIPPED', 'shipped', true],
  ['CANCELLED', 'cancelled', false],
  ['UNFULFILLABLE', 'cancelled', false],
  ['WAITING_FOR_GODOT', 'unknown', false],
])('%s is %s, and a sale: %j', (word, status, sale) => {
  const fulfillment = { quantityFulfilled: 0, quantityUnfulfilled: 3 };
  expect(lineOf({ fulfillment }, word)).toMatchObject({ status, sale, quantity: 3, platformStatus: word });
});

test('a discount lowers what the seller gets, whichever sign it is written with; what it takes off shipping does not', () => {
  const breakdowns = (discount: Json): Json => ({ breakdowns: [part('ITEM', '30.00'), part('SHIPPING', '2.90'), discount] });
  expect(net(breakdowns(part('DISCOUNT', '-3.90', { ITEM: '-1.00', SHIPPING: '-2.90' })))).toBe('29.0000');
  expect(net(breakdowns(part('DISCOUNT', '3.90', { ITEM: '1.00', SHIPPING: '2.90' })))).toBe('29.0000');
  expect(net(breakdowns(part('DISCOUNT', '-1.00')))).toBe('29.0000');
  expect(net({ breakdowns: [] })).toBeNull();
});

test('a tax of 0 says nothing where prices have it in them; in the US it is what a free state asks', () => {
  const taxIn = (currencyCode: string, amount: string): bigint | null => {
    const written = JSON.stringify(
      order({ orderItems: [item({ proceeds: { breakdowns: [part('ITEM', '121.00'), part('TAX', amount)] } })] }),
    );
    return toCanonical(JSON.parse(written.replaceAll('"EUR"', `"${currencyCode}"`)) as Json).lines[0]!.taxAmount;
  };
  expect([taxIn('EUR', '0.00'), taxIn('EUR', '21.00'), taxIn('USD', '0.00'), taxIn('USD', '9.98')]).toEqual([null, 210_000n, 0n, 99_800n]);
});

test('nor does it in what the older system kept of the older API', () => {
  const taxIn = (CurrencyCode: string, Amount: string): bigint | null =>
    olderOrder({
      AmazonOrderId: '404-1234567-8901234',
      PurchaseDate: '2026-11-18T23:30:00Z',
      OrderStatus: 'Shipped',
      OrderItems: [
        {
          OrderItemId: '1',
          SellerSKU: 'A',
          QuantityOrdered: 1,
          ItemPrice: { CurrencyCode, Amount: '121.00' },
          ItemTax: { CurrencyCode, Amount },
        },
      ],
    }).lines[0]!.taxAmount;
  expect([taxIn('EUR', '0.00'), taxIn('EUR', '21.00'), taxIn('USD', '0.00')]).toEqual([null, 210_000n, 0n]);
});

test('pieces that were cancelled are found by what is missing, and stand in a line that is no sale', () => {
  const { lines } = toCanonical(order({ orderItems: [item({ fulfillment: { quantityFulfilled: 1, quantityUnfulfilled: 1 } })] }));
  expect(lines).toMatchObject([
    { lineId: '25012345678901', quantity: 2, status: 'shipped', sale: true, grossSales: 300_000n },
    { lineId: '25012345678901 cancelled', quantity: 1, status: 'cancelled', sale: false, grossSales: null },
  ]);
  expect(lineOf({ fulfillment: { quantityFulfilled: 0, quantityUnfulfilled: 0 } })).toMatchObject({ quantity: 3, status: 'cancelled' });
  expect(lineOf({ quantityOrdered: 0, fulfillment: { quantityFulfilled: 0, quantityUnfulfilled: 0 } })).toMatchObject({
    quantity: 0,
    status: 'cancelled',
    sale: false,
  });
  expect(lineOf({ fulfillment: null, cancellation: { cancellationExecution: { cancelledBy: 'MERCHANT' } } })).toMatchObject({
    status: 'cancelled',
  });
  // Before it is paid nothing is counted as to go.
  expect(lineOf({ fulfillment: { quantityFulfilled: 0, quantityUnfulfilled: 0 } }, 'PENDING')).toMatchObject({ status: 'unpaid' });
});

test('goods that replace others are no sale', () => {
  const associatedOrders = [{ orderId: '404-0000000-0000000', associationType: 'REPLACEMENT_ORIGINAL_ID' }];
  expect(toCanonical(order({ associatedOrders })).lines).toMatchObject([{ kind: 'replacement', sale: false }]);
});

test.each([
  [{ createdTime: 'yesterday' }, 'createdTime'],
  [{ createdTime: '9999-12-31T23:59:59Z' }, 'createdTime'],
  [{ lastUpdatedTime: '0001-01-01T00:00:00Z' }, 'lastUpdatedTime'],
  [{ fulfillment: null }, 'fulfillment'],
  [{ orderItems: [] }, 'orderItems'],
  [{ orderItems: [item({ product: {} })] }, 'orderItems[0].product.sellerSku'],
  [{ proceeds: { grandTotal: { amount: '31.90', currencyCode: 'USD' } } }, 'orderItems'],
  [{ proceeds: { grandTotal: money('31,90') } }, 'proceeds.grandTotal.amount'],
])('an order with %j is refused by its field', (changes, field) => {
  expect(() => toCanonical(order(changes))).toThrow(DocumentRefused);
  expect(() => toCanonical(order(changes))).toThrow(new RegExp(`^${field.replaceAll(/[[\]]/g, '\\$&')}: `));
});

test('an order is of the shop that its channel names, whoever asked; what was sold elsewhere is of the one of its country', () => {
  expect(orders.shopOf!(order())).toBe('A1RKKUPIHCS9HS');
  const salesChannel = { channelName: 'NON_AMAZON', marketplaceId: 'A2ZV50J4W1RKNI' };
  const recipient = { deliveryAddress: { countryCode: 'FR' } };
  expect(orders.shopOf!(order({ salesChannel, recipient }))).toBe('A13V1IB3VIYZZH');
  expect(orders.shopOf!(order({ salesChannel: { channelName: 'NON_AMAZON' }, recipient: null }))).toBeNull();
});

test('of the buyer nothing is kept but the town, what is above it and the country', () => {
  const person = {
    name: 'Ana López',
    addressLine1: 'Calle Mayor 1',
    districtOrCounty: 'Centro',
    phone: '+34600111222',
    addressType: 'RESIDENTIAL',
  };
  const kept = withoutPersonalData(
    order({
      buyer: { buyerName: 'Ana López', buyerEmail: 'x@marketplace.amazon.es' },
      recipient: {
        deliveryAddress: {
          ...person,
          city: 'Zaragoza',
          stateOrRegion: 'Zaragoza',
          postalCode: '50001',
          countryCode: 'ES',
          nickname: 'Anita',
        },
        deliveryPreference: { addressInstruction: 'Ring twice' },
      },
    }),
  ) as { recipient: Json; buyer: Json };
  expect(JSON.stringify(kept)).not.toMatch(/Ana|Mayor|Centro|600111222|RESIDENTIAL|50001|marketplace\.amazon|Ring/);
  expect(kept.recipient).toMatchObject({ deliveryAddress: { city: 'Zaragoza', stateOrRegion: 'Zaragoza', countryCode: 'ES' } });
});
