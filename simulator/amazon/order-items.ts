import { allocate, sum, type Piece } from '../trade/basket.ts';
import type { Sku } from '../trade/catalogue.ts';
import type { AmazonOrder, AmazonWorld } from './amazon-world.ts';
import { itemIdOf } from './ids.ts';
import { isForeign, sinceOf, type Status } from './statuses.ts';

/** One line of an order as Amazon has it: pieces of one SKU at one price; money in the currency's minor unit. */
export interface Item {
  readonly id: string;
  readonly sku: Sku;
  readonly isGift: boolean;
  readonly unitPrice: number;
  readonly ordered: number;
  readonly fulfilled: number;
  readonly unfulfilled: number;
  /** Neither sent nor still to be sent. */
  readonly cancelled: number;
  /** Whether it has prices: not before it is paid, and not where another channel has sold it. */
  readonly isPriced: boolean;
  /** What the pieces that are not cancelled bring; discounts as positive numbers. */
  readonly goods: number;
  readonly goodsDiscount: number;
  readonly goodsTax: number;
  readonly shipping: number;
  readonly shippingDiscount: number;
  readonly shippingTax: number;
  /** Fees that the buyer pays for a whole order, with its first line. */
  readonly other: number;
}

/** What a buyer pays for a line. */
export function totalOf(item: Item): number {
  return item.goods + item.goodsTax + item.shipping + item.shippingTax + item.other - item.goodsDiscount - item.shippingDiscount;
}

/** An order's lines at a second. */
export function itemsOf(world: AmazonWorld, order: AmazonOrder, at: number): readonly Item[] {
  const { status } = world.stateOf(order, at);
  const { basket, life } = order;
  const groups = [...Map.groupBy(basket.pieces, ({ sku, isGift }) => `${sku.code} ${isGift}`).values()];
  const isGone = (piece: Piece): boolean =>
    status === 'CANCELLED' || status === 'UNFULFILLABLE' || (piece.isCancelled && life.lineCancelled! <= at);
  const isSent = ({ parcel }: Piece): boolean => status === 'SHIPPED' || (status === 'PARTIALLY_SHIPPED' && parcel === 0);
  const isPriced = !isForeign(life) && hasPrices(order, status);
  const left = groups.map((pieces) => pieces.filter((piece) => !isGone(piece)));
  const paid = left.map((pieces) => sum(pieces.map(priceOf)));
  const weights = sum(paid) === 0 ? left.map(({ length }) => length) : paid;
  const spread = (amount: number): number[] => allocate(isPriced ? amount : 0, weights);
  const shipping = spread(basket.shippingList);
  const shippingDiscount = spread(basket.shippingSellerDiscount + basket.shippingPlatformDiscount);
  const shippingTax = spread(basket.shippingTax);
  return groups.map((pieces, place) => {
    const rest = left[place]!;
    const fulfilled = rest.filter(isSent).length;
    const money = (of: (piece: Piece) => number): number => (isPriced ? sum(rest.map(of)) : 0);
    return {
      id: itemIdOf(order.id, place),
      sku: pieces[0]!.sku,
      isGift: pieces[0]!.isGift,
      unitPrice: priceOf(pieces[0]!),
      ordered: pieces.length,
      fulfilled,
      unfulfilled: rest.length - fulfilled,
      cancelled: pieces.length - rest.length,
      isPriced,
      goods: money(priceOf),
      goodsDiscount: money(({ platformDiscount }) => platformDiscount),
      goodsTax: money(({ tax }) => tax),
      shipping: shipping[place]!,
      shippingDiscount: shippingDiscount[place]!,
      shippingTax: shippingTax[place]!,
      other: place === 0 && isPriced && weights.some(Boolean) ? basket.retailDeliveryFee : 0,
    };
  });
}

/** The price as the product page has it; a seller's own discount is a lower price there. */
function priceOf({ listPrice, sellerDiscount }: Piece): number {
  return listPrice - sellerDiscount;
}

/** Nobody promises prices before an order is paid: every other one has them. What was never paid for loses them. */
function hasPrices({ life, course }: AmazonOrder, status: Status): boolean {
  return status === 'PENDING' ? life.serial % 2 === 0 : sinceOf(course, 'UNSHIPPED') !== undefined;
}
