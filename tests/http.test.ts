import { readFileSync } from 'node:fs';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reports } from '../src/reports/all.ts';
import { unitOf, type Report } from '../src/reports/report.ts';
import { writtenOut } from './openapi-document.ts';
import { EXAMPLES, NOW, openTestApp, type Answer, type TestApp } from './shop-window.ts';

let shops: TestApp;

beforeAll(async () => {
  shops = await openTestApp();
  for (const file of Object.values(EXAMPLES)) await shops.import(file);
});
afterAll(() => shops.close());

const WINDOWS = ['', '_7d', '_30d', '_all'] as const;
const NAMES = reports.map(({ name }) => name);
const SHOPS = { TikTok: ['TikTok ES'], Shein: ['SHEIN ES'], Amazon: ['Amazon.de', 'Amazon.es', 'Amazon.fr', 'Amazon.it'] };

describe('reports', () => {
  test.each(['TikTok', 'Shein', 'Amazon', 'Multiplatform'] as const)(
    '/api/%s answers every report for 7 days, 30 days and everything, with `get` before its name and however the path is written',
    async (segment) => {
      for (const report of reports) {
        for (const window of WINDOWS) {
          const path = `/api/${segment}/DataScience/${report.name}${window}`;
          const answer = await shops.get(`${path}/`);
          expectReport(answer, report);
          expect(answer.json.filters.window).toBe(window.slice(1) || 'all');
          const expected = segment === 'Multiplatform' ? Object.values(SHOPS).flat().toSorted() : SHOPS[segment];
          expect(answer.json.freshness.map(({ shop }: { shop: string }) => shop).toSorted()).toEqual(expected);
          const older = await shops.get(`/API/${segment.toLowerCase()}/datascience/GET${report.name.toUpperCase()}${window}`);
          expect(older.json).toEqual(answer.json);
        }
      }
    },
  );

  test('a platform without a shop says so and what to do, in every report and in the list of orders', async () => {
    for (const path of [...NAMES.map((name) => `DataScience/${name}_7d/`), 'order/all/']) {
      expectError(await shops.get(`/api/Other/${path}`), 409, 'no_shop');
    }
  });

  test('a figure that is not known is null, and the answer says why', async () => {
    for (const segment of ['TikTok', 'Shein', 'Amazon']) {
      for (const report of reports) {
        for (const query of ['?window=30d', '?measure=gross', '?measure=paid&window=7d']) {
          const { json } = await shops.get(`/api/${segment}/DataScience/${report.name}/${query}`);
          const empty = figuresOf(report).filter((column) => json.data.some((row: Record<string, unknown>) => row[column] === null));
          expect(
            empty.filter((column) => !json.nulls[column]),
            `${segment} ${report.name} ${query}`,
          ).toEqual([]);
        }
      }
    }
    const shein = await shops.get('/api/Shein/DataScience/AreaDemand_30d/');
    expect(shein.json.data[0].buyers).toBeNull();
    expect(shein.json.nulls.buyers).toContain('Shein gives no buyer');
  });

  test('an unknown parameter is ignored and named in the warnings, as the older front end needs it', async () => {
    const names = ['nonsense', 'constructor', '__proto__'];
    const plain = await shops.get('/api/TikTok/DataScience/SalesRank/');
    const asked = await shops.get(`/api/TikTok/DataScience/SalesRank/?${names.map((name) => `${name}=1`).join('&')}&shop=&from=`);
    expect(asked.json.data).toEqual(plain.json.data);
    expect(asked.json.warnings).toContainEqual(`Not known here and ignored: ${names.join(', ')}.`);
    const orders = await shops.get('/api/TikTok/order/all/?limit=1&page=2&status=&shop=');
    expect(orders.json.count).toBe(1);
    expect(orders.json.warnings).toEqual(['Not known here and ignored: page.']);
  });

  test('the window at the end of the path wins over one in the address', async () => {
    const { json } = await shops.get('/api/TikTok/DataScience/SalesRank_7d/?window=all&from=2026-01-01');
    expect(json.filters).toMatchObject({ from: '2026-11-16', to: '2026-11-22', partial_day: true });
    expect(json.warnings.join()).toContain('window, from');
  });

  test("one shop, days of one's own and another today are understood and shown under `filters`", async () => {
    const { json } = await shops.get(
      '/api/Amazon/DataScience/MonthlySalesAnalysis/?shop=amazon.FR&from=2026-03-01&to=2026-04-30&asOf=2026-04-20',
    );
    expect(json.filters).toMatchObject({ platforms: ['Amazon'], shop: ['Amazon.fr'], from: '2026-03-01', to: '2026-04-20', window: null });
    expect(json.asOf).toBe('2026-04-20');
    expect(json.totals.map(({ month }: { month: string }) => month)).toEqual(['2026-03', '2026-04']);
  });

  test('a year that no calendar reaches is refused or empty, and never breaks the server', async () => {
    for (const query of ['from=9998-01-01', 'asOf=0000-01-05', 'asOf=9999-12-31T23:59:59Z', 'asOf=2026-01-01T00:00:00.1234567890Z']) {
      expectError(await shops.get(`/api/TikTok/DataScience/SalesRank/?${query}`), 400, 'invalid_parameter');
    }
    for (const query of ['from=2999-12-31', 'to=9999-12-31', 'to=0001-01-01', 'asOf=1900-01-01&window=30d']) {
      expect((await shops.get(`/api/TikTok/DataScience/SalesRank/?${query}`)).status, query).toBe(200);
    }
  });
});

