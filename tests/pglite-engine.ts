import { PGlite, types } from '@electric-sql/pglite';
import { readFile, writeFile } from 'node:fs/promises';
import type { Engine, Health, Reader, Row, SchemaStep, StagedValue, Transaction, Value } from '../src/engines/engine.ts';
import { SCHEMA_VERSION } from '../src/engines/migrations.ts';
import { raw, sql, type Sql } from '../src/engines/sql.ts';
import { NumberCells, StagedTable } from '../src/engines/staged-table.ts';
import { moneyText } from '../src/model/money.ts';
import { NUMBERED, type NumberedTable } from '../src/model/numbered.ts';
import { TABLES, type ColumnType, type StoredType } from '../src/model/tables.ts';

/** What PostgreSQL calls the types of columns. Texts are in the order of their bytes, as DuckDB keeps them. */
const POSTGRES_TYPES: Readonly<Record<StoredType, string>> = {
  small: 'smallint',
  integer: 'integer',
  big: 'bigint',
  text: 'text COLLATE "C"',
  money: 'decimal(18,4)',
  instant: 'timestamptz',
  day: 'date',
  boolean: 'boolean',
  bytes: 'bytea',
  sum: 'decimal(26,4)',
  rate: 'decimal(18,8)',
  percent: 'decimal(5,2)',
  real: 'double precision',
};
/** What is kept here otherwise: numbers in sequences; and the versions, whose table is there before the first step. */
const OF_DUCKDB = ['numbers', 'schema_version'];

/** The schema in one step, out of the tables as they are declared, keys and all: there is no older database of this kind. */
const STEPS: readonly SchemaStep[] = [
  {
    to: SCHEMA_VERSION,
    sql: [
      ...Object.entries(TABLES)
        .filter(([name]) => !OF_DUCKDB.includes(name))
        .map(([name, { key, columns }]) => {
          const definitions = Object.entries<StoredType>(columns).map(([column, type]) => `"${column}" ${POSTGRES_TYPES[type]}`);
          if (key.length > 0) definitions.push(`UNIQUE NULLS NOT DISTINCT (${key.map((column) => `"${column}"`).join(', ')})`);
          return `CREATE TABLE "${name}" (${definitions.join(', ')})`;
        }),
      ...(Object.keys(NUMBERED) as NumberedTable[]).map((table) => `CREATE SEQUENCE "${sequenceOf(table)}"`),
    ].join(';'),
  },
];
const DAY_MS = 86_400_000;

/** PostgreSQL in this process, as an engine: one connection, so that whoever reads waits for whoever writes. */
export interface PgliteEngine extends Engine {
  /** Puts the rows of a store in place of all there are. */
  copy(from: Engine): Promise<void>;
}

