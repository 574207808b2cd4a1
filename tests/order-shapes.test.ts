import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFilledShops, type ConnectedShops } from './connected-shops.ts';
import { EXAMPLES, openTestApp, type TestApp } from './shop-window.ts';

type Fields = Record<string, unknown>;
const SPAIN = 'Estrella Hogar España';
/** Values that tell of a person, wherever they stand. */
const PERSONAL = [
  'buyer_email',
  'buyer_nickname',
  'buyer_message',
  'seller_note',
  'name',
  'first_name',
  'last_name',
  'phone_number',
  'full_address',
  'address_detail',
  'tracking_number',
  'receiverName',
  'phone',
  'address',
  'waybillNo',
  'BuyerEmail',
  'BuyerName',
  'Name',
  'AddressLine1',
  'Phone',
];

/** The personal values of a row that are not empty. */
function toldIn(value: unknown, key = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => toldIn(each));
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([name, part]) => toldIn(part, name));
  return PERSONAL.includes(key) && value !== '' ? [`${key}: ${String(value)}`] : [];
}

describe('orders that a connected shop brought home', () => {
  let world: ConnectedShops;
  beforeAll(async () => {
    world = await openFilledShops({ historyDays: 5 });
  });
  afterAll(() => world.close());

  test('name a product as its market of the asked language does, else as the English one does: figures and order stay', async () => {
    const rank = async (language: string, shop?: string): Promise<Map<string, string>> => {
      const query = new URLSearchParams({ window: 'all', limit: '1000', ...(shop ? { shop } : {}) }).toString();
      const { json } = await world.shops.get(`/api/TikTok/DataScience/SalesRank/?${query}`, { 'accept-language': language });
      return new Map((json.data as { sku: string; sku_name: string }[]).map(({ sku, sku_name: name }) => [sku, name]));
    };
    const [spain, britain] = [await rank('en', SPAIN), await rank('es', 'Estrella Hogar UK')];
    const everywhere = { es: await rank('es'), en: await rank('en'), zh: await rank('zh') };
    const inBoth = [...spain.keys()].filter((sku) => britain.has(sku));
    expect(inBoth.length).toBeGreaterThan(20);
    for (const sku of inBoth) {
      expect(spain.get(sku)).not.toBe(britain.get(sku));
      expect([sku, everywhere.es.get(sku), everywhere.en.get(sku), everywhere.zh.get(sku)]).toEqual([
        sku,
        spain.get(sku),
        britain.get(sku),
        britain.get(sku),
      ]);
    }
    const onlyThere = [...spain.keys()].find((sku) => !britain.has(sku))!;
    expect(everywhere.en.get(onlyThere)).toBe(spain.get(onlyThere));
    expect([...everywhere.zh.keys()]).toEqual([...everywhere.es.keys()]);
  });

  test("are the platform's own objects, as their live details are, personal values empty, in every form of the list", async () => {
    const ofSpain = `shop=${encodeURIComponent(SPAIN)}`;
    const { json } = await world.shops.get(`/api/TikTok/order/all/?${ofSpain}`);
    const orders = json.orders as Fields[];
    const answer = await world.shops.get(
      `/api/TikTok/order/detail/?${ofSpain}&order_ids=${orders
        .slice(0, 40)
        .map(({ id }) => id)
        .join(',')}`,
    );
    expect(answer.text).toContain('"orders"');
    const live = answer.json.data.orders as Fields[];
    expect([orders.length, live.length]).toEqual([json.count, 40]);
    for (const order of live) {
      const kept = orders.find(({ id }) => id === order['id'])!;
      expect(Object.keys(kept)).toEqual(Object.keys(order));
      for (const key of ['status', 'create_time', 'paid_time', 'update_time', 'payment']) expect(kept[key]).toEqual(order[key]);
      const items = (of: Fields): unknown =>
        (of['line_items'] as Fields[]).map(({ id, sku_id, seller_sku, display_status, original_price, sale_price }) => ({
          id,
          sku_id,
          seller_sku,
          display_status,
          original_price,
          sale_price,
        }));
      expect(items(kept)).toEqual(items(order));
    }
    expect(orders.flatMap((order) => toldIn(order))).toEqual([]);
    expect(orders.map(({ create_time: at }) => at)).toEqual(orders.map(({ create_time: at }) => at).toSorted());
    const lines = (await world.shops.get(`/api/TikTok/order/all/?format=ndjson&${ofSpain}`)).text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Fields);
    expect(lines).toEqual(orders);
    const paged: Fields[] = [];
    for (let next: string | null = ''; next !== null;) {
      const page: { orders: Fields[]; next: string | null } = (
        await world.shops.get(`/api/TikTok/order/all/?${ofSpain}&limit=${Math.ceil(orders.length / 3)}&after=${next}`)
      ).json;
      paged.push(...page.orders);
      next = page.next;
    }
    expect(paged).toEqual(orders);
    // Filters are ours: by status, shop and time.
    const shipped = (await world.shops.get(`/api/TikTok/order/all/?status=shipped&${ofSpain}`)).json.orders as Fields[];
    expect([shipped.length > 0, [...new Set(shipped.map(({ status }) => status))]]).toEqual([true, ['IN_TRANSIT']]);
  });

  test('answer by id from the store in the same form, or in ours', async () => {
    const [order] = (await world.shops.get('/api/TikTok/order/all/?limit=1')).json.orders as Fields[];
    const { json } = await world.shops.get(`/api/TikTok/order/detail/?source=store&order_ids=${String(order!['id'])},none`);
    expect(json).toEqual({ orders: [order], count: 1 });
    expect(
      (await world.shops.get(`/api/TikTok/order/detail/?source=store&shape=canonical&order_ids=${String(order!['id'])}`)).json.orders,
    ).toEqual((await world.shops.get(`/api/TikTok/orders?order_ids=${String(order!['id'])}`)).json.orders);
    expect((await world.shops.get('/api/TikTok/order/all/?shape=round')).json).toMatchObject({
      name: 'invalid_parameter',
      msg: expect.stringContaining('shape'),
    });
    expect((await world.shops.get('/api/TikTok/orders?shape=platform')).json).toMatchObject({ name: 'unknown_parameter' });
  });

  test('refreshed tokens and live lists have every key that the older system gave, and no token', async () => {
    const { json } = await world.shops.get('/api/TikTok/refresh_token');
    const HIDDEN = '***';
    expect(json).toMatchObject({
      code: 0,
      message: 'success',
      request_id: expect.any(String),
      data: {
        access_token: HIDDEN,
        refresh_token: HIDDEN,
        open_id: HIDDEN,
        access_token_expire_in: expect.any(Number),
        refresh_token_expire_in: expect.any(Number),
        obtained_at: expect.any(Number),
        seller_name: 'Estrella Hogar',
        seller_base_region: 'ES',
        user_type: 0,
        granted_scopes: expect.any(Array),
      },
    });
    for (const path of ['list', 'list_get']) {
      const list = (await world.shops.get(`/api/TikTok/order/${path}/?page_size=2&shop=${encodeURIComponent(SPAIN)}`)).json;
      expect(list).toMatchObject({
        code: 0,
        message: 'Success',
        request_id: expect.any(String),
        data: { orders: [{ buyer_email: '', user_id: '' }, {}], next_page_token: expect.any(String), total_count: expect.any(Number) },
      });
    }
    const buyers = await world.shops.get(`/api/TikTok/DataScience/getBuyerAnalysis/?shop=${encodeURIComponent(SPAIN)}`);
    expect(buyers.text).toContain('"data"');
    const [buyer] = buyers.json.data as Fields[];
    expect(buyer).toMatchObject({
      buyer_id: expect.stringMatching(/^[\da-f]+$/),
      order_count: expect.any(Number),
      total_amount: expect.any(Number),
      first_name: '',
      last_name: '',
    });
  });
});

