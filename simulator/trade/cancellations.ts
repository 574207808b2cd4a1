import { Random, mix } from '../random.ts';
import { STATUSES, type Cancellation, type Life } from './life.ts';
import { cancelReason, type CancelReason } from './cancel-reasons.ts';
import type { Region, Shop } from './shops.ts';
import type { Story } from './stories.ts';

/** TikTok's cancellation statuses; their places in this list stand for them in tables. */
export const CANCELLATION_STATUSES = [
  'CANCELLATION_REQUEST_PENDING',
  'CANCELLATION_REQUEST_SUCCESS',
  'CANCELLATION_REQUEST_CANCELLED',
  'CANCELLATION_REQUEST_COMPLETE',
] as const;

/** No cancellation changes later than this after its order was placed. */
export const CANCELLATION_SECONDS = 48 * 86_400;

/** Everything that will ever happen to one cancellation. */
export interface CancellationStory extends Story {
  readonly type: 'CANCEL' | 'BUYER_CANCEL';
  readonly role: Cancellation['by'];
  readonly reason: CancelReason;
  /** Only the order's last bought piece, instead of all of it. */
  readonly isLine: boolean;
  /** Whether there was money to give back. */
  readonly wasPaid: boolean;
  /** Whether the goods are for sale again. */
  readonly replenishes: boolean;
}

const [PENDING, SUCCESS, CANCELLED, COMPLETE] = [0, 1, 2, 3] as const;
const HOUR = 3600;
const NONE: readonly CancellationStory[] = [];

/** The cancellations of an order: of the whole, of one line, or asked for in vain. None of most. */
export function cancellationsOf(seed: number, shop: Shop, life: Life): readonly CancellationStory[] {
  const { cancellation, lineCancelled, deniedCancel } = life;
  const random = (): Random => new Random(mix(seed, shop.number, life.serial, 31));
  if (cancellation !== undefined) return [wholeOf(random(), { life, region: shop.region }, cancellation)];
  if (lineCancelled !== undefined) {
    const reason = cancelReason('Out of stock', shop.region);
    const base = {
      nth: 0,
      type: 'CANCEL',
      role: 'SELLER',
      reason,
      isLine: true,
      wasPaid: !life.cashOnDelivery,
      replenishes: false,
    } as const;
    return [{ ...base, statuses: [SUCCESS, COMPLETE], times: [lineCancelled, lineCancelled + random().between(60, 6 * HOUR)] }];
  }
  if (deniedCancel === undefined) return NONE;
  const reason = cancelReason(random().pick(['No longer needed', 'Ordered by mistake', 'Better price available']), shop.region);
  const base = {
    nth: 0,
    type: 'BUYER_CANCEL',
    role: 'BUYER',
    reason,
    isLine: false,
    wasPaid: !life.cashOnDelivery,
    replenishes: false,
  } as const;
  return [{ ...base, statuses: [PENDING, CANCELLED], times: [deniedCancel.asked, deniedCancel.ended] }];
}

function wholeOf(random: Random, { life, region }: { life: Life; region: Region }, { by, reason, asked }: Cancellation): CancellationStory {
  const ended = life.times.at(-1)!;
  const entered = (status: 'ON_HOLD' | 'AWAITING_SHIPMENT' | 'IN_TRANSIT'): boolean => life.statuses.includes(STATUSES.indexOf(status));
  const wasPaid = !life.cashOnDelivery && entered('ON_HOLD');
  // A wish within the hour after payment is granted at once and counts as no request.
  const isRequest = by === 'BUYER' && asked !== undefined && asked < ended;
  const base = {
    nth: 0,
    type: isRequest ? 'BUYER_CANCEL' : 'CANCEL',
    role: by,
    reason: cancelReason(reason, region),
    isLine: false,
    wasPaid,
    replenishes: reason !== 'Out of stock' && !entered('IN_TRANSIT'),
  } as const;
  // What was never paid, or not shipped for yet in cash, is over in the same second.
  if (!wasPaid) return { ...base, statuses: isRequest ? [PENDING, COMPLETE] : [COMPLETE], times: isRequest ? [asked, ended] : [ended] };
  const refunded = ended + random.between(30, 30 * HOUR);
  return {
    ...base,
    statuses: isRequest ? [PENDING, SUCCESS, COMPLETE] : [SUCCESS, COMPLETE],
    times: isRequest ? [asked, ended, refunded] : [ended, refunded],
  };
}
