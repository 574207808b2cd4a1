import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { openDuckDb } from '../src/engines/duckdb.ts';
import type { Engine } from '../src/engines/engine.ts';
import { migrate } from '../src/engines/migrations.ts';
import { openVault } from '../src/kernel/vault.ts';
import { openClient } from '../src/platforms/client.ts';
import type { App, ConsentAnswer, Hosts } from '../src/platforms/connection.ts';
import type { Operation } from '../src/platforms/operation.ts';
import type { Platform, PlatformApi } from '../src/platforms/platform.ts';
import { shein } from '../src/platforms/shein/shein.ts';
import { tiktok } from '../src/platforms/tiktok/tiktok.ts';
import { readAuthorization } from '../src/records/shops/authorizations.ts';
import { sql } from '../src/engines/sql.ts';
import { openAuthorizations, type Authorizations } from '../src/sync/authorization.ts';
import { answer, openScriptedPlatform, type ScriptedPlatform } from './scripted-platform.ts';

const START = Temporal.Instant.from('2026-11-20T10:00:00Z');
const vault = openVault(new Uint8Array(32).fill(7));
let folder: string;
let engine: Engine;
let now: Temporal.Instant;
let server: ScriptedPlatform | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 's7-connections-'));
  engine = await openDuckDb(join(folder, 's7.duckdb'), { memoryLimit: '256MB', temporaryFolder: folder, threads: 1 });
  await migrate(engine);
  now = START;
});
afterEach(async () => {
  server?.close();
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const rate = { perSecond: 1000, burst: 1000, by: 'account', published: false } as const;
const things: Operation<unknown> = {
  name: 'things',
  method: 'GET',
  path: '/things',
  host: 'api',
  rate,
  credentials: 'shop',
  reply: z.any(),
};
const LAPSED = answer(401, 'unauthorized');

/** A platform whose keys last as long as the consent, one shop to an account, a host for each market, ten minutes to consent. */
function lastingPlatform(seen: ConsentAnswer[]): Platform {
  const { renew: _, ...others } = tiktok.api!;
  const hostOf = (region: string | null): string => (region === 'US' ? 'http://us.invalid' : server!.who.app.hosts(null).api);
  const hosts = (region: string | null): Hosts => ({ consent: hostOf(region), auth: hostOf(region), api: hostOf(region) });
  const api: PlatformApi = {
    ...others,
    apps: [{ ...others.apps[0]!, name: 'SELF', hosts }],
    stateMinutes: 10,
    scopes: [],
    consentUrl: ({ app, region, redirectUrl, state, query }) =>
      `${app.hosts(region).consent}/?${new URLSearchParams({ redirectUrl, state, from: String(query['from']) }).toString()}`,
    grant: (given) => {
      seen.push(given);
      return Promise.resolve({
        account: String(given.query['supplier']),
        secrets: { openKeyId: 'key-1', secretKey: `secret of ${String(given.query['tempToken'])}` },
        expiresAt: null,
        consentEndsAt: null,
        seller: 'Casa Luz',
        region: given.region,
        scopes: [],
      });
    },
    shops: (_call, { account, region }) =>
      Promise.resolve([
        { platformShopId: account, name: 'Casa Luz', region: region!, handle: null, zone: 'Europe/Madrid', currency: 'EUR' },
      ]),
    sign: ({ query, body }, { account, shop }) => ({
      query,
      body,
      headers: { 'x-key': account!['openKeyId']!, 'x-secret': account!['secretKey']!, 'x-shop': `${shop?.platformShopId} ${shop?.handle}` },
    }),
    explain: ({ status, body }) =>
      status === 200 ? { data: body ?? null } : { problem: 'token_expired', platformCode: String(status), message: '' },
  };
  return { ...shein, api };
}

function opened(platform: Platform): Authorizations {
  const { key, secrets } = server!.who.app;
  const kind = platform.api!.apps[0]!;
  const app: App = { platform: platform.id, kind: kind.name, key, secrets, more: {}, hosts: (region) => kind.hosts(region) };
  const clock = { now: () => now };
  return openAuthorizations({
    engine,
    clock,
    vault,
    client: openClient({ clock, sleep: async () => {} }),
    platforms: [platform],
    apps: [app],
  });
}

const begun = { region: 'es', redirectUrl: 'https://erp.example/api/Shein/callback', query: { from: 'the platform' } };
const stateOf = (address: string): string => new URL(address).searchParams.get('state')!;

test(
  'consent is given market, redirect address and what the seller came with; it ends with the whole query that came back, within its ' +
    'own minutes',
  async () => {
    server = await openScriptedPlatform([{}]);
    const seen: ConsentAnswer[] = [];
    const authorizations = opened(lastingPlatform(seen));
    const address = new URL(authorizations.consentUrl('Shein', begun));
    expect(Object.fromEntries(address.searchParams)).toMatchObject({ redirectUrl: begun.redirectUrl, from: 'the platform' });
    const state = stateOf(address.href);
    now = START.add({ minutes: 10, milliseconds: 1 });
    await expect(authorizations.complete('Shein', { state, tempToken: 't', supplier: '21' })).rejects.toMatchObject({
      code: 'consent_state_expired',
      values: { minutes: 10 },
    });
    now = START.add({ minutes: 9 });
    const { shops } = await authorizations.complete('Shein', { state, tempToken: 't', supplier: '21' });
    expect(seen).toMatchObject([{ region: 'ES', redirectUrl: begun.redirectUrl, query: { tempToken: 't', supplier: '21' } }]);
    expect(shops).toMatchObject([{ shop: 'Casa Luz', connection: { platformShopId: '21', handle: null } }]);
  },
);

test('keys that nobody renews are used while they are taken; refreshing leaves them; refused twice, the consent is lost', async () => {
  server = await openScriptedPlatform([{}, LAPSED, {}, LAPSED]);
  const authorizations = opened(lastingPlatform([]));
  const connect = async (tempToken: string) =>
    authorizations.complete('Shein', { state: stateOf(authorizations.consentUrl('Shein', begun)), tempToken, supplier: '21' });
  const {
    authorizationId,
    shops: [shop],
  } = await connect('one');
  const state = async (): Promise<string> => (await engine.read((reader) => readAuthorization(reader, authorizationId)))!.state;
  expect(authorizations.renews('Shein')).toBe(false);
  now = START.add({ hours: 24 * 400 });
  const { call } = await authorizations.callFor(shop!);
  await call(things);
  expect(server.seen[0]!.headers).toMatchObject({ 'x-key': 'key-1', 'x-secret': 'secret of one', 'x-shop': '21 null' });
  expect(await authorizations.refresh(authorizationId)).toMatchObject({
    state: 'active',
    expiresAt: null,
    consentEndsAt: null,
    error: null,
  });
  // Once may be a mistake of the platform's.
  await call(things);
  expect(await state()).toBe('active');
  await expect(call(things)).rejects.toMatchObject({ code: 'authorization_lost' });
  expect(await state()).toBe('lost');
  await connect('two');
  expect(await state()).toBe('active');
});

test("tokens that yesterday's program sealed open, and are renewed", async () => {
  server = await openScriptedPlatform([
    { code: 0, data: { shops: [] } },
    {
      code: 0,
      data: { access_token: 'next', access_token_expire_in: 1_800_000_000, refresh_token: 'next-refresh', open_id: 'account' },
    },
  ]);
  const host = server.who.app.hosts(null);
  const api: PlatformApi = { ...tiktok.api!, apps: tiktok.api!.apps.map((kind) => ({ ...kind, hosts: () => host })) };
  const authorizations = opened({ ...tiktok, api });
  const sealed = vault.seal('{"accessToken":"sealed-yesterday","refreshToken":"refresh-yesterday"}', 'authorizations:1:tokens');
  await engine.transaction(async (tx) => {
    await tx.run(sql`INSERT INTO authorizations
      (authorization_id, platform, app, account, seller, region, scopes, tokens, access_expires_at, refresh_expires_at, refreshed_at, state)
      VALUES (1, 'TikTok', 'ROW', 'account', 'Casa Luz', 'ES', '', ${sealed}, '2026-11-27T00:00:00Z', NULL, '2026-11-19T23:00:00Z',
      'active')`);
    await tx.run(sql`INSERT INTO shops (shop_id, platform, shop, zone, region, platform_shop_id, cipher, authorization_id)
      VALUES (1, 'TikTok', 'Casa Luz', 'Europe/Madrid', 'ES', '7', 'cipher-of-yesterday', 1)`);
  });
  const shop = {
    shopId: 1,
    platform: 'TikTok',
    shop: 'Casa Luz',
    zone: 'Europe/Madrid',
    currency: null,
    completeAt: null,
    region: 'ES',
    vatRate: null,
  } as const;
  const { call } = await authorizations.callFor({
    ...shop,
    connection: { authorizationId: 1, platformShopId: '7', handle: 'cipher-of-yesterday' },
  });
  await call(things);
  expect(server.seen[0]!.headers['x-tts-access-token']).toBe('sealed-yesterday');
  expect(server.seen[0]!.url.searchParams.get('shop_cipher')).toBe('cipher-of-yesterday');
  await authorizations.refresh(1);
  expect(server.seen[1]!.url.searchParams.get('refresh_token')).toBe('refresh-yesterday');
});
