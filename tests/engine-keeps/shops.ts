import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { raw, sql } from '../../src/engines/sql.ts';
import { ofShop } from '../../src/model/feed.ts';
import { keyedHash } from '../../src/kernel/vault.ts';
import type { Shop } from '../../src/model/shop.ts';
import { platforms } from '../../src/platforms/all.ts';
import { presetOf } from '../../src/platforms/mapped-file.ts';
import { parseMapping, type MappingInput } from '../../src/platforms/mapping.ts';
import { keepDocuments, openKeptDocuments, packed } from '../../src/records/documents.ts';
import { startRun } from '../../src/records/runs/sync-log.ts';
import { writeReturns } from '../../src/records/returns/return-writer.ts';
import { eraseShop, setShop } from '../../src/records/shop-changes.ts';
import { ensureShop, readShops, readShopTotals } from '../../src/records/shops/shops.ts';
import { fixedClock } from '../../src/kernel/clock.ts';
import { importFile } from '../../src/sync/import.ts';
import { replay } from '../../src/sync/replay.ts';
import { partsOf } from '../part-reading.ts';
import { temporaryFolder } from '../process.ts';
import { delivery, PLACED, type EngineWorld } from './engine-world.ts';

const hash = keyedHash(Buffer.from('test'));
const MAPPING: MappingInput = {
  platform: 'Other',
  name: 'own',
  zone: 'Europe/Madrid',
  currency: 'EUR',
  shop: { column: 'Shop' },
  statuses: { sold: 'completed', void: 'cancelled' },
  columns: {
    orderId: 'Order',
    purchasedAt: 'Placed',
    sku: 'SKU',
    skuName: 'Name',
    quantity: 'Pieces',
    netSales: 'Price',
    status: 'State',
    region: 'Region',
    city: 'City',
    buyer: 'Customer',
  },
};
const FILE = `Shop,Order,Placed,SKU,Name,Pieces,Price,State,Region,City,Customer
Engine shop,E1,2026-03-01 10:00:00,POT,Pot,2,20.00,sold,Madrid,Getafe,ana
Engine shop,E1,2026-03-01 10:00:00,PAN,Pan,1,15.50,sold,Madrid,Getafe,ana
Engine shop,E2,2026-03-02 23:30:00,POT,Pot,1,10.00,sold,Barcelona,Sabadell,ben
Engine shop,E3,2026-03-03 08:00:00,LID,Lid,4,8.00,void,,,ana
`;

/**
 * Shops, from the first order to the last: clocks that move, what is kept of sources and read again, and that nothing stays of an erased
 * one.
 */
