import type { Engine, Transaction } from '../engines/engine.ts';
import { followers } from '../records/all.ts';
import type { DeliveredRecord, OpenParts, RecordStore } from '../records/kind.ts';
import { markCompleteIn } from '../records/shops/shops.ts';
import {
  keepCheckpoint,
  keepQuarantine,
  NAMELESS,
  NO_COUNTS,
  readCheckpoint,
  type Checkpoint,
  type QuarantinedRecord,
  type RunCounts,
} from '../records/runs/sync-log.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import type { Json } from '../kernel/json.ts';
import type { KeyedHash } from '../kernel/vault.ts';
import type { Shop } from '../model/shop.ts';
import type { Call } from '../platforms/operation.ts';
import { DocumentRefused, type ChangeStream, type ChangeWindow, type Page } from '../platforms/stream.ts';
import { afterWindow, FIRST_WIDTH, firstCheckpoint, narrowed, nextWindow, widened } from './next-window.ts';

/** What bringing data home needs of its surroundings. */
export interface RunRoom {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly hash: KeyedHash;
  /** How far back a shop that is new is read. */
  readonly historyDays: number;
  /** Whether the platform's own records are kept beside what is made of them. */
  readonly keepDocuments: boolean;
  /** Reads the documents that orders were made of before. */
  readonly parts: OpenParts;
}

/** Whose data are brought home, with what, and until when. */
export interface RunSource {
  readonly shop: Shop;
  readonly call: Call;
  readonly signal: AbortSignal;
}

/** A stream with how its records are stored. */
export interface StoredStream<Item> {
  readonly name: string;
  readonly store: RecordStore<Item>;
}

/** One that is read window by window: what the platform offers of it, and whether a shop's data are complete up to where it has come. */
export interface WindowedStream<Item> extends StoredStream<Item> {
  readonly source: ChangeStream<Item>;
  readonly completes: boolean;
}

/** How far a run has come. */
export interface RunProgress extends RunCounts {
  /** `recent`: what changed since the last run; `history`: the back-fill, newest first. */
  readonly phase: 'recent' | 'history';
  /** Null where the stream is not read window by window. */
  readonly window: ChangeWindow | null;
  /** Part of the history that is in, 0 to 1. */
  readonly share: number;
  /** How long the rest of the history will take at the speed so far; null until that can be told. */
  readonly remainingSeconds: number | null;
}

const BATCH = 4000;
/** While history is read, what changes meanwhile is not left waiting longer. */
const FRESH = Temporal.Duration.from({ minutes: 2 });
const AT_ONCE = Temporal.Duration.from({ seconds: 0 });
/** A window of history should be some minutes' work: one that held fewer or more records makes the next wider or narrower. */
const FEW = 3000;
const MANY = 20_000;

/** Where a shop's stream stands; one that was never read begins now, with as much history as is wanted and listed. */
export async function checkpointOf(
  room: Pick<RunRoom, 'engine' | 'clock' | 'historyDays'>,
  shop: Shop,
  { name, source }: { name: string; source: Pick<ChangeStream<unknown>, 'windows'> },
): Promise<Checkpoint> {
  const known = await room.engine.read((reader) => readCheckpoint(reader, shop.shopId, name));
  if (known) return known;
  return firstCheckpoint(room.clock.now(), Temporal.Duration.from({ hours: 24 * room.historyDays }), source.windows);
}

/**
 * Brings a stream of one shop home: first what changed since the last run, then history, newest first, window by window.
 * Records, their documents and how far the reading has come are one transaction: stopped anywhere, the next run goes on there.
 * @throws AppError what the platform or the store refuses; whatever came before is kept
 */
export async function runWindows<Item>(
  room: RunRoom,
  stream: WindowedStream<Item>,
  source: RunSource,
  onProgress: (progress: RunProgress) => void = () => undefined,
): Promise<RunCounts> {
  const { shop, signal } = source;
  const counts = { ...NO_COUNTS };
  let checkpoint = await checkpointOf(room, shop, stream);
  const forecast = forecastFrom(checkpoint, room.clock);
  let width = FIRST_WIDTH;
  for (let first = true; ; first = false) {
    const window = nextWindow(checkpoint, room.clock.now(), {
      fresh: first ? AT_ONCE : FRESH,
      width,
      windows: stream.source.windows,
    });
    if (!window || signal.aborted) break;
    const before = counts.documents;
    const phase = Temporal.Instant.compare(window.to, checkpoint.coveredFrom) <= 0 ? 'history' : 'recent';
    const report = (now: Checkpoint): void => onProgress({ ...counts, phase, window, ...forecast(now) });
    checkpoint = await readWindow(room, stream, { ...source, window, checkpoint, counts, report });
    if (checkpoint.window) break;
    const seen = counts.documents - before;
    if (seen < FEW) width = widened(width, stream.source.windows);
    if (seen > MANY) width = narrowed(width);
  }
  return counts;
}

interface Reading extends RunSource {
  readonly window: NonNullable<Checkpoint['window']>;
  readonly checkpoint: Checkpoint;
  readonly counts: { -readonly [name in keyof RunCounts]: number };
  readonly report: (checkpoint: Checkpoint) => void;
}

