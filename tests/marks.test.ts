import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serverSettings } from '../simulator/thread.ts';
import { openTikTokAlone, type TikTokAlone } from '../simulator/tiktok/tiktok-alone.ts';
import { documentsIn } from './kept-documents.ts';
import { openDuckDb } from '../src/engines/duckdb.ts';
import type { Engine, Row } from '../src/engines/engine.ts';
import { raw } from '../src/engines/sql.ts';
import { reports } from '../src/reports/all.ts';
import { consentQuery, movingClock } from './connected-shops.ts';
import { MARK, openPlantingPlatform, planted, shownTexts, type PlantingPlatform } from './planting-platform.ts';
import { PROJECT, temporaryFolder } from './process.ts';
import { documentOf, publishedFields } from './published-fields.ts';
import { openTestApp, type Answer, type TestApp } from './shop-window.ts';

const SHOP = 'Estrella Hogar España';
let simulator: TikTokAlone;
let platform: PlantingPlatform;
let shops: TestApp;
const lines: string[] = [];
/** What was said to anybody, by what was asked. */
const said = new Map<string, string>();

beforeAll(async () => {
  const clock = movingClock('2026-11-20T10:00:00Z');
  simulator = await openTikTokAlone({ clock, limits: 'off', scale: 0.2 });
  platform = await openPlantingPlatform(simulator.url);
  const apps = serverSettings({ ...simulator, url: platform.url });
  const sleep = (milliseconds: number): Promise<void> => {
    clock.advance({ milliseconds: Math.ceil(milliseconds) });
    return Promise.resolve();
  };
  shops = await openTestApp({ apps, historyDays: 4 }, clock, { sleep, say: (line) => void lines.push(line) });
});
afterAll(async () => {
  await shops.close();
  platform.close();
  await simulator.close();
});

/** Notes what an answer said: its body and its headers. */
function heard(what: string, answer: Answer): Answer {
  said.set(what, `${answer.text}\n${JSON.stringify([...answer.headers])}`);
  return answer;
}

const get = async (path: string): Promise<Answer> => heard(path, await shops.get(path));

/** A file of the given rows, cells separated as its name says. */
const table = (rows: readonly (readonly string[])[], separator = ','): string =>
  rows.map((row) => row.map((cell) => (cell.includes(separator) ? `"${cell}"` : cell)).join(separator)).join('\n');

async function bring(file: string, content: string, mapping?: object): Promise<Answer> {
  const parts = [...(mapping ? [{ name: 'mapping', content: JSON.stringify(mapping) }] : []), { name: 'file', content, filename: file }];
  return heard(`import ${file}`, await shops.post('', parts));
}

async function adopt(file: string, query: string, content: unknown): Promise<Answer> {
  const form = new FormData();
  form.append('file', new Blob([typeof content === 'string' ? content : JSON.stringify(content)]), file);
  const answer = await fetch(`${shops.url}/api/adopt${query}`, { method: 'POST', body: form });
  const text = await answer.text();
  return heard(`adopt ${file}`, { status: answer.status, headers: answer.headers, text, json: JSON.parse(text) });
}

/** The texts of a store that hold a mark: every text column of every table, every kept document. */
async function marksIn(engine: Engine): Promise<string[]> {
  const found: string[] = [];
  const rows = (text: string): Promise<Row[]> => engine.read((reader) => reader.query(raw(text)));
  const columns = await rows("SELECT table_name, column_name FROM information_schema.columns WHERE data_type LIKE '%VARCHAR%'");
  expect(columns.length).toBeGreaterThan(60);
  for (const { table_name: name, column_name: column } of columns) {
    const [hit] = await rows(
      `SELECT "${String(column)}"::varchar AS text FROM "${String(name)}" WHERE "${String(column)}"::varchar LIKE '%${MARK}%' LIMIT 1`,
    );
    if (hit) found.push(`${String(name)}.${String(column)}: ${String(hit['text']).slice(0, 200)}`);
  }
  for (const document of await documentsIn(engine))
    if (document.includes(MARK)) found.push(`document: ${/.{0,80}PIIMARK.{0,20}/.exec(document)![0]}`);
  return found;
}

/** Files of a folder, whatever they are, whose bytes hold a mark. */
const marksInFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(MARK))
    .map(({ name }) => name);