describe('reports as CSV', () => {
  test.each(reports.flatMap((report) => Object.keys(report.tables).map((table) => [report.name, table] as const)))(
    '%s, table %s: opens in Excel and holds the same values as the JSON',
    async (name, table) => {
      const { row } = reports.find((each) => each.name === name)!.tables[table]!;
      const path = `/api/Multiplatform/DataScience/${name}_30d/?`;
      const { json } = await shops.get(path);
      const csv = await shops.get(`${path}format=csv&table=${table}`);
      expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
      expect(csv.headers.get('content-disposition')).toBe(`attachment; filename="${name}_30d${table === 'data' ? '' : `-${table}`}.csv"`);
      expect(csv.text.startsWith('\uFEFF')).toBe(true);
      expect(csv.text.endsWith('\r\n')).toBe(true);
      const cells = rowsOf(csv.text, '\r\n');
      expect(cells.length).toBe(json[table].length);
      cells.forEach((each, i) => {
        expect(Object.keys(each)).toEqual(Object.keys(json[table][i]));
        for (const [column, cell] of Object.entries(each)) {
          const unit = unitOf(row.shape[column]);
          const value = json[table][i][column];
          if (value === null) expect(cell).toBe('');
          else if (unit === 'money' || unit === 'percent') expect(cell).toBe((value as number).toFixed(2));
          else expect(unit === 'list' ? JSON.parse(cell) : cell).toEqual(unit === 'list' ? value : String(value));
        }
      });
    },
  );

  test('a table that a report does not have is refused with those it has', async () => {
    for (const table of ['nope', 'constructor']) {
      const answer = await shops.get(`/api/TikTok/DataScience/SalesRank/?format=csv&table=${table}`);
      expectError(answer, 400, 'invalid_parameter');
      expect(answer.json.msg).toContain('data | by_platform');
    }
    expect((await shops.get('/api/TikTok/DataScience/SalesRank/?format=csv&table=')).text).toContain('sku,sku_name,image,sales');
  });
});

