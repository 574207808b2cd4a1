import { Agent, request, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import { openTestApp, type TestApp } from './shop-window.ts';

const KEY = 'a-key-that-nobody-guesses';
const INSIDE = '/api/shops';
const outside = Object.values(networkInterfaces()).flat().find((each) => each && !each.internal && each.family === 'IPv4')?.address;
const hasIpv6 = Object.values(networkInterfaces()).flat().some((each) => each?.address === '::1');

type Headers = Readonly<Record<string, string>>;
interface Answer { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string; readonly name: string | undefined }

/** A request as it stands on the wire: fetch would not let us choose the Host header. */
function ask(app: TestApp, path: string, headers: Headers = {}, options: RequestOptions = {}): Promise<Answer> {
  return new Promise((done, fail) => {
    request({ host: '127.0.0.1', port: app.port, path, headers, ...options }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (more: string) => (text += more)).on('end', () => {
        const name = text.startsWith('{') ? (JSON.parse(text) as { name?: string }).name : undefined;
        done({ status: answer.statusCode!, headers: answer.headers, text, name });
      });
    }).on('error', fail).end();
  });
}

describe('a server without a key', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp();
  });
  afterAll(() => app.close());

  test.each(['127.0.0.1:8000', '127.0.0.1', 'localhost:8000', 'LOCALHOST', '[::1]:8000', '[::1]', '127.8.9.10:80'])(
    'lets this machine in under its own name %s', async (host) => {
      expect((await ask(app, INSIDE, { host })).status).toBe(200);
    });

  test.each(['127.0.0.1.evil.com', '127.0.0.1.evil.com:8000', 'localhost.evil.com', 'evil.com', 'evil-localhost', '192.168.1.5:8000', '0.0.0.0', '[::2]:8000', '[::1].evil.com', '::1.evil.com'])(
    'lets nobody in who calls it "%s": a rebound name comes from this machine, too', async (host) => {
      expect(await ask(app, INSIDE, { host })).toMatchObject({ status: 401, name: 'key_required' });
    });

  test.each([['Forwarded', 'for=127.0.0.1'], ['X-Forwarded-For', '127.0.0.1'], ['X-Forwarded-Host', 'localhost'], ['x-forwarded-proto', 'https'], ['X-Forwarded-Anything', '']])(
    'lets nobody in through a proxy or tunnel (%s)', async (name, value) => {
      expect(await ask(app, INSIDE, { [name]: value })).toMatchObject({ status: 401, name: 'key_required' });
    });

  test.each(['http://localhost:5173', 'http://127.0.0.1:3000', 'https://localhost', 'http://[::1]:5173'])(
    'lets a page in that is served from this machine (%s), and the browser may read the answer', async (origin) => {
      const { status, headers } = await ask(app, INSIDE, { origin });
      expect(status).toBe(200);
      expect(headers['access-control-allow-origin']).toBe(origin);
    });

  test.each(['https://evil.com', 'null', 'http://127.0.0.1.evil.com', 'http://localhost.evil.com:8000', 'file://', 'chrome-extension://abc'])(
    'keeps foreign web pages out (%s), and browsers from reading', async (origin) => {
      const { status, headers, name } = await ask(app, INSIDE, { origin });
      expect([status, name]).toEqual([401, 'key_required']);
      expect(headers['access-control-allow-origin']).toBeUndefined();
    });

  test('keeps out what a foreign page embeds, though the browser names no origin, and lets a link be followed', async () => {
    const foreign = { 'sec-fetch-site': 'cross-site' };
    expect(await ask(app, INSIDE, { ...foreign, 'sec-fetch-mode': 'no-cors' })).toMatchObject({ status: 401, name: 'key_required' });
    expect((await ask(app, INSIDE, { ...foreign, 'sec-fetch-mode': 'navigate' })).status).toBe(200);
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

  test.each(['0.0.0.0', '::', '192.168.1.5', 'erp.example.com', '127.0.0.1.evil.com'])('does not start on %s, where others could reach it', async (host) => {
    await expect(openTestApp({ host })).rejects.toMatchObject({ code: 'listen_without_key', values: { host } });
  });

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
    for (const headers of [{ authorization: 'Bearer wrong' }, { 'x-api-key': `${KEY}x` }, { 'x-api-key': KEY.toUpperCase() }, { 'x-api-key': '' }] as Headers[]) {
      for (const from of [elsewhere, {}]) {
        const { status, name, text } = await ask(app, INSIDE, { ...from, ...headers });
        expect([status, name]).toEqual([401, 'key_wrong']);
        expect(text).toContain('S7_API_KEY');
        expect(text).not.toContain(KEY);
      }
    }
  });

  test('needs none from this machine, and from elsewhere says what to send', async () => {
    expect((await ask(app, INSIDE)).status).toBe(200);
    const refused = await ask(app, INSIDE, elsewhere);
    expect(refused).toMatchObject({ status: 401, name: 'key_required' });
    expect(refused.text).toContain('Authorization: Bearer');
    expect((await ask(app, '/', elsewhere)).status).toBe(401);
    expect((await ask(app, '/api/nothing', elsewhere)).status).toBe(401);
  });

  test.runIf(outside)('takes no request over the network for one of this machine, whatever Host it names (skipped without a network)', async () => {
    expect(await ask(app, INSIDE, { host: 'localhost' }, { host: outside })).toMatchObject({ status: 401, name: 'key_required' });
    expect((await ask(app, INSIDE, { 'x-api-key': KEY }, { host: outside })).status).toBe(200);
  });

  test('shows its documentation without a key', async () => {
    for (const path of ['/api/openapi.json', '/api/TikTok/openapi.json', '/API/amazon/OpenAPI.json', '/api/swagger/', '/api/Shein/redoc/', '/api/TikTok/swagger/static/swagger-ui.css']) {
      expect((await ask(app, path, elsewhere)).status, path).toBe(200);
    }
  });

  test.each(['/api/shops#/swagger/', '/api/shops;/swagger/', '/api/shops?/swagger/', '/api/swagger/../shops', '/api/shops/%2e%2e/swagger', '/api/import/swagger', '/api/import/refused/openapi.json', '//api/shops'])(
    'opens nothing else to a path that only looks like documentation: %s', async (path) => {
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
    expect(read.headers).toMatchObject({ 'access-control-allow-origin': page.origin, 'access-control-expose-headers': expect.stringContaining('x-s7-warnings') });
    for (const origin of ['https://evil.com', 'http://erp.example.com', 'http://localhost:5173']) {
      for (const method of ['GET', 'OPTIONS']) {
        const { headers } = await ask(app, INSIDE, { ...elsewhere, ...wish, origin, 'x-api-key': KEY }, { method });
        expect(headers['access-control-allow-origin']).toBeUndefined();
      }
    }
  });

  test('sends security headers with every answer, refusals among them, and none that would break plain http', async () => {
    for (const [path, headers] of [['/', {}], [INSIDE, {}], ['/api/nothing', {}], [INSIDE, elsewhere], ['/api/swagger/', {}], ['/api/Amazon/redoc/', {}]] as const) {
      const answer = await ask(app, path, headers);
      expect(answer.headers, path).toMatchObject({
        'x-content-type-options': 'nosniff', 'x-frame-options': 'SAMEORIGIN', 'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("default-src 'self'"),
      });
      expect(answer.headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
      expect(answer.headers).not.toHaveProperty('strict-transport-security');
      expect(answer.headers).not.toHaveProperty('x-powered-by');
    }
  });
});

test('who asks too often is told to wait and how long, guesses at the key and at paths count, others are served on', async () => {
  const app = await openTestApp({ apiKey: KEY });
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const many = (count: number, path: string, headers: Headers): Promise<Answer[]> =>
    Promise.all(Array.from({ length: count }, () => ask(app, path, headers, { agent })));
  expect(new Set((await many(600, INSIDE, { 'x-api-key': 'guess' })).map(({ status }) => status))).toEqual(new Set([401]));
  expect(new Set((await many(600, '/api/guess', {})).map(({ status }) => status))).toEqual(new Set([404]));
  const [refused] = await many(1, INSIDE, { 'x-api-key': KEY });
  expect(refused).toMatchObject({ status: 429, name: 'too_many_requests' });
  expect(Number(refused!.headers['retry-after'])).toBeGreaterThan(0);
  expect((await ask(app, '/api/health')).status).toBe(200);
  expect((await ask(app, INSIDE, {}, { localAddress: '127.0.0.2' })).status).toBe(200);
  agent.destroy();
  await app.close();
});
