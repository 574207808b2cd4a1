import type { World } from './world.ts';
import { ChangeBlocks, type Changed, type Span } from './change-blocks.ts';
import { LIFE_SECONDS } from './life.ts';
import type { Shop } from './shops.ts';

/** Which orders changed when, and to which stage. */
export class Changes {
  readonly #world: World;
  readonly #blocks: ChangeBlocks;

  constructor(world: World) {
    this.#world = world;
    this.#blocks = new ChangeBlocks({
      openingOf: (shop) => world.calendar(shop).opening,
      gather(rows, shop, span) {
        for (const placed of world.calendar(shop).placed(span.from - LIFE_SECONDS, span.to))
          rows.add(placed.serial, world.life(shop, placed), span);
      },
    });
  }

  /** The orders whose latest change up to `at` lies in [from, to), by that change and then serial. */
  latest(shop: Shop, span: Span): Generator<Changed> {
    return this.#blocks.forwards(shop, span, 'latest');
  }

  /** The same, latest first. */
  latestBackwards(shop: Shop, span: Span): Generator<Changed> {
    return this.#blocks.backwards(shop, span, 'latest');
  }

  /** How many orders have their latest change up to `at` in [from, to). */
  count(shop: Shop, { from, to, at }: Span): number {
    const end = Math.min(to, at + 1);
    if (end - from < LIFE_SECONDS) return this.#blocks.count(shop, { from, to: end, at }, 'latest');
    return Math.max(0, this.#countBefore(shop, end, at) - this.#countBefore(shop, from, at));
  }

  /** Orders older than a whole life have changed for the last time before `end`: they are counted without a look. */
  #countBefore(shop: Shop, end: number, at: number): number {
    const calendar = this.#world.calendar(shop);
    if (end <= calendar.opening) return 0;
    const young = Math.max(end - LIFE_SECONDS, calendar.opening);
    return calendar.countBefore(young) + this.#blocks.count(shop, { from: young, to: end, at }, 'latest', calendar.placedFrom(young));
  }
}
