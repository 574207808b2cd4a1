import { cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openTikTokAlone, type TikTokAlone } from '../simulator/tiktok/tiktok-alone.ts';
import { priceDetailOf } from '../simulator/tiktok/price-detail.ts';
import { productIdOf } from '../simulator/tiktok/ids.ts';
import { CANCELLATION_STATUSES, PRODUCT_STATUSES, STATUSES, returnStatusOf } from '../simulator/tiktok/statuses.ts';
import { productStateAt } from '../simulator/trade/product-life.ts';
import { openApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import type { Row } from '../src/engines/engine.ts';
import { raw } from '../src/engines/sql.ts';
import { consentQuery, openConnectedShops } from './connected-shops.ts';
import { KILLS, openLedger, spread } from './killing.ts';
import { faults, startServer, temporaryFolder, withStore } from './process.ts';

const HISTORY_DAYS = 60;
const DAYS_OFF = 25;
/** A net: a kill that hangs is no kill. */
const LONG = { timeout: 1_800_000 + KILLS * 60_000 };
/** A server is killed after so many searches for orders and claims, at most; each time anew where all may be in by then. */
const MOST_CALLS = 40;
const SEARCH = /(?:orders|returns|cancellations)\/search$/;
/** What is left to do may take fewer. */
const LONGEST_MS = 6000;
const CHAIN = 5;
/** Of the orders of a day. */
const SCALE = 0.25;

test(`a server killed anywhere in the back-fill and started again loses and doubles nothing (${KILLS} kills)`, LONG, async () => {
  const note = openLedger('back-fill');
  const simulator = await openTikTokAlone({ limits: 'off', scale: SCALE, journal: true, faults: { latencyMs: 20 } });
  const data = join(temporaryFolder(), 'data');
  const env = settingsOf(simulator);
  try {
    let server = await startServer(data, { env });
    const { auth_url: address } = (await (await fetch(`${server.url}/api/TikTok/auth_url?region=ES`)).json()) as { auth_url: string };
    // The callback begins the first run; every later one begins when the server starts.
    await fetch(`${server.url}/api/TikTok/callback${await consentQuery(address, 'estrella-hogar')}`);
    for (const moment of moments()) {
      await killed(server, simulator, moment);
      note(moment, `${await wholeOrders(data, moment)} orders`);
      server = await startServer(data, { env });
    }
    await stopped(server);
    await readToTheEnd(simulator, data);
    expect(await worldInStore(simulator, data)).toBeGreaterThan(300);
  } finally {
    await simulator.close();
  }
});

test(
  `a server killed anywhere while it catches up after ${DAYS_OFF} days off and started again loses and doubles nothing (${KILLS} kills)`,
  LONG,
  async () => {
    const note = openLedger('incremental sync');
    const folder = temporaryFolder();
    const original = join(folder, 'original');
    // As a server of then left it.
    const then = await openConnectedShops({
      now: Temporal.Now.instant()
        .subtract({ hours: 24 * DAYS_OFF })
        .toString(),
      scale: SCALE,
      settings: { historyDays: 20 },
    });
    expect((await then.consent('ES', 'estrella-hogar')).status).toBe(200);
    expect((await then.sync()).map(({ state }) => state)).toEqual(['done', 'done']);
    const copy = await then.shops.send('/api/backup', { folder: 'then' });
    expect(copy.status).toBe(200);
    renameSync((copy.json as { folder: string }).folder, original);
    await then.close();
    const simulator = await openTikTokAlone({ limits: 'off', scale: SCALE, journal: true, faults: { latencyMs: 20 } });
    const env = settingsOf(simulator);
    try {
      const all = moments();
      for (let first = 0; first < all.length; first += CHAIN) {
        const data = mkdtempSync(join(folder, 'data-'));
        cpSync(original, data, { recursive: true });
        for (const moment of all.slice(first, first + CHAIN)) {
          await killed(await startServer(data, { env }), simulator, moment);
          note(moment, `${await wholeOrders(data, moment)} orders`);
        }
        await readToTheEnd(simulator, data);
        expect(await worldInStore(simulator, data)).toBeGreaterThan(200);
        rmSync(data, { recursive: true });
      }
    } finally {
      await simulator.close();
    }
  },
);

type Server = Awaited<ReturnType<typeof startServer>>;

function settingsOf(simulator: TikTokAlone): Record<string, string> {
  const { key, secret, serviceId } = simulator.apps.ROW;
  return {
    S7_TIKTOK_ROW_APP_KEY: key,
    S7_TIKTOK_ROW_APP_SECRET: secret,
    S7_TIKTOK_ROW_SERVICE_ID: serviceId,
    S7_TIKTOK_ROW_HOST: simulator.url,
    S7_HISTORY_DAYS: String(HISTORY_DAYS),
    S7_SYNC_MINUTES: '1440',
  };
}

/** How many searches a server may make, however fast the machine is. */
function moments(): { calls: number }[] {
  return spread().map((part) => ({ calls: Math.round(MOST_CALLS * part) }));
}

async function killed(server: Server, { journal, faults: { latencyMs } }: TikTokAlone, { calls }: { calls: number }): Promise<void> {
  let [seen, searches] = [journal.length, 0];
  for (const end = Date.now() + LONGEST_MS; searches < calls && Date.now() < end; await setTimeout(2))
    while (seen < journal.length) if (SEARCH.test(journal[seen++]!.path)) searches += 1;
  // Anywhere until the next answer is there: while the ones before are written.
  await setTimeout(calls % latencyMs);
  server.kill('SIGKILL');
  await server.ended;
}

/** How many orders a killed server left, all of them whole. */
async function wholeOrders(data: string, moment: object): Promise<number> {
  const { found, orders } = await withStore(data, async (engine) => ({
    found: await faults(engine),
    orders: (await engine.read((reader) => reader.query<{ n: number }>(raw('SELECT count(*) AS n FROM orders'))))[0]!.n,
  }));
  expect({ moment, ...found }).toEqual({ moment, ...Object.fromEntries(Object.keys(found).map((name) => [name, 0])) });
  return orders;
}

async function stopped(server: Server): Promise<void> {
  server.kill('SIGTERM');
  await server.ended;
}

/** Fetches what is still missing, as a server started once more does, but faster than the platform allows. */
async function readToTheEnd(simulator: TikTokAlone, data: string): Promise<void> {
  const { latencyMs } = simulator.faults;
  simulator.faults.latencyMs = 0;
  const app = await openApp(readConfig({ ...settingsOf(simulator), S7_DATA_DIR: data, S7_THREADS: '1' }), { rateFactor: Infinity });
  try {
    for (const stream of [undefined, 'price_details', 'products']) {
      const answer = await app.http.inject({
        method: 'POST',
        url: '/api/sync',
        headers: { host: 'localhost' },
        payload: { wait: true, ...(stream ? { stream } : {}) },
      });
      const runs = answer.json<{ data: { stream: string; state: string }[] }>().data;
      expect(runs.filter(({ state }) => state !== 'done')).toEqual([]);
      expect(runs.length).toBeGreaterThan(1);
    }
  } finally {
    await app.close();
    simulator.faults.latencyMs = latencyMs;
  }
}

/** What happens to an order or a claim, and when. */
interface Story {
  readonly id: string;
  readonly times: readonly number[];
  readonly statuses: readonly string[];
}

/** The streams that tell of changes, and what the world says of each. */
const CHANGING = {
  orders: {
    query: 'SELECT shop_id, order_id AS id, platform_status, updated_at FROM orders',
    of: (world, shop, at) =>
      world.orders(shop, at).map(({ id, life: { times, stages } }) => ({ id, times, statuses: stages.map((stage) => STATUSES[stage]!) })),
  },
  returns: {
    query: "SELECT shop_id, return_id AS id, platform_status, updated_at FROM returns WHERE kind <> 'cancellation'",
    of: (world, shop, at) =>
      world
        .returns(shop, at)
        .map(({ id, story }) => ({ id, times: story.times, statuses: story.stages.map((_, step) => returnStatusOf(story, step)) })),
  },
  cancellations: {
    query: "SELECT shop_id, return_id AS id, platform_status, updated_at FROM returns WHERE kind = 'cancellation'",
    of: (world, shop, at) =>
      world
        .cancellations(shop, at)
        .map(({ id, story: { times, stages } }) => ({ id, times, statuses: stages.map((stage) => CANCELLATION_STATUSES[stage]!) })),
  },
} satisfies Record<
  string,
  {
    query: string;
    of: (world: TikTokAlone['world'], shop: TikTokAlone['world']['shops'][number], at: number) => IteratorObject<Story>;
  }
>;

/**
 * How many orders the simulated world holds in the span that was read; that orders, claims, price details and products are stored as they
 * are has been made sure.
 */
async function worldInStore(simulator: TikTokAlone, data: string): Promise<number> {
  const { world } = simulator;
  const shopOf = (region: string) => world.shops.find((each) => each.country === region)!;
  return withStore(data, async (engine) => {
    const rows = <R extends Row>(text: string): Promise<R[]> => engine.read((reader) => reader.query<R>(raw(text)));
    expect(Object.entries(await faults(engine)).filter(([, found]) => found > 0)).toEqual([]);
    let held = 0;
    for (const [stream, { query, of }] of Object.entries(CHANGING)) {
      const stored = await rows<{ region: string; told: string; at: number }>(`
        SELECT h.region, id || ' ' || platform_status AS told, epoch(updated_at)::bigint AS at FROM (${query}) t JOIN shops h ON h.shop_id = t.shop_id`);
      const reached = await rows<{ region: string; first: number; last: number }>(`
        SELECT h.region, epoch(c.covered_from)::bigint AS first, epoch(c.covered_to)::bigint AS last FROM checkpoints c JOIN shops h ON h.shop_id = c.shop_id WHERE c.stream = '${stream}'`);
      expect(reached).toHaveLength(2);
      for (const { region, first, last } of reached) {
        // What changes in the very second that the run ended in may be in or not: both are as it should be.
        const inWorld = [...of(world, shopOf(region), last - 1)].flatMap(({ id, times, statuses }) => {
          const at = times.findLastIndex((time) => time < last);
          const settled = times.every((time) => time < last - 1 || time > last + 60);
          return at >= 0 && times[at]! >= first && settled ? [`${id} ${statuses[at]} ${times[at]}`] : [];
        });
        // Orders that a claim alone names are older.
        const inStore = new Set(stored.filter((row) => row.region === region && row.at >= first).map(({ told, at }) => `${told} ${at}`));
        expect({ stream, region, missing: inWorld.filter((each) => !inStore.has(each)) }).toEqual({ stream, region, missing: [] });
        expect(inStore.size - inWorld.length).toBeLessThan(20);
        if (stream === 'orders') held += inWorld.length;
      }
    }
    const now = Temporal.Now.instant().epochMilliseconds / 1000;
    const priced = await rows<{ order_id: string; payment: string; total: string }>(`
      SELECT o.order_id, d.payment, d.total FROM orders o LEFT JOIN price_details d ON d.oid = o.oid AND d.order_id = o.order_id WHERE o.status IN ('to_ship', 'shipped', 'delivered', 'completed')`);
    expect(priced.length).toBeGreaterThan(held / 2);
    expect(priced.map(({ order_id: id, payment, total }) => ({ id, payment: Number(payment), total: Number(total) }))).toEqual(
      priced.map(({ order_id: id }) => {
        const { payment, total } = priceDetailOf(world.find(id, now)!);
        return { id, payment: Number(payment), total: Number(total) };
      }),
    );
    for (const region of ['ES', 'GB']) {
      const products = await rows<{ told: string }>(`
        SELECT product_id || ' ' || status || ' ' || (SELECT count(*) FROM product_skus k WHERE k.product_id = p.product_id AND k.gone_at IS NULL) AS told
        FROM products p JOIN shops h ON h.shop_id = p.shop_id WHERE h.region = '${region}' ORDER BY 1`);
      const inWorld = world.products(shopOf(region)).flatMap((product) => {
        const state = productStateAt(product.life, now);
        return state ? [`${productIdOf(product)} ${PRODUCT_STATUSES[state.status]} ${product.skus.length}`] : [];
      });
      expect({ region, products: products.map(({ told }) => told) }).toEqual({ region, products: inWorld.toSorted() });
    }
    return held;
  });
}
