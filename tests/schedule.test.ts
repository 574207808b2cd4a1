import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTikTokAlone } from '../simulator/tiktok/tiktok-alone.ts';
import { serverSettings } from '../simulator/thread.ts';
import { consentQuery, movingClock } from './connected-shops.ts';
import { openTestApp, type TestApp } from './shop-window.ts';

/** Waits until an answer of the server is as wished. */
async function until(
  shops: TestApp,
  path: string,
  wish: (json: { data: Record<string, unknown>[] }) => boolean,
): Promise<Record<string, unknown>[]> {
  for (;;) {
    const { json } = await shops.get(path);
    if (wish(json)) return json.data;
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

test('a server that starts refreshes tokens, reads its shops by itself, catches up a midnight once, survives what fails', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 's7-schedule-'));
  const clock = movingClock('2026-11-20T20:00:00Z');
  const simulator = await openTikTokAlone({ clock, limits: 'off', journal: true });
  const apps = serverSettings(simulator);
  const open = (): Promise<TestApp> => openTestApp({ dataFolder, apps, historyDays: 5 }, clock);
  const refreshes = (): number => simulator.journal.filter(({ path }) => path === '/api/v2/token/refresh').length;
  try {
    let shops = await open();
    for (const [region, account] of [
      ['ES', 'estrella-hogar'],
      ['US', 'lone-star-living'],
    ] as const) {
      const { json } = await shops.get(`/api/TikTok/auth_url/?region=${region}`);
      await shops.get(`/api/TikTok/callback${await consentQuery(json.auth_url, account)}`, { accept: 'application/json' });
    }
    await until(shops, '/api/shops', ({ data }) => data.length === 3 && data.every(({ complete_at: at }) => at !== null));
    await shops.app.close();

    // Two days pass with nothing running; one seller withdraws the consent meanwhile.
    clock.advance({ hours: 48 });
    simulator.deauthorize('lone-star-living');
    simulator.journal.length = 0;
    shops = await open();
    shops.app.start();
    const read = await until(
      shops,
      '/api/shops',
      ({ data }) =>
        data.filter(({ complete_at: at }) => String(at) >= '2026-11-22').length === 2 &&
        data.some(({ connection }) => connection === 'lost'),
    );
    expect(read.map(({ shop, connection }) => `${String(shop)} ${String(connection)}`)).toEqual([
      'Estrella Hogar España connected',
      'Estrella Hogar UK connected',
      'Lone Star Living lost',
    ]);
    expect((await shops.get('/api/health')).status).toBe(200);
    expect(refreshes()).toBe(2);
    expect((await shops.get('/')).text).toContain('authorise again');
    await shops.app.close();
  } finally {
    await simulator.close();
    rmSync(dataFolder, { recursive: true, force: true });
  }
});

test('with another secret key the tokens do not open: that is said with the way out, and the orders are not affected', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 's7-schedule-'));
  const clock = movingClock('2026-11-20T20:00:00Z');
  const simulator = await openTikTokAlone({ clock, limits: 'off' });
  const apps = serverSettings(simulator);
  const open = (secretKey: string): Promise<TestApp> => openTestApp({ dataFolder, apps, historyDays: 3, secretKey }, clock);
  try {
    let shops = await open('ab'.repeat(32));
    const { json } = await shops.get('/api/TikTok/auth_url/?region=ES');
    await shops.get(`/api/TikTok/callback${await consentQuery(json.auth_url, 'estrella-hogar')}`, { accept: 'application/json' });
    await until(shops, '/api/shops', ({ data }) => data.length === 2 && data.every(({ complete_at: at }) => at !== null));
    const before = (await shops.get('/api/TikTok/order/all/')).json.count;
    await shops.app.close();
    shops = await open('cd'.repeat(32));
    expect((await shops.get('/api/TikTok/refresh_token')).json).toMatchObject({
      name: 'secret_key_lost',
      hint: expect.stringContaining('authorise each shop again'),
    });
    expect((await shops.get('/api/TikTok/order/list/?shop=Estrella%20Hogar%20UK')).json).toMatchObject({ name: 'secret_key_lost' });
    expect((await shops.get('/api/TikTok/order/all/')).json.count).toBe(before);
    await shops.app.close();
  } finally {
    await simulator.close();
    rmSync(dataFolder, { recursive: true, force: true });
  }
});
