import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { AppError } from './kernel/errors.ts';
import { chooseLanguage, LANGUAGES, LOCALES, type Language, type Text } from './kernel/messages.ts';
import { NO_CURRENCY, problem, problemOf } from './kernel/problem.ts';
import type { PlatformId } from './model/shop.ts';
import { platforms } from './platforms/all.ts';
import { settingName, type App, type AppKind, type AppSetting } from './platforms/connection.ts';

/** The folder the project stands in. */
export const PROJECT_FOLDER = dirname(import.meta.dirname);
/** The settings file, whether it is there or not. */
export const ENV_FILE = resolve(PROJECT_FOLDER, '.env');

const addresses = z
  .string()
  .transform((list) =>
    list
      .split(',')
      .map((address) => address.trim())
      .filter(Boolean),
  )
  .pipe(z.array(z.email()).min(1));
const robot = z.url({ protocol: /^https?$/ });

/** The settings that are ours; those of registrations are told by the platforms. */
const ownSettings = z.object({
  S7_DATA_DIR: z.string().min(1).default('./data').describe('Where everything is kept: orders, keys, logs.'),
  S7_BACKUP_DIR: z
    .string()
    .min(1)
    .optional()
    .describe('Where backups asked for over HTTP are written, and no other folder. Default: the folder backups in the data folder.'),
  S7_HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on. Anything but loopback needs S7_API_KEY.'),
  S7_PORT: z.coerce.number().int().min(0).max(65_535).default(8000).describe('Port to listen on.'),
  S7_API_KEY: z
    .string()
    .min(16, problem({ en: 'needs 16 characters or more', zh: '至少需要 16 个字符', es: 'necesita 16 caracteres o más' }))
    .optional()
    .describe(
      'The key that everybody needs once it is set, this machine included: `Authorization: Bearer …` or `x-api-key`; browsers give ' +
        'it at /signin. docs/api.md shows how to make one.',
    ),
  S7_PUBLIC_URL: z
    .url()
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe(
      'The address people reach this server at from outside, e.g. https://erp.example.com. Needs S7_API_KEY (docs/reverse-proxy.md).',
    ),
  S7_CORS_ORIGINS: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((origin) => origin.trim())
        .filter(Boolean),
    )
    .optional()
    .describe('Web origins that may call the API, with commas. Default: any page served from this machine.'),
  S7_LANG: z
    .enum(LANGUAGES)
    .optional()
    .describe("Language of messages where the caller names none: zh, en or es. Default: the system's, where it is one of them, else en."),
  S7_SECRET_KEY: z
    .string()
    .regex(
      /^[0-9a-f]{64}$/i,
      problem({ en: 'needs 64 hexadecimal digits', zh: '需要 64 位十六进制数字', es: 'necesita 64 dígitos hexadecimales' }),
    )
    .optional()
    .describe("Key that seals the shops' tokens, 64 hexadecimal digits. Default: a file secret.key in the data folder, made on first use."),
  S7_HISTORY_DAYS: z.coerce.number().int().min(1).max(3650).default(730).describe('How many days back a newly connected shop is read.'),
  S7_SYNC_MINUTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(1440)
    .default(5)
    .describe('How often connected shops are asked for what changed, in minutes.'),
  S7_REFRESH_ZONE: z
    .string()
    .refine(
      (zone) => Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC',
      problem({ en: 'is no time zone', zh: '不是时区', es: 'no es una zona horaria' }),
    )
    .optional()
    .describe("Tokens are refreshed at 00:00 on this clock, e.g. Europe/Madrid. Default: the clock of the seller's own market."),
  S7_THREADS: z.coerce
    .number()
    .int()
    .min(1)
    .max(256)
    .optional()
    .describe("How many processor cores the database may use at once. Default: all of the machine's."),
  S7_CURRENCY: z
    .string()
    .regex(/^[A-Z]{3}$/, NO_CURRENCY)
    .default('EUR')
    .describe('Currency that amounts of several currencies are converted to in reports.'),
  S7_RATES_URL: z
    .url()
    .transform((url) => url.replace(/\/+$/, ''))
    .or(z.literal('off'))
    .default('https://www.ecb.europa.eu/stats/eurofxref')
    .describe(
      'Where exchange rates are fetched when several currencies are sold in, at once and then once a day: the folder of ' +
        'eurofxref-hist.xml, e.g. of the simulator, or `off`.',
    ),
  S7_SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe('Mail server that alerts are sent through, e.g. smtps://user:password@mail.example.com:465.'),
  S7_ALERT_MAIL_TO: addresses.optional().describe('Who gets alerts by mail: addresses with commas.'),
  S7_ALERT_MAIL_FROM: z.email().optional().describe('Sender of alerts by mail. Default: the first who gets them.'),
  S7_ALERT_WECOM_URL: robot.optional().describe('Alerts to a group of 企业微信 (WeCom): the address of its robot.'),
  S7_ALERT_DINGTALK_URL: robot.optional().describe('Alerts to a group of 钉钉 (DingTalk): the address of its robot.'),
  S7_ALERT_DINGTALK_SECRET: z.string().min(1).optional().describe('The secret (加签, SEC…) of the 钉钉 robot, where it is signed.'),
  S7_ALERT_SLACK_URL: robot.optional().describe('Alerts to a channel of Slack: the address of its incoming webhook.'),
});

