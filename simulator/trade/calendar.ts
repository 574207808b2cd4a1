import { Random, mix } from '../random.ts';
import { rushCount, rushTimes, isRushTime, type Rush } from './rushes.ts';
import { OPENING, ordersOn, timeOfDay } from './seasons.ts';
import type { Shop } from './shops.ts';

/** Serials from here on stand for rush orders: this plus the second since `RUSH_ZERO` at which one was placed. */
export const FIRST_RUSH_SERIAL = 2 ** 31;
/** 2024-11-01T00:00:00Z, before any shop opens. */
const RUSH_ZERO = 1_730_419_200;

/** What decides how many orders there are. */
export interface CalendarOptions {
  readonly seed: number;
  readonly scale: number;
  readonly rushes: readonly Rush[];
}

/** An order as the calendar knows it: its number within the shop and the second it was placed. */
export interface Placed {
  readonly serial: number;
  readonly time: number;
}

/**
 * When each order of one shop was placed. Ordinary orders are numbered 0, 1, 2, … in order of time, for ever;
 * a number gives its time and a time its number without walking through the orders between.
 */
export class Calendar {
  readonly #shop: Shop;
  readonly #options: CalendarOptions;
  /** The first second of each day of the shop's clock, and the serial of its first order. */
  readonly #starts: number[] = [];
  readonly #serials: number[] = [];

  constructor(shop: Shop, options: CalendarOptions) {
    this.#shop = shop;
    this.#options = options;
    this.#starts.push(this.#startOf(0));
    this.#serials.push(0);
  }

  /** The second before which nothing happens. */
  get opening(): number {
    return this.#starts[0]!;
  }

  /** How many orders were placed before a second, rushes included. */
  countBefore(time: number): number {
    return this.serialAt(time) + rushCount(this.#options.rushes, this.#shop, time);
  }

  /** How many ordinary orders were placed before a second: the serial of the first one at or after it. */
  serialAt(time: number): number {
    if (time <= this.opening) return 0;
    const day = this.#dayAt(time);
    let low = this.#serials[day]!;
    let high = this.#serials[day + 1]!;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#timeIn(day, middle) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Tells of a serial, without working out its time, whether the order was placed at or after a second. */
  placedFrom(time: number): (serial: number) => boolean {
    const ordinary = this.serialAt(time);
    const rush = FIRST_RUSH_SERIAL + time - RUSH_ZERO;
    return (serial) => serial >= (serial >= FIRST_RUSH_SERIAL ? rush : ordinary);
  }

  /** The second at which an order was placed; undefined for a rush serial that no rush has. */
  timeOf(serial: number): number | undefined {
    if (serial >= FIRST_RUSH_SERIAL) {
      const time = serial - FIRST_RUSH_SERIAL + RUSH_ZERO;
      return isRushTime(this.#options.rushes, this.#shop, time) ? time : undefined;
    }
    return this.#timeIn(this.#dayOf(serial), serial);
  }

  /** The orders placed from one second (inclusive) to another (exclusive), by time and then serial. */
  *placed(from: number, to: number): Generator<Placed> {
    if (to <= this.opening) return;
    const first = this.#dayAt(Math.max(from, this.opening));
    const last = this.#dayAt(to - 1);
    for (let day = first; day <= last; day++) yield* this.#placedOn(day, { from, to });
  }

  /** The same, newest first. */
  *placedBackwards(from: number, to: number): Generator<Placed> {
    if (to <= this.opening) return;
    const first = this.#dayAt(Math.max(from, this.opening));
    for (let day = this.#dayAt(to - 1); day >= first; day--) yield* this.#placedOn(day, { from, to }).toReversed();
  }

  #placedOn(day: number, { from, to }: { from: number; to: number }): Placed[] {
    const list: Placed[] = [];
    for (let serial = this.#serials[day]!; serial < this.#serials[day + 1]!; serial++) {
      const time = this.#timeIn(day, serial);
      if (time >= from && time < to) list.push({ serial, time });
    }
    const window = { from: Math.max(from, this.#starts[day]!), to: Math.min(to, this.#starts[day + 1]!) };
    const rush = rushTimes(this.#options.rushes, this.#shop, window);
    if (rush.length === 0) return list;
    for (const time of rush) list.push({ serial: FIRST_RUSH_SERIAL + time - RUSH_ZERO, time });
    return list.sort((one, other) => one.time - other.time || one.serial - other.serial);
  }

  /** Orders are spread evenly over a day's shape, each by chance within its own share: later serials are never earlier. */
  #timeIn(day: number, serial: number): number {
    const first = this.#serials[day]!;
    const share =
      (serial - first + new Random(mix(this.#options.seed, this.#shop.number, serial, 7)).next()) / (this.#serials[day + 1]! - first);
    const start = this.#starts[day]!;
    return start + Math.min(Math.floor(timeOfDay(share) * (this.#starts[day + 1]! - start)), this.#starts[day + 1]! - start - 1);
  }

  #dayAt(time: number): number {
    while (this.#starts.at(-1)! <= time) this.#addDay();
    return lastAtMost(this.#starts, time);
  }

  #dayOf(serial: number): number {
    while (this.#serials.at(-1)! <= serial) this.#addDay();
    return lastAtMost(this.#serials, serial);
  }

  #addDay(): void {
    const day = this.#starts.length - 1;
    const count = ordersOn(this.#options.seed, this.#shop, { day, date: OPENING.add({ days: day }), scale: this.#options.scale });
    this.#serials.push(this.#serials[day]! + count);
    this.#starts.push(this.#startOf(day + 1));
  }

  #startOf(day: number): number {
    return Math.floor(OPENING.add({ days: day }).toZonedDateTime(this.#shop.zone).epochMilliseconds / 1000);
  }
}

/** The last place whose number is at most the wanted one; the list is sorted, and its first entry is. */
function lastAtMost(sorted: readonly number[], wanted: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (sorted[middle]! <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
