import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../src/engines/engine.ts';
import type { PlatformId } from '../src/model/shop.ts';
import type { ReportAnswer } from '../src/reports/run.ts';
import { askGolden, ES, EURO_SHOPS, EVENING } from './golden-questions.ts';
import { GOLDEN_WORLD, openEmptyStore, storeWorld } from './golden-world.ts';

type Row = Readonly<Record<string, unknown>>;

let store: Awaited<ReturnType<typeof openEmptyStore>>;
let engine: Engine;
beforeAll(async () => {
  store = await openEmptyStore();
  engine = store.engine;
  await storeWorld(engine, GOLDEN_WORLD);
});
afterAll(() => store.close());

/** Asks as of 2026-10-28 unless told otherwise. */
const ask = (name: string, parameters: Record<string, unknown> = {}, platforms?: readonly PlatformId[]): Promise<ReportAnswer> =>
  askGolden(engine, name, parameters, platforms);

/** Some columns of every row, to be read like the table it is. */
async function table(columns: string, answer: Promise<ReportAnswer>, name = 'data'): Promise<unknown[][]> {
  return ((await answer).tables[name] as readonly Row[]).map((row) => columns.split(' ').map((column) => row[column]));
}

describe('the sales rank of seven days', () => {
  const week = { shop: ES, window: '7d' };

  test('counts units, orders and net sales of what was really sold, most units first', async () => {
    // TEE: M1 2 × 18, M2 20 (not its cancelled line), M8 and M9 19.99, M15 2 × 18; not M3 cancelled, M6 unexplained, M7 replacement, M27
    // tomorrow. MUG: M1 9.99, M5 19.98 on hold, M7 8.99, M10 and M26 9.99; not M4 unpaid. SOCKS: M11 4.50, M13 10, M14 0; no gift, not M12.
    // HAT: M16.
    expect(await table('sku sales orders revenue', ask('SalesRank', week))).toEqual([
      ['TEE', 7, 5, 131.98],
      ['MUG', 6, 5, 58.94],
      ['SOCKS', 4, 3, 14.5],
      ['HAT', 1, 1, 12.5],
    ]);
  });

  test('grows over complete days only: today is not over, and nothing before it gives no rate', async () => {
    // Later 21st–27th, earlier 14th–20th. TEE 7 after 1 (M17) + 2 (M19); MUG 5 (not M26 of today) after 8 (M21); SOCKS 7 and HAT 2 after
    // nothing.
    expect(await table('sku growth_rate', ask('SalesRank', week))).toEqual([
      ['TEE', 133.33],
      ['MUG', -37.5],
      ['SOCKS', null],
      ['HAT', null],
    ]);
    expect((await ask('SalesRank', week)).nulls).toEqual({
      growth_rate: 'No change is shown where nothing was sold in the previous period.',
    });
  });

  test('is also told at list prices and at what buyers paid', async () => {
    expect(await table('sku revenue', ask('SalesRank', { ...week, measure: 'gross' }))).toEqual([
      ['TEE', 140],
      ['MUG', 59.94],
      ['SOCKS', 15],
      ['HAT', 12.5],
    ]);
    expect(await table('sku revenue', ask('SalesRank', { ...week, measure: 'paid' }))).toEqual([
      ['TEE', 129.98],
      ['MUG', 57.94],
      ['SOCKS', 14.5],
      ['HAT', 12.5],
    ]);
  });

  test('by the day of payment holds what was placed before and paid in it', async () => {
    expect(await table('sku sales revenue', ask('SalesRank', { ...week, basis: 'paid' }))).toEqual([
      ['TEE', 7, 131.98],
      ['MUG', 6, 58.94],
      ['SOCKS', 4, 14.5],
      ['HAT', 2, 24],
    ]);
  });

  test('adds up platforms of one currency and says which sold how much, under the latest name', async () => {
    // Amazon adds MUG 2 + 1 (17.98 + 8.99) and a HAT at 12; SHEIN two LAMPs, one without a price.
    expect(await table('sku sku_name sales revenue', ask('SalesRank', { window: '7d', shop: EURO_SHOPS }))).toEqual([
      ['MUG', 'Taza', 9, 85.91],
      ['TEE', 'Camiseta', 7, 131.98],
      ['SOCKS', 'Calcetines', 4, 14.5],
      ['LAMP', 'Desk lamp', 2, 30],
      ['HAT', 'Gorra', 2, 24.5],
    ]);
    const [mug] = (await ask('SalesRank', { window: '7d', shop: EURO_SHOPS })).tables.data as readonly Row[];
    expect([mug!['platforms'], mug!['platform_skus']]).toEqual([
      [
        { platform: 'TikTok', sales: 6 },
        { platform: 'Amazon', sales: 3 },
      ],
      ['Amazon-MUG', 'TikTok-MUG'],
    ]);
    expect(await table('sku sku_name', ask('SalesRank', { window: '7d' }, ['Amazon']))).toEqual([
      ['MUG', 'Mug 330 ml'],
      ['HAT', null],
    ]);
  });

  test('of each platform by itself adds up to the one of all', async () => {
    const byPlatform = await table('platform sku sales revenue', ask('SalesRank', { window: '7d', shop: EURO_SHOPS, group: 'platform' }));
    expect(byPlatform).toEqual([
      ['TikTok', 'TEE', 7, 131.98],
      ['TikTok', 'MUG', 6, 58.94],
      ['TikTok', 'SOCKS', 4, 14.5],
      ['TikTok', 'HAT', 1, 12.5],
      ['Shein', 'LAMP', 2, 30],
      ['Amazon', 'MUG', 3, 26.97],
      ['Amazon', 'HAT', 1, 12],
    ]);
  });

  test('leaves supplied goods out unless asked for them', async () => {
    expect(await table('sku sales revenue', ask('SalesRank', { window: '7d' }, ['Shein']))).toEqual([['LAMP', 2, 30]]);
    expect(await table('sku sales revenue', ask('SalesRank', { window: '7d', model: 'supply' }, ['Shein']))).toEqual([['LAMP', 100, 1200]]);
  });
});

