import { setImmediate } from 'node:timers/promises';
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { AppError } from '../kernel/errors.ts';
import type { ErrorName } from '../kernel/error-table.ts';
import type { JsonElement } from '../kernel/json-elements.ts';
import { JsonBroken } from '../kernel/json-elements.ts';
import { LIMITS, overLimit } from '../kernel/limits.ts';
import type { TextValues } from '../kernel/messages.ts';
import { CELL_END, ROW_END } from './kept-rows.ts';
import type { RateFile } from './rate-file.ts';
import type { Sheet, TableFacts, TableRow, TableSettings } from './table-file.ts';

/** What a thread is started for. */
export type FileTask =
  | { readonly read: 'rates' }
  | { readonly read: 'table'; readonly settings: TableSettings }
  | { readonly read: 'elements'; readonly lists: readonly string[] };

/** What a thread is given: a file to read, and the port by which it comes and its rows go. */
export interface NextFile {
  readonly task: FileTask;
  readonly port: MessagePort;
}

/** What a thread is told of it: the next bytes, that there are no more, that it may send another portion. */
export type ToThread = { readonly bytes: Uint8Array } | 'end' | 'next';

/** What a thread says: that it is there, that it has used some bytes up, a portion, what it ends with. */
export type FromThread =
  | 'begun'
  | 'used'
  | { readonly portion: unknown }
  | { readonly result: unknown }
  | { readonly failed: { readonly code: ErrorName; readonly values: TextValues; readonly details: AppError['details'] } }
  | { readonly broken: { readonly line: number; readonly column: number; readonly problem: string } }
  | { readonly crashed: Error };

/** Rows on their way between threads: as one text they take half the time that so many small ones do. */
export interface PackedRows {
  readonly lines: Uint32Array;
  readonly sheet: Sheet | undefined;
  readonly text: string;
}

/** How many portions, and pieces of the file, may be on their way. */
export const UNDERWAY = 4;
const [HEAP_MB, YOUNG_MB] = [LIMITS.thread_memory.most / 2 ** 20, 32];

/** When a reading is ended that stands still or takes too much memory, where not as the limits say: for tests. */
export interface Patience {
  readonly stillMs?: number | undefined;
  readonly heapMb?: number | undefined;
}

/**
 * {@link readTable} on a thread of its own: what a file costs to read holds up nobody else, and what explodes ends its thread alone.
 * @throws AppError as `readTable`, `limit_exceeded`, `upload_stalled`
 */
export async function* readTableInThread(
  source: AsyncIterable<Uint8Array>,
  settings: TableSettings = {},
  patience?: Patience,
): AsyncGenerator<readonly TableRow[], TableFacts> {
  const portions = inThread<PackedRows, TableFacts>({ read: 'table', settings }, source, patience);
  try {
    for (;;) {
      const { value, done } = await portions.next();
      if (done) return value;
      const { lines, sheet, text } = value;
      yield text.split(ROW_END).map((row, i) => ({ line: lines[i]!, cells: row.split(CELL_END), ...(sheet ? { sheet } : {}) }));
    }
  } finally {
    await portions.return({ encoding: null });
  }
}

/** {@link readJsonElements} on a thread of its own. @throws JsonBroken, AppError `limit_exceeded`, `upload_stalled` */
export function readElementsInThread(
  source: AsyncIterable<Uint8Array>,
  lists: readonly string[],
  patience?: Patience,
): AsyncGenerator<readonly JsonElement[]> {
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

/** A thread that has read its file and waits a while for the next: to begin one takes longer than most files. */
let spare: Worker | undefined;
const SPARE_MS = 10_000;

function beginThread(heapMb: number): Worker {
  return new Worker(new URL('./file-thread-work.ts', import.meta.url), {
    workerData: { readsFiles: true },
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: YOUNG_MB },
  });
}

function takeThread(): Worker {
  const worker = spare ?? beginThread(HEAP_MB);
  spare = undefined;
  worker.removeAllListeners();
  worker.ref();
  return worker;
}

async function leaveThread(worker: Worker): Promise<void> {
  worker.removeAllListeners();
  if (spare) return void (await worker.terminate());
  spare = worker;
  worker.unref();
  const forget = (): void => {
    if (spare === worker) spare = undefined;
  };
  worker.once('error', forget).once('exit', forget);
  setTimeout(() => {
    if (spare !== worker) return;
    forget();
    void worker.terminate();
  }, SPARE_MS).unref();
}

