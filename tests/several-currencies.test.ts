import { afterEach, beforeEach, expect, test } from 'vitest';
import { keepRates } from '../src/records/rates/rate-book.ts';
import { fixedClock } from '../src/kernel/clock.ts';
import { PLATFORM_IDS, type ShopIdentity } from '../src/model/shop.ts';
import { reports } from '../src/reports/all.ts';
import { runReport, type ReportAnswer } from '../src/reports/run.ts';
import { openEmptyStore, storeWorld } from './golden-world.ts';
import { placedIn, type OneLine } from './placed.ts';

type Row = Readonly<Record<string, unknown>>;

const EUROS: ShopIdentity = { platform: 'Other', shop: 'Web', zone: 'Europe/Madrid', currency: 'EUR' };
const POUNDS: ShopIdentity = { platform: 'Other', shop: 'Web UK', zone: 'Europe/London', currency: 'GBP' };
const YEN: ShopIdentity = { platform: 'Other', shop: 'Web JP', zone: 'Asia/Tokyo', currency: 'JPY' };

let store: Awaited<ReturnType<typeof openEmptyStore>>;
beforeEach(async () => {
  store = await openEmptyStore();
});
afterEach(() => store.close());

async function sold(...orders: readonly (readonly [ShopIdentity, OneLine])[]): Promise<void> {
  await storeWorld(
    store.engine,
    orders.map(([shop, order]) => placedIn(shop, order)),
  );
}

const rates = (...days: readonly (readonly [day: string, currency: string, rate: string])[]): Promise<void> =>
  store.engine.transaction((tx) =>
    keepRates(
      tx,
      days.map(([day, currency, rate]) => ({ day, currency, rate })),
      'ECB',
    ),
  );

async function ask(name: string, parameters: Record<string, unknown> = {}, now = '2026-05-20T09:00:00Z'): Promise<ReportAnswer> {
  return runReport(
    { engine: store.engine, clock: fixedClock(now) },
    { report: reports.find((each) => each.name === name)!, platforms: PLATFORM_IDS, parameters, language: 'en' },
  );
}

const data = (answer: ReportAnswer, table = 'data'): readonly Row[] => answer.tables[table] as readonly Row[];

test("what is paid back for an order of before the window is at the rate of that order's day", async () => {
  await sold(
    [EUROS, { id: '1', at: '2026-04-06T10:00', money: '10' }],
    [POUNDS, { id: '2', at: '2026-02-10T10:00', money: '40', back: { at: '2026-04-14T10:00', refund: '40' } }],
    [POUNDS, { id: '3', at: '2026-04-14T09:00', money: '6', back: { at: '2026-04-14T11:00', refund: '6' } }],
  );
  await rates(['2026-02-10', 'GBP', '0.8'], ['2026-04-14', 'GBP', '0.75']);
  // 40 / 0.8 = 50 and 6 / 0.75 = 8.
  const april = { from: '2026-04-01', to: '2026-04-30' };
  expect(
    data(await ask('Reconcile', april)).map(({ day, shop, returned_units, refunded_amount }) => [
      day,
      shop,
      returned_units,
      refunded_amount,
    ]),
  ).toEqual([
    ['2026-04-14', 'Web UK', 2, 58],
    ['2026-04-06', 'Web', 0, 0],
  ]);
  expect(data(await ask('ReturnRate', { ...april, basis: 'event' }), 'by_platform')).toMatchObject([
    { refund_amount: 58, sales_amount: 18 },
  ]);
});

test('days of cancelled, unpaid and undelivered orders have their rates', async () => {
  await sold(
    [EUROS, { id: '0', at: '2026-04-06T10:00', money: '10' }],
    [POUNDS, { id: '1', at: '2026-04-07T10:00', money: '20' }],
    [POUNDS, { id: '2', at: '2026-04-08T10:00', money: '60', status: 'cancelled', outcome: 'returned' }],
    [POUNDS, { id: '3', at: '2026-04-09T10:00', money: '8', status: 'unpaid' }],
    [POUNDS, { id: '4', at: '2026-04-10T10:00', money: '12', status: 'cancelled' }],
  );
  await rates(['2026-04-07', 'GBP', '0.8'], ['2026-04-08', 'GBP', '0.75'], ['2026-04-09', 'GBP', '0.5'], ['2026-04-10', 'GBP', '0.4']);
  expect(data(await ask('Reconcile')).map(({ day, amount }) => [day, amount])).toEqual([
    ['2026-04-10', 30],
    ['2026-04-09', 16],
    ['2026-04-08', 80],
    ['2026-04-07', 25],
    ['2026-04-06', 10],
  ]);
  // Sold or undelivered: 10 + 20 / 0.8 + 60 / 0.75.
  expect(data(await ask('ReturnRate'), 'by_platform')).toMatchObject([{ sales_amount: 115, sell_count: 2, undelivered_count: 1 }]);
  expect(data(await ask('ReturnRate', { shop: POUNDS.shop, currency: 'EUR' }))).toMatchObject([{ sales_amount: 105 }]);
});

