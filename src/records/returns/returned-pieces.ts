import type { OrderLine } from '../../model/order.ts';
import type { Row, Transaction } from '../../engines/engine.ts';
import { raw, sql, type Sql } from '../../engines/sql.ts';
import { insertAll } from '../insertion.ts';

/**
 * What came back, and what is a claim still or an exchange: the words of reports.md as SQL, in one place, and the table `returned_pieces`
 * made of them. A return is goods or money back after the goods were handed over, in a final state.
 */

/**
 * Lines cancelled after their goods were handed over, by `oid` and `line_no` of the lines: nobody took the parcel, or it came back or was
 * lost. They are no sale.
 */
export const UNDELIVERED = sql`(NOT sale AND status = 'cancelled' AND (oid, line_no) IN (SELECT oid, line_no FROM returned_pieces
  WHERE role = 'undelivered'))`;

/** Lines that can come back: sales, and those cancelled after they were handed over. */
export const HANDED_OVER = sql`(sale OR ${UNDELIVERED})`;

/** Claims that ended in the buyer's favour with goods or money back; an exchange is none, whatever amount it names. */
const IS_RETURN = sql`(state = 'completed' AND kind IN ('return', 'refund'))`;
const IS_EXCHANGE = sql`(state = 'completed' AND kind = 'exchange')`;
const IS_CANCELLATION = sql`(state = 'completed' AND kind = 'cancellation')`;
const IS_OPEN = sql`(state = 'open' AND kind <> 'cancellation')`;
const LEFT = sql`('returned', 'refused', 'lost')`;

/** Whether an order tells by itself that something of it came back or was paid back: then its returned pieces have to be made. */
export function tellsOfReturn({ outcome, returnedQuantity, refundAmount, status }: OrderLine): boolean {
  return outcome !== 'none' || (returnedQuantity ?? 0) > 0 || (refundAmount !== null && refundAmount > 0n && status !== 'cancelled');
}

/** The same of stored lines. */
const TELLS_OF_RETURN = sql`(outcome <> 'none' OR coalesce(returned_quantity, 0) > 0 OR (coalesce(refund_amount, 0) > 0
  AND status <> 'cancelled'))`;

/** Lines of claims that name no order: they have their SKU by name alone. Those whose order is still to come have none yet. */
export const WITHOUT_ORDER = sql`(oid IS NULL AND sku_id IS NOT NULL)`;

/** The order a line of a claim is about; that of a claim without one is a number of its own, below 0. */
const ORDER_OF_CLAIM = sql`coalesce(oid, -rid)`;

/** Every order that may have returned pieces. */
export const EVERY_ORDER = sql`SELECT ${ORDER_OF_CLAIM} AS oid FROM return_lines UNION SELECT oid FROM lines WHERE ${TELLS_OF_RETURN}`;

/** The orders that the claims of a query of `rid` are about. */
export function ordersOfClaims(rids: Sql): Sql {
  return sql`SELECT ${ORDER_OF_CLAIM} AS oid FROM return_lines WHERE rid IN (${rids})`;
}

/**
 * How many pieces money without goods stands for: those whose whole price it is, to the cent; part of a price is no piece. Where price or
 * money is not told, all of them. In whole numbers, which every database reckons alike.
 */
function paidBackPieces({ money, paid, of, most }: { readonly money: Sql; readonly paid: Sql; readonly of: Sql; readonly most: Sql }): Sql {
  const [coins, price] = [sql`((${money} + 0.01) * 10000)::bigint * ${of}`, sql`(${paid} * 10000)::bigint`];
  return sql`CASE WHEN ${money} IS NULL OR coalesce(${paid}, 0) <= 0 THEN ${most}
    ELSE least(${most}, greatest(0, ((${coins} - (${coins}) % ${price}) / ${price})::bigint)) END`;
}

/**
 * The rows of `returned_pieces` of the orders of a query of `oid`, one for each claim and SKU of an order, and for each SKU of an order
 * that a word or a number of its own source alone says came back: `role` (return, open, exchange), `units` (never more than the order has,
 * however many claims there are, and 0 where a part of the money came back without goods), `refund_amount` in `currency`, `reason`,
 * `goods_back`. `event_day` is the day a return was completed or a claim made; without a claim (`rid` null), the day the order last
 * changed. A refund that names no order has an `oid` of its own below 0 and as `shop_day` the day it was paid back. Beside them, as
 * `undelivered`, each line (`line_no`) that was cancelled after it was handed over: by its order's instants, unless the cancellation says
 * otherwise.
 */
