import { expect, test } from 'vitest';
import { keyedHash } from '../kernel/vault.ts';
import { moneyText, type Money } from '../model/money.ts';
import type { Order } from '../model/order.ts';
import { shopDay } from '../model/shop-day.ts';
import { imaginedShop } from '../model/shop.ts';
import { platforms } from './all.ts';
import { RowRefused, type FilePreset, type FileSettings } from './file-preset.ts';

type Row = Readonly<Record<string, string>>;

const hash = keyedHash(Buffer.alloc(32, 7));
const presets = platforms.flatMap(({ files }) => files);
const presetNamed = (name: string): FilePreset => presets.find((preset) => preset.name === name)!;

/** What a preset makes of a file with these rows: its orders by id, the rows as they are kept, and why others were refused. */
function read(preset: FilePreset, rows: readonly Row[], settings: FileSettings = {}) {
  const header = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const reader = preset.open(header, settings, hash);
  const refused: string[] = [];
  const records = rows.flatMap((row) => {
    try {
      return reader.toRecord(header.map((name) => row[name] ?? '')) ?? [];
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error;
      refused.push(error.message);
      return [];
    }
  });
  reader.decide();
  const orders = Map.groupBy(records, ({ orderId }) => orderId)
    .values()
    .map((group): [string, Order & { shop: string; day: string }] => {
      const shop = imaginedShop(group[0]!.shop ?? reader.fileShop());
      const order = reader.toCanonical(
        group.map(({ document }) => document),
        shop,
      );
      return [order.orderId, { ...order, shop: shop.shop, day: shopDay(order.purchasedAt, shop.zone) }];
    });
  return { orders: Object.fromEntries(orders), documents: records.map(({ document }) => document), refused };
}

/** The only order that a preset makes of these rows. */
function order(preset: FilePreset, ...rows: readonly Row[]): Order & { shop: string; day: string } {
  const { orders, refused } = read(preset, rows);
  expect(refused).toEqual([]);
  expect(Object.keys(orders)).toHaveLength(1);
  return Object.values(orders)[0]!;
}

const euros = (amount: Money | null): string | null => (amount === null ? null : moneyText(amount).slice(0, -2));
const units = ({ lines }: Order): number => lines.filter(({ sale }) => sale).reduce((sum, { quantity }) => sum + quantity, 0);

const tiktok = presetNamed('tiktok-order-export');
const TIKTOK: Row = {
  'Order ID': '583870900000000001\t',
  'Order Status': 'Completed',
  'Order Substatus': 'Completed',
  'Cancelation/Return Type': '',
  'SKU ID': '1729\t',
  'Seller SKU': 'HOM-1',
  'Product Name': 'Cortina',
  Variation: 'Beige',
  Quantity: '2',
  'Sku Quantity of return': '0',
  'SKU Unit Original Price': 'EUR 30.00',
  'SKU Subtotal Before Discount': 'EUR 60.00',
  'SKU Platform Discount': 'EUR 5.00',
  'SKU Seller Discount': 'EUR 10.00',
  'SKU Subtotal After Discount': 'EUR 45.00',
  'Order Amount': 'EUR 48.00',
  'Created Time': '01/02/2026 23:30:00\t',
  'Paid Time': '01/02/2026 23:31:00\t',
  'Shipped Time': '\t',
  'Cancelled Time': '\t',
  'Buyer Username': 'luna',
  Country: 'Spain',
  Province: 'Madrid',
  District: 'Madrid',
  Zipcode: '28013\t',
};

test('TikTok: a line counts pieces, list price, what the seller bears and what was paid; TABs at the ends of cells are gone', () => {
  const sold = order(tiktok, TIKTOK);
  expect(sold).toMatchObject({
    orderId: '583870900000000001',
    shop: 'TikTok ES',
    currency: 'EUR',
    status: 'completed',
    outcome: 'none',
    day: '2026-02-01',
  });
  expect(sold.purchasedAt.toString()).toBe('2026-02-01T22:30:00Z');
  const [line] = sold.lines;
  expect(line).toMatchObject({
    sku: 'HOM-1',
    platformSku: '1729',
    productName: 'Cortina',
    variant: 'Beige',
    lineId: 'HOM-1#1',
    quantity: 2,
    sale: true,
  });
  expect([line!.grossSales, line!.netSales, line!.paidAmount].map(euros)).toEqual(['60.00', '50.00', '45.00']);
});

