import { mix } from '../random.ts';
import type { Buyer } from '../trade/buyers.ts';
import type { Sku } from '../trade/catalogue.ts';
import type { Product } from '../trade/products.ts';
import type { Shop } from '../trade/shops.ts';
import { TIKTOK_SHOPS, type TikTokShop } from './shops.ts';

/** 18 digits that name an order: a prefix, the shop, the serial, and four that only the right seed makes. */
export function orderIdOf(seed: number, shop: Shop, serial: number): string {
  return `576${shop.number}${tenDigits(serial)}${check(seed, shop.number, serial)}`;
}

/** The shop and serial an order id stands for; undefined for an id this world never gave out. */
export function decodeOrderId(seed: number, id: string): { shop: TikTokShop; serial: number } | undefined {
  if (!/^576[1-9]\d{14}$/.test(id)) return undefined;
  const shop = TIKTOK_SHOPS.find(({ number }) => number === Number(id[3]));
  const serial = Number(id.slice(4, 14));
  return shop && check(seed, shop.number, serial) === id.slice(14) ? { shop, serial } : undefined;
}

/** 18 digits that name a piece of an order. */
export function lineIdOf(orderId: string, place: number): string {
  return `577${orderId.slice(3, 16)}${place < 10 ? '0' : ''}${place}`;
}

/** 19 digits that name one of an order's returns. */
export function returnIdOf(seed: number, shop: Shop, place: StoryPlace): string {
  return storyIdOf(seed, 'return', shop, place);
}

/** 19 digits that name one of an order's cancellations. */
export function cancelIdOf(seed: number, shop: Shop, place: StoryPlace): string {
  return storyIdOf(seed, 'cancel', shop, place);
}

/** What the id of a return or cancellation stands for; undefined for one this world never gave out. */
export function decodeStoryId(seed: number, kind: 'return' | 'cancel', id: string): (StoryPlace & { shop: TikTokShop }) | undefined {
  const shop = TIKTOK_SHOPS.find(({ number }) => number === Number(id[3]));
  const place = { serial: Number(id.slice(4, 14)), nth: Number(id[14]) };
  return /^\d{19}$/.test(id) && shop && storyIdOf(seed, kind, shop, place) === id ? { shop, ...place } : undefined;
}

/** 19 digits that name a line of a return or cancellation. */
export function storyLineIdOf(storyId: string, place: number): string {
  return `40${Number(storyId[2]) + 5}${storyId.slice(3, 17)}${String(place).padStart(2, '0')}`;
}

/** An order's serial, and which of its returns or cancellations is meant. */
interface StoryPlace {
  readonly serial: number;
  readonly nth: number;
}

function storyIdOf(seed: number, kind: 'return' | 'cancel', shop: Shop, { serial, nth }: StoryPlace): string {
  return `${kind === 'return' ? 403 : 402}${shop.number}${tenDigits(serial)}${nth}${check(seed, shop.number, serial)}`;
}

/** 19 digits that name a package of an order. */
export function packageIdOf(orderId: string, parcel: number): string {
  return `1153${orderId.slice(3, 17)}${parcel}`;
}

/** 19 digits that name a buyer, in all shops and orders. */
export function buyerIdOf({ first, number }: Buyer): string {
  return `7494${first.shop}${tenDigits(first.serial)}${String(10_000 + number).slice(1)}`;
}

/** 19 digits that name a product. */
export function productIdOf({ shop, code, isWanted }: Pick<Product, 'shop' | 'code' | 'isWanted'>): string {
  return `${isWanted ? 17295 : 17296}${shop}${code}`;
}

/** The same of the product that a SKU belongs to. */
export function productIdOfSku({ shop, product, isWanted }: Sku): string {
  return productIdOf({ shop, code: product, isWanted });
}

/** 19 digits that name a SKU. */
export function skuIdOf({ shop, code, isWanted }: Sku): string {
  return `${isWanted ? 17297 : 17298}${shop}${code}`;
}

/** 19 digits that name a warehouse. */
export function warehouseIdOf(warehouse: number): string {
  return `74100588733123${String(warehouse)[1]}${warehouse}`;
}

/** Where the picture of a product or SKU lies. */
export function imageOf({ shop, picture }: Pick<Sku, 'shop' | 'picture'>): string {
  const isAmerican = TIKTOK_SHOPS.find(({ number }) => number === shop)?.country === 'US';
  const host = `p16-oec-${isAmerican ? 'ttp' : 'eu-common'}.tiktokcdn.com`;
  return `https://${host}/tos-maliva-i-o3syd03w52/${picture}~tplv-o3syd03w52-origin-jpeg.jpeg`;
}

function tenDigits(serial: number): string {
  return String(10_000_000_000 + serial).slice(1);
}

function check(seed: number, shop: number, serial: number): string {
  return String(10_000 + (mix(seed, shop, serial, 9) % 10_000)).slice(1);
}
