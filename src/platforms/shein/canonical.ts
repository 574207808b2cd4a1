import type { Json } from '../../kernel/json.ts';
import { toPlace } from '../../model/area.ts';
import type { Money } from '../../model/money.ts';
import { isSale, type LineKind, type Order, type OrderLine, type SalesModel, type State } from '../../model/order.ts';
import { statedTax } from '../../model/stated-tax.ts';
import { DocumentRefused } from '../stream.ts';
import { orderWire, type OrderWire, type UnitWire } from './wire.ts';
import { instant, money, parsed } from './wire-values.ts';

type Condition = Pick<State, 'status' | 'outcome'>;
const plain = (status: State['status']): Condition => ({ status, outcome: 'none' });

/** The codes of orders and of their units; 6 is told apart by {@link conditionOf}. */
const STATUSES: ReadonlyMap<string, Condition> = new Map([
  ['1', plain('to_ship')],
  ['2', plain('to_ship')],
  ['3', plain('to_ship')],
  ['7', plain('to_ship')],
  ['4', plain('shipped')],
  ['5', plain('delivered')],
  ['8', { status: 'shipped', outcome: 'lost' }],
  ['9', { status: 'shipped', outcome: 'refused' }],
]);
const REFUNDED = '6';
const EXCHANGE_ORDER = '2';
const REPLACEMENT_UNIT = '3';
const DELETED_UNIT = '4';
const NAME_LANGUAGES = ['US', 'ES', 'CN'];

/**
 * The order of a kept document: one line per piece, for SHEIN sends them one by one.
 * @throws DocumentRefused naming the field
 */
export function toCanonical(document: Json): Order {
  const order = parsed(orderWire, document);
  const model = modelOf(order);
  const condition = conditionOf(order.orderStatus, order);
  const occurrences = new Map<string, number>();
  const lines = order.orderGoodsInfoList.map((unit, i) => {
    const occurrence = (occurrences.get(unit.skuCode) ?? 0) + 1;
    occurrences.set(unit.skuCode, occurrence);
    return toLine(unit, { i, order, model, condition, lineId: unit.goodsId ?? `${unit.skuCode}#${occurrence}` });
  });
  refuseRepeated(lines);
  const purchasedAt = instant(order.orderTime, 'orderTime');
  if (!purchasedAt) throw new DocumentRefused('orderTime', 'is no date');
  const { country, province, city, postCode } = order.receiveMsg ?? {};
  const written = { country: country ?? null, region: province ?? null, city: city ?? null, postalCode: postCode ?? null };
  return {
    orderId: order.orderNo,
    purchasedAt,
    paidAt: instant(order.paymentTime, 'paymentTime'),
    updatedAt: updatedAt(order, purchasedAt),
    ...condition,
    platformStatus: order.orderStatus,
    model,
    currency: order.orderCurrency,
    place: toPlace(written),
    writtenPlace: [written.country, written.region, written.city, written.postalCode].map((part) => part ?? '').join('\u001f'),
    // SHEIN names no buyer.
    buyer: null,
    totalAmount: model === 'supply' ? money(order.totalCostPrice, 'totalCostPrice') : money(order.productTotalPrice, 'productTotalPrice'),
    shippingFee: null,
    shippingProvider: [...new Set(order.packageWaybillList?.flatMap(({ carrier }) => carrier || []))].join(', ') || null,
    lines,
  };
}

/**
 * Semi-managed sellers quote a supply price and SHEIN sets the retail one: such an order's money is what they are paid, never summed with
 * retail.
 */
function modelOf({ totalCostPrice, orderGoodsInfoList: units }: OrderWire): SalesModel {
  return [totalCostPrice, ...units.map(({ costPrice }) => costPrice)].some((price) => price !== null && Number(price) > 0)
    ? 'supply'
    : 'retail';
}

interface OfOrder {
  readonly i: number;
  readonly order: OrderWire;
  readonly model: SalesModel;
  readonly condition: Condition;
  readonly lineId: string;
}

