import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { zstdDecompressSync } from 'node:zlib';
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
import { readTable } from '../src/sync/table-file.ts';
import { imaginedShop } from '../src/model/shop.ts';
import { partsOf } from './part-reading.ts';

/** Headers and sample rows that strangers published of the platforms' own exports; not part of the project. */
const formats = join(import.meta.dirname, '../../shared/data/export-formats');
const there = existsSync(formats);
const real = test.skipIf(!there);
test.skipIf(there)('NOT COMPARED with real exports: ../shared/data/export-formats does not stand beside this project', () => undefined);

const presets = platforms.flatMap(({ files }) => files);
const temporaryFolder = mkdtempSync(join(tmpdir(), 's7-formats-'));
let engine: Engine;
beforeAll(async () => {
  engine = await openDuckDb(join(temporaryFolder, 'store.duckdb'), { memoryLimit: '256MB', temporaryFolder, threads: 1 });
  await prepareStore(engine);
});
afterAll(async () => {
  await engine.close();
  rmSync(temporaryFolder, { recursive: true });
});

async function bring(file: string, source: Readable, settings: FileSettings = {}): Promise<ImportResult> {
  const room = {
    engine,
    clock: fixedClock('2026-11-22T12:00:00Z'),
    hash: keyedHash(Buffer.alloc(32, 7)),
    parts: partsOf(keyedHash(Buffer.alloc(32, 7))),
    presets,
    platforms,
    temporaryFolder,
  };
  return importFile(room, { source, file, settings, describe: (reason) => reason });
}

const open = (file: string): Readable => createReadStream(join(formats, file));

/** The stored order of that id with its lines. */
async function stored(orderId: string): Promise<Row & { lines: Row[] }> {
  const [orders, lines] = await engine.read((reader) =>
    Promise.all([
      reader.query(
        sql`SELECT orders.* EXCLUDE (fingerprint), country, city FROM orders LEFT JOIN places USING (place_id) WHERE order_id = ${orderId}`,
      ),
      reader.query(sql`
      SELECT lines.*, sku, platform_sku, sku_name FROM lines JOIN skus USING (sku_id) JOIN listings USING (listing_id)
      WHERE oid IN (SELECT oid FROM orders WHERE order_id = ${orderId}) ORDER BY line_no`),
    ]),
  );
  expect(orders).toHaveLength(1);
  return { ...orders[0]!, lines } as Row & { lines: Row[] };
}

/** What is left of a stored order when only these fields are asked for, money without its last two zeros. */
function pick(row: Readonly<Record<string, unknown>>, ...fields: string[]): unknown[] {
  return fields.map((field) => (/^\S+\.\d{4}$/.test(String(row[field])) ? String(row[field]).slice(0, -2) : row[field]));
}

real.each([
  ['tiktok/order_export_header_id_indonesia_2026_65cols.csv', 'tiktok-order-export', 30],
  ['tiktok/order_export_header_th_thailand_54cols.csv', 'tiktok-order-export', 31],
  ['tiktok/order_export_header_vn_vietnam_54cols.csv', 'tiktok-order-export', 30],
  ['tiktok/order_export_header_my_malaysia_33cols_subset.csv', 'tiktok-order-export', 23],
  ['shein/order_export_columns_pt_BR.csv', 'shein-order-export', 14],
  ['amazon/all_orders_header_29cols.txt', 'amazon-all-orders', 18],
  ['amazon/unshipped_orders_header_in_2025.txt', 'amazon-new-orders', 11],
])('the header %s is known as %s, with %i of its columns', async (file, name, known) => {
  const [row] = (await Array.fromAsync(readTable(open(file)))).flat();
  const header = row!.cells;
  const recognised = presets.filter((preset) => preset.recognises(header) > 0);
  expect(recognised.map((preset) => [preset.name, preset.recognises(header)])).toEqual([[name, known]]);
  expect(() => recognised[0]!.open(header, {}, keyedHash(Buffer.alloc(32)))).not.toThrow();
});