/** Reads a window to its end or until stopped, and gives the checkpoint reached. */
async function readWindow<Item>(room: RunRoom, stream: WindowedStream<Item>, reading: Reading): Promise<Checkpoint> {
  const { shop, window, checkpoint, counts, report, signal } = reading;
  let batch: Batch<Item> = { delivered: [], refused: [], taken: [] };
  // A batch is written while the next pages come; never two at once, for each carries how far the reading has come.
  let writing: Promise<Checkpoint> = Promise.resolve({ ...checkpoint, window });
  const flush = async (resume: string | null): Promise<void> => {
    const full = batch;
    batch = { delivered: [], refused: [], taken: [] };
    const next = resume === null ? afterWindow(checkpoint, window) : { ...checkpoint, window: { ...window, resume } };
    await writing;
    writing = writeBatch(room, stream, { shop, batch: full, next, counts }).then(() => {
      report(next);
      return next;
    });
    // Awaited at the next batch; until then a failure must not count as unhandled.
    writing.catch(() => undefined);
  };
  try {
    for await (const page of pagesOf(room, stream.source, reading)) {
      takeIn(batch, page.documents, { shop, source: stream.source, keepDocuments: room.keepDocuments });
      if (page.next === null || batch.delivered.length + batch.refused.length >= BATCH || signal.aborted) await flush(page.next);
      if (signal.aborted) break;
    }
  } catch (error) {
    // A run has not ended while one of its batches is still being written.
    await writing.catch(() => undefined);
    throw error;
  }
  return writing;
}

/** The window's pages from where the last run stopped; a place that the platform no longer knows begins the window anew. */
async function* pagesOf({ hash }: RunRoom, source: ChangeStream<unknown>, { call, window }: Reading): AsyncGenerator<Page> {
  let read = 0;
  try {
    for await (const page of source.pages(call, window, { resume: window.resume, hash })) {
      read += 1;
      yield page;
    }
  } catch (error) {
    if (read > 0 || window.resume === null || !(error instanceof AppError) || error.code !== 'platform_refused') throw error;
    yield* source.pages(call, window, { resume: null, hash });
  }
}

/** What a transaction takes: records, those that are refused, and the ids of the former. */
export interface Batch<Item> {
  readonly delivered: DeliveredRecord<Item>[];
  readonly refused: QuarantinedRecord[];
  readonly taken: string[];
}

/** Makes records of documents and adds them to the batch. */
export function takeIn<Item>(
  { delivered, refused, taken }: Batch<Item>,
  documents: readonly Json[],
  { shop, source, keepDocuments }: { shop: Shop; source: Pick<ChangeStream<Item>, 'idOf' | 'toCanonical'>; keepDocuments: boolean },
): void {
  for (const document of documents) {
    const id = source.idOf(document);
    try {
      delivered.push({ shop, item: source.toCanonical(document, shop), document: keepDocuments ? JSON.stringify(document) : '' });
      if (id !== null) taken.push(id);
    } catch (error) {
      if (!(error instanceof DocumentRefused)) throw error;
      refused.push({ record: id ?? NAMELESS, field: error.field, problem: error.problem, document: JSON.stringify(document) });
    }
  }
}

async function writeBatch<Item>(
  room: RunRoom,
  stream: WindowedStream<Item>,
  { shop, batch, next, counts }: { shop: Shop; batch: Batch<Item>; next: Checkpoint; counts: Reading['counts'] },
): Promise<void> {
  await store(room, stream, {
    shop,
    batch,
    counts,
    commit: async (tx) => {
      await keepCheckpoint(tx, shop.shopId, { stream: stream.name, checkpoint: next });
      if (!next.window && stream.completes) await markCompleteIn(tx, [shop.shopId], next.coveredTo);
    },
  });
}

/** Stores a batch with what was refused of it, in one transaction with `commit`, and adds to the counts. */
export async function store<Item>(
  room: RunRoom,
  stream: StoredStream<Item>,
  {
    shop,
    batch,
    counts,
    commit,
  }: { shop: Shop; batch: Batch<Item>; counts: Reading['counts']; commit?: (tx: Transaction) => Promise<void> },
): Promise<void> {
  const { delivered, refused, taken } = batch;
  const at = room.clock.now();
  const written = await stream.store.write(room.engine, delivered, {
    source: room.keepDocuments ? { stream: stream.name } : null,
    at,
    followers,
    parts: room.parts,
    commit: async (tx) => {
      await keepQuarantine(tx, shop.shopId, { stream: stream.name, refused, taken, at });
      await commit?.(tx);
    },
  });
  counts.documents += delivered.length + refused.length;
  counts.added += written.added;
  counts.changed += written.changed;
  counts.unchanged += written.unchanged;
  counts.quarantined += refused.length;
}

/** Tells of each checkpoint how much of the history is in, and how long the rest will take. */
function forecastFrom(begin: Checkpoint, clock: Clock): (now: Checkpoint) => Pick<RunProgress, 'share' | 'remainingSeconds'> {
  const began = clock.now();
  const hours = (from: Temporal.Instant, to: Temporal.Instant): number => to.since(from).total('hours');
  return ({ reachFrom, coveredFrom, coveredTo }) => {
    const left = hours(reachFrom, coveredFrom);
    const done = hours(coveredFrom, begin.coveredFrom);
    const seconds = clock.now().since(began).total('seconds');
    const share = Math.min(1, Math.max(0, 1 - left / Math.max(hours(reachFrom, coveredTo), 1)));
    return { share, remainingSeconds: left <= 0 ? 0 : done > 0 ? Math.round((seconds * left) / done) : null };
  };
}
