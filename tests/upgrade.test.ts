import { mkdtempSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { raw } from '../src/engines/sql.ts';
import { reports } from '../src/reports/all.ts';
import { KILLS, momentsOf, openLedger, runUntil } from './killing.ts';
import { movingClock } from './connected-shops.ts';
import { emptyData, feedAgain, olderData, THEN } from './older-data.ts';
import { faults, temporaryFolder, withStore } from './process.ts';
import { openTestApp, type TestApp } from './shop-window.ts';
import { tableDigests } from './table-digests.ts';

/** A net: a kill that hangs is no kill. */
const LONG = { timeout: 1_800_000 + KILLS * 60_000 };
const QUESTIONS = ['', 'currency=native', 'from=2026-10-01&to=2026-11-30', 'basis=paid', 'group=platform'];

/** What a report says, without when each shop was last read. */
async function answers(app: TestApp): Promise<Record<string, unknown>> {
  const told: Record<string, unknown> = {};
  for (const { name } of reports)
    for (const question of QUESTIONS) {
      const { json } = await app.get(`/api/Multiplatform/DataScience/${name}/?limit=1000&${question}`);
      const { freshness: _freshness, ...rest } = json as Record<string, unknown>;
      delete rest['request_id'];
      told[`${name} ${question}`] = rest;
    }
  return told;
}

async function ask<R>(app: TestApp, text: string): Promise<R[]> {
  return (await app.app.engine.read((reader) => reader.query(raw(text)))) as R[];
}

test('a store of the version before says in every report what a new one says that was fed with the same', async () => {
  const older = olderData();
  const clock = movingClock(THEN);
  const fresh = await openTestApp({ dataFolder: emptyData() }, clock);
  await feedAgain(fresh, older);
  clock.advance({ hours: 24 });
  const said: string[] = [];
  const upgraded = await openTestApp({ dataFolder: older }, clock, { say: (line) => said.push(line) });
  try {
    expect(said.at(0)).toMatch(/reading the kept documents by new rules: 0 %/);
    const orders =
      'SELECT h.shop, o.order_id, o.status, o.units, o.net_sales, o.shop_day, o.line_count FROM orders o JOIN shops h ON h.shop_id ' +
      '= o.shop_id ORDER BY 1, 2';
    expect(await ask(upgraded, orders)).toEqual(await ask(fresh, orders));
    expect(
      (
        await ask<{ shop: string; orders: number }>(
          upgraded,
          'SELECT h.shop, count(*) AS orders FROM orders o JOIN shops h ON h.shop_id = o.shop_id GROUP BY 1 ORDER BY 1',
        )
      ).map(({ shop, orders: n }) => `${shop} ${n}`),
    ).toEqual(expect.arrayContaining(['Halves 2', 'Jar shop 2', 'Moved 2', 'Older later 1', 'Web shop 60']));
    const [now, wanted] = [await answers(upgraded), await answers(fresh)];
    for (const question of Object.keys(wanted))
      expect({ question, ...(now[question] as object) }).toEqual({ question, ...(wanted[question] as object) });
    expect(Object.entries(await faults(upgraded.app.engine)).filter(([, rows]) => rows !== 0)).toEqual([]);
    // What was brought to the rules is at rest.
    expect((await upgraded.send('/api/replay', { accept: false })).json).toMatchObject({
      code: 0,
      tables: {},
      refused: [],
      kept: { not_told_apart: 0, refused: 0 },
    });
    expect((await upgraded.get('/api/doctor')).json.data).toContainEqual(expect.objectContaining({ check: 'doubles', state: 'ok' }));
  } finally {
    await upgraded.close();
    await fresh.close();
  }
});

test('while it runs the server says how far it is and gives no figure; stopped, it goes on', async () => {
  const data = olderData();
  const open = () => openApp({ ...readConfig({}), dataFolder: data }, { upgradeBeside: true, say: () => undefined });
  const app = await open();
  expect((await app.http.inject('/api/health')).json()).toMatchObject({ code: 0, store: 'upgrading', upgrade: { percent: 0 } });
  for (const path of ['/api/Multiplatform/DataScience/SalesRank/', '/api/shops', '/']) {
    const answer = await app.http.inject(path);
    expect({ path, status: answer.statusCode, name: answer.json<{ name: string }>().name }).toEqual({
      path,
      status: 503,
      name: 'store_upgrading',
    });
  }
  app.start();
  await app.close();
  const again = await open();
  again.start();
  for (; ; await setTimeout(20)) {
    const { store } = (await again.http.inject('/api/health')).json<{ store: string }>();
    if (store === 'ready') break;
  }
  expect((await again.http.inject('/api/shops')).statusCode).toBe(200);
  await again.close();
  expect(Object.entries(await withStore(data, faults)).filter(([, rows]) => rows !== 0)).toEqual([]);
});

test(`an upgrade killed anywhere is completed by the next start (${KILLS} kills)`, LONG, async () => {
  const note = openLedger('upgrade');
  const folder = temporaryFolder();
  const original = olderData();
  const copy = (): string => {
    const data = mkdtempSync(join(folder, 'killed-'));
    cpSync(original, data, { recursive: true });
    return data;
  };
  const whole = copy();
  const measured = await runUntil(['shops', '--json'], whole, null);
  expect(measured.ending.code).toBe(0);
  const reference = await withStore(whole, tableDigests);
  for (const moment of momentsOf(measured)) {
    const data = copy();
    await runUntil(['shops', '--json'], data, moment);
    const [state] = await withStore(data, (engine) =>
      engine.read((reader) =>
        reader.query<{ value: string }>(
          raw("SELECT value FROM settings WHERE name IN ('upgrade', 'reading_rules') ORDER BY name DESC LIMIT 1"),
        ),
      ),
    );
    note(moment, state?.value ?? 'not begun');
    const again = await openApp({ ...readConfig({}), dataFolder: data }, { say: () => undefined });
    try {
      expect({ moment, ...(await tableDigests(again.engine)) }).toEqual({ moment, ...reference });
    } finally {
      await again.close();
    }
  }
});
