import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { raw } from '../src/engines/sql.ts';
import { openTestApp, NOW, type Answer, type TestApp } from './shop-window.ts';

const KEY = 'a-key-that-nobody-guesses';
const INSIDE = '/api/shops';

let app: TestApp;
let now = Temporal.Instant.from(NOW);
beforeAll(async () => {
  app = await openTestApp({ apiKey: KEY }, { now: () => now });
});
afterAll(() => app.close());

const own = (): Record<string, string> => ({ origin: app.url });
const cookieOf = (answer: Answer): string => answer.headers.getSetCookie()[0]!.split(';')[0]!;
const signIn = async (): Promise<string> => cookieOf(await app.send('/api/session', { key: KEY }, own()));
const end = async (cookie: string, headers = own()): Promise<Response> =>
  fetch(`${app.url}/api/session`, { method: 'DELETE', headers: { ...headers, cookie } });

test('a browser gives the key once and gets a cookie that no script and no other site can use; the store has its hash alone', async () => {
  const answer = await app.send('/api/session', { key: KEY }, own());
  expect(answer.json).toEqual({ code: 0, msg: 'success' });
  const [header] = answer.headers.getSetCookie();
  expect(header).toMatch(/^s7_session=[\w-]{43}; Path=\/; Max-Age=34560000; HttpOnly; SameSite=Strict$/);
  const cookie = cookieOf(answer);
  expect((await app.get(INSIDE, { cookie })).status).toBe(200);
  expect((await app.get(INSIDE, { cookie: `a=b; ${cookie}; c=d` })).status).toBe(200);
  expect((await app.get(INSIDE, { cookie: `${cookie}x` })).status).toBe(401);
  expect((await app.get(INSIDE, { cookie: `other_${cookie}` })).status).toBe(401);
  const stored = await app.app.engine.read((reader) => reader.query(raw('SELECT hash FROM browser_sessions')));
  expect(stored.length).toBeGreaterThan(0);
  expect(JSON.stringify(stored)).not.toContain(cookie.slice('s7_session='.length));
  expect(JSON.stringify(stored)).not.toContain(KEY);
});

test('the cookie goes over https alone where the address outside is https', async () => {
  const secure = await openTestApp({ apiKey: KEY, publicUrl: 'https://erp.example.com' });
  const answer = await secure.send('/api/session', { key: KEY }, { origin: 'https://erp.example.com' });
  expect(answer.headers.getSetCookie()[0]).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
  expect((await secure.send('/api/import', {}, { cookie: cookieOf(answer), origin: 'https://erp.example.com' })).status).not.toBe(403);
  expect((await secure.send('/api/session', { key: KEY }, { origin: 'https://erp.example.com.evil.com' })).status).toBe(403);
  await secure.close();
});

test("a wrong key signs nobody in, nor does the right one from another site's page, or where there is none to be right", async () => {
  for (const key of ['wrong', KEY.toUpperCase(), `${KEY} `]) {
    const answer = await app.send('/api/session', { key }, own());
    expect([answer.status, answer.json.name, answer.headers.getSetCookie()]).toEqual([401, 'key_wrong', []]);
  }
  for (const origin of ['https://evil.com', 'http://localhost:5173', 'null']) {
    const answer = await app.send('/api/session', { key: KEY }, { origin });
    expect([answer.status, answer.json.name, answer.headers.getSetCookie()]).toEqual([403, 'origin_refused', []]);
  }
  expect((await app.send('/api/session', { key: KEY, more: 1 }, own())).json.name).toBe('unknown_parameter');
  const open = await openTestApp();
  expect((await open.send('/api/session', { key: 'undefined' })).json.name).toBe('key_wrong');
  await open.close();
});

