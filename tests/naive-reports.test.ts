import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { raw } from '../src/engines/sql.ts';
import { fixedClock } from '../src/kernel/clock.ts';
import type { Place } from '../src/model/area.ts';
import { isSale, LINE_KINDS, ORDER_STATUSES, type Order, type OrderLine } from '../src/model/order.ts';
import { PLATFORM_IDS, type ShopIdentity } from '../src/model/shop.ts';
import { reports } from '../src/reports/all.ts';
import { runReport } from '../src/reports/run.ts';
import { openEmptyStore, storeWorld, type PlacedOrder } from './golden-world.ts';
import { naiveAreaDemand, naiveMonthlySales, naiveSalesRank, type Question } from './naive-reports.ts';

type Row = Readonly<Record<string, any>>;
type Tables = Readonly<Record<string, readonly Row[]>> & { readonly data: readonly Row[] };

const SHOPS: readonly Omit<ShopIdentity, 'currency'>[] = [
  { platform: 'Amazon', shop: 'Amazon.com', zone: 'America/Los_Angeles' }, { platform: 'Amazon', shop: 'Amazon.es', zone: 'Europe/Madrid' },
  { platform: 'Other', shop: 'Tokyo', zone: 'Asia/Tokyo' }, { platform: 'Shein', shop: 'shein-es', zone: 'Europe/Madrid' },
  { platform: 'TikTok', shop: 'ES', zone: 'Europe/Madrid' }, { platform: 'TikTok', shop: 'GB', zone: 'Europe/London' },
];
const TELL_BUYERS = new Set(['TikTok', 'Other']);
const PLACES: readonly Place[] = [
  { country: 'ES', regionCode: 'ES-MD', region: 'Comunidad de Madrid', city: 'Madrid' }, { country: 'ES', regionCode: 'ES-MD', region: 'Comunidad de Madrid', city: null },
  { country: 'ES', regionCode: 'ES-CT', region: 'Cataluña', city: 'Girona' }, { country: 'ES', regionCode: null, region: 'Costa', city: 'Girona' },
  { country: 'ES', regionCode: null, region: null, city: null }, { country: 'GB', regionCode: null, region: null, city: 'London' },
  { country: null, regionCode: null, region: null, city: null },
];
const SKUS = ['HAT', 'LAMP', 'MUG', 'SOCKS', 'TEE'];
const CATEGORIES: Readonly<Record<string, string>> = { HAT: 'Clothes', SOCKS: 'Clothes', TEE: 'Clothes', MUG: 'Kitchen' };
const DIGITS: Readonly<Record<string, number>> = { EUR: 2, JPY: 0, KWD: 3 };
/** Around these the clocks of Madrid and London change, or the year does. */
const ANCHORS = ['2026-03-29', '2026-10-25', '2026-01-01'];

const often = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>): fc.Arbitrary<T> => fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: rare });
const price = fc.option(fc.integer({ min: -500, max: 20_000 }));
const wishedLine = fc.record({
  sku: fc.constantFrom(...SKUS), kind: often(fc.constant(LINE_KINDS[0]), fc.constantFrom(...LINE_KINDS)), cancelled: often(fc.constant(false), fc.boolean()),
  quantity: often(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 9 })), gross: price, net: price, paid: price,
});
const wishedOrder = fc.record({
  shop: fc.nat(SHOPS.length - 1), day: fc.integer({ min: -70, max: 12 }),
  second: fc.oneof(fc.integer({ min: -90, max: 90 }), fc.integer({ min: 0, max: 4 * 3600 }), fc.nat(86_399)),
  paidAfter: fc.option(often(fc.constant(0), fc.nat(3 * 86_400))), place: fc.nat(PLACES.length - 1), buyer: fc.option(fc.nat(4)),
  status: often(fc.constantFrom('on_hold', 'to_ship', 'shipped', 'delivered', 'completed'), fc.constantFrom(...ORDER_STATUSES)),
  model: often(fc.constant('retail'), fc.constantFrom('retail', 'supply')),
  lines: fc.array(wishedLine, { minLength: 1, maxLength: 4, size: 'max' }),
});
const wishedWorld = fc.record({
  anchor: fc.constantFrom(...ANCHORS), currency: fc.constantFrom(...Object.keys(DIGITS)), firstShop: fc.nat(SHOPS.length - 1), shops: fc.integer({ min: 1, max: SHOPS.length }),
  orders: fc.array(wishedOrder, { minLength: 20, maxLength: 150, size: 'max' }),
});

interface World {
  readonly anchor: string;
  readonly digits: number;
  readonly orders: readonly PlacedOrder[];
}

