import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../src/engines/engine.ts';
import { raw } from '../src/engines/sql.ts';
import { faults } from './process.ts';
import { sellerCentreFile } from './seller-centre-file.ts';
import { openConnectedShops, openFilledShops, type ConnectedShops } from './connected-shops.ts';
import { openTestApp, type TestApp } from './shop-window.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => {
  const found = await faults(app.app.engine);
  // Everything here is read again and comes out as it is stored.
  const replayed = (await app.send('/api/replay', { accept: true })).json;
  await app.close();
  expect(Object.entries(found).filter(([, rows]) => rows !== 0)).toEqual([]);
  expect(replayed).toMatchObject({ code: 0, kept: { not_told_apart: 0, refused: 0 }, refused: [], tables: {} });
});

const COLUMNS = { orderId: 'no', purchasedAt: 'day', sku: 'article', quantity: 'pieces', netSales: 'sum', status: 'state' };
const OWN = {
  name: 'till',
  platform: 'Other',
  zone: 'Europe/Madrid',
  currency: 'EUR',
  columns: COLUMNS,
  statuses: { sold: 'completed', sent: 'shipped', void: 'cancelled', open: 'unpaid' },
};

async function bring(
  rows: readonly string[],
  {
    shop,
    header = 'no,day,article,pieces,sum,state',
    mapping = OWN,
    more = '',
  }: { shop?: string; header?: string; mapping?: object | null; more?: string } = {},
) {
  const { json } = await app.post(`?${shop ? `shop=${encodeURIComponent(shop)}` : ''}${more}`, [
    ...(mapping ? [{ name: 'mapping', content: JSON.stringify(mapping) }] : []),
    { name: 'file', content: `${header}\n${rows.join('\n')}\n`, filename: 'till.csv' },
  ]);
  return json;
}

/** What a shop sold: SKU, pieces and money; cancelled orders are no sale. */
async function sold(shop: string): Promise<string[]> {
  const { json } = await app.get(`/api/Multiplatform/DataScience/SalesRank/?shop=${encodeURIComponent(shop)}&limit=100`);
  return (json.data as { sku: string; sales: number; revenue: number; orders: number }[])
    .map(({ sku, sales, revenue }) => `${sku} ${sales} ${revenue}`)
    .toSorted();
}

async function ordersOf(shop: string, columns = 'order_id, status'): Promise<Row[]> {
  return app.app.engine.read((reader) =>
    reader.query(raw(`SELECT ${columns} FROM orders o JOIN shops h ON h.shop_id = o.shop_id WHERE h.shop = '${shop}' ORDER BY 1`)),
  );
}

