import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../src/engines/engine.ts';
import { keepRates } from '../src/records/rates/rate-book.ts';
import { raw } from '../src/engines/sql.ts';
import { AppError } from '../src/kernel/errors.ts';
import { fixedClock } from '../src/kernel/clock.ts';
import { PLATFORM_IDS } from '../src/model/shop.ts';
import { reports } from '../src/reports/all.ts';
import { unitOf } from '../src/reports/report.ts';
import { runReport, type ReportAnswer } from '../src/reports/run.ts';
import { openEmptyStore, storeWorld, type PlacedOrder } from './golden-world.ts';
import { naiveReports, type Row } from './naive-report.ts';
import { dayOf, shifted, type Question } from './naive-sales.ts';
import { toQuestion, wishedQuestion, worlds, type World } from './random-world.ts';

/** What a shop's orders are in; the rest is in euros. */
const CURRENCIES: Readonly<Record<string, string>> = { GB: 'GBP', Tokyo: 'JPY', 'Amazon.com': 'KWD' };
/** What one euro may be worth: what one unit of the currency is worth in euros has three digits, so that amounts in eighths stay whole. */
const RATES = [
  { rate: '0.8', eighths: 10n },
  { rate: '0.5', eighths: 16n },
  { rate: '0.4', eighths: 20n },
  { rate: '1.6', eighths: 5n },
] as const;

/** Rates are published on two days of three; each other day has the last one. */
function published(day: string): boolean {
  return Number(day.slice(8)) % 3 !== 0;
}

function rateOn(currency: string, day: string): (typeof RATES)[number] {
  const last = published(day) ? day : shifted(day, -1);
  return RATES[(Number(last.slice(8)) * 7 + Number(last.slice(5, 7)) * 3 + currency.charCodeAt(0)) % RATES.length]!;
}

/** A copy with every amount so many times as large: amounts are the only bigints there are, but for the buyer's hash. */
function times<T>(thing: T, factor: bigint): T {
  if (typeof thing === 'bigint') return (thing * factor) as T;
  if (Array.isArray(thing)) return thing.map((each: unknown) => times(each, factor)) as T;
  if (thing === null || typeof thing !== 'object' || Object.getPrototypeOf(thing) !== Object.prototype) return thing;
  return Object.fromEntries(
    Object.entries(thing).map(([name, value]) => [name, name === 'buyer' ? value : times(value as unknown, factor)]),
  ) as T;
}

/**
 * The same orders in several currencies, and in euros at the rates of their days: every amount of the former is a whole number of eighths
 * of a step.
 */
function inSeveral({ orders, ...world }: World): { native: World; euros: World } {
  const priced = (currencyOf: (shop: string) => string, factorOf: (placed: PlacedOrder) => bigint): World => ({
    ...world,
    orders: orders.map((placed): PlacedOrder => {
      const currency = currencyOf(placed.shop.shop);
      const { order, claims = [] } = times({ order: placed.order, claims: placed.claims }, factorOf(placed));
      return { shop: { ...placed.shop, currency }, order: { ...order, currency }, claims: claims.map((claim) => ({ ...claim, currency })) };
    }),
  });
  const currencyOf = (shop: string): string => CURRENCIES[shop] ?? 'EUR';
  return {
    native: priced(currencyOf, () => 8n),
    euros: priced(
      () => 'EUR',
      ({ shop, order }) =>
        currencyOf(shop.shop) === 'EUR' ? 8n : rateOn(currencyOf(shop.shop), dayOf(order.purchasedAt, shop.zone)).eighths,
    ),
  };
}

const naive = await naiveReports();
const TABLES = [
  'shops',
  'skus',
  'listings',
  'places',
  'buyers',
  'orders',
  'order_days',
  'lines',
  'returns',
  'return_lines',
  'returned_pieces',
  'blocks',
  'fx_rates',
];

async function become(engine: Engine, { orders }: World): Promise<void> {
  await engine.transaction(async (tx) => {
    for (const name of TABLES) await tx.run(raw(`DELETE FROM ${name}`));
  });
  await storeWorld(engine, orders);
}

/** Rates of all days around a world, but for those of one currency up to a day: what is older has none, and what is younger has its own. */
async function publish(engine: Engine, { anchor }: World, without?: { currency: string; to: string }): Promise<void> {
  const days = Array.from({ length: 140 }, (_, at) => shifted(anchor, at - 110)).filter(published);
  const rates = days
    .flatMap((day) => Object.values(CURRENCIES).map((currency) => ({ day, currency, rate: rateOn(currency, day).rate })))
    .filter(({ currency, day }) => !without || currency !== without.currency || day > without.to);
  await engine.transaction(async (tx) => {
    await tx.run(raw('DELETE FROM fx_rates'));
    await keepRates(tx, rates, 'ECB');
  });
}

function ask(engine: Engine, name: string, { shops, own, now, ...question }: Question, currency?: string): Promise<ReportAnswer> {
  const parameters = { ...question, shop: shops.join(','), ...own, ...(currency ? { currency } : {}) };
  const report = reports.find((each) => each.name === name)!;
  return runReport({ engine, clock: fixedClock(now) }, { report, platforms: PLATFORM_IDS, parameters, language: 'en' });
}

/** The answer, or that a rate is missing. */
function asked(...given: Parameters<typeof ask>): Promise<ReportAnswer | 'missing'> {
  return ask(...given).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'exchange_rate_missing') return 'missing' as const;
    throw error;
  });
}

/** The columns of a report's tables that are money, by its own schemas. */
function moneyOf(name: string): string[] {
  const { tables } = reports.find((each) => each.name === name)!;
  return Object.entries(tables).flatMap(([table, { row }]) =>
    Object.entries(row.shape).flatMap(([column, schema]) =>
      unitOf(schema as Parameters<typeof unitOf>[0]) === 'money' ? [`${table}.${column}`] : [],
    ),
  );
}

