import { Command } from 'commander';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { OLDER_FOLDERS, OLDER_SETTINGS_OF, type OlderSettings } from '../../platforms/older-system.ts';
import type { PlatformId } from '../../model/shop.ts';
import { kindOf, settingNames } from '../../sync/authorization.ts';
import type { Answer, Given } from './api.ts';
import { appendSettings } from './env-file.ts';
import { adoptReport } from './adopt-report.ts';
import type { Session } from './cli.ts';
import { ServerError, type Client } from './client.ts';
import { importWithBar } from './import-command.ts';
import { findOlderFiles, type DataFile, type SettingsFile } from './older-files.ts';

interface Options {
  readonly shop?: string;
  readonly region?: string;
  readonly serviceId?: string;
  readonly writeEnv?: true | string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** What the server answers of a file that is taken over. */
export type TakenOver = Answer<'POST', '/api/adopt'>;

/** What a take-over came to; holds no secret. */
export interface Adopted {
  readonly settings_files: readonly SettingsFile[];
  readonly orders: readonly TakenOver[];
  /** Files that hold nothing. */
  readonly empty_files: readonly string[];
  /** Files of which nothing came in, and why. */
  readonly failed: readonly { readonly file: string; readonly name: string; readonly msg: string }[];
  readonly shop_id: string | null;
  readonly region: string | null;
  /** The names of the settings that the registration needs, and which of them nothing tells. */
  readonly registration: {
    readonly settings: readonly string[];
    readonly missing: readonly string[];
    readonly console: string | null;
    readonly configured: boolean;
  };
  /** The names of the settings that were written, and where. */
  readonly written: { readonly file: string; readonly names: readonly string[]; readonly active: boolean } | null;
}

/** `s7 adopt DIR` */
export function adoptCommand(session: Session): Command {
  return new Command('adopt')
    .description('Take over the older system: its orders, and what its settings tell.')
    .argument('<folder>', `the folder that holds its ${OLDER_FOLDERS.settings}/ and ${OLDER_FOLDERS.data}/`)
    .option('--shop <name>', `the shop its ${OLDER_SETTINGS_OF} orders belong to (default: named after their market)`)
    .option('--region <code>', 'market of the shop, e.g. ES, where the orders do not tell it')
    .option('--service-id <id>', 'the service id of the app, which the older system did not keep')
    .option('--write-env [file]', 'add key, secret and service id to .env, readable by you alone')
    .option('--dry-run', 'read and check everything, write nothing')
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      `
Running it again changes nothing. Names, phones and addresses are dropped on reading. Tokens are not taken over: connect the
shop once with s7 connect, and the older system keeps its own until you stop it.

Examples:
  $ s7 adopt ../older-system --dry-run
  $ s7 adopt ../older-system --service-id 7412345678901234567 --write-env`,
    )
    .action((folder: string, options: Options) =>
      session.withClient(async (client) => {
        const found = await findOlderFiles(resolve(folder));
        const settings = options.serviceId ? { ...found.settings, serviceId: options.serviceId } : found.settings;
        const taking: Taking = { client, silent: options.json === true, orders: [], empty: [], failed: [] };
        for (const [platform, files] of Map.groupBy(found.orders, (each) => each.platform)) {
          await takeOver(
            taking,
            files.map(({ path }) => path),
            queryOf(platform, settings, options),
          );
        }
        for (const file of found.priceDetails) await takeOver(taking, [file.path], await detailsQuery(file, taking.orders, options));
        const adopted = await summaryOf(session, { settings, taking, options, settingsFiles: found.settingsFiles });
        session.out(options.json ? JSON.stringify(adopted) : adoptReport(adopted, session.room().config.language));
        // The rest came in; that a file did not is an error all the same.
        if (taking.failed.length > 0) throw new ServerError(taking.failed[0]!.body);
      }),
    );
}

interface Taking {
  readonly client: Client;
  readonly silent: boolean;
  readonly orders: TakenOver[];
  readonly empty: string[];
  readonly failed: { readonly file: string; readonly body: ServerError['body'] }[];
}

/** Takes over files that belong together. Where one of them is broken, the others come in without it. */
async function takeOver(taking: Taking, paths: readonly string[], query: Given['query']): Promise<void> {
  const name = (files: readonly string[]): string => files.map((path) => basename(path)).join(' + ');
  try {
    taking.orders.push(await importWithBar(taking.client, '/api/adopt', { files: paths, query, silent: taking.silent }));
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    const { body } = error;
    if (body.name === 'file_empty') return void taking.empty.push(name(paths));
    const broken = paths.filter((path) => paths.length > 1 && basename(path) === body.details?.['file']);
    taking.failed.push({ file: name(broken.length > 0 ? broken : paths), body });
    const others = paths.filter((path) => !broken.includes(path));
    if (broken.length > 0 && others.length > 0) await takeOver(taking, others, query);
  }
}

const MARKET = /^[A-Za-z]{2}$/;

function queryOf(platform: PlatformId, settings: OlderSettings, { shop, region, dryRun }: Options): Given['query'] {
  const told = settings.region && MARKET.test(settings.region) ? settings.region : undefined;
  const own = platform === OLDER_SETTINGS_OF ? { shop, region: region ?? told, platform_shop_id: settings.shopId } : { region };
  return { platform, ...own, dry_run: dryRun };
}

/** They are of the orders that were just taken over, else of the shop that is named, else of those that are stored. */
async function detailsQuery(
  { path, platform }: DataFile,
  orders: readonly TakenOver[],
  { shop: named, dryRun }: Options,
): Promise<Given['query']> {
  const shop = orders.find((each) => each.platform === platform)?.shops[0] ?? named;
  const { mtime } = await stat(path);
  return { platform, content: 'price_details', written_at: mtime.toISOString(), shop, dry_run: dryRun };
}

async function summaryOf(
  session: Session,
  {
    settings,
    taking,
    options,
    settingsFiles,
  }: { settings: OlderSettings; taking: Taking; options: Options; settingsFiles: readonly SettingsFile[] },
): Promise<Adopted> {
  const { orders } = taking;
  const { config, envFile, platforms } = session.room();
  const region = options.region?.toUpperCase() ?? orders.find(({ platform }) => platform === OLDER_SETTINGS_OF)?.region ?? null;
  const api = platforms.find(({ id }) => id === OLDER_SETTINGS_OF)!.api!;
  const kind = kindOf(api, region ?? undefined);
  const names = settingNames(kind);
  const values = [
    settings.appKey,
    settings.appSecret,
    ...Object.keys(kind.settings.more).map((name) => settings[name as keyof OlderSettings]),
  ];
  const target = options.writeEnv === true ? envFile : options.writeEnv;
  const known = names.flatMap((name, i) => (values[i] === undefined ? [] : [[name, values[i]] as const]));
  const active = known.length === names.length;
  const written = target && !options.dryRun && known.length > 0 ? await appendSettings(resolve(target), known, { active }) : null;
  return {
    settings_files: settingsFiles,
    orders,
    empty_files: taking.empty,
    failed: taking.failed.map(({ file, body: { name, msg } }) => ({ file, name, msg })),
    shop_id: settings.shopId ?? null,
    region,
    registration: {
      settings: names,
      missing: names.filter((_, i) => values[i] === undefined),
      console: kind.console ?? null,
      configured: config.apps.some((app) => app.platform === OLDER_SETTINGS_OF && app.kind === kind.name),
    },
    written: target && written ? { file: resolve(target), names: written, active } : null,
  };
}
