import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fixedClock } from '../src/kernel/clock.ts';
import { coveredDays } from '../src/model/coverage.ts';
import { PLATFORM_IDS, type ShopIdentity } from '../src/model/shop.ts';
import { reports } from '../src/reports/all.ts';
import { runReport, type ReportAnswer } from '../src/reports/run.ts';
import { openConnectedShops, type ConnectedShops } from './connected-shops.ts';
import { openEmptyStore, storeWorld } from './golden-world.ts';
import { placedIn, type OneLine } from './placed.ts';

type Row = Readonly<Record<string, unknown>>;

const WEB: ShopIdentity = { platform: 'Other', shop: 'Web', zone: 'Europe/Madrid', currency: 'EUR' };
const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);

describe('the days a shop covers', () => {
  const madrid = { zone: 'Europe/Madrid', now: at('2026-11-20T10:00:00Z') };
  test('of what was fetched are whole days, and today as far as it has come', () => {
    const fetched = (from: string, to: string) => coveredDays({ fetched: { from: at(from), to: at(to) }, files: null }, madrid);
    expect(fetched('2026-01-10T12:00:00Z', '2026-11-20T09:58:00Z')).toEqual({ from: '2026-01-11', to: '2026-11-20' });
    // Midnight in Madrid begins a whole day; a run that stopped yesterday afternoon leaves the day before as the last whole one.
    expect(fetched('2026-01-09T23:00:00Z', '2026-11-19T15:00:00Z')).toEqual({ from: '2026-01-10', to: '2026-11-18' });
    expect(fetched('2026-11-20T09:00:00Z', '2026-11-20T09:00:00Z')).toBeNull();
  });

  test('of files are those from the first to the last purchase, and go together with what was fetched where they adjoin', () => {
    const files = { from: '2025-03-01', to: '2026-01-10' };
    expect(coveredDays({ fetched: null, files }, madrid)).toEqual(files);
    expect(coveredDays({ fetched: { from: at('2026-01-10T12:00:00Z'), to: at('2026-11-20T09:58:00Z') }, files }, madrid)).toEqual({
      from: '2025-03-01',
      to: '2026-11-20',
    });
    expect(coveredDays({ fetched: { from: at('2026-03-10T12:00:00Z'), to: at('2026-11-20T09:58:00Z') }, files }, madrid)).toEqual({
      from: '2026-03-11',
      to: '2026-11-20',
    });
    expect(coveredDays({ fetched: null, files: { from: '2026-11-01', to: '2026-12-24' } }, madrid)).toEqual({
      from: '2026-11-01',
      to: '2026-11-20',
    });
  });
});

