import { expect, test } from 'vitest';
import { orderText } from './wire-order.ts';
import { LIFE_SECONDS } from '../trade/life.ts';
import { World, type WorldOptions } from '../trade/world.ts';
import { buyerIdOf, decodeOrderId } from './ids.ts';
import { TIKTOK_SHOPS } from './shops.ts';
import { TikTokWorld } from './tiktok-world.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z') / 1000;
const DAY = 86_400;
const YEAR = 365 * DAY;

function open(options: Partial<Omit<WorldOptions, 'products'>> = {}): TikTokWorld {
  return new TikTokWorld(new World({ seed: 's7', scale: 1, rushes: [], shops: TIKTOK_SHOPS, ...options }));
}

function bytes(world: TikTokWorld, at: number): string {
  return world.shops
    .flatMap((shop) => [...world.calendar(shop).placed(NOW - 3 * DAY, NOW)].map((placed) => orderText(world.order(shop, placed), at)))
    .join('\n');
}

test('the same seed and instant give the same bytes; another seed gives others', () => {
  expect(bytes(open(), NOW)).toBe(bytes(open(), NOW));
  expect(bytes(open({ seed: 'other' }), NOW)).not.toBe(bytes(open(), NOW));
});

test('a rush changes nothing of the ordinary orders', () => {
  const rush = { from: Temporal.Instant.from('2026-11-23T09:00:00Z'), to: Temporal.Instant.from('2026-11-23T10:00:00Z'), everySeconds: 5 };
  const [calm, busy] = [open(), open({ rushes: [rush] })];
  const ids = (world: TikTokWorld): string[] =>
    world.shops.flatMap((shop) => [...world.calendar(shop).placed(NOW - DAY, NOW)].map((placed) => world.order(shop, placed).id));
  const added = new Set(ids(busy)).difference(new Set(ids(calm)));
  expect(new Set(ids(calm)).isSubsetOf(new Set(ids(busy)))).toBe(true);
  expect(added.size).toBe(720);
  for (const id of added) expect(busy.find(id, NOW)?.id).toBe(id);
  expect(() => open({ rushes: [rush, rush] })).toThrow(RangeError);
});

test('an order is found by its id alone, from the second it was placed', () => {
  const world = open();
  for (const shop of world.shops) {
    for (const placed of world.calendar(shop).placed(NOW - DAY, NOW)) {
      const { id } = world.order(shop, placed);
      expect(id).toMatch(/^\d{18}$/);
      expect(decodeOrderId(world.seed, id)).toEqual({ shop, serial: placed.serial });
      expect(world.find(id, NOW)?.life.time).toBe(placed.time);
      expect(world.find(id, placed.time - 1)).toBeUndefined();
    }
  }
  expect(world.find('576123456789012345', NOW)).toBeUndefined();
});

test('later numbers are never placed earlier, and numbers and times find each other', () => {
  const world = open();
  for (const shop of world.shops) {
    const calendar = world.calendar(shop);
    let last = 0;
    let count = 0;
    for (const { serial, time } of calendar.placed(0, NOW)) {
      expect(time).toBeGreaterThanOrEqual(last);
      expect(serial).toBe(count++);
      last = time;
    }
    expect(calendar.countBefore(NOW)).toBe(count);
    for (const serial of [0, 1, 500, count - 1]) {
      const time = calendar.timeOf(serial)!;
      expect(calendar.serialAt(time)).toBeLessThanOrEqual(serial);
      expect(calendar.serialAt(time + 1)).toBeGreaterThan(serial);
    }
  }
});

test('a year of the three shops in Europe and America is about 24,000 orders, forty times that at scale 40', () => {
  const ofYear = (world: TikTokWorld): number =>
    world.shops
      .filter(({ country }) => country !== 'MX')
      .reduce((sum, shop) => sum + world.calendar(shop).countBefore(NOW) - world.calendar(shop).countBefore(NOW - YEAR), 0);
  const once = ofYear(open());
  expect(once).toBeGreaterThan(22_500);
  expect(once).toBeLessThan(25_500);
  expect(Math.abs(ofYear(open({ scale: 40 })) / once - 40)).toBeLessThan(1);
  const all = open({ scale: 40 });
  expect(all.shops.reduce((sum, shop) => sum + all.calendar(shop).countBefore(NOW), 0)).toBeGreaterThan(1_000_000);
});

