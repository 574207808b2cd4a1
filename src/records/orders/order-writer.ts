import type { PlatformId } from '../../model/shop.ts';
import { addDays, shopDay } from '../../model/shop-day.ts';
import { STAGED_BEST_DOCUMENT, STAGED_KEY, STAGED_ORDER, STAGED_STATE } from '../../model/staged-tables.ts';
import { Dictionaries, type Growth } from './dictionaries.ts';
import { keepDocuments, packDocuments, type DocumentSource } from '../documents.ts';
import type { Engine, Transaction } from '../../engines/engine.ts';
import { findKnown, type KnownOrder, type Search } from './known-orders.ts';
import { sumDays, type ShopDay } from './order-days.ts';
import { addJoins, keepOrderDocuments, NO_JOINS, type JoinCounts } from './order-documents.ts';
import { joinWithStored, type JoinedWithStored } from './order-joining.ts';
import { LINE_ROW, orderRow, STAGED_LINES, STAGED_ORDERS } from './order-rows.ts';
import { StagedOrders, type ShopOrder } from './order-staging.ts';
import { join, raw, sql, type Sql } from '../../engines/sql.ts';
import { insertFrom, stagedRow } from '../insertion.ts';
import type { Delivery, OrderFollower, RecordSource, WriteCounts } from '../kind.ts';
import { StagedTable } from '../../engines/staged-table.ts';

/** An order on its way into the store, with the document it was read from. */
export interface DeliveredOrder extends ShopOrder {
  /** The source's own record as text, personal data gone; kept in the block of its batch. */
  readonly document: string;
}

/** What became of orders that were delivered. */
export interface OrderCounts extends WriteCounts {
  /** How orders came together with what was stored of them from elsewhere; absent where none did. */
  readonly joins?: JoinCounts;
}

/** What is written in the same transaction as a batch. */
export interface BatchCompanions extends Pick<Delivery, 'followers' | 'parts'> {
  /** Where the documents of what is taken are kept under: an import, or a stream of each order's shop; null keeps none. */
  readonly source: RecordSource | { readonly importId: number } | null;
  /** Runs in the batch's transaction, the last one where there are several: the progress of whoever delivers. */
  readonly commit?: (tx: Transaction, written: OrderCounts) => Promise<void>;
}

/** Half a step back in time: a file that knows only the day and an API that knows the second mean the same order. */
const PRUNE_MARGIN = { hours: 48 } as const;
const OLD_AFTER_MS = 30 * 86_400_000;

/**
 * Stores orders with their lines: by shop and order id, the newest state wins, the same delivery twice changes nothing. An order that
 * several sources tell of, or several files, is made of the documents of all of them ({@link joinParts}). Orders far older than the rest go
 * in a transaction of their own, for one of them would make the engine read the whole table; so do, of a stream, those of each shop, whose
 * documents are kept under it.
 */
