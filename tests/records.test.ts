import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDuckDb } from '../src/engines/duckdb.ts';
import type { Engine } from '../src/engines/engine.ts';
import { raw, sql } from '../src/engines/sql.ts';
import { TABLES, type StoredType } from '../src/model/tables.ts';
import { followers, kinds, streams } from '../src/records/all.ts';
import { prepareStore } from '../src/records/prepare-store.ts';
import type { Json } from '../src/kernel/json.ts';
import { keyedHash } from '../src/kernel/vault.ts';
import type { KeptStream } from '../src/platforms/tiktok/fields.ts';
import { withoutPersonalData } from '../src/platforms/tiktok/personal.ts';
import { tiktok } from '../src/platforms/tiktok/tiktok.ts';
import { ensureShop } from '../src/records/shops/shops.ts';
import { readerOf } from '../src/sync/replayed-records.ts';
import { temporaryFolder } from './process.ts';
import { formsOf } from './wire-forms.ts';

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
const OF_NO_KIND = ['numbers', 'schema_version', 'settings'];

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

test.each(streams.filter(({ store }) => store).map((stream) => [stream.name, stream] as const))(
  '%s of several shops come in by one delivery, each kept under its shop, and again they change nothing',
  async (name, stream) => {
    const document = withoutPersonalData(formsOf(stream)[0] as Json, keyedHash(Buffer.alloc(32, 7)), name as KeptStream);
    const shops = [];
    for (const shop of ['One', 'Two'])
      shops.push(await ensureShop(engine, { platform: 'TikTok', shop, zone: 'Europe/London', currency: 'GBP' }));
    const reader = readerOf(stream, tiktok)!;
    const delivered = shops.map((shop) => ({ shop, item: reader.toCanonical(document, shop), document: JSON.stringify(document) }));
    const told: unknown[] = [];
    const delivery = {
      source: { stream: name },
      at: Temporal.Instant.from('2026-11-20T10:00:00Z'),
      followers,
      commit: (_tx: unknown, written: unknown) => Promise.resolve(void told.push(written)),
    };
    const fresh = { added: 2, changed: 0, unchanged: 0 };
    expect(await stream.store!.write(engine, delivered, delivery)).toEqual(fresh);
    const kept = await engine.read((from) =>
      from.query<{ shop_id: number }>(sql`SELECT shop_id FROM blocks WHERE stream = ${name} ORDER BY shop_id`),
    );
    expect(kept.map(({ shop_id: shopId }) => shopId)).toEqual(shops.map(({ shopId }) => shopId));
    const same = { added: 0, changed: 0, unchanged: 2 };
    expect(await stream.store!.write(engine, delivered, delivery)).toEqual(same);
    expect(told).toEqual([fresh, same]);
  },
);
