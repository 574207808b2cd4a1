import { setImmediate } from 'node:timers/promises';
import { unpackDocuments, type KeptBlock } from '../records/documents.ts';
import type { Row, Transaction } from '../engines/engine.ts';
import { noteEarlierDocuments, type FoundDocument } from '../records/orders/order-documents.ts';
import { readShops } from '../records/shops/shops.ts';
import { sql } from '../engines/sql.ts';
import { imaginedShop, type Shop } from '../model/shop.ts';
import { RowRefused } from '../platforms/file-preset.ts';
import { DocumentRefused } from '../platforms/stream.ts';
import { openDocumentReaders, openImportedFiles, type Room } from './document-readers.ts';
import { rowsOf } from './kept-rows.ts';

const TURN = 200;

/**
 * Notes documents that are kept and that no order names any more, for an earlier program let the newest document of an order stand alone:
 * the rows of files, and what the platform itself said of orders that a file stands for now. What such a document adds is seen when its
 * order is made anew.
 */
export async function noteEarlier(tx: Transaction, room: Room, blocks: readonly KeptBlock[]): Promise<void> {
  const importedFile = openImportedFiles(tx, room);
  const readerOf = openDocumentReaders(room, importedFile);
  const shops = await readShops(tx);
  for (const block of blocks) {
    const ofImport = block.import_id !== null && block.stream === null;
    if (!ofImport && block.stream !== 'orders') continue;
    const named = await tx.query<{ document_no: number } & Row>(sql`
      SELECT document_no FROM orders WHERE block_id = ${block.block_id} UNION SELECT document_no FROM order_documents
      WHERE block_id = ${block.block_id}`);
    if (named.length >= block.documents || (!ofImport && !(await isToldByFiles(tx, block)))) continue;
    const known = new Set(named.map(({ document_no: no }) => no));
    const imported = ofImport ? await importedFile(block.import_id) : undefined;
    const anyShop =
      shops.find(({ shopId, platform }) => (ofImport ? platform === imported?.platform : shopId === block.shop_id)) ?? NOBODYS;
    const reader = await readerOf(block, anyShop);
    if (!reader) continue;
    const documents = (await unpackDocuments(tx, [block])).get(block.block_id)!;
    const found: FoundDocument[] = [];
    for (const [no, document] of documents.entries()) {
      if (no % TURN === TURN - 1) await setImmediate();
      if (known.has(no)) continue;
      const orderId = ofOrder(() => reader.idOf(document, anyShop));
      // Of the shops that have such an order, the one that the rows name.
      const name = imported && ofOrder(() => imported.file.toRecord(rowsOf(document)[0]!)?.shop?.shop ?? null);
      if (orderId) found.push({ orderId, documentNo: no, shop: name ?? null });
    }
    await noteEarlierDocuments(tx, block, found, { platform: imported?.platform ?? anyShop.platform, shopId: block.shop_id });
  }
}

const NOBODYS: Shop = imaginedShop({ platform: 'Other', shop: '', zone: 'UTC', currency: null });

function ofOrder<T>(read: () => T | null): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof DocumentRefused || error instanceof RowRefused) return null;
    throw error;
  }
}

async function isToldByFiles(tx: Transaction, { shop_id: shopId }: KeptBlock): Promise<boolean> {
  const rows = await tx.query(sql`
    SELECT 1 AS one FROM orders o WHERE o.shop_id = ${shopId} AND o.block_id IN (SELECT block_id FROM blocks WHERE import_id IS NOT NULL
    AND stream IS NULL) LIMIT 1`);
  return rows.length > 0;
}