real.each([
  ['tiktok/income_export_header_id_en.csv', 'a TikTok Shop settlement export'],
  ['tiktok/income_export_header_vn_first19.csv', 'a TikTok Shop settlement export'],
  ['tiktok/unsettled_settlement_us_22_of_99_cols.csv', 'a TikTok Shop settlement export'],
  ['amazon/settlement_v1_sample_us_2015.txt', 'an Amazon settlement report'],
  ['amazon/settlement_v2_sample_uk.txt', 'an Amazon settlement report'],
  ['amazon/settlement_v2_de_5rows.txt', 'an Amazon settlement report'],
  ['amazon/date_range_us_30cols_7_preamble.csv', 'an Amazon date range transaction report'],
  ['amazon/date_range_fr_29cols.csv', 'an Amazon date range transaction report'],
  ['amazon/date_range_in_29cols_header.csv', 'an Amazon date range transaction report'],
  ['amazon/fba_customer_returns_sample_us.txt', 'an Amazon FBA customer returns report'],
])('a file of money or returns is not taken for orders: %s is told to be %s', async (file, kind) => {
  await expect(bring(file, open(file))).rejects.toMatchObject({
    code: 'file_later',
    message: `The file is ${kind}; such files cannot be imported yet.`,
  });
});

real('TikTok Thailand: four rows are three orders, one of two lines, one cancelled, one to be sent', async () => {
  const file = 'tiktok/order_export_sample_th.csv';
  expect(await bring(file, open(file), { zone: 'Asia/Bangkok', currency: 'THB', shop: 'Serum' })).toMatchObject({
    preset: 'tiktok-order-export',
    rows: 4,
    refused: 0,
    orders: 3,
    shops: ['Serum'],
  });
  const order = await stored('583870900000000001');
  expect(
    pick(order, 'status', 'outcome', 'purchased_at', 'shop_day', 'currency', 'units', 'gross_sales', 'paid_amount', 'total_amount'),
  ).toEqual(['delivered', 'none', '2026-05-10T15:05:43Z', '2026-05-10', 'THB', 3, '310.00', '258.00', '238.00']);
  expect(order.lines.map((line) => pick(line, 'sku', 'sku_name', 'quantity', 'gross_sales', 'paid_amount'))).toEqual([
    ['SKU-001', 'Serum A · 30ml', 2, '240.00', '200.00'],
    ['SKU-002', 'Serum B · 50ml', 1, '70.00', '58.00'],
  ]);
  expect(pick(await stored('583870900000000002'), 'status', 'units')).toEqual(['cancelled', 0]);
  expect(pick(await stored('583870900000000003'), 'status', 'units')).toEqual(['to_ship', 1]);
});

real("TikTok Indonesia: 189,950 less the seller's 104,472 is net, less the platform's 9,403 is what was paid", async () => {
  const file = 'tiktok/order_export_sample_id.csv';
  expect(await bring(file, open(file), { zone: 'Asia/Jakarta', currency: 'IDR', shop: 'Toko' })).toMatchObject({
    rows: 1,
    refused: 0,
    orders: 1,
  });
  const order = await stored('ORDER-TEST-001');
  expect(pick(order, 'status', 'purchased_at', 'updated_at', 'gross_sales', 'net_sales', 'paid_amount', 'total_amount')).toEqual([
    'shipped',
    '2026-08-03T04:27:18Z',
    '2026-08-03T06:57:37Z',
    '189950.00',
    '85478.00',
    '76075.00',
    '81406.00',
  ]);
  expect(pick(order.lines[0]!, 'sku', 'platform_sku', 'sku_name', 'quantity')).toEqual([
    'TTB-BLK-M',
    'SKU-ID-1',
    'Jacket Tracktop · Hitam, M',
    1,
  ]);
});