describe('one order, once', () => {
  test.each([
    ['forwards', ['MM/DD/YYYY', 'DD/MM/YYYY'], '2025-10-02'],
    ['backwards', ['DD/MM/YYYY', 'MM/DD/YYYY'], '2025-02-10'],
  ])('a mapping whose date form is mended finds its orders wherever their day moves, %s', async (which, forms, day) => {
    const shop = `moved ${which}`;
    const rows = ['7,02/10/2025,A,2,10.00,sold', '8,03/10/2025,B,1,4.00,sold'];
    expect(await bring(rows, { shop, mapping: { ...OWN, dateForms: [forms[0]] } })).toMatchObject({ orders_new: 2 });
    expect(await bring(rows, { shop, mapping: { ...OWN, dateForms: [forms[1]] } })).toMatchObject({
      orders_new: 0,
      orders_changed: 2,
      orders_joined: 0,
      orders_kept_newer: 0,
    });
    expect(await sold(shop)).toEqual(['A 2 10', 'B 1 4']);
    expect((await ordersOf(shop, 'order_id, shop_day'))[0]).toEqual({ order_id: '7', shop_day: day });
  });

  test('a mapping whose status words are mended takes back what the former one said, though no date says that it is newer', async () => {
    const rows = ['1,2026-03-04,A,1,10.00,done'];
    await bring(rows, { shop: 'mended words', mapping: { ...OWN, statuses: { done: 'cancelled' } } });
    expect(await sold('mended words')).toEqual([]);
    expect(await bring(rows, { shop: 'mended words', mapping: { ...OWN, statuses: { done: 'completed' } } })).toMatchObject({
      orders_changed: 1,
      orders_kept_newer: 0,
      warnings: [],
    });
    expect(await sold('mended words')).toEqual(['A 1 10']);
  });

  test('an older export after a newer one takes no state back; without a changing date the status decides, and it is said', async () => {
    await bring(['1,2026-03-04,A,1,10.00,sold'], { shop: 'older later' });
    expect(await bring(['1,2026-03-04,A,1,10.00,void'], { shop: 'older later' })).toMatchObject({
      orders_changed: 1,
      orders_kept_newer: 0,
      warnings: [],
    });
    const again = await bring(['1,2026-03-04,A,1,10.00,sold'], { shop: 'older later' });
    expect(again).toMatchObject({
      orders_changed: 0,
      orders_unchanged: 1,
      orders_kept_newer: 1,
      warnings: [expect.stringContaining('1 order is stored in a state further on')],
    });
    expect(await ordersOf('older later')).toEqual([{ order_id: '1', status: 'cancelled' }]);
  });

  test('with a changing date the newer state stays, whichever file comes last', async () => {
    const [header, mapping] = ['no,day,article,pieces,sum,state,changed', { ...OWN, columns: { ...COLUMNS, updatedAt: 'changed' } }];
    const [older, newer] = ['1,2026-03-04,A,1,10.00,void,2026-03-05', '1,2026-03-04,A,1,10.00,sold,2026-03-09'];
    for (const row of [newer, older]) await bring([row], { shop: 'dated', header, mapping });
    expect(await bring([older], { shop: 'dated', header, mapping })).toMatchObject({
      orders_kept_newer: 1,
      warnings: [expect.stringContaining('1 order is stored in a newer state')],
    });
    expect(await ordersOf('dated')).toEqual([{ order_id: '1', status: 'completed' }]);
  });

  test('two files that share an order make it of the lines of both, in either order, and say so', async () => {
    const halves = [['1,2026-03-04,A,1,10.00,sold'], ['1,2026-03-04,B,1,12.00,sold', '2,2026-03-04,A,1,1.00,sold']] as const;
    for (const [shop, order] of [
      ['halves', [0, 1]],
      ['halves turned', [1, 0]],
    ] as const) {
      await bring(halves[order[0]], { shop });
      expect(await bring(halves[order[1]], { shop })).toMatchObject({
        orders_joined: 1,
        warnings: [expect.stringContaining('1 order is told by other files'), expect.stringContaining('1 order has units')],
      });
      expect(await sold(shop)).toEqual(['A 2 11', 'B 1 12']);
      // Once more changes nothing.
      for (const half of halves) expect(await bring(half, { shop })).toMatchObject({ orders_new: 0, orders_changed: 0 });
      expect(await sold(shop)).toEqual(['A 2 11', 'B 1 12']);
    }
  });

  test('of two whole exports the newer one with fewer lines takes none away, for what is cancelled is listed', async () => {
    const [header, mapping] = ['no,day,article,pieces,sum,state,changed', { ...OWN, columns: { ...COLUMNS, updatedAt: 'changed' } }];
    await bring(['1,2026-03-04,A,1,10.00,sent,2026-03-05', '1,2026-03-04,B,1,5.00,sent,2026-03-05'], { shop: 'fewer', header, mapping });
    expect(await bring(['1,2026-03-04,A,1,10.00,sold,2026-03-08'], { shop: 'fewer', header, mapping })).toMatchObject({
      orders_changed: 1,
      orders_joined: 1,
    });
    expect(await sold('fewer')).toEqual(['A 1 10', 'B 1 5']);
    expect(await ordersOf('fewer')).toEqual([{ order_id: '1', status: 'completed' }]);
    // A line that is told as cancelled is.
    await bring(['1,2026-03-04,A,1,10.00,sold,2026-03-09', '1,2026-03-04,B,1,5.00,void,2026-03-09'], { shop: 'fewer', header, mapping });
    expect(await sold('fewer')).toEqual(['A 1 10']);
  });

  test('equal rows of one order in one file are separate pieces, and the same file again doubles none', async () => {
    const rows = ['1,2026-03-04,A,1,10.00,sold', '1,2026-03-04,A,1,10.00,sold'];
    await bring(rows, { shop: 'twins' });
    expect(await bring(rows, { shop: 'twins' })).toMatchObject({ orders_unchanged: 1, orders_joined: 0 });
    expect(await sold('twins')).toEqual(['A 2 20']);
    // One of them alone, in another state: the other one stays.
    await bring(['1,2026-03-04,A,1,10.00,void'], { shop: 'twins' });
    await bring(rows, { shop: 'twins' });
    expect(await sold('twins')).toEqual(['A 1 10']);
  });

  test('halves whose lines have ids of their own are both there though they are of one SKU', async () => {
    const [header, mapping] = ['no,day,article,pieces,sum,state,line', { ...OWN, columns: { ...COLUMNS, lineId: 'line' } }];
    await bring(['1,2026-03-04,A,1,10.00,sold,L1'], { shop: 'line ids', header, mapping });
    await bring(['1,2026-03-04,A,1,10.00,sold,L2'], { shop: 'line ids', header, mapping });
    expect(await sold('line ids')).toEqual(['A 2 20']);
  });

  test('what a file does not know does not erase what another told', async () => {
    const [header, mapping] = [
      'no,day,article,pieces,sum,state,who,town,changed',
      { ...OWN, columns: { ...COLUMNS, buyer: 'who', city: 'town', updatedAt: 'changed' } },
    ];
    await bring(['1,2026-03-04,A,1,10.00,sent,ann,Sevilla,2026-03-05'], { shop: 'silent', header, mapping });
    await bring(['1,2026-03-04,A,1,,sold,,,2026-03-08'], { shop: 'silent', header, mapping });
    expect(
      await ordersOf(
        'silent',
        'order_id, status, net_sales, buyer_id IS NOT NULL AS told, (SELECT city FROM places p WHERE p.place_id = o.place_id) AS city',
      ),
    ).toEqual([{ order_id: '1', status: 'completed', net_sales: '10.0000', told: true, city: 'Sevilla' }]);
  });
});

