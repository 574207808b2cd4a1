import { Random, mix } from '../random.ts';
import type { Catalogue, Sku } from './catalogue.ts';
import type { Life } from './life.ts';
import type { Place } from './places.ts';
import { isOnSale } from './product-life.ts';
import { categoryIn } from './seasons.ts';
import type { Shop } from './shops.ts';
import type { Terms } from './terms.ts';

/** One physical piece of an order; money in the currency's minor unit. */
export interface Piece {
  readonly sku: Sku;
  readonly listPrice: number;
  readonly sellerDiscount: number;
  readonly platformDiscount: number;
  readonly tax: number;
  /** A present on top of what was bought. */
  readonly isGift: boolean;
  /** What a gift or a sample would have cost. */
  readonly giftRetailPrice: number;
  /** Which of the order's packages it travels in, 0 or 1. */
  readonly parcel: number;
  readonly isCancelled: boolean;
}

/** What was bought and what it costs; money in the currency's minor unit. */
export interface Basket {
  readonly pieces: readonly Piece[];
  readonly taxPercent: number;
  readonly shippingList: number;
  readonly shippingSellerDiscount: number;
  readonly shippingPlatformDiscount: number;
  readonly shippingTax: number;
  readonly retailDeliveryFee: number;
}

/** What an order holds: chosen by month and popularity, priced as the shop lists it, reduced to the cent. */
export function basketOf(
  seed: number,
  { shop, life, place, catalogue }: { shop: Shop; life: Life; place: Place; catalogue: Catalogue },
): Basket {
  const random = new Random(mix(seed, shop.number, life.serial, 2));
  const skus = skusOf(random, life, catalogue);
  const isFree = life.kind !== 'normal';
  const percent = isFree || random.chance(0.62) ? 0 : random.pick([5, 10, 10, 15, 20, 25, 30]);
  const listPrices = skus.map(({ price }) => (isFree ? 0 : price));
  const sellerDiscounts = listPrices.map((price) => Math.round((price * percent) / 100));
  const reduced = listPrices.map((price, at) => price - sellerDiscounts[at]!);
  const voucher = isFree || random.chance(0.68) ? 0 : Math.min(random.pick(shop.terms.vouchers), Math.floor(sum(reduced) * 0.4));
  const platformDiscounts = allocate(voucher, reduced);
  const taxes = reduced.map((price, at) => taxOn(price - platformDiscounts[at]!, place));
  const pieces: Piece[] = skus.map((sku, at) => ({
    sku,
    listPrice: listPrices[at]!,
    sellerDiscount: sellerDiscounts[at]!,
    platformDiscount: platformDiscounts[at]!,
    tax: taxes[at]!,
    isGift: false,
    giftRetailPrice: life.kind === 'sample' ? sku.price : 0,
    parcel: life.split && at >= Math.ceil(skus.length / 2) ? 1 : 0,
    isCancelled: life.lineCancelled !== undefined && at === skus.length - 1,
  }));
  if (!isFree && random.chance(0.03)) pieces.push(gift(catalogue.pick('beauty', random.next())));
  return {
    pieces,
    taxPercent: place.taxPercent,
    ...shippingOf(random, { terms: shop.terms, goods: sum(reduced) - voucher, place, isFree }),
  };
}

/** Who finds a product off sale takes another; a whole category never is. */
const MOST_TURNS = 40;

/** What is in an order's basket without gifts, before anything is worked out of the rest. */
export function boughtSkus(seed: number, { shop, life, catalogue }: { shop: Shop; life: Life; catalogue: Catalogue }): Sku[] {
  return skusOf(new Random(mix(seed, shop.number, life.serial, 2)), life, catalogue);
}

function skusOf(random: Random, life: Life, catalogue: Catalogue): Sku[] {
  const month = new Date(life.time * 1000).getUTCMonth() + 1;
  const another = (): Sku => {
    let sku = catalogue.pick(categoryIn(month, random.next()), random.next());
    for (let turn = 0; turn < MOST_TURNS && !isOnSale(sku.life, life.time); turn++) sku = catalogue.pick(sku.category, random.next());
    return sku;
  };
  const skus = [another()];
  while (skus.length < life.pieces) skus.push(random.chance(0.45) ? skus.at(-1)! : another());
  return skus;
}

function gift(sku: Sku): Piece {
  return {
    sku,
    listPrice: 0,
    sellerDiscount: 0,
    platformDiscount: 0,
    tax: 0,
    isGift: true,
    giftRetailPrice: sku.price,
    parcel: 0,
    isCancelled: false,
  };
}

type Shipping = Pick<Basket, 'shippingList' | 'shippingSellerDiscount' | 'shippingPlatformDiscount' | 'shippingTax' | 'retailDeliveryFee'>;

function shippingOf(
  random: Random,
  { terms, goods, place, isFree }: { terms: Terms; goods: number; place: Place; isFree: boolean },
): Shipping {
  const shippingList = isFree ? 0 : terms.shippingPrice;
  const isGiven = goods >= terms.shippingFreeFrom;
  const shippingSellerDiscount = isGiven ? Math.round(shippingList * random.pick([0, 0.5, 1])) : 0;
  const shippingPlatformDiscount = isGiven ? shippingList - shippingSellerDiscount : random.chance(0.25) ? Math.round(shippingList / 2) : 0;
  const paid = shippingList - shippingSellerDiscount - shippingPlatformDiscount;
  // Colorado asks a fee for every retail delivery.
  const retailDeliveryFee = place.first === 'Colorado' && !isFree ? 29 : 0;
  return { shippingList, shippingSellerDiscount, shippingPlatformDiscount, shippingTax: taxOn(paid, place), retailDeliveryFee };
}

function taxOn(amount: number, place: Place): number {
  return Math.round((amount * place.taxPercent) / 100);
}

/** Shares an amount out by weight, to the cent; nobody gets more than their weight while the amount is at most the total. */
export function allocate(amount: number, weights: readonly number[]): number[] {
  const total = sum(weights);
  let reached = 0;
  let given = 0;
  return weights.map((weight) => {
    reached += weight;
    const upToHere = total === 0 ? 0 : Math.floor((amount * reached) / total);
    const share = upToHere - given;
    given = upToHere;
    return share;
  });
}

/** The sum of numbers. */
export function sum(numbers: readonly number[]): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