export function keepsShops(world: EngineWorld): void {
  const days = async (shop: Shop): Promise<unknown[]> =>
    (await world.rows(sql`SELECT shop_day FROM orders WHERE shop_id = ${shop.shopId} ORDER BY order_id`)).map(({ shop_day: day }) => day);
  const back = (shop: Shop) =>
    world.engine.transaction((tx) =>
      writeReturns(tx, shop, {
        delivered: [
          {
            document: 'R1',
            claim: {
              returnId: 'R1',
              orderId: 'B',
              kind: 'return',
              state: 'open',
              platformStatus: 'OPEN',
              reason: null,
              reasonText: null,
              createdAt: Temporal.Instant.from('2026-03-05T23:30:00Z'),
              updatedAt: Temporal.Instant.from('2026-03-05T23:30:00Z'),
              goodsBack: true,
              currency: 'EUR',
              refundAmount: null,
              lines: [{ lineId: null, sku: 'x', quantity: 1, refundAmount: null }],
            },
          },
        ],
        source: { shopId: shop.shopId, stream: 'returns' },
      }),
    );

  test('a shop that is named by many at once is one shop, and each has a number of its own', async () => {
    const named = (shop: string) => ensureShop(world.engine, { platform: 'Other', shop, zone: 'Europe/Madrid', currency: null });
    const shops = await Promise.all(['one', 'other', 'one', 'third'].map(named));
    expect(shops[0]!.shopId).toBe(shops[2]!.shopId);
    expect(new Set(shops.map(({ shopId }) => shopId)).size).toBe(3);
  });

  test("when a shop's clock is set right, its orders, lines, claims and sums are on its days", async () => {
    const shop = await world.newShop();
    await world.write([
      delivery(shop, 'A', { holds: 'x', placed: '2026-03-01T10:00:00Z' }),
      delivery(shop, 'B', { holds: 'x y', placed: '2026-03-01T23:30:00Z' }),
    ]);
    await back(shop);
    expect(await days(shop)).toEqual(['2026-03-01', '2026-03-02']);
    await setShop(world.engine, shop, { zone: 'America/Mexico_City' });
    expect(await days(shop)).toEqual(['2026-03-01', '2026-03-01']);
    const moved = sql`SELECT l.event_day, l.shop_day FROM return_lines l WHERE l.shop_id = ${shop.shopId}`;
    expect(await world.rows(moved)).toEqual([{ event_day: '2026-03-05', shop_day: '2026-03-01' }]);
    const [totals] = (await world.engine.read(readShopTotals)).filter((each) => each.shop_id === shop.shopId);
    expect(totals).toEqual({ shop_id: shop.shopId, orders: 2, units: 3, first_day: '2026-03-01', last_day: '2026-03-01' });
    await world.isWhole();
  });

  test('documents come back as they went in, each from its place in its block', async () => {
    const { shopId } = await world.newShop();
    const documents = [['{"a":"裙子"}', '{"b":2}'], ['{"c":null}']];
    const blocks: number[] = [];
    for (const each of documents) {
      const block = await packed(each);
      blocks.push(await world.engine.transaction((tx) => keepDocuments(tx, { source: { shopId, stream: 'orders' }, ...block })));
    }
    expect(new Set(blocks).size).toBe(2);
    const places = [[1, 0] as const, [0, 1] as const, null, [0, 0] as const];
    const found = await world.engine.read((reader) =>
      openKeptDocuments()(
        reader,
        places.map((place) => place && { block_id: blocks[place[0]]!, document_no: place[1] }),
      ),
    );
    expect(found).toEqual(['{"c":null}', '{"b":2}', null, '{"a":"裙子"}']);
  });

  test('what a file brought is read again from its documents: as it is nothing changes, and what was spoilt is whole again', async () => {
    // What other tests wrote has no documents that could be read.
    for (const { shopId } of await world.engine.read((reader) => readShops(reader))) await eraseShop(world.engine, shopId);
    const preset = presetOf(parseMapping(MAPPING));
    const brought = await importFile(
      {
        engine: world.engine,
        clock: fixedClock('2026-03-20T12:00:00Z'),
        hash,
        parts: partsOf(hash),
        presets: [],
        temporaryFolder: temporaryFolder(),
      },
      {
        source: Readable.from([Buffer.from(FILE)]),
        file: 'own.csv',
        settings: {},
        describe: String,
        mapped: { preset, mapping: MAPPING },
      },
    );
    expect(brought).toMatchObject({ rows: 4, refused: 0, orders_new: 3 });
    const units = sql`SELECT order_id, units, net_sales FROM orders o JOIN shops h ON h.shop_id = o.shop_id WHERE h.shop = 'Engine shop'
      ORDER BY 1`;
    const before = await world.rows(units);
    const room = { engine: world.engine, hash, platforms, presets: [], presetOf: () => preset };
    const again = async () => (await replay(room, { accept: true, figures: () => Promise.resolve(null) })).tables;
    await again();
    expect(await again()).toEqual({});
    await world.engine.transaction((tx) => tx.run(raw(`UPDATE orders SET units = 99, net_sales = NULL WHERE order_id IN ('E1', 'E2')`)));
    await world.engine.transaction((tx) => tx.run(raw(`DELETE FROM lines WHERE oid IN (SELECT oid FROM orders WHERE order_id = 'E2')`)));
    expect(await again()).toMatchObject({ orders: { changed: 2 }, lines: { added: 1 } });
    expect(await world.rows(units)).toEqual(before);
    await world.isWhole();
  });

  test('an erased shop leaves no row behind in any table, and takes nothing of another', async () => {
    const [shop, other] = [await world.newShop(), await world.newShop()];
    for (const each of [shop, other]) {
      await world.write([delivery(each, 'A', { holds: 'x' }), delivery(each, 'B', { holds: 'x y' })]);
      await back(each);
      await startRun(world.engine, { owner: ofShop(each.shopId), stream: 'orders', at: Temporal.Instant.from(PLACED) });
    }
    const rowsOf = async ({ shopId }: Shop): Promise<[string, number][]> => {
      const tables = await world.rows<{ name: string }>(
        raw(
          `SELECT table_name AS name FROM information_schema.columns WHERE column_name = 'shop_id' AND table_schema IN ('main', ` +
            `'public') ORDER BY 1`,
        ),
      );
      const found: [string, number][] = [];
      for (const { name } of tables) {
        const [row] = await world.rows<{ n: number }>(sql`SELECT count(*) AS n FROM ${raw(name)} WHERE shop_id = ${shopId}`);
        if (row!.n > 0) found.push([name, row!.n]);
      }
      return found;
    };
    const [before, kept] = [await rowsOf(shop), await rowsOf(other)];
    expect(before.map(([name]) => name)).toEqual(expect.arrayContaining(['lines', 'order_days', 'orders', 'return_lines', 'sync_runs']));
    await eraseShop(world.engine, shop.shopId);
    expect(await rowsOf(shop)).toEqual([]);
    expect(await rowsOf(other)).toEqual(kept);
    expect(await world.stored(other)).toHaveLength(2);
    await world.isWhole();
  });
}