/** Opens an empty PostgreSQL in this process, or a backup of one. */
export async function openPglite(backup?: string): Promise<PgliteEngine> {
  const asText = (text: string): string => text;
  const database = await PGlite.create({
    ...(backup === undefined ? {} : { loadDataDir: new Blob([await readFile(backup)]) }),
    parsers: {
      [types.NUMERIC]: asText,
      [types.DATE]: asText,
      [types.INT8]: safeInteger,
      [types.TIMESTAMPTZ]: (text) => Temporal.Instant.from(text.replace(' ', 'T')).toString(),
      [types.BYTEA]: (text) => Buffer.from(text.slice(2), 'hex'),
    },
  });
  await database.exec(`SET TIME ZONE 'UTC'; SET client_min_messages = 'warning'`);
  const reader = readerOn(database);
  const transaction = transactionOn(database);
  const listeners = new Set<() => void>();
  const leases = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  /** One after the other: there is one connection. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    waiting += 1;
    const turn = last.then(work, work).finally(() => (waiting -= 1));
    last = turn.catch(() => undefined);
    return turn;
  };
  const within = async <T>(begin: string, work: () => Promise<T>): Promise<T> => {
    await database.exec(begin);
    try {
      const result = await work();
      await database.exec('COMMIT');
      return result;
    } catch (error) {
      await database.exec('ROLLBACK');
      throw error;
    }
  };
  const read: Engine['read'] = (work) => inTurn(() => within('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', () => work(reader)));

  return {
    steps: STEPS,
    // Every transaction that changes something has a number, and this names those that have ended.
    mark: () => read(async (each) => (await each.query<{ mark: string }>(raw('SELECT pg_current_snapshot()::text AS mark')))[0]!.mark),
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    read,
    transaction: (work) =>
      inTurn(() => within('BEGIN', () => work(transaction))).finally(() => {
        for (const listener of listeners) listener();
      }),
    // A session's lock would be the database's own, but there is one session only, and it is ours.
    async lease(job, work) {
      if (leases.has(job)) return undefined;
      leases.add(job);
      return work().finally(() => leases.delete(job));
    },
    async tidy() {
      if (waiting === 0) await inTurn(() => database.exec('VACUUM'));
    },
    health: () => read(healthOf),
    backup: (path) => inTurn(async () => writeFile(path, (await database.dumpDataDir('none')).stream(), { flag: 'wx' })),
    copy: (from) => inTurn(() => copyInto(database, from)),
    close: () => inTurn(() => database.close()),
  };
}

function readerOn(database: PGlite): Reader {
  return {
    async query<R extends Row>(text: Sql): Promise<R[]> {
      // PGlite reads a parameter's type off its place; DuckDB off its value: a number is an integer, wherever it stands.
      const values = text.values.map((value) => (value instanceof Temporal.Instant ? value.toString() : value));
      return (await database.query<R>(typed(text), values)).rows;
    },
  };
}

function transactionOn(database: PGlite): Transaction {
  const reader = readerOn(database);
  const stageTable = async (name: string, table: StagedTable): Promise<void> => {
    const definition = table.columns.map((column) => `"${column.name}" ${POSTGRES_TYPES[column.type]}`).join(', ');
    await database.exec(`DROP TABLE IF EXISTS pg_temp."${name}"; CREATE TEMP TABLE "${name}" (${definition})`);
    await fill(database, `pg_temp."${name}"`, rowsOf(table));
  };
  return {
    ...reader,
    async run(text) {
      await reader.query(text);
    },
    async stage(name, columns, rows) {
      const table = new StagedTable(columns);
      for (const row of rows) table.add(row);
      await stageTable(name, table);
    },
    stageTable,
    async numbers(table, count) {
      if (!(count >= 1)) throw new RangeError(`${count} numbers cannot be taken`);
      const [taken] = await reader.query<{ last: number }>(
        sql`SELECT setval(${sequenceOf(table)}::regclass, nextval(${sequenceOf(table)}::regclass) + ${count} - 1) AS last`,
      );
      return taken!.last - count + 1;
    },
  };
}

function sequenceOf(table: NumberedTable): string {
  return `${table}_${NUMBERED[table]}`;
}

async function healthOf(reader: Reader): Promise<Health> {
  const [about] = await reader.query<{ database: string; bytes: number }>(
    raw(`SELECT 'PostgreSQL ' || current_setting('server_version') AS database, pg_database_size(current_database()) AS bytes`),
  );
  const behind: NumberedTable[] = [];
  for (const table of Object.keys(NUMBERED) as NumberedTable[]) {
    const [row] = await reader.query<{ behind: boolean }>(
      raw(`
      SELECT coalesce(max("${NUMBERED[table]}"), 0) > (SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM "${sequenceOf(table)}") AS behind FROM "${table}"`),
    );
    if (row!.behind) behind.push(table);
  }
  return { ...about!, logBytes: 0, behind };
}

/** Rows by column name, every value in a text that PostgreSQL reads as the column's type. */
function* rowsOf({ columns, cells, length }: StagedTable): Generator<Record<string, string | null>> {
  for (let n = 0; n < length; n++) {
    yield Object.fromEntries(
      columns.map(({ name, type }, i) => {
        const column = cells[i]!;
        const isNull = column instanceof NumberCells && column.valid !== null && (column.valid[n >> 3]! & (1 << (n & 7))) === 0;
        return [name, isNull ? null : textOf(type, column.values[n] ?? null)];
      }),
    );
  }
}

function textOf(type: ColumnType, value: StagedValue): string | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (type === 'money') return moneyText(value as bigint);
  if (type === 'instant') return new Temporal.Instant((value as bigint) * 1000n).toString();
  if (type === 'day') return new Date((value as number) * DAY_MS).toISOString().slice(0, 10);
  if (type === 'boolean') return value === 1 ? 'true' : 'false';
  return String(value);
}

/** Inserts rows of texts into a table, in one statement. */
async function fill(database: PGlite, table: string, rows: Iterable<object>): Promise<void> {
  await database.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1::text::json)`, [
    JSON.stringify([...rows]),
  ]);
}

async function copyInto(database: PGlite, from: Engine): Promise<void> {
  const { rows: tables } = await database.query<{ name: string; columns: { name: string; type: string }[] }>(`
    SELECT table_name AS name, json_agg(json_build_object('name', column_name, 'type', data_type)) AS columns FROM information_schema.columns WHERE table_schema = 'public' AND table_name IN (
      SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE') GROUP BY 1`);
  await from.read(async (source) => {
    for (const { name, columns } of tables.filter(({ name }) => name !== 'schema_version')) {
      const shown = columns
        .map((column) => `${column.type === 'bytea' ? `'\\x' || hex("${column.name}")` : `"${column.name}"::varchar`} AS "${column.name}"`)
        .join(', ');
      await database.exec(`TRUNCATE "${name}"`);
      await fill(database, `"${name}"`, await source.query<Record<string, Value>>(raw(`SELECT ${shown} FROM "${name}"`)));
    }
  });
  for (const table of Object.keys(NUMBERED) as NumberedTable[])
    await database.query(`SELECT setval('${sequenceOf(table)}', (SELECT max("${NUMBERED[table]}") FROM "${table}"))`);
}

/** The text with `$1` for its values, each said to be what it is. */
function typed(text: Sql): string {
  return text.strings.map((part, i) => (i === 0 ? part : `$${i}::${typeOf(text.values[i - 1])}${part}`)).join('');
}

function typeOf(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'bigint' : 'double precision';
  if (typeof value === 'bigint') return 'bigint';
  if (typeof value === 'boolean') return 'boolean';
  if (value instanceof Temporal.Instant) return 'timestamptz';
  if (value instanceof Uint8Array) return 'bytea';
  return 'text';
}

function safeInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`the integer ${text} is too large to be exact`);
  return number;
}
