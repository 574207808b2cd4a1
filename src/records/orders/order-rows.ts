import { raw, sql, type Sql } from '../../engines/sql.ts';

/** The rows of `orders` for what is staged and taken; `block` says where the documents are. */
export function orderRows(block: Sql): Sql {
  return sql`
    SELECT s.oid, s.shop_id, s.order_id, s.purchased_at, s.paid_at, s.updated_at, s.shop_day, s.paid_day,
      t.status, t.outcome, t.platform_status, t.model, t.currency, s.place_id, s.buyer_id, s.line_count, s.units,
      s.unpriced_units, s.gross_sales, s.net_sales, s.paid_amount, s.total_amount, s.fingerprint, ${block} AS block_id, s.shipping_fee, s.shipping_provider,
      s.document_no
    FROM staged_orders s JOIN staged_states t ON t.state_n = s.state_n
    WHERE s.oid IS NOT NULL`;
}

/** The rows of `lines` for the same. */
export const lineRows = raw(`
    SELECT l.oid, l.line_no, l.line_id, l.shop_id, l.shop_day, l.paid_day, l.sku_id, l.listing_id, l.place_id, t.model,
      t.currency, t.kind, t.status, t.outcome, t.platform_status, l.quantity, l.sale, l.first_of_sku,
      l.gross_sales, l.net_sales, l.paid_amount, l.tax_amount, l.buyer_id, l.parts, l.returned_quantity, l.refund_amount
    FROM staged_lines l JOIN staged_states t ON t.state_n = l.state_n
    WHERE l.oid IS NOT NULL`);
