import type { Shop } from './shops.ts';

/** What may follow an order: a return or a cancellation, through all of its stages. */
export interface Story {
  /** Which of its order's it is, 0 to 3. */
  readonly nth: number;
  /** Places in the list of its stages and when each was entered, strictly later one after the other; a stage may come twice in a row. */
  readonly stages: readonly number[];
  readonly times: readonly number[];
}

const MOST_AN_ORDER = 4;

/** One number for an order's nth story within its shop; grows with the order's. */
export function storyNumber(serial: number, nth: number): number {
  return serial * MOST_AN_ORDER + nth;
}

/** The order's serial and the story's place that a number stands for. */
export function storyPlace(number: number): { serial: number; nth: number } {
  return { serial: Math.floor(number / MOST_AN_ORDER), nth: number % MOST_AN_ORDER };
}

/** Where stories of one kind are: how long after its order the last change may come, in seconds, and those of one order. */
export interface StorySource {
  readonly longest: number;
  storiesOf(shop: Shop, placed: { readonly serial: number; readonly time: number }): readonly Story[];
}
