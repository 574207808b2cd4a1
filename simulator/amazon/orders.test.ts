import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Clock } from '../../src/kernel/clock.ts';
import { openSimulator, type Simulator } from '../simulator.ts';
import { sum } from '../trade/basket.ts';
import type { AmazonHandle, AmazonOptions } from './amazon.ts';
import type { AmazonFaults } from './amazon-faults.ts';
import { AmazonClient, type Answer } from './client.ts';
import { HAS_MODELS, faultsIn, sandboxCases } from '../../tests/amazon-models.ts';

const ESTRELLA = 'A2EH7R5LKQW9ZT';
const LONE_STAR = 'A1LS6TXW3QK8BF';
const ORDERS = '/orders/2026-01-01/orders';
const ALL = 'RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX';

let now = Temporal.Instant.from('2026-06-15T10:00:00Z');
const clock: Clock = { now: () => now };
let simulator: Simulator<{ Amazon: AmazonOptions }>;
let amazon: AmazonHandle;
let client: AmazonClient;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  simulator = await openSimulator({ clock, scale: 0.4, platforms: { Amazon: { limits: 'off', accessTokenSeconds: 1e9 } } });
  amazon = simulator.platforms.Amazon;
  client = new AmazonClient(amazon);
  for (const account of [ESTRELLA, LONE_STAR]) tokens[account] = (await client.connect(account)).token;
});
afterAll(() => simulator.close());

// oxlint-disable-next-line typescript/no-explicit-any
type Wire = any;
const search = (query: Record<string, string>, account = ESTRELLA): Promise<Answer> =>
  client.call(ORDERS, { query, token: tokens[account], region: account === ESTRELLA ? 'eu' : 'na' });

/** A whole walk, with its pages. */
async function walk(query: Record<string, string>, account = ESTRELLA): Promise<{ orders: Wire[]; pages: Answer[] }> {
  const pages: Answer[] = [];
  let token: string | undefined;
  do {
    const answer = await search({ ...query, ...(token === undefined ? {} : { paginationToken: token }) }, account);
    expect([answer.status, answer.text.slice(0, 200)]).toEqual([200, answer.text.slice(0, 200)]);
    pages.push(answer);
    token = answer.json.pagination?.nextToken;
  } while (token !== undefined);
  return { orders: pages.flatMap(({ json }) => json.orders), pages };
}

const ids = (orders: readonly Wire[]): string[] => orders.map(({ orderId }) => orderId);
const refusal = async (query: Record<string, string>): Promise<string> => {
  const { status, json } = await search(query);
  return `${status} ${json.errors?.[0].code}`;
};

test('one walk over all marketplaces finds each order that has changed once; shop by shop it finds the same', async () => {
  const bounds = { lastUpdatedAfter: '2026-05-20T00:00:00Z', lastUpdatedBefore: '2026-06-10T00:00:00Z' };
  const marketplaces = amazon.world.shops.filter(({ seller }) => seller === 'estrella-hogar').map(({ marketplace }) => marketplace.id);
  const { orders, pages } = await walk({ ...bounds, marketplaceIds: marketplaces.join(','), includedData: 'FULFILLMENT' });
  const [after, before, at] = [bounds.lastUpdatedAfter, bounds.lastUpdatedBefore, now].map(
    (each) => Temporal.Instant.from(each).epochMilliseconds,
  );
  const known = amazon.world.shops
    .filter(({ seller }) => seller === 'estrella-hogar')
    .flatMap((shop) => [...amazon.world.orders(shop, at! / 1000)])
    .filter((order) => {
      const { updatedMs } = amazon.world.stateOf(order, at! / 1000);
      return updatedMs >= after! && updatedMs <= before!;
    });
  expect(known.length).toBeGreaterThan(120);
  expect(pages.length).toBeGreaterThan(1);
  expect(ids(orders).toSorted()).toEqual(known.map(({ id }) => id).toSorted());
  const alone = [];
  for (const id of marketplaces) alone.push(...(await walk({ ...bounds, marketplaceIds: id })).orders);
  expect(ids(alone).toSorted()).toEqual(ids(orders).toSorted());
  expect(new Set(orders.map(({ fulfillment }) => fulfillment.fulfillmentStatus)).size).toBeGreaterThan(1);
  expect(orders.map(({ lastUpdatedTime }) => lastUpdatedTime.slice(0, 19))).toEqual(
    orders.map(({ lastUpdatedTime }) => lastUpdatedTime.slice(0, 19)).toSorted(),
  );
});

