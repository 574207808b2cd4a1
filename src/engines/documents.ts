import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import type { Transaction } from './engine.ts';
import { sql } from './sql.ts';

/** Stands between the documents of a block: the group separator, which neither JSON nor a cell holds. */
const DOCUMENT_END = '\u001d';

const compress = promisify(zstdCompress);

/** The documents of a batch as one zstd block, made on another thread: JSON text in a column would make commits pause. */
export function packDocuments(documents: readonly string[]): Promise<Uint8Array> {
  return compress(documents.join(DOCUMENT_END));
}

/** Where documents came from: a file import, or a stream of a shop. */
export type DocumentSource = { readonly importId: number } | { readonly shopId: number; readonly stream: string };

/** Keeps a packed block of so many documents and gives it its number. */
export async function keepDocuments(tx: Transaction, { source, documents, packed }: { source: DocumentSource; documents: number; packed: Uint8Array }): Promise<number> {
  const [last] = await tx.query<{ id: number }>(sql`SELECT coalesce(max(block_id), 0) AS id FROM blocks`);
  const blockId = last!.id + 1;
  const [importId, shopId, stream] = 'importId' in source ? [source.importId, null, null] : [null, source.shopId, source.stream];
  await tx.run(sql`
    INSERT INTO blocks (block_id, import_id, shop_id, stream, documents, body)
    VALUES (${blockId}::integer, ${importId}::integer, ${shopId}::smallint, ${stream}, ${documents}::integer, ${packed})`);
  return blockId;
}
