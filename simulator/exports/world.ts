import { dayInMadrid, drawMoments } from './calendar.ts';
import { appetite, GIFT, listPrice, SKUS, type Platform, type Sku } from './catalogue.ts';
import { chanceOf, type Chance } from './random.ts';

/** One SKU in a basket; money in cents. */
export interface Item {
  readonly sku: Sku;
  readonly quantity: number;
  readonly unitCents: number;
}

/** One purchase, before a platform gives it a number, a status and a course of events. */
export interface Sale {
  readonly at: number;
  readonly items: readonly Item[];
}

/** What a writer hands back: the bytes and what is in them. */
export interface ExampleFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly orders: number;
  readonly lines: number;
}

/** Draws a basket line of a platform on the day of `at`. */
export function drawItem(chance: Chance, platform: Platform, at: number): Item {
  const day = dayInMadrid(at);
  const sku = chance.weighted(appetites(platform, day), (one) => one.weight).sku;
  return {
    sku,
    quantity: chance.weighted([1, 2, 3, 4], (units) => [0, 92, 6, 1.5, 0.5][units] ?? 0),
    unitCents: listPrice(sku, platform, day),
  };
}

const appetiteCache = new Map<string, { sku: Sku; weight: number }[]>();

function appetites(platform: Platform, day: string): { sku: Sku; weight: number }[] {
  const key = `${platform} ${day}`;
  const known = appetiteCache.get(key) ?? SKUS.map((sku) => ({ sku, weight: appetite(sku, platform, day) }));
  appetiteCache.set(key, known);
  return known;
}

const EVERY_NTH_HAS_A_TWIN_LINE = 640;
const EVERY_NTH_HAS_A_GIFT = 290;

/** A year of purchases on one platform, oldest first. `growth` is the daily rate at the end over that at the start. */
export function salesOf(platform: Platform, count: number, growth: number): Sale[] {
  const chance = chanceOf(`sales ${platform}`);
  return drawMoments(chance, count, growth).map((at, index) => {
    const first = drawItem(chance, platform, at);
    const items = [first];
    for (const another of [0.15, 0.2, 0.2]) {
      if (!chance.happens(another)) break;
      const next = drawItem(chance, platform, at);
      if (items.every((item) => item.sku !== next.sku)) items.push(next);
    }
    if (index % EVERY_NTH_HAS_A_TWIN_LINE === 77) items.push({ ...first, quantity: 1 });
    if (index % EVERY_NTH_HAS_A_GIFT === 120) items.push({ sku: GIFT, quantity: 1, unitCents: 0 });
    return { at, items };
  });
}

/** Cents as a plain decimal, `1299` → `12.99`. */
export function decimal(cents: number): string {
  return `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}
