import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readImportMapping } from '../src/records/imports/import-log.ts';
import { sql } from '../src/engines/sql.ts';
import { fixedClock } from '../src/kernel/clock.ts';
import type { AppError } from '../src/kernel/errors.ts';
import { keyedHash } from '../src/kernel/vault.ts';
import { moneyText } from '../src/model/money.ts';
import { imaginedShop } from '../src/model/shop.ts';
import { platforms } from '../src/platforms/all.ts';
import { presetOf } from '../src/platforms/mapped-file.ts';
import { parseMapping, type MappingInput } from '../src/platforms/mapping.ts';
import type { FileSettings } from '../src/platforms/file-preset.ts';
import { openImportedFiles } from '../src/sync/document-readers.ts';
import { importFile, type ImportResult } from '../src/sync/import.ts';
import { openEmptyStore } from './golden-world.ts';
import { sheetRows, workbook } from './made-workbook.ts';
import { partsOf } from './part-reading.ts';
import { temporaryFolder } from './process.ts';

const hash = keyedHash(Buffer.alloc(32, 7));
const presets = platforms.flatMap(({ files }) => files);
let store: Awaited<ReturnType<typeof openEmptyStore>>;
beforeAll(async () => {
  store = await openEmptyStore();
});
afterAll(() => store.close());

type Bring = FileSettings & { readonly mapping?: MappingInput; readonly write?: boolean };
const bring = (file: string | Buffer, { mapping, write, ...settings }: Bring = {}): Promise<ImportResult> =>
  importFile(
    {
      engine: store.engine,
      clock: fixedClock('2026-11-20T10:00:00Z'),
      hash,
      parts: partsOf(hash),
      presets,
      temporaryFolder: temporaryFolder(),
    },
    {
      source: Readable.from([Buffer.from(file as string)]),
      file: 'orders',
      settings,
      dryRun: !write,
      describe: String,
      ...(mapping ? { mapped: { preset: presetOf(parseMapping(mapping)), mapping } } : {}),
    },
  );
const refusal = async (file: string | Buffer, more: Bring = {}): Promise<AppError> =>
  bring(file, more).then(
    () => {
      throw new Error('it was taken');
    },
    (error: AppError) => error,
  );

type Sample = {
  readonly shop: string;
  readonly orderId: string;
  readonly purchasedAt: string;
  readonly status: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number; readonly netSales: string }[];
};
const sample = ({ sample: orders }: ImportResult): readonly Sample[] =>
  (orders as readonly Sample[]).toSorted((a, b) => a.orderId.localeCompare(b.orderId));

const TIKTOK = ['Order ID', 'Order Status', 'Seller SKU', 'Quantity', 'SKU Subtotal Before Discount', 'Created Time', 'Country'];
const tiktok = (...rows: readonly (readonly string[])[]): string =>
  [TIKTOK, ...rows].map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\n');
const row = (id: string, more: Partial<Record<string, string>> = {}): string[] =>
  TIKTOK.map(
    (name) =>
      ({
        'Order ID': id,
        'Order Status': 'Completed',
        'Seller SKU': 'HOM-1',
        Quantity: '1',
        'SKU Subtotal Before Discount': '20.00',
        'Created Time': '10/03/2026 12:00:00',
        Country: 'Spain',
        ...more,
      })[name] ?? '',
  );
const OWN: MappingInput = {
  name: 'own',
  zone: 'Europe/Madrid',
  currency: 'EUR',
  dateForms: ['DD/MM/YYYY', 'MM/DD/YYYY'],
  columns: { orderId: 'Order', purchasedAt: 'Date', sku: 'SKU', quantity: 'Qty', netSales: 'Sum', buyer: 'Customer' },
};
const own = (...rows: readonly string[]): string => ['Order;Date;SKU;Qty;Sum;Customer', ...rows].join('\n');

