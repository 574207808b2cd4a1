/** The product's own reports on a store that {@link makeBigStore} made. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Engine } from '../src/engines/engine.ts';
import type { ReportAnswer } from '../src/reports/run.ts';
import { makeBigStore } from './big-store.ts';
import { dumpTables, type DumpedTable } from './dump.ts';
import { raw } from '../src/engines/sql.ts';
import { answerFrom, type ReportQuestion } from './report-question.ts';
import { scanOn, type Scan } from './scans.ts';
import { openStore } from './s7.ts';

let engine: Engine | null = null;
let path = '';

/** One text in Node cannot be longer than 512 MB. */
const ORDERS_PER_FILE = 250_000;

/** Makes the store, and the files that the rivals load; the older system's file only where it can be read at all. */
export async function fill(
  orders: number,
  folder: string,
  dumps: { csv: string; parquet: string; json: string | null },
): Promise<{ bytes: number; csv: DumpedTable[]; parquet: DumpedTable[] }> {
  const made = await makeBigStore(folder, orders, dirname(dumps.csv));
  const csv = await dumpTables(made, dumps.csv, 'csv');
  const parquet = await dumpTables(made, dumps.parquet, 'parquet');
  if (dumps.json !== null) await writeJson(made, orders, dumps.json);
  await made.close();
  return { bytes: statSync(join(folder, 's7.duckdb')).size, csv, parquet };
}

async function writeJson(engine: Engine, orders: number, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (let from = 0; from < orders; from += ORDERS_PER_FILE) {
    await engine.transaction((tx) =>
      tx.run(
        raw(`
      COPY (
        SELECT o.order_id, h.platform, o.shop_day::varchar AS day, o.units > 0 AS sold, o.buyer_id AS buyer, coalesce(p.region, 'unknown') AS region,
          list({'sku': k.sku, 'quantity': l.quantity, 'net': l.net_sales} ORDER BY l.line_no) AS lines
        FROM orders o JOIN shops h ON h.shop_id = o.shop_id JOIN places p ON p.place_id = o.place_id
        JOIN lines l ON l.oid = o.oid JOIN skus k ON k.sku_id = l.sku_id
        WHERE o.oid >= ${from} AND o.oid < ${from + ORDERS_PER_FILE} GROUP BY ALL
      ) TO '${join(folder, `orders-${from / ORDERS_PER_FILE}.json`)}' (FORMAT json, ARRAY true)`),
      ),
    );
  }
}

/** Opens the store with the memory the server gives it. */
export async function open(folder: string): Promise<void> {
  path = join(folder, 's7.duckdb');
  engine = await openStore(folder);
}

export function answer(question: ReportQuestion): Promise<ReportAnswer> {
  return answerFrom(engine!, question);
}

export function scan(scan: Scan): Promise<{ groups: number; counted: number }> {
  return scanOn(engine!, scan);
}

export function diskBytes(): number {
  return statSync(path).size;
}

export async function close(): Promise<void> {
  await engine?.close();
}
