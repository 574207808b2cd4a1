import { join } from 'node:path';
import { openDuckDb } from '../src/engines/duckdb.ts';
import type { Engine, Transaction } from '../src/engines/engine.ts';
import { sumEveryDay } from '../src/records/orders/order-days.ts';
import { prepareStore } from '../src/records/prepare-store.ts';
import { EVERY_ORDER, renewReturnedPieces } from '../src/records/returns/returned-pieces.ts';
import { join as listed, raw, sql, type Sql } from '../src/engines/sql.ts';
import { toPlace } from '../src/model/area.ts';
import { NUMBERED, type NumberedTable } from '../src/model/numbered.ts';
import { PROVINCES } from './provinces.ts';
import { LAST_DAY, ZONE } from './world.ts';

const DAYS = 730;
const START = Temporal.PlainDate.from(LAST_DAY)
  .subtract({ days: DAYS - 1 })
  .toZonedDateTime(ZONE)
  .toInstant();
/** Buyers to draw from for each order: so that with repeats there are 75 for 100 orders of the platforms that tell them. */
const BUYERS_PER_ORDER = 1.65;
const SHOPS = [
  { platform: 'TikTok', shop: 'ES-Moda', tellsBuyers: true },
  { platform: 'TikTok', shop: 'ES-Hogar', tellsBuyers: true },
  { platform: 'Other', shop: 'Web', tellsBuyers: true },
  { platform: 'Shein', shop: 'shein-es', tellsBuyers: false },
  { platform: 'Amazon', shop: 'Amazon.es', tellsBuyers: false },
  { platform: 'TikTok', shop: 'ES-Sport', tellsBuyers: true },
] as const;
const CATEGORIES = ['Clothes', 'Kitchen', 'Beauty', 'Toys', 'Garden', 'Shoes', 'Office', 'Pets'] as const;
const REASONS = ['size_too_small', 'size_too_large', 'not_as_described', 'damaged', 'no_longer_needed'] as const;

/**
 * Fills a new store with so many orders, straight in its own tables, for an import of ten million would take an hour: 24 months up to
 * {@link LAST_DAY}, three times as many a day at the end, 1.7 lines an order, 20,000 SKUs (50,000 from ten million orders on; Zipf,
 * exponent 1), 6 % cancelled, 1 % unpaid, 5 % returned. The same number of orders gives the same rows on the same DuckDB.
 */
export async function makeBigStore(folder: string, orders: number, copies?: string): Promise<Engine> {
  const engine = await openDuckDb(join(folder, 's7.duckdb'), {
    memoryLimit: '8192MiB',
    temporaryFolder: join(folder, 'tmp'),
    backupFolder: copies,
  });
  await prepareStore(engine);
  const skus = orders >= 10_000_000 ? 50_000 : 20_000;
  await engine.transaction((tx) => makeDictionaries(tx, { orders, skus }));
  // In portions of purchase order, as an import would bring them.
  for (let from = 0; from < orders; from += 1_000_000) {
    await engine.transaction((tx) => makeOrders(tx, { orders, skus, from, to: Math.min(orders, from + 1_000_000) }));
  }
  await engine.transaction(sumEveryDay);
  await engine.transaction(makeReturns);
  await engine.transaction((tx) => renewReturnedPieces(tx, EVERY_ORDER));
  await engine.transaction(takeGivenNumbers);
  return engine;
}

/** The rows were given numbers here: whoever writes more of them goes on behind. */
async function takeGivenNumbers(tx: Transaction): Promise<void> {
  for (const [table, column] of Object.entries(NUMBERED) as [NumberedTable, string][]) {
    const [row] = await tx.query<{ last: number | null }>(sql`SELECT max(${raw(column)}) AS last FROM ${raw(table)}`);
    if (row!.last !== null && row!.last > 0) await tx.numbers(table, row!.last);
  }
}

async function makeDictionaries(tx: Transaction, { orders, skus }: { orders: number; skus: number }): Promise<void> {
  for (const [i, { platform, shop }] of SHOPS.entries()) {
    await tx.run(
      sql`INSERT INTO shops (shop_id, platform, shop, zone, currency) VALUES (${i + 1}::smallint, ${platform}, ${shop}, ${ZONE}, 'EUR')`,
    );
  }
  await tx.run(sql`INSERT INTO skus SELECT i + 1, 'S7-' || lpad((i + 1)::varchar, 5, '0') FROM range(${skus}) AS numbers(i)`);
  await tx.run(sql`
    INSERT INTO listings (listing_id, platform, sku_id, platform_sku, sku_name, image, category, seen_at)
    SELECT (p.n * ${skus} + k.sku_id)::integer, p.platform, k.sku_id, '17293' || lpad((p.n * ${skus} + k.sku_id)::varchar, 14, '0'),
    'Product ' || k.sku_id,
      'https://images.example/' || k.sku_id || '.jpg', ${oneOf(CATEGORIES, sql`k.sku_id`)}, ${START}
    FROM skus k CROSS JOIN (SELECT DISTINCT platform, dense_rank() OVER (ORDER BY platform) - 1 AS n FROM shops) p`);
  for (const [i, { name, city }] of PROVINCES.entries()) {
    const place = toPlace({ country: 'Spain', region: name, city, postalCode: '' });
    await tx.run(sql`INSERT INTO places (place_id, written, country, region_code, region, city)
      VALUES (${i + 1}::integer, ${name}, ${place.country}, ${place.regionCode}, ${place.region}, ${place.city})`);
  }
  await tx.run(sql`INSERT INTO places (place_id, written) VALUES (${PROVINCES.length + 1}::integer, '')`);
  await tx.run(sql`
    INSERT INTO buyers
    SELECT (n * ${Math.round((orders * BUYERS_PER_ORDER) / 2)} + i + 1)::integer, CASE n WHEN 0 THEN 'TikTok'
    ELSE 'Other' END, (hash(i, n) >> 1)::bigint
    FROM range(${Math.round((orders * BUYERS_PER_ORDER) / 2)}) AS numbers(i) CROSS JOIN (VALUES (0), (1)) AS kinds(n)`);
}