describe('how a file writes dates and numbers', () => {
  test('is decided by all its rows, kept with the import, and the same when its rows are read again', async () => {
    const { import_id: id, ...result } = await bring(own('A-1;3/1/2026;X;1;1.234;', 'A-2;3/25/2026;X;1;7,50;'), {
      mapping: OWN,
      write: true,
    });
    expect(result).toMatchObject({ date_order: 'mdy', decimal_mark: ',', orders: 2 });
    expect(sample(result as ImportResult).map(({ purchasedAt, lines }) => [purchasedAt, lines[0]!.netSales])).toEqual([
      ['2026-02-28T23:00:00Z', '1234.0000'],
      ['2026-03-24T23:00:00Z', '7.5000'],
    ]);
    await store.engine.read(async (reader) => {
      expect(JSON.parse((await readImportMapping(reader, id!))!.mapping)).toMatchObject({
        decided: { dateOrder: 'mdy', decimalMark: ',' },
      });
      const again = await openImportedFiles(reader, { hash, platforms, presets, presetOf: (mapping) => presetOf(parseMapping(mapping)) })(
        id!,
      );
      const order = again!.file.toCanonical(
        [['A-1', '3/1/2026', 'X', '1', '1.234', '']],
        imaginedShop({ platform: 'Other', shop: 'own', zone: 'Europe/Madrid', currency: 'EUR' }),
      );
      expect([order.purchasedAt.toString(), moneyText(order.lines[0]!.netSales!)]).toEqual(['2026-02-28T23:00:00Z', '1234.0000']);
    });
  });

  test('is told by the kept rows of an import that an older version did not decide', async () => {
    const { import_id: id } = await bring(own('B-1;3/1/2026;X;1;1.234;', 'B-2;3/25/2026;X;1;7,50;'), { mapping: OWN, write: true });
    await store.engine.transaction((tx) =>
      tx.run(sql`UPDATE imports SET mapping = json_merge_patch(mapping, '{"decided":null}') WHERE import_id = ${id}`),
    );
    await store.engine.read(async (reader) => {
      const again = await openImportedFiles(reader, { hash, platforms, presets, presetOf: (mapping) => presetOf(parseMapping(mapping)) })(
        id!,
      );
      expect(again!.decided).toEqual({ dateOrder: 'mdy', decimalMark: ',' });
    });
  });

  test('is asked where no row tells; nothing is written before', async () => {
    const [dates, amounts] = [
      tiktok(row('1', { 'Created Time': '3/1/2026 9:00', Country: 'United States' })),
      own('C-1;25/03/2026;X;1;1.234;'),
    ];
    expect([(await refusal(dates)).code, (await refusal(amounts, { mapping: OWN, write: true })).code]).toEqual([
      'import_date_order_needed',
      'import_decimal_mark_needed',
    ]);
    const told = await bring(dates, { dateOrder: 'mdy' });
    expect([told.date_order, sample(told)[0]!.purchasedAt]).toEqual(['mdy', '2026-03-01T17:00:00Z']);
    expect(sample(await bring(amounts, { mapping: OWN, decimalMark: ',' }))[0]!.lines[0]!.netSales).toBe('1234.0000');
  });
});

