import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Client } from './client.ts';
import { openTikTokAlone, type TikTokAlone, type TikTokAloneOptions } from './tiktok-alone.ts';

const START = Temporal.Instant.from('2026-06-15T10:00:00Z');
const SHOPS = '/authorization/202309/shops';
const opened: TikTokAlone[] = [];
let now = START;
const clock = { now: () => now };

afterEach(async () => {
  now = START;
  await Promise.all(opened.splice(0).map((simulator) => simulator.close()));
});

async function open(options: TikTokAloneOptions = {}): Promise<{ simulator: TikTokAlone; client: Client }> {
  const redirectUrls = { ROW: 'https://erp.example/back?from=tiktok', US: 'https://erp.example/us' };
  const simulator = await openTikTokAlone({ clock, limits: 'off', redirectUrls, ...options });
  opened.push(simulator);
  return { simulator, client: new Client(simulator.apps.ROW, clock) };
}

async function codeFor(client: Client, account = 'estrella-hogar'): Promise<string> {
  return (await client.consent(account)).searchParams.get('code')!;
}

test('the consent page lists the sellers of the app and leads back with a code and the state', async () => {
  const { simulator, client } = await open();
  const page = await (await fetch(`${simulator.url}/open/authorize?service_id=${simulator.apps.ROW.serviceId}&state=%22x%22`)).text();
  expect(page).toContain('Estrella Hogar');
  expect(page).toContain('Luz de Casa MX');
  expect(page).not.toContain('Lone Star');
  expect(page).toContain('value="&#34;x&#34;"');
  const back = await client.consent('estrella-hogar', { state: '"x"' });
  expect(back.origin + back.pathname).toBe('https://erp.example/back');
  expect([...back.searchParams.keys()]).toEqual(['from', 'app_key', 'code', 'locale', 'shop_region', 'state']);
  expect(back.searchParams.get('state')).toBe('"x"');
  expect(back.searchParams.get('shop_region')).toBe('ES');
});

test('a seller who cancels is sent back with the documented refusal', async () => {
  const { client } = await open();
  const back = await client.consent('estrella-hogar', { state: 's1', decision: 'cancel' });
  expect(back.search).toBe('?from=tiktok&code=null&error=auth_denied&state=s1');
});

test('an app is known by its service id only, and a seller by one app only', async () => {
  const { simulator } = await open();
  expect((await fetch(`${simulator.url}/open/authorize?service_id=1`)).status).toBe(404);
  const wrong = await fetch(
    `${simulator.url}/open/authorize/decide?service_id=${simulator.apps.ROW.serviceId}&account=lone-star-living&decision=authorize`,
  );
  expect(wrong.status).toBe(400);
});

test('a code is good once, for half an hour, for its own app, and with the right secret', async () => {
  const { simulator, client } = await open();
  const code = await codeFor(client);
  expect((await client.fetchTokens({ code }, { app_secret: 'wrong' })).code).not.toBe(0);
  expect((await client.fetchTokens({ code }, { grant_type: 'authorization_code' })).code).not.toBe(0);
  expect((await new Client(simulator.apps.US, clock).fetchTokens({ code })).code).toBe(36004004);
  const first = await client.fetchTokens({ code });
  expect([first.status, first.code]).toEqual([200, 0]);
  const second = await client.fetchTokens({ code });
  expect([second.status, second.code, second.data]).toEqual([200, 36004004, null]);
  expect((await client.fetchTokens({ code: 'ROW_invented' })).code).toBe(36004004);
  const late = await codeFor(client);
  now = START.add({ minutes: 31 });
  expect((await client.fetchTokens({ code: late })).code).toBe(36004004);
});

test('tokens tell their ends as points in time; an access token lives a week, a refresh does not prolong the consent', async () => {
  const { client } = await open();
  const { data } = await client.fetchTokens({ code: await codeFor(client) });
  const seconds = START.epochMilliseconds / 1000;
  expect(data.access_token_expire_in).toBe(seconds + 604_800);
  expect(data.refresh_token_expire_in).toBe(seconds + 365 * 86_400);
  expect(data).toMatchObject({ seller_name: 'Estrella Hogar', seller_base_region: 'ES', user_type: 0 });
  expect(data.granted_scopes).toContain('seller.order.info');
  now = START.add({ hours: 24 * 7 });
  expect((await client.call(SHOPS, { token: data.access_token })).code).toBe(105002);
  const renewed = await client.fetchTokens({ refreshToken: data.refresh_token });
  expect(renewed.data.refresh_token_expire_in).toBe(data.refresh_token_expire_in);
  expect(renewed.data.open_id).toBe(data.open_id);
  expect((await client.call(SHOPS, { token: renewed.data.access_token })).code).toBe(0);
});

