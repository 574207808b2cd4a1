import { raw, sql, type Sql } from '../engines/sql.ts';
import type { Scope } from './scope.ts';

/** How repeat buyers are told. */
export interface Repetition {
  readonly variant: 'window' | 'returning' | 'cohort';
  /** Whether two orders of one day are one. */
  readonly distinct: 'days' | 'orders';
  /** How many days after the first order a cohort's second one may come. */
  readonly within: number;
}

/**
 * Buyers of the window as a query, a row for each, or for each SKU and buyer: `buyer_id`, `sku_id` where asked for, a `shop_id` and the
 * `place_id` of their last order, and whether they came `again`. With `cohort` also the day of the `first` order and the `gap` to the
 * second one in days or null; those whose days are not over are not `complete`.
 * @param bySku counts the orders of each SKU by its lines
 * @param among narrows the rows that are looked at
 */
export function repeatBuyers(scope: Scope, how: Repetition, { bySku, among = sql`true` }: { bySku: boolean; among?: Sql }): Sql {
  // A SKU's first line in an order stands for the order.
  const bought = bySku ? sql`lines WHERE first_of_sku AND ${scope.sales}` : sql`orders WHERE ${scope.salesOrders}`;
  const rows = sql`${bought} AND buyer_id IS NOT NULL AND ${among}`;
  const key = raw(bySku ? 'sku_id, buyer_id' : 'buyer_id');
  if (how.variant === 'cohort') return cohort(scope, how, { rows, key, bySku });
  const here = how.variant === 'window' ? sql`` : sql` FILTER (WHERE ${scope.current})`;
  const twice = how.distinct === 'days' ? sql`max(${scope.day})${here} > min(${scope.day})${here}` : sql`count(*)${here} > 1`;
  const [days, again] =
    how.variant === 'window'
      ? [scope.current, twice]
      : [sql`(${scope.current} OR ${scope.before})`, sql`(count(*) FILTER (WHERE ${scope.before}) > 0 OR ${twice})`];
  return sql`
    SELECT ${key}, min(shop_id) AS shop_id, ${lastPlace(scope, here)} AS place_id, ${again} AS again, true AS complete
    FROM ${rows} AND ${days} GROUP BY ${key} HAVING count(*)${here} > 0`;
}

/** Second orders are looked for up to today, however long ago the window of the first ones is. */
function cohort(scope: Scope, { distinct, within }: Repetition, { rows, key, bySku }: { rows: Sql; key: Sql; bySku: boolean }): Sql {
  const same = bySku ? sql`s.sku_id = f.sku_id AND s.buyer_id = f.buyer_id` : sql`s.buyer_id = f.buyer_id`;
  const later = sql`min(CASE WHEN s.day > f.first THEN s.day END)`;
  const second =
    distinct === 'days' ? later : sql`CASE WHEN count(*) FILTER (WHERE s.day = f.first) > 1 THEN min(f.first) ELSE ${later} END`;
  return sql`
    SELECT *, coalesce(gap <= ${within}::integer, false) AS again, first + ${within}::integer < ${scope.today}::date AS complete
    FROM (
      WITH firsts AS (
        SELECT ${key}, min(shop_id) AS shop_id, ${lastPlace(scope)} AS place_id, min(${scope.day}) AS first, count(*) AS orders
        FROM ${rows} AND ${scope.history} GROUP BY ${key}
        HAVING count(*) FILTER (WHERE ${scope.current}) > 0 AND count(*) FILTER (WHERE ${scope.before}) = 0),
      seconds AS (
        SELECT ${raw(bySku ? 's.sku_id, s.buyer_id' : 's.buyer_id')}, ${second} AS second
        FROM (SELECT ${key}, ${scope.day} AS day FROM ${rows} AND ${scope.history}) s JOIN firsts f ON ${same}
        WHERE f.orders > 1 GROUP BY ${raw(bySku ? 's.sku_id, s.buyer_id' : 's.buyer_id')})
      SELECT f.*, (s.second - f.first)::integer AS gap FROM firsts f LEFT JOIN seconds s ON ${same}) AS dated`;
}

/** The place of a buyer's latest day, in one pass: day and place packed into one number; of several on that day the highest. */
export function lastPlace(scope: Scope, filter: Sql = sql``): Sql {
  return lastOf(scope, sql`place_id`, filter);
}

/** The shop of the latest day. */
export function lastShop(scope: Scope): Sql {
  return lastOf(scope, sql`shop_id`, sql``);
}

function lastOf(scope: Scope, thing: Sql, filter: Sql): Sql {
  return sql`(max((${scope.day} - DATE '1970-01-01')::bigint * 4294967296 + ${thing})${filter} % 4294967296)`;
}