test('by creation the same orders are found at their first second', async () => {
  const { orders } = await walk({ createdAfter: '2026-06-01T00:00:00Z', createdBefore: '2026-06-08T00:00:00Z' });
  expect(orders.length).toBeGreaterThan(50);
  for (const { createdTime } of orders) expect(createdTime > '2026-06-01' && createdTime < '2026-06-08').toBe(true);
});

test('exactly one After, its own Before, both two minutes old, and nothing but what is allowed', async () => {
  const after = { lastUpdatedAfter: '2026-06-01T00:00:00Z' };
  expect(await refusal({})).toBe('400 InvalidInput');
  expect(await refusal({ ...after, createdAfter: '2026-06-01T00:00:00Z' })).toBe('400 InvalidInput');
  expect(await refusal({ ...after, createdBefore: '2026-06-02T00:00:00Z' })).toBe('400 InvalidInput');
  expect(await refusal({ ...after, lastUpdatedBefore: '2026-05-01T00:00:00Z' })).toBe('400 InvalidInput');
  expect(await refusal({ ...after, lastUpdatedBefore: '2026-06-15T09:58:01Z' })).toBe('400 InvalidInput');
  expect(await refusal({ lastUpdatedAfter: '2026-06-01T00:00:00+09:00' })).toBe('400 InvalidInput');
  const wrong: Record<string, string>[] = [
    { includedData: 'EVERYTHING' },
    { fulfillmentStatuses: 'Shipped' },
    { maxResultsPerPage: '101' },
    { marketplaceIds: 'A0' },
  ];
  for (const more of wrong) expect(await refusal({ ...after, ...more })).toBe('400 InvalidInput');
  expect((await search({ ...after, lastUpdatedBefore: '2026-06-15T09:58:00Z', maxResultsPerPage: '1' })).status).toBe(200);
});

test('a page token holds for a day and for the same words, but for the size of the page', async () => {
  const query = { lastUpdatedAfter: '2026-05-01T00:00:00Z', maxResultsPerPage: '2' };
  const first = await search(query);
  const paginationToken = first.json.pagination.nextToken;
  expect((await search({ ...query, paginationToken, maxResultsPerPage: '5' })).status).toBe(200);
  const changed = await search({ ...query, paginationToken, lastUpdatedAfter: '2026-05-01T00:00:00.000Z' });
  expect(changed.json.errors[0].message).toContain('All parameters must match');
  const then = now;
  now = now.add({ hours: 24, seconds: 1 });
  expect((await search({ ...query, paginationToken })).status).toBe(400);
  now = then;
});

test('nothing is shown that was not asked for, and of the buyer nothing without the role', async () => {
  const query = { lastUpdatedAfter: '2026-06-01T00:00:00Z', maxResultsPerPage: '100' };
  const { json } = await search(query);
  for (const order of json.orders) {
    expect(Object.keys(order).toSorted()).toEqual(
      ['associatedOrders', 'createdTime', 'lastUpdatedTime', 'orderId', 'orderItems', 'programs', 'salesChannel'].toSorted(),
    );
    for (const item of order.orderItems) expect(Object.keys(item).toSorted()).toEqual(['orderItemId', 'product', 'quantityOrdered']);
  }
  const full = await search({ ...query, includedData: 'BUYER,RECIPIENT' });
  for (const { buyer, recipient } of full.json.orders) {
    expect(buyer).toBeUndefined();
    expect(Object.keys(recipient.deliveryAddress)).toEqual(['city', 'stateOrRegion', 'postalCode', 'countryCode']);
  }
  const withRole = await openSimulator({ clock, scale: 0.1, platforms: { Amazon: { roles: ['shipping'] } } });
  const other = new AmazonClient(withRole.platforms.Amazon);
  const { token } = await other.connect(ESTRELLA);
  const personal = await other.call(ORDERS, { query: { ...query, includedData: 'BUYER,RECIPIENT' }, token });
  expect(personal.json.orders[0].recipient.deliveryAddress.name).toBe(personal.json.orders[0].buyer.buyerName);
  await withRole.close();
});

