import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDuckDb } from '../src/engines/duckdb.ts';
import type { Engine, Row } from '../src/engines/engine.ts';
import { splitOldOutliers, writeOrders, type DeliveredOrder } from '../src/records/orders/order-writer.ts';
import { prepareStore } from '../src/records/prepare-store.ts';
import { isOneOf, raw, sql } from '../src/engines/sql.ts';
import { eraseShop, setShop } from '../src/records/shop-changes.ts';
import { ensureShop } from '../src/records/shops/shops.ts';
import { readOrders } from '../src/records/orders/stored-orders.ts';
import type { Order, OrderLine } from '../src/model/order.ts';
import { PLATFORM_IDS, type Shop } from '../src/model/shop.ts';
import { faults } from './process.ts';
import { followers } from '../src/records/all.ts';

let folder: string;
let engine: Engine;
let shops = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 's7-write-'));
  engine = await openDuckDb(join(folder, 'store.duckdb'), { memoryLimit: '512MB', temporaryFolder: folder, threads: 1 });
  await prepareStore(engine);
});

afterAll(async () => {
  const found = await faults(engine);
  await engine.close();
  rmSync(folder, { recursive: true });
  expect(Object.values(found).filter((count) => count !== 0)).toEqual([]);
});

/** A shop of its own for each test: what others wrote does not matter. */
function newShop(): Promise<Shop> {
  shops += 1;
  return ensureShop(engine, { platform: 'TikTok', shop: `shop ${shops}`, zone: 'Europe/Madrid', currency: 'EUR' });
}

/** An order as a source tells it: what it holds, when it was placed and when the source last knew a change. */
function delivery(shop: Shop, id: string, { holds, placed, changed }: { holds: string; placed: string; changed: string }): DeliveredOrder {
  const state = { status: 'completed', outcome: 'none', platformStatus: 'Completed' } as const;
  const line = (sku: string, n: number): OrderLine => ({
    ...state,
    lineId: `${sku}#${n}`,
    sku,
    platformSku: null,
    productName: `Thing ${sku}`,
    variant: null,
    parts: [],
    returnedQuantity: null,
    refundAmount: null,
    image: null,
    category: null,
    kind: 'goods',
    quantity: 1,
    grossSales: null,
    netSales: 123_400n,
    paidAmount: null,
    taxAmount: null,
    sale: true,
  });
  const order: Order = {
    ...state,
    orderId: id,
    purchasedAt: Temporal.Instant.from(placed),
    paidAt: null,
    updatedAt: Temporal.Instant.from(changed),
    model: 'retail',
    currency: 'EUR',
    place: { country: 'ES', regionCode: 'ES-MD', region: 'Comunidad de Madrid', city: 'Madrid' },
    writtenPlace: `ES Madrid ${holds.length}`,
    buyer: BigInt(id.length),
    totalAmount: null,
    shippingFee: null,
    shippingProvider: null,
    lines: holds.split(' ').map(line),
  };
  return { shop, order, document: `${id}: ${holds}` };
}

const write = (delivered: readonly DeliveredOrder[]) => writeOrders(engine, delivered, { source: { importId: 1 }, followers });

/** The orders of a shop as they are stored, by id: what they hold, when placed and changed. */
async function stored(...of: readonly Shop[]): Promise<string[]> {
  const { orders } = await engine.read((reader) =>
    readOrders(reader, { platforms: PLATFORM_IDS, shopIds: of.map(({ shopId }) => shopId) }, { after: null, limit: 1000 }),
  );
  return orders
    .map(
      (order) =>
        `${order['shop'] as string} ${order.order_id}: ${order.lines.map(({ sku }) => sku as string).join(' ')} · ${order['purchased_at'] as string} · ${order['updated_at'] as string}`,
    )
    .toSorted();
}

async function blocks(): Promise<Row> {
  const [row] = await engine.read((reader) =>
    reader.query(raw('SELECT count(*) AS blocks, coalesce(sum(documents), 0) AS documents FROM blocks')),
  );
  return row!;
}

const PLACED = '2026-03-01T10:00:00Z';

