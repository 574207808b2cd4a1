import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Readable } from 'node:stream';
import { writeOrders } from '../src/records/orders/order-writer.ts';
import { writeReturns } from '../src/records/returns/return-writer.ts';
import { setShop } from '../src/records/shop-changes.ts';
import { ensureShop, readShops } from '../src/records/shops/shops.ts';
import { raw } from '../src/engines/sql.ts';
import { readOrders } from '../src/records/orders/stored-orders.ts';
import { fixedClock } from '../src/kernel/clock.ts';
import { keyedHash } from '../src/kernel/vault.ts';
import { presetOf } from '../src/platforms/mapped-file.ts';
import { parseMapping, type MappingInput } from '../src/platforms/mapping.ts';
import { toCanonical } from '../src/platforms/tiktok/canonical.ts';
import { cancellationToCanonical, returnToCanonical } from '../src/platforms/tiktok/claim.ts';
import { files as tiktokFiles } from '../src/platforms/tiktok/files.ts';
import { reports } from '../src/reports/all.ts';
import { runReport } from '../src/reports/run.ts';
import { importFile, type ImportResult } from '../src/sync/import.ts';
import { openEmptyStore } from './golden-world.ts';
import { partsOf } from './part-reading.ts';
import { temporaryFolder } from './process.ts';
import { followers } from '../src/records/all.ts';

const clock = fixedClock('2026-03-20T12:00:00Z');
const hash = keyedHash(Buffer.from('test'));
let store: Awaited<ReturnType<typeof openEmptyStore>>;
beforeEach(async () => {
  store = await openEmptyStore();
});
afterEach(() => store.close());

type Row = Readonly<Record<string, unknown>>;
const ask = async (name: string, parameters: Record<string, unknown> = {}, table = 'data'): Promise<readonly Row[]> => {
  const report = reports.find((each) => each.name === name)!;
  const { tables } = await runReport(
    { engine: store.engine, clock },
    { report, platforms: ['TikTok', 'Other'], parameters, language: 'en' },
  );
  return tables[table] as readonly Row[];
};
const columns = (names: string, rows: readonly Row[]): unknown[][] => rows.map((row) => names.split(' ').map((name) => row[name]));

const bring = (text: string, mapping?: MappingInput): Promise<ImportResult> =>
  importFile(
    { engine: store.engine, clock, hash, parts: partsOf(hash), presets: tiktokFiles, temporaryFolder: temporaryFolder() },
    {
      source: Readable.from([Buffer.from(text)]),
      file: 'orders.csv',
      settings: mapping ? {} : { shop: 'Vivero' },
      describe: String,
      ...(mapping ? { mapped: { preset: presetOf(parseMapping(mapping)), mapping } } : {}),
    },
  );

/** Rows of TikTok's order export, by column; what a row leaves out is as of a simple sold piece at EUR 10. */
const COLUMNS = [
  'Order ID',
  'Order Status',
  'Order Substatus',
  'Cancelation/Return Type',
  'SKU ID',
  'Seller SKU',
  'Product Name',
  'Variation',
  'Quantity',
  'Sku Quantity of return',
  'SKU Unit Original Price',
  'SKU Subtotal Before Discount',
  'SKU Platform Discount',
  'SKU Seller Discount',
  'SKU Subtotal After Discount',
  'Original Shipping Fee',
  'Taxes',
  'Order Amount',
  'Order Refund Amount',
  'Created Time',
  'Paid Time',
  'Shipped Time',
  'Delivered Time',
  'Cancelled Time',
  'Cancel Reason',
  'Country',
] as const;
type Exported = Partial<Record<(typeof COLUMNS)[number], string>>;
function exported(...rows: Exported[]): string {
  const usual: Exported = {
    'Order Status': 'Completed',
    'Order Substatus': 'Completed',
    'SKU ID': '1',
    'Seller SKU': 'POT',
    'Product Name': 'Pot',
    Quantity: '1',
    'Sku Quantity of return': '0',
    'SKU Unit Original Price': 'EUR 10.00',
    'SKU Platform Discount': 'EUR 0.00',
    'SKU Seller Discount': 'EUR 0.00',
    'Original Shipping Fee': 'EUR 0.00',
    Taxes: 'EUR 0.00',
    'Created Time': '04/03/2026 09:00:00',
    'Paid Time': '04/03/2026 09:05:00',
    'Shipped Time': '05/03/2026 09:00:00',
    Country: 'Spain',
  };
  const priced = rows.map((row) => {
    const { Quantity: pieces, 'SKU Unit Original Price': price } = { ...usual, ...row };
    const subtotal = `EUR ${(Number(pieces) * Number(price!.slice(4))).toFixed(2)}`;
    return {
      ...usual,
      'SKU Subtotal Before Discount': subtotal,
      'SKU Subtotal After Discount': subtotal,
      'Order Amount': subtotal,
      ...row,
    };
  });
  return [COLUMNS.join(','), ...priced.map((row) => COLUMNS.map((name) => row[name] ?? '').join(','))].join('\n');
}
const CANCELLED: Exported = { 'Order Status': 'Canceled', 'Order Substatus': 'Canceled', 'Cancelation/Return Type': 'Cancel' };
const RETURN_FIGURES = 'sell_count return_count return_rate refund_amount refund_only_count undelivered_count';