describe('ids', () => {
  test('that a spreadsheet damaged are refused by name in every id column; the rest comes in', async () => {
    const file = tiktok(
      row('5,79906E+17'),
      row('579905969878844579', { 'Seller SKU': '1.2E+12' }),
      row('579905969878844580'),
      row('########'),
    );
    expect(await bring(file)).toMatchObject({ orders: 1, refused: 3, refused_reasons: { row_id_damaged: 3 } });
    const refunds: MappingInput = {
      ...OWN,
      refunds: { column: 'Order', startsWith: 'R', order: 'SKU' },
      columns: { ...OWN.columns, sku: 'Item' },
    };
    expect(
      (await bring('Order;Date;Item;Qty;Sum;Customer;SKU\nR-1;25/03/2026;X;1;2,50;;5.7E+17\n', { mapping: refunds })).refused_reasons,
    ).toEqual({ row_id_damaged: 1 });
    expect((await bring(own('D-1;25/03/2026;X;1;2,50;4,5E+12'), { mapping: OWN })).refused_reasons).toEqual({ row_id_damaged: 1 });
  });

  test('that all end in zeros are refused, one alone is told', async () => {
    expect(await bring(tiktok(row('579905969878844000'), row('579905969878845000')))).toMatchObject({
      orders: 0,
      refused_reasons: { row_id_damaged: 2 },
      doubtful_ids: ['Order ID'],
    });
    expect(await bring(tiktok(row('579905969878844000')))).toMatchObject({ orders: 1, refused: 0, doubtful_ids: ['Order ID'] });
    const round = own('579905969878844000;25/03/2026;X;1;2,50;', '579905969878845000;25/03/2026;X;1;2,50;');
    expect([(await bring(round, { mapping: OWN })).orders, (await bring(round, { mapping: { ...OWN, roundIds: true } })).orders]).toEqual([
      0, 2,
    ]);
  });

  test('that a file protects from spreadsheets are what they protect', async () => {
    const [first, second] = sample(
      await bring(
        `${TIKTOK.join('\t')}\n${[row('="579905969878844579"'), row("'579905969878844580")].map((cells) => cells.join('\t')).join('\n')}`,
      ),
    );
    expect([first!.orderId, second!.orderId]).toEqual(['579905969878844579', '579905969878844580']);
  });
});

describe('sheets', () => {
  const table = (...rows: readonly (readonly string[])[]): string => sheetRows([TIKTOK, ...rows]);
  test('the orders are found behind notes, and on every sheet that goes on below the same header; a hidden copy is left out', async () => {
    const file = workbook([
      { name: 'Read me', data: sheetRows([['How to read this file']]) },
      { name: 'Empty', data: '' },
      { name: 'Orders', data: table(row('1'), row('2')) },
      { name: 'Orders 2', data: table(row('3')) },
      { name: 'Pivot', data: sheetRows([['HOM-1', '3']]) },
      { name: 'Copy', state: 'hidden', data: table(row('9')) },
    ]);
    expect(await bring(file)).toMatchObject({
      orders: 3,
      refused: 0,
      encoding: null,
      sheets: ['Orders', 'Orders 2'],
      sheets_left_out: ['Read me', 'Pivot', 'Copy'],
    });
    expect(
      await bring(
        workbook([
          { name: 'Notes', data: sheetRows([['x']]) },
          { name: 'Data', state: 'veryHidden', data: table(row('9')) },
        ]),
      ),
    ).toMatchObject({ orders: 1, sheets: ['Data'] });
  });

  test('a workbook without orders is refused with the names of its sheets', async () => {
    const { message } = await refusal(
      workbook([
        { name: 'Notes', data: sheetRows([['Ana Telltale', '600123123']]) },
        { name: 'Stock', data: sheetRows([['SKU', 'Pieces']]) },
      ]),
    );
    expect(message).toMatch(/Notes, Stock/);
    expect(message).not.toMatch(/Telltale|600/);
  });
});

describe('a file that is not known', () => {
  test('is refused with the columns that the nearest kind lacks', async () => {
    const { message, values } = await refusal('Order ID,Seller SKU,Quantity,Created Time,Province\n1,X,1,10/03/2026 12:00:00,Madrid\n');
    expect(JSON.stringify([message, values])).toMatch(/Order ID.*TikTok Shop · seller centre · orders \(lacks Order Status\)/);
  });

  test.each(['Ana Telltale,600123123,Calle Telltale 3,28013\nLeo Telltale,600123124,,\n', '1;Telltale;Completed;Spain\n'])(
    'shows no cell where the first row is no header: %j',
    async (text) => {
      const { message, values } = await refusal(text);
      const mapped = await refusal(text, { mapping: OWN });
      expect(JSON.stringify([message, values, mapped.message, mapped.values])).not.toMatch(/Telltale|600|Spain/);
      expect(message).toMatch(/4 columns/);
    },
  );
});

