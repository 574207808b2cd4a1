import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyedHash } from '../../kernel/vault.ts';
import { moneyText, type Money } from '../../model/money.ts';
import type { Order } from '../../model/order.ts';
import { DocumentRefused } from '../stream.ts';
import { toCanonical } from './canonical.ts';
import { withoutPersonalData } from './personal.ts';

type Record_ = Record<string, unknown>;
const hash = keyedHash(Buffer.alloc(32, 7));
const fixture = (name: string): Record_ => JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8')) as Record_;
const kept = (name: string, changes: Record_ = {}): Record_ => ({
  ...(withoutPersonalData(fixture(name) as never, hash) as Record_),
  ...changes,
});
const canonical = (document: unknown): Order => toCanonical(document as never);
/** The order with its only line changed. */
const withLine = (name: string, line: Record_, changes: Record_ = {}): Order =>
  canonical(kept(name, { line_items: [{ ...(kept(name)['line_items'] as Record_[])[0], ...line }], ...changes }));
const amounts = (...all: (Money | null)[]): (string | null)[] =>
  all.map((amount) => (amount === null ? null : moneyText(amount).slice(0, -2)));

function refusal(document: unknown): string {
  try {
    canonical(document);
  } catch (error) {
    expect(error).toBeInstanceOf(DocumentRefused);
    return (error as DocumentRefused).message;
  }
  return 'taken';
}

test('an order is one line a piece: list price, what the seller bears, what was paid', () => {
  const order = canonical(kept('order-gb'));
  expect(order).toMatchObject({
    orderId: '576486316948490001',
    status: 'to_ship',
    outcome: 'none',
    platformStatus: 'AWAITING_COLLECTION',
    model: 'retail',
    currency: 'GBP',
  });
  expect([order.purchasedAt, order.paidAt, order.updatedAt].map(String)).toEqual([
    '2025-12-31T23:00:00Z',
    '2025-12-31T23:01:00Z',
    '2026-01-01T00:00:00Z',
  ]);
  expect(amounts(order.totalAmount)).toEqual(['36.49']);
  const [sold, cancelled, gift] = order.lines;
  expect(sold).toMatchObject({
    lineId: '576486316948490101',
    sku: 'HOM-1',
    platformSku: '1729382476852921561',
    productName: 'Linen curtain',
    variant: 'Beige',
    quantity: 1,
    kind: 'goods',
    sale: true,
  });
  expect(amounts(sold!.grossSales, sold!.netSales, sold!.paidAmount, sold!.taxAmount)).toEqual(['20.00', '17.50', '16.75', null]);
  expect(cancelled).toMatchObject({ status: 'cancelled', platformStatus: 'CANCELLED', sale: false });
  expect(gift).toMatchObject({ sku: '1729382476852921571', productName: 'Curtain hook', variant: null, kind: 'gift', sale: false });
});

test('what the pieces come to is what the platform says the order came to', () => {
  for (const name of ['order-gb', 'order-us', 'order-id-masked']) {
    const { lines } = canonical(kept(name));
    const { sub_total, original_total_product_price } = fixture(name)['payment'] as Record<string, string>;
    const sum = (amount: 'grossSales' | 'paidAmount'): bigint => lines.reduce((total, line) => total + line[amount]!, 0n);
    expect([name, Number(moneyText(sum('grossSales')))]).toEqual([name, Number(original_total_product_price)]);
    expect([name, Number(moneyText(sum('paidAmount')))]).toEqual([name, Number(sub_total)]);
  }
});

test("US tax is the sum of what states and cities take; without a seller SKU the platform's counts", () => {
  const {
    lines: [line],
  } = canonical(kept('order-us'));
  expect(line).toMatchObject({ sku: '1730000000000000002', status: 'completed', sale: true });
  expect(amounts(line!.taxAmount)).toEqual(['1.62']);
});

test.each([
  ['order-gb', 'GB', 'GB-ENG', 'Manchester'],
  ['order-us', 'US', 'US-CA', 'San Jose'],
  ['order-id-masked', 'ID', 'ID-JK', 'South Jakarta'],
])('the place comes from the address levels: %s', (name, country, regionCode, city) => {
  expect(canonical(kept(name)).place).toMatchObject({ country, regionCode, city });
});

test('a masked level counts as not told: no county in place of the town', () => {
  const { recipient_address: address } = kept('order-us') as { recipient_address: { district_info: Record_[] } };
  const masked = address.district_info.map((level) => (level['address_level'] === 'L3' ? { ...level, address_name: 'Sa******' } : level));
  expect(canonical(kept('order-us', { recipient_address: { ...address, district_info: masked } })).place).toEqual({
    country: 'US',
    regionCode: 'US-CA',
    region: 'California',
    city: null,
  });
});

test('an order that has no address yet has no place', () => {
  expect(canonical(kept('order-gb', { recipient_address: undefined, status: 'ON_HOLD' })).place).toEqual({
    country: null,
    regionCode: null,
    region: null,
    city: null,
  });
});

