import { setImmediate } from 'node:timers/promises';
import type { OrderPart } from '../../model/order-parts.ts';
import { addDays } from '../../model/shop-day.ts';
import { STAGED_KEY, STAGED_TOLD_LINE } from '../../model/staged-tables.ts';
import type { Transaction } from '../../engines/engine.ts';
import { findKnown, type KnownOrder, type Search } from './known-orders.ts';
import {
  addJoins,
  joinCountsOf,
  joinKept,
  NO_JOINS,
  readKeptParts,
  type JoinCounts,
  type JoinedOrder,
  type KeptPart,
} from './order-documents.ts';
import type { StagedOrders } from './order-staging.ts';
import type { BatchCompanions, DeliveredOrder } from './order-writer.ts';
import { sql } from '../../engines/sql.ts';
import { StagedTable } from '../../engines/staged-table.ts';

/** An order made of several documents, with its place behind those of the batch. */
export interface JoinedWithStored extends JoinedOrder {
  readonly n: number;
}

interface Delivery {
  readonly orders: readonly DeliveredOrder[];
  readonly staged: StagedOrders;
  readonly known: ReadonlyMap<number, KnownOrder>;
}

/** What is written of a batch. */
export interface Joining {
  /** Orders that are taken as they were delivered, by their place in the batch. */
  readonly accepted: readonly number[];
  /** Orders that are taken as they came out of what is stored and delivered, and those of them that differ from what is stored. */
  readonly joined: readonly JoinedWithStored[];
  readonly added: readonly DeliveredOrder[];
  readonly known: ReadonlyMap<number, KnownOrder>;
  /** What is kept in the block of the batch: of those accepted in their order, then of those joined. */
  readonly documents: readonly string[];
  /** What each stored order is made of now, where that may be another than was noted. */
  readonly noted: readonly { readonly oid: number; readonly documents: readonly KeptPart[] }[];
  readonly joins?: JoinCounts;
}

const TURN = 100;

/**
 * Sorts a batch: what is new or takes a stored order's place, what changes nothing, and what makes one order with documents that are kept.
 */
export async function joinWithStored(
  tx: Transaction,
  { orders, staged, known }: Delivery,
  { search, source, parts }: { search: Search } & Pick<BatchCompanions, 'source' | 'parts'>,
): Promise<Joining> {
  const accepted: number[] = [];
  let together: number[] = [];
  for (const n of orders.keys()) {
    const { way = null, newer = true } = known.get(n) ?? {};
    if (way === null || way === 'alone' || (way === 'together' && !parts && newer)) accepted.push(n);
    else if (way === 'together' && parts) together.push(n);
  }
  const left =
    parts && source && !('stream' in source) ? await leavingLinesOut(tx, { orders, staged, known }, accepted) : new Set<number>();
  if (left.size > 0) together = [...together, ...left];
  const own = left.size > 0 ? accepted.filter((n) => !left.has(n)) : accepted;
  if (together.length === 0 || !parts || !source)
    return { accepted: own, joined: [], added: [], known, documents: own.map((n) => orders[n]!.document), noted: [] };
  return joinAll(tx, { orders, staged, known }, { own, together, search, source, parts });
}

interface Together extends Required<Pick<BatchCompanions, 'parts'>> {
  readonly own: number[];
  readonly together: readonly number[];
  readonly search: Search;
  readonly source: NonNullable<BatchCompanions['source']>;
}

async function joinAll(
  tx: Transaction,
  { orders, staged, known }: Delivery,
  { own, together, search, source, parts }: Together,
): Promise<Joining> {
  const read = parts(tx);
  const kept = await readKeptParts(
    tx,
    read,
    together.map((n) => ({ oid: known.get(n)!.oid!, shop: orders[n]!.shop })),
  );
  const block = { import_id: source.importId ?? null, stream: 'stream' in source ? source.stream : null };
  const made: { readonly of: number; readonly joined: JoinedOrder; readonly delivered: OrderPart }[] = [];
  for (const [i, n] of together.entries()) {
    if (i % TURN === TURN - 1) await setImmediate();
    const before = kept.get(i);
    const delivered = before && (await read(block, orders[n]!.document, orders[n]!.shop));
    if (delivered) made.push({ of: n, joined: joinKept([...before, { blockId: null, documentNo: -1, part: delivered }]), delivered });
    // What a document told that cannot be read any more is in the store alone.
    else if (known.get(n)!.newer) own.push(n);
  }
  const first = orders.length;
  await staged.add(made.map(({ of, joined }) => ({ shop: orders[of]!.shop, order: joined.order })));
  await tx.stageTable('staged_keys', new StagedTable(STAGED_KEY, staged.orders));
  await tx.stageTable('staged_states', staged.states);
  const again = await findKnown(tx, { ...search, orders: staged.orders.length }, first);
  const documents = own.map((n) => orders[n]!.document);
  const joined: JoinedWithStored[] = [];
  let joins = NO_JOINS;
  for (const [i, { of, joined: order, delivered }] of made.entries()) {
    joins = addJoins(joins, joinCountsOf(order, delivered));
    if (again.get(first + i)?.way === 'same') continue;
    const keepsDelivered = order.documents.some(({ blockId }) => blockId === null);
    const placed = (each: KeptPart): KeptPart => (each.blockId === null ? { ...each, documentNo: documents.length } : each);
    joined.push({ ...order, n: first + i, documents: order.documents.map(placed), best: placed(order.best) });
    if (keepsDelivered) documents.push(orders[of]!.document);
  }
  const noted = [
    ...joined.map(({ n, documents: ofOrder }) => ({ oid: again.get(n)!.oid!, documents: ofOrder })),
    ...own.flatMap((n) => (known.get(n)?.way === 'together' ? [{ oid: known.get(n)!.oid!, documents: [] }] : [])),
  ];
  return {
    accepted: own,
    joined,
    added: made.map(({ of, joined: { order } }) => ({ ...orders[of]!, order })),
    known: new Map([...known, ...again]),
    documents,
    noted,
    ...(Object.values(joins).some((count) => count > 0) ? { joins } : {}),
  };
}

/** Which of these orders take the place of one that has a line, or a price of it, that they do not tell. */
async function leavingLinesOut(tx: Transaction, { orders, known }: Delivery, accepted: readonly number[]): Promise<Set<number>> {
  const told = new StagedTable(STAGED_TOLD_LINE);
  const byOid = new Map<number, number>();
  let from: string | null = null;
  for (const n of accepted) {
    const oid = known.get(n)?.oid ?? null;
    if (oid === null) continue;
    byOid.set(oid, n);
    for (const line of orders[n]!.order.lines) told.add([oid, line.lineId, (line.netSales ?? line.grossSales) !== null]);
    const { left_day: leftDay } = known.get(n)!;
    if (leftDay !== null && (from === null || leftDay < from)) from = leftDay;
  }
  if (byOid.size === 0) return new Set();
  const day = [orders[0]!.order.purchasedAt.toString().slice(0, 10), ...(from === null ? [] : [from])].toSorted()[0]!;
  await tx.stageTable('told_lines', told);
  const rows = await tx.query<{ oid: number }>(sql`
    SELECT DISTINCT l.oid FROM lines l LEFT JOIN told_lines m ON m.oid = l.oid AND m.line_id = l.line_id
    WHERE l.shop_day >= ${addDays(day, -1)}::date AND l.oid IN (SELECT oid FROM told_lines) AND (m.oid IS NULL OR (NOT m.priced
    AND l.net_sales IS NOT NULL))`);
  return new Set(rows.map(({ oid }) => byOid.get(oid)!));
}
