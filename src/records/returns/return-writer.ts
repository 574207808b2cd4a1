import { hash } from 'node:crypto';
import type { NumberedTable } from '../../model/numbered.ts';
import { refundsByLine, type Return } from '../../model/return.ts';
import type { Shop } from '../../model/shop.ts';
import { shopDay } from '../../model/shop-day.ts';
import { STAGED_RETURN, STAGED_RETURN_LINE } from '../../model/staged-tables.ts';
import { keepDocuments, packed, type DocumentSource } from '../documents.ts';
import type { StagedValue, Transaction } from '../../engines/engine.ts';
import { addListings } from '../catalogue.ts';
import { ordersOfClaims, renewReturnedPieces } from './returned-pieces.ts';
import { raw, sql, type Sql } from '../../engines/sql.ts';
import { insertFrom, stagedRow } from '../insertion.ts';
import type { WriteCounts } from '../kind.ts';

/** A claim on its way into the store, with the document it was read from. */
export interface DeliveredReturn {
  readonly claim: Return;
  /** The source's own record as text, personal data gone. */
  readonly document: string;
}

const ACCEPTED = raw('SELECT rid FROM accepted_returns');
const LINKED = raw('SELECT rid FROM linked_returns');

/** How long before its claim an order can have been placed: what bounds the search for it. */
const LONGEST_DAYS = 400;

/**
 * Stores the claims of a shop: by id and being a cancellation or not, the newest state wins, the same delivery twice changes nothing.
 * A claim is tied to its order at once, or as soon as that comes in; one that names none has its SKUs by name. Made anew from `stored`
 * documents, a claim takes the place of what is stored of it whatever that is.
 */
export async function writeReturns(
  tx: Transaction,
  shop: Shop,
  { delivered, source }: { delivered: readonly DeliveredReturn[]; source: DocumentSource | 'stored' | null },
): Promise<WriteCounts> {
  if (delivered.length === 0) return { added: 0, changed: 0, unchanged: 0 };
  await tx.stage(
    'staged_returns',
    STAGED_RETURN,
    delivered.map(({ claim }, n) => returnRow(claim, n, shop)),
  );
  await tx.stage(
    'staged_return_lines',
    STAGED_RETURN_LINE,
    delivered.flatMap(({ claim }, n) => {
      const refunds = refundsByLine(claim);
      return claim.lines.map((line, lineNo): StagedValue[] => [
        n,
        lineNo,
        line.lineId,
        line.sku,
        line.productName ?? null,
        line.variant ?? null,
        line.quantity,
        line.counted ?? false,
        refunds[lineNo]!,
        line.goodsAmount ?? null,
      ]);
    }),
  );
  await tx.run(raw('DROP TABLE IF EXISTS accepted_returns'));
  await tx.run(sql`
    CREATE TEMP TABLE accepted_returns AS
    WITH newest AS (
      SELECT *, row_number() OVER (PARTITION BY return_id, kind = 'cancellation' ORDER BY updated_at DESC, n DESC) AS place
      FROM staged_returns)
    SELECT s.n, r.rid AS old_rid, r.block_id AS old_block_id, r.rid, row_number() OVER (PARTITION BY r.rid IS NULL ORDER BY s.n) AS place
    FROM newest s
    LEFT JOIN returns r ON r.shop_id = ${shop.shopId} AND r.return_id = s.return_id
    AND (r.kind = 'cancellation') = (s.kind = 'cancellation')
    WHERE s.place = 1 AND ${source === 'stored' ? sql`r.rid IS NOT NULL` : sql`(r.rid IS NULL OR (s.updated_at >= r.updated_at AND s.fingerprint <> r.fingerprint))`}`);
  const accepted = await tx.query<{ n: number; again: boolean }>(
    sql`SELECT n, old_rid IS NOT NULL AS again FROM accepted_returns ORDER BY n`,
  );
  if (accepted.length === 0) return { added: 0, changed: 0, unchanged: delivered.length };
  const changed = accepted.filter(({ again }) => again).length;
  const added = accepted.length - changed;
  if (added > 0) {
    const first = await tx.numbers('returns', added);
    await tx.run(sql`UPDATE accepted_returns SET rid = ${first - 1} + place WHERE old_rid IS NULL`);
  }
  const block =
    source === 'stored'
      ? sql`a.old_block_id`
      : sql`${source && (await keepDocuments(tx, { source, ...(await packed(accepted.map(({ n }) => delivered[n]!.document))) }))}::integer`;
  await tx.run(raw('DROP TABLE IF EXISTS formerly_claimed'));
  await tx.run(sql`CREATE TEMP TABLE formerly_claimed AS ${ordersOfClaims(ACCEPTED)}`);
  for (const table of ['return_lines', 'returns']) {
    await tx.run(sql`DELETE FROM ${raw(table)} USING accepted_returns a WHERE ${raw(table)}.rid = a.old_rid`);
  }
  const given = { rid: raw('a.rid'), shop_id: shop.shopId, oid: null };
  await tx.run(
    insertFrom(
      'returns',
      stagedRow('returns', { s: STAGED_RETURN }, { ...given, block_id: block }),
      raw('FROM accepted_returns a JOIN staged_returns s ON s.n = a.n ORDER BY a.n'),
    ),
  );
  await tx.run(
    insertFrom(
      'return_lines',
      stagedRow('return_lines', { l: STAGED_RETURN_LINE, s: STAGED_RETURN }, { ...given, sku_id: null, shop_day: null }),
      raw(`
    FROM accepted_returns a JOIN staged_returns s ON s.n = a.n JOIN staged_return_lines l ON l.n = a.n ORDER BY a.n, l.line_no`),
    ),
  );
  await nameSkus(tx, shop);
  const linked = await tieReturns(tx, shop.shopId);
  await renewReturnedPieces(
    tx,
    sql`SELECT oid FROM formerly_claimed UNION ALL
      ${ordersOfClaims(ACCEPTED)}${linked ? sql` UNION ALL ${ordersOfClaims(LINKED)}` : sql``}`,
  );
  return { added, changed, unchanged: delivered.length - accepted.length };
}

