import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { AppError } from '../kernel/errors.ts';
import type { ErrorName } from '../kernel/error-table.ts';
import type { JsonElement } from '../kernel/json-elements.ts';
import { JsonBroken } from '../kernel/json-elements.ts';
import { LIMITS, overLimit } from '../kernel/limits.ts';
import type { TextValues } from '../kernel/messages.ts';
import { CELL_END, ROW_END } from './kept-rows.ts';
import type { RateFile } from './rate-file.ts';
import type { TableRow } from './table-file.ts';

/** What a thread is started for. */
export type FileTask = { readonly read: 'table' | 'rates' } | { readonly read: 'elements'; readonly lists: readonly string[] };

/** What a thread is told: the next bytes, that there are no more, that it may send another portion. */
export type ToThread = { readonly bytes: Uint8Array } | 'end' | 'next';

/** What a thread says: that it has used some bytes up, a portion, what it ends with. */
export type FromThread =
  | 'used'
  | { readonly portion: unknown }
  | { readonly result: unknown }
  | { readonly failed: { readonly code: ErrorName; readonly values: TextValues; readonly details: AppError['details'] } }
  | { readonly broken: { readonly line: number; readonly column: number; readonly problem: string } }
  | { readonly crashed: Error };

/** Rows on their way between threads: as one text they take a fifth of the time that so many small ones do. */
export interface PackedRows {
  readonly lines: Uint32Array;
  readonly text: string;
}

/** How many portions, and pieces of the file, may be on their way. */
export const UNDERWAY = 4;
const [HEAP_MB, YOUNG_MB] = [LIMITS.thread_memory.most / 2 ** 20, 32];

/** When a reading that stands still is ended, in milliseconds; for tests. */
export interface Patience {
  readonly stillMs?: number | undefined;
}

/**
 * {@link readTable} on a thread of its own: what a file costs to read holds up nobody else, and what explodes ends its thread alone.
 * @throws AppError as `readTable`, `limit_exceeded`, `upload_stalled`
 */
export async function* readTableInThread(source: AsyncIterable<Uint8Array>, patience?: Patience): AsyncGenerator<readonly TableRow[]> {
  for await (const { lines, text } of inThread<PackedRows>({ read: 'table' }, source, patience)) {
    yield text.split(ROW_END).map((row, i) => ({ line: lines[i]!, cells: row.split(CELL_END) }));
  }
}

/** {@link readJsonElements} on a thread of its own. @throws JsonBroken, AppError `limit_exceeded`, `upload_stalled` */
export function readElementsInThread(source: AsyncIterable<Uint8Array>, lists: readonly string[], patience?: Patience): AsyncGenerator<readonly JsonElement[]> {
  return inThread({ read: 'elements', lists }, source, patience);
}

/** {@link readRateFile} on a thread of its own. @throws AppError `file_unreadable`, `limit_exceeded`, `upload_stalled` */
export async function readRatesInThread(source: AsyncIterable<Uint8Array>, patience?: Patience): Promise<RateFile> {
  const file: { -readonly [Name in keyof RateFile]: RateFile[Name][number][] } = { rates: [], bad: [] };
  for await (const { rates, bad } of inThread<RateFile>({ read: 'rates' }, source, patience)) {
    for (const rate of rates) file.rates.push(rate);
    for (const each of bad) file.bad.push(each);
  }
  return file;
}

/** Runs a task on a thread; it ends with the last portion, with an error of either side, and when its reader turns away. */
async function* inThread<Portion>(task: FileTask, source: AsyncIterable<Uint8Array>, { stillMs = LIMITS.still_seconds.most * 1000 }: Patience = {}): AsyncGenerator<Portion> {
  const worker = new Worker(new URL('./file-thread-work.ts', import.meta.url), {
    workerData: { fileTask: task }, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB, maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const said: FromThread[] = [];
  let wake = (): void => undefined;
  const hear = (what: FromThread): void => {
    said.push(what);
    wake();
  };
  worker.on('message', (what: FromThread) => (what === 'used' ? feed.used() : hear(what)));
  worker.on('error', (error: NodeJS.ErrnoException) => hear(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? { failed: overLimit('thread_memory') } : { crashed: error }));
  worker.on('exit', () => hear({ crashed: new Error('the thread that read the file ended') }));
  let last = performance.now();
  const feed = feeding(source, worker, () => { last = performance.now(); });
  feed.done.catch((error: Error) => hear({ crashed: unreadable(error) }));
  const next = async (): Promise<FromThread> => {
    last = performance.now();
    while (said.length === 0) {
      const left = last + stillMs - performance.now();
      // What came while this process itself stood still is waiting to be heard.
      if (left <= 0) await setImmediate();
      if (left <= 0 && said.length === 0 && last + stillMs <= performance.now()) throw feed.waits() ? new AppError('upload_stalled', { seconds: LIMITS.still_seconds.most }) : overLimit('still_seconds');
      if (said.length > 0) break;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(1, left));
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return said.shift()!;
  };
  try {
    for (;;) {
      const what = await next();
      if (typeof what === 'string') continue;
      if ('result' in what) return;
      if ('portion' in what) {
        worker.postMessage('next' satisfies ToThread);
        yield what.portion as Portion;
      } else throw errorOf(what);
    }
  } finally {
    feed.stop();
    await worker.terminate();
  }
}

function errorOf(what: Exclude<FromThread, string | { result: unknown } | { portion: unknown }>): Error {
  if ('failed' in what) return new AppError(what.failed.code, what.failed.values, what.failed.details ? { details: what.failed.details } : {});
  return 'broken' in what ? new JsonBroken(what.broken, what.broken.problem) : what.crashed;
}

/** What becomes of an error of the source itself: an upload that broke off, say. */
function unreadable(error: NodeJS.ErrnoException): Error {
  return error instanceof AppError ? error : new AppError('file_unreadable', { reason: error.code ?? 'it breaks off' }, { cause: error });
}

/** Gives a thread the bytes of a file, a few pieces ahead of what it has used up. */
function feeding(source: AsyncIterable<Uint8Array>, worker: Worker, moved: () => void) {
  let [sent, used, waiting, stopped] = [0, 0, false, false];
  let goOn = (): void => undefined;
  const run = async (): Promise<void> => {
    const pieces = source[Symbol.asyncIterator]();
    while (!stopped) {
      waiting = true;
      const { value, done } = await pieces.next();
      waiting = false;
      if (stopped) return;
      if (done) return worker.postMessage('end' satisfies ToThread);
      sent += 1;
      moved();
      worker.postMessage({ bytes: value } satisfies ToThread);
      while (sent - used > UNDERWAY && !stopped) await new Promise<void>((resolve) => { goOn = resolve; });
    }
  };
  return {
    done: run(),
    /** Whether it is the source that nothing comes of. */
    waits: () => waiting && used >= sent,
    used() {
      used += 1;
      moved();
      goOn();
    },
    stop() {
      stopped = true;
      goOn();
    },
  };
}
