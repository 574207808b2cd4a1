import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Client, type Answer, type CallOptions } from './client.ts';
import type { TikTokFaults } from './tiktok-faults.ts';
import { openSimulator } from '../simulator.ts';

const NOW = Temporal.Instant.from('2026-11-20T10:00:00Z');
const DAY = 86_400;
/** What answers are bent by without a draw of its own for each request. */
const BENT: Partial<TikTokFaults> = {
  unknownFields: 0.3,
  unknownStatus: 0.1,
  missingField: [
    { field: 'create_time', share: 0.1 },
    { kind: 'return', field: 'refund_amount', share: 0.2 },
  ],
  brokenPriceDetail: 0.3,
  hiddenFromSearch: 0.05,
  hiddenFromUpdates: 0.05,
  duplicates: 0.5,
  missingIds: 'absent',
};
const SELLERS = [
  { account: 'estrella-hogar', app: 'ROW' },
  { account: 'luz-de-casa', app: 'ROW' },
  { account: 'lone-star-living', app: 'US' },
] as const;
/** Tokens and codes are drawn anew each time; everything else is worked out. */
const DRAWN = /(?:ROW|TTP)_[\w-]+\.[\w-]+/g;

/** Everything that a simulator of this seed answers to a fixed list of questions, one digest for each kind of question. */
async function digests(seed: string, besides: { readonly Amazon?: object }): Promise<Record<string, string>> {
  let now = NOW;
  const clock = { now: () => now };
  const opened = await openSimulator({ clock, seed, scale: 0.05, platforms: { TikTok: { limits: 'off' }, ...besides } });
  const simulator = opened.platforms.TikTok;
  const hashes = new Map<string, ReturnType<typeof createHash>>();
  const note = (kind: string, text: string): void => {
    const hash = hashes.get(kind) ?? createHash('sha256');
    hashes.set(kind, hash.update(text.replaceAll(DRAWN, 'drawn')).update('\n'));
  };
  const asked = (kind: string, answer: Answer): Answer => {
    const { status, headers, text } = answer;
    note(kind, `${status} ${headers.get('content-type')} ${headers.get('retry-after')} ${text}`);
    return answer;
  };
  const tell = async (kind: string): Promise<void> => {
    for (const { account, app } of SELLERS) {
      const client = new Client(simulator.apps[app], clock);
      note(`${kind}: registrations`, JSON.stringify({ ...simulator.apps[app], hosts: undefined }));
      const code = (await client.consent(account, { state: 'some state' })).searchParams;
      note(`${kind}: consent`, code.toString());
      note(`${kind}: consent`, (await client.consent(account, { decision: 'cancel' })).search);
      note(
        `${kind}: consent`,
        await (await fetch(`${simulator.url}/open/authorize?service_id=${simulator.apps[app].serviceId}&state=x`)).text(),
      );
      const { data } = asked(`${kind}: tokens`, await client.fetchTokens({ code: code.get('code')! }));
      asked(`${kind}: tokens`, await client.fetchTokens({ code: code.get('code')! }));
      asked(`${kind}: tokens`, await client.fetchTokens({ refreshToken: data.refresh_token }));
      const token = String(data.access_token);
      const shops = asked(`${kind}: shops`, await client.call('/authorization/202309/shops', { token }));
      for (const { cipher } of shops.data.shops) {
        const call = (what: string, path: string, options: CallOptions): Promise<Answer> =>
          client.call(path, { token, cipher, ...options }).then((answer) => asked(`${kind}: ${what}`, answer));
        await tellShop(call, now.epochMilliseconds / 1000);
      }
    }
  };
  await tell('at first');
  now = now.add({ hours: 29 });
  Object.assign(simulator.faults, BENT);
  await tell('bent');
  Object.assign(simulator.faults, { driftingTotals: 0.5, lastPageToken: 'both', secondsPerPage: 400 });
  await tell('moving');
  await opened.close();
  return Object.fromEntries([...hashes].map(([kind, hash]) => [kind, hash.digest('hex').slice(0, 24)]));
}