describe('orders that only a file tells', () => {
  let shops: TestApp;
  beforeAll(async () => {
    shops = await openTestApp();
    for (const file of Object.values(EXAMPLES)) await shops.import(file);
  });
  afterAll(() => shops.close());

  const both = async (platform: string): Promise<[Fields, Fields][]> => {
    const [own, ours] = [
      (await shops.get(`/api/${platform}/order/all/`)).json.orders as Fields[],
      (await shops.get(`/api/${platform}/orders`)).json.orders as Fields[],
    ];
    return own.map((order, i) => [order, ours[i]!]);
  };
  const sum = (values: readonly unknown[]): number =>
    Math.round(values.reduce((all: number, value) => all + Number(value) * 10_000, 0)) / 10_000;

  test("have TikTok's keys, a line for each piece, and amounts that add up to what is stored", async () => {
    const orders = await both('TikTok');
    expect(orders).toHaveLength(2400);
    for (const [own, ours] of orders) {
      const lines = ours['lines'] as Fields[];
      const items = own['line_items'] as Fields[];
      expect([own['id'], own['create_time'], items.length]).toEqual([
        ours['order_id'],
        Date.parse(String(ours['purchased_at'])) / 1000,
        sum(lines.map(({ quantity }) => quantity)),
      ]);
      expect([
        sum(items.map((item) => item['original_price'])),
        sum(items.map((item) => Number(item['original_price']) - Number(item['seller_discount']))),
      ]).toEqual(['gross_sales', 'net_sales'].map((name) => sum(lines.map((line) => line[name]))));
      expect([(own['payment'] as Fields)['currency'], (own['recipient_address'] as Fields)['region_code']]).toEqual([
        ours['currency'] ?? '',
        ours['country'] ?? '',
      ]);
      expect([
        'UNPAID',
        'ON_HOLD',
        'AWAITING_SHIPMENT',
        'AWAITING_COLLECTION',
        'IN_TRANSIT',
        'DELIVERED',
        'COMPLETED',
        'CANCELLED',
      ]).toContain(own['status']);
      expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    }
    expect(orders.flatMap(([own]) => toldIn(own))).toEqual([]);
  });

  test("have SHEIN's and Amazon's keys alike", async () => {
    for (const [own, ours] of await both('Shein')) {
      const units = own['orderGoodsInfoList'] as Fields[];
      const lines = ours['lines'] as Fields[];
      expect([own['orderNo'], own['orderCurrency'], units.length]).toEqual([
        ours['order_id'],
        ours['currency'],
        sum(lines.map(({ quantity }) => quantity)),
      ]);
      expect(Temporal.Instant.from(String(own['orderTime']).replace('+0800', '+08:00')).toString()).toBe(ours['purchased_at']);
      expect(sum(units.map((unit) => unit['sellerCurrencyPrice']))).toBe(
        sum(lines.map((line) => line['gross_sales'] ?? line['net_sales'])),
      );
      expect([4, 5, 6, 1, 8, 9]).toContain(own['orderStatus']);
      expect(toldIn(own)).toEqual([]);
    }
    for (const [own, ours] of await both('Amazon')) {
      const items = own['OrderItems'] as { QuantityOrdered: number; ItemPrice: { Amount: string } | null }[];
      expect([own['AmazonOrderId'], own['PurchaseDate'], own['SalesChannel'], items.length]).toEqual([
        ours['order_id'],
        ours['purchased_at'],
        ours['shop'],
        (ours['lines'] as Fields[]).length,
      ]);
      expect(sum(items.map(({ ItemPrice }) => ItemPrice?.Amount ?? 0))).toBe(
        sum((ours['lines'] as Fields[]).map((line) => line['gross_sales'])),
      );
      expect(toldIn(own)).toEqual([]);
    }
    const [[shein], [amazon]] = [await both('Shein'), await both('Amazon')];
    expect((await shops.get(`/api/Shein/order/detail/?source=store&order_ids=${String(shein![0]['orderNo'])}`)).json).toEqual({
      orders: [shein![0]],
      count: 1,
    });
    expect((await shops.get(`/api/Amazon/order/detail/?source=store&order_ids=${String(amazon![0]['AmazonOrderId'])}`)).json).toEqual({
      orders: [amazon![0]],
      count: 1,
    });
  });

  test('of several platforms, or of none, come in one form unless another is asked for', async () => {
    expect((await shops.get('/api/Multiplatform/order/all/?limit=3')).text).toBe(
      (await shops.get('/api/Multiplatform/orders?limit=3')).text,
    );
    const mixed = (await shops.get('/api/Multiplatform/order/all/?shape=platform')).json.orders as Fields[];
    const kinds = new Set(mixed.map((order) => ['id', 'orderNo', 'AmazonOrderId'].find((key) => key in order)));
    expect(kinds).toEqual(new Set(['id', 'orderNo', 'AmazonOrderId']));
  });

  test.each([
    ['GET', '/api/Miravia/DataScience/getSalesRank_7d/', 'miravia_left_out'],
    ['GET', '/api/miravia/callback', 'miravia_left_out'],
    ['POST', '/api/Miravia/order/list/', 'miravia_left_out'],
    ...[
      'auth_url/?region=ES',
      'authorizateTemp',
      'callback?state=x',
      'refresh_token',
      'order/list/',
      'order/list_get/',
      'order/detail/?order_ids=1',
      'order/price_detail/?order_id=1',
    ].map((path) => ['GET', `/api/Shein/${path}`, 'connecting_later']),
    ['POST', '/api/Shein/orders/getOrderlists', 'connecting_later'],
    ['POST', '/api/Shein/refresh_token', 'connecting_later'],
  ] as [string, string, string][])("%s %s answers a sentence, in the caller's language", async (method, path, name) => {
    for (const [language, script] of [
      ['en', /^[\x20-\x7e★]+$/],
      ['zh', /\p{Script=Han}/u],
      ['es', /plataforma/],
    ] as const) {
      const answer = await fetch(`${shops.url}${path}`, { method, headers: { 'accept-language': language } });
      const body = (await answer.json()) as Fields;
      expect([answer.status, body['name'], body['msg']]).toEqual([501, name, expect.stringMatching(script)]);
      expect(body['error']).toBe(body['msg']);
    }
  });
});
