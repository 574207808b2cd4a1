import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import type { Json } from '../../kernel/json.ts';
import type { Money } from '../../model/money.ts';
import type { PriceDetail } from '../../model/price-detail.ts';
import type { PriceDetailStream } from '../stream.ts';
import { getPriceDetail, NOT_THIS_SHOP } from './orders.ts';
import { withoutPersonalData } from './personal.ts';
import { currencyCode, moneyOf, optionalText, parsed, text } from './wire-values.ts';

const AMOUNTS = [
  'total',
  'payment',
  'subtotal',
  'subtotal_tax_amount',
  'subtotal_deduction_seller',
  'subtotal_deduction_platform',
  'sku_list_price',
  'sku_sale_price',
  'shipping_list_price',
  'shipping_sale_price',
  'shipping_fee_deduction_seller',
  'shipping_fee_deduction_platform',
  'tax_amount',
  'small_order_fee',
] as const;
type AmountName = (typeof AMOUNTS)[number];
type Amounts = Readonly<Record<AmountName, Money | null>>;

const amountTexts = Object.fromEntries(AMOUNTS.map((name) => [name, optionalText])) as Record<AmountName, typeof optionalText>;
/** What is read of a kept price detail: the platform's data with the order's id before them. */
const priceDetailWire = z.object({
  order_id: text,
  currency: currencyCode.nullish(),
  ...amountTexts,
  line_items: z.array(z.object(amountTexts)).nullish(),
});

/** An amount and what it has to be the sum of. */
const IDENTITIES: readonly { readonly of: AmountName; readonly plus: readonly AmountName[]; readonly minus: readonly AmountName[] }[] = [
  { of: 'sku_sale_price', plus: ['sku_list_price'], minus: ['subtotal_deduction_seller', 'subtotal_deduction_platform'] },
  { of: 'subtotal', plus: ['sku_sale_price', 'subtotal_tax_amount'], minus: [] },
  { of: 'shipping_sale_price', plus: ['shipping_list_price'], minus: ['shipping_fee_deduction_seller', 'shipping_fee_deduction_platform'] },
  { of: 'payment', plus: ['sku_sale_price', 'shipping_sale_price', 'tax_amount', 'small_order_fee'], minus: [] },
  { of: 'total', plus: ['sku_list_price', 'shipping_list_price'], minus: [] },
];

/** TikTok's price details: one call for each order. */
export const priceDetails: PriceDetailStream = {
  perSecond: getPriceDetail.rate.perSecond,
  async byOrder(call, orderId, hash) {
    try {
      const data = await call(getPriceDetail, { path: { order_id: orderId } });
      return withoutPersonalData({ order_id: orderId, ...(data as { readonly [key: string]: Json }) }, hash, 'price_details');
    } catch (error) {
      if (error instanceof AppError && error.details?.['platform_code'] === NOT_THIS_SHOP) return null;
      throw error;
    }
  },
  toCanonical,
};

function toCanonical(document: Json): PriceDetail {
  const wire = parsed(priceDetailWire, document, 'price detail');
  const whole = amountsOf(wire);
  const lines = (wire.line_items ?? []).map((line, place) => amountsOf(line, place));
  return {
    orderId: wire.order_id,
    currency: wire.currency ?? null,
    listPrice: whole.sku_list_price,
    sellerDiscount: whole.subtotal_deduction_seller,
    platformDiscount: whole.subtotal_deduction_platform,
    salePrice: whole.sku_sale_price,
    taxAmount: whole.tax_amount,
    shippingListPrice: whole.shipping_list_price,
    shippingSellerDiscount: whole.shipping_fee_deduction_seller,
    shippingPlatformDiscount: whole.shipping_fee_deduction_platform,
    shippingSalePrice: whole.shipping_sale_price,
    payment: whole.payment,
    total: whole.total,
    violations: [...broken(whole), ...lines.flatMap((line, place) => broken(line).map((name) => `line_items[${place}].${name}`))],
  };
}

function amountsOf(wire: { readonly [name in AmountName]?: string | null | undefined }, place?: number): Amounts {
  const at = place === undefined ? undefined : { list: 'line_items', place };
  return Object.fromEntries(AMOUNTS.map((name) => [name, moneyOf(wire[name], name, at)])) as Amounts;
}

/** What is not told counts as nothing, but an amount that is not told, or of which nothing is told, breaks no rule. */
function broken(amounts: Amounts): AmountName[] {
  return IDENTITIES.filter(({ of, plus, minus }) => {
    const sum = (names: readonly AmountName[]): Money => names.reduce((total, name) => total + (amounts[name] ?? 0n), 0n);
    return amounts[of] !== null && amounts[plus[0]!] !== null && amounts[of] !== sum(plus) - sum(minus);
  }).map(({ of }) => of);
}
