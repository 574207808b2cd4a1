import { allocate } from '../trade/basket.ts';
import { lineIdOf } from './ids.ts';
import type { TikTokOrder } from './tiktok-world.ts';
import { amountText, rateText } from './wire-text.ts';

/** The sums of an order or of one of its lines, in minor units. */
interface Sums {
  readonly list: number;
  readonly sellerDiscount: number;
  readonly platformDiscount: number;
  readonly productTax: number;
  readonly shippingList: number;
  readonly shippingSellerDiscount: number;
  readonly shippingPlatformDiscount: number;
  readonly shippingTax: number;
  readonly gift: number;
}

/** What `price_detail` tells of an order: the same money as `payment`, shared out over the lines to the cent. */
export function priceDetailOf(order: TikTokOrder): Record<string, unknown> {
  const lines = lineSums(order);
  const whole = lines.reduce((total, line) => addSums(total, line));
  return {
    ...sumsText(whole, order),
    cod_fee_net_amount: '0',
    line_items: lines.map((line, place) => ({ id: lineIdOf(order.id, place), ...sumsText(line, order), cod_fee_amount: '0' })),
  };
}

/** The same with sums that do not add up: the payment, the subtotal or the total is a little off, by order. */
export function brokenDetail(detail: Record<string, unknown>): Record<string, unknown> {
  const lines = detail['line_items'] as readonly { id: string }[];
  const name = (['payment', 'subtotal', 'total'] as const)[Number(lines[0]!.id.slice(-3, -2)) % 3]!;
  return { ...detail, [name]: (Number(detail[name]) + 0.35).toFixed(2) };
}

function lineSums({ basket }: TikTokOrder): Sums[] {
  const weights = basket.pieces.map(({ listPrice }) => listPrice);
  const shippingList = allocate(basket.shippingList, weights);
  const shippingSellerDiscount = allocate(basket.shippingSellerDiscount, shippingList);
  const shippingPlatformDiscount = allocate(
    basket.shippingPlatformDiscount,
    shippingList.map((list, place) => list - shippingSellerDiscount[place]!),
  );
  const shippingTax = allocate(basket.shippingTax, shippingList);
  return basket.pieces.map((piece, place) => ({
    list: piece.listPrice,
    sellerDiscount: piece.sellerDiscount,
    platformDiscount: piece.platformDiscount,
    productTax: piece.tax,
    shippingList: shippingList[place]!,
    shippingSellerDiscount: shippingSellerDiscount[place]!,
    shippingPlatformDiscount: shippingPlatformDiscount[place]!,
    shippingTax: shippingTax[place]!,
    gift: piece.giftRetailPrice,
  }));
}

function addSums(one: Sums, other: Sums): Sums {
  const total = Object.entries(one).map(([name, amount]) => [name, (amount as number) + other[name as keyof Sums]] as const);
  return Object.fromEntries(total) as unknown as Sums;
}

function sumsText(sums: Sums, { shop, basket }: TikTokOrder): Record<string, string> {
  const sale = sums.list - sums.sellerDiscount - sums.platformDiscount;
  const shippingSale = sums.shippingList - sums.shippingSellerDiscount - sums.shippingPlatformDiscount;
  const tax = sums.productTax + sums.shippingTax;
  return {
    currency: shop.currency,
    total: amountText(sums.list + sums.shippingList),
    payment: amountText(sale + shippingSale + tax),
    subtotal: amountText(sale + sums.productTax),
    subtotal_tax_amount: amountText(sums.productTax),
    subtotal_deduction_seller: amountText(sums.sellerDiscount),
    subtotal_deduction_platform: amountText(sums.platformDiscount),
    sku_list_price: amountText(sums.list),
    sku_sale_price: amountText(sale),
    sku_gift_original_price: amountText(sums.gift),
    sku_gift_net_price: amountText(sums.gift),
    shipping_list_price: amountText(sums.shippingList),
    shipping_sale_price: amountText(shippingSale),
    shipping_fee_deduction_seller: amountText(sums.shippingSellerDiscount),
    shipping_fee_deduction_platform: amountText(sums.shippingPlatformDiscount),
    tax_amount: amountText(tax),
    tax_rate: rateText(basket.taxPercent),
    net_price_amount: amountText(sale),
    cod_fee: '0',
  };
}
