import { stepAt } from '../trade/life.ts';
import type { Span } from '../trade/change-blocks.ts';
import type { TikTokShop } from './shops.ts';
import type { StoryChanges } from '../trade/story-changes.ts';
import { storyNumber, storyPlace, type Story } from '../trade/stories.ts';
import type { TikTokWorld, TikTokOrder } from './tiktok-world.ts';
import { buyerIdOf } from './ids.ts';
import { pageOf, type Page, type Sorted } from './pages.ts';
import type { StoryFilters, StoryQuery } from './story-query.ts';

/** A return or cancellation as a search sees it. */
interface Told<S extends Story> {
  readonly id: string;
  readonly order: TikTokOrder;
  readonly story: S;
}

/** Where a search for returns, or cancellations, looks. */
export interface StoryGround<S extends Story> {
  readonly world: TikTokWorld;
  readonly changes: StoryChanges;
  readonly shop: TikTokShop;
  readonly at: number;
  /** Those of one order that have begun. */
  toldOf(order: TikTokOrder): readonly Told<S>[];
  /** The order of one, by its id. */
  orderById(id: string): TikTokOrder | undefined;
  /** The place of its status in the list that filters name. */
  statusOf(story: S, step: number): number;
  /** Filters that only one kind has. */
  passes(told: Told<S>, filters: StoryFilters, step: number): boolean;
  repeatsLast(last: Sorted): boolean;
}

/**
 * The returns, or cancellations, that a search finds, page by page: sorted by the chosen time and then by number, `ge` inclusive and `lt`
 * exclusive.
 * @throws Refusal for a token of another search
 */
export function storyPage<S extends Story>(ground: StoryGround<S>, query: StoryQuery): Page<Told<S>> {
  const { world, changes, shop, at } = ground;
  const candidates = (span: Span): Iterable<Sorted> => named(ground, query, span) ?? changes.walk(shop, span, query);
  const passes = ({ serial }: Sorted): boolean => !asksMore(query) || fits(ground, query, told(ground, serial));
  const page = pageOf<Sorted>(
    {
      seed: world.seed,
      span: spanOf(query, at),
      candidates,
      passes,
      repeatsLast: (last) => ground.repeatsLast(last),
      count: (span) => (asksMore(query) ? [...candidates(span)].filter(passes).length : changes.count(shop, span, query)),
    },
    query,
  );
  return { ...page, found: page.found.map(({ serial }) => told(ground, serial)) };
}

function told<S extends Story>(ground: StoryGround<S>, number: number): Told<S> {
  return ground.toldOf(ground.world.orderOfStory(ground.shop, number)).find(({ story }) => story.nth === storyPlace(number).nth)!;
}

/** Those named by an id of theirs or of their order, in order; undefined when none is asked for by id. */
function named<S extends Story>(
  ground: StoryGround<S>,
  { filters, sortsByUpdate, descending }: StoryQuery,
  { from, to }: Span,
): Sorted[] | undefined {
  const { world, shop, at } = ground;
  if (filters.ids === undefined && filters.orderIds === undefined) return undefined;
  const orders = filters.ids?.map((id) => ground.orderById(id)) ?? filters.orderIds!.map((id) => world.find(id, at));
  const mine = new Map(orders.flatMap((order) => (order?.shop === shop ? [[order.id, order] as const] : [])));
  const sorted = [...mine.values()].flatMap((order) =>
    ground.toldOf(order).map(({ story }) => {
      return { time: story.times[sortsByUpdate ? stepAt(story, at) : 0]!, serial: storyNumber(order.life.serial, story.nth) };
    }),
  );
  const inSpan = sorted.filter(({ time }) => time >= from && time < to);
  return inSpan.sort((one, other) => (descending ? -1 : 1) * (one.time - other.time || one.serial - other.serial));
}

function spanOf({ sortsByUpdate, filters }: StoryQuery, at: number): Span {
  const { createGe = 0, createLt = Infinity, updateGe = 0, updateLt = Infinity } = filters;
  // Nothing changes before it was made.
  if (sortsByUpdate) return { from: Math.max(updateGe, createGe), to: Math.min(updateLt, at + 1), at };
  return { from: createGe, to: Math.min(createLt, updateLt, at + 1), at };
}

/** Whether anything is asked for beside bounds of the sorted time. */
function asksMore({ filters, sortsByUpdate }: StoryQuery): boolean {
  const { createGe, createLt, updateGe, updateLt, ...others } = filters;
  return [...(sortsByUpdate ? [createGe, createLt] : [updateGe, updateLt]), ...Object.values(others)].some((value) => value !== undefined);
}

function fits<S extends Story>(ground: StoryGround<S>, { filters }: StoryQuery, found: Told<S>): boolean {
  const { id, order, story } = found;
  const step = stepAt(story, ground.at);
  const isIn = (time: number, ge = 0, lt = Infinity): boolean => time >= ge && time < lt;
  if (!isIn(story.times[0]!, filters.createGe, filters.createLt) || !isIn(story.times[step]!, filters.updateGe, filters.updateLt))
    return false;
  const allows = <T>(list: readonly T[] | undefined, value: T): boolean => list?.includes(value) ?? true;
  return (
    allows(filters.ids, id) &&
    allows(filters.orderIds, order.id) &&
    allows(filters.buyers, buyerIdOf(order.buyer)) &&
    allows(filters.statuses, ground.statusOf(story, step)) &&
    ground.passes(found, filters, step)
  );
}
