import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixedClock } from '../../src/kernel/clock.ts';
import { Client, type CallOptions, type Connection } from './client.ts';
import { openTikTokAlone, type TikTokAlone } from './tiktok-alone.ts';

const clock = fixedClock('2026-06-15T10:00:00Z');
const NOW = Math.floor(clock.now().epochMilliseconds / 1000);
const SHOPS = '/authorization/202309/shops';
const SEARCH = '/order/202309/orders/search';

let simulator: TikTokAlone;
let client: Client;
let seller: Connection;

beforeAll(async () => {
  simulator = await openTikTokAlone({ clock, limits: 'off', journal: true });
  client = new Client(simulator.apps.ROW, clock);
  seller = await client.connect('estrella-hogar');
});
afterAll(() => simulator.close());

async function outcome(path: string, options: CallOptions = {}): Promise<string> {
  const { status, code } = await client.call(path, options);
  return `${status} ${code}`;
}

const spoil =
  (name: string, value?: string) =>
  (query: Record<string, string>): void => {
    if (value === undefined) delete query[name];
    else query[name] = value;
  };

test('an unknown path, a wrong method and an unknown version are told apart, before anything else is looked at', async () => {
  expect(await outcome('/finance/202309/statements', { tamper: spoil('sign') })).toBe('404 36009009');
  expect(await outcome('/orders')).toBe('404 36009009');
  expect(await outcome(SHOPS, { method: 'POST', tamper: spoil('app_key') })).toBe('405 36009010');
  expect(await outcome('/order/202201/orders', { tamper: spoil('app_key') })).toBe('400 36009014');
});

test('the app key is checked before the clock, the clock before the signature, the signature before the token', async () => {
  const late = { timestamp: NOW - 301 };
  expect(await outcome(SHOPS, { ...late, tamper: spoil('app_key', 'nobody') })).toBe('400 36009004');
  expect((await client.call(SHOPS, { ...late, tamper: spoil('app_key', 'nobody') })).message).toContain('Invalid app_key');
  expect((await client.call(SHOPS, { ...late, tamper: spoil('sign', 'wrong') })).message).toContain('earlier than 5 minutes');
  expect(await outcome(SHOPS, { tamper: spoil('sign', 'wrong') })).toBe('401 106001');
  expect((await client.call(SHOPS)).message).toContain('x-tts-access-token');
});

test('a clock may be five minutes slow and half a minute fast', async () => {
  const { token } = seller;
  expect(await outcome(SHOPS, { token, timestamp: NOW - 300 })).toBe('200 0');
  expect(await outcome(SHOPS, { token, timestamp: NOW + 30 })).toBe('200 0');
  expect((await client.call(SHOPS, { token, timestamp: NOW + 31 })).message).toContain('more than 30 seconds');
  expect((await client.call(SHOPS, { token, timestamp: -5 })).message).toContain('lesser than 0');
  expect((await client.call(SHOPS, { token, tamper: spoil('timestamp') })).message).toContain('Missing credentials');
});

test('a signature must be there, over the bytes that were sent, in small letters', async () => {
  const { token } = seller;
  expect((await client.call(SHOPS, { token, tamper: spoil('sign') })).message).toContain('Missing credentials');
  expect(
    await outcome(SHOPS, {
      token,
      tamper: (query) => {
        query['sign'] = query['sign']!.toUpperCase();
      },
    }),
  ).toBe('401 106001');
  expect(await outcome(SHOPS, { token, tamper: spoil('extra', 'unsigned') })).toBe('401 106001');
  expect(await outcome(SHOPS, { token, tamper: spoil('access_token', 'never signed') })).toBe('200 0');
});

test('the shops of a consent come with their ciphers: all of a cross-border seller, the one of a local seller', async () => {
  expect(seller.shops.map(({ region, seller_type }) => `${region} ${seller_type}`)).toEqual(['ES CROSS_BORDER', 'GB CROSS_BORDER']);
  const local = await client.connect('luz-de-casa');
  expect(local.shops.map(({ region, seller_type }) => `${region} ${seller_type}`)).toEqual(['MX LOCAL']);
  const american = await new Client(simulator.apps.US, clock).connect('lone-star-living');
  expect(american.shops.map(({ region }) => region)).toEqual(['US']);
});

test('a cipher is demanded where a shop is meant, refused where none is, and belongs to its seller', async () => {
  const {
    token,
    shops: [shop],
  } = seller;
  const query = { page_size: '1' };
  expect(await outcome(SHOPS, { token, cipher: shop!.cipher })).toBe('400 36009004');
  expect(await outcome(SEARCH, { method: 'POST', token, query, body: '{}' })).toBe('400 106013');
  const other = await client.connect('luz-de-casa');
  expect(await outcome(SEARCH, { method: 'POST', token, query, body: '{}', cipher: other.shops[0]!.cipher })).toBe('401 101000');
});

