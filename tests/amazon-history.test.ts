import { afterEach, expect, test } from 'vitest';
import type { AmazonHandle } from '../simulator/amazon/amazon.ts';
import { NO_AMAZON_FAULTS, type AmazonFaults } from '../simulator/amazon/amazon-faults.ts';
import { ACCOUNTS } from '../simulator/amazon/shops.ts';
import { openSimulator } from '../simulator/simulator.ts';
import { consentQuery, movingClock, type MovingClock } from './connected-shops.ts';
import { NOW, openTestApp, type TestApp } from './shop-window.ts';

/** Sells in nine marketplaces of Europe. */
const ESTRELLA = 'A2EH7R5LKQW9ZT';
const HISTORY_DAYS = 7;
const REPORTS = '/reports/2021-06-30/reports';
const SEARCH = '/orders/2026-01-01/orders';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

interface Connected {
  readonly clock: MovingClock;
  readonly amazon: AmazonHandle;
  readonly shop: TestApp;
}

/** A seller of nine marketplaces, connected and not yet read. */
async function connected(faults: Partial<AmazonFaults> = {}): Promise<Connected> {
  const clock = movingClock(NOW);
  const redirectUrls: string[] = [];
  const simulator = await openSimulator({
    clock,
    scale: 0.3,
    platforms: { Amazon: { limits: 'on', journal: true, redirectUrls, accessTokenSeconds: 1e9 } },
  });
  open.push(simulator);
  const amazon = simulator.platforms.Amazon;
  Object.assign(amazon.faults, NO_AMAZON_FAULTS, faults);
  const { clientId: key, clientSecret, applicationId } = amazon.app;
  const sleep = async (milliseconds: number): Promise<void> => clock.advance({ milliseconds: Math.ceil(milliseconds) });
  const shop = await openTestApp(
    {
      apps: [{ platform: 'Amazon', kind: 'SP', key, secrets: [clientSecret], more: { applicationId }, host: amazon.url }],
      historyDays: HISTORY_DAYS,
    },
    clock,
    { sleep, rateFactor: 1 },
  );
  open.push(shop);
  redirectUrls.push(`${shop.url}/api/Amazon/callback`);
  const { auth_url: address } = (await shop.get('/api/Amazon/auth_url?region=ES')).json;
  await shop.get(`/api/Amazon/callback${await consentQuery(address, ESTRELLA)}`, { accept: 'application/json' });
  return { clock, amazon, shop };
}

const sync = async ({ shop }: Connected) =>
  (await shop.send('/api/sync', { wait: true })).json.data.find(({ stream }: { stream: string }) => stream === 'orders');
const asked = ({ amazon }: Connected, path: string, method = 'GET') =>
  amazon.journal.filter((entry) => entry.path === path && entry.method === method);
// Whatever a journal entry and an order hold is looked into freely.
// oxlint-disable-next-line typescript/no-explicit-any
const ordersOf = async ({ shop }: Connected): Promise<any[]> =>
  (await shop.get('/api/Amazon/order/all/?shape=canonical&page_size=1000')).json.orders;
const idsHeld = ({ amazon, clock }: Connected): string[] => {
  const now = clock.now().epochMilliseconds;
  const from = now - (HISTORY_DAYS - 1) * 86_400_000;
  return ACCOUNTS.find(({ id }) => id === ESTRELLA)!.shops.flatMap((shop) =>
    [...amazon.world.orders(shop, Math.floor(now / 1000))].flatMap(({ id, life: { serial }, course }) => {
      const times = course.times.map((time) => amazon.world.msOf({ shop, serial, time })).filter((ms) => ms <= now - 600_000);
      return (times.at(-1) ?? 0) >= from ? [id] : [];
    }),
  );
};

test('history comes by reports and the recent by searches: no order is missing, and the search is hardly called', async () => {
  const seller = await connected();
  expect(await sync(seller)).toMatchObject({ state: 'done', error: null });
  const held = idsHeld(seller);
  const stored = new Set((await ordersOf(seller)).map(({ order_id }) => order_id));
  expect(held.length).toBeGreaterThan(50);
  expect(held.filter((id) => !stored.has(id))).toEqual([]);
  expect(asked(seller, REPORTS, 'POST').length).toBeGreaterThan(0);
  expect(asked(seller, SEARCH).length).toBeLessThan(5);
  expect(seller.amazon.journal.filter(({ status }) => status === 429)).toEqual([]);
});

test('a report that is cancelled, not made, or stands still is taken for no empty window: the same span is searched', async () => {
  for (const faults of [{ reportCancelled: 1 }, { reportFatal: 1 }, { reportQueueJamSeconds: 10 * 86_400 }] as const) {
    const seller = await connected(faults);
    expect(await sync(seller)).toMatchObject({ state: 'done', error: null });
    const stored = new Set((await ordersOf(seller)).map(({ order_id }) => order_id));
    expect(idsHeld(seller).filter((id) => !stored.has(id))).toEqual([]);
    expect(asked(seller, REPORTS, 'POST').length).toBeLessThan(4);
  }
});

test('a report that another program had made in the same words is taken over; nothing is asked for again', async () => {
  const seller = await connected({ reportForeignCooldown: 1 });
  expect(await sync(seller)).toMatchObject({ state: 'done', error: null });
  expect(asked(seller, REPORTS, 'GET').length).toBeGreaterThan(0);
  expect(asked(seller, SEARCH).length).toBeLessThan(5);
});

test('rows that are alike are pieces: orders, pieces and money are those of a seller whose rows are not split', async () => {
  const sums: unknown[] = [];
  for (const faults of [{}, { reportTwinRows: 1 }, { reportIgnoresMarketplace: 1 }, { reportWildQuotes: 1 }] as const) {
    const seller = await connected(faults);
    await sync(seller);
    const orders = (await ordersOf(seller)).toSorted((a, b) => (a.order_id < b.order_id ? -1 : 1));
    sums.push(
      orders.map(({ order_id, shop, lines }) => [
        order_id,
        shop,
        // oxlint-disable-next-line typescript/no-explicit-any
        lines.reduce((sum: number, line: any) => sum + line.quantity, 0),
        // oxlint-disable-next-line typescript/no-explicit-any
        Math.round(lines.reduce((sum: number, line: any) => sum + 100 * (line.gross_sales ?? 0), 0)),
      ]),
    );
  }
  for (const sum of sums.slice(1)) expect(sum).toEqual(sums[0]);
});

test('a report in an encoding that nobody knows is said to be that, and its span stays open', async () => {
  const seller = await connected({ reportCharset: 'unknown' });
  expect(await sync(seller)).toMatchObject({ state: 'failed', error: 'report_charset_unknown' });
  const posts = asked(seller, REPORTS, 'POST').length;
  expect(await sync(seller)).toMatchObject({ state: 'failed', error: 'report_charset_unknown' });
  expect(asked(seller, REPORTS, 'POST').length).toBe(posts);
});
