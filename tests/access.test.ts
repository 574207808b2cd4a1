import { Agent, request, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import { openTestApp, type TestApp } from './shop-window.ts';

const KEY = 'a-key-that-nobody-guesses';
const INSIDE = '/api/shops';
const outside = Object.values(networkInterfaces())
  .flat()
  .find((each) => each && !each.internal && each.family === 'IPv4')?.address;
const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((each) => each?.address === '::1');

type Headers = Readonly<Record<string, string>>;
interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly name: string | undefined;
}

/** A request as it stands on the wire: fetch would not let us choose the Host header. */
function ask(app: TestApp, path: string, headers: Headers = {}, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((done, fail) => {
    request({ host: '127.0.0.1', port: app.port, path, headers, ...options }, (answer) => {
      let text = '';
      answer
        .setEncoding('utf8')
        .on('data', (more: string) => (text += more))
        .on('end', () => {
          const name = text.startsWith('{') ? (JSON.parse(text) as { name?: string }).name : undefined;
          done({ status: answer.statusCode!, headers: answer.headers, text, name });
        });
    })
      .on('error', fail)
      .end();
  });
}

describe('a server without a key', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp();
  });
  afterAll(() => app.close());

  test.each(['127.0.0.1:8000', '127.0.0.1', 'localhost:8000', 'LOCALHOST', '[::1]:8000', '[::1]', '127.8.9.10:80'])(
    'lets this machine in under its own name %s',
    async (host) => {
      expect((await ask(app, INSIDE, { host })).status).toBe(200);
    },
  );

  test.each([
    '127.0.0.1.evil.com',
    '127.0.0.1.evil.com:8000',
    'localhost.evil.com',
    'evil.com',
    'evil-localhost',
    '192.168.1.5:8000',
    '0.0.0.0',
    '[::2]:8000',
    '[::1].evil.com',
    '::1.evil.com',
    '[localhost]',
    '[127.0.0.1]',
    '127.999.1.1',
    'localhost:80:80',
    'localhost:x',
  ])('lets nobody in who calls it "%s": a rebound name comes from this machine, too', async (host) => {
    expect(await ask(app, INSIDE, { host })).toMatchObject({ status: 401, name: 'key_required' });
  });

  test.each([
    'Forwarded',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'x-forwarded-proto',
    'X-Forwarded-Anything',
    'X-Forwarded',
    'X_Forwarded_For',
    'Via',
    'X-Real-IP',
    'True-Client-IP',
    'X-Client-IP',
    'Fly-Client-IP',
    'CF-Connecting-IP',
    'CF-Ray',
    'X-Original-Host',
    'X-Original-URL',
    'X-Envoy-External-Address',
    'Tailscale-User-Login',
    'Ngrok-Auth-User-Email',
  ])('lets nobody in through a proxy or tunnel, told by %s, whatever it says', async (name) => {
    for (const value of ['127.0.0.1', ''])
      expect(await ask(app, INSIDE, { [name]: value })).toMatchObject({ status: 401, name: 'key_required' });
  });

  test('takes HTTP/1.0, as nginx speaks untold, for a proxy, and lets nobody in who names two hosts or a whole address', async () => {
    const request = (line: string, ...headers: string[]): Promise<string> =>
      send(app, [line, ...headers, 'Connection: close', '', ''].join('\r\n'));
    expect(await request(`GET ${INSIDE} HTTP/1.1`, 'Host: localhost')).toMatch(/^HTTP\/1\.1 200 /);
    expect(await request(`GET ${INSIDE} HTTP/1.0`, 'Host: localhost')).toMatch(/^HTTP\/1\.1 401 [^]*key_required/);
    expect(await request(`GET ${INSIDE} HTTP/1.1`, 'Host: localhost', 'Host: evil.com')).toMatch(/^HTTP\/1\.1 401 /);
    expect(await request(`GET http://evil.com${INSIDE} HTTP/1.1`, 'Host: localhost')).toMatch(/^HTTP\/1\.1 401 /);
  });

  const OTHERS = ['http://localhost:5173', 'http://127.0.0.1:3000', 'https://localhost', 'http://[::1]:5173'];
  test.each(OTHERS)('lets a page read that is served from this machine (%s), and the browser may read the answer', async (origin) => {
    const { status, headers } = await ask(app, INSIDE, { origin });
    expect(status).toBe(200);
    expect(headers['access-control-allow-origin']).toBe(origin);
    expect((await ask(app, INSIDE, { origin }, { method: 'HEAD' })).status).toBe(200);
  });

  const DONE = [
    ['POST', '/api/shops/set'],
    ['POST', '/api/import'],
    ['POST', '/api/backup'],
    ['POST', '/api/replay'],
    ['POST', '/api/TikTok/refresh_token'],
    ['GET', '/api/TikTok/refresh_token/'],
    ['DELETE', '/mcp'],
  ] as const;
  test('lets no page of another port change anything, by a form, a picture or a script; a page of its own and a program may', async () => {
    const own = { origin: `http://127.0.0.1:${app.port}` };
    for (const [method, path] of DONE) {
      for (const origin of OTHERS)
        expect(await ask(app, path, { origin }, { method }), `${method} ${path} ${origin}`).toMatchObject({
          status: 401,
          name: 'key_required',
        });
      expect(await ask(app, path, { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }, { method }), path).toMatchObject({
        status: 401,
      });
      for (const headers of [own, {}, { 'sec-fetch-site': 'same-origin' }] as Headers[])
        expect((await ask(app, path, headers, { method })).status, path).not.toBe(401);
    }
  });

  test(
    'takes a question that is too long for an address for reading: what an older front end posts, and what an AI program in a browser ' +
      'asks',
    async () => {
      for (const path of ['/api/TikTok/order/list/', '/mcp'])
        expect(
          (await ask(app, path, { origin: 'http://localhost:5173', 'content-type': 'application/json' }, { method: 'POST' })).status,
          path,
        ).not.toBe(401);
    },
  );

  test.each([
    'https://evil.com',
    'null',
    'http://127.0.0.1.evil.com',
    'http://localhost.evil.com:8000',
    'file://',
    'chrome-extension://abc',
    'javascript://localhost/',
    'ftp://localhost',
    '',
    'localhost',
    'http://localhost, http://evil.com',
  ])('keeps foreign web pages out (%s), and browsers from reading', async (origin) => {
    const { status, headers, name } = await ask(app, INSIDE, { origin });
    expect([status, name]).toEqual([401, 'key_required']);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test('keeps out what a foreign page embeds, though the browser names no origin; a link leads to pages, and never to data', async () => {
    const foreign = { 'sec-fetch-site': 'cross-site' };
    for (const site of ['cross-site', 'CROSS-SITE'])
      expect(await ask(app, INSIDE, { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' })).toMatchObject({
        status: 401,
        name: 'key_required',
      });
    for (const data of [
      INSIDE,
      '/api/Multiplatform/DataScience/SalesRank/',
      '/api/TikTok/order/all/',
      '/api/doctor',
      '/api/TikTok/auth_url/',
      '/api/TikTok/refresh_token',
    ]) {
      expect(await ask(app, data, { ...foreign, 'sec-fetch-mode': 'navigate' }), data).toMatchObject({ status: 401, name: 'key_required' });
    }
    for (const page of ['/', '/api/swagger/', '/api/TikTok/redoc/', '/api/TikTok/connect', '/api/TikTok/callback', '/signin']) {
      expect((await ask(app, page, { ...foreign, 'sec-fetch-mode': 'navigate' })).status, page).not.toBe(401);
    }
    expect((await ask(app, '/', { ...foreign, 'sec-fetch-mode': 'no-cors' })).status).toBe(401);
    expect((await ask(app, '/', { ...foreign, 'sec-fetch-mode': 'navigate' }, { method: 'POST' })).status).toBe(401);
    expect((await ask(app, INSIDE, { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' })).status).toBe(200);
  });

  test('is open to nobody without a key once it has an address outside, its own machine included', async () => {
    const outer = await openTestApp({ publicUrl: 'https://erp.example.com' }, undefined, { sessionKey: 'the-key-of-this-run' });
    for (const path of [INSIDE, '/', '/api/health', '/mcp', '/api/import', '/api/nothing'])
      expect(await ask(outer, path), path).toMatchObject({ status: 401, name: 'key_required' });
    expect((await ask(outer, INSIDE, { authorization: 'Bearer the-key-of-this-run' })).status).toBe(200);
    await outer.close();
  });

  test('refuses any key: there is none to be right', async () => {
    expect(await ask(app, INSIDE, { 'x-api-key': '' })).toMatchObject({ status: 401, name: 'key_wrong' });
    expect(await ask(app, INSIDE, { authorization: 'Bearer undefined' })).toMatchObject({ status: 401, name: 'key_wrong' });
  });

  test.runIf(hasIpv6)('may listen on the IPv6 address of this machine, and lets in who comes over it (skipped without IPv6)', async () => {
    const six = await openTestApp({ host: '::1' });
    expect((await ask(six, INSIDE, { host: `[::1]:${six.port}` }, { host: '::1' })).status).toBe(200);
    expect((await ask(six, INSIDE, { host: 'evil.com' }, { host: '::1' })).status).toBe(401);
    await six.close();
  });

  test.each(['0.0.0.0', '::', '192.168.1.5', 'erp.example.com', '127.0.0.1.evil.com'])(
    'does not start on %s, where others could reach it',
    async (host) => {
      await expect(openTestApp({ host })).rejects.toMatchObject({ code: 'listen_without_key', values: { host } });
    },
  );

  test('a key that is too short is refused when the settings are read', () => {
    expect(() => readConfig({ S7_API_KEY: 'secret' }, '/dev/null')).toThrow('S7_API_KEY');
  });
});

describe('a server with S7_API_KEY', () => {
  const elsewhere = { host: 'erp.example.com', 'x-forwarded-for': '203.0.113.7' };
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp({ apiKey: KEY, host: '0.0.0.0', corsOrigins: ['https://erp.example.com'] });
  });
  afterAll(() => app.close());

  test('lets in who sends it, as bearer or as x-api-key, from wherever', async () => {
    for (const headers of [{ authorization: `Bearer ${KEY}` }, { authorization: `bearer  ${KEY}` }, { 'x-api-key': KEY }] as Headers[]) {
      expect((await ask(app, INSIDE, { ...elsewhere, ...headers })).status).toBe(200);
    }
  });

  test('keeps out who sends a wrong one, on this machine as well, and says which setting to look at', async () => {
    for (const headers of [
      { authorization: 'Bearer wrong' },
      { 'x-api-key': `${KEY}x` },
      { 'x-api-key': KEY.toUpperCase() },
      { 'x-api-key': '' },
    ] as Headers[]) {
      for (const from of [elsewhere, {}]) {
        const { status, name, text } = await ask(app, INSIDE, { ...from, ...headers });
        expect([status, name]).toEqual([401, 'key_wrong']);
        expect(text).toContain('S7_API_KEY');
        expect(text).not.toContain(KEY);
      }
    }
  });

  test('needs it from this machine, too, and says what to send; a browser that opens the start page is led to the sign-in', async () => {
    for (const from of [elsewhere, {}]) {
      for (const path of [INSIDE, '/', '/api/nothing', '/api/health', '/mcp'])
        expect(await ask(app, path, from), path).toMatchObject({ status: 401, name: 'key_required' });
      const { text } = await ask(app, INSIDE, from);
      expect(text).toContain('Authorization: Bearer');
      expect(text).toContain('/signin');
      expect(await ask(app, '/', { ...from, accept: 'text/html,*/*' })).toMatchObject({
        status: 302,
        headers: { location: '/signin' },
        text: '',
      });
      expect((await ask(app, INSIDE, { ...from, accept: 'text/html,*/*' })).status).toBe(401);
      // From another site the cookie stays at home: the page asks once more.
      expect(
        (await ask(app, '/', { ...from, accept: 'text/html', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).headers
          .location,
      ).toBe('/signin?try');
    }
  });

  test('lets in the command line and the server itself by a key of their own', async () => {
    const run = await openTestApp({ apiKey: KEY }, undefined, { sessionKey: 'the-key-of-this-run' });
    expect((await ask(run, INSIDE, { authorization: 'Bearer the-key-of-this-run' })).status).toBe(200);
    await run.close();
  });

  test.runIf(outside)(
    'takes no request over the network for one of this machine, whatever Host it names (skipped without a network)',
    async () => {
      expect(await ask(app, INSIDE, { host: 'localhost' }, { host: outside })).toMatchObject({ status: 401, name: 'key_required' });
      expect((await ask(app, INSIDE, { 'x-api-key': KEY }, { host: outside })).status).toBe(200);
    },
  );

  test('shows its documentation without a key', async () => {
    for (const path of [
      '/api/openapi.json',
      '/api/TikTok/openapi.json',
      '/API/amazon/OpenAPI.json',
      '/api/swagger/',
      '/api/Shein/redoc/',
      '/api/TikTok/swagger/static/swagger-ui.css',
    ]) {
      expect((await ask(app, path, elsewhere)).status, path).toBe(200);
    }
  });

  test.each([
    '/api/shops#/swagger/',
    '/api/shops;/swagger/',
    '/api/shops?/swagger/',
    '/api/swagger/../shops',
    '/api/shops/%2e%2e/swagger',
    '/api/import/swagger',
    '/api/import/refused/openapi.json',
    '//api/shops',
  ])('opens nothing else to a path that only looks like documentation: %s', async (path) => {
    const { status, text } = await ask(app, path, elsewhere);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text).not.toContain('"data"');
  });

  test('lets the pages of S7_CORS_ORIGINS ask first, without the key, and read the answer, and no others', async () => {
    const wish = { 'access-control-request-method': 'GET', 'access-control-request-headers': 'x-api-key' };
    const page = { ...elsewhere, origin: 'https://erp.example.com' };
    const asked = await ask(app, INSIDE, { ...page, ...wish }, { method: 'OPTIONS' });
    expect(asked.status).toBe(204);
    expect(asked.headers).toMatchObject({ 'access-control-allow-origin': page.origin, 'access-control-allow-headers': 'x-api-key' });
    const read = await ask(app, INSIDE, { ...page, 'x-api-key': KEY });
    expect(read.headers).toMatchObject({
      'access-control-allow-origin': page.origin,
      'access-control-expose-headers': expect.stringContaining('x-s7-warnings'),
    });
    for (const origin of ['https://evil.com', 'http://erp.example.com', 'http://localhost:5173']) {
      for (const method of ['GET', 'OPTIONS']) {
        const { headers } = await ask(app, INSIDE, { ...elsewhere, ...wish, origin, 'x-api-key': KEY }, { method });
        expect(headers['access-control-allow-origin']).toBeUndefined();
      }
    }
  });

  test('sends security headers with every answer, refusals among them, and none that would break plain http', async () => {
    const key = { 'x-api-key': KEY };
    for (const [path, headers] of [
      ['/', key],
      [INSIDE, key],
      ['/api/nothing', key],
      [INSIDE, elsewhere],
      ['/api/swagger/', {}],
      ['/api/Amazon/redoc/', {}],
      ['/signin', {}],
    ] as const) {
      const answer = await ask(app, path, headers);
      expect(answer.headers, path).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("default-src 'self'"),
      });
      expect(answer.headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
      expect(answer.headers).not.toHaveProperty('strict-transport-security');
      expect(answer.headers).not.toHaveProperty('x-powered-by');
    }
  });
});

describe('how often', () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  afterAll(() => agent.destroy());
  const many = async (
    app: TestApp,
    count: number,
    { path = INSIDE, headers = {} }: { path?: string; headers?: Headers },
  ): Promise<Record<number, number>> => {
    const answers = await Promise.all(Array.from({ length: count }, () => ask(app, path, headers, { agent })));
    return Object.fromEntries([...Map.groupBy(answers, ({ status }) => status)].map(([status, all]) => [status, all.length]));
  };
  const key = { 'x-api-key': KEY };

  test("who guesses is told to wait and how long, wherever he guesses, and uses up nobody else's", async () => {
    const app = await openTestApp({ apiKey: KEY });
    expect(await many(app, 60, { path: '/api/health', headers: { 'x-api-key': 'guess' } })).toEqual({ 401: 60 });
    expect(await many(app, 60, { path: '/api/guess' })).toEqual({ 401: 60 });
    for (const [path, headers] of [
      ['/api/health', { authorization: 'Bearer guess' }],
      [INSIDE, { 'x-api-key': 'guess' }],
      [INSIDE, {}],
      ['/mcp', {}],
    ] as const) {
      const refused = await ask(app, path, headers);
      expect(refused, path).toMatchObject({ status: 429, name: 'too_many_requests' });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    }
    const signin = await app.send('/api/session', { key: 'guess' });
    expect([signin.status, signin.json.name]).toEqual([429, 'too_many_requests']);
    expect((await ask(app, INSIDE, key)).status).toBe(200);
    expect((await app.send('/api/session', { key: KEY })).status).toBe(200);
    expect((await ask(app, '/api/TikTok/callback?state=x')).status).toBe(400);
    expect((await ask(app, '/api/swagger/')).status).toBe(200);
    expect((await ask(app, INSIDE, {}, { localAddress: '127.0.0.2' })).status).toBe(401);
    await app.close();
  });

  test("each key has its own rate; the command line, the server's own questions and who watches its health are not counted", async () => {
    const app = await openTestApp({ apiKey: KEY }, undefined, { sessionKey: 'the-key-of-this-run' });
    const cookie = (await app.send('/api/session', { key: KEY })).headers.getSetCookie()[0]!.split(';')[0]!;
    expect(await many(app, 1300, { path: '/api/reports', headers: key })).toEqual({ 200: 1200, 429: 100 });
    expect((await ask(app, INSIDE, { cookie })).status).toBe(200);
    expect((await ask(app, '/api/health', key)).status).toBe(200);
    expect(await many(app, 1300, { path: '/api/reports', headers: { authorization: 'Bearer the-key-of-this-run' } })).toEqual({
      200: 1300,
    });
    await app.close();
  });

  test('without a key this machine has one rate', async () => {
    const app = await openTestApp();
    expect(await many(app, 1210, { path: '/api/reports' })).toEqual({ 200: 1200, 429: 10 });
    expect((await ask(app, '/api/health')).status).toBe(200);
    expect((await ask(app, INSIDE, {}, { localAddress: '127.0.0.2' })).status).toBe(200);
    await app.close();
  });
});

/** What a server answers to bytes, until it closes the connection. */
async function send(app: TestApp, bytes: string): Promise<string> {
  const socket = connect(app.port, '127.0.0.1');
  socket.write(bytes);
  let text = '';
  for await (const more of socket) text += String(more);
  return text;
}