test.each(['Platform unique order ID.', 'Platform unique order ID.\t'])(
  'TikTok: the row that describes the columns is no order: %s',
  (text) => {
    const described = Object.fromEntries(Object.keys(TIKTOK).map((name) => [name, `About ${name}.`]));
    expect(read(tiktok, [{ ...described, 'Order ID': text }, TIKTOK])).toMatchObject({ documents: { length: 1 }, refused: [] });
  },
);

test('TikTok: the order amount on every line is one amount, never a sum', () => {
  const sold = order(tiktok, TIKTOK, { ...TIKTOK, 'Seller SKU': 'HOM-2' });
  expect(euros(sold.totalAmount)).toBe('48.00');
  expect(sold.lines.map(({ netSales }) => euros(netSales))).toEqual(['50.00', '50.00']);
});

test.each([
  ['a piece came back', { 'Cancelation/Return Type': 'Return/Refund', 'Sku Quantity of return': '1' }, 'completed', 'returned', 2],
  ['money went back, goods did not', { 'Cancelation/Return Type': 'Return/Refund' }, 'completed', 'refunded', 2],
  ['nothing came back', {}, 'completed', 'none', 2],
  ['the line was cancelled', { 'Cancelation/Return Type': 'Cancel' }, 'cancelled', 'none', 0],
  ['the order was cancelled', { 'Order Status': 'Canceled', 'Order Substatus': 'Canceled' }, 'cancelled', 'none', 0],
  ['it is not paid', { 'Order Status': 'Unpaid', 'Order Substatus': 'Unpaid' }, 'unpaid', 'none', 0],
  ['the substatus knows more', { 'Order Status': 'Shipped', 'Order Substatus': 'Delivered' }, 'delivered', 'none', 2],
  ['only the status is known', { 'Order Status': 'To ship', 'Order Substatus': 'A new word' }, 'to_ship', 'none', 2],
  ['neither word is known', { 'Order Status': 'Neu', 'Order Substatus': 'Auch neu' }, 'unknown', 'none', 0],
  ['Thai', { 'Order Status': 'จัดส่งแล้ว', 'Order Substatus': 'จัดส่งสำเร็จ' }, 'delivered', 'none', 2],
  ['Thai, cancelled', { 'Order Status': 'ยกเลิกแล้ว', 'Order Substatus': 'ยกเลิกแล้ว' }, 'cancelled', 'none', 0],
  ['Indonesian', { 'Order Status': 'Dikirim', 'Order Substatus': 'Sedang transit' }, 'shipped', 'none', 2],
  ['Indonesian, done', { 'Order Status': 'Selesai', 'Order Substatus': 'selesai ' }, 'completed', 'none', 2],
])('TikTok: what the status words mean when %s', (_, words, status, outcome, sold) => {
  const read = order(tiktok, { ...TIKTOK, ...words });
  expect([read.status, read.outcome, units(read)]).toEqual([status, outcome, sold]);
});

test('TikTok: one cancelled line leaves the rest of the order sold', () => {
  const sold = order(tiktok, TIKTOK, { ...TIKTOK, 'Seller SKU': 'HOM-2', 'Cancelation/Return Type': 'Cancel' });
  expect([sold.status, sold.lines.map(({ sale }) => sale)]).toEqual(['completed', [true, false]]);
});

test.each([
  ['US', { Country: 'United States', 'Created Time': '03/01/2026 11:30:00 PM' }, '2026-03-02T07:30:00Z', '2026-03-01'],
  ['ES', { 'Created Time': '03/01/2026 23:30:00' }, '2026-01-03T22:30:00Z', '2026-01-03'],
  ['TH', { Country: 'Thailand', 'Created Time': '10/05/2026 00:10:00' }, '2026-05-09T17:10:00Z', '2026-05-10'],
  ['MY', { Country: 'Malaysia', 'Created Time': '25/06/2026 13:03' }, '2026-06-25T05:03:00Z', '2026-06-25'],
])('TikTok: times are the clock of the market %s, month first only beside AM and PM', (market, cells, instant, day) => {
  const sold = order(tiktok, { ...TIKTOK, ...cells });
  expect([sold.shop, sold.purchasedAt.toString(), sold.day]).toEqual([`TikTok ${market}`, instant, day]);
});

