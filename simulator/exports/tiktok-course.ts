import { DAY, EXPORTED_AT, HOUR, MINUTE } from './calendar.ts';
import type { Chance } from './random.ts';

/** What became of a TikTok order by the time of the export; instants are absent when the thing has not happened. */
export interface Course {
  readonly status: 'Unpaid' | 'To ship' | 'Shipped' | 'Completed' | 'Canceled';
  readonly substatus: string;
  readonly paid?: number;
  readonly readyToShip?: number;
  readonly shipped?: number;
  readonly delivered?: number;
  readonly cancelled?: { readonly at: number; readonly by: string; readonly reason: string };
  /** The reason a refund was completed, after the goods had left. */
  readonly returnReason?: string;
}

type Fate = 'fine' | 'never paid' | 'buyer cancels' | 'seller cancels' | 'delivery fails' | 'returned';

const FATES: readonly (readonly [Fate, number])[] = [
  ['fine', 887],
  ['never paid', 12],
  ['buyer cancels', 33],
  ['seller cancels', 7],
  ['delivery fails', 6],
  ['returned', 55],
];
const BUYER_REASONS = ['No longer needed', 'Found a better price', 'Wrong delivery address', 'Need to change color or size'];
const RETURN_REASONS = [
  'Size or fit is not right',
  'Item does not match description',
  'Damaged on arrival',
  'Missing parts',
  'No longer needed',
];

/** Draws the course of an order paid and shipped like any other, or one of the ways it goes wrong. */
export function courseOf(chance: Chance, createdAt: number, { farAway }: { farAway: boolean }): Course {
  const forgetsToPay = EXPORTED_AT - createdAt < 12 * HOUR && chance.happens(0.3);
  const fate = forgetsToPay ? 'never paid' : chance.weighted(FATES, (one) => one[1])[0];
  const after = (instant: number, low: number, high: number): number => instant + Math.floor(low + chance.next() * (high - low));

  const paid = after(createdAt, 15_000, chance.happens(0.06) ? 6 * HOUR : 12 * MINUTE);
  const readyToShip = after(paid, 2 * HOUR, 30 * HOUR);
  const shipped = after(readyToShip, HOUR, 12 * HOUR);
  const delivered = after(shipped, 20 * HOUR, farAway ? 9 * DAY : 4 * DAY);
  const returnReason = chance.pick(RETURN_REASONS);
  const refundedAt = after(delivered, 4 * DAY, 16 * DAY);
  const cancelled = {
    fine: undefined,
    returned: undefined,
    'never paid': { at: createdAt + DAY, by: 'System', reason: 'Payment overdue' },
    'buyer cancels': { at: after(paid, 10 * MINUTE, readyToShip - paid), by: 'Buyer', reason: chance.pick(BUYER_REASONS) },
    'seller cancels': { at: after(paid, HOUR, readyToShip - paid), by: 'Seller', reason: 'Out of stock' },
    'delivery fails': { at: after(shipped, 8 * DAY, 14 * DAY), by: 'System', reason: 'Package delivery failed' },
  }[fate];

  const end = cancelled && cancelled.at <= EXPORTED_AT ? cancelled : undefined;
  const until = end?.at ?? EXPORTED_AT;
  const happened = (instant: number, ...notIn: Fate[]): boolean => instant <= until && !notIn.includes(fate);
  const isPaid = happened(paid, 'never paid');
  const isReady = isPaid && happened(readyToShip);
  const isShipped = isReady && happened(shipped);
  const isDelivered = isShipped && happened(delivered, 'delivery fails');
  const isRefunded = isDelivered && fate === 'returned' && refundedAt <= EXPORTED_AT;

  const times = {
    ...(isPaid && { paid }),
    ...(isReady && { readyToShip }),
    ...(isShipped && { shipped }),
    ...(isDelivered && { delivered }),
    ...(end && { cancelled: end }),
    ...(isRefunded && { returnReason }),
  };
  if (end) return { status: 'Canceled', substatus: 'Canceled', ...times };
  if (!isPaid) return { status: 'Unpaid', substatus: 'Unpaid', ...times };
  if (!isShipped) return { status: 'To ship', substatus: isReady ? 'Awaiting collection' : 'Awaiting Shipment', ...times };
  if (!isDelivered) return { status: 'Shipped', substatus: 'In Transit', ...times };
  // A refund after delivery ends in Completed, never in Canceled.
  if (isRefunded || delivered + 10 * DAY <= EXPORTED_AT) return { status: 'Completed', substatus: 'Completed', ...times };
  return { status: 'Shipped', substatus: 'Delivered', ...times };
}