/**
 * What is shared out to the lines of an order is rounded to four digits first, in the currency of the order: in another one the last cent
 * may differ. Of everything else each figure is the same.
 */
function withoutShares(name: string, tables: ReportAnswer['tables']): unknown {
  const shared = { ProfitAnalysis: ['total_profit', 'avg_profit', 'profit_methods'], OrderAnalysis: ['profit_methods'] }[name] ?? [];
  const { data, ...others } = tables;
  const rows = (data as readonly Row[]).map((row) =>
    Object.fromEntries(Object.entries(row).filter(([column]) => !shared.includes(column))),
  );
  // Where profits differ by a cent the order of the rows may, too.
  return {
    ...others,
    data:
      shared.length > 1
        ? rows.toSorted(
            (a, b) => String(a['sku']).localeCompare(String(b['sku'])) || String(a['platform']).localeCompare(String(b['platform'])),
          )
        : rows,
  };
}

/** Scales are in the currency of each shop, and so another thing in another currency: fifths are not. */
function wished(report: string, own: Record<string, unknown>): Record<string, unknown> {
  return report === 'BuyerAnalysis' ? { scoring: 'quintile' } : own;
}

const RUNS = { numRuns: 10, endOnFailure: true };
const questions = fc.tuple(...naive.map(({ parameters }) => fc.tuple(wishedQuestion, parameters)));

describe('amounts of several currencies', () => {
  let several: Awaited<ReturnType<typeof openEmptyStore>>;
  let alone: Awaited<ReturnType<typeof openEmptyStore>>;
  beforeAll(async () => {
    [several, alone] = await Promise.all([openEmptyStore(), openEmptyStore()]);
  });
  afterAll(() => Promise.all([several.close(), alone.close()]));

  test('come to the sum of the parts at the rates of their days, in every column of every report', { timeout: 900_000 }, async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(worlds(true), questions, async (world, each) => {
        const { native, euros } = inSeveral(world);
        await become(several.engine, native);
        await publish(several.engine, native);
        await become(alone.engine, euros);
        for (const [at, { report }] of naive.entries()) {
          const [wish, own] = each[at]!;
          // A limit would cut between rows that differ by the cent of a share.
          const question = {
            ...toQuestion(native, wish, wished(report, own)),
            ...(report === 'ProfitAnalysis' ? { limit: undefined } : {}),
          };
          const [converted, expected] = [await ask(several.engine, report, question, 'EUR'), await ask(alone.engine, report, question)];
          expect({ report, tables: withoutShares(report, converted.tables) }).toEqual({
            report,
            tables: withoutShares(report, expected.tables),
          });
          for (const column of moneyOf(report)) {
            const [table, name] = column.split('.') as [string, string];
            if ((converted.tables[table] as readonly Row[] | undefined)?.some((row) => typeof row[name] === 'number' && row[name] !== 0))
              seen.add(`${report} ${column}`);
          }
        }
      }),
      RUNS,
    );
    // Of each report that tells money some was there to be compared.
    for (const { name } of reports)
      if (moneyOf(name).length > 0)
        expect(
          [...seen].filter((column) => column.startsWith(`${name} `)),
          name,
        ).not.toEqual([]);
  });

  test('are never left out for want of a rate: an answer is the same, or says which rate is missing', { timeout: 900_000 }, async () => {
    const gap = fc.record({ currency: fc.constantFrom(...Object.values(CURRENCIES)), days: fc.integer({ min: -70, max: 10 }) });
    const found = { same: 0, missing: 0 };
    await fc.assert(
      fc.asyncProperty(worlds(true), questions, gap, async (world, each, { currency, days }) => {
        const { native } = inSeveral(world);
        await become(several.engine, native);
        await publish(several.engine, native);
        const questionOf = (at: number): Question => toQuestion(native, each[at]![0], each[at]![1]);
        const whole: ReportAnswer[] = [];
        for (const [at, { report }] of naive.entries()) whole.push(await ask(several.engine, report, questionOf(at), 'EUR'));
        await publish(several.engine, native, { currency, to: shifted(native.anchor, days) });
        for (const [at, { report }] of naive.entries()) {
          const answer = await asked(several.engine, report, questionOf(at), 'EUR');
          if (answer !== 'missing') {
            expect({ report, money: moneyRows(report, answer) }).toEqual({ report, money: moneyRows(report, whole[at]!) });
            found.same += 1;
            continue;
          }
          found.missing += 1;
          // Nobody asked for a currency: everything but money stands, the amounts beside it, and why.
          const unsorted = { ...questionOf(at), own: { ...questionOf(at).own, ...(report === 'SalesRank' ? { sort: 'sales' } : {}) } };
          const [apart, sideBySide] = [await ask(several.engine, report, unsorted), await ask(several.engine, report, unsorted, 'native')];
          expect({ report, tables: apart.tables }).toEqual({ report, tables: sideBySide.tables });
          for (const reason of Object.values(apart.nulls))
            expect(reason).not.toBe('Several currencies: shown apart in by_currency, not added up.');
        }
      }),
      RUNS,
    );
    expect(found.same).toBeGreaterThan(0);
    expect(found.missing).toBeGreaterThan(0);
  });
});

/** The money of an answer, row by row. */
function moneyRows(name: string, { tables }: ReportAnswer): unknown {
  const columns = moneyOf(name).map((column) => column.split('.') as [string, string]);
  return Object.fromEntries(
    Object.entries(tables).map(([table, rows]) => [
      table,
      (rows as readonly Row[]).map((row) => columns.filter(([own]) => own === table).map(([, column]) => row[column])),
    ]),
  );
}