test('the other app of the same company cannot use a token', async () => {
  const american = new Client(simulator.apps.US, clock);
  expect((await american.call(SHOPS, { token: seller.token })).code).toBe(36009004);
});

test('a scope the seller never granted is missed, after the token and before the cipher', async () => {
  const narrow = await openTikTokAlone({ clock, scopes: ['seller.authorization.info'] });
  const narrowClient = new Client(narrow.apps.ROW, clock);
  const { token } = await narrowClient.connect('estrella-hogar');
  const { status, code } = await narrowClient.call(SEARCH, { method: 'POST', token, body: '{}' });
  await narrow.close();
  expect([status, code]).toEqual([403, 105005]);
});

test('a body that is no JSON object is refused', async () => {
  const shop = { token: seller.token, cipher: seller.shops[0]!.cipher, method: 'POST', query: { page_size: '1' } };
  expect(await outcome(SEARCH, { ...shop, body: 'no' })).toBe('400 36009022');
  expect(await outcome(SEARCH, { ...shop, body: '{}', contentType: 'text/plain' })).toBe('400 36009023');
});

test('calls beyond the rate are refused, and say in seconds or as a date when to come back', async () => {
  const limited = await openTikTokAlone({ clock });
  const busy = new Client(limited.apps.ROW, clock);
  const { token, shops } = await busy.connect('estrella-hogar');
  const ask = (place: number): ReturnType<Client['search']> => busy.search({ token, cipher: shops[place]!.cipher }, { page_size: '1' });
  for (let call = 0; call < 20; call++) expect((await ask(0)).code).toBe(0);
  const [seconds, date] = [await ask(0), await ask(0)];
  const otherShop = await ask(1);
  await limited.close();
  expect([seconds.status, seconds.code, seconds.headers.get('retry-after')]).toEqual([429, 36009002, '1']);
  expect(new Date(date.headers.get('retry-after')!).getTime()).toBe((NOW + 1) * 1000);
  expect(otherShop.code).toBe(0);
});

test('faults come when they are asked for: internal, timeout, too many, an HTML page, a broken connection', async () => {
  const { token } = seller;
  const withFault = async (fault: object): Promise<string> => {
    Object.assign(simulator.faults, fault);
    try {
      const answer = await client.call(SHOPS, { token });
      return `${answer.status} ${Number.isNaN(answer.code) ? answer.text.slice(0, 6) : answer.code}`;
    } catch {
      return 'broken off';
    } finally {
      Object.assign(simulator.faults, Object.fromEntries(Object.keys(fault).map((name) => [name, 0])));
    }
  };
  expect(await withFault({ internal: 1 })).toBe('500 36009003');
  expect(await withFault({ timeout: 1 })).toBe('504 36009007');
  expect(await withFault({ tooManyRequests: 1 })).toBe('429 36009002');
  expect(await withFault({ unavailable: 1 })).toBe('503 <html>');
  expect(await withFault({ reset: 1 })).toBe('broken off');
  expect(await withFault({ lostAnswer: 1 })).toBe('broken off');
  expect(await withFault({})).toBe('200 0');
});

test('a development shop has a thousand calls an hour, whatever they ask', async () => {
  let now = clock.now();
  const sandbox = await openTikTokAlone({ clock: { now: () => now }, limits: 'sandbox' });
  const busy = new Client(sandbox.apps.ROW, { now: () => now });
  const { token, shops } = await busy.connect('luz-de-casa');
  const codes: number[] = [];
  for (let call = 0; call <= 1000; call++) codes.push((await busy.search({ token, cipher: shops[0]!.cipher }, { page_size: '1' })).code);
  now = now.add({ seconds: 4 });
  codes.push((await busy.search({ token, cipher: shops[0]!.cipher }, { page_size: '1' })).code);
  await sandbox.close();
  expect(codes.slice(0, 1000).every((code) => code === 0)).toBe(true);
  expect(codes.slice(1000)).toEqual([36009002, 0]);
});

test('the journal tells every call and no secret', async () => {
  simulator.journal.length = 0;
  await client.connect('estrella-hogar');
  expect(simulator.journal.map(({ path, status }) => `${path} ${status}`)).toEqual([
    '/open/authorize/decide 302',
    '/api/v2/token/get 200',
    `${SHOPS} 200`,
  ]);
  const [page, exchange, shops] = simulator.journal;
  const known = { app: simulator.apps.ROW.key, account: 'estrella-hogar', met: [] };
  expect([page, exchange, shops]).toMatchObject([{ ...known, token: undefined }, known, known]);
  expect(exchange!.token).toMatch(/^[0-9a-f]{10}$/);
  expect(shops!.token).not.toBe(exchange!.token);
  const told = JSON.stringify(simulator.journal);
  expect(told).not.toContain(simulator.apps.ROW.secret);
  expect(told).not.toContain('ROW_');
});