test('the newest state of an order wins: an older one that comes later changes nothing', async () => {
  const shop = await newShop();
  const newer = delivery(shop, 'A', { holds: 'x y', placed: PLACED, changed: '2026-03-05T00:00:00Z' });
  const older = delivery(shop, 'A', { holds: 'z', placed: PLACED, changed: '2026-03-04T00:00:00Z' });
  expect(await write([newer])).toEqual({ added: 1, changed: 0, unchanged: 0 });
  expect(await write([older])).toEqual({ added: 0, changed: 0, unchanged: 1 });
  expect(await stored(shop)).toEqual([`${shop.shop} A: x y · ${PLACED} · 2026-03-05T00:00:00Z`]);
});

test('the same delivery twice is "unchanged" and keeps no second document', async () => {
  const shop = await newShop();
  const orders = ['A', 'B', 'C'].map((id) => delivery(shop, id, { holds: 'x', placed: PLACED, changed: PLACED }));
  expect(await write(orders)).toEqual({ added: 3, changed: 0, unchanged: 0 });
  const kept = await blocks();
  expect(await write(orders)).toEqual({ added: 0, changed: 0, unchanged: 3 });
  expect(await blocks()).toEqual(kept);
});

test('a changed order takes the place of its former self, with all its lines, and its document is kept', async () => {
  const shop = await newShop();
  await write([
    delivery(shop, 'A', { holds: 'x y z', placed: PLACED, changed: PLACED }),
    delivery(shop, 'B', { holds: 'x', placed: PLACED, changed: PLACED }),
  ]);
  const before = await blocks();
  expect(
    await write([
      delivery(shop, 'A', { holds: 'y w', placed: PLACED, changed: '2026-03-02T00:00:00Z' }),
      delivery(shop, 'B', { holds: 'x', placed: PLACED, changed: PLACED }),
    ]),
  ).toEqual({ added: 0, changed: 1, unchanged: 1 });
  expect(await stored(shop)).toEqual([
    `${shop.shop} A: y w · ${PLACED} · 2026-03-02T00:00:00Z`,
    `${shop.shop} B: x · ${PLACED} · ${PLACED}`,
  ]);
  expect(await blocks()).toEqual({ blocks: Number(before['blocks']) + 1, documents: Number(before['documents']) + 1 });
});

test('a state told later with the same time of change wins, for not every source tells the second', async () => {
  const shop = await newShop();
  for (const holds of ['x', 'y']) await write([delivery(shop, 'A', { holds, placed: PLACED, changed: PLACED })]);
  expect(await stored(shop)).toEqual([`${shop.shop} A: y · ${PLACED} · ${PLACED}`]);
});

test('an order that comes twice at once is stored once, as it was last', async () => {
  const shop = await newShop();
  const [first, last, between] = ['2026-03-02T00:00:00Z', '2026-03-09T00:00:00Z', '2026-03-05T00:00:00Z'].map((changed, i) =>
    delivery(shop, 'A', { holds: ['x', 'y', 'z'][i]!, placed: PLACED, changed }),
  ) as [DeliveredOrder, DeliveredOrder, DeliveredOrder];
  expect(await write([first, last, between])).toEqual({ added: 1, changed: 0, unchanged: 2 });
  expect(await stored(shop)).toEqual([`${shop.shop} A: y · ${PLACED} · 2026-03-09T00:00:00Z`]);
});

test('two shops with the same order id keep an order each', async () => {
  const [one, other] = [await newShop(), await newShop()];
  await write([
    delivery(one, 'A', { holds: 'x', placed: PLACED, changed: PLACED }),
    delivery(other, 'A', { holds: 'y', placed: PLACED, changed: PLACED }),
  ]);
  await write([delivery(other, 'A', { holds: 'z', placed: PLACED, changed: '2026-03-02T00:00:00Z' })]);
  expect(await stored(one, other)).toEqual([
    `${one.shop} A: x · ${PLACED} · ${PLACED}`,
    `${other.shop} A: z · ${PLACED} · 2026-03-02T00:00:00Z`,
  ]);
});

