import { z } from 'zod';
import type { Json } from '../../kernel/json.ts';
import type { LiveAnswer, LiveOrders } from '../live.ts';
import type { Operation } from '../operation.ts';
import { KEPT, LIVE_ORDERS } from './fields.ts';
import { getOrders, getPriceDetail, IDS_AT_ONCE, searchOrders } from './orders.ts';

/** What the platform says, unread. */
const asItCame = z.custom<Json>((value) => value !== undefined, 'is missing');
const search: Operation<Json> = { ...searchOrders, reply: asItCame };
const detail: Operation<Json> = { ...getOrders, reply: asItCame };

/** Live calls whose JSON is passed on with every personal value emptied, and every text that no list knows. */
export const live: LiveOrders = {
  async list(call, { pageSize, pageToken, filters }) {
    const query = { page_size: pageSize, page_token: pageToken ?? undefined };
    return inEnvelope(LIVE_ORDERS.redacted(await call(search, { query, body: filters ?? {} })));
  },
  async detail(call, ids) {
    const orders: Json[] = [];
    for (let i = 0; i < ids.length; i += IDS_AT_ONCE) {
      const reply = await call(detail, { query: { ids: ids.slice(i, i + IDS_AT_ONCE) } });
      if (ids.length <= IDS_AT_ONCE) return inEnvelope(LIVE_ORDERS.redacted(reply));
      if (typeof reply === 'object' && reply !== null && 'orders' in reply && Array.isArray(reply.orders))
        orders.push(...(reply.orders as Json[]));
    }
    return inEnvelope(LIVE_ORDERS.redacted({ orders }));
  },
  async priceDetail(call, id) {
    return inEnvelope(KEPT.price_details.redacted(await call(getPriceDetail, { path: { order_id: id } })));
  },
};

/** As the platform sends it, and the older system passed it on. */
function inEnvelope({ data, redacted: paths }: LiveAnswer): LiveAnswer {
  return { data: { code: 0, message: 'Success', data }, redacted: paths };
}
