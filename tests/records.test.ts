import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDuckDb } from '../src/engines/duckdb.ts';
import type { Engine } from '../src/engines/engine.ts';
import { raw } from '../src/engines/sql.ts';
import { TABLES, type StoredType } from '../src/model/tables.ts';
import { prepareStore } from '../src/records/prepare-store.ts';
import { temporaryFolder } from './process.ts';

/** What DuckDB's catalogue calls the types of stored columns. */
const CALLED: Readonly<Record<StoredType, string>> = {
  small: 'SMALLINT',
  integer: 'INTEGER',
  big: 'BIGINT',
  text: 'VARCHAR',
  money: 'DECIMAL(18,4)',
  instant: 'TIMESTAMP WITH TIME ZONE',
  day: 'DATE',
  boolean: 'BOOLEAN',
  bytes: 'BLOB',
  sum: 'DECIMAL(26,4)',
  rate: 'DECIMAL(18,8)',
  percent: 'DECIMAL(5,2)',
};

let engine: Engine;

beforeAll(async () => {
  const folder = temporaryFolder();
  engine = await openDuckDb(join(folder, 's7.duckdb'), { memoryLimit: '256MB', temporaryFolder: folder, threads: 1 });
  await prepareStore(engine);
});

afterAll(() => engine.close());

async function catalogue(): Promise<Record<string, Record<string, string>>> {
  const rows = await engine.read((reader) =>
    reader.query<{ table: string; name: string; type: string }>(
      raw('SELECT table_name AS "table", column_name AS name, data_type AS type FROM information_schema.columns ORDER BY 1, 2'),
    ),
  );
  const tables = Map.groupBy(rows, ({ table }) => table);
  return Object.fromEntries([...tables].map(([table, own]) => [table, Object.fromEntries(own.map(({ name, type }) => [name, type]))]));
}

test('every table and column of the store is declared, and what is declared is there, of the type it is said to be', async () => {
  const declared = Object.entries(TABLES).map(([name, { columns }]) => [
    name,
    Object.fromEntries(Object.entries<StoredType>(columns).map(([column, type]) => [column, CALLED[type]])),
  ]);
  expect(await catalogue()).toEqual(Object.fromEntries(declared));
});