describe("an export of TikTok's seller centre", () => {
  test('tells how many pieces came back: one of three is one, and what it gave back is its price', async () => {
    await bring(
      exported(
        {
          'Order ID': '801',
          Quantity: '3',
          'Sku Quantity of return': '1',
          'Cancelation/Return Type': 'Return/Refund',
          'Order Refund Amount': 'EUR 10.00',
        },
        { 'Order ID': '802' },
      ),
    );
    expect(columns(RETURN_FIGURES, await ask('ReturnRate'))).toEqual([[4, 1, 25, 10, 0, 0]]);
    expect(columns('return_count return_rate', await ask('OrderAnalysis'))).toEqual([[1, 25]]);
    expect(columns('return_rate', await ask('Overview'))).toEqual([[25]]);
    expect((await ask('Reconcile')).map(({ returned_units, refunded_amount }) => [returned_units, refunded_amount])).toEqual(
      [
        [0, 0],
        [1, 10],
      ].toReversed(),
    );
  });

  test('counts what was cancelled after it was shipped as a return, whatever the reason reads; before that it is none', async () => {
    await bring(
      exported(
        {
          'Order ID': '811',
          ...CANCELLED,
          'Cancelled Time': '08/03/2026 09:00:00',
          'Cancel Reason': 'Paketzustellung fehlgeschlagen',
          'Order Refund Amount': 'EUR 10.00',
        },
        {
          'Order ID': '812',
          ...CANCELLED,
          'Shipped Time': '',
          'Cancelled Time': '04/03/2026 20:00:00',
          'Cancel Reason': 'Package delivery failed',
          'Order Refund Amount': 'EUR 10.00',
        },
        { 'Order ID': '813' },
      ),
    );
    expect(columns(RETURN_FIGURES, await ask('ReturnRate'))).toEqual([[1, 1, 50, 10, 0, 1]]);
    expect(columns('return_rate', await ask('Overview'))).toEqual([[50]]);
  });

  test('repeats what was paid back on each row of an order: it counts once, shared by worth; a part of a price is no piece', async () => {
    // 30 of 30 + 60 were paid back for two rows that say so: 10 and 20, a third of each.
    const refunded: Exported = { 'Order ID': '821', 'Cancelation/Return Type': 'Return/Refund', 'Order Refund Amount': 'EUR 30.00' };
    await bring(
      exported(
        { ...refunded, 'Seller SKU': 'A', Quantity: '3' },
        { ...refunded, 'Seller SKU': 'B', Quantity: '3', 'SKU Unit Original Price': 'EUR 20.00' },
      ),
    );
    expect(columns(`sku_id ${RETURN_FIGURES}`, await ask('ReturnRate'))).toEqual([
      ['A', 3, 1, 33.33, 10, 1, 0],
      ['B', 3, 1, 33.33, 20, 1, 0],
    ]);
  });

  test("a part of a piece's price counts its amount and its order, the whole of it counts the piece, without goods", async () => {
    await bring(
      exported(
        { 'Order ID': '831', 'Seller SKU': 'PART', 'Cancelation/Return Type': 'Return/Refund', 'Order Refund Amount': 'EUR 4.00' },
        { 'Order ID': '832', 'Seller SKU': 'WHOLE', 'Cancelation/Return Type': 'Return/Refund', 'Order Refund Amount': 'EUR 10.00' },
      ),
    );
    expect(columns(`sku_id ${RETURN_FIGURES}`, await ask('ReturnRate'))).toEqual([
      ['WHOLE', 1, 1, 100, 10, 1, 0],
      ['PART', 1, 0, 0, 4, 0, 0],
    ]);
    expect(columns('sell_count return_count return_rate', await ask('ReturnRate', { variant: 'orders' }, 'by_platform'))).toEqual([
      [2, 2, 100],
    ]);
    expect(columns('sku_id refund_amount return_rate', await ask('ReturnRate', { variant: 'amount' }))).toEqual([
      ['WHOLE', 10, 100],
      ['PART', 4, 40],
    ]);
  });

  test('gives what was paid back to the row that was cancelled before the one that was kept', async () => {
    await bring(
      exported(
        { 'Order ID': '841', 'Seller SKU': 'KEPT', 'Order Refund Amount': 'EUR 10.00' },
        {
          'Order ID': '841',
          'Seller SKU': 'GONE',
          ...CANCELLED,
          'Cancelled Time': '04/03/2026 20:00:00',
          'Order Refund Amount': 'EUR 10.00',
        },
      ),
    );
    expect(columns('sku_id sell_count return_count refund_amount cancel_count', await ask('ReturnRate'))).toEqual([
      ['KEPT', 1, 0, 0, 0],
      ['GONE', 0, 0, 0, 1],
    ]);
  });

  test.each([
    ['0.00 says nothing, so that the VAT setting holds: 121 less 21 %', 'EUR 0.00', '21', 100],
    ['of the order on each row counts once: 121 less 21', 'EUR 21.00', null, 100],
    ['0.00 without a VAT setting is not known', 'EUR 0.00', null, null],
  ])('Taxes %s', async (_, taxes, vatRate, net) => {
    await bring(
      exported(
        { 'Order ID': '851', 'Seller SKU': 'A', 'SKU Unit Original Price': 'EUR 60.50', Taxes: taxes },
        { 'Order ID': '851', 'Seller SKU': 'B', 'SKU Unit Original Price': 'EUR 60.50', Taxes: taxes },
      ),
    );
    const [shop] = await store.engine.read((reader) => readShops(reader));
    if (vatRate) await setShop(store.engine, shop!, { vatRate });
    expect(columns('net_sales_ex_tax', await ask('Overview'))).toEqual([[net]]);
  });

  test('of an order cancelled in part the older profit is that of what was kept', async () => {
    // 104 less 4 of shipping for two pots of 50, one of them cancelled: 50.
    const pot: Exported = {
      'Order ID': '861',
      'SKU Unit Original Price': 'EUR 50.00',
      'Original Shipping Fee': 'EUR 4.00',
      'Order Amount': 'EUR 104.00',
    };
    await bring(
      exported({ ...pot, 'Seller SKU': 'KEPT' }, { ...pot, ...CANCELLED, 'Seller SKU': 'GONE', 'Cancelled Time': '04/03/2026 20:00:00' }),
    );
    expect(columns('sku total_profit net_sales', await ask('ProfitAnalysis'))).toEqual([['KEPT', 50, 50]]);
    expect(columns('total_profit', await ask('ProfitAnalysis', {}, 'totals'))).toEqual([[50]]);
  });
});

