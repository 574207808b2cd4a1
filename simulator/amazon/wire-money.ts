import { sum } from '../trade/basket.ts';
import type { AmazonFate } from './amazon-faults.ts';
import type { AmazonOrder } from './amazon-world.ts';
import { digitsOf } from './ids.ts';
import { totalOf, type Item } from './order-items.ts';

/** An amount of the wire, from the currency's minor unit: yen have no decimals. */
export function moneyOf(minor: number, currencyCode: string): { amount: string; currencyCode: string } {
  return { amount: decimalOf(minor, currencyCode), currencyCode };
}

/** The amount alone. */
export function decimalOf(minor: number, currency: string): string {
  if (currency === 'JPY') return String(minor);
  const text = String(Math.abs(minor)).padStart(3, '0');
  return `${minor < 0 ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`;
}

interface Part {
  readonly type: 'ITEM' | 'SHIPPING' | 'TAX' | 'DISCOUNT' | 'OTHER';
  readonly subtotal: number;
  readonly details: readonly (readonly [subtype: 'ITEM' | 'SHIPPING', value: number])[];
}

/** The money of an order: its total and the parts of all lines together; undefined where it has no prices. */
export function orderProceeds(order: AmazonOrder, items: readonly Item[], fate: AmazonFate): object | undefined {
  if (!items.some(({ isPriced }) => isPriced)) return undefined;
  const { currency } = order.shop;
  const parts = items.flatMap((item) => partsOf(item, discountSign(order, fate)));
  const types = [...new Set(parts.map(({ type }) => type))];
  const off = isBroken(order, fate) ? 1 : 0;
  return {
    grandTotal: moneyOf(sum(items.map(totalOf)) + off, currency),
    breakdowns: types.map((type) => ({
      type,
      subtotal: moneyOf(sum(parts.filter((part) => part.type === type).map(({ subtotal }) => subtotal)), currency),
    })),
  };
}

/** The money of one line. */
export function itemProceeds(order: AmazonOrder, item: Item, fate: AmazonFate): object | undefined {
  if (!item.isPriced) return undefined;
  const { currency } = order.shop;
  const off = isBroken(order, fate) ? 1 : 0;
  return {
    proceedsTotal: moneyOf(totalOf(item) + off, currency),
    breakdowns: partsOf(item, discountSign(order, fate)).map(({ type, subtotal, details }) => ({
      type,
      subtotal: moneyOf(subtotal, currency),
      ...(details.length === 0
        ? {}
        : { detailedBreakdowns: details.map(([subtype, value]) => ({ subtype, value: moneyOf(value, currency) })) }),
    })),
  };
}

function partsOf(item: Item, sign: 1 | -1): Part[] {
  const isFull = item.ordered > item.cancelled;
  const parts: Part[] = [
    { type: 'ITEM', subtotal: item.goods, details: [] },
    { type: 'SHIPPING', subtotal: item.shipping, details: [] },
    detailed('TAX', item.goodsTax, item.shippingTax),
    detailed('DISCOUNT', sign * item.goodsDiscount, sign * item.shippingDiscount),
    { type: 'OTHER', subtotal: item.other, details: [] },
  ];
  return parts.filter(({ type, subtotal }) => subtotal !== 0 || (type === 'ITEM' && isFull));
}

function detailed(type: 'TAX' | 'DISCOUNT', goods: number, shipping: number): Part {
  const both = [
    ['ITEM', goods],
    ['SHIPPING', shipping],
  ] as const;
  return { type, subtotal: goods + shipping, details: both.filter(([, value]) => value !== 0) };
}

function discountSign({ id }: AmazonOrder, fate: AmazonFate): 1 | -1 {
  return fate.faults.positiveDiscounts > 0 && fate.fallsOn(digitsOf(id), 'positiveDiscounts', 11) ? 1 : -1;
}

function isBroken({ id }: AmazonOrder, fate: AmazonFate): boolean {
  return fate.faults.brokenProceeds > 0 && fate.fallsOn(digitsOf(id), 'brokenProceeds', 12);
}
