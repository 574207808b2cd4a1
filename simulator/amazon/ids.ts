import { hashText, mix } from '../random.ts';
import type { Sku } from '../trade/catalogue.ts';
import { AMAZON_SHOPS, type AmazonShop } from './shops.ts';

/** 14 digits are dealt out by multiplication, so that neighbours of a shop have nothing in common in their ids. */
const SPACE = 10n ** 14n;
const FACTOR = 34_567_891_234_567n;
const INVERSE = inverseOf(FACTOR);

/** `404-1234567-7654321`: the shop, the serial and two digits that only the right seed makes, unrecognizable. */
export function orderIdOf(seed: number, { number, marketplace: { prefixes } }: AmazonShop, serial: number): string {
  const check = checkOf(seed, number, serial);
  const digits = String((BigInt(`${number}${tenDigits(serial)}${twoDigits(check % 100)}`) * FACTOR) % SPACE).padStart(14, '0');
  return `${prefixes[check % prefixes.length]}-${digits.slice(0, 7)}-${digits.slice(7)}`;
}

/** The shop and serial an order id stands for; undefined for an id this world never gave out. */
export function decodeOrderId(seed: number, id: string): { shop: AmazonShop; serial: number } | undefined {
  if (!ORDER_ID.test(id)) return undefined;
  const digits = String((BigInt(digitsOf(id).slice(3)) * INVERSE) % SPACE).padStart(14, '0');
  const shop = AMAZON_SHOPS.find(({ number }) => number === Number(digits.slice(0, 2)));
  const serial = Number(digits.slice(2, 12));
  return shop && orderIdOf(seed, shop, serial) === id ? { shop, serial } : undefined;
}

/** An order id without its hyphens. */
export function digitsOf(orderId: string): string {
  return orderId.replaceAll('-', '');
}

/** What an order id looks like. */
export const ORDER_ID = /^\d{3}-\d{7}-\d{7}$/;

/** 14 digits that name a line of an order. */
export function itemIdOf(orderId: string, place: number): string {
  const digits = (BigInt(digitsOf(orderId).slice(3)) * 7n + BigInt(place) * 60_013n + 11n) % SPACE;
  return String(digits).padStart(14, '3');
}

/** The seller's code, the same as elsewhere; where the seller gave none, Amazon has made one up. */
export function sellerSkuOf({ sellerSku, code }: Sku): string {
  if (sellerSku !== undefined) return sellerSku;
  const letters = wordOf(hashText(code), 10);
  return `${letters.slice(0, 2)}-${letters.slice(2, 6)}-${letters.slice(6)}`;
}

/** `B0…`: one for the same seller's SKU in every marketplace. */
export function asinOf(sku: Sku): string {
  return `B0${wordOf(hashText(sellerSkuOf(sku)), 8)}`;
}

/** `X0…`: what Amazon's warehouses call it. */
export function fnskuOf(sku: Sku): string {
  return `X0${wordOf(hashText(`fn ${sellerSkuOf(sku)}`), 8)}`;
}

/** What the seller calls it on Amazon, where a brand is written with its signs. */
export function titleOf({ productName, skuName }: Sku): string {
  return `Estrella Hogar™ ${productName} – ${skuName}`;
}

const SIGNS = '0123456789ABCDEFGHJKLMNPQRSTVWXYZ';

function wordOf(hash: number, length: number): string {
  let text = '';
  for (let at = 0; at < length; at++) text += SIGNS[mix(hash, at) % SIGNS.length];
  return text;
}

function checkOf(seed: number, shop: number, serial: number): number {
  return mix(seed, shop, serial, 9) % 10_000;
}

function tenDigits(serial: number): string {
  return String(10_000_000_000 + serial).slice(1);
}

function twoDigits(number: number): string {
  return String(100 + number).slice(1);
}

/** Euclid's way. */
function inverseOf(factor: bigint): bigint {
  let [rest, next] = [SPACE, factor];
  let [was, is] = [0n, 1n];
  while (next !== 0n) {
    const times = rest / next;
    [rest, next] = [next, rest - times * next];
    [was, is] = [is, was - times * is];
  }
  if (rest !== 1n) throw new RangeError('the factor has no inverse');
  return ((was % SPACE) + SPACE) % SPACE;
}