const ALL =
  'amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\tsales-channel\tproduct-name\tsku\tasin\titem-status\tquantity\tcurrency\titem-price\tship-country';
const SENT =
  'amazon-order-id\tshipment-id\tshipment-item-id\tpurchase-date\tpayments-date\tshipment-date\treporting-date\tsku\tproduct-name\tquantity-shipped\tcurrency\titem-price\tship-country\tsales-channel';
const WAITING = 'order-id\torder-item-id\tpurchase-date\tpayments-date\tsku\tproduct-name\tquantity-purchased\tship-country';
const PLACED = '2026-03-10T10:00:00+00:00';
const whole = (
  sku: string,
  pieces: number,
  price: string,
  { state = 'Shipped', changed = '2026-03-11T10:00:00+00:00', id = '404-7' } = {},
) => `${id}\t${PLACED}\t${changed}\t${state}\tAmazon.es\tJar\t${sku}\tB0${sku}\t${state}\t${pieces}\tEUR\t${price}\tES`;
const parcel = (item: string, sku: string, pieces: number, price: string, { at = '2026-03-11T10:00:00+00:00', id = '404-7' } = {}) =>
  `${id}\tS1\t${item}\t${PLACED}\t${PLACED}\t${at}\t${at}\t${sku}\tJar\t${pieces}\tEUR\t${price}\tES\tAmazon.es`;