test('the buyer is the keyed hash of the user id, the same as in imported files', () => {
  expect(canonical(kept('order-gb')).buyer).toBe(hash('TikTok', '7494049642642441621'));
  expect(canonical(kept('order-gb', { user_id: '' })).buyer).toBeNull();
});

test.each([
  ['UNPAID', 'unpaid', false],
  ['AWAITING_SHIPMENT', 'to_ship', true],
  ['PARTIALLY_SHIPPING', 'to_ship', true],
  ['AWAITING_COLLECTION', 'to_ship', true],
  ['IN_TRANSIT', 'shipped', true],
  ['DELIVERED', 'delivered', true],
  ['COMPLETED', 'completed', true],
  ['CANCELLED', 'cancelled', false],
  ['SOMETHING_NEW', 'unknown', false],
])('%s is %s', (word, status, sale) => {
  const order = withLine('order-us', { display_status: word }, { status: word });
  expect(order).toMatchObject({ status, platformStatus: word, lines: [{ status, platformStatus: word, sale }] });
});

test('a piece of an order on hold is on hold, though its own word cannot say so, and counts as sold', () => {
  expect(withLine('order-us', { display_status: 'AWAITING_SHIPMENT' }, { status: 'ON_HOLD' })).toMatchObject({
    status: 'on_hold',
    lines: [{ status: 'on_hold', sale: true }],
  });
  expect(withLine('order-us', { display_status: 'CANCELLED' }, { status: 'ON_HOLD' })).toMatchObject({
    lines: [{ status: 'cancelled', sale: false }],
  });
});

test.each([
  ['a sample', { is_sample_order: true }, {}, 'sample'],
  ['a replacement', { is_replacement_order: true }, {}, 'replacement'],
  ['goods in exchange for others', { is_exchange_order: true }, {}, 'replacement'],
  ['a gift', {}, { is_gift: true }, 'gift'],
  ['a prize of a LIVE draw', { order_type: 'ZERO_LOTTERY' }, {}, 'gift'],
])('%s is no sale', (_, changes, line, kind) => {
  expect(withLine('order-us', line, changes)).toMatchObject({ lines: [{ kind, sale: false }] });
});

test.each([
  'Package delivery failed',
  'No se ha podido entregar el paquete',
  'Échec de la livraison',
  'Consegna non riuscita',
  'Zustellung fehlgeschlagen',
  'فشل توصيل الطرد',
  '包裹派送失败',
  'Changed mind',
  undefined,
])('cancelled after a carrier had it, an order came back, whatever the reason reads: %s', (reason) => {
  const [line, order] = [
    { display_status: 'CANCELLED', cancel_reason: reason },
    { status: 'CANCELLED', cancel_reason: reason },
  ];
  expect(withLine('order-us', line, order)).toMatchObject({ outcome: 'returned', lines: [{ outcome: 'returned', sale: false }] });
  expect(withLine('order-us', line, { ...order, collection_time: undefined, delivery_time: undefined })).toMatchObject({
    outcome: 'none',
    lines: [{ outcome: 'none' }],
  });
});

test('packed is not handed over, but for a seller who ships by own means', () => {
  const packed = { status: 'CANCELLED', collection_time: undefined, delivery_time: undefined, rts_time: 1_767_300_000 };
  expect(withLine('order-us', { display_status: 'CANCELLED' }, { ...packed, shipping_type: 'TIKTOK' })).toMatchObject({ outcome: 'none' });
  expect(withLine('order-us', { display_status: 'CANCELLED' }, { ...packed, shipping_type: 'SELLER' })).toMatchObject({
    outcome: 'returned',
  });
});

test('a piece cancelled in an order that goes on left only if it was packed itself', () => {
  const collected = { status: 'IN_TRANSIT', collection_time: 1_767_300_000 };
  expect(withLine('order-us', { display_status: 'CANCELLED', rts_time: undefined }, collected)).toMatchObject({
    lines: [{ status: 'cancelled', outcome: 'none' }],
  });
  expect(withLine('order-us', { display_status: 'CANCELLED', rts_time: 1_767_290_000 }, collected)).toMatchObject({
    lines: [{ status: 'cancelled', outcome: 'returned' }],
  });
});

test('sales tax of 0 outside the US says nothing; in the US it is what a free state asks', () => {
  const tax = (tax_type: string | undefined, tax_amount = '0') => ({ item_tax: [{ tax_type, tax_amount, tax_rate: '0' }] });
  const taxOf = (name: string, line: Record_): (string | null)[] => amounts(withLine(name, line).lines[0]!.taxAmount);
  expect([
    taxOf('order-gb', tax('SALES_TAX')),
    taxOf('order-gb', tax(undefined)),
    taxOf('order-us', tax('SALES_TAX')),
    taxOf('order-gb', tax('VAT')),
    taxOf('order-gb', tax('SALES_TAX', '1.2')),
  ]).toEqual([[null], [null], ['0.00'], ['0.00'], ['1.20']]);
});

