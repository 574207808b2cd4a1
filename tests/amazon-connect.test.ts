import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AmazonHandle } from '../simulator/amazon/amazon.ts';
import { openSimulator } from '../simulator/simulator.ts';
import type { ConfiguredApp } from '../src/config.ts';
import { consentQuery, movingClock, type MovingClock } from './connected-shops.ts';
import { EXAMPLES, NOW, openTestApp, type TestApp } from './shop-window.ts';

/** Sells in nine marketplaces of Europe. */
const ESTRELLA = 'A2EH7R5LKQW9ZT';
const HISTORY_DAYS = 3;

let clock: MovingClock;
let simulator: { close(): Promise<void> };
let amazon: AmazonHandle;
let shop: TestApp;
const redirectUrls: string[] = [];

beforeAll(async () => {
  clock = movingClock(NOW);
  const opened = await openSimulator({ clock, scale: 0.5, platforms: { Amazon: { limits: 'off', journal: true, redirectUrls } } });
  simulator = opened;
  amazon = opened.platforms.Amazon;
  shop = await open();
  redirectUrls.push(`${shop.url}/api/Amazon/callback`);
});
afterAll(async () => {
  await shop.close();
  await simulator.close();
});

function open(changes: Partial<ConfiguredApp> = {}): Promise<TestApp> {
  const { clientId: key, clientSecret, applicationId } = amazon.app;
  const app = { platform: 'Amazon', kind: 'SP', key, secrets: [clientSecret], more: { applicationId }, host: amazon.url } as const;
  const sleep = async (milliseconds: number): Promise<void> => clock.advance({ milliseconds: Math.ceil(milliseconds) });
  return openTestApp({ apps: [{ ...app, secrets: [clientSecret], ...changes }], historyDays: HISTORY_DAYS }, clock, { sleep });
}

const comeBack = (query: string) => shop.get(`/api/Amazon/callback${query}`, { accept: 'application/json' });
const searches = () => amazon.journal.filter(({ path }) => path === '/orders/2026-01-01/orders');
const names = async (): Promise<string[]> =>
  (await shop.get('/api/shops')).json.data.map(({ shop: name }: { shop: string }) => name).toSorted();
const EUROPE = ['com.be', 'co.uk', 'de', 'es', 'fr', 'it', 'nl', 'pl', 'se'].map((end) => `Amazon.${end}`).toSorted();

interface StoredOrder extends Readonly<
  Record<'order_id' | 'shop' | 'platform_status' | 'purchased_at' | 'updated_at' | 'currency', string>
> {
  readonly country: string | null;
  readonly region: string | null;
  readonly city: string | null;
  readonly lines: readonly StoredLine[];
}

interface StoredLine extends Readonly<Record<'sku' | 'platform_sku' | 'sku_name' | 'status', string>> {
  readonly quantity: number;
  readonly gross_sales: number | null;
  readonly net_sales: number | null;
}

/** The words of the file for those of the API. */
const WORDS: Readonly<Record<string, string>> = {
  PARTIALLY_SHIPPED: 'Shipping',
  UNFULFILLABLE: 'Cancelled',
  PENDING_AVAILABILITY: 'Pending',
};

/** The report of all orders that tells of them: a row for each line. */
function allOrdersFile(orders: readonly StoredOrder[]): string {
  const rows = orders.flatMap((order) => {
    const word = WORDS[order.platform_status] ?? `${order.platform_status[0]}${order.platform_status.slice(1).toLowerCase()}`;
    return order.lines.map((line) => ({
      'amazon-order-id': order.order_id,
      'purchase-date': order.purchased_at,
      'last-updated-date': order.updated_at,
      'order-status': word,
      'sales-channel': order.shop,
      'product-name': line.sku_name,
      sku: line.sku,
      asin: line.platform_sku,
      'item-status': line.status === 'cancelled' ? 'Cancelled' : word,
      quantity: line.status === 'cancelled' ? 0 : line.quantity,
      currency: order.currency ?? '',
      'item-price': line.gross_sales ?? '',
      'item-tax': '',
      'item-promotion-discount': line.gross_sales === null ? '' : (line.gross_sales - line.net_sales!).toFixed(2),
      'ship-city': order.city ?? '',
      'ship-state': order.region ?? '',
      'ship-postal-code': '',
      'ship-country': order.country ?? '',
    }));
  });
  return [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row))].map((cells) => cells.join('\t')).join('\n');
}

