/**
 * SQLite (the one inside Node) on the same rows, asked by the product's own report texts without their casts; its amounts are
 * ten-thousandths as floats, which add up exactly as far as 53 bits reach.
 */
import { createReadStream, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import papaparse from 'papaparse';
import type { Engine, Reader, Row, Value } from '../../src/engines/engine.ts';
import type { Sql } from '../../src/engines/sql.ts';
import type { ReportAnswer } from '../../src/reports/run.ts';
import type { DumpedTable } from '../dump.ts';
import { answerFrom, type ReportQuestion } from '../report-question.ts';
import { scanOn, type Scan } from '../scans.ts';
import { mapCalls, mapSelects, onOneLine, type SelectParts } from './sql-text.ts';

const INDEXES = [
  'orders (shop_day, shop_id, units, net_sales, place_id, buyer_id)',
  'orders (oid)',
  'orders (buyer_id, shop_day)',
  'lines (shop_day, sku_id, shop_id, quantity, net_sales, sale)',
  'lines (sku_id, shop_day, quantity, net_sales, sale)',
  'lines (oid)',
  'listings (sku_id)',
  'listings (listing_id)',
  'skus (sku_id)',
  'places (place_id)',
  'buyers (buyer_id)',
  'return_lines (sku_id, shop_day)',
  'return_lines (oid)',
  'returns (rid)',
  'order_days (shop_day)',
  'returned_pieces (shop_day)',
  'returned_pieces (event_day)',
];

let database: DatabaseSync | null = null;
let engine: Engine | null = null;
let path = '';

/** Loads the dumped tables row by row and indexes them. */
export async function fill(
  tables: readonly DumpedTable[],
  folder: string,
): Promise<{ bytes: number; loadSeconds: number; indexSeconds: number }> {
  open(folder);
  const began = performance.now();
  for (const { name, file, columns } of tables) {
    const types = columns.map(({ type }) =>
      /INT/.test(type) ? 'INTEGER' : type.startsWith('DECIMAL') ? 'REAL' : type === 'BOOLEAN' ? 'INTEGER' : 'TEXT',
    );
    database!.exec(`CREATE TABLE "${name}" (${columns.map((column, i) => `"${column.name}" ${types[i]}`).join(', ')})`);
    const put = database!.prepare(`INSERT INTO "${name}" VALUES (${columns.map(() => '?').join(', ')})`);
    database!.exec('BEGIN');
    await new Promise<void>((resolve, reject) =>
      papaparse.parse<string[]>(createReadStream(file), {
        step: ({ data }) =>
          void (
            data.length === columns.length &&
            put.run(
              ...data.map((text, i): SQLInputValue =>
                text === ''
                  ? null
                  : types[i] === 'INTEGER'
                    ? integerOf(text)
                    : types[i] === 'REAL'
                      ? Math.round(Number(text) * 10_000)
                      : text,
              ),
            )
          ),
        complete: () => resolve(),
        error: reject,
      }),
    );
    database!.exec('COMMIT');
  }
  const loaded = performance.now();
  for (const [i, index] of INDEXES.entries()) database!.exec(`CREATE INDEX index_${i} ON ${index}`);
  database!.exec('ANALYZE');
  return { bytes: statSync(path).size, loadSeconds: (loaded - began) / 1000, indexSeconds: (performance.now() - loaded) / 1000 };
}

function integerOf(text: string): bigint | number {
  return text === 'true' ? 1 : text === 'false' ? 0 : BigInt(text);
}

export function open(folder: string): void {
  mkdirSync(folder, { recursive: true });
  path = join(folder, 'orders.sqlite');
  database = new DatabaseSync(path);
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA mmap_size = 8000000000; PRAGMA ' +
      'temp_store = MEMORY',
  );
  // What its dialect lacks; dates are texts.
  database.function('date_trunc', { deterministic: true }, (unit, day) =>
    unit === 'month' ? `${String(day).slice(0, 7)}-01` : `${String(day).slice(0, 4)}-01-01`,
  );
  database.function('regexp_replace', { deterministic: true }, (text, pattern, by) =>
    text === null ? null : String(text).replace(new RegExp(String(pattern)), String(by)),
  );
  database.function('at_time_zone', { deterministic: true }, (instant, zone) =>
    instant === null
      ? null
      : Temporal.Instant.from(toIso(String(instant)))
          .toZonedDateTimeISO(String(zone))
          .toPlainDateTime()
          .toString(),
  );
  database.function('date_part', { deterministic: true }, (part, at) => (at === null ? null : partOf(String(part), String(at))));
  database.function('parts_of', { deterministic: true }, (list, separator) => JSON.stringify(String(list).split(String(separator))));
  database.function('to_hex', { deterministic: true, useBigIntArguments: true }, (number) =>
    BigInt.asUintN(64, number as bigint).toString(16),
  );
  database.function('lpad', { deterministic: true }, (text, width, by) =>
    String(text).padStart(Number(width), String(by)).slice(0, Number(width)),
  );
  // Nulls do not count.
  database.function(
    'least',
    { deterministic: true, varargs: true, useBigIntArguments: true },
    (...values) => values.filter((value) => value !== null).toSorted((a, b) => Number(a! > b!) - Number(a! < b!))[0] ?? null,
  );
  const reader: Reader = { query: async <R extends Row>(text: Sql) => query<R>(text) };
  engine = {
    read: (work) => work(reader),
    transaction: () => Promise.reject(new Error('the rival only reads')),
    backup: () => Promise.reject(new Error('the rival only reads')),
    close: () => Promise.resolve(),
  } as Engine;
}

