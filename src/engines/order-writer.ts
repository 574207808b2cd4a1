import { createHash } from 'node:crypto';
import type { Order, OrderLine } from '../model/order.ts';
import type { Money } from '../model/money.ts';
import type { Shop } from '../model/shop.ts';
import { addDays, shopDay } from '../model/shop-day.ts';
import { STAGED_LINE, STAGED_ORDER } from '../model/tables.ts';
import type { Engine, StagedValue, Transaction } from './engine.ts';
import { raw, sql, type Sql } from './sql.ts';

/** An order on its way into the store, with the document it was read from. */
export interface DeliveredOrder {
  readonly shop: Shop;
  readonly order: Order;
  /** The source's own record, personal data gone; kept in the block of its batch. */
  readonly document: unknown;
}

export interface WriteCounts {
  readonly added: number;
  readonly changed: number;
  /** Delivered again as they are, or older than what is stored. */
  readonly unchanged: number;
}

/** What is written in the same transaction as a batch: its kept documents and the progress of whoever delivers. */
export interface BatchCompanions {
  /** The import the batch belongs to; its documents are kept under this number. */
  readonly importId: number;
  /** Packs the documents of the orders that were taken, in order. */
  pack(documents: readonly unknown[]): Uint8Array;
}

/** Half a step back in time: a file that knows only the day and an API that knows the second mean the same order. */
const PRUNE_MARGIN = { hours: 48 } as const;
const OLD_AFTER = { hours: 24 * 30 } as const;

/**
 * Stores orders with their lines: by shop and order id, the newest state wins, the same delivery twice changes nothing.
 * Orders far older than the rest go in a transaction of their own, for one of them would make the engine read the whole table.
 */
export async function writeOrders(engine: Engine, delivered: readonly DeliveredOrder[], companions: BatchCompanions): Promise<WriteCounts> {
  const total = { added: 0, changed: 0, unchanged: 0 };
  for (const batch of splitOldOutliers(delivered)) {
    const counts = await engine.transaction((tx) => writeBatch(tx, batch, companions));
    total.added += counts.added;
    total.changed += counts.changed;
    total.unchanged += counts.unchanged;
  }
  return total;
}

/** The orders by purchase time, those more than 30 days before the oldest tenth apart. */
export function splitOldOutliers(delivered: readonly DeliveredOrder[]): DeliveredOrder[][] {
  const sorted = delivered.toSorted((a, b) => Temporal.Instant.compare(a.order.purchasedAt, b.order.purchasedAt));
  if (sorted.length === 0) return [];
  const limit = sorted[Math.floor(sorted.length / 10)]!.order.purchasedAt.subtract(OLD_AFTER);
  const recent = sorted.findIndex(({ order }) => Temporal.Instant.compare(order.purchasedAt, limit) >= 0);
  return [sorted.slice(0, recent), sorted.slice(recent)].filter((batch) => batch.length > 0);
}

async function writeBatch(tx: Transaction, delivered: readonly DeliveredOrder[], companions: BatchCompanions): Promise<WriteCounts> {
  const oldest = delivered[0]!.order.purchasedAt.subtract(PRUNE_MARGIN);
  const oldestDay = addDays(shopDay(oldest, 'UTC'), -1);
  await stage(tx, delivered);

  await replaceTemporary(tx, 'accepted', sql`
    WITH newest AS (
      SELECT *, row_number() OVER (PARTITION BY shop_id, order_id ORDER BY updated_at DESC, n DESC) AS place
      FROM staged_orders)
    SELECT s.n, s.shop_id, s.shop_day, o.oid AS old_oid,
      coalesce(o.oid, (SELECT coalesce(max(oid), 0) FROM orders) + row_number() OVER (ORDER BY s.n)) AS oid
    FROM newest s
    LEFT JOIN orders o ON o.shop_id = s.shop_id AND o.order_id = s.order_id AND o.purchased_at >= ${oldest}
    WHERE s.place = 1
      AND (o.oid IS NULL OR (s.updated_at >= o.updated_at AND s.fingerprint <> o.fingerprint))`);
  const accepted = await tx.query<{ n: number; again: boolean }>(
    sql`SELECT n, old_oid IS NOT NULL AS again FROM accepted ORDER BY n`);
  if (accepted.length === 0) return { added: 0, changed: 0, unchanged: delivered.length };

  const blockId = await keepDocuments(tx, accepted.map(({ n }) => delivered[n]!.document), companions);
  await growDictionaries(tx);
  const changed = accepted.filter(({ again }) => again).length;
  if (changed > 0) {
    await tx.run(sql`DELETE FROM lines USING accepted a WHERE lines.oid = a.old_oid AND lines.shop_day >= ${oldestDay}::date`);
    await tx.run(sql`DELETE FROM orders USING accepted a WHERE orders.oid = a.old_oid AND orders.purchased_at >= ${oldest}`);
  }
  await tx.run(sql`
    INSERT INTO orders
    SELECT a.oid, s.shop_id, s.order_id, s.purchased_at, s.paid_at, s.updated_at, s.shop_day, s.paid_day,
      s.status, s.outcome, s.platform_status, s.model, s.currency, p.place_id, b.buyer_id, s.line_count, s.units,
      s.unpriced_units, s.gross_sales, s.net_sales, s.paid_amount, s.total_amount, s.fingerprint, ${blockId}::integer
    FROM accepted a
    JOIN staged_orders s ON s.n = a.n
    JOIN places p ON p.written = s.written
    LEFT JOIN buyers b ON b.platform = s.platform AND b.hash = s.buyer_hash
    ORDER BY a.n`);
  await tx.run(sql`
    INSERT INTO lines
    SELECT a.oid, l.line_no, l.line_id, s.shop_id, s.shop_day, s.paid_day, k.sku_id, g.listing_id, p.place_id, s.model,
      s.currency, l.kind, l.status, l.outcome, l.platform_status, l.quantity, l.sale, l.first_of_sku,
      l.gross_sales, l.net_sales, l.paid_amount, l.tax_amount
    FROM accepted a
    JOIN staged_orders s ON s.n = a.n
    JOIN staged_lines l ON l.n = a.n
    JOIN places p ON p.written = s.written
    JOIN skus k ON k.sku = l.sku
    JOIN listings g ON g.platform = l.platform AND g.sku_id = k.sku_id AND g.platform_sku = coalesce(l.platform_sku, '')
    ORDER BY a.n, l.line_no`);
  return { added: accepted.length - changed, changed, unchanged: delivered.length - accepted.length };
}

