import { hash } from 'node:crypto';
import type { PriceDetail } from '../../model/price-detail.ts';
import type { Shop } from '../../model/shop.ts';
import { STAGED_PRICE_DETAIL } from '../../model/staged-tables.ts';
import { keepDocuments, packed, type DocumentSource } from '../documents.ts';
import type { Reader, StagedValue, Transaction } from '../../engines/engine.ts';
import { mayBeAsked } from '../misses.ts';
import { isOneOf, raw, sql, type Sql } from '../../engines/sql.ts';
import { insertFrom, stagedRow } from '../insertion.ts';
import type { WriteCounts } from '../kind.ts';

/** A price detail on its way into the store, with the document it was read from. */
export interface DeliveredPriceDetail {
  readonly detail: PriceDetail;
  /** The source's own record as text, personal data gone. */
  readonly document: string;
}

/**
 * Stores the price details of a shop's orders, one of each; the same delivery twice changes nothing but when it was last asked for.
 * One is tied to its order at once, or as soon as that comes in. Made anew from `stored` documents, one takes the place of what is
 * stored of it whatever that is, and was asked for when it was.
 */
export async function writePriceDetails(
  tx: Transaction,
  shop: Shop,
  { delivered, source, at }: { delivered: readonly DeliveredPriceDetail[]; source: DocumentSource | 'stored' | null; at: Temporal.Instant },
): Promise<WriteCounts> {
  if (delivered.length === 0) return { added: 0, changed: 0, unchanged: 0 };
  await tx.stage(
    'staged_price_details',
    STAGED_PRICE_DETAIL,
    delivered.map(({ detail }, n) => rowOf(detail, n)),
  );
  await tx.run(raw('DROP TABLE IF EXISTS accepted_price_details'));
  await tx.run(sql`
    CREATE TEMP TABLE accepted_price_details AS
    SELECT s.n, s.order_id, d.order_id IS NOT NULL AS again, d.block_id AS old_block_id, d.fetched_at AS asked_at,
      ${source === 'stored' ? sql`d.order_id IS NOT NULL` : sql`d.order_id IS NULL OR d.fingerprint <> s.fingerprint`} AS fresh
    FROM (SELECT *, row_number() OVER (PARTITION BY order_id ORDER BY n DESC) AS place FROM staged_price_details) s
    LEFT JOIN price_details d ON d.shop_id = ${shop.shopId} AND d.order_id = s.order_id
    WHERE s.place = 1`);
  const fresh = await tx.query<{ n: number; again: boolean }>(sql`SELECT n, again FROM accepted_price_details WHERE fresh ORDER BY n`);
  await tx.run(sql`
    UPDATE price_details SET fetched_at = ${at} FROM accepted_price_details a
    WHERE NOT a.fresh AND price_details.shop_id = ${shop.shopId} AND price_details.order_id = a.order_id`);
  if (fresh.length > 0) {
    const block =
      source === 'stored'
        ? sql`a.old_block_id`
        : sql`${source && (await keepDocuments(tx, { source, ...(await packed(fresh.map(({ n }) => delivered[n]!.document))) }))}::integer`;
    const asked = source === 'stored' ? sql`a.asked_at` : sql`${at}`;
    await tx.run(sql`
      DELETE FROM price_details USING accepted_price_details a
      WHERE a.fresh AND price_details.shop_id = ${shop.shopId} AND price_details.order_id = a.order_id`);
    const given = { shop_id: shop.shopId, oid: null, fetched_at: asked, block_id: block };
    await tx.run(
      insertFrom(
        'price_details',
        stagedRow('price_details', { s: STAGED_PRICE_DETAIL }, given),
        raw('FROM accepted_price_details a JOIN staged_price_details s ON s.n = a.n WHERE a.fresh ORDER BY a.n'),
      ),
    );
    await linkPriceDetails(tx, shop.shopId);
  }
  const changed = fresh.filter(({ again }) => again).length;
  return { added: fresh.length - changed, changed, unchanged: delivered.length - fresh.length };
}

