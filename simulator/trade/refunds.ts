import { allocate, sum, type Piece } from './basket.ts';
import type { CancellationStory } from './cancellations.ts';
import { isSellersFault } from './causes.ts';
import { tookOffer, type ReturnStory } from './returns.ts';
import type { Order } from './world.ts';

/** Money that goes back to the buyer, in the currency's minor unit. */
export interface Refund {
  readonly subtotal: number;
  readonly shipping: number;
  readonly tax: number;
  /** Colorado's. */
  readonly deliveryFee: number;
}

/** A refund piece by piece; `places` are those of the order's pieces. */
export interface Refunds {
  readonly places: readonly number[];
  readonly lines: readonly Refund[];
  readonly total: Refund;
}

/**
 * What a return gives back, or will: what the buyer paid for the pieces, less if an offer was taken, and the shipping where the seller
 * bears it.
 */
export function returnRefunds(order: Order, story: ReturnStory): Refunds {
  const share = tookOffer(story) ? story.offer!.share : 1;
  return refundsOf(order, {
    places: story.pieces,
    share,
    withShipping: story.isWhole && share === 1 && isSellersFault(story.cause),
    withFee: false,
  });
}

/** What a cancellation gives back: everything, one line, or nothing where nothing was paid. */
export function cancellationRefunds(order: Order, { isLine, wasPaid }: CancellationStory): Refunds {
  const { pieces } = order.basket;
  const places = pieces.flatMap((piece, place) => (isLine && !piece.isCancelled ? [] : [place]));
  return refundsOf(order, { places, share: wasPaid ? 1 : 0, withShipping: wasPaid && !isLine, withFee: wasPaid && !isLine });
}

/** The sum of the four. */
export function refundTotal({ subtotal, shipping, tax, deliveryFee }: Refund): number {
  return subtotal + shipping + tax + deliveryFee;
}

function refundsOf(
  { basket }: Order,
  { places, share, withShipping, withFee }: { places: readonly number[]; share: number; withShipping: boolean; withFee: boolean },
): Refunds {
  const pieces = places.map((place) => basket.pieces[place]!);
  const paid = pieces.map(paidFor);
  const spread = (amount: number): number[] => allocate(withShipping ? amount : 0, sum(paid) === 0 ? pieces.map(() => 1) : paid);
  const shipping = spread(basket.shippingList - basket.shippingSellerDiscount - basket.shippingPlatformDiscount);
  const shippingTax = spread(basket.shippingTax);
  const lines = pieces.map((piece, at) => ({
    subtotal: Math.round(paid[at]! * share),
    shipping: shipping[at]!,
    tax: Math.round(piece.tax * share) + shippingTax[at]!,
    deliveryFee: 0,
  }));
  const of = (name: 'subtotal' | 'shipping' | 'tax'): number => sum(lines.map((line) => line[name]));
  return {
    places,
    lines,
    total: { subtotal: of('subtotal'), shipping: of('shipping'), tax: of('tax'), deliveryFee: withFee ? basket.retailDeliveryFee : 0 },
  };
}

function paidFor({ listPrice, sellerDiscount, platformDiscount }: Piece): number {
  return listPrice - sellerDiscount - platformDiscount;
}
