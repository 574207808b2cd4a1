import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDuckDb } from '../src/engines/duckdb.ts';
import type { Engine } from '../src/engines/engine.ts';
import { raw } from '../src/engines/sql.ts';
import { TABLES, type StoredType } from '../src/model/tables.ts';
import { kinds, streams } from '../src/records/all.ts';
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
  real: 'DOUBLE',
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

/** Tables of the store itself. */
const OF_NO_KIND = ['schema_version', 'settings'];

test("every table of the store belongs to one kind of record, so that what is a shop's goes with the shop", async () => {
  const owned = kinds.flatMap(({ tables }) => tables);
  expect(owned.toSorted()).toEqual(Object.keys(await catalogue()).filter((name) => !OF_NO_KIND.includes(name)));
  for (const { tables, derived = [], compared = [], follower = {} } of kinds)
    for (const table of [...derived.map((each) => each.table), ...compared, ...(follower.tied ?? [])]) expect(tables).toContain(table);
});

test('a stream has one name, and says what it is in three languages', () => {
  expect(new Set(streams.map(({ name }) => name)).size).toBe(streams.length);
  for (const { title } of streams) {
    expect(title.zh).toMatch(/\p{Script=Han}/u);
    expect([title.en, title.es].every((text) => text.trim() !== '')).toBe(true);
  }
});

test('rows that a replay compares have a key', () => {
  expect(kinds.flatMap(({ compared = [] }) => compared).filter((table) => TABLES[table].key.length === 0)).toEqual([]);
});
