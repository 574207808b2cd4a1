import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ALERT_KINDS } from '../src/jobs/alerts/alert-kinds.ts';
import { addDays } from '../src/model/shop-day.ts';
import { openAlertWorld, type AlertWorld } from './alert-world.ts';

let world: AlertWorld;
beforeEach(async () => {
  world = await openAlertWorld();
  await world.shop(1, 'Madrid');
  expect(await world.open()).toEqual([]);
});
afterEach(() => world.close());

/** What is open, with the sentence. */
const said = async (): Promise<string[]> =>
  ((await world.alerts()).data as { kind: string; text: string }[]).map(({ kind, text }) => `${kind}: ${text}`);

test('a consent that ends within 30 days is told, and no more when it is renewed', async () => {
  await world.sql(`UPDATE authorizations SET refresh_expires_at = TIMESTAMPTZ '2026-12-21 10:00:00+00'`);
  expect(await said()).toEqual([]);
  await world.sql(`UPDATE authorizations SET refresh_expires_at = TIMESTAMPTZ '2026-12-20 09:00:00+00'`);
  expect(await said()).toEqual(['authorization_ending: The authorisation of Seller 1 on TikTok ends on 2026-12-20.']);
  await world.sql(`UPDATE authorizations SET refresh_expires_at = TIMESTAMPTZ '2027-12-20 09:00:00+00'`);
  expect(await said()).toEqual([]);
  await world.sql(`UPDATE authorizations SET refresh_expires_at = NULL`);
  expect(await said()).toEqual([]);
});

test('a token that cannot be refreshed is told two days before it ends; one that failed once with days to go is not', async () => {
  await world.sql(`UPDATE authorizations SET error = 'platform_unreachable'`);
  expect(await said()).toEqual([]);
  await world.sql(`UPDATE authorizations SET access_expires_at = TIMESTAMPTZ '2026-11-22 09:00:00+00'`);
  expect(await said()).toEqual([
    'token_ending: Access to Seller 1 on TikTok ends at 2026-11-22 09:00 (UTC); renewal failed (platform_unreachable).',
  ]);
  await world.sql(`UPDATE authorizations SET error = NULL`);
  expect(await said()).toEqual([]);
});

test('a consent that is lost is told as that alone, until its shops are let go', async () => {
  await world.sql(`UPDATE authorizations SET state = 'lost', error = 'authorization_lost'`);
  world.advance({ hours: 2 });
  expect(await said()).toEqual(["authorization_lost: Seller 1's TikTok authorisation is no longer valid; its shops do not sync."]);
  await world.sql(`UPDATE authorizations SET state = 'disconnected'`);
  await world.sql(`UPDATE shops SET authorization_id = NULL`);
  expect(await said()).toEqual([]);
});

test(
  'a shop that is not read for half an hour is told with the last error, after a day its stale data too, and both are over when it is ' +
    'read',
  async () => {
    await world.sql(
      `INSERT INTO sync_runs (run_id, shop_id, stream, state, started_at, finished_at, error) VALUES (1, 1, 'orders', 'failed', ` +
        `TIMESTAMPTZ '2026-11-20 10:05:00+00', TIMESTAMPTZ '2026-11-20 10:05:01+00', 'platform_busy')`,
    );
    world.advance({ minutes: 30 });
    expect(await said()).toEqual([]);
    world.advance({ minutes: 1 });
    expect(await said()).toEqual([
      'sync_stopped: Madrid (TikTok) has not synced since 2026-11-20 11:00 (Europe/Madrid); last result: platform_busy.',
    ]);
    world.advance({ hours: 24 });
    expect(await world.open()).toEqual(['data_stale', 'sync_stopped']);
    await world.readUpTo(1, world.now());
    expect(await said()).toEqual([]);
  },
);

test('a server that starts after days of standing still gives its shops time to be read before it says anything', async () => {
  world.advance({ hours: 72 });
  world.shops.app.alerts.begin();
  expect(await world.open()).toEqual([]);
  world.advance({ minutes: 29 });
  expect(await world.open()).toEqual([]);
  world.advance({ minutes: 2 });
  expect(await world.open()).toEqual(['data_stale', 'sync_stopped']);
});

test('a shop that was never read is told by its first try; a shop of files alone is promised nothing', async () => {
  await world.sql('DELETE FROM checkpoints');
  await world.sql(`INSERT INTO shops (shop_id, platform, shop, zone) VALUES (2, 'Amazon', 'Files', 'Europe/Madrid')`);
  world.advance({ hours: 100 });
  expect(await world.open()).toEqual([]);
  await world.sql(
    `INSERT INTO sync_runs (run_id, shop_id, stream, state, started_at, finished_at, error) VALUES (1, 1, 'orders', 'failed', ` +
      `TIMESTAMPTZ '2026-11-20 10:05:00+00', TIMESTAMPTZ '2026-11-20 10:05:01+00', 'platform_busy')`,
  );
  expect(await world.open()).toEqual(['data_stale', 'sync_stopped']);
});

