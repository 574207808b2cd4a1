import type { Rate } from '../operation.ts';

/**
 * A rate that Amazon publishes: of one operation, for a seller's account with the app in one region, whatever the marketplaces. A reply may
 * tell a lower one.
 */
export function ofAccount(perSecond: number, burst: number): Rate {
  return { perSecond, burst, by: 'account', published: true };
}

/** Tokens have no published rate: few are asked for. */
export const OF_TOKENS: Rate = { perSecond: 2, burst: 5, by: 'app', published: false };
