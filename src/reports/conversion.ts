import type { Reader } from '../engines/engine.ts';
import { readRateTable } from '../records/rates/rate-book.ts';
import { join, raw, sql, type Sql } from '../engines/sql.ts';
import { CROSS_RATE_DIGITS, crossRate, RATE_VALID_DAYS } from '../model/exchange.ts';
import { addDays } from '../model/shop-day.ts';

/** A currency and a shop day on which an amount is in it. */
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

/** The first day and pair of currencies without a rate, as errors and notices name it. */
export interface MissingRate {
  readonly currencies: readonly string[];
  readonly pair: string;
  readonly day: string;
}

/** Finds the rate of every pair of currency and day; else the first that is missing. */
export async function openConversion(reader: Reader, needed: readonly CurrencyDay[], to: string): Promise<Conversion | MissingRate> {
  const foreign = [...new Set(needed.map(({ currency }) => currency))].filter((currency) => currency !== to).toSorted();
  const days = [...new Set(needed.filter(({ currency }) => currency !== to).map(({ day }) => day))].toSorted();
  if (days.length === 0) return { to, foreign, days, factors: new Map(), used: [] };
  const table = await readRateTable(reader, [...foreign, to], { from: addDays(days[0]!, -RATE_VALID_DAYS), to: days.at(-1)! });
  const wanted = Map.groupBy(needed, ({ currency }) => currency);
  const factors = new Map<string, readonly string[]>();
  const used: UsedRates[] = [];
  for (const currency of foreign) {
    const own = new Set(wanted.get(currency)!.map(({ day }) => day));
    const rateDays = new Set<string>();
    const ofDays: string[] = [];
    for (const day of days) {
      const rate = own.has(day) ? crossRate(table, { from: currency, to, day }) : null;
      if (rate === undefined) return { currencies: [...wanted.keys()].toSorted(), pair: `${currency}/${to}`, day };
      for (const each of rate?.rateDays ?? []) rateDays.add(each);
      ofDays.push(rate?.factor ?? '');
    }
    factors.set(currency, ofDays);
    used.push({ pair: `${currency}/${to}`, rate_days: [...rateDays].toSorted() });
  }
  return { to, foreign, days, factors, used };
}

/** Whether rates are missing. */
export function isMissing(found: Conversion | MissingRate): found is MissingRate {
  return 'pair' in found;
}

/** The name of an amount in the currency of the answer, beside the amount as it is stored. */
export function convertedName(amount: string): string {
  return `converted_${amount}`;
}

/**
 * A relation under its name with its amounts converted as well, as {@link convertedName} calls them. It has to have `shop_day` and
 * `currency`; an amount on a day or in a currency that was not asked for becomes null.
 */
export function convertedRelation(
  { to, foreign, days, factors }: Conversion,
  relation: Sql,
  { name, amounts, nameOf = convertedName }: { name: string; amounts: readonly string[]; nameOf?: (amount: string) => string },
): Sql {
  const of = (column: string): Sql => raw(`${name}.${column}`);
  if (days.length === 0) {
    return sql`(SELECT ${raw(name)}.*, ${join(amounts.map((amount) => sql`${of(amount)} AS ${raw(nameOf(amount))}`))}
      FROM ${relation} AS ${raw(name)}) AS ${raw(name)}`;
  }
  const converted = amounts.map((amount) => {
    const cases = foreign.map((currency, n) => sql`WHEN ${currency} THEN ${of(amount)} * ${raw(`fx.f${n}`)}`);
    return sql`CASE ${of('currency')} WHEN ${to} THEN ${of(amount)} ${join([...cases], ' ')} END AS ${raw(nameOf(amount))}`;
  });
  const lists = foreign.map((currency, n) => sql`unnest(string_to_array(${factors.get(currency)!.join(',')}, ',')) AS ${raw(`t${n}`)}`);
  // Two decimals of up to 18 digits DuckDB multiplies in 64 bits, which a rate of yen overflows.
  const columns = foreign.map((_, n) => sql`nullif(${raw(`t${n}`)}, '')::decimal(20,${raw(String(CROSS_RATE_DIGITS))}) AS ${raw(`f${n}`)}`);
  const rates = sql`
    SELECT fx_day::date AS fx_day, ${join(columns)} FROM (SELECT unnest(string_to_array(${days.join(',')}, ',')) AS fx_day,
    ${join(lists)}) AS listed`;
  return sql`(SELECT ${raw(name)}.*, ${join(converted)} FROM ${relation} AS ${raw(name)} LEFT JOIN (${rates}) AS fx
    ON fx.fx_day = ${of('shop_day')}) AS ${raw(name)}`;
}

/** In which currency an answer gives its amounts, and why in none. */
export interface MoneyFacts {
  readonly currency: string | null;
  readonly sideBySide: boolean;
  readonly conversion: Conversion | null;
  /** The rate for want of which several currencies stand side by side; null where that was asked for, or nothing does. */
  readonly missingRate: MissingRate | null;
}
