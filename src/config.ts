import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { AppError } from './kernel/errors.ts';
import { LANGUAGES } from './kernel/messages.ts';

/** The folder the project stands in. */
export const PROJECT_FOLDER = dirname(import.meta.dirname);

/** Every setting, with its default and what it is for; .env.example is written from it. */
export const settingsSchema = z.object({
  S7_DATA_DIR: z.string().min(1).default('./data').describe('Where everything is kept: orders, keys, logs.'),
  S7_HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on. Anything but loopback needs S7_API_KEY.'),
  S7_PORT: z.coerce.number().int().min(0).max(65_535).default(8000).describe('Port to listen on.'),
  S7_API_KEY: z.string().min(16, 'needs 16 characters or more').optional().describe('Key for requests from elsewhere. Send it as `Authorization: Bearer …` or `x-api-key`.'),
  S7_PUBLIC_URL: z.url().transform((url) => url.replace(/\/+$/, '')).optional().describe('The address people reach this server at from outside, e.g. https://erp.example.com.'),
  S7_CORS_ORIGINS: z.string().transform((list) => list.split(',').map((origin) => origin.trim()).filter(Boolean)).optional()
    .describe('Web origins that may call the API, with commas. Default: any page served from this machine.'),
  S7_LANG: z.enum(LANGUAGES).default('en').describe('Language of messages where the caller names none: zh, en or es.'),
});

/** The settings as rooms receive them. */
export interface Config {
  readonly dataFolder: string;
  readonly host: string;
  readonly port: number;
  readonly apiKey: string | undefined;
  readonly publicUrl: string | undefined;
  readonly corsOrigins: readonly string[] | undefined;
  readonly language: (typeof LANGUAGES)[number];
  readonly version: string;
}

/**
 * Reads the settings: the environment over `.env` over defaults. A relative data folder in the environment is
 * relative to where the command runs, any other to the project.
 * @throws AppError `setting_invalid`, `listen_without_key`
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env, envFile = resolve(PROJECT_FOLDER, '.env')): Config {
  const fromFile = existsSync(envFile) ? parseEnv(readFileSync(envFile, 'utf8')) : {};
  const given = Object.fromEntries(
    Object.keys(settingsSchema.shape).flatMap((name) => {
      const value = environment[name] || fromFile[name];
      return value ? [[name, value]] : [];
    }),
  );
  const result = settingsSchema.safeParse(given);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw new AppError('setting_invalid', { name: issue.path.join('.'), problem: issue.message });
  }
  const settings = result.data;
  return {
    dataFolder: resolve(environment['S7_DATA_DIR'] ? process.cwd() : PROJECT_FOLDER, settings.S7_DATA_DIR),
    host: settings.S7_HOST,
    port: settings.S7_PORT,
    apiKey: settings.S7_API_KEY,
    publicUrl: settings.S7_PUBLIC_URL,
    corsOrigins: settings.S7_CORS_ORIGINS,
    language: settings.S7_LANG,
    version: readVersion(),
  };
}

/** The version of the program. */
export function readVersion(): string {
  return (JSON.parse(readFileSync(resolve(PROJECT_FOLDER, 'package.json'), 'utf8')) as { version: string }).version;
}
