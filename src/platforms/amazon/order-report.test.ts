import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../../kernel/json.ts';
import { joinParts, partsThatTell, PLATFORM_TELLER, type OrderPart } from '../../model/order-parts.ts';
import type { Order } from '../../model/order.ts';
import type { Shop } from '../../model/shop.ts';
import { keeping } from './personal.ts';
import { orders } from './orders.ts';
import { ordersIn } from './order-report.ts';

const HEADER =
  'amazon-order-id purchase-date last-updated-date order-status sales-channel sku asin item-status quantity currency item-price ' +
  'ship-city ship-state ship-postal-code ship-country';
const SHOP: Shop = {
  shopId: 1,
  platform: 'Amazon',
  shop: 'Amazon.es',
  zone: 'Europe/Madrid',
  currency: 'EUR',
  completeAt: null,
  region: 'ES',
  vatRate: null,
  connection: null,
};
const at = (hour: number): string => Temporal.Instant.from('2026-11-01T00:00:00Z').add({ hours: hour }).toString();
const WORDS = { UNSHIPPED: 'Unshipped', SHIPPED: 'Shipped' } as const;

interface Told {
  readonly by: 'report' | 'api' | 'api with place';
  readonly hour: number;
}

/** What each source says of one order: it was shipped after ten hours, and each tells it as it was then. */
function documentOf({ by, hour }: Told): Json {
  const status = hour < 10 ? 'UNSHIPPED' : 'SHIPPED';
  if (by === 'report') {
    const row = ['404-1', at(0), at(hour), WORDS[status], 'Amazon.es', 'MANTEL', 'B0', WORDS[status], '1', 'EUR', '15.00'];
    const cells = [...row, 'Zaragoza', 'Zaragoza', '50001', 'ES'];
    return ordersIn({ header: HEADER.split(' '), rows: [cells, cells] })[0]!;
  }
  const money = { amount: '30.00', currencyCode: 'EUR' };
  return {
    orderId: '404-1',
    createdTime: at(0),
    lastUpdatedTime: at(hour),
    salesChannel: { channelName: 'AMAZON', marketplaceId: 'A1RKKUPIHCS9HS' },
    ...(by === 'api' ? {} : { recipient: { deliveryAddress: { city: 'Zaragoza', stateOrRegion: 'Zaragoza', countryCode: 'ES' } } }),
    proceeds: { grandTotal: money },
    fulfillment: { fulfillmentStatus: status },
    orderItems: [
      {
        orderItemId: 'item-1',
        quantityOrdered: 2,
        product: { asin: 'B0', sellerSku: 'MANTEL' },
        proceeds: { proceedsTotal: money, breakdowns: [{ type: 'ITEM', subtotal: money }] },
      },
    ],
  };
}

function partOf(told: Told): OrderPart {
  const document = documentOf(told);
  return { order: orders.toCanonical(document, SHOP), ...(orders.toldBy!(document) ?? { teller: PLATFORM_TELLER, rows: [] }) };
}

/** As the store does it: each delivery is joined with the documents that are still needed. */
function arriving(tellings: readonly Told[]): Order {
  let kept: readonly OrderPart[] = [];
  for (const each of tellings) kept = partsThatTell([...kept, partOf(each)]);
  return joinParts(kept);
}

const telling: fc.Arbitrary<Told> = fc.record({
  by: fc.constantFrom('report', 'api', 'api with place'),
  hour: fc.integer({ min: 0, max: 20 }),
});

test('in whatever order report and API tell of an order, it is the same: places, item ids, the newest state, each piece once', () => {
  const shuffled = fc
    .uniqueArray(telling, { minLength: 1, maxLength: 6, selector: ({ hour }) => hour })
    .chain((told) => fc.tuple(fc.constant(told), fc.shuffledSubarray(told, { minLength: told.length })));
  fc.assert(
    fc.property(shuffled, ([told, other]) => {
      const order = arriving(told);
      expect(arriving(other)).toEqual(order);
      const newest = told.reduce((a, b) => (a.hour > b.hour ? a : b));
      expect(order.status).toBe(newest.hour < 10 ? 'to_ship' : 'shipped');
      expect(order.place.country).toBe(told.some(({ by }) => by !== 'api') ? 'ES' : null);
      expect(order.lines.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(2);
      expect(order.lines.reduce((sum, { grossSales }) => sum + (grossSales ?? 0n), 0n)).toBe(300_000n);
      const isOfApi = told.some(({ by }) => by !== 'report');
      expect(order.lines.map(({ lineId }) => lineId === 'item-1')).toEqual(isOfApi ? [true] : [false, false]);
    }),
  );
});

test('a reported order goes to the marketplace that its channel names, and keeps no more of where it goes than a file does', () => {
  const document = documentOf({ by: 'report', hour: 3 });
  expect([orders.idOf(document), orders.shopOf!(document)]).toEqual(['404-1', 'A1RKKUPIHCS9HS']);
  expect(JSON.stringify(document)).not.toContain('50001');
  expect(keeping.again(document, 'orders', () => 0n)).toEqual(document);
});

test('a row that is no order is refused by its column, and nothing of it is kept', () => {
  const cells = ['', at(0), at(0), 'Shipped', 'Amazon.es', 'S', 'B', 'Shipped', '1', 'EUR', '1.00', 'Zaragoza', '', '50001', 'ES'];
  const [document] = ordersIn({ header: HEADER.split(' '), rows: [cells] });
  expect(JSON.stringify(document)).not.toContain('Zaragoza');
  expect(() => orders.toCanonical(document!, SHOP)).toThrow('amazon-order-id');
});
