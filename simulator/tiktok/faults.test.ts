import { afterEach, beforeEach, expect, test } from 'vitest';
import { Client } from './client.ts';
import { NO_FAULTS, type TikTokFaults } from './tiktok-faults.ts';
import { openTikTokAlone, type TikTokAlone } from './tiktok-alone.ts';
import { orderText } from './wire-order.ts';

const NOW = Temporal.Instant.from('2026-06-15T10:00:00Z');
const DAY = 86_400;
const BY_UPDATE = { sort_field: 'update_time', sort_order: 'ASC', page_size: '20' };

let now = NOW;
let simulator: TikTokAlone;
let client: Client;
let shop: { token: string; cipher: string };
let refreshToken: string;

beforeEach(async () => {
  now = NOW;
  const clock = { now: () => now };
  simulator = await openTikTokAlone({ clock, limits: 'off', scale: 0.5, rotation: 'strict' });
  client = new Client(simulator.apps.ROW, clock);
  const seller = await client.connect('estrella-hogar');
  shop = { token: seller.token, cipher: seller.shops[0]!.cipher };
  ({ refreshToken } = seller);
});
afterEach(() => simulator.close());

const second = (): number => now.epochMilliseconds / 1000;
const set = (faults: Partial<TikTokFaults>): unknown => Object.assign(simulator.faults, faults);
type Row = { id: string; update_time: number; create_time: number; status: string };

/** All pages of an order search, as far as they are answered. */
async function walk(
  query: Record<string, string>,
  filters: Record<string, unknown>,
): Promise<{ rows: Row[]; totals: number[]; codes: number[] }> {
  const rows: Row[] = [];
  const totals: number[] = [];
  const codes: number[] = [];
  let token = '';
  do {
    const { code, data } = await client.search(shop, { ...query, ...(token === '' ? {} : { page_token: token }) }, filters);
    codes.push(code);
    if (code !== 0) break;
    rows.push(...(data.orders as Row[]));
    totals.push(data.total_count);
    token = data.next_page_token;
  } while (token !== '');
  return { rows, totals, codes };
}

const shopless = (): { token: string } => ({ token: shop.token });
const window = (): { update_time_ge: number } => ({ update_time_ge: second() - 20 * DAY });

test('orders hidden from searches are counted and found by their id, those hidden from updates by a search over creation too', async () => {
  const { rows: all } = await walk(BY_UPDATE, window());
  set({ hiddenFromSearch: 0.1, hiddenFromUpdates: 0.1 });
  const { rows: listed, totals } = await walk(BY_UPDATE, window());
  const byCreation = await walk({ page_size: '100' }, { create_time_ge: second() - 90 * DAY });
  const missing = all.filter(({ id }) => !listed.some((row) => row.id === id));
  const recovered = missing.filter(({ id }) => byCreation.rows.some((row) => row.id === id));
  expect(missing.length).toBeGreaterThan(10);
  expect(recovered.length).toBeGreaterThan(3);
  expect(recovered.length).toBeLessThan(missing.length);
  expect(new Set(totals)).toEqual(new Set([all.length]));
  expect(byCreation.totals[0]).toBeGreaterThan(byCreation.rows.length);
  const { data } = await client.call('/order/202507/orders', { query: { ids: missing[0]!.id }, ...shop });
  expect(data.orders[0].id).toBe(missing[0]!.id);
});

test('totals drift from page to page, except where a page of one row asks for nothing but the total', async () => {
  const { rows } = await walk(BY_UPDATE, window());
  set({ driftingTotals: 1 });
  const { totals, rows: again } = await walk(BY_UPDATE, window());
  expect(again.length).toBe(rows.length);
  expect(new Set(totals).size).toBeGreaterThan(2);
  expect(totals.every((total) => total !== rows.length && Math.abs(total - rows.length) <= 5)).toBe(true);
  expect((await client.search(shop, { ...BY_UPDATE, page_size: '1' }, window())).data.total_count).toBe(rows.length);
});

