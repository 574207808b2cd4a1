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
import { ofShop, type FeedOwner } from '../model/feed.ts';
import { nameInCalls, type Shop } from '../model/shop.ts';
import type { Call } from '../platforms/operation.ts';
import { DocumentRefused, type ChangeStream, type ChangeWindow, type Page } from '../platforms/stream.ts';
import { FIRST_WIDTH, firstCheckpoint, isBefore, narrowed, widened } from './next-window.ts';
import { afterWalk, nextWalk, type Standing, type Walk } from './walk.ts';

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

/** Whose data are brought home, with what, and until when: a shop's. */
export interface RunSource {
  readonly shop: Shop;
  readonly call: Call;
  readonly signal: AbortSignal;
}

/** The same of a feed: one shop, or those of an account that are connected. */
export interface FeedSource extends Omit<RunSource, 'shop'> {
  readonly owner: FeedOwner;
  readonly shops: readonly Shop[];
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

/** Where the shops of a feed stand; one that was never read begins now, with as much history as is wanted and listed. */
export async function standingOf(
  room: Pick<RunRoom, 'engine' | 'clock' | 'historyDays'>,
  shops: readonly Shop[],
  { name, source }: { name: string; source: Pick<ChangeStream<unknown>, 'windows'> },
): Promise<Standing> {
  const fresh = firstCheckpoint(room.clock.now(), Temporal.Duration.from({ hours: 24 * room.historyDays }), source.windows);
  return room.engine.read(async (reader) => {
    const standing = new Map<number, Checkpoint>();
    for (const { shopId } of shops) standing.set(shopId, (await readCheckpoint(reader, shopId, name)) ?? fresh);
    return standing;
  });
}

/**
 * Brings a feed home: first what changed since the last run, then history, newest first, window by window.
 * A batch ends with how far the reading has come, in the transaction of its last records: stopped anywhere, the next run goes on there.
 * @throws AppError what the platform or the store refuses; whatever came before is kept
 */
export async function runWindows<Item>(
  room: RunRoom,
  stream: WindowedStream<Item>,
  source: FeedSource,
  onProgress: (progress: RunProgress) => void = () => undefined,
): Promise<RunCounts> {
  const counts = { ...NO_COUNTS };
  let standing = await standingOf(room, source.shops, stream);
  const forecast = forecastFrom(standing, room.clock);
  let width = FIRST_WIDTH;
  for (let first = true; ; first = false) {
    const walk = nextWalk(standing, room.clock.now(), { fresh: first ? AT_ONCE : FRESH, width, windows: stream.source.windows });
    if (!walk || source.signal.aborted) break;
    const before = counts.documents;
    const phase = walk.shopIds.every((id) => !isBefore(standing.get(id)!.coveredFrom, walk.window.to)) ? 'history' : 'recent';
    const report = (now: Standing): void => onProgress({ ...counts, phase, window: walk.window, ...forecast(now) });
    const reached = await readWindow(room, stream, { ...source, walk, standing, counts, report });
    standing = reached;
    if (walk.shopIds.some((id) => reached.get(id)!.window)) break;
    const seen = counts.documents - before;
    if (seen < FEW) width = widened(width, stream.source.windows);
    if (seen > MANY) width = narrowed(width);
  }
  return counts;
}

interface Reading extends FeedSource {
  readonly walk: Walk;
  readonly standing: Standing;
  readonly counts: { -readonly [name in keyof RunCounts]: number };
  readonly report: (standing: Standing) => void;
}

/** Reads a window to its end or until stopped, and gives where the feed stands then. */
async function readWindow<Item>(room: RunRoom, stream: WindowedStream<Item>, reading: Reading): Promise<Standing> {
  const { walk, standing, report, signal } = reading;
  let sorted = openSorting(stream.source, reading.shops, room.keepDocuments);
  // A batch is written while the next pages come; never two at once, for each carries how far the reading has come.
  let writing: Promise<Standing> = Promise.resolve(afterWalk(standing, walk, walk.window));
  const flush = async (resume: string | null): Promise<void> => {
    const full = sorted;
    sorted = openSorting(stream.source, reading.shops, room.keepDocuments);
    const next = afterWalk(standing, walk, resume === null ? null : { ...walk.window, resume });
    await writing;
    writing = writeBatch(room, stream, { ...reading, sorted: full, next }).then(() => {
      report(next);
      return next;
    });
    // Awaited at the next batch; until then a failure must not count as unhandled.
    writing.catch(() => undefined);
  };
  try {
    for await (const page of pagesOf(room, stream.source, reading)) {
      sorted.take(page.documents);
      if (page.next === null || page.keep || sorted.count() >= BATCH || signal.aborted) await flush(page.next);
      if (page.keep) await writing;
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
async function* pagesOf({ hash }: RunRoom, source: ChangeStream<unknown>, { call, walk, shops }: Reading): AsyncGenerator<Page> {
  const { window } = walk;
  const given = { hash, shops: shops.filter(({ shopId }) => walk.shopIds.includes(shopId)).map(nameInCalls) };
  let read = 0;
  try {
    for await (const page of source.pages(call, window, { ...given, resume: window.resume })) {
      read += 1;
      yield page;
    }
  } catch (error) {
    if (read > 0 || window.resume === null || !(error instanceof AppError) || error.code !== 'platform_refused') throw error;
    yield* source.pages(call, window, { ...given, resume: null });
  }
}

/** What a transaction takes: records, those that are refused, and the ids of the former. */
export interface Batch<Item> {
  readonly delivered: DeliveredRecord<Item>[];
  readonly refused: QuarantinedRecord[];
  readonly taken: string[];
}

/** A batch with nothing in it yet. */
export function newBatch<Item>(): Batch<Item> {
  return { delivered: [], refused: [], taken: [] };
}

/** What a batch of a feed holds, by shop. */
interface Sorting<Item> {
  take(documents: readonly Json[]): void;
  of(shopId: number): Batch<Item> | undefined;
  /** Records of shops that are not connected, by id and what the platform calls their shop: no document is kept of what may be nobody's. */
  readonly strange: QuarantinedRecord[];
  /** The ids of all that came in well. */
  taken(): string[];
  /** How many records came. */
  count(): number;
}

/** Sorts a feed's records by the shop that each is of, whoever was asked for. */
function openSorting<Item>(source: ChangeStream<Item>, shops: readonly Shop[], keepDocuments: boolean): Sorting<Item> {
  const batches = new Map<number, Batch<Item>>();
  const strange: QuarantinedRecord[] = [];
  let count = 0;
  const shopOf = (document: Json): Shop | undefined => {
    if (!source.shopOf) return shops[0];
    const told = source.shopOf(document);
    return shops.find((shop) => nameInCalls(shop) === told);
  };
  return {
    take(documents) {
      count += documents.length;
      for (const document of documents) {
        const shop = shopOf(document);
        if (!shop) {
          const told = source.shopOf!(document);
          strange.push({
            record: source.idOf(document) ?? NAMELESS,
            field: 'shop',
            problem: told === null ? 'is missing' : `${told} is not connected`,
            document: null,
          });
          continue;
        }
        const batch = batches.get(shop.shopId) ?? newBatch<Item>();
        batches.set(shop.shopId, batch);
        takeIn(batch, [document], { shop, source, keepDocuments });
      }
    },
    of: (shopId) => batches.get(shopId),
    strange,
    taken: () => [...batches.values()].flatMap(({ taken, refused }) => [...taken, ...refused.map(({ record }) => record)]),
    count: () => count,
  };
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

/** Stores what a batch brought, of every shop, with what is of no known shop and where the feed stands then. */
async function writeBatch<Item>(
  room: RunRoom,
  stream: WindowedStream<Item>,
  { owner, shops, walk, sorted, next, counts }: Reading & { sorted: Sorting<Item>; next: Standing },
): Promise<void> {
  const batches = shops.map((shop) => ({ shop, batch: sorted.of(shop.shopId) ?? newBatch<Item>() }));
  await storeAll(room, stream, {
    batches,
    counts,
    commit: async (tx, at) => {
      if (owner.accountId !== null) {
        await keepQuarantine(tx, owner, { stream: stream.name, refused: sorted.strange, taken: sorted.taken(), at });
      }
      for (const { shopId } of shops.filter((shop) => walk.shopIds.includes(shop.shopId))) {
        const checkpoint = next.get(shopId)!;
        await keepCheckpoint(tx, shopId, { stream: stream.name, checkpoint });
        if (!checkpoint.window && stream.completes) await markCompleteIn(tx, [shopId], checkpoint.coveredTo);
      }
    },
  });
  counts.documents += sorted.strange.length;
  counts.quarantined += sorted.strange.length;
}

/** Stores a shop's batch with what was refused of it, in one transaction with `commit`, and adds to the counts. */
export async function store<Item>(
  room: RunRoom,
  stream: StoredStream<Item>,
  { shop, batch, ...rest }: { shop: Shop; batch: Batch<Item>; counts: Reading['counts']; commit?: (tx: Transaction) => Promise<void> },
): Promise<void> {
  await storeAll(room, stream, { ...rest, batches: [{ shop, batch }] });
}

/** The same of several shops. */
async function storeAll<Item>(
  room: RunRoom,
  stream: StoredStream<Item>,
  {
    batches,
    counts,
    commit,
  }: {
    batches: readonly { readonly shop: Shop; readonly batch: Batch<Item> }[];
    counts: Reading['counts'];
    commit?: (tx: Transaction, at: Temporal.Instant) => Promise<void>;
  },
): Promise<void> {
  const at = room.clock.now();
  const delivered = batches.flatMap(({ batch }) => batch.delivered);
  const written = await stream.store.write(room.engine, delivered, {
    source: room.keepDocuments ? { stream: stream.name } : null,
    at,
    followers,
    parts: room.parts,
    commit: async (tx) => {
      for (const { shop, batch } of batches) {
        const { refused, taken } = batch;
        await keepQuarantine(tx, ofShop(shop.shopId), { stream: stream.name, refused, taken, at });
      }
      await commit?.(tx, at);
    },
  });
  const refused = batches.reduce((sum, { batch }) => sum + batch.refused.length, 0);
  counts.documents += delivered.length + refused;
  counts.added += written.added;
  counts.changed += written.changed;
  counts.unchanged += written.unchanged;
  counts.quarantined += refused;
}

/** Tells of each standing how much of the history is in, and how long the rest will take: shops together. */
function forecastFrom(begin: Standing, clock: Clock): (now: Standing) => Pick<RunProgress, 'share' | 'remainingSeconds'> {
  const began = clock.now();
  const sum = (standing: Standing, of: (checkpoint: Checkpoint) => number): number =>
    [...standing.values()].reduce((hours, checkpoint) => hours + of(checkpoint), 0);
  const leftOf = ({ reachFrom, coveredFrom }: Checkpoint): number => Math.max(0, coveredFrom.since(reachFrom).total('hours'));
  const wholeOf = ({ reachFrom, coveredTo }: Checkpoint): number => Math.max(coveredTo.since(reachFrom).total('hours'), 1);
  const atFirst = sum(begin, leftOf);
  return (standing) => {
    const left = sum(standing, leftOf);
    const done = atFirst - left;
    const seconds = clock.now().since(began).total('seconds');
    const share = Math.min(1, Math.max(0, 1 - left / sum(standing, wholeOf)));
    return { share, remainingSeconds: left <= 0 ? 0 : done > 0 ? Math.round((seconds * left) / done) : null };
  };
}
