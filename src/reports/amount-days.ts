import { sql, type Sql } from '../engines/sql.ts';
import { cameBack, type ReturnBasis } from './return-scope.ts';
import type { Scope } from './scope.ts';

/**
 * Days of amounts as queries of `currency` and `day`: whatever an answer shows the money of has to be among them, for rates are looked up
 * by them.
 */

/** The days of the orders with a sale of a period. */
export function saleDays(scope: Scope, period: Sql): Sql {
  return sql`SELECT currency, shop_day AS day FROM order_days WHERE ${scope.salesOrders} AND ${period}`;
}

/** The days of all orders of a period, whatever became of them. */
export function orderDays(scope: Scope, period: Sql): Sql {
  return sql`SELECT currency, shop_day AS day FROM order_days WHERE ${scope.ofModel} AND ${period}`;
}

/** The days of the orders whose returns are in the window: a refund is at the rate of its order's day. */
export function returnDays(scope: Scope, basis: ReturnBasis): Sql {
  return sql`SELECT currency, shop_day AS day FROM returned_pieces WHERE role = 'return' AND refund_amount IS NOT NULL
    AND ${cameBack(scope, basis)}`;
}
