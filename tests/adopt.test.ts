import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readBlocks, unpackDocuments } from '../src/records/documents.ts';
import { raw } from '../src/engines/sql.ts';
import { openConnectedShops } from './connected-shops.ts';
import { cleanUp, errorOf, PROJECT, s7, temporaryFolder } from './process.ts';
import { openTestApp, type Answer, type TestApp } from './shop-window.ts';

type Fields = Record<string, unknown>;
const order = (name: string, changes: Fields = {}): Fields => ({
  ...(JSON.parse(readFileSync(join(PROJECT, `src/platforms/tiktok/fixtures/${name}.json`), 'utf8')) as Fields),
  ...changes,
});
/** A thousand different orders out of one. */
const many = (count: number): Fields[] =>
  Array.from({ length: count }, (_, i) =>
    order('order-gb', { id: String(10_000 + i), create_time: 1_767_222_000 + i, update_time: 1_767_225_600 + i }),
  );
const sheinOrder = (orderNo: string, changes: Fields = {}): Fields => ({
  orderNo,
  orderType: 1,
  orderStatus: 5,
  orderCurrency: 'EUR',
  salesSite: 'shein-es',
  orderTime: '2026-07-25T17:22:11.000+0800',
  orderMsgUpdateTime: '2026-07-26T17:22:11.000+0800',
  pickUpTime: '2026-07-25T20:22:11.000+0800',
  receiveMsg: { country: 'Spain', province: 'Madrid', city: 'Getafe', postCode: '28901' },
  orderGoodsInfoList: [{ goodsId: 5230236437, skuCode: 'I73', sellerSku: 'CURTAIN-1', newGoodsStatus: 5, sellerCurrencyPrice: 12.98 }],
  ...changes,
});

