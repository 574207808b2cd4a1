import { readCurrencies, readRatesFetchedAt } from '../engines/rate-book.ts';
import { toAppError, type AppError } from '../kernel/errors.ts';
import { BANK_ZONE, fetchRates, type RateRoom } from '../sync/rates.ts';

/** What the job looks after. */
export interface RateJobRoom extends RateRoom {
  readonly reportingCurrency: string;
  readonly onFailure: (error: AppError, what: string) => void;
  readonly onSuccess: (what: string) => void;
}

export interface RateJob {
  /** Looks now, then every half hour. */
  start(): void;
  close(): Promise<void>;
}

const WHAT = 'exchange rates';
const LOOK_EVERY_MS = 30 * 60_000;
/** The bank publishes at about 16:00. */
const PUBLISHED = { hour: 16, minute: 30 } as const;

/** Fetches exchange rates once a day, after the bank has published them, where anything is sold in another currency than the reporting one. */
export function openRateJob(room: RateJobRoom): RateJob {
  let timer: NodeJS.Timeout | undefined;
  let run: Promise<void> = Promise.resolve();
  let closing = false;
  const look = async (): Promise<void> => {
    const now = room.clock.now();
    const { fetchedAt, currencies } = await room.engine.read(async (reader) =>
      ({ fetchedAt: await readRatesFetchedAt(reader), currencies: await readCurrencies(reader) }));
    if (!room.ratesUrl || currencies.every((currency) => currency === room.reportingCurrency) || !ratesDue(fetchedAt, now)) return;
    await fetchRates(room);
    room.onSuccess(WHAT);
  };
  const again = (): void => {
    run = run.then(look).catch((error: unknown) => {
      if (!closing) room.onFailure(toAppError(error), WHAT);
    });
  };
  return {
    start() {
      timer = setInterval(again, LOOK_EVERY_MS).unref();
      again();
    },
    async close() {
      closing = true;
      clearInterval(timer);
      await run;
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
