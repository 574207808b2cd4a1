import { Random, mix } from '../random.ts';
import { boughtSkus } from './basket.ts';
import { HIGHEST_RETURN_RATE, type Catalogue } from './catalogue.ts';
import { STATUSES, type Life } from './life.ts';
import { NOT_ARRIVED, REASONS_TO_KEEP, reasonsToReturn, type Reason } from './return-reasons.ts';
import { RETURN_STATUSES, ReturnWalk, type Arbitration, type PartialOffer, type ReturnType } from './return-walk.ts';
import type { Shop } from './shops.ts';
import type { Story } from './stories.ts';

/** No return changes later than this after its order was placed. */
export const RETURN_SECONDS = 120 * 86_400;

/** Everything that will ever happen to one return. */
export interface ReturnStory extends Story {
  readonly type: ReturnType;
  readonly role: 'BUYER' | 'SYSTEM' | 'OPERATOR';
  readonly reason: Reason;
  /** Places of the order's pieces. */
  readonly pieces: readonly number[];
  /** The platform's judgement, status by status. */
  readonly arbitration: readonly (Arbitration | undefined)[];
  readonly offer: PartialOffer | undefined;
  /** Which of the order's returns this one was edited from and to. */
  readonly editedFrom: number | undefined;
  readonly editedTo: number | undefined;
  /** Whether it is about all that was bought and not cancelled. */
  readonly isWhole: boolean;
}

const HOUR = 3600;
const DAY = 86_400;
const REFUNDED = new Set([
  RETURN_STATUSES.indexOf('RETURN_OR_REFUND_REQUEST_COMPLETE'),
  RETURN_STATUSES.indexOf('REPLACEMENT_REQUEST_REFUND_SUCCESS'),
]);
const NONE: readonly ReturnStory[] = [];
const [IN_TRANSIT, DELIVERED, COMPLETED] = (['IN_TRANSIT', 'DELIVERED', 'COMPLETED'] as const).map((status) =>
  STATUSES.indexOf(status),
) as [number, number, number];

/** When the money went back, if it ever does. */
export function refundedAt({ statuses, times }: Story): number | undefined {
  const last = statuses.length - 1;
  return REFUNDED.has(statuses[last]!) ? times[last] : undefined;
}

/** Whether it ends with the part of the money that the seller offered. */
export function tookOffer({ offer }: ReturnStory): boolean {
  return offer !== undefined && offer.rejected === undefined;
}

/** What comes back of an order, and how: none of most. Made from the order's life as it would be without returns. */
export function returnsOf(
  seed: number,
  { shop, life, catalogue }: { shop: Shop; life: Life; catalogue: Catalogue },
): readonly ReturnStory[] {
  if (life.kind !== 'normal' || life.cancellation !== undefined) return NONE;
  const bought = life.lineCancelled === undefined ? life.pieces : life.pieces - 1;
  const shareOf = (place: number): number => mix(seed, shop.number, life.serial, 40 + place) / 4_294_967_296;
  let first = 0;
  while (first < bought && shareOf(first) >= HIGHEST_RETURN_RATE) first++;
  // Most orders are done with here, before their baskets are looked into.
  if (first === bought) return NONE;
  const skus = boughtSkus(seed, { shop, life, catalogue });
  const pieces: number[] = [];
  for (let place = first; place < bought; place++) if (shareOf(place) < skus[place]!.returnRate) pieces.push(place);
  if (pieces.length === 0) return NONE;

  const random = new Random(mix(seed, shop.number, life.serial, 30));
  // What is paid at the door cannot be refunded before.
  if (random.chance(0.04) && !life.cashOnDelivery) return [beforeDelivery(random, life, bought)];
  const opened = openedAt(random, life);
  const reason = random.pick(reasonsToReturn(skus[pieces[0]!]!.category));
  const one = { pieces, isWhole: pieces.length === bought, opened, reason };
  if (pieces.length > 1 && random.chance(0.2)) {
    const later = { ...one, pieces: pieces.slice(1), isWhole: false, opened: opened + random.between(DAY, 4 * DAY) };
    return [afterDelivery(random, { ...one, pieces: pieces.slice(0, 1), isWhole: false }, 0), afterDelivery(random, later, 1)];
  }
  return random.chance(0.04) ? edited(random, one) : [afterDelivery(random, one, 0)];
}

