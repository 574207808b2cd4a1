import { sql, type Sql } from '../engines/sql.ts';
import type { Scope } from './scope.ts';

/**
 * What came back, and what is a claim still or an exchange: the words of reports.md as SQL, in one place.
 * A return is goods or money back after the goods were handed over, in a final state.
 */

/** Lines whose goods were cancelled after they were handed over: nobody took the parcel, or it came back or was lost. They are no sale. */
export const UNDELIVERED = sql`(NOT sale AND status = 'cancelled' AND outcome IN ('returned', 'refused', 'lost') AND kind = 'goods' AND quantity > 0)`;

/** Lines that can come back: sales, and those cancelled after they were handed over. */
export const HANDED_OVER = sql`(sale OR ${UNDELIVERED})`;

/** Claims that ended in the buyer's favour with goods or money back; an exchange only where money was paid back as well. */
const IS_RETURN = sql`(state = 'completed' AND (kind IN ('return', 'refund') OR (kind = 'exchange' AND coalesce(refund_amount, 0) <> 0)))`;
const IS_EXCHANGE = sql`(state = 'completed' AND kind = 'exchange' AND coalesce(refund_amount, 0) = 0)`;
const IS_CANCELLATION = sql`(state = 'completed' AND kind = 'cancellation')`;
const IS_OPEN = sql`(state = 'open' AND kind <> 'cancellation')`;

/** Lines of claims that name no order: they have their SKU by name alone. Those whose order is still to come have none yet. */
export const WITHOUT_ORDER = sql`(oid IS NULL AND sku_id IS NOT NULL)`;

/**
 * What puts a return into the window: that its goods were sold in it, by the day the scope goes by, or (`event`) that it was completed in it;
 * an open claim: made in it; a return without a document: its order last changed in it.
 */
type ReturnBasis = 'order' | 'created' | 'paid' | 'event';

/**
 * The returns, open claims and exchanges of the window as a query, a row for each claim and SKU of an order, or for each SKU of an order
 * that a word alone says came back: `role` (return, open, exchange), `oid`, `sku_id`, `shop_id`, `shop_day`, `event_day`,
 * `listing_id`, `units` (never more than the order has, however many claims there are), `refund_amount`, `currency`, `reason`, `goods_back`, and `sale`
 * (false: cancelled after it was handed over). A refund that names no order is in no window but that of its own day (`event`): its `oid` is
 * a number of its own below 0, its `shop_day` the day it was paid back.
 */
export function returnedLines(scope: Scope, basis: ReturnBasis): Sql {
  const sold = basis === 'event' ? scope.ofShops : scope.current;
  return sql`
    SELECT role, oid, sku_id, shop_id, shop_day, event_day, units, refund_amount, currency, reason, goods_back, sale, listing_id
    FROM (${claimedPieces(scope, basis, sold)}) AS claimed${basis === 'event' ? sql`
    UNION ALL
    SELECT 'return' AS role, -rid AS oid, sku_id, shop_id, event_day AS shop_day, event_day, quantity::bigint AS units, refund_amount, currency, reason, goods_back,
      true AS sale, NULL::integer AS listing_id
    FROM (SELECT *, 'retail' AS model FROM return_lines) AS alone
    WHERE ${WITHOUT_ORDER} AND ${IS_RETURN} AND ${scope.ofModel} AND ${scope.currentBy(sql`event_day`)}` : sql``}
    UNION ALL
    SELECT 'return' AS role, oid, sku_id, shop_id, shop_day, event_day, units, refund_amount, currency, reason, goods_back, sale, listing_id
    FROM (${piecesSaidToBeBack(scope, basis, sold)}) AS said`;
}