async function keepDocuments(tx: Transaction, documents: readonly unknown[], companions: BatchCompanions): Promise<number> {
  const [last] = await tx.query<{ id: number }>(sql`SELECT coalesce(max(block_id), 0) AS id FROM blocks`);
  const blockId = last!.id + 1;
  const body = companions.pack(documents);
  await tx.run(sql`INSERT INTO blocks VALUES (${blockId}::integer, ${companions.importId}::integer, ${documents.length}::integer, ${body})`);
  return blockId;
}

/** Gives every new SKU, listing, place and buyer of the batch its number. */
async function growDictionaries(tx: Transaction): Promise<void> {
  await tx.run(sql`
    INSERT INTO skus
    SELECT (SELECT coalesce(max(sku_id), 0) FROM skus) + row_number() OVER (ORDER BY first_n, sku), sku
    FROM (SELECT l.sku, min(l.n) AS first_n FROM staged_lines l JOIN accepted a ON a.n = l.n
      WHERE NOT EXISTS (SELECT 1 FROM skus k WHERE k.sku = l.sku) GROUP BY l.sku) AS fresh`);
  await tx.run(sql`
    INSERT INTO places
    SELECT (SELECT coalesce(max(place_id), 0) FROM places) + row_number() OVER (ORDER BY first_n, written),
      written, country, region_code, region, city
    FROM (SELECT s.written, min(s.country) AS country, min(s.region_code) AS region_code, min(s.region) AS region,
        min(s.city) AS city, min(s.n) AS first_n
      FROM staged_orders s JOIN accepted a ON a.n = s.n
      WHERE NOT EXISTS (SELECT 1 FROM places p WHERE p.written = s.written) GROUP BY s.written) AS fresh`);
  await tx.run(sql`
    INSERT INTO buyers
    SELECT (SELECT coalesce(max(buyer_id), 0) FROM buyers) + row_number() OVER (ORDER BY first_n, hash), platform, hash
    FROM (SELECT s.platform, s.buyer_hash AS hash, min(s.n) AS first_n FROM staged_orders s JOIN accepted a ON a.n = s.n
      WHERE s.buyer_hash IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM buyers b WHERE b.platform = s.platform AND b.hash = s.buyer_hash)
      GROUP BY s.platform, s.buyer_hash) AS fresh`);
  await refreshListings(tx);
}