/** Ties price details that wait for their order to it, where it has come in; an order keeps its number for ever. */
export async function linkPriceDetails(tx: Transaction, shopId: number): Promise<void> {
  const waiting = await tx.query(sql`SELECT 1 AS one FROM price_details WHERE shop_id = ${shopId} AND oid IS NULL LIMIT 1`);
  if (waiting.length === 0) return;
  await tx.run(sql`
    UPDATE price_details SET oid = o.oid FROM orders o
    WHERE price_details.oid IS NULL AND price_details.shop_id = ${shopId} AND o.shop_id = ${shopId}
    AND o.order_id = price_details.order_id`);
}

/**
 * Whose price detail is asked for: orders that are sales, once; and once more when they have come to rest after that, for part of
 * an order may be cancelled on the way. `o` is the order, `d` its price detail.
 */
const isDue = sql`o.model = 'retail' AND (
    (d.oid IS NULL AND ${isOneOf(sql`o.status`, ['to_ship', 'shipped', 'delivered', 'completed'])})
    OR (d.fetched_at < o.updated_at AND ${isOneOf(sql`o.status`, ['completed', 'cancelled'])}))`;

function dueOf(shopId: number, stream: string, at: Temporal.Instant): Sql {
  return sql`
    FROM orders o LEFT JOIN price_details d ON d.oid = o.oid AND d.shop_id = ${shopId}
    WHERE o.shop_id = ${shopId} AND ${isDue} AND ${mayBeAsked(sql`o.order_id`, shopId, { stream, at })}`;
}

/** How many orders wait for their price detail, and the newest of them. */
export async function readPriceDetailsDue(
  reader: Reader,
  shopId: number,
  { stream, limit, at }: { stream: string; limit: number; at: Temporal.Instant },
): Promise<{ readonly waiting: number; readonly orderIds: readonly string[] }> {
  const [count] = await reader.query<{ n: number }>(sql`SELECT count(*) AS n ${dueOf(shopId, stream, at)}`);
  const rows = await reader.query<{ order_id: string }>(
    sql`SELECT o.order_id ${dueOf(shopId, stream, at)} ORDER BY o.purchased_at DESC, o.oid DESC LIMIT ${limit}`,
  );
  return { waiting: count!.n, orderIds: rows.map(({ order_id: id }) => id) };
}

/** Those of these orders whose price detail was asked for after an instant. */
export async function readPriceDetailsSince(
  reader: Reader,
  shopId: number,
  { orderIds, at }: { orderIds: readonly string[]; at: Temporal.Instant },
): Promise<Set<string>> {
  const rows = await reader.query<{ order_id: string }>(sql`
    SELECT order_id FROM price_details WHERE shop_id = ${shopId} AND fetched_at > ${at} AND ${isOneOf(sql`order_id`, orderIds)}`);
  return new Set(rows.map(({ order_id: id }) => id));
}

/** Price details whose amounts are not the sums that they should be, newest first. */
export async function readViolations(
  reader: Reader,
  limit: number,
): Promise<{ shop_id: number; order_id: string; violations: string; fetched_at: string }[]> {
  return reader.query(sql`
    SELECT shop_id, order_id, violations, fetched_at FROM price_details WHERE violations IS NOT NULL ORDER BY fetched_at DESC, order_id
    LIMIT ${limit}`);
}

/** Whether any price detail is stored. */
export async function hasPriceDetails(reader: Reader): Promise<boolean> {
  return (await reader.query(sql`SELECT 1 AS one FROM price_details LIMIT 1`)).length > 0;
}

function rowOf(detail: PriceDetail, n: number): StagedValue[] {
  const facts = JSON.stringify(detail, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
  return [
    n,
    detail.orderId,
    detail.currency,
    detail.listPrice,
    detail.sellerDiscount,
    detail.platformDiscount,
    detail.salePrice,
    detail.taxAmount,
    detail.shippingListPrice,
    detail.shippingSellerDiscount,
    detail.shippingPlatformDiscount,
    detail.shippingSalePrice,
    detail.payment,
    detail.total,
    detail.violations.length > 0 ? detail.violations.join(', ') : null,
    hash('sha256', facts, 'buffer').readBigUInt64BE(0) >> 1n,
  ];
}
