import type { Reader } from '../../engines/engine.ts';
import { join, sql, type Sql } from '../../engines/sql.ts';
import type { OrderFollower, RecordKind } from '../kind.ts';
import { mayBeAsked } from '../misses.ts';

/** Orders that others name and that are not there: they are fetched by id, as orders. */
export const gaps: RecordKind = {
  tables: [],
  streams: [
    {
      name: 'gaps',
      title: { en: 'missing orders', zh: '漏单', es: 'pedidos que faltan' },
      reading: 'missing orders',
      pace: 'prompt',
    },
  ],
};

/** Orders that what hangs on orders names in a shop and that are not in the store, as far as they may be asked for now. */
export async function readMissingOrders(
  reader: Reader,
  shopId: number,
  { followers, stream, limit, at }: { followers: readonly OrderFollower[]; stream: string; limit: number; at: Temporal.Instant },
): Promise<string[]> {
  const rows = await reader.query<{ order_id: string }>(sql`
    SELECT DISTINCT order_id FROM (
      ${named(followers)}) AS named WHERE shop_id = ${shopId}
    AND ${mayBeAsked(sql`order_id`, shopId, { stream, at })} ORDER BY order_id LIMIT ${limit}`);
  return rows.map(({ order_id: id }) => id);
}

/** Of these ids the ones that are still named and not in the store. */
export async function readStillMissing(
  reader: Reader,
  shopId: number,
  { followers, ids }: { followers: readonly OrderFollower[]; ids: readonly string[] },
): Promise<string[]> {
  const wanted = new Set(ids);
  const rows = await reader.query<{ order_id: string }>(sql`
    SELECT DISTINCT order_id FROM (
      ${named(followers)}) AS named WHERE shop_id = ${shopId}`);
  return rows.map(({ order_id: id }) => id).filter((id) => wanted.has(id));
}

/** What names orders that are not there: a query of `shop_id` and `order_id`. */
function named(followers: readonly OrderFollower[]): Sql {
  return join(
    followers.flatMap(({ waiting }) => waiting ?? []),
    ' UNION ALL ',
  );
}
