import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine, Row } from '../src/engines/engine.ts';
import { raw } from '../src/engines/sql.ts';
import { keyedHash } from '../src/kernel/vault.ts';
import type { OrderStatus } from '../src/model/order.ts';
import { platforms } from '../src/platforms/all.ts';
import { presetOf } from '../src/platforms/mapped-file.ts';
import { parseMapping } from '../src/platforms/mapping.ts';
import type { Platform } from '../src/platforms/platform.ts';
import { DocumentRefused, type OrderStream } from '../src/platforms/stream.ts';
import { reports } from '../src/reports/all.ts';
import { compareFigures, readFigures } from '../src/surfaces/report-figures.ts';
import { replay } from '../src/sync/replay.ts';
import { openConnectedShops, type ConnectedShops } from './connected-shops.ts';
import { faults, s7, temporaryFolder, withStore, writeOrderFile } from './process.ts';
import { EXAMPLES } from './shop-window.ts';
import { tableDigests } from './table-digests.ts';

let connected: ConnectedShops;
/** Whatever is done to it, each test leaves its rows as they were. */
beforeAll(async () => {
  connected = await shopsWithHistory();
});
afterAll(() => connected.close());

const SPAIN = 'Estrella Hogar España';

/** Two shops of the simulated platform read over some days, and a file imported. */
async function shopsWithHistory(): Promise<ConnectedShops> {
  const opened = await openConnectedShops({ settings: { historyDays: 6 }, scale: 0.4 });
  expect((await opened.consent('ES', 'estrella-hogar')).status).toBe(200);
  await opened.sync();
  for (let day = 0; day < 2; day++) {
    opened.clock.advance({ hours: 24 });
    await opened.sync();
  }
  for (const stream of ['price_details', 'products'] as const) await opened.syncAll(SPAIN, stream);
  await opened.shops.import(EXAMPLES.Shein);
  return opened;
}

const run = (engine: Engine, ...statements: readonly string[]): Promise<void> =>
  engine.transaction(async (tx) => {
    for (const statement of statements) await tx.run(raw(statement));
  });

const count = async (text: string): Promise<number> => Number(((await connected.rows(text))[0] as Row)['n']);

/** The program with TikTok's orders read otherwise. */
function mappedOtherwise(change: Partial<OrderStream>): Platform[] {
  return platforms.map((platform) =>
    platform.id === 'TikTok' ? { ...platform, api: { ...platform.api!, orders: { ...platform.api!.orders, ...change } } } : platform,
  );
}

/** Replays as the server does, with these platforms. */
async function replayed(planted: readonly Platform[], accept: boolean) {
  const { shops, clock } = connected;
  const room = {
    engine: shops.app.engine,
    hash: keyedHash(new Uint8Array(32)),
    platforms: planted,
    presets: planted.flatMap(({ files }) => files),
    presetOf: (mapping: unknown) => presetOf(parseMapping(mapping)),
  };
  const { before, after, ...result } = await replay(room, { accept, figures: (reader) => readFigures({ reports, clock }, reader) });
  return { ...result, figures: compareFigures(before, after) };
}

const NOTHING_KEPT = { without_document: 0, not_told_apart: 0, refused: 0 };

