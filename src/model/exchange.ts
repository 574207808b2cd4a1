import { quotientText } from './money.ts';
import { addDays } from './shop-day.ts';

/** Where a rate comes from; one that the seller set wins over the one the European Central Bank published for the same day. */
export const RATE_SOURCES = ['ECB', 'manual'] as const;
export type RateSource = (typeof RATE_SOURCES)[number];

/** What one euro was worth on a day, as published: `1 EUR = rate currency`. */
export interface Rate {
  readonly day: string;
  /** ISO 4217, never EUR. */
  readonly currency: string;
  /** Plain decimal above 0. */
  readonly rate: string;
}

/** How many digits a rate between two currencies has after the point. */
export const CROSS_RATE_DIGITS = 12;
/** A rate is of use for its own day and so many after it: banks are closed at weekends and over Easter. */
export const RATE_VALID_DAYS = 7;

/** An exact rate between two currencies for a day, and the days its parts were published on. */
export interface CrossRate {
  /** Plain decimal with {@link CROSS_RATE_DIGITS} digits, rounded half-up. */
  readonly factor: string;
  readonly rateDays: readonly string[];
}

/** Rates by currency, each currency's by day. */
export type RateTable = ReadonlyMap<string, readonly Rate[]>;

/** Puts rates into order for {@link crossRate}. */
export function rateTable(rates: readonly Rate[]): RateTable {
  return new Map(
    [...Map.groupBy(rates, ({ currency }) => currency)].map(([currency, own]) => [
      currency,
      own.toSorted((a, b) => (a.day < b.day ? -1 : 1)),
    ]),
  );
}

/** What one unit of `from` is worth in `to` on a day, crossed through the euro; undefined where a rate is missing. */
export function crossRate(table: RateTable, { from, to, day }: { from: string; to: string; day: string }): CrossRate | undefined {
  const [one, other] = [rateOn(table, from, day), rateOn(table, to, day)];
  if (!one || !other) return undefined;
  const rateDays = [one, other].map((rate) => rate.day).filter((each) => each !== '');
  return { factor: quotientText(other.rate, one.rate, CROSS_RATE_DIGITS), rateDays: [...new Set(rateDays)].toSorted() };
}

/** The last rate published on or before a day, if it is not too old; the euro needs none. */
export function rateOn(table: RateTable, currency: string, day: string): Rate | undefined {
  if (currency === 'EUR') return { day: '', currency, rate: '1' };
  const rates = table.get(currency) ?? [];
  let [low, high] = [0, rates.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rates[middle]!.day <= day) low = middle + 1;
    else high = middle;
  }
  const rate = rates[low - 1];
  return rate && rate.day >= addDays(day, -RATE_VALID_DAYS) ? rate : undefined;
}