/** Gives the lines of accepted claims that name no order their SKUs; a SKU that no order has told of yet is learnt with its name. */
async function nameSkus(tx: Transaction, { shopId, platform }: Shop): Promise<void> {
  await tx.run(raw('DROP TABLE IF EXISTS named_skus'));
  await tx.run(
    raw(`
    CREATE TEMP TABLE named_skus AS
    SELECT sku, product_name, variant, seen_at
    FROM (SELECT l.sku, l.product_name, l.variant, max(s.created_at) OVER (PARTITION BY l.sku) AS seen_at,
        row_number() OVER (PARTITION BY l.sku ORDER BY l.product_name DESC NULLS LAST, l.variant DESC NULLS LAST) AS place
      FROM accepted_returns a JOIN staged_returns s ON s.n = a.n JOIN staged_return_lines l ON l.n = a.n
      WHERE s.order_id IS NULL) AS told
    WHERE place = 1`),
  );
  const [named] = await tx.query<{ n: number }>(raw('SELECT count(*) AS n FROM named_skus'));
  if (named!.n === 0) return;
  const skus = raw('FROM named_skus n WHERE NOT EXISTS (SELECT 1 FROM skus k WHERE k.sku = n.sku)');
  const firstSku = await takeFor(tx, 'skus', skus);
  if (firstSku !== null) {
    await tx.run(insertFrom('skus', { sku_id: sql`${firstSku - 1} + row_number() OVER (ORDER BY n.sku)`, sku: raw('n.sku') }, skus));
  }
  const listings = sql`
    FROM named_skus n JOIN skus k ON k.sku = n.sku
    WHERE NOT EXISTS (SELECT 1 FROM listings g WHERE g.sku_id = k.sku_id AND g.platform = ${platform})`;
  const firstListing = await takeFor(tx, 'listings', listings);
  if (firstListing !== null) {
    await addListings(
      tx,
      sql`
      SELECT ${firstListing - 1} + row_number() OVER (ORDER BY k.sku_id) AS listing_id, ${platform} AS platform, k.sku_id,
      '' AS platform_sku,
        n.product_name, n.variant, NULL AS image, NULL AS category, n.seen_at ${listings}`,
    );
  }
  await tx.run(sql`
    UPDATE return_lines SET sku_id = k.sku_id FROM skus k
    WHERE k.sku = return_lines.sku AND return_lines.shop_id = ${shopId}
      AND return_lines.rid IN (SELECT a.rid FROM accepted_returns a JOIN staged_returns s ON s.n = a.n WHERE s.order_id IS NULL)`);
}

/** Takes numbers for the rows of a query from its FROM on: the first of them, null where there are no rows. */
async function takeFor(tx: Transaction, table: NumberedTable, from: Sql): Promise<number | null> {
  const [fresh] = await tx.query<{ n: number }>(sql`SELECT count(*) AS n ${from}`);
  return fresh!.n === 0 ? null : tx.numbers(table, fresh!.n);
}

/** Ties the claims of a shop that wait for their order to it, where it has come in; an order keeps its number for ever. */
export async function linkReturns(tx: Transaction, shopId: number): Promise<void> {
  if (await tieReturns(tx, shopId)) await renewReturnedPieces(tx, ordersOfClaims(LINKED));
}

