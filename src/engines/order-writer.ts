import { addDays, shopDay } from '../model/shop-day.ts';
import { keepDocuments, packDocuments, type DocumentSource } from './documents.ts';
import type { Engine, Transaction } from './engine.ts';
import { stage, stagedRows, type ShopOrder, type StagedRows } from './order-staging.ts';
import { linkPriceDetails } from './price-detail-writer.ts';
import { fillListings } from './product-writer.ts';
import { linkReturns } from './return-writer.ts';
import { raw, sql, type Sql } from './sql.ts';

/** An order on its way into the store, with the document it was read from. */
export interface DeliveredOrder extends ShopOrder {
  /** The source's own record as text, personal data gone; kept in the block of its batch. */
  readonly document: string;
}

export interface WriteCounts {
  readonly added: number;
  readonly changed: number;
  /** Delivered again as they are, or older than what is stored. */
  readonly unchanged: number;
}

/** What is written in the same transaction as a batch. */
export interface BatchCompanions {
  /** Where the documents of what is taken are kept under; null keeps none. */
  readonly source: DocumentSource | null;
  /** Runs in the batch's transaction, the last one where old outliers go apart: the progress of whoever delivers. */
  readonly commit?: (tx: Transaction, written: WriteCounts) => Promise<void>;
}

/** Half a step back in time: a file that knows only the day and an API that knows the second mean the same order. */
const PRUNE_MARGIN = { hours: 48 } as const;
const OLD_AFTER_MS = 30 * 86_400_000;

/**
 * Stores orders with their lines: by shop and order id, the newest state wins, the same delivery twice changes nothing.
 * Orders far older than the rest go in a transaction of their own, for one of them would make the engine read the whole table.
 */
export async function writeOrders(engine: Engine, delivered: readonly DeliveredOrder[], companions: BatchCompanions): Promise<WriteCounts> {
  let total = { added: 0, changed: 0, unchanged: 0 };
  // All rows are made before the first transaction: the database works on the batch before meanwhile.
  const batches = await Promise.all(splitOldOutliers(delivered).map(async (batch) => ({ delivered: batch, rows: await stagedRows(batch) })));
  for (const [i, batch] of batches.entries()) {
    total = await engine.transaction(async (tx) => {
      const { added, changed, unchanged } = await writeBatch(tx, batch, companions.source);
      const sum = { added: total.added + added, changed: total.changed + changed, unchanged: total.unchanged + unchanged };
      if (i === batches.length - 1) await companions.commit?.(tx, sum);
      return sum;
    });
  }
  if (batches.length === 0 && companions.commit) await engine.transaction((tx) => companions.commit!(tx, total));
  return total;
}

/** The orders by purchase time, those more than 30 days before the oldest tenth apart. */
export function splitOldOutliers(delivered: readonly DeliveredOrder[]): DeliveredOrder[][] {
  const sorted = delivered.map((each) => ({ each, at: each.order.purchasedAt.epochMilliseconds })).sort((a, b) => a.at - b.at);
  if (sorted.length === 0) return [];
  const limit = sorted[Math.floor(sorted.length / 10)]!.at - OLD_AFTER_MS;
  const recent = sorted.findIndex(({ at }) => at >= limit);
  const orders = sorted.map(({ each }) => each);
  return [orders.slice(0, recent), orders.slice(recent)].filter((batch) => batch.length > 0);
}

async function writeBatch(
  tx: Transaction, { delivered, rows }: { delivered: readonly DeliveredOrder[]; rows: StagedRows }, source: DocumentSource | null,
): Promise<WriteCounts> {
  const oldest = delivered[0]!.order.purchasedAt.subtract(PRUNE_MARGIN);
  const oldestDay = addDays(shopDay(oldest, 'UTC'), -1);
  await stage(tx, rows);

  await replaceTemporary(tx, 'accepted', sql`
    WITH newest AS (
      SELECT *, row_number() OVER (PARTITION BY shop_id, order_id ORDER BY updated_at DESC, n DESC) AS place
      FROM staged_orders)
    SELECT s.n, s.shop_id, s.shop_day, o.oid AS old_oid,
      coalesce(o.oid, (SELECT coalesce(max(oid), 0) FROM orders) + row_number() OVER (ORDER BY s.n)) AS oid,
      row_number() OVER (ORDER BY s.n) - 1 AS document_no
    FROM newest s
    LEFT JOIN orders o ON o.shop_id = s.shop_id AND o.order_id = s.order_id AND o.purchased_at >= ${oldest}
    WHERE s.place = 1
      AND (o.oid IS NULL OR (s.updated_at >= o.updated_at AND s.fingerprint <> o.fingerprint))`);
  const accepted = await tx.query<{ n: number; again: boolean }>(
    sql`SELECT n, old_oid IS NOT NULL AS again FROM accepted ORDER BY n`);
  if (accepted.length === 0) return { added: 0, changed: 0, unchanged: delivered.length };

  // Packed on another thread while the database works.
  const packed = source && packDocuments(accepted.map(({ n }) => delivered[n]!.document));
  packed?.catch(() => undefined);
  if (accepted.length < delivered.length) await forgetRefused(tx);
  await growDictionaries(tx);
  const blockId = source && packed ? await keepDocuments(tx, { source, documents: accepted.length, packed: await packed }) : null;
  await keepStatusChanges(tx, oldest);
  const changed = accepted.filter(({ again }) => again).length;
  if (changed > 0) {
    await tx.run(sql`DELETE FROM lines USING accepted a WHERE lines.oid = a.old_oid AND lines.shop_day >= ${oldestDay}::date`);
    await tx.run(sql`DELETE FROM orders USING accepted a WHERE orders.oid = a.old_oid AND orders.purchased_at >= ${oldest}`);
  }
  await tx.run(sql`INSERT INTO orders ${orderRows(sql`${blockId}::integer`)} ORDER BY a.n`);
  await tx.run(sql`INSERT INTO lines ${lineRows} ORDER BY a.n, l.line_no`);
  for (const shopId of new Set(delivered.map(({ shop }) => shop.shopId))) {
    await linkReturns(tx, shopId);
    await linkPriceDetails(tx, shopId);
  }
  return { added: accepted.length - changed, changed, unchanged: delivered.length - accepted.length };
}

