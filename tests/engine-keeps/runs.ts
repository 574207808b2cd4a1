import { expect, test } from 'vitest';
import { raw, sql } from '../../src/engines/sql.ts';
import { ofAccount, ofShop } from '../../src/model/feed.ts';
import { openVault } from '../../src/kernel/vault.ts';
import { clearAlerts, raiseAlert, readClearedAlerts, readOpenAlerts } from '../../src/records/alerts/alert-log.ts';
import { finishImport, readImport, readImportIds, startImport } from '../../src/records/imports/import-log.ts';
import { noteMisses, readGivenUp } from '../../src/records/misses.ts';
import {
  finishRun,
  keepCheckpoint,
  keepQuarantine,
  markInterruptedRuns,
  NO_COUNTS,
  readCheckpoint,
  readQuarantine,
  readRuns,
  runOf,
  startRun,
} from '../../src/records/runs/sync-log.ts';
import { keepAuthorization, readSecrets } from '../../src/records/shops/authorizations.ts';
import type { EngineWorld } from './engine-world.ts';

const at = Temporal.Instant.from('2026-03-10T00:00:00Z');
const after = (hours: number): Temporal.Instant => at.add({ hours });

/** What is remembered of fetching and reading: every run, import, alert and consent with a number of its own. */
export function keepsRuns(world: EngineWorld): void {
  test('runs that begin at the same time have numbers of their own, each stream is remembered by its last one', async () => {
    const shop = await world.newShop();
    const streams = ['orders', 'returns', 'products', 'orders'];
    const ids = await Promise.all(streams.map((stream, i) => startRun(world.engine, { owner: ofShop(shop.shopId), stream, at: after(i) })));
    expect(new Set(ids).size).toBe(4);
    const counts = { ...NO_COUNTS, documents: 7, added: 3 };
    const forecast = { calls: 4, seconds: 60 };
    await finishRun(world.engine, ids[3]!, { state: 'failed', counts, calls: 9, forecast, error: 'platform_busy', at: after(5) });
    const runs = (await world.engine.read((reader) => readRuns(reader))).filter(({ shop_id: id }) => id === shop.shopId);
    expect(runs.map(({ stream, state }) => `${stream} ${state}`)).toEqual(['orders failed', 'products running', 'returns running']);
    expect(runs[0]).toMatchObject({ run_id: ids[3], documents: 7, added: 3, calls: 9, forecast_calls: 4, error: 'platform_busy' });
    await markInterruptedRuns(world.engine);
    const states = await world.rows(sql`SELECT DISTINCT state FROM sync_runs WHERE shop_id = ${shop.shopId} ORDER BY 1`);
    expect(states.map(({ state }) => state)).toEqual(['failed', 'interrupted']);
  });

  test('where a stream stands, what is set aside and what could not be had is remembered, each record once', async () => {
    const { shopId } = await world.newShop();
    const checkpoint = {
      reachFrom: at,
      coveredFrom: after(1),
      coveredTo: after(2),
      window: { from: after(1), to: after(2), resume: 'page 2' },
    };
    const refuse = (record: string, field: string) => ({ record, field, problem: 'is missing', document: '{}' });
    await world.engine.transaction(async (tx) => {
      await keepCheckpoint(tx, shopId, { stream: 'orders', checkpoint: { ...checkpoint, window: null } });
      await keepCheckpoint(tx, shopId, { stream: 'orders', checkpoint });
      await keepQuarantine(tx, ofShop(shopId), {
        stream: 'orders',
        refused: [refuse('A', 'id'), refuse('B', 'id'), refuse('?', 'id')],
        taken: [],
        at,
      });
      await keepQuarantine(tx, ofShop(shopId), { stream: 'orders', refused: [refuse('A', 'status')], taken: ['B'], at: after(1) });
      for (let i = 0; i < 5; i++)
        await noteMisses(tx, shopId, { stream: 'gaps', records: ['A', 'B'].slice(0, 1 + (i % 2)), error: 'not_found', at });
    });
    const found = await world.engine.read(async (reader) => ({
      checkpoint: await readCheckpoint(reader, shopId, 'orders'),
      held: (await readQuarantine(reader, 100)).filter((each) => each.shop_id === shopId),
      given: (await readGivenUp(reader, 100)).filter((each) => each.shop_id === shopId),
    }));
    expect(JSON.stringify(found.checkpoint)).toBe(JSON.stringify(checkpoint));
    expect(found.held.map(({ record, field }) => `${record} ${field}`).toSorted()).toEqual(['? id', 'A status']);
    expect(found.given.map(({ record, tries }) => [record, tries])).toEqual([['A', 5]]);
  });

  test('what is read for all shops of an account is told of each; what is of none of them is set aside with the account', async () => {
    const accountId = 40_000;
    const shop = { ...(await world.newShop()), connection: { authorizationId: accountId, platformShopId: '1', handle: null } };
    const runId = await startRun(world.engine, { owner: ofAccount(accountId), stream: 'orders', at });
    await startRun(world.engine, { owner: ofAccount(accountId + 1), stream: 'orders', at });
    const strange = { record: 'A', field: 'shop', problem: 'ZZ is not connected', document: null };
    const hold = (taken: readonly string[]): Promise<void> =>
      world.engine.transaction((tx) =>
        keepQuarantine(tx, ofAccount(accountId), { stream: 'orders', refused: taken.length > 0 ? [] : [strange], taken, at }),
      );
    const held = async (): Promise<object[]> =>
      (await world.engine.read((reader) => readQuarantine(reader, 100))).filter((each) => each.account_id === accountId);
    await hold([]);
    const runs = await world.engine.read((reader) => readRuns(reader));
    expect([runOf(runs, shop, 'orders')?.run_id, runOf(runs, shop, 'returns')]).toEqual([runId, undefined]);
    expect(await held()).toMatchObject([{ shop_id: null, account_id: accountId, record: 'A', problem: 'ZZ is not connected' }]);
    await hold(['A']);
    expect(await held()).toEqual([]);
  });

  test('imports are numbered in the order they begin, and say how they ended', async () => {
    const begin = (file: string): Promise<number> => startImport(world.engine, { file, preset: 'own', mapping: '{}', at });
    const ids = await Promise.all(['a.csv', 'b.csv', 'c.csv'].map(begin));
    expect(ids.toSorted((a, b) => a - b)).toEqual(ids);
    expect(new Set(ids).size).toBe(3);
    const orders = { orders_read: 4, orders_new: 3, orders_changed: 1, orders_unchanged: 0 };
    await finishImport(world.engine, { import_id: ids[1]!, state: 'done', lines_read: 5, lines_refused: 1, ...orders }, after(1));
    const [record, all] = await world.engine.read((reader) => Promise.all([readImport(reader, ids[1]!), readImportIds(reader)]));
    expect(record).toMatchObject({ file: 'b.csv', state: 'done', lines_read: 5, orders_new: 3, refunds_read: 0 });
    expect(all).toEqual(expect.arrayContaining(ids));
  });

  test('alerts rise once and are remembered when they are mended; the same trouble again is another', async () => {
    const { shopId } = await world.newShop();
    const raise = (hours: number): Promise<void> =>
      world.engine.transaction((tx) => {
        const alert = { kind: 'sync_stalled', subject: `shop ${shopId}`, shopId, severity: 'warning', values: { hours } } as const;
        return raiseAlert(tx, alert, after(hours));
      });
    const open = async () => (await world.engine.read((reader) => readOpenAlerts(reader))).filter((each) => each.shopId === shopId);
    await raise(1);
    const [first] = await open();
    await world.engine.transaction((tx) => clearAlerts(tx, [first!.alertId], after(2)));
    await raise(3);
    const [second] = await open();
    expect(second!.alertId).toBeGreaterThan(first!.alertId);
    expect(second!.values).toEqual({ hours: 3 });
    const cleared = await world.engine.read((reader) => readClearedAlerts(reader, 10));
    expect(cleared.map(({ alertId }) => alertId)).toContain(first!.alertId);
  });

  test('a consent keeps its number when it is given again, another has another, and its secrets come out with the key alone', async () => {
    const vault = openVault(new Uint8Array(32).fill(7));
    const consent = (account: string, accessToken: string) =>
      world.engine.transaction((tx) =>
        keepAuthorization(
          tx,
          { platform: 'TikTok', app: 'cross_border', account, seller: account, region: 'ES' },
          {
            granted: {
              secrets: { accessToken },
              expiresAt: accessToken === 'x' ? null : after(1),
              consentEndsAt: null,
              scopes: ['orders'],
            },
            vault,
            at,
          },
        ),
      );
    const ids = [await consent('one', 'first'), await consent('other', 'x'), await consent('one', 'second')];
    expect([ids[0] === ids[2], ids[0] === ids[1]]).toEqual([true, false]);
    const secrets = await world.engine.read((reader) => readSecrets(reader, ids[0]!, vault));
    expect(secrets).toEqual({ accessToken: 'second' });
    const other = openVault(new Uint8Array(32).fill(8));
    await expect(world.engine.read((reader) => readSecrets(reader, ids[0]!, other))).rejects.toThrow();
    expect((await world.rows(raw(`SELECT count(*) AS n FROM authorizations WHERE tokens LIKE '%second%'`)))[0]).toEqual({ n: 0 });
  });
}