test.each([
  ['the day first and the second later', '2026-03-01T00:00:00Z', '2026-03-01T23:59:59Z'],
  ['the second first and the day later', '2026-03-01T23:59:59Z', '2026-03-01T00:00:00Z'],
])('an order of which sources know %s stays one order', async (_which, before, after) => {
  const shop = await newShop();
  await write([delivery(shop, 'A', { holds: 'x', placed: before, changed: '2026-03-02T00:00:00Z' })]);
  expect(await write([delivery(shop, 'A', { holds: 'y', placed: after, changed: '2026-03-03T00:00:00Z' })])).toEqual({
    added: 0,
    changed: 1,
    unchanged: 0,
  });
  expect(await stored(shop)).toEqual([`${shop.shop} A: y · ${after} · 2026-03-03T00:00:00Z`]);
});

test('orders far older than the rest go in by themselves, and all of them arrive', async () => {
  const shop = await newShop();
  const recent = Array.from({ length: 30 }, (_, i) =>
    delivery(shop, `new ${i}`, { holds: 'x', placed: `2026-06-${String(1 + (i % 28)).padStart(2, '0')}T00:00:00Z`, changed: PLACED }),
  );
  const old = ['2024-01-01T00:00:00Z', '2025-01-01T00:00:00Z'].map((placed, i) =>
    delivery(shop, `old ${i}`, { holds: 'x', placed, changed: PLACED }),
  );
  const batches = splitOldOutliers([...recent.slice(0, 9), old[0]!, ...recent.slice(9), old[1]!]);
  expect(batches.map((batch) => batch.map(({ order }) => order.orderId.slice(0, 3)))).toEqual([['old', 'old'], recent.map(() => 'new')]);
  expect(splitOldOutliers(recent)).toHaveLength(1);
  expect(splitOldOutliers([])).toEqual([]);
  expect(await write([...recent, ...old])).toEqual({ added: 32, changed: 0, unchanged: 0 });
  expect(await write([...old, ...recent])).toEqual({ added: 0, changed: 0, unchanged: 32 });
  expect(await stored(shop)).toHaveLength(32);
});

test('a batch that fails leaves nothing of itself and takes nothing of what was there', async () => {
  const shop = await newShop();
  await write([delivery(shop, 'A', { holds: 'x', placed: PLACED, changed: PLACED })]);
  const before = { orders: await stored(shop), ...(await blocks()) };
  const next = [
    delivery(shop, 'A', { holds: 'y', placed: PLACED, changed: '2026-03-02T00:00:00Z' }),
    delivery(shop, 'B', { holds: 'x', placed: PLACED, changed: PLACED }),
  ];
  const tooLarge = { ...next[1]!, order: { ...next[1]!.order, lines: [{ ...next[1]!.order.lines[0]!, quantity: 2 ** 31 }] } };
  await expect(write([next[0]!, tooLarge])).rejects.toThrow();
  expect({ orders: await stored(shop), ...(await blocks()) }).toEqual(before);
});

test('any deliveries in any order and portions end in the state that a plain list of newest states has', async () => {
  const told = fc.record({
    of: fc.constantFrom(0, 1),
    id: fc.integer({ min: 0, max: 7 }),
    changed: fc.integer({ min: 0, max: 9 }),
    holds: fc.constantFrom('x', 'y', 'x y', 'y x x', 'z'),
    ends_portion: fc.nat(11).map((n) => n === 0),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(told, { maxLength: 40 }), async (all) => {
      const of = [await newShop(), await newShop()];
      const model = new Map<string, DeliveredOrder>();
      const counts = { added: 0, changed: 0, unchanged: 0 };
      let portion: DeliveredOrder[] = [];
      for (const [i, { of: which, id, changed, holds, ends_portion }] of all.entries()) {
        // Orders lie up to 21 months apart; sources differ in whether they know the second or the day alone.
        const day = Temporal.Instant.from('2024-10-01T00:00:00Z').add({ hours: 24 * 90 * id });
        const placed = changed % 2 === 0 ? day : day.add({ seconds: 9000 * (1 + id) });
        const each = delivery(of[which]!, `order ${id}`, {
          holds,
          placed: placed.toString(),
          changed: day.add({ hours: 100 + changed }).toString(),
        });
        const key = `${which} ${id}`;
        const known = model.get(key);
        if (!known || Temporal.Instant.compare(each.order.updatedAt, known.order.updatedAt) >= 0) model.set(key, each);
        portion.push(each);
        if (!ends_portion && i < all.length - 1) continue;
        const done = await write(portion);
        for (const name of ['added', 'changed', 'unchanged'] as const) counts[name] += done[name];
        portion = [];
      }
      const expected = [...model.values()]
        .map(
          ({ shop, order }) =>
            `${shop.shop} ${order.orderId}: ${order.lines.map(({ sku }) => sku).join(' ')} · ${order.purchasedAt.toString()} · ${order.updatedAt.toString()}`,
        )
        .toSorted();
      expect(await stored(...of)).toEqual(expected);
      expect(counts.added).toBe(model.size);
      expect(counts.added + counts.changed + counts.unchanged).toBe(all.length);
    }),
    { numRuns: 30 },
  );
}, 120_000);