/** @param fine amounts have all four digits; else those of the currency, so that rounded figures add up */
function worlds(fine: boolean): fc.Arbitrary<World> {
  return wishedWorld.map(({ anchor, currency, firstShop, shops, orders }) => {
    const digits = DIGITS[currency]!;
    const step = fine ? 1n : 10n ** BigInt(4 - digits);
    const placed = orders.map((wish, n) => toPlaced({ ...SHOPS[(firstShop + wish.shop % shops) % SHOPS.length]!, currency }, { ...wish, n, anchor, step }));
    return { anchor, digits, orders: placed };
  });
}

type WishedOrder = typeof wishedOrder extends fc.Arbitrary<infer T> ? T : never;

function toPlaced(shop: ShopIdentity, wish: WishedOrder & { n: number; anchor: string; step: bigint }): PlacedOrder {
  const purchasedAt = dayAfter(wish.anchor, wish.day).toZonedDateTime(shop.zone).add({ seconds: wish.second }).toInstant();
  const place = PLACES[wish.place]!;
  const money = (steps: number | null): bigint | null => (steps === null ? null : BigInt(steps) * wish.step);
  const lines = wish.lines.map(({ sku, kind, cancelled, quantity, gross, net, paid }, at): OrderLine => {
    const status = cancelled ? 'cancelled' : wish.status;
    return {
      lineId: String(at), sku, platformSku: `${shop.platform}-${sku}`, skuName: `${sku} on ${shop.platform}`, image: null, category: CATEGORIES[sku] ?? null, kind, quantity,
      status, outcome: 'none', platformStatus: null, grossSales: money(gross), netSales: money(net), paidAmount: money(paid), taxAmount: null,
      sale: isSale(wish.status, { status, kind, quantity }),
    };
  });
  const order: Order = {
    orderId: String(wish.n), purchasedAt, paidAt: wish.paidAfter === null ? null : purchasedAt.add({ seconds: wish.paidAfter }), updatedAt: purchasedAt,
    status: wish.status, outcome: 'none', platformStatus: null, model: wish.model, currency: shop.currency, place, writtenPlace: JSON.stringify(place),
    buyer: TELL_BUYERS.has(shop.platform) && wish.buyer !== null ? BigInt(wish.buyer) : null, totalAmount: null, shippingFee: null, shippingProvider: null, lines,
  };
  return { shop, order };
}

function dayAfter(day: string, days: number): Temporal.PlainDate {
  return Temporal.PlainDate.from(day).add({ days });
}

const offset = fc.integer({ min: -45, max: 14 });
const wishedQuestion = fc.record({
  asOf: fc.integer({ min: -10, max: 14 }), atHour: fc.option(fc.integer({ min: 0, max: 23 })), window: fc.constantFrom('7d', '30d', 'all'),
  dates: fc.option(fc.record({ from: fc.option(offset), days: fc.option(fc.integer({ min: 1, max: 40 })) }), { freq: 2 }),
  basis: fc.constantFrom('created', 'paid'), measure: fc.constantFrom('net', 'gross', 'paid'), model: often(fc.constant('retail'), fc.constantFrom('supply', 'both')),
  group: often(fc.constant('none'), fc.constant('platform')), level: fc.constantFrom('country', 'region', 'city'),
  limit: fc.option(fc.integer({ min: 1, max: 6 }), { freq: 2 }), leaveOut: fc.array(fc.nat(SHOPS.length - 1), { maxLength: 3 }),
});
type WishedQuestion = typeof wishedQuestion extends fc.Arbitrary<infer T> ? T : never;

function toQuestion({ anchor, orders }: World, wish: WishedQuestion): Question {
  const { atHour, dates, leaveOut, limit, ...rest } = wish;
  const asOfDay = dayAfter(anchor, wish.asOf).toString();
  const from = dates?.from == null ? undefined : dayAfter(anchor, dates.from);
  const to = dates?.days == null ? undefined : (from ?? dayAfter(anchor, -20)).add({ days: dates.days - 1 });
  const stored = SHOPS.map(({ shop }) => shop).filter((name) => orders.some(({ shop }) => shop.shop === name));
  const wanted = stored.filter((_, at) => !leaveOut.includes(at));
  return {
    ...(rest as Pick<Question, 'window' | 'basis' | 'measure' | 'model' | 'group' | 'level'>),
    asOf: atHour === null ? asOfDay : `${asOfDay}T${String(atHour).padStart(2, '0')}:30:00Z`,
    from: from?.toString(), to: to?.toString(), limit: limit ?? undefined, shops: wanted.length > 0 ? wanted : stored,
  };
}

