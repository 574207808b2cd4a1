import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Clock } from '../../src/kernel/clock.ts';
import { openSimulator, type Simulator } from '../simulator.ts';
import type { AmazonHandle, AmazonOptions } from './amazon.ts';
import { AmazonClient } from './client.ts';

const ESTRELLA = 'A2EH7R5LKQW9ZT';
const LUZ = 'A3LC4MX8VN2PDJ';
const CALLBACK = 'http://127.0.0.1:8000/api/Amazon/callback';
const PARTICIPATIONS = '/sellers/v1/marketplaceParticipations';

let now = Temporal.Instant.from('2026-06-15T10:00:00Z');
const clock: Clock = { now: () => now };
let simulator: Simulator<{ Amazon: AmazonOptions }>;
let amazon: AmazonHandle;
let client: AmazonClient;

const opened = (options: AmazonOptions): Promise<Simulator<{ Amazon: AmazonOptions }>> =>
  openSimulator({ clock, scale: 0.02, platforms: { Amazon: options } });

beforeAll(async () => {
  simulator = await opened({ journal: true });
  amazon = simulator.platforms.Amazon;
  client = new AmazonClient(amazon);
});
afterAll(() => simulator.close());

const codeOf = (to: URL | undefined): string => to?.searchParams.get('spapi_oauth_code') ?? '';
const exchange = (code: string, more: Record<string, string> = {}): ReturnType<AmazonClient['tokens']> =>
  client.tokens({ grant_type: 'authorization_code', code, ...more });
const later = (duration: Temporal.DurationLike): void => {
  now = now.add(duration);
};

test('a seller who consents comes back with the state, the seller id and a code that is good once', async () => {
  const { to } = await client.consent(ESTRELLA);
  expect(to?.origin + to!.pathname).toBe(CALLBACK);
  expect(to?.searchParams.get('state')).toBe('some state');
  expect(to?.searchParams.get('selling_partner_id')).toBe(ESTRELLA);
  const first = await exchange(codeOf(to), { redirect_uri: CALLBACK });
  expect([first.status, first.json.token_type, first.json.expires_in]).toEqual([200, 'bearer', 3600]);
  expect(first.headers.get('cache-control')).toBe('no-store');
  const second = await exchange(codeOf(to));
  expect([second.status, second.json.error, Object.keys(second.json).sort()]).toEqual([
    400,
    'invalid_grant',
    ['error', 'error_description', 'request_id'],
  ]);
});

test('a code is over after five minutes', async () => {
  const { to } = await client.consent(ESTRELLA);
  later({ minutes: 5 });
  expect((await exchange(codeOf(to))).json.error).toBe('invalid_grant');
});

test('each marketplace asks its sellers on the host of its own, and a seller of another region is none of them', async () => {
  const page = await (
    await fetch(`${amazon.app.hosts.consent['MX']}/apps/authorize/consent?application_id=${amazon.app.applicationId}&state=x`)
  ).text();
  expect(page).toContain(LUZ);
  expect(page).not.toContain(ESTRELLA);
  expect((await client.consent(ESTRELLA, { country: 'MX' })).page).toContain('SPDC8143');
});

test('what is wrong with a consent is named by its code: app, redirect, fragment, state, too many sellers', async () => {
  expect((await client.consent(ESTRELLA, { application_id: 'amzn1.sp.solution.none' })).page).toContain('MD1000');
  expect((await client.consent(ESTRELLA, { redirect_uri: 'https://elsewhere.example/callback' })).page).toContain('MD5101');
  expect((await client.consent(ESTRELLA, { redirect_uri: `${CALLBACK}#x` })).page).toContain('MD5110');
  expect((await client.consent(ESTRELLA, { state: '' })).page).toContain('MD5100');
  amazon.plant({ consentLimit: 1 }, { calls: 1, account: ESTRELLA });
  expect((await client.consent(ESTRELLA)).page).toContain('CONSENT_LIMIT_REACHED');
  expect((await client.consent(ESTRELLA)).to).toBeDefined();
});

