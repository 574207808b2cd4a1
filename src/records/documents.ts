import { LRUCache } from 'lru-cache';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import type { Reader, Transaction } from '../engines/engine.ts';
import { isOneOf, sql, type Sql } from '../engines/sql.ts';
import { insertRow } from './insertion.ts';
import type { RecordKind } from './kind.ts';

/** Stands between the documents of a block: the group separator, which neither JSON nor a cell holds. */
const DOCUMENT_END = '\u001d';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** The documents of a batch as one zstd block, made on another thread: JSON text in a column would make commits pause. */
export function packDocuments(documents: readonly string[]): Promise<Uint8Array> {
  return compress(documents.join(DOCUMENT_END));
}

/** The same with their number, as {@link keepDocuments} takes them. */
export async function packed(documents: readonly string[]): Promise<{ readonly documents: number; readonly packed: Uint8Array }> {
  return { documents: documents.length, packed: await packDocuments(documents) };
}

/** Kept documents, which other kinds are made of: they are erased before what names them. */
export const documents: RecordKind = {
  tables: ['blocks', 'kept_under'],
  async erase(tx, shopId) {
    await tx.run(sql`
      DELETE FROM blocks WHERE shop_id = ${shopId} OR (block_id IN (${blocksOfOrders(sql`shop_id = ${shopId}`)})
        AND block_id NOT IN (${blocksOfOrders(sql`shop_id <> ${shopId}`)}))`);
  },
};

/** The blocks that hold documents of some orders. */
function blocksOfOrders(which: Sql): Sql {
  return sql`
    SELECT block_id FROM orders WHERE ${which} AND block_id IS NOT NULL
    UNION SELECT d.block_id FROM order_documents d JOIN orders o ON o.oid = d.oid WHERE ${which}`;
}

/** Where documents came from: the orders of a file import, its refunds of one shop, or a stream of a shop. */
export type DocumentSource =
  { readonly importId: number } | { readonly importId?: number; readonly shopId: number; readonly stream: string };

/** Keeps a packed block of so many documents and gives it its number. */
export async function keepDocuments(
  tx: Transaction,
  { source, documents, packed }: { source: DocumentSource; documents: number; packed: Uint8Array },
): Promise<number> {
  const blockId = await tx.numbers('blocks', 1);
  const { importId = null, shopId = null, stream = null } = 'stream' in source ? source : { importId: source.importId };
  await tx.run(insertRow('blocks', { block_id: blockId, import_id: importId, shop_id: shopId, stream, documents, body: packed }));
  return blockId;
}

/** A block as it is kept, without what is in it. */
export interface KeptBlock {
  readonly block_id: number;
  readonly import_id: number | null;
  readonly shop_id: number | null;
  readonly stream: string | null;
  readonly documents: number;
}

/** The next blocks after a number, in order: as many as hold so many documents, one at least; none at the end. */
export async function readBlocks(reader: Reader, after: number, documents: number): Promise<KeptBlock[]> {
  const blocks = await reader.query<KeptBlock & Record<string, never>>(sql`
    SELECT block_id, import_id, shop_id, stream, documents FROM blocks WHERE block_id > ${after} ORDER BY block_id LIMIT 500`);
  let sum = 0;
  const last = blocks.findIndex((block) => (sum += block.documents) > documents);
  return last === -1 ? blocks : blocks.slice(0, Math.max(1, last));
}

/** The blocks of an import. */
export function readBlocksOf(reader: Reader, importId: number): Promise<KeptBlock[]> {
  return reader.query<KeptBlock & Record<string, never>>(
    sql`SELECT block_id, import_id, shop_id, stream, documents FROM blocks WHERE import_id = ${importId}::integer ORDER BY block_id`,
  );
}

/** The documents of blocks, each block's in the order they were packed in. */
export async function unpackDocuments(reader: Reader, blocks: readonly KeptBlock[]): Promise<ReadonlyMap<number, readonly string[]>> {
  const rows = await reader.query<{ block_id: number; body: Uint8Array }>(sql`
    SELECT block_id, body FROM blocks WHERE ${isOneOf(
      sql`block_id`,
      blocks.map(({ block_id }) => block_id),
    )}`);
  const unpacked = rows.map(async ({ block_id, body }) => [block_id, (await decompress(body)).toString().split(DOCUMENT_END)] as const);
  return new Map(await Promise.all(unpacked));
}

/** Where a document is kept: its block and its place in it. */
export interface DocumentPlace {
  readonly block_id: number;
  readonly document_no: number;
}

const REMEMBERED_SIGNS = 32 * 2 ** 20;

/**
 * Finds single documents of platforms' streams, block by block, so that memory stays what a block needs; rows of files are none.
 * The blocks that were read last are remembered: who reads orders one after the other meets the same ones.
 */
export function openKeptDocuments(): (reader: Reader, places: readonly (DocumentPlace | null)[]) => Promise<(string | null)[]> {
  const remembered = new LRUCache<number, readonly string[]>({
    maxSize: REMEMBERED_SIGNS,
    sizeCalculation: (documents) => documents.reduce((sum, { length }) => sum + length, 1),
  });
  return async (reader, places) => {
    const wanted = [...new Set(places.flatMap((place) => place?.block_id ?? []))];
    const found = Array.from<string | null>({ length: places.length }).fill(null);
    if (wanted.length === 0) return found;
    const blocks = await reader.query<KeptBlock & Record<string, never>>(sql`
      SELECT block_id, import_id, shop_id, stream, documents FROM blocks WHERE stream IS NOT NULL AND import_id IS NULL
      AND ${isOneOf(sql`block_id`, wanted)} ORDER BY block_id`);
    for (const block of blocks) {
      const documents = remembered.get(block.block_id) ?? (await unpackDocuments(reader, [block])).get(block.block_id)!;
      remembered.set(block.block_id, documents);
      for (const [i, place] of places.entries()) if (place?.block_id === block.block_id) found[i] = documents[place.document_no] ?? null;
    }
    return found;
  };
}

/** How many documents the blocks after a number hold. */
export async function countDocuments(reader: Reader, after: number): Promise<number> {
  const [row] = await reader.query<{ documents: number }>(
    sql`SELECT coalesce(sum(documents), 0)::bigint AS documents FROM blocks WHERE block_id > ${after}`,
  );
  return row!.documents;
}

/** Puts other documents, as many and in the same order, in the place of a block's. */
export async function rewriteBlock(tx: Transaction, blockId: number, packed: Uint8Array): Promise<void> {
  await tx.run(sql`UPDATE blocks SET body = ${packed} WHERE block_id = ${blockId}`);
}

/**
 * Under which rules the documents are kept, and up to which block they were gone over; null after the last one. Undefined where nobody did
 * yet.
 */
export async function readKeptUnder(reader: Reader): Promise<{ readonly rules: number; readonly block_id: number | null } | undefined> {
  const [row] = await reader.query<{ rules: number; block_id: number | null }>(sql`SELECT rules, block_id FROM kept_under`);
  return row;
}

/** Notes how far the documents were gone over, in the transaction that does it. */
export async function noteKeptUnder(tx: Transaction, rules: number, blockId: number | null): Promise<void> {
  await tx.run(sql`DELETE FROM kept_under`);
  await tx.run(insertRow('kept_under', { rules, block_id: blockId }));
}