const SHOP_MAPPING: MappingInput = {
  name: 'web',
  zone: 'Europe/Madrid',
  currency: 'EUR',
  columns: {
    orderId: 'no',
    purchasedAt: 'when',
    paidAt: 'paid',
    updatedAt: 'changed',
    sku: 'sku',
    skuName: 'product',
    variation: 'variant',
    quantity: 'pieces',
    unitPrice: 'price',
    returnedQuantity: 'back',
    refundAmount: 'refund',
    orderTax: 'tax',
    status: 'state',
  },
  statuses: { sold: 'completed', undelivered: { status: 'cancelled', outcome: 'returned' } },
};
const shopFile = (...rows: string[]): string =>
  ['no,when,paid,changed,sku,product,variant,pieces,price,back,refund,tax,state', ...rows].join('\n');

describe('a file by a mapping', () => {
  test('tells pieces that came back and what was paid back, as its columns say', async () => {
    await bring(
      shopFile(
        '1,2026-03-04,,,A,,,4,5,3,15,,sold',
        // One amount on one row of the order; it goes to the row of which something came back.
        '2,2026-03-04,,,A,,,1,5,1,,,sold',
        '2,2026-03-04,,,B,,,1,5,,5,,sold',
        // Rows that tell different amounts tell their own.
        '3,2026-03-04,,,B,,,1,5,,1,,sold',
        '3,2026-03-04,,,C,,,1,5,,2,,sold',
      ),
      SHOP_MAPPING,
    );
    expect(columns(`sku_id ${RETURN_FIGURES}`, await ask('ReturnRate'))).toEqual([
      ['A', 5, 4, 80, 20, 0, 0],
      ['B', 2, 0, 0, 1, 0, 0],
      ['C', 1, 0, 0, 2, 0, 0],
    ]);
  });

  test('an order undelivered in part counts once, above and below', async () => {
    await bring(
      shopFile(
        '1,2026-03-04,,,A,,,1,10,,,,sold',
        '1,2026-03-04,,,A,,,1,10,,,,undelivered',
        '2,2026-03-04,,,A,,,1,10,,,,sold',
        '3,2026-03-04,,,B,,,1,10,,,,undelivered',
      ),
      SHOP_MAPPING,
    );
    const asked = 'sell_count undelivered_count return_count return_rate';
    // Orders 1 and 3 of three; of A order 1 of two.
    expect(columns(asked, await ask('ReturnRate', { variant: 'orders' }, 'by_platform'))).toEqual([[2, 1, 2, 66.67]]);
    expect(columns(`sku_id ${asked}`, await ask('ReturnRate', { variant: 'orders' }))).toEqual([
      ['B', 0, 1, 1, 100],
      ['A', 2, 0, 1, 50],
    ]);
    expect(columns(`sku_id ${asked}`, await ask('ReturnRate'))).toEqual([
      ['B', 0, 1, 1, 100],
      ['A', 2, 1, 1, 33.33],
    ]);
    expect(columns('reason return_count share', await ask('ReturnRate', { variant: 'orders' }, 'reasons'))).toEqual([['returned', 2, 100]]);
  });

  test('product and variant are never cut at a dot in them', async () => {
    await bring(
      shopFile(
        '1,2026-03-04,,,SUN,Jabón · Sol,,1,10,,,,sold',
        '2,2026-03-04,,,SEA,Jabón · Mar,,2,20,,,,sold',
        '3,2026-03-04,,,R1,Rope,5 m · blue,1,10,,,,sold',
        '4,2026-03-04,,,R2,Rope,9 m · blue,2,20,,,,sold',
        '5,2026-03-04,,,BARE,,,1,1,,,,sold',
      ),
      SHOP_MAPPING,
    );
    expect(columns('product_name sell_count sku_list', await ask('OrderAnalysis'))).toEqual([
      ['Rope', 3, ['5 m · blue', '9 m · blue']],
      ['Jabón · Mar', 2, ['SEA']],
      ['Jabón · Sol', 1, ['SUN']],
      ['BARE', 1, ['BARE']],
    ]);
    expect(columns('sku sku_name', await ask('SalesRank')).toSorted()).toEqual([
      ['BARE', null],
      ['R1', 'Rope · 5 m · blue'],
      ['R2', 'Rope · 9 m · blue'],
      ['SEA', 'Jabón · Mar'],
      ['SUN', 'Jabón · Sol'],
    ]);
  });

  test.each(['9999-12-31', '0001-01-01'])('%s refuses its row in whatever date column it stands, and nothing else', async (never) => {
    const found = await bring(
      shopFile(
        '1,2026-03-04,,,A,,,1,10,,,,sold',
        `2,${never},,,A,,,1,10,,,,sold`,
        `3,2026-03-04,${never},,A,,,1,10,,,,sold`,
        `4,2026-03-04,,${never},A,,,1,10,,,,sold`,
      ),
      SHOP_MAPPING,
    );
    expect(found).toMatchObject({ orders: 1, refused: 3 });
    expect(columns('orders', await ask('Overview'))).toEqual([[1]]);
  });
});

