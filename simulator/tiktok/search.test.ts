import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from './client.ts';
import { openTikTokAlone, type TikTokAlone } from './tiktok-alone.ts';
import { orderText } from './wire-order.ts';
import type { TikTokOrder } from './tiktok-world.ts';

// The shops sell a few orders a day here, so that a whole history is quickly walked through.
const SCALE = 0.15;
const NOW = Temporal.Instant.from('2026-06-15T10:00:00Z');
const SECOND = NOW.epochMilliseconds / 1000;
const DAY = 86_400;
const BY_UPDATE = { sort_field: 'update_time', sort_order: 'ASC' };

type Wire = {
  id: string;
  status: string;
  create_time: number;
  update_time: number;
  shipping_type: string;
  user_id: string;
  warehouse_id: string;
};

let now = NOW;
let simulator: TikTokAlone;
let client: Client;
let shop: { token: string; cipher: string };

beforeAll(async () => {
  const clock = { now: () => now };
  const rush = { from: NOW.subtract({ hours: 30 }), to: NOW.add({ hours: 1 }), everySeconds: 600 };
  simulator = await openTikTokAlone({ clock, limits: 'off', scale: SCALE, rushes: [rush] });
  client = new Client(simulator.apps.ROW, clock);
  const { token, shops } = await client.connect('estrella-hogar');
  shop = { token, cipher: shops[0]!.cipher };
});
afterAll(() => simulator.close());

/** All pages of a search. */
async function walk(
  query: Record<string, string>,
  filters: Record<string, unknown> = {},
): Promise<{ orders: Wire[]; pages: number; total: number }> {
  const orders: Wire[] = [];
  let pages = 0;
  let token = '';
  let total = -1;
  do {
    const { code, message, data } = await client.search(
      shop,
      { page_size: '50', ...query, ...(token === '' ? {} : { page_token: token }) },
      filters,
    );
    expect([code, message]).toEqual([0, 'Success']);
    orders.push(...(data.orders as Wire[]));
    token = (data.next_page_token as string | undefined) ?? '';
    total = data.total_count as number;
    pages++;
  } while (token !== '');
  return { orders, pages, total };
}

/** The same from the world itself, worked out without any search. */
function expected(matches: (order: Wire, known: TikTokOrder) => boolean, at = SECOND): Wire[] {
  const found: Wire[] = [];
  for (const known of simulator.world.orders(simulator.world.shops[0]!, at)) {
    const order = JSON.parse(orderText(known, at)) as Wire;
    if (matches(order, known)) found.push(order);
  }
  return found;
}

const ids = (orders: readonly Wire[]): string[] => orders.map(({ id }) => id).sort();

test('walking through everything gives each order of the shop exactly once, as the world knows it', async () => {
  const { orders, total } = await walk({ ...BY_UPDATE, page_size: '100' });
  const all = expected(() => true);
  expect(orders.length).toBe(all.length);
  expect(total).toBe(all.length);
  expect(orders.toSorted((one, other) => one.id.localeCompare(other.id))).toEqual(
    all.toSorted((one, other) => one.id.localeCompare(other.id)),
  );
});

test('all four sortings hold, and newest created first is the default', async () => {
  const window = { create_time_ge: SECOND - 40 * DAY };
  for (const field of ['create_time', 'update_time'] as const) {
    for (const order of ['ASC', 'DESC']) {
      const { orders } = await walk({ sort_field: field, sort_order: order, page_size: '7' }, window);
      const times = orders.map((each) => each[field]);
      expect(times).toEqual(times.toSorted((one, other) => (order === 'ASC' ? one - other : other - one)));
      expect(ids(orders)).toEqual(ids(expected(({ create_time }) => create_time >= window.create_time_ge)));
    }
  }
  const plain = (await walk({}, window)).orders;
  expect(plain).toEqual((await walk({ sort_field: 'create_time', sort_order: 'DESC' }, window)).orders);
});

test('windows include their beginning and exclude their end', async () => {
  const { orders: all } = await walk(BY_UPDATE, { update_time_ge: SECOND - 20 * DAY });
  const [first, last] = [all[5]!, all[40]!];
  const { orders, total } = await walk(BY_UPDATE, { update_time_ge: first.update_time, update_time_lt: last.update_time });
  expect(ids(orders)).toEqual(ids(all.filter(({ update_time }) => update_time >= first.update_time && update_time < last.update_time)));
  expect(orders).toContainEqual(first);
  expect(orders).not.toContainEqual(last);
  expect(total).toBe(orders.length);
});

