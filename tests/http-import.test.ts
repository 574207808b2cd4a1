import fc from 'fast-check';
import { openAsBlob, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATA_FILES } from '../src/app.ts';
import { ERRORS } from '../src/kernel/error-table.ts';
import { EXAMPLES, openTestApp, type Answer, type FormPart, type TestApp } from './shop-window.ts';

/** A web shop's own file, made up: one shop that sells in pounds and in euros, with names that Excel would run. */
const WEB_SHOP = [
  'order,date,sku,title,pieces,amount,cur,e-mail',
  'W-1,2026-11-20 10:00,CUP-1,"=HYPERLINK(""http://x"",""y"")",2,24.50,GBP,ann@example.com',
  'W-2,2026-11-21 11:00,CUP-1,"=HYPERLINK(""http://x"",""y"")",1,14.00,EUR,bob@example.com',
  'W-3,2026-11-21 12:00,JAR-2,@SUM(A1),3,30.00,EUR,eve@example.com',
].join('\n');
const MAPPING = {
  name: 'web-shop',
  shop: 'Web shop',
  zone: 'Europe/London',
  dateForms: ['YYYY-MM-DD HH:mm'],
  columns: {
    orderId: 'order',
    purchasedAt: 'date',
    sku: 'sku',
    skuName: 'title',
    quantity: 'pieces',
    netSales: 'amount',
    currency: 'cur',
    buyer: 'e-mail',
  },
};
const mapping: FormPart = { name: 'mapping', content: JSON.stringify(MAPPING) };
const file = (content: string | Blob, filename = 'web-shop.csv'): FormPart => ({ name: 'file', content, filename });