describe('a shop of files', () => {
  let store: Awaited<ReturnType<typeof openEmptyStore>>;
  beforeEach(async () => {
    store = await openEmptyStore();
  });
  afterEach(() => store.close());
  const sold = (...orders: readonly OneLine[]): Promise<void> =>
    storeWorld(
      store.engine,
      orders.map((order) => placedIn(WEB, order)),
    );
  const ask = (name: string, parameters: Record<string, unknown>, now: string): Promise<ReportAnswer> =>
    runReport(
      { engine: store.engine, clock: fixedClock(now) },
      { report: reports.find((each) => each.name === name)!, platforms: PLATFORM_IDS, parameters, language: 'en' },
    );
  const head = async (parameters: Record<string, unknown>, now: string): Promise<{ row: Row; answer: ReportAnswer }> => {
    const answer = await ask('Overview', parameters, now);
    return { row: answer.tables.data[0] as Row, answer };
  };

  test('is whole up to its last purchase: a window beyond says so, and growth does not lean on it', async () => {
    await sold(
      { id: '1', at: '2026-04-01T10:00', money: '10' },
      { id: '2', at: '2026-04-18T10:00', money: '10' },
      { id: '3', at: '2026-04-22T10:00', money: '30' },
    );
    const beyond = await head({ window: '7d' }, '2026-04-24T10:00:00Z');
    expect(beyond.answer.freshness).toMatchObject([{ covers_from: '2026-04-01', covers_to: '2026-04-22' }]);
    expect(beyond.answer.warnings.join(' ')).toContain('Web 2026-04-23 – 2026-04-24');
    expect([beyond.row['revenue'], beyond.row['revenue_growth']]).toEqual([40, null]);
    expect(beyond.answer.nulls['revenue_growth']).toContain('Web 2026-04-23');
    // As of its last day everything is there: the 16th to the 22nd against the 9th to the 15th, of which nothing was sold.
    const within = await head({ from: '2026-04-19', to: '2026-04-22' }, '2026-04-24T10:00:00Z');
    expect(within.row).toMatchObject({ revenue: 30, revenue_growth: 200, orders_growth: 0 });
    expect(within.answer.warnings).toEqual([]);
  });

  test('asked as of a day before today, that day is over: growth ends with it', async () => {
    await sold(
      { id: '1', at: '2026-04-01T10:00', money: '10' },
      { id: '2', at: '2026-04-08T10:00', money: '10' },
      { id: '3', at: '2026-04-15T23:00', money: '40' },
      { id: '4', at: '2026-04-20T10:00', money: '1' },
    );
    // The 9th to the 15th against the 2nd to the 8th.
    const past = await head({ window: '7d', asOf: '2026-04-15' }, '2026-04-20T10:00:00Z');
    expect([past.row['revenue'], past.row['revenue_growth'], past.answer.filters['partial_day']]).toEqual([40, 300, false]);
    // On that day itself it was not: the 8th to the 14th against the 1st to the 7th.
    const then = await head({ window: '7d', asOf: '2026-04-15' }, '2026-04-15T10:00:00Z');
    expect([then.row['revenue'], then.row['revenue_growth'], then.answer.filters['partial_day']]).toEqual([40, 0, true]);
  });

  test('months and cohorts that are not there whole say so', async () => {
    await sold(
      { id: '1', at: '2026-01-20T10:00', money: '10', buyer: 1n },
      { id: '2', at: '2026-02-10T10:00', money: '10', buyer: 2n },
      { id: '3', at: '2026-03-05T10:00', money: '10', buyer: 2n },
    );
    const months = (await ask('MonthlySalesAnalysis', {}, '2026-03-09T10:00:00Z')).tables['totals'] as readonly Row[];
    expect(months.map(({ month, complete }) => [month, complete])).toEqual([
      ['2026-01', false],
      ['2026-02', true],
      ['2026-03', false],
    ]);
    const cohorts = await ask('CohortRetention', {}, '2026-03-09T10:00:00Z');
    expect((cohorts.tables.data as readonly Row[]).map(({ month, months_since, complete }) => [month, months_since, complete])).toEqual([
      ['2026-01', 0, false],
      ['2026-01', 1, false],
      ['2026-01', 2, false],
      ['2026-02', 0, true],
      ['2026-02', 1, false],
    ]);
    expect(cohorts.warnings).toContain('Orders reach back to 2026-01-20: earlier buyers count as new.');
  });

  test('tells what an answer leaves out, and that nothing sold is 0', async () => {
    await sold(
      { id: '1', at: '2026-04-01T10:00', money: '10' },
      { id: '2', at: '2026-04-22T10:00', money: '10', status: 'unknown' },
      { id: '3', at: '2027-04-22T10:00', money: '10' },
    );
    const { row, answer } = await head({ window: '7d' }, '2026-04-22T18:00:00Z');
    expect(row).toMatchObject({ orders: 0, revenue: 0, aov: null, buyers: 0, net_sales_ex_tax: 0 });
    expect(answer.warnings).toEqual(
      expect.arrayContaining([
        '1 order is dated after today and in no figure.',
        '1 order has a state that is not known and counts as no sale. s7 doctor names the words.',
      ]),
    );
    // A window that is over holds nothing of the future.
    expect((await head({ from: '2026-04-01', to: '2026-04-10' }, '2026-04-22T18:00:00Z')).answer.warnings.join(' ')).not.toContain(
      'after today',
    );
    const nothing = await ask('ProfitAnalysis', { from: '2026-04-05', to: '2026-04-06' }, '2026-04-22T18:00:00Z');
    expect(nothing.tables['totals']).toMatchObject([{ total_orders: 0, net_sales: 0, gross_sales: 0 }]);
  });

  test('ranks by growth what fell to nothing as well', async () => {
    await sold(
      { id: '1', at: '2026-04-01T10:00', sku: 'OLD', money: '10', quantity: 4 },
      { id: '2', at: '2026-04-09T10:00', sku: 'GONE', money: '10', quantity: 2 },
      { id: '3', at: '2026-04-09T10:00', sku: 'UP', money: '10' },
      { id: '4', at: '2026-04-16T10:00', sku: 'UP', money: '10', quantity: 3 },
      { id: '5', at: '2026-04-20T10:00', sku: 'NEW', money: '10' },
    );
    const rank = async (order: string) =>
      ((await ask('SalesRank', { window: '7d', sort: 'growth_rate', order }, '2026-04-20T18:00:00Z')).tables.data as readonly Row[]).map(
        ({ sku, sales, revenue, growth_rate }) => [sku, sales, revenue, growth_rate],
      );
    // The 13th to the 19th against the 6th to the 12th.
    expect(await rank('asc')).toEqual([
      ['GONE', 0, 0, -100],
      ['UP', 3, 10, 200],
      ['NEW', 1, 10, null],
    ]);
    expect(await rank('desc')).toEqual([
      ['UP', 3, 10, 200],
      ['GONE', 0, 0, -100],
      ['NEW', 1, 10, null],
    ]);
  });

  test('tells how many returns are still to come by its own age of return, and compares no rate that ripens', async () => {
    // Of 25 returns of orders of 120 days ago 20 came after 10 days, 3 after 20, 2 after 30: nine of ten within 20 days.
    const ages = [...Array<number>(20).fill(10), ...Array<number>(3).fill(20), ...Array<number>(2).fill(30)];
    const today = Temporal.PlainDate.from('2026-08-20');
    const day = (before: number): string => `${today.subtract({ days: before }).toString()}T10:00`;
    await sold(
      ...ages.map((age, n): OneLine => ({ id: `R${n}`, at: day(120), money: '10', back: { at: day(120 - age), refund: '10' } })),
      { id: 'a', at: day(40), money: '10', quantity: 10 },
      { id: 'b', at: day(25), money: '10', quantity: 10 },
      { id: 'c', at: day(12), money: '10', quantity: 10, back: { at: day(1), refund: '10' } },
      { id: 'd', at: day(0), money: '10' },
    );
    // Sold 40, 25 and 12 days ago: 0, 2 of 25 and 5 of 25 returns are still to come: (0 + 8 + 20) / 3.
    const answer = await ask(
      'ReturnRate',
      { from: today.subtract({ days: 40 }).toString(), to: today.subtract({ days: 12 }).toString() },
      '2026-08-20T18:00:00Z',
    );
    expect(answer.maturity.returns_open_share).toBe(9.33);
    expect(answer.warnings).toContain('Returns still to come: 9.33%. 90% of returns come within 20 days of the order.');
    // By the day they came back nothing ripens.
    expect((await ask('ReturnRate', { basis: 'event' }, '2026-08-20T18:00:00Z')).maturity.returns_open_share).toBeNull();
    const ripe = await head(
      { from: today.subtract({ days: 26 }).toString(), to: today.subtract({ days: 20 }).toString() },
      '2026-08-20T18:00:00Z',
    );
    expect(ripe.answer.nulls['return_rate_growth']).toBe('No change is shown where nothing was sold in the previous period.');
    const young = await head(
      { from: today.subtract({ days: 14 }).toString(), to: today.subtract({ days: 8 }).toString() },
      '2026-08-20T18:00:00Z',
    );
    expect(young.row).toMatchObject({ return_rate: 10, return_rate_growth: null });
    expect(young.answer.nulls['return_rate_growth']).toContain('90% come within 20 days');
  });
});

