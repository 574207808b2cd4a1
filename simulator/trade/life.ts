import { Random, mix } from '../random.ts';
import type { Placed } from './calendar.ts';
import type { Region, Shop } from './shops.ts';
import { UNDELIVERED } from './cancel-reasons.ts';
import { Walk } from './walk.ts';

/** TikTok's order statuses; their places in this list stand for them in tables. */
export const STATUSES = [
  'UNPAID',
  'ON_HOLD',
  'AWAITING_SHIPMENT',
  'PARTIALLY_SHIPPING',
  'AWAITING_COLLECTION',
  'IN_TRANSIT',
  'DELIVERED',
  'COMPLETED',
  'CANCELLED',
] as const;
/** One of them. */
export type Status = (typeof STATUSES)[number];

/** No order changes later than this after it was placed. */
export const LIFE_SECONDS = 45 * 86_400;

/** What kind of order it is. */
export type Kind = 'normal' | 'sample' | 'replacement' | 'exchange';

/** Who ended an order, and with which words. */
export interface Cancellation {
  readonly by: 'BUYER' | 'SELLER' | 'SYSTEM';
  readonly reason: string;
  /** When the buyer asked for it; undefined when nobody asked. */
  readonly asked: number | undefined;
}

/** Everything that will ever happen to one order, in seconds. */
export interface Life extends Placed {
  readonly kind: Kind;
  readonly cashOnDelivery: boolean;
  /** Pieces the buyer takes; gifts come on top. */
  readonly pieces: number;
  readonly fulfilledByTikTok: boolean;
  readonly shippedBy: 'TIKTOK' | 'SELLER';
  /** Two packages, the second shipped later. */
  readonly split: boolean;
  readonly cancellation: Cancellation | undefined;
  /** When one line of several was cancelled; the order's own status does not move for it. */
  readonly lineCancelled: number | undefined;
  /** A buyer's wish to cancel that came to nothing: when it was asked, and when it was taken back or refused. */
  readonly deniedCancel: { readonly asked: number; readonly ended: number } | undefined;
  /** Places in `STATUSES` and when each was entered, strictly later one after the other. */
  readonly statuses: readonly number[];
  readonly times: readonly number[];
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** How a market ships: share fulfilled by TikTok, share shipped by the seller's own carrier, days on the way, days until completed. */
const SHIPPING: Record<
  Region,
  { byTikTok: number; byOwnCarrier: number; transit: readonly [number, number]; completed: number; payWithin: number }
> = {
  ES: { byTikTok: 0.12, byOwnCarrier: 0.22, transit: [1, 5], completed: 14, payWithin: DAY },
  GB: { byTikTok: 0.25, byOwnCarrier: 0.25, transit: [1, 4], completed: 14, payWithin: DAY },
  US: { byTikTok: 0.2, byOwnCarrier: 0.25, transit: [2, 7], completed: 15, payWithin: 2 * HOUR },
  // Shops paid in cash (OXXO) give the buyer days.
  MX: { byTikTok: 0, byOwnCarrier: 0.1, transit: [2, 8], completed: 8, payWithin: 2 * DAY },
};

const BUYER_REASONS = [
  'No longer needed',
  'Better price available',
  'Need to change delivery address',
  'Discount not as expected',
  'Ordered by mistake',
];

/** The life of an order: the same for the same seed, shop and serial, whatever the time is. */
export function lifeOf(seed: number, shop: Shop, { serial, time }: Placed): Life {
  const random = new Random(mix(seed, shop.number, serial, 1));
  const market = SHIPPING[shop.region];
  const kind = kindOf(random.next(), shop.region);
  const pieces = kind === 'normal' ? piecesOf(random.next()) : 1;
  const fulfilledByTikTok = kind !== 'sample' && random.chance(market.byTikTok);
  const shippedBy = !fulfilledByTikTok && random.chance(market.byOwnCarrier) ? 'SELLER' : 'TIKTOK';
  // Assumed: of these markets only Mexico pays at the door; the facts sheet names none of them.
  const cashOnDelivery = shop.region === 'MX' && kind === 'normal' && random.chance(0.12);
  const path = pathOf(random.next(), { kind, pieces, region: shop.region });
  const split = path === 'shipped' && pieces > 1 && random.chance(0.12);
  const walk = new Walk(STATUSES, time);
  const common = {
    serial,
    time,
    kind,
    cashOnDelivery,
    pieces,
    fulfilledByTikTok,
    shippedBy,
    split,
    statuses: walk.statuses,
    times: walk.times,
  } as const;
  const lived = (cancellation?: Cancellation, lineCancelled?: number, deniedCancel?: Life['deniedCancel']): Life => ({
    ...common,
    cancellation,
    lineCancelled,
    deniedCancel,
  });
  const cancelled = (by: Cancellation['by'], reason: string, asked?: number): Life => {
    walk.enter('CANCELLED', 0);
    return lived({ by, reason, asked });
  };

  if (kind === 'normal' && !cashOnDelivery) {
    walk.enter('UNPAID', 0);
    if (path === 'unpaid') {
      walk.wait(market.payWithin);
      return cancelled('SYSTEM', 'Customer overdue to pay');
    }
    walk.wait(random.chance(0.9) ? random.between(8, 5 * MINUTE) : random.between(5 * MINUTE, market.payWithin - MINUTE));
  }
  if (kind === 'normal') {
    walk.enter('ON_HOLD', 0);
    if (path === 'remorse') {
      walk.wait(random.between(2 * MINUTE, 58 * MINUTE));
      return cancelled('BUYER', random.pick(BUYER_REASONS), walk.now);
    }
    walk.wait(HOUR);
  }
  walk.enter('AWAITING_SHIPMENT', 0);
  if (path === 'buyer') {
    walk.wait(random.between(10 * MINUTE, 20 * HOUR));
    const asked = walk.now;
    walk.wait(random.between(20 * MINUTE, 2 * DAY));
    return cancelled('BUYER', random.pick(BUYER_REASONS), asked);
  }
  if (path === 'seller') {
    walk.wait(random.between(2 * HOUR, 2 * DAY));
    return cancelled('SELLER', random.pick(['Out of stock', 'Pricing error', 'Unable to deliver to buyer address']));
  }
  if (path === 'overdue') {
    walk.wait(6 * DAY);
    return cancelled('SYSTEM', 'Seller did not ship on time');
  }
  const handling = random.chance(0.03)
    ? random.between(3 * DAY, 5 * DAY)
    : random.between(2 * HOUR, fulfilledByTikTok ? 14 * HOUR : 44 * HOUR);
  const lineCancelled = path === 'line' ? walk.now + Math.floor(handling / 2) : undefined;
  const deniedCancel =
    path === 'denied' ? { asked: walk.now + Math.floor(handling / 4), ended: walk.now + Math.floor(handling / 2) } : undefined;
  walk.wait(handling);
  if (split) {
    walk.enter('PARTIALLY_SHIPPING', 0);
    walk.wait(random.between(4 * HOUR, 2 * DAY));
  }
  walk.enter('AWAITING_COLLECTION', 0);
  walk.enter('IN_TRANSIT', random.between(2 * HOUR, 30 * HOUR));
  const slow = random.chance(0.03) ? random.between(2, 6) * DAY : 0;
  walk.wait(random.between(market.transit[0] * DAY, market.transit[1] * DAY) + slow);
  // A number of its own, so that nothing else of the life hangs on which it is.
  if (path === 'lost') return cancelled('SYSTEM', new Random(mix(seed, shop.number, serial, 32)).pick(UNDELIVERED));
  walk.enter('DELIVERED', 0);
  // A dispute keeps an order open for weeks: the late changes that a narrow window would miss.
  const late = random.chance(0.02) ? random.between(5 * DAY, 14 * DAY) : 0;
  walk.enter('COMPLETED', Math.min(market.completed * DAY + random.between(0, DAY) + late, LIFE_SECONDS - DAY - (walk.now - time)));
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

/** When the order entered a status, if it has by that second. */
export function enteredAt(life: Life, status: Status, at: number): number | undefined {
  const step = life.statuses.indexOf(STATUSES.indexOf(status));
  const time = step < 0 ? undefined : life.times[step];
  return time !== undefined && time <= at ? time : undefined;
}

function kindOf(share: number, region: Region): Kind {
  if (share < 0.008) return 'sample';
  if (share < 0.015) return 'replacement';
  return share < 0.02 && (region === 'US' || region === 'GB') ? 'exchange' : 'normal';
}

function piecesOf(share: number): number {
  if (share < 0.64) return 1;
  if (share < 0.84) return 2;
  if (share < 0.93) return 3;
  if (share < 0.97) return 4;
  return share < 0.985 ? 5 : 8;
}

type Path = 'unpaid' | 'remorse' | 'buyer' | 'seller' | 'overdue' | 'lost' | 'line' | 'denied' | 'shipped';

/** Six in a hundred orders are cancelled, wholly or, where the market knows that, by the line. */
function pathOf(share: number, { kind, pieces, region }: { kind: Kind; pieces: number; region: Region }): Path {
  if (kind !== 'normal') return share < 0.02 ? 'seller' : 'shipped';
  if (share < 0.016) return 'unpaid';
  if (share < 0.024) return 'remorse';
  if (share < 0.041) return 'buyer';
  if (share < 0.047) return 'seller';
  if (share < 0.05) return 'overdue';
  if (share < 0.054) return 'lost';
  if (share < 0.08) return pieces > 1 && (region === 'US' || region === 'GB') ? 'line' : 'shipped';
  return share < 0.086 ? 'denied' : 'shipped';
}