/** By documents. A piece that several claims are about counts with the first of its role. */
function claimedPieces(scope: Scope, basis: ReturnBasis, sold: Sql): Sql {
  const event = scope.currentBy(sql`event_day`);
  // A claim knows the day its order was placed, not the day it was paid.
  const asked = basis === 'event' ? sql`oid IN (SELECT oid FROM return_lines WHERE ${event})` : scope.day.text === 'shop_day' ? sold : sql`true`;
  return sql`
    WITH claims AS (
      SELECT CASE WHEN ${IS_OPEN} THEN 'open' WHEN ${IS_EXCHANGE} THEN 'exchange' ELSE 'return' END AS role,
        rid, line_no, oid, sku_id, shop_id, shop_day, event_day, quantity, refund_amount, currency, reason, goods_back
      FROM return_lines
      WHERE ${scope.ofShops} AND oid IS NOT NULL AND (${IS_RETURN} OR ${IS_EXCHANGE} OR ${IS_OPEN}) AND ${asked}),
    pieces AS (
      SELECT oid, sku_id, sum(quantity) AS pieces, bool_or(sale) AS sale, min(listing_id) AS listing_id
      FROM lines WHERE ${HANDED_OVER} AND ${scope.ofModel} AND ${sold} AND oid IN (SELECT oid FROM claims)
      GROUP BY oid, sku_id),
    running AS (
      SELECT c.*, p.pieces, p.sale, p.listing_id,
        sum(c.quantity) OVER (PARTITION BY c.oid, c.sku_id, c.role ORDER BY c.event_day, c.rid, c.line_no ROWS UNBOUNDED PRECEDING) AS so_far
      FROM claims c JOIN pieces p ON p.oid = c.oid AND p.sku_id = c.sku_id)
    SELECT role, oid, sku_id, shop_id, shop_day, event_day, (least(so_far, pieces) - least(so_far - quantity, pieces))::bigint AS units,
      refund_amount, currency, reason, goods_back, sale, listing_id
    FROM running WHERE ${basis === 'event' ? event : sql`true`}`;
}

/** By the word of the line alone, as far as no document tells of it; what was refunded and why, only the cancellation of a parcel nobody took says. */
function piecesSaidToBeBack(scope: Scope, basis: ReturnBasis, sold: Sql): Sql {
  const said = sql`
    SELECT oid, sku_id, min(shop_id) AS shop_id, min(shop_day) AS shop_day, min(currency) AS currency, bool_or(sale) AS sale, min(listing_id) AS listing_id,
      sum(quantity) AS pieces, min(outcome) AS reason, bool_or(outcome IN ('returned', 'refused')) AS goods_back
    FROM lines WHERE outcome <> 'none' AND ${HANDED_OVER} AND ${scope.ofModel} AND ${sold}
    GROUP BY oid, sku_id`;
  const dated = basis !== 'event' ? sql`SELECT said.*, NULL::date AS event_day FROM (${said}) AS said` : sql`
    SELECT * FROM (
      SELECT said.*, (o.updated_at AT TIME ZONE h.zone)::date AS event_day
      FROM (${said}) AS said
      JOIN orders o ON o.oid = said.oid
      JOIN shops h ON h.shop_id = said.shop_id) AS changed
    WHERE ${scope.currentBy(sql`event_day`)}`;
  return sql`
    WITH words AS (${dated}),
    documents AS (
      SELECT oid, sku_id, sum(quantity) FILTER (WHERE ${IS_RETURN}) AS pieces,
        sum(refund_amount) FILTER (WHERE ${IS_CANCELLATION}) AS cancelled_amount, min(reason) FILTER (WHERE ${IS_CANCELLATION}) AS cancelled_for
      FROM return_lines WHERE ${scope.ofShops} AND oid IN (SELECT oid FROM words)
      GROUP BY oid, sku_id)
    SELECT w.oid, w.sku_id, w.shop_id, w.shop_day, w.event_day, (w.pieces - coalesce(d.pieces, 0))::bigint AS units,
      d.cancelled_amount AS refund_amount, w.currency, coalesce(d.cancelled_for, w.reason) AS reason, w.goods_back, w.sale, w.listing_id
    FROM words w LEFT JOIN documents d ON d.oid = w.oid AND d.sku_id = w.sku_id
    WHERE w.pieces > coalesce(d.pieces, 0)`;
}
