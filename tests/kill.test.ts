import { existsSync, mkdirSync, mkdtempSync, rmSync, watch } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { sql } from '../src/engines/sql.ts';
import { digests, faults, s7, startS7, temporaryFolder, withStore, writeOrderFile } from './process.ts';

/** How many kills; more in a long run: S7_KILLS=50. */
const KILLS = Number(process.env['S7_KILLS'] ?? 10);
const ORDERS = 11_000;

/** When a process is killed: after so many milliseconds, or as soon as it has written so often to its data file. */
type Moment = { readonly milliseconds: number } | { readonly writes: number };

test(`an import killed anywhere and run again loses and doubles nothing (${KILLS} kills)`, { timeout: 60_000 + KILLS * 20_000 }, async () => {
  const folder = temporaryFolder();
  const { arguments: importing, lines } = writeOrderFile(folder, ORDERS);
  const [whole, same] = [join(folder, 'whole'), join(folder, 'same')];
  const [{ milliseconds, writes }] = await Promise.all([runUntil(importing, whole, null), runUntil(importing, same, null)]);
  const reference = await withStore(whole, digests);
  expect(reference).toMatchObject({ orders: expect.stringMatching(new RegExp(`^${lines} `)), shops: expect.stringMatching(/^2 /) });
  expect(await withStore(same, digests)).toEqual(reference);

  const random = randomOf(2026);
  const moments = Array.from({ length: KILLS }, (_, i): Moment => {
    const part = (i + random()) / KILLS;
    return i % 2 === 0 ? { milliseconds: milliseconds * part } : { writes: 1 + Math.floor(writes * part) };
  });
  const cut: string[] = [];
  const killAndRepeat = async (moment: Moment): Promise<void> => {
    const data = mkdtempSync(join(folder, 'killed-'));
    await runUntil(importing, data, moment);
    const found = await examine(data);
    expect({ moment, ...found.faults }).toEqual({ moment, ...NO_FAULTS });
    if (found.interrupted) cut.push(found.doctor);

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
    for (let moment = moments.pop(); moment; moment = moments.pop()) await killAndRepeat(moment);
  };
  await Promise.all([lane(), lane()]);
  // Not every moment cuts an import off: before it nothing is written, after it everything is.
  expect(new Set(cut)).toEqual(new Set(['problem: cut off: orders.csv. Run the same import again; nothing is doubled']));
});

const NO_FAULTS = {
  halves: 0, loose_lines: 0, doubles: 0, shared_numbers: 0, double_skus: 0, double_places: 0, double_buyers: 0, double_listings: 0,
  nameless_lines: 0, without_document: 0,
};

/** Runs an import to its end, or kills it at the moment; tells how long it ran and how often it wrote to its data file. */
async function runUntil(importing: readonly string[], data: string, moment: Moment | null): Promise<{ milliseconds: number; writes: number }> {
  mkdirSync(data, { recursive: true });
  const start = performance.now();
  const child = startS7(importing, { data });
  let writes = 0;
  const watcher = watch(data, (_event, file) => {
    if (!file?.startsWith('s7.duckdb')) return;
    writes += 1;
    if (moment && 'writes' in moment && writes === moment.writes) child.kill('SIGKILL');
  });
  const timer = moment && 'milliseconds' in moment ? setTimeout(() => child.kill('SIGKILL'), moment.milliseconds) : undefined;
  const ending = await child.ended;
  clearTimeout(timer);
  watcher.close();
  if (!moment) expect(ending).toMatchObject({ code: 0, err: '' });
  return { milliseconds: performance.now() - start, writes };
}

/** What is in a folder whose process was killed, and what the doctor says about it. */
async function examine(data: string): Promise<{ faults: Record<string, number>; interrupted: boolean; doctor: string }> {
  if (!existsSync(join(data, 's7.duckdb'))) return { faults: NO_FAULTS, interrupted: false, doctor: '' };
  return withApp(data, async (app) => {
    const [log] = await app.engine.read((reader) => reader.query<{ interrupted: boolean; orders: number }>(sql`
      SELECT count(*) FILTER (WHERE state = 'interrupted') > 0 AS interrupted, (SELECT count(*) FROM orders) AS orders FROM imports`));
    const doctor = await doctorOn(app);
    if (!log!.interrupted && log!.orders < ORDERS) expect(log!.orders).toBe(0);
    return { faults: await faults(app.engine), interrupted: log!.interrupted, doctor };
  });
}

type App = Awaited<ReturnType<typeof openApp>>;

async function withApp<T>(data: string, work: (app: App) => Promise<T>): Promise<T> {
  const app = await openApp({ ...readConfig({}), dataFolder: data });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

async function doctorOn(app: App): Promise<string> {
  const answer = await app.http.inject('/api/doctor');
  const { data } = answer.json<{ data: { check: string; state: string; text: string }[] }>();
  const { state, text } = data.find(({ check }) => check === 'imports')!;
  return `${state}: ${text}`;
}

/** Numbers from 0 to 1 that are the same in every run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
