import { readXlsx } from 'hucre/xlsx';
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDuckDb } from '../src/engines/duckdb.ts';
import type { Engine, Row } from '../src/engines/engine.ts';
import { prepareStore } from '../src/records/prepare-store.ts';
import { sql } from '../src/engines/sql.ts';
import { fixedClock } from '../src/kernel/clock.ts';
import { keyedHash } from '../src/kernel/vault.ts';
import { platforms } from '../src/platforms/all.ts';
import type { FileSettings } from '../src/platforms/file-preset.ts';
import { importFile, type ImportResult } from '../src/sync/import.ts';
import { partsOf } from './part-reading.ts';

const examples = join(import.meta.dirname, '../examples');
const temporaryFolder = mkdtempSync(join(tmpdir(), 's7-examples-'));
let engine: Engine;
beforeAll(async () => {
  engine = await openDuckDb(join(temporaryFolder, 'store.duckdb'), { memoryLimit: '512MB', temporaryFolder, threads: 1 });
  await prepareStore(engine);
});
afterAll(async () => {
  await engine.close();
  rmSync(temporaryFolder, { recursive: true });
});

async function bring(
  file: string,
  source: Readable = createReadStream(join(examples, file)),
  settings: FileSettings = {},
): Promise<ImportResult> {
  const room = {
    engine,
    clock: fixedClock('2026-11-22T12:00:00Z'),
    hash: keyedHash(Buffer.alloc(32, 7)),
    parts: partsOf(keyedHash(Buffer.alloc(32, 7))),
    presets: platforms.flatMap(({ files }) => files),
    temporaryFolder,
  };
  return importFile(room, { source, file, settings, describe: (reason) => reason });
}

const inMemory = (file: string | Uint8Array): Readable => Readable.from([Buffer.from(file as string)]);

/** A row of an example file as this test reads it, by itself: order, day on the shop's clock, pieces sold (0: no sale), net cents. */
interface Sold {
  readonly order: string;
  readonly day: string;
  readonly units: number;
  readonly cents: number;
}

const cents = (amount = ''): number => Math.round(Number(amount.replace('EUR ', '')) * 100);
const madrid = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Madrid' });

function named(header: readonly string[], rows: readonly (readonly unknown[])[]): Record<string, string>[] {
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, String(row[i] ?? '').trim()])));
}

function tiktokRows(): Sold[] {
  const text = readFileSync(join(examples, 'tiktok-orders-es.csv'), 'utf8').slice(1);
  const lines = text
    .match(/(?:"(?:[^"]|"")*"|[^"\n])+/g)!
    .map((line) => line.match(/(?<=^|,)(?:"(?:[^"]|"")*"|[^,]*)/g)!.map((cell) => cell.replace(/^"|"\s*$/g, '')));
  return named(
    lines[0]!.map((name) => name.trim()),
    lines.slice(2),
  ).map((row) => {
    const [day, month, year] = row['Created Time']!.slice(0, 10).split('/');
    const sale = !['Unpaid', 'Canceled'].includes(row['Order Status']!) && row['Cancelation/Return Type'] !== 'Cancel';
    return {
      order: row['Order ID']!,
      day: `${year}-${month}-${day}`,
      units: sale ? Number(row['Quantity']) : 0,
      cents: sale ? cents(row['SKU Subtotal Before Discount']) - cents(row['SKU Seller Discount']) : 0,
    };
  });
}

async function sheinRows(): Promise<Sold[]> {
  const { sheets } = await readXlsx(readFileSync(join(examples, 'shein-orders-es.xlsx')));
  const [, header, ...rows] = sheets[0]!.rows;
  return named(header!.map(String), rows).map((row) => {
    const sale = row['商品状态'] !== '已取消' && !(row['商品状态'] === '已退款' && row['揽收时间'] === '');
    return {
      order: row['订单号']!,
      day: madrid.format(new Date(`${row['订单创建时间']!.replace(' ', 'T')}+08:00`)),
      units: sale ? 1 : 0,
      cents: sale ? cents(row['商品价格']) - cents(row['店铺优惠券金额']) - cents(row['店铺活动优惠金额']) : 0,
    };
  });
}

function amazonText(): string {
  return gunzipSync(readFileSync(join(examples, 'amazon-orders-es.txt.gz'))).toString();
}

function amazonRows(): Sold[] {
  const [header, ...rows] = amazonText()
    .trim()
    .split('\r\n')
    .map((line) => line.split('\t'));
  return named(header!, rows).map((row) => {
    const sale = row['order-status'] !== 'Pending' && row['order-status'] !== 'Cancelled' && row['item-status'] !== 'Cancelled';
    return {
      order: row['amazon-order-id']!,
      day: madrid.format(new Date(row['purchase-date']!)),
      units: sale ? Number(row['quantity']) : 0,
      cents: sale ? cents(row['item-price']) - Math.abs(cents(row['item-promotion-discount'])) : 0,
    };
  });
}

async function stored(shops: string): Promise<Row[]> {
  return engine.read((reader) =>
    reader.query(sql`
    SELECT shop_day AS day, count(*)::integer AS orders, sum(units)::integer AS units, coalesce(sum(net_sales), 0)::decimal(18,
    2) AS net_sales
    FROM orders JOIN shops USING (shop_id) WHERE shop LIKE ${shops} GROUP BY 1 ORDER BY 1`),
  );
}

/** The same table out of the rows this test has read. */
function byDay(rows: readonly Sold[]): unknown[] {
  return Map.groupBy(rows, ({ day }) => day)
    .entries()
    .toArray()
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, sold]) => ({
      day,
      orders: new Set(sold.map(({ order }) => order)).size,
      units: sold.reduce((sum, { units }) => sum + units, 0),
      net_sales: (sold.reduce((sum, row) => sum + row.cents, 0) / 100).toFixed(2),
    }));
}

