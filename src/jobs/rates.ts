import { readCurrencies, readRatesFetchedAt } from '../engines/rate-book.ts';
import { BANK_ZONE, fetchRates, type RateRoom } from '../sync/rates.ts';
import { openRepeatedJob, type JobEars, type RepeatedJob } from './repeated-job.ts';

/** What the job looks after. */
export interface RateJobRoom extends RateRoom, JobEars {
  readonly reportingCurrency: string;
}

const WHAT = 'exchange rates';
const LOOK_EVERY_MS = 30 * 60_000;
/** The bank publishes at about 16:00. */
const PUBLISHED = { hour: 16, minute: 30 } as const;

/** Fetches exchange rates once a day, after the bank has published them, where anything is sold in another currency than the reporting one. */
export function openRateJob(room: RateJobRoom): RepeatedJob {
  return openRepeatedJob({
    what: WHAT, everyMs: LOOK_EVERY_MS, ears: room,
    async look() {
      const now = room.clock.now();
      const { fetchedAt, currencies } = await room.engine.read(async (reader) =>
        ({ fetchedAt: await readRatesFetchedAt(reader), currencies: await readCurrencies(reader) }));
      if (!room.ratesUrl || currencies.every((currency) => currency === room.reportingCurrency) || !ratesDue(fetchedAt, now)) return false;
      await fetchRates(room);
      return true;
    },
  });
}

/** Whether the bank has published since then. */
export function ratesDue(fetchedAt: string | null, now: Temporal.Instant): boolean {
  if (fetchedAt === null) return true;
  const today = now.toZonedDateTimeISO(BANK_ZONE).with({ ...PUBLISHED, second: 0, millisecond: 0, microsecond: 0, nanosecond: 0 });
  const published = Temporal.Instant.compare(today.toInstant(), now) <= 0 ? today : today.subtract({ days: 1 });
  return Temporal.Instant.compare(Temporal.Instant.from(fetchedAt), published.toInstant()) < 0;
}