test('rows move to later pages, or out of the window, while a walk goes on; a second walk finds what moved', async () => {
  set({ secondsPerPage: 3 * 3600 });
  const closed = { ...window(), update_time_lt: second() + 1 };
  const seen = new Map((await walk(BY_UPDATE, closed)).rows.map((row) => [row.id, row.update_time]));
  set({ secondsPerPage: 0 });
  expect(simulator.second()).toBeGreaterThan(second() + 12 * 3600);
  const later = await walk(BY_UPDATE, { update_time_ge: second() + 1 });
  for (const { id, update_time } of later.rows) seen.set(id, update_time);
  const at = simulator.second();
  let moved = 0;
  for (const order of simulator.world.orders(simulator.world.shops[0]!, at)) {
    const { id, update_time } = JSON.parse(orderText(order, at)) as Row;
    if (update_time >= closed.update_time_ge) expect([id, seen.get(id)]).toEqual([id, update_time]);
    if (update_time > second()) moved++;
  }
  expect(moved).toBeGreaterThan(5);
});

test('access tokens expire in the middle of a walk, and a refreshed one goes on with the same page', async () => {
  set({ expiringTokens: 1 });
  const first = await client.search(shop, BY_UPDATE, window());
  const next = { ...BY_UPDATE, page_token: first.data.next_page_token as string };
  const refused = await client.search(shop, next, window());
  expect([refused.status, refused.code]).toEqual([401, 105002]);
  set({ expiringTokens: 0 });
  const { data } = await client.fetchTokens({ refreshToken });
  expect((await client.search({ ...shop, token: data.access_token }, next, window())).code).toBe(0);
});

test('a seller withdraws in the middle of a walk: neither token is good for anything', async () => {
  set({ deauthorized: 1 });
  const { codes } = await walk(BY_UPDATE, window());
  expect(codes).toEqual([0, 105002]);
  set({ deauthorized: 0 });
  expect((await client.fetchTokens({ refreshToken })).code).toBe(36004001);
});

test('a delayed refresh is carried out at once: a second one with the same token comes too late', async () => {
  set({ refreshDelayMs: 60 });
  const slow = client.fetchTokens({ refreshToken });
  const [first, second] = [await slow, await client.fetchTokens({ refreshToken })];
  expect([first.code, second.code]).toEqual([0, 36004001]);
  set({ refreshDelayMs: 0 });
  const racing = await Promise.all([1, 2].map(() => client.fetchTokens({ refreshToken: first.data.refresh_token })));
  expect(racing.map(({ code }) => code).toSorted()).toEqual([0, 36004001]);
});

test('broken price details do not add up, and are the same each time', async () => {
  const { rows } = await walk(BY_UPDATE, { update_time_ge: second() - 3 * DAY });
  set({ brokenPriceDetail: 0.4 });
  const detail = async ({ id }: Row): Promise<Record<string, string>> =>
    (await client.call(`/order/202407/orders/${id}/price_detail`, shop)).data;
  const sumsUp = (part: Record<string, string>): boolean => {
    const of = (name: string): number => Math.round(Number(part[name]) * 100);
    return (
      of('payment') === of('sku_sale_price') + of('shipping_sale_price') + of('tax_amount') &&
      of('subtotal') === of('sku_sale_price') + of('subtotal_tax_amount') &&
      of('total') === of('sku_list_price') + of('shipping_list_price')
    );
  };
  const broken: string[] = [];
  for (const row of rows) if (!sumsUp(await detail(row))) broken.push(row.id);
  expect(broken.length / rows.length).toBeGreaterThan(0.2);
  expect(broken.length / rows.length).toBeLessThan(0.6);
  const again = rows.find(({ id }) => id === broken[0])!;
  expect(await detail(again)).toEqual(await detail(again));
  set({ brokenPriceDetail: 0 });
  expect(sumsUp(await detail(again))).toBe(true);
});

