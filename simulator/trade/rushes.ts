import type { Shop } from './shops.ts';

/** A window with an extra stream of new orders, one every so many seconds, dealt out over the shops of each platform. */
export interface Rush {
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
  /** A whole number of seconds, at least 1. */
  readonly everySeconds: number;
}

/** When the rush orders of one shop were placed, from one second (inclusive) to another (exclusive), in order of time. */
export function rushTimes(rushes: readonly Rush[], shop: Shop, { from, to }: { from: number; to: number }): number[] {
  const times: number[] = [];
  for (const rush of rushes) {
    const start = seconds(rush.from);
    const first = Math.max(0, Math.ceil((from - start) / rush.everySeconds));
    const end = Math.min(to, seconds(rush.to));
    for (let turn = first; start + turn * rush.everySeconds < end; turn++) {
      if (shop.rush.turns.includes(turn % shop.rush.of)) times.push(start + turn * rush.everySeconds);
    }
  }
  return times.sort((one, other) => one - other);
}

/** How many rush orders of one shop were placed before a second. */
export function rushCount(rushes: readonly Rush[], shop: Shop, before: number): number {
  let count = 0;
  for (const rush of rushes) {
    const start = seconds(rush.from);
    const turns = Math.max(0, Math.ceil((Math.min(before, seconds(rush.to)) - start) / rush.everySeconds));
    count +=
      Math.floor(turns / shop.rush.of) * shop.rush.turns.length + shop.rush.turns.filter((turn) => turn < turns % shop.rush.of).length;
  }
  return count;
}

/** Whether a rush of this shop has an order at exactly this second. */
export function isRushTime(rushes: readonly Rush[], shop: Shop, time: number): boolean {
  return rushTimes(rushes, shop, { from: time, to: time + 1 }).length > 0;
}

/** @throws RangeError when two rushes overlap or one has no whole number of seconds: an order would have two lives */
export function checkRushes(rushes: readonly Rush[]): readonly Rush[] {
  const inOrder = rushes.toSorted((one, other) => Temporal.Instant.compare(one.from, other.from));
  inOrder.forEach((rush, at) => {
    if (!Number.isInteger(rush.everySeconds) || rush.everySeconds < 1) throw new RangeError('everySeconds is a whole number, at least 1');
    const next = inOrder[at + 1];
    if (next && Temporal.Instant.compare(next.from, rush.to) < 0) throw new RangeError('two rushes overlap');
  });
  return inOrder;
}

function seconds(instant: Temporal.Instant): number {
  return Math.floor(instant.epochMilliseconds / 1000);
}
