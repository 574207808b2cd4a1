import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import type { Json } from '../../kernel/json.ts';
import type { KeyedHash } from '../../kernel/vault.ts';
import type { Call, Operation } from '../operation.ts';
import type { OrderStream } from '../stream.ts';
import { toCanonical } from './canonical.ts';
import { listing, listingReply, textOf, WINDOWS, type ListingReply } from './listing.ts';
import { withoutPersonalData } from './personal.ts';
import { ofShop } from './rates.ts';

/** The listing of orders, by time of change or of purchase. */
export const searchOrders: Operation<ListingReply> = {
  name: 'search orders',
  method: 'POST',
  path: '/order/202309/orders/search',
  host: 'api',
  rate: ofShop(10),
  credentials: 'shop',
  reply: listingReply('orders'),
};

/** Orders by id, at most {@link IDS_AT_ONCE}; one that is another shop's spoils them all. */
export const getOrders: Operation<ListingReply> = {
  name: 'get orders',
  method: 'GET',
  path: '/order/202507/orders',
  host: 'api',
  rate: ofShop(10),
  credentials: 'shop',
  reply: listingReply('orders'),
};

/** What the buyer of one order paid, in detail. */
export const getPriceDetail = {
  name: 'price detail',
  method: 'GET',
  path: '/order/202407/orders/{order_id}/price_detail',
  host: 'api',
  rate: ofShop(5),
  credentials: 'shop',
  reply: z.custom<Json>((value) => typeof value === 'object' && value !== null, 'is no price detail'),
} as const satisfies Operation<unknown>;

export const IDS_AT_ONCE = 50;
const PAGE_SIZE = 100;
/** "The order or package does not belong to the current seller": what unknown ids are answered with. */
export const NOT_THIS_SHOP = '21008111';

/** TikTok's orders: searched by time of change, kept without personal data. */
export const orders: OrderStream = {
  windows: WINDOWS,
  pace: { pageSize: PAGE_SIZE, perSecond: searchOrders.rate.perSecond },
  ...listing(searchOrders, 'update_time', { pageSize: PAGE_SIZE, stream: 'orders' }),
  placed: listing(searchOrders, 'create_time', { pageSize: PAGE_SIZE, stream: 'orders' }),
  byId,
  idOf: (document) => textOf(document, 'id'),
  toCanonical,
};

async function byId(call: Call, ids: readonly string[], hash: KeyedHash): Promise<readonly Json[]> {
  const found: Json[] = [];
  for (let i = 0; i < ids.length; i += IDS_AT_ONCE) found.push(...(await someById(call, ids.slice(i, i + IDS_AT_ONCE))));
  return found.map((order) => withoutPersonalData(order, hash));
}

/** One id of another shop has all of them refused, so they are asked for in halves until that one is alone. */
async function someById(call: Call, ids: readonly string[]): Promise<readonly Json[]> {
  try {
    return (await call(getOrders, { query: { ids } })).records;
  } catch (error) {
    if (!(error instanceof AppError) || error.details?.['platform_code'] !== NOT_THIS_SHOP) throw error;
    if (ids.length === 1) return [];
    const half = Math.ceil(ids.length / 2);
    return [...(await someById(call, ids.slice(0, half))), ...(await someById(call, ids.slice(half)))];
  }
}