describe('a file of the older system', () => {
  let shops: TestApp;
  beforeEach(async () => {
    shops = await openTestApp();
  });
  afterEach(() => shops.close());

  const adopt = async (content: unknown, query = '?platform=TikTok', headers: Record<string, string> = {}): Promise<Answer> =>
    adoptFiles({ 'tiktok_orders.json': content }, query, headers);
  const adoptFiles = async (
    files: Readonly<Record<string, unknown>>,
    query: string,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const form = new FormData();
    for (const [name, content] of Object.entries(files))
      form.append('file', new Blob([typeof content === 'string' ? content : JSON.stringify(content)]), name);
    const answer = await fetch(`${shops.url}/api/adopt${query}`, { method: 'POST', body: form, headers });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: answer.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(text) : undefined,
    };
  };
  const rows = (text: string): Promise<Fields[]> => shops.app.engine.read((reader) => reader.query(raw(text)));
  const stored = async (): Promise<number> => Number((await rows('SELECT count(*) AS n FROM orders'))[0]!['n']);

  test.each([
    ['a list', [order('order-gb'), order('order-us')]],
    ['an object with a list', { orders: [order('order-gb'), order('order-us')], total_count: 2 }],
    [
      'replies, page after page',
      [
        { code: 0, message: 'Success', data: { orders: [order('order-gb')], next_page_token: 'x' } },
        { code: 0, data: { orders: [order('order-us')] } },
      ],
    ],
    ['one reply', { code: 0, data: { orders: [order('order-gb'), order('order-us')], total_count: 2 }, request_id: '1', extra: { a: 1 } }],
    ['pages as lists', [[order('order-gb')], [order('order-us')]]],
    ['an order under each id', { 1: order('order-gb'), 2: order('order-us') }],
  ])('is read as %s', async (_, content) => {
    const { json, text } = await adopt(content, '?platform=TikTok&region=GB');
    expect([text, json]).toEqual([
      text,
      expect.objectContaining({ records: 2, refused: 0, orders: 2, orders_new: 2, shops: ['TikTok GB'], region: 'GB' }),
    ]);
  });

  test('the same file twice changes nothing; a newer state of an order does, an older one does not', async () => {
    const content = { orders: [...many(30), { id: 'bad', status: 'COMPLETED' }, { nothing: 1 }] };
    expect((await adopt(content)).json).toMatchObject({
      records: 32,
      orders_new: 30,
      refused: 2,
      shops: ['TikTok GB'],
      refused_records: expect.arrayContaining([
        { record: 'bad', field: 'create_time', problem: 'is missing' },
        { record: 'tiktok_orders.json #32', field: 'id', problem: 'is missing' },
      ]),
    });
    const before = await rows('SELECT * EXCLUDE (oid, fingerprint) FROM orders ORDER BY order_id');
    const held = await rows('SELECT record, field, problem, document FROM quarantine ORDER BY record');
    expect(held).toHaveLength(2);
    expect((await adopt(content)).json).toMatchObject({ orders_new: 0, orders_changed: 0, orders_unchanged: 30, refused: 2 });
    expect(await rows('SELECT * EXCLUDE (oid, fingerprint) FROM orders ORDER BY order_id')).toEqual(before);
    expect(await rows('SELECT record, field, problem, document FROM quarantine ORDER BY record')).toEqual(held);
    expect(
      (
        await adopt([
          order('order-gb', { id: '10000', status: 'COMPLETED', update_time: 1_800_000_000 }),
          order('order-gb', { id: '10001', update_time: 1_600_000_000 }),
        ])
      ).json,
    ).toMatchObject({ orders_changed: 1, orders_unchanged: 1 });
    expect((await shops.get('/api/import')).json.data[0]).toMatchObject({
      file: 'tiktok_orders.json',
      preset: 'tiktok-order-records',
      state: 'done',
      orders_changed: 1,
    });
  });

  test('of buyers nothing is kept, and how far the data reach is the newest change in it, not today', async () => {
    await adopt([order('order-gb')]);
    const kept =
      JSON.stringify(await rows('SELECT * EXCLUDE (body) FROM blocks')) +
      JSON.stringify(await rows('SELECT * EXCLUDE (fingerprint) FROM orders'));
    const { recipient_address: address } = order('order-gb') as { recipient_address: Record<string, string> };
    expect(address['name']).toBeTruthy();
    expect(kept).not.toContain(address['name']);
    expect((await shops.get('/api/shops')).json.data).toMatchObject([
      { shop: 'TikTok GB', zone: 'Europe/London', complete_at: '2026-01-01T00:00:00Z' },
    ]);
  });

  test.each([
    ['breaks off', (whole: string) => whole.slice(0, -40), /line 1, column \d+: what begins here never ends/],
    [
      'has a record that is no JSON',
      (whole: string) => whole.replace('"id":"10500"', '"id":nonsense'),
      /line 1, column \d+: the record that begins here is no JSON/,
    ],
    ['goes on after its end', (whole: string) => `${whole}]`, /the file goes on after its end/],
    ['is something else', () => '<html>Confidential</html>', /line 1, column 1: neither/],
  ])('that %s is refused with the place, and nothing of it is stored', async (_, change, place) => {
    const { status, json } = await adopt(change(JSON.stringify(many(1000))));
    expect([status, json.name]).toEqual([422, 'file_unreadable']);
    expect(json.msg).toMatch(place);
    expect(json.msg).not.toContain('Confidential');
    expect([await stored(), (await shops.get('/api/shops')).json.data, (await shops.get('/api/import')).json.data]).toEqual([0, [], []]);
  });

  test.each([[''], ['[]'], ['{"orders":[]}'], ['{"code":105002,"message":"expired"}']])(
    'with no order in it (%j) is called empty',
    async (content) => {
      expect((await adopt(content)).json).toMatchObject({ name: 'file_empty' });
    },
  );

  test('that does not tell its market asks for it; what is not known is refused by name', async () => {
    const nowhere = [
      order('order-gb', {
        recipient_address: null,
        payment: { currency: 'EUR', total_amount: '1.00' },
        line_items: [{ id: '1', sku_id: '1' }],
      }),
    ];
    expect((await adopt(nowhere)).json).toMatchObject({ name: 'import_setting_needed', msg: expect.stringContaining('region') });
    expect((await adopt(nowhere, '?platform=TikTok&region=es&shop=Mine')).json).toMatchObject({
      shops: ['Mine'],
      region: 'ES',
      orders_new: 1,
    });
    expect((await adopt(nowhere, '?platform=TikTok&region=AQ')).json).toMatchObject({
      name: 'invalid_parameter',
      msg: expect.stringContaining('AQ'),
    });
    expect((await adopt(nowhere, '?platform=Other')).json).toMatchObject({
      name: 'invalid_parameter',
      msg: expect.stringContaining('TikTok | Shein | Amazon'),
    });
    expect((await adopt(nowhere, '')).json).toMatchObject({ name: 'invalid_parameter', msg: expect.stringContaining('platform') });
    expect((await adopt(nowhere, '?platform=TikTok&limit=3')).status).toBe(400);
    expect(await stored()).toBe(1);
  });

  test('a dry run says the same and writes nothing', async () => {
    expect((await adopt(many(10), '?platform=TikTok&dry_run=true')).json).toMatchObject({
      dry_run: true,
      records: 10,
      orders: 10,
      orders_new: 0,
      shops: ['TikTok GB'],
    });
    expect([await stored(), (await shops.get('/api/shops')).json.data, (await shops.get('/api/import')).json.data]).toEqual([0, [], []]);
  });

  test('tells how far it is, line by line, to who asks for that', async () => {
    const { text } = await adopt(many(200), '?platform=TikTok', { accept: 'application/x-ndjson' });
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Fields);
    expect(lines.at(-1)).toMatchObject({ result: { orders_new: 200 } });
    const broken = await adopt('[', '?platform=TikTok', { accept: 'application/x-ndjson' });
    expect(JSON.parse(broken.text.trimEnd().split('\n').at(-1)!)).toMatchObject({ error: { name: 'file_unreadable' } });
  });

  const detail = (id: string, changes: Fields = {}): Fields => ({
    order_id: id,
    price_detail: { code: 0, message: 'Success', data: order('price-detail-gb', changes) },
  });

  test(
    'of price details fills in what was paid for the stored orders; refusals in it are left out, bad ones set aside, twice changes ' +
      'nothing',
    async () => {
      await adopt(many(5));
      const file = [
        detail('10000'),
        detail('10001', { payment: '1.00' }),
        { order_id: '10002', price_detail: { code: 36009002, message: 'not found', data: null } },
        detail('10003', { payment: 'much' }),
        { price_detail: {} },
        detail('not-stored'),
        detail('10004', { sku_list_price: '1' }),
        detail('10004'),
      ];
      const query = '?platform=TikTok&content=price_details&written_at=2026-11-01T00:00:00Z';
      const first = (await adopt(file, query)).json;
      expect(first).toMatchObject({
        content: 'price_details',
        shops: ['TikTok GB'],
        records: 8,
        without_data: 1,
        orders: 4,
        orders_new: 4,
        refused: 2,
        refused_records: [
          { record: '10003', field: 'payment', problem: 'is no exact amount' },
          { record: 'tiktok_orders.json #5', field: 'order_id', problem: 'is missing' },
        ],
      });
      const kept = (): Promise<Fields[]> =>
        rows('SELECT order_id, oid IS NOT NULL AS tied, payment, list_price, violations, fetched_at FROM price_details ORDER BY order_id');
      const before = await kept();
      expect(before).toMatchObject([
        { order_id: '10000', tied: true, payment: '36.4900', violations: null },
        { order_id: '10001', violations: 'payment' },
        { order_id: '10004', list_price: '40.0000' },
        { order_id: 'not-stored', tied: false },
      ]);
      const held = await rows('SELECT record, field FROM quarantine ORDER BY record');
      expect((await adopt(file, query)).json).toMatchObject({ orders_new: 0, orders_changed: 0, orders_unchanged: 4, refused: 2 });
      expect([await kept(), await rows('SELECT record, field FROM quarantine ORDER BY record')]).toEqual([before, held]);
    },
  );

  test('of price details leaves those that were asked for after it was written, and needs orders that are stored', async () => {
    const query = '?platform=TikTok&content=price_details&written_at=2026-11-01T00:00:00Z';
    expect((await adopt([detail('10000')], query)).json).toMatchObject({
      name: 'import_setting_needed',
      msg: expect.stringContaining('shop'),
    });
    await adopt(many(2));
    await adopt([detail('10000', { payment: '2.00' })], query.replace('11-01', '11-10'));
    expect((await adopt([detail('10000'), detail('10001')], query)).json).toMatchObject({
      orders_new: 1,
      orders_changed: 0,
      orders_unchanged: 1,
    });
    expect(await rows(`SELECT payment FROM price_details WHERE order_id = '10000'`)).toEqual([{ payment: '2.0000' }]);
    expect((await adopt([detail('10000')], `${query}&shop=Nobody`)).json).toMatchObject({ name: 'unknown_shop' });
    expect((await adopt([detail('10000')], query.replace('TikTok', 'Shein'))).json).toMatchObject({ name: 'invalid_parameter' });
    expect((await adopt('[{"order_id":"1","price_detail":', query)).json).toMatchObject({ name: 'file_unreadable' });
  });

  test("SHEIN orders go to the shop of their site, in SHEIN's own replies, and refused ones name order and field", async () => {
    const { json } = await adopt(
      [
        { code: '0', msg: 'OK', info: [sheinOrder('GSO1'), sheinOrder('GSO2', { salesSite: 'shein-us', orderCurrency: 'USD' })] },
        {
          code: '0',
          info: [
            sheinOrder('GSO3', { orderGoodsInfoList: [] }),
            { orderNo: 'GSO4', orderStatus: '1', orderCreateTime: '2026-08-09 18:03:04' },
          ],
        },
      ],
      '?platform=Shein',
    );
    expect(json).toMatchObject({ records: 4, orders_new: 2, refused: 1, heads: 1, shops: ['SHEIN ES', 'SHEIN US'] });
    expect((json.refused_records as { record: string; field: string }[]).map(({ record, field }) => `${record} ${field}`)).toEqual([
      'GSO3 orderGoodsInfoList',
    ]);
    const { data } = (await shops.get('/api/Shein/DataScience/SalesRank_all/?currency=native')).json;
    expect(data).toMatchObject([{ sku: 'CURTAIN-1', sales: 2 }]);
  });

  test("a list of SHEIN's beside the details of the same orders adds nothing; heads alone need no shop and are told", async () => {
    const heads = ['GSO1', 'GSO2', 'GSO9'].map((orderNo) => ({
      orderNo,
      orderStatus: '5',
      orderCreateTime: '2026-07-25 10:00:00',
      orderUpdateTime: '2026-07-26 10:00:00',
    }));
    expect((await adopt(heads, '?platform=Shein')).json).toMatchObject({
      records: 3,
      heads: 3,
      orders: 0,
      refused: 0,
      shops: [],
      region: null,
    });
    expect([await stored(), (await shops.get('/api/shops')).json.data]).toEqual([0, []]);
    const files = { 'shein_orders.json': heads, 'Shein_order_details.json': [sheinOrder('GSO1'), sheinOrder('GSO2')] };
    expect((await adoptFiles(files, '?platform=Shein')).json).toMatchObject({
      file: 'shein_orders.json + Shein_order_details.json',
      records: 5,
      heads: 1,
      orders_new: 2,
      refused: 0,
      shops: ['SHEIN ES'],
    });
    expect((await adoptFiles(files, '?platform=Shein')).json).toMatchObject({ heads: 1, orders_new: 0, orders_unchanged: 2 });
  });

  const amazonOrder = (AmazonOrderId: string, changes: Fields = {}): Fields => ({
    AmazonOrderId,
    PurchaseDate: '2026-03-10T10:00:00Z',
    LastUpdateDate: '2026-03-12T09:00:00Z',
    OrderStatus: 'Shipped',
    SalesChannel: 'Amazon.es',
    MarketplaceId: 'A1RKKUPIHCS9HS',
    OrderTotal: { CurrencyCode: 'EUR', Amount: '21.98' },
    BuyerInfo: { BuyerEmail: 'MARK-mail@marketplace.amazon.es', BuyerName: 'MARK-name' },
    ShippingAddress: {
      Name: 'MARK-recipient',
      AddressLine1: 'MARK-street',
      City: 'Getafe',
      StateOrRegion: 'Madrid',
      CountryCode: 'ES',
      PostalCode: '28901',
      Phone: 'MARK-phone',
    },
    ...changes,
  });
  const amazonItem = (OrderItemId: string, changes: Fields = {}): Fields => ({
    OrderItemId,
    ASIN: 'B0TEST0001',
    SellerSKU: 'TAZA-1',
    Title: 'Taza',
    QuantityOrdered: 2,
    QuantityShipped: 2,
    ItemPrice: { CurrencyCode: 'EUR', Amount: '19.98' },
    ItemTax: { CurrencyCode: 'EUR', Amount: '3.47' },
    ShippingPrice: { CurrencyCode: 'EUR', Amount: '3.99' },
    PromotionDiscount: { CurrencyCode: 'EUR', Amount: '1.99' },
    BuyerInfo: { GiftMessageText: 'MARK-gift' },
    ...changes,
  });
  const itemsOf = (AmazonOrderId: string, ...OrderItems: Fields[]): Fields => ({ payload: { AmazonOrderId, OrderItems } });

  test(
    "Amazon's orders and their items in a file of their own become orders of the marketplaces they name; an order without items is " +
      'told',
    async () => {
      const files = {
        'Amazon_orders.json': [
          {
            payload: {
              Orders: [
                amazonOrder('1'),
                amazonOrder('2', { OrderStatus: 'Canceled', SalesChannel: 'Amazon.fr' }),
                amazonOrder('3'),
                amazonOrder('4', { SalesChannel: 'Non-Amazon', MarketplaceId: 'A2ZV50J4W1RKNI' }),
              ],
            },
          },
        ],
        'Amazon_order_items.json': [
          itemsOf('1', amazonItem('11'), amazonItem('12', { QuantityOrdered: 0, ItemPrice: null, PromotionDiscount: null })),
          itemsOf('2', amazonItem('21')),
          itemsOf('4', amazonItem('41')),
          itemsOf('9', amazonItem('91')),
        ],
      };
      const first = (await adoptFiles(files, '?platform=Amazon')).json;
      // Order 3 has no items, and nobody knows an order 9.
      expect(first).toMatchObject({
        file: 'Amazon_orders.json + Amazon_order_items.json',
        records: 8,
        heads: 2,
        orders_new: 3,
        refused: 0,
        shops: ['Amazon.es', 'Amazon.fr'],
      });
      expect((await adoptFiles(files, '?platform=Amazon')).json).toMatchObject({ orders_new: 0, orders_unchanged: 3 });
      const { orders } = (await shops.get('/api/Amazon/order/all?shape=canonical&order_ids=1')).json;
      expect(orders).toMatchObject([
        {
          shop: 'Amazon.es',
          status: 'shipped',
          purchased_at: '2026-03-10T10:00:00Z',
          currency: 'EUR',
          units: 2,
          gross_sales: 19.98,
          net_sales: 17.99,
          paid_amount: null,
          total_amount: 21.98,
          shipping_fee: 7.98,
          country: 'ES',
          region_code: 'ES-MD',
          city: 'Getafe',
          buyer_id: null,
          lines: [
            { line_id: '11', sku: 'TAZA-1', platform_sku: 'B0TEST0001', quantity: 2, sale: true, tax_amount: 3.47 },
            { line_id: '12', quantity: 0, sale: false },
          ],
        },
      ]);
      expect((await shops.get('/api/Amazon/DataScience/SalesRank')).json.data).toMatchObject([{ sku: 'TAZA-1', sales: 4, revenue: 35.98 }]);
      const kept = JSON.stringify(await keptDocuments());
      expect(kept).toContain('TAZA-1');
      expect(kept).not.toContain('MARK');
      // A replay reads what was put together, and its own keys come out of it.
      expect((await shops.send('/api/replay', {})).json).toMatchObject({ read: 3, tables: {}, refused: [] });
      expect((await shops.get('/api/Amazon/order/all/?order_ids=1')).json.orders).toMatchObject([
        { AmazonOrderId: '1', OrderItems: [{ OrderItemId: '11' }, { OrderItemId: '12' }], ShippingAddress: { Name: '', City: 'Getafe' } },
      ]);
    },
  );

  test("Amazon's items by themselves, in orders, or one by one are read alike, whichever file comes first", async () => {
    for (const [files, id] of [
      [{ a: [itemsOf('1', amazonItem('11'))], b: [amazonOrder('1')] }, '1'],
      [{ a: [amazonOrder('2', { OrderItems: [amazonItem('21')] })] }, '2'],
      // As the older system wrote them: the order by itself, and the one reply with its items.
      [{ a: amazonOrder('4'), b: { AmazonOrderId: '4', OrderItems: [amazonItem('41')] } }, '4'],
      [
        {
          a: { Orders: [amazonOrder('3')] },
          b: [
            { AmazonOrderId: '3', ...amazonItem('31') },
            { AmazonOrderId: '3', ...amazonItem('32') },
          ],
        },
        '3',
      ],
    ] as const)
      expect((await adoptFiles(files, '?platform=Amazon')).json, id).toMatchObject({ orders_new: 1, heads: 0 });
  });

  test('what Amazon cannot have sent is set aside by its field; Pending is no sale, a replacement no second one', async () => {
    const at = (id: string, changes: Fields, ...items: Fields[]): Fields => amazonOrder(id, { ...changes, OrderItems: items });
    const { json } = await adoptFiles(
      {
        a: [
          at(
            '1',
            { OrderStatus: 'Pending', OrderTotal: undefined },
            amazonItem('11', { ItemPrice: null, ItemTax: null, PromotionDiscount: null, ShippingPrice: null }),
          ),
          at('2', { IsReplacementOrder: true }, amazonItem('21')),
          at('3', {}, amazonItem('31', { ItemPrice: { CurrencyCode: 'GBP', Amount: '1' } })),
          at('4', { PurchaseDate: 'yesterday' }, amazonItem('41')),
          at('5', {}, amazonItem('51', { SellerSKU: '', ASIN: null })),
          at('6', { OrderTotal: { CurrencyCode: 'EUR', Amount: 'much' } }, amazonItem('61')),
          at('7', { OrderStatus: 'Teleported' }, amazonItem('71')),
        ],
      },
      '?platform=Amazon',
    );
    expect(json).toMatchObject({ orders_new: 3, refused: 4 });
    expect(
      (json.refused_records as { record: string; field: string }[]).map(({ record, field }) => `${record} ${field}`).toSorted(),
    ).toEqual(['3 OrderItems', '4 PurchaseDate', '5 OrderItems[0].SellerSKU', '6 OrderTotal.Amount']);
    expect(
      (await shops.get('/api/Amazon/order/all?shape=canonical')).json.orders
        .map((each: Fields) => [each['order_id'], each['status'], (each['lines'] as Fields[])[0]!['sale']])
        .toSorted(),
    ).toEqual([
      ['1', 'unpaid', false],
      ['2', 'shipped', false],
      ['7', 'unknown', false],
    ]);
  });

  test('a broken one among several is named with its place; a market that orders do not tell is asked for by any platform', async () => {
    expect(
      (
        await adoptFiles(
          { 'Amazon_orders.json': [amazonOrder('1')], 'Amazon_order_items.json': '[{"AmazonOrderId":"1",' },
          '?platform=Amazon',
        )
      ).json,
    ).toMatchObject({
      name: 'file_unreadable',
      msg: expect.stringMatching(/Amazon_order_items\.json, line 1/),
      details: { file: 'Amazon_order_items.json' },
    });
    const nowhere = amazonOrder('1', {
      SalesChannel: 'Non-Amazon',
      MarketplaceId: null,
      ShippingAddress: null,
      OrderItems: [amazonItem('11')],
    });
    expect((await adoptFiles({ a: [nowhere] }, '?platform=Amazon')).json).toMatchObject({ name: 'import_setting_needed' });
    expect((await adoptFiles({ a: [nowhere] }, '?platform=Amazon&region=es')).json).toMatchObject({ shops: ['Amazon.es'], orders_new: 1 });
    expect((await adoptFiles({ a: [sheinOrder('GSO1', { salesSite: null })] }, '?platform=Shein&region=FR')).json).toMatchObject({
      shops: ['SHEIN FR'],
      orders_new: 1,
    });
  });

  const keptDocuments = (): Promise<unknown> =>
    shops.app.engine.read(async (reader) => [...(await unpackDocuments(reader, await readBlocks(reader, 0, 1e6))).values()]);
});