test('fields are missing and statuses unknown by kind, and whole again once the fault is off', async () => {
  const ask = async (path: string): Promise<Record<string, unknown>[]> => {
    const { data } = await client.call(path, { method: 'POST', query: { page_size: '50' }, body: '{}', ...shop });
    return data.orders ?? data.return_orders ?? data.cancellations ?? data.products;
  };
  const kinds = [
    { kind: 'order', path: '/order/202309/orders/search', field: 'create_time', status: 'status' },
    { kind: 'return', path: '/return_refund/202602/returns/search', field: 'refund_amount', status: 'return_status' },
    { kind: 'cancellation', path: '/return_refund/202602/cancellations/search', field: 'order_id', status: 'cancel_status' },
    { kind: 'product', path: '/product/202502/products/search', field: 'skus', status: 'status' },
  ] as const;
  for (const { kind, path, field, status } of kinds) {
    const whole = await ask(path);
    const known = new Set(whole.map((each) => each[status]));
    set({ missingField: [{ kind, field, share: 0.3 }], unknownStatus: 0.3 });
    const [once, twice] = [await ask(path), await ask(path)];
    for (const other of kinds)
      if (other.kind !== kind)
        expect([other.kind, (await ask(other.path)).every((each) => other.field in each)]).toEqual([other.kind, true]);
    set({ missingField: undefined, unknownStatus: 0 });
    expect(once).toEqual(twice);
    for (const share of [
      once.filter((each) => !(field in each)).length / 50,
      once.filter((each) => !known.has(each[status])).length / 50,
    ]) {
      expect([kind, share > 0.1 && share < 0.6]).toEqual([kind, true]);
    }
    expect(await ask(path)).toEqual(whole);
  }
});

test('what is planted befalls the shop it is for, so many of its calls or until an instant, and is counted', async () => {
  const british = { token: shop.token, cipher: (await client.call('/authorization/202309/shops', shopless())).data.shops[1].cipher };
  const [spain, uk] = simulator.world.shops;
  const ask = async (of: { token: string; cipher: string }): Promise<number> => (await client.search(of, BY_UPDATE, window())).status;
  simulator.plant({ unavailable: 1 }, { shop: uk!, calls: 2 });
  expect([await ask(shop), await ask(british), await ask(shop), await ask(british), await ask(british)]).toEqual([200, 503, 200, 503, 200]);
  simulator.plant({ tooManyRequests: 1 }, { shop: spain!, until: now.add({ minutes: 5 }) });
  expect([await ask(british), await ask(shop), await ask(shop)]).toEqual([200, 429, 429]);
  now = now.add({ minutes: 5 });
  expect([await ask(british), await ask(shop)]).toEqual([200, 200]);
  simulator.plant({ internal: 1 }, { account: 'estrella-hogar', calls: 1 });
  expect([await ask(british), await ask(shop)]).toEqual([500, 200]);
  expect(simulator.met).toMatchObject({ unavailable: 2, tooManyRequests: 2, internal: 1, reset: 0 });
});

test('an answer can be empty, a throttle be told within HTTP 200, a page be forgotten: each is carried out as it says', async () => {
  const first = await client.search(shop, BY_UPDATE, window());
  set({ throttledWithin200: 1 });
  const throttled = await client.search(shop, BY_UPDATE, window());
  expect([throttled.status, throttled.code, throttled.data]).toEqual([200, 36009002, null]);
  set({ throttledWithin200: 0, emptyAnswer: 1 });
  expect(await client.search(shop, BY_UPDATE, window(), { parse: false })).toMatchObject({ status: 200, text: '' });
  set({ emptyAnswer: 0, forgottenPages: 1 });
  const next = { ...BY_UPDATE, page_token: first.data.next_page_token as string };
  expect([(await client.search(shop, BY_UPDATE, window())).code, (await client.search(shop, next, window())).code]).toEqual([0, 36009004]);
  set({ forgottenPages: 0, refusedTokenHeader: 1 });
  const refused = await client.search(shop, BY_UPDATE, window());
  expect([refused.status, refused.code]).toEqual([401, 36009005]);
});

test('with everything at once a patient client still sees every order', async () => {
  set({
    tooManyRequests: 0.1,
    unavailable: 0.1,
    internal: 0.1,
    timeout: 0.1,
    reset: 0.1,
    lostAnswer: 0.05,
    duplicates: 0.5,
    driftingTotals: 0.5,
    unknownFields: 0.5,
    lastPageToken: 'both',
    secondsPerPage: 60,
  });
  const seen = new Set<string>();
  let token = '';
  for (let turn = 0; turn < 2000; turn++) {
    try {
      const { code, data } = await client.search(shop, { ...BY_UPDATE, ...(token === '' ? {} : { page_token: token }) }, window());
      if (code !== 0) continue;
      for (const { id } of data.orders as Row[]) seen.add(id);
      token = data.next_page_token ?? '';
      if (token === '') break;
    } catch {
      // A broken connection: the same page once more.
    }
  }
  set(NO_FAULTS);
  const wanted = (await walk(BY_UPDATE, window())).rows.map(({ id }) => id);
  expect(wanted.filter((id) => !seen.has(id))).toEqual([]);
});