export function returnedPieces(oids: Sql): Sql {
  return sql`
    WITH claims AS (
      SELECT oid, rid, line_no, line_id, shop_id, sku_id, event_day, kind, state, quantity, refund_amount, coalesce(goods_amount,
      refund_amount) AS goods_money,
        currency, reason, goods_back OR coalesce(counted, false) AS counted, goods_back, fate, ${ORDER_OF_CLAIM} AS of_order,
        CASE WHEN ${IS_RETURN} THEN 'return' WHEN ${IS_EXCHANGE} THEN 'exchange' WHEN ${IS_OPEN} THEN 'open' END AS role
      FROM return_lines WHERE ${ORDER_OF_CLAIM} IN (${oids})),
    fates AS (SELECT oid, line_id, min(fate) AS fate FROM claims WHERE ${IS_CANCELLATION} AND fate IS NOT NULL AND line_id IS NOT NULL
    GROUP BY 1, 2),
    goods AS (
      SELECT l.oid, l.line_no, l.line_id, l.sku_id, l.shop_id, l.shop_day, l.paid_day, l.model, l.listing_id, l.currency, l.quantity,
      l.sale,
        coalesce(l.paid_amount, l.net_sales) AS paid, l.refund_amount, coalesce(l.returned_quantity, 0) AS told,
        CASE WHEN l.sale THEN l.outcome ELSE coalesce(f.fate, l.outcome) END AS outcome
      FROM lines l LEFT JOIN fates f ON f.oid = l.oid AND f.line_id = l.line_id
      WHERE l.oid IN (${oids}) AND (l.sale OR (l.status = 'cancelled' AND l.kind = 'goods' AND l.quantity > 0))),
    handed_over AS (SELECT * FROM goods WHERE sale OR outcome IN ${LEFT}),
    pieces AS (
      SELECT oid, sku_id, shop_id, shop_day, paid_day, model, sum(quantity)::bigint AS pieces, sum(paid) AS paid,
      min(listing_id) AS listing_id
      FROM handed_over GROUP BY 1, 2, 3, 4, 5, 6),
    counted AS (
      SELECT p.*, c.role, c.rid, c.line_no, c.event_day, c.refund_amount, c.currency, c.reason, c.goods_back,
        CASE WHEN c.role <> 'return' OR c.counted THEN c.quantity
          ELSE ${paidBackPieces({ money: sql`c.goods_money`, paid: sql`coalesce(h.paid, p.paid)`, of: sql`CASE WHEN h.paid IS NULL THEN p.pieces ELSE h.quantity END`, most: sql`c.quantity` })} END AS quantity
      FROM claims c JOIN pieces p ON p.oid = c.oid AND p.sku_id = c.sku_id
      LEFT JOIN handed_over h ON h.oid = c.oid AND h.line_id = c.line_id WHERE c.role IS NOT NULL),
    running AS (
      SELECT *, sum(quantity) OVER (PARTITION BY oid, sku_id, role ORDER BY event_day, rid, line_no ROWS UNBOUNDED PRECEDING) AS so_far
      FROM counted),
    words AS (
      SELECT oid, sku_id, shop_id, shop_day, paid_day, model, sale, came_back, sum(back)::bigint AS pieces, min(listing_id) AS listing_id,
      min(currency) AS currency,
        min(word) AS reason, sum(refund_amount) AS refund_amount
      FROM (
        SELECT *, NOT sale AND outcome <> 'lost' OR sale AND (told > 0 OR outcome IN ('returned', 'refused')) AS came_back,
          CASE WHEN NOT sale OR outcome IN ${LEFT} AND told = 0 THEN quantity WHEN told > 0 THEN least(told, quantity)
            ELSE ${paidBackPieces({ money: sql`refund_amount`, paid: sql`paid`, of: sql`quantity`, most: sql`quantity` })} END AS back,
          CASE WHEN outcome <> 'none' THEN outcome WHEN told > 0 THEN 'returned' ELSE 'refunded' END AS word
        FROM handed_over WHERE NOT sale OR outcome <> 'none' OR told > 0 OR coalesce(refund_amount, 0) > 0) AS each_line
      GROUP BY 1, 2, 3, 4, 5, 6, 7, 8),
    documents AS (
      SELECT oid, sku_id, coalesce(sum(quantity) FILTER (WHERE role = 'return'), 0) AS pieces,
      count(*) FILTER (WHERE role = 'return') AS claims FROM counted GROUP BY 1, 2),
    cancellations AS (
      SELECT oid, sku_id, sum(refund_amount) AS refund_amount, min(reason) AS reason
      FROM claims WHERE ${IS_CANCELLATION} AND coalesce(fate, '') <> 'never_left' GROUP BY 1, 2),
    untold AS (
      SELECT w.*, coalesce(d.claims, 0) AS claims, coalesce(d.pieces, 0) AS documented,
        sum(w.pieces) OVER own AS so_far, row_number() OVER own AS place
      FROM words w LEFT JOIN documents d ON d.oid = w.oid AND d.sku_id = w.sku_id
      WINDOW own AS (PARTITION BY w.oid, w.sku_id ORDER BY w.sale, w.came_back DESC ROWS UNBOUNDED PRECEDING))
    SELECT oid, rid, NULL::integer AS line_no, role, shop_id, shop_day, paid_day, event_day, model, sku_id, listing_id,
      (least(so_far, pieces) - least(so_far - quantity, pieces))::integer AS units, refund_amount, currency, reason, goods_back
    FROM running
    UNION ALL
    SELECT of_order, rid, NULL, role, shop_id, event_day, NULL, event_day, 'retail', sku_id, NULL, quantity, refund_amount, currency,
    reason, goods_back
    FROM claims WHERE ${WITHOUT_ORDER} AND role = 'return'
    UNION ALL
    SELECT w.oid, NULL, NULL, 'return', w.shop_id, w.shop_day, w.paid_day, (o.updated_at AT TIME ZONE h.zone)::date, w.model, w.sku_id,
    w.listing_id,
      (greatest(w.so_far - w.documented, 0) - greatest(w.so_far - w.pieces - w.documented, 0))::integer,
      CASE WHEN NOT w.sale AND c.refund_amount IS NOT NULL THEN CASE WHEN w.place = 1 THEN c.refund_amount END
      WHEN w.claims = 0 THEN w.refund_amount END,
      w.currency, CASE WHEN w.sale THEN w.reason ELSE coalesce(c.reason, w.reason) END, w.came_back
    FROM untold w
    JOIN (SELECT oid, updated_at FROM orders WHERE oid IN (${oids})) o ON o.oid = w.oid
    JOIN shops h ON h.shop_id = w.shop_id
    LEFT JOIN cancellations c ON c.oid = w.oid AND c.sku_id = w.sku_id
    WHERE greatest(w.so_far - w.documented, 0) > greatest(w.so_far - w.pieces - w.documented, 0) OR (w.pieces = 0 AND w.claims = 0)
    UNION ALL
    SELECT oid, NULL, line_no, 'undelivered', shop_id, shop_day, paid_day, NULL, model, sku_id, listing_id, quantity, NULL, currency,
    outcome, outcome <> 'lost'
    FROM handed_over WHERE NOT sale`;
}

