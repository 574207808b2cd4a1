import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import type { Config } from './config.ts';
import { openDuckDb } from './engines/duckdb.ts';
import type { Engine } from './engines/engine.ts';
import { markInterruptedImports } from './records/imports/import-log.ts';
import { prepareStore } from './records/prepare-store.ts';
import { openSpentQuotas } from './records/runs/spent-quotas.ts';
import { markInterruptedRuns } from './records/runs/sync-log.ts';
import { bindBuyerKey, hasBuyerKey } from './records/buyers/buyer-key.ts';
import { systemClock, type Clock } from './kernel/clock.ts';
import { AppError, toAppError } from './kernel/errors.ts';
import { openFailureLog } from './kernel/failure-log.ts';
import type { Sleep } from './kernel/throttle.ts';
import { turns } from './kernel/turns.ts';
import { visibleLines } from './kernel/visible.ts';
import { keyedHash, keyFromHex, openKeyFile, openVault } from './kernel/vault.ts';
import { platforms as everyPlatform } from './platforms/all.ts';
import type { Platform } from './platforms/platform.ts';
import { openClient } from './platforms/client.ts';
import { presetOf } from './platforms/mapped-file.ts';
import { parseMapping } from './platforms/mapping.ts';
import type { App as RegisteredApp } from './platforms/connection.ts';
import { reports } from './reports/all.ts';
import { mendAreas } from './jobs/areas.ts';
import { keepPrivate } from './jobs/private-files.ts';
import { openRateJob } from './jobs/rates.ts';
import { openScaleJob } from './jobs/rfm-scales.ts';
import { openAlerts, type Alerts } from './jobs/alerts/alerts.ts';
import { openChannels } from './jobs/alerts/channels.ts';
import { openAnswers } from './reports/answers.ts';
import { openSchedule } from './jobs/schedule.ts';
import { openFieldNotes } from './jobs/unknown-fields.ts';
import { createHttp, type Http } from './surfaces/http/http.ts';
import { openAuthorizations } from './sync/authorization.ts';
import { openParts } from './sync/document-readers.ts';
import { openSync, type SyncEvent } from './sync/sync.ts';
import { openUpgrade, type UpgradeProgress } from './sync/upgrade.ts';

/** The names of what stands in the data folder. */
export const DATA_FILES = {
  store: 's7.duckdb',
  buyerKey: 'buyer.key',
  secretKey: 'secret.key',
  server: 'server.json',
  areas: 'areas.json',
  imports: 'imports',
  temporary: 'tmp',
} as const;

/** How many uploads are read beside each other: each may take as much memory as its thread is allowed. */
const READ_AT_ONCE = 4;

/** Everything wired together on one data folder. */
export interface App {
  readonly config: Config;
  readonly engine: Engine;
  readonly http: Http;
  readonly alerts: Alerts;
  /** Begins what a server does by itself: tokens kept fresh, shops read. */
  start(): void;
  /** Does what is due by now, once, and waits for all of it. */
  look(): Promise<void>;
  close(): Promise<void>;
}

/** What may stand in for the machine's own. */
export interface AppSurroundings {
  readonly clock?: Clock;
  /** Waits between tries of a call. */
  readonly sleep?: Sleep;
  /** Multiplies the rate of every call; Infinity lifts it. */
  readonly rateFactor?: number;
  /** Takes the lines that tell the operator what goes wrong; standard error unless told. */
  readonly say?: (line: string) => void;
  /** When an upload that stands still is ended, in milliseconds. */
  readonly stillMs?: number;
  /** Lets the command line in beside `S7_API_KEY`. */
  readonly sessionKey?: string;
  /** What is offered in place of all platforms there are. */
  readonly platforms?: readonly Platform[];
  /** Answers while data of an older program are brought to today's rules, and says how far that is; else opening waits for it. */
  readonly upgradeBeside?: boolean;
}

/**
 * Opens the data folder, brings the data to today's schema and wires the rooms.
 * @throws AppError `store_in_use`, `store_unreadable`, `store_newer`, `key_file_lost`, `folder_not_writable`
 */
