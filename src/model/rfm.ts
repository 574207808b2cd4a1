import type { Money } from './money.ts';

/** Where each of the scores 2 to 5 begins: days since the last order (at most), orders and amount (at least). */
export interface RfmCuts {
  /** Falling: e.g. 240, 120, 60, 30 days for 2, 3, 4, 5. */
  readonly recencyDays: readonly number[];
  readonly orders: readonly number[];
  readonly amount: readonly Money[];
}

/** What a buyer is to the shop. */
export const RFM_SEGMENTS = [
  'Champions',
  'Loyal',
  'Potential loyalist',
  'New',
  'Promising',
  'Need attention',
  'About to sleep',
  'At risk',
  'Cannot lose',
  'Hibernating',
  'Lost',
] as const;
export type RfmSegment = (typeof RFM_SEGMENTS)[number];

/** Until a shop keeps cut points of its own: these days and orders, and an amount of 1, 2, 3 and 5 average orders of the shop. */
export const USUAL_CUTS = { recencyDays: [240, 120, 60, 30], orders: [2, 3, 5, 8], averageOrders: [1, 2, 3, 5] } as const;

/**
 * The currency of a scale: the one of the orders where there is one alone, else that of the shop, else the one that reports are in.
 */
export function scaleCurrency(
  ofOrders: readonly (string | null)[],
  { ofShop, reporting }: { ofShop: string | null; reporting: string | null },
): string | null {
  const [only, ...others] = new Set(ofOrders.filter((currency) => currency !== null));
  return only !== undefined && others.length === 0 ? only : (ofShop ?? reporting);
}

/** The usual cut points of a shop whose average order comes to that much. */
export function usualCuts(averageOrder: Money): RfmCuts {
  return {
    recencyDays: USUAL_CUTS.recencyDays,
    orders: USUAL_CUTS.orders,
    amount: USUAL_CUTS.averageOrders.map((times) => averageOrder * BigInt(times)),
  };
}

const BY_RECENCY: Readonly<Record<number, readonly RfmSegment[]>> = {
  5: ['New', 'Potential loyalist', 'Potential loyalist', 'Champions', 'Champions'],
  4: ['Promising', 'Potential loyalist', 'Potential loyalist', 'Loyal', 'Loyal'],
  3: ['About to sleep', 'About to sleep', 'Need attention', 'Loyal', 'Loyal'],
  2: ['Hibernating', 'Hibernating', 'At risk', 'At risk', 'Cannot lose'],
  1: ['Lost', 'Lost', 'At risk', 'At risk', 'Cannot lose'],
};

/**
 * The segment of scores from 1 to 5: by R and the mean V of F and M, rounded up. R 5: New (V 1), Potential loyalist (2–3), Champions (4–5);
 * R 4: Promising (1), Potential loyalist (2–3), Loyal (4–5); R 3: About to sleep (1–2), Need attention (3), Loyal (4–5);
 * R 2: Hibernating (1–2), At risk (3–4), Cannot lose (5); R 1: Lost (1–2), At risk (3–4), Cannot lose (5).
 */
export function rfmSegment(r: number, f: number, m: number): RfmSegment {
  return BY_RECENCY[r]![Math.ceil((f + m) / 2) - 1]!;
}
