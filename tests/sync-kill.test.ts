import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSimulator, type Simulator } from '../simulator/simulator.ts';
import { STATUSES } from '../simulator/world/life.ts';
import { raw } from '../src/engines/sql.ts';
import { consentQuery, openConnectedShops } from './connected-shops.ts';
import { KILLS, momentsOf, openLedger } from './killing.ts';
import { faults, startServer, temporaryFolder, withStore } from './process.ts';

const HISTORY_DAYS = 90;
const DAYS_OFF = 25;
const LONG = { timeout: 120_000 + KILLS * 30_000 };
/** A server is killed so long after it was started, at most; each time anew where all may be in by then. */
const LONGEST_MS = 1200;
const CHAIN = 5;

test(`a server killed anywhere in the back-fill and started again loses and doubles nothing (${KILLS} kills)`, LONG, async () => {
  const note = openLedger('back-fill');
  const simulator = await openSimulator({ limits: 'off', scale: 3, faults: { latencyMs: 8 } });
  const data = join(temporaryFolder(), 'data');
  const env = settingsOf(simulator);
  try {
    let server = await startServer(data, { env });
    const { auth_url: address } = (await (await fetch(`${server.url}/api/TikTok/auth_url?region=ES`)).json()) as { auth_url: string };
    // The callback begins the first run; every later one begins when the server starts.
    await fetch(`${server.url}/api/TikTok/callback${await consentQuery(address, 'estrella-hogar')}`);
    for (const moment of momentsOf({ milliseconds: LONGEST_MS, writes: 0 })) {
      await killed(server, moment);
      note(moment, `${await wholeOrders(data, moment)} orders`);
      server = await startServer(data, { env });
    }
    await readToTheEnd(server);
    expect(await worldInStore(simulator, data)).toBeGreaterThan(6000);
  } finally {
    await simulator.close();
  }
});

test(`a server killed anywhere while it catches up after ${DAYS_OFF} days off and started again loses and doubles nothing (${KILLS} kills)`, LONG, async () => {
  const note = openLedger('incremental sync');
  const folder = temporaryFolder();
  const original = join(folder, 'original');
  // As a server of then left it.
  const then = await openConnectedShops({ now: Temporal.Now.instant().subtract({ hours: 24 * DAYS_OFF }).toString(), settings: { historyDays: 20 } });
  expect((await then.consent('ES', 'estrella-hogar')).status).toBe(200);
  expect((await then.sync()).map(({ state }) => state)).toEqual(['done', 'done']);
  expect((await then.shops.send('/api/backup', { folder: original })).status).toBe(200);
  await then.close();
  const simulator = await openSimulator({ limits: 'off', faults: { latencyMs: 8 } });
  const env = settingsOf(simulator);
  try {
    const moments = momentsOf({ milliseconds: LONGEST_MS, writes: 0 });
    for (let first = 0; first < moments.length; first += CHAIN) {
      const data = mkdtempSync(join(folder, 'data-'));
      cpSync(original, data, { recursive: true });
      for (const moment of moments.slice(first, first + CHAIN)) {
        await killed(await startServer(data, { env }), moment);
        note(moment, `${await wholeOrders(data, moment)} orders`);
      }
      await readToTheEnd(await startServer(data, { env }));
      expect(await worldInStore(simulator, data)).toBeGreaterThan(700);
      rmSync(data, { recursive: true });
    }
  } finally {
    await simulator.close();
  }
});

type Server = Awaited<ReturnType<typeof startServer>>;

function settingsOf(simulator: Simulator): Record<string, string> {
  const { key, secret, serviceId } = simulator.apps.ROW;
  return {
    S7_TIKTOK_ROW_APP_KEY: key, S7_TIKTOK_ROW_APP_SECRET: secret, S7_TIKTOK_ROW_SERVICE_ID: serviceId, S7_TIKTOK_ROW_HOST: simulator.url,
    S7_HISTORY_DAYS: String(HISTORY_DAYS), S7_SYNC_MINUTES: '1440',
  };
}

async function killed(server: Server, moment: { milliseconds: number } | { writes: number }): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, 'milliseconds' in moment ? moment.milliseconds : 0);
  });
  server.kill('SIGKILL');
  await server.ended;
}

/** How many orders a killed server left, all of them whole. */
async function wholeOrders(data: string, moment: object): Promise<number> {
  const { found, orders } = await withStore(data, async (engine) => ({
    found: await faults(engine), orders: (await engine.read((reader) => reader.query<{ n: number }>(raw('SELECT count(*) AS n FROM orders'))))[0]!.n,
  }));
  expect({ moment, ...found }).toEqual({ moment, ...Object.fromEntries(Object.keys(found).map((name) => [name, 0])) });
  return orders;
}

/** Fetches what is still missing, and stops the server. */
async function readToTheEnd(server: Server): Promise<void> {
  const answer = await fetch(`${server.url}/api/sync`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"wait":true}' });
  const synced = (await answer.json()) as { data: { stream: string; state: string }[] };
  expect(synced.data.filter(({ stream }) => stream === 'orders').map(({ state }) => state)).toEqual(['done', 'done']);
  server.kill('SIGTERM');
  await server.ended;
}

/** How many orders the simulated world holds in the span that was read; that each of them is stored as it is has been made sure. */
async function worldInStore(simulator: Simulator, data: string): Promise<number> {
  const { rows, reached } = await withStore(data, (engine) => engine.read(async (reader) => ({
    rows: await reader.query<{ region: string; told: string }>(raw(`
      SELECT h.region, o.order_id || ' ' || o.platform_status || ' ' || epoch(o.updated_at)::bigint AS told FROM orders o JOIN shops h ON h.shop_id = o.shop_id ORDER BY 1, 2`)),
    reached: await reader.query<{ region: string; first: number; last: number }>(raw(`
      SELECT h.region, epoch(c.covered_from)::bigint AS first, epoch(c.covered_to)::bigint AS last FROM checkpoints c JOIN shops h ON h.shop_id = c.shop_id
      WHERE c.stream = 'orders'`)),
  })));
  let held = 0;
  for (const { region, first, last } of reached) {
    const shop = simulator.world.shops.find((each) => each.region === region)!;
    // What changes in the very second that the run ended in may be in or not: both are as it should be.
    const world = [...simulator.world.orders(shop, last - 1)].flatMap(({ id, life }) => {
      const at = life.times.findLastIndex((time) => time < last);
      const settled = life.times.every((time) => time < last - 1 || time > last + 60);
      return at >= 0 && life.times[at]! >= first && settled ? [`${id} ${STATUSES[life.statuses[at]!]} ${life.times[at]}`] : [];
    });
    // Orders that a claim alone names are older.
    const stored = new Set(rows.filter((row) => row.region === region && Number(row.told.split(' ').at(-1)) >= first).map(({ told }) => told));
    expect({ region, missing: world.filter((each) => !stored.has(each)) }).toEqual({ region, missing: [] });
    expect(stored.size - world.length).toBeLessThan(20);
    held += world.length;
  }
  return held;
}
