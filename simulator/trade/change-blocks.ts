import type { Shop } from './shops.ts';

const BLOCK_SECONDS = 30 * 86_400;
const BLOCKS_KEPT = 96;
/** More rows than any block has. */
const ROW_LIMIT = 2 ** 26;

/** All changes of one shop in one span of time, sorted by time and then number. */
interface Block {
  readonly times: Float64Array;
  readonly serials: Float64Array;
  /** When the next change of the same comes; infinite after its last. */
  readonly nexts: Float64Array;
  readonly stages: Uint8Array;
  /** 1 for what began with this change. */
  readonly firsts: Uint8Array;
}

/**
 * Something at its latest change, or at its beginning: its number, the second of the change, and the stage it came to (a place in a list).
 */
export interface Changed {
  readonly time: number;
  readonly serial: number;
  readonly stage: number;
}

/** From one second (inclusive) to another (exclusive), as seen at a third. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

/** Which changes a walk or a count takes: the latest of each up to the second it looks from, or those with which each began. */
export type Choice = 'latest' | 'first';

/** Where blocks get their rows. */
export interface BlockSource {
  /** The second before which a shop has no changes. */
  openingOf(shop: Shop): number;
  /** Adds every change in [from, to). */
  gather(rows: Rows, shop: Shop, span: { readonly from: number; readonly to: number }): void;
}

/**
 * The changes of many things by time. Spans of 30 days are worked out on demand and the latest used are kept, so that a page
 * of a search is a binary search and a short walk, however many things there are.
 */
export class ChangeBlocks {
  readonly #source: BlockSource;
  readonly #blocks = new Kept<Block>();

  constructor(source: BlockSource) {
    this.#source = source;
  }

  /** Those whose chosen change lies in [from, to), by that change and then number. */
  *forwards(shop: Shop, { from, to, at }: Span, choice: Choice): Generator<Changed> {
    const end = Math.min(to, at + 1);
    for (let number = blockAt(Math.max(from, this.#source.openingOf(shop))); number * BLOCK_SECONDS < end; number++) {
      const block = this.#block(shop, number);
      for (let row = firstAt(block.times, from); row < block.times.length && block.times[row]! < end; row++) {
        if (isChosen(block, row, choice, at)) yield { time: block.times[row]!, serial: block.serials[row]!, stage: block.stages[row]! };
      }
    }
  }

  /** The same, last first. */
  *backwards(shop: Shop, { from, to, at }: Span, choice: Choice): Generator<Changed> {
    const end = Math.min(to, at + 1);
    const start = Math.max(from, this.#source.openingOf(shop));
    for (let number = blockAt(end - 1); (number + 1) * BLOCK_SECONDS > start; number--) {
      const block = this.#block(shop, number);
      for (let row = firstAt(block.times, end) - 1; row >= 0 && block.times[row]! >= from; row--) {
        if (isChosen(block, row, choice, at)) yield { time: block.times[row]!, serial: block.serials[row]!, stage: block.stages[row]! };
      }
    }
  }

  /** How many of them there are, of those whose number counts. */
  count(shop: Shop, { from, to, at }: Span, choice: Choice, counts: (serial: number) => boolean = () => true): number {
    const end = Math.min(to, at + 1);
    let count = 0;
    for (let number = blockAt(Math.max(from, this.#source.openingOf(shop))); number * BLOCK_SECONDS < end; number++) {
      const block = this.#block(shop, number);
      for (let row = firstAt(block.times, from); row < block.times.length && block.times[row]! < end; row++) {
        if (isChosen(block, row, choice, at) && counts(block.serials[row]!)) count++;
      }
    }
    return count;
  }

  #block(shop: Shop, number: number): Block {
    return this.#blocks.get(`${shop.number}/${number}`, () => {
      const rows = new Rows();
      const from = number * BLOCK_SECONDS;
      this.#source.gather(rows, shop, { from, to: from + BLOCK_SECONDS });
      return rows.sorted(from);
    });
  }
}

/** The latest used of what takes long to make. */
export class Kept<Made> {
  readonly #made = new Map<string, Made>();

  get(key: string, make: () => Made): Made {
    const made = this.#made.get(key) ?? make();
    this.#made.delete(key);
    this.#made.set(key, made);
    if (this.#made.size > BLOCKS_KEPT) this.#made.delete(this.#made.keys().next().value!);
    return made;
  }
}

function isChosen({ nexts, firsts }: Block, row: number, choice: Choice, at: number): boolean {
  return choice === 'latest' ? nexts[row]! > at : firsts[row] === 1;
}

/** Collects the rows of a block in plain numbers: a busy span has hundreds of thousands. */
export class Rows {
  readonly #times: number[] = [];
  readonly #serials: number[] = [];
  readonly #nexts: number[] = [];
  readonly #stages: number[] = [];
  readonly #firsts: number[] = [];

  /** Adds those changes of one thing that lie in [from, to). */
  add(
    serial: number,
    { times, stages }: { readonly times: readonly number[]; readonly stages: readonly number[] },
    { from, to }: { readonly from: number; readonly to: number },
  ): void {
    for (let step = 0; step < times.length; step++) {
      const time = times[step]!;
      if (time < from || time >= to) continue;
      this.#times.push(time);
      this.#serials.push(serial);
      this.#nexts.push(times[step + 1] ?? Infinity);
      this.#stages.push(stages[step]!);
      this.#firsts.push(step === 0 ? 1 : 0);
    }
  }

  sorted(start: number): Block {
    const size = this.#times.length;
    // One sort of plain numbers: the second within the span, then the row.
    const order = new Float64Array(size);
    for (let row = 0; row < size; row++) order[row] = (this.#times[row]! - start) * ROW_LIMIT + row;
    order.sort();
    const block: Block = {
      times: new Float64Array(size),
      serials: new Float64Array(size),
      nexts: new Float64Array(size),
      stages: new Uint8Array(size),
      firsts: new Uint8Array(size),
    };
    for (let place = 0; place < size; place++) order[place] = order[place]! % ROW_LIMIT;
    this.#orderTies(order);
    for (let place = 0; place < size; place++) {
      const row = order[place]!;
      block.times[place] = this.#times[row]!;
      block.serials[place] = this.#serials[row]!;
      block.nexts[place] = this.#nexts[row]!;
      block.stages[place] = this.#stages[row]!;
      block.firsts[place] = this.#firsts[row]!;
    }
    return block;
  }

  /** Rows of the same second stand by number; the things of a rush, and what began in another order than it changed, break that order. */
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