/** The simulated Spanish shop's id of the platform. */
const ESTRELLA_ES = '7495540735365777101';

test('a shop that was taken over is found again by its id when it is connected: its orders are there once', async () => {
  const fresh = await openConnectedShops({ settings: { historyDays: 5 } });
  try {
    const form = new FormData();
    form.append('file', new Blob([JSON.stringify(many(3))]), 'tiktok_orders.json');
    const adopted = await fetch(`${fresh.shops.url}/api/adopt?platform=TikTok&region=ES&platform_shop_id=${ESTRELLA_ES}`, {
      method: 'POST',
      body: form,
    });
    expect(await adopted.json()).toMatchObject({ shops: ['TikTok ES'] });
    expect((await fresh.consent('ES', 'estrella-hogar')).status).toBe(200);
    await fresh.sync();
    const names = (await fresh.shops.get('/api/shops')).json.data as { shop: string; connection: string; orders: number }[];
    expect(names.map(({ shop, connection }) => `${shop} ${connection}`)).toEqual(['Estrella Hogar UK connected', 'TikTok ES connected']);
    expect(names.find(({ shop }) => shop === 'TikTok ES')!.orders).toBeGreaterThan(3);
    expect(await fresh.rows("SELECT platform_shop_id AS id FROM shops WHERE region = 'ES'")).toEqual([{ id: ESTRELLA_ES }]);
  } finally {
    await fresh.close();
  }
});