test('buyers are held against a scale in its own currency; two are never added', async () => {
  await sold(
    [EUROS, { id: '1', at: '2026-04-01T10:00', money: '200', buyer: 1n }],
    [EUROS, { id: '2', at: '2026-04-01T11:00', money: '200', buyer: 2n }],
    [YEN, { id: '3', at: '2026-05-20T05:00', money: '24000', buyer: 1n }],
    [YEN, { id: '4', at: '2026-04-01T11:00', money: '24000', buyer: 3n }],
  );
  await rates(['2026-04-01', 'JPY', '160'], ['2026-05-20', 'JPY', '150']);
  // Half past six in Tokyo on the 20th is the evening of the 19th in Madrid: nobody bought in the future.
  const { tables } = await ask('BuyerAnalysis', {}, '2026-05-19T21:30:00Z');
  // Buyer 1: 200 EUR at 160 = 32,000 JPY and 24,000: 56,000 reach the second cut of 24,000, 48,000, 72,000, 120,000, so M 3; in euros 200 +
  // 24000 / 150 = 360.
  expect(
    (tables.data as readonly Row[]).map(({ total_amount, order_count, m, recency_days }) => [total_amount, order_count, m, recency_days]),
  ).toEqual([
    [360, 2, 3, 0],
    [200, 1, 2, 48],
    [150, 1, 2, 49],
  ]);
  expect((tables['scales'] as readonly Row[]).map(({ shop, currency, amounts }) => [shop, currency, amounts])).toEqual([
    ['Web', 'EUR', [200, 400, 600, 1000]],
    ['Web JP', 'JPY', [24000, 48000, 72000, 120000]],
  ]);
  // Side by side nothing is converted: who bought in one currency has a score, who bought in two has none.
  const apart = await ask('BuyerAnalysis', { currency: 'native' }, '2026-05-19T21:30:00Z');
  expect(
    data(apart)
      .map(({ order_count, m }) => [order_count, m])
      .toSorted(),
  ).toEqual([
    [1, 2],
    [1, 2],
    [2, null],
  ]);
  expect(apart.nulls['m']).toContain('by_currency');
});

test('a price is rounded once, from its exact amount', async () => {
  await sold(
    [EUROS, { id: '0', at: '2026-04-06T10:00', sku: 'B', money: '1' }],
    [POUNDS, { id: '1', at: '2026-04-07T10:00', money: '8.1445' }],
    [POUNDS, { id: '2', at: '2026-04-07T11:00', money: '73.4805', quantity: 3 }],
  );
  await rates(['2026-04-07', 'GBP', '0.9']);
  // A pound is 1.111111111111 euros. 8.1445 are 9.04944…; 73.4805 for three are 27.21499999997 each, by way of four digits (81.6450) they
  // would be 27.22. All together 81.625 pounds for four are 22.6736…
  const row = data(await ask('OrderAnalysis')).find(({ product_name }) => product_name === 'A')!;
  expect([row['min_sale_price'], row['max_sale_price'], row['avg_sale_price']]).toEqual([9.05, 27.21, 22.67]);
});

test('a price just below a half stays below it', async () => {
  await sold(
    [EUROS, { id: '0', at: '2026-04-06T10:00', sku: 'B', money: '1' }],
    [POUNDS, { id: '1', at: '2026-04-07T10:00', money: '5.3633' }],
  );
  await rates(['2026-04-07', 'GBP', '0.66666600']);
  // 5.3633 × 1.500001500002 = 8.044958…, to four digits 8.0450, to two 8.05; at once 8.04.
  const row = data(await ask('OrderAnalysis')).find(({ product_name }) => product_name === 'A')!;
  expect([row['min_sale_price'], row['max_sale_price'], row['avg_sale_price']]).toEqual([8.04, 8.04, 8.04]);
});

test(
  'where nobody asked for a currency and a rate is missing, everything but money is told, with the remedy; an order by money is ' +
    'refused',
  async () => {
    await sold(
      [EUROS, { id: '1', at: '2026-04-06T10:00', money: '10' }],
      [POUNDS, { id: '2', at: '2026-04-07T10:00', money: '20', quantity: 3 }],
    );
    const answer = await ask('SalesRank');
    expect(data(answer)).toMatchObject([
      {
        sku: 'A',
        sales: 4,
        orders: 2,
        revenue: null,
        by_currency: [
          { currency: 'EUR', amount: 10 },
          { currency: 'GBP', amount: 20 },
        ],
      },
    ]);
    expect(answer.nulls['revenue']).toMatch(/^No GBP\/EUR rate for 2026-04-07: .*s7 fx fetch/);
    expect(data(await ask('PlatformComparison'))).toMatchObject([{ units: 4, revenue: null, share: 100 }]);
    await expect(ask('SalesRank', { currency: 'EUR' })).rejects.toMatchObject({ code: 'exchange_rate_missing' });
    await expect(ask('SalesRank', { sort: 'revenue' })).rejects.toMatchObject({ code: 'exchange_rate_missing' });
    await expect(ask('SalesRank', { sort: 'revenue', currency: 'native' })).rejects.toMatchObject({ code: 'invalid_parameter' });
  },
);
