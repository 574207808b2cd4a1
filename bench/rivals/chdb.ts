/** chDB (ClickHouse in the process) on the same rows, asked by the product's own report texts with ClickHouse's words where it has others. */
import { Session } from 'chdb';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, Reader, Row, Value } from '../../src/engines/engine.ts';
import type { Sql } from '../../src/engines/sql.ts';
import type { ReportAnswer } from '../../src/reports/run.ts';
import type { DumpedTable } from '../dump.ts';
import { answerFrom, type ReportQuestion } from '../report-question.ts';

const TYPES: Readonly<Record<string, string>> = {
  SMALLINT: 'Int16', INTEGER: 'Int32', BIGINT: 'Int64', VARCHAR: 'String', 'TIMESTAMP WITH TIME ZONE': `DateTime64(6, 'UTC')`, DATE: 'Date32', BOOLEAN: 'Bool', BLOB: 'String',
};
const ORDER: Readonly<Record<string, string>> = { orders: 'shop_day', lines: '(shop_day, sku_id)', return_lines: '(shop_day, sku_id)' };
/** Standard SQL where ClickHouse has its own ways: outer joins and sums over nothing give null, a cast keeps null. */
const SETTINGS = [
  'join_use_nulls = 1', 'aggregate_functions_null_for_empty = 1', 'cast_keep_nullable = 1', 'union_default_mode = \'DISTINCT\'', 'output_format_json_quote_64bit_integers = 0',
  'output_format_json_quote_decimals = 1', 'output_format_decimal_trailing_zeros = 1', 'prefer_column_name_to_alias = 1', 'max_threads = 2',
].join(', ');

let session: Session | null = null;
let engine: Engine | null = null;
let home = '';

/** Loads the dumped tables. */
export async function fill(tables: readonly DumpedTable[], folder: string): Promise<{ bytes: number; loadSeconds: number }> {
  await open(folder);
  const began = performance.now();
  for (const { name, file, columns } of tables) {
    const types = columns.map((column) => `\`${column.name}\` Nullable(${TYPES[column.type] ?? column.type.replace('DECIMAL', 'Decimal')})`);
    await session!.queryAsync(`CREATE TABLE ${name} (${types.join(', ')}) ENGINE = MergeTree ORDER BY ${ORDER[name] ?? 'tuple()'} SETTINGS allow_nullable_key = 1`);
    await session!.queryAsync(`INSERT INTO ${name} SELECT * FROM file('${file}', Parquet)`);
    await session!.queryAsync(`OPTIMIZE TABLE ${name} FINAL`);
  }
  const loadSeconds = (performance.now() - began) / 1000;
  return { bytes: diskBytes(), loadSeconds };
}

/** Opens the folder's data in this process. */
export async function open(folder: string): Promise<void> {
  home = join(folder, 'data');
  mkdirSync(home, { recursive: true });
  session = new Session(home);
  const reader: Reader = { query: <R extends Row>(text: Sql) => query<R>(text) };
  engine = {
    read: (work) => work(reader),
    transaction: () => Promise.reject(new Error('the rival only reads')), backup: () => Promise.reject(new Error('the rival only reads')), close: () => Promise.resolve(),
  } as Engine;
  await session.queryAsync('SELECT 1');
}

/** The product's own answer, its texts run by ClickHouse. */
export function answer(question: ReportQuestion): Promise<ReportAnswer> {
  return answerFrom(engine!, question);
}

export async function version(): Promise<string> {
  return `chDB (ClickHouse ${(await session!.queryAsync('SELECT version()', { format: 'TSV' })).text().trim()})`;
}

export function close(): void {
  session?.cleanup();
}

export function diskBytes(): number {
  return Number(execFileSync('du', ['-sb', home], { encoding: 'utf8' }).split('\t')[0]);
}

interface Answered {
  readonly meta: readonly { readonly name: string; readonly type: string }[];
  readonly data: readonly (readonly unknown[])[];
}

async function query<R extends Row>(text: Sql): Promise<R[]> {
  let n = 0;
  const literal = text.sql.replaceAll('?', () => literalOf(text.values[n++]));
  const result = await session!.queryAsync(`${inItsWords(literal)} SETTINGS ${SETTINGS}`, { format: 'JSONCompact' });
  const { meta, data } = JSON.parse(result.text()) as Answered;
  return data.map((row) => Object.fromEntries(meta.map(({ name, type }, i) => [name, valueOf(row[i], type)])) as R);
}

/** What our texts say in another way: types of casts, and what Nullable asks for. */
function inItsWords(text: string): string {
  return text
    .replaceAll(/::decimal\((\d+),\s*(\d+)\)/gi, '::Nullable(Decimal($1, $2))')
    .replaceAll('::bigint', '::Nullable(Int64)').replaceAll('::integer', '::Nullable(Int32)').replaceAll('::smallint', '::Nullable(Int16)')
    .replaceAll('::varchar', '::Nullable(String)').replaceAll('::date', '::Nullable(Date32)').replaceAll('::timestamptz', `::Nullable(DateTime64(6, 'UTC'))`)
    .replaceAll(/\bdate '(\d{4}-\d\d-\d\d)'/gi, `toDate32('$1')`)
    .replaceAll(/\bbit_or\(/gi, 'groupBitOr(').replaceAll(/\bbool_or\(/gi, 'max(');
}

function literalOf(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (value instanceof Temporal.Instant) return `'${value.toString().replace('T', ' ').replace('Z', '')}'`;
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll(`'`, `\\'`)}'`;
  return String(value);
}

function valueOf(value: unknown, type: string): Value {
  if (value === null || value === undefined) return null;
  if (type.includes('Decimal') || type.includes('Date32') || type.includes('String')) return String(value);
  if (type.includes('DateTime64')) return Temporal.Instant.from(`${String(value).replace(' ', 'T')}Z`).toString();
  if (/Int(64|128|256)/.test(type)) return Number(value);
  return value as Value;
}
