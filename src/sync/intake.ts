import { setImmediate } from 'node:timers/promises';
import type { Engine } from '../engines/engine.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { LIMITS, overLimit } from '../kernel/limits.ts';
import { atOnce, type ReadThenWrite } from '../kernel/turns.ts';
import type { KeyedHash } from '../kernel/vault.ts';
import { finishImport, startImport, type ImportCounts } from '../records/imports/import-log.ts';
import type { OpenParts } from '../records/kind.ts';
import type { Patience } from './file-thread.ts';
import { openSpool, type Spool, type SpooledGroup, type SpooledRecord } from './spool.ts';

/** What taking a file in needs of its surroundings. */
export interface IntakeRoom extends Patience {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly hash: KeyedHash;
  /** Reads the documents that orders were made of before. */
  readonly parts: OpenParts;
  /** Where work goes that does not fit into memory. */
  readonly temporaryFolder: string;
  /** Whose turn it is to read, then to write; whoever writes waits for nobody that still reads. Default: at once. */
  readonly turns?: ReadThenWrite;
}

/** How far an intake has come: records read, then of how many of them the rows are written. */
export type IntakeProgress =
  | { readonly phase: 'read'; readonly rows: number }
  | { readonly phase: 'write'; readonly rows: number; readonly total: number; readonly orders: number };

export interface IntakeRequest {
  /** Reads and checks everything, writes nothing. */
  readonly dryRun?: boolean | undefined;
  readonly onProgress?: ((progress: IntakeProgress) => void) | undefined;
}

/** Records as they are read: those to be kept, and how many have been read so far, refused ones among them. */
export interface ReadPortion {
  readonly rows: number;
  readonly records: readonly SpooledRecord[];
}

/** A kind of file that is read into the store: what a record of it is, and how records are written. */
export interface IntakeKind<Found, Result> {
  /** How many groups of records are written in one transaction. */
  readonly batch: number;
  /** Reads the source to its end, some records at a time; its return value is what all of them together tell. */
  read(): AsyncGenerator<ReadPortion, Found>;
  /** Decides what the whole of the file decides, in the turn to write. */
  settle(found: Found, rows: number): Promise<Settled<Result>>;
  /** Lets go of what it holds open, whatever ended it. */
  close?(): Promise<void>;
}

/** A file that has been read to its end, before anything of it is stored. */
export interface Settled<Result> {
  /** What is remembered of it: the file's name, to show, what recognised it, and all that its documents are read by. */
  readonly noted: { readonly file: string; readonly preset: string; readonly mapping: string };
  /** How many records were refused when they were read. */
  readonly refused?: number;
  /** Whether its times turned out to be the other ones. */
  readonly byOtherTime?: boolean;
  /** @param importId the number its documents are kept under; null in a dry run */
  open(importId: number | null): Promise<IntakeWriter<Result>>;
}

/** Makes rows of groups of records, and stores them batch by batch. */
export interface IntakeWriter<Result> {
  /** What was counted so far, what was refused when it was read among it. */
  readonly counts: Omit<ImportCounts, 'lines_read'>;
  /** Makes a group's records part of the next batch; touches nothing but memory. */
  take(group: SpooledGroup): void;
  /**
   * Stores what was taken since it was called last, whole or not at all, and counts it; more may be taken meanwhile. In a dry run it only
   * counts.
   */
  write(): Promise<void>;
  /** Remembers what all batches together tell; not called in a dry run. */
  finish(): Promise<void>;
  result(): Promise<Result>;
}

/** So much text goes into the spool at once. */
const READ_CHARACTERS = 2 ** 19;
const TURN = 200;

/**
 * Takes a file in: its records wait in a spool until the last is read, so that nothing of a broken file is stored; groups of them come out
 * by time and are written batch by batch, one while the next is made. Killed anywhere and run again it loses and doubles nothing, as long
 * as the kind's `write` is one transaction and knows again what it has stored.
 * @throws AppError `file_empty`, `limit_exceeded`, `disk_full`, and whatever the kind does
 */
