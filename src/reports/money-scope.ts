import type { Reader } from '../engines/engine.ts';
import { join, sql, type Sql } from '../engines/sql.ts';
import { AppError } from '../kernel/errors.ts';
import { saleDays } from './amount-days.ts';
import { isMissing, openConversion, type CurrencyDay, type MoneyFacts } from './conversion.ts';
import type { Parameters } from './read-parameters.ts';
import type { Report } from './report.ts';
import type { Scope } from './scope.ts';
import { currenciesOf, type WindowFacts } from './window-facts.ts';

/** The currencies of each day of all amounts of a report that shows others than those of its window's sales; else null. */
export async function readWiderDays(
  reader: Reader,
  draft: Scope,
  { report, parameters }: { report: Report; parameters: Parameters },
): Promise<CurrencyDay[] | null> {
  const days = report.amounts?.(draft, parameters);
  return days ? readDays(reader, days) : null;
}

/** Every pair of currency and day once. */
export function readDays(reader: Reader, days: readonly Sql[]): Promise<CurrencyDay[]> {
  return reader.query<{ currency: string; day: string }>(sql`
    SELECT currency, day FROM (${join([...days], ' UNION ALL ')}) AS shown WHERE currency IS NOT NULL GROUP BY 1, 2 ORDER BY 2, 1`);
}

/**
 * Finds the currency of an answer: that of the amounts where there is one, else the one asked for or the reporting one, each amount at the
 * rate of its day. Where nobody asked and a rate is missing, amounts stand side by side.
 * @throws AppError `exchange_rate_missing` where a currency was asked for
 */
export async function openMoney(
  reader: Reader,
  draft: Scope,
  {
    facts,
    wider,
    wanted,
    reportingCurrency,
  }: { facts: readonly WindowFacts[]; wider: readonly CurrencyDay[] | null; wanted: string | undefined; reportingCurrency: string },
): Promise<MoneyFacts> {
  const found = wider ? [...new Set(wider.map(({ currency }) => currency))].toSorted() : currenciesOf(facts);
  const [only] = found;
  if (found.length <= 1 && (wanted === undefined || wanted === 'native' || !only || wanted === only)) {
    const ofShops = new Set(draft.shops.map(({ currency }) => currency));
    return { currency: only ?? (ofShops.size === 1 ? [...ofShops][0]! : null), sideBySide: false, conversion: null, missingRate: null };
  }
  const apart = { currency: null, sideBySide: true, conversion: null };
  if (wanted === 'native') return { ...apart, missingRate: null };
  const currency = wanted ?? reportingCurrency;
  const conversion = await openConversion(reader, wider ?? (await readDays(reader, [saleDays(draft, draft.current)])), currency);
  if (!isMissing(conversion)) return { currency, sideBySide: false, conversion, missingRate: null };
  if (wanted !== undefined) throw new AppError('exchange_rate_missing', { ...conversion });
  return { ...apart, missingRate: conversion };
}
