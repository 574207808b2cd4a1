import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDuckDb } from '../src/engines/duckdb.ts';
import type { Engine } from '../src/engines/engine.ts';
import { prepareStore } from '../src/records/prepare-store.ts';
import { sql } from '../src/engines/sql.ts';
import { fixedClock } from '../src/kernel/clock.ts';
import { keyedHash } from '../src/kernel/vault.ts';
import { platforms } from '../src/platforms/all.ts';
import { reports } from '../src/reports/all.ts';
import { runReport } from '../src/reports/run.ts';
import { importFile, type ImportResult } from '../src/sync/import.ts';
import { partsOf } from './part-reading.ts';

// A real seller's file that nobody here wrote; it is not part of the project and is not needed by it.
const FILE = resolve(import.meta.dirname, '../../shared/data/amazon-in/amazon-sale-report.csv.gz');

/** The second tool: SQLite on rows cut by a splitter of its own; nothing of the product is used. */
function secondOpinion(): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE f (order_id TEXT, month TEXT, status TEXT, sku TEXT, qty INTEGER, cents INTEGER, state TEXT)');
  const insert = database.prepare('INSERT INTO f VALUES (?, ?, ?, ?, ?, ?, ?)');
  const [header, ...rows] = cut(gunzipSync(readFileSync(FILE)).toString('utf8'));
  const at = (name: string): number => header!.indexOf(name);
  const [id, date, status, sku, qty, amount, state] = ['Order ID', 'Date', 'Status', 'SKU', 'Qty', 'Amount', 'ship-state'].map(at) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  database.exec('BEGIN');
  for (const row of rows) {
    const [month, , year] = row[date]!.split('/');
    const [whole, fraction = ''] = row[amount]!.split('.');
    const cents = row[amount] === '' ? null : Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
    insert.run(
      row[id]!,
      `${year}-${month!.padStart(2, '0')}`,
      row[status]!,
      row[sku]!,
      Number(row[qty]),
      cents,
      row[state]!.trim().toUpperCase(),
    );
  }
  database.exec('COMMIT');
  database.exec("CREATE VIEW sold AS SELECT * FROM f WHERE qty > 0 AND status NOT IN ('Cancelled', 'Pending')");
  return database;
}