test('TikTok: "THB 1,120.00" is an amount in baht', () => {
  const row = {
    ...TIKTOK,
    'SKU Subtotal Before Discount': 'THB 1,120.00',
    'SKU Platform Discount': '',
    'SKU Seller Discount': 'THB 0.00',
    'SKU Subtotal After Discount': 'THB 1,120.00',
    'Order Amount': 'THB 1,120.00',
    'SKU Unit Original Price': 'THB 560.00',
  };
  const sold = order(tiktok, row);
  expect([sold.currency, euros(sold.lines[0]!.netSales)]).toEqual(['THB', '1120.00']);
});

test('TikTok: rows without country belong to the shop of the rest of the file; without any the file is asked for its clock', () => {
  const { orders } = read(tiktok, [
    { ...TIKTOK, Country: '' },
    { ...TIKTOK, 'Order ID': '2' },
  ]);
  expect(Object.values(orders).map(({ shop }) => shop)).toEqual(['TikTok ES', 'TikTok ES']);
  expect(() => order(tiktok, { ...TIKTOK, Country: '' })).toThrow(expect.objectContaining({ code: 'import_setting_needed' }));
  expect(read(tiktok, [{ ...TIKTOK, Country: '' }], { zone: 'Asia/Jakarta', shop: 'Toko' }).orders['583870900000000001']).toMatchObject({
    shop: 'Toko',
  });
});

const shein = presetNamed('shein-order-export');
const SHEIN: Row = {
  订单号: 'GSH-1',
  订单状态: '已签收',
  订单创建时间: '2026-03-02 06:30:00',
  商品名称: 'Vase',
  规格: 'White',
  卖家SKU: 'HOM-1',
  平台SKU: 'I1',
  商品状态: '已签收',
  币种: 'EUR',
  商品价格: '20',
  店铺优惠券金额: '1',
  店铺活动优惠金额: '-2.5',
  '国家/地区': 'Spain',
  '省/州': 'Madrid',
  城市: 'Getafe',
  邮编: '28901',
  揽收时间: '2026-03-03 10:00:00',
};

test('SHEIN: every row is one piece, less coupon and campaign of the shop', () => {
  const sold = order(shein, SHEIN, { ...SHEIN });
  expect([units(sold), sold.lines.map(({ lineId }) => lineId)]).toEqual([2, ['HOM-1#1', 'HOM-1#2']]);
  expect([sold.lines[0]!.grossSales, sold.lines[0]!.netSales].map(euros)).toEqual(['20.00', '16.50']);
  expect([sold.buyer, sold.lines[0]!.paidAmount]).toEqual([null, null]);
});

test.each([
  ['2026-03-02 06:30:00', '2026-03-01'],
  ['2026-03-02 07:00:00', '2026-03-02'],
  ['2026-07-02 05:59:59', '2026-07-01'],
  ['2026/03/02 06:30', '2026-03-01'],
  ['18 agosto 2025 10:20', '2025-08-18'],
])('SHEIN: %s in Beijing is the day %s of a shop in Madrid', (time, day) => {
  expect(order(shein, { ...SHEIN, 订单创建时间: time }).day).toBe(day);
});

test.each([
  ['refunded after it was picked up', { 订单状态: '已退款', 商品状态: '已退款' }, 'delivered', 'refunded', 1],
  ['refunded without pick-up', { 订单状态: '已退款', 商品状态: '已退款', 揽收时间: '' }, 'cancelled', 'none', 0],
  ['refunded, a dash for the pick-up', { 订单状态: '已退款', 商品状态: '已退款', 揽收时间: '-' }, 'cancelled', 'none', 0],
  ['cancelled', { 订单状态: '已取消', 商品状态: '已取消', 揽收时间: '' }, 'cancelled', 'none', 0],
  ['lost', { 订单状态: '报损', 商品状态: '报损' }, 'shipped', 'lost', 1],
  ['refused at the door', { 订单状态: '已拒收', 商品状态: '已拒收' }, 'shipped', 'refused', 1],
  ['the piece refunded in a delivered order', { 商品状态: '已退款' }, 'delivered', 'refunded', 1],
])('SHEIN: what becomes of a piece that is %s', (_, words, status, outcome, sold) => {
  const read = order(shein, { ...SHEIN, ...words });
  expect([read.status, read.outcome, units(read)]).toEqual([status, outcome, sold]);
});

