import { DuckDBInstance } from '@duckdb/node-api';
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cutCsv, inCents, tenThousandths } from './csv-cutter.ts';
import { openRealFile, pick, type RealFile } from './real-file.ts';

// Real orders of a Brazilian marketplace that nobody here wrote; they are not part of the project and are not needed by it.
const FOLDER = resolve(import.meta.dirname, '../../shared/data/olist-sample');
const README = resolve(import.meta.dirname, '../examples/mappings/README.md');
const read = (name: string): string[][] =>
  cutCsv(gunzipSync(readFileSync(join(FOLDER, `olist_${name}_dataset.csv.gz`))).toString('utf8')).slice(1);

/** The statement that the page gives, on these files. */
async function joined(folder: string): Promise<string> {
  const target = join(folder, 'olist.csv');
  const statement = /```sql\n(.*?)```/s
    .exec(readFileSync(README, 'utf8'))![1]!
    .replaceAll(/'(olist_\w+\.csv)'/g, (_all, name: string) => `'${join(FOLDER, name)}.gz'`)
    .replace("'olist.csv'", `'${target}'`);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
  return target;
}

/** The second tool: SQLite on the three files as they are. */
function secondOpinion(): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.exec(
    'CREATE TABLE o (id TEXT, customer TEXT, day TEXT); CREATE TABLE i (id TEXT, sku TEXT, price INTEGER); CREATE TABLE c (customer ' +
      'TEXT, buyer TEXT, state TEXT); BEGIN',
  );
  const [order, item, customer] = ['o', 'i', 'c'].map((table) => database.prepare(`INSERT INTO ${table} VALUES (?, ?, ?)`)) as [
    ReturnType<DatabaseSync['prepare']>,
    ReturnType<DatabaseSync['prepare']>,
    ReturnType<DatabaseSync['prepare']>,
  ];
  for (const [id, whose, , at] of read('orders')) order.run(id!, whose!, at!.slice(0, 10));
  for (const [id, , sku, , , price] of read('order_items')) item.run(id!, sku!, tenThousandths(price!));
  for (const [id, buyer, , , state] of read('customers')) customer.run(id!, buyer!, state!);
  database.exec('COMMIT; CREATE TABLE sold AS SELECT o.id, sku, price, day, buyer, state FROM i JOIN o USING (id) JOIN c USING (customer)');
  return database;
}

describe.skipIf(!existsSync(FOLDER))(
  '10,000 real orders of a Brazilian marketplace, joined of three files (skipped where ../shared/data is absent)',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 's7-olist-'));
    let file: RealFile;
    let second: DatabaseSync;
    const rows = (text: string) =>
      second
        .prepare(text)
        .all()
        .map((row) => ({ ...row }));
    const money = (text: string, column: string) => rows(text).map((row) => ({ ...row, [column]: inCents(Number(row[column])) }));

    beforeAll(async () => {
      file = await openRealFile(createReadStream(await joined(folder)), { mapping: 'olist.json', now: '2018-10-01T12:00:00Z' });
      second = secondOpinion();
    }, 600_000);
    afterAll(async () => {
      await file?.close();
      rmSync(folder, { recursive: true });
    });

    test('the statement of the page joins them, every row is taken, none is refused', () => {
      expect(file.result).toMatchObject({ rows: 11_513, refused: 0, orders: 10_000, orders_new: 10_000, refunds: 0, shops: ['Olist'] });
    });

    test('orders, units and amount by month are those of the files', async () => {
      const { totals } = await file.ask('MonthlySalesAnalysis', { limit: 1 });
      expect(pick(totals!, 'month', 'orders', 'sales', 'total_amount')).toEqual(
        money(
          'SELECT substr(day, 1, 7) AS month, count(DISTINCT id) AS orders, count(*) AS sales, sum(price) AS total_amount FROM sold ' +
            'GROUP BY 1 ORDER BY 1',
          'total_amount',
        ),
      );
    });

    test('the ten products that sell most are those of the files, by units and by amount', async () => {
      const { data } = await file.ask('SalesRank', { limit: 100_000 });
      const theirs = money(
        'SELECT sku, count(*) AS sales, count(DISTINCT id) AS orders, sum(price) AS revenue FROM sold GROUP BY sku',
        'revenue',
      ) as Record<string, unknown>[];
      const best = (of: Record<string, unknown>[], by: string) =>
        of.toSorted((a, b) => Number(b[by]) - Number(a[by]) || (String(a['sku']) < String(b['sku']) ? -1 : 1)).slice(0, 10);
      for (const by of ['sales', 'revenue']) expect(best(pick(data!, 'sku', 'sales', 'orders', 'revenue'), by)).toEqual(best(theirs, by));
    });

    test('every state is that of the files and has its ISO code', async () => {
      const { data } = await file.ask('AreaDemand', { limit: 100 });
      const byCode = (of: Record<string, unknown>[]) => of.toSorted((a, b) => (String(a['area_code']) < String(b['area_code']) ? -1 : 1));
      expect(byCode(pick(data!, 'area_code', 'country', 'sales', 'orders', 'buyers', 'sales_amount'))).toEqual(
        byCode(
          money(
            `
      SELECT 'BR-' || state AS area_code, 'BR' AS country, count(*) AS sales, count(DISTINCT id) AS orders, count(DISTINCT buyer) AS buyers, sum(price) AS sales_amount
      FROM sold GROUP BY state`,
            'sales_amount',
          ),
        ),
      );
    });

    test.each([
      ['days', 'day'],
      ['orders', 'id'],
    ] as const)('buyers who came again, by %s, are those of the files', async (distinct, what) => {
      const { summary } = await file.ask('RepurchaseRate', { distinct, limit: 1 });
      expect(pick(summary!, 'total_buyers', 'repurchase_users')).toEqual(
        rows(`
      SELECT count(*) AS total_buyers, sum(again) AS repurchase_users FROM (SELECT count(DISTINCT ${what}) > 1 AS again FROM sold GROUP BY buyer)`),
      );
    });
  },
);