test('the world goes on: ten years later there are orders as well', () => {
  const world = open();
  const later = NOW + 10 * YEAR;
  for (const shop of world.shops)
    expect(world.calendar(shop).countBefore(later) - world.calendar(shop).countBefore(later - 30 * DAY)).toBeGreaterThan(200);
});

test('nothing changes later than a life after it was placed, but a few orders change after five weeks', () => {
  const world = open();
  const spans = world.shops.flatMap((shop) => [...world.orders(shop, NOW)].map(({ life }) => life.times.at(-1)! - life.time));
  expect(Math.max(...spans.map((span) => span / LIFE_SECONDS))).toBeLessThan(1);
  expect(spans.filter((span) => span > 33 * DAY).length).toBeGreaterThan(10);
});

test("about a third of the buyers come back, some of them to the seller's other shop", () => {
  const world = open();
  const shopsOf = new Map<string, { orders: number; shops: Set<number> }>();
  for (const shop of world.shops.slice(0, 2)) {
    for (const { buyer } of world.orders(shop, NOW)) {
      const known = shopsOf.get(buyerIdOf(buyer)) ?? { orders: 0, shops: new Set() };
      shopsOf.set(buyerIdOf(buyer), { orders: known.orders + 1, shops: known.shops.add(shop.number) });
    }
  }
  const buyers = [...shopsOf.values()];
  const share = buyers.filter(({ orders }) => orders > 1).length / buyers.length;
  expect(share).toBeGreaterThan(0.3);
  expect(share).toBeLessThan(0.42);
  expect(buyers.filter(({ shops }) => shops.size > 1).length).toBeGreaterThan(100);
});

test('evenings sell more than nights, December more than February, and Black Friday is the best day', () => {
  const world = open();
  const shop = world.shops[0]!;
  const hours = Array<number>(24).fill(0);
  const days = new Map<string, number>();
  const months = new Map<string, number>();
  for (const { time } of world.calendar(shop).placed(0, NOW)) {
    const local = Temporal.Instant.fromEpochMilliseconds(time * 1000).toZonedDateTimeISO(shop.zone);
    hours[local.hour]!++;
    const day = local.toPlainDate().toString();
    days.set(day, (days.get(day) ?? 0) + 1);
    months.set(day.slice(0, 7), (months.get(day.slice(0, 7)) ?? 0) + 1);
  }
  expect(hours[21]!).toBeGreaterThan(10 * hours[4]!);
  expect(months.get('2025-12')!).toBeGreaterThan(1.2 * months.get('2026-02')!);
  const best = [...days].filter(([day]) => day.startsWith('2025')).toSorted(([, one], [, other]) => other - one)[0]!;
  expect(best[0]).toBe('2025-11-28');
});

test('about 370 SKUs of 138 products, their seller SKUs shared between the shops, most popular first by far', () => {
  const world = open();
  const [first, second] = world.shops.map((shop) => world.catalogue(shop).skus);
  expect(new Set(first!.map(({ product }) => product)).size).toBe(138);
  expect(first!.length).toBeGreaterThan(330);
  const codes = (skus: typeof first): Set<string> => new Set(skus!.flatMap(({ sellerSku }) => sellerSku ?? []));
  expect(codes(first).intersection(codes(second)).size).toBeGreaterThan(250);
  const sold = new Map<string, number>();
  for (const { basket } of world.orders(world.shops[0]!, NOW))
    for (const { sku } of basket.pieces) sold.set(sku.code, (sold.get(sku.code) ?? 0) + 1);
  const counts = [...sold.values()].toSorted((one, other) => other - one);
  const top = counts.slice(0, 30).reduce((sum, count) => sum + count, 0) / counts.reduce((sum, count) => sum + count, 0);
  expect(top).toBeGreaterThan(0.3);
  expect(counts.length).toBeGreaterThan(270);
});
