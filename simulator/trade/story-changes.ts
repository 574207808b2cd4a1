import type { World } from './world.ts';
import { ChangeBlocks, Kept, type Changed, type Span } from './change-blocks.ts';
import type { Shop } from './shops.ts';
import { storyNumber, type StorySource } from './stories.ts';

const SPAN_SECONDS = 30 * 86_400;

/** One story as far as its changes matter. */
interface Outline {
  readonly number: number;
  readonly times: readonly number[];
  readonly stages: readonly number[];
}

/**
 * Which returns, or cancellations, began and changed when. Every order is looked at once for it, not once for each span it reaches into.
 */
export class StoryChanges {
  readonly #world: World;
  readonly #source: StorySource;
  readonly #outlines = new Kept<readonly Outline[]>();
  readonly #blocks: ChangeBlocks;

  constructor(world: World, source: StorySource) {
    this.#world = world;
    this.#source = source;
    this.#blocks = new ChangeBlocks({
      openingOf: (shop) => world.calendar(shop).opening,
      gather: (rows, shop, span) => {
        const opening = world.calendar(shop).opening;
        for (let month = monthAt(Math.max(opening, span.from - source.longest)); month * SPAN_SECONDS < span.to; month++) {
          for (const outline of this.#outlinesOf(shop, month)) rows.add(outline.number, outline, span);
        }
      },
    });
  }

  /** By their latest change up to `at`, or by their beginning; `serial` is the story's number. */
  walk(shop: Shop, span: Span, { sortsByUpdate, descending }: { sortsByUpdate: boolean; descending: boolean }): Generator<Changed> {
    const choice = sortsByUpdate ? 'latest' : 'first';
    return descending ? this.#blocks.backwards(shop, span, choice) : this.#blocks.forwards(shop, span, choice);
  }

  count(shop: Shop, span: Span, { sortsByUpdate }: { sortsByUpdate: boolean }): number {
    return this.#blocks.count(shop, span, sortsByUpdate ? 'latest' : 'first');
  }

  /** What follows the orders placed in one span. */
  #outlinesOf(shop: Shop, month: number): readonly Outline[] {
    return this.#outlines.get(`${shop.number}/${month}`, () => {
      const outlines: Outline[] = [];
      for (const placed of this.#world.calendar(shop).placed(month * SPAN_SECONDS, (month + 1) * SPAN_SECONDS)) {
        for (const { nth, times, stages } of this.#source.storiesOf(shop, placed))
          outlines.push({ number: storyNumber(placed.serial, nth), times, stages });
      }
      return outlines;
    });
  }
}

function monthAt(time: number): number {
  return Math.floor(time / SPAN_SECONDS);
}
