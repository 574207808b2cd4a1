import { Command } from 'commander';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { AppError, toAppError } from '../../kernel/errors.ts';
import { parseLosslessJson } from '../../kernel/lossless-json.ts';
import { OLDER_FOLDERS, OLDER_ORDER_FILES, OLDER_PRICE_DETAILS, readOlderSettings, type OlderFile, type OlderSettings } from '../../platforms/older-system.ts';
import { appSettings, kindOf } from '../../sync/authorization.ts';
import type { AdoptResult } from '../../sync/adopt.ts';
import { appendSettings } from './env-file.ts';
import { adoptReport } from './adopt-report.ts';
import type { Session } from './cli.ts';
import { importWithBar } from './import-command.ts';

interface Options {
  readonly shop?: string;
  readonly region?: string;
  readonly serviceId?: string;
  readonly writeEnv?: true | string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** A settings file of the older system and which settings it holds; never their values. */
export interface SettingsFile {
  readonly file: string;
  readonly holds: readonly (keyof OlderSettings)[];
  /** Null, or why it says nothing. */
  readonly problem: 'broken' | null;
}

/** What a take-over came to; holds no secret. */
export interface Adopted {
  readonly settings_files: readonly SettingsFile[];
  readonly orders: readonly AdoptResult[];
  readonly shop_id: string | null;
  readonly region: string | null;
  /** The names of the settings that the registration needs, and which of them nothing tells. */
  readonly registration: { readonly settings: readonly string[]; readonly missing: readonly string[]; readonly console: string | null; readonly configured: boolean };
  /** The names of the settings that were written, and where. */
  readonly written: { readonly file: string; readonly names: readonly string[]; readonly active: boolean } | null;
}

const LARGEST_SETTINGS = 1_000_000;

/** `s7 adopt DIR` */
export function adoptCommand(session: Session): Command {
  return new Command('adopt')
    .description('Take over the older system: its orders, and what its settings tell.')
    .argument('<folder>', `the folder that holds its ${OLDER_FOLDERS.settings}/ and ${OLDER_FOLDERS.data}/`)
    .option('--shop <name>', 'the shop its TikTok orders belong to (default: named after their market)')
    .option('--region <code>', 'market of the TikTok shop, e.g. ES, where the orders do not tell it')
    .option('--service-id <id>', 'the service id of the app, which the older system did not keep')
    .option('--write-env [file]', 'add key, secret and service id to .env, readable by you alone')
    .option('--dry-run', 'read and check everything, write nothing')
    .option('--json', 'for programs')
    .addHelpText('after', `
Running it again changes nothing. Names, phones and addresses are dropped on reading. Tokens are not taken over: connect the
shop once with s7 connect, and the older system keeps its own until you stop it.

Examples:
  $ s7 adopt ../older-system --dry-run
  $ s7 adopt ../older-system --service-id 7412345678901234567 --write-env`)
    .action((folder: string, options: Options) => session.withClient(async (client) => {
      const files = await filesOf(resolve(folder));
      const orderFiles = OLDER_ORDER_FILES.flatMap((known) => files.filter(({ name }) => name === known.name.toLowerCase()).map(({ path }) => ({ ...known, path })));
      const read = await Promise.all(files.filter(({ inSettings, name }) => inSettings && ![...OLDER_ORDER_FILES, OLDER_PRICE_DETAILS].some((each) => each.name.toLowerCase() === name)).map(({ path }) => readSettings(path, folder)));
      if (orderFiles.length === 0 && !files.some(({ name }) => name === OLDER_PRICE_DETAILS.name.toLowerCase()) && read.every(({ holds }) => holds.length === 0)) {
        throw new AppError('adopt_nothing_found', { folder: resolve(folder), files: [`${OLDER_FOLDERS.settings}/config.json`, ...[...OLDER_ORDER_FILES, OLDER_PRICE_DETAILS].map(({ name }) => `${OLDER_FOLDERS.data}/${name}`)] });
      }
      // The file named config.json speaks before those that keep tokens.
      const settings = read.toSorted((a, b) => Number(b.file.endsWith('config.json')) - Number(a.file.endsWith('config.json')))
        .reduce<OlderSettings>((all, { values }) => ({ ...values, ...all }), options.serviceId ? { serviceId: options.serviceId } : {});
      const orders: AdoptResult[] = [];
      for (const { path, platform } of orderFiles) {
        orders.push(await importWithBar<AdoptResult>(client, path, { path: '/api/adopt', query: queryOf(platform, settings, options), silent: options.json === true }));
      }
      for (const { path } of files.filter(({ name }) => name === OLDER_PRICE_DETAILS.name.toLowerCase())) {
        // A dry run stores no order that they could belong to.
        if (!options.dryRun) orders.push(await importWithBar<AdoptResult>(client, path, { path: '/api/adopt', query: await detailsQuery(path, orders), silent: options.json === true }));
      }
      const adopted = await summaryOf(session, { settings, orders, options, settingsFiles: read.map(({ file, holds, problem }) => ({ file, holds, problem })) });
      session.out(options.json ? JSON.stringify(adopted) : adoptReport(adopted, session.room().config.language));
    }));
}

function queryOf(platform: OlderFile['platform'], { shopId }: OlderSettings, { shop, region, dryRun }: Options): URLSearchParams {
  const own = platform === 'TikTok' ? { shop, region, platform_shop_id: shopId } : {};
  return new URLSearchParams(Object.entries({ platform, ...own, dry_run: dryRun && 'true' }).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** They are of the orders that were just taken over, else of those that are stored. */
async function detailsQuery(path: string, orders: readonly AdoptResult[]): Promise<URLSearchParams> {
  const shop = orders.find(({ platform }) => platform === OLDER_PRICE_DETAILS.platform)?.shops[0];
  const { mtime } = await stat(path);
  return new URLSearchParams({ platform: OLDER_PRICE_DETAILS.platform, content: 'price_details', written_at: mtime.toISOString(), ...(shop ? { shop } : {}) });
}

async function summaryOf(
  session: Session, { settings, orders, options, settingsFiles }: { settings: OlderSettings; orders: AdoptResult[]; options: Options; settingsFiles: SettingsFile[] },
): Promise<Adopted> {
  const { config, envFile, platforms } = session.room();
  const region = options.region?.toUpperCase() ?? orders.find(({ platform }) => platform === 'TikTok')?.region ?? null;
  const api = platforms.find(({ id }) => id === 'TikTok')!.api!;
  const kind = kindOf(api, region ?? undefined);
  const names = appSettings('TikTok', kind);
  const values = [settings.appKey, settings.appSecret, settings.serviceId];
  const target = options.writeEnv === true ? envFile : options.writeEnv;
  const known = names.flatMap((name, i) => (values[i] === undefined ? [] : [[name, values[i]] as const]));
  const active = known.length === names.length;
  const written = target && !options.dryRun && known.length > 0 ? await appendSettings(resolve(target), known, { active }) : null;
  return {
    settings_files: settingsFiles, orders, shop_id: settings.shopId ?? null, region,
    registration: {
      settings: names, missing: names.filter((_, i) => values[i] === undefined), console: api.apps.find(({ name }) => name === kind)?.console ?? null,
      configured: config.apps.some((app) => app.platform === 'TikTok' && app.kind === kind),
    },
    written: target && written ? { file: resolve(target), names: written, active } : null,
  };
}

interface FoundFile {
  /** In small letters. */
  readonly name: string;
  readonly path: string;
  readonly inSettings: boolean;
}

/** The JSON files of the folder and of its two, whatever the case of their names. @throws AppError `file_missing` */
async function filesOf(folder: string): Promise<FoundFile[]> {
  const list = async (path: string): Promise<{ name: string; path: string; folder: boolean }[]> =>
    (await readdir(path, { withFileTypes: true })).map((entry) => ({ name: entry.name, path: join(path, entry.name), folder: entry.isDirectory() }));
  const own = await list(folder).catch((error: unknown) => {
    throw new AppError('file_missing', { file: folder }, { cause: error });
  });
  const isFolder = (name: string, wanted: string): boolean => name.toLowerCase() === wanted.toLowerCase();
  const json = (entries: readonly { name: string; path: string; folder: boolean }[], inSettings: boolean): FoundFile[] =>
    entries.filter((entry) => !entry.folder && /\.json$/i.test(entry.name)).map(({ name, path }) => ({ name: name.toLowerCase(), path, inSettings }));
  const found = json(own, true);
  for (const { name, path } of own.filter((entry) => entry.folder)) {
    if (isFolder(name, OLDER_FOLDERS.settings)) found.push(...json(await list(path), true));
    if (isFolder(name, OLDER_FOLDERS.data)) found.push(...json(await list(path), false));
  }
  return found;
}

async function readSettings(path: string, folder: string): Promise<SettingsFile & { readonly values: OlderSettings }> {
  const file = relative(resolve(folder), path);
  if ((await stat(path)).size > LARGEST_SETTINGS) return { file, holds: [], problem: null, values: {} };
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw toAppError(error);
  });
  const json = parseLosslessJson(text.replace(/^\uFEFF/, ''));
  const values = json === undefined ? {} : readOlderSettings(json);
  return { file, holds: Object.keys(values) as (keyof OlderSettings)[], problem: json === undefined ? 'broken' : null, values };
}
