import { Random, mix } from '../random.ts';
import type { CancelCause } from './causes.ts';
import { STAGES, type Cancellation, type Life } from './life.ts';
import type { Shop } from './shops.ts';
import type { Story } from './stories.ts';

/**
 * How far a cancellation has come; their places in this list stand for them in tables. Asked for; granted; come to nothing; done, the money
 * given back.
 */
export const CANCELLATION_STAGES = ['asked', 'granted', 'denied', 'done'] as const;

/** No cancellation changes later than this after its order was placed. */
export const CANCELLATION_SECONDS = 48 * 86_400;

/** Everything that will ever happen to one cancellation. */
export interface CancellationStory extends Story {
  /** Whether a buyer had to ask for it. */
  readonly isRequest: boolean;
  readonly by: Cancellation['by'];
  readonly cause: CancelCause;
  /** Only the order's last bought piece, instead of all of it. */
  readonly isLine: boolean;
  /** Whether there was money to give back. */
  readonly wasPaid: boolean;
  /** Whether the goods are for sale again. */
  readonly replenishes: boolean;
}

const [ASKED, GRANTED, DENIED, DONE] = [0, 1, 2, 3] as const;
const HOUR = 3600;
const NONE: readonly CancellationStory[] = [];

/** The cancellations of an order: of the whole, of one line, or asked for in vain. None of most. */
export function cancellationsOf(seed: number, shop: Shop, life: Life): readonly CancellationStory[] {
  const { cancellation, lineCancelled, deniedCancel } = life;
  const random = (): Random => new Random(mix(seed, shop.number, life.serial, 31));
  if (cancellation !== undefined) return [wholeOf(random(), life, cancellation)];
  if (lineCancelled !== undefined) {
    const base = {
      nth: 0,
      isRequest: false,
      by: 'seller',
      cause: 'out of stock',
      isLine: true,
      wasPaid: !life.cashOnDelivery,
      replenishes: false,
    } as const;
    return [{ ...base, stages: [GRANTED, DONE], times: [lineCancelled, lineCancelled + random().between(60, 6 * HOUR)] }];
  }
  if (deniedCancel === undefined) return NONE;
  const cause = random().pick(['no longer needed', 'ordered by mistake', 'cheaper elsewhere'] as const);
  const base = {
    nth: 0,
    isRequest: true,
    by: 'buyer',
    cause,
    isLine: false,
    wasPaid: !life.cashOnDelivery,
    replenishes: false,
  } as const;
  return [{ ...base, stages: [ASKED, DENIED], times: [deniedCancel.asked, deniedCancel.ended] }];
}

function wholeOf(random: Random, life: Life, { by, cause, asked }: Cancellation): CancellationStory {
  const ended = life.times.at(-1)!;
  const entered = (stage: 'paid' | 'handedOver'): boolean => life.stages.includes(STAGES.indexOf(stage));
  const wasPaid = !life.cashOnDelivery && entered('paid');
  // A wish within the hour after payment is granted at once and counts as no request.
  const isRequest = by === 'buyer' && asked !== undefined && asked < ended;
  const base = {
    nth: 0,
    isRequest,
    by,
    cause,
    isLine: false,
    wasPaid,
    replenishes: cause !== 'out of stock' && !entered('handedOver'),
  } as const;
  // What was never paid, or not shipped for yet in cash, is over in the same second.
  if (!wasPaid) return { ...base, stages: isRequest ? [ASKED, DONE] : [DONE], times: isRequest ? [asked, ended] : [ended] };
  const refunded = ended + random.between(30, 30 * HOUR);
  return {
    ...base,
    stages: isRequest ? [ASKED, GRANTED, DONE] : [GRANTED, DONE],
    times: isRequest ? [asked, ended, refunded] : [ended, refunded],
  };
}