test('SHEIN: one refunded piece does not make the order a refunded one', () => {
  const sold = order(shein, SHEIN, { ...SHEIN, 商品状态: '已退款' });
  expect([sold.status, sold.outcome, sold.lines.map(({ outcome }) => outcome)]).toEqual(['delivered', 'none', ['none', 'refunded']]);
});

const amazon = presetNamed('amazon-all-orders');
const AMAZON: Row = {
  'amazon-order-id': '171-1',
  'purchase-date': '2026-03-01T23:30:00+00:00',
  'last-updated-date': '2026-03-04T10:00:00+00:00',
  'order-status': 'Shipped',
  'sales-channel': 'Amazon.es',
  'product-name': 'Pan 12"',
  sku: 'HOM-1',
  asin: 'B01',
  'item-status': 'Shipped',
  quantity: '3',
  currency: 'EUR',
  'item-price': '60.00',
  'item-tax': '10.41',
  'item-promotion-discount': '',
  'ship-city': 'Vigo',
  'ship-state': 'Pontevedra',
  'ship-postal-code': '36201',
  'ship-country': 'ES',
};

test("Amazon: the price of a line is the line's, not one piece's", () => {
  const sold = order(amazon, AMAZON);
  expect(sold).toMatchObject({ shop: 'Amazon.es', day: '2026-03-02', status: 'shipped', currency: 'EUR', buyer: null });
  expect([units(sold), euros(sold.lines[0]!.grossSales), euros(sold.lines[0]!.taxAmount)]).toEqual([3, '60.00', '10.41']);
  expect(sold.updatedAt.toString()).toBe('2026-03-04T10:00:00Z');
});

test.each(['5.00', '-5.00'])('Amazon: a promotion of %s takes five off, whichever sign it wears', (discount) => {
  expect(euros(order(amazon, { ...AMAZON, 'item-promotion-discount': discount }).lines[0]!.netSales)).toBe('55.00');
});

test('Amazon: one cancelled line inside a shipped order is no sale, the others are', () => {
  const sold = order(amazon, AMAZON, { ...AMAZON, sku: 'HOM-2', 'item-status': 'Cancelled', quantity: '0' });
  expect([sold.status, units(sold), sold.lines.map(({ status, sale }) => [status, sale])]).toEqual([
    'shipped',
    3,
    [
      ['shipped', true],
      ['cancelled', false],
    ],
  ]);
});

test('Amazon: of a partly shipped order every line is as far as it is', () => {
  const sold = order(
    amazon,
    { ...AMAZON, 'order-status': 'Partially Shipped' },
    { ...AMAZON, 'order-status': 'Partially Shipped', sku: 'HOM-2', 'item-status': 'Unshipped' },
  );
  expect([sold.status, sold.lines.map(({ status }) => status)]).toEqual(['to_ship', ['shipped', 'to_ship']]);
});

test('Amazon: a pending order has no price yet and is no sale yet', () => {
  const waiting = order(amazon, {
    ...AMAZON,
    'order-status': 'Pending',
    'item-status': 'Unshipped',
    'item-price': '',
    currency: '',
    'item-tax': '',
  });
  expect([waiting.status, units(waiting), waiting.lines[0]!.netSales, waiting.currency]).toEqual(['unpaid', 0, null, 'EUR']);
});

test.each([
  ['Shipped - Delivered to Buyer', 'delivered', 'none'],
  ['Shipped - Returned to Seller', 'shipped', 'returned'],
  ['Shipped - Rejected by Buyer', 'shipped', 'refused'],
  ['Shipped - Lost in Transit', 'shipped', 'lost'],
  ['Shipped', 'shipped', 'none'],
])('Amazon: "%s" of the order is not forgotten because the item just says "Shipped"', (word, status, outcome) => {
  const sold = order(amazon, { ...AMAZON, 'order-status': word });
  expect([sold.status, sold.outcome, sold.lines[0]!.status, sold.lines[0]!.outcome, units(sold)]).toEqual([
    status,
    outcome,
    status,
    outcome,
    3,
  ]);
});

