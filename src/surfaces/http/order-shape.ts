import { openKeptDocuments } from '../../records/documents.ts';
import type { Reader } from '../../engines/engine.ts';
import type { StoredOrder, StoredOrders } from '../../records/orders/stored-orders.ts';
import type { Json } from '../../kernel/json.ts';
import type { PlatformId } from '../../model/shop.ts';
import type { KnownOrder } from '../../platforms/own-keys.ts';
import type { HttpRoom } from './room.ts';

/** `platform`: the platform's own object; `canonical`: the form all platforms are brought to. */
export const ORDER_SHAPES = ['platform', 'canonical'] as const;
export type OrderShape = (typeof ORDER_SHAPES)[number];

/** Writes stored orders as JSON, one text each. */
export type WriteOrders = (reader: Reader, stored: StoredOrders) => Promise<string[]>;

/** What a path's orders look like unless it is said: one platform's own objects; of several, or of files of no platform, our form. */
export function usualShape({ platforms }: Pick<HttpRoom, 'platforms'>, asked: readonly PlatformId[]): OrderShape {
  return asked.length === 1 && platforms.some(({ id, records }) => id === asked[0] && records) ? 'platform' : 'canonical';
}

/**
 * How orders are written in a shape. The platform's own objects come from the kept documents as they are; of an order that only
 * a file or a report tells, its keys are filled as far as they are known.
 */
export function openOrderShape({ platforms }: Pick<HttpRoom, 'platforms'>, shape: OrderShape): WriteOrders {
  if (shape === 'canonical') return (_reader, { orders }) => Promise.resolve(orders.map(orderJson));
  const documentsOf = openKeptDocuments();
  const of = new Map(platforms.map((platform) => [platform.id, platform]));
  return async (reader, { orders, documents }) => {
    const kept = await documentsOf(reader, documents);
    return orders.map((order, i) => {
      const { records, api } = of.get(order['platform'] as PlatformId) ?? {};
      if (!records) return orderJson(order);
      const document = kept[i] ?? null;
      const isOwn = document !== null && !api?.orders.toldBy?.(JSON.parse(document) as Json);
      return isOwn ? document : JSON.stringify(records.inOwnKeys(order as unknown as KnownOrder));
    });
  };
}

const AMOUNTS = new Set(['gross_sales', 'net_sales', 'paid_amount', 'total_amount', 'shipping_fee', 'tax_amount', 'refund_amount']);

/** Amounts are numbers in JSON; stored ones have at most 18 digits, four after the point, and print as they are. */
function orderJson(order: StoredOrder): string {
  return JSON.stringify(order, (name, value: unknown) => (AMOUNTS.has(name) && typeof value === 'string' ? Number(value) : value));
}