test('days that the platform counts otherwise are named with both counts, by their last check, until they agree', async () => {
  const check = (day: string, theirs: number, ours: number, hour: string): Promise<void> =>
    world
      .sql(`DELETE FROM day_counts WHERE day = DATE '${day}'`)
      .then(() =>
        world.sql(`INSERT INTO day_counts VALUES (1, DATE '${day}', ${theirs}, ${ours}, TIMESTAMPTZ '2026-11-20 ${hour}:00:00+00')`),
      );
  await check('2026-11-18', 10, 10, '01');
  expect(await said()).toEqual([]);
  await check('2026-11-19', 12, 11, '01');
  expect(await said()).toEqual(['counts_differ: Madrid: order counts differ (platform/here): 2026-11-19 12/11.']);
  await check('2026-11-19', 12, 12, '02');
  expect(await said()).toEqual([]);
});

describe('sales', () => {
  const YESTERDAY = '2026-11-19';
  /** Thirteen weeks: 100 a day, 160 on Thursdays, with some noise and one great campaign; `yesterday` as given. */
  const sold = (yesterday: number, scale = 1): Promise<void> => {
    const days: Record<string, number> = {};
    for (let back = 89; back >= 1; back -= 1) {
      const day = addDays('2026-11-20', -back);
      const thursday = new Date(`${day}T00:00:00Z`).getUTCDay() === 4;
      days[day] = Math.round(((thursday ? 160 : 100) + ((back * 7919) % 21) - 10) * scale);
    }
    days['2026-10-08'] = 2000 * scale;
    return world.sell(1, { ...days, [YESTERDAY]: yesterday });
  };

  test.each([
    [165, 'usual'],
    [110, 'a third less: within what happens'],
    [20, 'off'],
    [0, 'off'],
    [900, 'off'],
  ])('of %i on a weekday that sells 160: %s', async (units, what) => {
    await sold(units);
    expect(await world.open()).toEqual(what === 'off' ? ['sales_off'] : []);
  });

  test('are compared with the same weekday and said with both figures; the next usual day ends it, one not yet in does not', async () => {
    await sold(20);
    const [sentence] = await said();
    expect(sentence).toMatch(/^sales_off: Madrid sold 20 units on 2026-11-19; usual for a Thursday: 1\d\d(\.5)?\.$/);
    // Past midnight, but the shop has been read up to the evening only.
    world.advance({ hours: 14 });
    await world.readUpTo(1, Temporal.Instant.from('2026-11-20T20:00:00Z'));
    expect(await world.open()).toContain('sales_off');
    await world.sell(1, { '2026-11-20': 104 });
    await world.readUpTo(1, world.now());
    expect(await world.open()).toEqual([]);
  });

  test('of a shop too small, or too young, to have a usual day are not judged', async () => {
    await sold(0, 0.1);
    expect(await world.open()).toEqual([]);
    await world.sql('DELETE FROM orders');
    await world.sell(1, Object.fromEntries(Array.from({ length: 30 }, (_, i) => [addDays('2026-11-18', -29 + i), 100])));
    expect(await world.open()).toEqual([]);
  });
});

describe('what comes back', () => {
  /** 100 a day sold; of each week's 700 so many come back, on one day. */
  const history = async (returned: (week: number) => number): Promise<void> => {
    await world.sell(1, Object.fromEntries(Array.from({ length: 80 }, (_, i) => [addDays('2026-11-19', -79 + i), 100])));
    for (let week = 0; week < 10; week += 1) {
      await world.sql(
        `INSERT INTO returned_pieces (rid, role, shop_id, event_day, units) VALUES (${week}, 'return', 1, DATE ` +
          `'${addDays('2026-11-18', -7 * week)}', ${returned(week)})`,
      );
    }
  };

  test('as usual is not told', async () => {
    await history((week) => 35 + (week % 3));
    expect(await world.open()).toEqual([]);
  });

  test('twice as often as usual is told with both rates, open claims apart', async () => {
    await history((week) => (week === 0 ? 90 : 35 + (week % 3)));
    await world.sql(
      `INSERT INTO returned_pieces (rid, role, shop_id, event_day, units) VALUES (50, 'open', 1, DATE '2026-11-18', 500), (51, ` +
        `'undelivered', 1, DATE '2026-11-18', 500)`,
    );
    expect(await said()).toEqual([
      expect.stringMatching(/^returns_off: Madrid: return rate 12\.9% in the 7 days to 2026-11-19; usually 5\.\d%\.$/),
    ]);
  });
});

test('every kind says in three languages what is so, what to do and that it is over, with the same values', () => {
  const marks = (text: string): string[] => [...new Set(text.match(/\{\w+/g) ?? [])].toSorted();
  expect(new Set(ALERT_KINDS.map(({ name }) => name)).size).toBe(ALERT_KINDS.length);
  for (const { raised, todo, cleared } of ALERT_KINDS)
    for (const text of [raised, todo, cleared]) {
      expect(text.en.trim()).not.toBe('');
      expect([marks(text.zh), marks(text.es)]).toEqual([marks(text.en), marks(text.en)]);
    }
});