test('a free item that tells only what it would have cost is a gift; sold goods stay goods', () => {
  const free = { original_price: '0', sale_price: '0', seller_discount: '0', platform_discount: '0', is_gift: false };
  expect(withLine('order-gb', { ...free, gift_retail_price: '299' })).toMatchObject({ lines: [{ kind: 'gift', sale: false }] });
  expect(withLine('order-gb', { ...free, gift_retail_price: '0' })).toMatchObject({ lines: [{ kind: 'goods', sale: true }] });
  expect(withLine('order-gb', { gift_retail_price: '299' })).toMatchObject({ lines: [{ kind: 'goods', sale: true }] });
});

test('a virtual bundle keeps what it is made of', () => {
  const combined_listing_skus = [
    { product_id: '1', sku_id: '21', seller_sku: 'CUP', sku_count: 2 },
    { product_id: '2', sku_id: '22', seller_sku: '', sku_count: '1' },
    { sku_id: '23' },
  ];
  expect(withLine('order-gb', { combined_listing_skus }).lines[0]!.parts).toEqual([
    { sku: 'CUP', platformSku: '21', quantity: 2 },
    { sku: '22', platformSku: '22', quantity: 1 },
    { sku: '23', platformSku: '23', quantity: 1 },
  ]);
  expect(canonical(kept('order-us')).lines[0]!.parts).toEqual([]);
});

test('product and variant are what the platform says, dots and all', () => {
  expect(withLine('order-gb', { product_name: 'Crema · Noche', sku_name: '1 m · rojo' }).lines[0]).toMatchObject({
    productName: 'Crema · Noche',
    variant: '1 m · rojo',
  });
});

test('a price that is not told is unknown, not 0', () => {
  const {
    lines: [line],
  } = withLine('order-us', { original_price: undefined, sale_price: '', item_tax: undefined });
  expect(amounts(line!.grossSales, line!.netSales, line!.paidAmount, line!.taxAmount)).toEqual([null, null, null, null]);
});

test.each([
  ['id', { id: undefined }, 'id: is missing'],
  ['time', { create_time: 1_767_222_000_000 }, /^create_time: /],
  ['time that never comes', { create_time: 253_402_214_400 }, /^create_time: /],
  ['last change', { update_time: 253_402_214_400 }, /^update_time: /],
  ["payment's time", { paid_time: 253_402_214_400 }, /^paid_time: /],
  ['status', { status: '' }, /^status: /],
  ['payment', { payment: undefined }, 'payment: is missing'],
  ['currency', { payment: { total_amount: '1' } }, 'payment.currency: is missing'],
  ['amount', { payment: { currency: 'GBP', total_amount: '1,5' } }, 'payment.total_amount: is no exact amount'],
  ['lines', { line_items: [] }, /^line_items: /],
  ["a line's SKU", { line_items: [{ id: '1' }] }, 'line_items[0].sku_id: is missing'],
  [
    "a line's price",
    { line_items: [{ id: '1', sku_id: '2', original_price: '1.23456' }] },
    'line_items[0].original_price: is no exact amount',
  ],
  [
    "a line's currency",
    { line_items: [{ id: '1', sku_id: '2', currency: 'EUR' }] },
    'line_items[0].currency: differs from payment.currency',
  ],
  [
    'a line twice',
    {
      line_items: [
        { id: '1', sku_id: '2' },
        { id: '1', sku_id: '2' },
      ],
    },
    'line_items[1].id: repeats',
  ],
  ['a buyer that is no hash', { user_id: '7494049642642441621' }, 'user_id: is no keyed hash'],
])('a record whose %s cannot be read is refused by the name of the field', (_, changes, message) => {
  expect(refusal(kept('order-gb', changes))).toMatch(message);
});

test('unknown fields and words pass', () => {
  expect(canonical(kept('order-gb', { fulfillment_type: 'FULFILLMENT_BY_ROBOT', brand_new: { deep: [1] } })).orderId).toBe(
    '576486316948490001',
  );
});

test('whatever the platform sends, an order is made or the record refused: nothing else happens', () => {
  const paths = [
    'id',
    'status',
    'user_id',
    'create_time',
    'update_time',
    'payment',
    'recipient_address',
    'line_items',
    'paid_time',
    'cancel_reason',
  ];
  const attempt = (document: unknown): void => {
    try {
      canonical(document);
    } catch (error) {
      if (!(error instanceof DocumentRefused)) throw error;
    }
  };
  fc.assert(fc.property(fc.jsonValue(), attempt), { numRuns: 300 });
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => attempt(kept('order-gb', { [path]: value }))),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...Object.keys((fixture('order-gb')['line_items'] as Record_[])[0]!)), fc.jsonValue()),
      (line) => attempt(kept('order-gb', { line_items: [{ ...(fixture('order-gb')['line_items'] as Record_[])[0], ...line }] })),
    ),
    { numRuns: 500 },
  );
});

test('names hold no sign that moves a cursor or turns the letters around it', () => {
  expect(
    withLine('order-gb', { seller_sku: 'HOM\u0007-1', product_name: '\u001B[2JLinen', sku_name: 'Beige\u202E' }).lines[0],
  ).toMatchObject({ sku: 'HOM -1', productName: '[2JLinen', variant: 'Beige' });
});