describe('reading the kept documents again', () => {
  test('without a change of the mapping every table stays as it is, byte by byte, and no report says anything else', async () => {
    const before = await tableDigests(connected.shops.app.engine);
    expect(
      await count("SELECT least(count(*) FILTER (WHERE rid IS NULL), count(*) FILTER (WHERE role = 'return')) AS n FROM returned_pieces"),
    ).toBeGreaterThan(2);
    const { json } = await connected.shops.send('/api/replay', { accept: true });
    const rows = await count(
      'SELECT (SELECT count(*) FROM orders) + (SELECT count(*) FROM returns) + (SELECT count(*) FROM price_details) + (SELECT ' +
        'count(*) FROM products) AS n',
    );
    expect(await count('SELECT least((SELECT count(*) FROM returns), (SELECT count(*) FROM price_details)) AS n')).toBeGreaterThan(2);
    expect(json).toMatchObject({ code: 0, accepted: true, read: rows, kept: NOTHING_KEPT, refused: [], tables: {}, figures: [] });
    expect(await tableDigests(connected.shops.app.engine)).toEqual(before);
    expect(await count('SELECT count(*) - count(DISTINCT shop_id || order_id) AS n FROM orders')).toBe(0);
  });

  test('makes the rows from the documents indeed: what was spoilt in the store is whole again, whatever was spoilt', async () => {
    const { engine } = connected.shops.app;
    const before = await tableDigests(engine);
    await run(
      engine,
      'UPDATE orders SET units = units + 7 WHERE oid % 3 = 0',
      "UPDATE orders SET status = 'unknown', net_sales = NULL WHERE oid % 7 = 0",
      'UPDATE orders SET place_id = 1, buyer_id = NULL WHERE oid % 11 = 0',
      'DELETE FROM lines WHERE oid % 5 = 0',
      'INSERT INTO lines SELECT * REPLACE (line_no + 50 AS line_no) FROM lines WHERE oid % 13 = 0',
      'UPDATE lines SET sku_id = 1 WHERE oid % 17 = 0',
      'UPDATE orders SET fingerprint = 0 WHERE oid % 19 = 0',
      "UPDATE returns SET state = 'open', refund_amount = 1 WHERE rid % 2 = 0",
      'DELETE FROM return_lines WHERE rid % 3 = 0',
      'UPDATE return_lines SET shop_day = NULL WHERE rid % 5 = 0',
      'UPDATE price_details SET payment = 0, oid = NULL',
      "UPDATE products SET title = 'x', category = NULL",
      "UPDATE product_skus SET seller_sku = 'y'",
    );
    expect(await tableDigests(engine)).not.toEqual(before);
    const { json } = await connected.shops.send('/api/replay', { accept: true });
    expect(json).toMatchObject({
      tables: {
        orders: { added: 0, removed: 0, fields: { units: expect.any(Number), status: expect.any(Number), place_id: expect.any(Number) } },
        lines: { added: expect.any(Number), removed: expect.any(Number) },
        returns: { fields: { state: expect.any(Number) } },
        return_lines: { added: expect.any(Number) },
        price_details: { fields: { payment: expect.any(Number) } },
      },
    });
    expect(await tableDigests(engine)).toEqual(before);
  });

  test(
    'by a changed mapping says which fields and figures change before anything is written, writes them once accepted, and is then at ' +
      'rest',
    async () => {
      const { engine } = connected.shops.app;
      // As if a colleague had decided that cancelled orders are sales, and that the seller bears no discount.
      const toCanonical: OrderStream['toCanonical'] = (document, shop) => {
        const order = platforms[0]!.api!.orders.toCanonical(document, shop);
        const status: OrderStatus = order.status === 'cancelled' ? 'completed' : order.status;
        return {
          ...order,
          status,
          lines: order.lines.map((line) => ({
            ...line,
            status,
            netSales: line.grossSales,
            sale: line.sale || order.status === 'cancelled',
          })),
        };
      };
      const planted = mappedOtherwise({ toCanonical });
      const cancelled = await count(
        "SELECT count(*) AS n FROM orders o JOIN shops h ON h.shop_id = o.shop_id WHERE status = 'cancelled' AND h.authorization_id " +
          'IS NOT NULL',
      );
      expect(cancelled).toBeGreaterThan(2);
      const before = await tableDigests(engine);
      const looked = await replayed(planted, false);
      expect(looked).toMatchObject({
        accepted: false,
        kept: NOTHING_KEPT,
        tables: { orders: { added: 0, removed: 0, fields: { status: cancelled } }, lines: { added: 0, removed: 0 } },
      });
      expect(await tableDigests(engine)).toEqual(before);
      const units = looked.figures.find(
        ({ report, shop, table, column }) => report === 'SalesRank' && shop === SPAIN && table === 'data' && column === 'sales',
      )!;
      const sold = (): Promise<number> =>
        count(`SELECT sum(units)::bigint AS n FROM orders o JOIN shops h ON h.shop_id = o.shop_id WHERE h.shop = '${SPAIN}'`);
      expect(units).toMatchObject({
        before: await sold(),
        rows: expect.any(Number),
        examples: expect.arrayContaining([expect.objectContaining({ row: expect.any(String) })]),
      });
      expect(looked.figures.every(({ platform }) => platform === 'TikTok')).toBe(true);

      const accepted = await replayed(planted, true);
      expect(accepted).toEqual({ ...looked, accepted: true });
      expect(units.after).toBe(await sold());
      expect(
        await count(
          "SELECT count(*) AS n FROM orders o JOIN shops h ON h.shop_id = o.shop_id WHERE status = 'cancelled' AND h.authorization_id " +
            'IS NOT NULL',
        ),
      ).toBe(0);
      expect(await faults(engine)).toMatchObject({ wrong_days: 0, wrong_returned_pieces: 0 });
      expect(await replayed(planted, true)).toMatchObject({ tables: {}, figures: [] });
      // And back again: the documents hold everything.
      await replayed(platforms, true);
      expect(await tableDigests(engine)).toEqual(before);
    },
  );

  test('orders whose document is not kept, cannot be told apart or makes no order any more stay as they are, and are counted', async () => {
    const { engine } = connected.shops.app;
    const [{ block_id: block }] = (await connected.rows('SELECT block_id FROM orders GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1')) as [
      { block_id: number },
    ];
    // As stored before a document's place was noted; two orders of one block with the same id, as two shops in one file have them.
    await run(
      engine,
      'UPDATE orders SET document_no = NULL',
      `UPDATE orders SET order_id = 'same' WHERE oid IN (SELECT oid FROM orders WHERE block_id = ${block} ORDER BY oid LIMIT 2)`,
    );
    await run(
      engine,
      `UPDATE orders SET block_id = NULL WHERE oid IN (SELECT oid FROM orders WHERE block_id <> ${block} ORDER BY oid LIMIT 9)`,
    );
    const before = await tableDigests(engine);
    const [victim] = (await connected.rows(
      `SELECT order_id FROM orders o JOIN shops h ON h.shop_id = o.shop_id WHERE h.shop = '${SPAIN}' AND block_id IS NOT NULL AND ` +
        `block_id <> ${block} ORDER BY oid DESC LIMIT 1`,
    )) as [{ order_id: string }];
    const planted = mappedOtherwise({
      toCanonical(document, shop) {
        const order = platforms[0]!.api!.orders.toCanonical(document, shop);
        if (order.orderId === victim.order_id) throw new DocumentRefused('payment', 'is no longer liked');
        return order;
      },
    });
    const result = await replayed(planted, true);
    expect(result).toMatchObject({
      read:
        (await count(
          'SELECT (SELECT count(*) FROM orders) + (SELECT count(*) FROM returns) + (SELECT count(*) FROM price_details) + (SELECT ' +
            'count(*) FROM products) AS n',
        )) - 12,
      kept: { without_document: 9, not_told_apart: 2, refused: 1 },
      refused: [{ source: 'TikTok orders', reason: 'payment: is no longer liked', documents: 1 }],
      tables: {},
      figures: [],
    });
    expect(await tableDigests(engine)).toEqual(before);
  });

  test('tells on the command line what a mended mapping of an import changes, and keeps it on --accept', async () => {
    const data = join(temporaryFolder(), 'data');
    const { arguments: importing } = writeOrderFile(temporaryFolder(), 400);
    expect((await s7(importing, { data })).code).toBe(0);
    await withStore(data, (engine) =>
      run(engine, `UPDATE imports SET mapping = replace(mapping, '"void":"cancelled"', '"void":"completed"')`),
    );
    const before = await withStore(data, tableDigests);
    const looked = await s7(['replay'], { data });
    expect(looked.out).toMatch(/orders: [\d,]+ changed \(status [\d,]+, .*units [\d,]+/);
    expect(looked.out).toMatch(/SalesRank · Other North · data\.sales [\d,]+ → [\d,]+ \(\d+ rows differ: SKU-\d+: \d+ → \d+/);
    expect(looked.out).toContain('Nothing was saved. To save it: s7 replay --accept');
    expect(await withStore(data, tableDigests)).toEqual(before);
    expect((await s7(['replay', '--accept'], { data })).out).toMatch(/Saved\.\n$/);
    const same = await s7(['replay'], { data });
    expect(same).toMatchObject({ code: 0, out: expect.stringContaining('400 records made anew') });
    expect(same.out).toContain('Everything comes out as it is stored.');
    expect(
      await withStore(data, (engine) =>
        engine.read((reader) => reader.query(raw("SELECT count(*) AS n FROM orders WHERE status = 'cancelled'"))),
      ),
    ).toEqual([{ n: 0 }]);
  });
});
