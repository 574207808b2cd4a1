import type { Rate, RateSource } from '../model/exchange.ts';
import { STAGED_RATE } from '../model/tables.ts';
import type { Engine, Reader, Transaction } from './engine.ts';
import { every, isOneOf, raw, sql } from './sql.ts';

/** A stored rate: exact, as decimal text. */
export interface StoredRate extends Rate {
  readonly source: RateSource;
}

/** Keeps rates of one source; a later one for the same day and currency replaces the earlier. */
export async function keepRates(tx: Transaction, rates: readonly Rate[], source: RateSource): Promise<void> {
  // The last of a file wins where it names a day twice.
  const newest = [...new Map(rates.map((rate) => [`${rate.day} ${rate.currency}`, rate])).values()];
  await tx.stage('staged_rates', STAGED_RATE, newest.map(({ day, currency, rate }) => [day, currency, rate]));
  await tx.run(sql`
    DELETE FROM fx_rates USING staged_rates s
    WHERE fx_rates.source = ${source} AND fx_rates.day = s.day AND fx_rates.currency = s.currency`);
  await tx.run(sql`INSERT INTO fx_rates SELECT day, currency, rate::decimal(18,8), ${source} FROM staged_rates ORDER BY day, currency`);
}

/** Takes back rates that the seller set; those of the bank count again. */
export async function dropManualRates(tx: Transaction, rates: readonly Pick<Rate, 'day' | 'currency'>[]): Promise<void> {
  await tx.run(sql`DELETE FROM fx_rates WHERE source = 'manual' AND ${isOneOf(sql`day::varchar || currency`, rates.map(({ day, currency }) => `${day}${currency}`))}`);
}

/** Stored rates, newest first. */
export async function readRates(
  reader: Reader, { currency, from, to, limit }: { currency?: string | undefined; from?: string | undefined; to?: string | undefined; limit: number },
): Promise<StoredRate[]> {
  const conditions = [
    ...(currency ? [sql`currency = ${currency}`] : []), ...(from ? [sql`day >= ${from}::date`] : []), ...(to ? [sql`day <= ${to}::date`] : []),
  ];
  return reader.query<StoredRate & Record<string, never>>(sql`
    SELECT day, currency, rate, source FROM fx_rates WHERE ${every(conditions)} ORDER BY day DESC, currency, source LIMIT ${limit}`);
}

/** How far the stored rates reach, by source and currency. */
export async function readRateSpans(reader: Reader): Promise<{ source: RateSource; currency: string; first_day: string; last_day: string; rates: number }[]> {
  return reader.query(sql`
    SELECT source, currency, min(day) AS first_day, max(day) AS last_day, count(*) AS rates FROM fx_rates GROUP BY 1, 2 ORDER BY 1, 2`);
}

const FETCHED = 'rates_fetched_at';

/** When rates were last fetched, or null. */
export async function readRatesFetchedAt(reader: Reader): Promise<string | null> {
  const [row] = await reader.query<{ value: string }>(sql`SELECT value FROM settings WHERE name = ${FETCHED}`);
  return row?.value ?? null;
}

/** Keeps fetched rates and when that was, in one step. */
export async function keepFetchedRates(engine: Engine, rates: readonly Rate[], at: Temporal.Instant): Promise<void> {
  await engine.transaction(async (tx) => {
    await keepRates(tx, rates, 'ECB');
    await tx.run(sql`DELETE FROM settings WHERE name = ${FETCHED}`);
    await tx.run(sql`INSERT INTO settings VALUES (${FETCHED}, ${at.toString()})`);
  });
}

/** The currencies the shops and their orders are in: with one alone nothing is ever converted. */
export async function readCurrencies(reader: Reader): Promise<string[]> {
  const rows = await reader.query<{ currency: string }>(raw('SELECT DISTINCT currency FROM order_days WHERE currency IS NOT NULL ORDER BY 1'));
  return rows.map(({ currency }) => currency);
}