describe('importing a file over HTTP', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp();
  });
  afterAll(() => app.close());

  test('a dry run reads and checks everything and writes nothing', async () => {
    const { json } = await app.post('?dry_run=true', [file(await openAsBlob(EXAMPLES.Amazon), 'amazon.txt.gz')]);
    expect(json).toMatchObject({
      code: 0,
      dry_run: true,
      import_id: null,
      rows: 2302,
      refused: 0,
      orders: 2000,
      orders_new: 0,
      refused_list: null,
    });
    expect(json.sample).toHaveLength(3);
    expect((await app.get('/api/shops')).json.data).toEqual([]);
    expect((await app.get('/api/import')).json.data).toEqual([]);
  });

  test.each([
    ['TikTok 结算导出', 'Order/adjustment ID,Type,Total settlement amount\n1,Order,9.5\n', 'TikTok Shop 结算导出文件'],
    [
      'TikTok 退货导出',
      'Return Order ID,Order ID,SKU ID,Return Type,Return Logistics Tracking ID\n1,2,3,Refund,4\n',
      'TikTok Shop 退货导出文件',
    ],
    ['Amazon 结算报告', 'settlement-id\tdeposit-date\ttotal-amount\ttransaction-type\n1\t2026-01-01\t9.5\tOrder\n', 'Amazon 结算报告'],
    ['Amazon España', 'Aviso\n"fecha y hora","identificador de pago","tipo","ventas de productos"\n1,2,3,4\n', 'Amazon 日期范围交易报告'],
    ['Amazon 退货', 'Order ID,Order date,Return request date,Amazon RMA ID\n1,2,3,4\n', 'Amazon 退货报告'],
  ])('%s: what a file of money or returns is, and that it comes later, is said in the language asked', async (_what, content, kind) => {
    const { status, json } = await app.post('', [file(content)], { 'accept-language': 'zh' });
    expect(status).toBe(422);
    expect(json).toMatchObject({
      name: 'file_later',
      msg: `此文件是 ${kind}，暂时还不能导入。`,
      hint: '没有存入任何内容。结算和退货文件将在后续版本支持；目前请导入订单导出文件。',
    });
  });

  test('progress comes line by line while a file is read, the result last', async () => {
    const { headers, text } = await app.post('', [file(await openAsBlob(EXAMPLES.TikTok), 'tiktok.csv')], {
      accept: 'application/x-ndjson',
    });
    expect(headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, { bytes: number }>);
    expect(lines.at(-1)!['result']).toMatchObject({ code: 0, import_id: 1, orders_new: 2400, orders_changed: 0, shops: ['TikTok ES'] });
    const bytes = lines.slice(0, -1).map((line) => line['progress']!.bytes);
    expect(bytes.length).toBeGreaterThan(0);
    expect(bytes.every((each) => each > 0 && each <= readFileSync(EXAMPLES.TikTok).length)).toBe(true);
  });

  test('the same file twice changes nothing', async () => {
    const report = '/api/TikTok/DataScience/MonthlySalesAnalysis/?include=dates';
    const before = await app.get(report);
    const again = await app.import(EXAMPLES.TikTok);
    expect(again.json).toMatchObject({ import_id: 2, orders_new: 0, orders_changed: 0, orders_unchanged: 2400 });
    expect((await app.get(report)).text).toBe(before.text);
    expect((await app.get('/api/TikTok/order/all/')).json.count).toBe(2400);
  });

  test('rows that cannot be read are listed with line, column and reason, never with what stands in them', async () => {
    const broken =
      `${WEB_SHOP}\nW-4,luna@example.com,CUP-1,x,1,5.00,EUR,luna@example.com\nW-5,2026-11-21 13:00,CUP-1,x,1,a ` +
      `lot,EUR,max@example.com\n`;
    const { json } = await app.post('', [mapping, file(broken)], { 'accept-language': 'es' });
    expect(json).toMatchObject({
      refused: 2,
      refused_reasons: { row_date: 1, row_amount: 1 },
      orders_new: 3,
      refused_list: '/api/import/refused/3-refused.csv',
    });
    const list = await app.get(json.refused_list as string);
    expect(list.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(list.text.split('\n').slice(0, 2)).toEqual(['\uFEFFline,column,reason', '5,"date","No se entiende la fecha."']);
    expect(list.text).not.toMatch(/@|a lot/);
    expect(JSON.stringify(json)).not.toContain('@example.com');
  });

  test('every import is remembered, newest first, and can be looked up by its number', async () => {
    const { json } = await app.get('/api/import');
    expect(json.data.map(({ import_id, state }: Record<string, unknown>) => [import_id, state])).toEqual([
      [3, 'done'],
      [2, 'done'],
      [1, 'done'],
    ]);
    expect((await app.get('/api/import/3')).json.data).toEqual(json.data[0]);
    expect((await app.get('/api/import?limit=1')).json.data).toEqual([json.data[0]]);
  });

  const junk = (bytes: number): string => `a,b\n${'x,y\n'.repeat(bytes / 4)}`;
  const cases: readonly (readonly [string, string, readonly FormPart[], number, string])[] = [
    ['a file that nobody knows', '', [file(junk(400))], 422, 'file_not_recognised'],
    ['an empty file', '', [file('')], 422, 'file_empty'],
    ['a damaged file', '', [file(new Blob([gzipSync(WEB_SHOP).subarray(0, 60)]), 'cut.csv.gz')], 422, 'file_unreadable'],
    ['no file at all', '', [mapping], 400, 'invalid_parameter'],
    ['a mapping that is no JSON', '', [{ name: 'mapping', content: '{nope' }, file(WEB_SHOP)], 422, 'mapping_invalid'],
    [
      'a mapping with an unknown word',
      '',
      [{ name: 'mapping', content: JSON.stringify({ ...MAPPING, colour: 'red' }) }, file(WEB_SHOP)],
      422,
      'mapping_invalid',
    ],
    ['a mapping whose columns the file lacks', '', [mapping, file(junk(40))], 422, 'mapping_column_missing'],
    ['a mapping after the file', '', [file(new Blob([readFileSync(EXAMPLES.Amazon)])), mapping], 400, 'invalid_parameter'],
    [
      '`dry_run` in the form instead of the address',
      '',
      [{ name: 'dry_run', content: 'true' }, mapping, file(WEB_SHOP)],
      400,
      'unknown_parameter',
    ],
    [
      '`dry_run` in the form, after the file',
      '',
      [mapping, file(WEB_SHOP), { name: 'dry_run', content: 'true' }],
      400,
      'unknown_parameter',
    ],
    [
      '`dry_run` in the form, after a spreadsheet',
      '',
      [file(new Blob([readFileSync(EXAMPLES.Shein)])), { name: 'dry_run', content: 'true' }],
      400,
      'unknown_parameter',
    ],
    ['two files at once', '', [mapping, file(WEB_SHOP), file(WEB_SHOP)], 400, 'invalid_parameter'],
    ['another clock for a shop that has one', '?zone=Asia/Tokyo', [mapping, file(WEB_SHOP)], 409, 'import_shop_conflict'],
    ['a clock that does not exist', '?zone=Mars/Olympus', [mapping, file(WEB_SHOP)], 400, 'invalid_parameter'],
    ['a word the address does not know', '?dryrun=1', [mapping, file(WEB_SHOP)], 400, 'unknown_parameter'],
  ];
  test.each(cases)('%s is refused by name, and nothing is written', async (_what, query, parts, status, name) => {
    const state = async (): Promise<string> =>
      (await app.get('/api/shops')).text + (await app.get('/api/Multiplatform/order/all/?from=2026-11-20T00:00:00Z')).text;
    const before = await state();
    expectError(await app.post(query, parts), status, name);
    expect(await state()).toBe(before);
    expect((await readdir(join(app.app.config.dataFolder, DATA_FILES.imports))).filter((each) => !each.endsWith('-refused.csv'))).toEqual(
      [],
    );
  });

  test.each([
    ['text', 'text/plain', 'hello'],
    ['JSON', 'application/json', '{"file":'],
    ['bytes', 'application/octet-stream', 'PK'],
    ['a form without its boundary', 'multipart/form-data', 'x'],
    ['a form that breaks off', 'multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="mapping"\r\n\r\n{'],
  ])('a body that is no form (%s) is refused with what to send', async (_what, type, body) => {
    const answer = await fetch(`${app.url}/api/import`, { method: 'POST', headers: { 'content-type': type }, body });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ name: 'body_not_understood' });
  });

  test('a large upload that is refused does not block the connection for what comes next', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const body = `--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${junk(8_000_000)}\r\n--b--\r\n`;
    const send = (method: string, path: string, text = ''): Promise<number> =>
      new Promise((done, fail) => {
        request(
          {
            agent,
            host: '127.0.0.1',
            port: app.port,
            method,
            path,
            headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': text.length },
          },
          (answer) => {
            answer.resume().on('end', () => done(answer.statusCode!));
          },
        )
          .on('error', fail)
          .end(text);
      });
    expect(await send('POST', '/api/import', body)).toBe(422);
    expect(await send('GET', '/api/shops')).toBe(200);
    agent.destroy();
  });
});

