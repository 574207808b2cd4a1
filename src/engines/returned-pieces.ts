import type { Row, Transaction } from './engine.ts';
import { raw, sql, type Sql } from './sql.ts';

/**
 * What came back, and what is a claim still or an exchange: the words of reports.md as SQL, in one place, and the table `returned_pieces` made of them.
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

/** The order a line of a claim is about; that of a claim without one is a number of its own, below 0. */
const ORDER_OF_CLAIM = sql`coalesce(oid, -rid)`;

/** Every order that may have returned pieces. */
export const EVERY_ORDER = sql`SELECT ${ORDER_OF_CLAIM} AS oid FROM return_lines UNION SELECT oid FROM lines WHERE outcome <> 'none'`;

/** The orders that the claims of a query of `rid` are about. */
export function ordersOfClaims(rids: Sql): Sql {
  return sql`SELECT ${ORDER_OF_CLAIM} AS oid FROM return_lines WHERE rid IN (${rids})`;
}

/**
 * The rows of `returned_pieces` of the orders of a query of `oid`, one for each claim and SKU of an order, and for each SKU of an order that a word
 * alone says came back: `role` (return, open, exchange), `units` (never more than the order has, however many claims there are), `refund_amount` in
 * `currency`, `reason`, `goods_back`, and `sale` (false: cancelled after it was handed over). `event_day` is the day a return was completed or a claim
 * made; of a word alone (`rid` null), the day the order last changed. A refund that names no order has an `oid` of its own below 0 and as `shop_day`
 * the day it was paid back.
 */
export function returnedPieces(oids: Sql): Sql {
  return sql`
    WITH claims AS (
      SELECT oid, rid, line_no, shop_id, sku_id, event_day, kind, state, quantity, refund_amount, currency, reason, goods_back, ${ORDER_OF_CLAIM} AS of_order,
        CASE WHEN ${IS_RETURN} THEN 'return' WHEN ${IS_EXCHANGE} THEN 'exchange' WHEN ${IS_OPEN} THEN 'open' END AS role
      FROM return_lines WHERE ${ORDER_OF_CLAIM} IN (${oids})),
    handed_over AS (
      SELECT oid, sku_id, shop_id, shop_day, paid_day, model, listing_id, currency, quantity, sale, outcome
      FROM lines WHERE ${HANDED_OVER} AND oid IN (${oids})),
    pieces AS (
      SELECT oid, sku_id, shop_id, shop_day, paid_day, model, sum(quantity) AS pieces, bool_or(sale) AS sale, min(listing_id) AS listing_id
      FROM handed_over GROUP BY 1, 2, 3, 4, 5, 6),
    running AS (
      SELECT p.*, c.role, c.rid, c.event_day, c.quantity, c.refund_amount, c.currency, c.reason, c.goods_back,
        sum(c.quantity) OVER (PARTITION BY c.oid, c.sku_id, c.role ORDER BY c.event_day, c.rid, c.line_no ROWS UNBOUNDED PRECEDING) AS so_far
      FROM claims c JOIN pieces p ON p.oid = c.oid AND p.sku_id = c.sku_id WHERE c.role IS NOT NULL),
    words AS (
      SELECT oid, sku_id, shop_id, shop_day, paid_day, model, sum(quantity) AS pieces, bool_or(sale) AS sale, min(listing_id) AS listing_id,
        min(currency) AS currency, min(outcome) AS reason, bool_or(outcome IN ('returned', 'refused')) AS goods_back
      FROM handed_over WHERE outcome <> 'none' GROUP BY 1, 2, 3, 4, 5, 6),
    documents AS (
      SELECT oid, sku_id, coalesce(sum(quantity) FILTER (WHERE role = 'return'), 0) AS pieces,
        sum(refund_amount) FILTER (WHERE ${IS_CANCELLATION}) AS refund_amount, min(reason) FILTER (WHERE ${IS_CANCELLATION}) AS reason
      FROM claims GROUP BY 1, 2)
    SELECT oid, rid, role, shop_id, shop_day, paid_day, event_day, model, sku_id, listing_id, sale,
      (least(so_far, pieces) - least(so_far - quantity, pieces))::integer AS units, refund_amount, currency, reason, goods_back
    FROM running
    UNION ALL
    SELECT of_order, rid, role, shop_id, event_day, NULL, event_day, 'retail', sku_id, NULL, true, quantity, refund_amount, currency, reason, goods_back
    FROM claims WHERE ${WITHOUT_ORDER} AND role = 'return'
    UNION ALL
    SELECT w.oid, NULL, 'return', w.shop_id, w.shop_day, w.paid_day, (o.updated_at AT TIME ZONE h.zone)::date, w.model, w.sku_id, w.listing_id, w.sale,
      (w.pieces - coalesce(d.pieces, 0))::integer, d.refund_amount, w.currency, coalesce(d.reason, w.reason), w.goods_back
    FROM words w
    JOIN (SELECT oid, updated_at FROM orders WHERE oid IN (${oids})) o ON o.oid = w.oid
    JOIN shops h ON h.shop_id = w.shop_id
    LEFT JOIN documents d ON d.oid = w.oid AND d.sku_id = w.sku_id
    WHERE w.pieces > coalesce(d.pieces, 0)`;
}

/** Makes the returned pieces of the orders of a query of `oid` anew from what is stored of them now: called wherever their lines or claims change. */
export async function renewReturnedPieces(tx: Transaction, oids: Sql): Promise<void> {
  await tx.run(raw('DROP TABLE IF EXISTS renewed_orders'));
  await tx.run(sql`CREATE TEMP TABLE renewed_orders AS SELECT DISTINCT oid FROM (${oids}) AS changed`);
  const [renewed] = await tx.query<{ orders: number } & Row>(raw('SELECT count(*) AS orders FROM renewed_orders'));
  if (renewed!.orders === 0) return;
  await tx.run(raw('DELETE FROM returned_pieces WHERE oid IN (SELECT oid FROM renewed_orders)'));
  await tx.run(sql`INSERT INTO returned_pieces ${returnedPieces(raw('SELECT oid FROM renewed_orders'))}`);
}

/** The same for the orders just staged and written, as far as something came back of them before or does now. */
export async function renewReturnedPiecesOfStaged(tx: Transaction): Promise<void> {
  await renewReturnedPieces(tx, sql`
    SELECT l.oid FROM staged_lines l JOIN staged_states t ON t.state_n = l.state_n WHERE l.oid IS NOT NULL AND t.outcome <> 'none'
    UNION
    SELECT old_oid FROM staged_orders WHERE old_oid IN (SELECT oid FROM return_lines) OR old_oid IN (SELECT oid FROM returned_pieces)`);
}