/** The same without what follows from it; whether there were any. They are `linked_returns` then. */
async function tieReturns(tx: Transaction, shopId: number): Promise<boolean> {
  const [waiting] = await tx.query<{ first: string | null; last: string | null }>(
    sql`SELECT min(created_at) AS first, max(created_at) AS last FROM returns WHERE shop_id = ${shopId} AND oid IS NULL
      AND order_id IS NOT NULL`,
  );
  if (!waiting || waiting.first === null || waiting.last === null) return false;
  const from = Temporal.Instant.from(waiting.first).subtract({ hours: 24 * LONGEST_DAYS });
  const to = Temporal.Instant.from(waiting.last);
  await tx.run(sql`
    UPDATE returns SET oid = o.oid FROM orders o
    WHERE returns.oid IS NULL AND returns.shop_id = ${shopId} AND o.shop_id = ${shopId} AND o.order_id = returns.order_id
      AND o.purchased_at >= ${from} AND o.purchased_at <= ${to}`);
  await tx.run(raw('DROP TABLE IF EXISTS linked_returns'));
  await tx.run(sql`
    CREATE TEMP TABLE linked_returns AS
    SELECT r.rid, r.oid FROM returns r WHERE r.oid IS NOT NULL AND r.shop_id = ${shopId}
      AND r.rid IN (SELECT rid FROM return_lines WHERE oid IS NULL AND shop_id = ${shopId})`);
  // By the line where the claim names it, else by the SKU it names: a claim knows the seller's SKU or the platform's.
  await tx.run(sql`
    UPDATE return_lines SET oid = found.oid, shop_day = found.shop_day, sku_id = found.sku_id
    FROM (
      SELECT w.rid, w.line_no, l.oid, l.shop_day, l.sku_id,
        row_number() OVER (PARTITION BY w.rid, w.line_no ORDER BY CASE WHEN l.line_id = w.line_id THEN 0 ELSE 1 END, l.line_no) AS place
      FROM return_lines w
      JOIN linked_returns r ON r.rid = w.rid
      JOIN lines l ON l.oid = r.oid AND l.shop_id = ${shopId}
      JOIN skus k ON k.sku_id = l.sku_id
      JOIN listings g ON g.listing_id = l.listing_id
      WHERE w.oid IS NULL AND (l.line_id = w.line_id OR k.sku = w.sku OR g.platform_sku = w.sku)) AS found
    WHERE found.place = 1 AND return_lines.rid = found.rid AND return_lines.line_no = found.line_no`);
  return true;
}

/** Claims carry the SKU and the day of the line they are about: those of orders made anew, in table `accepted`, are tied anew. */
export async function followRebuilt(tx: Transaction): Promise<void> {
  const shops = await tx.query<{ shop_id: number }>(
    sql`SELECT DISTINCT shop_id FROM returns WHERE oid IN (SELECT oid FROM accepted) ORDER BY 1`,
  );
  if (shops.length === 0) return;
  await tx.run(sql`UPDATE returns SET oid = NULL WHERE oid IN (SELECT oid FROM accepted)`);
  await tx.run(sql`UPDATE return_lines SET oid = NULL, sku_id = NULL, shop_day = NULL WHERE oid IN (SELECT oid FROM accepted)`);
  for (const { shop_id: shopId } of shops) await linkReturns(tx, shopId);
}

/** The days of a shop's claims after its clock was changed. */
export async function moveReturnDays(tx: Transaction, shopId: number, zone: string): Promise<void> {
  await tx.run(sql`
    UPDATE returns SET event_day = ((CASE WHEN state = 'completed' THEN updated_at ELSE created_at END) AT TIME ZONE ${zone})::date
    WHERE shop_id = ${shopId}`);
  await tx.run(
    sql`UPDATE return_lines SET event_day = r.event_day FROM returns r WHERE r.rid = return_lines.rid AND r.shop_id = ${shopId}`,
  );
  await tx.run(
    sql`UPDATE return_lines SET shop_day = o.shop_day FROM orders o WHERE o.oid = return_lines.oid AND return_lines.shop_id = ${shopId}`,
  );
}

function returnRow(claim: Return, n: number, shop: Shop): StagedValue[] {
  const at = (instant: Temporal.Instant): bigint => instant.epochNanoseconds / 1000n;
  return [
    n,
    claim.returnId,
    claim.orderId,
    claim.kind,
    claim.state,
    claim.platformStatus,
    claim.reason,
    claim.reasonText,
    at(claim.createdAt),
    at(claim.updatedAt),
    shopDay(claim.state === 'completed' ? claim.updatedAt : claim.createdAt, shop.zone),
    claim.goodsBack,
    claim.currency,
    claim.refundAmount,
    claim.fate ?? null,
    fingerprint(claim),
  ];
}

/** 63 bits that differ when anything about a claim differs. */
function fingerprint(claim: Return): bigint {
  const facts = JSON.stringify(claim, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
  return hash('sha256', facts, 'buffer').readBigUInt64BE(0) >> 1n;
}
