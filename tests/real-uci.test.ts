import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { raw } from '../src/engines/sql.ts';
import { cutCsv, inCents, tenThousandths } from './csv-cutter.ts';
import { openRealFile, pick, type RealFile } from './real-file.ts';

// A real wholesaler's year that nobody here wrote; it is not part of the project and is not needed by it.
const FILE = resolve(import.meta.dirname, '../../shared/data/uci-online-retail/online_retail.csv.gz');
const TODAY = '2011-12-10';
/** What is written in the file, by ISO 3166-1; three of its 38 are no country. */
const COUNTRIES: Readonly<Record<string, string | null>> = {
  'United Kingdom': 'GB',
  Germany: 'DE',
  France: 'FR',
  EIRE: 'IE',
  Spain: 'ES',
  Netherlands: 'NL',
  Belgium: 'BE',
  Switzerland: 'CH',
  Portugal: 'PT',
  Australia: 'AU',
  Norway: 'NO',
  Italy: 'IT',
  'Channel Islands': null,
  Finland: 'FI',
  Cyprus: 'CY',
  Sweden: 'SE',
  Unspecified: null,
  Austria: 'AT',
  Denmark: 'DK',
  Japan: 'JP',
  Poland: 'PL',
  Israel: 'IL',
  USA: 'US',
  'Hong Kong': 'HK',
  Singapore: 'SG',
  Iceland: 'IS',
  Canada: 'CA',
  Greece: 'GR',
  Malta: 'MT',
  'United Arab Emirates': 'AE',
  'European Community': null,
  RSA: 'ZA',
  Lebanon: 'LB',
  Lithuania: 'LT',
  Brazil: 'BR',
  'Czech Republic': 'CZ',
  Bahrain: 'BH',
  'Saudi Arabia': 'SA',
};

/** The second tool: SQLite on the file's rows; what is sold and what is paid back is said here once more, in other words. */
function secondOpinion(): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE f (invoice TEXT, code TEXT, qty INTEGER, at TEXT, price INTEGER, customer TEXT, country TEXT)');
  const insert = database.prepare('INSERT INTO f VALUES (?, ?, ?, ?, ?, ?, ?)');
  database.exec('BEGIN');
  for (const [invoice, code, , qty, at, price, customer, country] of cutCsv(gunzipSync(readFileSync(FILE)).toString('utf8')).slice(1)) {
    insert.run(invoice!, code!, Number(qty), at!, tenThousandths(price!), customer!, COUNTRIES[country!] ?? null);
  }
  database.exec(`
    COMMIT;
    CREATE TABLE dated AS SELECT invoice, date(min(at)) AS day, date(max(at)) AS last_day FROM f GROUP BY invoice;
    CREATE INDEX by_invoice ON dated (invoice);
    CREATE VIEW goods AS SELECT *, upper(code) IN ('POST', 'DOT', 'C2', 'M', 'D', 'B', 'S', 'AMAZONFEE', 'BANK CHARGES', 'CRUK') AS none FROM f JOIN dated USING (invoice);
    CREATE TABLE sold AS SELECT *, qty * price AS amount, substr(day, 1, 7) AS month FROM goods WHERE invoice NOT LIKE 'C%' AND qty > 0 AND price <> 0 AND NOT none;
    CREATE TABLE back AS SELECT *, -qty * price AS amount, CASE WHEN none THEN 0 ELSE -qty END AS pieces, last_day AS paid_day FROM goods WHERE invoice LIKE 'C%';
    CREATE TABLE bought AS SELECT invoice, customer, day, month, sum(amount) AS amount FROM sold WHERE customer <> '' GROUP BY invoice`);
  return database;
}