test('money adds up: signed parts to the total of a line, lines to that of the order, prices times pieces to goods', async () => {
  for (const account of [ESTRELLA, LONE_STAR]) {
    const { orders } = await walk({ lastUpdatedAfter: '2026-05-15T00:00:00Z', includedData: ALL }, account);
    const cents = ({ amount }: { amount: string }): number => Math.round(Number(amount) * 100);
    const types = new Set<string>();
    for (const { proceeds, orderItems, fulfillment } of orders) {
      for (const { proceeds: own, product, fulfillment: pieces } of orderItems) {
        if (own === undefined) continue;
        for (const { type } of own.breakdowns) types.add(type);
        expect(cents(own.proceedsTotal)).toBe(sum(own.breakdowns.map(({ subtotal }: Wire) => cents(subtotal))));
        const goods = own.breakdowns.find(({ type }: Wire) => type === 'ITEM');
        if (goods)
          expect(cents(goods.subtotal)).toBe(cents(product.price.unitPrice) * (pieces.quantityFulfilled + pieces.quantityUnfulfilled));
      }
      if (proceeds === undefined)
        expect(['PENDING', 'CANCELLED', 'UNFULFILLABLE', 'SHIPPED', 'UNSHIPPED']).toContain(fulfillment.fulfillmentStatus);
      else expect(cents(proceeds.grandTotal)).toBe(sum(orderItems.map(({ proceeds: own }: Wire) => cents(own.proceedsTotal))));
    }
    expect([...types]).toEqual(expect.arrayContaining(['ITEM', 'SHIPPING', 'DISCOUNT', ...(account === ESTRELLA ? [] : ['TAX'])]));
  }
});

test('an order goes from PENDING to SHIPPED, what is cancelled is missing from its pieces, and delivery is not told', () => {
  const at = now.epochMilliseconds / 1000;
  const seen = new Map<string, number>();
  for (const shop of amazon.world.shops) {
    for (const order of amazon.world.orders(shop, at)) {
      const { status } = amazon.world.stateOf(order, at);
      seen.set(status, (seen.get(status) ?? 0) + 1);
      expect(amazon.world.find(order.id, at)?.life.serial).toBe(order.life.serial);
      const { times } = order.course;
      for (let step = 1; step < times.length; step++) expect(times[step]!).toBeGreaterThan(times[step - 1]!);
    }
  }
  expect([...seen.keys()].toSorted()).toEqual(
    [
      'CANCELLED',
      'PENDING',
      'SHIPPED',
      'UNFULFILLABLE',
      'UNSHIPPED',
      ...(seen.has('PARTIALLY_SHIPPED') ? ['PARTIALLY_SHIPPED'] : []),
    ].toSorted(),
  );
});

test('an order is found by its id in the account it belongs to, an id that looks like none is refused', async () => {
  const { json } = await search({ lastUpdatedAfter: '2026-06-01T00:00:00Z', includedData: 'PROCEEDS' });
  const [order] = json.orders;
  const alone = await client.call(`${ORDERS}/${order.orderId}`, { token: tokens[ESTRELLA], query: { includedData: 'PROCEEDS' } });
  expect(alone.json).toEqual({ order });
  expect((await client.call(`${ORDERS}/${order.orderId}`, { token: tokens[LONE_STAR], region: 'na' })).status).toBe(404);
  expect((await client.call(`${ORDERS}/TEST_CASE_400`, { token: tokens[ESTRELLA] })).status).toBe(400);
});

