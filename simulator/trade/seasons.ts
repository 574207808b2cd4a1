import { Random, mix } from '../random.ts';
import type { Category } from './catalogue.ts';
import type { Country, Shop } from './shops.ts';

/** The shops open on this day of their own clock. */
export const OPENING = Temporal.PlainDate.from('2024-12-01');

/** Monday to Sunday. */
const WEEK = [0.94, 0.91, 0.93, 0.97, 1.02, 1.08, 1.15];

/** January to December. */
const YEAR = [0.92, 0.84, 0.88, 0.9, 0.95, 0.96, 0.98, 0.86, 0.95, 1.06, 1.3, 1.36];

/** Peaks by month and day: from, to, factor, and in which markets (all when none is named). */
const PEAKS: readonly { from: number; to: number; factor: number; countries?: readonly Country[] }[] = [
  { from: 101, to: 104, factor: 1.35, countries: ['ES', 'MX'] },
  { from: 208, to: 213, factor: 1.25 },
  { from: 526, to: 603, factor: 1.5, countries: ['MX'] },
  { from: 708, to: 714, factor: 1.8 },
  { from: 1007, to: 1010, factor: 1.5 },
  { from: 1111, to: 1111, factor: 1.9 },
  { from: 1114, to: 1117, factor: 2.1, countries: ['MX'] },
  { from: 1219, to: 1231, factor: 0.7 },
];

/** How an hour of the shop's day compares with the others. */
const HOURS = [22, 12, 7, 4, 3, 5, 12, 22, 32, 40, 46, 50, 54, 56, 52, 48, 48, 52, 60, 72, 88, 96, 84, 48];

const BASKETS: Record<Category, readonly number[]> = {
  home: [28, 27, 27, 26, 25, 24, 24, 24, 28, 32, 33, 30],
  kitchen: [27, 26, 26, 26, 27, 27, 27, 27, 28, 27, 27, 24],
  beauty: [33, 37, 35, 36, 37, 38, 38, 37, 33, 29, 25, 22],
  toys: [14, 9, 10, 10, 10, 11, 11, 12, 11, 14, 21, 27],
  clothes: [16, 13, 14, 15, 16, 15, 16, 15, 17, 18, 19, 16],
};

/** How many orders a shop takes on a day that is so many days after its opening; never negative. */
export function ordersOn(seed: number, shop: Shop, { day, date, scale }: { day: number; date: Temporal.PlainDate; scale: number }): number {
  const random = new Random(mix(seed, 800 + shop.number, day));
  const noise = 0.86 + 0.28 * random.next();
  return Math.floor(shop.ordersADay * scale * growth(day) * season(date) * peak(shop.country, date) * noise + random.next());
}

/** The part of a local day, 0 to 1, by which a share of its orders has come in. */
export function timeOfDay(share: number): number {
  const at = share * QUANTILE_STEPS;
  const step = Math.min(Math.floor(at), QUANTILE_STEPS - 1);
  return QUANTILES[step]! + (QUANTILES[step + 1]! - QUANTILES[step]!) * (at - step);
}

/** A category, from a number in [0, 1): more toys before Christmas, more beauty in spring. */
export function categoryIn(month: number, share: number): Category {
  const weight = (category: Category): number => BASKETS[category][month - 1]!;
  let left = share * (weight('home') + weight('kitchen') + weight('beauty') + weight('toys') + weight('clothes'));
  for (const category of ['home', 'kitchen', 'beauty', 'toys'] as const) {
    left -= weight(category);
    if (left < 0) return category;
  }
  return 'clothes';
}

/** A young shop grows fast, then by a quarter a year, then settles. */
function growth(day: number): number {
  const opening = 0.35 + 0.65 * Math.min(1, day / 90);
  return opening * Math.min(2, 0.76 + (0.25 * day) / 730);
}

function season(date: Temporal.PlainDate): number {
  const here = YEAR[date.month - 1]!;
  const toward = YEAR[(date.day < 15 ? date.month + 10 : date.month) % 12]!;
  const away = Math.abs(date.day - 15) / 30;
  return (here * (1 - away) + toward * away) * WEEK[date.dayOfWeek - 1]!;
}

function peak(country: Country, date: Temporal.PlainDate): number {
  const monthDay = date.month * 100 + date.day;
  let factor = 1;
  for (const { from, to, factor: more, countries } of PEAKS) {
    if (monthDay >= from && monthDay <= to && (countries?.includes(country) ?? true)) factor *= more;
  }
  const afterBlackFriday = blackFriday(date.year).until(date).days;
  if (afterBlackFriday === 0) return factor * 2.8;
  if (afterBlackFriday === 3) return factor * 2.2;
  return afterBlackFriday >= -4 && afterBlackFriday < 3 ? factor * 1.6 : factor;
}

/** The day after the fourth Thursday of November. */
function blackFriday(year: number): Temporal.PlainDate {
  const first = Temporal.PlainDate.from({ year, month: 11, day: 1 });
  return first.add({ days: ((4 - first.dayOfWeek + 7) % 7) + 22 });
}

const QUANTILE_STEPS = 2048;
const QUANTILES = quantiles();

function quantiles(): Float64Array {
  const total = HOURS.reduce((sum, weight) => sum + weight, 0);
  const table = new Float64Array(QUANTILE_STEPS + 1);
  let hour = 0;
  let before = 0;
  for (let step = 0; step <= QUANTILE_STEPS; step++) {
    const wanted = (step / QUANTILE_STEPS) * total;
    while (hour < 23 && before + HOURS[hour]! < wanted) before += HOURS[hour++]!;
    table[step] = Math.min(1, (hour + (wanted - before) / HOURS[hour]!) / 24);
  }
  return table;
}
