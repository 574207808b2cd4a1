import type { Engine } from '../engines/engine.ts';
import { writeOrders, type DeliveredOrder } from '../engines/order-writer.ts';
import { markCompleteIn } from '../engines/shops.ts';
import { keepCheckpoint, keepQuarantine, NAMELESS, readCheckpoint, type Checkpoint, type QuarantinedRecord, type RunCounts } from '../engines/sync-log.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import type { Json } from '../kernel/json.ts';
import type { KeyedHash } from '../kernel/vault.ts';
import type { Shop } from '../model/shop.ts';
import { DocumentRefused, type Call, type ChangeWindow, type OrderStream, type Page } from '../platforms/platform.ts';

/** What bringing orders home needs of its surroundings. */
export interface OrderRunRoom {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly hash: KeyedHash;
  /** How far back a shop that is new is read. */
  readonly historyDays: number;
  /** Whether the platform's own records are kept beside what is made of them. */
  readonly keepDocuments: boolean;
}

/** What is read and with what. */
export interface OrderRunSource {
  readonly shop: Shop;
  readonly stream: OrderStream;
  readonly call: Call;
  readonly signal: AbortSignal;
}

/** How far a run has come. */
export interface RunProgress extends RunCounts {
  /** `recent`: what changed since the last run; `history`: the back-fill, newest first. */
  readonly phase: 'recent' | 'history';
  readonly window: ChangeWindow;
  /** Part of the history that is in, 0 to 1. */
  readonly share: number;
  /** How long the rest of the history will take at the speed so far; null until that can be told. */
  readonly remainingSeconds: number | null;
}

const STREAM = 'orders';
const BATCH = 4000;
/** While history is read, what changes meanwhile is not left waiting longer. */
const FRESH_SECONDS = 120;
const FIRST_HISTORY_DAYS = 7;
/** A window of history should be some minutes' work: one that held fewer or more records makes the next wider or narrower. */
const FEW = 3000;
const MANY = 20_000;

/**
 * Brings one shop's orders home: first what changed since the last run, then history, newest first, window by window.
 * Orders, their documents and how far the reading has come are one transaction: stopped anywhere, the next run goes on there.
 * @throws AppError what the platform or the store refuses; whatever came before is kept
 */
export async function runOrders(room: OrderRunRoom, source: OrderRunSource, onProgress: (progress: RunProgress) => void = () => undefined): Promise<RunCounts> {
  const { shop, stream, signal } = source;
  const counts = { documents: 0, orders_new: 0, orders_changed: 0, orders_unchanged: 0, quarantined: 0 };
  let checkpoint = (await room.engine.read((reader) => readCheckpoint(reader, shop.shopId, STREAM))) ?? newCheckpoint(room.clock.now(), Math.min(room.historyDays, stream.reachDays));
  const forecast = forecastFrom(checkpoint, room.clock);
  let historyDays = FIRST_HISTORY_DAYS;
  for (let first = true; ; first = false) {
    const window = nextWindow(checkpoint, room.clock.now(), { freshSeconds: first ? 0 : FRESH_SECONDS, historyDays, stream });
    if (!window || signal.aborted) break;
    const before = counts.documents;
    const phase = Temporal.Instant.compare(window.to, checkpoint.coveredFrom) <= 0 ? 'history' : 'recent';
    const report = (now: Checkpoint): void => onProgress({ ...counts, phase, window, ...forecast(now) });
    checkpoint = await readWindow(room, source, { window, checkpoint, counts, report });
    if (checkpoint.window) break;
    const seen = counts.documents - before;
    if (seen < FEW) historyDays = Math.min(historyDays * 2, stream.widestWindowDays);
    if (seen > MANY) historyDays = Math.max(historyDays / 2, 1);
  }
  return counts;
}

/** The window to read next: the one begun, else what is new, else a piece of history; null when all is in. */
export function nextWindow(
  checkpoint: Checkpoint, now: Temporal.Instant,
  { freshSeconds, historyDays, stream }: { freshSeconds: number; historyDays: number; stream: Pick<OrderStream, 'widestWindowDays' | 'lagSeconds'> },
): NonNullable<Checkpoint['window']> | null {
  const { window, reachFrom, coveredFrom, coveredTo } = checkpoint;
  if (window) return window;
  if (now.since(coveredTo).total('seconds') > freshSeconds) {
    return { from: coveredTo.subtract({ seconds: stream.lagSeconds }), to: earlier(now, coveredTo.add({ hours: 24 * stream.widestWindowDays })), resume: null };
  }
  if (Temporal.Instant.compare(coveredFrom, reachFrom) <= 0) return null;
  return { from: later(reachFrom, coveredFrom.subtract({ hours: 24 * historyDays })), to: coveredFrom, resume: null };
}