/**
 * Makes the returned pieces of the orders of a query of `oid` anew from what is stored of them now: called wherever their lines or claims
 * change.
 */
export async function renewReturnedPieces(tx: Transaction, oids: Sql): Promise<void> {
  await tx.run(raw('DROP TABLE IF EXISTS renewed_orders'));
  await tx.run(sql`CREATE TEMP TABLE renewed_orders AS SELECT DISTINCT oid FROM (${oids}) AS changed`);
  const [renewed] = await tx.query<{ orders: number } & Row>(raw('SELECT count(*) AS orders FROM renewed_orders'));
  if (renewed!.orders === 0) return;
  await tx.run(raw('DELETE FROM returned_pieces WHERE oid IN (SELECT oid FROM renewed_orders)'));
  await tx.run(insertAll('returned_pieces', sql`(${returnedPieces(raw('SELECT oid FROM renewed_orders'))}) AS made`));
}

/** Makes all of them anew. */
export async function fillReturnedPieces(tx: Transaction): Promise<void> {
  await tx.run(raw('DELETE FROM returned_pieces'));
  await renewReturnedPieces(tx, EVERY_ORDER);
}

/** The same for the orders just staged and written, as far as something came back of them before or does now. */
export async function renewReturnedPiecesOfStaged(tx: Transaction): Promise<void> {
  await renewReturnedPieces(
    tx,
    sql`
    SELECT oid FROM (SELECT l.oid, l.returned_quantity, l.refund_amount, t.outcome, t.status FROM staged_lines l JOIN staged_states t
    ON t.state_n = l.state_n) AS told
    WHERE oid IS NOT NULL AND ${TELLS_OF_RETURN}
    UNION
    SELECT old_oid FROM staged_orders WHERE old_oid IN (SELECT oid FROM return_lines) OR old_oid IN (SELECT oid FROM returned_pieces)`,
  );
}
