import type { Coverage } from '../records/shops/coverage.ts';
import { addDays } from '../model/shop-day.ts';
import type { Shop } from '../model/shop.ts';
import type { Span, Window } from '../model/window.ts';

/** Days of a shop that an answer would need and that are not known whole, both ends in it. */
export interface LackingDays {
  readonly shop: Shop;
  readonly from: string;
  readonly to: string;
}

/**
 * The days of a span of each window that a shop does not cover. A span without a first day begins with the first day there is anything of:
 * what lies before it is not looked at.
 */
export function lackingDays(
  { shops, windows, coverage }: { shops: readonly Shop[]; windows: readonly Window[]; coverage: ReadonlyMap<number, Coverage> },
  spanOf: (window: Window) => Span | null,
): LackingDays[] {
  return shops.flatMap((shop) => {
    const window = windows.find(({ shopIds }) => shopIds.includes(shop.shopId));
    const span = window && spanOf(window);
    if (!span) return [];
    const { days, firstDay } = coverage.get(shop.shopId) ?? { days: null, firstDay: null };
    const from = span.from ?? [firstDay ?? span.to, days?.from ?? span.to].toSorted()[0]!;
    if (from > span.to) return [];
    if (!days) return [{ shop, from, to: span.to }];
    const gaps = [
      { from, to: earlier(span.to, addDays(days.from, -1)) },
      { from: later(from, addDays(days.to, 1)), to: span.to },
    ];
    return gaps.filter((gap) => gap.from <= gap.to).map((gap) => ({ shop, ...gap }));
  });
}

const MOST_SHOWN = 6;

/** Lacking days as a list for a sentence. */
export function shownLacks(lacks: readonly LackingDays[]): string[] {
  const shown = lacks.slice(0, MOST_SHOWN).map(({ shop, from, to }) => `${shop.shop} ${from === to ? from : `${from} – ${to}`}`);
  return lacks.length > MOST_SHOWN ? [...shown, '…'] : shown;
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