/** An order as TikTok sends it, two pieces of 20 EUR; and a claim or cancellation of its pieces. */
const PIECE = {
  sku_id: '71',
  seller_sku: 'LAMP',
  currency: 'EUR',
  original_price: '20',
  sale_price: '20',
  seller_discount: '0',
  platform_discount: '0',
};
const tiktokOrder = (id: string, changes: Row = {}): Row => ({
  id,
  status: 'COMPLETED',
  create_time: 1_772_600_000,
  update_time: 1_772_700_000,
  paid_time: 1_772_600_100,
  payment: { currency: 'EUR', total_amount: '40' },
  line_items: [
    { id: `${id}1`, ...PIECE },
    { id: `${id}2`, ...PIECE },
  ],
  ...changes,
});
const claimOf = (
  orderId: string,
  changes: Row,
  lines: readonly [piece: number, total: string, goods: string][] = [[1, '20', '20']],
): Row => ({
  return_id: `R${orderId}`,
  cancel_id: `C${orderId}`,
  order_id: orderId,
  create_time: 1_772_690_000,
  update_time: 1_772_700_000,
  refund_amount: { currency: 'EUR', refund_total: String(lines.reduce((sum, [, total]) => sum + Number(total), 0)) },
  [changes['cancel_status'] ? 'cancel_line_items' : 'return_line_items']: lines.map(([piece, total, goods]) => ({
    order_line_item_id: `${orderId}${piece}`,
    sku_id: '71',
    seller_sku: 'LAMP',
    refund_amount: { currency: 'EUR', refund_total: total, refund_subtotal: goods },
  })),
  ...changes,
});

