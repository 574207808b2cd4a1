import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { raw } from '../src/engines/sql.ts';
import { fixedClock } from '../src/kernel/clock.ts';
import { PLATFORM_IDS } from '../src/model/shop.ts';
import { reports } from '../src/reports/all.ts';
import { runReport } from '../src/reports/run.ts';
import { openEmptyStore, storeWorld } from './golden-world.ts';
import { naiveReports, type Row, type Tables } from './naive-report.ts';
import { grows, type Question } from './naive-sales.ts';
import { dayAfter, LATER, offset, SHOPS, toQuestion, wishedQuestion, worlds, type World } from './random-world.ts';

/** One report alone, where a new one is tried. */
const ALONE = process.env['S7_REPORT'];
const naive = (await naiveReports()).filter(({ report }) => ALONE === undefined || report === ALONE);

let store: Awaited<ReturnType<typeof openEmptyStore>>;
beforeAll(async () => {
  store = await openEmptyStore();
});
afterAll(() => store.close());

/** Puts a world in place of the one before. */
async function become({ orders }: World): Promise<void> {
  await store.engine.transaction(async (tx) => {
    for (const name of [
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
    ])
      await tx.run(raw(`DELETE FROM ${name}`));
  });
  await storeWorld(store.engine, orders);
}

async function ask(name: string, { shops, own, now = LATER, ...question }: Partial<Question>): Promise<Tables> {
  const parameters = { ...question, ...(shops ? { shop: shops.join(',') } : {}), ...own };
  const report = reports.find((each) => each.name === name)!;
  const answer = await runReport(
    { engine: store.engine, clock: fixedClock(now) },
    { report, platforms: PLATFORM_IDS, parameters, language: 'en' },
  );
  return answer.tables;
}

/** Rows without some columns. */
function without(isLeftOut: (column: string) => boolean, tables: Tables): Tables {
  return Object.fromEntries(
    Object.entries(tables).map(([table, rows]) => [
      table,
      rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !isLeftOut(name)))),
    ]),
  );
}

/** Other worlds in every run; more of them in a long one. */
const FACTOR = Number(process.env['S7_FUZZ'] ?? 1);
const RUNS = { numRuns: 8 * FACTOR, endOnFailure: true };
const FEW_RUNS = { numRuns: 3 * FACTOR, endOnFailure: true };

test('every report has a second answer in plain loops', () => {
  expect(naive.map(({ report }) => report).toSorted()).toEqual(reports.map(({ name }) => name).toSorted());
});

test('whatever was sold, counting order by order says what each report says', { timeout: 900_000 }, async () => {
  // One world for all reports: putting it into the store takes longer than asking.
  const asked = fc.tuple(
    ...naive.map(({ parameters }) => fc.tuple(fc.tuple(wishedQuestion, parameters), fc.tuple(wishedQuestion, parameters))),
  );
  await fc.assert(
    fc.asyncProperty(worlds(true), asked, async (world, questions) => {
      await become(world);
      for (const [at, { report, untold, tables, check }] of naive.entries()) {
        for (const [wish, own] of questions[at]!) {
          const question = toQuestion(world, wish, own);
          const answer = await ask(report, question);
          const counted = tables(world, question) as Tables;
          const told = without((column) => untold.includes(column), answer);
          // Where no shop has anything to tell, grouping gives no table at all.
          const expected = {
            ...Object.fromEntries(Object.keys(told).map((table) => [table, []])),
            ...without((column) => column.startsWith('check_'), counted),
          };
          expect({ report, ...told }).toEqual({ report, ...expected });
          check?.(answer, { data: [], ...counted }, question);
        }
      }
    }),
    RUNS,
  );
});

test('a SKU bears the name of a platform that is asked about', async () => {
  await fc.assert(
    fc.asyncProperty(worlds(true), wishedQuestion, async (world, wish) => {
      await become(world);
      const question = toQuestion(world, wish);
      for (const { sku, sku_name, platform } of (await ask('SalesRank', question))['data']!) {
        const inUse = platform ? [platform] : SHOPS.filter(({ shop }) => question.shops.includes(shop)).map((shop) => shop.platform);
        expect(inUse.map((each) => `${sku} on ${each}`)).toContain(sku_name);
      }
    }),
    FEW_RUNS,
  );
});

/** Adds figures up exactly; what is null adds nothing. */
function total(rows: readonly Row[], column: string): number {
  return rows.reduce((sum, row) => sum + Math.round((row[column] ?? 0) * 1000), 0);
}

const MANY = { limit: 100_000 };
const question = fc.record<Pick<Question, 'basis' | 'measure'>>({
  basis: fc.constantFrom('created', 'paid'),
  measure: fc.constantFrom('net', 'gross', 'paid'),
});
const level = fc.constantFrom('country', 'region', 'city');