/** A registration that the settings may name, and how its own are called. */
export interface Registration {
  readonly platform: PlatformId;
  readonly kind: AppKind;
}

/** Every registration there may be. */
export const registrations: readonly Registration[] = platforms.flatMap(({ id, api }) =>
  (api?.apps ?? []).map((kind) => ({ platform: id, kind })),
);

/** The end of the names of two settings that every registration has. */
const HOST = { name: 'HOST' };
const oldSecret = ({ settings }: AppKind): Pick<AppSetting, 'name'> => ({ name: `${settings.secret.name}_OLD` });

/** Every setting, with its default and what it is for; .env.example is written from it. Those of registrations are texts. */
export const settingsSchema = ownSettings.extend(
  Object.fromEntries(registrations.flatMap(({ kind }) => appSettings(kind))),
) as unknown as typeof ownSettings;

function appSettings(kind: AppKind): [name: string, schema: z.ZodType<string | undefined>][] {
  const { key, secret, more } = kind.settings;
  const app = `${kind.title.replace(/ \(.*\)$/, '')}, app for ${kind.markets}`;
  const text = (what: string) => z.string().min(1).optional().describe(`${app}: ${what}.`);
  return [
    ...[key, secret, ...Object.values(more)].map((each): [string, z.ZodType<string | undefined>] => [
      settingName(kind, each),
      text(each.text),
    ]),
    [settingName(kind, oldSecret(kind)), text(`the ${secret.text} of before, while it is replaced: both are tried`)],
    [
      settingName(kind, HOST),
      z
        .url()
        .transform((url) => url.replace(/\/+$/, ''))
        .optional()
        .describe(`${app}: another address in place of the platform's, e.g. of the simulator.`),
    ],
  ];
}

/** A registration as the settings name it. */
export interface ConfiguredApp extends Omit<App, 'hosts'> {
  /** In place of all the platform's hosts. */
  readonly host: string | undefined;
}

/** The settings as rooms receive them. */
export interface Config {
  readonly dataFolder: string;
  /** Where backups are written that are asked for over HTTP. */
  readonly backupFolder: string;
  /** The settings file, where there is one. */
  readonly settingsFile?: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly apiKey: string | undefined;
  readonly publicUrl: string | undefined;
  readonly corsOrigins: readonly string[] | undefined;
  readonly language: (typeof LANGUAGES)[number];
  readonly version: string;
  readonly secretKey: string | undefined;
  readonly historyDays: number;
  readonly syncMinutes: number;
  readonly refreshZone: string | undefined;
  /** Cores for the database; undefined: all. */
  readonly threads: number | undefined;
  /** What amounts of several currencies are converted to. */
  readonly reportingCurrency: string;
  /** The folder of the bank's files; undefined: nothing is fetched. */
  readonly ratesUrl: string | undefined;
  readonly apps: readonly ConfiguredApp[];
  /** Where alerts are said. */
  readonly alerts: AlertSettings;
}

/** The channels of alerts as the settings name them; addresses of robots and of the mail server are secrets. */
export interface AlertSettings {
  readonly mail?: { readonly url: string; readonly to: readonly string[]; readonly from: string } | undefined;
  readonly wecomUrl?: string | undefined;
  readonly dingtalkUrl?: string | undefined;
  readonly dingtalkSecret?: string | undefined;
  readonly slackUrl?: string | undefined;
}