/** All questions about one shop. */
async function tellShop(call: (what: string, path: string, options: CallOptions) => Promise<Answer>, second: number): Promise<void> {
  const walk = async (
    what: string,
    path: string,
    { query, filters = {}, pages = Infinity }: { query: Record<string, string>; filters?: Record<string, unknown>; pages?: number },
  ): Promise<Record<string, unknown>[]> => {
    const rows: Record<string, unknown>[] = [];
    let pageToken = '';
    for (let page = 0; page < pages; page++) {
      const asked = { ...query, ...(pageToken === '' ? {} : { page_token: pageToken }) };
      const { data } = await call(what, path, { method: 'POST', query: asked, body: JSON.stringify(filters) });
      const list = Object.values((data ?? {}) as Record<string, unknown>).find(Array.isArray) as Record<string, unknown>[] | undefined;
      rows.push(...(list ?? []));
      pageToken = data?.next_page_token ?? '';
      if (pageToken === '') break;
    }
    return rows;
  };
  const ORDERS = '/order/202309/orders/search';
  const all = await walk('orders', ORDERS, { query: { page_size: '100', sort_field: 'update_time', sort_order: 'ASC' } });
  await walk('orders', ORDERS, {
    query: { page_size: '50' },
    filters: { create_time_ge: second - 40 * DAY, create_time_lt: second - DAY },
  });
  for (const order_status of [
    'UNPAID',
    'ON_HOLD',
    'AWAITING_SHIPMENT',
    'PARTIALLY_SHIPPING',
    'AWAITING_COLLECTION',
    'IN_TRANSIT',
    'CANCELLED',
  ]) {
    const filters = { order_status, update_time_ge: second - 60 * DAY };
    await walk('orders', ORDERS, { query: { page_size: '20', sort_field: 'update_time' }, filters });
  }
  for (const filters of [{ shipping_type: 'SELLER' }, { is_buyer_request_cancel: true }, { buyer_user_id: all[3]?.['user_id'] }])
    await walk('orders', ORDERS, { query: { page_size: '10' }, filters: { ...filters, create_time_ge: second - 90 * DAY } });
  for (let at = 0; at < all.length; at += 700) {
    const ids = all.slice(at, at + 50).map(({ id }) => String(id));
    await call('details', '/order/202507/orders', { query: { ids: ids.join(',') } });
    for (const id of ids.slice(0, 10)) await call('price details', `/order/202407/orders/${id}/price_detail`, {});
  }
  await call('refusals', '/order/202507/orders', { query: { ids: '576100000000000000' } });
  await call('refusals', '/order/202407/orders/576100000000000000/price_detail', {});
  await call('refusals', ORDERS, { method: 'POST', query: { page_size: '101' }, body: '{}' });
  await call('refusals', ORDERS, { method: 'POST', query: { page_size: '10', page_token: 'none' }, body: '{}' });
  await call('refusals', ORDERS, { method: 'GET', query: { page_size: '10' } });
  await call('refusals', ORDERS, { method: 'POST', query: { page_size: '10' }, body: '{}', tamper: (query) => (query['sign'] = 'x') });
  await call('refusals', ORDERS, { method: 'POST', query: { page_size: '10' }, body: '{}', timestamp: second - 4000 });
  await call('refusals', ORDERS, { method: 'POST', query: { page_size: '10' }, body: '{}', token: 'none' });
  await call('refusals', ORDERS, { method: 'POST', query: { page_size: '10' }, body: '{}', cipher: 'none' });
  for (const [what, path] of [
    ['returns', '/return_refund/202602/returns/search'],
    ['cancellations', '/return_refund/202602/cancellations/search'],
  ] as const) {
    await walk(what, path, { query: { page_size: '50', sort_field: 'update_time', sort_order: 'ASC' } });
    const filters = { create_time_ge: second - 60 * DAY, locale: 'es-ES', order_ids: undefined };
    await walk(what, path, { query: { page_size: '10', sort_order: 'DESC' }, filters });
    await walk(what, path.replace('202602', '202309'), { query: { page_size: '10' }, filters, pages: 3 });
  }
  await walk('returns', '/return_refund/202309/returns/search', {
    query: { page_size: '50' },
    filters: { return_types: ['REPLACEMENT'], return_status: ['REPLACEMENT_REQUEST_COMPLETE', 'REPLACEMENT_REQUEST_REJECT'] },
  });
  const products = await walk('products', '/product/202502/products/search', { query: { page_size: '100' } });
  for (const version of ['202309', '202312'])
    await walk('products', `/product/${version}/products/search`, {
      query: { page_size: '30' },
      filters: { status: 'ACTIVATE' },
      pages: 2,
    });
  for (const { id } of products.slice(0, 25)) await call('products', `/product/202309/products/${String(id)}`, {});
  const ids = products.slice(0, 20).map(({ id }) => id);
  await call('stock', '/product/202309/inventory/search', { method: 'POST', body: JSON.stringify({ product_ids: ids }) });
}

/** Made by the simulator as it was before its world had words of its own (commit 8e56ef3); never made anew. */
const ALWAYS = JSON.parse(readFileSync(`${import.meta.dirname}/same-answers.json`, 'utf8')) as Record<string, Record<string, string>>;

test.each([
  ['s7', 'alone', {}],
  ['another seed', 'with Amazon beside it', { Amazon: {} }],
] as const)(
  'what TikTok answers in the world of %s, %s, is what it has always answered, byte for byte',
  async (seed, _, besides) => expect(await digests(seed, besides)).toEqual(ALWAYS[seed]),
  120_000,
);