describe('a browser that is signed in', () => {
  test('changes something from the pages of this server only', async () => {
    const cookie = await signIn();
    const change = (headers: Record<string, string>): Promise<Answer> =>
      app.send('/api/shops/set', { platform: 'TikTok', shop: 'none' }, { cookie, ...headers });
    expect((await change(own())).json.name).toBe('unknown_shop');
    expect((await change({ 'sec-fetch-site': 'same-origin' })).json.name).toBe('unknown_shop');
    for (const [name, value] of [
      ['origin', 'https://evil.com'],
      ['origin', 'http://localhost:5173'],
      ['origin', 'null'],
      ['sec-fetch-site', 'same-site'],
      ['sec-fetch-site', 'cross-site'],
    ] as const) {
      const answer = await change({ [name]: value });
      expect([answer.status, answer.json.name]).toEqual([403, 'origin_refused']);
    }
  });

  test('shows its data to no page of another port either', async () => {
    const cookie = await signIn();
    expect((await app.get(INSIDE, { cookie, origin: 'http://localhost:5173' })).status).toBe(403);
    for (const [path, status] of [
      [INSIDE, 403],
      ['/', 200],
    ] as const) {
      // Not fetch, which says itself how it fetches.
      const [answer] = (await once(
        get(`${app.url}${path}`, { headers: { cookie, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate' } }),
        'response',
      )) as [IncomingMessage];
      answer.resume();
      expect(answer.statusCode, path).toBe(status);
    }
  });

  test('is signed out by DELETE, there and nowhere else, and by no other site', async () => {
    const [one, other] = [await signIn(), await signIn()];
    expect((await end(one, { origin: 'http://localhost:5173' })).status).toBe(403);
    expect((await app.get(INSIDE, { cookie: one })).status).toBe(200);
    const ended = await end(one);
    expect(ended.status).toBe(200);
    expect(ended.headers.getSetCookie()[0]).toMatch(/^s7_session=; Path=\/; Max-Age=0; /);
    expect((await app.get(INSIDE, { cookie: one })).status).toBe(401);
    expect((await app.get(INSIDE, { cookie: other })).status).toBe(200);
    expect((await end(one)).status).toBe(200);
  });

  test('stays so while it comes within thirty days, and is signed out when it did not', async () => {
    const cookie = await signIn();
    const status = async (): Promise<number> => (await app.get(INSIDE, { cookie })).status;
    for (let times = 0; times < 3; times++) {
      now = now.add({ hours: 29 * 24 });
      expect(await status()).toBe(200);
    }
    now = now.add({ hours: 30 * 24 + 1 });
    expect(await status()).toBe(401);
    await signIn();
    const [left] = await app.app.engine.read((reader) => reader.query<{ n: number }>(raw('SELECT count(*) AS n FROM browser_sessions')));
    expect(left!.n).toBe(1);
  });

  test('stays so when the server is started again, and no longer with another key', async () => {
    const { dataFolder } = app.app.config;
    const cookie = await signIn();
    await app.app.close();
    for (const [apiKey, status] of [
      [KEY, 200],
      ['another-key-nobody-guesses', 401],
    ] as const) {
      const again = await openTestApp({ apiKey, dataFolder }, { now: () => now });
      expect((await again.get(INSIDE, { cookie })).status).toBe(status);
      await again.app.close();
    }
    app = await openTestApp({ apiKey: KEY, dataFolder }, { now: () => now });
  });
});

test.each([
  ['zh', '登录', 'API 密钥'],
  ['en', 'Sign in', 'API key'],
  ['es', 'Iniciar sesión', 'Clave de API'],
])(
  'the page of sign-in in %s holds no data and nothing from elsewhere, and its form sends nothing by itself',
  async (language, title, label) => {
    const page = await app.get(`/signin?lang=${language}`);
    expect(page.status).toBe(200);
    for (const text of [`<html lang="${language}">`, title, label, '/signin.js', 'type="password"']) expect(page.text).toContain(text);
    expect(page.text).not.toMatch(/https?:\/\/|<input[^>]* name=/);
    expect((await app.get('/signin.js')).headers.get('content-type')).toContain('javascript');
  },
);

test('without a key the page says how to make one, and the start page offers to sign out only to who signed in', async () => {
  const open = await openTestApp();
  expect((await open.get('/signin')).text).toContain('S7_API_KEY=');
  expect((await open.get('/')).text).not.toContain('data-signout');
  await open.close();
  expect((await app.get('/', { cookie: await signIn() })).text).toContain('data-signout');
});

test('signing in and out is documented', async () => {
  const { json } = await app.get('/api/openapi.json');
  expect(Object.keys(json.paths['/api/session'])).toEqual(['post', 'delete']);
  expect(json.paths['/api/session'].post.security).toEqual([]);
  expect(json.components.securitySchemes.browser).toMatchObject({ type: 'apiKey', in: 'cookie', name: 's7_session' });
});