test('the parts add up to the whole: areas with the unknown ones, months, platforms', async () => {
  await fc.assert(
    fc.asyncProperty(worlds(false), question, level, async (world, asked, areaLevel) => {
      await become(world);
      const everything = { ...asked, ...MANY, asOf: dayAfter(world.anchor, 20).toString() };
      const [rank, areas, months] = [
        await ask('SalesRank', everything),
        await ask('AreaDemand', { ...everything, own: { level: areaLevel } }),
        await ask('MonthlySalesAnalysis', everything),
      ];
      for (const [column, inRank] of [
        ['sales', 'sales'],
        ['sales_amount', 'revenue'],
      ] as const)
        expect(total(areas['data']!, column)).toBe(total(rank['data']!, inRank));
      for (const [column, inRank] of [
        ['sales', 'sales'],
        ['total_amount', 'revenue'],
      ] as const)
        expect(total(months['totals']!, column)).toBe(total(rank['data']!, inRank));
      expect(total(areas['data']!, 'orders')).toBe(total(months['totals']!, 'orders'));
      for (const month of months['totals']!) {
        const ofMonth = months['data']!.filter((row) => row['month'] === month['month']);
        for (const column of ['sales', 'total_amount', 'paid_amount']) expect(total(ofMonth, column)).toBe(total([month], column));
      }
      for (const row of [...rank['data']!, ...areas['data']!, ...months['data']!])
        expect(total(row['platforms'], 'sales')).toBe(total([row], 'sales'));
    }),
    FEW_RUNS,
  );
});

test('the platforms by themselves add up to all of them together', async () => {
  const adding = naive.filter(({ addsUp }) => addsUp);
  await fc.assert(
    fc.asyncProperty(worlds(false), question, fc.tuple(...adding.map(({ parameters }) => parameters)), async (world, asked, owns) => {
      await become(world);
      for (const [at, { report, addsUp }] of adding.entries()) {
        const everything = { ...asked, ...MANY, own: { ...owns[at], ...addsUp!.own }, asOf: dayAfter(world.anchor, 20).toString() };
        const keyOf = (row: Row): string => addsUp!.keys.map((key) => row[key]).join('|');
        const parts = Map.groupBy((await ask(report, { ...everything, group: 'platform' }))['data']!, keyOf);
        const whole = Map.groupBy((await ask(report, everything))['data']!, keyOf);
        expect([...parts.keys()].toSorted()).toEqual([...whole.keys()].toSorted());
        for (const [key, rows] of whole)
          for (const column of addsUp!.columns)
            expect(total(parts.get(key)!, column), `${report} ${key} ${column}`).toBe(total(rows, column));
      }
    }),
    FEW_RUNS,
  );
});

test('two spans that adjoin are the span of both, and seven days are the span of their dates', async () => {
  await fc.assert(
    fc.asyncProperty(
      worlds(false),
      question,
      fc.tuple(offset, fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 })),
      async (world, asked, [start, first, second]) => {
        await become(world);
        const day = (days: number): string => dayAfter(world.anchor, start + days).toString();
        const spanned = { ...asked, ...MANY, asOf: dayAfter(world.anchor, 90).toString() };
        const span = async (from: string, to: string): Promise<readonly Row[]> =>
          (await ask('SalesRank', { ...spanned, from, to }))['data']!;
        const parts = Map.groupBy(
          [...(await span(day(0), day(first - 1))), ...(await span(day(first), day(first + second - 1)))],
          (row) => row['sku'],
        );
        const whole = await span(day(0), day(first + second - 1));
        expect([...parts.keys()].toSorted()).toEqual(whole.map(({ sku }) => sku).toSorted());
        for (const row of whole)
          for (const column of ['sales', 'orders', 'revenue']) expect(total(parts.get(row['sku'])!, column)).toBe(total([row], column));
        const week = await ask('SalesRank', { ...spanned, asOf: day(6), window: '7d' });
        expect(week).toEqual(await ask('SalesRank', { ...spanned, asOf: day(6), from: day(0), to: day(6) }));
      },
    ),
    FEW_RUNS,
  );
});

test('growth is null exactly where nothing was sold in the complete days before, or a shop is not known whole in them', async () => {
  await fc.assert(
    fc.asyncProperty(worlds(false), fc.integer({ min: -40, max: 14 }), async (world, offsetOfToday) => {
      await become(world);
      const day = (days: number): string => dayAfter(world.anchor, offsetOfToday + days).toString();
      const before = (await ask('SalesRank', { ...MANY, asOf: day(0), from: day(-13), to: day(-7) }))['data']!;
      const week = (await ask('SalesRank', { ...MANY, asOf: day(0), window: '7d' }))['data']!;
      const soldBefore = new Set(before.map(({ sku }) => sku));
      const asked = toQuestion(world, {
        asOf: offsetOfToday,
        atHour: null,
        window: '7d',
        dates: null,
        basis: 'created',
        measure: 'net',
        model: 'retail',
        group: 'none',
        limit: null,
        leaveOut: [],
      });
      const compares = grows(world.orders, asked);
      for (const { sku, growth_rate } of week) expect(growth_rate === null, sku).toBe(!compares || !soldBefore.has(sku));
      for (const { growth_rate } of (await ask('SalesRank', { ...MANY, asOf: day(0) }))['data']!) expect(growth_rate).toBeNull();
    }),
    FEW_RUNS,
  );
});
