import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { raw } from '../src/engines/sql.ts';
import { askGolden, ES, EURO_SHOPS } from './golden-questions.ts';
import { openEmptyStore, openGoldenStore } from './golden-world.ts';

type Row = Readonly<Record<string, unknown>>;

let store: Awaited<ReturnType<typeof openEmptyStore>>;
beforeAll(async () => {
  store = await openGoldenStore();
});
afterAll(() => store.close());

async function rows(name: string, parameters: Row, table = 'data'): Promise<readonly Row[]> {
  return (await askGolden(store.engine, name, { window: '7d', ...parameters })).tables[table] as readonly Row[];
}

function only(columns: string, row: Row | undefined): unknown[] {
  return columns.split(' ').map((column) => row![column]);
}

describe('the head line of seven days', () => {
  test('tells orders, units, revenue and their average', async () => {
    // TEE 131.98 + MUG 58.94 + SOCKS 14.50 + HAT 12.50 = 217.92 in M1, 2, 5, 7, 8, 9, 10, 11, 13, 14, 15, 16 and 26.
    expect(only('orders units revenue aov', (await rows('Overview', { shop: ES }))[0])).toEqual([13, 18, 217.92, 16.76]);
  });

  test('grows over complete days: the 21st to the 27th against the 14th to the 20th', async () => {
    // Later: 12 of these orders (not M26 of today) + M12 + M18 = 14, 21 units, 207.93 + 15 + 11.50 = 234.43. Earlier: M17, M19, M21: 3, 11
    // units, 139.92.
    expect(only('orders_growth units_growth revenue_growth aov_growth', (await rows('Overview', { shop: ES }))[0])).toEqual([
      366.67, 90.91, 67.55, -64.1,
    ]);
  });

  test('counts a buyer once, as new only without any order before the window', async () => {
    // Ana, Bea, Cai and Dan; Dan's order of March makes him an old one, too.
    expect(only('buyers new_buyers', (await rows('Overview', { shop: ES }))[0])).toEqual([4, 0]);
    // In all the days since September 30th Dan alone had bought before.
    expect(only('buyers new_buyers', (await rows('Overview', { shop: ES, window: '30d' }))[0])).toEqual([4, 3]);
  });

  test('tells cancelled lines of all lines, those of a cancelled order among them', async () => {
    // 23 lines; M2's second one, M3's, which itself says shipped, and M28's, which nobody took.
    expect(only('cancel_rate', (await rows('Overview', { shop: ES }))[0])).toEqual([13.04]);
  });

  test('has the return rate of the report on returns', async () => {
    // M17 by its word and both pieces of M19 by their claim: three of the 11 units sold from the 14th to the 20th.
    const span = { shop: ES, from: '2026-10-14', to: '2026-10-20' };
    expect(only('return_rate', (await rows('Overview', span))[0])).toEqual([27.27]);
    const returned = await rows('ReturnRate', span);
    expect(returned.reduce((sum, row) => sum + Number(row['return_count']), 0)).toBe(3);
  });

  test("adds up to its days, and today to its hours on the shop's clock", async () => {
    expect((await rows('Overview', { shop: ES }, 'series')).reduce((sum, { revenue }) => sum + Number(revenue), 0)).toBeCloseTo(217.92, 6);
    expect(await rows('Overview', { shop: ES }, 'hours')).toEqual([{ hour: 9, orders: 1, units: 1, revenue: 9.99 }]);
    expect(await rows('Overview', { shop: ES, from: '2026-10-20', to: '2026-10-25' }, 'hours')).toEqual([]);
  });
});

describe('platforms side by side', () => {
  test('share the revenue and show their average order', async () => {
    expect(
      (await rows('PlatformComparison', { shop: EURO_SHOPS })).map((row) => only('platform orders units revenue share aov', row)),
    ).toEqual([
      ['TikTok', 13, 18, 217.92, 75.96, 16.76],
      ['Amazon', 2, 4, 38.97, 13.58, 19.49],
      ['Shein', 2, 2, 30, 10.46, 15],
    ]);
  });

  test('name what sells on one of them alone: mugs and hats sell on two', async () => {
    expect(
      (await rows('PlatformComparison', { shop: EURO_SHOPS }, 'only_here')).map((row) => only('platform rank sku sales', row)),
    ).toEqual([
      ['Shein', 1, 'LAMP', 2],
      ['TikTok', 1, 'TEE', 7],
      ['TikTok', 2, 'SOCKS', 4],
    ]);
  });
});

describe('reconciliation', () => {
  test('tells every order of a day by what became of it, cancelled and unpaid ones too', async () => {
    const [day] = await rows('Reconcile', { shop: ES, from: '2026-10-24', to: '2026-10-24' });
    // M4 unpaid, M5 on hold, M6 a word nobody knows, M7 with one line of goods, M28 cancelled when nobody took it.
    expect(only('orders units amount', day)).toEqual([5, 13, 168.91]);
    expect(day!['by_status']).toEqual([
      { status: 'unpaid', orders: 1, units: 5, amount: 49.95 },
      { status: 'on_hold', orders: 1, units: 2, amount: 19.98 },
      { status: 'completed', orders: 1, units: 1, amount: 8.99 },
      { status: 'cancelled', orders: 1, units: 1, amount: 9.99 },
      { status: 'unknown', orders: 1, units: 4, amount: 80 },
    ]);
  });

  test('counts the lines of a cancelled order as cancelled, whatever they say themselves', async () => {
    const [day] = await rows('Reconcile', { shop: ES, from: '2026-10-23', to: '2026-10-23' });
    expect(day!['by_status']).toEqual([
      { status: 'shipped', orders: 1, units: 1, amount: 20 },
      { status: 'cancelled', orders: 1, units: 4, amount: 80 },
    ]);
  });

  test("tells what is held back, what came back and the platform's own count on their days", async () => {
    await store.engine.transaction(async (tx) => {
      const of = `(SELECT shop_id FROM shops WHERE shop = '${ES}')`;
      await tx.run(
        raw(
          `INSERT INTO quarantine (shop_id, stream, record, field, problem, document, seen_at) VALUES (${of}, 'orders', 'X1', 'id', ` +
            `'missing', '{}', '2026-10-27T23:30:00Z'), (${of}, 'orders', 'X1', 'sku', 'missing', '{}', '2026-10-27T23:30:00Z')`,
        ),
      );
      await tx.run(raw(`INSERT INTO day_counts (shop_id, day, platform_orders) VALUES (${of}, DATE '2026-10-28', 3)`));
    });
    // Half past eleven in the evening in UTC is the 28th in Madrid; M11's piece came back on it. M17 says it came back, its order last
    // changed on the 20th.
    expect(
      (await rows('Reconcile', { shop: ES })).slice(0, 1).map((row) => only('day quarantined platform_orders returned_units', row)),
    ).toEqual([['2026-10-28', 1, 3, 1]]);
    const [day] = await rows('Reconcile', { shop: ES, from: '2026-10-20', to: '2026-10-20' });
    expect(only('returned_units refunded_amount', day)).toEqual([1, null]);
  });
});
