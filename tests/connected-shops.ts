import { serverSettings } from '../simulator/thread.ts';
import { openTikTokAlone, type TikTokAlone, type TikTokAloneOptions } from '../simulator/tiktok/tiktok-alone.ts';
import type { Config } from '../src/config.ts';
import type { Row } from '../src/engines/engine.ts';
import { raw } from '../src/engines/sql.ts';
import type { Clock } from '../src/kernel/clock.ts';
import type { Sleep } from '../src/kernel/throttle.ts';
import type { StreamName } from '../src/model/stream.ts';
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
  readonly stream: StreamName;
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
  syncAll(shop?: string, stream?: StreamName): Promise<readonly SyncedStream[]>;
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

/** Opens both, the shops not connected yet. */
export async function openConnectedShops({
  now = '2026-11-20T10:00:00Z',
  settings = {},
  say,
  rateFactor,
  ...simulated
}: { now?: string; settings?: Partial<Config>; say?: (line: string) => void; rateFactor?: number } & Omit<
  TikTokAloneOptions,
  'clock'
> = {}): Promise<ConnectedShops> {
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
