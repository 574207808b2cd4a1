import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../src/config.ts';
import { raw, sql } from '../src/engines/sql.ts';
import { movingClock } from './connected-shops.ts';
import type { Caught } from './message-catchers.ts';
import { openTestApp, type TestApp } from './shop-window.ts';

/** An application with shops whose troubles a test decides, and a clock that it moves. */
export interface AlertWorld {
  readonly shops: TestApp;
  now(): Temporal.Instant;
  advance(duration: Temporal.DurationLike): void;
  /** A connected shop of a seller of its own, in Madrid, read up to now. */
  shop(id: number, name: string): Promise<void>;
  quarantine(id: number, record: string): Promise<void>;
  release(id: number): Promise<void>;
  /** Changes the store. */
  sql(text: string): Promise<void>;
  /** Says how far a shop has been read. */
  readUpTo(id: number, at: Temporal.Instant): Promise<void>;
  /** Sells so many units on each of these days of a shop. */
  sell(id: number, units: Readonly<Record<string, number>>): Promise<void>;
  /** Evaluates and says, as the schedule does. */
  run(): Promise<void>;
  /** The answer of `/api/alerts`. */
  // oxlint-disable-next-line no-explicit-any
  alerts(): Promise<any>;
  /** The kinds that are open now. */
  open(): Promise<string[]>;
  /** Ends the application and opens it on the same data. */
  restart(): Promise<void>;
  /** What the operator was warned of so far. */
  warnings(): string;
  close(): Promise<void>;
}

export async function openAlertWorld(settings: Partial<Config> = {}, start = '2026-11-20T10:00:00Z'): Promise<AlertWorld> {
  const dataFolder = mkdtempSync(join(tmpdir(), 's7-alerts-'));
  const clock = movingClock(start);
  let warned = '';
  const { write } = process.stderr;
  process.stderr.write = (text: string | Uint8Array) => {
    warned += typeof text === 'string' ? text : Buffer.from(text).toString();
    return true;
  };
  let shops = await openTestApp({ dataFolder, ...settings }, clock);
  const run = (text: string): Promise<void> => shops.app.engine.transaction((tx) => tx.run(raw(text)));
  const world: AlertWorld = {
    get shops() {
      return shops;
    },
    now: () => clock.now(),
    advance: (duration) => clock.advance(duration),
    async shop(id, name) {
      await shops.app.engine.transaction(async (tx) => {
        await tx.run(
          sql`INSERT INTO shops (shop_id, platform, shop, zone, authorization_id, platform_shop_id, cipher)
            VALUES (${id}, 'TikTok', ${name}, 'Europe/Madrid', ${id}, ${String(id)}, 'c')`,
        );
        await tx.run(sql`
          INSERT INTO authorizations (authorization_id, platform, app, account, seller, scopes, access_expires_at, refresh_expires_at,
          refreshed_at, state)
          VALUES (${id}, 'TikTok', 'ROW', ${String(id)}, ${`Seller ${id}`}, 'seller.authorization.info seller.order.info',
          ${clock.now().add({ hours: 168 })}, ${clock.now().add({ hours: 24 * 300 })}, ${clock.now()}, 'active')`);
      });
      await world.readUpTo(id, clock.now());
    },
    quarantine: (id, record) =>
      run(
        `INSERT INTO quarantine (shop_id, stream, record, field, problem, document, seen_at) VALUES (${id}, 'orders', '${record}', ` +
          `'id', 'is missing', '{}', TIMESTAMPTZ '${clock.now().toString()}')`,
      ),
    release: (id) => run(`DELETE FROM quarantine WHERE shop_id = ${id}`),
    sql: run,
    async readUpTo(id, at) {
      await run(`DELETE FROM checkpoints WHERE shop_id = ${id}`);
      await run(
        `INSERT INTO checkpoints VALUES (${id}, 'orders', TIMESTAMPTZ '2026-01-01 00:00:00+00', TIMESTAMPTZ '2026-01-01 ` +
          `00:00:00+00', TIMESTAMPTZ '${at.toString()}', NULL, NULL, NULL)`,
      );
    },
    async sell(id, units) {
      const rows = Object.entries(units).map(([day, count], i) => `(${id * 10_000 + i}, ${id}, '${id}-${day}', DATE '${day}', ${count})`);
      await run(`INSERT INTO orders (oid, shop_id, order_id, shop_day, units) VALUES ${rows.join(', ')}`);
    },
    run: () => shops.app.alerts.run(),
    alerts: async () => (await shops.get('/api/alerts')).json,
    open: async () => ((await shops.get('/api/alerts')).json.data as { kind: string }[]).map(({ kind }) => kind),
    async restart() {
      await shops.close();
      shops = await openTestApp({ dataFolder, ...settings }, clock);
    },
    warnings: () => warned,
    async close() {
      process.stderr.write = write;
      await shops.close().catch(() => undefined);
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
  return world;
}

/** Each paragraph that was said, as its mark and the shop it names. */
export function withoutWords(caught: readonly Caught[]): string[] {
  return caught.flatMap(({ body }) =>
    String(body.text.content ?? body.text)
      .split('\n\n')
      .map((text) => /^\S+ [^:]+/.exec(text)![0]),
  );
}