function cut(text: string): string[][] {
  const rows: string[][] = [];
  for (let at = 0, row: string[] = []; at < text.length; at++) {
    const quoted = text[at] === '"';
    // No cell of this file holds a quote: a quoted one ends at the next.
    const end = quoted ? text.indexOf('"', at + 1) + 1 : nextMark(text, at);
    row.push(text.slice(quoted ? at + 1 : at, quoted ? end - 1 : end).replace(/\r$/, ''));
    at = end;
    if (text[at] === '\r') at += 1;
    if (text[at] !== ',') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

function nextMark(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== ',' && text[at] !== '\n') at += 1;
  return at;
}

describe.skipIf(!existsSync(FILE))("a real Amazon.in seller's file (skipped where ../shared/data is absent)", () => {
  const folder = mkdtempSync(join(tmpdir(), 's7-real-'));
  let engine: Engine;
  let second: DatabaseSync;
  let result: ImportResult;

  beforeAll(async () => {
    engine = await openDuckDb(join(folder, 's7.duckdb'), { memoryLimit: '1GB', temporaryFolder: folder });
    await prepareStore(engine);
    result = await importFile(
      {
        engine,
        clock: fixedClock('2022-07-01T00:00:00Z'),
        hash: keyedHash(Buffer.from('test')),
        parts: partsOf(keyedHash(Buffer.from('test'))),
        presets: platforms.flatMap(({ files }) => files),
        temporaryFolder: folder,
      },
      { source: createReadStream(FILE), file: 'amazon-sale-report.csv.gz', settings: {}, describe: String },
    );
    second = secondOpinion();
  });
  afterAll(async () => {
    await engine.close();
    rmSync(folder, { recursive: true });
  });

  const ask = async (name: string, parameters: Record<string, unknown> = {}) =>
    (
      await runReport(
        { engine, clock: fixedClock('2022-07-01T00:00:00Z') },
        { report: reports.find((report) => report.name === name)!, platforms: ['Amazon'], parameters, language: 'en' },
      )
    ).tables as unknown as Record<string, Record<string, unknown>[]>;
  const rows = (text: string): Record<string, unknown>[] =>
    second
      .prepare(text)
      .all()
      .map((row) => ({ ...row }));

  test('every row is taken, none is refused', () => {
    expect(result).toMatchObject({
      preset: 'amazon-sale-report',
      rows: 128_975,
      refused: 0,
      orders: 120_378,
      orders_new: 120_378,
      shops: ['Amazon.in'],
    });
  });

  test('orders, units and amount by month are those of the file', async () => {
    const { totals } = await ask('MonthlySalesAnalysis');
    expect(totals!.map(({ month, orders, sales, total_amount }) => ({ month, orders, sales, total_amount }))).toEqual(
      rows(`
      SELECT month, count(DISTINCT order_id) AS orders, sum(qty) AS sales, sum(cents) / 100.0 AS total_amount FROM sold GROUP BY month ORDER BY month`),
    );
  });

  test('the ten SKUs that sell most are those of the file, by units and by amount', async () => {
    const { data } = await ask('SalesRank', { limit: 100_000 });
    const ours = data!.map(
      ({ sku, sales, orders, revenue }) =>
        ({ sku, sales, orders, revenue }) as { sku: string; sales: number; orders: number; revenue: number },
    );
    const theirs = (order: string) =>
      rows(`
      SELECT sku, sum(qty) AS sales, count(DISTINCT order_id) AS orders, sum(cents) / 100.0 AS revenue FROM sold GROUP BY sku ORDER BY ${order} LIMIT 10`);
    expect(ours.slice(0, 10)).toEqual(theirs('sales DESC, revenue DESC, sku'));
    expect(ours.toSorted((a, b) => b.revenue - a.revenue || (a.sku < b.sku ? -1 : 1)).slice(0, 10)).toEqual(theirs('revenue DESC, sku'));
  });

  test('the ten states with most units are those of the file, all its spellings counted together', async () => {
    const { data } = await ask('AreaDemand', { limit: 10 });
    const named = data!
      .filter(({ area }) => area !== 'unknown')
      .map(({ area, sales, orders, sales_amount }) => ({ area: String(area).toUpperCase(), sales, orders, sales_amount }));
    expect(named).toEqual(
      rows(`
      SELECT CASE WHEN state IN ('NEW DELHI') THEN 'DELHI' WHEN state IN ('RJ', 'RAJSHTHAN', 'RAJSTHAN') THEN 'RAJASTHAN' WHEN state LIKE 'ORISSA' THEN 'ODISHA' ELSE state END AS area,
        sum(qty) AS sales, count(DISTINCT order_id) AS orders, sum(cents) / 100.0 AS sales_amount
      FROM sold GROUP BY 1 ORDER BY sales DESC LIMIT 10`),
    );
  });

  test('the share of cancelled orders is that of the file', async () => {
    const [ours] = await engine.read((reader) =>
      reader.query(sql`
      SELECT count(*) AS orders, count(*) FILTER (WHERE status = 'cancelled') AS cancelled FROM orders`),
    );
    expect(ours).toEqual(
      rows(
        `SELECT count(DISTINCT order_id) AS orders, count(DISTINCT order_id) FILTER (WHERE status = 'Cancelled') AS cancelled FROM f`,
      )[0],
    );
  });

  test('only "APO" and empty states stay unknown, out of 69 spellings', async () => {
    const unknown = await engine.read((reader) =>
      reader.query<{ region: string | null }>(sql`SELECT DISTINCT region FROM places WHERE region_code IS NULL ORDER BY 1`),
    );
    expect(unknown.map(({ region }) => region)).toEqual(['APO', null]);
  });
});