interface Portion {
  readonly orders: number;
  readonly skus: number;
  readonly from: number;
  readonly to: number;
}

async function makeOrders(tx: Transaction, { orders, skus, from, to }: Portion): Promise<void> {
  const half = Math.round((orders * BUYERS_PER_ORDER) / 2);
  // Three times as many a day at the end: the share of orders up to time t of 0..1 is (t + t²) / 2.
  const seconds = sql`floor((sqrt(1 + 8 * (i + 0.5) / ${orders}) - 1) / 2 * ${DAYS * 86_400})`;
  await temporary(
    tx,
    'drawn',
    sql`
    SELECT i AS oid, ${START}::timestamptz + to_seconds(${seconds}::bigint) AS purchased_at,
    (1 + floor(${drawn(1)} * ${SHOPS.length}))::smallint AS shop_id,
      ${drawn(2)} AS status_at, ${drawn(3)} AS buyer_at, ${drawn(4)} AS lines_at,
      CASE WHEN ${drawn(5)} < 0.005 THEN ${PROVINCES.length + 1} ELSE ${placeAt(drawn(6))} END::integer AS place_id
    FROM range(${from}, ${to}) AS numbers(i)`,
  );
  await temporary(
    tx,
    'begun',
    sql`
    SELECT oid, purchased_at, (purchased_at AT TIME ZONE ${ZONE})::date AS shop_day, d.shop_id, place_id,
      CASE h.platform WHEN 'TikTok' THEN 1 + floor(buyer_at * ${half})
      WHEN 'Other' THEN ${half} + 1 + floor(buyer_at * ${half}) END::integer AS buyer_id,
      1 + (lines_at < 0.45)::integer + (lines_at < 0.2)::integer + (lines_at < 0.05)::integer AS line_count,
      CASE WHEN status_at < 0.06 THEN 'cancelled' WHEN status_at < 0.07 THEN 'unpaid' WHEN oid > ${orders * 0.99} THEN 'shipped'
      ELSE 'completed' END AS status
    FROM drawn d JOIN shops h ON h.shop_id = d.shop_id`,
  );
  await temporary(
    tx,
    'pieces',
    sql`
    SELECT b.oid, n AS line_no, b.shop_id, b.shop_day, b.place_id, b.buyer_id, b.status, b.status NOT IN ('cancelled', 'unpaid') AS sale,
      least(${skus}, floor(exp(${drawn(20, sql`b.oid * 8 + n`)} * ln(${skus + 1})))::integer) AS sku_id,
      1 + (${drawn(21, sql`b.oid * 8 + n`)} < 0.08)::integer AS quantity,
      ${drawn(22, sql`b.oid * 8 + n`)} AS discount_at
    FROM begun b CROSS JOIN range(4) AS numbers(n) WHERE n < b.line_count`,
  );
  await tx.run(sql`
    INSERT INTO lines (oid, line_no, line_id, shop_id, shop_day, paid_day, sku_id, listing_id, place_id, buyer_id, model, currency, kind,
    status, outcome, platform_status,
      quantity, sale, first_of_sku, gross_sales, net_sales, paid_amount, tax_amount)
    SELECT oid, line_no, '57' || lpad((oid * 8 + line_no)::varchar, 16, '0'), shop_id, shop_day, CASE
    WHEN status <> 'unpaid' THEN shop_day END, sku_id,
      ((SELECT n FROM (SELECT DISTINCT platform, dense_rank() OVER (ORDER BY platform) - 1 AS n FROM shops) p
        WHERE p.platform = (SELECT platform FROM shops h WHERE h.shop_id = pieces.shop_id)) * ${skus} + sku_id)::integer,
      place_id, buyer_id, 'retail', 'EUR', 'goods', status, 'none', upper(status), quantity, sale,
      sale AND row_number() OVER (PARTITION BY oid, sku_id ORDER BY line_no) = 1,
      gross, gross - discount, gross - discount, NULL
    FROM (SELECT *, (quantity * (499 + sku_id * 37 % 6000) / 100)::decimal(18,4) AS gross,
      CASE WHEN discount_at < 0.3 THEN (quantity * (49 + sku_id % 97) / 100) ELSE 0 END::decimal(18,4) AS discount FROM pieces) AS pieces
    ORDER BY oid, line_no`);
  await tx.run(sql`
    INSERT INTO orders (oid, shop_id, order_id, purchased_at, paid_at, updated_at, shop_day, paid_day, status, outcome, platform_status,
    model, currency, place_id,
      buyer_id, line_count, units, unpriced_units, gross_sales, net_sales, paid_amount, total_amount, fingerprint, shipping_fee,
      shipping_provider)
    SELECT b.oid, b.shop_id, '576' || lpad(b.oid::varchar, 15, '0'), b.purchased_at, CASE
    WHEN b.status <> 'unpaid' THEN b.purchased_at END, b.purchased_at,
      b.shop_day, CASE WHEN b.status <> 'unpaid' THEN b.shop_day END, b.status, 'none', upper(b.status), 'retail', 'EUR', b.place_id,
      b.buyer_id, b.line_count, coalesce(s.units, 0), 0, s.gross, s.net, s.net, s.net + 3.99, hash(b.oid) >> 1, 3.99,
      ${oneOf(['Correos', 'SEUR', 'GLS'], sql`b.oid`)}
    FROM begun b
    LEFT JOIN (SELECT oid, sum(quantity)::integer AS units, sum(gross_sales) AS gross, sum(net_sales) AS net FROM lines
      WHERE sale AND oid >= ${from} AND oid < ${to} GROUP BY oid) s ON s.oid = b.oid
    ORDER BY b.oid`);
}

