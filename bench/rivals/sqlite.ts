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

const INDEXES = [
  'orders (shop_day, shop_id, units, net_sales, place_id, buyer_id)', 'orders (oid)', 'orders (buyer_id, shop_day)', 'lines (shop_day, sku_id, shop_id, quantity, net_sales, sale)',
  'lines (sku_id, shop_day, quantity, net_sales, sale)', 'lines (oid)', 'listings (sku_id)', 'listings (listing_id)', 'skus (sku_id)', 'places (place_id)', 'buyers (buyer_id)',
  'return_lines (sku_id, shop_day)', 'return_lines (oid)', 'returns (rid)',
];

let database: DatabaseSync | null = null;
let engine: Engine | null = null;
let path = '';

/** Loads the dumped tables row by row and indexes them. */
export async function fill(tables: readonly DumpedTable[], folder: string): Promise<{ bytes: number; loadSeconds: number; indexSeconds: number }> {
  open(folder);
  const began = performance.now();
  for (const { name, file, columns } of tables) {
    const types = columns.map(({ type }) => (/INT/.test(type) ? 'INTEGER' : type.startsWith('DECIMAL') ? 'REAL' : type === 'BOOLEAN' ? 'INTEGER' : 'TEXT'));
    database!.exec(`CREATE TABLE "${name}" (${columns.map((column, i) => `"${column.name}" ${types[i]}`).join(', ')})`);
    const put = database!.prepare(`INSERT INTO "${name}" VALUES (${columns.map(() => '?').join(', ')})`);
    database!.exec('BEGIN');
    await new Promise<void>((resolve, reject) => papaparse.parse<string[]>(createReadStream(file), {
      step: ({ data }) => void (data.length === columns.length && put.run(...data.map((text, i): SQLInputValue => (text === '' ? null : types[i] === 'INTEGER' ? integerOf(text) : types[i] === 'REAL' ? Math.round(Number(text) * 10_000) : text)))),
      complete: () => resolve(), error: reject,
    }));
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
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA mmap_size = 8000000000; PRAGMA temp_store = MEMORY');
  // What its dialect lacks; dates are texts.
  database.function('date_trunc', { deterministic: true }, (unit, day) => (unit === 'month' ? `${String(day).slice(0, 7)}-01` : `${String(day).slice(0, 4)}-01-01`));
  database.function('regexp_replace', { deterministic: true }, (text, pattern, by) => (text === null ? null : String(text).replace(new RegExp(String(pattern)), String(by))));
  const reader: Reader = { query: <R extends Row>(text: Sql) => Promise.resolve(query<R>(text)) };
  engine = {
    read: (work) => work(reader),
    transaction: () => Promise.reject(new Error('the rival only reads')), backup: () => Promise.reject(new Error('the rival only reads')), close: () => Promise.resolve(),
  } as Engine;
}

/** The product's own answer, its texts run by SQLite. */
export function answer(question: ReportQuestion): Promise<ReportAnswer> {
  return answerFrom(engine!, question);
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
  const plain = text.sql.replaceAll(/\?::decimal\(18,\s*4\)/gi, '(? * 10000.0)').replaceAll(/::(?:decimal\(\d+,\s*\d+\)|double precision|[a-z]+)/gi, '').replaceAll(/\bbool_or\(/gi, 'max(');
  const statement = database!.prepare(plain);
  // Whole numbers come as bigint, amounts as numbers: so the two are told apart.
  statement.setReadBigInts(true);
  const values = text.values.map((value): SQLInputValue => (value instanceof Temporal.Instant ? value.toString() : typeof value === 'boolean' ? Number(value) : (value as SQLInputValue)));
  return (statement.all(...values) as Record<string, unknown>[]).map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, valueOf(value)])) as R);
}

function valueOf(value: unknown): Value {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return (value / 10_000).toFixed(4);
  return value as Value;
}
