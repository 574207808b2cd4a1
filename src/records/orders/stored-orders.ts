import type { OrderStatus } from '../../model/order.ts';
import type { PlatformId } from '../../model/shop.ts';
import type { DocumentPlace } from '../documents.ts';
import type { Reader } from '../../engines/engine.ts';
import { every, isOneOf, sql, type Sql } from '../../engines/sql.ts';
import { columnList } from '../insertion.ts';

/** Which stored orders are wanted; every part optional. */
export interface OrderFilter {
  readonly platforms: readonly PlatformId[];
  readonly shopIds?: readonly number[] | undefined;
  readonly orderIds?: readonly string[] | undefined;
  readonly statuses?: readonly OrderStatus[] | undefined;
  /** Placed at or after / before these instants. */
  readonly from?: Temporal.Instant | undefined;
  readonly to?: Temporal.Instant | undefined;
}

/** A stored order with its lines, amounts as exact text, as the faces show it. */
export interface StoredOrder {
  readonly order_id: string;
  readonly lines: readonly Record<string, unknown>[];
  readonly [field: string]: unknown;
}

/** The place in the list where reading goes on: the purchase instant and number of the last order read. */
export interface OrderCursor {
  readonly at: Temporal.Instant;
  readonly oid: number;
}

/** Stored orders, and beside each where its newest document is kept. */
export interface StoredOrders {
  readonly orders: StoredOrder[];
  readonly documents: (DocumentPlace | null)[];
}

/** The next orders by time of purchase after the cursor, oldest first, and the cursor after them (null at the end). */
export async function readOrders(
  reader: Reader,
  filter: OrderFilter,
  { after, limit }: { after: OrderCursor | null; limit: number },
): Promise<StoredOrders & { next: OrderCursor | null }> {
  const conditions: Sql[] = [isOneOf(sql`h.platform`, filter.platforms)];
  if (filter.shopIds) conditions.push(isOneOf(sql`o.shop_id`, filter.shopIds));
  if (filter.orderIds) conditions.push(isOneOf(sql`o.order_id`, filter.orderIds));
  if (filter.statuses) conditions.push(isOneOf(sql`o.status`, filter.statuses));
  if (filter.from) conditions.push(sql`o.purchased_at >= ${filter.from}`);
  if (filter.to) conditions.push(sql`o.purchased_at < ${filter.to}`);
  if (after) {
    conditions.push(sql`o.purchased_at >= ${after.at}`);
    conditions.push(sql`o.purchased_at > ${after.at} OR o.oid > ${after.oid}`);
  }
  const page = sql`
    SELECT ${columnList('orders', 'o')}, h.platform, h.shop FROM orders o JOIN shops h ON h.shop_id = o.shop_id
    WHERE ${every(conditions)} ORDER BY o.purchased_at, o.oid LIMIT ${limit}`;
  return readPage(reader, page, limit);
}

/** The shops of a platform that have orders of these ids, the one with most of them first. */
export async function readShopsOfOrders(
  reader: Reader,
  platform: PlatformId,
  ids: readonly string[],
): Promise<readonly { readonly shop_id: number }[]> {
  return reader.query<{ shop_id: number }>(sql`
    SELECT o.shop_id FROM orders o JOIN shops h ON h.shop_id = o.shop_id
    WHERE h.platform = ${platform} AND ${isOneOf(sql`o.order_id`, ids)} GROUP BY 1 ORDER BY count(*) DESC, 1`);
}

/** The stored orders of these ids, oldest first. */
export async function readOrdersById(reader: Reader, shopIds: readonly number[], ids: readonly string[]): Promise<StoredOrders> {
  const page = sql`
    SELECT ${columnList('orders', 'o')}, h.platform, h.shop FROM orders o JOIN shops h ON h.shop_id = o.shop_id
    WHERE ${isOneOf(sql`o.shop_id`, shopIds)} AND ${isOneOf(sql`o.order_id`, ids)}`;
  return readPage(reader, page, Infinity);
}

