import { setImmediate } from 'node:timers/promises';
import type { KeptBlock } from '../records/documents.ts';
import type { Row, Transaction } from '../engines/engine.ts';
import { chooseOwnDocuments, joinKept, keepOrderDocuments, readKeptParts, type JoinedOrder } from '../records/orders/order-documents.ts';
import { followers } from '../records/all.ts';
import type { OpenParts } from '../records/kind.ts';
import { rebuildOrders, type RebuiltOrder } from '../records/orders/order-rebuild.ts';
import { isOneOf, sql } from '../engines/sql.ts';
import { gatherChanges, type TableChanges } from '../engines/table-changes.ts';
import type { Order } from '../model/order.ts';
import type { Shop } from '../model/shop.ts';
import { RowRefused } from '../platforms/file-preset.ts';
import { DocumentRefused } from '../platforms/stream.ts';
import type { DocumentReader, openDocumentReaders } from './document-readers.ts';
import type { RefusedDocuments, ReplayedKind } from './replayed-kind.ts';

interface StoredOrder extends Row {
  readonly oid: number;
  readonly shop_id: number;
  readonly order_id: string;
  readonly block_id: number;
  readonly document_no: number | null;
  /** Whether several documents make it. */
  readonly several: boolean;
}

const STREAM = 'orders';
const TURN = 200;

/** Orders, of files and of platforms. */
export class Orders implements ReplayedKind {
  readonly changes: Record<string, TableChanges> = {};
  read = 0;
  notToldApart = 0;
  readonly #refused = new Map<string, RefusedDocuments>();
  readonly #shops: ReadonlyMap<number, Shop>;
  readonly #readerOf: ReturnType<typeof openDocumentReaders>;
  readonly #parts: OpenParts;
  /** Orders whose own document is another since: they are met again in its block. */
  readonly #done = new Set<number>();

  constructor(shops: readonly Shop[], readerOf: ReturnType<typeof openDocumentReaders>, parts: OpenParts) {
    this.#parts = parts;
    this.#shops = new Map(shops.map((shop) => [shop.shopId, shop]));
    this.#readerOf = readerOf;
  }

  get refused(): readonly RefusedDocuments[] {
    return [...this.#refused.values()];
  }

  holds({ import_id: importId, stream }: KeptBlock): boolean {
    return stream === STREAM || (importId !== null && stream === null);
  }

  async stored(tx: Transaction): Promise<number> {
    const [row] = await tx.query<{ n: number } & Row>(sql`SELECT count(*) AS n FROM orders`);
    return row!.n;
  }

  async rebuild(tx: Transaction, blocks: readonly KeptBlock[], documents: ReadonlyMap<number, readonly string[]>): Promise<void> {
    // The order knows its document by its block and its place in it; those of an order that several make are noted beside it.
    const stored = await tx.query<StoredOrder>(sql`
      SELECT oid, shop_id, order_id, block_id, document_no, oid IN (SELECT oid FROM order_documents) AS several FROM orders
      WHERE block_id >= ${blocks[0]!.block_id} AND block_id <= ${blocks.at(-1)!.block_id} AND ${isOneOf(
        sql`block_id`,
        blocks.map(({ block_id }) => block_id),
      )}
      ORDER BY block_id, document_no, oid`);
    const orders = stored.filter(({ oid, several }) => !several && !this.#done.has(oid));
    const byBlock = Map.groupBy(orders, ({ block_id }) => block_id);
    const rebuilt: RebuiltOrder[] = [];
    for (const block of blocks)
      rebuilt.push(...(await this.#ofBlock(block, byBlock.get(block.block_id) ?? [], documents.get(block.block_id)!)));
    const joined = await this.#ofSeveral(
      tx,
      stored.filter(({ oid, several }) => several && !this.#done.has(oid)),
    );
    gatherChanges(this.changes, await rebuildOrders(tx, [...rebuilt, ...joined], followers));
    await keepOrderDocuments(tx, joined, null);
    for (const oid of await chooseOwnDocuments(tx, joined)) this.#done.add(oid);
  }

  /** Orders that several documents make, with those of them that are needed. */
  async #ofSeveral(tx: Transaction, orders: readonly StoredOrder[]): Promise<(RebuiltOrder & JoinedOrder)[]> {
    if (orders.length === 0) return [];
    const wanted = orders.map(({ oid, shop_id: shopId }) => ({ oid, shop: this.#shops.get(shopId)! }));
    const kept = await readKeptParts(tx, this.#parts(tx), wanted);
    const joined: (RebuiltOrder & JoinedOrder)[] = [];
    for (const [i, { oid, order_id: orderId }] of orders.entries()) {
      if (i % TURN === TURN - 1) await setImmediate();
      const parts = kept.get(i) ?? null;
      if (parts === null || parts.some(({ part }) => part.order.orderId !== orderId)) {
        this.#refuse('orders of several documents', 'one of them no longer makes this order');
        continue;
      }
      this.read += 1;
      joined.push({ oid, shop: wanted[i]!.shop, ...joinKept(parts) });
    }
    return joined;
  }

  async #ofBlock(block: KeptBlock, orders: readonly StoredOrder[], documents: readonly string[]): Promise<RebuiltOrder[]> {
    const rebuilt: RebuiltOrder[] = [];
    const placed = orders.some(({ document_no }) => document_no === null) ? await this.#placesById(block, orders, documents) : null;
    for (const [i, { oid, shop_id: shopId, order_id: orderId, document_no: no }] of orders.entries()) {
      if (i % TURN === TURN - 1) await setImmediate();
      const shop = this.#shops.get(shopId)!;
      const reader = await this.#readerOf(block, shop);
      const document = documents[no ?? placed?.get(orderId) ?? -1];
      if (!reader || document === undefined) {
        this.notToldApart += 1;
        continue;
      }
      const order = this.#made(reader, document, shop);
      if (order && order.orderId !== orderId) this.#refuse(reader.source, 'order id: is another');
      if (order?.orderId !== orderId) continue;
      this.read += 1;
      rebuilt.push({ oid, shop, order });
    }
    return rebuilt;
  }

  /** The order of a document, or null when it makes none any more; that is counted. */
  #made(reader: DocumentReader, document: string, shop: Shop): Order | null {
    try {
      return reader.toCanonical(document, shop);
    } catch (error) {
      if (!(error instanceof DocumentRefused) && !(error instanceof RowRefused)) throw error;
      this.#refuse(reader.source, error.message);
      return null;
    }
  }

  #refuse(source: string, reason: string): void {
    const key = `${source} ${reason}`;
    this.#refused.set(key, { source, reason, documents: (this.#refused.get(key)?.documents ?? 0) + 1 });
  }

  /**
   * Where in a block the documents lie of orders that were stored before their place was noted: by an id that only one order and one
   * document has.
   */
  async #placesById(block: KeptBlock, orders: readonly StoredOrder[], documents: readonly string[]): Promise<Map<string, number>> {
    const places = new Map<string, number>();
    const repeated = new Set<string>();
    const shop = this.#shops.get(orders[0]!.shop_id)!;
    const reader = await this.#readerOf(block, shop);
    if (!reader) return places;
    for (const [no, document] of documents.entries()) {
      const id = reader.idOf(document, shop);
      if (id === null) continue;
      if (places.has(id)) repeated.add(id);
      places.set(id, no);
    }
    const seen = new Set<string>();
    for (const { order_id: id } of orders) {
      if (seen.has(id)) repeated.add(id);
      seen.add(id);
    }
    for (const id of repeated) places.delete(id);
    return places;
  }
}