test('without its settings every path of before says which are missing, in the words of the reader, and so does doctor', async () => {
  const bare = await openTestApp();
  try {
    for (const path of ['auth_url/?region=ES', 'getAuthCode/', 'login']) {
      const { status, json } = await bare.get(`/api/Amazon/${path}`);
      expect([status, json.name, json.hint]).toEqual([409, 'app_not_configured', expect.stringContaining('S7_AMAZON_CLIENT_ID')]);
    }
    for (const path of ['refresh_token', 'refreshToken/'])
      expect((await bare.get(`/api/Amazon/${path}`)).json).toMatchObject({ name: 'no_shop_connected' });
    expect((await bare.get('/api/Amazon/callback', { accept: 'application/json' })).json).toMatchObject({ name: 'consent_state_invalid' });
    expect((await bare.get('/api/doctor')).text).toContain('S7_AMAZON_APPLICATION_ID');
  } finally {
    await bare.close();
  }
});

test('an address is given by marketplace, under the keys of before, too; of one that there is not that is said', async () => {
  const { json } = await shop.get('/api/Amazon/getAuthCode/?region=ES');
  expect(json).toMatchObject({ message: 'success', auth_url: json.link, redirect_url: redirectUrls[0] });
  const { json: unknown } = await shop.get('/api/Amazon/auth_url?region=CH', { 'accept-language': 'es' });
  expect(unknown).toMatchObject({ name: 'unknown_name', msg: expect.stringContaining('CH'), hint: expect.stringContaining('ZA') });
});

test('whoever pastes the address of the consent page itself is told what a draft needs', async () => {
  const { auth_url: address } = (await shop.get('/api/Amazon/auth_url?region=ES')).json;
  expect((await comeBack(new URL(address).search)).json).toMatchObject({
    name: 'consent_draft',
    hint: expect.stringContaining('S7_AMAZON_VERSION'),
  });
});

test("a seller who begins in Amazon's own store is connected; a shop that files told of is the same, and is not doubled", async () => {
  await shop.import(EXAMPLES.Amazon);
  const known = await names();
  expect(known).toContain('Amazon.es');
  const entry = await fetch(`${amazon.url}/apps/store/authorize/enter?account=${ESTRELLA}`, { redirect: 'manual' });
  const { search } = new URL(entry.headers.get('location')!);
  const sent = await fetch(`${shop.url}/api/Amazon/login${search}`, { redirect: 'manual' });
  const confirmed = await fetch(sent.headers.get('location')!, { redirect: 'manual' });
  const back = await comeBack(new URL(confirmed.headers.get('location')!).search);
  expect(back.json.shops.toSorted()).toEqual(EUROPE);
  expect(await names()).toEqual([...new Set([...known, ...EUROPE])].toSorted());
  // Nobody is sent to a site that is not Amazon's.
  const foreign = search.replace(encodeURIComponent(amazon.url), encodeURIComponent('https://evil.example'));
  expect((await shop.get(`/api/Amazon/login${foreign}`)).json).toMatchObject({ name: 'invalid_parameter' });
});

test('nine marketplaces take the search calls of one: each page is asked for once, for all of them', async () => {
  await shop.send('/api/sync', { wait: true });
  const asked = searches().map(({ query }) => new URLSearchParams(query).get('marketplaceIds')?.split(',').length);
  expect(asked.length).toBeGreaterThan(1);
  expect(new Set(asked)).toEqual(new Set([9]));
  const { json } = await shop.get('/api/Amazon/order/all/?shape=canonical');
  expect(json.orders.length).toBeGreaterThan(50);
});

