import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, watch } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { raw, sql } from '../src/engines/sql.ts';
import { SCHEMA_VERSION } from '../src/engines/migrations.ts';
import { KILLS, momentsOf, openLedger, runUntil, spread, type Moment } from './killing.ts';
import { storeOfSchema } from './older-store.ts';
import { digests, faults, s7, temporaryFolder, withStore, writeOrderFile } from './process.ts';
import { tableDigests } from './table-digests.ts';

const ORDERS = 11_000;
const FEW_ORDERS = 1500;
/** A net: a kill that hangs is no kill. */
const LONG = { timeout: 1_800_000 + KILLS * 60_000 };

test(`an import killed anywhere and run again loses and doubles nothing (${KILLS} kills)`, LONG, async () => {
  const note = openLedger('import');
  const folder = temporaryFolder();
  const { arguments: importing, lines } = writeOrderFile(folder, ORDERS);
  const [whole, same] = [join(folder, 'whole'), join(folder, 'same')];
  const [measured, other] = await Promise.all([runUntil(importing, whole, null), runUntil(importing, same, null)]);
  for (const { ending } of [measured, other]) expect(ending).toMatchObject({ code: 0, err: '' });
  const reference = await withStore(whole, digests);
  expect(reference).toMatchObject({ orders: expect.stringMatching(new RegExp(`^${lines} `)), shops: expect.stringMatching(/^2 /) });
  expect(await withStore(same, digests)).toEqual(reference);

  const moments = momentsOf(measured);
  const cut: string[] = [];
  /**
   * A folder in which nothing is yet is killed in again, one that holds something is brought to the end; gives the folder to go on with.
   */
  const killAndRepeat = async (data: string, moment: Moment): Promise<string> => {
    await runUntil(importing, data, moment);
    const found = await examine(data);
    expect({ moment, faults: Object.entries(found.faults).filter(([, rows]) => rows > 0) }).toEqual({ moment, faults: [] });
    if (found.interrupted) cut.push(found.doctor);
    note(moment, `${found.orders} of ${ORDERS} orders`);
    if (found.orders === 0 && !found.interrupted) return data;
    await repeat(data, moment);
    return mkdtempSync(join(folder, 'killed-'));
  };
  const repeat = async (data: string, moment: Moment | null): Promise<void> => {
    const again = await s7(importing, { data });
    expect(again).toMatchObject({ code: 0, err: '' });
    const { orders, orders_changed, refused } = JSON.parse(again.out) as Record<string, number>;
    expect({ moment, orders, orders_changed, refused }).toEqual({ moment, orders: ORDERS, orders_changed: 0, refused: 0 });
    const { all, doctor } = await withApp(data, async (app) => ({ all: await digests(app.engine), doctor: await doctorOn(app) }));
    expect({ moment, ...all }).toEqual({ moment, ...reference });
    expect(doctor).toBe('ok: the last imports ended well');
    rmSync(data, { recursive: true });
  };
  const lane = async (): Promise<void> => {
    let data = mkdtempSync(join(folder, 'killed-'));
    for (let moment = moments.pop(); moment; moment = moments.pop()) data = await killAndRepeat(data, moment);
    await repeat(data, null);
  };
  await Promise.all([lane(), lane()]);
  // Not every moment cuts an import off: before it nothing is written, after it everything is.
  expect(new Set(cut)).toEqual(new Set(['problem: cut off: orders.csv. Run the same import again; nothing is doubled']));
});

test(`a replay killed anywhere has changed everything or nothing (${KILLS} kills)`, LONG, async () => {
  const note = openLedger('replay');
  const folder = temporaryFolder();
  const original = join(folder, 'original');
  expect((await s7(writeOrderFile(folder, FEW_ORDERS).arguments, { data: original })).code).toBe(0);
  // The mapping that the file was read by is another now: what was void is sold.
  await withStore(original, (engine) =>
    engine.transaction((tx) => tx.run(raw(`UPDATE imports SET mapping = replace(mapping, '"void":"cancelled"', '"void":"completed"')`))),
  );
  const before = await withStore(original, tableDigests);
  const copy = (): string => {
    const data = mkdtempSync(join(folder, 'killed-'));
    cpSync(original, data, { recursive: true });
    return data;
  };
  const replaying = ['replay', '--accept', '--json'];
  const whole = copy();
  const measured = await runUntil(replaying, whole, null);
  expect(measured.ending.code).toBe(0);
  const after = await withStore(whole, tableDigests);
  expect(after).not.toEqual(before);
  expect(await withStore(whole, faults)).toMatchObject({ wrong_days: 0 });
  let data = copy();
  for (const moment of momentsOf(measured)) {
    await runUntil(replaying, data, moment);
    const { found, wrong } = await withStore(data, async (engine) => ({ found: await tableDigests(engine), wrong: await faults(engine) }));
    expect({ moment, wrong: Object.entries(wrong).filter(([, rows]) => rows > 0) }).toEqual({ moment, wrong: [] });
    const done = found['orders'] !== before['orders'];
    expect({ moment, found }).toEqual({ moment, found: done ? after : before });
    note(moment, done ? 'everything changed' : 'nothing changed');
    if (done) data = copy();
  }
  expect((await s7(replaying, { data })).code).toBe(0);
  expect(await withStore(data, tableDigests)).toEqual(after);
});