export async function takeIn<Found, Result>(room: IntakeRoom, kind: IntakeKind<Found, Result>, request: IntakeRequest): Promise<Result> {
  const { reading, writing } = room.turns ?? { reading: atOnce, writing: atOnce };
  let spool: Spool | undefined;
  try {
    const opened = (spool = await openSpool(room.temporaryFolder));
    const { found, rows, spooled } = await reading(() => readAll(kind, opened, request));
    return await writing(async () => {
      if (rows === 0) throw new AppError('file_empty');
      const settled = await kind.settle(found, rows);
      return writeAll(room, { settled, spool: opened, batch: kind.batch, rows, spooled }, request);
    });
  } finally {
    await kind.close?.();
    await spool?.close();
  }
}

/** Brings the records into the spool; how many were read, and how many of them wait there. */
async function readAll<Found, Result>(kind: IntakeKind<Found, Result>, spool: Spool, { onProgress }: IntakeRequest) {
  let [rows, spooled, characters] = [0, 0, 0];
  let batch: SpooledRecord[] = [];
  const add = async (): Promise<void> => {
    await spool.add(batch);
    spooled += batch.length;
    [batch, characters] = [[], 0];
    onProgress?.({ phase: 'read', rows });
  };
  const portions = kind.read();
  for (;;) {
    const { value, done } = await portions.next();
    if (done) {
      await add();
      return { found: value, rows, spooled };
    }
    rows = value.rows;
    if (rows > LIMITS.lines.most) throw overLimit('lines');
    for (const record of value.records) {
      batch.push(record);
      characters += record.body.length;
    }
    if (characters >= READ_CHARACTERS) await add();
  }
}

interface Reading<Result> {
  readonly settled: Settled<Result>;
  readonly spool: Spool;
  readonly batch: number;
  readonly rows: number;
  readonly spooled: number;
}

async function writeAll<Result>(
  { engine, clock }: IntakeRoom,
  { settled, spool, batch, rows, spooled }: Reading<Result>,
  { dryRun, onProgress }: IntakeRequest,
): Promise<Result> {
  const importId = dryRun ? null : await startImport(engine, { ...settled.noted, at: clock.now() });
  let writer: IntakeWriter<Result> | undefined;
  const end = async (state: 'done' | 'failed'): Promise<void> => {
    if (importId === null) return;
    await finishImport(
      engine,
      { import_id: importId, state, lines_read: rows, ...(writer?.counts ?? { ...NOTHING, lines_refused: settled.refused ?? 0 }) },
      clock.now(),
    );
  };
  try {
    writer = await settled.open(importId);
    const groups = spool.portions(batch, { byOtherTime: settled.byOtherTime ?? false });
    await writeBatches(groups, writer, (done) =>
      onProgress?.({ phase: 'write', rows: done, total: spooled, orders: writer!.counts.orders_read }),
    );
    if (importId !== null) await writer.finish();
    await end('done');
    return await writer.result();
  } catch (error) {
    // The first error is the one to tell: noting it down may fail for the same cause, a full disk for one.
    await end('failed').catch(() => undefined);
    throw error;
  }
}

const NOTHING = { orders_read: 0, orders_new: 0, orders_changed: 0, orders_unchanged: 0 };

/** One batch is written while the next is made: the database works on threads of its own. */
async function writeBatches(
  portions: AsyncIterable<readonly SpooledGroup[]>,
  writer: IntakeWriter<unknown>,
  onWritten: (rows: number) => void,
): Promise<void> {
  let rows = 0;
  let writing = Promise.resolve();
  for await (const groups of portions) {
    for (const [i, group] of groups.entries()) {
      writer.take(group);
      rows += group.records.length;
      // The batch before is a chain of statements: each waits for this thread to send the next.
      if (i % TURN === TURN - 1) await setImmediate();
    }
    await writing;
    const written = rows;
    writing = writer.write().then(() => onWritten(written));
    // Awaited at the next batch; until then a failure must not count as unhandled.
    writing.catch(() => undefined);
  }
  await writing;
}
