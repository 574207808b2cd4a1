/** 32 bits that stand for a text. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return scramble(hash);
}

/** 32 bits that stand for a seed and up to three numbers; their order counts. */
export function mix(seed: number, first: number, second = 0, third = 0): number {
  let hash = scramble(seed ^ Math.imul(first + 1, 0x9e3779b1));
  hash = scramble(hash ^ Math.imul(second + 1, 0x85ebca6b));
  return scramble(hash ^ Math.imul(third + 1, 0xc2b2ae35));
}

function scramble(bits: number): number {
  let hash = bits ^ (bits >>> 16);
  hash = Math.imul(hash, 0x21f0aaad);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x735a2d97);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** A run of numbers that looks like chance and is the same for the same seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A number in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number in [0, end). */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  /** A whole number in [from, to]. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** One of a list that has at least one. */
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** Digits, the first of them not 0. */
  digits(count: number): string {
    let text = String(this.between(1, 9));
    while (text.length < count) text += String(1_000_000 + this.below(1_000_000)).slice(1);
    return text.slice(0, count);
  }
}

/** Picks by weight: the function takes a number in [0, 1) and gives the item whose share it falls into. */
export function weighted<T>(items: readonly T[], weightOf: (item: T) => number): (share: number) => T {
  const ends = new Float64Array(items.length);
  let total = 0;
  items.forEach((item, at) => {
    total += weightOf(item);
    ends[at] = total;
  });
  return (share) => {
    const wanted = share * total;
    let low = 0;
    let high = items.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    return items[low]!;
  };
}