/**
 * Reads the settings: the environment over `.env` over defaults. A relative folder in the environment is
 * relative to where the command runs, any other to the project.
 * @throws AppError `setting_invalid`, `listen_without_key`
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env, envFile = ENV_FILE): Config {
  const fromFile = settingsOf(envFile);
  const given = Object.fromEntries(
    Object.keys(settingsSchema.shape).flatMap((name) => {
      const value = environment[name] || fromFile[name];
      return value ? [[name, value]] : [];
    }),
  );
  const result = settingsSchema.safeParse(given);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw new AppError('setting_invalid', { name: issue.path.join('.'), problem: problemOf(issue.message) });
  }
  const settings = result.data;
  const folder = (name: 'S7_DATA_DIR' | 'S7_BACKUP_DIR', path: string): string =>
    resolve(environment[name] ? process.cwd() : PROJECT_FOLDER, path);
  const dataFolder = folder('S7_DATA_DIR', settings.S7_DATA_DIR);
  return {
    dataFolder,
    backupFolder: settings.S7_BACKUP_DIR ? folder('S7_BACKUP_DIR', settings.S7_BACKUP_DIR) : resolve(dataFolder, 'backups'),
    settingsFile: existsSync(envFile) ? envFile : undefined,
    host: settings.S7_HOST,
    port: settings.S7_PORT,
    apiKey: settings.S7_API_KEY,
    publicUrl: settings.S7_PUBLIC_URL,
    corsOrigins: settings.S7_CORS_ORIGINS,
    language: settings.S7_LANG ?? systemLanguage(),
    version: readVersion(),
    secretKey: settings.S7_SECRET_KEY,
    historyDays: settings.S7_HISTORY_DAYS,
    syncMinutes: settings.S7_SYNC_MINUTES,
    refreshZone: settings.S7_REFRESH_ZONE,
    threads: settings.S7_THREADS,
    reportingCurrency: settings.S7_CURRENCY,
    ratesUrl: settings.S7_RATES_URL === 'off' ? undefined : settings.S7_RATES_URL,
    apps: registrations.flatMap((registration) => appOf(registration, settings as Readonly<Record<string, unknown>>)),
    alerts: {
      mail: mailOf(settings),
      wecomUrl: settings.S7_ALERT_WECOM_URL,
      dingtalkUrl: settings.S7_ALERT_DINGTALK_URL,
      dingtalkSecret: settings.S7_ALERT_DINGTALK_SECRET,
      slackUrl: settings.S7_ALERT_SLACK_URL,
    },
  };
}

/** Mail needs a server and somebody to write to. */
function mailOf({
  S7_SMTP_URL: url,
  S7_ALERT_MAIL_TO: to,
  S7_ALERT_MAIL_FROM: from,
}: z.output<typeof settingsSchema>): AlertSettings['mail'] {
  if (url && to) return { url, to, from: from ?? to[0]! };
  if (!url && !to) return undefined;
  throw new AppError('setting_invalid', {
    name: url ? 'S7_ALERT_MAIL_TO' : 'S7_SMTP_URL',
    problem: missingBeside(['S7_SMTP_URL', 'S7_ALERT_MAIL_TO']),
  });
}

/** A registration is there whole or not at all. */
function appOf({ platform, kind }: Registration, settings: Readonly<Record<string, unknown>>): ConfiguredApp[] {
  const { key, secret, more } = kind.settings;
  const told = (setting: Pick<AppSetting, 'name'>): string | undefined => settings[settingName(kind, setting)] as string | undefined;
  const needed = [key, secret, ...Object.values(more).filter(({ optional }) => !optional)];
  const missing = needed.find((each) => !told(each));
  if (!missing) {
    const before = told(oldSecret(kind));
    return [
      {
        platform,
        kind: kind.name,
        key: told(key)!,
        secrets: before ? [told(secret)!, before] : [told(secret)!],
        more: Object.fromEntries(
          Object.entries(more).flatMap(([name, setting]) => {
            const value = told(setting);
            return value === undefined ? [] : [[name, value]];
          }),
        ),
        host: told(HOST),
      },
    ];
  }
  if (needed.every((each) => !told(each))) return [];
  const names = needed.map(({ text }) => text.replace(/,.*/, ''));
  throw new AppError('setting_invalid', {
    name: settingName(kind, missing),
    problem: missingBeside(names),
  });
}

function missingBeside(names: readonly string[]): Text {
  const listed = (language: Language): string => new Intl.ListFormat(LOCALES[language]).format(names);
  return {
    en: `is missing; ${listed('en')} go together`,
    zh: `缺失；${listed('zh')} 需一并设置`,
    es: `falta; ${listed('es')} van juntos`,
  };
}

/** The language to speak before the settings are read, or where they cannot be: `S7_LANG` where it is one of ours, else the system's. */
export function spokenLanguage(): Language {
  let asked = process.env['S7_LANG'];
  try {
    asked ||= settingsOf(ENV_FILE)['S7_LANG'];
  } catch {
    // Whoever needs the settings says what is wrong with the file.
  }
  return chooseLanguage(asked, systemLanguage());
}

function settingsOf(envFile: string): NodeJS.Dict<string> {
  return existsSync(envFile) ? parseEnv(readFileSync(envFile, 'utf8')) : {};
}

/** The language that the system is set to speak, where it is one of ours. */
function systemLanguage(): Language {
  return chooseLanguage(Intl.DateTimeFormat().resolvedOptions().locale, 'en');
}

/** The version of the program. */
export function readVersion(): string {
  return (JSON.parse(readFileSync(resolve(PROJECT_FOLDER, 'package.json'), 'utf8')) as { version: string }).version;
}
