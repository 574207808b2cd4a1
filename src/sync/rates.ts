import { Readable } from 'node:stream';
import type { Engine } from '../engines/engine.ts';
import { keepFetchedRates, keepRates, readRateFetches, readRateSpans } from '../records/rates/rate-book.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { send } from '../kernel/http.ts';
import { addDays, shopDay } from '../model/shop-day.ts';
import { readRatesInThread, type Patience } from './file-thread.ts';
import type { BadRate } from './rate-file.ts';

/** What exchange rates are brought home with. */
export interface RateRoom {
  readonly engine: Engine;
  readonly clock: Clock;
  /** The folder of the bank's files; undefined: nothing is fetched. */
  readonly ratesUrl: string | undefined;
}

/** What came of a file of rates. */
export interface RateResult {
  readonly rates: number;
  readonly bad: readonly BadRate[];
  readonly first_day: string | null;
  readonly last_day: string | null;
}

/** The bank's clock; it publishes at about 16:00. */
export const BANK_ZONE = 'Europe/Berlin';
/** The short file reaches back some 90 days. */
const SHORT_FILE_DAYS = 80;
const DEADLINE_MS = 60_000;

/** Keeps the rates of a file of the bank's. @throws AppError `file_unreadable`, `limit_exceeded`, `upload_stalled` */
export async function importRates(engine: Engine, source: AsyncIterable<Uint8Array>, patience?: Patience): Promise<RateResult> {
  const { rates, bad } = await readRatesInThread(source, patience);
  await engine.transaction((tx) => keepRates(tx, rates, 'ECB'));
  return resultOf(rates, bad);
}

/**
 * Fetches the bank's rates: the whole history where there is none yet or it has grown old, else the last 90 days.
 * @throws AppError `rates_not_fetched` naming why
 */
export async function fetchRates({ engine, clock, ratesUrl }: RateRoom): Promise<RateResult> {
  if (!ratesUrl) throw new AppError('rates_not_fetched', { reason: 'S7_RATES_URL=off' });
  const now = clock.now();
  const { spans, historyAt } = await engine.read(async (reader) => ({
    spans: await readRateSpans(reader),
    ...(await readRateFetches(reader)),
  }));
  const last = spans
    .filter(({ source }) => source === 'ECB')
    .map((span) => span.last_day)
    .toSorted()
    .at(-1);
  // What was imported by hand may begin anywhere: once the whole history is fetched.
  const whole = historyAt === null || !last || last < addDays(shopDay(now, BANK_ZONE), -SHORT_FILE_DAYS);
  const file = whole ? 'eurofxref-hist.xml' : 'eurofxref-hist-90d.xml';
  try {
    const { status, body } = await send({
      method: 'GET',
      url: `${ratesUrl}/${file}`,
      headers: { accept: 'application/xml' },
      body: null,
      deadlineMs: DEADLINE_MS,
    });
    if (status !== 200) throw new AppError('rates_not_fetched', { reason: `${new URL(ratesUrl).host} answered ${status}` });
    const { rates, bad } = await readRatesInThread(Readable.from([Buffer.from(body)]));
    await keepFetchedRates(engine, rates, { at: now, whole });
    return resultOf(rates, bad);
  } catch (error) {
    if (error instanceof AppError && error.code !== 'rates_not_fetched')
      throw new AppError('rates_not_fetched', { reason: error.message.replace(/\.$/, '') }, { cause: error });
    throw error;
  }
}

function resultOf(rates: readonly { readonly day: string }[], bad: readonly BadRate[]): RateResult {
  const days = rates.map(({ day }) => day).toSorted();
  return { rates: rates.length, bad, first_day: days[0] ?? null, last_day: days.at(-1) ?? null };
}
