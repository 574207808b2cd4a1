import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { answer, fine, openScriptedPlatform, problem, SECRETS, type ScriptedPlatform } from '../../tests/scripted-platform.ts';
import { AppError } from '../kernel/errors.ts';
import { openClient } from './client.ts';
import { fileReply, type Operation, type PlatformFile, type Protocol } from './operation.ts';
import { signatureOf } from './tiktok/signature.ts';
import { tiktok } from './tiktok/tiktok.ts';

const api = tiktok.api!;
const reply = z.object({ value: z.string(), list: z.array(z.object({ id: z.string() })).optional() });
const read: Operation<z.output<typeof reply>> = {
  name: 'read',
  method: 'GET',
  path: '/things/202309/{id}',
  host: 'api',
  rate: { perSecond: 1000, burst: 1000, by: 'shop', published: false },
  credentials: 'shop',
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
    { app: who.app, secret: SECRETS.app, account: { accessToken: SECRETS.tokens[0] }, shop: who.shop! },
    Temporal.Instant.from('2026-01-01T00:00:00Z'),
  );
  expect(again.query['sign']).toBe(sign);
});

test("a call that is no shop's names none, a token call brings the secret and no token, one without credentials neither", async () => {
  const { call, seen } = await serving([FINE]);
  await call()({ ...write, credentials: 'account' });
  await call()({ ...write, credentials: 'app' });
  await call()({ ...write, credentials: 'none' });
  expect(seen[0]!.url.searchParams.has('shop_cipher')).toBe(false);
  expect(seen[1]!.url.search).toBe(`?app_key=app-key&app_secret=${SECRETS.app}`);
  expect(seen[1]!.headers).not.toHaveProperty('x-tts-access-token');
  expect(seen[2]!.url.search).toBe('');
  expect(seen[2]!.headers).not.toHaveProperty('x-tts-access-token');
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
  const { call, seen, lost } = await serving([problem(105002, 'Expired credentials', 401)]);
  expect(await failure(call()(read, { path: { id: '1' } }))).toMatchObject({ code: 'authorization_lost', status: 409 });
  expect(seen).toHaveLength(2);
  expect(lost).toEqual([SECRETS.tokens[1]]);
});

test('a token refused for its header is renewed once; refused again, it is that call that failed, and not the consent', async () => {
  const passing = await serving([problem(36009005, 'Invalid credentials', 401), FINE]);
  expect(await passing.call()(read, { path: { id: '1' } })).toEqual({ value: 'fine' });
  const lasting = await serving([problem(36009005, 'Invalid credentials', 401)]);
  expect(await failure(lasting.call()(read, { path: { id: '1' } }))).toMatchObject({ code: 'platform_refused' });
  expect([lasting.stale, lasting.lost]).toEqual([[SECRETS.tokens[0]], []]);
});

test.each([
  [101000, 'Invalid query or header. The `x-tts-access-token` header is invalid.', 'authorization_lost'],
  [105005, 'Access denied.', 'scope_missing'],
  [106001, 'Invalid credentials. The `sign` query parameter is invalid.', 'app_secret_refused'],
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
    call()({ ...read, credentials: 'app', path: '/api/v2/token/get' }, { query: { auth_code: 'code-987654321' } }),
  );
  const refused = await failure(call()(read, { path: { id: '1' } }));
  const gone = await closedPort();
  const dead = await failure(
    openClient({ clock: { now: () => Temporal.Now.instant() }, sleep: async () => undefined }).callFor(api, {
      ...who,
      app: { ...who.app, hosts: (region) => ({ ...who.app.hosts(region), api: `http://127.0.0.1:${gone}` }) },
    })({ ...read, path: '/api/v2/token/get', credentials: 'app' }),
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
  await expect(client.callFor(api, { app: who.app, region: null })(write)).rejects.toThrow('search is a call for an authorization');
  await expect(client.callFor(api, { app: who.app, region: null, access: who.access! })(write)).rejects.toThrow(
    'search is a call for a shop',
  );
  expect(seen).toEqual([]);
});

test('while a secret is replaced both are good: the one that is refused is followed by the other, which is used from then on', async () => {
  const wrong = problem(106001, 'Invalid credentials. The `sign` query parameter is invalid.', 401);
  const { call, seen, waits, who } = await serving([wrong, FINE, FINE]);
  const rotating = { app: { ...who.app, secrets: [SECRETS.app, 'the-secret-of-before'] as const } };
  const rotate = call(rotating);
  await rotate(read, { path: { id: '1' } });
  await rotate(read, { path: { id: '1' } });
  const secretOf = (place: number): string => {
    const { url } = seen[place]!;
    const { sign, ...query } = Object.fromEntries(url.searchParams);
    return rotating.app.secrets.find((secret) => signatureOf({ path: url.pathname, query, body: null }, secret) === sign)!;
  };
  expect([0, 1, 2].map(secretOf)).toEqual([SECRETS.app, 'the-secret-of-before', 'the-secret-of-before']);
  expect(waits).toEqual([]);
});

test('where all secrets are refused that is told, after each was tried once', async () => {
  const { call, seen, who } = await serving([problem(106001, 'The `sign` query parameter is invalid.', 401)]);
  const error = await failure(call({ app: { ...who.app, secrets: ['one-secret', 'other-secret'] } })(read, { path: { id: '1' } }));
  expect(error).toMatchObject({ code: 'app_secret_refused', details: { platform_code: '106001' } });
  expect(seen).toHaveLength(2);
});

