import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { buyerIdOf } from '../simulator/tiktok/ids.ts';
import { STATUSES } from '../simulator/tiktok/statuses.ts';
import { ofShop } from '../src/model/feed.ts';
import { raw } from '../src/engines/sql.ts';
import { keepQuarantine, NAMELESS } from '../src/records/runs/sync-log.ts';
import { openConnectedShops, openFilledShops, type ConnectedShops } from './connected-shops.ts';

const open: ConnectedShops[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** Both opened and one seller with two shops connected; the first run has not been waited for. */
async function connectedSeller(options: Parameters<typeof openConnectedShops>[0] = {}): Promise<ConnectedShops> {
  const connected = await openConnectedShops(options);
  open.push(connected);
  expect((await connected.consent('ES', 'estrella-hogar')).status).toBe(200);
  return connected;
}

/** The same seller, whose shops have been read over five days. */
async function filledShops(): Promise<ConnectedShops> {
  const connected = await openFilledShops({ historyDays: 5 });
  open.push(connected);
  return connected;
}

/**
 * What the simulated world holds of a shop at this instant, of the orders that changed in the last days: id, status, second of the change.
 */
function worldOf({ simulator, clock }: ConnectedShops, region: string, days: number): string[] {
  const now = clock.now().epochMilliseconds / 1000;
  const shop = simulator.world.shops.find((each) => each.country === region)!;
  return [...simulator.world.orders(shop, now)]
    .flatMap(({ id, life }) => {
      const reached = life.times.findLastIndex((time) => time <= now);
      return reached < 0 || life.times[reached]! < now - days * 86_400
        ? []
        : [`${id} ${STATUSES[life.stages[reached]!]} ${life.times[reached]}`];
    })
    .toSorted();
}

/** What is stored of a shop and changed in the last days: orders that a claim alone names are older. */
async function storeOf(connected: ConnectedShops, shop: string, days: number): Promise<string[]> {
  const rows = await connected.rows(`
    SELECT order_id || ' ' || platform_status || ' ' || epoch(updated_at)::bigint AS told FROM orders o JOIN shops h ON h.shop_id = o.shop_id
    WHERE h.shop = '${shop}' AND o.updated_at >= '${connected.clock
      .now()
      .subtract({ hours: 24 * days })
      .toString()}'`);
  return rows.map(({ told }) => String(told)).toSorted();
}

const SPAIN = 'Estrella Hogar España';

/** Everything about the stored orders, whatever numbers the store gave them. */
function digest(connected: ConnectedShops) {
  return connected.rows(`
    SELECT h.shop, count(*) AS orders, sum(o.units)::bigint AS units, sum(o.gross_sales) AS gross, sum(o.net_sales) AS net, sum(o.paid_amount) AS paid, sum(o.total_amount) AS total,
      count(DISTINCT o.buyer_id) AS buyers, bit_xor(hash(o.order_id || o.platform_status || o.updated_at::text || coalesce(o.net_sales::text, '')))::text AS states, (SELECT count(*) FROM lines l WHERE l.shop_id = any_value(o.shop_id)) AS lines
    FROM orders o JOIN shops h ON h.shop_id = o.shop_id GROUP BY 1 ORDER BY 1`);
}

describe('orders of a connected shop', () => {
  test('are all home after the first run: the store holds what the platform holds, shop by shop', async () => {
    const connected = await connectedSeller({ scale: 0.3 });
    expect(await connected.sync()).toMatchObject([
      { state: 'done', error: null, progress: { history_share: 1, quarantined: 0 } },
      { state: 'done', error: null },
    ]);
    for (const [region, shop] of [
      ['ES', SPAIN],
      ['GB', 'Estrella Hogar UK'],
    ] as const) {
      const world = worldOf(connected, region, 60);
      expect(world.length).toBeGreaterThan(200);
      expect(await storeOf(connected, shop, 60)).toEqual(world);
    }
    const { json } = await connected.shops.get('/api/sync');
    expect(json.data.filter(({ stream }: { stream: string }) => stream === 'orders')).toMatchObject([
      { shop: SPAIN, last_run: { state: 'done', error: null }, running: null },
      { shop: 'Estrella Hogar UK' },
    ]);
  });

  test('stay what the platform holds while days go by, and every status on the way is kept with its instant', async () => {
    const connected = await connectedSeller({ scale: 0.4, settings: { historyDays: 10 } });
    await connected.sync(SPAIN);
    for (let day = 0; day < 4; day++) {
      connected.clock.advance({ hours: 20 });
      const [event] = await connected.sync(SPAIN);
      expect(event).toMatchObject({ state: 'done' });
      expect(event!.progress!['added']).toBeGreaterThan(0);
      expect(event!.progress!['changed']).toBeGreaterThan(0);
    }
    expect(await storeOf(connected, SPAIN, 13)).toEqual(worldOf(connected, 'ES', 13));
    const [row] = await connected.rows(`
      SELECT count(*) AS changes, count(DISTINCT c.oid) AS orders, count(*) FILTER (WHERE c.changed_at > o.updated_at) AS late,
        (SELECT count(*) FROM orders) AS stored, count(*) FILTER (WHERE c.status = o.status AND c.changed_at = o.updated_at) AS current
      FROM status_changes c JOIN orders o ON o.oid = c.oid`);
    expect(row).toMatchObject({ late: 0 });
    expect(row!['orders']).toBe(row!['stored']);
    expect(row!['current']).toBe(row!['stored']);
    expect(Number(row!['changes'])).toBeGreaterThan(Number(row!['stored']) * 1.2);
  });

  test('that were read in the middle when the server stopped are read on from there, and end as if it had not', async () => {
    const whole = await connectedSeller({ scale: 0.2, settings: { historyDays: 40 } });
    await whole.sync();
    const cut = await connectedSeller({ scale: 0.2, settings: { historyDays: 40 }, faults: { latencyMs: 15 }, journal: true });
    for (let stops = 0; stops < 6; stops++) {
      const asked = cut.simulator.journal.length + 2 + 3 * stops;
      const run = cut.sync();
      const ended = run.then(() => 'ended');
      while (cut.simulator.journal.length < asked && (await Promise.race([ended, setTimeout(2)])) !== 'ended');
      // Changing a shop stops its run after the batch in hand.
      await Promise.all(
        [SPAIN, 'Estrella Hogar UK'].map((shop) => cut.shops.send('/api/shops/set', { platform: 'TikTok', shop, vat_rate: stops })),
      );
      await run;
    }
    await cut.sync();
    expect(await digest(cut)).toEqual(await digest(whole));
  });

  test('give the same store a second time: nothing new, nothing changed, no document twice', async () => {
    const connected = await filledShops();
    const before = {
      orders: await digest(connected),
      blocks: await connected.rows('SELECT count(*) AS n, sum(documents) AS documents FROM blocks'),
    };
    expect(before.blocks).toMatchObject([
      {
        documents: (await connected.rows('SELECT ((SELECT count(*) FROM orders) + (SELECT count(*) FROM returns))::bigint AS n'))[0]!['n'],
      },
    ]);
    await connected.shops.app.engine.transaction((tx) => tx.run(raw('DELETE FROM checkpoints')));
    for (const { progress } of await connected.sync()) expect(progress).toMatchObject({ added: 0, changed: 0 });
    expect({
      orders: await digest(connected),
      blocks: await connected.rows('SELECT count(*) AS n, sum(documents) AS documents FROM blocks'),
    }).toEqual(before);
  });

  test("that lack a required field are set aside with the field's name, the others come in, and they come home once mended", async () => {
    const connected = await connectedSeller({
      settings: { historyDays: 10 },
      faults: { missingField: { field: 'create_time', share: 0.02 } },
    });
    const [run] = await connected.sync(SPAIN);
    expect(run!.progress!['quarantined']).toBeGreaterThan(0);
    const { json } = await connected.shops.get('/api/sync');
    expect(json.quarantine[0]).toMatchObject({
      shop: expect.stringContaining('Estrella'),
      field: 'create_time',
      record: expect.stringMatching(/^\d{18}$/),
    });
    expect((await connected.shops.get('/api/doctor')).json.data).toContainEqual(
      expect.objectContaining({ check: 'quarantine', state: 'problem' }),
    );
    const world = worldOf(connected, 'ES', 10);
    const held = new Set((await connected.rows('SELECT record FROM quarantine')).map(({ record }) => String(record)));
    expect(await storeOf(connected, SPAIN, 10)).toEqual(world.filter((each) => !held.has(each.split(' ')[0]!)));

    connected.simulator.faults.missingField = undefined;
    await connected.shops.app.engine.transaction((tx) => tx.run(raw('DELETE FROM checkpoints')));
    await connected.sync();
    expect(await storeOf(connected, SPAIN, 10)).toEqual(worldOf(connected, 'ES', 10));
    // What only a claim names rests for an hour before it is asked for again.
    connected.clock.advance({ minutes: 61 });
    await connected.sync();
    expect((await connected.shops.get('/api/sync')).json.quarantine).toEqual([]);
  });

  test('that lack even an id are all kept aside, each with its document, and one that comes twice is kept once', async () => {
    const connected = await filledShops();
    const [{ shop_id: shopId }] = (await connected.rows(`SELECT shop_id FROM shops WHERE shop = '${SPAIN}'`)) as [{ shop_id: number }];
    const refuse = (...records: readonly string[]) =>
      connected.shops.app.engine.transaction((tx) =>
        keepQuarantine(tx, ofShop(shopId), {
          stream: 'orders',
          refused: records.map((record, i) => ({ record, field: 'id', problem: 'is missing', document: `{"n":${i}}` })),
          taken: [],
          at: connected.clock.now(),
        }),
      );
    await refuse(NAMELESS, NAMELESS, '1', '1');
    await refuse(NAMELESS, '1');
    expect(await connected.rows('SELECT record, count(*) AS n FROM quarantine GROUP BY 1 ORDER BY 1')).toEqual([
      { record: '1', n: 1 },
      { record: NAMELESS, n: 3 },
    ]);
  });

  test('come in whatever fields and statuses the platform adds, with unknown statuses counted as no sale', async () => {
    const connected = await connectedSeller({
      settings: { historyDays: 5 },
      faults: { unknownFields: 0.5, unknownStatus: 0.05, duplicates: 0.3, lastPageToken: 'both' },
    });
    expect(await connected.sync(SPAIN)).toMatchObject([{ state: 'done', progress: { quarantined: 0 } }]);
    const ids = (list: readonly string[]): string[] => list.map((each) => each.split(' ')[0]!);
    expect(ids(await storeOf(connected, SPAIN, 5))).toEqual(ids(worldOf(connected, 'ES', 5)));
    const [row] = await connected.rows(
      "SELECT count(*) AS n, coalesce(sum(units), 0)::bigint AS units FROM orders WHERE status = 'unknown'",
    );
    expect(Number(row!['n'])).toBeGreaterThan(0);
    expect(row!['units']).toBe(0);
  });

  test('tokens that end in the middle of a run are renewed, also where a refresh token is good for one use', async () => {
    const connected = await connectedSeller({ scale: 0.4, settings: { historyDays: 30 }, rotation: 'strict', journal: true });
    // So many requests apart that a call, its refresh and its second try lie between.
    let [ends, next] = [0, 6];
    const watching = setInterval(() => {
      if (connected.simulator.journal.length < next) return;
      connected.simulator.expireAccessTokens();
      ends += 1;
      next = connected.simulator.journal.length + 12;
    }, 1);
    expect(await connected.sync()).toMatchObject([{ state: 'done' }, { state: 'done' }]);
    clearInterval(watching);
    expect(ends).toBeGreaterThan(1);
    expect(await storeOf(connected, SPAIN, 30)).toEqual(worldOf(connected, 'ES', 30));
  });
});

describe('a connected shop', () => {
  test('that is disconnected is fetched no more and keeps its data; the last one of a consent takes the tokens with it', async () => {
    const connected = await filledShops();
    const before = await digest(connected);
    await connected.shops.send('/api/shops/disconnect', { platform: 'TikTok', shop: SPAIN });
    expect(await connected.rows('SELECT state FROM authorizations')).toEqual([{ state: 'active' }]);
    await connected.shops.send('/api/shops/disconnect', { platform: 'TikTok', shop: 'Estrella Hogar UK' });
    expect(await connected.rows('SELECT state, tokens FROM authorizations')).toEqual([{ state: 'disconnected', tokens: null }]);
    expect(await digest(connected)).toEqual(before);
    expect((await connected.shops.send('/api/sync', {})).json).toMatchObject({ name: 'no_shop_connected' });
    expect((await connected.shops.get('/api/shops')).json.data).toMatchObject([
      { connection: 'disconnected' },
      { connection: 'disconnected' },
    ]);
    expect((await connected.consent('ES', 'estrella-hogar')).json).toMatchObject({ shops: [SPAIN, 'Estrella Hogar UK'] });
    expect(await connected.sync()).toMatchObject([{ state: 'done' }, { state: 'done' }]);
  });

  test('that is erased leaves nothing of itself and everything of the others', async () => {
    const connected = await filledShops();
    const uk = (await digest(connected)).filter(({ shop }) => shop !== SPAIN);
    expect((await connected.shops.send('/api/shops/erase', { platform: 'TikTok', shop: SPAIN, confirm: 'yes' })).json).toMatchObject({
      name: 'invalid_parameter',
    });
    expect((await connected.shops.send('/api/shops/erase', { platform: 'TikTok', shop: SPAIN, confirm: SPAIN })).json).toMatchObject({
      code: 0,
    });
    expect(await digest(connected)).toEqual(uk);
    const orphans = await connected.rows(`
      SELECT (SELECT count(*) FROM lines WHERE oid NOT IN (SELECT oid FROM orders)) AS lines, (SELECT count(*) FROM status_changes WHERE oid NOT IN (SELECT oid FROM orders)) AS changes,
        (SELECT count(*) FROM blocks WHERE shop_id NOT IN (SELECT shop_id FROM shops)) AS blocks, (SELECT count(*) FROM buyers WHERE buyer_id NOT IN (SELECT buyer_id FROM orders)) AS buyers`);
    expect(orphans).toEqual([{ lines: 0, changes: 0, blocks: 0, buyers: 0 }]);
  });

  test('that gets another clock has its orders on the days of that clock', async () => {
    const connected = await filledShops();
    await connected.shops.send('/api/shops/set', { platform: 'TikTok', shop: SPAIN, zone: 'Asia/Shanghai' });
    const wrong = await connected.rows(`
      SELECT count(*) AS n FROM orders o JOIN shops h ON h.shop_id = o.shop_id LEFT JOIN lines l ON l.oid = o.oid
      WHERE h.shop = '${SPAIN}' AND (o.shop_day <> (o.purchased_at AT TIME ZONE 'Asia/Shanghai')::date OR l.shop_day <> o.shop_day)`);
    expect(wrong).toEqual([{ n: 0 }]);
    expect((await connected.shops.send('/api/shops/set', { platform: 'TikTok', shop: SPAIN, zone: 'Europe/Atlantis' })).json).toMatchObject(
      { name: 'invalid_parameter' },
    );
  });

  test('tells of each step while it is fetched, as server-sent events', async () => {
    const connected = await filledShops();
    connected.clock.advance({ hours: 5 });
    const watching = new AbortController();
    const answer = await fetch(`${connected.shops.url}/api/sync`, { headers: { accept: 'text/event-stream' }, signal: watching.signal });
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const run = connected.sync();
    let text = '';
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if ((text.match(/"state":"done"/g) ?? []).length === 2) break;
    }
    watching.abort();
    await run;
    const events = [...text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json!) as { shop: string; state: string });
    expect(events.filter(({ shop }) => shop === SPAIN).map(({ state }) => state)).toEqual(expect.arrayContaining(['running', 'done']));
  });
});

