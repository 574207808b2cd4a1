import { PGlite, types } from '@electric-sql/pglite';
import { raw, sql, type Sql } from '../src/engines/sql.ts';
import type { Engine, Reader, Row, Value } from '../src/engines/engine.ts';

/** What PostgreSQL calls the types of our columns; a decimal is one in both. */
const TYPES: Readonly<Record<string, string>> = {
  VARCHAR: 'text',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  BLOB: 'bytea',
  BIGINT: 'bigint',
  INTEGER: 'integer',
  SMALLINT: 'smallint',
  BOOLEAN: 'boolean',
  DATE: 'date',
  DOUBLE: 'double precision',
};

/** PostgreSQL in this process: reads as {@link Engine} does. The texts are the ones DuckDB reads. */
export interface Postgres {
  readonly read: Engine['read'];
  /** Puts the tables of a store in place of those before. */
  copy(from: Engine): Promise<void>;
  close(): Promise<void>;
}

/** Opens an empty PostgreSQL in this process. */
export async function openPostgres(): Promise<Postgres> {
  const asText = (text: string): string => text;
  const database = await PGlite.create({
    parsers: {
      [types.NUMERIC]: asText,
      [types.DATE]: asText,
      [types.INT8]: (text) => safeInteger(text),
      [types.TIMESTAMPTZ]: (text) => Temporal.Instant.from(text.replace(' ', 'T')).toString(),
    },
  });
  await database.exec(`SET TIME ZONE 'UTC'`);
  const reader: Reader = {
    async query<R extends Row>(text: Sql): Promise<R[]> {
      // PGlite reads a parameter's type off its place; DuckDB off its value: a number is an integer, wherever it stands.
      const { rows } = await database.query<R>(
        typed(text),
        text.values.map((value) => (value instanceof Temporal.Instant ? value.toString() : value)),
      );
      return rows;
    },
  };
  return {
    read: (work) => work(reader),
    async copy(from) {
      await from.read(async (source) => {
        const columns = await source.query<{ table_name: string; column_name: string; data_type: string }>(sql`
          SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'main' ORDER BY table_name, ordinal_position`);
        for (const [table, own] of Map.groupBy(columns, ({ table_name }) => table_name)) {
          // DuckDB keeps texts in the order of their bytes, as the C collation does.
          const definition = own.map(
            ({ column_name, data_type }) =>
              `"${column_name}" ${TYPES[data_type] ?? data_type.toLowerCase()}${data_type === 'VARCHAR' ? ' COLLATE "C"' : ''}`,
          );
          await database.exec(`DROP TABLE IF EXISTS "${table}"; CREATE TABLE "${table}" (${definition.join(', ')})`);
          const shown = own
            .map(({ column_name, data_type }) =>
              data_type === 'BLOB' ? `NULL AS "${column_name}"` : `"${column_name}"::varchar AS "${column_name}"`,
            )
            .join(', ');
          const rows = await source.query<Record<string, Value>>(raw(`SELECT ${shown} FROM "${table}"`));
          const types = own.map(({ data_type }) => TYPES[data_type] ?? data_type.toLowerCase());
          const list = own.map((_, i) => `$${i + 1}::text::${types[i]}`).join(', ');
          for (const row of rows)
            await database.query(
              `INSERT INTO "${table}" VALUES (${list})`,
              own.map(({ column_name }) => row[column_name]),
            );
        }
      });
    },
    close: () => database.close(),
  };
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
  return 'text';
}

function safeInteger(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new RangeError(`the integer ${text} is too large to be exact`);
  return number;
}