test('a draft app is let in as a beta version alone', async () => {
  const draft = await opened({ isDraft: true });
  const other = new AmazonClient(draft.platforms.Amazon);
  expect((await other.consent(ESTRELLA)).page).toContain('MD1000');
  expect((await other.consent(ESTRELLA, { version: 'beta' })).to).toBeDefined();
  await draft.close();
});

test('a seller who begins at Amazon is sent to the app, and back to it with both states and a code', async () => {
  const host = amazon.app.hosts.consent['ES'];
  const entered = await fetch(`${host}/apps/store/authorize/enter?account=${ESTRELLA}`, { redirect: 'manual' });
  const login = new URL(entered.headers.get('location')!);
  expect([login.pathname, login.searchParams.get('selling_partner_id')]).toEqual(['/api/Amazon/login', ESTRELLA]);
  const answer = new URL(login.searchParams.get('amazon_callback_uri')!);
  answer.searchParams.set('amazon_state', login.searchParams.get('amazon_state')!);
  answer.searchParams.set('state', 'ours');
  const back = new URL((await fetch(answer, { redirect: 'manual' })).headers.get('location')!);
  expect([back.searchParams.get('state'), back.searchParams.get('selling_partner_id')]).toEqual(['ours', ESTRELLA]);
  expect((await exchange(codeOf(back))).status).toBe(200);
  later({ minutes: 10 });
  expect((await fetch(answer, { redirect: 'manual' })).status).toBe(400);
});

test('a refresh gives the same refresh token back, older access tokens stay good, until a year is over', async () => {
  const { token, refreshToken } = await client.connect(ESTRELLA);
  const refreshed = await client.tokens({ grant_type: 'refresh_token', refresh_token: refreshToken });
  expect(refreshed.json.refresh_token).toBe(refreshToken);
  expect(refreshed.json.access_token).not.toBe(token);
  expect((await client.call(PARTICIPATIONS, { token })).status).toBe(200);
  later({ hours: 1 });
  const over = await client.call(PARTICIPATIONS, { token });
  expect([over.status, over.json.errors[0].details]).toEqual([403, 'The access token you provided has expired.']);
  later({ hours: 24 * 365 });
  expect((await client.tokens({ grant_type: 'refresh_token', refresh_token: refreshToken })).json.error).toBe('invalid_grant');
});

test('a consent that is withdrawn ends all of its tokens, those of other sellers go on', async () => {
  const [one, other] = [await client.connect(ESTRELLA), await client.connect(LUZ)];
  amazon.deauthorize(ESTRELLA);
  const { json } = await client.tokens({ grant_type: 'refresh_token', refresh_token: one.refreshToken });
  expect(json.error_description).toContain('User may have revoked');
  expect((await client.call(PARTICIPATIONS, { token: one.token })).json.errors[0].details).toContain('revoked, malformed or invalid');
  expect((await client.call(PARTICIPATIONS, { token: other.token, region: 'na' })).status).toBe(200);
});

test('a seller may come back without our state, and a consent may open no marketplace yet: both pass by themselves', async () => {
  amazon.plant({ lostState: 1 }, { account: ESTRELLA, calls: 1 });
  const stateless = (await client.consent(ESTRELLA)).to;
  expect([stateless?.searchParams.has('state'), codeOf(stateless) !== '']).toEqual([false, true]);
  expect((await client.consent(ESTRELLA)).to?.searchParams.get('state')).toBe('some state');
  const { token } = await client.connect(ESTRELLA);
  amazon.plant({ emptyParticipations: 1 }, { account: ESTRELLA, calls: 1 });
  expect((await client.call(PARTICIPATIONS, { token })).json).toEqual({ payload: [] });
  expect((await client.call(PARTICIPATIONS, { token })).json.payload).toHaveLength(10);
});