function toLine(unit: UnitWire, { i, order, model, condition, lineId }: OfOrder): OrderLine {
  const amount = (
    name:
      | 'sellerCurrencyPrice'
      | 'costPrice'
      | 'orderCurrencyStoreCouponPrice'
      | 'orderCurrencyPromotionPrice'
      | 'settleCurrencyPromotionPrice'
      | 'saleTax',
  ): Money | null => money(unit[name], `orderGoodsInfoList[${i}].${name}`);
  const grossSales = amount(model === 'supply' ? 'costPrice' : 'sellerCurrencyPrice');
  const borne =
    model === 'supply'
      ? (amount('settleCurrencyPromotionPrice') ?? 0n)
      : (amount('orderCurrencyStoreCouponPrice') ?? 0n) + (amount('orderCurrencyPromotionPrice') ?? 0n);
  const line = {
    lineId,
    sku: unit.sellerSku?.trim() || unit.skuCode,
    platformSku: unit.skuCode,
    productName: unit.goodsTitle || null,
    variant: attributeOf(unit) || null,
    image: unit.spuPicURL || null,
    category: null,
    kind: kindOf(order, unit),
    quantity: 1,
    parts: [],
    grossSales,
    netSales: grossSales === null ? null : grossSales - borne,
    // What the buyer paid is not told: SHEIN's own part of the discounts is not in these figures.
    paidAmount: null,
    taxAmount: model === 'supply' ? null : statedTax(amount('saleTax'), order.orderCurrency),
    returnedQuantity: null,
    refundAmount: null,
    ...unitState(unit, order, condition),
  } as const;
  return { ...line, sale: isSale(condition.status, line) };
}

function unitState({ newGoodsStatus: own, goodsExchangeTag: tag }: UnitWire, order: OrderWire, ofOrder: Condition): State {
  // A unit that an exchange deleted never left.
  if (tag === DELETED_UNIT) return { ...plain('cancelled'), platformStatus: own ?? order.orderStatus };
  if (own === null || own === '0') return { ...ofOrder, platformStatus: order.orderStatus };
  return { ...conditionOf(own, order), platformStatus: own };
}

/** "Refunded" does not say whether it ever left: only what was picked up came back. */
function conditionOf(code: string, { pickUpTime }: OrderWire): Condition {
  if (code !== REFUNDED) return STATUSES.get(code) ?? plain('unknown');
  return instant(pickUpTime, 'pickUpTime') ? { status: 'delivered', outcome: 'refunded' } : plain('cancelled');
}

/** Goods in exchange for others were sold once already. */
function kindOf({ orderType }: OrderWire, { goodsExchangeTag: tag }: UnitWire): LineKind {
  return orderType === EXCHANGE_ORDER || tag === REPLACEMENT_UNIT ? 'replacement' : 'goods';
}

function attributeOf({ skuAttribute: attributes }: UnitWire): string | null {
  for (const language of NAME_LANGUAGES) {
    const found = attributes?.find((each) => each.language === language)?.attrName;
    if (found) return found;
  }
  return attributes?.[0]?.attrName ?? null;
}

/** The time of the last change, else the latest time that the order tells. */
function updatedAt(order: OrderWire, purchasedAt: Temporal.Instant): Temporal.Instant {
  const told = instant(order.orderMsgUpdateTime, 'orderMsgUpdateTime');
  if (told) return told;
  const times = (
    ['paymentTime', 'pickUpTime', 'orderReceiptTime', 'orderRejectionTime', 'orderReportedLossTime', 'orderReturnTime'] as const
  ).map((name) => instant(order[name], name));
  return times.reduce<Temporal.Instant>(
    (latest, time) => (time && Temporal.Instant.compare(time, latest) > 0 ? time : latest),
    purchasedAt,
  );
}

function refuseRepeated(lines: readonly OrderLine[]): void {
  const seen = new Set<string>();
  for (const [i, { lineId }] of lines.entries()) {
    if (seen.has(lineId)) throw new DocumentRefused(`orderGoodsInfoList[${i}].goodsId`, 'repeats');
    seen.add(lineId);
  }
}
