import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { PlatformId } from '../src/model/shop.ts';
import { PROVINCES } from './provinces.ts';

/** The world's last day, the "today" of every question; its first order is 24 months older. */
export const LAST_DAY = '2026-11-22';
export const ZONE = 'Europe/Madrid';
const DAYS = 730;
const SKUS = 20_000;
/** Buyers to draw from for each order: with repeats, 1,000,000 orders come from about 750,000 of them. */
const BUYERS_PER_ORDER = 1.65;
const WRITE_CHARACTERS = 1 << 20;

/** Which world: the same seed and size give the same orders on every machine. */
export interface World {
  readonly orders: number;
  readonly seed: number;
}

export interface WorldLine {
  readonly lineId: string;
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly quantity: number;
  /** In cents; null where the source gives no price. */
  readonly unitPrice: number | null;
  /** Of the whole line, borne by the seller, in cents. */
  readonly discount: number;
}

/** An order as its platform would tell it; times on the shop's clock (`YYYY-MM-DD HH:mm:ss`), '' where there is none. */
export interface WorldOrder {
  readonly platform: PlatformId;
  readonly shop: string;
  readonly orderId: string;
  readonly createdAt: string;
  readonly paidAt: string;
  readonly updatedAt: string;
  readonly status: string;
  readonly buyer: string;
  readonly province: string;
  readonly city: string;
  readonly lines: readonly WorldLine[];
}

/** A platform's order file. */
export interface WorldFile {
  readonly platform: PlatformId;
  readonly path: string;
  readonly bytes: number;
}

const PLATFORMS = [
  { platform: 'TikTok', share: 0.45, shops: ['ES-Moda', 'ES-Hogar'] },
  { platform: 'Shein', share: 0.3, shops: ['shein-es', 'shein-es-outlet'] },
  { platform: 'Amazon', share: 0.25, shops: ['Amazon.es', 'Amazon.es FBA'] },
] as const;
const CATEGORIES = ['Clothes', 'Kitchen', 'Beauty', 'Toys', 'Garden', 'Shoes', 'Office', 'Pets'] as const;
/** The words of the file's status column that are no sale; the others are. */
export const NO_SALE = ['Unpaid', 'Cancelled'] as const;

/** What is drawn for an order; the numbers of its lines stand behind. */
const DRAW = { platform: 0, shop: 1, status: 2, buyer: 3, province: 4, lines: 5, time: 6, id: 7, line: 16 } as const;
const DRAWS_PER_LINE = 4;

/** The file's columns, in order. */
export const HEADER = [
  'Order ID',
  'Line ID',
  'Shop',
  'Status',
  'Created',
  'Paid',
  'Updated',
  'SKU',
  'Product',
  'Category',
  'Quantity',
  'Unit price',
  'Discount',
  'Currency',
  'Buyer',
  'Country',
  'Province',
  'City',
] as const;

/** The `index`-th order by time of purchase; numbers from `world.orders` on are orders placed after the last day. */
export function orderAt({ orders, seed }: World, index: number): WorldOrder {
  const draw = (what: number): number => drawn(seed, index, what);
  const { platform, share, shops } = pick(PLATFORMS, draw(DRAW.platform), (each) => each.share);
  const status = statusOf(draw(DRAW.status), index / orders);
  const placed = secondsAt(index, orders, draw(DRAW.time));
  const province = draw(DRAW.province) < 0.995 ? pick(PROVINCES, drawn(seed + 1, index, DRAW.province), ({ weight }) => weight) : null;
  return {
    platform,
    shop: draw(DRAW.shop) < 0.65 ? shops[0] : shops[1],
    orderId: `${57 + PLATFORMS.findIndex((each) => each.platform === platform)}${String(index).padStart(9, '0')}${String(Math.floor(draw(DRAW.id) * 1e7)).padStart(7, '0')}`,
    createdAt: clock(placed),
    paidAt: status === 'Unpaid' ? '' : clock(placed + Math.floor(draw(DRAW.time) * 600)),
    updatedAt: clock(placed + Math.floor(draw(DRAW.id) * 864_000)),
    status,
    buyer: `B${Math.floor(draw(DRAW.buyer) * orders * share * BUYERS_PER_ORDER)}`,
    province: province?.name ?? '',
    city: province?.city ?? '',
    lines: Array.from(
      {
        length: pick(
          [
            [1, 0.55],
            [2, 0.27],
            [3, 0.12],
            [4, 0.06],
          ] as const,
          draw(DRAW.lines),
          ([, often]) => often,
        )[0],
      },
      (_, n) => lineAt(seed, index, n),
    ),
  };
}

