import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverSettings } from '../simulator/thread.ts';
import { openTikTokAlone, type TikTokAlone, type TikTokAloneOptions } from '../simulator/tiktok/tiktok-alone.ts';
import type { Config } from '../src/config.ts';
import type { Row } from '../src/engines/engine.ts';
import { raw } from '../src/engines/sql.ts';
import type { Clock } from '../src/kernel/clock.ts';
import type { Sleep } from '../src/kernel/throttle.ts';
import { copyPrepared } from './prepared-data.ts';
import { openTestApp, type Answer, type TestApp } from './shop-window.ts';

/** A clock that stands still until it is moved; server and simulator share it. */
export interface MovingClock extends Clock {
  advance(duration: Temporal.DurationLike): void;
}

export function movingClock(instant: string): MovingClock {
  let now = Temporal.Instant.from(instant);
  return {
    now: () => now,
    advance(duration) {
      now = now.add(duration);
    },
  };
}

/** How the run of a stream of a shop ended. */
export interface SyncedStream {
  readonly shop: string;
  readonly stream: string;
  readonly state: string;
  readonly error: string | null;
  readonly progress: Record<string, number> | null;
}

/** The whole application beside a simulated TikTok Shop. */
export interface ConnectedShops {
  readonly shops: TestApp;
  readonly simulator: TikTokAlone;
  readonly clock: MovingClock;
  /** Signs in as an account and agrees; the answer of the callback. */
  consent(region: string, account: string): Promise<Answer>;
  /** The query that the platform sends the seller back with. */
  consentQuery(region: string, account: string, decision?: 'authorize' | 'cancel'): Promise<string>;
  /** Fetches every connected shop, or one, to the end; what became of the orders. */
  sync(shop?: string): Promise<readonly SyncedStream[]>;
  /** The same, and what became of every stream, or of one that is asked for. */
  syncAll(shop?: string, stream?: string): Promise<readonly SyncedStream[]>;
  rows(text: string): Promise<Row[]>;
  close(): Promise<void>;
}

/** What a seller does in the browser, up to the address that the platform sends the browser to. */
export async function consentQuery(authUrl: string, account: string, decision: 'authorize' | 'cancel' = 'authorize'): Promise<string> {
  const page = new URL(authUrl);
  page.pathname += '/decide';
  page.searchParams.set('account', account);
  page.searchParams.set('decision', decision);
  const back = (await fetch(page, { redirect: 'manual' })).headers.get('location');
  return new URL(back!).search;
}

/** How both are opened. */
export interface ConnectedOptions extends Omit<TikTokAloneOptions, 'clock'> {
  readonly now?: string;
  readonly settings?: Partial<Config>;
  readonly say?: (line: string) => void;
  readonly rateFactor?: number;
}

/** A store that is opened with the shops of a seller in it, read once over some days. */
interface FilledOptions extends Omit<ConnectedOptions, 'settings'> {
  readonly historyDays: number;
  readonly seller?: { readonly region: string; readonly account: string };
}

const SELLER = { region: 'ES', account: 'estrella-hogar' };

/**
 * Opens both on a copy of a store that was connected and read once for all who ask for the same; faults and what else is wished begin after
 * that.
 */
export async function openFilledShops({ historyDays, seller = SELLER, ...options }: FilledOptions): Promise<ConnectedShops> {
  const { now, scale } = options;
  const settings = { historyDays };
  const dataFolder = await mkdtemp(join(tmpdir(), 's7-filled-'));
  await copyPrepared(dataFolder, {
    name: JSON.stringify({ historyDays, seller, now, scale }),
    async make(folder) {
      const first = await openConnectedShops({
        ...(now ? { now } : {}),
        ...(scale === undefined ? {} : { scale }),
        settings: { ...settings, dataFolder: folder },
      });
      const { status, text } = await first.consent(seller.region, seller.account);
      if (status !== 200) throw new Error(text);
      const unfinished = (await first.syncAll()).filter(({ state }) => state !== 'done');
      await first.close();
      if (unfinished.length > 0) throw new Error(JSON.stringify(unfinished));
    },
  });
  const opened = await openConnectedShops({ ...options, settings: { ...settings, dataFolder } });
  return {
    ...opened,
    async close() {
      await opened.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** Opens both, the shops not connected yet. */
export async function openConnectedShops({
  now = '2026-11-20T10:00:00Z',
  settings = {},
  say,
  rateFactor,
  ...simulated
}: ConnectedOptions = {}): Promise<ConnectedShops> {
  const clock = movingClock(now);
  const simulator = await openTikTokAlone({ clock, limits: 'off', ...simulated });
  const apps = serverSettings(simulator);
  // Waiting between tries passes on the clock of both, and nowhere else.
  const sleep: Sleep = (milliseconds) => {
    clock.advance({ milliseconds: Math.ceil(milliseconds) });
    return Promise.resolve();
  };
  const shops = await openTestApp({ apps, historyDays: 60, ...settings }, clock, {
    sleep,
    ...(say ? { say } : {}),
    ...(rateFactor === undefined ? {} : { rateFactor }),
  });
  const query: ConnectedShops['consentQuery'] = async (region, account, decision) => {
    const { json } = await shops.get(`/api/TikTok/auth_url/?region=${region}`);
    return consentQuery(json.auth_url, account, decision);
  };
  const syncAll: ConnectedShops['syncAll'] = async (shop, stream) => {
    const { json, text } = await shops.send('/api/sync', { ...(shop ? { shop } : {}), ...(stream ? { stream } : {}), wait: true });
    if (!json?.data) throw new Error(text);
    return json.data;
  };
  return {
    shops,
    simulator,
    clock,
    syncAll,
    consentQuery: query,
    consent: async (region, account) => shops.get(`/api/TikTok/callback${await query(region, account)}`, { accept: 'application/json' }),
    sync: async (shop) => (await syncAll(shop)).filter(({ stream }) => stream === 'orders'),
    rows: (text) => shops.app.engine.read((reader) => reader.query(raw(text))),
    async close() {
      await shops.close();
      await simulator.close();
    },
  };
}
