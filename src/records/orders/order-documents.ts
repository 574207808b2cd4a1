import { setImmediate } from 'node:timers/promises';
import { bestPart, joinParts, partsThatTell, piecesIn, type OrderPart } from '../../model/order-parts.ts';
import type { Order } from '../../model/order.ts';
import type { Shop } from '../../model/shop.ts';
import { STAGED_FOUND_DOCUMENT, STAGED_ORDER_DOCUMENT, STAGED_REBUILT } from '../../model/staged-tables.ts';
import { unpackDocuments, type KeptBlock } from '../documents.ts';
import type { Row, StagedValue, Transaction } from '../../engines/engine.ts';
import { raw, sql } from '../../engines/sql.ts';
import type { PartReader } from '../kind.ts';
import { insertAll, insertFrom } from '../insertion.ts';

/** A document of an order, and what it says. */
export interface KeptPart {
  /** Null: in the block that is being written. */
  readonly blockId: number | null;
  readonly documentNo: number;
  readonly part: OrderPart;
}

/** An order made of its documents, and those of them that are needed, in the order they were told. */
export interface JoinedOrder {
  readonly order: Order;
  readonly documents: readonly KeptPart[];
  /** Where the one lies that knows it best. */
  readonly best: KeptPart;
}

/** Makes one order of what all its documents say. */
export function joinKept(kept: readonly KeptPart[]): JoinedOrder {
  const parts = partsThatTell(kept.map(({ part }) => part));
  const documents = kept.filter(({ part }) => parts.includes(part));
  const best = bestPart(parts);
  return { order: parts.length === 1 ? best.order : joinParts(parts), documents, best: documents.find(({ part }) => part === best)! };
}

/** How orders came together with what was stored of them, for the answer of an import. */
export interface JoinCounts {
  /** Orders that several documents tell of. */
  readonly joined: number;
  /** Of those, orders with pieces that the delivered document does not tell of. */
  readonly piecesKept: number;
  /** Orders whose stored state is newer than the one delivered. */
  readonly keptNewer: number;
  /** Of those, orders of which no date says so: the one further on its way was kept. */
  readonly keptByStatus: number;
}

export const NO_JOINS: JoinCounts = { joined: 0, piecesKept: 0, keptNewer: 0, keptByStatus: 0 };

/** What is to be said of an order that was made of a delivered document and others. */
export function joinCountsOf({ order, documents }: JoinedOrder, delivered: OrderPart): JoinCounts {
  const told = delivered.order;
  const keepsState = order.status !== told.status || order.outcome !== told.outcome;
  // What a report of parcels says of the state was never asked for.
  const keptNewer = keepsState && delivered.teller.scope !== 'part';
  const joined = documents.length > 1;
  return {
    joined: joined ? 1 : 0,
    piecesKept: piecesIn(order) > piecesIn(told) ? 1 : 0,
    keptNewer: keptNewer ? 1 : 0,
    keptByStatus: keptNewer && Temporal.Instant.compare(order.updatedAt, told.updatedAt) === 0 ? 1 : 0,
  };
}

export function addJoins(a: JoinCounts, b: JoinCounts): JoinCounts {
  return {
    joined: a.joined + b.joined,
    piecesKept: a.piecesKept + b.piecesKept,
    keptNewer: a.keptNewer + b.keptNewer,
    keptByStatus: a.keptByStatus + b.keptByStatus,
  };
}

interface Place extends Row {
  readonly n: number;
  readonly block_id: number;
  readonly document_no: number;
}

const TURN = 200;

/**
 * The documents of stored orders with what they say, by the order's place in the list, in the order they were told. Null where
 * one of them cannot be read: what it told is in the store alone. Blocks are read one by one, so that only what is wanted stays in memory.
 */
export async function readKeptParts(
  tx: Transaction,
  read: PartReader,
  orders: readonly { readonly oid: number; readonly shop: Shop }[],
): Promise<ReadonlyMap<number, readonly KeptPart[] | null>> {
  await tx.stage(
    'wanted_orders',
    STAGED_REBUILT,
    orders.map(({ oid }, n) => [n, oid]),
  );
  const places = await tx.query<Place>(
    raw(`
    SELECT w.n, d.block_id, d.document_no FROM wanted_orders w JOIN order_documents d ON d.oid = w.oid
    UNION ALL
    SELECT w.n, o.block_id, o.document_no FROM wanted_orders w JOIN orders o ON o.oid = w.oid
    WHERE o.oid NOT IN (SELECT oid FROM order_documents) AND o.block_id IS NOT NULL AND o.document_no IS NOT NULL
    ORDER BY 2, 3`),
  );
  const kept = new Map<number, KeptPart[] | null>();
  for (const [blockId, own] of Map.groupBy(places, ({ block_id }) => block_id)) {
    const [block] = await tx.query<KeptBlock & Row>(
      sql`SELECT block_id, import_id, shop_id, stream, documents FROM blocks WHERE block_id = ${blockId}`,
    );
    const documents = block && (await unpackDocuments(tx, [block])).get(blockId);
    for (const [i, { n, document_no: documentNo }] of own.entries()) {
      if (i % TURN === TURN - 1) await setImmediate();
      const document = documents?.[documentNo];
      const part = block && document !== undefined ? await read(block, document, orders[n]!.shop) : null;
      const before = kept.get(n);
      if (part === null) kept.set(n, null);
      else if (before) before.push({ blockId, documentNo, part });
      else if (before === undefined) kept.set(n, [{ blockId, documentNo, part }]);
    }
  }
  return kept;
}

