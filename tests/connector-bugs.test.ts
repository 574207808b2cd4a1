import { afterEach, expect, test } from 'vitest';
import { ACCOUNTS } from '../simulator/tiktok/shops.ts';
import type { TikTokShop } from '../simulator/tiktok/shops.ts';
import { STATUSES } from '../simulator/tiktok/statuses.ts';
import { keepCheckpoint, readCheckpoint } from '../src/records/runs/sync-log.ts';
import { openConnectedShops, type ConnectedShops } from './connected-shops.ts';

/** What really bit connectors of others, each planted for one of several shops, with the end that is right. */
const [SPAIN, BRITAIN] = ['Estrella Hogar España', 'Estrella Hogar UK'] as const;
const DAYS = 2;

const open: ConnectedShops[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function opened(options: Parameters<typeof openConnectedShops>[0] = {}): Promise<ConnectedShops> {
  const connected = await openConnectedShops({ settings: { historyDays: DAYS }, scale: 0.5, journal: true, ...options });
  open.push(connected);
  return connected;
}

async function seller(options: Parameters<typeof openConnectedShops>[0] = {}): Promise<ConnectedShops> {
  const connected = await opened(options);
  expect((await connected.consent('ES', 'estrella-hogar')).status).toBe(200);
  return connected;
}

const shopOf = ({ simulator }: ConnectedShops, name: string): TikTokShop => simulator.world.shops.find((shop) => shop.name === name)!;
const requests = ({ simulator }: ConnectedShops, path: string): number => simulator.journal.filter((each) => each.path === path).length;
const REFRESH = '/api/v2/token/refresh';

/** How the orders of each shop ended, by name. */
async function ends(connected: ConnectedShops): Promise<Record<string, string>> {
  return Object.fromEntries((await connected.sync()).map(({ shop, state, error }) => [shop, error ?? state]));
}

/** What is stored of a shop, and what the platform has. */
async function compared(connected: ConnectedShops, name: string): Promise<{ stored: string[]; world: string[] }> {
  const now = connected.clock.now().epochMilliseconds / 1000;
  // History is counted from the first run.
  const [reached] = await connected.rows(`
    SELECT epoch_ms(c.covered_from) AS ms FROM checkpoints c JOIN shops h ON h.shop_id = c.shop_id WHERE c.stream = 'orders' AND h.shop = '${name}'`);
  const since = Number(reached!['ms']) / 1000;
  expect(now - since).toBeGreaterThan(DAYS * 86_400 - 1);
  const rows = await connected.rows(`
    SELECT order_id || ' ' || platform_status AS told FROM orders o JOIN shops h ON h.shop_id = o.shop_id
    WHERE h.shop = '${name}' AND epoch(o.updated_at) >= ${since}`);
  const world = [...connected.simulator.world.orders(shopOf(connected, name), now)].flatMap(({ id, life: { times, stages } }) => {
    const reached = times.findLastIndex((time) => time <= now);
    return times[reached]! < since ? [] : [`${id} ${STATUSES[stages[reached]!]}`];
  });
  return { stored: rows.map(({ told }) => String(told)).toSorted(), world: world.toSorted() };
}

/** That both shops are stored as the platform has them. */
async function expectWhole(connected: ConnectedShops): Promise<void> {
  for (const name of [SPAIN, BRITAIN]) {
    const { stored, world } = await compared(connected, name);
    expect(world.length).toBeGreaterThan(10);
    expect(stored).toEqual(world);
  }
}

test('consent whose shops are not released yet is kept, says so, and is completed later without another consent', async () => {
  const connected = await opened();
  const { simulator, clock } = connected;
  simulator.plant({ emptyShopList: 1 }, { account: 'estrella-hogar', until: clock.now().add({ minutes: 90 }) });
  const answer = await connected.consent('ES', 'estrella-hogar');
  expect(answer.json).toMatchObject({ seller: 'Estrella Hogar', shops: [] });
  const page = await connected.shops.get(`/api/TikTok/callback${await connected.consentQuery('ES', 'estrella-hogar')}`);
  expect(page.text).toContain('released');
  await connected.shops.app.look();
  expect((await connected.shops.get('/api/shops')).json.data).toEqual([]);
  expect(await connected.rows('SELECT state, tokens IS NOT NULL AS sealed FROM authorizations')).toEqual([
    { state: 'active', sealed: true },
  ]);
  const consents = requests(connected, '/open/authorize/decide');
  clock.advance({ hours: 2 });
  await connected.shops.app.look();
  expect((await connected.shops.get('/api/shops')).json.data.map(({ shop }: { shop: string }) => shop)).toEqual([SPAIN, BRITAIN]);
  expect(requests(connected, '/open/authorize/decide')).toBe(consents);
  await connected.syncAll();
  await expectWhole(connected);
});

test('a token refused for its header is read anew and refreshed once: no shop is taken for lost, no neighbour notices', async () => {
  const connected = await seller();
  const { simulator } = connected;
  simulator.plant({ refusedTokenHeader: 1 }, { shop: shopOf(connected, BRITAIN), calls: 1 });
  expect(await ends(connected)).toEqual({ [SPAIN]: 'done', [BRITAIN]: 'done' });
  expect([simulator.met.refusedTokenHeader, requests(connected, REFRESH)]).toEqual([1, 1]);
  await expectWhole(connected);
});

test('and one that is refused on and on ends that run by its code, not the connection, and heals by itself', async () => {
  const connected = await seller();
  const { simulator, clock } = connected;
  await connected.syncAll();
  simulator.plant({ refusedTokenHeader: 1 }, { shop: shopOf(connected, BRITAIN), until: clock.now().add({ hours: 3 }) });
  clock.advance({ hours: 2 });
  expect(await ends(connected)).toEqual({ [SPAIN]: 'done', [BRITAIN]: 'platform_refused' });
  expect(await connected.rows('SELECT state, error FROM authorizations')).toEqual([{ state: 'active', error: null }]);
  clock.advance({ hours: 2 });
  expect(await ends(connected)).toEqual({ [SPAIN]: 'done', [BRITAIN]: 'done' });
  await expectWhole(connected);
});

test('a seller who comes back without our state is told the next step; the code is not exchanged, the attempt is in the log', async () => {
  const said: string[] = [];
  const connected = await opened({ say: (line) => said.push(line) });
  connected.simulator.plant({ lostState: 1 }, { account: 'estrella-hogar' });
  const answer = await connected.consent('ES', 'estrella-hogar');
  expect(answer.status).toBe(400);
  expect(answer.json).toMatchObject({ name: 'consent_state_invalid', hint: expect.stringContaining('s7 connect') });
  expect(answer.text).not.toMatch(/estrella/i);
  expect(requests(connected, '/api/v2/token/get')).toBe(0);
  expect(said.filter((line) => line.includes('consent_state_invalid'))).toHaveLength(1);
  expect(connected.simulator.met.lostState).toBe(1);
});

test.each([
  ['a throttle told within HTTP 200', { throttledWithin200: 1 }, 'platform_busy'],
  ['HTTP 200 with nothing in it', { emptyAnswer: 1 }, 'platform_unreachable'],
] as const)('%s is waited for, and moves no cursor when it lasts: no empty page is taken for no orders', async (_what, faults, error) => {
  const connected = await seller();
  const { simulator, clock } = connected;
  simulator.plant(faults, { shop: shopOf(connected, BRITAIN), calls: 2 });
  expect(await ends(connected)).toEqual({ [SPAIN]: 'done', [BRITAIN]: 'done' });
  await connected.syncAll();
  await expectWhole(connected);

  const reached = () =>
    connected.rows(
      `SELECT h.shop, covered_to FROM checkpoints c JOIN shops h USING (shop_id) WHERE stream = 'orders' AND shop = '${BRITAIN}'`,
    );
  const before = await reached();
  clock.advance({ hours: 5 });
  simulator.plant(faults, { shop: shopOf(connected, BRITAIN), until: clock.now().add({ hours: 6 }) });
  expect(await ends(connected)).toEqual({ [SPAIN]: 'done', [BRITAIN]: error });
  expect(await reached()).toEqual(before);
  clock.advance({ hours: 7 });
  await connected.syncAll();
  await expectWhole(connected);
  expect(Object.keys(faults).filter((name) => simulator.met[name as keyof typeof faults] < 3)).toEqual([]);
});

test('two registrations, three sellers at once: each call and each refresh carries app and token of its own connection', async () => {
  const connected = await seller({ settings: { historyDays: 1 }, scale: 0.3 });
  for (const [region, account] of [
    ['MX', 'luz-de-casa'],
    ['US', 'lone-star-living'],
  ] as const)
    expect((await connected.consent(region, account)).status).toBe(200);
  const { simulator, clock } = connected;
  await Promise.all([connected.syncAll(undefined, 'orders'), connected.shops.get('/api/TikTok/order/list/?shop=Luz%20de%20Casa%20MX')]);
  clock.advance({ hours: 10 });
  simulator.expireAccessTokens();
  await connected.syncAll(undefined, 'orders');
  const calls = simulator.journal.filter(({ token }) => token !== undefined);
  for (const { id, app, shops } of ACCOUNTS) {
    const own = calls.filter(({ account }) => account === id);
    expect(own.some(({ path }) => path === REFRESH)).toBe(true);
    expect(new Set(own.map((each) => each.app))).toEqual(new Set([simulator.apps[app].key]));
    expect(new Set(own.flatMap(({ shop }) => shop ?? []))).toEqual(new Set(shops.map(({ name }) => name)));
  }
  // A token is one seller's, whoever asks beside.
  const owners = Map.groupBy(calls, ({ token }) => token!);
  expect([...owners.values()].filter((each) => new Set(each.map(({ account }) => account)).size > 1)).toEqual([]);
  expect(owners.size).toBeGreaterThan(ACCOUNTS.length);
});

test('the second 0 is no time of payment, and products without price or stock have none: the rest is read', async () => {
  const connected = await seller({ scale: 1.5 });
  const { simulator } = connected;
  simulator.plant({ zeroPaidTime: 1, pricelessProducts: 0.5 }, { shop: shopOf(connected, SPAIN) });
  await connected.syncAll();
  await connected.syncAll(undefined, 'products');
  expect(simulator.met).toMatchObject({
    zeroPaidTime: expect.toSatisfy((n: number) => n > 0),
    pricelessProducts: expect.toSatisfy((n: number) => n > 0),
  });
  expect(
    await connected.rows(
      `SELECT count(*) FILTER (paid_at IS NOT NULL) AS paid, count(*) > 0 AS any FROM orders WHERE platform_status = 'UNPAID'`,
    ),
  ).toEqual([{ paid: 0, any: true }]);
  const [bare] = await connected.rows(`
    SELECT count(*) FILTER (price IS NULL AND stock IS NULL) > 20 AS unknown, count(*) FILTER (price IS NOT NULL) > 20 AS known,
      count(*) FILTER (price = 0) AS free FROM product_skus k JOIN shops h USING (shop_id) WHERE h.shop = '${SPAIN}'`);
  expect(bare).toEqual({ unknown: true, known: true, free: 0 });
  expect(await connected.rows('SELECT count(*) AS n FROM quarantine')).toEqual([{ n: 0 }]);
  await expectWhole(connected);
});

test('a run that goes on at a page whose token is forgotten reads its window from the beginning: nothing is lost or doubled', async () => {
  const connected = await seller();
  const { simulator, clock, shops } = connected;
  const runs = async () => (await connected.syncAll(undefined, 'orders')).map(({ error }) => error);
  await runs();
  clock.advance({ hours: 40 });
  const [spain] = await connected.rows(`SELECT shop_id FROM shops WHERE shop = '${SPAIN}'`);
  const shopId = Number(spain!['shop_id']);
  const { engine } = shops.app;
  const checkpoint = (await engine.read((reader) => readCheckpoint(reader, shopId, 'orders')))!;
  const window = { from: checkpoint.coveredTo, to: clock.now(), resume: 'a page of yesterday' };
  await engine.transaction((tx) => keepCheckpoint(tx, shopId, { stream: 'orders', checkpoint: { ...checkpoint, window } }));
  simulator.journal.length = 0;
  expect(await runs()).toEqual([null, null]);
  const refused = simulator.journal.filter(({ code }) => code !== 0);
  expect(refused.map(({ shop, query }) => [shop, query['page_token']])).toEqual([[SPAIN, window.resume]]);
  expect(await connected.rows('SELECT count(*) AS n FROM (SELECT order_id FROM orders GROUP BY ALL HAVING count(*) > 1)')).toEqual([
    { n: 0 },
  ]);
  await expectWhole(connected);
});