const waits = (item: string, sku: string, pieces: number, id = '404-7') =>
  `${id}\t${item}\t${PLACED}\t${PLACED}\t${sku}\tJar\t${pieces}\tES`;

describe('reports of parcels and of what waits', () => {
  const files = {
    all: () => ({ header: ALL, rows: [whole('J-1', 2, '20.00'), whole('J-2', 1, '10.00')] }),
    sent: () => ({ header: SENT, rows: [parcel('D1', 'J-1', 1, '10.00')] }),
    waiting: () => ({ header: WAITING, rows: [waits('I1', 'J-1', 2), waits('I2', 'J-2', 1)] }),
  };
  const orders = [
    ['all', 'sent'],
    ['sent', 'all'],
    ['all', 'waiting'],
    ['waiting', 'sent', 'all'],
    ['all', 'sent', 'waiting', 'all'],
  ] as const;

  test.each(orders.map((order) => [order.join(' → '), order] as const))(
    'never take a piece or a price from the whole order: %s',
    async (name, order) => {
      for (const each of order) {
        const { header, rows } = files[each]();
        const answer = await bring(rows, { shop: name, header, mapping: null });
        expect(answer).toMatchObject({ code: 0, orders: 1 });
      }
      expect(await sold(name)).toEqual(['J-1 2 20', 'J-2 1 10']);
      expect(await ordersOf(name)).toEqual([{ order_id: '404-7', status: 'shipped' }]);
    },
  );

  test('parcels over two files are added, and what waits is not sold twice', async () => {
    await bring([waits('I1', 'J-1', 2), waits('I2', 'J-2', 1)], { shop: 'parcels', header: WAITING, mapping: null });
    expect(await sold('parcels')).toEqual(['J-1 2 null', 'J-2 1 null']);
    await bring([parcel('D1', 'J-1', 1, '10.00')], { shop: 'parcels', header: SENT, mapping: null });
    expect((await sold('parcels')).map((each) => each.slice(0, 5))).toEqual(['J-1 2', 'J-2 1']);
    await bring([parcel('D2', 'J-1', 1, '10.00', { at: '2026-03-12T10:00:00+00:00' })], { shop: 'parcels', header: SENT, mapping: null });
    expect(await sold('parcels')).toEqual(['J-1 2 20', 'J-2 1 null']);
  });

  test('a parcel brings an order further that waited for its payment, and tells its price', async () => {
    await bring([whole('J-1', 1, '', { state: 'Pending', changed: PLACED })], { shop: 'pending', header: ALL, mapping: null });
    expect(await sold('pending')).toEqual([]);
    await bring([parcel('D1', 'J-1', 1, '10.00')], { shop: 'pending', header: SENT, mapping: null });
    expect(await sold('pending')).toEqual(['J-1 1 10']);
    // A newer state of the whole order is above it.
    await bring([whole('J-1', 0, '', { state: 'Cancelled', changed: '2026-03-20T10:00:00+00:00' })], {
      shop: 'pending',
      header: ALL,
      mapping: null,
    });
    expect(await sold('pending')).toEqual([]);
  });
});

