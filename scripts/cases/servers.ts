import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_FOLDER } from '../../src/config.ts';
import { fixedClock } from '../../src/kernel/clock.ts';
import { openTestApp, type Answer, type TestApp } from '../../tests/shop-window.ts';
import { input } from './case.ts';

/** The day the cases were made on: recency and windows are told by it. */
const NOW = '2026-11-30T12:00:00Z';

/** Works with a server of its own on an empty folder, with the invented rates in it. */
export async function withServer<T>(work: (server: TestApp) => Promise<T>, { rates = false } = {}): Promise<T> {
  const server = await openTestApp({}, fixedClock(NOW));
  try {
    if (rates) {
      const form = new FormData();
      form.append('file', new Blob([new Uint8Array(input('numbers', 'eurofxref-hist.csv'))]), 'eurofxref-hist.csv');
      const answer = await fetch(`${server.url}/api/fx/import`, { method: 'POST', body: form });
      if (!answer.ok) throw new Error(await answer.text());
    }
    return await work(server);
  } finally {
    await server.close();
  }
}

/** Brings a file home as it is, with a mapping where it needs one. */
export function bringHome(
  server: TestApp,
  file: { readonly name: string; readonly bytes: Uint8Array },
  { query = {}, mapping }: { query?: Record<string, string>; mapping?: unknown } = {},
): Promise<Answer> {
  const parts = mapping === undefined ? [] : [{ name: 'mapping', content: JSON.stringify(mapping) }];
  return server.post(`?${new URLSearchParams(query).toString()}`, [
    ...parts,
    { name: 'file', content: new Blob([new Uint8Array(file.bytes)]), filename: file.name },
  ]);
}

/** A report's answer; an error's where it is refused. */
// oxlint-disable-next-line no-explicit-any
export async function report(server: TestApp, name: string, query: Record<string, string> = {}, platform = 'Multiplatform'): Promise<any> {
  const { json } = await server.get(`/api/${platform}/DataScience/${name}?${new URLSearchParams(query).toString()}`);
  return json;
}

/** A program of ours in a process of its own. */
export interface Program {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
  /** What it has said so far. */
  said(): string;
}

const SETTINGS = { S7_PORT: '0', S7_THREADS: '1', S7_RATES_URL: 'off' };

/** Starts the program, or any script, in an environment that tells it nothing but this. */
export function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
  const child = spawn(process.execPath, args, {
    cwd: PROJECT_FOLDER,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...SETTINGS, ...env },
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return { child, ended, said: () => out + err };
}

/** The program with these arguments, to its end. */
export function s7(args: readonly string[], env: Readonly<Record<string, string>> = {}): Program['ended'] {
  return start(['src/main.ts', ...args], env).ended;
}

/** Works with a server in a process of its own, which may be lost to the work. */
export async function withProcess<T>(
  work: (server: Program & { readonly url: string; readonly port: number; readonly data: string }) => Promise<T>,
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  const data = await mkdtemp(join(tmpdir(), 's7-case-'));
  const server = start(['src/main.ts', 'serve'], { S7_DATA_DIR: join(data, 'data'), ...env });
  try {
    const url = await untilListening(server);
    return await work({ ...server, url, port: Number(new URL(url).port), data: join(data, 'data') });
  } finally {
    server.child.kill('SIGKILL');
    await server.ended;
    await rm(data, { recursive: true, force: true });
  }
}

const STARTED = /http:\/\/127\.0\.0\.1:\d+/;

async function untilListening(server: Program): Promise<string> {
  for (;;) {
    const found = STARTED.exec(server.said());
    if (found) return found[0];
    if (server.child.exitCode !== null) throw new Error(`the server ended: ${server.said()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