describe('amounts that are not there', () => {
  test('are null where a source gives one amount only, with the reason and how many units it concerns', async () => {
    // A1 2 mugs and A2 1 mug have no list price, the hat of A2 has one.
    const answer = ask('SalesRank', { window: '7d', measure: 'gross' }, ['Amazon']);
    expect(await table('sku sales revenue', answer)).toEqual([
      ['MUG', 3, null],
      ['HAT', 1, 13],
    ]);
    expect((await answer).nulls['revenue']).toBe(
      'The source gives one amount per line, counted as net sales; the list price is not known.',
    );
    expect((await answer).warnings).toContain('gross: 3 of 4 units have no such amount in the source; the sums cover the others.');
  });

  test('leave a unit in the rank and out of the sum, and the answer says so', async () => {
    expect((await ask('SalesRank', { window: '7d' }, ['Shein'])).warnings).toContain(
      '1 unit was sold without a price in the source or at 0: their money is missing or 0.',
    );
  });

  test('of buyers are null, never 0, where the platform tells none', async () => {
    const answer = ask('AreaDemand', { window: '7d' }, ['Amazon']);
    expect(await table('area sales buyers', answer)).toEqual([
      ['Cataluña', 2, null],
      ['Comunidad de Madrid', 2, null],
    ]);
    expect((await answer).nulls['buyers']).toBe('Amazon gives no buyer, so buyers cannot be counted.');
  });

  test('never blame a platform that sold nothing in the window', async () => {
    // Until the 21st only TikTok has sold; on Amazon and SHEIN there is no order whose buyer could be missing.
    const answer = await ask('AreaDemand', { shop: EURO_SHOPS, to: '2026-10-21' });
    expect(answer.warnings.filter((warning) => warning.startsWith('Buyers'))).toEqual([]);
    expect((await ask('AreaDemand', { shop: ES, from: '2026-04-01', to: '2026-04-02' })).nulls['buyers']).toBeUndefined();
  });

  test('are not counted as no buyers in an area where only a silent platform sold', async () => {
    // On the 26th and 27th TikTok sold M11 and M14 to Madrid, Amazon alone A2 to Cataluña, where TikTok sold on the days that growth looks
    // back to.
    const answer = ask('AreaDemand', { shop: EURO_SHOPS, from: '2026-10-26', to: '2026-10-27' });
    expect(await table('area sales buyers', answer)).toEqual([
      ['Comunidad de Madrid', 3, 2],
      ['Cataluña', 2, null],
      ['unknown', 2, 0],
      ['unknown', 1, 1],
    ]);
    expect((await answer).nulls['buyers']).toBe('Amazon, Shein gives no buyer, so buyers cannot be counted.');
  });
});

