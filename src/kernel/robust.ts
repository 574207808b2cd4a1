/** Of a normal spread the median distance is this part: what makes the two comparable. */
const NORMAL = 1.4826;

/** The middle value, of an even number the mean of the two; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : sorted.length === 0 ? undefined : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** How far a value lies from the middle of others, in spreads of theirs that outliers do not widen (MAD), and never finer than `floor`. */
export function spreadsOff(value: number, others: readonly number[], floor: number): number {
  const middle = median(others);
  if (middle === undefined) return 0;
  const spread = NORMAL * median(others.map((each) => Math.abs(each - middle)))!;
  return (value - middle) / Math.max(spread, floor);
}