describe('the same order by API and by file', () => {
  let connected: ConnectedShops;
  beforeAll(async () => {
    connected = await openConnectedShops({ settings: { historyDays: 5 }, scale: 0.4 });
    expect((await connected.consent('ES', 'estrella-hogar')).status).toBe(200);
    await connected.sync();
  });
  afterAll(async () => {
    expect(Object.entries(await faults(connected.shops.app.engine)).filter(([, rows]) => rows !== 0)).toEqual([]);
    expect((await connected.shops.send('/api/replay', { accept: false })).json).toMatchObject({
      code: 0,
      tables: {},
      refused: [],
      kept: { not_told_apart: 0, refused: 0 },
    });
    await connected.close();
  });
  const SPAIN = 'Estrella Hogar España';
  const figures = async (): Promise<unknown[]> =>
    Promise.all(
      ['SalesRank', 'Overview', 'BuyerAnalysis', 'AreaDemand', 'RepurchaseRate', 'MonthlySalesAnalysis'].map(
        async (report) => (await connected.shops.get(`/api/TikTok/DataScience/${report}/?limit=1000`)).json.data,
      ),
    );
  const importing = async (text: string, query = '') =>
    (await connected.shops.post(query, [{ name: 'file', content: text, filename: 'export.csv' }])).json;
  const count = async (text: string): Promise<number> => Number((await connected.rows(text))[0]!['n']);

  test('a seller-centre file without a shop goes to the connected shop that has its orders, and changes no figure', async () => {
    const before = await figures();
    const orders = await count(`SELECT count(*) AS n FROM orders o JOIN shops h ON h.shop_id = o.shop_id WHERE h.shop = '${SPAIN}'`);
    const text = await sellerCentreFile(connected.shops.app.engine, SPAIN);
    const answer = await importing(text);
    expect(answer).toMatchObject({
      code: 0,
      orders,
      orders_new: 0,
      shops: [SPAIN],
      warnings: expect.arrayContaining([expect.stringContaining(`went to ${SPAIN}, which has orders`)]),
    });
    expect(await count('SELECT count(*) AS n FROM orders GROUP BY order_id ORDER BY 1 DESC LIMIT 1')).toBe(1);
    expect(await figures()).toEqual(before);
    // Whatever comes next, from either side: the platform's buyer stays.
    connected.clock.advance({ hours: 30 });
    await connected.sync();
    const [buyers, now] = [await connected.rows('SELECT oid, buyer_id FROM orders ORDER BY oid'), await figures()];
    expect((await importing(text)).orders_new).toBe(0);
    expect(await connected.rows('SELECT oid, buyer_id FROM orders ORDER BY oid')).toEqual(buyers);
    expect(await figures()).toEqual(now);
  });

  test('a file of orders that no shop has goes to the one shop connected in its market', async () => {
    const text = (await sellerCentreFile(connected.shops.app.engine, SPAIN)).replaceAll(/^57\d+/gm, (id) => `9${id.slice(1)}`);
    expect(await importing(text, '?dry_run=true')).toMatchObject({
      shops: [SPAIN],
      warnings: [expect.stringContaining('the only shop connected in their country')],
    });
    expect(await importing(text, '?dry_run=true&shop=Otra')).toMatchObject({ shops: ['Otra'], warnings: [] });
  });
});

test('orders that a file told before the shop was connected are its orders then', async () => {
  const [then, now] = [
    await openFilledShops({ historyDays: 4, scale: 0.3 }),
    await openConnectedShops({ settings: { historyDays: 4 }, scale: 0.3 }),
  ];
  try {
    const text = await sellerCentreFile(then.shops.app.engine, 'Estrella Hogar España');
    const { json } = await now.shops.post('', [{ name: 'file', content: text, filename: 'export.csv' }]);
    expect(json).toMatchObject({ shops: ['TikTok ES'], warnings: [] });
    expect((await now.consent('ES', 'estrella-hogar')).status).toBe(200);
    await now.sync();
    const all =
      'SELECT h.shop, o.order_id, o.status, o.units, o.net_sales, o.updated_at, count(*) OVER (PARTITION BY b.hash) AS of_buyer ' +
      'FROM orders o JOIN shops h ON h.shop_id = o.shop_id LEFT JOIN buyers b ON b.buyer_id = o.buyer_id ORDER BY 2';
    expect(await now.rows(all)).toEqual(await then.rows(all));
    expect(Object.entries(await faults(now.shops.app.engine)).filter(([, rows]) => rows !== 0)).toEqual([]);
  } finally {
    await then.close();
    await now.close();
  }
});