let store: Awaited<ReturnType<typeof openEmptyStore>>;
beforeAll(async () => {
  store = await openEmptyStore();
});
afterAll(() => store.close());

/** Puts a world in place of the one before. */
async function become({ orders }: World): Promise<void> {
  await store.engine.transaction(async (tx) => {
    for (const name of ['shops', 'skus', 'listings', 'places', 'buyers', 'orders', 'lines', 'blocks']) await tx.run(raw(`DELETE FROM ${name}`));
  });
  await storeWorld(store.engine, orders);
}

async function ask(name: string, { shops, level, ...question }: Partial<Question>, own: Record<string, unknown> = {}): Promise<Tables> {
  const parameters = { ...question, ...(shops ? { shop: shops.join(',') } : {}), ...(name === 'AreaDemand' ? { level } : {}), ...own };
  const report = reports.find((each) => each.name === name)!;
  const answer = await runReport({ engine: store.engine, clock: fixedClock('2027-01-01T00:00:00Z') }, { report, platforms: PLATFORM_IDS, parameters, language: 'en' });
  return answer.tables;
}

/** Rows without what the naive reports do not tell. */
function without(columns: readonly string[], rows: readonly Row[]): Row[] {
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !columns.includes(name))));
}

const NAMES = ['sku_name', 'image', 'platform_skus'];
const TOPS = ['top3_sku', 'top3_category'];
const RUNS = { numRuns: 40 };
const FEW_RUNS = { numRuns: 6 };

test('whatever was sold, every report says what counting order by order says', async () => {
  await fc.assert(fc.asyncProperty(worlds(true), fc.array(wishedQuestion, { minLength: 2, maxLength: 2 }), async (world, wishes) => {
    await become(world);
    for (const wish of wishes) {
      const question = toQuestion(world, wish);
      const [rank, months, { data: areas }] = await Promise.all([
        ask('SalesRank', question), ask('MonthlySalesAnalysis', question, { include: 'dates' }), ask('AreaDemand', question),
      ]);
      const naiveRank = naiveSalesRank(world.orders, question, world.digits);
      expect(without(NAMES, rank.data)).toEqual(naiveRank['data'] ?? []);
      expect(without(NAMES, rank['by_platform']!)).toEqual(naiveRank['by_platform'] ?? []);
      const naiveMonths = naiveMonthlySales(world.orders, question, world.digits);
      expect(without(NAMES, months.data)).toEqual(naiveMonths['data'] ?? []);
      expect(months['totals']).toEqual(naiveMonths['totals'] ?? []);
      const naiveAreas = (naiveAreaDemand(world.orders, question, world.digits)['data'] ?? []) as Row[];
      expect(without(TOPS, areas)).toEqual(without(['units_by_sku', 'units_by_category'], naiveAreas));
      for (const [at, { top3_sku, top3_category }] of areas.entries()) {
        expectTop(top3_sku.map((top: Row) => [top['sku'], top['sales']]), naiveAreas[at]!['units_by_sku']);
        expectTop(top3_category.map((top: Row) => [top['category'], top['sales']]), naiveAreas[at]!['units_by_category']);
      }
      for (const { sku, sku_name, platform } of rank.data) {
        const inUse = platform ? [platform] : SHOPS.filter(({ shop }) => question.shops.includes(shop)).map((shop) => shop.platform);
        expect(inUse.map((each) => `${sku} on ${each}`)).toContain(sku_name);
      }
    }
  }), RUNS);
});

/** The best three of all; which of two that sold the same comes first is open. */
function expectTop(top: [string, number][], units: Record<string, number>): void {
  expect(top.map(([, sales]) => sales)).toEqual(Object.values(units).toSorted((a, b) => b - a).slice(0, 3));
  expect(new Set(top.map(([name]) => name)).size).toBe(top.length);
  for (const [name, sales] of top) expect(units[name]).toBe(sales);
}

/** Adds figures up exactly; what is null adds nothing. */
function total(rows: readonly Row[], column: string): number {
  return rows.reduce((sum, row) => sum + Math.round((row[column] ?? 0) * 1000), 0);
}

const MANY = { limit: 100_000 };
const question = fc.record<Pick<Question, 'basis' | 'measure' | 'level'>>({
  basis: fc.constantFrom('created', 'paid'), measure: fc.constantFrom('net', 'gross', 'paid'), level: fc.constantFrom('country', 'region', 'city'),
});

