import type { World } from '../world.ts';
import type { Placed } from './calendar.ts';
import { LIFE_SECONDS, lifeOf } from './life.ts';
import type { Shop } from './shops.ts';

const BLOCK_SECONDS = 30 * 86_400;
const BLOCKS_KEPT = 96;
/** More rows than any block has. */
const ROW_LIMIT = 2 ** 26;

/** All changes of a shop's orders in one span of time, sorted by time and then serial. */
interface Block {
  readonly times: Float64Array;
  readonly serials: Float64Array;
  /** When the order's next change comes; infinite after its last. */
  readonly nexts: Float64Array;
  readonly statuses: Uint8Array;
}

/** An order at its latest change: its number, the second of the change, and the status it took on (a place in STATUSES). */
export interface Changed extends Placed {
  readonly status: number;
}

/**
 * Which orders changed when. Spans of 30 days are worked out on demand and the latest used are kept, so that a page
 * of a search is a binary search and a short walk, however many orders there are.
 */
export class Changes {
  readonly #world: World;
  readonly #blocks = new Map<string, Block>();

  constructor(world: World) {
    this.#world = world;
  }

  /** The orders whose latest change up to `at` lies in [from, to), by that change and then serial. */
  *latest(shop: Shop, { from, to, at }: Span): Generator<Changed> {
    const end = Math.min(to, at + 1);
    for (let number = blockAt(Math.max(from, this.#opening(shop))); number * BLOCK_SECONDS < end; number++) {
      const block = this.#block(shop, number);
      for (let row = firstAt(block.times, from); row < block.times.length && block.times[row]! < end; row++) {
        if (block.nexts[row]! > at) yield { time: block.times[row]!, serial: block.serials[row]!, status: block.statuses[row]! };
      }
    }
  }

  /** The same, latest first. */
  *latestBackwards(shop: Shop, { from, to, at }: Span): Generator<Changed> {
    const end = Math.min(to, at + 1);
    const start = Math.max(from, this.#opening(shop));
    for (let number = blockAt(end - 1); (number + 1) * BLOCK_SECONDS > start; number--) {
      const block = this.#block(shop, number);
      for (let row = firstAt(block.times, end) - 1; row >= 0 && block.times[row]! >= from; row--) {
        if (block.nexts[row]! > at) yield { time: block.times[row]!, serial: block.serials[row]!, status: block.statuses[row]! };
      }
    }
  }

  /** How many orders have their latest change up to `at` in [from, to). */
  count(shop: Shop, { from, to, at }: Span): number {
    const end = Math.min(to, at + 1);
    if (end - from < LIFE_SECONDS) return this.#countRows(shop, { from, to: end, at }, () => true);
    return Math.max(0, this.#countBefore(shop, end, at) - this.#countBefore(shop, from, at));
  }

  /** Orders older than a whole life have changed for the last time before `end`: they are counted without a look. */
  #countBefore(shop: Shop, end: number, at: number): number {
    const calendar = this.#world.calendar(shop);
    if (end <= calendar.opening) return 0;
    const young = Math.max(end - LIFE_SECONDS, calendar.opening);
    const isYoung = calendar.placedFrom(young);
    return calendar.countBefore(young) + this.#countRows(shop, { from: young, to: end, at }, isYoung);
  }

  #countRows(shop: Shop, { from, to, at }: Span, counts: (serial: number) => boolean): number {
    let count = 0;
    for (let number = blockAt(Math.max(from, this.#opening(shop))); number * BLOCK_SECONDS < to; number++) {
      const block = this.#block(shop, number);
      for (let row = firstAt(block.times, from); row < block.times.length && block.times[row]! < to; row++) {
        if (block.nexts[row]! > at && counts(block.serials[row]!)) count++;
      }
    }
    return count;
  }

  #opening(shop: Shop): number {
    return this.#world.calendar(shop).opening;
  }

  #block(shop: Shop, number: number): Block {
    const key = `${shop.number}/${number}`;
    const known = this.#blocks.get(key);
    const block = known ?? this.#build(shop, number);
    if (known) this.#blocks.delete(key);
    this.#blocks.set(key, block);
    if (this.#blocks.size > BLOCKS_KEPT) this.#blocks.delete(this.#blocks.keys().next().value!);
    return block;
  }

  #build(shop: Shop, number: number): Block {
    const start = number * BLOCK_SECONDS;
    const end = start + BLOCK_SECONDS;
    const rows = new Rows();
    for (const placed of this.#world.calendar(shop).placed(start - LIFE_SECONDS, end)) {
      const { times, statuses } = lifeOf(this.#world.seed, shop, placed);
      for (let step = 0; step < times.length; step++) {
        const time = times[step]!;
        if (time >= start && time < end) rows.add({ time, serial: placed.serial, next: times[step + 1] ?? Infinity, status: statuses[step]! });
      }
    }
    return rows.sorted(start);
  }
}

/** Collects the rows of a block in plain numbers: a busy span has hundreds of thousands. */
class Rows {
  readonly #times: number[] = [];
  readonly #serials: number[] = [];
  readonly #nexts: number[] = [];
  readonly #statuses: number[] = [];

  add({ time, serial, next, status }: { time: number; serial: number; next: number; status: number }): void {
    this.#times.push(time);
    this.#serials.push(serial);
    this.#nexts.push(next);
    this.#statuses.push(status);
  }

  sorted(start: number): Block {
    const size = this.#times.length;
    // One sort of plain numbers: the second within the span, then the row.
    const order = new Float64Array(size);
    for (let row = 0; row < size; row++) order[row] = (this.#times[row]! - start) * ROW_LIMIT + row;
    order.sort();
    const block: Block = { times: new Float64Array(size), serials: new Float64Array(size), nexts: new Float64Array(size), statuses: new Uint8Array(size) };
    for (let place = 0; place < size; place++) order[place] = order[place]! % ROW_LIMIT;
    this.#orderTies(order);
    for (let place = 0; place < size; place++) {
      const row = order[place]!;
      block.times[place] = this.#times[row]!;
      block.serials[place] = this.#serials[row]!;
      block.nexts[place] = this.#nexts[row]!;
      block.statuses[place] = this.#statuses[row]!;
    }
    return block;
  }

  /** Rows of the same second stand in the order in which their orders were placed; a rush order among them breaks the order of serials. */
  #orderTies(order: Float64Array): void {
    for (let place = 1; place < order.length; place++) {
      for (let at = place; at > 0; at--) {
        const row = order[at]!;
        const before = order[at - 1]!;
        if (this.#times[row] !== this.#times[before] || this.#serials[row]! > this.#serials[before]!) break;
        order[at] = before;
        order[at - 1] = row;
      }
    }
  }
}

/** From one second (inclusive) to another (exclusive), as seen at a third. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

function blockAt(time: number): number {
  return Math.floor(time / BLOCK_SECONDS);
}

/** The first row at or after a second. */
function firstAt(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
