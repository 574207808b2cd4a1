import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Row } from '../src/engines/engine.ts';
import { raw } from '../src/engines/sql.ts';
import { openAccountPlatform, type AccountPlatform } from './account-platform.ts';
import { openTestApp, type Answer, type TestApp } from './shop-window.ts';

const BEGIN = Temporal.Instant.from('2026-11-22T12:00:00Z');
let now = BEGIN;
let seller: AccountPlatform;
let shop: TestApp;
const opened: TestApp[] = [];

async function open(dataFolder?: string): Promise<TestApp> {
  const apps = [{ platform: 'Amazon', kind: 'EU', key: 'k', secrets: ['secret-of-the-app'], more: {}, host: seller.host }] as const;
  const settings = { apps: apps.map(({ secrets: [secret], ...app }) => ({ ...app, secrets: [secret] as [string] })), historyDays: 10 };
  const app = await openTestApp(
    { ...settings, ...(dataFolder ? { dataFolder } : {}) },
    { now: () => now },
    { platforms: [seller.platform] },
  );
  opened.push(app);
  return app;
}

beforeEach(async () => {
  now = BEGIN;
  seller = await openAccountPlatform(() => now);
  seller.shops.push('ES', 'FR');
  shop = await open();
});

afterEach(async () => {
  seller.before = null;
  await Promise.all(opened.splice(0).map((each) => each.close()));
  seller.close();
});

/** So many orders of each shop, one every so many hours, the latest an hour ago. */
function sell(count: number, shops = ['ES', 'FR'], hours = 8): void {
  for (let i = 0; i < count; i += 1)
    for (const of of shops)
      seller.orders.push({ id: `${of}-${seller.orders.length}`, shop: of, changedAt: now.subtract({ hours: 1 + i * hours }), sku: 'A' });
}

/** The seller consents, and what that begins has ended. */
async function connect(): Promise<void> {
  const { auth_url: url } = (await shop.get('/api/Amazon/auth_url?region=ES')).json;
  const back = await shop.get(`/api/Amazon/callback?code=1&state=${new URL(url).searchParams.get('state')}`, {
    accept: 'application/json',
  });
  expect(back.json).toMatchObject({ seller: 'Estrella Hogar SL' });
  await sync();
}

const sync = (of: TestApp = shop): Promise<Answer> => of.send('/api/sync', { wait: true });
const rows = (text: string, of: TestApp = shop): Promise<Row[]> => of.app.engine.read((reader) => reader.query(raw(text)));
const stored = (of: TestApp = shop): Promise<Row[]> =>
  rows(
    'SELECT h.region, count(*) AS orders, count(DISTINCT o.order_id) AS ids FROM orders o JOIN shops h ON h.shop_id = o.shop_id ' +
      'GROUP BY 1 ORDER BY 1',
    of,
  );
/** What is stored, as it should be: every order of a shop once, in its own. */
function sold(shops = ['ES', 'FR']): object[] {
  return shops.map((region) => {
    const orders = seller.orders.filter((each) => each.shop === region && each.sku !== undefined).length;
    return { region, orders, ids: orders };
  });
}

test('two shops of an account are one walk: each record in its shop, each window asked for once, for both', async () => {
  sell(20);
  await connect();
  expect(await stored()).toEqual(sold());
  expect(new Set(seller.asked.map(({ shops }) => shops.join()))).toEqual(new Set(['ES,FR']));
  const asked = seller.asked.map(({ from, to, page }) => `${from.toString()} ${to.toString()} ${page}`);
  expect(new Set(asked).size).toBe(asked.length);
  const runs = await rows("SELECT DISTINCT shop_id, account_id, error FROM sync_runs WHERE stream = 'orders'");
  expect(runs).toEqual([{ shop_id: null, account_id: 1, error: null }]);
  // Every face tells it of each shop.
  const { data } = (await shop.get('/api/sync')).json;
  const orders = data.filter(({ stream }: { stream: string }) => stream === 'orders');
  expect(orders).toMatchObject(
    ['Estrella ES', 'Estrella FR'].map((name) => ({
      platform: 'Amazon',
      shop: name,
      covered_to: '2026-11-22T11:58:00Z',
      last_run: { state: 'done' },
    })),
  );
  expect((await shop.get('/api/shops')).json.data).toMatchObject([{ last_run: { state: 'done' } }, { last_run: { state: 'done' } }]);
  const { json } = await sync();
  expect(json.data.filter(({ stream }: { stream: string }) => stream === 'orders')).toMatchObject([
    { shop: null, account: 'Estrella Hogar SL', state: 'done' },
    { shop: null, account: 'Estrella Hogar SL', state: 'done' },
  ]);
});