const movedOrder = fc.record({
  of: fc.nat(2),
  id: fc.nat(9),
  changed: fc.nat(30),
  hours: fc.constantFrom(0, 3, 40),
  paidAfter: fc.constantFrom(null, 0, 5, 30),
  currency: fc.constantFrom('EUR', 'MXN', null),
  status: fc.constantFrom('completed', 'to_ship', 'cancelled', 'unpaid'),
  buyer: fc.constantFrom(null, 1n, 2n),
  gross: fc.constantFrom(null, 0n, 999_999_999_999_999_999n),
  sale: fc.boolean(),
} as const);
const change = fc.oneof(
  { weight: 6, arbitrary: fc.record({ orders: fc.array(movedOrder, { minLength: 1, maxLength: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ zone: fc.constantFrom('America/Mexico_City', 'Asia/Shanghai', 'Europe/Madrid'), of: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ erase: fc.nat(2) }) },
);

test('the sums of each day are those of its orders, whatever becomes of orders and shops', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
      const of = [await newShop(), await newShop(), await newShop()];
      for (const each of changes) {
        if ('erase' in each) {
          await eraseShop(engine, of[each.erase]!.shopId);
          of[each.erase] = await newShop();
        } else if ('zone' in each) {
          await setShop(engine, of[each.of]!, { zone: each.zone });
          of[each.of] = { ...of[each.of]!, zone: each.zone };
        } else
          await write(
            each.orders.map(({ of: which, id, changed, hours, paidAfter, currency, status, buyer, gross, sale }) => {
              // Some at midnight, some on neighbouring days, and one far older than all others.
              const usual = Temporal.Instant.from(id === 0 ? '2025-01-01T22:30:00Z' : '2026-03-10T22:30:00Z').add({ hours: 24 * (id % 3) });
              const placed = usual.add({ hours });
              const { shop, order, document } = delivery(of[which]!, `order ${id}`, {
                holds: 'x y',
                placed: placed.toString(),
                changed: usual.add({ hours: 100 + changed }).toString(),
              });
              const lines = order.lines.map((line, n) => ({
                ...line,
                status,
                sale: sale && n === 0,
                grossSales: gross,
                netSales: n === 0 ? gross : null,
              }));
              return {
                shop,
                document,
                order: { ...order, status, currency, buyer, paidAt: paidAfter === null ? null : placed.add({ hours: paidAfter }), lines },
              };
            }),
          );
        expect(await faults(engine)).toMatchObject({ wrong_days: 0 });
      }
    }),
    { numRuns: 20, endOnFailure: true },
  );
}, 120_000);