real('TikTok US: 03/01/2026 is the first of March', async () => {
  const file = 'tiktok/order_export_sample_us.csv';
  expect(await bring(file, open(file), { zone: 'America/Los_Angeles', currency: 'USD', shop: 'Birria' })).toMatchObject({
    rows: 2,
    refused: 0,
    orders: 2,
  });
  expect(pick(await stored('1'), 'status', 'purchased_at', 'paid_at', 'shop_day', 'gross_sales')).toEqual([
    'delivered',
    '2026-03-01T17:00:00Z',
    '2026-03-01T18:00:00Z',
    '2026-03-01',
    '19.99',
  ]);
  expect(pick(await stored('2'), 'shop_day')).toEqual(['2026-03-02']);
});

real('TikTok Malaysia: a row that does not fit its header is refused with the reason, and nothing breaks', async () => {
  const file = 'tiktok/order_export_sample_my_header_comma_rows_tab.txt';
  expect(await bring(file, open(file), { zone: 'Asia/Kuala_Lumpur' })).toMatchObject({
    rows: 1,
    refused: 1,
    refused_reasons: { row_cells: 1 },
    orders: 0,
  });
});

real('TikTok Malaysia: with header and row alike it is one order of one plushie', async () => {
  const text = readFileSync(join(formats, 'tiktok/order_export_sample_my_header_comma_rows_tab.txt'), 'utf8');
  const [header = '', ...rows] = text.split('\n');
  const file = Readable.from([Buffer.from([header.replaceAll(',', '\t'), ...rows].join('\n'))]);
  expect(await bring('my.txt', file)).toMatchObject({ rows: 1, refused: 0, orders: 1, shops: ['TikTok MY'] });
  const order = await stored('584697260225955022');
  expect(pick(order, 'status', 'purchased_at', 'currency', 'net_sales', 'paid_amount', 'total_amount', 'country', 'city')).toEqual([
    'to_ship',
    '2026-06-25T05:03:57Z',
    'MYR',
    '130.00',
    '118.30',
    '123.30',
    'MY',
    'Cheras',
  ]);
  expect(pick(order.lines[0]!, 'sku', 'quantity')).toEqual(['1735474415948891540', 1]);
});

real('TikTok: every known text of the description row is passed over', async () => {
  const texts = JSON.parse(readFileSync(join(formats, 'tiktok/description_row_known_texts.json'), 'utf8')) as Record<string, string>;
  const header = readFileSync(join(formats, 'tiktok/order_export_header_th_thailand_54cols.csv'), 'utf8').trim().split(',');
  const lines = [header, header.map((name) => `"${texts[name] ?? ''}"`)].map((cells) => cells.join(','));
  await expect(bring('th.csv', Readable.from([Buffer.from(lines.join('\r\n'))]), { zone: 'Asia/Bangkok' })).rejects.toMatchObject({
    code: 'file_empty',
  });
});

real('TikTok: every status word known from real files has a meaning', () => {
  const words = JSON.parse(readFileSync(join(formats, 'tiktok/status_words.json'), 'utf8')) as { th: object; id: object; en: string[] };
  const preset = presets.find(({ name }) => name === 'tiktok-order-export')!;
  const header = ['Order ID', 'Order Status', 'Seller SKU', 'Created Time', 'Quantity'];
  const reader = preset.open(header, { zone: 'Asia/Bangkok' }, keyedHash(Buffer.alloc(32)));
  const shop = imaginedShop(reader.fileShop());
  const all = [...Object.keys(words.th), ...Object.keys(words.id), ...words.en];
  expect(all.filter((word) => reader.toCanonical([['1', word, 'A', '10/05/2026 22:05:43', '1']], shop).status === 'unknown')).toEqual([]);
});

