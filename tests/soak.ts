import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DATA_FILES, openApp, type App } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { raw } from '../src/engines/sql.ts';
import { consentQuery } from './connected-shops.ts';
import { openSimulatorProcess } from './simulator-process.ts';

/** How long is lived through, and how fast. */
export interface SoakOptions {
  readonly days: number;
  /** The server looks what is due so often. */
  readonly everyHours: number;
  /** As often in the first month; a server looks every half minute, and its memory has found its size by then. */
  readonly firstMonthEveryHours?: number;
  /** A factor on the orders of a day. */
  readonly scale: number;
  readonly onSample?: (sample: SoakSample) => void;
}

/** What a server that has run for so long takes. */
export interface SoakSample {
  readonly day: number;
  readonly orders: number;
  /** Of our own objects, after a collection. */
  readonly heapBytes: number;
  /** Of the whole process, with the database's cache. */
  readonly rssBytes: number;
  /** Of these, by the database's own account: blocks of the file it keeps, and what is written but not in the file yet. */
  readonly databaseBytes: number;
  /** The data file and the log of what is not yet in it. */
  readonly fileBytes: number;
  /** Of these, the log. */
  readonly logBytes: number;
  /** What the same data take in a fresh, compact copy. */
  readonly compactBytes: number;
  /** Of all threads, for a look at what is due; the mean since the sample before. */
  readonly lookCpuMs: number;
  /** Of our own thread alone: nothing that runs beside it counts. */
  readonly ownCpuMs: number;
  /** Of all threads, to answer three reports; the mean since the sample before. */
  readonly reportCpuMs: number;
  readonly problems: number;
}

const SAMPLE_DAYS = 7;
const MONTH_HOURS = 30 * 24;
/** A consent is good for a year; the seller gives the next one when the alert asks for it. */
const CONSENT_HOURS = 340 * 24;
const REPORT_EVERY_HOURS = 24;
const REPORTS = ['SalesRank_30d', 'MonthlySalesAnalysis', 'AreaDemand_7d'];

/**
 * Lives through some time as a server does that is never restarted: fetching, tokens, nightly jobs, and somebody who asks for reports each
 * day.
 */
export async function soak({ days, everyHours, firstMonthEveryHours = everyHours, scale, onSample }: SoakOptions): Promise<SoakSample[]> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const first = Temporal.Instant.from('2024-12-10T10:00:00Z');
  let now = first;
  const simulator = await openSimulatorProcess({ limits: 'off', scale }, first);
  const dataFolder = await mkdtemp(join(tmpdir(), 's7-soak-'));
  let problems = 0;
  const open = (): Promise<App> =>
    openApp(
      {
        ...readConfig({}),
        dataFolder,
        backupFolder: join(dataFolder, 'backups'),
        host: '127.0.0.1',
        apps: simulator.apps,
        historyDays: 30,
        ratesUrl: undefined,
        threads: 1,
      },
      {
        clock: { now: () => now },
        rateFactor: Infinity,
        say: () => {
          problems += 1;
        },
      },
    );
  const file = join(dataFolder, DATA_FILES.store);
  const log = `${file}.wal`;
  let app = await open();
  const ask = (path: string) => app.http.inject({ url: path, headers: { host: 'localhost' } });
  try {
    const consent = async (): Promise<void> => {
      const { auth_url: address } = (await ask('/api/TikTok/auth_url?region=ES')).json<{ auth_url: string }>();
      const back = await ask(`/api/TikTok/callback${await consentQuery(address, 'estrella-hogar')}`);
      if (back.statusCode !== 200) throw new Error(back.body);
    };
    await consent();
    await app.look();
    // As every server that was ever started again: once a file is closed, DuckDB gives each column that is written to 512 KB instead of
    // what it needs.
    await app.close();
    app = await open();
    const samples: SoakSample[] = [];
    let [cpu, own, looks, answered, answers] = [0, 0, 0, 0, 0];
    const stepAfter = (hour: number): number => (hour < MONTH_HOURS ? firstMonthEveryHours : everyHours);
    for (let hour = stepAfter(0), step = hour; hour <= days * 24; step = stepAfter(hour), hour += step) {
      now = first.add({ hours: hour });
      await simulator.setClock(now);
      if (hour % CONSENT_HOURS < step) await consent();
      const [before, ownBefore] = [process.cpuUsage(), process.threadCpuUsage()];
      await app.look();
      own += millisecondsOf(process.threadCpuUsage(ownBefore));
      cpu += millisecondsOf(process.cpuUsage(before));
      looks += 1;
      if (hour % REPORT_EVERY_HOURS < step) {
        const asked = process.cpuUsage();
        for (const report of REPORTS) {
          const { statusCode, body } = await ask(`/api/TikTok/DataScience/${report}?currency=native`);
          if (statusCode !== 200) throw new Error(body);
        }
        answered += millisecondsOf(process.cpuUsage(asked));
        answers += 1;
      }
      if (hour % (SAMPLE_DAYS * 24) >= step) continue;
      collect();
      const [row] = await app.engine.read((reader) =>
        reader.query<{ orders: number; database: number }>(
          raw('SELECT (SELECT count(*) FROM orders) AS orders, (SELECT sum(memory_usage_bytes) FROM duckdb_memory())::bigint AS database'),
        ),
      );
      const { heapUsed, rss } = process.memoryUsage();
      const copy = join(dataFolder, 'tmp', `compact-${hour}`);
      await app.engine.backup(copy);
      const sample: SoakSample = {
        day: Math.floor(hour / 24),
        orders: row!.orders,
        heapBytes: heapUsed,
        rssBytes: rss,
        databaseBytes: row!.database,
        fileBytes: sizeOf(file) + sizeOf(log),
        logBytes: sizeOf(log),
        compactBytes: sizeOf(copy),
        lookCpuMs: cpu / looks,
        ownCpuMs: own / looks,
        reportCpuMs: answered / Math.max(answers, 1),
        problems,
      };
      await rm(copy);
      [cpu, own, looks, answered, answers] = [0, 0, 0, 0, 0];
      samples.push(sample);
      onSample?.(sample);
    }
    return samples;
  } finally {
    await app.close();
    await simulator.close();
    await rm(dataFolder, { recursive: true, force: true });
  }
}

function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

function millisecondsOf({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}