describe('a connected shop whose history is half fetched', () => {
  const opened: ConnectedShops[] = [];
  afterAll(() => Promise.all(opened.map((each) => each.close())));

  async function fetched(historyDays: number): Promise<{
    january: number;
    growth: unknown;
    reason: string | undefined;
    answer: ReportAnswer & { data: Row[] };
    months: Row[];
    buyers: Row[];
  }> {
    const world = await openConnectedShops({ now: '2026-03-02T09:00:00Z', scale: 0.3, settings: { historyDays } });
    opened.push(world);
    await world.consent('ES', 'estrella-hogar');
    const {
      json: { data: shops },
    } = await world.shops.get('/api/shops');
    const { shop } = shops.find(({ region }: { region: string }) => region === 'ES');
    await world.sync(shop);
    const ask = async (report: string, query: string) =>
      (await world.shops.get(`/api/TikTok/DataScience/${report}/?shop=${encodeURIComponent(shop)}&${query}`)).json;
    const [january, february] = [
      await ask('Overview', 'from=2026-01-01&to=2026-01-31'),
      await ask('Overview', 'from=2026-02-01&to=2026-02-28'),
    ];
    return {
      january: january.data[0].orders,
      growth: february.data[0].orders_growth,
      reason: february.nulls.orders_growth,
      answer: january,
      months: (await ask('MonthlySalesAnalysis', '')).totals,
      buyers: (await ask('CohortRetention', '')).cohorts,
    };
  }

  test('marks the days before, and neither growth nor new buyers nor months lean on them', async () => {
    const [whole, half] = [await fetched(100), await fetched(40)];
    // What changed later is all that is known of the days before the 22nd of January.
    expect(half.january).toBeLessThan(whole.january);
    expect(half.january).toBeGreaterThan(0);
    expect(half.answer.freshness).toMatchObject([{ covers_from: '2026-01-22', covers_to: '2026-03-02' }]);
    expect(half.answer.warnings.join(' ')).toContain('2026-01-01 – 2026-01-21');
    expect([whole.reason, typeof whole.growth]).toEqual([undefined, 'number']);
    expect(half.growth).toBeNull();
    expect(half.reason).toContain('2026-01-04 – 2026-01-21');
    const complete = (rows: readonly Row[]) => Object.fromEntries(rows.map(({ month, complete: there }) => [month, there]));
    expect(complete(half.months)).toMatchObject({ '2026-01': false, '2026-02': true, '2026-03': false });
    expect(complete(whole.months)).toMatchObject({ '2026-01': true, '2026-02': true });
    // Cohorts begin with the first day that is known whole.
    expect(Object.keys(complete(half.buyers))[0]).toBe('2026-01');
    expect(half.answer.warnings).toContain('Orders reach back to 2026-01-22: earlier buyers count as new.');
  });
});
