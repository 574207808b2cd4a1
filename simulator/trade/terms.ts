import type { Kind } from './life.ts';

/** How one platform deals in one country. Shares are 0 to 1, times in seconds, money in the currency's minor unit. */
export interface Terms {
  /** What is no sale among the orders: each kind up to which share of all of them, in ascending order. */
  readonly kinds: readonly (readonly [Exclude<Kind, 'normal'>, number])[];
  /** Stored and packed by the platform. */
  readonly fulfilledByPlatform: number;
  /** Of the others, those that the seller's own carrier brings. */
  readonly ownCarrier: number;
  readonly cashOnDelivery: number;
  /** Whether a single line of an order can be cancelled. */
  readonly cancelsLines: boolean;
  /** How long an order may stay unpaid. */
  readonly payWithin: number;
  /** How long after payment the buyer needs nobody's leave to cancel; nothing is packed before. */
  readonly thinkOver: number;
  /** What is not packed by then is cancelled. */
  readonly shipWithin: number;
  readonly transitDays: readonly [number, number];
  /** Days from delivery until an order is over. */
  readonly closedAfterDays: number;
  readonly shippingPrice: number;
  /** The sub-total from which shipping costs the buyer nothing. */
  readonly shippingFreeFrom: number;
  /** What the platform's vouchers are worth. */
  readonly vouchers: readonly number[];
}