test('what an account has still to read is planned once, not for each of its shops', async () => {
  await connect();
  now = now.add({ hours: 30 });
  const { data } = (await shop.get('/api/sync/plan')).json;
  expect(data).toEqual([
    { platform: 'Amazon', shop: null, account: 'Estrella Hogar SL', stream: 'orders', records: null, calls: 1, seconds: 179 },
  ]);
});

test('a record of a shop that is not connected is set aside and told; once that shop is connected its whole history is read', async () => {
  sell(6, ['ES', 'FR', 'IT']);
  seller.deaf = true;
  await connect();
  expect(await stored()).toEqual(sold());
  const { quarantine } = (await shop.get('/api/sync')).json;
  expect(quarantine).toHaveLength(6);
  expect(quarantine[0]).toMatchObject({
    shop: '',
    account: 'Estrella Hogar SL',
    stream: 'orders',
    field: 'shop',
    problem: 'IT is not connected',
  });
  // What may be nobody's is told, and not kept.
  expect(await rows('SELECT DISTINCT document, shop_id, account_id FROM quarantine')).toEqual([
    { document: null, shop_id: null, account_id: 1 },
  ]);
  await shop.app.look();
  const alerts = async (): Promise<string[]> => (await shop.get('/api/alerts')).json.data.map(({ kind }: { kind: string }) => kind);
  expect(await alerts()).toContain('shop_not_connected');
  expect(JSON.stringify((await shop.get('/api/doctor')).json)).toContain('IT is not connected');
  const before = seller.asked.length;
  seller.deaf = false;
  seller.shops.push('IT');
  await connect();
  expect(await stored()).toEqual(sold(['ES', 'FR', 'IT']));
  // The others are not read again: what is new is asked for all, history for the newcomer alone.
  expect(
    new Set(
      seller.asked
        .slice(before)
        .filter(({ from }) => now.since(from).total('hours') > 1)
        .map(({ shops }) => shops.join()),
    ),
  ).toEqual(new Set(['IT']));
  expect((await shop.get('/api/sync')).json.quarantine).toEqual([]);
  await shop.app.look();
  expect(await alerts()).not.toContain('shop_not_connected');
});

test('a record that lacks something is set aside with its shop, and comes in when it is whole', async () => {
  sell(3);
  seller.orders.push({ id: 'FR-broken', shop: 'FR', changedAt: now.subtract({ hours: 2 }) });
  await connect();
  expect((await shop.get('/api/sync')).json.quarantine).toMatchObject([{ shop: 'Estrella FR', record: 'FR-broken', field: 'sku' }]);
  expect(await stored()).toEqual(sold());
  now = now.add({ hours: 1 });
  seller.orders.splice(-1, 1, { id: 'FR-broken', shop: 'FR', changedAt: now.subtract({ minutes: 10 }), sku: 'A' });
  await sync();
  expect((await shop.get('/api/sync')).json.quarantine).toEqual([]);
  expect(await stored()).toEqual(sold());
});