async function readPage(reader: Reader, page: Sql, limit: number): Promise<StoredOrders & { next: OrderCursor | null }> {
  const orders = await reader.query<{
    oid: number;
    purchased_at: string;
    shop_day: string;
    block_id: number | null;
    document_no: number | null;
  }>(sql`
    SELECT o.oid, o.block_id, o.document_no, o.platform, o.shop, o.order_id, o.status, o.outcome, o.platform_status, o.purchased_at,
    o.paid_at, o.updated_at,
      o.shop_day, o.model, o.currency, o.units, o.gross_sales, o.net_sales, o.paid_amount, o.total_amount, o.shipping_fee,
      o.shipping_provider,
      p.country, p.region_code, p.region, p.city, lower(to_hex(b.hash)) AS buyer_id
    FROM (${page}) o
    LEFT JOIN places p ON p.place_id = o.place_id
    LEFT JOIN buyers b ON b.buyer_id = o.buyer_id
    ORDER BY o.purchased_at, o.oid`);
  if (orders.length === 0) return { orders: [], documents: [], next: null };
  const days = orders.map((order) => order.shop_day).toSorted();
  const lines = await reader.query<{ oid: number; parts: string | null }>(sql`
    SELECT l.oid, l.line_id, k.sku, nullif(g.platform_sku, '') AS platform_sku, g.sku_name, g.product_name, g.variant, g.image,
    g.category, l.kind, l.quantity, l.parts,
      l.status, l.outcome, l.platform_status, l.sale, l.gross_sales, l.net_sales, l.paid_amount, l.tax_amount, l.returned_quantity,
      l.refund_amount
    FROM lines l
    JOIN skus k ON k.sku_id = l.sku_id
    JOIN listings g ON g.listing_id = l.listing_id
    WHERE l.shop_day >= ${days[0]!}::date AND l.shop_day <= ${days.at(-1)!}::date
      AND ${isOneOf(
        sql`l.oid`,
        orders.map(({ oid }) => oid),
      )}
    ORDER BY l.oid, l.line_no`);
  const byOrder = Map.groupBy(lines, ({ oid }) => oid);
  const last = orders.at(-1)!;
  return {
    documents: orders.map(({ block_id, document_no }) => (block_id === null || document_no === null ? null : { block_id, document_no })),
    orders: orders.map(({ oid, block_id: _block, document_no: _no, ...order }) => ({
      ...(order as unknown as StoredOrder),
      lines: (byOrder.get(oid) ?? []).map(({ oid: _oid, parts, ...line }) => ({
        ...line,
        parts: parts === null ? [] : (JSON.parse(parts) as unknown),
      })),
    })),
    next: orders.length < limit ? null : { at: Temporal.Instant.from(last.purchased_at), oid: last.oid },
  };
}

/** Status words of the platforms that no table explains, with how many orders carry them: they count as no sale. */
export async function readUnknownStatuses(reader: Reader): Promise<{ platform: string; word: string; orders: number }[]> {
  return reader.query(sql`
    SELECT h.platform, coalesce(o.platform_status, '') AS word, count(*) AS orders
    FROM orders o JOIN shops h ON h.shop_id = o.shop_id
    WHERE o.status = 'unknown' GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`);
}

/**
 * Seller SKUs that stand for several products of one shop, with how many: their figures run together. A product has another id in
 * each shop, so ids of several shops are no conflict.
 */
export async function readSkuConflicts(reader: Reader): Promise<{ shop: string; sku: string; products: number }[]> {
  return reader.query(sql`
    WITH sold AS (SELECT DISTINCT l.shop_id, l.sku_id, g.platform_sku FROM lines l JOIN listings g ON g.listing_id = l.listing_id
    WHERE g.platform_sku <> '')
    SELECT h.shop, k.sku, count(*) AS products FROM sold s JOIN shops h ON h.shop_id = s.shop_id JOIN skus k ON k.sku_id = s.sku_id
    GROUP BY 1, 2 HAVING count(*) > 1 ORDER BY 3 DESC, 1, 2 LIMIT 20`);
}
