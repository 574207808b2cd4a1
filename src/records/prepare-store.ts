import type { Engine, Transaction } from '../engines/engine.ts';
import { migrate, noteFilled, readUnfilled } from '../engines/migrations.ts';
import { sumEveryDay } from './orders/order-days.ts';
import { EVERY_ORDER, renewReturnedPieces } from './returns/returned-pieces.ts';
import { fillFileSpans } from './shops/coverage.ts';

/** What fills a table that is made of others, by the table's name. */
const FILLS: Readonly<Record<string, (tx: Transaction) => Promise<void>>> = {
  order_days: sumEveryDay,
  returned_pieces: (tx) => renewReturnedPieces(tx, EVERY_ORDER),
  file_spans: fillFileSpans,
};

/**
 * Brings a store to today's schema, then fills the tables that are made of others and that the schema's steps left empty, one transaction a table.
 * @throws AppError `store_newer`
 */
export async function prepareStore(engine: Engine): Promise<void> {
  await migrate(engine);
  for (const table of await engine.read(readUnfilled)) {
    await engine.transaction(async (tx) => {
      await FILLS[table]!(tx);
      await noteFilled(tx, table);
    });
  }
}
