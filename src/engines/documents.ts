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

/** Keeps a packed block of so many documents and gives it its number. */
export async function keepDocuments(tx: Transaction, { importId, documents, packed }: { importId: number; documents: number; packed: Uint8Array }): Promise<number> {
  const [last] = await tx.query<{ id: number }>(sql`SELECT coalesce(max(block_id), 0) AS id FROM blocks`);
  const blockId = last!.id + 1;
  await tx.run(sql`INSERT INTO blocks VALUES (${blockId}::integer, ${importId}::integer, ${documents}::integer, ${packed})`);
  return blockId;
}