test('Amazon: goods in exchange for others are no sale; a tax of 0 says nothing where prices have it in them, in the US it does', () => {
  const kinds = (replacement: string, exchange: string) =>
    order(amazon, { ...AMAZON, 'is-replacement-order': replacement, 'is-exchange-order': exchange }).lines.map(({ kind, sale }) => [
      kind,
      sale,
    ]);
  expect([kinds('false', 'false'), kinds('true', 'false'), kinds('false', 'true')]).toEqual([
    [['goods', true]],
    [['replacement', false]],
    [['replacement', false]],
  ]);
  const tax = (currency: string) => order(amazon, { ...AMAZON, currency, 'item-tax': '0.00' }).lines[0]!.taxAmount;
  expect([tax('EUR'), tax('USD')]).toEqual([null, 0n]);
});

test('Amazon: what was sold elsewhere and only sent by Amazon counts to the marketplace of its country', () => {
  const { orders } = read(amazon, [
    AMAZON,
    { ...AMAZON, 'amazon-order-id': 'S01-2', 'sales-channel': 'Non-Amazon', 'ship-country': 'FR' },
    { ...AMAZON, 'amazon-order-id': 'S01-3', 'sales-channel': 'Non-Amazon', 'ship-country': 'PT' },
  ]);
  expect(Object.values(orders).map(({ shop }) => shop)).toEqual(['Amazon.es', 'Amazon.fr', 'Amazon.es']);
});

const saleReport = presetNamed('amazon-sale-report');
const SALE: Row = {
  index: '0',
  'Order ID': '405-1',
  Date: '04-30-22',
  Status: 'Shipped',
  Fulfilment: 'Merchant',
  'Sales Channel ': 'Amazon.in',
  Style: 'SET389',
  SKU: 'SET389-KR-S',
  Category: 'Set',
  Size: 'S',
  ASIN: 'B09',
  Qty: '1',
  currency: 'INR',
  Amount: '647.62',
  'ship-city': 'MUMBAI',
  'ship-state': 'MAHARASHTRA',
  'ship-postal-code': '400081.0',
  'ship-country': 'IN',
};

test('Amazon.in sale report: there is one amount, and it is net sales', () => {
  const sold = order(saleReport, SALE);
  expect(sold).toMatchObject({ shop: 'Amazon.in', day: '2022-04-30', currency: 'INR' });
  expect([sold.lines[0]!.grossSales, sold.lines[0]!.netSales, sold.lines[0]!.paidAmount].map(euros)).toEqual([null, '647.62', null]);
});

test.each([
  ['shipped with quantity 0', { Qty: '0', Amount: '' }, 0, null],
  ['shipped without an amount', { Amount: '', currency: '' }, 1, null],
  ['shipped for 0', { Amount: '0' }, 1, '0.00'],
  ['cancelled with a quantity', { Status: 'Cancelled' }, 0, '647.62'],
  ['pending', { Status: 'Pending' }, 0, '647.62'],
  ['waiting for the courier', { Status: 'Pending - Waiting for Pick Up' }, 1, '647.62'],
  ['returned', { Status: 'Shipped - Returned to Seller' }, 1, '647.62'],
])('Amazon.in sale report: a row %s counts as it should', (_, cells, sold, net) => {
  const read = order(saleReport, { ...SALE, ...cells });
  expect([units(read), euros(read.lines[0]!.netSales)]).toEqual([sold, net]);
});

test('Amazon.in sale report: two equal rows of one order and SKU both count', () => {
  const sold = order(saleReport, SALE, { ...SALE });
  expect([units(sold), sold.lines.map(({ lineId }) => lineId)]).toEqual([2, ['SET389-KR-S#1', 'SET389-KR-S#2']]);
});