describe.skipIf(!existsSync(FILE))("a real wholesaler's year of 541,909 lines (skipped where ../shared/data is absent)", () => {
  let file: RealFile;
  let second: DatabaseSync;
  const rows = (text: string): Record<string, number | string | null>[] =>
    second
      .prepare(text)
      .all()
      .map((row) => ({ ...row })) as Record<string, number | string | null>[];
  const money = (text: string, ...columns: readonly string[]) =>
    rows(text).map((row) => ({ ...row, ...Object.fromEntries(columns.map((name) => [name, inCents(Number(row[name]))])) }));

  beforeAll(async () => {
    file = await openRealFile(createReadStream(FILE), { mapping: 'uci-online-retail.json', now: `${TODAY}T12:00:00Z` });
    second = secondOpinion();
  }, 900_000);
  afterAll(() => file?.close());

  test('every row is taken, none is refused; invoices that begin with C are refunds and no orders', () => {
    expect(file.result).toMatchObject({
      rows: 541_909,
      refused: 0,
      orders: 22_064,
      orders_new: 22_064,
      refunds: 3836,
      refunds_new: 3836,
      shops: ['UCI Online Retail'],
    });
  });

  test('goods, charges and corrections together are the 10,666,684.544 pounds that are often told of this file', async () => {
    const [all] = await file.engine.read((reader) =>
      reader.query(raw(`SELECT sum(net_sales) AS pounds FROM lines WHERE quantity > 0 AND net_sales > 0`)),
    );
    expect(all).toEqual({ pounds: '10666684.5440' });
    expect(rows(`SELECT sum(qty * price) / 10000.0 AS pounds FROM f WHERE invoice NOT LIKE 'C%' AND qty > 0 AND price > 0`)).toEqual([
      { pounds: 10_666_684.544 },
    ]);
  });

  test('orders, units and amount by month are those of the file', async () => {
    const { totals } = await file.ask('MonthlySalesAnalysis', { limit: 1 });
    expect(pick(totals!, 'month', 'orders', 'sales', 'total_amount')).toEqual(
      money(
        'SELECT month, count(DISTINCT invoice) AS orders, sum(qty) AS sales, sum(amount) AS total_amount FROM sold GROUP BY month ' +
          'ORDER BY month',
        'total_amount',
      ),
    );
  });

  test('the ten products that sell most are those of the file, by units and by amount', async () => {
    const { data } = await file.ask('SalesRank', { limit: 100_000 });
    const ours = pick(data!, 'sku', 'sales', 'orders', 'revenue');
    const theirs = money(
      'SELECT code AS sku, sum(qty) AS sales, count(DISTINCT invoice) AS orders, sum(amount) AS revenue FROM sold GROUP BY code',
      'revenue',
    );
    const best = (of: Record<string, unknown>[], by: string) =>
      of.toSorted((a, b) => Number(b[by]) - Number(a[by]) || (String(a['sku']) < String(b['sku']) ? -1 : 1)).slice(0, 10);
    expect(ours).toHaveLength(theirs.length);
    expect(best(ours, 'sales')).toEqual(best(theirs, 'sales'));
    expect(best(ours, 'revenue')).toEqual(best(theirs, 'revenue'));
  });

  test('every country is that of the file', async () => {
    const { data } = await file.ask('AreaDemand', { level: 'country', limit: 100 });
    const byCountry = (of: Record<string, unknown>[]) => of.toSorted((a, b) => (String(a['country']) < String(b['country']) ? -1 : 1));
    expect(byCountry(pick(data!, 'country', 'sales', 'orders', 'buyers', 'sales_amount'))).toEqual(
      byCountry(
        money(
          `
      SELECT country, sum(qty) AS sales, count(DISTINCT invoice) AS orders, count(DISTINCT nullif(customer, '')) AS buyers, sum(amount) AS sales_amount FROM sold GROUP BY country`,
          'sales_amount',
        ),
      ),
    );
  });

  test.each(['days', 'orders'] as const)(
    'buyers who came again, by %s, are those of the file, all together and by SKU',
    async (distinct) => {
      const again = `count(DISTINCT ${distinct === 'days' ? 'day' : 'invoice'}) > 1`;
      const counted = (by: string) => `SELECT ${by} count(*) AS total_buyers, sum(again) AS repurchase_users FROM`;
      const { summary, data } = await file.ask('RepurchaseRate', { distinct, limit: 100_000 });
      const whole = rows(`${counted('')} (SELECT customer, ${again} AS again FROM bought GROUP BY customer)`);
      expect(pick(summary!, 'total_buyers', 'repurchase_users')).toEqual(whole);
      const { summary: returning } = await file.ask('RepurchaseRate', { distinct, variant: 'returning', limit: 1 });
      expect(pick(returning!, 'total_buyers', 'repurchase_users')).toEqual(whole);
      const bySku = (of: Record<string, unknown>[]) => new Map(of.map(({ sku, ...row }) => [sku, row]));
      expect(bySku(pick(data!, 'sku', 'total_buyers', 'repurchase_users'))).toEqual(
        bySku(
          rows(`
      ${counted('code AS sku,')} (SELECT code, customer, ${again} AS again FROM sold WHERE customer <> '' GROUP BY code, customer) GROUP BY code HAVING sum(again) > 0`),
        ),
      );
    },
  );

  test('second orders within 30 to 360 days of the first are those of the file', async () => {
    const { summary } = await file.ask('RepurchaseRate', { variant: 'cohort', limit: 1 });
    expect(pick(summary!, 'within', 'total_buyers', 'repurchase_users')).toEqual(
      [30, 60, 90, 180, 360].flatMap((within) =>
        rows(`
      SELECT ${within} AS within, count(*) AS total_buyers, coalesce(sum(julianday(second) - julianday(first) <= ${within}), 0) AS repurchase_users
      FROM (SELECT customer, min(day) AS first FROM bought GROUP BY customer)
      LEFT JOIN (SELECT b.customer, min(b.day) AS second FROM bought b JOIN (SELECT customer, min(day) AS first FROM bought GROUP BY customer) f ON f.customer = b.customer AND b.day > f.first
        GROUP BY b.customer) USING (customer)
      WHERE date(first, '+${within} days') < '${TODAY}'`),
      ),
    );
  });

  test('cancellations are money paid back: how many, of what, and how much, month by month', async () => {
    const theirs = money(
      `
      SELECT substr(paid_day, 1, 7) AS month, count(DISTINCT invoice) AS refunds, sum(pieces) AS pieces, sum(amount) AS amount FROM back GROUP BY 1 ORDER BY 1`,
      'amount',
    );
    const ours = [];
    for (const { month } of theirs) {
      const window = {
        basis: 'event',
        from: `${month}-01`,
        to: rows(`SELECT date('${month}-01', '+1 month', '-1 day') AS day`)[0]!['day'],
        limit: 1,
      };
      const [pieces, refunds] = [await file.ask('ReturnRate', window), await file.ask('ReturnRate', { ...window, variant: 'orders' })];
      ours.push({
        month,
        refunds: refunds['by_platform']![0]!['return_count'],
        pieces: pieces['by_platform']![0]!['return_count'],
        amount: pieces['by_platform']![0]!['refund_amount'],
      });
    }
    expect(ours).toEqual(theirs);
    const { data } = await file.ask('ReturnRate', { limit: 1 });
    expect(data).toEqual([expect.objectContaining({ return_count: 0, cancel_count: 0, refund_amount: 0 })]);
  });

  test('what was paid back is told for every SKU, and by day where figures are reconciled', async () => {
    const { data } = await file.ask('ReturnRate', { basis: 'event', limit: 100_000 });
    const bySku = (of: Record<string, unknown>[]) => new Map(of.map(({ sku_id, ...row }) => [sku_id, row]));
    expect(
      bySku(
        pick(
          data!.filter((row) => row['return_count'] !== 0 || row['refund_amount'] !== 0),
          'sku_id',
          'return_count',
          'refund_amount',
        ),
      ),
    ).toEqual(
      bySku(
        money('SELECT code AS sku_id, sum(pieces) AS return_count, sum(amount) AS refund_amount FROM back GROUP BY code', 'refund_amount'),
      ),
    );
    const { data: days } = await file.ask('Reconcile', { limit: 100_000 });
    expect(
      pick(
        days!.filter((row) => row['refunded_amount'] !== 0),
        'day',
        'returned_units',
        'refunded_amount',
      ),
    ).toEqual(
      money(
        'SELECT paid_day AS day, sum(pieces) AS returned_units, sum(amount) AS refunded_amount FROM back GROUP BY 1 ORDER BY 1 DESC',
        'refunded_amount',
      ),
    );
  });

  test('buyers fall into the segments that the rule gives, worked out buyer by buyer', async () => {
    const buyers = rows(
      `SELECT julianday('${TODAY}') - julianday(max(day)) AS days, count(*) AS orders, sum(amount) AS amount FROM bought GROUP BY customer`,
    ) as { days: number; orders: number; amount: number }[];
    const [total, orders] = [buyers.reduce((sum, { amount }) => sum + amount, 0), buyers.reduce((sum, row) => sum + row.orders, 0)];
    const average = Math.floor(total / orders);
    const score = (meets: readonly boolean[]): number => 1 + meets.filter(Boolean).length;
    const counts = new Map<string, number>();
    for (const { days, orders: count, amount } of buyers) {
      const r = score([240, 120, 60, 30].map((most) => days <= most));
      const [f, m] = [score([2, 3, 5, 8].map((least) => count >= least)), score([1, 2, 3, 5].map((times) => amount >= times * average))];
      const v = Math.ceil((f + m) / 2);
      const segment =
        r === 5
          ? v === 1
            ? 'New'
            : v <= 3
              ? 'Potential loyalist'
              : 'Champions'
          : r === 4
            ? v === 1
              ? 'Promising'
              : v <= 3
                ? 'Potential loyalist'
                : 'Loyal'
            : r === 3
              ? v <= 2
                ? 'About to sleep'
                : v === 3
                  ? 'Need attention'
                  : 'Loyal'
              : v <= 2
                ? r === 2
                  ? 'Hibernating'
                  : 'Lost'
                : v <= 4
                  ? 'At risk'
                  : 'Cannot lose';
      counts.set(segment, (counts.get(segment) ?? 0) + 1);
    }
    const { segments } = await file.ask('BuyerAnalysis', { limit: 1 });
    expect(new Map(segments!.filter(({ buyers: own }) => Number(own) > 0).map(({ segment, buyers: own }) => [segment, own]))).toEqual(
      counts,
    );
  });

  test('cohorts come back as the file says, buyers and revenue', async () => {
    const { data } = await file.ask('CohortRetention', { limit: 100_000 });
    expect(
      pick(
        data!.filter(({ buyers }) => buyers !== 0),
        'month',
        'months_since',
        'buyers',
        'revenue',
      ),
    ).toEqual(
      money(
        `
      SELECT first AS month, (substr(month, 1, 4) - substr(first, 1, 4)) * 12 + substr(month, 6) - substr(first, 6) AS months_since, count(DISTINCT customer) AS buyers, sum(amount) AS revenue
      FROM bought JOIN (SELECT customer, min(month) AS first FROM bought GROUP BY customer) USING (customer) GROUP BY first, month ORDER BY first, month`,
        'revenue',
      ),
    );
  });
});