export async function openApp(
  config: Config,
  {
    clock = systemClock,
    sessionKey,
    rateFactor = 1,
    sleep,
    say = toStandardError,
    stillMs,
    upgradeBeside = false,
    platforms = everyPlatform,
  }: AppSurroundings = {},
): Promise<App> {
  const at = (file: string): string => join(config.dataFolder, file);
  makeFolder(at(DATA_FILES.imports));
  const engine = await openDuckDb(at(DATA_FILES.store), {
    memoryLimit: memoryLimit(),
    temporaryFolder: at(DATA_FILES.temporary),
    backupFolder: config.backupFolder,
    threads: config.threads,
  });
  try {
    // The store is ours alone now: what a killed process left behind is nobody's.
    rmSync(at(DATA_FILES.temporary), { recursive: true, force: true });
    makeFolder(at(DATA_FILES.temporary));
    await prepareStore(engine);
    const hash = keyedHash(await readBuyerKey(engine, at(DATA_FILES.buyerKey)));
    await bindBuyerKey(engine, hash, DATA_FILES.buyerKey);
    await mendAreas(engine, at(DATA_FILES.areas));
    await markInterruptedImports(engine);
    await markInterruptedRuns(engine);
    const apps = appsOf(config, platforms);
    const vault = openVault(readSecretKey(config.secretKey, at(DATA_FILES.secretKey)));
    keepPrivate({ dataFolder: config.dataFolder, importsFolder: at(DATA_FILES.imports), backupFolder: config.backupFolder });
    const log = openFailureLog({ clock, write: say });
    const quotas = await openSpentQuotas(engine, clock, (error) => log.failed('what is spent of quotas', error));
    const authorizations = openAuthorizations({
      engine,
      clock,
      vault,
      client: openClient({ clock, rateFactor, quotas, ...(sleep ? { sleep } : {}) }),
      platforms,
      apps,
    });
    const presets = platforms.flatMap(({ files }) => files);
    const reading = { hash, platforms, presets, presetOf: (mapping: unknown) => presetOf(parseMapping(mapping)) };
    const parts = openParts(reading);
    const upgrade = await openUpgrade({ engine, ...reading }, sayProgress(say));
    if (!upgradeBeside) await upgrade.run();
    const fieldNotes = openFieldNotes({ platforms, log });
    const sync = openSync({
      engine,
      clock,
      hash,
      platforms,
      authorizations,
      historyDays: config.historyDays,
      keepDocuments: true,
      parts,
      onFailure: (error, event) => {
        log.failed(nameOf(event), error);
        fieldNotes.look();
      },
      onSuccess: (event) => {
        log.went(nameOf(event));
        fieldNotes.look();
      },
    });
    const alerts = openAlerts({
      engine,
      clock,
      channels: openChannels(config.alerts, clock),
      language: config.language,
      syncMinutes: config.syncMinutes,
      reportingCurrency: config.reportingCurrency,
      fetchesRates: config.ratesUrl !== undefined,
      onFailure: (error, what) => log.failed(what, error),
    });
    const schedule = openSchedule({
      engine,
      clock,
      authorizations,
      sync,
      alerts,
      refreshZone: config.refreshZone,
      syncMinutes: config.syncMinutes,
      onFailure: (error, what) => log.failed(what, error),
      onSuccess: (what) => log.went(what),
    });
    const scales = openScaleJob({
      engine,
      clock,
      reportingCurrency: config.reportingCurrency,
      onFailure: (error, what) => log.failed(what, error),
      onSuccess: (what) => log.went(what),
    });
    const rates = openRateJob({
      engine,
      clock,
      ratesUrl: config.ratesUrl,
      reportingCurrency: config.reportingCurrency,
      onFailure: (error, what) => log.failed(what, error),
      onSuccess: (what) => log.went(what),
    });
    const http = await createHttp({
      engine,
      clock,
      hash,
      presets,
      parts,
      upgrade,
      reports,
      answers: openAnswers({ engine, clock, reportingCurrency: config.reportingCurrency }),
      config,
      sessionKey,
      authorizations,
      sync,
      alerts,
      log,
      connectable: platforms.filter(({ api }) => api).map(({ id }) => id),
      apps,
      platforms,
      temporaryFolder: at(DATA_FILES.temporary),
      importsFolder: at(DATA_FILES.imports),
      turns: { reading: turns(READ_AT_ONCE), writing: turns(1) },
      stillMs,
    });
    return {
      config,
      engine,
      http,
      alerts,
      start() {
        const begin = (): void => {
          schedule.start();
          rates.start();
          scales.start();
        };
        if (!upgrade.progress) return begin();
        upgrade.run().then(begin, (error: unknown) => log.failed(UPGRADE, toAppError(error)));
      },
      look: () => schedule.look(),
      async close() {
        await upgrade.close();
        await Promise.all([schedule.close(), sync.close(), rates.close(), scales.close()]);
        await alerts.close();
        await http.close();
        fieldNotes.look();
        await quotas.settled();
        await engine.close();
        rmSync(at(DATA_FILES.temporary), { recursive: true, force: true });
      },
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** Makes a folder and those above it. Node's own `recursive` calls a read-only disk "no such file" and never ends below /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (existsSync(path)) return;
    const known = toAppError(error);
    throw known.code === 'internal' ? new AppError('folder_not_writable', { path }, { cause: error }) : known;
  }
}

/** The key is made with the first data; data that have one already and lost it must not get another. */
async function readBuyerKey(engine: Engine, path: string): Promise<Uint8Array> {
  if (!existsSync(path) && (await hasBuyerKey(engine))) throw new AppError('key_file_lost', { file: DATA_FILES.buyerKey });
  try {
    return openKeyFile(path);
  } catch (error) {
    if (existsSync(path)) throw new AppError('key_file_lost', { file: DATA_FILES.buyerKey }, { cause: error });
    throw toAppError(error);
  }
}

/** @throws AppError `secret_key_lost` when the file holds no key */
function readSecretKey(configured: string | undefined, path: string): Uint8Array {
  if (configured) return keyFromHex(configured)!;
  try {
    return openKeyFile(path);
  } catch (error) {
    if (existsSync(path)) throw new AppError('secret_key_lost', { file: DATA_FILES.secretKey }, { cause: error });
    throw toAppError(error);
  }
}

const UPGRADE = 'reading the kept documents by new rules';

/** Says how far an upgrade is, tenth by tenth. */
function sayProgress(say: (line: string) => void): (progress: UpgradeProgress) => void {
  let said = -1;
  return ({ documents, total }) => {
    const tenths = Math.floor((10 * documents) / Math.max(total, 1));
    if (tenths <= said) return;
    said = tenths;
    say(`${UPGRADE}: ${10 * tenths} %`);
  };
}

/** The registrations of the settings with the hosts of their platform, or the host that stands in for all of them. */
function appsOf(config: Config, platforms: readonly Platform[]): RegisteredApp[] {
  return config.apps.map(({ host, ...app }) => {
    const kind = platforms.find(({ id }) => id === app.platform)!.api!.apps.find(({ name }) => name === app.kind)!;
    return { ...app, hosts: (region) => (host ? { consent: host, auth: host, api: host } : kind.hosts(region)) };
  });
}

/** What is fetched, as the log names it. */
function nameOf({ platform, shop, account, stream }: SyncEvent): string {
  return `${stream} of ${platform} ${shop ?? account}`;
}

function toStandardError(line: string): void {
  process.stderr.write(`${visibleLines(line)}\n`);
}

/** 40 % of the machine's memory, 2 GB at most: heavy joins beyond it go to disk. */
function memoryLimit(): string {
  return `${Math.max(256, Math.min(2048, Math.floor((totalmem() * 0.4) / 2 ** 20)))}MiB`;
}
