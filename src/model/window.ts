import { addDays, shopDay, spanDays } from './shop-day.ts';
import type { Shop } from './shop.ts';

/** A span of shop days, both ends in it; null is open. */
export interface Span {
  readonly from: string | null;
  readonly to: string;
}

/** What is asked for: the last days up to today, a span of dates, or everything. */
export type WindowWish =
  | { readonly kind: '7d' | '30d' | 'all' }
  | { readonly kind: 'span'; readonly from: string | null; readonly to: string | null };

/** A window on the clock of some shops that share a calendar day. */
export interface Window {
  readonly shopIds: readonly number[];
  readonly today: string;
  readonly current: Span;
  /** The last complete days, as many as the window has, and as many before: what growth compares. Null for everything. */
  readonly growth: { readonly later: Span; readonly earlier: Span } | null;
  /** The window holds today, which is not over. */
  readonly partialDay: boolean;
}

/** Now, or the day or instant that `asOf` moves it to. */
export type AsOf = { readonly day: string } | { readonly instant: Temporal.Instant };

/** The window on each shop's own clock; shops that share today share a window (two or three at any instant on earth). */
export function windowsOf(shops: readonly Shop[], wish: WindowWish, asOf: AsOf): Window[] {
  const byToday = Map.groupBy(shops, ({ zone }) => ('day' in asOf ? asOf.day : shopDay(asOf.instant, zone)));
  return [...byToday].map(([today, sharing]) => ({
    shopIds: sharing.map(({ shopId }) => shopId),
    today,
    ...windowOn(today, wish),
  }));
}

function windowOn(today: string, wish: WindowWish): Omit<Window, 'shopIds' | 'today'> {
  if (wish.kind === 'all') return { current: { from: null, to: today }, growth: null, partialDay: true };
  if (wish.kind === 'span') {
    const to = wish.to !== null && wish.to < today ? wish.to : today;
    const current = { from: wish.from, to };
    return { current, growth: wish.from === null || wish.from > to ? null : comparison(spanDays(wish.from, to), to === today ? addDays(today, -1) : to), partialDay: to === today };
  }
  const days = wish.kind === '7d' ? 7 : 30;
  return { current: { from: addDays(today, 1 - days), to: today }, growth: comparison(days, addDays(today, -1)), partialDay: true };
}

/** So many days up to the last complete one, against as many before. */
function comparison(days: number, last: string): NonNullable<Window['growth']> {
  const earlierEnd = addDays(last, -days);
  return { later: { from: addDays(earlierEnd, 1), to: last }, earlier: { from: addDays(earlierEnd, 1 - days), to: earlierEnd } };
}