/** The life of an order with its returns: one whose money went back whole is completed at that second, whatever was still to come. */
export function livedWith(life: Life, returns: readonly ReturnStory[]): Life {
  const refunded = returns.filter((each) => refundedAt(each) !== undefined && !tookOffer(each));
  const bought = life.lineCancelled === undefined ? life.pieces : life.pieces - 1;
  if (returns.length === 0 || refunded.reduce((sum, { pieces }) => sum + pieces.length, 0) < bought) return life;
  const end = Math.max(...refunded.map((each) => refundedAt(each)!));
  if (end >= life.times.at(-1)!) return life;
  const lived = life.times.filter((time) => time < end).length;
  return { ...life, statuses: [...life.statuses.slice(0, lived), COMPLETED], times: [...life.times.slice(0, lived), end] };
}

interface Case {
  readonly pieces: readonly number[];
  readonly isWhole: boolean;
  readonly opened: number;
  readonly reason: Reason;
}

/** Most come within a week, some long after the order was completed. */
function openedAt(random: Random, life: Life): number {
  const delivered = life.times[life.statuses.indexOf(DELIVERED)]!;
  if (random.chance(0.04)) return Math.max(delivered + DAY, life.time + 45 * DAY + random.between(0, 12 * DAY));
  return delivered + 2 * HOUR + Math.floor(random.next() ** 1.6 * 9 * DAY);
}

function beforeDelivery(random: Random, life: Life, bought: number): ReturnStory {
  const left = life.times[life.statuses.indexOf(IN_TRANSIT)]!;
  const delivered = life.times[life.statuses.indexOf(DELIVERED)]!;
  const pieces = Array.from({ length: bought }, (_, place) => place);
  const walk = new ReturnWalk(random, left + Math.floor((delivered - left) * (0.5 + 0.4 * random.next())));
  walk.moneyOnly();
  return story(
    walk,
    { pieces, isWhole: true, opened: walk.now, reason: NOT_ARRIVED },
    { nth: 0, type: 'REFUND', role: random.chance(0.3) ? 'SYSTEM' : 'BUYER' },
  );
}

function afterDelivery(random: Random, one: Case, nth: number, editedFrom?: number): ReturnStory {
  const walk = new ReturnWalk(random, one.opened);
  const share = random.next();
  const role = random.chance(0.01) ? 'OPERATOR' : 'BUYER';
  if (share < 0.22) {
    walk.moneyOnly();
    return story(walk, { ...one, reason: random.pick(REASONS_TO_KEEP) }, { nth, type: 'REFUND', role, editedFrom });
  }
  if (share < 0.29) {
    walk.replacement();
    return story(walk, one, { nth, type: 'REPLACEMENT', role, editedFrom });
  }
  walk.sentBack();
  return story(walk, one, { nth, type: 'RETURN_AND_REFUND', role, editedFrom });
}

/** A buyer changes the request: the first ends, another takes its place. */
function edited(random: Random, one: Case): readonly ReturnStory[] {
  const walk = new ReturnWalk(random, one.opened);
  walk.takenBack();
  const first = story(walk, one, { nth: 0, type: 'RETURN_AND_REFUND', role: 'BUYER', editedTo: 1 });
  return [first, afterDelivery(random, { ...one, opened: walk.now }, 1, 0)];
}

function story(
  walk: ReturnWalk,
  one: Case,
  rest: Pick<ReturnStory, 'nth' | 'type' | 'role'> & { editedFrom?: number | undefined; editedTo?: number },
): ReturnStory {
  const { statuses, times, arbitration, offer } = walk;
  return {
    editedFrom: undefined,
    editedTo: undefined,
    ...rest,
    reason: one.reason,
    pieces: one.pieces,
    isWhole: one.isWhole,
    statuses,
    times,
    arbitration,
    offer,
  };
}
