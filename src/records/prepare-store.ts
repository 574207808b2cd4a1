import type { Engine } from '../engines/engine.ts';
import { migrate, noteFilled, readUnfilled } from '../engines/migrations.ts';
import { kinds } from './all.ts';

/**
 * Brings a store to today's schema, then fills the tables that are made of others and that the schema's steps left empty, one transaction a
 * table.
 * @throws AppError `store_newer`
 */
export async function prepareStore(engine: Engine): Promise<void> {
  await migrate(engine);
  const unfilled = await engine.read(readUnfilled);
  for (const { table, fill } of kinds.flatMap(({ derived }) => derived ?? []).filter((each) => unfilled.includes(each.table))) {
    await engine.transaction(async (tx) => {
      await fill(tx);
      await noteFilled(tx, table);
    });
  }
}
