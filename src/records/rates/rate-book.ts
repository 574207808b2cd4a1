import { rateOn, rateTable, type Rate, type RateSource, type RateTable } from '../../model/exchange.ts';
import { STAGED_RATE } from '../../model/staged-tables.ts';
import type { Engine, Reader, Transaction } from '../../engines/engine.ts';
import { every, isOneOf, raw, sql } from '../../engines/sql.ts';
import { insertFrom, insertRow } from '../insertion.ts';

/** A stored rate: exact, as decimal text. */
export interface StoredRate extends Rate {
  readonly source: RateSource;
}

/** Keeps rates of one source; a later one for the same day and currency replaces the earlier. */
export async function keepRates(tx: Transaction, rates: readonly Rate[], source: RateSource): Promise<void> {
  // The last of a file wins where it names a day twice.
  const newest = [...new Map(rates.map((rate) => [`${rate.day} ${rate.currency}`, rate])).values()];
  await tx.stage(
    'staged_rates',
    STAGED_RATE,
    newest.map(({ day, currency, rate }) => [day, currency, rate]),
  );
  await tx.run(sql`
    DELETE FROM fx_rates USING staged_rates s
    WHERE fx_rates.source = ${source} AND fx_rates.day = s.day AND fx_rates.currency = s.currency`);
  await tx.run(
    insertFrom(
      'fx_rates',
      { day: raw('day'), currency: raw('currency'), rate: raw('rate::decimal(18,8)'), source },
      raw('FROM staged_rates ORDER BY day, currency'),
    ),
  );
}

/** Takes back rates that the seller set; those of the bank count again. */
export async function dropManualRates(tx: Transaction, rates: readonly Pick<Rate, 'day' | 'currency'>[]): Promise<void> {
  await tx.run(
    sql`DELETE FROM fx_rates WHERE source = 'manual' AND ${isOneOf(
      sql`day::varchar || currency`,
      rates.map(({ day, currency }) => `${day}${currency}`),
    )}`,
  );
}

/** Stored rates, newest first. */
export async function readRates(
  reader: Reader,
  { currency, from, to, limit }: { currency?: string | undefined; from?: string | undefined; to?: string | undefined; limit: number },
): Promise<StoredRate[]> {
  const conditions = [
    ...(currency ? [sql`currency = ${currency}`] : []),
    ...(from ? [sql`day >= ${from}::date`] : []),
    ...(to ? [sql`day <= ${to}::date`] : []),
  ];
  return reader.query<StoredRate & Record<string, never>>(sql`
    SELECT day, currency, rate, source FROM fx_rates WHERE ${every(conditions)} ORDER BY day DESC, currency, source LIMIT ${limit}`);
}

/** How far the stored rates reach, by source and currency. */
export async function readRateSpans(
  reader: Reader,
): Promise<{ source: RateSource; currency: string; first_day: string; last_day: string; rates: number }[]> {
  return reader.query(sql`
    SELECT source, currency, min(day) AS first_day, max(day) AS last_day, count(*) AS rates FROM fx_rates GROUP BY 1, 2 ORDER BY 1, 2`);
}

/** The stored rates of some currencies, of all days or of a span; one of the seller's wins over the bank's. */
export async function readRateTable(
  reader: Reader,
  currencies: readonly string[],
  span?: { readonly from: string; readonly to: string },
): Promise<RateTable> {
  return rateTable(
    await reader.query<{ day: string; currency: string; rate: string }>(sql`
    SELECT day, currency, coalesce(max(rate) FILTER (WHERE source = 'manual'), max(rate)) AS rate
    FROM fx_rates
    WHERE ${every([isOneOf(sql`currency`, currencies), ...(span ? [sql`day >= ${span.from}::date AND day <= ${span.to}::date`] : [])])}
    GROUP BY 1, 2`),
  );
}

/** Days of a currency whose amounts cannot be converted for want of a rate. */
export interface UnratedDays {
  readonly currency: string;
  readonly days: number;
  readonly first: string;
  readonly last: string;
}

