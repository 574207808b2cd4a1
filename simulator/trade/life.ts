import { Random, mix } from '../random.ts';
import type { Placed } from './calendar.ts';
import { BUYER_CAUSES, SELLER_CAUSES, UNDELIVERED, type CancelCause } from './causes.ts';
import type { Shop } from './shops.ts';
import type { Terms } from './terms.ts';
import { Walk } from './walk.ts';

/**
 * How far an order has come; their places in this list stand for them in tables. Placed and not paid; paid, and the buyer may think it
 * over; to be packed; the first of two parcels packed; packed; handed over to the carrier; delivered; over; cancelled.
 */
export const STAGES = ['placed', 'paid', 'toPack', 'partlyPacked', 'packed', 'handedOver', 'delivered', 'closed', 'cancelled'] as const;
/** One of them. */
export type Stage = (typeof STAGES)[number];

/** No order changes later than this after it was placed. */
export const LIFE_SECONDS = 45 * 86_400;

/** What kind of order it is. */
export type Kind = 'normal' | 'sample' | 'replacement' | 'exchange';

/** Who ended an order, and why. */
export interface Cancellation {
  readonly by: 'buyer' | 'seller' | 'platform';
  readonly cause: CancelCause;
  /** When the buyer asked for it; undefined when nobody asked. */
  readonly asked: number | undefined;
}