interface Reading {
  readonly window: NonNullable<Checkpoint['window']>;
  readonly checkpoint: Checkpoint;
  readonly counts: { -readonly [name in keyof RunCounts]: number };
  readonly report: (checkpoint: Checkpoint) => void;
}

/** Reads a window to its end or until stopped, and gives the checkpoint reached. */
async function readWindow(room: OrderRunRoom, { shop, stream, call, signal }: OrderRunSource, { window, checkpoint, counts, report }: Reading): Promise<Checkpoint> {
  let batch: Batch = { delivered: [], refused: [] };
  // A batch is written while the next pages come; never two at once, for each carries how far the reading has come.
  let writing: Promise<Checkpoint> = Promise.resolve({ ...checkpoint, window });
  const flush = async (resume: string | null): Promise<void> => {
    const full = batch;
    batch = { delivered: [], refused: [] };
    const next = resume === null ? afterWindow(checkpoint, window) : { ...checkpoint, window: { ...window, resume } };
    await writing;
    writing = write(room, shop, { batch: full, next, counts }).then(() => {
      report(next);
      return next;
    });
    // Awaited at the next batch; until then a failure must not count as unhandled.
    writing.catch(() => undefined);
  };
  try {
    for await (const page of pagesOf(room, { shop, stream, call, signal }, window)) {
      takeIn(batch, page.documents, { shop, stream, keepDocuments: room.keepDocuments });
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
async function* pagesOf({ hash }: OrderRunRoom, { stream, call }: OrderRunSource, window: NonNullable<Checkpoint['window']>): AsyncGenerator<Page> {
  let read = 0;
  try {
    for await (const page of stream.pages(call, window, { resume: window.resume, hash })) {
      read += 1;
      yield page;
    }
  } catch (error) {
    if (read > 0 || window.resume === null || !(error instanceof AppError) || error.code !== 'platform_refused') throw error;
    yield* stream.pages(call, window, { resume: null, hash });
  }
}

interface Batch {
  readonly delivered: DeliveredOrder[];
  readonly refused: QuarantinedRecord[];
}

/** Makes orders of a page's documents and adds them to the batch. */
function takeIn({ delivered, refused }: Batch, documents: readonly Json[], { shop, stream, keepDocuments }: { shop: Shop; stream: OrderStream; keepDocuments: boolean }): void {
  for (const document of documents) {
    try {
      delivered.push({ shop, order: stream.toCanonical(document, shop), document: keepDocuments ? JSON.stringify(document) : '' });
    } catch (error) {
      if (!(error instanceof DocumentRefused)) throw error;
      refused.push({ record: stream.idOf(document) ?? NAMELESS, field: error.field, problem: error.problem, document: JSON.stringify(document) });
    }
  }
}

async function write(room: OrderRunRoom, shop: Shop, { batch, next, counts }: { batch: Batch; next: Checkpoint; counts: Reading['counts'] }): Promise<void> {
  const { shopId } = shop;
  const { delivered, refused } = batch;
  const written = await writeOrders(room.engine, delivered, {
    source: room.keepDocuments ? { shopId, stream: STREAM } : null,
    commit: async (tx) => {
      await keepQuarantine(tx, shopId, { stream: STREAM, refused, taken: delivered.map(({ order }) => order.orderId), at: room.clock.now() });
      await keepCheckpoint(tx, shopId, { stream: STREAM, checkpoint: next });
      if (!next.window) await markCompleteIn(tx, [shopId], next.coveredTo);
    },
  });
  counts.documents += delivered.length + refused.length;
  counts.orders_new += written.added;
  counts.orders_changed += written.changed;
  counts.orders_unchanged += written.unchanged;
  counts.quarantined += refused.length;
}

function newCheckpoint(now: Temporal.Instant, historyDays: number): Checkpoint {
  return { reachFrom: now.subtract({ hours: 24 * historyDays }), coveredFrom: now, coveredTo: now, window: null };
}

function afterWindow(checkpoint: Checkpoint, window: ChangeWindow): Checkpoint {
  const { coveredFrom, coveredTo } = checkpoint;
  return { ...checkpoint, coveredFrom: earlier(coveredFrom, later(window.from, checkpoint.reachFrom)), coveredTo: later(coveredTo, window.to), window: null };
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

function earlier(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) <= 0 ? a : b;
}

function later(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) >= 0 ? a : b;
}
