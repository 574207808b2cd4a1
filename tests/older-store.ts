import { join } from 'node:path';
import { openDuckDb } from '../src/engines/duckdb.ts';
import type { Engine, Row } from '../src/engines/engine.ts';
import { migrate } from '../src/engines/migrations.ts';
import { raw } from '../src/engines/sql.ts';
import { temporaryFolder } from './process.ts';

/** Takes a store of today's back to an older schema, as the program of that time would have left it: later columns and tables are gone. */
export async function storeOfSchema(engine: Engine, version: number): Promise<void> {
  const folder = temporaryFolder();
  const empty = await openDuckDb(join(folder, 's7.duckdb'), { memoryLimit: '256MB', temporaryFolder: folder, threads: 1 });
  await migrate(empty, version);
  const [then, now] = [await columnsOf(empty), await columnsOf(engine)];
  await empty.close();
  await engine.transaction(async (tx) => {
    for (const [table, columns] of now) {
      const older = then.get(table);
      if (!older) await tx.run(raw(`DROP TABLE ${table}`));
      // A column that has another name now: nothing of the table matters then but its form.
      else if (![...older.keys()].every((name) => columns.has(name))) {
        await tx.run(raw(`DROP TABLE ${table}`));
        await tx.run(raw(`CREATE TABLE ${table} (${[...older].map(([name, type]) => `${name} ${type}`).join(', ')})`));
      } else for (const name of columns.keys()) if (!older.has(name)) await tx.run(raw(`ALTER TABLE ${table} DROP COLUMN "${name}"`));
    }
    await tx.run(raw(`DELETE FROM schema_version WHERE version > ${version}`));
  });
}

async function columnsOf(engine: Engine): Promise<Map<string, Map<string, string>>> {
  const rows = await engine.read((reader) =>
    reader.query<{ table: string; name: string; type: string } & Row>(
      raw(
        'SELECT table_name AS "table", column_name AS name, data_type AS type FROM information_schema.columns ORDER BY table_name, ' +
          'ordinal_position',
      ),
    ),
  );
  return new Map(
    Map.groupBy(rows, ({ table }) => table)
      .entries()
      .map(([table, columns]) => [table, new Map(columns.map(({ name, type }) => [name, type]))]),
  );
}