describe('marks in what is personal, unknown or named by nobody are nowhere afterwards', () => {
  test('a connected shop: every stream, what is refused of it, live answers', async () => {
    const { json } = await shops.get('/api/TikTok/auth_url/?region=ES');
    const query = await consentQuery(json.auth_url, 'estrella-hogar');
    expect((await shops.get(`/api/TikTok/callback${query}`, { accept: 'application/json' })).status).toBe(200);
    for (const stream of [undefined, 'price_details', 'products']) {
      const ran = heard(`sync ${stream}`, await shops.send('/api/sync', { wait: true, ...(stream ? { shop: SHOP, stream } : {}) }));
      expect(ran.json.data.filter(({ state }: { state: string }) => state !== 'done')).toEqual([]);
    }
    const held = await shops.app.engine.read((reader) =>
      reader.query<{ stream: string; document: string }>(raw('SELECT stream, document FROM quarantine')),
    );
    expect(new Set(held.map(({ stream }) => stream))).toEqual(new Set(['orders', 'returns', 'cancellations', 'products']));
    const listed = await get(`/api/TikTok/order/list/?shop=${SHOP}&page_size=5`);
    const { orders } = listed.json.data as { orders: { id: string }[] };
    await get(`/api/TikTok/order/detail/?shop=${SHOP}&order_ids=${orders[1]!.id}`);
    await get(`/api/TikTok/order/detail/?shop=${SHOP}&order_ids=${orders[1]!.id}&source=store`);
    await get(`/api/TikTok/order/price_detail/?shop=${SHOP}&order_id=${orders[1]!.id}`);
    expect(listed.headers.get('x-s7-redacted')).toContain('orders[].new_record.said');
    expect(lines.join('\n')).toMatch(/"fields of platforms".*TikTok orders: line_items\[\]\.new_words/);
    expect((await get('/api/doctor')).text).toContain('TikTok returns: refund_amount.new_record.list[].deep');
  });

  test('every other documented text that the platform sent is in the kept documents', async () => {
    const kept = (await documentsIn(shops.app.engine)).join('\n');
    expect([...shownTexts.values()].reduce((sum, { size }) => sum + size, 0)).toBeGreaterThan(80);
    for (const [stream, texts] of shownTexts) expect([stream, [...texts].filter((text) => !kept.includes(text))]).toEqual([stream, []]);
    expect(kept).toContain('"new_amount":"12.50"');
  });

  const tiktokRow = {
    'Order ID': '5838709',
    'Order Status': 'Completed',
    'SKU ID': '1729',
    'Seller SKU': 'HOM-1',
    'Product Name': 'Cortina',
    Quantity: '1',
    'SKU Unit Original Price': 'EUR 30.00',
    'SKU Subtotal After Discount': 'EUR 30.00',
    'Created Time': '01/02/2026 23:30:00',
    Country: 'Spain',
    Province: 'Madrid',
    Zipcode: '28013',
  };
  const sheinRow = {
    订单号: 'GSH1',
    订单创建时间: '2026-11-01 10:00:00',
    卖家SKU: 'CAM-1',
    商品名称: 'Camisa',
    商品价格: '10.00',
    币种: 'EUR',
    订单状态: '已签收',
    '国家/地区': 'Spain',
  };
  const amazonRow = {
    'amazon-order-id': '404-1',
    'purchase-date': '2026-11-01T10:00:00+00:00',
    'last-updated-date': '2026-11-02T10:00:00+00:00',
    'order-status': 'Shipped',
    'sales-channel': 'Amazon.es',
    sku: 'TAZA-1',
    asin: 'B01',
    'item-status': 'Shipped',
    quantity: '1',
    currency: 'EUR',
    'item-price': '10.00',
    'ship-country': 'ES',
  };
  const newOrder = {
    'order-id': '404-2',
    'order-item-id': '7',
    'purchase-date': '2026-11-01T10:00:00+00:00',
    sku: 'TAZA-1',
    'product-name': 'Taza',
    'quantity-purchased': '1',
    currency: 'EUR',
    'item-price': '10.00',
    'ship-country': 'ES',
  };
  const shipment = {
    'amazon-order-id': '404-3',
    'shipment-id': 'S',
    'shipment-item-id': 'I',
    'purchase-date': '2026-11-01T10:00:00+00:00',
    sku: 'TAZA-1',
    'product-name': 'Taza',
    'quantity-shipped': '1',
    currency: 'EUR',
    'item-price': '10.00',
    'ship-country': 'ES',
    'sales-channel': 'Amazon.es',
  };
  const saleReport = {
    'Order ID': '405-1',
    Date: '11/01/2026',
    Status: 'Shipped',
    Fulfilment: 'Merchant',
    'Sales Channel': 'Amazon.in',
    SKU: 'SET-1',
    Qty: '1',
    currency: 'INR',
    Amount: '647.62',
    'ship-state': 'MAHARASHTRA',
    'ship-country': 'IN',
  };
  const own = {
    'Nº pedido': 'W1',
    Fecha: '2026-11-01',
    SKU: 'S1',
    Cant: '1',
    Importe: '10,00',
    'Email cliente': `${MARK}@x.es`,
    CP: `080${MARK}`,
    Estado: 'ok',
  };
  const MAPPING = {
    name: 'web',
    zone: 'Europe/Madrid',
    currency: 'EUR',
    decimalMark: ',',
    keep: ['Canal'],
    statuses: { ok: 'completed' },
    columns: {
      orderId: 'Nº pedido',
      purchasedAt: 'Fecha',
      sku: 'SKU',
      quantity: 'Cant',
      netSales: 'Importe',
      buyer: 'Email cliente',
      postalCode: 'CP',
      status: 'Estado',
    },
  };
  const personal = {
    tiktok: [
      'Buyer Message',
      'Buyer Username',
      'Recipient',
      'Phone #',
      'Detail Address',
      'Additional address information',
      'Districts',
      'Villages',
      'Seller Note',
      'Tracking ID',
      'Tokopedia Invoice Number',
      'Creator Handle',
      'Checked Marked by',
    ],
    shein: ['收件人', '电话', '详细地址', '运单号', '备注'],
    amazon: [
      'buyer-email',
      'buyer-name',
      'buyer-phone-number',
      'recipient-name',
      'ship-address-1',
      'ship-phone-number',
      'purchase-order-number',
      'buyer-company-name',
      'delivery-Instructions',
      'tracking-number',
      'cpf',
    ],
    own: ['Nombre ', 'Calle', 'Piso', 'Notas', 'Teléfono', 'Dirección', '氏名', 'ФИО', 'Gate code', 'Nombre'],
  };

  test.each([
    ['tiktok.csv', ',', tiktokRow, personal.tiktok, 'Created Time', undefined],
    ['shein.csv', ',', sheinRow, personal.shein, '订单创建时间', undefined],
    ['amazon.txt', '\t', amazonRow, personal.amazon, 'purchase-date', undefined],
    ['amazon-new.txt', '\t', newOrder, personal.amazon, 'purchase-date', undefined],
    ['amazon-shipments.txt', '\t', shipment, personal.amazon, 'purchase-date', undefined],
    ['amazon-in.csv', ',', saleReport, personal.amazon, 'Date', undefined],
    ['own.csv', ',', own, personal.own, 'Fecha', MAPPING],
  ] as const)('a file: %s', async (file, separator, row: Readonly<Record<string, string>>, named, date, mapping) => {
    const header = [...Object.keys(row), ...named, `${MARK} header`, '', 'New column', 'new column '];
    const marks = (from: number): string[] => Array.from({ length: header.length - from }, (_, i) => `${MARK}-${file}-${i}`);
    const good = [...Object.values(row), ...marks(Object.keys(row).length)];
    const at = (name: string): number => Object.keys(row).indexOf(name);
    // Words of states and channels are told by name where they are not known: that is what these columns are for.
    const isTold = (place: number): boolean => /country|channel|status|国家|状态|estado/iu.test(header[place]!);
    const rows = [
      header,
      good,
      good.with(at(date), `nodate ${MARK}`),
      [...good, `${MARK} beyond`],
      good.map((cell, place) => (isTold(place) ? cell : `${MARK} all`)),
      good.slice(0, 2),
    ];
    const { status, json } = await bring(file, table(rows, separator), mapping);
    expect([status, json]).toEqual([
      200,
      expect.objectContaining({ orders: 1, refused: 4, refused_reasons: expect.objectContaining({ row_date: 2, row_beyond: 1 }) }),
    ]);
    heard(`refused of ${file}`, await shops.get(`/api/import/refused/${json.refused_list.split('/').at(-1)}`));
  });

  test('a file with refunds, one without a header, one that lacks a column, one that nobody knows', async () => {
    const refunds = { ...MAPPING, name: 'refunds', refunds: { column: 'Tipo', startsWith: 'Devol', order: 'De' } };
    const header = ['Nº pedido', 'Fecha', 'SKU', 'Cant', 'Importe', 'Tipo', 'De', 'Nombre'];
    expect(
      (await bring('refunds.csv', table([header, ['D1', '2026-11-02', 'S1', '-1', '-10,00', 'Devolución', 'W1', MARK]]), refunds)).json,
    ).toMatchObject({ refunds: 1, refused: 0 });
    const cells = ['A1', '2026-11-01', `${MARK} Ana`, `${MARK}@x.es`, `${MARK} Calle 1`];
    expect((await bring('headerless.csv', table([cells, cells]), MAPPING)).json).toMatchObject({ name: 'mapping_column_missing' });
    expect((await bring('lacking.csv', table([['Nº pedido', 'Fecha', `${MARK} Nombre`], cells]), MAPPING)).json).toMatchObject({
      name: 'mapping_column_missing',
    });
    expect((await bring('unknown.csv', table([cells, cells]))).json).toMatchObject({ name: 'file_not_recognised' });
    expect((await bring('broken.xlsx', `PK${MARK}`)).json).toMatchObject({ code: expect.any(Number) });
  });

  test("files of the older system: orders, price details, SHEIN's orders, records that are refused, files that are broken", async () => {
    const fixture = (name: string): Record<string, unknown> =>
      JSON.parse(readFileSync(join(PROJECT, `src/platforms/tiktok/fixtures/${name}.json`), 'utf8')) as Record<string, unknown>;
    const orders = ['order-gb', 'order-us', 'order-id-masked'].map((name) => planted(fixture(name), 'orders'));
    const { create_time: _lacks, ...refused } = planted({ ...fixture('order-gb'), id: '99' }, 'orders');
    expect(
      (await adopt('tiktok_orders.json', '?platform=TikTok&shop=Adopted&region=GB', [...orders, refused, { said: MARK }])).json,
    ).toMatchObject({ orders: 3, refused: 2 });
    const detail = {
      order_id: orders[0]!['id'],
      price_detail: { code: 0, message: MARK, data: planted(fixture('price-detail-gb'), 'price_details') },
    };
    expect((await adopt('OrdersPriceDetail.json', '?platform=TikTok&content=price_details&shop=Adopted', [detail])).json).toMatchObject({
      orders: 1,
    });
    const { orders: fields } = publishedFields('shein');
    const isPersonal = /receiveMsgList\[\]\.(?!country|province|city|orderNo|postCode)|payNo|PayNo|cnpj|waybillNo|packageLabel|texts/;
    const shein = (orderNo: string): object => {
      const known = documentOf(fields!, (path, type) =>
        isPersonal.test(path) ? MARK : /[Tt]ime$/.test(path) ? '2026-07-25T17:22:11.000+0800' : type === 'string' ? 'EUR' : 1,
      ) as object;
      return {
        ...known,
        orderNo,
        salesSite: 'shein-es',
        receiverName: MARK,
        receiveMsg: { country: 'Spain', city: 'Getafe', postCode: `289${MARK}`, houseNo: MARK },
      };
    };
    expect(
      (await adopt('shein_orders.json', '?platform=Shein', [shein('GSO1'), { ...shein('GSO2'), orderTime: 'yesterday' }])).json,
    ).toMatchObject({ orders: 1, refused: 1 });
    const amazon = publishedFields('amazon');
    const ofAmazon = (kind: 'older orders' | 'older items'): Record<string, unknown> =>
      documentOf(amazon[kind]!, (path, type) => {
        if (
          /BuyerEmail|BuyerName|BuyerCounty|BuyerTax|PurchaseOrderNumber|Address.*(?:Name|Line|District|Phone)|AuthorizationCode|Classifications\[\]\.Value|CustomizedURL|GiftMessage|CancelReason/.test(
            path,
          )
        )
          return MARK;
        if (path.endsWith('CurrencyCode')) return 'EUR';
        return path.endsWith('Date') ? '2026-03-10T10:00:00Z' : type === 'string' ? '1' : type === 'boolean' ? false : 1;
      }) as Record<string, unknown>;
    const amazonOrder = {
      ...ofAmazon('older orders'),
      AmazonOrderId: 'AM1',
      OrderStatus: 'Shipped',
      SalesChannel: 'Amazon.es',
      IsReplacementOrder: false,
      said: MARK,
      OrderItems: [{ ...ofAmazon('older items'), OrderItemId: 'I1', said: MARK, BuyerPhone: 600111222 }],
    };
    expect((await adopt('Amazon_orders.json', '?platform=Amazon', [amazonOrder])).json).toMatchObject({ orders: 1, refused: 0 });
    expect((await adopt('broken.json', '?platform=TikTok', `[{"id":"1","said":"${MARK}`)).json).toMatchObject({ name: 'file_unreadable' });
    expect((await adopt('other.json', '?platform=TikTok', `<html>${MARK}</html>`)).json).toMatchObject({ name: 'file_unreadable' });
  });

  test('files that work is put aside into, while an import is under way', async () => {
    const header = [...Object.keys(own), ...personal.own];
    const row = (i: number): string[] => [`T${i}`, ...Object.values(own).slice(1), ...personal.own.map(() => `${MARK}-${i}`)];
    const part = (from: number): string => Array.from({ length: 6000 }, (_, i) => row(from + i).join(';')).join('\n');
    const boundary = 'part-of-the-test';
    const [more, looked] = [Promise.withResolvers<void>(), [] as string[]];
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(
        `--${boundary}\r\ncontent-disposition: form-data; ` +
          `name="mapping"\r\n\r\n${JSON.stringify(MAPPING)}\r\n--${boundary}\r\ncontent-disposition: form-data; name="file"; ` +
          `filename="slow.csv"\r\n\r\n`,
      );
      yield Buffer.from(`${header.join(';')}\n${part(0)}\n`);
      await more.promise;
      yield Buffer.from(`${part(6000)}\r\n--${boundary}--\r\n`);
    }
    const answer = fetch(`${shops.url}/api/import`, {
      method: 'POST',
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      body: ReadableStream.from(body()),
      duplex: 'half',
    });
    const folders = ['tmp', 'imports'].map((name) => join(shops.app.config.dataFolder, name));
    for (let tries = 0; looked.length === 0 && tries < 200; tries++) {
      await new Promise((resolve) => {
        setTimeout(resolve, 25);
      });
      looked.push(
        ...folders
          .flatMap((folder) =>
            readdirSync(folder, { recursive: true, withFileTypes: true })
              .filter((entry) => entry.isFile())
              .map(({ name }) => name),
          )
          .filter((name) => !name.endsWith('.csv')),
      );
    }
    expect(looked.length).toBeGreaterThan(0);
    expect(folders.flatMap(marksInFiles)).toEqual([]);
    more.resolve();
    expect(await (await answer).json()).toMatchObject({ orders: 12_000, refused: 0 });
  });

  test('in no answer of any report, list or tool, nor of reading the documents again', async () => {
    for (const { name } of reports) expect((await get(`/api/Multiplatform/DataScience/${name}/`)).status, name).toBeLessThan(500);
    for (const path of [
      '/api/shops',
      '/api/sync',
      '/api/sync/discrepancies',
      '/api/import?limit=100',
      '/api/doctor',
      '/api/alerts',
      '/api/TikTok/order/all',
      '/api/Shein/order/all',
      '/api/Amazon/order/all',
      '/api/Other/order/all',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 200]);
    }
    const again = heard('replay', await shops.send('/api/replay', { accept: true }));
    expect([again.status, again.json.refused]).toEqual([200, []]);
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${shops.url}/mcp`)));
    const { tools } = await client.listTools();
    for (const { name } of tools) said.set(`tool ${name}`, JSON.stringify(await client.callTool({ name, arguments: {} })));
    await client.close();
    expect(said.size).toBeGreaterThan(50);
    expect(
      [...said].filter(([, text]) => text.includes(MARK)).map(([what, text]) => `${what}: ${/.{0,80}PIIMARK.{0,30}/.exec(text)![0]}`),
    ).toEqual([]);
  });

  test('nor in the store, its files, a backup of it, or the log', async () => {
    expect(await marksIn(shops.app.engine)).toEqual([]);
    const folder = join(shops.app.config.backupFolder, 'marks');
    expect((await shops.send('/api/backup', { folder: 'marks' })).status).toBe(200);
    expect([...marksInFiles(shops.app.config.dataFolder), ...marksInFiles(folder)]).toEqual([]);
    const copy = await openDuckDb(join(folder, 's7.duckdb'), { memoryLimit: '256MB', temporaryFolder: temporaryFolder(), threads: 1 });
    expect(await marksIn(copy)).toEqual([]);
    await copy.close();
    expect(lines.filter((line) => line.includes(MARK))).toEqual([]);
  });
});
