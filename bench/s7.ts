import { createReadStream, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openDuckDb } from '../src/engines/duckdb.ts';
import type { Engine } from '../src/engines/engine.ts';
import { prepareStore } from '../src/records/prepare-store.ts';
import { sql, type Sql } from '../src/engines/sql.ts';
import { fixedClock } from '../src/kernel/clock.ts';
import { keyedHash } from '../src/kernel/vault.ts';
import { PLATFORM_IDS, type PlatformId } from '../src/model/shop.ts';
import { presetOf } from '../src/platforms/mapped-file.ts';
import { parseMapping } from '../src/platforms/mapping.ts';
import { areaDemand } from '../src/reports/area-demand.ts';
import { monthlySalesAnalysis } from '../src/reports/monthly-sales-analysis.ts';
import type { Report } from '../src/reports/report.ts';
import { runReport } from '../src/reports/run.ts';
import { salesRank } from '../src/reports/sales-rank.ts';
import { importFile } from '../src/sync/import.ts';
import { partsOf } from '../tests/part-reading.ts';
import { firstDay, type AnswerRow, type Question } from './question.ts';
import { LAST_DAY, ZONE, type WorldFile } from './world.ts';

const FILE = 's7.duckdb';
const REPORTS: Readonly<Record<Question['report'], Report>> = {
  SalesRank: salesRank,
  AreaDemand: areaDemand,
  MonthlySalesAnalysis: monthlySalesAnalysis,
};

/** Late on the last day, on the shops' clock. */
export const clock = fixedClock(Temporal.PlainDateTime.from(`${LAST_DAY}T23:59:59`).toZonedDateTime(ZONE).toInstant().toString());
export const hash = keyedHash(Buffer.alloc(32, 7));

/** Opens (or makes) the store in a folder with the memory the server gives it on a machine of 5 GB or more. */
export async function openStore(folder: string): Promise<Engine> {
  const engine = await openDuckDb(join(folder, FILE), { memoryLimit: '2048MiB', temporaryFolder: folder });
  await prepareStore(engine);
  return engine;
}

function mappingOf(platform: PlatformId): unknown {
  return {
    name: 'bench',
    platform,
    shop: { column: 'Shop' },
    zone: ZONE,
    columns: {
      orderId: 'Order ID',
      lineId: 'Line ID',
      status: 'Status',
      purchasedAt: 'Created',
      paidAt: 'Paid',
      updatedAt: 'Updated',
      sku: 'SKU',
      skuName: 'Product',
      category: 'Category',
      quantity: 'Quantity',
      unitPrice: 'Unit price',
      sellerDiscount: 'Discount',
      currency: 'Currency',
      buyer: 'Buyer',
      country: 'Country',
      region: 'Province',
      city: 'City',
    },
    statuses: { Completed: 'completed', Shipped: 'shipped', Unpaid: 'unpaid', Cancelled: 'cancelled' },
  };
}

/** The product's own import, file by file: every cell checked, buyers hashed, documents kept, what is stored known again. */
export async function bring(files: readonly WorldFile[], folder: string): Promise<{ bytes: number; orders: number }> {
  const engine = await openStore(folder);
  let orders = 0;
  for (const { platform, path } of files) {
    const mapping = mappingOf(platform);
    const result = await importFile(
      { engine, clock, hash, parts: partsOf(hash), presets: [], temporaryFolder: folder },
      {
        source: createReadStream(path),
        file: basename(path),
        settings: {},
        mapped: { preset: presetOf(parseMapping(mapping)), mapping },
        describe: (reason) => reason,
      },
    );
    if (result.refused > 0) throw new Error(`${result.refused} rows of ${path} were refused: ${JSON.stringify(result.refused_reasons)}`);
    orders += result.orders_new;
  }
  await engine.close();
  return { bytes: statSync(join(folder, FILE)).size, orders };
}

let engine: Engine | null = null;