/** The rows of `orders` for what is staged and accepted, once its places, listings and buyers are numbered; `block` says where the documents are. */
export function orderRows(block: Sql): Sql {
  return sql`
    SELECT a.oid, s.shop_id, s.order_id, s.purchased_at, s.paid_at, s.updated_at, s.shop_day, s.paid_day,
      t.status, t.outcome, t.platform_status, t.model, t.currency, p.place_id, b.buyer_id, s.line_count, s.units,
      s.unpriced_units, s.gross_sales, s.net_sales, s.paid_amount, s.total_amount, s.fingerprint, ${block} AS block_id, s.shipping_fee, s.shipping_provider,
      a.document_no::integer AS document_no
    FROM accepted a
    JOIN staged_orders s ON s.n = a.n
    JOIN staged_states t ON t.state_n = s.state_n
    JOIN numbered_places p ON p.place_n = s.place_n
    JOIN shops h ON h.shop_id = s.shop_id
    LEFT JOIN buyers b ON b.platform = h.platform AND b.hash = s.buyer_hash`;
}

/** The rows of `lines` for the same. */
export const lineRows = sql`
    SELECT a.oid, l.line_no, l.line_id, s.shop_id, s.shop_day, s.paid_day, g.sku_id, g.listing_id, p.place_id, o.model,
      o.currency, t.kind, t.status, t.outcome, t.platform_status, l.quantity, l.sale, l.first_of_sku,
      l.gross_sales, l.net_sales, l.paid_amount, l.tax_amount, b.buyer_id
    FROM accepted a
    JOIN staged_orders s ON s.n = a.n
    JOIN staged_lines l ON l.n = a.n
    JOIN staged_states o ON o.state_n = s.state_n
    JOIN staged_states t ON t.state_n = l.state_n
    JOIN numbered_places p ON p.place_n = s.place_n
    JOIN numbered_listings g ON g.listing_n = l.listing_n
    JOIN shops h ON h.shop_id = s.shop_id
    LEFT JOIN buyers b ON b.platform = h.platform AND b.hash = s.buyer_hash`;

/** Remembers each new status with the instant the source gave it: a state that a later one replaces is not lost. */
async function keepStatusChanges(tx: Transaction, oldest: Temporal.Instant): Promise<void> {
  await tx.run(sql`
    INSERT INTO status_changes
    SELECT a.oid, s.updated_at, t.status, t.outcome, t.platform_status
    FROM accepted a
    JOIN staged_orders s ON s.n = a.n
    JOIN staged_states t ON t.state_n = s.state_n
    LEFT JOIN orders o ON o.oid = a.old_oid AND o.purchased_at >= ${oldest}
    WHERE o.oid IS NULL OR o.status <> t.status OR o.outcome <> t.outcome OR coalesce(o.platform_status, '') <> coalesce(t.platform_status, '')
    ORDER BY a.n`);
}

/** What only outdated deliveries name must not be learnt from them. */
export async function forgetRefused(tx: Transaction): Promise<void> {
  await tx.run(sql`DELETE FROM staged_listings WHERE listing_n NOT IN (SELECT l.listing_n FROM staged_lines l JOIN accepted a ON a.n = l.n)`);
  await tx.run(sql`DELETE FROM staged_places WHERE place_n NOT IN (SELECT s.place_n FROM staged_orders s JOIN accepted a ON a.n = s.n)`);
}

