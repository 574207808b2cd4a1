import { expect, test } from 'vitest';
import { moneyText, type Money } from '../../model/money.ts';
import { DocumentRefused } from '../stream.ts';
import { toCanonical } from './canonical.ts';
import { withoutPersonalData } from './personal.ts';
import { records } from './records.ts';

type Fields = Record<string, unknown>;
const unit = (changes: Fields = {}): Fields => ({
  goodsId: '5230236437987443003',
  skuCode: 'I73dnsqbbier',
  skc: 'sa25060976623960851',
  sellerSku: 'CURTAIN-1',
  newGoodsStatus: 1,
  goodsStatus: 1,
  goodsExchangeTag: 1,
  goodsTitle: 'Curtain',
  spuPicURL: 'https://img.example/1.jpg',
  skuAttribute: [
    { attrName: '藏蓝色', language: 'CN' },
    { attrName: 'Navy', language: 'US' },
  ],
  sellerCurrencyPrice: 12.98,
  sellerCurrencyDiscountPrice: 17.33,
  costPrice: null,
  orderCurrencyStoreCouponPrice: 1.5,
  orderCurrencyPromotionPrice: 0.48,
  saleTax: 0.37,
  ...changes,
});
const order = (changes: Fields = {}, units: Fields[] = [unit()]): Fields => ({
  orderNo: 'GSO1TEST0001',
  orderType: 1,
  orderStatus: 1,
  orderCurrency: 'EUR',
  salesSite: 'shein-es',
  productTotalPrice: 12.98,
  totalCostPrice: null,
  orderTime: '2026-07-25T17:22:11.000+0800',
  paymentTime: '2026-07-25T17:22:13.000+0800',
  pickUpTime: '',
  orderMsgUpdateTime: '2026-07-25T17:28:40.319+0800',
  receiveMsg: { country: 'Spain', province: 'Madrid', city: 'Getafe', postCode: '28901' },
  orderGoodsInfoList: units,
  ...changes,
});
const canonical = (document: Fields) => toCanonical(document as never);
const text = (amount: Money | null): string | null => (amount === null ? null : moneyText(amount).slice(0, -2));

test('an order is one line a piece: list price, less store coupon and promotion; SHEIN names no buyer and not what was paid', () => {
  const found = canonical(
    order({ packageWaybillList: [{ carrier: 'Correos' }, { carrier: '' }, { carrier: 'SEUR' }, { carrier: 'Correos' }] }, [
      unit(),
      unit({ goodsId: '5230236437987443004' }),
    ]),
  );
  expect(found).toMatchObject({
    orderId: 'GSO1TEST0001',
    status: 'to_ship',
    outcome: 'none',
    platformStatus: '1',
    model: 'retail',
    currency: 'EUR',
    buyer: null,
    shippingFee: null,
    shippingProvider: 'Correos, SEUR',
  });
  expect([found.purchasedAt, found.paidAt, found.updatedAt].map(String)).toEqual([
    '2026-07-25T09:22:11Z',
    '2026-07-25T09:22:13Z',
    '2026-07-25T09:28:40.319Z',
  ]);
  expect(found.place).toMatchObject({ country: 'ES', regionCode: 'ES-MD', city: 'Getafe' });
  expect(found.lines.map(({ lineId }) => lineId)).toEqual(['5230236437987443003', '5230236437987443004']);
  const [line] = found.lines;
  expect(line).toMatchObject({
    sku: 'CURTAIN-1',
    platformSku: 'I73dnsqbbier',
    productName: 'Curtain',
    variant: 'Navy',
    kind: 'goods',
    quantity: 1,
    paidAmount: null,
    sale: true,
  });
  expect([line!.grossSales, line!.netSales, line!.taxAmount].map(text)).toEqual(['12.98', '11.00', '0.37']);
});

test.each([
  [1, '', 'to_ship', 'none'],
  [2, '', 'to_ship', 'none'],
  [3, '', 'to_ship', 'none'],
  [7, '', 'to_ship', 'none'],
  [4, '', 'shipped', 'none'],
  ['5', '', 'delivered', 'none'],
  [6, '', 'cancelled', 'none'],
  [6, null, 'cancelled', 'none'],
  [6, '1970-01-01 08:00:01', 'cancelled', 'none'],
  [6, '2026-07-27T10:00:00.000+0800', 'delivered', 'refunded'],
  [8, '', 'shipped', 'lost'],
  [9, '', 'shipped', 'refused'],
  [42, '', 'unknown', 'none'],
])('status %s with pick-up time %j is %s, %s', (orderStatus, pickUpTime, status, outcome) => {
  const found = canonical(order({ orderStatus, pickUpTime }, [unit({ newGoodsStatus: null })]));
  expect([found.status, found.outcome, found.lines[0]!.status, found.lines[0]!.outcome]).toEqual([status, outcome, status, outcome]);
  expect(found.lines[0]!.sale).toBe(status !== 'cancelled' && status !== 'unknown');
});

