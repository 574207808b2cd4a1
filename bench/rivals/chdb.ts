/**
 * chDB (ClickHouse in the process) on the same rows, asked by the product's own report texts with ClickHouse's words where it has others.
 */
import { Session } from 'chdb';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, Row, Value } from '../../src/engines/engine.ts';
import { sql, type Sql } from '../../src/engines/sql.ts';
import type { ReportAnswer } from '../../src/reports/run.ts';
import type { DumpedTable } from '../dump.ts';
import { answerFrom, type ReportQuestion } from '../report-question.ts';
import { scanOn, type Scan } from '../scans.ts';
import { MOST_SECONDS, readSideBySide } from './side-by-side.ts';
import { endOf, itemsOf, mapCalls, mapSelects, nameOf, onOneLine, splitAt, type SelectParts } from './sql-text.ts';

const TYPES: Readonly<Record<string, string>> = {
  SMALLINT: 'Int16',
  INTEGER: 'Int32',
  BIGINT: 'Int64',
  VARCHAR: 'String',
  'TIMESTAMP WITH TIME ZONE': `DateTime64(6, 'UTC')`,
  DATE: 'Date',
  BOOLEAN: 'Bool',
  BLOB: 'String',
};
const ORDER: Readonly<Record<string, string>> = {
  orders: 'shop_day',
  lines: '(shop_day, sku_id)',
  order_days: 'shop_day',
  returned_pieces: 'shop_day',
  return_lines: '(shop_day, sku_id)',
};
/** Standard SQL where ClickHouse has its own ways: outer joins and sums over nothing give null, a cast keeps null. */
const SETTINGS = [
  'join_use_nulls = 1',
  'aggregate_functions_null_for_empty = 1',
  'cast_keep_nullable = 1',
  "union_default_mode = 'DISTINCT'",
  'output_format_json_quote_64bit_integers = 0',
  'output_format_json_quote_decimals = 1',
  'output_format_decimal_trailing_zeros = 1',
  'prefer_column_name_to_alias = 1',
  'max_threads = 2',
  `max_execution_time = ${MOST_SECONDS}`,
  'max_memory_usage = 6000000000',
].join(', ');

/** One session asks one question after the other. */
let sessions: readonly [Session, Session] | null = null;
let engine: Engine | null = null;
let home = '';

/** Loads the dumped tables. */
export async function fill(tables: readonly DumpedTable[], folder: string): Promise<{ bytes: number; loadSeconds: number }> {
  await open(folder);
  const began = performance.now();
  for (const { name, file, columns } of tables) {
    const types = columns.map(
      (column) => `\`${column.name}\` Nullable(${TYPES[column.type] ?? column.type.replace('DECIMAL', 'Decimal')})`,
    );
    await run(
      `CREATE TABLE ${name} (${types.join(', ')}) ENGINE = MergeTree ORDER BY ${ORDER[name] ?? 'tuple()'} SETTINGS allow_nullable_key = 1`,
    );
    await run(`INSERT INTO ${name} SELECT * FROM file('${file}', Parquet)`);
    await run(`OPTIMIZE TABLE ${name} FINAL`);
  }
  const zones = (await query(sessions![0], sql`SELECT DISTINCT zone FROM shops`)).map(({ zone }) => `'${String(zone)}'`);
  // It knows no zones that stand in a column.
  await run(
    'CREATE OR REPLACE FUNCTION at_time_zone AS (instant, zone) -> ' +
      `multiIf(${zones.map((zone) => `zone = ${zone}, addSeconds(instant, timeZoneOffset(toTimeZone(instant, ${zone})))`).join(', ')}, ` +
      'NULL)',
  );
  const loadSeconds = (performance.now() - began) / 1000;
  return { bytes: diskBytes(), loadSeconds };
}

/** Opens the folder's data in this process. */
export async function open(folder: string): Promise<void> {
  home = join(folder, 'data');
  mkdirSync(home, { recursive: true });
  sessions = [new Session(home), new Session(home)];
  engine = {
    read: (work) => readSideBySide(sessions!, query, work),
    transaction: () => Promise.reject(new Error('the rival only reads')),
    backup: () => Promise.reject(new Error('the rival only reads')),
    close: () => Promise.resolve(),
  } as Engine;
  await run('SELECT 1');
}

/** The product's own answer, its texts run by ClickHouse. */
export function answer(question: ReportQuestion): Promise<ReportAnswer> {
  return answerFrom(engine!, question);
}

export function scan(scan: Scan): Promise<{ groups: number; counted: number }> {
  return scanOn(engine!, scan);
}

export async function version(): Promise<string> {
  return `chDB (ClickHouse ${(await sessions![0].queryAsync('SELECT version()', { format: 'TSV' })).text().trim()})`;
}

export function close(): void {
  for (const session of sessions ?? []) session.close();
}

export function diskBytes(): number {
  return Number(execFileSync('du', ['-sb', home], { encoding: 'utf8' }).split('\t')[0]);
}

interface Answered {
  readonly meta: readonly { readonly name: string; readonly type: string }[];
  readonly data: readonly (readonly unknown[])[];
}

async function run(text: string): Promise<void> {
  await sessions![0].queryAsync(text);
}