describe('claims of TikTok', () => {
  async function write(orders: readonly Row[], claims: readonly Row[]): Promise<void> {
    const shop = await ensureShop(store.engine, { platform: 'TikTok', shop: 'ES', zone: 'Europe/Madrid', currency: 'EUR' });
    await writeOrders(
      store.engine,
      orders.map((order) => ({ shop, order: toCanonical(order as never), document: '' })),
      { source: null, followers },
    );
    const delivered = claims.map((claim) => ({
      claim: 'cancel_status' in claim ? cancellationToCanonical(claim as never) : returnToCanonical(claim as never),
      document: '',
    }));
    await store.engine.transaction(async (tx) => void (await writeReturns(tx, shop, { delivered, source: null })));
  }

  test('a completed exchange is no return and pays nothing back, whatever amount it carries; money in its place is a return', async () => {
    await write(
      [tiktokOrder('901'), tiktokOrder('902')],
      [
        claimOf('901', { return_type: 'REPLACEMENT', return_status: 'REPLACEMENT_REQUEST_COMPLETE' }),
        claimOf('902', { return_type: 'REPLACEMENT', return_status: 'REPLACEMENT_REQUEST_REFUND_SUCCESS' }),
      ],
    );
    expect(columns('return_count exchange_count refund_amount', await ask('ReturnRate'))).toEqual([[1, 1, 20]]);
    expect(await store.engine.read((reader) => reader.query(raw('SELECT kind, refund_amount FROM returns ORDER BY return_id')))).toEqual([
      { kind: 'exchange', refund_amount: null },
      { kind: 'return', refund_amount: '20.0000' },
    ]);
  });

  test('money without goods is a piece where it is its whole price: shipping and tax beside it change nothing', async () => {
    const refund = {
      return_type: 'REFUND',
      return_status: 'RETURN_OR_REFUND_REQUEST_COMPLETE',
      return_reason: 'ecom_order_delivered_refund_reason_missing_product',
    };
    await write(
      [tiktokOrder('911'), tiktokOrder('912'), tiktokOrder('913')],
      [
        claimOf('911', refund, [[1, '23.99', '20']]),
        // 18 of 20 for the goods and the shipping: more than a piece, yet a part of it.
        claimOf('912', refund, [[1, '22', '18']]),
        claimOf('913', { ...refund, return_type: 'RETURN_AND_REFUND' }, [
          [1, '12', '12'],
          [2, '20', '20'],
        ]),
      ],
    );
    expect(columns('sell_count return_count refund_only_count refund_amount', await ask('ReturnRate'))).toEqual([[6, 3, 1, 77.99]]);
    expect(columns('sell_count return_count return_rate', await ask('ReturnRate', { variant: 'orders' }))).toEqual([[3, 3, 100]]);
  });

  test('a taken part of the money is shared out over lines that tell of the whole', async () => {
    const taken = {
      return_type: 'REFUND',
      return_status: 'RETURN_OR_REFUND_REQUEST_COMPLETE',
      partial_refund: { amount: '10', currency: 'EUR' },
    };
    await write(
      [tiktokOrder('921')],
      [
        claimOf('921', taken, [
          [1, '20', '20'],
          [2, '20', '20'],
        ]),
      ],
    );
    expect(columns('return_count refund_amount', await ask('ReturnRate'))).toEqual([[0, 10]]);
  });

  test('the machine key of a cancellation goes before the instants: never left is no return, come back is one', async () => {
    const cancelled = { status: 'CANCELLED', cancel_reason: 'Package delivery failed' };
    const done = { cancel_status: 'CANCELLATION_REQUEST_COMPLETE' };
    await write(
      [
        tiktokOrder('931', { ...cancelled, collection_time: 1_772_650_000 }),
        tiktokOrder('932', { ...cancelled, collection_time: 1_772_650_000 }),
        tiktokOrder('933', cancelled),
        tiktokOrder('934', cancelled),
        tiktokOrder('935'),
      ],
      [
        claimOf('931', { ...done, cancel_reason: 'seller_cancel_reason_out_of_stock_uk' }, [
          [1, '20', '20'],
          [2, '20', '20'],
        ]),
        claimOf('932', { ...done, cancel_reason: 'platform_cancel' }, [
          [1, '20', '20'],
          [2, '20', '20'],
        ]),
        claimOf('933', { ...done, cancel_reason: 'returned_to_shipper_refused' }, [
          [1, '20', '20'],
          [2, '20', '20'],
        ]),
        claimOf('934', { ...done, cancel_reason: 'package_cancel' }, [
          [1, '20', '20'],
          [2, '20', '20'],
        ]),
      ],
    );
    // 932 by its instants and 933 by its key, two pieces each; of 935 two were sold.
    expect(columns('sell_count undelivered_count return_count return_rate refund_amount return_reasons', await ask('ReturnRate'))).toEqual([
      [2, 4, 4, 66.67, 80, { platform_cancel: 2, returned_to_shipper_refused: 2 }],
    ]);
    expect(columns('return_rate', await ask('Overview'))).toEqual([[66.67]]);
    expect(columns('return_count return_rate', await ask('OrderAnalysis'))).toEqual([[4, 66.67]]);
  });

  test('a bundle shows what is in it beside its line', async () => {
    const combined_listing_skus = [
      { product_id: '1', sku_id: '81', seller_sku: 'BASE', sku_count: 1 },
      { product_id: '2', sku_id: '82', sku_count: 2 },
    ];
    await write(
      [tiktokOrder('941', { line_items: [{ id: '1', ...PIECE, product_name: 'Lamp · kit', sku_name: 'Oak', combined_listing_skus }] })],
      [],
    );
    const {
      orders: [order],
    } = await store.engine.read((reader) => readOrders(reader, { platforms: ['TikTok'] }, { after: null, limit: 5 }));
    expect(order!.lines).toMatchObject([
      {
        sku_name: 'Lamp · kit · Oak',
        product_name: 'Lamp · kit',
        variant: 'Oak',
        parts: [
          { sku: 'BASE', platform_sku: '81', quantity: 1 },
          { sku: '82', platform_sku: '82', quantity: 2 },
        ],
      },
    ]);
  });
});