function lineAt(seed: number, index: number, n: number): WorldLine {
  const draw = (what: number): number => drawn(seed, index, DRAW.line + n * DRAWS_PER_LINE + what);
  // Zipf with exponent 1: the logarithm of the rank is uniform.
  const rank = Math.floor(Math.exp(draw(0) * Math.log(SKUS + 1)));
  const quantity = pick(
    [
      [1, 0.85],
      [2, 0.12],
      [3, 0.03],
    ] as const,
    draw(1),
    ([, often]) => often,
  )[0];
  const price = 499 + Math.floor(drawn(seed, rank, 1_000) * 7_500);
  const category = CATEGORIES[rank % CATEGORIES.length]!;
  return {
    lineId: `${index}-${n + 1}`,
    sku: `S7-${String(rank).padStart(5, '0')}`,
    name: `${category} item ${rank} in colour ${rank % 7}`,
    category,
    quantity,
    unitPrice: draw(2) < 0.001 ? null : price,
    discount: draw(3) < 0.1 ? Math.floor(price * quantity * 0.15) : 0,
  };
}

/** Writes the orders to one CSV file for each platform, in order of purchase, one row for each line. */
export function writeWorld(world: World, folder: string): WorldFile[] {
  const files = PLATFORMS.map(({ platform }) => {
    const path = join(folder, `${platform.toLowerCase()}.csv`);
    return { platform, path, descriptor: openSync(path, 'w'), text: `${HEADER.join(',')}\n` };
  });
  for (let index = 0; index < world.orders; index++) {
    const order = orderAt(world, index);
    const file = files.find(({ platform }) => platform === order.platform)!;
    for (const cells of rowsOf(order)) file.text += `${cells.join(',')}\n`;
    if (file.text.length < WRITE_CHARACTERS) continue;
    writeSync(file.descriptor, file.text);
    file.text = '';
  }
  return files.map(({ platform, path, descriptor, text }) => {
    writeSync(descriptor, text);
    closeSync(descriptor);
    return { platform, path, bytes: statSync(path).size };
  });
}

/** The rows of an order as the file holds them. */
export function rowsOf(order: WorldOrder): string[][] {
  return order.lines.map((line) => [
    order.orderId,
    line.lineId,
    order.shop,
    order.status,
    order.createdAt,
    order.paidAt,
    order.updatedAt,
    line.sku,
    line.name,
    line.category,
    String(line.quantity),
    line.unitPrice === null ? '' : euros(line.unitPrice),
    euros(line.discount),
    'EUR',
    order.buyer,
    'Spain',
    order.province,
    order.city,
  ]);
}

function euros(cents: number): string {
  return (cents / 100).toFixed(2);
}

/** 6 % are cancelled; the last day's orders are partly unpaid, older ones have come to their end. */
function statusOf(chance: number, age: number): string {
  if (chance < 0.06) return 'Cancelled';
  if (chance < (age > 0.97 ? 0.12 : 0.07)) return 'Unpaid';
  return age > 0.98 ? 'Shipped' : 'Completed';
}

/** Seconds from the first midnight: three times as many orders a day at the end as at the beginning. */
function secondsAt(index: number, orders: number, jitter: number): number {
  const place = (index + jitter) / orders;
  return Math.floor((Math.sqrt(0.25 + 2 * place) - 0.5) * DAYS * 86_400);
}

const FIRST_MIDNIGHT = Date.parse(`${LAST_DAY}T00:00:00Z`) - (DAYS - 1) * 86_400_000;

function clock(seconds: number): string {
  return new Date(FIRST_MIDNIGHT + seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

function pick<T>(things: readonly T[], chance: number, weight: (thing: T) => number): T {
  let left = chance * things.reduce((sum, thing) => sum + weight(thing), 0);
  for (const thing of things) {
    left -= weight(thing);
    if (left < 0) return thing;
  }
  return things.at(-1)!;
}

/** A number from 0 up to 1 that depends on nothing but its arguments. */
function drawn(seed: number, index: number, what: number): number {
  let bits = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(what + 1, 0x85ebca6b) ^ Math.imul(seed + 1, 0xc2b2ae35);
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
}