real('SHEIN Brazil: the header under its banner, a Portuguese date in Beijing, money less coupon and campaign', async () => {
  const header = readFileSync(join(formats, 'shein/order_export_columns_pt_BR.csv'), 'utf8').trim().split(',');
  const row = (cells: Record<string, string>): string => header.map((name) => cells[name] ?? '').join(',');
  const sold = {
    'Número do pedido': 'GSU1',
    'Status do pedido': 'Enviado',
    'Status do produto': 'Enviado',
    'Nome do produto': 'Vaso',
    Variação: 'Branco',
    'SKU do vendedor': 'VS-1',
    'SHEIN-SKU': 'I0abc',
    'Data e hora de criação do pedido': '18 agosto 2025 10:20',
    'Coletado em': '19 agosto 2025 09:00',
    'Moeda do vendedor': 'BRL',
    'Preço do produto': '129.90',
    'Valor do cupom': '10',
    'Desconto de campanha da loja': '5.5',
    'Código de rastreio': 'BR123456789',
  };
  const back = {
    ...sold,
    'Número do pedido': 'GSU2',
    'Status do pedido': 'Reembolsado por cliente',
    'Status do produto': 'reembolsado por cliente',
  };
  const file = [
    'Pedidos exportados',
    header.join(','),
    row(sold),
    row(sold),
    row(back),
    row({ ...back, 'Número do pedido': 'GSU3', 'Coletado em': '' }),
  ].join('\n');
  expect(await bring('br.csv', Readable.from([Buffer.from(file)]))).toMatchObject({
    preset: 'shein-order-export',
    rows: 4,
    refused: 0,
    orders: 3,
    shops: ['SHEIN BR'],
  });
  expect(pick(await stored('GSU1'), 'purchased_at', 'shop_day', 'currency', 'units', 'gross_sales', 'net_sales')).toEqual([
    '2025-08-18T02:20:00Z',
    '2025-08-17',
    'BRL',
    2,
    '259.80',
    '228.80',
  ]);
  expect(pick(await stored('GSU2'), 'status', 'outcome', 'units')).toEqual(['delivered', 'refunded', 1]);
  expect(pick(await stored('GSU3'), 'status', 'outcome', 'units')).toEqual(['cancelled', 'none', 0]);
});

real('SHEIN: whichever of its names a Chinese column wears, it is read', async () => {
  const aliases = JSON.parse(readFileSync(join(formats, 'shein/order_export_aliases_zh.json'), 'utf8')) as Record<string, string[]>;
  const cells: Record<string, string> = {
    orderNo: 'GSC',
    orderCreatedAt: '2026-03-02 06:30:00',
    sellerSku: 'HOM-1',
    platformSku: 'I1',
    productName: 'Vase',
    spec: 'White',
    price: '20',
    currency: 'EUR',
    country: 'Spain',
    quantity: '2',
  };
  for (let n = 0; n < 4; n++) {
    const header = Object.keys(aliases).map((field) => aliases[field]![n] ?? aliases[field]![0]!);
    const row = Object.keys(aliases).map((field) => (field === 'orderNo' ? `GSC-${n}` : (cells[field] ?? '')));
    expect(await bring('zh.csv', Readable.from([Buffer.from([header, row].map((each) => each.join(',')).join('\n'))]))).toMatchObject({
      refused: 0,
      orders: 1,
      shops: ['SHEIN ES'],
    });
    const order = await stored(`GSC-${n}`);
    expect(pick(order, 'shop_day', 'units', 'net_sales', 'country')).toEqual(['2026-03-01', 2, '40.00', 'ES']);
    expect(pick(order.lines[0]!, 'sku', 'platform_sku', 'sku_name')).toEqual(['HOM-1', 'I1', 'Vase · White']);
  }
});

real('Amazon Germany: lines are priced as lines, promotions taken off, small letters in status words read', async () => {
  const file = 'amazon/all_orders_sample_de_21cols.txt';
  expect(await bring(file, open(file))).toMatchObject({
    preset: 'amazon-all-orders',
    rows: 3,
    refused: 0,
    orders: 2,
    shops: ['Amazon.de'],
  });
  expect(pick(await stored('112-9739103-000001'), 'status', 'shop_day', 'units', 'gross_sales', 'net_sales')).toEqual([
    'shipped',
    '2026-04-10',
    1,
    '89.90',
    '79.90',
  ]);
  const order = await stored('112-9739103-000002');
  expect(pick(order, 'status', 'units', 'gross_sales', 'net_sales', 'country', 'city')).toEqual([
    'to_ship',
    3,
    '60.00',
    '58.00',
    'DE',
    'Hamburg',
  ]);
  expect(order.lines.map((line) => pick(line, 'sku', 'quantity', 'net_sales', 'tax_amount'))).toEqual([
    ['MUG-SET-4', 2, '42.00', '7.98'],
    ['NAPKIN-SET', 1, '16.00', '3.42'],
  ]);
});

