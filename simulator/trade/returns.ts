import { Random, mix } from '../random.ts';
import { boughtSkus } from './basket.ts';
import { HIGHEST_RETURN_RATE, type Catalogue } from './catalogue.ts';
import { CAUSES_TO_KEEP, causesToReturn, type ReturnCause } from './causes.ts';
import { STAGES, type Life } from './life.ts';
import { RETURN_STAGES, ReturnWalk, type Arbitration, type PartialOffer, type ReturnType } from './return-walk.ts';
import type { Shop } from './shops.ts';
import type { Story } from './stories.ts';

/** No return changes later than this after its order was placed. */
export const RETURN_SECONDS = 120 * 86_400;

/** Everything that will ever happen to one return. */
export interface ReturnStory extends Story {
  readonly type: ReturnType;
  /** Who asked for it; the platform's staff may, for a buyer. */
  readonly by: 'buyer' | 'platform' | 'staff';
  readonly cause: ReturnCause;
  /** Places of the order's pieces. */
  readonly pieces: readonly number[];
  /** The platform's judgement, stage by stage. */
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
const REFUNDED = RETURN_STAGES.indexOf('refunded');
const NONE: readonly ReturnStory[] = [];
const [HANDED_OVER, DELIVERED, CLOSED] = (['handedOver', 'delivered', 'closed'] as const).map((stage) => STAGES.indexOf(stage)) as [
  number,
  number,
  number,
];

/** When the money went back, if it ever does. */
export function refundedAt({ stages, times }: Story): number | undefined {
  const last = stages.length - 1;
  return stages[last] === REFUNDED ? times[last] : undefined;
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
  const cause = random.pick(causesToReturn(skus[pieces[0]!]!.category));
  const one = { pieces, isWhole: pieces.length === bought, opened, cause };
  if (pieces.length > 1 && random.chance(0.2)) {
    const later = { ...one, pieces: pieces.slice(1), isWhole: false, opened: opened + random.between(DAY, 4 * DAY) };
    return [afterDelivery(random, { ...one, pieces: pieces.slice(0, 1), isWhole: false }, 0), afterDelivery(random, later, 1)];
  }
  return random.chance(0.04) ? edited(random, one) : [afterDelivery(random, one, 0)];
}

/** The life of an order with its returns: one whose money went back whole is over at that second, whatever was still to come. */
export function livedWith(life: Life, returns: readonly ReturnStory[]): Life {
  const refunded = returns.filter((each) => refundedAt(each) !== undefined && !tookOffer(each));
  const bought = life.lineCancelled === undefined ? life.pieces : life.pieces - 1;
  if (returns.length === 0 || refunded.reduce((sum, { pieces }) => sum + pieces.length, 0) < bought) return life;
  const end = Math.max(...refunded.map((each) => refundedAt(each)!));
  if (end >= life.times.at(-1)!) return life;
  const lived = life.times.filter((time) => time < end).length;
  return { ...life, stages: [...life.stages.slice(0, lived), CLOSED], times: [...life.times.slice(0, lived), end] };
}

interface Case {
  readonly pieces: readonly number[];
  readonly isWhole: boolean;
  readonly opened: number;
  readonly cause: ReturnCause;
}

/** Most come within a week, some long after the order was over. */
function openedAt(random: Random, life: Life): number {
  const delivered = life.times[life.stages.indexOf(DELIVERED)]!;
  if (random.chance(0.04)) return Math.max(delivered + DAY, life.time + 45 * DAY + random.between(0, 12 * DAY));
  return delivered + 2 * HOUR + Math.floor(random.next() ** 1.6 * 9 * DAY);
}

function beforeDelivery(random: Random, life: Life, bought: number): ReturnStory {
  const left = life.times[life.stages.indexOf(HANDED_OVER)]!;
  const delivered = life.times[life.stages.indexOf(DELIVERED)]!;
  const pieces = Array.from({ length: bought }, (_, place) => place);
  const walk = new ReturnWalk(random, left + Math.floor((delivered - left) * (0.5 + 0.4 * random.next())));
  walk.moneyOnly();
  return story(
    walk,
    { pieces, isWhole: true, opened: walk.now, cause: 'never arrived' },
    { nth: 0, type: 'money', by: random.chance(0.3) ? 'platform' : 'buyer' },
  );
}

function afterDelivery(random: Random, one: Case, nth: number, editedFrom?: number): ReturnStory {
  const walk = new ReturnWalk(random, one.opened);
  const share = random.next();
  const by = random.chance(0.01) ? 'staff' : 'buyer';
  if (share < 0.22) {
    walk.moneyOnly();
    return story(walk, { ...one, cause: random.pick(CAUSES_TO_KEEP) }, { nth, type: 'money', by, editedFrom });
  }
  if (share < 0.29) {
    walk.replacement();
    return story(walk, one, { nth, type: 'replacement', by, editedFrom });
  }
  walk.sentBack();
  return story(walk, one, { nth, type: 'sendBack', by, editedFrom });
}

/** A buyer changes the request: the first ends, another takes its place. */
function edited(random: Random, one: Case): readonly ReturnStory[] {
  const walk = new ReturnWalk(random, one.opened);
  walk.takenBack();
  const first = story(walk, one, { nth: 0, type: 'sendBack', by: 'buyer', editedTo: 1 });
  return [first, afterDelivery(random, { ...one, opened: walk.now }, 1, 0)];
}

function story(
  walk: ReturnWalk,
  one: Case,
  rest: Pick<ReturnStory, 'nth' | 'type' | 'by'> & { editedFrom?: number | undefined; editedTo?: number },
): ReturnStory {
  const { stages, times, arbitration, offer } = walk;
  return {
    editedFrom: undefined,
    editedTo: undefined,
    ...rest,
    cause: one.cause,
    pieces: one.pieces,
    isWhole: one.isWhole,
    stages,
    times,
    arbitration,
    offer,
  };
}