async function makeReturns(tx: Transaction): Promise<void> {
  await temporary(
    tx,
    'claimed',
    sql`
    SELECT oid, shop_id, order_id, shop_day, purchased_at + to_days((9 + hash(oid, 31) % 30)::integer) AS done_at, hash(oid, 32) % 20 AS how
    FROM orders WHERE units > 0 AND status = 'completed' AND hash(oid, 30) % 20 = 0`,
  );
  const kind = sql`CASE WHEN how < 14 THEN 'return' WHEN how < 18 THEN 'refund' ELSE 'exchange' END`;
  const state = sql`CASE WHEN how % 10 < 8 THEN 'completed' WHEN how % 10 = 8 THEN 'open' ELSE 'rejected' END`;
  const day = sql`CASE WHEN how % 10 < 8 THEN (done_at AT TIME ZONE ${ZONE})::date END`;
  await tx.run(sql`
    INSERT INTO return_lines (rid, line_no, line_id, shop_id, oid, sku, sku_id, shop_day, event_day, kind, state, goods_back, reason,
    currency, quantity, refund_amount)
    SELECT c.oid, l.line_no, l.line_id, c.shop_id, c.oid, k.sku, l.sku_id, c.shop_day, ${day}, ${kind}, ${state}, how < 14,
    ${oneOf(REASONS, sql`c.oid`)}, 'EUR', l.quantity, l.net_sales
    FROM claimed c JOIN lines l ON l.oid = c.oid AND l.line_no = 0 JOIN skus k ON k.sku_id = l.sku_id ORDER BY c.oid`);
  await tx.run(sql`
    INSERT INTO returns (rid, shop_id, return_id, order_id, oid, kind, state, platform_status, reason, reason_text, created_at,
    updated_at, event_day, goods_back, currency, refund_amount, fingerprint)
    SELECT c.oid, c.shop_id, '40' || c.order_id, c.order_id, c.oid, ${kind}, ${state}, ${state}, ${oneOf(REASONS, sql`c.oid`)}, NULL,
    done_at, done_at, ${day}, how < 14, 'EUR',
      l.refund_amount, 0
    FROM claimed c JOIN return_lines l ON l.rid = c.oid ORDER BY c.oid`);
}

/** A number of 0 to 1 for each row, by what it is drawn for. */
function drawn(what: number, of: Sql = sql`i`): Sql {
  return sql`(hash(${of}, ${raw(String(what))}) >> 11)::double / 9007199254740992.0`;
}

/** A province by its inhabitants. */
function placeAt(draw: Sql): Sql {
  const whole = PROVINCES.reduce((sum, { weight }) => sum + weight, 0);
  let sum = 0;
  const cases = PROVINCES.map(
    ({ weight }, i) => sql`WHEN ${draw} < ${raw(((sum += weight) / whole).toFixed(9))} THEN ${raw(String(i + 1))}`,
  );
  return sql`(CASE ${listed(cases, ' ')} ELSE ${raw(String(PROVINCES.length))} END)`;
}

function oneOf(texts: readonly string[], by: Sql): Sql {
  return sql`CASE (${by}) % ${raw(String(texts.length))} ${listed(
    texts.map((text, i) => sql`WHEN ${raw(String(i))} THEN ${text}`),
    ' ',
  )} END`;
}

async function temporary(tx: Transaction, name: string, select: Sql): Promise<void> {
  await tx.run(raw(`DROP TABLE IF EXISTS ${name}`));
  await tx.run(sql`CREATE TEMP TABLE ${raw(name)} AS ${select}`);
}