const files = [
  {
    file: 'tiktok-orders-es.csv',
    preset: 'tiktok-order-export',
    rows: 2823,
    orders: 2400,
    shops: ['TikTok ES'],
    shop: 'TikTok ES',
    read: tiktokRows,
  },
  {
    file: 'shein-orders-es.xlsx',
    preset: 'shein-order-export',
    rows: 1944,
    orders: 1500,
    shops: ['SHEIN ES'],
    shop: 'SHEIN ES',
    read: sheinRows,
  },
  {
    file: 'amazon-orders-es.txt.gz',
    preset: 'amazon-all-orders',
    rows: 2302,
    orders: 2000,
    shops: ['Amazon.de', 'Amazon.es', 'Amazon.fr', 'Amazon.it'],
    shop: 'Amazon.%',
    read: amazonRows,
  },
];

test.each(files)(
  '$file: every order, piece and cent of every day arrives, nothing is refused',
  async ({ file, shop, read, ...expected }) => {
    const rows = await read();
    expect(rows).toHaveLength(expected.rows);
    expect(new Set(rows.map(({ order }) => order)).size).toBe(expected.orders);
    expect(await bring(file)).toMatchObject({
      ...expected,
      file,
      refused: 0,
      orders_new: expected.orders,
      orders_changed: 0,
      orders_unchanged: 0,
    });
    expect(await stored(shop)).toEqual(byDay(rows));
  },
);

test.each(files)('$file: brought a second time it changes nothing', async ({ file, orders, shop }) => {
  const before = await stored(shop);
  expect(await bring(file)).toMatchObject({ refused: 0, orders, orders_new: 0, orders_changed: 0, orders_unchanged: orders });
  expect(await stored(shop)).toEqual(before);
});

test('orders with every line returned, lost, refused or cancelled are told apart', async () => {
  const counts = await engine.read((reader) =>
    reader.query(sql`
    SELECT shop, status, outcome, count(*)::integer AS orders FROM orders JOIN shops USING (shop_id)
    WHERE outcome <> 'none' OR status IN ('cancelled', 'unpaid', 'unknown') GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`),
  );
  expect(counts.filter(({ status }) => status === 'unknown')).toEqual([]);
  expect(counts.filter(({ shop }) => shop === 'SHEIN ES').map(({ status, outcome }) => `${String(status)}/${String(outcome)}`)).toEqual([
    'cancelled/none',
    'delivered/refunded',
    'shipped/lost',
    'shipped/refused',
  ]);
  expect(counts.filter(({ shop }) => shop === 'TikTok ES').map(({ status, outcome }) => `${String(status)}/${String(outcome)}`)).toEqual(
    expect.arrayContaining(['cancelled/none', 'completed/returned', 'unpaid/none']),
  );
});

test('of all that was brought no line lacks its SKU, no place its country but where nothing was written', async () => {
  const [found] = await engine.read((reader) =>
    reader.query(sql`
    SELECT (SELECT count(*)::integer FROM lines)::integer AS lines,
      (SELECT count(*)::integer FROM places WHERE country IS NULL AND written SIMILAR TO '%[A-Za-z]%')::integer AS lost,
      (SELECT count(*)::integer FROM lines LEFT JOIN skus USING (sku_id) WHERE sku IS NULL OR sku = '')::integer AS nameless`),
  );
  expect(found).toEqual({ lines: 2823 + 1944 + 2302, lost: 0, nameless: 0 });
});

test('an Amazon file in Windows-1252 gives the same orders as in UTF-8', async () => {
  const before = await stored('Amazon.%');
  expect(amazonText()).toMatch(/[áéíóúñ]/);
  const file = gzipSync(Buffer.from(amazonText(), 'latin1'));
  expect(await bring('amazon-1252.txt.gz', inMemory(file))).toMatchObject({
    refused: 0,
    orders: 2000,
    orders_new: 0,
    orders_changed: 0,
    orders_unchanged: 2000,
  });
  expect(await stored('Amazon.%')).toEqual(before);
});

test('a file saved by a spreadsheet with semicolons gives the same orders as with TABs', async () => {
  const file = amazonText()
    .split('\r\n')
    .map((line) =>
      line
        .split('\t')
        .map((cell) => `"${cell.replaceAll('"', '""')}"`)
        .join(';'),
    )
    .join('\r\n');
  expect(await bring('amazon.csv', inMemory(`\uFEFF${file}`))).toMatchObject({
    refused: 0,
    orders: 2000,
    orders_new: 0,
    orders_changed: 0,
    orders_unchanged: 2000,
  });
});

test('a row that cannot be read costs its own order at most, and is counted with its reason', async () => {
  const [header, ...rows] = amazonText().trim().split('\r\n').slice(0, 41);
  const spoilt = rows.map((row, i) =>
    i === 3 ? row.replace(/20\d\d-\d\d-\d\dT/, '2026-02-31T') : i === 7 ? row.split('\t').slice(0, 9).join('\t') : row,
  );
  const result = await bring('amazon-spoilt.txt', inMemory([header, ...spoilt, '', '\t\t'].join('\n')));
  expect(result).toMatchObject({ rows: 40, refused: 2, refused_reasons: { row_date: 1, row_cells: 1 } });
});

test('a file that breaks off in the middle changes nothing', async () => {
  const before = await stored('%');
  const file = readFileSync(join(examples, 'amazon-orders-es.txt.gz'));
  await expect(bring('broken.txt.gz', inMemory(file.subarray(0, file.length - 2000)))).rejects.toMatchObject({ code: 'file_unreadable' });
  expect(await stored('%')).toEqual(before);
});