real('Amazon Italy: the cancelled line of a shipped order is no sale', async () => {
  const file = 'amazon/all_orders_sample_it_32cols.txt';
  expect(await bring(file, open(file))).toMatchObject({ rows: 1, refused: 0, orders: 1, shops: ['Amazon.it'] });
  expect(pick(await stored('scrubbed'), 'status', 'units', 'net_sales', 'updated_at', 'country')).toEqual([
    'cancelled',
    0,
    null,
    '2017-06-18T22:07:59Z',
    'US',
  ]);
});

real('Amazon Japan: 17 parcels are 15 orders, each line known by its shipment item, in yen', async () => {
  const file = 'amazon/fba_fulfilled_shipments_jp_17rows_pseudonymised.txt';
  expect(await bring(file, open(file))).toMatchObject({
    preset: 'amazon-fulfilled-shipments',
    rows: 17,
    refused: 0,
    orders: 15,
    shops: ['Amazon.co.jp'],
  });
  const [sums] = await engine.read((reader) =>
    reader.query(sql`
    SELECT sum(units)::integer AS units, sum(net_sales) AS net_sales FROM orders JOIN shops USING (shop_id) WHERE shop = 'Amazon.co.jp'`),
  );
  expect(sums).toEqual({ units: 17, net_sales: '450828.0000' });
  const order = await stored('503-0000000-0000007');
  expect(pick(order, 'status', 'currency', 'shop_day', 'units', 'gross_sales', 'country')).toEqual([
    'shipped',
    'JPY',
    '2017-06-04',
    2,
    '77760.00',
    'JP',
  ]);
  expect(order.lines.map((line) => pick(line, 'line_id', 'sku', 'quantity'))).toEqual([
    ['DxLrG7pLR', 'EGF-1600-WC', 1],
    ['DvGjG0ppR', 'EGF-1600-WC', 1],
  ]);
});

real('Amazon US: new orders are to be sent; name, address, mail and phone are nowhere in the store', async () => {
  const file = 'amazon/new_orders_sample_us_2009.txt';
  const result = await bring(file, open(file));
  expect(result).toMatchObject({ preset: 'amazon-new-orders', rows: 2, refused: 0, orders: 2, shops: ['Amazon.com'] });
  const order = await stored('123-4567890-1234567');
  expect(
    pick(order, 'status', 'purchased_at', 'paid_at', 'shop_day', 'currency', 'units', 'net_sales', 'country', 'city', 'buyer_id'),
  ).toEqual(['to_ship', '2009-01-01T18:50:49Z', '2009-01-05T18:50:49Z', '2009-01-01', 'USD', 1, '1.29', 'US', 'Nowhere', null]);
  expect(pick(order.lines[0]!, 'line_id', 'sku', 'sku_name')).toEqual(['11111111111111', '1', 'item one']);
  const blocks = await engine.read((reader) =>
    reader.query<{ body: Uint8Array }>(sql`SELECT body FROM blocks WHERE import_id = ${result.import_id}`),
  );
  const kept = blocks.map(({ body }) => zstdDecompressSync(body).toString()).join('\n') + JSON.stringify([order, result.sample]);
  expect(kept).toContain('item one');
  for (const personal of ['Bob', 'Smith', 'Jones', 'example.net', '555-123', 'Main St', 'Elm St', '55443', '11111-2222'])
    expect(kept).not.toContain(personal);
});
