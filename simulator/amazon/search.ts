import { LIFE_SECONDS } from '../trade/life.ts';
import type { Seal } from '../seal.ts';
import type { AmazonFate } from './amazon-faults.ts';
import type { AmazonOrder, AmazonWorld, ListedOrder } from './amazon-world.ts';
import type { Call } from './call.ts';
import { invalidInput } from './envelope.ts';
import { digitsOf, orderIdOf } from './ids.ts';
import { SETTLED_MS, type SearchQuery } from './search-query.ts';
import type { AmazonShop } from './shops.ts';
import { isByAmazon } from './statuses.ts';

/** Where a page ended, and what the search had been. */
interface PageMark {
  readonly time: number;
  readonly shop: number;
  readonly serial: number;
  /** The upper bound of the first page, milliseconds; later pages keep it. */
  readonly before: number;
  readonly binding: number;
  readonly issued: number;
}

/** One page of orders. */
export interface FoundPage {
  readonly orders: readonly AmazonOrder[];
  /** Undefined on the last page. */
  readonly nextToken: string | undefined;
  readonly before: number;
}

const TOKEN_MS = 24 * 3_600_000;
const TWO_YEARS_MS = 2 * 365 * 86_400_000;
/** Where orders of any age are told. */
const AGELESS = new Set(['JP', 'AU', 'SG']);

/**
 * The orders a search finds, oldest change first, page by page. What changes between two pages has left the window.
 * @throws Refusal 400 for a token that is none, is older than a day, or belongs to another search
 */
export function searchPage({ world, fate, nowMs, seal }: Pick<Call, 'world' | 'fate' | 'nowMs' | 'seal'>, query: SearchQuery): FoundPage {
  const mark = query.pageToken === undefined ? undefined : markOf(query, seal, nowMs);
  const before = mark?.before ?? query.before ?? nowMs - SETTLED_MS;
  const isBlind = query.marketplaces > 1 && fate.befalls('multiMarketplaceBlind');
  const found: ListedOrder[] = [];
  for (const listed of isBlind ? [] : candidates(world, query, { before, from: mark?.time, at: Math.floor(nowMs / 1000) })) {
    if (mark && !isBehind(listed, mark)) continue;
    const ms = world.msOf(listed);
    if (ms < query.after || ms > before || !passes(world, query, { listed, nowMs })) continue;
    if (isHidden(world, listed, fate)) continue;
    found.push(listed);
    if (found.length > query.pageSize) break;
  }
  const orders = (listed: readonly ListedOrder[]): AmazonOrder[] => listed.map(({ shop, serial }) => world.order(shop, serial));
  if (found.length <= query.pageSize) return { orders: orders(found), nextToken: undefined, before };
  found.pop();
  const last = found.at(-1)!;
  const repeats = found.length > 1 && fate.within(last.shop).fallsOn(digitsOf(idOf(world, last)), 'duplicates', 3);
  const { time, shop, serial } = found.at(repeats ? -2 : -1)!;
  const next: PageMark = { time, shop: shop.number, serial, before, binding: query.binding, issued: nowMs };
  return { orders: orders(found), nextToken: seal.close(next), before };
}

/** Whether an order is one of those that no list tells of. */
export function isHidden(world: AmazonWorld, listed: { shop: AmazonShop; serial: number }, fate: AmazonFate): boolean {
  const of = fate.within(listed.shop);
  return of.faults.listOmitsOrder > 0 && of.fallsOn(digitsOf(idOf(world, listed)), 'listOmitsOrder', 2);
}

function idOf(world: AmazonWorld, { shop, serial }: { shop: AmazonShop; serial: number }): string {
  return orderIdOf(world.seed, shop, serial);
}

function candidates(
  world: AmazonWorld,
  { sortsByUpdate, after, shops }: SearchQuery,
  { before, from, at }: { before: number; from: number | undefined; at: number },
): Generator<ListedOrder> {
  const span = { from: from ?? Math.floor(after / 1000), to: Math.floor(before / 1000) + 1, at };
  return sortsByUpdate ? world.updated(shops, span) : world.created(shops, span);
}

function passes(
  world: AmazonWorld,
  { statuses, fulfilledBy }: SearchQuery,
  { listed, nowMs }: { listed: ListedOrder; nowMs: number },
): boolean {
  const { shop, serial, time } = listed;
  const oldest = nowMs - TWO_YEARS_MS;
  // Only what changed within a life of the limit can have been placed before it.
  const isOld = time * 1000 < oldest + LIFE_SECONDS * 1000 && world.trade.calendar(shop).timeOf(serial)! * 1000 < oldest;
  if (isOld && !AGELESS.has(shop.country)) return false;
  if (statuses.length === 0 && fulfilledBy.length === 0) return true;
  const order = world.order(shop, serial);
  if (statuses.length > 0 && !statuses.includes(world.stateOf(order, Math.floor(nowMs / 1000)).status)) return false;
  return fulfilledBy.length === 0 || fulfilledBy.includes(isByAmazon(order.life) ? 'AMAZON' : 'MERCHANT');
}

function isBehind({ time, shop, serial }: ListedOrder, mark: PageMark): boolean {
  return (time - mark.time || shop.number - mark.shop || serial - mark.serial) > 0;
}

function markOf({ pageToken, binding }: SearchQuery, seal: Seal, nowMs: number): PageMark {
  const mark = seal.open(pageToken!) as PageMark | undefined;
  if (mark?.binding !== binding || nowMs - mark.issued > TOKEN_MS)
    throw invalidInput(
      '',
      'The paginationToken you have submitted is not valid. All parameters must match the original request except maxResultsPerPage.',
    );
  return mark;
}
