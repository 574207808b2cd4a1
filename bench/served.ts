/** The same answers from the product's own server, as a browser or program gets them. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { LAST_DAY } from './world.ts';
import type { ReportQuestion } from './report-question.ts';

const PORT = 18_733;

/** A running server on a data folder. */
export interface Served {
  /** Milliseconds from the call to the last byte; `computed` makes it an answer that was not given before. */
  time(question: ReportQuestion, kind: 'computed' | 'kept'): Promise<number>;
  close(): Promise<void>;
}

/** Starts `s7 serve` on the folder and waits until it answers; `at` is where its paths begin. */
export async function startServer(folder: string): Promise<{ readonly at: string; close(): Promise<void> }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts'), 'serve'], {
    env: { ...process.env, S7_DATA_DIR: folder, S7_PORT: String(PORT), S7_RATES_URL: 'off' },
    stdio: 'ignore',
  });
  const at = `http://127.0.0.1:${PORT}/api`;
  for (let tries = 0; tries < 300 && !(await answers(`${at}/health`)); tries++) await new Promise((resolve) => setTimeout(resolve, 100));
  return { at, close: () => ended(child) };
}

/** Questions to `s7 serve` on the folder; one more call a minute than the limit allows would be refused, so calls are few. */
export async function serve(folder: string): Promise<Served> {
  const { at, close } = await startServer(folder);
  let second = 0;
  return {
    async time({ report, window, limit }, kind) {
      const asOf =
        kind === 'kept'
          ? LAST_DAY
          : `${LAST_DAY}T20:${String(Math.floor(second / 60) % 60).padStart(2, '0')}:${String(second++ % 60).padStart(2, '0')}Z`;
      const start = performance.now();
      const reply = await fetch(`${at}/Multiplatform/DataScience/${report}_${window}?asOf=${asOf}&limit=${limit}`);
      const text = await reply.text();
      if (!reply.ok) throw new Error(`${report} ${window}: ${reply.status} ${text.slice(0, 300)}`);
      return performance.now() - start;
    },
    close,
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

function ended(child: ChildProcess): Promise<void> {
  const gone = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  return gone;
}