async function query(session: Session, text: Sql): Promise<Row[]> {
  const asked = inItsWords(onOneLine(text.text)).replaceAll(/\$(\d+)/g, (_, n: string) => literalOf(text.values[Number(n) - 1]));
  const result = await session.queryAsync(`${asked} SETTINGS ${SETTINGS}`, { format: 'JSONCompact' });
  const { meta, data } = JSON.parse(result.text()) as Answered;
  return data.map((row) => Object.fromEntries(meta.map(({ name, type }, i) => [name, valueOf(row[i], type)])));
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  bigint: 'Int64',
  integer: 'Int32',
  smallint: 'Int16',
  varchar: 'String',
  date: 'Date',
  timestamptz: `DateTime64(6, 'UTC')`,
  'double precision': 'Float64',
};
/** Numbers of rows are unsigned there, and no column can hold both those and numbers with a sign. */
const UNSIGNED = /\b(?:count|row_number|rank|dense_rank|ntile)\(/gi;

/** What our texts say in another way. */
function inItsWords(text: string): string {
  const typed = text
    .replaceAll(
      /::(bigint|integer|smallint|varchar|date|timestamptz|double precision)\b/gi,
      (_, type: string) => `::Nullable(${TYPE_NAMES[type.toLowerCase()]})`,
    )
    .replaceAll(/::decimal\((\d+), ?(\d+)\)/gi, '::Nullable(Decimal($1, $2))')
    .replaceAll(/\bdate '(\d{4}-\d\d-\d\d)'/gi, `toDate('$1')`)
    .replaceAll(/\bto_hex\(([\w.]+)\)/g, `replaceRegexpOne(hex($1), '^0(.)', '\\\\1')`)
    .replaceAll(/\bbit_or\(/gi, 'groupBitOr(')
    .replaceAll(/\bbool_or\(/gi, 'max(')
    .replaceAll(/([\w.]+) AT TIME ZONE ([\w.]+|\$\d+)/g, 'at_time_zone($1, $2)');
  const listed = mapCalls(
    mapCalls(typed, 'string_to_array', ([list, separator]) => `splitByString(${separator}, assumeNotNull(${list}))`),
    'string_agg',
    ([each, separator]) => `groupConcat(${separator})(${each})`,
  );
  return sortedOutside(signed(mapSelects(mapSelects(listed, unnested), named)));
}

/** Lists that are unnested beside each other, not each with each: calls of arrayJoin that say the same are one. */
function unnested({ items, rest }: SelectParts): SelectParts {
  const lists: string[] = [];
  for (const item of items) mapCalls(item, 'unnest', ([list]) => String(lists.push(list)));
  if (lists.length === 0) return { items, rest };
  let n = 0;
  return {
    items: items.map((item) => mapCalls(item, 'unnest', () => `tupleElement(arrayJoin(arrayZipUnaligned(${lists.join(', ')})), ${++n})`)),
    rest,
  };
}

/** Columns of joined tables that others have, too, keep their plain names. */
function named({ items, rest }: SelectParts): SelectParts {
  const joins = splitAt(rest, ' JOIN ').length - 1;
  return {
    rest,
    items:
      joins === 0
        ? items
        : items.flatMap((item) => {
            const [, table, column] = /^(\w+)\.(\w+|\*)$/.exec(item) ?? [];
            if (!table || !column) return [item];
            if (column !== '*') return [`${item} AS ${column}`];
            // Those of the first table do so anyhow where it has one neighbour.
            const query = rest.startsWith(' FROM (') ? rest.slice(0, endOf(rest, ' FROM ('.length)) : '';
            const isFirst = new RegExp(`^\\) (?:AS )?${table} `).test(rest.slice(query.length));
            return joins > 1 && isFirst
              ? itemsOf(query)
                  .map(nameOf)
                  .map((name) => `${table}.${name} AS ${name}`)
              : [item];
          }),
  };
}

/** Calls with what belongs to them, FILTER and OVER. */
function signed(text: string): string {
  return [...text.matchAll(UNSIGNED)].toReversed().reduce((whole, { 0: call, index }) => {
    let end = endOf(whole, index + call.length) + 1;
    for (let more: RegExpExecArray | null; (more = /^ (?:FILTER|OVER) \(/.exec(whole.slice(end)));)
      end = endOf(whole, end + more[0].length) + 1;
    return `${whole.slice(0, index)}toInt64(${whole.slice(index, end)})${whole.slice(end)}`;
  }, text);
}

/** What follows a union there belongs to its last part. */
function sortedOutside(text: string): string {
  const union = endOf(text, 0, [' UNION ALL ']);
  const order = endOf(text, union, [' ORDER BY ']);
  return order === text.length ? text : `SELECT * FROM (${text.slice(0, order)})${text.slice(order)}`;
}

function literalOf(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (value instanceof Temporal.Instant) return `'${value.toString().replace('T', ' ').replace('Z', '')}'`;
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll(`'`, `\\'`)}'`;
  return String(value);
}

function valueOf(value: unknown, type: string): Value {
  if (value === null || value === undefined) return null;
  if (type.includes('Decimal') || /\bDate\b/.test(type) || type.includes('String')) return String(value);
  if (type.includes('DateTime64')) return Temporal.Instant.from(`${String(value).replace(' ', 'T')}Z`).toString();
  if (/Int(64|128|256)/.test(type)) return Number(value);
  return value as Value;
}
