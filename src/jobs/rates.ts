import { keepRatesTried, readCurrencies, readRateFetches } from '../records/rates/rate-book.ts';
import { BANK_ZONE, fetchRates, type RateRoom } from '../sync/rates.ts';
import { openRepeatedJob, type JobEars, type RepeatedJob } from './repeated-job.ts';

/** What the job looks after. */
export interface RateJobRoom extends RateRoom, JobEars {
  readonly reportingCurrency: string;
}

const WHAT = 'exchange rates';
const LOOK_EVERY_MS = 30 * 60_000;
/** Less than that, so that the look by the clock tries again. */
const PAUSE_MS = LOOK_EVERY_MS - 60_000;
/** The bank publishes at about 16:00. */
const PUBLISHED = { hour: 16, minute: 30 } as const;

/**
 * Fetches exchange rates where anything is sold in another currency than the reporting one: as soon as a currency is there that they were
 * not fetched for, and once a day after the bank has published them. After a failure it waits for the next look by the clock, or for
 * another currency.
 */
export function openRateJob(room: RateJobRoom): RepeatedJob {
  let failed: { readonly at: Temporal.Instant; readonly currencies: string } | null = null;
  const job = openRepeatedJob({
    engine: room.engine,
    what: WHAT,
    everyMs: LOOK_EVERY_MS,
    ears: room,
    async look() {
      const now = room.clock.now();
      const { fetches, currencies } = await room.engine.read(async (reader) => ({
        fetches: await readRateFetches(reader),
        currencies: await readCurrencies(reader),
      }));
      if (!room.ratesUrl || currencies.every((currency) => currency === room.reportingCurrency)) return false;
      const isNew = currencies.some((currency) => !fetches.currencies.includes(currency));
      if (!isNew && !ratesDue(fetches.fetchedAt, now)) return false;
      if (failed && failed.currencies === currencies.join() && now.since(failed.at).total('milliseconds') < PAUSE_MS) return false;
      try {
        await fetchRates(room);
        failed = null;
        return true;
      } catch (error) {
        failed = { at: now, currencies: currencies.join() };
        await room.engine.transaction((tx) => keepRatesTried(tx, now)).catch(() => undefined);
        throw error;
      }
    },
  });
  const ignore = room.engine.watch(job.soon);
  return {
    ...job,
    close() {
      ignore();
      return job.close();
    },
  };
}

/** Whether the bank has published since then. */
export function ratesDue(fetchedAt: string | null, now: Temporal.Instant): boolean {
  if (fetchedAt === null) return true;
  const today = now.toZonedDateTimeISO(BANK_ZONE).with({ ...PUBLISHED, second: 0, millisecond: 0, microsecond: 0, nanosecond: 0 });
  const published = Temporal.Instant.compare(today.toInstant(), now) <= 0 ? today : today.subtract({ days: 1 });
  return Temporal.Instant.compare(Temporal.Instant.from(fetchedAt), published.toInstant()) < 0;
}
