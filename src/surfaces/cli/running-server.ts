import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../kernel/errors.ts';
import { parseJson } from '../../kernel/json.ts';
import type { Text } from '../../kernel/messages.ts';
import { listenerOf } from '../../kernel/ports.ts';
import { refuseUnguarded } from '../guarded-settings.ts';
import type { CliRoom } from './room.ts';

/** A server that answers, with the key of its run. */
export interface Connection {
  readonly url: string;
  readonly key: string;
  close(): Promise<void>;
}

interface ServerNote {
  readonly url: string;
  readonly pid: number;
  readonly key: string;
}

const SERVER_FILE = 'server.json';
const HEALTH_TIMEOUT_MS = 3000;
const EVERY_ADDRESS = new Set(['0.0.0.0', '::']);
const NO_SUCH_ADDRESS = new Set(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL']);

/** The server that runs on the data folder, told by the file it left there; null when none answers. */
export async function findServer(dataFolder: string): Promise<(ServerNote & Connection) | null> {
  const note = readNote(dataFolder);
  if (!note) return null;
  try {
    const answer = await fetch(`${note.url}/api/health`, {
      headers: { authorization: `Bearer ${note.key}` },
      signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
    });
    const health = (await answer.json()) as { name?: string; pid?: number };
    return health.name === 's7star-erp' && health.pid === note.pid ? { ...note, close: () => Promise.resolve() } : null;
  } catch {
    return null;
  }
}

/** The running server, else the whole application in this process on a port of its own: one way in for every command. */
export async function connect(room: CliRoom): Promise<Connection> {
  const running = await findServer(room.config.dataFolder);
  if (running) return running;
  const key = newKey();
  const app = await room.openApp({ ...room.config, host: '127.0.0.1', port: 0 }, { sessionKey: key });
  const url = await app.http.listen({ host: '127.0.0.1', port: 0 });
  return { url, key, close: () => app.close() };
}

/** A server in this process that others can find, until it is closed. */
export interface Serving extends Connection {
  readonly shownUrl: string;
}

/**
 * Opens the application and listens where the settings say.
 * @throws AppError `public_url_without_key`; `port_taken` naming who has it, where that can be known; `setting_invalid` when nobody may
 *   listen there
 */
export async function serve(room: CliRoom): Promise<Serving> {
  const { config } = room;
  refuseUnguarded(config);
  const key = newKey();
  const app = await room.openApp(config, { sessionKey: key, upgradeBeside: true });
  try {
    const url = await app.http.listen({ host: config.host, port: config.port });
    const { port } = new URL(url);
    const local = EVERY_ADDRESS.has(config.host) ? `http://127.0.0.1:${port}` : url;
    writeNote(config.dataFolder, { url: local, pid: process.pid, key });
    app.start();
    return {
      url: local,
      key,
      shownUrl: config.publicUrl ?? url,
      async close() {
        rmSync(join(config.dataFolder, SERVER_FILE), { force: true });
        await app.close();
      },
    };
  } catch (error) {
    await app.close();
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new AppError(
        'port_taken',
        { port: String(config.port), host: config.host, holder: await holderOf(config.port) },
        { cause: error },
      );
    }
    if (code === 'EACCES')
      throw new AppError(
        'setting_invalid',
        {
          name: 'S7_PORT',
          problem: {
            en: `this user may not listen on port ${config.port}`,
            zh: `当前用户不能监听端口 ${config.port}`,
            es: `este usuario no puede escuchar en el puerto ${config.port}`,
          },
        },
        { cause: error },
      );
    if (NO_SUCH_ADDRESS.has(code))
      throw new AppError(
        'setting_invalid',
        {
          name: 'S7_HOST',
          problem: {
            en: `${config.host} is no address of this machine`,
            zh: `${config.host} 不是本机地址`,
            es: `${config.host} no es una dirección de este ordenador`,
          },
        },
        { cause: error },
      );
    throw error;
  }
}

async function holderOf(port: number): Promise<string | Text> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/api/health`, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) });
    const { name, pid } = (await answer.json()) as { name?: string; pid?: number };
    if (name === 's7star-erp') return `S7StarERP (pid ${pid})`;
  } catch {
    // Not one of ours: the system may know.
  }
  return listenerOf(port) ?? { en: 'another program', zh: '其他程序', es: 'otro programa' };
}

function newKey(): string {
  return randomBytes(32).toString('base64url');
}

function readNote(dataFolder: string): ServerNote | null {
  try {
    return (parseJson(readFileSync(join(dataFolder, SERVER_FILE), 'utf8')) as unknown as ServerNote | undefined) ?? null;
  } catch {
    return null;
  }
}

function writeNote(dataFolder: string, note: ServerNote): void {
  const draft = join(dataFolder, `${SERVER_FILE}.new`);
  writeFileSync(draft, JSON.stringify(note), { mode: 0o600 });
  renameSync(draft, join(dataFolder, SERVER_FILE));
}
