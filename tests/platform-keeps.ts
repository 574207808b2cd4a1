import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApp } from '../src/app.ts';
import { readConfig, type ConfiguredApp } from '../src/config.ts';
import type { Engine } from '../src/engines/engine.ts';
import { raw } from '../src/engines/sql.ts';
import { systemClock, type Clock } from '../src/kernel/clock.ts';
import type { Platform } from '../src/platforms/platform.ts';
import { movingClock, type MovingClock } from './connected-shops.ts';
import { documentsIn } from './kept-documents.ts';
import { faults as brokenIn, startServer, temporaryFolder, withStore } from './process.ts';
import { openTestApp, type TestApp } from './shop-window.ts';
import { tableDigests } from './table-digests.ts';

/** What a simulated platform holds of a shop and changed since an instant. */
export interface HeldOrders {
  /** Each as `id status`, the status in the platform's words. */
  readonly good: readonly string[];
  /** Ids of those that it tells without what has to be there. */
  readonly bad: readonly string[];
  /** Ids of those that changed so lately that it does not list them yet. */
  readonly late?: readonly string[];
}

/** A simulated platform as the suite needs it: one seller on it, and what may go wrong. */
export interface SimulatedPlatform {
  /** As the settings have it. */
  readonly apps: readonly ConfiguredApp[];
  /** The same as the environment has it. */
  readonly environment: Readonly<Record<string, string>>;
  /** The seller's market, and the names of the shops. */
  readonly seller: { readonly region: string; readonly shops: readonly string[] };
  /** What the seller does in the browser; the query that the platform sends the browser back with, null where it sends it nowhere. */
  decide(address: string, decision: 'authorize' | 'cancel'): Promise<string | null>;
  /** What calls need ends before its time; of platforms that renew it. */
  expire(): void;
  withdraw(): void;
  /** Everything that passes goes wrong now and then, until it is told to stop. */
  trouble(isOn: boolean): void;
  /** Some orders lack what has to be there, from now on. */
  damage(): void;
  /** How many listings it was asked for. */
  listings(): number;
  orders(shop: string, since: Temporal.Instant): HeldOrders;
  /** What it says about the person who placed an order. */
  personal(orderId: string): readonly string[];
  close(): Promise<void>;
}

/** How the suite opens it; small, so that nothing takes long. */
export type OpenSimulated = (clock: Clock) => Promise<SimulatedPlatform>;

const START = '2026-11-20T10:00:00Z';
const HISTORY_DAYS = 5;
/** What is compared: an hour less, for the history is counted back from when the first run begins. */
const COMPARED = { hours: 24 * HISTORY_DAYS - 1 } as const;
const MOST_RUNS = 40;
const LONG = 300_000;
const KILLED_AFTER_LISTINGS = 3;

/**
 * What every platform keeps that can be connected: consent, plan and back-fill, renewal, faults, quarantine, replay, personal data, kills.
 * The promises build on each other, in their order.
 */
