import { Random, mix } from '../random.ts';

/** What a product can be: written but not offered, under examination, refused, on sale, paused by either, barred for good, deleted. */
export type ProductStatus = 'draft' | 'examined' | 'refused' | 'onSale' | 'pausedBySeller' | 'pausedByPlatform' | 'barred' | 'deleted';

/** What decides everything that will ever happen to a product; seconds. */
export interface ProductLife {
  /** All of its chance. */
  readonly seed: number;
  readonly created: number;
  /** What it is while nothing else is true of it. */
  readonly usual: ProductStatus;
  readonly ended: { readonly time: number; readonly status: 'barred' | 'deleted' } | undefined;
}

/** A product at a second. */
export interface ProductState {
  readonly status: ProductStatus;
  readonly updated: number;
  /** How often its text was edited. */
  readonly edits: number;
}

const DAY = 86_400;
/** 2024-12-01, when the shops open. */
const OPENING = 1_733_011_200;
const EDIT_PERIOD = 30 * DAY;
const PAUSE_PERIOD = 90 * DAY;

/** A product of the catalogue: most were there before the shop opened, some came later, and of the least wanted a part is deleted. */
export function soldProductLife(
  seed: number,
  shop: number,
  { product, isDispensable }: { product: number; isDispensable: boolean },
): ProductLife {
  const own = mix(seed, 950 + shop, product);
  const random = new Random(own);
  const created = random.chance(0.88) ? OPENING - random.between(DAY, 300 * DAY) : OPENING + random.between(30 * DAY, 600 * DAY);
  const fate = random.next();
  const time = Math.max(created, OPENING) + random.between(120 * DAY, 620 * DAY);
  return {
    seed: own,
    created,
    usual: 'onSale',
    ended: isDispensable && fate < 0.3 ? { time, status: fate < 0.05 ? 'barred' : 'deleted' } : undefined,
  };
}

/**
 * The `place`-th of so many products that nobody buys: a few that never went live, the rest listed one after the other over a year and a
 * half.
 */
export function unsoldProductLife(seed: number, shop: number, { place, of }: { place: number; of: number }): ProductLife {
  const usual = (['draft', 'draft', 'examined', 'refused'] as const)[place] ?? 'onSale';
  return {
    seed: mix(seed, 960 + shop, place),
    created: OPENING - 200 * DAY + Math.floor((place / of) * 500 * DAY),
    usual,
    ended: undefined,
  };
}

/** A product's state at a second; undefined before it was created. */
export function productStateAt(life: ProductLife, at: number): ProductState | undefined {
  if (at < life.created) return undefined;
  const end = life.ended !== undefined && life.ended.time <= at ? life.ended : undefined;
  const until = end?.time ?? at;
  const edits = editsUpTo(life, until);
  const pause = lastPause(life, until);
  const isPaused = pause !== undefined && pause.to > until;
  const updated = Math.max(life.created, edits.last ?? 0, pause === undefined ? 0 : isPaused ? pause.from : pause.to, end?.time ?? 0);
  return { status: end?.status ?? (isPaused ? pause.status : life.usual), updated, edits: edits.count };
}

/** Whether a product can be bought at a second. */
export function isOnSale(life: ProductLife, at: number): boolean {
  if (at < life.created || at >= (life.ended?.time ?? Infinity) || life.usual !== 'onSale') return false;
  const pause = pauseIn(life, Math.floor(at / PAUSE_PERIOD));
  return pause === undefined || at < pause.from || at >= pause.to;
}

function editsUpTo(life: ProductLife, until: number): { count: number; last: number | undefined } {
  let count = 0;
  let last: number | undefined;
  for (let period = Math.floor(life.created / EDIT_PERIOD); period * EDIT_PERIOD <= until; period++) {
    const chance = mix(life.seed, 1, period);
    const time = period * EDIT_PERIOD + (chance % EDIT_PERIOD);
    if (chance % 5 > 1 || time <= life.created || time > until) continue;
    count++;
    last = time;
  }
  return { count, last };
}

/** The latest pause that has begun by a second. */
function lastPause(life: ProductLife, until: number): Pause | undefined {
  for (let quarter = Math.floor(until / PAUSE_PERIOD); (quarter + 1) * PAUSE_PERIOD > life.created; quarter--) {
    const pause = pauseIn(life, quarter);
    if (pause !== undefined && pause.from <= until) return pause;
  }
  return undefined;
}

interface Pause {
  readonly from: number;
  readonly to: number;
  readonly status: ProductStatus;
}

/** One quarter in twenty-five a product is taken off sale for some days; it is on sale again before the quarter ends. */
function pauseIn(life: ProductLife, quarter: number): Pause | undefined {
  const chance = mix(life.seed, 2, quarter);
  if (life.usual !== 'onSale' || chance % 25 !== 0) return undefined;
  const random = new Random(chance);
  const from = quarter * PAUSE_PERIOD + random.between(0, 60 * DAY);
  const status = random.chance(0.75) ? 'pausedBySeller' : 'pausedByPlatform';
  return from <= life.created ? undefined : { from, to: from + random.between(4 * DAY, 25 * DAY), status };
}