describe('on the command line', () => {
  afterAll(cleanUp);
  const SECRETS = ['6f1a2b3c-secret', 'ROW_access-token', 'ROW_refresh-token'] as const;
  const olderSystem = (files: Record<string, unknown>): string => {
    const folder = temporaryFolder();
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
    }
    return folder;
  };
  const config = {
    AppKey: 'key123',
    AppSecret: SECRETS[0],
    RedirectUri: 'https://erp.example.com/api/TikTok/callback',
    shopCipher: 'ROW_cipher',
    shopId: '7494000000000000001',
  };
  const whole = (): string =>
    olderSystem({
      'Config/config.json': config,
      'Config/token.json': { TikTok: { access_token: SECRETS[1], data: { refreshToken: SECRETS[2] } } },
      'Datas/OrdersPriceDetail.json': [{ order_id: '10000', price_detail: { code: 0, data: order('price-detail-gb') } }],
      'Datas/tiktok_orders.json': { orders: [...many(5), { id: 'bad' }] },
      'datas/shein_orders.json': [sheinOrder('GSO1')],
    });

  test('`s7 adopt` takes over what is there, says what is missing and where to find it, and shows no secret', async () => {
    const data = join(temporaryFolder(), 'data');
    const folder = whole();
    const first = await s7(['adopt', folder], { data });
    expect(first).toMatchObject({ code: 0 });
    for (const part of [
      /config\.json: app key, app secret, redirect URL, shop cipher, shop id/,
      /token\.json: access token, refresh token/,
      /Access is not taken over/,
      /tiktok_orders\.json: 6 records → TikTok GB: 5 new, 0 updated/,
      /1 incomplete record: bad \(status: is missing\)/,
      /shein_orders\.json: 1 record → SHEIN ES: 1 new/,
      /OrdersPriceDetail\.json: price breakdowns of 1 order of TikTok GB: 1 new/,
      /Missing: the service id.*https:\/\/partner\.tiktokshop\.com.*service_id=/,
      /S7_TIKTOK_ROW_APP_KEY, S7_TIKTOK_ROW_APP_SECRET, S7_TIKTOK_ROW_SERVICE_ID/,
      /s7 connect tiktok --region GB/,
    ])
      expect(first.out).toMatch(part);
    const again = await s7(['adopt', folder, '--json'], { data });
    expect(JSON.parse(again.out)).toMatchObject({
      orders: [
        { orders_new: 0, orders_unchanged: 5 },
        { orders_new: 0, orders_unchanged: 1 },
        { content: 'price_details', orders_new: 0, orders_unchanged: 1 },
      ],
      registration: { missing: ['S7_TIKTOK_ROW_SERVICE_ID'] },
    });
    for (const secret of SECRETS) expect(first.out + first.err + again.out + again.err).not.toContain(secret);
    expect((await s7(['adopt', folder, '--dry-run'], { data, env: { S7_LANG: 'zh' } })).out).toMatch(/缺少：Service ID/);
  });

  test('`--write-env` adds what is known, for the owner alone, leaves what is set; half a registration waits behind a #', async () => {
    const data = join(temporaryFolder(), 'data');
    const env = join(temporaryFolder(), 'settings.env');
    writeFileSync(env, 'S7_PORT=0', { mode: 0o644 });
    const folder = olderSystem({ 'config.json': config });
    const waiting = await s7(['adopt', folder, '--write-env', env], { data });
    expect([waiting.code, waiting.out]).toEqual([0, expect.stringContaining('Take the # away when the service id is there')]);
    const lines = (): string[] => readFileSync(env, 'utf8').split('\n').filter(Boolean);
    expect(lines()).toEqual([
      'S7_PORT=0',
      '# From the older system.',
      '#S7_TIKTOK_ROW_APP_KEY=key123',
      `#S7_TIKTOK_ROW_APP_SECRET=${SECRETS[0]}`,
    ]);
    expect(statSync(env).mode & 0o777).toBe(0o600);
    expect((await s7(['adopt', folder, '--write-env', env], { data })).out).toContain('has them already');
    expect((await s7(['adopt', folder, '--region', 'US', '--service-id', '741', '--write-env', env], { data })).out).toContain(
      'S7_TIKTOK_US_SERVICE_ID',
    );
    expect(lines().slice(-3)).toEqual([
      'S7_TIKTOK_US_APP_KEY=key123',
      `S7_TIKTOK_US_APP_SECRET=${SECRETS[0]}`,
      'S7_TIKTOK_US_SERVICE_ID=741',
    ]);
    expect(waiting.out + waiting.err).not.toContain(SECRETS[0]);
  });

  test('a folder for each platform, empty files and list heads are taken as they are; a broken file holds up no other', async () => {
    const data = join(temporaryFolder(), 'data');
    const folder = olderSystem({
      'Config/ToktokConfig/config.json': { TikTok: { ...config, Region: 'GB' } },
      'Config/SheinConfig/config.json': { AppKey: 'of-shein', AppSecret: SECRETS[1] },
      'Datas/TiktokDatas/tiktok_orders.json': many(3),
      'Datas/TiktokDatas/OrdersPriceDetail.json': [{ order_id: '10000', price_detail: { code: 0, data: order('price-detail-gb') } }],
      'Datas/SheinDatas/shein_orders.json': [{ orderNo: 'GSO1', orderStatus: '5', orderCreateTime: '2026-07-25 10:00:00' }],
      'Datas/AmazonDatas/Amazon_orders.json': '[]',
      'Datas/AmazonDatas/Amazon_order_items.json': '',
    });
    const dry = await s7(['adopt', folder, '--dry-run', '--shop', 'Mine', '--json'], { data });
    expect(JSON.parse(dry.out)).toMatchObject({
      orders: [
        { platform: 'TikTok', orders: 3, shops: ['Mine'] },
        { platform: 'Shein', heads: 1 },
        { content: 'price_details', orders: 1, dry_run: true, shops: ['Mine'] },
      ],
    });
    const first = await s7(['adopt', folder, '--shop', 'Mine'], { data });
    expect(first.code).toBe(0);
    for (const part of [
      /ToktokConfig\/config\.json: app key, app secret.*shop id, country/,
      /SheinConfig\/config\.json: settings of another platform/,
      /tiktok_orders\.json: 3 records → Mine: 3 new/,
      /shein_orders\.json: 1 record →[^]*1 left out: they are but a part/,
      /Amazon_orders\.json \+ Amazon_order_items\.json: is empty/,
      /price breakdowns of 1 order of Mine: 1 new/,
      /s7 connect tiktok --region GB/,
    ])
      expect(first.out).toMatch(part);
    for (const secret of [...SECRETS, 'of-shein']) expect(first.out + first.err).not.toContain(secret);

    writeFileSync(join(folder, 'Datas/SheinDatas/shein_orders.json'), '[{"orderNo": "GSO1"');
    writeFileSync(join(folder, 'Datas/SheinDatas/Shein_order_details.json'), JSON.stringify([sheinOrder('GSO1')]));
    const broken = await s7(['adopt', folder, '--json'], { data });
    expect([broken.code, errorOf(broken)]).toMatchObject([
      1,
      { name: 'file_unreadable', msg: expect.stringContaining('shein_orders.json, line 1') },
    ]);
    expect(JSON.parse(broken.out)).toMatchObject({
      orders: [
        { platform: 'TikTok', orders_unchanged: 3 },
        { platform: 'Shein', file: 'Shein_order_details.json', orders_new: 1 },
        { content: 'price_details' },
      ],
      failed: [{ file: 'shein_orders.json', name: 'file_unreadable' }],
    });
  });

  test('a folder with nothing of it, a folder that is not there and settings that are broken are told', async () => {
    const data = join(temporaryFolder(), 'data');
    expect(errorOf(await s7(['adopt', olderSystem({ 'readme.txt': 'x' }), '--json'], { data }))).toMatchObject({
      name: 'adopt_nothing_found',
      hint: expect.stringContaining('tiktok_orders.json'),
    });
    expect(errorOf(await s7(['adopt', '/nowhere/at/all', '--json'], { data }))).toMatchObject({ name: 'file_missing' });
    const broken = await s7(['adopt', olderSystem({ 'Config/config.json': '{"AppKey": ', 'Datas/tiktok_orders.json': many(2) })], { data });
    expect([broken.code, broken.out]).toEqual([0, expect.stringMatching(/config\.json: is no JSON[^]*2 new/)]);
    expect(errorOf(await s7(['adopt', olderSystem({ 'Datas/tiktok_orders.json': '[{' }), '--json'], { data }))).toMatchObject({
      name: 'file_unreadable',
    });
  });
});
