import { mix } from '../random.ts';
import type { World } from './world.ts';
import { Kept } from './change-blocks.ts';
import type { Sku } from './catalogue.ts';
import { STAGES, stepAt } from './life.ts';
import type { Shop } from './shops.ts';

const DAY = 86_400;
/** No order waits longer than this to be shipped. */
const WAITING_SECONDS = 12 * DAY;
const WAITING = new Set(['placed', 'paid', 'toPack', 'partlyPacked']);
const RESTOCKED_EVERY = 14 * DAY;

/** How many pieces lie in the warehouses. */
export class Stock {
  readonly #world: World;
  readonly #committed = new Kept<ReadonlyMap<string, number>>();

  constructor(world: World) {
    this.#world = world;
  }

  /** What can still be ordered: it falls until the next delivery, sometimes to nothing. */
  available({ code }: Sku, warehouse: number, at: number): number {
    const period = Math.floor(at / RESTOCKED_EVERY);
    const delivered = mix(this.#world.seed, Number(code.slice(-9)), warehouse, period) % 400;
    const gone = ((at % RESTOCKED_EVERY) / RESTOCKED_EVERY) * 260;
    return Math.max(0, Math.floor(delivered - gone));
  }

  /** What open orders have reserved: every piece of theirs that was not shipped yet. */
  committed(shop: Shop, at: number): (sku: Sku, warehouse: number) => number {
    const counts = this.#committed.get(`${shop.number}/${at}`, () => this.#count(shop, at));
    return ({ code }, warehouse) => counts.get(`${code} ${warehouse}`) ?? 0;
  }

  #count(shop: Shop, at: number): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const placed of this.#world.calendar(shop).placed(at - WAITING_SECONDS, at + 1)) {
      const { life, basket, warehouse } = this.#world.order(shop, placed);
      const stage = STAGES[life.stages[stepAt(life, at)]!]!;
      if (!WAITING.has(stage)) continue;
      for (const { sku, parcel, isCancelled } of basket.pieces) {
        const isShipped = stage === 'partlyPacked' && parcel === 0;
        if (isShipped || (isCancelled && life.lineCancelled !== undefined && life.lineCancelled <= at)) continue;
        const key = `${sku.code} ${warehouse}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    return counts;
  }
}
