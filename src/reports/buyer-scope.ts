import { sql, type Sql } from '../engines/sql.ts';
import type { PlatformId } from '../model/shop.ts';
import type { ReportContext } from './report.ts';
import type { Scope } from './scope.ts';

/** Which platforms tell their buyers, of those that sold in the window. */
export interface BuyerTelling {
  readonly telling: ReadonlySet<PlatformId>;
  /** Sold, and gave no buyer: its buyer figures are null, never 0. */
  readonly silent: readonly PlatformId[];
}

/** Finds the platforms that tell their buyers, and says of the others, of single orders without one, and since when the history reaches. */
export async function tellOfBuyers(
  { reader, scope, because, warn }: Pick<ReportContext<object>, 'reader' | 'scope' | 'because' | 'warn'>,
  columns: readonly string[],
): Promise<BuyerTelling> {
  const shops = await reader.query<{ shop_id: number; orders: number; told: number }>(sql`
    SELECT shop_id, sum(orders)::bigint AS orders, coalesce(sum(orders) FILTER (WHERE buyer_told), 0)::bigint AS told
    FROM order_days WHERE ${scope.salesOrders} AND ${scope.current} GROUP BY shop_id`);
  const platformsOf = (rows: typeof shops): Set<PlatformId> => new Set(rows.map(({ shop_id }) => scope.platformOf(shop_id)));
  const telling = platformsOf(shops.filter(({ told }) => told > 0));
  // A platform that sold nothing here has not kept any buyer back.
  const silent = [...platformsOf(shops).difference(telling)].toSorted();
  if (silent.length > 0) for (const column of columns) because(column, 'no_buyer', { platform: silent });
  if (telling.size > 0 && silent.length > 0) warn('buyers_partly', { platform: silent });
  const untold = shops
    .filter(({ shop_id }) => telling.has(scope.platformOf(shop_id)))
    .reduce((sum, { orders, told }) => sum + orders - told, 0);
  if (untold > 0) warn('orders_without_buyer', { orders: untold });
  // Who is new or comes back is known as far back as every shop that tells of buyers is known whole.
  const reaches = shops.filter(({ told }) => told > 0).flatMap(({ shop_id }) => scope.coverage.get(shop_id)?.days?.from ?? []);
  const since = reaches.toSorted().at(-1);
  if (since !== undefined) warn('history_since', { day: since });
  return { telling, silent };
}

/** Orders of the buyers of a period: of a few days' buyers the rest need not be looked at. */
export function buyersOf(scope: Scope, period: Sql): Sql {
  return scope.isWhole
    ? sql`buyer_id IS NOT NULL`
    : sql`buyer_id IN (SELECT buyer_id FROM orders WHERE ${scope.salesOrders} AND ${period} AND buyer_id IS NOT NULL)`;
}