test('an upload that breaks off leaves nothing behind and does not hold up the next one', async () => {
  const app = await openTestApp();
  await new Promise<void>((done) => {
    const cut = request({
      host: '127.0.0.1',
      port: app.port,
      method: 'POST',
      path: '/api/import',
      headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': 9e6 },
    });
    cut.on('close', done).on('error', () => undefined);
    cut.write(
      `--b\r\nContent-Disposition: form-data; name="file"; ` +
        `filename="a.csv"\r\n\r\n${readFileSync(EXAMPLES.TikTok, 'utf8').slice(0, 300_000)}`,
      () => cut.destroy(),
    );
  });
  expect((await app.import(EXAMPLES.Amazon)).json).toMatchObject({ import_id: 1, orders_new: 2000 });
  expect((await app.get('/api/shops')).json.data.map(({ platform }: Record<string, string>) => platform)).not.toContain('TikTok');
  expect((await app.get('/api/import')).json.data).toHaveLength(1);
  await app.close();
});

describe('a shop that sells in pounds and euros', () => {
  let app: TestApp;
  const report = (query: string, name = 'SalesRank'): Promise<Answer> => app.get(`/api/Other/DataScience/${name}/?${query}`);
  beforeAll(async () => {
    app = await openTestApp();
    const { json } = await app.post('', [{ ...mapping, filename: 'mapping.json' }, file(WEB_SHOP)]);
    expect(json).toMatchObject({ orders_new: 3, platform: 'Other', shops: ['Web shop'] });
  });
  afterAll(() => app.close());

  test(
    'gets no sum at a made-up rate: amounts stand apart with the day, the pair and the remedy; a currency that is asked for is ' +
      'refused with them',
    async () => {
      const unasked = await report('');
      expect(unasked.status).toBe(200);
      expect(unasked.json.data).toEqual((await report('currency=native')).json.data);
      expect(unasked.json.nulls.revenue).toMatch(/^No GBP\/EUR rate for 2026-11-20: .*s7 fx fetch/);
      const answer = await report('currency=EUR');
      expectError(answer, 422, 'exchange_rate_missing');
      expect(answer.json.msg).toBe('No GBP/EUR rate for 2026-11-20: EUR, GBP cannot be added up.');
      expect(answer.json.hint).toContain('currency=native');
      expect((await report('currency=usd')).json.msg).toMatch(/(EUR|GBP)\/USD/);
    },
  );

  test('is named by doctor and alerts as long as a rate is missing', async () => {
    const found = async () => {
      const [doctor, alerts] = [(await app.get('/api/doctor')).json.data, (await app.get('/api/alerts')).json.data] as [
        Record<string, string>[],
        Record<string, string>[],
      ];
      return [
        doctor.find(({ check }) => check === 'rates')!['state'],
        alerts.map(({ kind }) => kind).filter((kind) => kind === 'rates_missing'),
      ];
    };
    expect(await found()).toEqual(['problem', ['rates_missing']]);
    await app.send('/api/fx', { rates: [{ day: '2026-11-20', currency: 'GBP', rate: '0.8' }] });
    expect(await found()).toEqual(['ok', []]);
    expect((await report('')).json).toMatchObject({
      currency: 'EUR',
      data: [
        { sku: 'CUP-1', revenue: 44.63 },
        { sku: 'JAR-2', revenue: 30 },
      ],
    });
    await app.send('/api/fx', { rates: [{ day: '2026-11-20', currency: 'GBP', rate: null }] });
    expect(await found()).toEqual(['problem', ['rates_missing']]);
  });

  test('and no other may be called so but for the case of letters', async () => {
    const other = { ...mapping, content: JSON.stringify({ ...MAPPING, shop: 'WEB shop' }), filename: 'mapping.json' };
    for (const query of ['', '?dry_run=true']) expectError(await app.post(query, [other, file(WEB_SHOP)]), 409, 'shop_name_taken');
    expect((await app.get('/api/shops')).json.data.map(({ shop }: Record<string, string>) => shop)).toEqual(['Web shop']);
    // Asked about in other letters it is found all the same.
    expect((await report('currency=native&shop=web%20SHOP')).status).toBe(200);
  });

  test('shows the amounts side by side with currency=native, and says why there is no sum', async () => {
    const { json } = await report('currency=native');
    expect(json.currency).toBeNull();
    expect(json.filters.currency).toBe('native');
    expect(
      json.data.map(({ sku, sales, revenue, by_currency }: Record<string, unknown>) => ({ sku, sales, revenue, by_currency })),
    ).toEqual(
      [
        { sku: 'JAR-2', sales: 3, revenue: null, by_currency: [{ currency: 'EUR', amount: 30 }] },
        {
          sku: 'CUP-1',
          sales: 3,
          revenue: null,
          by_currency: [
            { currency: 'EUR', amount: 14 },
            { currency: 'GBP', amount: 24.5 },
          ],
        },
      ].toSorted((a, b) => (a.sku < b.sku ? -1 : 1)),
    );
    expect(json.nulls.revenue).toContain('by_currency');
    for (const [name, column] of [
      ['AreaDemand', 'sales_amount'],
      ['MonthlySalesAnalysis', 'total_amount'],
    ] as const) {
      const other = (await report('currency=native', name)).json;
      expect(other.data.every((row: Record<string, unknown>) => row[column] === null)).toBe(true);
      expect(other.nulls[column]).toContain('by_currency');
    }
  });

  test('is answered in euros where only euros were paid', async () => {
    const { json } = await report('from=2026-11-21');
    expect(json.currency).toBe('EUR');
    expect(json.data.map(({ sku, revenue }: Record<string, unknown>) => [sku, revenue])).toEqual([
      ['JAR-2', 30],
      ['CUP-1', 14],
    ]);
  });

  test('cannot make Excel run a product name as a formula', async () => {
    const { text } = await report('currency=native&format=csv');
    expect(text).toContain(`CUP-1,"'=HYPERLINK(""http://x"",""y"")",`);
    expect(text).toContain("JAR-2,'@SUM(A1),");
  });

  test('whatever parameters are sent, no report and no list of orders answers with an error of the server', async () => {
    const fitting: readonly (readonly [string, string])[] = Object.entries({
      shop: ['Web shop', 'Web shop,web SHOP'],
      platform: ['other', 'all'],
      window: ['7d', '30d', 'all'],
      from: ['1900-01-01', '2026-11-21', '2999-12-31'],
      to: ['0001-01-01', '2026-11-21', '9999-12-31'],
      basis: ['paid'],
      asOf: ['2026-11-21', '1900-01-01', '2999-12-31T23:59:59.123456789-14:00'],
      measure: ['gross', 'paid'],
      currency: ['native'],
      model: ['supply', 'both'],
      group: ['platform'],
      limit: ['1', '100000'],
      format: ['csv', 'ndjson'],
      table: ['totals', 'by_platform'],
      level: ['city', 'country'],
      include: ['dates'],
      status: ['completed', 'cancelled,unknown'],
      after: ['MjAyNi0xMS0yMVQxMTowMDowMFogMg'],
    }).flatMap(([name, values]) => values.map((value) => [name, value] as const));
    const hostile = [
      '',
      '0',
      '-1',
      '1e9',
      'NaN',
      '2026-02-30',
      '0000-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
      '__proto__',
      'constructor',
      ',',
      '\u0000',
      "'; DROP TABLE orders--",
    ];
    const parameter = fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...fitting, ['currency', 'native'] as const) },
      {
        weight: 1,
        arbitrary: fc.tuple(
          fc.oneof(fc.constantFrom(...fitting.map(([name]) => name)), fc.string()),
          fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'binary' })),
        ),
      },
    );
    const path = fc.constantFrom('DataScience/SalesRank', 'DataScience/AreaDemand_30d', 'DataScience/MonthlySalesAnalysis', 'order/all');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('Other', 'Multiplatform'),
        path,
        fc.array(parameter, { maxLength: 5 }),
        async (segment, place, parameters) => {
          const query = [...new Map(parameters)].map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&');
          const { status, json } = await app.get(`/api/${segment}/${place}?${query}`);
          expect(status).toBeLessThan(500);
          if (status !== 200) expect(ERRORS).toHaveProperty(json.name as string);
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** Percent-encoded where that can be done, as it is where not: a lone surrogate. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function expectError({ status, json }: Answer, expected: number, name: string): void {
  expect(json).toMatchObject({ name });
  expect(status).toBe(expected);
}
