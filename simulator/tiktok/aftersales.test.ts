import { afterAll, beforeAll, expect, test } from 'vitest';
import { buyerIdOf } from './ids.ts';
import { Client } from './client.ts';
import { openTikTokAlone, type TikTokAlone } from './tiktok-alone.ts';
import { cancellationStatusOf, returnStatusOf } from './statuses.ts';
import { stepAt } from '../trade/life.ts';
import type { Story } from '../trade/stories.ts';

const NOW = Temporal.Instant.from('2026-06-15T10:00:00Z');
const SECOND = NOW.epochMilliseconds / 1000;
const DAY = 86_400;
const PATHS = { returns: '/return_refund/202602/returns/search', cancellations: '/return_refund/202602/cancellations/search' };
type What = keyof typeof PATHS;

interface Wire {
  return_id: string;
  cancel_id: string;
  order_id: string;
  return_status: string;
  cancel_status: string;
  return_type: string;
  cancel_type: string;
  create_time: number;
  update_time: number;
  return_reason: string;
  return_reason_text: string;
  arbitration_status?: string;
  seller_proposed_return_type?: string;
  should_replenish_stock?: boolean;
  pre_return_id?: string;
  next_return_id?: string;
}

let now = NOW;
let simulator: TikTokAlone;
let client: Client;
let shops: { token: string; cipher: string }[];
let shop: { token: string; cipher: string };

beforeAll(async () => {
  const clock = { now: () => now };
  const rush = { from: NOW.subtract({ hours: 30 * 24 }), to: NOW.subtract({ hours: 28 * 24 }), everySeconds: 120 };
  simulator = await openTikTokAlone({ clock, limits: 'off', scale: 0.4, rushes: [rush] });
  client = new Client(simulator.apps.ROW, clock);
  const seller = await client.connect('estrella-hogar');
  shops = seller.shops.map(({ cipher }) => ({ token: seller.token, cipher }));
  shop = shops[0]!;
});
afterAll(() => simulator.close());

const listOf = (what: What, data: Record<string, unknown>): Wire[] =>
  data[what === 'returns' ? 'return_orders' : 'cancellations'] as Wire[];
const idOf = ({ return_id, cancel_id }: Wire): string => return_id ?? cancel_id;
const statusOf = ({ return_status, cancel_status }: Wire): string => return_status ?? cancel_status;

/** All pages of a search. */
async function walk(
  what: What,
  query: Record<string, string> = {},
  filters: Record<string, unknown> = {},
  at = shop,
): Promise<{ found: Wire[]; total: number; pages: number }> {
  const found: Wire[] = [];
  let token = '';
  let total = -1;
  let pages = 0;
  do {
    const paged = { page_size: '50', ...query, ...(token === '' ? {} : { page_token: token }) };
    const { data, message } = await client.call(PATHS[what], { method: 'POST', query: paged, body: JSON.stringify(filters), ...at });
    expect(message).toBe('Success');
    found.push(...listOf(what, data));
    token = data.next_page_token ?? '';
    total = data.total_count;
    pages++;
  } while (token !== '');
  return { found, total, pages };
}

interface Known {
  id: string;
  orderId: string;
  buyer: string;
  created: number;
  updated: number;
  status: string;
  story: Story;
}

/** The same from the world itself, worked out without any search. */
function known(what: What, place = 0): Known[] {
  const { world } = simulator;
  const all = what === 'returns' ? world.returns(world.shops[place]!, SECOND) : world.cancellations(world.shops[place]!, SECOND);
  return [...all].map(({ id, order, story }) => {
    const step = stepAt(story, SECOND);
    return {
      id,
      orderId: order.id,
      buyer: buyerIdOf(order.buyer),
      created: story.times[0]!,
      updated: story.times[step]!,
      status: 'isRequest' in story ? cancellationStatusOf(story, step) : returnStatusOf(story, step),
      story,
    };
  });
}
const sorted = (ids: readonly string[]): string[] => ids.toSorted();

