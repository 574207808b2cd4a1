import { followers } from '../../src/records/all.ts';
import { expect, test } from 'vitest';
import type { Row, Transaction } from '../../src/engines/engine.ts';
import { isOneOf, raw, sql } from '../../src/engines/sql.ts';
import { splitOldOutliers, writeOrders, type DeliveredOrder } from '../../src/records/orders/order-writer.ts';
import { eraseShop } from '../../src/records/shop-changes.ts';
import { delivery, PLACED, type EngineWorld } from './engine-world.ts';

/** The newest state of an order wins, it is there once, and what it names has a number. */
export function keepsOrders(world: EngineWorld): void {
  const blocks = async (): Promise<Row> =>
    (await world.rows(raw('SELECT count(*) AS blocks, coalesce(sum(documents), 0)::bigint AS documents FROM blocks')))[0]!;

  test('the newest state of an order wins: an older one that comes later changes nothing', async () => {
    const shop = await world.newShop();
    const newer = delivery(shop, 'A', { holds: 'x y', changed: '2026-03-05T00:00:00Z' });
    const older = delivery(shop, 'A', { holds: 'z', changed: '2026-03-04T00:00:00Z' });
    expect(await world.write([newer])).toEqual({ added: 1, changed: 0, unchanged: 0 });
    expect(await world.write([older])).toEqual({ added: 0, changed: 0, unchanged: 1 });
    expect(await world.stored(shop)).toEqual([`${shop.shop} A: x y · ${PLACED} · 2026-03-05T00:00:00Z`]);
  });

  test('the same delivery twice is "unchanged" and keeps no second document', async () => {
    const shop = await world.newShop();
    const orders = ['A', 'B', 'C'].map((id) => delivery(shop, id, { holds: 'x' }));
    expect(await world.write(orders)).toEqual({ added: 3, changed: 0, unchanged: 0 });
    const kept = await blocks();
    expect(await world.write(orders)).toEqual({ added: 0, changed: 0, unchanged: 3 });
    expect(await blocks()).toEqual(kept);
  });

  test('a changed order takes the place of its former self, with all its lines, and its document is kept', async () => {
    const shop = await world.newShop();
    await world.write([delivery(shop, 'A', { holds: 'x y z' }), delivery(shop, 'B', { holds: 'x' })]);
    const before = await blocks();
    expect(
      await world.write([delivery(shop, 'A', { holds: 'y w', changed: '2026-03-02T00:00:00Z' }), delivery(shop, 'B', { holds: 'x' })]),
    ).toEqual({ added: 0, changed: 1, unchanged: 1 });
    expect(await world.stored(shop)).toEqual([
      `${shop.shop} A: y w · ${PLACED} · 2026-03-02T00:00:00Z`,
      `${shop.shop} B: x · ${PLACED} · ${PLACED}`,
    ]);
    expect(await blocks()).toEqual({ blocks: Number(before['blocks']) + 1, documents: Number(before['documents']) + 1 });
  });

  test('a state told later with the same time of change wins, for not every source tells the second', async () => {
    const shop = await world.newShop();
    for (const holds of ['x', 'y']) await world.write([delivery(shop, 'A', { holds })]);
    expect(await world.stored(shop)).toEqual([`${shop.shop} A: y · ${PLACED} · ${PLACED}`]);
  });

  test('an order that comes twice at once is stored once, as it was last', async () => {
    const shop = await world.newShop();
    const [first, last, between] = ['2026-03-02T00:00:00Z', '2026-03-09T00:00:00Z', '2026-03-05T00:00:00Z'].map((changed, i) =>
      delivery(shop, 'A', { holds: ['x', 'y', 'z'][i]!, changed }),
    ) as [DeliveredOrder, DeliveredOrder, DeliveredOrder];
    expect(await world.write([first, last, between])).toEqual({ added: 1, changed: 0, unchanged: 2 });
    expect(await world.stored(shop)).toEqual([`${shop.shop} A: y · ${PLACED} · 2026-03-09T00:00:00Z`]);
  });

  test('two shops with the same order id keep an order each', async () => {
    const [one, other] = [await world.newShop(), await world.newShop()];
    await world.write([delivery(one, 'A', { holds: 'x' }), delivery(other, 'A', { holds: 'y' })]);
    await world.write([delivery(other, 'A', { holds: 'z', changed: '2026-03-02T00:00:00Z' })]);
    expect(await world.stored(one, other)).toEqual([
      `${one.shop} A: x · ${PLACED} · ${PLACED}`,
      `${other.shop} A: z · ${PLACED} · 2026-03-02T00:00:00Z`,
    ]);
  });

  test.each([
    ['the day first and the second later', '2026-03-01T00:00:00Z', '2026-03-01T23:59:59Z'],
    ['the second first and the day later', '2026-03-01T23:59:59Z', '2026-03-01T00:00:00Z'],
  ])('an order of which sources know %s stays one order', async (_which, before, after) => {
    const shop = await world.newShop();
    await world.write([delivery(shop, 'A', { holds: 'x', placed: before, changed: '2026-03-02T00:00:00Z' })]);
    expect(await world.write([delivery(shop, 'A', { holds: 'y', placed: after, changed: '2026-03-03T00:00:00Z' })])).toEqual({
      added: 0,
      changed: 1,
      unchanged: 0,
    });
    expect(await world.stored(shop)).toEqual([`${shop.shop} A: y · ${after} · 2026-03-03T00:00:00Z`]);
  });

  test('orders far older than the rest go in by themselves, and all of them arrive', async () => {
    const shop = await world.newShop();
    const recent = Array.from({ length: 30 }, (_, i) =>
      delivery(shop, `new ${i}`, { holds: 'x', placed: `2026-06-${String(1 + (i % 28)).padStart(2, '0')}T00:00:00Z` }),
    );
    const old = ['2024-01-01T00:00:00Z', '2025-01-01T00:00:00Z'].map((placed, i) => delivery(shop, `old ${i}`, { holds: 'x', placed }));
    const batches = splitOldOutliers([...recent.slice(0, 9), old[0]!, ...recent.slice(9), old[1]!]);
    expect(batches.map((batch) => batch.map(({ order }) => order.orderId.slice(0, 3)))).toEqual([['old', 'old'], recent.map(() => 'new')]);
    expect(splitOldOutliers(recent)).toHaveLength(1);
    expect(splitOldOutliers([])).toEqual([]);
    expect(await world.write([...recent, ...old])).toEqual({ added: 32, changed: 0, unchanged: 0 });
    expect(await world.write([...old, ...recent])).toEqual({ added: 0, changed: 0, unchanged: 32 });
    expect(await world.stored(shop)).toHaveLength(32);
  });

  test('a batch that fails leaves nothing of itself and takes nothing of what was there', async () => {
    const shop = await world.newShop();
    await world.write([delivery(shop, 'A', { holds: 'x' })]);
    const before = { orders: await world.stored(shop), ...(await blocks()) };
    const next = [delivery(shop, 'A', { holds: 'y', changed: '2026-03-02T00:00:00Z' }), delivery(shop, 'B', { holds: 'x' })];
    const tooLarge = { ...next[1]!, order: { ...next[1]!.order, lines: [{ ...next[1]!.order.lines[0]!, quantity: 2 ** 31 }] } };
    await expect(world.write([next[0]!, tooLarge])).rejects.toThrow();
    expect({ orders: await world.stored(shop), ...(await blocks()) }).toEqual(before);
  });

  test('names of things follow the newest order that names them, not the last that came', async () => {
    const shop = await world.newShop();
    const named = (id: string, name: string, placed: string): DeliveredOrder => {
      const each = delivery(shop, id, { holds: `named-${shop.shop}`, placed, changed: placed });
      return {
        ...each,
        order: { ...each.order, lines: each.order.lines.map((line) => ({ ...line, sku: `named ${shop.shop}`, productName: name })) },
      };
    };
    await world.write([named('A', 'New name', '2026-03-09T00:00:00Z')]);
    await world.write([named('B', 'Old name', '2026-03-01T00:00:00Z')]);
    const [row] = await world.engine.read((reader) =>
      reader.query(sql`
      SELECT g.sku_name, count(*) OVER () AS listings FROM listings g JOIN skus k ON k.sku_id = g.sku_id
      WHERE k.sku = ${`named ${shop.shop}`}`),
    );
    expect(row).toEqual({ sku_name: 'New name', listings: 1 });
  });

  /** What the dictionaries know of these SKUs. */
  const skus = (...wanted: readonly string[]): Promise<Row[]> =>
    world.rows(sql`SELECT sku, count(*) AS times FROM skus WHERE ${isOneOf(sql`sku`, wanted)} GROUP BY 1 ORDER BY 1`);

  test('a batch that is undone leaves no number behind: the next one learns its SKUs, places and buyers anew', async () => {
    const shop = await world.newShop();
    const [undone, next] = ['A', 'B'].map((id) => delivery(shop, id, { holds: 'undone-1 undone-2' })) as [DeliveredOrder, DeliveredOrder];
    const fails = { source: null, followers, commit: () => Promise.reject(new Error('the power went')) };
    await expect(writeOrders(world.engine, [undone], fails)).rejects.toThrow('the power went');
    expect(await skus('undone-1', 'undone-2')).toEqual([]);
    expect(await world.write([next])).toEqual({ added: 1, changed: 0, unchanged: 0 });
    expect(await skus('undone-1', 'undone-2')).toEqual([
      { sku: 'undone-1', times: 1 },
      { sku: 'undone-2', times: 1 },
    ]);
    expect(await world.stored(shop)).toEqual([`${shop.shop} B: undone-1 undone-2 · ${PLACED} · ${PLACED}`]);
  });

  test('an older delivery teaches neither SKU nor name nor place', async () => {
    const shop = await world.newShop();
    const places = (): Promise<Row[]> => world.engine.read((reader) => reader.query(sql`SELECT count(*) AS places FROM places`));
    await world.write([delivery(shop, 'A', { holds: 'known', changed: '2026-03-05T00:00:00Z' })]);
    const before = await places();
    expect(await world.write([delivery(shop, 'A', { holds: 'only-in-what-is-refused and-this' })])).toEqual({
      added: 0,
      changed: 0,
      unchanged: 1,
    });
    expect([await skus('only-in-what-is-refused'), await places()]).toEqual([[], before]);
  });

  const learn = async (tx: Transaction, sku: string): Promise<void> =>
    tx.run(sql`INSERT INTO skus (sku_id, sku) VALUES (${await tx.numbers('skus', 1)}::integer, ${sku})`);

  test('what another hand has learnt meanwhile is known, and no number comes back with a shop that is erased', async () => {
    const [shop, erased] = [await world.newShop(), await world.newShop()];
    await world.write(['A', 'B'].map((id) => delivery(erased, id, { holds: 'x' })));
    await world.engine.transaction((tx) => learn(tx, 'by another hand'));
    const highest = async (): Promise<number> => (await world.rows<{ oid: number }>(sql`SELECT max(oid) AS oid FROM orders`))[0]!.oid;
    const before = await highest();
    await eraseShop(world.engine, erased.shopId);
    expect(await highest()).toBeLessThan(before);
    const lines = delivery(shop, 'C', { holds: 'x after-erasing' });
    const foreign = {
      ...lines,
      order: { ...lines.order, lines: [...lines.order.lines, { ...lines.order.lines[0]!, lineId: 'foreign', sku: 'by another hand' }] },
    };
    expect(await world.write([foreign])).toEqual({ added: 1, changed: 0, unchanged: 0 });
    expect(await highest()).toBeGreaterThan(before);
    expect(await world.stored(shop)).toEqual([`${shop.shop} C: x after-erasing by another hand · ${PLACED} · ${PLACED}`]);
    expect(await skus('after-erasing', 'by another hand')).toEqual([
      { sku: 'after-erasing', times: 1 },
      { sku: 'by another hand', times: 1 },
    ]);
    const [twice] = await world.engine.read((reader) => reader.query(raw('SELECT count(*) - count(DISTINCT sku_id) AS twice FROM skus')));
    expect(twice).toEqual({ twice: 0 });
  });
}