describe('the demand by area', () => {
  const week = { shop: ES, window: '7d' };

  test('tells units, orders, buyers, the average order rounded half up, and the share of all units', async () => {
    // Madrid: M1 3, M7 1, M11 1, M13 2, M14 1 = 8 of 18 units, 45.99 + 8.99 + 4.50 + 10 + 0 = 69.48 in 5 orders of Ana, Bea and Cai.
    // Cataluña: M2, M5 2, M8, M9, M10, M26 = 7 units, 20 + 19.98 + 19.99 + 19.99 + 9.99 + 9.99 = 99.94 in 6 orders; of M10 nobody knows the
    // buyer.
    expect(await table('area area_code sales orders buyers sales_amount aov share', ask('AreaDemand', week))).toEqual([
      ['Comunidad de Madrid', 'ES-MD', 8, 5, 3, 69.48, 13.9, 44.44],
      ['Cataluña', 'ES-CT', 7, 6, 3, 99.94, 16.66, 38.89],
      ['unknown', null, 2, 1, 0, 36, 36, 11.11],
      ['unknown', null, 1, 1, 1, 12.5, 12.5, 5.56],
    ]);
  });

  test('grows by complete days', async () => {
    // Madrid 8 + 3 (M12) after 1 (M17) + 2 (M19); Cataluña 6 + 1 (M18) after 8 (M21).
    expect((await table('area growth_rate', ask('AreaDemand', week))).slice(0, 2)).toEqual([
      ['Comunidad de Madrid', 266.67],
      ['Cataluña', -12.5],
    ]);
  });

  test('keeps unknown areas beside the limit and in the whole', async () => {
    expect(await table('area country sales share', ask('AreaDemand', { ...week, limit: 1 }))).toEqual([
      ['Comunidad de Madrid', 'ES', 8, 44.44],
      ['unknown', null, 2, 11.11],
      ['unknown', 'ES', 1, 5.56],
    ]);
  });

  test('is as fine as asked for', async () => {
    expect(await table('area sales', ask('AreaDemand', { ...week, level: 'country' }))).toEqual([
      ['Spain', 16],
      ['unknown', 2],
    ]);
    expect(await table('area country sales', ask('AreaDemand', { ...week, level: 'city' }))).toEqual([
      ['Madrid', 'ES', 8],
      ['Barcelona', 'ES', 4],
      ['Girona', 'ES', 3],
      ['unknown', null, 2],
      ['unknown', 'ES', 1],
    ]);
  });

  test('names what sells most there', async () => {
    // Of the 16 units sent to Spain the HAT comes fourth, and it has no category.
    const [spain] = (await ask('AreaDemand', { ...week, level: 'country' })).tables.data as readonly Row[];
    expect(spain!['top3_sku']).toEqual([
      { sku: 'MUG', sku_name: 'Taza', image: null, sales: 6 },
      { sku: 'TEE', sku_name: 'Camiseta', image: null, sales: 5 },
      { sku: 'SOCKS', sku_name: 'Calcetines', image: null, sales: 4 },
    ]);
    expect(spain!['top3_category']).toEqual([
      { category: 'Clothes', sales: 9 },
      { category: 'Kitchen', sales: 6 },
    ]);
  });

  test('counts a buyer of two shops of one platform once', async () => {
    const [madrid] = (await ask('AreaDemand', { window: '7d', currency: 'native' }, ['TikTok'])).tables.data as readonly Row[];
    expect([madrid!['sales'], madrid!['orders'], madrid!['buyers'], madrid!['sales_amount']]).toEqual([9, 6, 3, null]);
    expect(madrid!['by_currency']).toEqual([
      { currency: 'EUR', amount: 69.48 },
      { currency: 'GBP', amount: 15 },
    ]);
  });

  test('has no half yen: an average of 1000.5 is 1001', async () => {
    expect(await table('area sales orders sales_amount aov', ask('AreaDemand', {}, ['Other']))).toEqual([['Osaka', 3, 2, 2001, 1001]]);
  });
});

