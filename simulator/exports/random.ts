/** A repeatable source of chance: the same seed text gives the same sequence on every machine. */
export interface Chance {
  /** A number from 0 up to but not including 1. */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True with this probability. */
  happens(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** One of the items, each as likely as its weight. */
  weighted<T>(items: readonly T[], weight: (item: T) => number): T;
  /** So many decimal digits, none of the leading ones dropped. */
  digits(count: number): string;
}

/** Opens the sequence of a seed text (mulberry32 over its FNV-1a hash). */
export function chanceOf(seed: string): Chance {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(seed)) state = Math.imul(state ^ byte, 0x01000193);

  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const at = <T>(items: readonly T[], index: number): T => {
    const item = items[index];
    if (item === undefined) throw new Error('nothing to choose from');
    return item;
  };

  return {
    next,
    between,
    happens: (probability) => next() < probability,
    pick: (items) => at(items, between(0, items.length - 1)),
    weighted: (items, weight) => {
      let left = next() * items.reduce((sum, item) => sum + weight(item), 0);
      const index = items.findIndex((item) => (left -= weight(item)) < 0);
      return at(items, index === -1 ? items.length - 1 : index);
    },
    digits: (count) => Array.from({ length: count }, () => between(0, 9)).join(''),
  };
}