test('killed in the middle, the next process goes on where the account stood, and nothing is lost or doubled', async () => {
  sell(30);
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  let killing = true;
  // The second window's second page never comes: what is on the disk is what a process leaves that is killed there.
  seller.before = async ({ page }) => {
    if (!killing || seller.asked.length < 8 || page !== 1) return;
    reached.resolve();
    await held.promise;
  };
  const connecting = connect();
  await reached.promise;
  const folder = join(mkdtempSync(join(tmpdir(), 's7-killed-')), 'data');
  cpSync(shop.app.config.dataFolder, folder, { recursive: true });
  killing = false;
  const before = seller.asked.length;
  const again = await open(folder);
  expect((await rows("SELECT DISTINCT state FROM sync_runs WHERE stream = 'orders'", again)).map(({ state }) => state)).toEqual([
    'interrupted',
  ]);
  expect(await stored(again)).not.toEqual(sold());
  await sync(again);
  expect(await stored(again)).toEqual(sold());
  // What was home before is not asked for again but for what a window reaches back.
  const windows = new Set(seller.asked.slice(0, before - 2).map(({ from }) => from.toString()));
  expect(seller.asked.slice(before).filter(({ from }) => windows.has(from.toString()) && now.since(from).total('hours') < 40)).toEqual([]);
  held.resolve();
  await connecting;
  expect(await stored()).toEqual(sold());
});

test('an erased shop leaves nothing, the other goes on, and what is still sent of it is told without being kept', async () => {
  sell(6);
  await connect();
  const erased = await shop.send('/api/shops/erase', { platform: 'Amazon', shop: 'Estrella FR', confirm: 'Estrella FR' });
  expect(erased.status).toBe(200);
  now = now.add({ hours: 3 });
  sell(2, ['ES', 'FR'], 1);
  seller.deaf = true;
  await sync();
  expect(await stored()).toEqual(sold(['ES']));
  expect(seller.asked.at(-1)!.shops).toEqual(['ES']);
  expect(await rows('SELECT count(*) AS n, count(document) AS kept FROM quarantine')).toEqual([{ n: 2, kept: 0 }]);
  // With the last shop goes what the account's feed told.
  await shop.send('/api/shops/erase', { platform: 'Amazon', shop: 'Estrella ES', confirm: 'Estrella ES' });
  for (const table of ['sync_runs', 'quarantine', 'checkpoints', 'orders', 'blocks']) {
    expect([table, await rows(`SELECT count(*) AS n FROM ${table}`)]).toEqual([table, [{ n: 0 }]]);
  }
});

test('a shop that is let go is asked for no more; connected again it is read from there on, and the other not twice', async () => {
  sell(6);
  await connect();
  await shop.send('/api/shops/disconnect', { platform: 'Amazon', shop: 'Estrella FR' });
  now = now.add({ hours: 24 * 5 });
  sell(4);
  const before = seller.asked.length;
  await sync();
  expect(new Set(seller.asked.slice(before).map(({ shops }) => shops.join()))).toEqual(new Set(['ES']));
  now = now.add({ hours: 24 * 5 });
  sell(4);
  const back = seller.asked.length;
  await connect();
  expect(await stored()).toEqual(sold());
  // Where only the one that was away lacks something, the other is not asked for.
  expect(seller.asked.slice(back)[0]!.shops).toEqual(['FR']);
  expect(seller.asked.at(-1)!.shops).toEqual(['ES', 'FR']);
});

test('work on one shop waits until its account is not being read, and what was stopped goes on afterwards', async () => {
  sell(12);
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  seller.before = async () => {
    if (seller.asked.length < 4) return;
    reached.resolve();
    await held.promise;
  };
  const connecting = connect();
  await reached.promise;
  const moved = shop.send('/api/shops/set', { platform: 'Amazon', shop: 'Estrella FR', zone: 'Asia/Shanghai' });
  expect((await moved).status).toBe(200);
  expect((await rows("SELECT state FROM sync_runs WHERE stream = 'orders' ORDER BY run_id LIMIT 1"))[0]).toEqual({ state: 'stopped' });
  seller.before = null;
  held.resolve();
  await connecting;
  await sync();
  expect(await stored()).toEqual(sold());
  expect(
    await rows(
      'SELECT count(*) AS n FROM orders o JOIN shops h ON h.shop_id = o.shop_id WHERE o.shop_day <> (o.purchased_at AT TIME ZONE ' +
        'h.zone)::date',
    ),
  ).toEqual([{ n: 0 }]);
});