/** Notes what orders are made of, in place of what was noted: nothing where it is one document, which the order itself names. */
export async function keepOrderDocuments(
  tx: Transaction,
  orders: readonly { readonly oid: number; readonly documents: readonly KeptPart[] }[],
  blockId: number | null,
): Promise<void> {
  if (orders.length === 0) return;
  await tx.stage(
    'noted_documents',
    STAGED_ORDER_DOCUMENT,
    orders.flatMap(({ oid, documents }, n) => [
      [n, oid, null, null],
      ...documents.map((each): StagedValue[] => [n, oid, each.blockId ?? blockId, each.documentNo]),
    ]),
  );
  await tx.run(raw('DELETE FROM order_documents WHERE oid IN (SELECT oid FROM noted_documents)'));
  await tx.run(
    insertAll(
      'order_documents',
      raw('noted_documents'),
      raw(`
    WHERE block_id IS NOT NULL AND n IN (SELECT n FROM noted_documents GROUP BY n HAVING count(block_id) > 1) ORDER BY n, block_id, document_no`),
    ),
  );
}

/** Lets orders name another document as their own where that which they name is needed no more; which orders do. */
export async function chooseOwnDocuments(
  tx: Transaction,
  orders: readonly ({ readonly oid: number } & JoinedOrder)[],
): Promise<readonly number[]> {
  if (orders.length === 0) return [];
  await tx.stage(
    'needed_documents',
    STAGED_ORDER_DOCUMENT,
    orders.flatMap(({ oid, documents }, n) => documents.map(({ blockId, documentNo }): StagedValue[] => [n, oid, blockId, documentNo])),
  );
  const others = await tx.query<{ oid: number }>(
    raw(`
    SELECT o.oid FROM orders o WHERE o.oid IN (SELECT oid FROM needed_documents)
      AND NOT EXISTS (SELECT 1 FROM needed_documents d WHERE d.oid = o.oid AND d.block_id = o.block_id AND d.document_no = o.document_no)`),
  );
  const left = new Set(others.map(({ oid }) => oid));
  const own = orders.filter(({ oid }) => left.has(oid));
  if (own.length === 0) return [];
  await tx.stage(
    'own_documents',
    STAGED_ORDER_DOCUMENT,
    own.map(({ oid, best }, n): StagedValue[] => [n, oid, best.blockId, best.documentNo]),
  );
  await tx.run(raw('UPDATE orders SET block_id = d.block_id, document_no = d.document_no FROM own_documents d WHERE d.oid = orders.oid'));
  return own.map(({ oid }) => oid);
}

/** A kept document of an order that does not name it. */
export interface FoundDocument {
  readonly orderId: string;
  readonly documentNo: number;
  /** The shop that the document names; null where it names none. */
  readonly shop: string | null;
}

/**
 * Notes documents of a block with the stored orders they tell of, beside the one that each order names. Nothing is noted where no such
 * order is stored, or several shops have one and the document names none of them.
 */
export async function noteEarlierDocuments(
  tx: Transaction,
  { block_id: blockId }: Pick<KeptBlock, 'block_id'>,
  found: readonly FoundDocument[],
  { platform, shopId }: { readonly platform: string; readonly shopId: number | null },
): Promise<void> {
  if (found.length === 0) return;
  await tx.stage(
    'found_documents',
    STAGED_FOUND_DOCUMENT,
    found.map(({ orderId, documentNo, shop }): StagedValue[] => [orderId, documentNo, shop]),
  );
  await tx.run(raw('DROP TABLE IF EXISTS matched_documents'));
  await tx.run(sql`
    CREATE TEMP TABLE matched_documents AS
    SELECT oid, document_no FROM (
      SELECT o.oid, f.document_no, h.shop = f.shop AS named, count(*) OVER (PARTITION BY f.document_no) AS orders
      FROM found_documents f JOIN orders o ON o.order_id = f.order_id JOIN shops h ON h.shop_id = o.shop_id
      WHERE h.platform = ${platform} AND ${shopId === null ? sql`true` : sql`o.shop_id = ${shopId}`} AND o.block_id IS NOT NULL
      AND o.document_no IS NOT NULL) AS m
    WHERE named OR orders = 1`);
  await tx.run(
    insertAll(
      'order_documents',
      raw('orders'),
      raw('WHERE oid IN (SELECT oid FROM matched_documents) AND oid NOT IN (SELECT oid FROM order_documents)'),
    ),
  );
  await tx.run(
    insertFrom(
      'order_documents',
      { oid: raw('oid'), block_id: blockId, document_no: raw('document_no') },
      raw('FROM matched_documents ORDER BY oid, document_no'),
    ),
  );
}