test('what lies with Amazon is a product with picture and category, which orders show, too; read again nothing changes', async () => {
  const sync = async (): Promise<Record<string, unknown> | null> => {
    const { json } = await shop.send('/api/sync', { shop: 'Amazon.es', stream: 'products', wait: true });
    expect(json.data).toEqual([expect.objectContaining({ stream: 'products', state: 'done', error: null })]);
    return json.data[0].progress;
  };
  expect(await sync()).toMatchObject({ changed: 0, quarantined: 0 });
  const asked = amazon.journal.filter(({ path }) => path === '/fba/inventory/v1/summaries');
  expect(new Set(asked.map(({ query }) => new URLSearchParams(query).get('marketplaceIds')))).toEqual(new Set(['A1RKKUPIHCS9HS']));
  const { json } = await shop.get('/api/Amazon/order/all/?shape=canonical&shop=Amazon.es');
  const pictures = (json.orders as { lines: { image: string | null }[] }[]).flatMap(({ lines }) => lines.map(({ image }) => image));
  expect(pictures).toContainEqual(expect.stringContaining('https://m.media-amazon.com/'));
  // Nothing new is nothing to tell.
  expect((await sync())?.['added'] ?? 0).toBe(0);
});

test('the same orders in a file of the seller centre change no figure, whichever shop they are of', async () => {
  const reports = ['SalesRank', 'Overview', 'AreaDemand', 'MonthlySalesAnalysis'];
  const asked = ['Amazon.es', 'Amazon.de', 'Amazon.co.uk'].flatMap((name) => reports.map((report) => `${report}/?limit=1000&shop=${name}`));
  const figures = (): Promise<unknown[]> =>
    Promise.all(asked.map(async (question) => (await shop.get(`/api/Amazon/DataScience/${question}`)).json.data));
  const { orders } = (await shop.get('/api/Amazon/order/all/?shape=canonical')).json as { orders: StoredOrder[] };
  // The API writes its words large, which files do not.
  const synced = orders.filter(({ platform_status: word }) => /^[A-Z_]+$/.test(word));
  expect(synced.length).toBeGreaterThan(50);
  const before = await figures();
  const answer = await shop.post('', [{ name: 'file', content: allOrdersFile(synced), filename: 'all-orders.txt' }]);
  expect(answer.json).toMatchObject({ code: 0, preset: 'amazon-all-orders', refused: 0, orders: synced.length, orders_new: 0 });
  expect(await figures()).toEqual(before);
});

test('a new client secret that is not known everywhere yet leaves the old one in use, and no shop is lost', async () => {
  const old = amazon.app.clientSecret;
  const secret = amazon.rotateSecret();
  amazon.faults.secretPropagationSeconds = 1800;
  const again = await open({ secrets: [secret, old] });
  try {
    redirectUrls.push(`${again.url}/api/Amazon/callback`);
    const { auth_url: address } = (await again.get('/api/Amazon/auth_url?region=ES')).json;
    const query = await consentQuery(address, ESTRELLA);
    // The first tokens are got with the new one, which the API does not know yet.
    const back = await again.get(`/api/Amazon/callback${query}`, { accept: 'application/json' });
    expect(back.json.shops?.length).toBe(9);
    expect((await again.send('/api/sync', { wait: true })).json.data).toEqual(
      expect.arrayContaining([expect.objectContaining({ stream: 'orders', state: 'done', error: null })]),
    );
  } finally {
    amazon.faults.secretPropagationSeconds = 0;
    await again.close();
  }
});

test('a seller who withdraws is told as lost; the keys of before hide what is secret', async () => {
  const { json } = await shop.get('/api/Amazon/refreshToken/');
  expect(json).toMatchObject({ message: 'success', data: { access_token: '***', refresh_token: '***', seller_base_region: 'ES' } });
  expect(json.data.refresh_token_expire_in).toBeGreaterThan(json.data.access_token_expire_in + 300 * 86_400);
  amazon.deauthorize(ESTRELLA);
  expect((await shop.get('/api/Amazon/refresh_token')).json).toMatchObject({ name: 'authorization_lost' });
});