/** The product's own answer, its texts run by SQLite. */
export function answer(question: ReportQuestion): Promise<ReportAnswer> {
  return answerFrom(engine!, question);
}

export function scan(scan: Scan): Promise<{ groups: number; counted: number }> {
  return scanOn(engine!, scan);
}

export function version(): string {
  return `SQLite ${(database!.prepare('SELECT sqlite_version() AS v').get() as { v: string }).v}`;
}

export function close(): void {
  database?.close();
}

export function diskBytes(): number {
  return statSync(path).size;
}

function query<R extends Row>(text: Sql): R[] {
  const statement = database!.prepare(inItsWords(onOneLine(text.text)));
  // Whole numbers come as bigint, amounts as numbers: so the two are told apart.
  statement.setReadBigInts(true);
  const values = text.values.map((value): SQLInputValue =>
    value instanceof Temporal.Instant ? value.toString() : typeof value === 'boolean' ? Number(value) : (value as SQLInputValue),
  );
  return (statement.all(Object.fromEntries(values.map((value, i) => [i + 1, value]))) as Record<string, unknown>[]).map(
    (row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, valueOf(value)])) as R,
  );
}

/** What it cannot be asked in other words. */
const UNKNOWN = [
  [/\bGROUPING SETS\b/, 'SQLite has no GROUPING SETS'],
  [/\bstring_agg\(DISTINCT /, 'SQLite lists distinct texts with a comma between them alone'],
] as const;

/** What our texts say in another way: casts, days between dates, lists, and names of the columns of VALUES. */
function inItsWords(text: string): string {
  for (const [words, reason] of UNKNOWN) if (words.test(text)) throw new Error(reason);
  const typed = text
    .replaceAll(/(\$\d+)::decimal\(18, ?4\)/gi, '($1 * 10000.0)')
    .replaceAll(/(\$\d+)::date - ([\w.]+)/g, '((unixepoch($1) - unixepoch($2)) / 86400)')
    .replaceAll(/([\w.]+) - DATE ('1970-01-01')/g, '((unixepoch($1) - unixepoch($2)) / 86400)')
    .replaceAll(/\(([\w.]+) AT TIME ZONE ([\w.]+|\$\d+)\)::date/g, 'date(at_time_zone($1, $2))')
    .replaceAll(/([\w.]+) AT TIME ZONE ([\w.]+|\$\d+)/g, 'at_time_zone($1, $2)')
    // The first day of the month of a day.
    .replaceAll(/([\w.]+) - extract\(day FROM \1\)::integer \+ 1\b/g, `date($1, 'start of month')`)
    .replaceAll(/::double precision\b/gi, ' * 1.0')
    .replaceAll(/::(?:decimal\(\d+, ?\d+\)|[a-z]+)/gi, '')
    .replaceAll(/\bbool_or\(/gi, 'max(');
  const listed = mapCalls(
    mapCalls(typed, 'string_to_array', ([list, separator]) => `parts_of(${list}, ${separator})`),
    'extract',
    ([part]) => `date_part('${part.replace(' FROM ', `', `)})`,
  );
  return mapSelects(listed, unnested)
    .replaceAll(
      /\((VALUES .*?\))\) AS (\w+)\(([\w, ]+)\)/g,
      (_, rows: string, name: string, columns: string) =>
        `(SELECT ${columns
          .split(', ')
          .map((column, i) => `column${i + 1} AS ${column}`)
          .join(', ')} FROM (${rows})) AS ${name}`,
    )
    .replaceAll(/\$(\d+)/g, '?$1');
}

/** Lists beside each other are tables joined by the place in them. */
function unnested({ items, rest }: SelectParts): SelectParts {
  const lists: string[] = [];
  const read = items.map((item) => mapCalls(item, 'unnest', ([list]) => `list_${lists.push(list)}.value`));
  if (lists.length === 0) return { items, rest };
  return {
    items: read,
    rest:
      ' FROM ' +
      `${lists.map((list, i) => `json_each(${list}) AS list_${i + 1}${i === 0 ? '' : ` ON list_${i + 1}.key = list_1.key`}`).join(' JOIN ')}${rest}`,
  };
}

/** `2026-11-22 10:00:00+00`, as DuckDB writes an instant into CSV, in ISO's form. */
function toIso(instant: string): string {
  return instant.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00');
}

/** A bigint, for a number is an amount there. */
function partOf(part: string, at: string): bigint {
  if (part === 'epoch') return BigInt(Math.floor(Temporal.Instant.from(toIso(at)).epochMilliseconds / 1000));
  const [year, month, day, hour] = at.split(/[-T :]/);
  return BigInt({ year, month, day, hour }[part]!);
}

function valueOf(value: unknown): Value {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return (value / 10_000).toFixed(4);
  return value as Value;
}
