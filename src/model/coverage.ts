import { addDays, shopDay } from './shop-day.ts';

/** Days that are known whole, both ends in it. */
export interface CoveredDays {
  readonly from: string;
  readonly to: string;
}

/** What is known of where a shop's orders came from. */
export interface CoverageSources {
  /** Everything that changed between these instants was fetched; null where nothing was. */
  readonly fetched: { readonly from: Temporal.Instant; readonly to: Temporal.Instant } | null;
  /** The first and the last purchase that files told of; null where none did. */
  readonly files: CoveredDays | null;
}

/**
 * The days of a shop that are known whole: from the first whole day that was fetched to the last one, today as far as it has come; with the
 * days of files where they adjoin. What is known of days before is only what changed later.
 */
export function coveredDays(
  { fetched, files }: CoverageSources,
  { zone, now }: { zone: string; now: Temporal.Instant },
): CoveredDays | null {
  const today = shopDay(now, zone);
  const own = fetched && wholeDays(fetched, zone, today);
  const told = files && { from: files.from, to: files.to < today ? files.to : today };
  if (!own || !told) return own ?? told;
  const adjoin = told.from <= addDays(own.to, 1) && own.from <= addDays(told.to, 1);
  return adjoin ? { from: own.from < told.from ? own.from : told.from, to: own.to > told.to ? own.to : told.to } : own;
}

function wholeDays({ from, to }: NonNullable<CoverageSources['fetched']>, zone: string, today: string): CoveredDays | null {
  const begun = from.toZonedDateTimeISO(zone);
  const first = begun.equals(begun.startOfDay()) ? shopDay(from, zone) : addDays(shopDay(from, zone), 1);
  const last = shopDay(to, zone);
  const whole = { from: first, to: last < today ? addDays(last, -1) : today };
  return whole.from <= whole.to ? whole : null;
}