/** Gives every new SKU, listing, place and buyer of the batch its number, and leaves the numbers of the staged ones in temporary tables. */
export async function growDictionaries(tx: Transaction): Promise<void> {
  await tx.run(sql`
    INSERT INTO skus
    SELECT (SELECT coalesce(max(sku_id), 0) FROM skus) + row_number() OVER (ORDER BY first_n, sku), sku
    FROM (SELECT sku, min(listing_n) AS first_n FROM staged_listings l
      WHERE NOT EXISTS (SELECT 1 FROM skus k WHERE k.sku = l.sku) GROUP BY sku) AS fresh`);
  await tx.run(sql`
    INSERT INTO places
    SELECT (SELECT coalesce(max(place_id), 0) FROM places) + row_number() OVER (ORDER BY place_n), written, country, region_code, region, city
    FROM staged_places s WHERE NOT EXISTS (SELECT 1 FROM places p WHERE p.written = s.written)`);
  await tx.run(sql`
    INSERT INTO buyers
    SELECT (SELECT coalesce(max(buyer_id), 0) FROM buyers) + row_number() OVER (ORDER BY first_n, hash), platform, hash
    FROM (SELECT h.platform, s.buyer_hash AS hash, min(s.n) AS first_n
      FROM staged_orders s JOIN accepted a ON a.n = s.n JOIN shops h ON h.shop_id = s.shop_id
      WHERE s.buyer_hash IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM buyers b WHERE b.platform = h.platform AND b.hash = s.buyer_hash)
      GROUP BY h.platform, s.buyer_hash) AS fresh`);
  await refreshListings(tx);
  await replaceTemporary(tx, 'numbered_places', sql`SELECT s.place_n, p.place_id FROM staged_places s JOIN places p ON p.written = s.written`);
  await replaceTemporary(tx, 'numbered_listings', sql`
    SELECT s.listing_n, k.sku_id, g.listing_id
    FROM staged_listings s
    JOIN skus k ON k.sku = s.sku
    JOIN listings g ON g.platform = s.platform AND g.sku_id = k.sku_id AND g.platform_sku = s.platform_sku`);
}

/** What a SKU is called follows the latest order that names it; that nothing changed is noted once a month, not once a batch. */
async function refreshListings(tx: Transaction): Promise<void> {
  const latest = (column: string): Sql => sql`first_value(l.${raw(column)}) OVER (PARTITION BY l.platform, k.sku_id, l.platform_sku
        ORDER BY CASE WHEN l.${raw(column)} IS NULL THEN 1 ELSE 0 END, l.seen_at DESC, l.listing_n DESC) AS ${raw(column)}`;
  await replaceTemporary(tx, 'named', sql`
    SELECT platform, sku_id, platform_sku, sku_name, image, category, seen_at FROM (
      SELECT l.platform, k.sku_id, l.platform_sku, ${latest('sku_name')}, ${latest('image')}, ${latest('category')}, l.seen_at,
        row_number() OVER (PARTITION BY l.platform, k.sku_id, l.platform_sku ORDER BY l.seen_at DESC, l.listing_n DESC) AS place
      FROM staged_listings l
      JOIN skus k ON k.sku = l.sku
      LEFT JOIN listings g ON g.platform = l.platform AND g.sku_id = k.sku_id AND g.platform_sku = l.platform_sku
      WHERE g.listing_id IS NULL OR (l.seen_at >= g.seen_at
        AND (l.seen_at >= g.seen_at + INTERVAL '30 days'
          OR coalesce(l.sku_name, g.sku_name, '') <> coalesce(g.sku_name, '')
          OR coalesce(l.image, g.image, '') <> coalesce(g.image, '')
          OR coalesce(l.category, g.category, '') <> coalesce(g.category, '')))) AS ranked
    WHERE place = 1`);
  await tx.run(sql`
    UPDATE listings SET sku_name = coalesce(named.sku_name, listings.sku_name), image = coalesce(named.image, listings.image),
      category = coalesce(named.category, listings.category), seen_at = named.seen_at
    FROM named
    WHERE named.platform = listings.platform AND named.sku_id = listings.sku_id AND named.platform_sku = listings.platform_sku`);
  const [fresh] = await tx.query<{ fresh: boolean }>(sql`
    SELECT count(*) > 0 AS fresh FROM named WHERE NOT EXISTS (SELECT 1 FROM listings g
      WHERE g.platform = named.platform AND g.sku_id = named.sku_id AND g.platform_sku = named.platform_sku)`);
  await tx.run(sql`
    INSERT INTO listings
    SELECT (SELECT coalesce(max(listing_id), 0) FROM listings) + row_number() OVER (ORDER BY platform, sku_id, platform_sku),
      platform, sku_id, platform_sku, sku_name, image, category, seen_at
    FROM named
    WHERE NOT EXISTS (SELECT 1 FROM listings g
      WHERE g.platform = named.platform AND g.sku_id = named.sku_id AND g.platform_sku = named.platform_sku)`);
  if (fresh!.fresh) await fillListings(tx);
}

export async function replaceTemporary(tx: Transaction, name: string, select: Sql): Promise<void> {
  await tx.run(raw(`DROP TABLE IF EXISTS ${name}`));
  await tx.run(sql`CREATE TEMP TABLE ${raw(name)} AS ${select}`);
}