test('nothing of a buyer or a token is on the disk: no name, phone, address or mail that the platform sent', async () => {
  const connected = await connectedSeller({ settings: { historyDays: 5 } });
  const personal = new Set<string>();
  const { simulator, clock } = connected;
  const shop = simulator.world.shops.find(({ country }) => country === 'ES')!;
  const now = clock.now().epochMilliseconds / 1000;
  for (const { buyer, life } of simulator.world.orders(shop, now)) {
    if (life.times.findLast((time) => time <= now)! < now - 5 * 86_400) continue;
    const { person, home } = buyer;
    const name = `${person.firstName} ${person.lastName}`;
    for (const value of [buyerIdOf(buyer), name, person.nickname, person.mailbox, person.portrait, home.street, home.phone])
      if (value.length >= 7) personal.add(value);
  }
  expect(personal.size).toBeGreaterThan(50);
  await connected.sync();
  const folder = connected.shops.app.config.dataFolder;
  const blocks = (await connected.rows('SELECT body FROM blocks')).map(({ body }) => zstdDecompressSync(body as Uint8Array).toString());
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString('latin1'));
  const everything = [...blocks, ...files].join('\n');
  expect(everything.length).toBeGreaterThan(100_000);
  expect([...personal].filter((each) => everything.includes(each) || everything.includes(Buffer.from(each).toString('latin1')))).toEqual(
    [],
  );
  for (const { secret } of Object.values(simulator.apps)) expect(everything).not.toContain(secret);
});
