import { Command } from 'commander';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Text } from '../../kernel/messages.ts';
import { OLDER_FOLDERS, OLDER_SETTINGS_OF, type OlderSettings } from '../../platforms/older-system.ts';
import type { PlatformId } from '../../model/shop.ts';
import { kindOf, settingNames } from '../../sync/authorization.ts';
import type { Answer, Given } from './api.ts';
import { appendSettings } from './env-file.ts';
import { adoptReport } from './adopt-report.ts';
import type { Session } from './cli.ts';
import { ServerError, type Client } from './client.ts';
import { HELP, withEnd } from './help.ts';
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

const TEXTS = {
  about: {
    en: 'Move from the older system: its orders, and what its settings tell.',
    zh: '从旧系统迁移：订单及设置中的信息。',
    es: 'Migrar del sistema anterior: sus pedidos y lo que dicen sus ajustes.',
  },
  folder: {
    en: 'the folder that holds its {settings}/ and {data}/',
    zh: '包含 {settings}/ 和 {data}/ 的文件夹',
    es: 'la carpeta que contiene {settings}/ y {data}/',
  },
  shop: {
    en: 'the shop its {platform} orders belong to (default: named after their country)',
    zh: '{platform} 订单所属店铺（默认：按站点命名）',
    es: 'la tienda de sus pedidos de {platform} (por defecto, con el nombre de su país)',
  },
  region: {
    en: 'country of the shop, e.g. ES, where the orders do not tell it',
    zh: '店铺所在站点，如 ES，用于订单未注明时',
    es: 'país de la tienda, p. ej. ES, si los pedidos no lo indican',
  },
  serviceId: {
    en: 'the service id of the app, which the older system did not keep',
    zh: '应用的 Service ID（旧系统没有保存）',
    es: 'el service id de la aplicación, que el sistema anterior no guardaba',
  },
  writeEnv: {
    en: 'add key, secret and service id to .env, readable by you alone',
    zh: '把 key、secret 和 Service ID 写入 .env，仅当前用户可读',
    es: 'añadir clave, secreto y service id a .env, que solo lee su usuario',
  },
  notes: {
    en:
      'Running it again changes nothing. Names, phones and addresses are dropped on reading. Access is not taken over: connect the ' +
      'shop once with s7 connect, and the older system keeps its own until you stop it.',
    zh: '重复运行不会有变化。姓名、电话和地址在读取时即被丢弃。访问凭证不会迁移：请用 s7 connect 授权一次，旧系统在停用前仍用自己的凭证。',
    es:
      'Repetirlo no cambia nada. Nombres, teléfonos y direcciones se descartan al leer. El acceso no se traspasa: conecte la tienda ' +
      'una vez con s7 connect; el sistema anterior conserva el suyo hasta que lo pare.',
  },
} as const satisfies Record<string, Text>;

/** `s7 adopt DIR` */
export function adoptCommand(session: Session): Command {
  const { say } = session;
  const command = new Command('adopt')
    .description(say(TEXTS.about))
    .argument('<folder>', say(TEXTS.folder, OLDER_FOLDERS))
    .option('--shop <name>', say(TEXTS.shop, { platform: OLDER_SETTINGS_OF }))
    .option('--region <code>', say(TEXTS.region))
    .option('--service-id <id>', say(TEXTS.serviceId))
    .option('--write-env [file]', say(TEXTS.writeEnv))
    .option('--dry-run', say(HELP.dryRun))
    .option('--json', say(HELP.json))
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
        session.out(options.json ? JSON.stringify(adopted) : adoptReport(adopted, session.language));
        // The rest came in; that a file did not is an error all the same.
        if (taking.failed.length > 0) throw new ServerError(taking.failed[0]!.body);
      }),
    );
  return withEnd(command, {
    notes: TEXTS.notes,
    examples: ['s7 adopt ../older-system --dry-run', 's7 adopt ../older-system --service-id 7412345678901234567 --write-env'],
  });
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
