import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSimulator } from '../simulator/simulator.ts';
import { STATUSES } from '../simulator/world/life.ts';
import { raw } from '../src/engines/sql.ts';
import { PROMPT_STREAMS } from '../src/model/stream.ts';
import { consentQuery } from './connected-shops.ts';
import { faults, startServer, temporaryFolder, withStore } from './process.ts';

/** How many kills; more in a long run: S7_KILLS=50. */
const KILLS = Number(process.env['S7_KILLS'] ?? 10);
const HISTORY_DAYS = 90;

test(`a server killed anywhere in the back-fill and started again loses and doubles nothing (${KILLS} kills)`, { timeout: 60_000 + KILLS * 20_000 }, async () => {
  const simulator = await openSimulator({ limits: 'off', scale: 3, faults: { latencyMs: 8 } });
  const data = join(temporaryFolder(), 'data');
  const { key, secret, serviceId } = simulator.apps.ROW;
  const env = {
    S7_TIKTOK_ROW_APP_KEY: key, S7_TIKTOK_ROW_APP_SECRET: secret, S7_TIKTOK_ROW_SERVICE_ID: serviceId, S7_TIKTOK_ROW_HOST: simulator.url,
    S7_HISTORY_DAYS: String(HISTORY_DAYS), S7_SYNC_MINUTES: '1440',
  };
  try {
    let server = await startServer(data, { env });
    const { auth_url: address } = (await (await fetch(`${server.url}/api/TikTok/auth_url?region=ES`)).json()) as { auth_url: string };
    // The callback begins the first run; every later one begins when the server starts.
    await fetch(`${server.url}/api/TikTok/callback${await consentQuery(address, 'estrella-hogar')}`);
    for (let kill = 0; kill < KILLS; kill++) {
      await new Promise((resolve) => {
        setTimeout(resolve, 100 + ((kill * 397) % 900));
      });
      server.kill('SIGKILL');
      await server.ended;
      const found = await withStore(data, faults);
      expect({ kill, ...found, without_document: 0 }).toEqual({ kill, ...Object.fromEntries(Object.keys(found).map((name) => [name, 0])) });
      server = await startServer(data, { env });
    }
    const synced = (await (await fetch(`${server.url}/api/sync`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"wait":true}' })).json()) as { data: { state: string }[] };
    expect(synced.data.map(({ state }) => state)).toEqual(Array.from({ length: 2 * PROMPT_STREAMS.length }, () => 'done'));
    server.kill('SIGTERM');
    await server.ended;
    const { rows, reached } = await withStore(data, (engine) => engine.read(async (reader) => ({
      rows: await reader.query<{ region: string; told: string; changed: number }>(raw(`
        SELECT h.region, o.order_id || ' ' || o.platform_status || ' ' || epoch(o.updated_at)::bigint AS told, epoch(o.updated_at)::bigint AS changed FROM orders o JOIN shops h ON h.shop_id = o.shop_id ORDER BY 1, 2`)),
      reached: await reader.query<{ region: string; first: number; last: number }>(raw(`
        SELECT h.region, epoch(c.covered_from)::bigint AS first, epoch(c.covered_to)::bigint AS last FROM checkpoints c JOIN shops h ON h.shop_id = c.shop_id WHERE c.stream = 'orders'`)),
    })));
    for (const { region, first, last } of reached) {
      const shop = simulator.world.shops.find((each) => each.region === region)!;
      // What changes in the very second that the run ended in may be in or not: both are as it should be.
      const world = [...simulator.world.orders(shop, last - 1)].flatMap(({ id, life }) => {
        const at = life.times.findLastIndex((time) => time < last);
        const settled = life.times.every((time) => time < last - 1 || time > last + 60);
        return at >= 0 && life.times[at]! >= first && settled ? [`${id} ${STATUSES[life.statuses[at]!]} ${life.times[at]}`] : [];
      });
      // Orders that a claim alone names are older.
      const stored = new Set(rows.filter((row) => row.region === region && row.changed >= first).map(({ told }) => told));
      expect(world.length).toBeGreaterThan(3000);
      expect({ region, missing: world.filter((each) => !stored.has(each)) }).toEqual({ region, missing: [] });
      expect(stored.size - world.length).toBeLessThan(20);
    }
  } finally {
    await simulator.close();
  }
});