for (const what of ['returns', 'cancellations'] as const) {
  test(`walking through everything gives each of a shop's ${what} exactly once, by either time and in either direction`, async () => {
    const all = known(what);
    expect(all.length).toBeGreaterThan(150);
    for (const field of ['create_time', 'update_time'] as const) {
      for (const order of ['ASC', 'DESC']) {
        const { found, total } = await walk(what, { sort_field: field, sort_order: order, page_size: '37' });
        expect(sorted(found.map(idOf))).toEqual(sorted(all.map(({ id }) => id)));
        expect(total).toBe(all.length);
        const times = found.map((each) => each[field]);
        expect(times).toEqual(times.toSorted((one, other) => (order === 'ASC' ? one - other : other - one)));
      }
    }
    const plain = await walk(what);
    expect(plain.found).toEqual((await walk(what, { sort_field: 'create_time', sort_order: 'ASC' })).found);
  });

  test(`windows over ${what} include their beginning, exclude their end, and adjoin`, async () => {
    const all = known(what).toSorted((one, other) => one.updated - other.updated);
    const [from, to] = [all[20]!.updated, all[90]!.updated];
    const wanted = all.filter(({ updated }) => updated >= from && updated < to).map(({ id }) => id);
    const window = await walk(what, { sort_field: 'update_time' }, { update_time_ge: from, update_time_lt: to });
    expect(sorted(window.found.map(idOf))).toEqual(sorted(wanted));
    expect(window.total).toBe(wanted.length);
    const parts: string[] = [];
    for (let start = SECOND - 300 * DAY; start <= SECOND; start += 25 * DAY) {
      parts.push(...(await walk(what, {}, { create_time_ge: start, create_time_lt: start + 25 * DAY })).found.map(idOf));
    }
    expect(sorted(parts)).toEqual(sorted(all.filter(({ created }) => created >= SECOND - 300 * DAY).map(({ id }) => id)));
  });

  test(`every filter over ${what} keeps what it names and counts it`, async () => {
    const all = known(what);
    const some = all.slice(10, 14);
    const idFilter = what === 'returns' ? 'return_ids' : 'cancel_ids';
    const checks: readonly [Record<string, unknown>, (each: Known) => boolean][] = [
      [{ [idFilter]: some.map(({ id }) => id) }, ({ id }) => some.some((each) => each.id === id)],
      [{ order_ids: some.map(({ orderId }) => orderId) }, ({ orderId }) => some.some((each) => each.orderId === orderId)],
      [
        { order_ids: some.map(({ orderId }) => orderId), update_time_lt: some[1]!.updated },
        ({ orderId, updated }) => {
          return some.some((each) => each.orderId === orderId) && updated < some[1]!.updated;
        },
      ],
      [{ buyer_user_ids: [some[0]!.buyer] }, ({ buyer }) => buyer === some[0]!.buyer],
      [
        { create_time_ge: SECOND - 90 * DAY, update_time_lt: SECOND - 60 * DAY },
        ({ created, updated }) => created >= SECOND - 90 * DAY && updated < SECOND - 60 * DAY,
      ],
    ];
    for (const [filter, matches] of checks) {
      const wanted = sorted(all.filter(matches).map(({ id }) => id));
      expect(wanted.length).toBeGreaterThan(0);
      for (const sort_field of ['create_time', 'update_time']) {
        const { found, total } = await walk(what, { sort_field }, filter);
        expect([filter, sorted(found.map(idOf))]).toEqual([filter, wanted]);
        expect(total).toBe(wanted.length);
      }
    }
  });
}