/** A platform of another kind: keys in headers, the registration's in a form, errors told by the headers of a reply. */
const plain: Protocol = {
  sign: ({ query, body }, { app, secret, account, shop }) =>
    account === null
      ? { query, body: `${body}&${new URLSearchParams({ client_id: app.key, client_secret: secret }).toString()}`, headers: {} }
      : { query, body, headers: { 'x-key': account['key']!, ...(shop ? { 'x-shop': shop.platformShopId } : {}) } },
  explain: ({ operation, status, headers, body }) =>
    status === 200
      ? { data: body ?? null }
      : {
          problem: headers.get('x-error') === 'busy' ? 'throttled' : 'refused',
          platformCode: `${operation.name} ${status}`,
          message: '',
        },
};

test('another kind of platform is called by the same client: forms, headers, what an error means by operation and headers', async () => {
  const { call, seen } = await serving([{ value: 'token' }, answer(403, '', { 'x-error': 'busy' }), { value: 'fine' }, answer(404, '')]);
  const access = {
    account: '1',
    secrets: async () => ({ key: 'seller-key' }),
    renew: async () => ({ key: 'seller-key' }),
    lost: async () => {},
  };
  const plainly = call({ api: plain, access });
  const token: typeof read = { ...write, name: 'token', credentials: 'app', encoding: 'form' };
  expect(await plainly(token, { body: { grant_type: 'code', code: 'a b' } })).toEqual({ value: 'token' });
  expect(seen[0]).toMatchObject({
    body: `grant_type=code&code=a+b&client_id=app-key&client_secret=${SECRETS.app}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect(await plainly(write, { headers: { language: 'es' } })).toEqual({ value: 'fine' });
  expect(seen[2]!.headers).toMatchObject({ 'x-key': 'seller-key', 'x-shop': '7', language: 'es' });
  expect(await failure(plainly(write))).toMatchObject({ details: { platform_code: 'search 404' } });
});

const document: Operation<PlatformFile> = {
  name: 'document',
  method: 'GET',
  path: '/',
  host: 'given',
  rate: { perSecond: 1000, burst: 1000, by: 'account', published: true },
  credentials: 'none',
  reply: fileReply,
};

async function textOfFile({ bytes, charset }: PlatformFile): Promise<string> {
  return new TextDecoder(charset ?? 'utf-8').decode(Buffer.concat(await Array.fromAsync(bytes)));
}

test.each([
  ['as it is', {}, (text: Buffer) => text],
  ['packed', {}, gzipSync],
  ['packed, as its headers say, too', { 'content-encoding': 'gzip' }, (text: Buffer) => gzipSync(gzipSync(text))],
])(
  'a file comes from the address that the platform gave, %s, with its encoding, and nothing of ours goes there',
  async (_, headers, pack) => {
    const latin = Buffer.from('año\t1', 'latin1');
    const { call, seen, who } = await serving([
      (_request, response) =>
        void response.writeHead(200, { 'content-type': 'text/tab-separated-values; charset=ISO-8859-1', ...headers }).end(pack(latin)),
    ]);
    const file = await call()(document, { address: `${who.app.hosts(null).api}/elsewhere?signed=1` });
    expect(file.charset).toBe('iso-8859-1');
    expect(await textOfFile(file)).toBe('año\t1');
    expect(seen[0]!.url.pathname + seen[0]!.url.search).toBe('/elsewhere?signed=1');
    expect(seen[0]!.headers).not.toHaveProperty('x-tts-access-token');
  },
);

test('a file that breaks off says so to who reads it; an address that has run out is explained like any answer', async () => {
  const broken = gzipSync(Buffer.from('a line\n'.repeat(10_000))).subarray(0, -20);
  const { call, who } = await serving([
    (_request, response) => void response.end(broken),
    (request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('a line');
      setImmediate(() => request.socket.destroy());
    },
    answer(403, '<Error><Code>AccessDenied</Code></Error>'),
  ]);
  const address = `${who.app.hosts(null).api}/document`;
  for (const _ of ['packed', 'plain'])
    expect(await failure(call()(document, { address }).then(textOfFile))).toMatchObject({ code: 'platform_unreachable', retryable: true });
  expect(await failure(call()(document, { address }))).toMatchObject({ code: 'platform_refused', details: { platform_code: 'http_403' } });
});

test("where an account's tokens were got with a secret that is refused, others are got with another", async () => {
  const api = { ...tiktok.api!, explain: refusedBySecret };
  const { call, stale, seen, who } = await serving([{ refused: true }, { refused: true }, {}]);
  const twoSecrets = { api, app: { ...who.app, secrets: ['new-secret', 'secret-of-before'] as const } };
  await call(twoSecrets)(read, { path: { id: '1' } });
  expect([seen.length, stale]).toEqual([3, SECRETS.tokens.slice(0, 2)]);
  const gone = await serving([{ refused: true }]);
  expect(await failure(gone.call({ api })(read, { path: { id: '1' } }))).toMatchObject({ code: 'app_secret_refused' });
  expect(gone.stale).toEqual(SECRETS.tokens.slice(0, 1));
});

const refusedBySecret: Protocol['explain'] = ({ body }) =>
  (body as { readonly refused?: true }).refused
    ? { problem: 'token_secret_refused', platformCode: 'Unauthorized', message: 'the secret has expired' }
    : { data: { value: 'fine' } };
