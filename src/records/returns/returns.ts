import { raw, sql } from '../../engines/sql.ts';
import type { Text } from '../../kernel/messages.ts';
import type { Return } from '../../model/return.ts';
import { writerOfShops } from '../deliveries.ts';
import type { RecordKind, RecordStore, RecordStream } from '../kind.ts';
import { followRebuilt, linkReturns, moveReturnDays, writeReturns } from './return-writer.ts';
import { fillReturnedPieces, renewReturnedPieces, renewReturnedPiecesOfStaged, tellsOfReturn } from './returned-pieces.ts';

function claimStore(which: string): RecordStore<Return> {
  return {
    write: writerOfShops((tx, shop, { delivered, source }) =>
      writeReturns(tx, shop, { delivered: delivered.map(({ item, document }) => ({ claim: item, document })), source }),
    ),
    again: {
      table: 'returns',
      which: raw(which),
      id: 'return_id',
      async rewrite(tx, shop, items) {
        await writeReturns(tx, shop, { delivered: items.map((claim) => ({ claim, document: '' })), source: 'stored' });
      },
    },
  };
}

/** How claims get into the store. */
export const returnStore = claimStore("kind <> 'cancellation'");

function claimStream(name: string, title: Text, store: RecordStore<Return>): RecordStream {
  return { name, title, reading: 'windows', pace: 'prompt', store };
}

/** Claims with their lines, and what came back of orders; cancellations are a listing of their own, with a checkpoint of their own. */
export const returns: RecordKind = {
  tables: ['returns', 'return_lines', 'returned_pieces'],
  derived: [{ table: 'returned_pieces', fill: fillReturnedPieces }],
  compared: ['returns', 'return_lines'],
  follower: {
    tied: ['returns', 'return_lines'],
    waiting: raw('SELECT shop_id, order_id FROM returns WHERE oid IS NULL AND order_id IS NOT NULL'),
    tie: linkReturns,
    async written(tx, { changed, lines }) {
      // Of new orders nobody says that anything came back, as a rule.
      if (changed > 0 || lines().some(tellsOfReturn)) await renewReturnedPiecesOfStaged(tx);
    },
    async rebuilt(tx) {
      await followRebuilt(tx);
      await renewReturnedPiecesOfStaged(tx);
    },
  },
  async moveDays(tx, shopId, zone) {
    await moveReturnDays(tx, shopId, zone);
    await renewReturnedPieces(tx, sql`SELECT oid FROM returned_pieces WHERE shop_id = ${shopId}`);
  },
  streams: [
    claimStream('returns', { en: 'returns', zh: '退货退款', es: 'devoluciones' }, returnStore),
    claimStream('cancellations', { en: 'cancellations', zh: '取消', es: 'cancelaciones' }, claimStore("kind = 'cancellation'")),
  ],
};
