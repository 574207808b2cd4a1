import type { PlatformId } from '../model/shop.ts';
import { addDays, shopDay } from '../model/shop-day.ts';
import { STAGED_KEY } from '../model/tables.ts';
import { Dictionaries, type Growth } from './dictionaries.ts';
import { keepDocuments, packDocuments, type DocumentSource } from './documents.ts';
import type { Engine, Row, Transaction } from './engine.ts';
import { sumDays, type ShopDay } from './order-days.ts';
import { StagedOrders, type ShopOrder } from './order-staging.ts';
import { linkPriceDetails } from './price-detail-writer.ts';
import { linkReturns } from './return-writer.ts';
import { renewReturnedPiecesOfStaged, tellsOfReturn } from './returned-pieces.ts';
import { raw, sql, type Sql } from './sql.ts';
import { StagedTable } from './staged-table.ts';

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
  let total: WriteCounts = { added: 0, changed: 0, unchanged: delivered.length };
  const dictionaries = Dictionaries.of(engine);
  // All rows are made before the first transaction: the database works on the batch before meanwhile.
  const batches: Batch[] = [];
  for (const orders of splitOldOutliers(delivered).map(newestOfEach)) batches.push({ orders, staged: await StagedOrders.of(orders) });
  for (const [i, batch] of batches.entries()) {
    const { written, keep } = await engine.transaction(async (tx) => {
      const { added, changed, keep: keepNumbers } = await writeBatch(tx, batch, { source: companions.source, dictionaries });
      const sum = { added: total.added + added, changed: total.changed + changed, unchanged: total.unchanged - added - changed };
      if (i === batches.length - 1) await companions.commit?.(tx, sum);
      return { written: sum, keep: keepNumbers };
    });
    keep();
    total = written;
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

/** An order that comes twice at once counts as it was last; of two states told with the same time, the one told later. */
function newestOfEach(delivered: readonly DeliveredOrder[]): readonly DeliveredOrder[] {
  const byShop = new Map<number, Map<string, DeliveredOrder>>();
  let kept = 0;
  for (const each of delivered) {
    const { shop: { shopId }, order: { orderId, updatedAt } } = each;
    let orders = byShop.get(shopId);
    if (!orders) byShop.set(shopId, (orders = new Map()));
    const before = orders.get(orderId);
    if (!before) kept += 1;
    if (!before || Temporal.Instant.compare(updatedAt, before.order.updatedAt) >= 0) orders.set(orderId, each);
  }
  return kept === delivered.length ? delivered : delivered.filter((each) => byShop.get(each.shop.shopId)!.get(each.order.orderId) === each);
}

interface Batch {
  readonly orders: readonly DeliveredOrder[];
  readonly staged: StagedOrders;
}

/** What the store knows of a staged order: the order itself, or its buyer. */
interface Known extends Row {
  n: number; oid: number | null; buyer_id: number | null; newer: boolean | null; moved: boolean | null;
  /** The shop day it was on, where that is another than now. */
  left_day: string | null;
}

async function writeBatch(tx: Transaction, { orders, staged }: Batch, { source, dictionaries }: { source: DocumentSource | null; dictionaries: Dictionaries }) {
  const oldest = orders[0]!.order.purchasedAt.subtract(PRUNE_MARGIN);
  const oldestDay = addDays(shopDay(oldest, 'UTC'), -1);
  await tx.stageTable('staged_keys', new StagedTable(STAGED_KEY, staged.orders));
  await tx.stageTable('staged_states', staged.states);
  const known = await tx.query<Known>(sql`
    SELECT s.n, o.oid, b.buyer_id, s.updated_at >= o.updated_at AND s.fingerprint <> o.fingerprint AS newer,
      o.status <> t.status OR o.outcome <> t.outcome OR coalesce(o.platform_status, '') <> coalesce(t.platform_status, '') AS moved,
      CASE WHEN o.shop_day <> s.shop_day THEN o.shop_day END AS left_day
    FROM staged_keys s
    JOIN staged_states t ON t.state_n = s.state_n
    JOIN shops h ON h.shop_id = s.shop_id
    LEFT JOIN orders o ON o.shop_id = s.shop_id AND o.order_id = s.order_id AND o.purchased_at >= ${oldest}
    LEFT JOIN buyers b ON b.platform = h.platform AND b.hash = s.buyer_hash
    WHERE o.oid IS NOT NULL OR b.buyer_id IS NOT NULL`);
  const knownOf = new Map(known.map((each) => [each.n, each]));
  const accepted = orders.keys().filter((n) => knownOf.get(n)?.newer ?? true).toArray();
  if (accepted.length === 0) return { added: 0, changed: 0, keep: () => undefined };

  // Packed on another thread while the database works.
  const packed = source && packDocuments(accepted.map((n) => orders[n]!.document));
  packed?.catch(() => undefined);
  for (const n of accepted) staged.name(n);
  const { keep, ...numbers } = await dictionaries.grow(tx, staged);
  const fresh = await takeNumbers(tx, { orders, staged, accepted, knownOf, ...numbers });
  const changed = accepted.length - fresh.orders;
  const blockId = source && packed ? await keepDocuments(tx, { source, documents: accepted.length, packed: await packed }) : null;
  // Each new status is kept with the instant the source gave it: a state that a later one replaces is not lost.
  await tx.run(raw(`
    INSERT INTO status_changes
    SELECT s.oid, s.updated_at, t.status, t.outcome, t.platform_status
    FROM staged_orders s JOIN staged_states t ON t.state_n = s.state_n
    WHERE s.moved`));
  if (changed > 0) {
    await tx.run(sql`DELETE FROM lines USING staged_orders s WHERE lines.oid = s.old_oid AND lines.shop_day >= ${oldestDay}::date`);
    await tx.run(sql`DELETE FROM orders USING staged_orders s WHERE orders.oid = s.old_oid AND orders.purchased_at >= ${oldest}`);
  }
  await tx.run(sql`INSERT INTO orders ${orderRows(sql`${blockId}::integer`)}`);
  await tx.run(sql`INSERT INTO lines ${lineRows}`);
  await sumDays(tx, changedDays({ orders, staged }, accepted, knownOf));
  await linkWhatWaits(tx, new Set(accepted.map((n) => orders[n]!.shop.shopId)));
  // Of new orders nobody says that anything came back, as a rule.
  if (changed > 0 || accepted.some((n) => orders[n]!.order.lines.some(tellsOfReturn))) await renewReturnedPiecesOfStaged(tx);
  return { added: fresh.orders, changed, keep: () => keep(fresh) };
}

/** The days that what is taken is on now, and those that it leaves. */
function changedDays({ orders, staged }: Batch, accepted: readonly number[], knownOf: ReadonlyMap<number, Known>): ShopDay[] {
  const byShop = new Map<number, Set<string>>();
  for (const n of accepted) {
    const { shopId } = orders[n]!.shop;
    const left = knownOf.get(n)?.left_day ?? null;
    let days = byShop.get(shopId);
    if (!days) byShop.set(shopId, (days = new Set()));
    days.add(staged.days[n]!);
    if (left !== null) days.add(left);
  }
  return [...byShop].flatMap(([shopId, days]) => [...days].map((day) => ({ shopId, day })));
}

/** Claims and price details may come before their order. */
async function linkWhatWaits(tx: Transaction, shopIds: ReadonlySet<number>): Promise<void> {
  const waiting = await tx.query<{ shop_id: number }>(raw(`
    SELECT shop_id FROM returns WHERE oid IS NULL UNION SELECT shop_id FROM price_details WHERE oid IS NULL`));
  for (const { shop_id: shopId } of waiting) {
    if (!shopIds.has(shopId)) continue;
    await linkReturns(tx, shopId);
    await linkPriceDetails(tx, shopId);
  }
}

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

interface Accepted extends Batch, Pick<Growth, 'numbered' | 'last'> {
  readonly accepted: readonly number[];
  readonly knownOf: ReadonlyMap<number, Known>;
}

/** Gives the orders that are taken and new buyers their numbers, and leaves orders and lines so in temporary tables. */
async function takeNumbers(tx: Transaction, { orders, staged, accepted, knownOf, numbered, last }: Accepted): Promise<{ orders: number; buyers: number }> {
  let added = 0;
  let newcomers = 0;
  const newBuyers = new Map<PlatformId, Map<bigint, number>>();
  for (const [documentNo, n] of accepted.entries()) {
    const { shop: { platform }, order: { buyer } } = orders[n]!;
    const stored = knownOf.get(n);
    const oldOid = stored?.oid ?? null;
    const oid = oldOid ?? last.oid + ++added;
    let buyers = newBuyers.get(platform);
    if (!buyers) newBuyers.set(platform, (buyers = new Map()));
    let buyerId = stored?.buyer_id ?? (buyer === null ? null : (buyers.get(buyer) ?? null));
    const isNewBuyer = buyer !== null && buyerId === null;
    if (isNewBuyer) buyers.set(buyer, (buyerId = last.buyer + ++newcomers));
    staged.take(n, { oid, oldOid, moved: oldOid === null || stored!.moved!, buyerId, isNewBuyer, documentNo }, numbered);
  }
  await tx.stageTable('staged_orders', staged.orders);
  await tx.stageTable('staged_lines', staged.lines);
  if (newcomers > 0) {
    await tx.run(raw(`
      INSERT INTO buyers SELECT s.buyer_id, h.platform, s.buyer_hash
      FROM staged_orders s JOIN shops h ON h.shop_id = s.shop_id WHERE s.new_buyer`));
  }
  return { orders: added, buyers: newcomers };
}