test('faults of orders befall one of several shops in the same call, and are over when they are over', async () => {
  const [spain] = amazon.world.shops;
  const query = { lastUpdatedAfter: '2026-06-06T00:00:00Z', includedData: ALL };
  const sound = (await walk(query)).orders;
  const bent: Partial<AmazonFaults>[] = [
    { unknownFields: 1 },
    { unknownStatus: 1 },
    { missingField: { kind: 'order', field: 'salesChannel', share: 1 } },
    { positiveDiscounts: 1 },
    { brokenProceeds: 1 },
    { lineQuantity0: 1 },
    { piiFlicker: 1 },
    { recipientWithoutRole: 'absent' },
    { listOmitsOrder: 1 },
  ];
  for (const planted of bent) {
    amazon.plant(planted, { shop: spain!, until: now.add({ seconds: 1 }) });
    const orders = new Map((await walk(query)).orders.map((order) => [order.orderId, order]));
    const changed = sound.filter((order) => JSON.stringify(orders.get(order.orderId)) !== JSON.stringify(order));
    expect([Object.keys(planted)[0], changed.length > 0]).toEqual([Object.keys(planted)[0], true]);
    for (const { salesChannel } of changed)
      expect(['NON_AMAZON', spain!.marketplace.id]).toContain(salesChannel.marketplaceId ?? 'NON_AMAZON');
    now = now.add({ seconds: 1 });
    expect((await walk(query)).orders.length).toBe(sound.length);
  }
  expect(amazon.met.listOmitsOrder).toBeGreaterThan(0);
});

test('faults of walks: several marketplaces at once find nothing, rows come again, tokens are lost, time goes on', async () => {
  const marketplaceIds = 'A1RKKUPIHCS9HS,A13V1IB3VIYZZH';
  const query = { lastUpdatedAfter: '2026-05-01T00:00:00Z', maxResultsPerPage: '20' };
  amazon.plant({ multiMarketplaceBlind: 1 }, { until: now.add({ seconds: 1 }) });
  expect((await search({ ...query, marketplaceIds })).json.orders).toEqual([]);
  expect((await search({ ...query, marketplaceIds: 'A1RKKUPIHCS9HS' })).json.orders.length).toBeGreaterThan(0);
  now = now.add({ seconds: 1 });
  amazon.plant({ duplicates: 1 }, { until: now.add({ seconds: 1 }) });
  const { orders } = await walk({ ...query, lastUpdatedAfter: '2026-06-01T00:00:00Z' });
  expect(new Set(ids(orders)).size).toBeLessThan(orders.length);
  now = now.add({ seconds: 1 });
  const paginationToken = (await search(query)).json.pagination.nextToken;
  amazon.plant({ forgottenPages: 1 }, { calls: 1 });
  expect((await search({ ...query, paginationToken })).status).toBe(400);
  const before = amazon.second();
  amazon.plant({ secondsPerPage: 60 }, { calls: 1 });
  await search({ ...query, paginationToken });
  expect(amazon.second() - before).toBe(60);
});

test.skipIf(!HAS_MODELS)("answers are what Amazon's models say they are", async () => {
  const { pages } = await walk({ lastUpdatedAfter: '2026-06-01T00:00:00Z', includedData: ALL });
  for (const { json } of pages) expect(faultsIn('orders_2026-01-01.json', 'SearchOrdersResponse', json)).toEqual([]);
  const american = await walk({ lastUpdatedAfter: '2026-06-01T00:00:00Z', includedData: ALL }, LONE_STAR);
  for (const { json } of american.pages) expect(faultsIn('orders_2026-01-01.json', 'SearchOrdersResponse', json)).toEqual([]);
  const seller = await client.call('/sellers/v1/marketplaceParticipations', { token: tokens[ESTRELLA] });
  expect(faultsIn('sellers.json', 'GetMarketplaceParticipationsResponse', seller.json)).toEqual([]);
  const refused = await search({});
  expect(faultsIn('orders_2026-01-01.json', 'ErrorList', refused.json)).toEqual([]);
});

test.skipIf(!HAS_MODELS)(
  'the questions of the static sandbox are answered alike: the same status, and no member that the model lacks',
  async () => {
    const cases = sandboxCases().filter(({ model }) => ['orders_2026-01-01.json', 'sellers.json'].includes(model));
    const shape = (json: Wire): string[] => Object.keys(json).toSorted();
    let tried = 0;
    for (const { operationId, path, status, parameters } of cases) {
      if (operationId === 'getAccount' || (operationId !== 'getMarketplaceParticipations' && status === 200)) continue;
      const query = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
      const answer = await client.call(path.replace('{orderId}', query['orderId'] ?? ''), { query, token: tokens[ESTRELLA] });
      expect([operationId, answer.status]).toEqual([operationId, status]);
      expect(shape(answer.json)).toEqual(status === 200 ? ['payload'] : ['errors']);
      tried += 1;
    }
    expect(tried).toBe(3);
  },
);