test('adjoining windows together give what one window gives', async () => {
  const from = SECOND - 200 * DAY;
  const whole = await walk(BY_UPDATE, { update_time_ge: from });
  const parts: Wire[] = [];
  for (let start = from; start <= SECOND; start += 50 * DAY) {
    parts.push(...(await walk(BY_UPDATE, { update_time_ge: start, update_time_lt: start + 50 * DAY })).orders);
  }
  expect(ids(parts)).toEqual(ids(whole.orders));
  expect(whole.total).toBe(whole.orders.length);
});

test('every filter keeps what it names and counts it', async () => {
  const [sample] = expected(({ status }) => status === 'COMPLETED');
  const filters: readonly [Record<string, unknown>, (order: Wire & { is_buyer_request_cancel: boolean }) => boolean][] = [
    [{ order_status: 'CANCELLED' }, ({ status }) => status === 'CANCELLED'],
    [{ shipping_type: 'SELLER' }, ({ shipping_type }) => shipping_type === 'SELLER'],
    [{ buyer_user_id: sample!.user_id }, ({ user_id }) => user_id === sample!.user_id],
    [{ is_buyer_request_cancel: true }, ({ is_buyer_request_cancel }) => is_buyer_request_cancel],
    [{ warehouse_ids: [sample!.warehouse_id] }, ({ warehouse_id }) => warehouse_id === sample!.warehouse_id],
    [
      { create_time_ge: SECOND - 90 * DAY, update_time_lt: SECOND - 60 * DAY },
      ({ create_time, update_time }) => create_time >= SECOND - 90 * DAY && update_time < SECOND - 60 * DAY,
    ],
  ];
  for (const [filter, matches] of filters) {
    const wanted = ids(expected((order) => matches(order as Wire & { is_buyer_request_cancel: boolean })));
    for (const sort_field of ['create_time', 'update_time']) {
      const { orders, total } = await walk({ sort_field }, filter);
      expect([Object.keys(filter), ids(orders)]).toEqual([Object.keys(filter), wanted]);
      expect(total).toBe(wanted.length);
    }
  }
});

test('a page holds 1 to 100 orders and its size must be said', async () => {
  const ask = async (query: Record<string, string>, filters: Record<string, unknown> = {}): Promise<number> =>
    (await client.search(shop, query, filters)).code;
  expect(await ask({})).toBe(36009004);
  expect(await ask({ page_size: '0' })).toBe(36009004);
  expect(await ask({ page_size: '101' })).toBe(36009004);
  expect(await ask({ page_size: '1' })).toBe(0);
  expect(await ask({ page_size: '1', sort_field: 'price' })).toBe(36009004);
  expect(await ask({ page_size: '1' }, { order_status: ['UNPAID'] })).toBe(36009004);
  expect(await ask({ page_size: '1' }, { update_time_ge: 'yesterday' })).toBe(36009004);
});

test('a page token has awkward characters and is good for its own search only', async () => {
  const { data } = await client.search(shop, { page_size: '10', ...BY_UPDATE });
  const page_token = data.next_page_token as string;
  expect(page_token).toMatch(/\+.*\/.*=/);
  const go = async (query: Record<string, string>, filters: Record<string, unknown> = {}): Promise<number> => {
    const { code } = await client.search(shop, { page_size: '10', ...BY_UPDATE, page_token, ...query }, filters);
    return code;
  };
  expect(await go({})).toBe(0);
  expect(await go({ page_size: '11' })).toBe(36009004);
  expect(await go({ sort_order: 'DESC' })).toBe(36009004);
  expect(await go({}, { order_status: 'UNPAID' })).toBe(36009004);
  expect(await go({ page_token: 'invented' })).toBe(36009004);
});

test('the last page says so with an empty token or with none', async () => {
  const last = async (lastPageToken: 'empty' | 'absent' | 'both'): Promise<unknown> => {
    simulator.faults.lastPageToken = lastPageToken;
    const { data } = await client.search(shop, { page_size: '100' }, { create_time_ge: SECOND - DAY });
    simulator.faults.lastPageToken = 'empty';
    return data.next_page_token;
  };
  expect(await last('empty')).toBe('');
  expect(await last('absent')).toBeUndefined();
  const seen = new Set<unknown>();
  for (let turn = 0; turn < 20; turn++) seen.add(await last('both'));
  expect(seen).toEqual(new Set(['', undefined]));
});

