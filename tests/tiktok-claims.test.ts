import { afterEach, describe, expect, test } from 'vitest';
import { cancellationStatusOf, returnStatusOf } from '../simulator/tiktok/statuses.ts';
import { cancellationRefunds, refundTotal } from '../simulator/trade/refunds.ts';
import { raw } from '../src/engines/sql.ts';
import { openConnectedShops, openFilledShops, type ConnectedShops } from './connected-shops.ts';

const SPAIN = 'Estrella Hogar España';
/** The other shop of the same consent is read as well. */
const OF_SPAIN = `shop_id = (SELECT shop_id FROM shops WHERE shop = '${SPAIN}')`;
const open: ConnectedShops[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** One seller with two shops connected; the first run has not been waited for. */
async function connectedSeller(options: Parameters<typeof openConnectedShops>[0] = {}): Promise<ConnectedShops> {
  const connected = await openConnectedShops(options);
  open.push(connected);
  expect((await connected.consent('ES', 'estrella-hogar')).status).toBe(200);
  return connected;
}

/** The same seller, whose shops have been read. */
async function filledShops(): Promise<ConnectedShops> {
  const connected = await openFilledShops({ historyDays: 20 });
  open.push(connected);
  return connected;
}

/** What the simulated world holds of a shop's claims that changed in the last days. */
function claimsOf({ simulator, clock }: ConnectedShops, days: number) {
  const now = clock.now().epochMilliseconds / 1000;
  const shop = simulator.world.shops.find(({ country }) => country === 'ES')!;
  const reached = <Of extends { story: { times: readonly number[] } }>(all: Iterable<Of>) =>
    [...all].flatMap((each) => {
      const step = each.story.times.findLastIndex((time) => time <= now);
      return each.story.times[step]! < now - days * 86_400 ? [] : [{ ...each, step, at: each.story.times[step]! }];
    });
  return { returns: reached(simulator.world.returns(shop, now)), cancellations: reached(simulator.world.cancellations(shop, now)) };
}

async function storedClaims(connected: ConnectedShops, cancellations: boolean): Promise<string[]> {
  const rows = await connected.rows(`
    SELECT return_id || ' ' || r.order_id || ' ' || platform_status || ' ' || epoch(updated_at)::bigint AS told FROM returns r JOIN shops h ON h.shop_id = r.shop_id
    WHERE h.shop = '${SPAIN}' AND (r.kind = 'cancellation') = ${cancellations}`);
  return rows.map(({ told }) => String(told)).toSorted();
}

/** What the platform holds, as the store should. */
function expected(connected: ConnectedShops, days: number): { returns: string[]; cancellations: string[] } {
  const world = claimsOf(connected, days);
  return {
    returns: world.returns.map(({ id, order, story, step, at }) => `${id} ${order.id} ${returnStatusOf(story, step)} ${at}`).toSorted(),
    cancellations: world.cancellations
      .map(({ id, order, story, step, at }) => `${id} ${order.id} ${cancellationStatusOf(story, step)} ${at}`)
      .toSorted(),
  };
}

describe('claims of a connected shop', () => {
  test('are all home after the first run, each tied to its order, with the money the platform says, and stay so for days', async () => {
    const connected = await connectedSeller({ settings: { historyDays: 40 } });
    const runs = await connected.syncAll(SPAIN);
    expect(runs.map(({ stream, state, error }) => [stream, state, error])).toEqual(
      ['orders', 'returns', 'cancellations', 'gaps'].map((stream) => [stream, 'done', null]),
    );
    const world = expected(connected, 40);
    expect([world.returns.length > 20, world.cancellations.length > 30]).toEqual([true, true]);
    expect({ returns: await storedClaims(connected, false), cancellations: await storedClaims(connected, true) }).toEqual(world);
    // Every line is tied to the line it is about, also where the order was placed before the history that is read.
    expect(
      await connected.rows(`
      SELECT count(*) FILTER (WHERE w.oid IS NULL OR w.sku_id IS NULL OR w.shop_day IS NULL) AS loose, count(*) FILTER (WHERE l.line_id <> w.line_id) AS wrong
      FROM return_lines w LEFT JOIN lines l ON l.oid = w.oid AND l.line_id = w.line_id`),
    ).toEqual([{ loose: 0, wrong: 0 }]);
    const money = claimsOf(connected, 40).cancellations.reduce(
      (sum, { order, story }) => sum + refundTotal(cancellationRefunds(order, story).total),
      0,
    );
    expect(
      Number(
        (await connected.rows(`SELECT sum(refund_amount) AS sum FROM returns WHERE kind = 'cancellation' AND ${OF_SPAIN}`))[0]!['sum'],
      ),
    ).toBeCloseTo(money / 100, 6);

    for (let day = 0; day < 3; day++) {
      connected.clock.advance({ hours: 40 });
      await connected.syncAll(SPAIN);
    }
    expect({ returns: await storedClaims(connected, false), cancellations: await storedClaims(connected, true) }).toEqual(
      expected(connected, 45),
    );
  });

  test('only what is final counts: completed claims stand on the shop day of their completion, others on that of making', async () => {
    const connected = await filledShops();
    expect(
      await connected.rows(`
      SELECT count(*) FILTER (WHERE event_day IS NULL) AS wrong, count(*) FILTER (WHERE state = 'unknown') AS unknown,
        count(*) FILTER (WHERE event_day <> ((CASE WHEN state = 'completed' THEN updated_at ELSE created_at END) AT TIME ZONE 'Europe/Madrid')::date) AS shifted,
        count(*) FILTER (WHERE kind = 'refund' AND goods_back) AS kept FROM returns WHERE ${OF_SPAIN}`),
    ).toEqual([{ wrong: 0, unknown: 0, shifted: 0, kept: 0 }]);
    const kinds = await connected.rows(`SELECT DISTINCT kind || ' ' || state AS each FROM returns ORDER BY 1`);
    expect(kinds.map(({ each }) => each)).toEqual(
      expect.arrayContaining(['cancellation completed', 'exchange completed', 'refund completed', 'return completed', 'return open']),
    );
  });

  test('that come a second time change nothing, and nothing personal of them is kept', async () => {
    const connected = await filledShops();
    const before = await connected.rows(
      'SELECT (SELECT count(*) FROM returns) AS claims, (SELECT sum(documents) FROM blocks)::bigint AS documents',
    );
    await connected.shops.app.engine.transaction((tx) => tx.run(raw('DELETE FROM checkpoints')));
    for (const { progress } of await connected.syncAll(SPAIN))
      expect(progress ?? { added: 0, changed: 0 }).toMatchObject({ added: 0, changed: 0 });
    expect(
      await connected.rows('SELECT (SELECT count(*) FROM returns) AS claims, (SELECT sum(documents) FROM blocks)::bigint AS documents'),
    ).toEqual(before);
  });

  test('that come home before their orders are tied to them as soon as these do', async () => {
    const connected = await filledShops();
    await connected.shops.app.engine.transaction(async (tx) => {
      for (const table of ['orders', 'lines', 'returns', 'return_lines', 'returned_pieces', 'status_changes', 'checkpoints'])
        await tx.run(raw(`DELETE FROM ${table}`));
    });
    await connected.syncAll(SPAIN, 'returns');
    expect(Number((await connected.rows('SELECT count(*) AS n FROM returns WHERE oid IS NULL'))[0]!['n'])).toBeGreaterThan(5);
    await connected.syncAll(SPAIN);
    expect(await connected.rows('SELECT count(*) AS n FROM returns WHERE oid IS NULL')).toEqual([{ n: 0 }]);
    // An order that is delivered again keeps its number, and its claims.
    await connected.shops.app.engine.transaction((tx) => tx.run(raw('UPDATE orders SET fingerprint = 0')));
    await connected.shops.app.engine.transaction((tx) => tx.run(raw("DELETE FROM checkpoints WHERE stream = 'orders'")));
    await connected.syncAll(SPAIN, 'orders');
    expect(
      await connected.rows(`
      SELECT count(*) AS loose FROM return_lines w LEFT JOIN lines l ON l.oid = w.oid AND l.line_id = w.line_id WHERE l.oid IS NULL`),
    ).toEqual([{ loose: 0 }]);
  });
});

describe('gaps', () => {
  test('orders that only a claim names are fetched by id; one the platform does not give is asked for five times, then told', async () => {
    const connected = await filledShops();
    await connected.shops.app.engine.transaction(async (tx) => {
      for (const table of ['orders', 'lines', 'returns', 'return_lines', 'returned_pieces', 'checkpoints'])
        await tx.run(raw(`DELETE FROM ${table}`));
    });
    await connected.syncAll(SPAIN, 'orders');
    const before = Number((await connected.rows('SELECT count(*) AS n FROM orders'))[0]!['n']);
    const [{ shop_id: shopId }] = (await connected.rows(`SELECT shop_id FROM shops WHERE shop = '${SPAIN}'`)) as [{ shop_id: number }];
    await connected.shops.app.engine.transaction((tx) =>
      tx.run(
        raw(`
      INSERT INTO returns (rid, shop_id, return_id, order_id, kind, state, created_at, updated_at, fingerprint) VALUES (999999, ${shopId}, '1', '576000000000000000', 'return', 'open', now(), now(), 0)`),
      ),
    );
    const runs = await connected.syncAll(SPAIN);
    expect(runs.at(-1)).toMatchObject({ stream: 'gaps', state: 'done' });
    const after = Number((await connected.rows('SELECT count(*) AS n FROM orders'))[0]!['n']);
    expect(after).toBeGreaterThan(before);
    expect(await connected.rows('SELECT order_id FROM returns WHERE oid IS NULL')).toEqual([{ order_id: '576000000000000000' }]);
    const open = async () => (await connected.shops.get('/api/sync/discrepancies')).json.missing;
    for (let tries = 2; tries <= 7; tries++) {
      connected.clock.advance({ minutes: 61 });
      expect(await open()).toEqual(
        tries <= 5 ? [] : [expect.objectContaining({ record: '576000000000000000', tries: 5, error: 'not_found' })],
      );
      await connected.syncAll(SPAIN, 'gaps');
    }
    expect(await connected.rows('SELECT record, tries FROM misses')).toEqual([{ record: '576000000000000000', tries: 5 }]);
  });

  test("each night the platform's count of every day is compared with the store, and a day that differs is read again", async () => {
    const connected = await filledShops();
    const stored = () => connected.rows(`SELECT order_id FROM orders WHERE ${OF_SPAIN} ORDER BY 1`);
    const all = await stored();
    await connected.shops.app.engine.transaction(async (tx) => {
      await tx.run(raw("DELETE FROM lines WHERE oid IN (SELECT oid FROM orders WHERE shop_day BETWEEN '2026-11-10' AND '2026-11-11')"));
      await tx.run(raw("DELETE FROM orders WHERE shop_day BETWEEN '2026-11-10' AND '2026-11-11'"));
    });
    expect(await connected.syncAll(SPAIN, 'day_check')).toMatchObject([{ state: 'done', progress: { added: expect.any(Number) } }]);
    expect(await stored()).toEqual(all);
    expect(
      await connected.rows(
        'SELECT count(*) AS days, count(*) FILTER (WHERE platform_orders <> stored_orders) AS unequal, max(day) AS last FROM ' +
          `day_counts WHERE ${OF_SPAIN}`,
      ),
    ).toEqual([{ days: 19, unequal: 0, last: '2026-11-19' }]);

    // An order that the platform does not count stays a difference, and is listed with both figures.
    await connected.shops.app.engine.transaction((tx) =>
      tx.run(
        raw(`
      INSERT INTO orders BY NAME SELECT * REPLACE (999999 AS oid, 'made-up' AS order_id) FROM orders WHERE shop_day = '2026-11-12' AND ${OF_SPAIN} LIMIT 1`),
      ),
    );
    await connected.syncAll(SPAIN, 'day_check');
    const { days } = (await connected.shops.get('/api/sync/discrepancies')).json;
    expect(days).toMatchObject([{ shop: SPAIN, day: '2026-11-12' }]);
    expect(days[0].stored_orders - days[0].platform_orders).toBe(1);
    expect((await connected.shops.get('/api/doctor')).json.data).toContainEqual(
      expect.objectContaining({ check: 'completeness', state: 'problem', text: expect.stringContaining('2026-11-12') }),
    );
  });
});