test('names of things follow the newest order that names them, not the last that came', async () => {
  const shop = await newShop();
  const named = (id: string, name: string, placed: string): DeliveredOrder => {
    const each = delivery(shop, id, { holds: `named-${shop.shop}`, placed, changed: placed });
    return {
      ...each,
      order: { ...each.order, lines: each.order.lines.map((line) => ({ ...line, sku: `named ${shop.shop}`, productName: name })) },
    };
  };
  await write([named('A', 'New name', '2026-03-09T00:00:00Z')]);
  await write([named('B', 'Old name', '2026-03-01T00:00:00Z')]);
  const [row] = await engine.read((reader) =>
    reader.query(sql`
    SELECT g.sku_name, count(*) OVER () AS listings FROM listings g JOIN skus k ON k.sku_id = g.sku_id WHERE k.sku = ${`named ${shop.shop}`}`),
  );
  expect(row).toEqual({ sku_name: 'New name', listings: 1 });
});

/** What the dictionaries know of these SKUs. */
async function skus(...wanted: readonly string[]): Promise<readonly Row[]> {
  return engine.read((reader) =>
    reader.query(sql`SELECT sku, count(*) AS times FROM skus WHERE ${isOneOf(sql`sku`, wanted)} GROUP BY 1 ORDER BY 1`),
  );
}

test('a batch that is undone leaves no number behind: the next one learns its SKUs, places and buyers anew', async () => {
  const shop = await newShop();
  const [undone, next] = ['A', 'B'].map((id) => delivery(shop, id, { holds: 'undone-1 undone-2', placed: PLACED, changed: PLACED })) as [
    DeliveredOrder,
    DeliveredOrder,
  ];
  const fails = { source: null, followers, commit: () => Promise.reject(new Error('the power went')) };
  await expect(writeOrders(engine, [undone], fails)).rejects.toThrow('the power went');
  expect(await skus('undone-1', 'undone-2')).toEqual([]);
  expect(await write([next])).toEqual({ added: 1, changed: 0, unchanged: 0 });
  expect(await skus('undone-1', 'undone-2')).toEqual([
    { sku: 'undone-1', times: 1 },
    { sku: 'undone-2', times: 1 },
  ]);
  expect(await stored(shop)).toEqual([`${shop.shop} B: undone-1 undone-2 · ${PLACED} · ${PLACED}`]);
});

test('an older delivery teaches neither SKU nor name nor place', async () => {
  const shop = await newShop();
  const places = (): Promise<Row[]> => engine.read((reader) => reader.query(sql`SELECT count(*) AS places FROM places`));
  await write([delivery(shop, 'A', { holds: 'known', placed: PLACED, changed: '2026-03-05T00:00:00Z' })]);
  const before = await places();
  expect(await write([delivery(shop, 'A', { holds: 'only-in-what-is-refused and-this', placed: PLACED, changed: PLACED })])).toEqual({
    added: 0,
    changed: 0,
    unchanged: 1,
  });
  expect([await skus('only-in-what-is-refused'), await places()]).toEqual([[], before]);
});

test('numbers given by another hand, or gone with an erased shop, are taken as the tables hold them', async () => {
  const [shop, erased] = [await newShop(), await newShop()];
  await write(['A', 'B'].map((id) => delivery(erased, id, { holds: 'x', placed: PLACED, changed: PLACED })));
  await engine.transaction((tx) => tx.run(raw(`INSERT INTO skus SELECT max(sku_id) + 1, 'by another hand' FROM skus`)));
  await eraseShop(engine, erased.shopId);
  const lines = delivery(shop, 'C', { holds: 'x after-erasing', placed: PLACED, changed: PLACED });
  const foreign = {
    ...lines,
    order: { ...lines.order, lines: [...lines.order.lines, { ...lines.order.lines[0]!, lineId: 'foreign', sku: 'by another hand' }] },
  };
  expect(await write([foreign])).toEqual({ added: 1, changed: 0, unchanged: 0 });
  expect(await stored(shop)).toEqual([`${shop.shop} C: x after-erasing by another hand · ${PLACED} · ${PLACED}`]);
  expect(await skus('after-erasing', 'by another hand')).toEqual([
    { sku: 'after-erasing', times: 1 },
    { sku: 'by another hand', times: 1 },
  ]);
  const [twice] = await engine.read((reader) => reader.query(raw('SELECT count(*) - count(DISTINCT sku_id) AS twice FROM skus')));
  expect(twice).toEqual({ twice: 0 });
});
