/** The thread of file-thread.ts: reads one file after the other. */
import { Readable } from 'node:stream';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { toAppError } from '../kernel/errors.ts';
import { JsonBroken, readJsonElements, type JsonElement } from '../kernel/json-elements.ts';
import { UNDERWAY, type FileTask, type FromThread, type NextFile, type PackedRows, type ToThread } from './file-thread.ts';
import { CELL_END, ROW_END } from './kept-rows.ts';
import { readRates } from './rate-file.ts';
import { readTable, type TableFacts, type TableRow } from './table-file.ts';

const PORTION_ROWS = 250;
const PORTION_CHARACTERS = 128 * 1024;
// oxlint-disable-next-line no-control-regex -- they are control characters because hardly a text holds them
const SEPARATOR = /[\u001e\u001f]/;
const SEPARATORS = new RegExp(SEPARATOR, 'g');

async function work({ task, port }: NextFile): Promise<void> {
  const say = (what: FromThread): void => port.postMessage(what);
  const pieces: (Uint8Array | null)[] = [];
  let underway = 0;
  const waiting: (() => void)[] = [];
  port.on('message', (what: ToThread) => {
    if (what === 'next') underway -= 1;
    else pieces.push(what === 'end' ? null : what.bytes);
    // Both who wants bytes and who wants to say something may wait.
    for (const wake of waiting.splice(0)) wake();
  });
  const until = async (ready: () => boolean): Promise<void> => {
    while (!ready())
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
  };
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    for (;;) {
      await until(() => pieces.length > 0);
      const piece = pieces.shift()!;
      if (piece === null) return;
      yield piece;
      say('used');
    }
  };
  say('begun');
  const portions = portionsOf(task, Readable.from(bytes(), { objectMode: false }));
  try {
    for (;;) {
      const { value, done } = await portions.next();
      if (done) return say({ result: value ?? null });
      await until(() => underway < UNDERWAY);
      underway += 1;
      say({ portion: value });
    }
  } catch (error) {
    if (error instanceof JsonBroken) return say({ broken: { line: error.line, column: error.column, problem: error.problem } });
    const { code, values, details, cause } = toAppError(error);
    say(
      code === 'internal' ? { crashed: cause instanceof Error ? cause : new Error(String(cause)) } : { failed: { code, values, details } },
    );
  }
}

async function* portionsOf(task: FileTask, source: Readable): AsyncGenerator<unknown, TableFacts | void> {
  if (task.read === 'rates') return yield* readRates(source);
  if (task.read === 'elements') {
    const opens = (key: string): boolean => task.lists.includes(key.toLowerCase());
    for await (const elements of readJsonElements(source, opens)) yield* inParts(elements, ({ text }) => text.length);
    return;
  }
  const rows = readTable(source, task.settings);
  for (;;) {
    const { value, done } = await rows.next();
    if (done) return value;
    for (const part of inParts(value, charactersOf)) yield packed(part);
  }
}

/** Not too much at a time: who receives it has others to answer. */
function* inParts<Item extends TableRow | JsonElement>(
  items: readonly Item[],
  lengthOf: (item: Item) => number,
): Generator<readonly Item[]> {
  let [from, length] = [0, 0];
  for (let to = 0; to < items.length; to++) {
    length += lengthOf(items[to]!);
    if (to + 1 - from < PORTION_ROWS && length < PORTION_CHARACTERS) continue;
    yield items.slice(from, to + 1);
    [from, length] = [to + 1, 0];
  }
  if (from < items.length) yield items.slice(from);
}

function charactersOf({ cells }: TableRow): number {
  return cells.reduce((sum, { length }) => sum + length, 0);
}

function packed(rows: readonly TableRow[]): PackedRows {
  const text = rows
    .map(({ cells }) => (SEPARATOR.test(cells.join('')) ? cells.map((cell) => cell.replaceAll(SEPARATORS, ' ')) : cells).join(CELL_END))
    .join(ROW_END);
  return { lines: Uint32Array.from(rows, ({ line }) => line), sheet: rows[0]?.sheet, text };
}

const { readsFiles } = (workerData ?? {}) as { readsFiles?: true };
if (!isMainThread && readsFiles) parentPort!.on('message', (next: NextFile) => void work(next));
