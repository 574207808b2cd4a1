import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../src/engines/engine.ts';
import { raw, sql } from '../src/engines/sql.ts';

/** A stored table as another database has to make it: its columns with DuckDB's types. */
export interface DumpedTable {
  readonly name: string;
  readonly file: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** Writes every table that reports read (documents are not) to files of its own, for the rivals to load. */
export async function dumpTables(engine: Engine, folder: string, format: 'csv' | 'parquet'): Promise<DumpedTable[]> {
  mkdirSync(folder, { recursive: true });
  return engine.transaction(async (tx) => {
    const columns = await tx.query<{ table_name: string; column_name: string; data_type: string }>(sql`
      SELECT table_name, column_name, data_type FROM information_schema.columns
      WHERE table_catalog = current_database() AND table_schema = 'main' AND table_name <> 'blocks' ORDER BY table_name, ordinal_position`);
    const tables = [...Map.groupBy(columns, ({ table_name }) => table_name)].map(([name, ofTable]) => ({
      name,
      file: join(folder, `${name}.${format}`),
      columns: ofTable.map(({ column_name, data_type }) => ({ name: column_name, type: data_type })),
    }));
    for (const { name, file } of tables) {
      const order = { orders: 'ORDER BY shop_day, oid', lines: 'ORDER BY shop_day, oid, line_no' }[name] ?? '';
      await tx.run(
        raw(`COPY (SELECT * FROM "${name}" ${order}) TO '${file}' (FORMAT ${format}${format === 'csv' ? ', HEADER false' : ''})`),
      );
    }
    return tables;
  });
}
