import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { answer, fine, openScriptedPlatform, problem, SECRETS, type ScriptedPlatform } from '../../tests/scripted-platform.ts';
import { AppError } from '../kernel/errors.ts';
import { openClient } from './client.ts';
import type { Operation } from './operation.ts';
import { tiktok } from './tiktok/tiktok.ts';

const api = tiktok.api!;
const reply = z.object({ value: z.string(), list: z.array(z.object({ id: z.string() })).optional() });
const read: Operation<z.output<typeof reply>> = {
  name: 'read',
  method: 'GET',
  path: '/things/202309/{id}',
  host: 'api',
  perSecond: 1000,
  forShop: true,
  reply,
};
const write: Operation<z.output<typeof reply>> = { ...read, name: 'search', method: 'POST', path: '/things/202309/search' };
const FINE = fine({ value: 'fine' });

const opened: ScriptedPlatform[] = [];
afterEach(() => {
  for (const platform of opened.splice(0)) platform.close();
});

async function serving(...given: Parameters<typeof openScriptedPlatform>): Promise<ScriptedPlatform> {
  const platform = await openScriptedPlatform(...given);
  opened.push(platform);
  return platform;
}

/** A port that nobody listens on any more. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function failure(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

test('a call sends path, query and body exactly as they were signed', async () => {
  const { call, seen, who } = await serving([FINE]);
  expect(
    await call()(write, {
      query: { page_size: 20, page_token: 'aB+/cD==', ids: ['1', '2'], empty: '', none: undefined },
      body: { name: 'Größe✓' },
    }),
  ).toEqual({ value: 'fine' });
  const { url, body, headers } = seen[0]!;
  const { sign, ...query } = Object.fromEntries(url.searchParams);
  expect(query).toEqual({
    page_size: '20',
    page_token: 'aB+/cD==',
    ids: '1,2',
    app_key: 'app-key',
    timestamp: '1767225600',
    shop_cipher: 'cipher-of-shop',
  });
  expect(body).toBe('{"name":"Größe✓"}');
  expect(headers).toMatchObject({ 'x-tts-access-token': SECRETS.tokens[0], 'content-type': 'application/json' });
  const again = api.sign(
    { method: 'POST', path: url.pathname, query, body },
    { app: who.app, accessToken: null, cipher: 'cipher-of-shop' },
    Temporal.Instant.from('2026-01-01T00:00:00Z'),
  );
  expect(again.query['sign']).toBe(sign);
});

test("a call that is no shop's does not name one, and a token call is neither signed nor given a token", async () => {
  const { call, seen } = await serving([FINE]);
  await call()({ ...write, forShop: false });
  await call()({ ...write, forShop: false, open: true }, { query: { app_key: 'app-key' } });
  expect(seen[0]!.url.searchParams.has('shop_cipher')).toBe(false);
  expect(seen[1]!.url.search).toBe('?app_key=app-key');
  expect(seen[1]!.headers).not.toHaveProperty('x-tts-access-token');
});

test('what the platform calls temporary is tried again, later each time and signed anew', async () => {
  const { call, seen, waits, reports } = await serving([
    problem(36009003),
    answer(503, '<html>busy</html>'),
    problem(36009007, 'timeout', 500),
    FINE,
  ]);
  expect(await call()(read, { path: { id: '1' } })).toEqual({ value: 'fine' });
  expect(waits).toEqual([1000, 2000, 4000]);
  expect(seen.map(({ url }) => Number(url.searchParams.get('timestamp')) - 1767225600)).toEqual([0, 1, 3, 7]);
  expect(new Set(seen.map(({ url }) => url.searchParams.get('sign'))).size).toBe(4);
  expect(reports.map(({ attempt, status, outcome }) => [attempt, status, outcome])).toEqual([
    [1, 200, 'transient'],
    [2, 503, 'transient'],
    [3, 500, 'transient'],
    [4, 200, 'done'],
  ]);
});

test('five tries, no more; the error says what the platform said', async () => {
  const { call, seen, waits } = await serving([problem(36009003, 'Internal error', 500)]);
  const error = await failure(call()(read, { path: { id: '1' } }));
  expect(seen).toHaveLength(5);
  expect(waits).toEqual([1000, 2000, 4000, 8000]);
  expect(error).toMatchObject({
    code: 'platform_unreachable',
    retryable: true,
    details: { platform_code: '36009003', platform_message: 'Internal error', request_id: 'request-1' },
  });
});

test('waits vary by up to half a second, so that clients do not come back all at once', async () => {
  const { call, waits } = await serving([problem(36009003), FINE], { random: () => 0.9 });
  await call()(read, { path: { id: '1' } });
  expect(waits).toEqual([1450]);
});

test.each([
  ['seconds', '7', 7000],
  ['a date', 'Thu, 01 Jan 2026 00:00:09 GMT', 9000],
])('"too many requests" is waited out as long as it says, in %s', async (_, header, wait) => {
  const { call, waits, seen } = await serving([
    answer(429, { code: 36009002, message: 'Too many requests' }, { 'retry-after': header }),
    FINE,
  ]);
  expect(await call()(read, { path: { id: '1' } })).toEqual({ value: 'fine' });
  expect(waits.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(wait);
  expect(Number(seen[1]!.url.searchParams.get('timestamp')) - 1767225600).toBeGreaterThanOrEqual(wait / 1000);
});

test('one that is told to stay away for long does not wait in the call, and says how long', async () => {
  const { call, seen } = await serving([answer(429, { code: 36009002, message: 'Too many requests' }, { 'retry-after': '3600' })]);
  expect(await failure(call()(read, { path: { id: '1' } }))).toMatchObject({
    code: 'platform_busy',
    details: { retry_after_seconds: 3600 },
  });
  expect(seen).toHaveLength(1);
});

test('still too many requests after all tries is an error of its own, to be tried again later', async () => {
  const { call, seen } = await serving([answer(429, '')]);
  expect(await failure(call()(read, { path: { id: '1' } }))).toMatchObject({ code: 'platform_busy', retryable: true });
  expect(seen).toHaveLength(5);
});

test('an expired token is renewed once and the call goes on', async () => {
  const { call, seen, stale, waits } = await serving([problem(105002, 'Expired credentials', 401), FINE]);
  expect(await call()(read, { path: { id: '1' } })).toEqual({ value: 'fine' });
  expect(stale).toEqual([SECRETS.tokens[0]]);
  expect(seen[1]!.headers['x-tts-access-token']).toBe(SECRETS.tokens[1]);
  expect(waits).toEqual([]);
});

test('a new token that is called expired too means that the seller has to consent again', async () => {
  const { call, seen } = await serving([problem(105002, 'Expired credentials', 401)]);
  expect(await failure(call()(read, { path: { id: '1' } }))).toMatchObject({ code: 'authorization_lost', status: 409 });
  expect(seen).toHaveLength(2);
});

test.each([
  [101000, 'Invalid query or header. The `x-tts-access-token` header is invalid.', 'authorization_lost'],
  [105005, 'Access denied.', 'scope_missing'],
  [106001, 'Invalid credentials. The `sign` query parameter is invalid.', 'platform_refused'],
  [36009044, 'The seller is inactive.', 'platform_refused'],
])('code %i is not tried again', async (code, message, name) => {
  const { call, seen } = await serving([problem(code, message, 400)]);
  expect(await failure(call()(read, { path: { id: '1' } }))).toMatchObject({
    code: name,
    details: { platform_code: String(code), request_id: 'request-1' },
  });
  expect(seen).toHaveLength(1);
});

test('no answer within the deadline is tried again, then told', async () => {
  const { call, seen, reports } = await serving([() => undefined], { deadlineMs: 20 });
  expect(await failure(call()(read, { path: { id: '1' } }))).toMatchObject({
    code: 'platform_unreachable',
    message: expect.stringContaining('no answer within 0.02 s'),
  });
  expect(seen).toHaveLength(5);
  expect(reports.at(-1)).toMatchObject({ status: null, outcome: 'transient' });
});

test('a connection that breaks is tried again', async () => {
  const { call } = await serving([(request) => request.socket.destroy(), FINE]);
  expect(await call()(read, { path: { id: '1' } })).toEqual({ value: 'fine' });
});

test('a redirect is not followed: it would take the token to another host', async () => {
  const { call, seen } = await serving([answer(302, '', { location: '/elsewhere' })]);
  expect((await failure(call()(read, { path: { id: '1' } }))).code).toBe('platform_refused');
  expect(seen).toHaveLength(1);
});

test('calls end when they are called off, waiting or on their way', async () => {
  const off = new AbortController();
  const { call } = await serving([() => off.abort(new Error('shutting down'))]);
  await expect(call({ signal: off.signal })(read, { path: { id: '1' } })).rejects.toThrow('shutting down');
  await expect(call({ signal: off.signal })(read, { path: { id: '1' } })).rejects.toThrow('shutting down');
});

test('a reply that lacks what is needed is refused, naming the field and never its value', async () => {
  const { call } = await serving([fine({ value: 'private words', list: [{ id: '1' }, { id: { secret: 'private' } }] })]);
  const error = await failure(call()(read, { path: { id: '1' } }));
  expect(error).toMatchObject({
    code: 'platform_reply_not_understood',
    values: { field: 'list[1].id' },
    details: { request_id: '20260101' },
  });
  expect(JSON.stringify(error.toBody('en'))).not.toContain('private');
});

test('ids that come as long numbers keep all their digits', async () => {
  const long: RequestListener = (_, response) => void response.end('{"code":0,"data":{"value":"fine","list":[{"id":576461413038785753}]}}');
  const { call } = await serving([long]);
  expect(await call()(read, { path: { id: '1' } })).toMatchObject({ list: [{ id: '576461413038785753' }] });
});

test('no error and no report holds a secret, a token or an address with one', async () => {
  const words = `bad token first-token-1234567890 of ${SECRETS.app} for cipher-of-shop, see eyJhbGciOiJIUzI1NiJ9abc123; order 576461413038785753`;
  const { call, reports, who } = await serving([problem(36009004, words, 400)]);
  const error = await failure(
    call()(
      { ...read, open: true, forShop: false, path: '/api/v2/token/get' },
      { query: { app_secret: SECRETS.app, auth_code: 'code-987654321' } },
    ),
  );
  const refused = await failure(call()(read, { path: { id: '1' } }));
  const gone = await closedPort();
  const dead = await failure(
    openClient({ clock: { now: () => Temporal.Now.instant() }, sleep: async () => undefined }).callFor(api, {
      ...who,
      app: { ...who.app, hosts: { ...who.app.hosts, api: `http://127.0.0.1:${gone}` } },
    })({ ...read, path: '/api/v2/token/get', open: true }, { query: { app_secret: SECRETS.app } }),
  );
  for (const each of [error, refused, dead]) {
    const told = [JSON.stringify(each.toBody('en')), each.stack, String(each.cause), JSON.stringify(each.values)].join('\n');
    for (const secret of [SECRETS.app, 'first-token', 'cipher-of-shop', 'eyJhbGci', 'code-987', 'app_secret'])
      expect(told).not.toContain(secret);
  }
  expect(refused.message).toContain('576461413038785753');
  expect(dead).toMatchObject({ code: 'platform_unreachable', message: `127.0.0.1:${gone} cannot be reached: ECONNREFUSED.` });
  expect(JSON.stringify(reports)).not.toMatch(/token-|secret|cipher-/);
});

test('a call without what it needs is a mistake of the program, told before anything is sent', async () => {
  const { call, seen, who } = await serving([FINE]);
  await expect(call()(read)).rejects.toThrow('read lacks id');
  const client = openClient({ clock: { now: () => Temporal.Now.instant() } });
  await expect(client.callFor(api, { app: who.app })(write)).rejects.toThrow('search is a call for an authorization');
  await expect(client.callFor(api, { app: who.app, access: who.access! })(write)).rejects.toThrow('search is a call for a shop');
  expect(seen).toEqual([]);
});
