import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AmazonHandle } from '../simulator/amazon/amazon.ts';
import { openSimulator } from '../simulator/simulator.ts';
import { consentQuery, movingClock } from './connected-shops.ts';
import { NOW, openTestApp, type TestApp } from './shop-window.ts';

/** Sells in nine marketplaces of Europe. */
const ESTRELLA = 'A2EH7R5LKQW9ZT';
const SPAIN = 'A1RKKUPIHCS9HS';
const BURST = 20;
/** What the next search waits for once all are spent. */
const NEXT_SECONDS = 179;

let simulator: { close(): Promise<void> };
let amazon: AmazonHandle;
let shop: TestApp;
let isLive = false;

beforeAll(async () => {
  const clock = movingClock(NOW);
  const redirectUrls: string[] = [];
  const opened = await openSimulator({ clock, scale: 0.5, platforms: { Amazon: { limits: 'on', journal: true, redirectUrls } } });
  simulator = opened;
  amazon = opened.platforms.Amazon;
  const { clientId: key, clientSecret, applicationId } = amazon.app;
  const app = { platform: 'Amazon', kind: 'SP', key, secrets: [clientSecret], more: { applicationId }, host: amazon.url } as const;
  const sleep = async (milliseconds: number): Promise<void> => {
    if (isLive) throw new Error('a live call waits');
    clock.advance({ milliseconds: Math.ceil(milliseconds) });
  };
  shop = await openTestApp({ apps: [{ ...app, secrets: [clientSecret] }], historyDays: 1 }, clock, { sleep, rateFactor: 1 });
  redirectUrls.push(`${shop.url}/api/Amazon/callback`);
  const { auth_url: address } = (await shop.get('/api/Amazon/auth_url?region=ES')).json;
  await shop.get(`/api/Amazon/callback${await consentQuery(address, ESTRELLA)}`, { accept: 'application/json' });
  await shop.send('/api/sync', { wait: true });
  clock.advance({ hours: 2 });
  isLive = true;
});
afterAll(async () => {
  await shop.close();
  await simulator.close();
});

const list = (query: string) => shop.get(`/api/Amazon/order/list/?shop=Amazon.es&${query}`);
const searches = () => amazon.journal.filter(({ path }) => path === '/orders/2026-01-01/orders');

test("a live list is Amazon's own JSON of the shop's marketplace, page by page; to whom and where it goes is emptied", async () => {
  const first = await list(
    `page_size=3&body_content=${encodeURIComponent('{"includedData":["RECIPIENT","BUYER","PROCEEDS"],"marketplaceIds":"A1PA6795UKMFR9"}')}`,
  );
  expect(first.status).toBe(200);
  expect(first.json.orders.length).toBe(3);
  const asked = new URLSearchParams(searches().at(-1)!.query);
  expect(Object.fromEntries(asked)).toMatchObject({ includedData: 'RECIPIENT,PROCEEDS', maxResultsPerPage: '3' });
  // Its own, whatever the filters name: here that of Germany.
  expect([asked.get('marketplaceIds'), first.json.orders[0].salesChannel.marketplaceId]).toEqual([SPAIN, SPAIN]);
  expect(first.headers.get('x-s7-redacted')).toContain('orders[].recipient.deliveryAddress.');
  expect(first.json.orders[0].recipient.deliveryAddress.postalCode).toBe('');
  const second = await shop.send('/api/Amazon/order/list_get/?shop=Amazon.es&page_size=3', {
    includedData: ['RECIPIENT', 'BUYER', 'PROCEEDS'],
    paginationToken: first.json.pagination.nextToken,
  });
  expect(second.status).toBe(200);
  const ids = [...first.json.orders, ...second.json.orders].map(({ orderId }) => orderId);
  expect(new Set(ids).size).toBe(6);

  const unknown = '405-0000000-0000000';
  const detail = await shop.get(`/api/Amazon/order/detail/?shop=Amazon.es&order_ids=${ids[0]},${unknown}`);
  expect(detail.json.orders.map(({ orderId }: { orderId: string }) => orderId)).toEqual([ids[0]]);
  const price = await shop.get(`/api/Amazon/order/price_detail/?shop=Amazon.es&order_id=${ids[0]}`);
  expect(price.json.order).toMatchObject({ orderId: ids[0], orderItems: [{ proceeds: expect.anything() }] });
  expect((await list('body_content={"createdAfter":{}}')).json).toMatchObject({ name: 'invalid_parameter' });
});

test.each([
  ['en', 'in 179 seconds'],
  ['zh', '179 秒后'],
  ['es', '179 segundos'],
])('who would wait for the quota is told how long, and that what is stored answers (%s)', async (language, words) => {
  let found = await list('page_size=1');
  for (let i = 0; i < BURST && found.status === 200; i += 1) found = await list('page_size=1');
  const asked = searches().length;
  const headers = { 'accept-language': language };
  const { status, json, headers: answered } = await shop.get('/api/Amazon/order/list/?shop=Amazon.es', headers);
  expect([status, json.name, json.details?.retry_after_seconds]).toEqual([429, 'quota_spent', NEXT_SECONDS]);
  expect(answered.get('retry-after')).toBe(String(NEXT_SECONDS));
  expect([json.msg, json.hint]).toEqual([expect.stringContaining(words), expect.stringContaining('source=store')]);
  expect(searches().length).toBe(asked);
  expect((await shop.get('/api/Amazon/order/list/?shop=Nowhere&source=store')).json).toMatchObject({ name: 'unknown_shop' });
  expect((await list('source=store&page_size=5')).json).toMatchObject({ count: 5, next_page_token: expect.any(String) });
});