test('orders that change during a walk come again later; none is lost', async () => {
  const window = { update_time_ge: SECOND - 5 * DAY };
  const seen = new Map<string, number>();
  let token = '';
  do {
    const { data } = await client.search(shop, { page_size: '5', ...BY_UPDATE, ...(token === '' ? {} : { page_token: token }) }, window);
    for (const { id, update_time } of data.orders as Wire[]) seen.set(id, update_time);
    token = data.next_page_token as string;
    now = now.add({ minutes: 20 });
  } while (token !== '');
  const end = now.epochMilliseconds / 1000;
  now = NOW;
  const wanted = expected(({ update_time }) => update_time >= window.update_time_ge && update_time < end - 1200, end - 1200);
  expect(wanted.filter(({ id, update_time }) => seen.get(id) !== update_time)).toEqual([]);
});

test('with duplicates on, pages overlap and still come to an end with every order', async () => {
  simulator.faults.duplicates = 1;
  const window = { create_time_ge: SECOND - 60 * DAY };
  const { orders, pages } = await walk({ page_size: '10' }, window);
  simulator.faults.duplicates = 0;
  const wanted = ids(expected(({ create_time }) => create_time >= window.create_time_ge));
  expect(orders.length).toBe(wanted.length + pages - 1);
  expect([...new Set(ids(orders))]).toEqual(wanted);
});

test('a rush places an order every few seconds for the demo, spread over the shops', async () => {
  const { total } = await walk({ page_size: '100' }, { create_time_ge: SECOND - DAY, create_time_lt: SECOND });
  const ordinary = await openTikTokAlone({ clock: { now: () => now }, limits: 'off', scale: SCALE });
  const calm = [...ordinary.world.calendar(ordinary.world.shops[0]!).placed(SECOND - DAY, SECOND)].length;
  await ordinary.close();
  // 144 rush orders a day, two of five for the Spanish shop.
  expect(total - calm).toBeGreaterThanOrEqual(57);
  expect(total - calm).toBeLessThanOrEqual(58);
});

test('details by id are the same orders; unknown and foreign ones are refused, more than fifty too', async () => {
  const { data } = await client.search(shop, { page_size: '50' });
  const orders = data.orders as Wire[];
  for (const version of ['202309', '202507']) {
    const detail = await client.call(`/order/${version}/orders`, { ...shop, query: { ids: orders.map(({ id }) => id).join(',') } });
    expect(detail.data.orders).toEqual(orders);
  }
  const ask = async (list: string[]): Promise<string> => {
    const { status, code } = await client.call('/order/202507/orders', { ...shop, query: { ids: list.join(',') } });
    return `${status} ${code}`;
  };
  const foreign = simulator.world.orders(simulator.world.shops[1]!, SECOND).next().value as TikTokOrder;
  expect(await ask([foreign.id])).toBe('200 21008111');
  expect(await ask(['576100000000010000'])).toBe('200 21008111');
  expect(await ask(Array.from({ length: 51 }, () => orders[0]!.id))).toBe('400 36009004');
  simulator.faults.missingIds = 'absent';
  expect(await ask([foreign.id])).toBe('200 0');
  simulator.faults.missingIds = 'error';
});

test('odd orders are odd every time: unknown fields, an unknown status, a missing field', async () => {
  Object.assign(simulator.faults, { unknownFields: 0.5, unknownStatus: 0.3, missingField: { field: 'create_time', share: 0.2 } });
  const ask = async (): Promise<Record<string, unknown>[]> =>
    (await client.search(shop, { page_size: '100' })).data.orders as Record<string, unknown>[];
  const [once, twice] = [await ask(), await ask()];
  Object.assign(simulator.faults, { unknownFields: 0, unknownStatus: 0, missingField: undefined });
  expect(once).toEqual(twice);
  for (const isOdd of [
    (order: Record<string, unknown>) => 'loyalty_programme' in order,
    (order: Record<string, unknown>) => order['status'] === 'AWAITING_CUSTOMS',
    (order: Record<string, unknown>) => !('create_time' in order),
  ]) {
    expect(once.filter(isOdd).length).toBeGreaterThan(5);
    expect(once.filter(isOdd).length).toBeLessThan(80);
  }
});