/** Everything that is kept of these rows: documents, order, buyer. */
const kept = (preset: FilePreset, rows: readonly Row[]): string =>
  JSON.stringify(read(preset, rows), (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

const TELLTALE = 'Ana Telltale 600123123 ana@telltale.example';
const everywhere = (headers: string): Row => Object.fromEntries(headers.split(',').map((name) => [name, TELLTALE]));
const CONTACT =
  'buyer-email,buyer-name,buyer-phone-number,recipient-name,ship-address-1,ship-address-2,ship-address-3,ship-phone-number,bill-address-1,bill-address-2,' +
  'bill-address-3,bill-postal-code,delivery-Instructions,purchase-order-number,tracking-number,gift-message-text,cpf,buyer-company-name,bill-name';

test.each<[string, Row, Row]>([
  [
    'tiktok-order-export',
    TIKTOK,
    everywhere(
      'Tracking ID,Buyer Message,Recipient,Phone #,Districts,Villages,Commune,Detail Address,Additional address information,' +
        'Seller Note,Checked Marked by,Tokopedia Invoice Number,Creator Handle,Buyer Username,Postal Code,Email,Package ID Recipient',
    ),
  ],
  [
    'shein-order-export',
    SHEIN,
    everywhere(
      '收件人,收货人,买家,姓名,电话,手机号,邮箱,详细地址,收货地址,身份证号,税号,运单号,物流单号,买家留言,Nome do comprador,Destinatário,Telefone,Endereço,CPF,' +
        'Código de rastreio,Número da carta de porte de primeira viagem',
    ),
  ],
  ['amazon-all-orders', AMAZON, everywhere(CONTACT)],
  [
    'amazon-fulfilled-shipments',
    { ...AMAZON, 'shipment-id': 'D1', 'shipment-item-id': 'D2', 'quantity-shipped': '1' },
    everywhere(CONTACT),
  ],
  ['amazon-new-orders', { ...AMAZON, 'order-id': '171-1', 'order-item-id': '1', 'quantity-purchased': '1' }, everywhere(CONTACT)],
  ['amazon-sale-report', SALE, everywhere(CONTACT)],
])('%s: nothing that names or reaches a person is kept', (name, row, personal) => {
  const text = kept(presetNamed(name), [{ ...row, ...personal }]);
  for (const part of TELLTALE.split(' ')) expect(text).not.toContain(part);
});

test.each<[string, Row, string]>([
  ['tiktok-order-export', { ...TIKTOK, Zipcode: '28013\t' }, '28013'],
  ['shein-order-export', SHEIN, '28901'],
  ['amazon-all-orders', AMAZON, '36201'],
  ['amazon-sale-report', SALE, '400081'],
])('%s: of the postal code three characters are kept', (name, row, postalCode) => {
  const text = kept(presetNamed(name), [row]);
  expect([text.includes(postalCode), text.includes(`"${postalCode.slice(0, 3).padEnd(postalCode.length, '*')}"`)]).toEqual([false, true]);
});

test.each([
  ['30041-8435', '300**-****'],
  ['SW1A 1AA', 'SW1* ***'],
  ['E-28013', '280**'],
  ['28013.0', '280**'],
  ["'28013", '280**'],
  ['28', '28'],
  ['Calle Mayor 1, 28013', 'Cal** ****'],
])('the postal code %s is kept as %s, so that its region is still found', (postalCode, expected) => {
  expect(read(amazon, [{ ...AMAZON, 'ship-postal-code': postalCode }]).documents[0]).toContain(expected);
});

test('the buyer is a keyed hash: the same for the same name, another with another key, and the name is gone', () => {
  const buyerOf = (row: Row, key = hash) =>
    tiktok.open(Object.keys(row), {}, key).toRecord(Object.values(row))!.document[Object.keys(row).indexOf('Buyer Username')];
  expect(order(tiktok, TIKTOK).buyer).toBe(hash('TikTok', 'luna'));
  expect(buyerOf(TIKTOK)).toBe(hash('TikTok', 'luna').toString(16));
  expect(buyerOf({ ...TIKTOK, 'Buyer Username': 'sol' })).not.toBe(buyerOf(TIKTOK));
  expect(buyerOf(TIKTOK, keyedHash(Buffer.alloc(32, 8)))).not.toBe(buyerOf(TIKTOK));
  expect(order(tiktok, { ...TIKTOK, 'Buyer Username': '' }).buyer).toBeNull();
});