describe('the list of all orders', () => {
  interface Listed {
    order_id: string;
    shop: string;
    status: string;
    purchased_at: string;
    lines: unknown[];
  }

  test('holds every stored order with its lines, oldest first, as a stream with the count at its end', async () => {
    const { json, text, headers } = await shops.get('/api/TikTok/order/all/?shape=canonical');
    expect(headers.get('transfer-encoding')).toBe('chunked');
    expect(text).toMatch(/,"next":null,"count":2400\}$/);
    const { orders } = json as { orders: Listed[] };
    expect(new Set(orders.map(({ order_id }) => order_id)).size).toBe(2400);
    expect(orders.every(({ lines }) => lines.length > 0)).toBe(true);
    const instants = orders.map(({ purchased_at }) => purchased_at);
    expect(instants).toEqual(instants.toSorted());
    expect((await shops.get('/api/TikTok/orders')).text).toBe(text);
    const lines = (await shops.get('/api/TikTok/orders?format=ndjson')).text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as Listed)).toEqual(orders);
  });

  test('comes in pages, too: following `next` meets every order once', async () => {
    const whole = (await shops.get('/api/Amazon/orders')).json;
    const met: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const { json } = await shops.get(`/api/Amazon/orders?limit=450${next ? `&after=${next}` : ''}`);
      met.push(...json.orders.map(({ order_id }: Listed) => order_id));
      next = json.next;
    }
    expect(whole.count).toBe(2000);
    expect(met).toEqual(whole.orders.map(({ order_id }: Listed) => order_id));
  });

  test('can be narrowed to statuses, shops and a span of time', async () => {
    const all = (await shops.get('/api/Amazon/orders')).json.orders as Listed[];
    const find = async (query: string): Promise<Listed[]> => (await shops.get(`/api/amazon/orders?${query}`)).json.orders;
    expect(await find('status=Cancelled,to_ship')).toEqual(all.filter(({ status }) => ['cancelled', 'to_ship'].includes(status)));
    expect(await find('shop=amazon.it,Amazon.de')).toEqual(all.filter(({ shop }) => ['Amazon.it', 'Amazon.de'].includes(shop)));
    const [from, to] = [all[500]!.purchased_at, all[600]!.purchased_at];
    expect(await find(`from=${from}&to=${to}`)).toEqual(all.filter(({ purchased_at }) => purchased_at >= from && purchased_at < to));
  });

  test('names no buyer: no user name, recipient, phone, address or message of the file is anywhere in it', async () => {
    const columns = ['Buyer Username', 'Recipient', 'Phone #', 'Detail Address', 'Buyer Message', 'Seller Note', 'Tracking ID'];
    const rows = rowsOf(readFileSync(EXAMPLES.TikTok, 'utf8'), '\n');
    const personal = new Set(
      rows
        .slice(1)
        .flatMap((row) => columns.map((column) => row[column]!.trim()))
        .filter((cell) => cell.length > 6),
    );
    expect(personal.size).toBeGreaterThan(1000);
    const { text } = await shops.get('/api/TikTok/orders');
    const words = new Set(text.split(/[\s",:·]+/));
    expect([...personal].filter((cell) => (/\s/.test(cell) ? text.includes(JSON.stringify(cell).slice(1, -1)) : words.has(cell)))).toEqual(
      [],
    );
    expect(text).not.toMatch(/[\w.]+@[\w.]+|"(?:recipient|phone|email|address|postal)/i);
  });
});

describe('everything else that a seller or operator asks the server', () => {
  test('which shops there are, since when and how many orders', async () => {
    const { json } = await shops.get('/api/shops');
    expect(json.data).toContainEqual({
      platform: 'TikTok',
      shop: 'TikTok ES',
      region: null,
      zone: 'Europe/Madrid',
      currency: 'EUR',
      vat_rate: null,
      vat_rules: [],
      orders: 2400,
      units: expect.any(Number),
      first_day: '2025-11-23',
      last_day: '2026-11-22',
      complete_at: NOW,
      covers_from: '2025-11-23',
      covers_to: '2026-11-22',
      connection: 'files',
      authorized_until: null,
      last_run: null,
      last_error: null,
    });
    expect(json.data).toHaveLength(6);
  });

  test('whether the server is alive, which reports it has, whether all is well', async () => {
    expect((await shops.get('/api/health')).json).toMatchObject({ code: 0, name: 's7star-erp', pid: process.pid, store: 'ready' });
    const catalogue = await shops.get('/api/reports', { 'accept-language': 'zh' });
    expect(catalogue.json.data.map(({ name }: Report) => name)).toEqual(NAMES);
    expect(catalogue.json.data[0]).toMatchObject({ title: '销量排行榜', path: '/api/Multiplatform/DataScience/SalesRank/' });
    const findings = (await shops.get('/api/doctor')).json.data as { check: string; state: string }[];
    expect(findings.filter(({ state }) => state === 'problem')).toEqual([]);
  });

  test('the documentation lists the reports and orders of every platform, with the parameters of each', async () => {
    for (const segment of ['TikTok', 'Shein', 'Amazon', 'Multiplatform']) {
      const json = writtenOut((await shops.get(`/api/${segment}/openapi.json`)).json);
      const expected = NAMES.flatMap((name) => WINDOWS.map((window) => `/api/${segment}/DataScience/${name}${window}`));
      const live = segment === 'Multiplatform' ? [] : ['order/list', 'order/detail', 'order/price_detail'];
      const connected = ['TikTok', 'Amazon'].includes(segment) ? ['auth_url', 'callback', 'refresh_token'] : [];
      expect(Object.keys(json.paths).toSorted()).toEqual(
        [
          ...expected,
          ...[...connected, ...live, 'order/all', 'orders', 'order/analysis'].map((path) => `/api/${segment}/${path}`),
        ].toSorted(),
      );
      const parameters = json.paths[`/api/${segment}/DataScience/AreaDemand_7d`].get.parameters.map(({ name }: { name: string }) => name);
      expect(parameters).toEqual(
        expect.arrayContaining(['shop', 'basis', 'asOf', 'measure', 'currency', 'model', 'limit', 'format', 'level']),
      );
      expect(parameters).not.toContain('window');
    }
    const { json } = await shops.get('/api/openapi.json');
    expect(Object.keys(json.paths)).toEqual(
      expect.arrayContaining(['/api/import', '/api/shops', '/api/health', '/api/reports', '/api/doctor', '/api/backup']),
    );
    expect(json.paths['/api/import'].post.requestBody.content['multipart/form-data'].schema.properties.file).toMatchObject({
      type: 'string',
      format: 'binary',
    });
  });

  test.each([
    ['zh', '店铺', '近 7 天'],
    ['en', 'Shops', '7 days'],
    ['es', 'Tiendas', '7 días'],
  ])('the start page in %s: shops, imports and links, without anything from elsewhere', async (language, heading, link) => {
    const page = await shops.get('/', { 'accept-language': language });
    expect(page.text).toContain(`<html lang="${language}">`);
    for (const text of [
      heading,
      link,
      'TikTok ES',
      'SHEIN ES',
      'Amazon.fr',
      'amazon-orders-es.txt.gz',
      '/api/Multiplatform/DataScience/SalesRank_7d/',
    ])
      expect(page.text).toContain(text);
    expect(page.text).not.toMatch(/<script(?! type="module" src="\/drop-field\.js")|https?:\/\//);
    expect((await shops.get(`/?lang=${language}`)).text).toBe(page.text);
  });
});

/** A CSV's rows by its header, with the line ends it is expected to have. */
function rowsOf(csv: string, newline: '\r\n' | '\n'): Record<string, string>[] {
  return Papa.parse<Record<string, string>>(csv.replace(/^\uFEFF/, '').trimEnd(), { header: true, newline }).data;
}

/** Not every platform tells its buyers, and nobody need have bought the same twice. */
const WHOLE = new Set(['SalesRank', 'AreaDemand', 'MonthlySalesAnalysis']);
const MAY_BE_EMPTY = new Set(['RepurchaseRate', 'BuyerAnalysis', 'CohortRetention']);

/** What every answer of a report carries. */
function expectReport({ status, json }: Answer, report: Report): void {
  expect(status).toBe(200);
  expect(json).toMatchObject({
    code: 0,
    msg: 'success',
    report: { name: report.name, version: report.version },
    asOf: '2026-11-22T12:00:00.000Z',
    currency: 'EUR',
    row_count: json.data.length,
    maturity: { orders: expect.any(Number), open_orders: expect.any(Number), open_share: expect.any(Number) },
    nulls: expect.any(Object),
    warnings: expect.any(Array),
  });
  for (const [table, { row }] of Object.entries(report.tables)) {
    if (WHOLE.has(report.name) || (table === 'data' && !MAY_BE_EMPTY.has(report.name))) expect(json[table].length).toBeGreaterThan(0);
    for (const each of json[table]) row.parse(each);
  }
  expect(json.freshness.every(({ complete_at }: { complete_at: string }) => complete_at === NOW)).toBe(true);
}

/** The columns of a report's main table that hold figures. */
function figuresOf(report: Report): string[] {
  return Object.entries(report.tables.data.row.shape)
    .filter(([, schema]) => ['money', 'percent', 'count'].includes(unitOf(schema)))
    .map(([name]) => name);
}

function expectError({ status, json }: Answer, expected: number, name: string): void {
  expect(json).toMatchObject({ name });
  expect(status).toBe(expected);
}