export async function writeOrders(engine: Engine, delivered: readonly DeliveredOrder[], companions: BatchCompanions): Promise<OrderCounts> {
  let total: OrderCounts = { added: 0, changed: 0, unchanged: delivered.length };
  const dictionaries = Dictionaries.of(engine);
  // All rows are made before the first transaction: the database works on the batch before meanwhile.
  const batches: Batch[] = [];
  const apart =
    companions.source && 'stream' in companions.source ? [...Map.groupBy(delivered, ({ shop }) => shop.shopId).values()] : [delivered];
  for (const orders of apart.flatMap(splitOldOutliers).map(newestOfEach)) batches.push({ orders, staged: await StagedOrders.of(orders) });
  for (const [i, batch] of batches.entries()) {
    const { written, keep } = await engine.transaction(async (tx) => {
      const { added, changed, joins, keep: keepNumbers } = await writeBatch(tx, batch, { ...companions, dictionaries });
      const sum = {
        added: total.added + added,
        changed: total.changed + changed,
        unchanged: total.unchanged - added - changed,
        ...(joins || total.joins ? { joins: addJoins(joins ?? NO_JOINS, total.joins ?? NO_JOINS) } : {}),
      };
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
    const {
      shop: { shopId },
      order: { orderId, updatedAt },
    } = each;
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

interface Taking extends Pick<BatchCompanions, 'source' | 'parts' | 'followers'> {
  readonly dictionaries: Dictionaries;
}

async function writeBatch(tx: Transaction, { orders, staged }: Batch, { source: from, parts, followers, dictionaries }: Taking) {
  const oldest = orders[0]!.order.purchasedAt.subtract(PRUNE_MARGIN);
  await tx.stageTable('staged_keys', new StagedTable(STAGED_KEY, staged.orders));
  await tx.stageTable('staged_states', staged.states);
  const shopIds = new Set(orders.map(({ shop }) => shop.shopId));
  const source: DocumentSource | null = from && ('stream' in from ? { ...from, shopId: orders[0]!.shop.shopId } : from);
  const shopId = shopIds.size === 1 ? orders[0]!.shop.shopId : undefined;
  const search: Search = { oldest, source, shopId, orders: orders.length };
  const joining = await joinWithStored(tx, { orders, staged, known: await findKnown(tx, search) }, { search, source, parts });
  const { accepted, joined, known } = joining;
  const taken = [...accepted, ...joined.map(({ n }) => n)];
  const { joins } = joining;
  if (taken.length === 0) return { added: 0, changed: 0, joins, keep: () => undefined };

  // Packed on another thread while the database works.
  const packed = source && packDocuments(joining.documents);
  packed?.catch(() => undefined);
  for (const n of taken) staged.name(n);
  const { numbered, keep } = await dictionaries.grow(tx, staged, followers);
  const places = new Map([...accepted.map((n, i) => [n, i] as const), ...joined.map(({ n, best }) => [n, best.documentNo] as const)]);
  const all = [...orders, ...joining.added];
  const fresh = await takeNumbers(tx, { orders: all, staged, taken, places, known, numbered });
  const changed = taken.length - fresh;
  const blockId =
    source && packed && joining.documents.length > 0
      ? await keepDocuments(tx, { source, documents: joining.documents.length, packed: await packed })
      : null;
  // Each new status is kept with the instant the source gave it: a state that a later one replaces is not lost.
  await tx.run(
    insertFrom(
      'status_changes',
      stagedRow('status_changes', { s: STAGED_ORDER, t: STAGED_STATE }, { changed_at: raw('s.updated_at') }),
      raw('FROM staged_orders s JOIN staged_states t ON t.state_n = s.state_n WHERE s.moved'),
    ),
  );
  if (changed > 0) {
    const reach = reachOf(oldest, taken, known);
    await tx.run(sql`DELETE FROM lines USING staged_orders s WHERE lines.oid = s.old_oid AND lines.shop_day >= ${reach.day}::date`);
    await tx.run(sql`DELETE FROM orders USING staged_orders s WHERE orders.oid = s.old_oid AND orders.purchased_at >= ${reach.at}`);
  }
  await tx.run(insertFrom('orders', orderRow(await blockOf(tx, joined, blockId)), STAGED_ORDERS));
  await tx.run(insertFrom('lines', LINE_ROW, STAGED_LINES));
  await keepOrderDocuments(tx, joining.noted, blockId);
  if (taken.some((n) => (known.get(n)?.left_shop ?? null) !== null)) await moveTied(tx, followers);
  await sumDays(tx, changedDays({ orders: all, staged }, taken, known));
  await tieWhatWaits(tx, shopIds, followers);
  const lines = () => taken.values().flatMap((n) => all[n]!.order.lines);
  for (const follower of followers) await follower.written?.(tx, { changed, lines });
  return { added: fresh, changed, joins, keep };
}

/** The stretch of the large tables in which the stored ones of what is taken lie. */
function reachOf(
  oldest: Temporal.Instant,
  taken: readonly number[],
  known: ReadonlyMap<number, KnownOrder>,
): { readonly at: Temporal.Instant; readonly day: string } {
  let at = oldest;
  for (const n of taken) {
    const was = known.get(n)?.was_at ?? null;
    if (was !== null && Temporal.Instant.compare(was, at) < 0) at = Temporal.Instant.from(was);
  }
  return { at, day: addDays(shopDay(at, 'UTC'), -1) };
}

/** In which block the document lies that an order names as its own. */
async function blockOf(tx: Transaction, joined: readonly JoinedWithStored[], blockId: number | null): Promise<Sql> {
  if (joined.length === 0) return sql`${blockId}::integer`;
  await tx.stage(
    'best_documents',
    STAGED_BEST_DOCUMENT,
    joined.map(({ n, best }) => [n, best.blockId]),
  );
  return sql`coalesce((SELECT b.block_id FROM best_documents b WHERE b.n = s.n), ${blockId}::integer)`;
}

/** What is tied to an order of a file's shop goes with it to the shop that it is of. */
async function moveTied(tx: Transaction, followers: readonly OrderFollower[]): Promise<void> {
  for (const table of followers.flatMap(({ tied }) => tied ?? [])) {
    await tx.run(
      sql`UPDATE ${raw(table)} SET shop_id = s.shop_id FROM staged_orders s WHERE s.old_oid = ${raw(table)}.oid
        AND s.shop_id <> ${raw(table)}.shop_id`,
    );
  }
}

/** The days that what is taken is on now, and those that it leaves. */
function changedDays({ orders, staged }: Batch, taken: readonly number[], known: ReadonlyMap<number, KnownOrder>): ShopDay[] {
  const byShop = new Map<number, Set<string>>();
  const add = (shopId: number, day: string): void => {
    let days = byShop.get(shopId);
    if (!days) byShop.set(shopId, (days = new Set()));
    days.add(day);
  };
  for (const n of taken) {
    const { shopId } = orders[n]!.shop;
    const { left_day: left = null, left_shop: leftShop = null } = known.get(n) ?? {};
    add(shopId, staged.days[n]!);
    if (left !== null) add(leftShop ?? shopId, left);
  }
  return [...byShop].flatMap(([shopId, days]) => [...days].map((day) => ({ shopId, day })));
}

/** What names an order may come before it. */
async function tieWhatWaits(tx: Transaction, shopIds: ReadonlySet<number>, followers: readonly OrderFollower[]): Promise<void> {
  const queries = followers.flatMap(({ waiting }, n) =>
    waiting ? [sql`SELECT ${raw(String(n))} AS follower, shop_id FROM (${waiting}) AS w`] : [],
  );
  if (queries.length === 0) return;
  const waiting = await tx.query<{ follower: number; shop_id: number }>(
    sql`SELECT DISTINCT follower, shop_id FROM (${join(queries, ' UNION ALL ')}) AS waiting ORDER BY shop_id, follower`,
  );
  for (const { follower, shop_id: shopId } of waiting) if (shopIds.has(shopId)) await followers[follower]!.tie?.(tx, shopId);
}

interface Taken extends Batch, Pick<Growth, 'numbered'> {
  readonly taken: readonly number[];
  /** Where in its block the document of each lies. */
  readonly places: ReadonlyMap<number, number>;
  readonly known: ReadonlyMap<number, KnownOrder>;
}

/**
 * Gives the orders that are taken and new buyers their numbers, and leaves orders and lines so in temporary tables; how many orders are
 * new.
 */
async function takeNumbers(tx: Transaction, { orders, staged, taken, places, known, numbered }: Taken): Promise<number> {
  const added = taken.reduce((sum, n) => sum + ((known.get(n)?.oid ?? null) === null ? 1 : 0), 0);
  const newBuyers = new Map<PlatformId, Map<bigint, number>>();
  /** By the order that brings each. */
  const newcomers = new Map<number, number>();
  for (const n of taken) {
    const {
      shop: { platform },
      order: { buyer },
    } = orders[n]!;
    if (buyer === null || (known.get(n)?.buyer_id ?? null) !== null) continue;
    const buyers = newBuyers.getOrInsertComputed(platform, () => new Map<bigint, number>());
    if (!buyers.has(buyer)) {
      buyers.set(buyer, newcomers.size);
      newcomers.set(n, newcomers.size);
    }
  }
  let nextOid = added > 0 ? await tx.numbers('orders', added) : 0;
  const firstBuyer = newcomers.size > 0 ? await tx.numbers('buyers', newcomers.size) : 0;
  for (const n of taken) {
    const {
      shop: { platform },
      order: { buyer },
    } = orders[n]!;
    const stored = known.get(n);
    const oldOid = stored?.oid ?? null;
    const buyerId = stored?.buyer_id ?? (buyer === null ? null : firstBuyer + newBuyers.get(platform)!.get(buyer)!);
    staged.take(
      n,
      {
        oid: oldOid ?? nextOid++,
        oldOid,
        moved: oldOid === null || stored!.moved!,
        buyerId,
        isNewBuyer: newcomers.has(n),
        documentNo: places.get(n)!,
      },
      numbered,
    );
  }
  await tx.stageTable('staged_orders', staged.orders);
  await tx.stageTable('staged_lines', staged.lines);
  if (newcomers.size > 0) {
    await tx.run(
      insertFrom(
        'buyers',
        { buyer_id: raw('s.buyer_id'), platform: raw('h.platform'), hash: raw('s.buyer_hash') },
        raw('FROM staged_orders s JOIN shops h ON h.shop_id = s.shop_id WHERE s.new_buyer'),
      ),
    );
  }
  return added;
}
