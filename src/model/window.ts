import { addDays, shopDay, spanDays } from './shop-day.ts';
import type { Shop } from './shop.ts';

/** A span of shop days, both ends in it; null is open. */
export interface Span {
  readonly from: string | null;
  readonly to: string;
}

/** What is asked for: the last days up to today, a span of dates, or everything. */
export type WindowWish =
  { readonly kind: '7d' | '30d' | 'all' } | { readonly kind: 'span'; readonly from: string | null; readonly to: string | null };

/** Two spans of as many complete days, both with a first day. */
export interface Comparison {
  readonly later: Span & { readonly from: string };
  readonly earlier: Span & { readonly from: string };
}

/** A window on the clock of some shops that share a calendar day. */
export interface Window {
  readonly shopIds: readonly number[];
  readonly today: string;
  /** That day is over on these shops' clocks: `asOf` named it later. */
  readonly over: boolean;
  readonly current: Span;
  /** The last complete days, as many as the window has, and as many before: what growth compares. Null for everything. */
  readonly growth: Comparison | null;
  /** The window holds a day that is not over. */
  readonly partialDay: boolean;
}

/** Now, or the day or instant that `asOf` moves it to. */
export type AsOf = { readonly day: string } | { readonly instant: Temporal.Instant };

/**
 * The window on each shop's own clock; shops that share today, and whether it is over, share a window (two or three at any instant on
 * earth). A day that `asOf` names is over where the shop's clock has passed it by `now`.
 */
export function windowsOf(shops: readonly Shop[], { wish, asOf, now }: { wish: WindowWish; asOf: AsOf; now: Temporal.Instant }): Window[] {
  const days = shops.map(({ shopId, zone }) => {
    const today = 'day' in asOf ? asOf.day : shopDay(asOf.instant, zone);
    return { shopId, today, over: today < shopDay(now, zone) };
  });
  return [...Map.groupBy(days, ({ today, over }) => `${today} ${over}`).values()].map((sharing) => ({
    shopIds: sharing.map(({ shopId }) => shopId),
    today: sharing[0]!.today,
    over: sharing[0]!.over,
    ...windowOn(sharing[0]!, wish),
  }));
}

function windowOn({ today, over }: { today: string; over: boolean }, wish: WindowWish): Omit<Window, 'shopIds' | 'today' | 'over'> {
  const lastComplete = over ? today : addDays(today, -1);
  if (wish.kind === 'all') return { current: { from: null, to: today }, growth: null, partialDay: !over };
  if (wish.kind === 'span') {
    const to = wish.to !== null && wish.to < today ? wish.to : today;
    const growth = wish.from === null || wish.from > to ? null : comparison(spanDays(wish.from, to), to === today ? lastComplete : to);
    return { current: { from: wish.from, to }, growth, partialDay: to === today && !over };
  }
  const days = wish.kind === '7d' ? 7 : 30;
  return { current: { from: addDays(today, 1 - days), to: today }, growth: comparison(days, lastComplete), partialDay: !over };
}

/** So many days up to the last complete one, against as many before. */
function comparison(days: number, last: string): Comparison {
  const earlierEnd = addDays(last, -days);
  return { later: { from: addDays(earlierEnd, 1), to: last }, earlier: { from: addDays(earlierEnd, 1 - days), to: earlierEnd } };
}