/** Opens the store that {@link bring} made. */
export async function open(folder: string): Promise<void> {
  engine = await openStore(folder);
}

/** `report`: the whole answer of the product, with everything beside these rows; `sql`: one query for these rows alone. */
export function answer(question: Question, way: 'report' | 'sql'): Promise<AnswerRow[]> {
  return way === 'report' ? byReport(question) : bySql(question);
}

interface ReportRow {
  readonly sku: string;
  readonly area: string;
  readonly month: string;
  readonly sales: number;
  readonly orders: number;
  readonly revenue: number | null;
  readonly sales_amount: number | null;
  readonly total_amount: number | null;
}

async function byReport({ report, window, limit }: Question): Promise<AnswerRow[]> {
  const { tables } = await runReport(
    { engine: engine!, clock },
    {
      report: REPORTS[report],
      platforms: PLATFORM_IDS,
      parameters: { limit: String(limit) },
      window,
      language: 'en',
    },
  );
  const rows = tables.data as readonly ReportRow[];
  const cents = (amount: number | null): number | null => (amount === null ? null : Math.round(amount * 100));
  switch (report) {
    case 'SalesRank':
      return rows.map(({ sku, sales, revenue }) => ({ key: sku, units: sales, cents: cents(revenue) }));
    case 'AreaDemand':
      return rows.map(({ area, sales, sales_amount, orders }) => ({ key: area, units: sales, cents: cents(sales_amount), orders }));
    case 'MonthlySalesAnalysis':
      return rows.map(({ month, sku, sales, total_amount }) => ({ key: `${month} ${sku}`, units: sales, cents: cents(total_amount) }));
  }
}

/** The rivals' SQL on our tables: what the engine alone takes, and what the rest of an answer costs on top. */
async function bySql({ report, window, limit }: Question): Promise<AnswerRow[]> {
  const from = firstDay(window);
  const since = from === '' ? sql`true` : sql`shop_day >= ${from}::date`;
  const texts: Readonly<Record<Question['report'], Sql>> = {
    SalesRank: sql`
      SELECT k.sku AS key, s.units, s.cents
      FROM (SELECT sku_id, sum(quantity)::bigint AS units, (sum(net_sales) * 100)::bigint AS cents FROM lines WHERE sale AND ${since}
      GROUP BY sku_id) s
      JOIN skus k ON k.sku_id = s.sku_id
      ORDER BY s.units DESC, s.cents DESC NULLS LAST, k.sku LIMIT ${limit}`,
    AreaDemand: sql`
      WITH areas AS (
        SELECT coalesce(p.region, 'unknown') AS key, sum(o.units)::bigint AS units, (sum(o.net_sales) * 100)::bigint AS cents,
        count(*) AS orders
        FROM orders o JOIN places p ON p.place_id = o.place_id WHERE o.units > 0 AND ${since} GROUP BY 1)
      SELECT * FROM (SELECT * FROM areas WHERE key <> 'unknown' ORDER BY units DESC, cents DESC NULLS LAST, key LIMIT ${limit})
      UNION ALL SELECT * FROM areas WHERE key = 'unknown'`,
    MonthlySalesAnalysis: sql`
      SELECT m.month || ' ' || k.sku AS key, m.units, m.cents
      FROM (SELECT substr(shop_day::varchar, 1, 7) AS month, sku_id, sum(units)::bigint AS units, (sum(net) * 100)::bigint AS cents
        FROM (SELECT shop_day, sku_id, sum(quantity) AS units, sum(net_sales) AS net FROM lines WHERE sale AND ${since}
        GROUP BY shop_day, sku_id)
        GROUP BY 1, 2) m
      JOIN skus k ON k.sku_id = m.sku_id
      ORDER BY m.month, m.units DESC, m.cents DESC NULLS LAST, k.sku LIMIT ${limit}`,
  };
  return engine!.read((reader) => reader.query<{ key: string; units: number; cents: number | null }>(texts[report]));
}