export function platformKeeps({ id, title, api }: Platform, simulate: OpenSimulated): void {
  describe(`a connected shop of ${title}`, { timeout: LONG }, () => {
    let clock: MovingClock;
    let simulated: SimulatedPlatform;
    let app: TestApp;
    const since = Temporal.Instant.from(START).subtract(COMPARED);

    beforeAll(async () => {
      clock = movingClock(START);
      simulated = await simulate(clock);
      // Waiting between tries passes on the clock of both, and nowhere else.
      const sleep = async (milliseconds: number): Promise<void> => clock.advance({ milliseconds: Math.ceil(milliseconds) });
      app = await openTestApp({ apps: simulated.apps, historyDays: HISTORY_DAYS }, clock, { sleep, say: () => undefined });
    });
    afterAll(async () => {
      await app.close();
      await simulated.close();
    });

    const rows = (text: string) => app.app.engine.read((reader) => reader.query(raw(text)));
    const address = async (): Promise<string> =>
      (await app.get(`/api/${id}/auth_url/?region=${simulated.seller.region}`)).json.auth_url as string;
    const authorized = async (): Promise<string> => (await simulated.decide(await address(), 'authorize'))!;
    const comeBack = (query: string) => app.get(`/api/${id}/callback${query}`, { accept: 'application/json' });
    const connection = async (): Promise<string[]> =>
      (await app.get('/api/shops')).json.data.map(({ shop, connection: state }: Record<string, string>) => `${shop} ${state}`);
    const everyShop = (state: string): string[] => simulated.seller.shops.map((shop) => `${shop} ${state}`).toSorted();
    const sync = async (): Promise<readonly { stream: string; state: string; error: string | null }[]> =>
      (await app.send('/api/sync', { wait: true })).json.data;

    async function readOn(): Promise<void> {
      for (let run = 0; run < MOST_RUNS; run += 1) {
        if ((await sync()).every(({ state }) => state === 'done')) return;
        clock.advance({ minutes: 2 });
      }
      throw new Error(`after ${MOST_RUNS} runs not everything is in`);
    }

    async function expectAllHome(): Promise<void> {
      for (const shop of simulated.seller.shops) {
        const held = simulated.orders(shop, since);
        const { good, bad } = held;
        expect(good.length).toBeGreaterThan(20);
        expect(await storedOf(app.app.engine, { shop, since, held })).toEqual(good);
        const refused = await rows(`SELECT record FROM quarantine q JOIN shops h ON h.shop_id = q.shop_id
          WHERE h.shop = '${shop}' AND stream = 'orders' ORDER BY 1`);
        expect(refused.map(({ record }) => record)).toEqual(bad);
      }
      expect(await rows('SELECT order_id FROM orders GROUP BY shop_id, order_id HAVING count(*) > 1')).toEqual([]);
    }

    test('is there when its seller has consented: not when he declines, comes too late, or with a state that was used', async () => {
      const declined = await simulated.decide(await address(), 'cancel');
      if (declined !== null) expect((await comeBack(declined)).json).toMatchObject({ name: 'consent_denied' });
      const late = await authorized();
      clock.advance({ minutes: api!.stateMinutes, seconds: 1 });
      expect((await comeBack(late)).json).toMatchObject({ name: 'consent_state_expired' });
      const query = await authorized();
      const given = await comeBack(query);
      expect(given.json.shops?.toSorted()).toEqual([...simulated.seller.shops].toSorted());
      expect((await comeBack(query)).json).toMatchObject({ name: 'consent_state_used' });
      expect(await connection()).toEqual(everyShop('connected'));
    });

    test('comes home whole, each order once, in about the calls that were foretold', async () => {
      await readOn();
      await expectAllHome();
      const { data } = (await app.get('/api/sync')).json;
      const foretold = data.filter(({ last_run: run }: { last_run: { forecast_calls: number | null } | null }) => run?.forecast_calls);
      expect(foretold.length).toBeGreaterThan(0);
      for (const { last_run: run } of foretold) expect(Math.abs(run.calls - run.forecast_calls)).toBeLessThanOrEqual(2 + run.calls / 10);
      const { data: plan } = (await app.get('/api/sync/plan')).json;
      expect(plan.filter(({ stream }: { stream: string }) => stream === 'orders')).toEqual(
        (api!.orders.shopOf ? [null] : simulated.seller.shops).map((shop) => expect.objectContaining({ shop, platform: id })),
      );
    });

    test.skipIf(!api!.renew)('goes on when what its calls need ends before its time; asked for, it is renewed', async () => {
      simulated.expire();
      clock.advance({ hours: 2 });
      expect((await sync()).filter(({ error }) => error !== null)).toEqual([]);
      const { json } = await app.get(`/api/${id}/refresh_token`);
      expect(json.authorizations).toMatchObject([{ state: 'active', access_token: '***', refresh_token: '***' }]);
    });

    test('is whole again after a time in which everything that passes goes wrong, and while some orders are told in part', async () => {
      simulated.trouble(true);
      clock.advance({ hours: 12 });
      await readOn();
      simulated.trouble(false);
      await expectAllHome();
      simulated.damage();
      clock.advance({ hours: 24 });
      await readOn();
      expect(simulated.seller.shops.flatMap((shop) => simulated.orders(shop, since).bad)).not.toEqual([]);
      await expectAllHome();
    });

    test('says nothing else when its kept documents are read again', async () => {
      const before = await tableDigests(app.app.engine);
      const { json } = await app.send('/api/replay', { accept: true });
      expect(json).toMatchObject({ refused: [] });
      expect(await tableDigests(app.app.engine)).toEqual(before);
    });

    test('leaves nothing of a person in the store', async () => {
      const ids = (await rows('SELECT order_id FROM orders')).map(({ order_id: order }) => String(order));
      const personal = [...new Set(ids.flatMap((order) => simulated.personal(order)))].filter((text) => text.length > 5);
      expect(personal.length).toBeGreaterThan(50);
      const kept = [
        ...(await documentsIn(app.app.engine)),
        ...(await rows('SELECT document FROM quarantine')).map(({ document }) => document),
      ];
      const text = kept.join('\n');
      expect(personal.filter((each) => text.includes(each))).toEqual([]);
    });

    test('is told as lost when the seller withdraws, and connected as the same shop when he consents anew', async () => {
      simulated.withdraw();
      clock.advance({ hours: 1 });
      expect((await sync()).map(({ error }) => error)).toContain('authorization_lost');
      // Where secrets are renewed it is the renewal that tells.
      await app.get(`/api/${id}/refresh_token`);
      expect(await connection()).toEqual(everyShop('lost'));
      expect((await comeBack(await authorized())).status).toBe(200);
      expect(await connection()).toEqual(everyShop('connected'));
      await readOn();
      await expectAllHome();
    });
  });

  test(
    `a server killed while it reads a shop of ${title} goes on where it was, and nothing is lost or doubled`,
    { timeout: LONG },
    async () => {
      const simulated = await simulate(systemClock);
      const data = mkdtempSync(join(temporaryFolder(), 'data-'));
      const environment = { ...simulated.environment, S7_HISTORY_DAYS: String(HISTORY_DAYS), S7_SYNC_MINUTES: '1440' };
      const since = systemClock.now().subtract(COMPARED);
      try {
        const server = await startServer(data, { env: environment });
        const { auth_url: address } = (await (
          await fetch(`${server.url}/api/${id}/auth_url?region=${simulated.seller.region}`)
        ).json()) as { auth_url: string };
        // The callback begins the first run.
        await fetch(`${server.url}/api/${id}/callback${await simulated.decide(address, 'authorize')}`);
        await expect.poll(() => simulated.listings(), { interval: 5, timeout: LONG }).toBeGreaterThanOrEqual(KILLED_AFTER_LISTINGS);
        server.kill('SIGKILL');
        await server.ended;
        const broken = await withStore(data, (engine) => brokenIn(engine));
        expect(broken).toEqual(Object.fromEntries(Object.keys(broken).map((name) => [name, 0])));
        const app = await openApp(readConfig({ ...environment, S7_DATA_DIR: data, S7_THREADS: '1' }), { rateFactor: Infinity });
        try {
          await app.http.inject({ method: 'POST', url: '/api/sync', payload: { wait: true } });
          for (const shop of simulated.seller.shops) {
            const held = simulated.orders(shop, since);
            expect(await storedOf(app.engine, { shop, since, held })).toEqual(held.good);
          }
        } finally {
          await app.close();
        }
      } finally {
        await simulated.close();
      }
    },
  );
}

/** What is stored of a shop and changed since then, as {@link HeldOrders.good} has it: orders that a claim alone names are older. */
async function storedOf(
  engine: Engine,
  { shop, since, held }: { readonly shop: string; readonly since: Temporal.Instant; readonly held: HeldOrders },
): Promise<string[]> {
  const found = await engine.read((reader) =>
    reader.query<{ id: string; told: string }>(
      raw(`SELECT order_id AS id, order_id || ' ' || platform_status AS told FROM orders o JOIN shops h ON h.shop_id = o.shop_id
        WHERE h.shop = '${shop}' AND o.updated_at >= '${since.toString()}'`),
    ),
  );
  return found.flatMap(({ id, told }) => (held.late?.includes(id) ? [] : [told])).toSorted();
}