test('between two pages tokens may expire or the consent be withdrawn; a slow refresh has happened all the same', async () => {
  const query = { lastUpdatedAfter: '2026-01-01T00:00:00Z', paginationToken: 'none' };
  const page = async (token: string): Promise<string> =>
    (await client.call('/orders/2026-01-01/orders', { token, query })).json.errors[0].details;
  const { token, refreshToken } = await client.connect(ESTRELLA);
  amazon.plant({ expiringTokens: 1 }, { account: ESTRELLA, calls: 1 });
  expect(await page(token)).toBe('The access token you provided has expired.');
  amazon.plant({ refreshDelayMs: 1 }, { account: ESTRELLA, calls: 1 });
  const refreshed = await client.tokens({ grant_type: 'refresh_token', refresh_token: refreshToken });
  expect([refreshed.status, amazon.met.refreshDelayMs]).toEqual([200, 1]);
  amazon.plant({ deauthorized: 1 }, { account: ESTRELLA, calls: 1 });
  expect(await page(refreshed.json.access_token)).toContain('revoked, malformed or invalid');
});

test('two client secrets are good for a week, then the old one is refused where its tokens are used: at the API', async () => {
  const { refreshToken } = await client.connect(ESTRELLA);
  const newSecret = amazon.rotateSecret();
  const refresh = async (client_secret: string): Promise<string> =>
    (await client.tokens({ grant_type: 'refresh_token', refresh_token: refreshToken, client_secret })).json.access_token;
  const details = async (token: string): Promise<unknown> => (await client.call(PARTICIPATIONS, { token })).json.errors?.[0].details;
  expect(await details(await refresh(newSecret))).toBeUndefined();
  expect(await details(await refresh(amazon.app.clientSecret))).toBeUndefined();
  later({ hours: 24 * 7 });
  expect(await details(await refresh(newSecret))).toBeUndefined();
  expect(await details(await refresh(amazon.app.clientSecret))).toBe('The LWA secret token you provided has expired.');
  amazon.rotateSecret();
  amazon.plant({ secretPropagationSeconds: 1800 }, { until: now.add({ hours: 1 }) });
  const newest = amazon.rotateSecret();
  expect(await details(await refresh(newest))).toBe('The LWA secret token you provided has expired.');
  later({ minutes: 31 });
  expect(await details(await refresh(newest))).toBeUndefined();
  amazon.expireSecret();
  expect(await details(await refresh(newest))).toBe('The LWA secret token you provided has expired.');
});

test('the token host takes forms and JSON, and tells in its own envelope what it misses', async () => {
  const { app } = amazon;
  const post = async (body: object): Promise<unknown> => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return ((await (await fetch(`${app.hosts.lwa}/auth/o2/token`, init)).json()) as { error?: string }).error;
  };
  const whole = { client_id: app.clientId, client_secret: app.clientSecret, grant_type: 'client_credentials' };
  expect(await post({ ...whole, scope: 'sellingpartnerapi::notifications' })).toBeUndefined();
  expect(await post({ ...whole, scope: 'sellingpartnerapi::migration' })).toBe('invalid_scope');
  expect(await post({ ...whole, grant_type: 'password' })).toBe('unsupported_grant_type');
  expect(await post({ ...whole, grant_type: 'refresh_token' })).toBe('invalid_request');
  expect(await post({ ...whole, client_secret: 'wrong' })).toBe('invalid_client');
});

test('a token host that breaks off has answered nobody', async () => {
  amazon.plant({ lwaCut: 1 }, { calls: 1 });
  await expect(client.tokens({ grant_type: 'refresh_token', refresh_token: 'x' })).rejects.toThrow('fetch failed');
});

test('the journal tells whose calls they were and by which app, never a token, a code or a secret', async () => {
  amazon.journal.length = 0;
  const { token, refreshToken } = await client.connect(LUZ);
  await client.tokens({ grant_type: 'refresh_token', refresh_token: refreshToken });
  await client.call(PARTICIPATIONS, { token, region: 'na' });
  const text = JSON.stringify(amazon.journal);
  for (const hidden of [token, refreshToken, amazon.app.clientSecret]) expect(text).not.toContain(hidden.slice(5, 60));
  expect(amazon.journal.map(({ account }) => account)).toEqual([LUZ, LUZ, LUZ, LUZ]);
  expect(amazon.journal.at(-1)?.app).toBe(amazon.app.clientId);
});