/** What a SKU is called follows the latest order that names it; a day's delay spares a write per batch. */
async function refreshListings(tx: Transaction): Promise<void> {
  await replaceTemporary(tx, 'named', sql`
    SELECT platform, sku_id, platform_sku, sku_name, image, category, seen_at FROM (
      SELECT l.platform, k.sku_id, coalesce(l.platform_sku, '') AS platform_sku, l.sku_name, l.image, l.category,
        s.purchased_at AS seen_at,
        row_number() OVER (PARTITION BY l.platform, k.sku_id, coalesce(l.platform_sku, '')
          ORDER BY s.purchased_at DESC, l.n DESC, l.line_no DESC) AS place
      FROM staged_lines l
      JOIN accepted a ON a.n = l.n
      JOIN staged_orders s ON s.n = l.n
      JOIN skus k ON k.sku = l.sku) AS ranked
    WHERE place = 1`);
  await tx.run(sql`
    UPDATE listings SET sku_name = coalesce(named.sku_name, listings.sku_name), image = coalesce(named.image, listings.image),
      category = coalesce(named.category, listings.category), seen_at = named.seen_at
    FROM named
    WHERE named.platform = listings.platform AND named.sku_id = listings.sku_id AND named.platform_sku = listings.platform_sku
      AND named.seen_at >= listings.seen_at
      AND (named.seen_at >= listings.seen_at + INTERVAL '1 day'
        OR coalesce(named.sku_name, '') <> coalesce(listings.sku_name, '')
        OR coalesce(named.image, '') <> coalesce(listings.image, '')
        OR coalesce(named.category, '') <> coalesce(listings.category, ''))`);
  await tx.run(sql`
    INSERT INTO listings
    SELECT (SELECT coalesce(max(listing_id), 0) FROM listings) + row_number() OVER (ORDER BY platform, sku_id, platform_sku),
      platform, sku_id, platform_sku, sku_name, image, category, seen_at
    FROM named
    WHERE NOT EXISTS (SELECT 1 FROM listings g
      WHERE g.platform = named.platform AND g.sku_id = named.sku_id AND g.platform_sku = named.platform_sku)`);
}

async function replaceTemporary(tx: Transaction, name: string, select: Sql): Promise<void> {
  await tx.run(raw(`DROP TABLE IF EXISTS ${name}`));
  await tx.run(sql`CREATE TEMP TABLE ${raw(name)} AS ${select}`);
}

async function stage(tx: Transaction, delivered: readonly DeliveredOrder[]): Promise<void> {
  const orders: StagedValue[][] = [];
  const lines: StagedValue[][] = [];
  for (const [n, { shop, order }] of delivered.entries()) {
    const ofOrder = lineRows(n, shop, order.lines);
    orders.push(orderRow(n, shop, order, ofOrder));
    lines.push(...ofOrder);
  }
  await tx.stage('staged_orders', STAGED_ORDER, orders);
  await tx.stage('staged_lines', STAGED_LINE, lines);
}

function orderRow(n: number, shop: Shop, order: Order, lines: readonly StagedValue[][]): StagedValue[] {
  const sales = order.lines.filter((line) => line.sale);
  const units = (of: readonly OrderLine[]): number => of.reduce((sum, line) => sum + line.quantity, 0);
  const facts: StagedValue[] = [
    order.purchasedAt, order.paidAt, order.updatedAt,
    shopDay(order.purchasedAt, shop.zone), order.paidAt && shopDay(order.paidAt, shop.zone),
    order.status, order.outcome, order.platformStatus, order.model, order.currency,
    order.lines.length, units(sales), units(sales.filter((line) => line.netSales === null)),
    sumKnown(sales, 'grossSales'), sumKnown(sales, 'netSales'), sumKnown(sales, 'paidAmount'), order.totalAmount,
  ];
  const whereabouts: StagedValue[] = [
    shop.platform, order.buyer, order.writtenPlace,
    order.place.country, order.place.regionCode, order.place.region, order.place.city,
  ];
  const print = fingerprint([facts, whereabouts, ...lines.map((line) => line.slice(1))]);
  return [n, shop.shopId, order.orderId, ...facts, print, ...whereabouts];
}

function lineRows(n: number, shop: Shop, lines: readonly OrderLine[]): StagedValue[][] {
  const sold = new Set<string>();
  return lines.map((line, lineNo) => {
    const first = line.sale && !sold.has(line.sku);
    if (line.sale) sold.add(line.sku);
    return [
      n, lineNo, line.lineId, shop.platform, line.sku, line.platformSku, line.skuName, line.image, line.category,
      line.kind, line.status, line.outcome, line.platformStatus, line.quantity, line.sale, first,
      line.grossSales, line.netSales, line.paidAmount, line.taxAmount,
    ];
  });
}

/** The sum of what is known; null when nothing of it is, for an unknown amount is not 0. */
function sumKnown(lines: readonly OrderLine[], amount: 'grossSales' | 'netSales' | 'paidAmount'): Money | null {
  const known = lines.map((line) => line[amount]).filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0n);
}

/** 63 bits that differ when anything about an order differs, so that a repeated delivery costs no write. */
function fingerprint(rows: readonly (readonly StagedValue[])[]): bigint {
  const text = rows.map((row) => row.map((value) => (value === null ? '\u0000' : String(value))).join('\u001f')).join('\u001e');
  return createHash('sha256').update(text).digest().readBigUInt64BE(0) >> 1n;
}