test('columns and words that decide pieces or states, and are not known, are named in the answer', async () => {
  const header = `${TIKTOK.join(',')},Return status,Artigos vendidos,Cancelation/Return Type,Cancel Reason\n`;
  const file =
    header +
    [row('1'), row('2', { 'Order Status': 'Verschollen' }), row('3', { 'Order Status': 'ana@telltale.example' })]
      .map((cells, i) => `${cells.join(',')},,,${i === 0 ? 'Vanished' : ''},`)
      .join('\n');
  const result = await bring(file);
  expect(result).toMatchObject({ unknown_columns: ['Return status', 'Artigos vendidos'], unknown_words: { Vanished: 1, Verschollen: 1 } });
  expect(JSON.stringify(result)).not.toContain('telltale');
  expect(
    (await bring(`Order;Date;SKU;Qty;Sum;Customer;Payment status\nE-1;25/03/2026;X;1;2,50;;\n`, { mapping: OWN })).unknown_columns,
  ).toEqual(['Payment status']);
  expect(
    (
      await bring(`Order;Date;SKU;Qty;Sum;Customer;Payment status\nE-1;25/03/2026;X;1;2,50;;paid\n`, {
        mapping: { ...OWN, columns: { ...OWN.columns, status: 'Sum' } },
      })
    ).unknown_columns,
  ).toEqual([]);
});

describe('a row that names a channel nobody knows', () => {
  const amazon = (...rows: readonly (readonly [string, string, string])[]): string =>
    [
      'amazon-order-id\tpurchase-date\torder-status\tsku\tquantity\tcurrency\titem-price\tsales-channel\tship-country',
      ...rows.map(
        ([channel, currency, country], i) =>
          `404-100000${i}-0000001\t2026-03-10T10:00:00Z\tShipped\tX\t1\t${currency}\t10.00\t${channel}\t${country}`,
      ),
    ].join('\n');
  test('is refused and named, or a shop of its own where its clock is told', async () => {
    const file = amazon(
      ['Amazon.co.uk', 'GBP', 'GB'],
      ['Amazon.co.uk', 'GBP', 'GB'],
      ['Amazon.cl', 'CLP', 'CL'],
      ['Non-Amazon', 'GBP', 'GB'],
      ['amazon.co.za', 'ZAR', 'ZA'],
    );
    expect(await bring(file)).toMatchObject({
      shops: ['Amazon.co.uk', 'Amazon.co.za'],
      orders: 4,
      refused_reasons: { row_channel: 1 },
      unknown_words: { 'Amazon.cl': 1 },
    });
    expect(await bring(amazon(['Amazon.cl', 'CLP', 'CL']), { zone: 'America/Santiago' })).toMatchObject({
      shops: ['Amazon.cl'],
      orders: 1,
      refused: 0,
    });
  });

  test("never makes a file another market's: the market that most rows name is asked about", async () => {
    const { code } = await refusal(tiktok(row('1', { Country: 'Chile' }), row('2', { Country: 'Chile' }), row('3')));
    expect(code).toBe('import_setting_needed');
    expect((await bring(tiktok(row('1', { Country: 'Chile' }), row('2'), row('3')))).shops).toEqual(['TikTok ES']);
    const shein = (currency: string): string =>
      `订单号,订单创建时间,卖家SKU,商品价格,币种,订单状态\nG1,2026-03-10 10:00:00,X,10.00,${currency},已完成\n`;
    expect((await refusal(shein('CLP'))).code).toBe('import_setting_needed');
    expect((await bring(shein('BRL'))).shops).toEqual(['SHEIN BR']);
  });
});

test('what describes, repeats or sums up is no refused row, and neither is what fills a file up', async () => {
  const described = TIKTOK.map((name) => `About the ${name.toLowerCase()}.`);
  const file =
    `${tiktok(described, row('1'), TIKTOK, row('2'), ['', '', '', '', '', '', ''])}\n\nTotal,,,2,40.00,,\n合计：` +
    `2\n\u001a${'\0'.repeat(700)}`;
  expect(await bring(file)).toMatchObject({ rows: 2, orders: 2, refused: 0 });
  expect((await bring(tiktok(row('1'), row('', { 'Seller SKU': 'Total' })))).refused_reasons).toEqual({ row_order_missing: 1 });
});
