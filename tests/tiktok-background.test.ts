import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { priceDetailOf } from '../simulator/tiktok/price-detail.ts';
import { productIdOf } from '../simulator/tiktok/ids.ts';
import { PRODUCT_STATUSES } from '../simulator/tiktok/statuses.ts';
import { productStateAt } from '../simulator/trade/product-life.ts';
import { openConnectedShops, openFilledShops, type ConnectedShops } from './connected-shops.ts';

const SPAIN = 'Estrella Hogar España';
/** The other shop of the same consent is read as well. */
const OF_SPAIN = `shop_id = (SELECT shop_id FROM shops WHERE shop = '${SPAIN}')`;
const open: ConnectedShops[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function connectedSeller(options: Parameters<typeof openConnectedShops>[0] = {}): Promise<ConnectedShops> {
  const connected = await openConnectedShops(options);
  open.push(connected);
  expect((await connected.consent('ES', 'estrella-hogar')).status).toBe(200);
  return connected;
}

/** The same seller, whose orders and claims have been read. */
async function filledShops(options: Parameters<typeof openFilledShops>[0]): Promise<ConnectedShops> {
  const connected = await openFilledShops(options);
  open.push(connected);
  return connected;
}

const second = ({ clock }: ConnectedShops): number => clock.now().epochMilliseconds / 1000;
const spain = ({ simulator }: ConnectedShops) => simulator.world.shops.find(({ country }) => country === 'ES')!;
const priceDetailCalls = ({ simulator }: ConnectedShops): string[] =>
  simulator.journal.flatMap(({ path }) => /orders\/(\d+)\/price_detail/.exec(path)?.[1] ?? []);

/** What the platform says of the stored orders that are sales: id, payment, total. */
async function pricedOrders(connected: ConnectedShops): Promise<string[]> {
  const { simulator, rows } = connected;
  const sales = await rows(`SELECT order_id FROM orders WHERE ${OF_SPAIN} AND status IN ('to_ship', 'shipped', 'delivered', 'completed')`);
  return sales
    .map(({ order_id: id }) => {
      const { payment, total } = priceDetailOf(simulator.world.find(String(id), second(connected))!) as { payment: string; total: string };
      return `${String(id)} ${Number(payment)} ${Number(total)}`;
    })
    .toSorted();
}

async function storedPriceDetails({ rows }: ConnectedShops): Promise<string[]> {
  return (await rows(`SELECT order_id, payment, total FROM price_details WHERE ${OF_SPAIN}`))
    .map(({ order_id, payment, total }) => `${String(order_id)} ${Number(payment)} ${Number(total)}`)
    .toSorted();
}

describe('price details', () => {
  test('are home for every sale, the newest first, each tied to its order; a run that was stopped goes on where it was', async () => {
    const connected = await filledShops({ historyDays: 5, journal: true });
    const run = connected.syncAll(SPAIN, 'price_details');
    while (priceDetailCalls(connected).length < 60) await setTimeout(2);
    // Changing a shop stops its runs after the batch in hand.
    await connected.shops.send('/api/shops/set', { platform: 'TikTok', shop: SPAIN, vat_rate: 21 });
    expect(await run).toMatchObject([{ state: 'stopped' }]);
    const before = priceDetailCalls(connected).length;
    expect(await connected.syncAll(SPAIN, 'price_details')).toMatchObject([{ state: 'done', progress: { quarantined: 0 } }]);
    const world = await pricedOrders(connected);
    expect(world.length).toBeGreaterThan(150);
    expect(await storedPriceDetails(connected)).toEqual(world);
    expect(
      await connected.rows(
        'SELECT count(*) AS loose FROM price_details d LEFT JOIN orders o ON o.oid = d.oid AND o.order_id = d.order_id WHERE o.oid IS NULL',
      ),
    ).toEqual([{ loose: 0 }]);
    expect(before + world.length - priceDetailCalls(connected).length).toBeGreaterThanOrEqual(50);
    const newest = (
      await connected.rows(
        `SELECT order_id FROM orders WHERE ${OF_SPAIN} AND status IN ('to_ship', 'shipped', 'delivered', 'completed') ORDER BY ` +
          'purchased_at DESC LIMIT 14',
      )
    ).map(({ order_id: id }) => String(id));
    // Four are under way at once.
    expect(
      priceDetailCalls(connected)
        .slice(0, 10)
        .filter((id) => !newest.includes(id)),
    ).toEqual([]);

    // Nothing new: no call. Days later: what was sold since, and what has come to rest since it was asked for.
    const asked = priceDetailCalls(connected).length;
    await connected.syncAll(SPAIN, 'price_details');
    expect(priceDetailCalls(connected)).toHaveLength(asked);
    connected.clock.advance({ hours: 60 });
    await connected.syncAll();
    await connected.syncAll(SPAIN, 'price_details');
    const later = await pricedOrders(connected);
    expect(later.filter((each) => !world.includes(each)).length).toBeGreaterThan(20);
    const stored = new Set(await storedPriceDetails(connected));
    expect(later.filter((each) => !stored.has(each))).toEqual([]);
    const again = priceDetailCalls(connected).slice(asked);
    const [{ n }] =
      (await connected.rows(`SELECT count(*) AS n FROM orders WHERE ${OF_SPAIN} AND status IN ('completed', 'cancelled') AND updated_at > '2026-11-20T10:00:00Z'
      AND order_id IN (${again.map((id) => `'${id}'`).join()})`)) as [{ n: number }];
    expect(n).toBeGreaterThan(0);
  });

  test('whose sums do not hold are stored and listed with the amounts that break them', async () => {
    const connected = await filledShops({ historyDays: 5, faults: { brokenPriceDetail: 0.1 } });
    await connected.syncAll(SPAIN, 'price_details');
    const { violations } = (await connected.shops.get('/api/sync/discrepancies')).json;
    expect(violations.length).toBeGreaterThan(2);
    expect(violations[0]).toMatchObject({
      platform: 'TikTok',
      shop: SPAIN,
      order_id: expect.stringMatching(/^\d{18}$/),
      violations: expect.stringMatching(/^[\w[\]., ]+$/),
    });
    expect((await connected.shops.get('/api/doctor')).json.data).toContainEqual(
      expect.objectContaining({ check: 'price_details', state: 'note' }),
    );
    expect(await connected.rows('SELECT count(*) AS n FROM quarantine')).toEqual([{ n: 0 }]);
  });

  test('never use up what orders need: not one of their calls is refused while price details are asked for', async () => {
    const connected = await openConnectedShops({ settings: { historyDays: 9 }, limits: 'on', rateFactor: 1, journal: true });
    open.push(connected);
    await connected.consent('US', 'lone-star-living');
    await connected.syncAll();
    connected.simulator.journal.length = 0;
    const going = connected.syncAll(undefined, 'price_details');
    for (let run = 0; run < 5; run++) {
      connected.clock.advance({ minutes: 2 });
      expect(await connected.syncAll(undefined, 'orders')).toMatchObject([{ state: 'done' }]);
    }
    expect(await going).toMatchObject([{ state: 'done' }]);
    const searches = connected.simulator.journal.filter(({ path }) => path.includes('orders/search'));
    expect([searches.length >= 5, searches.filter(({ status }) => status === 429).length]).toEqual([true, 0]);
    expect(priceDetailCalls(connected).length).toBeGreaterThan(100);
  });
});

describe('products', () => {
  test('are home with categories and pictures; what is deleted later stays as last seen; reports show the categories', async () => {
    const connected = await connectedSeller({ now: '2026-01-10T10:00:00Z', settings: { historyDays: 3 } });
    await connected.syncAll();
    expect(await connected.syncAll(SPAIN, 'products')).toMatchObject([{ state: 'done', error: null, progress: { quarantined: 0 } }]);
    const { simulator } = connected;
    const worldNow = () =>
      simulator.world
        .products(spain(connected))
        .flatMap((product) => {
          const state = productStateAt(product.life, second(connected));
          return state ? [`${productIdOf(product)} ${PRODUCT_STATUSES[state.status]} ${state.updated} ${product.skus.length}`] : [];
        })
        .toSorted();
    const stored = async () =>
      (
        await connected.rows(`
      SELECT product_id || ' ' || status || ' ' || epoch(updated_at)::bigint || ' ' || (SELECT count(*) FROM product_skus k WHERE k.product_id = p.product_id AND k.gone_at IS NULL) AS told
      FROM products p WHERE ${OF_SPAIN} ORDER BY 1`)
      ).map(({ told }) => String(told));
    expect(worldNow().length).toBeGreaterThan(30);
    expect(await stored()).toEqual(worldNow());
    expect(
      await connected.rows(
        `SELECT count(*) AS bare FROM products WHERE status NOT IN ('FREEZE', 'DELETED') AND (category IS NULL OR category_path NOT ` +
          `LIKE '% > % > %' OR image IS NULL)`,
      ),
    ).toEqual([{ bare: 0 }]);
    const { json } = await connected.shops.get('/api/TikTok/DataScience/AreaDemand_all/?currency=native&level=country');
    const categories = (await connected.rows('SELECT DISTINCT category FROM products WHERE category IS NOT NULL')).map(
      ({ category }) => category,
    );
    expect(JSON.stringify(json.data)).toMatch(new RegExp(categories.join('|')));

    connected.clock.advance({ hours: 24 * 200 });
    expect(await connected.syncAll(SPAIN, 'products')).toMatchObject([{ state: 'done', progress: { changed: expect.any(Number) } }]);
    expect(await stored()).toEqual(worldNow());
    const [gone] = await connected.rows(`
      SELECT count(*) AS n, count(*) FILTER (WHERE category IS NULL OR image IS NULL) AS bare FROM products
      WHERE ${OF_SPAIN} AND status = 'DELETED' AND gone_at > '2026-01-10T10:00:00Z'`);
    expect(Number(gone!['n'])).toBeGreaterThan(0);
    expect(gone).toMatchObject({ bare: 0 });
    expect(await connected.rows(`SELECT count(*) AS n FROM products WHERE (status = 'DELETED') <> (gone_at IS NOT NULL)`)).toEqual([
      { n: 0 },
    ]);
    // A night later nothing has to be asked for that did not change.
    expect((await connected.syncAll(SPAIN, 'products')).map(({ state, progress }) => [state, progress?.['documents'] ?? 0])).toEqual([
      ['done', 0],
    ]);
  });
});

describe('orders that no listing by change tells of', () => {
  test('are found by the nightly count, which reads their days by the time they were placed', async () => {
    const connected = await connectedSeller({ settings: { historyDays: 12 }, faults: { hiddenFromUpdates: 0.05 } });
    await connected.syncAll();
    const now = second(connected);
    const world = [...connected.simulator.world.orders(spain(connected), now)]
      .filter(({ life }) => life.time >= Date.UTC(2026, 10, 9) / 1000 && life.time < Date.UTC(2026, 10, 19) / 1000)
      .map(({ id }) => id)
      .toSorted();
    const stored = async () =>
      (
        await connected.rows(
          `SELECT order_id FROM orders WHERE ${OF_SPAIN} AND purchased_at >= '2026-11-09T00:00:00Z' AND purchased_at < ` +
            `'2026-11-19T00:00:00Z' ORDER BY 1`,
        )
      ).map(({ order_id: id }) => id);
    expect((await stored()).length).toBeLessThan(world.length);
    expect(await connected.syncAll(SPAIN, 'day_check')).toMatchObject([{ state: 'done' }]);
    expect(await stored()).toEqual(world);
    expect((await connected.shops.get('/api/sync/discrepancies')).json.days).toEqual([]);
  });

  test('and that no search tells of are fetched by id where a claim names them', async () => {
    const connected = await connectedSeller({ settings: { historyDays: 10 }, faults: { hiddenFromSearch: 0.2 } });
    await connected.syncAll();
    const hidden = await connected.rows(`SELECT count(*) AS n, count(oid) AS tied FROM returns WHERE ${OF_SPAIN}`);
    expect(Number(hidden[0]!['n'])).toBeGreaterThan(10);
    expect(hidden[0]!['tied']).toBe(hidden[0]!['n']);
  });
});

describe('the plan', () => {
  test('tells beforehand the records, calls and seconds of a back-fill within the quota; what happened stands beside it', async () => {
    const connected = await openConnectedShops({ settings: { historyDays: 120 }, scale: 1.5, limits: 'on', rateFactor: 1 });
    open.push(connected);
    await connected.consent('US', 'lone-star-living');
    await connected.syncAll();
    const { json } = await connected.shops.get('/api/sync');
    const runs = json.data.map(({ stream, last_run: run }: { stream: string; last_run: Record<string, string | number> | null }) => ({
      stream,
      ...run,
    }));
    // The first run began with the consent; the last one of the orders found nothing left.
    const first = (await connected.rows(
      'SELECT stream, calls, forecast_calls, forecast_seconds, epoch(finished_at) - epoch(started_at) AS took, documents FROM ' +
        'sync_runs WHERE forecast_calls IS NOT NULL ORDER BY run_id',
    )) as Record<string, number | string>[];
    expect(first.map(({ stream }) => stream)).toEqual(expect.arrayContaining(['orders', 'returns', 'cancellations']));
    for (const { stream, calls, forecast_calls: told, forecast_seconds: seconds, took } of first) {
      expect({ stream, off: Math.abs(Number(calls) - Number(told)) }).toEqual({
        stream,
        off: expect.toSatisfy((off: number) => off <= 3 + Number(told) * 0.1),
      });
      expect({ stream, seconds, took }).toEqual({
        stream,
        seconds,
        took: expect.toSatisfy((each: number) => each <= Number(seconds) * 1.5 + 2 && each >= Number(seconds) * 0.5 - 3),
      });
    }
    expect(runs.map(({ stream }: { stream: string }) => stream)).toEqual([
      'orders',
      'returns',
      'cancellations',
      'gaps',
      'price_details',
      'products',
      'day_check',
    ]);
    const plan = (await connected.shops.get('/api/sync/plan')).json.data;
    const sales = Number(
      (await connected.rows(`SELECT count(*) AS n FROM orders WHERE status IN ('to_ship', 'shipped', 'delivered', 'completed')`))[0]!['n'],
    );
    expect(plan.find(({ stream }: { stream: string }) => stream === 'price_details')).toMatchObject({
      records: sales,
      calls: sales,
      seconds: Math.ceil(sales / 5),
    });
    expect(plan.find(({ stream }: { stream: string }) => stream === 'products').records).toBeGreaterThan(5);
  });
});
