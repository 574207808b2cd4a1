import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixedClock } from '../src/kernel/clock.ts';
import { readShops } from '../src/records/shops/shops.ts';
import { keepFirstScales, renewScale } from '../src/jobs/rfm-scales.ts';
import { PLATFORM_IDS } from '../src/model/shop.ts';
import { buyerAnalysis } from '../src/reports/buyer-analysis.ts';
import { runReport } from '../src/reports/run.ts';
import { ES_MODA, GOLDEN_WORLD, openEmptyStore, storeWorld, type PlacedOrder } from './golden-world.ts';

type Row = Readonly<Record<string, unknown>>;

const clock = fixedClock('2026-10-28T18:00:00Z');
let store: Awaited<ReturnType<typeof openEmptyStore>>;
beforeAll(async () => {
  store = await openEmptyStore();
});
afterAll(() => store.close());

/** Buyer n of a hundred buys once, n days before the 28th, for n euros. */
function hundredBuyers(): PlacedOrder[] {
  const { order } = GOLDEN_WORLD.find((each) => each.order.orderId === 'M16')!;
  return Array.from({ length: 100 }, (_, at) => {
    const [n, purchasedAt] = [BigInt(at + 1), Temporal.Instant.from('2026-10-28T10:00:00Z').subtract({ hours: 24 * (at + 1) })];
    const amount = n * 10_000n;
    return {
      shop: ES_MODA,
      order: {
        ...order,
        orderId: `B${n}`,
        buyer: n,
        purchasedAt,
        paidAt: purchasedAt,
        updatedAt: purchasedAt,
        lines: [{ ...order.lines[0]!, grossSales: amount, netSales: amount, paidAmount: amount }],
      },
    };
  });
}

async function scales(): Promise<readonly Row[]> {
  const answer = await runReport(
    { engine: store.engine, clock },
    { report: buyerAnalysis, platforms: PLATFORM_IDS, parameters: {}, language: 'en' },
  );
  return answer.tables['scales'] as readonly Row[];
}

test('a shop keeps cut points of its own once it has a hundred buyers, and until new ones are asked for', async () => {
  const orders = hundredBuyers();
  const room = { engine: store.engine, clock, reportingCurrency: 'EUR' };
  await storeWorld(store.engine, orders.slice(1));
  const [shop] = await store.engine.read((reader) => readShops(reader));
  expect(await keepFirstScales(room)).toBe(0);
  await expect(renewScale(room, shop!)).rejects.toMatchObject({ code: 'too_few_buyers' });
  // Until then 1, 2, 3 and 5 average orders: 2 to 100 euros by 99 buyers are 51 on average.
  expect(await scales()).toMatchObject([
    { version: 0, recency_days: [240, 120, 60, 30], orders: [2, 3, 5, 8], amounts: [51, 102, 153, 255] },
  ]);

  await storeWorld(store.engine, orders.slice(0, 1));
  expect(await keepFirstScales(room)).toBe(1);
  // The fifths of 1 to 100 days and euros; everybody has one order, so orders rise by one from 2.
  const own = { recency_days: [80, 60, 40, 20], orders: [2, 3, 4, 5], amounts: [20, 40, 60, 80] };
  expect(await scales()).toMatchObject([{ version: 1, made_at: '2026-10-28T18:00:00Z', ...own }]);
  expect(await keepFirstScales(room)).toBe(0);

  // Buyer 1 becomes a large one: the scale stays until it is asked for.
  await storeWorld(store.engine, [
    {
      shop: ES_MODA,
      order: {
        ...orders[0]!.order,
        orderId: 'B101',
        lines: [{ ...orders[0]!.order.lines[0]!, netSales: 5_000_000n, grossSales: 5_000_000n }],
      },
    },
  ]);
  expect(await scales()).toMatchObject([{ version: 1, ...own }]);
  expect(await renewScale(room, shop!)).toBe(2);
  expect(await scales()).toMatchObject([{ version: 2, recency_days: [80, 60, 40, 20], amounts: [21, 41, 61, 81] }]);
});