/** What cannot be converted to a currency though amounts of several are stored; days after `until` are still to come. */
export async function readUnratedDays(reader: Reader, { to, until }: { to: string; until: string }): Promise<UnratedDays[]> {
  const stored = await reader.query<{ currency: string; day: string }>(sql`
    SELECT currency, day FROM (
      SELECT currency, shop_day AS day FROM order_days UNION SELECT currency, shop_day FROM returned_pieces
      WHERE refund_amount IS NOT NULL) AS amounts
    WHERE currency IS NOT NULL AND day <= ${until}::date ORDER BY 2, 1`);
  const currencies = [...new Set(stored.map(({ currency }) => currency))];
  if (currencies.length < 2) return [];
  const table = await readRateTable(reader, [...currencies, to]);
  // An amount needs the rate of its own currency and that of the one it is converted to.
  const foreign = stored.filter(({ currency }) => currency !== to);
  const needed = [...foreign, ...[...new Set(foreign.map(({ day }) => day))].map((day) => ({ currency: to, day }))];
  const unrated = needed.filter(({ currency, day }) => !rateOn(table, currency, day));
  return [...Map.groupBy(unrated, ({ currency }) => currency)].map(([currency, days]) => ({
    currency,
    days: days.length,
    first: days[0]!.day,
    last: days.at(-1)!.day,
  }));
}

const FETCHED = 'rates_fetched_at';
const TRIED = 'rates_tried_at';
const CURRENCIES = 'rates_fetched_for';
const HISTORY = 'rates_history_at';

/** What is remembered of fetching rates. */
export interface RateFetches {
  /** When they were last fetched, or null. */
  readonly fetchedAt: string | null;
  /** When that was last tried and failed. */
  readonly triedAt: string | null;
  /** The currencies there were orders in then. */
  readonly currencies: readonly string[];
  /** When the whole history was last fetched: only after that is what is missing not to be had. */
  readonly historyAt: string | null;
}

/** How far fetching has come. */
export async function readRateFetches(reader: Reader): Promise<RateFetches> {
  const rows = await reader.query<{ name: string; value: string }>(
    sql`SELECT name, value FROM settings WHERE ${isOneOf(sql`name`, [FETCHED, TRIED, CURRENCIES, HISTORY])}`,
  );
  const valueOf = (name: string): string | null => rows.find((row) => row.name === name)?.value ?? null;
  return {
    fetchedAt: valueOf(FETCHED),
    triedAt: valueOf(TRIED),
    currencies: valueOf(CURRENCIES)?.split(',') ?? [],
    historyAt: valueOf(HISTORY),
  };
}

/** Keeps fetched rates and when that was, in one step. */
export async function keepFetchedRates(
  engine: Engine,
  rates: readonly Rate[],
  { at, whole }: { at: Temporal.Instant; whole: boolean },
): Promise<void> {
  await engine.transaction(async (tx) => {
    await keepRates(tx, rates, 'ECB');
    await keepSetting(tx, FETCHED, at.toString());
    await keepSetting(tx, CURRENCIES, (await readCurrencies(tx)).join());
    if (whole) await keepSetting(tx, HISTORY, at.toString());
  });
}

/** Remembers that rates could not be fetched. */
export async function keepRatesTried(tx: Transaction, at: Temporal.Instant): Promise<void> {
  await keepSetting(tx, TRIED, at.toString());
}

async function keepSetting(tx: Transaction, name: string, value: string): Promise<void> {
  await tx.run(sql`DELETE FROM settings WHERE name = ${name}`);
  await tx.run(insertRow('settings', { name, value }));
}

/** The currencies the shops and their orders are in: with one alone nothing is ever converted. */
export async function readCurrencies(reader: Reader): Promise<string[]> {
  const rows = await reader.query<{ currency: string }>(
    raw('SELECT DISTINCT currency FROM order_days WHERE currency IS NOT NULL ORDER BY 1'),
  );
  return rows.map(({ currency }) => currency);
}