/** Runs a task on a thread; what crashes ends the thread, and so do an error of the source and a reader who turns away. */
async function* inThread<Portion, Result = null>(
  task: FileTask,
  source: AsyncIterable<Uint8Array>,
  { stillMs = LIMITS.still_seconds.most * 1000, heapMb }: Patience = {},
): AsyncGenerator<Portion, Result> {
  const worker = heapMb === undefined ? takeThread() : beginThread(heapMb);
  const { port1: port, port2 } = new MessageChannel();
  const said: FromThread[] = [];
  let done = false;
  let wake = (): void => undefined;
  const hear = (what: FromThread): void => {
    said.push(what);
    wake();
  };
  port.on('message', (what: FromThread) => {
    if (what === 'used') return feed.used();
    // Whatever it came to, the thread has ended its work and may be given other.
    done ||= typeof what === 'object' && ('result' in what || 'failed' in what || 'broken' in what);
    hear(what);
  });
  worker.on('error', (error: NodeJS.ErrnoException) =>
    hear(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? { failed: overLimit('thread_memory') } : { crashed: error }),
  );
  worker.on('exit', () => hear({ crashed: new Error('the thread that read the file ended') }));
  worker.postMessage({ task, port: port2 } satisfies NextFile, [port2]);
  let [last, begun] = [performance.now(), false];
  const feed = feeding(source, port, () => {
    last = performance.now();
  });
  feed.done.catch((error: Error) => hear({ crashed: unreadable(error) }));
  const next = async (): Promise<FromThread> => {
    last = performance.now();
    while (said.length === 0) {
      const left = begun ? last + stillMs - performance.now() : stillMs;
      if (left <= 0) {
        // What came while this process itself stood still is waiting to be heard.
        await setImmediate();
        if (said.length > 0 || last + stillMs > performance.now()) continue;
        throw feed.waits() ? new AppError('upload_stalled', { seconds: LIMITS.still_seconds.most }) : overLimit('still_seconds');
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.ceil(left));
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
      if (what === 'begun') begun = true;
      if (typeof what === 'string') continue;
      if ('result' in what) return what.result as Result;
      if ('portion' in what) {
        port.postMessage('next' satisfies ToThread);
        yield what.portion as Portion;
      } else throw errorOf(what);
    }
  } finally {
    feed.stop();
    port.close();
    await (done && heapMb === undefined ? leaveThread(worker) : worker.terminate());
  }
}

function errorOf(what: Exclude<FromThread, string | { result: unknown } | { portion: unknown }>): Error {
  if ('failed' in what)
    return new AppError(what.failed.code, what.failed.values, what.failed.details ? { details: what.failed.details } : {});
  return 'broken' in what ? new JsonBroken(what.broken, what.broken.problem) : what.crashed;
}

/** What becomes of an error of the source itself: an upload that broke off, say. */
function unreadable(error: NodeJS.ErrnoException): Error {
  return error instanceof AppError ? error : new AppError('file_unreadable', { reason: error.code ?? 'it breaks off' }, { cause: error });
}

/** Gives a thread the bytes of a file, a few pieces ahead of what it has used up. */
function feeding(source: AsyncIterable<Uint8Array>, port: MessagePort, moved: () => void) {
  const state = { sent: 0, used: 0, waiting: false, stopped: false };
  let goOn = (): void => undefined;
  const pieces = source[Symbol.asyncIterator]();
  const run = async (): Promise<void> => {
    while (!state.stopped) {
      state.waiting = true;
      const { value, done } = await pieces.next();
      state.waiting = false;
      if (state.stopped) return;
      if (done) return port.postMessage('end' satisfies ToThread);
      state.sent += 1;
      moved();
      port.postMessage({ bytes: value } satisfies ToThread);
      while (state.sent - state.used > UNDERWAY && !state.stopped)
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
    }
  };
  return {
    done: run(),
    /** Whether it is the source that nothing comes of. */
    waits: () => state.waiting && state.used >= state.sent,
    used() {
      state.used += 1;
      moved();
      goOn();
    },
    /** Lets go of the source, too: nobody reads the rest of it. */
    stop() {
      state.stopped = true;
      goOn();
      pieces.return?.().catch(() => undefined);
    },
  };
}