describe('sales by month', () => {
  test("put the minutes around midnight into the month of the shop's clock", async () => {
    // M24 at 23:59 of 30 September, M25 two minutes later, 22:01 of 30 September in UTC.
    expect(await table('month sku sales orders total_amount avg_price', ask('MonthlySalesAnalysis', { shop: ES }))).toEqual([
      ['2026-03', 'MUG', 2, 2, 19.98, 9.99],
      ['2026-09', 'HAT', 1, 1, 12.5, 12.5],
      ['2026-10', 'TEE', 17, 8, 331.98, 19.53],
      ['2026-10', 'MUG', 14, 6, 138.86, 9.92],
      ['2026-10', 'SOCKS', 7, 4, 29.5, 4.21],
      ['2026-10', 'HAT', 4, 3, 49, 12.25],
    ]);
  });

  test('add up to the totals, an order of two SKUs counted once there', async () => {
    expect(
      await table('month sales orders total_amount avg_price paid_amount', ask('MonthlySalesAnalysis', { shop: ES, limit: 1 }), 'totals'),
    ).toEqual([
      ['2026-03', 2, 2, 19.98, 9.99, 19.98],
      ['2026-09', 1, 1, 12.5, 12.5, 12.5],
      ['2026-10', 42, 20, 549.34, 13.08, 546.34],
    ]);
  });

  test('move with the day of payment', async () => {
    expect(
      await table('month sku sales', ask('MonthlySalesAnalysis', { shop: ES, basis: 'paid', from: '2026-09-01', to: '2026-10-01' })),
    ).toEqual([['2026-10', 'HAT', 3]]);
  });

  test('list their days, the days with 23 and 25 hours whole', async () => {
    const spring = await ask('MonthlySalesAnalysis', { shop: ES, include: 'dates', from: '2026-03-28', to: '2026-03-29' });
    expect((spring.tables.data[0] as Row)['dates']).toEqual([
      { date: '2026-03-28', sales: 1 },
      { date: '2026-03-29', sales: 1 },
    ]);
    const autumn = await table(
      'sku dates',
      ask('MonthlySalesAnalysis', { shop: ES, include: 'dates', from: '2026-10-25', to: '2026-10-26' }),
    );
    expect(autumn).toEqual([
      ['TEE', [{ date: '2026-10-25', sales: 2 }]],
      ['SOCKS', [{ date: '2026-10-26', sales: 2 }]],
      ['MUG', [{ date: '2026-10-25', sales: 1 }]],
    ]);
  });
});

describe('days of different clocks', () => {
  test('an instant is the next day where the clock says so', async () => {
    const yen = (asOf: string) => table('sku sales revenue', ask('SalesRank', { window: '7d', asOf }, ['Other']));
    expect(await yen('2026-10-28')).toEqual([['MUG', 3, 2001]]);
    expect(await yen(EVENING)).toEqual([['MUG', 4, 2701]]);
  });

  test('amounts of several currencies are never added up: they are refused, or stand side by side', async () => {
    // A currency that is asked for and has no rate is refused; where nobody asked, amounts stand side by side.
    await expect(ask('SalesRank', { window: '7d', currency: 'EUR' })).rejects.toMatchObject({ code: 'exchange_rate_missing' });
    expect((await ask('SalesRank', { window: '7d' })).tables).toEqual(
      (await ask('SalesRank', { window: '7d', currency: 'native' })).tables,
    );
    const rows = (await ask('SalesRank', { window: '7d', currency: 'native' })).tables.data as readonly Row[];
    expect(rows.map((row) => [row['sku'], row['sales'], row['revenue'], row['by_currency']])).toEqual([
      [
        'MUG',
        12,
        null,
        [
          { currency: 'EUR', amount: 85.91 },
          { currency: 'JPY', amount: 2001 },
        ],
      ],
      [
        'TEE',
        8,
        null,
        [
          { currency: 'EUR', amount: 131.98 },
          { currency: 'GBP', amount: 15 },
        ],
      ],
      ['SOCKS', 4, null, [{ currency: 'EUR', amount: 14.5 }]],
      ['HAT', 2, null, [{ currency: 'EUR', amount: 24.5 }]],
      [
        'LAMP',
        2,
        null,
        [
          { currency: 'EUR', amount: 30 },
          { currency: null, amount: null },
        ],
      ],
    ]);
  });
});
