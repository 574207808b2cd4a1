import { z } from 'zod';
import { sql, type Sql } from '../engines/sql.ts';
import { column, type ReportContext } from './report.ts';
import type { Scope } from './scope.ts';

const METHODS = ['total_amount-original_shipping_fee', 'pay-shipping-5%-cost'] as const;
const [FROM_TOTAL, FROM_PAYMENT] = METHODS;

/** The columns of the older system's formulas, under the keys it gave them. */
export const olderProfitColumns = {
  profit_methods: column(
    z.strictObject({ [FROM_TOTAL]: z.number().nullable(), [FROM_PAYMENT]: z.number().nullable() }),
    'list',
    'Profit by each formula of the older system.',
  ),
  profit_explain: column(z.record(z.enum(METHODS), z.string()), 'list', 'How each of them is reckoned, and what it assumes.'),
};

/** The values of these columns; the second formula needs the cost of the goods, which nothing tells yet. */
export function olderProfitOf({ scope, say }: Pick<ReportContext<object>, 'scope' | 'say'>, profit: string | null) {
  return {
    profit_methods: { [FROM_TOTAL]: scope.money(profit), [FROM_PAYMENT]: null },
    profit_explain: { [FROM_TOTAL]: say('profit_from_total'), [FROM_PAYMENT]: say('profit_from_payment') },
  };
}

/**
 * Orders of the window with `whole`: what the platform says they came to less what shipping is listed at; null where one of the two is not
 * told. Of an order cancelled in part it is the part of what was kept, by worth, else by pieces. Where the platform has taken the cancelled
 * part off already, which shows by the total being nearer to the worth of what was kept, the whole is that part.
 */
export function ordersWithProfit(scope: Scope): Sql {
  const whole = sql`coalesce(o.total_amount, d.payment) - coalesce(o.shipping_fee, d.shipping_list_price)`;
  return sql`
    SELECT oid, shop_day, currency, units, line_count, net_sales,
      (CASE WHEN lost_units IS NULL THEN whole
        WHEN coalesce(net_sales, 0) <= 0 OR coalesce(lost_worth, 0) <= 0 THEN whole * units / (units + lost_units)
        WHEN 2 * whole > 2 * net_sales + lost_worth THEN whole * net_sales / (net_sales + lost_worth)
        ELSE whole END)::decimal(18,4) AS whole
    FROM (
      SELECT o.oid, o.shop_day, o.currency, o.units, o.line_count, o.net_sales, c.units AS lost_units, c.worth AS lost_worth,
      ${whole} AS whole
      FROM (SELECT * FROM orders WHERE ${scope.salesOrders} AND ${scope.current}) o
      LEFT JOIN (SELECT oid, payment, shipping_list_price FROM price_details WHERE oid IS NOT NULL) d ON d.oid = o.oid
      LEFT JOIN (SELECT oid, sum(quantity)::bigint AS units, sum(net_sales) AS worth FROM lines
        WHERE NOT sale AND status = 'cancelled' AND kind = 'goods' AND quantity > 0 AND ${scope.current} GROUP BY oid) c
        ON c.oid = o.oid) AS told`;
}

/**
 * Sold lines of the window with their part of it as `profit`, by net sales, or by pieces where the order has none, as a query:
 * `oid`, `sku_id`, `listing_id`, `first_of_sku`, `shop_day`, `currency`, `profit`. What rounding leaves of an order is a row of its own
 * beside its first line, never `first_of_sku`, so that the parts of an order add up to the order's to the last digit.
 */
export function linesWithProfit(scope: Scope): Sql {
  return sql`
    WITH parts AS (
      SELECT l.oid, l.line_no, l.sku_id, l.listing_id, l.first_of_sku, l.shop_day, l.currency, o.whole, o.line_count,
        CASE WHEN o.line_count = 1 THEN o.whole
          WHEN coalesce(o.net_sales, 0) = 0 THEN (o.whole * l.quantity / o.units)::decimal(18,4)
          ELSE (o.whole * coalesce(l.net_sales, 0) / o.net_sales)::decimal(18,4) END AS part
      FROM (SELECT * FROM lines WHERE ${scope.sales} AND ${scope.current}) l JOIN (${ordersWithProfit(scope)}) o ON o.oid = l.oid),
    rests AS (
      SELECT oid, min(line_no) AS line_no, (min(whole) - sum(part))::decimal(18,4) AS rest
      FROM parts WHERE line_count > 1 GROUP BY oid HAVING min(whole) <> sum(part))
    SELECT oid, sku_id, listing_id, first_of_sku, shop_day, currency, part AS profit FROM parts
    UNION ALL
    SELECT p.oid, p.sku_id, p.listing_id, false, p.shop_day, p.currency, r.rest
    FROM parts p JOIN rests r ON r.oid = p.oid AND r.line_no = p.line_no`;
}