test('the state of the piece wins over the state of the order: one refunded piece of a delivered order', () => {
  const { status, lines } = canonical(
    order({ orderStatus: 5, pickUpTime: '2026-07-26 10:00:00' }, [unit({ newGoodsStatus: 5 }), unit({ goodsId: 2, newGoodsStatus: 6 })]),
  );
  expect([status, ...lines.map((line) => `${line.status} ${line.outcome}`)]).toEqual(['delivered', 'delivered none', 'delivered refunded']);
});

test('goods in exchange for others are no sale: they were sold once already; a deleted piece never left', () => {
  expect(canonical(order({ orderType: 2 })).lines[0]).toMatchObject({ kind: 'replacement', sale: false });
  const tags = canonical(
    order(
      {},
      ['1', 2, 3, 4].map((goodsExchangeTag, i) => unit({ goodsId: i + 1, goodsExchangeTag })),
    ),
  ).lines;
  expect(tags.map(({ sale }) => sale)).toEqual([true, true, false, false]);
});

test("a semi-managed order is money of its own model, the supply price less the seller's part of a promotion, never retail", () => {
  const found = canonical(
    order({ totalCostPrice: 8 }, [unit({ sellerCurrencyPrice: null, costPrice: 8, settleCurrencyPromotionPrice: 0.5 })]),
  );
  expect([
    found.model,
    text(found.totalAmount),
    ...[found.lines[0]!.grossSales, found.lines[0]!.netSales, found.lines[0]!.taxAmount].map(text),
  ]).toEqual(['supply', '8.00', '8.00', '7.50', null]);
  // What buyers saw may stand beside it.
  expect(canonical(order({}, [unit({ costPrice: 8 })])).model).toBe('supply');
});

test("without a seller SKU the platform's counts, without an id of the piece its SKU and occurrence", () => {
  const { lines } = canonical(order({}, [unit({ sellerSku: ' ', goodsId: null }), unit({ goodsId: undefined })]));
  expect(lines.map(({ sku, lineId }) => [sku, lineId])).toEqual([
    ['I73dnsqbbier', 'I73dnsqbbier#1'],
    ['CURTAIN-1', 'I73dnsqbbier#2'],
  ]);
});

test.each([
  [{ orderTime: 'yesterday' }, 'orderTime: is no date'],
  [{ orderTime: '1970-01-01 08:00:01' }, 'orderTime: is no date'],
  [{ orderTime: '9999-12-31 00:00:00' }, 'orderTime: is no date'],
  [{ paymentTime: '0001-01-01 00:00:00' }, 'paymentTime: is no date'],
  [{ orderMsgUpdateTime: '9999-12-31T00:00:00.000+0800' }, 'orderMsgUpdateTime: is no date'],
  [{ orderNo: undefined }, 'orderNo: is missing'],
  [{ orderStatus: undefined }, 'orderStatus: is missing'],
  [{ orderCurrency: 'euro' }, 'orderCurrency: is no currency code'],
  [{ orderGoodsInfoList: undefined }, 'orderGoodsInfoList: is missing'],
  [{ orderGoodsInfoList: [unit({ sellerCurrencyPrice: '1.234567' })] }, 'orderGoodsInfoList[0].sellerCurrencyPrice: is no exact amount'],
  [{ orderGoodsInfoList: [unit(), unit()] }, 'orderGoodsInfoList[1].goodsId: repeats'],
])('what is essential and lacks is refused by its name: %j', (changes, message) => {
  expect(() => canonical(order(changes))).toThrow(DocumentRefused);
  expect(() => canonical(order(changes))).toThrow(message);
});