/** Everything that will ever happen to one order, in seconds. */
export interface Life extends Placed {
  readonly kind: Kind;
  readonly cashOnDelivery: boolean;
  /** Pieces the buyer takes; gifts come on top. */
  readonly pieces: number;
  readonly fulfilledByPlatform: boolean;
  readonly carriedBy: 'platform' | 'seller';
  /** Two packages, the second shipped later. */
  readonly split: boolean;
  readonly cancellation: Cancellation | undefined;
  /** When one line of several was cancelled; the order's own stage does not move for it. */
  readonly lineCancelled: number | undefined;
  /** A buyer's wish to cancel that came to nothing: when it was asked, and when it was taken back or refused. */
  readonly deniedCancel: { readonly asked: number; readonly ended: number } | undefined;
  /** Places in `STAGES` and when each was entered, strictly later one after the other. */
  readonly stages: readonly number[];
  readonly times: readonly number[];
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** The life of an order: the same for the same seed, shop and serial, whatever the time is. */
export function lifeOf(seed: number, shop: Shop, { serial, time }: Placed): Life {
  const random = new Random(mix(seed, shop.number, serial, 1));
  const { terms } = shop;
  const kind = kindOf(random.next(), terms);
  const pieces = kind === 'normal' ? piecesOf(random.next()) : 1;
  const fulfilledByPlatform = kind !== 'sample' && random.chance(terms.fulfilledByPlatform);
  const carriedBy = !fulfilledByPlatform && random.chance(terms.ownCarrier) ? 'seller' : 'platform';
  const cashOnDelivery = terms.cashOnDelivery > 0 && kind === 'normal' && random.chance(terms.cashOnDelivery);
  const path = pathOf(random.next(), { kind, pieces, terms });
  const split = path === 'shipped' && pieces > 1 && random.chance(0.12);
  const walk = new Walk(STAGES, time);
  const common = {
    serial,
    time,
    kind,
    cashOnDelivery,
    pieces,
    fulfilledByPlatform,
    carriedBy,
    split,
    stages: walk.stages,
    times: walk.times,
  } as const;
  const lived = (cancellation?: Cancellation, lineCancelled?: number, deniedCancel?: Life['deniedCancel']): Life => ({
    ...common,
    cancellation,
    lineCancelled,
    deniedCancel,
  });
  const cancelled = (by: Cancellation['by'], cause: CancelCause, asked?: number): Life => {
    walk.enter('cancelled', 0);
    return lived({ by, cause, asked });
  };

  if (kind === 'normal' && !cashOnDelivery) {
    walk.enter('placed', 0);
    if (path === 'unpaid') {
      walk.wait(terms.payWithin);
      return cancelled('platform', 'not paid in time');
    }
    walk.wait(random.chance(0.9) ? random.between(8, 5 * MINUTE) : random.between(5 * MINUTE, terms.payWithin - MINUTE));
  }
  if (kind === 'normal') {
    walk.enter('paid', 0);
    if (path === 'remorse') {
      walk.wait(random.between(2 * MINUTE, terms.thinkOver - 2 * MINUTE));
      return cancelled('buyer', random.pick(BUYER_CAUSES), walk.now);
    }
    walk.wait(terms.thinkOver);
  }
  walk.enter('toPack', 0);
  if (path === 'buyer') {
    walk.wait(random.between(10 * MINUTE, 20 * HOUR));
    const asked = walk.now;
    walk.wait(random.between(20 * MINUTE, 2 * DAY));
    return cancelled('buyer', random.pick(BUYER_CAUSES), asked);
  }
  if (path === 'seller') {
    walk.wait(random.between(2 * HOUR, 2 * DAY));
    return cancelled('seller', random.pick(SELLER_CAUSES));
  }
  if (path === 'overdue') {
    walk.wait(terms.shipWithin);
    return cancelled('platform', 'not shipped in time');
  }
  const handling = random.chance(0.03)
    ? random.between(3 * DAY, 5 * DAY)
    : random.between(2 * HOUR, fulfilledByPlatform ? 14 * HOUR : 44 * HOUR);
  const lineCancelled = path === 'line' ? walk.now + Math.floor(handling / 2) : undefined;
  const deniedCancel =
    path === 'denied' ? { asked: walk.now + Math.floor(handling / 4), ended: walk.now + Math.floor(handling / 2) } : undefined;
  walk.wait(handling);
  if (split) {
    walk.enter('partlyPacked', 0);
    walk.wait(random.between(4 * HOUR, 2 * DAY));
  }
  walk.enter('packed', 0);
  walk.enter('handedOver', random.between(2 * HOUR, 30 * HOUR));
  const slow = random.chance(0.03) ? random.between(2, 6) * DAY : 0;
  walk.wait(random.between(terms.transitDays[0] * DAY, terms.transitDays[1] * DAY) + slow);
  // A number of its own, so that nothing else of the life hangs on which it is.
  if (path === 'lost') return cancelled('platform', new Random(mix(seed, shop.number, serial, 32)).pick(UNDELIVERED));
  walk.enter('delivered', 0);
  // A dispute keeps an order open for weeks: the late changes that a narrow window would miss.
  const late = random.chance(0.02) ? random.between(5 * DAY, 14 * DAY) : 0;
  walk.enter('closed', Math.min(terms.closedAfterDays * DAY + random.between(0, DAY) + late, LIFE_SECONDS - DAY - (walk.now - time)));
  return lived(undefined, lineCancelled, deniedCancel);
}

/** Which step of its life an order or a return is in at a second; -1 before it began. */
export function stepAt({ times }: { readonly times: readonly number[] }, at: number): number {
  let step = times.length - 1;
  while (step >= 0 && times[step]! > at) step--;
  return step;
}

/** When a buyer's wish to cancel the order was made, if it has been by that second. */
export function cancelAskedAt({ cancellation, deniedCancel }: Life, at: number): number | undefined {
  const asked = cancellation?.asked ?? deniedCancel?.asked;
  return asked !== undefined && asked <= at ? asked : undefined;
}

/** Whether a buyer's wish to cancel is waiting for an answer at a second. */
export function isCancelPending(life: Life, at: number): boolean {
  if (cancelAskedAt(life, at) === undefined) return false;
  return (life.deniedCancel?.ended ?? life.times.at(-1)!) > at;
}

/** When the order came to a stage, if it has by that second. */
export function enteredAt(life: Life, stage: Stage, at: number): number | undefined {
  const step = life.stages.indexOf(STAGES.indexOf(stage));
  const time = step < 0 ? undefined : life.times[step];
  return time !== undefined && time <= at ? time : undefined;
}

function kindOf(share: number, { kinds }: Terms): Kind {
  return kinds.find(([, upTo]) => share < upTo)?.[0] ?? 'normal';
}

function piecesOf(share: number): number {
  if (share < 0.64) return 1;
  if (share < 0.84) return 2;
  if (share < 0.93) return 3;
  if (share < 0.97) return 4;
  return share < 0.985 ? 5 : 8;
}

type Path = 'unpaid' | 'remorse' | 'buyer' | 'seller' | 'overdue' | 'lost' | 'line' | 'denied' | 'shipped';

/** Six in a hundred orders are cancelled, wholly or, where the platform allows that, by the line. */
function pathOf(share: number, { kind, pieces, terms }: { kind: Kind; pieces: number; terms: Terms }): Path {
  if (kind !== 'normal') return share < 0.02 ? 'seller' : 'shipped';
  if (share < 0.016) return 'unpaid';
  if (share < 0.024) return 'remorse';
  if (share < 0.041) return 'buyer';
  if (share < 0.047) return 'seller';
  if (share < 0.05) return 'overdue';
  if (share < 0.054) return 'lost';
  if (share < 0.08) return pieces > 1 && terms.cancelsLines ? 'line' : 'shipped';
  return share < 0.086 ? 'denied' : 'shipped';
}
