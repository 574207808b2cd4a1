import { LIFE_SECONDS, isCancelPending, stepAt } from '../trade/life.ts';
import type { Placed } from '../trade/calendar.ts';
import type { Changed, Span } from '../trade/change-blocks.ts';
import type { Changes } from '../trade/changes.ts';
import type { TikTokShop } from './shops.ts';
import type { TikTokWorld } from './tiktok-world.ts';
import { buyerIdOf, warehouseIdOf } from './ids.ts';
import { pageOf, type Page } from './pages.ts';
import type { SearchQuery } from './search-query.ts';
import { CARRIERS, STATUSES } from './statuses.ts';

/** Where a search looks. */
export interface SearchGround {
  readonly world: TikTokWorld;
  readonly changes: Changes;
  readonly shop: TikTokShop;
  readonly at: number;
  /** Whether a search lists it; what it does not list is counted all the same. */
  readonly isListed: (placed: { readonly serial: number }) => boolean;
  /** Whether the page that ends here gives its last order to the next page too. */
  readonly repeatsLast: (placed: { readonly serial: number }) => boolean;
}

/**
 * The orders a search finds, page by page: sorted by the chosen time and then by serial, bounds `ge` inclusive and `lt` exclusive.
 * @throws Refusal for a token of another search
 */
export function searchPage(ground: SearchGround, query: SearchQuery): Page<Placed> {
  const { world, at, repeatsLast } = ground;
  const page = pageOf<Placed | Changed>(
    {
      seed: world.seed,
      span: spanOf(query, at),
      repeatsLast,
      candidates: (span) => candidates(ground, query, span),
      passes: (candidate) => ground.isListed(candidate) && passes(ground, query, candidate),
      count: (span) => count(ground, query, span),
    },
    query,
  );
  return { ...page, found: page.found.map(({ serial }) => placedOf(ground, serial)) };
}

function placedOf({ world, shop }: SearchGround, serial: number): Placed {
  return { serial, time: world.calendar(shop).timeOf(serial)! };
}

/** The sorted time's bounds; what the other time's bounds say about it narrows them. */
function spanOf({ sortsByUpdate, filters }: SearchQuery, at: number): Span {
  const { createGe = 0, createLt = Infinity, updateGe = 0, updateLt = Infinity } = filters;
  if (sortsByUpdate) return { from: Math.max(updateGe, createGe), to: Math.min(updateLt, createLt + LIFE_SECONDS, at + 1), at };
  return { from: Math.max(createGe, updateGe - LIFE_SECONDS), to: Math.min(createLt, updateLt, at + 1), at };
}

function candidates(
  { world, changes, shop }: SearchGround,
  { sortsByUpdate, descending }: SearchQuery,
  span: Span,
): Iterable<Placed | Changed> {
  if (sortsByUpdate) return descending ? changes.latestBackwards(shop, span) : changes.latest(shop, span);
  const calendar = world.calendar(shop);
  return descending ? calendar.placedBackwards(span.from, span.to) : calendar.placed(span.from, span.to);
}

function passes(ground: SearchGround, { filters, sortsByUpdate }: SearchQuery, candidate: Placed | Changed): boolean {
  const { world, shop, at } = ground;
  const otherBounds = sortsByUpdate ? [filters.createGe, filters.createLt] : [filters.updateGe, filters.updateLt];
  if (filters.status !== undefined && 'stage' in candidate && STATUSES[candidate.stage] !== filters.status) return false;
  const asksMore = filters.shippingType ?? filters.asksCancel ?? filters.buyer ?? filters.warehouses ?? otherBounds[0] ?? otherBounds[1];
  if (asksMore === undefined && (filters.status === undefined || 'stage' in candidate)) return true;
  const placed = sortsByUpdate ? placedOf(ground, candidate.serial) : candidate;
  const life = world.life(shop, placed);
  const step = stepAt(life, at);
  const other = sortsByUpdate ? placed.time : life.times[step]!;
  if (other < (otherBounds[0] ?? 0) || other >= (otherBounds[1] ?? Infinity)) return false;
  if (filters.status !== undefined && STATUSES[life.stages[step]!] !== filters.status) return false;
  if (filters.shippingType !== undefined && CARRIERS[life.carriedBy] !== filters.shippingType) return false;
  if (filters.buyer === undefined && filters.warehouses === undefined && filters.asksCancel === undefined) return true;
  const order = world.order(shop, placed);
  if (filters.asksCancel !== undefined && isCancelPending(life, at) !== filters.asksCancel) return false;
  if (filters.warehouses !== undefined && !filters.warehouses.includes(warehouseIdOf(order.warehouse))) return false;
  return filters.buyer === undefined || buyerIdOf(order.buyer) === filters.buyer;
}

function count(ground: SearchGround, query: SearchQuery, span: Span): number {
  const { world, changes, shop } = ground;
  const { createGe, createLt, updateGe, updateLt, ...others } = query.filters;
  const bounds = query.sortsByUpdate ? [createGe, createLt] : [updateGe, updateLt];
  if ([...bounds, ...Object.values(others)].every((value) => value === undefined)) {
    if (query.sortsByUpdate) return changes.count(shop, span);
    const calendar = world.calendar(shop);
    return Math.max(0, calendar.countBefore(span.to) - calendar.countBefore(span.from));
  }
  let total = 0;
  for (const candidate of candidates(ground, query, span)) if (passes(ground, query, candidate)) total++;
  return total;
}