test('returns are told by status, type, judgement and offer', async () => {
  const { found: all } = await walk('returns');
  const filters: readonly [Record<string, unknown>, (each: Wire) => boolean][] = [
    [
      { return_status: ['RETURN_OR_REFUND_REQUEST_COMPLETE', 'REFUND_OR_RETURN_REQUEST_REJECT'] },
      ({ return_status: status }) => /COMPLETE$|^REFUND_OR/.test(status) && !status.startsWith('REPL'),
    ],
    [{ return_types: ['REPLACEMENT'] }, ({ return_type }) => return_type === 'REPLACEMENT'],
    [{ arbitration_status: ['SUPPORT_BUYER'] }, ({ arbitration_status }) => arbitration_status === 'SUPPORT_BUYER'],
    [
      { seller_proposed_return_type: ['PARTIAL_REFUND'] },
      ({ seller_proposed_return_type }) => seller_proposed_return_type === 'PARTIAL_REFUND',
    ],
    [{ return_status: [] }, () => true],
  ];
  for (const [filter, matches] of filters) {
    const wanted = all.filter(matches);
    expect([filter, wanted.length > 0]).toEqual([filter, true]);
    expect([filter, (await walk('returns', {}, filter)).found]).toEqual([filter, wanted]);
  }
});

test('the filter spells a cancellation that came to nothing without its ending, the value with it', async () => {
  const { found } = await walk('cancellations', {}, { cancel_status: ['CANCELLATION_REQUEST_CANCEL'] });
  expect(found.length).toBeGreaterThan(3);
  expect(new Set(found.map(statusOf))).toEqual(new Set(['CANCELLATION_REQUEST_CANCELLED']));
  const other = await client.call(PATHS.cancellations, {
    method: 'POST',
    query: {},
    body: '{"cancel_status":["CANCELLATION_REQUEST_CANCELLED"]}',
    ...shop,
  });
  expect(other.code).toBe(36009004);
});

test('a page of returns holds 10 to 50, one of cancellations 1 to 50, and 10 where nothing is said', async () => {
  const ask = async (what: What, query: Record<string, string>, filters: Record<string, unknown> = {}): Promise<number | string> => {
    const { code, data } = await client.call(PATHS[what], { method: 'POST', query, body: JSON.stringify(filters), ...shop });
    return code === 0 ? listOf(what, data).length : code;
  };
  for (const [size, returns, cancellations] of [
    ['9', 36009004, 9],
    ['10', 10, 10],
    ['50', 50, 50],
    ['51', 36009004, 36009004],
    ['0', 36009004, 36009004],
  ] as const) {
    expect([size, await ask('returns', { page_size: size }), await ask('cancellations', { page_size: size })]).toEqual([
      size,
      returns,
      cancellations,
    ]);
  }
  expect([await ask('returns', {}), await ask('cancellations', {})]).toEqual([10, 10]);
  expect(await ask('returns', {}, { return_status: ['LOST'] })).toBe(36009004);
  expect(await ask('returns', {}, { return_types: 'REFUND' })).toBe(36009004);
  expect(await ask('returns', { sort_field: 'return_id' })).toBe(36009004);
  // Paging belongs to the query: in the body it does nothing.
  expect(await ask('returns', {}, { page_size: 50, sort_order: 'DESC' })).toBe(10);
});

test('a page token is good for its own search only', async () => {
  const first = await client.call(PATHS.returns, { method: 'POST', query: { page_size: '10' }, body: '{}', ...shop });
  const page_token = first.data.next_page_token as string;
  expect(page_token).toMatch(/\+.*\/.*=/);
  const go = async (query: Record<string, string>, filters: Record<string, unknown> = {}): Promise<number> => {
    return (
      await client.call(PATHS.returns, {
        method: 'POST',
        query: { page_size: '10', page_token, ...query },
        body: JSON.stringify(filters),
        ...shop,
      })
    ).code;
  };
  expect([
    await go({}),
    await go({ page_size: '11' }),
    await go({ sort_field: 'update_time' }),
    await go({}, { return_types: ['REFUND'] }),
  ]).toEqual([0, 36009004, 36009004, 36009004]);
});

test('both versions answer; only the newer one says whether goods are for sale again', async () => {
  const ask = async (version: string, what: What): Promise<Wire[]> => {
    const { data } = await client.call(`/return_refund/${version}/${what}/search`, {
      method: 'POST',
      query: { page_size: '20' },
      body: '{}',
      ...shop,
    });
    return listOf(what, data);
  };
  expect(await ask('202309', 'returns')).toEqual(await ask('202602', 'returns'));
  const newer = await ask('202602', 'cancellations');
  expect(new Set(newer.map(({ should_replenish_stock }) => should_replenish_stock))).toEqual(new Set([true, false]));
  expect((await ask('202309', 'cancellations')).some((each) => 'should_replenish_stock' in each)).toBe(false);
  expect((await client.call('/return_refund/202101/returns/search', { method: 'POST', query: {}, body: '{}', ...shop })).code).toBe(
    36009014,
  );
});