test('of persons nothing is kept: names, phones, taxes, parcels, what is printed on goods; place and figures stay', () => {
  const document = withoutPersonalData(
    order({
      receiveMsg: {
        country: 'Spain',
        province: 'Madrid',
        city: 'Getafe',
        postCode: '28901',
        lastName: 'Confidential',
        phone: '600',
        street: 'Confidential 1',
        district: 'Confidential',
      },
      receiveMsgList: [{ firstName: 'Confidential', email: 'confidential@example.com' }],
      paymentInfo: { payNo: 'Confidential', cnpj: '1' },
      packageWaybillList: [{ packageNo: 'GU1', waybillNo: 'Confidential', carrier: 'Fast' }],
      orderGoodsInfoList: [unit({ customizationInfo: { texts: ['Confidential'] }, warehouseName: 'U.S.' })],
    }) as never,
  );
  expect(JSON.stringify(document)).not.toMatch(/confidential|600|28901/i);
  expect(document).toMatchObject({
    receiveMsg: { country: 'Spain', city: 'Getafe', postCode: '289**' },
    packageWaybillList: [{ packageNo: 'GU1', carrier: 'Fast' }],
    orderGoodsInfoList: [{ warehouseName: 'U.S.' }],
  });
});

test('an order says which site it was sold on', () => {
  expect(records.shopOf(order({ salesSite: 'shein-uk' }) as never)).toMatchObject({
    shop: 'SHEIN GB',
    zone: 'Europe/London',
    region: 'GB',
  });
  expect(records.shopOf(order({ salesSite: 'shein-xx' }) as never)).toBeNull();
  expect(records.shopIn('mx')).toMatchObject({ shop: 'SHEIN MX', currency: 'MXN' });
});

const purchase = (changes: Fields = {}): Fields => ({
  orderNo: 'PB2401',
  type: 2,
  status: 8,
  currency: 'CNY',
  addTime: '2026-07-25 08:00:00',
  updateTime: '2026-08-02 09:00:00',
  storageTime: '1970-01-01 08:00:01',
  countryMarket: 'US',
  orderExtends: [
    {
      skc: 's1',
      skuCode: 'I1',
      supplierSku: 'DRESS-1',
      suffixZh: '红色-S',
      price: 23.5,
      needQuantity: 100,
      deliveryQuantity: 98,
      storageQuantity: 96,
      imgPath: 'https://img.example/1.jpg',
    },
  ],
  ...changes,
});

test('a purchase order of a full-managed seller is supply: pieces put on store, at the supply price, for the market it names', () => {
  const found = records.toCanonical(purchase() as never, {} as never);
  expect(found).toMatchObject({
    orderId: 'PB2401',
    model: 'supply',
    status: 'completed',
    platformStatus: '8',
    currency: 'CNY',
    buyer: null,
    place: { country: 'US' },
  });
  expect([found.purchasedAt, found.updatedAt].map(String)).toEqual(['2026-07-25T00:00:00Z', '2026-08-02T01:00:00Z']);
  expect(found.lines).toMatchObject([
    { lineId: 'I1#1', sku: 'DRESS-1', platformSku: 'I1', productName: null, variant: '红色-S', quantity: 96, sale: true },
  ]);
  expect([found.lines[0]!.grossSales, found.lines[0]!.netSales].map(text)).toEqual(['2256.00', '2256.00']);
  expect(records.shopOf(purchase() as never)).toMatchObject({ shop: 'SHEIN supply', zone: 'Asia/Shanghai' });
});

test.each([
  [1, 'on_hold', 'none'],
  [2, 'to_ship', 'none'],
  [4, 'shipped', 'none'],
  [6, 'delivered', 'none'],
  [7, 'delivered', 'returned'],
  [10, 'cancelled', 'none'],
  [99, 'unknown', 'none'],
])('purchase status %s is %s, %s', (status, ours, outcome) => {
  expect(records.toCanonical(purchase({ status }) as never, {} as never)).toMatchObject({ status: ours, outcome });
});

test('of a purchase order, too, what is essential and lacks is refused by its name; nothing stored is no sale', () => {
  expect(() => records.toCanonical(purchase({ currency: '人民币' }) as never, {} as never)).toThrow('currency: is no currency code');
  expect(() => records.toCanonical(purchase({ orderExtends: [{ price: 1 }] }) as never, {} as never)).toThrow(
    'orderExtends[0].skuCode: is missing',
  );
  expect(
    records.toCanonical(purchase({ orderExtends: [{ skuCode: 'I1', price: 1, storageQuantity: null }] }) as never, {} as never).lines,
  ).toMatchObject([{ quantity: 0, sale: false }]);
});