test(`a backup killed anywhere is there whole or not at all, and the data are as they were (${KILLS} kills)`, LONG, async () => {
  const note = openLedger('backup');
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  expect((await s7(writeOrderFile(folder, FEW_ORDERS).arguments, { data })).code).toBe(0);
  const before = await withStore(data, tableDigests);
  const target = join(folder, 'backup');
  const whole = join(folder, 'whole');
  const measured = await runUntil(['backup', whole], data, null, { folder, prefix: 'whole' });
  expect(measured.ending.code).toBe(0);
  const restored = async (from: string): Promise<unknown> => {
    const into = join(mkdtempSync(join(folder, 'restored-')), 'data');
    expect(await s7(['restore', from], { data: into })).toMatchObject({ code: 0, err: '' });
    return withStore(into, tableDigests);
  };
  expect(await restored(whole)).toEqual(before);
  for (const moment of momentsOf(measured)) {
    await runUntil(['backup', target], data, moment, { folder, prefix: 'backup' });
    expect(await withStore(data, tableDigests)).toEqual(before);
    const there = existsSync(target);
    note(moment, there ? 'whole backup' : readdirSync(folder).includes('backup.partial') ? 'draft, marked as one' : 'no backup');
    if (!there) continue;
    expect(await withStore(target, tableDigests)).toEqual(before);
    rmSync(target, { recursive: true });
  }
  // What was left behind does not stand in the way.
  expect((await s7(['backup', target], { data })).code).toBe(0);
  expect(await restored(target)).toEqual(before);
});

test(`a change of the schema killed anywhere is completed by the next start, from every older schema (${KILLS} kills)`, LONG, async () => {
  const note = openLedger('migration');
  const folder = temporaryFolder();
  const today = join(folder, 'today');
  expect((await s7(writeOrderFile(folder, FEW_ORDERS).arguments, { data: today })).code).toBe(0);
  const kept = await withStore(today, digests);
  const older = Array.from({ length: SCHEMA_VERSION - 1 }, (_, i) => i + 1);
  const copyOf = (original: string): string => {
    const data = mkdtempSync(join(folder, 'killed-'));
    cpSync(original, data, { recursive: true });
    return data;
  };
  // Shared out evenly among the schemas; a short run kills in some of them and opens all.
  const killsUpTo = (version: number): number => Math.floor((KILLS * version) / older.length);
  const parts = spread();
  let trial = 0;
  let milliseconds = 0;
  for (const version of older) {
    const original = join(folder, `schema-${version}`);
    cpSync(today, original, { recursive: true });
    await withStore(original, (engine) => storeOfSchema(engine, version));
    const whole = await brought(copyOf(original));
    expect(whole.faults).toMatchObject({ wrong_days: 0 });
    // What an older program had stored is all there.
    const { skus, places, listings, documents } = kept;
    expect(whole.digests).toMatchObject({ skus, places, listings, documents });
    if (version === 1) {
      const data = copyOf(original);
      const measured = await runUntil(['shops', '--json'], data, null);
      // All it says beside the answer is how far the reading of what an older program kept has come.
      expect(measured.ending).toMatchObject({
        code: 0,
        err: expect.stringMatching(/^(?:reading the kept documents by new rules: \d+ %\n)*$/) as string,
      });
      expect(await withStore(data, tableDigests)).toEqual(whole.tables);
      ({ milliseconds } = measured);
    }
    for (let kill = killsUpTo(version - 1); kill < killsUpTo(version); kill++) {
      // Early and late parts of the whole mixed over the schemas, in turns by time and by what is written.
      const part = parts[(trial * 7) % parts.length]!;
      trial += 1;
      const moment = trial % 2 === 0 ? { milliseconds: Math.round(milliseconds * part) } : { writes: 1 + Math.floor(whole.writes * part) };
      const data = copyOf(original);
      await runUntil(['shops', '--json'], data, moment);
      const [found] = await withStore(data, (engine) =>
        engine.read((reader) => reader.query<{ version: number }>(sql`SELECT max(version) AS version FROM schema_version`)),
      );
      note(moment, `schema ${found!.version}, from ${version}`);
      expect({ moment, ...(await brought(data)).tables }).toEqual({ moment, ...whole.tables });
      rmSync(data, { recursive: true });
    }
  }
});

/** Opens the data as every start does, and tells what they are then and how often the file was written. */
async function brought(data: string) {
  let writes = 0;
  const watcher = watch(data, (_event, file) => {
    if (file?.startsWith('s7.duckdb')) writes += 1;
  });
  const found = await withApp(data, async ({ engine }) => ({
    tables: await tableDigests(engine),
    faults: await faults(engine),
    digests: await digests(engine),
  }));
  watcher.close();
  return { ...found, writes };
}

/** What is in a folder whose process was killed, and what the doctor says about it. */
async function examine(data: string): Promise<{ faults: Record<string, number>; interrupted: boolean; doctor: string; orders: number }> {
  if (!existsSync(join(data, 's7.duckdb'))) return { faults: {}, interrupted: false, doctor: '', orders: 0 };
  return withApp(data, async (app) => {
    const [log] = await app.engine.read((reader) =>
      reader.query<{ interrupted: boolean; orders: number }>(sql`
      SELECT count(*) FILTER (WHERE state = 'interrupted') > 0 AS interrupted, (SELECT count(*) FROM orders) AS orders FROM imports`),
    );
    const doctor = await doctorOn(app);
    if (!log!.interrupted && log!.orders < ORDERS) expect(log!.orders).toBe(0);
    return { faults: await faults(app.engine), interrupted: log!.interrupted, doctor, orders: log!.orders };
  });
}

type App = Awaited<ReturnType<typeof openApp>>;

async function withApp<T>(data: string, work: (app: App) => Promise<T>): Promise<T> {
  const app = await openApp(readConfig({ S7_DATA_DIR: data }));
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

/** What the doctor says of imports: nothing where there never was one. */
async function doctorOn(app: App): Promise<string> {
  const answer = await app.http.inject('/api/doctor');
  const { data } = answer.json<{ data: { check: string; state: string; text: string }[] }>();
  const found = data.find(({ check }) => check === 'imports');
  return found ? `${found.state}: ${found.text}` : '';
}
