import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import type { Json } from '../../kernel/json.ts';
import type { KeyedHash } from '../../kernel/vault.ts';
import type { Call, Operation, OrderStream, Page } from '../platform.ts';
import { toCanonical } from './canonical.ts';
import { withoutPersonalData } from './personal.ts';

/** An order as it came: what is read of it is checked when it is read, so that one bad order does not spoil its page. */
const anyOrder = z.custom<Json>((value) => typeof value === 'object' && value !== null, 'is no order');

/** The listing by time of change, oldest first: orders that change while it is read move to its end. */
export const searchOrders = {
  name: 'search orders', method: 'POST', path: '/order/202309/orders/search', host: 'api', perSecond: 10, forShop: true,
  reply: z.object({ orders: z.array(anyOrder).nullish(), next_page_token: z.string().nullish(), total_count: z.number().nullish() }).nullable(),
} as const satisfies Operation<unknown>;

/** Orders by id, at most {@link IDS_AT_ONCE}; one that is another shop's spoils them all. */
export const getOrders = {
  name: 'get orders', method: 'GET', path: '/order/202507/orders', host: 'api', perSecond: 10, forShop: true,
  reply: z.object({ orders: z.array(anyOrder).nullish() }).nullable(),
} as const satisfies Operation<unknown>;

/** What the buyer of one order paid, in detail. */
export const getPriceDetail = {
  name: 'price detail', method: 'GET', path: '/order/202407/orders/{order_id}/price_detail', host: 'api', perSecond: 5, forShop: true,
  reply: z.custom<Json>((value) => typeof value === 'object' && value !== null, 'is no price detail'),
} as const satisfies Operation<unknown>;

type SearchReply = z.output<typeof searchOrders.reply>;

export const IDS_AT_ONCE = 50;
const PAGE_SIZE = 100;
/** "The order or package does not belong to the current seller": what unknown ids are answered with. */
const NOT_THIS_SHOP = '21008111';

/** TikTok's orders: searched by time of change, kept without personal data. */
export const orders: OrderStream = {
  widestWindowDays: 30,
  // The index that search reads is some minutes behind.
  lagSeconds: 900,
  // Nothing says that older orders are left out; the first shops opened in 2021.
  reachDays: 3650,
  pages,
  byId,
  idOf,
  toCanonical,
};

async function* pages(call: Call, { from, to }: Parameters<OrderStream['pages']>[1], { resume, hash }: Parameters<OrderStream['pages']>[2]): AsyncGenerator<Page> {
  // Filters, order and size must stay the same while a page token is followed.
  const body = { update_time_ge: Math.floor(from.epochMilliseconds / 1000), update_time_lt: Math.ceil(to.epochMilliseconds / 1000) };
  const ask = (token: string | null): Promise<SearchReply> =>
    call(searchOrders, { query: { page_size: PAGE_SIZE, sort_field: 'update_time', sort_order: 'ASC', page_token: token ?? undefined }, body });
  const followed = new Set(resume === null ? [] : [resume]);
  for (let asked: Promise<SearchReply> | null = ask(resume); asked;) {
    const reply: SearchReply = await asked;
    const next: string | null = reply?.next_page_token || null;
    if (next !== null && followed.has(next)) {
      throw new AppError('platform_reply_not_understood', { platform: 'TikTok', operation: searchOrders.name, field: 'next_page_token', problem: 'repeats' });
    }
    if (next !== null) followed.add(next);
    // The next page is on its way while this one is worked on; who stops here never asks how it went.
    asked = next === null ? null : ask(next);
    asked?.catch(() => undefined);
    yield { documents: (reply?.orders ?? []).map((order) => withoutPersonalData(order, hash)), next, total: reply?.total_count ?? null };
  }
}

async function byId(call: Call, ids: readonly string[], hash: KeyedHash): Promise<readonly Json[]> {
  const found: Json[] = [];
  for (let i = 0; i < ids.length; i += IDS_AT_ONCE) found.push(...(await someById(call, ids.slice(i, i + IDS_AT_ONCE))));
  return found.map((order) => withoutPersonalData(order, hash));
}

/** One id of another shop has all of them refused, so they are asked for in halves until that one is alone. */
async function someById(call: Call, ids: readonly string[]): Promise<readonly Json[]> {
  try {
    return (await call(getOrders, { query: { ids } }))?.orders ?? [];
  } catch (error) {
    if (!(error instanceof AppError) || error.details?.['platform_code'] !== NOT_THIS_SHOP) throw error;
    if (ids.length === 1) return [];
    const half = Math.ceil(ids.length / 2);
    return [...(await someById(call, ids.slice(0, half))), ...(await someById(call, ids.slice(half)))];
  }
}

function idOf(document: Json): string | null {
  const id = typeof document === 'object' && document !== null && 'id' in document ? document.id : null;
  return typeof id === 'string' && id !== '' ? id : null;
}