test('the parts add up to the whole: areas with the unknown ones, months, platforms', async () => {
  await fc.assert(fc.asyncProperty(worlds(false), question, async (world, asked) => {
    await become(world);
    const everything = { ...asked, ...MANY, asOf: dayAfter(world.anchor, 20).toString() };
    const [rank, areas, months] = [await ask('SalesRank', everything), await ask('AreaDemand', everything), await ask('MonthlySalesAnalysis', everything)];
    for (const [column, inRank] of [['sales', 'sales'], ['sales_amount', 'revenue']] as const) expect(total(areas.data, column)).toBe(total(rank.data, inRank));
    for (const [column, inRank] of [['sales', 'sales'], ['total_amount', 'revenue']] as const) expect(total(months['totals']!, column)).toBe(total(rank.data, inRank));
    expect(total(areas.data, 'orders')).toBe(total(months['totals']!, 'orders'));
    for (const month of months['totals']!) {
      const ofMonth = months.data.filter((row) => row['month'] === month['month']);
      for (const column of ['sales', 'total_amount', 'paid_amount']) expect(total(ofMonth, column)).toBe(total([month], column));
    }
    for (const row of [...rank.data, ...areas.data, ...months.data]) expect(total(row['platforms'], 'sales')).toBe(total([row], 'sales'));
  }), FEW_RUNS);
});

test('the platforms by themselves add up to all of them together', async () => {
  await fc.assert(fc.asyncProperty(worlds(false), question, async (world, asked) => {
    await become(world);
    const everything = { ...asked, ...MANY, asOf: dayAfter(world.anchor, 20).toString() };
    for (const [name, keys, columns] of [
      ['SalesRank', ['sku'], ['sales', 'orders', 'revenue']], ['AreaDemand', ['country', 'area_code', 'area'], ['sales', 'orders', 'sales_amount', 'buyers']],
      ['MonthlySalesAnalysis', ['month', 'sku'], ['sales', 'orders', 'total_amount', 'paid_amount']],
    ] as const) {
      const keyOf = (row: Row): string => keys.map((key) => row[key]).join('|');
      const parts = Map.groupBy((await ask(name, { ...everything, group: 'platform' })).data, keyOf);
      const whole = Map.groupBy((await ask(name, everything)).data, keyOf);
      expect([...parts.keys()].toSorted()).toEqual([...whole.keys()].toSorted());
      for (const [key, rows] of whole) for (const column of columns) expect(total(parts.get(key)!, column), `${name} ${key} ${column}`).toBe(total(rows, column));
    }
  }), FEW_RUNS);
});

test('two spans that adjoin are the span of both, and seven days are the span of their dates', async () => {
  await fc.assert(fc.asyncProperty(worlds(false), question, fc.tuple(offset, fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 })), async (world, asked, [start, first, second]) => {
    await become(world);
    const day = (days: number): string => dayAfter(world.anchor, start + days).toString();
    const spanned = { ...asked, ...MANY, asOf: dayAfter(world.anchor, 90).toString() };
    const span = async (from: string, to: string): Promise<readonly Row[]> => (await ask('SalesRank', { ...spanned, from, to })).data;
    const parts = Map.groupBy([...await span(day(0), day(first - 1)), ...await span(day(first), day(first + second - 1))], (row) => row['sku']);
    const whole = await span(day(0), day(first + second - 1));
    expect([...parts.keys()].toSorted()).toEqual(whole.map(({ sku }) => sku).toSorted());
    for (const row of whole) for (const column of ['sales', 'orders', 'revenue']) expect(total(parts.get(row['sku'])!, column)).toBe(total([row], column));
    const week = await ask('SalesRank', { ...spanned, asOf: day(6), window: '7d' });
    expect(week).toEqual(await ask('SalesRank', { ...spanned, asOf: day(6), from: day(0), to: day(6) }));
  }), FEW_RUNS);
});

test('growth is null exactly where nothing was sold in the complete days before', async () => {
  await fc.assert(fc.asyncProperty(worlds(false), fc.integer({ min: -25, max: 14 }), async (world, offsetOfToday) => {
    await become(world);
    const day = (days: number): string => dayAfter(world.anchor, offsetOfToday + days).toString();
    const before = (await ask('SalesRank', { ...MANY, asOf: day(0), from: day(-14), to: day(-8) })).data;
    const week = (await ask('SalesRank', { ...MANY, asOf: day(0), window: '7d' })).data;
    const soldBefore = new Set(before.map(({ sku }) => sku));
    for (const { sku, growth_rate } of week) expect(growth_rate === null, sku).toBe(!soldBefore.has(sku));
    for (const { growth_rate } of (await ask('SalesRank', { ...MANY, asOf: day(0) })).data) expect(growth_rate).toBeNull();
  }), FEW_RUNS);
});
