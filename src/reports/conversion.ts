import type { Reader } from '../engines/engine.ts';
import { isOneOf, join, raw, sql, type Sql } from '../engines/sql.ts';
import { AppError } from '../kernel/errors.ts';
import { CROSS_RATE_DIGITS, crossRate, rateTable, RATE_VALID_DAYS } from '../model/exchange.ts';
import { addDays } from '../model/shop-day.ts';

/** A currency and a shop day on which something was sold in it. */
export interface CurrencyDay {
  readonly currency: string;
  readonly day: string;
}

/** The days whose rates were used for a pair of currencies. */
export interface UsedRates {
  readonly pair: string;
  readonly rate_days: readonly string[];
}

/** How amounts of several currencies become amounts of one. */
export interface Conversion {
  readonly to: string;
  /** The currencies that are converted, without the one they are converted to. */
  readonly foreign: readonly string[];
  /** The days, and for each foreign currency a rate for each of them, '' where none is needed. */
  readonly days: readonly string[];
  readonly factors: ReadonlyMap<string, readonly string[]>;
  readonly used: readonly UsedRates[];
}

/**
 * Finds the rate of every pair of currency and day.
 * @throws AppError `exchange_rate_missing` naming the first day and pair that has none
 */
export async function openConversion(reader: Reader, needed: readonly CurrencyDay[], to: string): Promise<Conversion> {
  const foreign = [...new Set(needed.map(({ currency }) => currency))].filter((currency) => currency !== to).toSorted();
  const days = [...new Set(needed.filter(({ currency }) => currency !== to).map(({ day }) => day))].toSorted();
  if (days.length === 0) return { to, foreign, days, factors: new Map(), used: [] };
  const stored = await reader.query<{ day: string; currency: string; rate: string }>(sql`
    SELECT day, currency, coalesce(max(rate) FILTER (WHERE source = 'manual'), max(rate)) AS rate
    FROM fx_rates
    WHERE ${isOneOf(sql`currency`, [...foreign, to])} AND day >= ${addDays(days[0]!, -RATE_VALID_DAYS)}::date AND day <= ${days.at(-1)!}::date
    GROUP BY 1, 2`);
  const table = rateTable(stored);
  const wanted = Map.groupBy(needed, ({ currency }) => currency);
  const factors = new Map<string, readonly string[]>();
  const used: UsedRates[] = [];
  for (const currency of foreign) {
    const own = new Set(wanted.get(currency)!.map(({ day }) => day));
    const rateDays = new Set<string>();
    factors.set(currency, days.map((day) => {
      if (!own.has(day)) return '';
      const rate = crossRate(table, { from: currency, to, day });
      if (!rate) throw new AppError('exchange_rate_missing', { currencies: [...wanted.keys()].toSorted(), pair: `${currency}/${to}`, day });
      for (const each of rate.rateDays) rateDays.add(each);
      return rate.factor;
    }));
    used.push({ pair: `${currency}/${to}`, rate_days: [...rateDays].toSorted() });
  }
  return { to, foreign, days, factors, used };
}

/** The name of an amount in the currency of the answer, beside the amount as it is stored. */
export function convertedName(amount: string): string {
  return `converted_${amount}`;
}

/**
 * A relation under its name with its amounts converted as well, as {@link convertedName} calls them. It has to have `shop_day` and `currency`;
 * an amount on a day or in a currency that was not asked for becomes null.
 */
export function convertedRelation({ to, foreign, days, factors }: Conversion, relation: Sql, { name, amounts }: { name: string; amounts: readonly string[] }): Sql {
  const of = (column: string): Sql => raw(`${name}.${column}`);
  const converted = amounts.map((amount) => {
    const cases = foreign.map((currency, n) => sql`WHEN ${currency} THEN ${of(amount)} * ${raw(`fx.f${n}`)}`);
    return sql`CASE ${of('currency')} WHEN ${to} THEN ${of(amount)} ${join([...cases], ' ')} END AS ${raw(convertedName(amount))}`;
  });
  const lists = foreign.map((currency, n) => sql`unnest(string_to_array(${factors.get(currency)!.join(',')}, ',')) AS ${raw(`t${n}`)}`);
  // Two decimals of up to 18 digits DuckDB multiplies in 64 bits, which a rate of yen overflows.
  const columns = foreign.map((_, n) => sql`nullif(${raw(`t${n}`)}, '')::decimal(20,${raw(String(CROSS_RATE_DIGITS))}) AS ${raw(`f${n}`)}`);
  const rates = sql`
    SELECT fx_day::date AS fx_day, ${join(columns)} FROM (SELECT unnest(string_to_array(${days.join(',')}, ',')) AS fx_day, ${join(lists)}) AS listed`;
  return days.length === 0
    ? sql`(SELECT ${raw(name)}.*, ${join(amounts.map((amount) => sql`${of(amount)} AS ${raw(convertedName(amount))}`))} FROM ${relation} AS ${raw(name)}) AS ${raw(name)}`
    : sql`(SELECT ${raw(name)}.*, ${join(converted)} FROM ${relation} AS ${raw(name)} LEFT JOIN (${rates}) AS fx ON fx.fx_day = ${of('shop_day')}) AS ${raw(name)}`;
}
