/**
 * From the platform's search pages to committed rows: simulator in a process of its own, limits lifted on both sides. `npm run bench --
 * sync`
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ofShop } from '../src/model/feed.ts';
import { openDuckDb } from '../src/engines/duckdb.ts';
import { prepareStore } from '../src/records/prepare-store.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { keyedHash, openVault } from '../src/kernel/vault.ts';
import { platforms } from '../src/platforms/all.ts';
import { openClient } from '../src/platforms/client.ts';
import { openAuthorizations } from '../src/sync/authorization.ts';
import { ORDERS } from '../src/sync/windowed-streams.ts';
import { runWindows } from '../src/sync/window-run.ts';
import { grouped, markdownTable, megabytes } from './table.ts';
import { partsOf } from '../tests/part-reading.ts';

const SIMULATOR = join(import.meta.dirname, '../simulator/main.ts');
const ACCOUNT = 'estrella-hogar';
/** Orders a day of the simulated Spanish shop at scale 1, over the last months. */
const ORDERS_A_DAY = 30;
const HISTORY_DAYS = 60;

interface Measured {
  readonly what: string;
  readonly orders: number;
  readonly seconds: number;
  readonly bytes: number;
}

/** Brings about so many orders home, of one shop and of two at once, without and with the platform's documents, and gives the tables. */
export async function compareSyncs({ orders, folder }: { orders: number; folder: string }, say: (text: string) => void): Promise<string[]> {
  const simulator = await startSimulator(orders / (ORDERS_A_DAY * HISTORY_DAYS));
  try {
    const measured: Measured[] = [];
    // A first run warms the simulator, which remembers what it has worked out.
    await measure(simulator.env, { what: 'warming up', regions: ['ES', 'GB'], keepDocuments: false, folder: join(folder, 'warming up') });
    for (const round of [1, 2]) {
      for (const regions of [['ES'], ['ES', 'GB']]) {
        for (const keepDocuments of [false, true]) {
          const what =
            `${regions.length} shop${regions.length > 1 ? 's' : ''}, ${keepDocuments ? 'rows and documents' : 'rows alone'}, round ` +
            `${round}`;
          const run = await measure(simulator.env, { what, regions, keepDocuments, folder: join(folder, what) });
          say(`${what}: ${run.orders} orders in ${run.seconds.toFixed(1)} s, ${grouped(run.orders / run.seconds)} orders/s`);
          measured.push(run);
        }
      }
    }
    const rows = measured.map(({ what, orders: home, seconds, bytes }) => [
      what,
      grouped(home),
      seconds.toFixed(1),
      grouped(home / seconds),
      megabytes(bytes),
    ]);
    return [
      '## From search pages to committed rows',
      markdownTable(['', 'orders', 'seconds', 'orders/s', 'data file'], rows),
      'Shops of the simulated TikTok Shop, which runs in a process of its own on the same machine; rates unlimited on both sides; a ' +
        'batch is 4,000 orders and one transaction. One shop alone waits for each page; several are read beside each other, as the ' +
        'server does.',
    ];
  } finally {
    simulator.child.kill();
  }
}

async function measure(
  env: Readonly<Record<string, string>>,
  { what, regions, keepDocuments, folder }: { what: string; regions: readonly string[]; keepDocuments: boolean; folder: string },
): Promise<Measured> {
  mkdirSync(folder, { recursive: true });
  const clock = systemClock;
  const engine = await openDuckDb(join(folder, 's7.duckdb'), { memoryLimit: '2048MiB', temporaryFolder: folder });
  await prepareStore(engine);
  const host = env['S7_TIKTOK_ROW_HOST']!;
  const app = {
    platform: 'TikTok' as const,
    kind: 'ROW',
    key: env['S7_TIKTOK_ROW_APP_KEY']!,
    secrets: [env['S7_TIKTOK_ROW_APP_SECRET']!] as const,
    more: { serviceId: env['S7_TIKTOK_ROW_SERVICE_ID']! },
    hosts: () => ({ consent: host, auth: host, api: host }),
  };
  const authorizations = openAuthorizations({
    engine,
    clock,
    vault: openVault(new Uint8Array(32)),
    client: openClient({ clock, rateFactor: Infinity }),
    platforms,
    apps: [app],
  });
  const page = new URL(authorizations.consentUrl('TikTok', { region: 'ES', redirectUrl: '', query: {} }));
  page.pathname += '/decide';
  page.searchParams.set('account', ACCOUNT);
  page.searchParams.set('decision', 'authorize');
  const back = new URL((await fetch(page, { redirect: 'manual' })).headers.get('location')!);
  const { shops } = await authorizations.complete('TikTok', Object.fromEntries(back.searchParams));
  const started = performance.now();
  const runs = await Promise.all(
    shops
      .filter(({ region }) => regions.includes(region!))
      .map(async (shop) => {
        const { api, call } = await authorizations.callFor(shop);
        const room = {
          engine,
          clock,
          hash: keyedHash(new Uint8Array(32)),
          parts: partsOf(keyedHash(new Uint8Array(32))),
          historyDays: HISTORY_DAYS,
          keepDocuments,
        };
        const source = { owner: ofShop(shop.shopId), shops: [shop], call, signal: new AbortController().signal };
        return runWindows(room, { ...ORDERS, source: api.orders, completes: true }, source);
      }),
  );
  const seconds = (performance.now() - started) / 1000;
  await engine.close();
  const { size } = statSync(join(folder, 's7.duckdb'));
  return { what, orders: runs.reduce((sum, { documents }) => sum + documents, 0), seconds, bytes: size };
}

async function startSimulator(scale: number): Promise<{ child: ChildProcess; env: Record<string, string> }> {
  const child = spawn(process.execPath, [SIMULATOR, '--scale', String(scale), '--limits', 'off'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const env: Record<string, string> = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (name) env[name] = value!;
    if (name === 'S7_TIKTOK_US_HOST') return { child, env };
  }
  throw new Error('the simulator did not start');
}
