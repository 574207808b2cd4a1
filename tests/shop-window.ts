import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DATA_FILES, openApp, type App, type AppSurroundings } from '../src/app.ts';
import { PROJECT_FOLDER, type Config } from '../src/config.ts';
import { fixedClock, type Clock } from '../src/kernel/clock.ts';
import { copyPrepared } from './prepared-data.ts';

/** When it is in the tests: the last day of the example files. */
export const NOW = '2026-11-22T12:00:00Z';

/** The example files, by platform. */
export const EXAMPLES = {
  TikTok: join(PROJECT_FOLDER, 'examples/tiktok-orders-es.csv'),
  Shein: join(PROJECT_FOLDER, 'examples/shein-orders-es.xlsx'),
  Amazon: join(PROJECT_FOLDER, 'examples/amazon-orders-es.txt.gz'),
} as const;

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON of the answer; tests look into it as they like. */
  // oxlint-disable-next-line no-explicit-any
  readonly json: any;
}

export interface FormPart {
  readonly name: string;
  readonly content: string | Blob;
  readonly filename?: string;
}

/** The whole application on a data folder of its own, listening on a port of its own. */
export interface TestApp {
  readonly app: App;
  readonly url: string;
  readonly port: number;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Posts JSON. */
  send(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Posts a form to `/api/import`. */
  post(query: string, parts: readonly FormPart[], headers?: Record<string, string>): Promise<Answer>;
  /** Brings a file home and expects that to succeed. */
  import(path: string): Promise<Answer>;
  close(): Promise<void>;
}

function configOf(dataFolder: string, settings: Partial<Config>): Config {
  return {
    dataFolder,
    backupFolder: join(dataFolder, 'backups'),
    host: '127.0.0.1',
    port: 0,
    apiKey: undefined,
    publicUrl: undefined,
    corsOrigins: undefined,
    language: 'en',
    version: '0.1.0',
    secretKey: undefined,
    historyDays: 730,
    syncMinutes: 5,
    refreshZone: undefined,
    threads: 1,
    reportingCurrency: 'EUR',
    ratesUrl: undefined,
    apps: [],
    alerts: {},
    ...settings,
  };
}

/** Gives a folder an empty store of today's schema, which is the same for all and made once. */
export function copyEmpty(dataFolder: string): Promise<void> {
  return copyPrepared(dataFolder, {
    name: 'empty',
    files: [DATA_FILES.store, DATA_FILES.buyerKey],
    make: async (folder) => (await openApp(configOf(folder, {}))).close(),
  });
}

/** Opens the application as `s7 serve` does, with the clock standing at {@link NOW}. */
export async function openTestApp(
  settings: Partial<Config> = {},
  clock: Clock = fixedClock(NOW),
  surroundings: AppSurroundings = {},
): Promise<TestApp> {
  const dataFolder = await mkdtemp(join(tmpdir(), 's7-http-'));
  const config = configOf(dataFolder, settings);
  if (config.dataFolder === dataFolder) await copyEmpty(dataFolder);
  const app = await openApp(config, { clock, rateFactor: Infinity, ...surroundings }).catch(async (error: unknown) => {
    await rm(dataFolder, { recursive: true, force: true });
    throw error;
  });
  const listening = await app.http.listen({ host: config.host, port: 0 });
  const { port } = new URL(listening);
  const url = `http://127.0.0.1:${port}`;
  const post: TestApp['post'] = async (query, parts, headers = {}) => {
    const form = new FormData();
    for (const { name, content, filename } of parts) {
      if (filename === undefined) form.append(name, content);
      else form.append(name, typeof content === 'string' ? new Blob([content]) : content, filename);
    }
    return read(await fetch(`${url}/api/import${query}`, { method: 'POST', body: form, headers }));
  };
  return {
    app,
    url,
    port: Number(port),
    post,
    get: async (path, headers = {}) => read(await fetch(`${url}${path}`, { headers })),
    send: async (path, body, headers = {}) =>
      read(
        await fetch(`${url}${path}`, {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json', ...headers },
        }),
      ),
    async import(path) {
      const answer = await post('', [{ name: 'file', content: await openAsBlob(path), filename: basename(path) }]);
      if (answer.status !== 200) throw new Error(answer.text);
      return answer;
    },
    async close() {
      await app.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

async function read(answer: Response): Promise<Answer> {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await answer.arrayBuffer());
  const isJson = answer.headers.get('content-type')?.startsWith('application/json');
  return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : undefined };
}