test("another shop's returns are not shown, whatever is asked", async () => {
  const foreign = known('returns', 1)[3]!;
  expect((await walk('returns', {}, { return_ids: [foreign.id] })).found).toEqual([]);
  expect((await walk('returns', {}, { order_ids: [foreign.orderId] })).found).toEqual([]);
  expect((await walk('returns', {}, { return_ids: [foreign.id] }, shops[1])).found.map(idOf)).toEqual([foreign.id]);
});

test('a scope the seller never granted is missed', async () => {
  const narrow = await openTikTokAlone({ clock: { now: () => now }, scopes: ['seller.authorization.info', 'seller.order.info'] });
  const narrowClient = new Client(narrow.apps.ROW, { now: () => now });
  const {
    token,
    shops: [first],
  } = await narrowClient.connect('estrella-hogar');
  const codes = await Promise.all(
    Object.values(PATHS).map((path) => narrowClient.call(path, { method: 'POST', query: {}, body: '{}', token, cipher: first!.cipher })),
  );
  await narrow.close();
  expect(codes.map(({ status, code }) => `${status} ${code}`)).toEqual(['403 105005', '403 105005']);
});

test('returns that change during a walk come again later; none is lost', async () => {
  const window = { update_time_ge: SECOND - 20 * DAY };
  const seen = new Map<string, number>();
  let token = '';
  do {
    const query = { page_size: '10', sort_field: 'update_time', ...(token === '' ? {} : { page_token: token }) };
    const { data } = await client.call(PATHS.returns, { method: 'POST', query, body: JSON.stringify(window), ...shop });
    for (const each of listOf('returns', data)) seen.set(idOf(each), each.update_time);
    token = data.next_page_token;
    now = now.add({ hours: 3 });
  } while (token !== '');
  const end = now.epochMilliseconds / 1000 - 3 * 3600;
  now = NOW;
  for (const { id, story } of simulator.world.returns(simulator.world.shops[0]!, end)) {
    const updated = story.times[stepAt(story, end)]!;
    if (updated >= window.update_time_ge) expect([id, seen.get(id)]).toEqual([id, updated]);
  }
});

test('reasons come as a key and as words, in Spanish where that is asked for', async () => {
  const [english, spanish] = [await walk('returns', {}, { locale: 'en-GB' }), await walk('returns', {}, { locale: 'es-ES,en' })];
  expect(english.found.every(({ return_reason }) => /^ecom_order_[a-z_]+$/.test(return_reason))).toBe(true);
  const words = (found: Wire[]): Map<string, string> =>
    new Map(found.map(({ return_reason, return_reason_text }) => [return_reason, return_reason_text]));
  expect(words(english.found).get('ecom_order_delivered_refund_and_return_reason_no_need')).toBe('No longer needed');
  expect(words(spanish.found).get('ecom_order_delivered_refund_and_return_reason_no_need')).toBe('Ya no lo necesito');
  expect(words(english.found).size).toBeGreaterThan(6);
});

test('an edited request names the one before and the one after', async () => {
  const { found } = await walk('returns', {}, {}, shops[1]);
  const all = [...found, ...(await walk('returns')).found];
  const edited = all.filter(({ next_return_id }) => next_return_id !== undefined);
  expect(edited.length).toBeGreaterThan(2);
  for (const each of edited) {
    const next = all.find(({ return_id }) => return_id === each.next_return_id)!;
    expect([next.pre_return_id, next.order_id, each.return_status]).toEqual([
      each.return_id,
      each.order_id,
      'RETURN_OR_REFUND_REQUEST_CANCEL',
    ]);
  }
});
