import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { isSold, ordersOf, type PlainOrder } from './file-rows.ts';
import { firstDay, type AnswerRow, type Question } from './question.ts';
import type { WorldFile } from './world.ts';

const FILE = 'orders.sqlite';
const TRANSACTION_ORDERS = 10_000;

/** The columns a report asks for stand in indexes of their own, rows that are no sale left out: no report touches the tables. */
const SCHEMA = `
  CREATE TABLE orders (
    oid INTEGER PRIMARY KEY, shop TEXT NOT NULL, order_id TEXT NOT NULL, platform TEXT NOT NULL, status TEXT NOT NULL,
    created_at TEXT NOT NULL, paid_at TEXT, updated_at TEXT NOT NULL, shop_day TEXT NOT NULL, currency TEXT, buyer TEXT,
    country TEXT, province TEXT, region TEXT NOT NULL, city TEXT, units INTEGER NOT NULL, net INTEGER, sale INTEGER NOT NULL,
    UNIQUE (shop, order_id));
  CREATE TABLE lines (
    oid INTEGER NOT NULL, line_id TEXT NOT NULL, shop_day TEXT NOT NULL, sku TEXT NOT NULL, name TEXT, category TEXT,
    quantity INTEGER NOT NULL, unit_price INTEGER, discount INTEGER, net INTEGER, sale INTEGER NOT NULL,
    PRIMARY KEY (oid, line_id)) WITHOUT ROWID;
  CREATE INDEX orders_by_day ON orders (shop_day, region, units, net) WHERE sale = 1;
  CREATE INDEX lines_by_day ON lines (shop_day, sku, quantity, net) WHERE sale = 1;
  CREATE INDEX lines_by_sku ON lines (sku, quantity, net) WHERE sale = 1;`;

const PUT_ORDER = `
  INSERT INTO orders (shop, order_id, platform, status, created_at, paid_at, updated_at, shop_day, currency, buyer, country, province, region, city, units, net, sale)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (shop, order_id) DO UPDATE SET status = excluded.status, paid_at = excluded.paid_at, updated_at = excluded.updated_at,
    units = excluded.units, net = excluded.net, sale = excluded.sale
    WHERE excluded.updated_at >= orders.updated_at
  RETURNING oid`;
const PUT_LINE = `
  INSERT INTO lines (oid, line_id, shop_day, sku, name, category, quantity, unit_price, discount, net, sale) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (oid, line_id) DO UPDATE SET sku = excluded.sku, quantity = excluded.quantity, unit_price = excluded.unit_price,
    discount = excluded.discount, net = excluded.net, sale = excluded.sale`;

/** Imports into SQLite: WAL, a commit is on disk when it returns, prepared statements row by row, 10,000 orders a transaction. */
export async function bring(files: readonly WorldFile[], folder: string): Promise<{ bytes: number }> {
  const database = connect(folder);
  database.exec(SCHEMA);
  const put = putterOf(database);
  let open = 0;
  for (const file of files) {
    for await (const order of ordersOf(file)) {
      if (open === 0) database.exec('BEGIN IMMEDIATE');
      put(order);
      open += 1;
      if (open < TRANSACTION_ORDERS) continue;
      database.exec('COMMIT');
      open = 0;
    }
  }
  if (open > 0) database.exec('COMMIT');
  database.exec('ANALYZE');
  database.close();
  return { bytes: statSync(join(folder, FILE)).size };
}

function connect(folder: string): DatabaseSync {
  const database = new DatabaseSync(join(folder, FILE));
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -1048576; PRAGMA ' +
      'mmap_size = 4294967296',
  );
  return database;
}

function putterOf(database: DatabaseSync): (order: PlainOrder) => void {
  const putOrder = database.prepare(PUT_ORDER);
  const putLine = database.prepare(PUT_LINE);
  return (order) => {
    const sale = Number(isSold(order.status));
    const day = order.createdAt.slice(0, 10);
    const priced = order.lines.filter(({ net }) => net !== null);
    const stored = putOrder.get(
      order.shop,
      order.orderId,
      order.platform,
      order.status,
      order.createdAt,
      order.paidAt || null,
      order.updatedAt,
      day,
      order.currency,
      order.buyer,
      order.country,
      order.province,
      order.region,
      order.city,
      order.lines.reduce((sum, { quantity }) => sum + quantity, 0),
      priced.length > 0 ? priced.reduce((sum, { net }) => sum + net!, 0) : null,
      sale,
    );
    // None comes back where what is stored is newer.
    if (!stored) return;
    for (const line of order.lines) {
      putLine.run(
        stored['oid'] as number,
        line.lineId,
        day,
        line.sku,
        line.name,
        line.category,
        line.quantity,
        line.unitPrice,
        line.discount,
        line.net,
        sale,
      );
    }
  };
}

let database: DatabaseSync | null = null;

/** Opens the file that {@link bring} made. */
export function open(folder: string): void {
  database = connect(folder);
}

/** Left to itself SQLite goes through all SKUs in order to spare a sort, and looks up the day of every line. */
const BY_DAY = 'INDEXED BY lines_by_day';
const TEXTS: Readonly<Record<Question['report'], (windowed: boolean) => string>> = {
  SalesRank: (windowed) => `
    SELECT sku AS key, sum(quantity) AS units, sum(net) AS cents FROM lines ${windowed ? `${BY_DAY} WHERE sale = 1 AND shop_day >= ?` : 'WHERE sale = 1'}
    GROUP BY sku ORDER BY units DESC, cents DESC NULLS LAST, sku LIMIT ?`,
  AreaDemand: (windowed) => `
    WITH areas AS (SELECT region AS key, sum(units) AS units, sum(net) AS cents, count(*) AS orders
      FROM orders WHERE sale = 1 ${windowed ? 'AND shop_day >= ?' : ''} GROUP BY region)
    SELECT * FROM (SELECT * FROM areas WHERE key <> 'unknown' ORDER BY units DESC, cents DESC NULLS LAST, key LIMIT ?)
    UNION ALL SELECT * FROM areas WHERE key = 'unknown'`,
  MonthlySalesAnalysis: (windowed) => `
    SELECT substr(shop_day, 1, 7) || ' ' || sku AS key, sum(quantity) AS units, sum(net) AS cents FROM lines WHERE sale = 1 ${windowed ? 'AND shop_day >= ?' : ''}
    GROUP BY substr(shop_day, 1, 7), sku ORDER BY substr(shop_day, 1, 7), units DESC, cents DESC NULLS LAST, sku LIMIT ?`,
};
const prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>();

/** The rows by SQL. */
export function answer({ report, window, limit }: Question): AnswerRow[] {
  const from = firstDay(window);
  const text = TEXTS[report](from !== '');
  let statement = prepared.get(text);
  if (!statement) prepared.set(text, (statement = database!.prepare(text)));
  const parameters: SQLInputValue[] = from === '' ? [limit] : [from, limit];
  return statement.all(...parameters) as unknown as AnswerRow[];
}