test('a used refresh token is still good in lenient rotation and void in strict rotation', async () => {
  for (const rotation of ['lenient', 'strict'] as const) {
    const { client } = await open({ rotation });
    const { refreshToken } = await client.connect('estrella-hogar');
    const next = await client.fetchTokens({ refreshToken });
    expect(next.data.refresh_token).not.toBe(refreshToken);
    expect((await client.fetchTokens({ refreshToken })).code).toBe(rotation === 'strict' ? 36004001 : 0);
    expect((await client.fetchTokens({ refreshToken: next.data.refresh_token })).code).toBe(0);
  }
});

test('tokens whose answer was lost are in force all the same: with strict rotation only a new consent helps', async () => {
  const { simulator, client } = await open({ rotation: 'strict' });
  const { refreshToken } = await client.connect('estrella-hogar');
  simulator.faults.lostAnswer = 1;
  await expect(client.fetchTokens({ refreshToken })).rejects.toThrow();
  simulator.faults.lostAnswer = 0;
  expect((await client.fetchTokens({ refreshToken })).code).toBe(36004001);
});

test('a consent that has run out asks for a new one', async () => {
  const { client } = await open({ refreshTokenDays: 30 });
  const { refreshToken } = await client.connect('estrella-hogar');
  now = START.add({ hours: 24 * 30 });
  expect((await client.fetchTokens({ refreshToken })).code).toBe(36004001);
});

test('a seller who withdraws leaves every token void, and may consent again', async () => {
  const { simulator, client } = await open();
  const { token, refreshToken } = await client.connect('estrella-hogar');
  const other = await client.connect('luz-de-casa');
  simulator.deauthorize('estrella-hogar');
  expect((await client.call(SHOPS, { token })).code).toBe(105002);
  expect((await client.fetchTokens({ refreshToken })).code).toBe(36004001);
  expect((await client.call(SHOPS, { token: other.token })).code).toBe(0);
  const again = await client.connect('estrella-hogar');
  expect((await client.call(SHOPS, { token: again.token })).code).toBe(0);
});

test('access tokens can be made to expire at once; a refresh gives good ones', async () => {
  const { simulator, client } = await open();
  const { token, refreshToken } = await client.connect('estrella-hogar');
  simulator.expireAccessTokens();
  const { status, code } = await client.call(SHOPS, { token });
  expect([status, code]).toEqual([401, 105002]);
  const { data } = await client.fetchTokens({ refreshToken });
  expect((await client.call(SHOPS, { token: data.access_token })).code).toBe(0);
});

test('a simulator restarted with the same seed goes on with the same apps and tokens; another seed knows none of them', async () => {
  const before = await open({ seed: 'same' });
  const { token, shops } = await before.client.connect('estrella-hogar');
  await before.simulator.close();
  const after = await open({ seed: 'same' });
  expect(after.simulator.apps.ROW.key).toBe(before.simulator.apps.ROW.key);
  expect((await after.client.search({ token, cipher: shops[0]!.cipher }, { page_size: '1' })).code).toBe(0);
  const stranger = await open({ seed: 'other' });
  expect((await stranger.client.call(SHOPS, { token })).code).toBe(36009004);
});

test('with a state file, used codes and withdrawals survive a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 's7-simulator-'));
  const stateFile = join(folder, 'state.json');
  const before = await open({ stateFile });
  const code = await codeFor(before.client);
  await before.client.fetchTokens({ code });
  const { token } = await before.client.connect('luz-de-casa');
  before.simulator.deauthorize('luz-de-casa');
  await before.simulator.close();
  const after = await open({ stateFile });
  expect((await after.client.fetchTokens({ code })).code).toBe(36004004);
  expect((await after.client.call(SHOPS, { token })).code).toBe(105002);
  rmSync(folder, { recursive: true });
});
