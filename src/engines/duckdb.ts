import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { AppError, toAppError } from '../kernel/errors.ts';
import { append, DUCKDB_TYPES } from './duckdb-append.ts';
import { readBehind, takeNumbers } from './duckdb-numbers.ts';
import { execute, readerOn } from './duckdb-query.ts';
import { ReaderPool, readSideBySide } from './duckdb-reading.ts';
import { DUCKDB_STEPS } from './duckdb-steps.ts';
import type { Engine, Transaction } from './engine.ts';
import { sql } from './sql.ts';
import { StagedTable } from './staged-table.ts';
import { openMended } from './torn-blocks.ts';

const READERS = 4;
const PLACED_FROM_LINES = 5_000_000;
/** Small commits are read again slowly: 3 MB of them in half a second, 40 MB in seven. */
const MUCH_LOG_BYTES = 4 * 2 ** 20;

export interface DuckDbOptions {
  /** Upper bound for the engine's own memory, as DuckDB writes it (`2GB`); beyond it work goes to disk. */
  readonly memoryLimit: string;
  /** Where work goes that does not fit into memory. */
  readonly temporaryFolder: string;
  /** Where copies may be written; nowhere unless said. No other file of the machine can be read or written by SQL. */
  readonly backupFolder?: string | undefined;
  /** How many cores it may use at once; all of the machine's unless said. */
  readonly threads?: number | undefined;
}

/**
 * Opens (or makes) one DuckDB file.
 * @throws AppError `store_in_use` naming the process that holds it, `store_unreadable` when it is damaged
 */
export async function openDuckDb(path: string, options: DuckDbOptions): Promise<Engine> {
  if (!existsSync(path)) await makeWhole(path, options);
  const instance = await openInstance(path, options);
  const writer = await connect(instance);
  await placeGroups(writer);
  const readers = await Promise.all(Array.from({ length: READERS }, () => connect(instance)));
  await lock(writer, options);
  const pool = new ReaderPool(readers);
  const running = new Set<Promise<unknown>>();
  let lastWrite: Promise<unknown> = Promise.resolve();
  let closing = false;
  // The file is this process's alone as long as it is open: what it commits is all that changes, and who does a job here is the only one
  // who does it.
  const opened = randomBytes(6).toString('base64url');
  let changes = 0;
  const leases = new Set<string>();
  const listeners = new Set<() => void>();
  /** Odd while a commit is under way. */
  let commits = 0;

  /** A connection closed under a running query could take the process with it: nothing begins while closing, what runs is waited for. */
  const whileOpen = <T>(work: () => Promise<T>): Promise<T> => {
    if (closing) return Promise.reject(new Error('the store is closed'));
    const run = work().catch((error: unknown) => {
      throw toStoreError(error, path);
    });
    running.add(run);
    const done = (): void => void running.delete(run);
    run.then(done, done);
    return run;
  };
  /** Without a primary key two writers could both insert the same order: writers stand in one queue. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> =>
    whileOpen(() => {
      const turn = lastWrite.then(work, work);
      lastWrite = turn.catch(() => undefined);
      return turn;
    });

  return {
    steps: DUCKDB_STEPS,
    mark: () => Promise.resolve(`${opened} ${changes}`),
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    read: (work) => whileOpen(() => readSideBySide(pool, () => commits, work)),
    transaction: (work) =>
      inTurn(async () => {
        try {
          return await write(writer, work, () => {
            commits += 1;
          });
        } finally {
          // Of a commit that failed nobody knows what is left.
          changes += 1;
          for (const listener of listeners) listener();
        }
      }),
    async lease(job, work) {
      if (leases.has(job)) return undefined;
      leases.add(job);
      try {
        return await work();
      } finally {
        leases.delete(job);
      }
    },
    async tidy() {
      // After a cut all of a log is read again before anything else. While somebody reads, rows that were deleted keep their place in the
      // file: it grew to three times a compact copy.
      if (running.size === 0 && bytesOf(`${path}.wal`) > MUCH_LOG_BYTES) await inTurn(() => writer.run('CHECKPOINT'));
    },
    health: () =>
      whileOpen(async () => {
        const [database, behind] = await readSideBySide(
          pool,
          () => commits,
          async (reader) => [await reader.query<{ version: string }>(sql`SELECT version() AS version`), await readBehind(reader)] as const,
        );
        const logBytes = bytesOf(`${path}.wal`);
        return { database: `DuckDB ${database[0]!.version}`, bytes: bytesOf(path) + logBytes, logBytes, behind };
      }),
    backup: (target) =>
      inTurn(async () => {
        const [current] = await readerOn(writer).query<{ name: string }>(sql`SELECT current_database() AS name`);
        await writer.run(`ATTACH ${quoted(target)} AS copied`);
        try {
          await writer.run(`COPY FROM DATABASE "${current!.name}" TO copied`);
        } finally {
          await writer.run('DETACH copied');
        }
      }),
    async close() {
      closing = true;
      await Promise.allSettled(running);
      for (const connection of [writer, ...readers]) connection.closeSync();
      instance.closeSync();
    },
  };
}

function bytesOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** The file appears whole or not at all: killed while DuckDB writes its first pages, it could never be opened again. */
async function makeWhole(path: string, options: DuckDbOptions): Promise<void> {
  const draft = `${path}.${process.pid}.new`;
  rmSync(draft, { force: true });
  (await openInstance(draft, options)).closeSync();
  try {
    linkSync(draft, path);
    // What a lost data file left behind would be replayed into the new one.
    rmSync(`${path}.wal`, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw toAppError(error);
  } finally {
    rmSync(draft, { force: true });
  }
}

async function openInstance(path: string, options: DuckDbOptions): Promise<DuckDBInstance> {
  try {
    return await openMended(path, () =>
      DuckDBInstance.create(path, {
        memory_limit: options.memoryLimit,
        temp_directory: options.temporaryFolder,
        ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
        // A checkpoint rewrites what it touches: at the 16 MB it comes with, an import pauses for one every few batches. Between them, see
        // tidy().
        checkpoint_threshold: '64MiB',
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
      }),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const file = basename(path);
    const held = /lock is held in (.+?) \(PID (\d+)\)/.exec(reason);
    if (held)
      throw new AppError(
        'store_in_use',
        { file, holder: `${basename(held[1]!)} (pid ${held[2]}${commandOf(held[2]!)})` },
        { cause: error },
      );
    if (/used by another process|could not set lock/i.test(reason)) {
      throw new AppError('store_in_use', { file, holder: 'another process' }, { cause: error });
    }
    if (/read-only|permission denied/i.test(reason)) throw new AppError('folder_not_writable', { path }, { cause: error });
    const known = toStoreError(error, path);
    throw known instanceof AppError ? known : new AppError('store_unreadable', { file, reason: firstLine(reason) }, { cause: error });
  }
}

/** What a database's error means to the one who has to act on it; any other is given back as it is. */
export function toStoreError(error: unknown, path: string): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  if (/no space left|disk is full|database is full|max_temp_directory_size/i.test(error.message))
    return new AppError('disk_full', {}, { cause: error });
  if (/corrupt database file/i.test(error.message)) {
    return new AppError('store_unreadable', { file: basename(path), reason: firstLine(error.message) }, { cause: error });
  }
  return 'code' in error ? toAppError(error) : error;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!;
}

/** What a process was started as, without options, where the system tells (Linux): a bare pid says little to a seller. */
function commandOf(pid: string): string {
  const file = `/proc/${pid}/cmdline`;
  if (!existsSync(file)) return '';
  return `, ${readFileSync(file, 'utf8')
    .split('\0')
    .filter((part) => part && !part.startsWith('-'))
    .slice(0, 4)
    .map((part) => basename(part))
    .join(' ')}`;
}

/**
 * Groups by numbers of up to 18 bits, such as a listing's, are found by their place instead of by their hash. Making room for all of them
 * costs some milliseconds a question, and saves a hundred over millions of rows.
 */
async function placeGroups(connection: DuckDBConnection): Promise<void> {
  const [lines] = await readerOn(connection).query<{ estimated_size: number }>(
    sql`SELECT estimated_size FROM duckdb_tables() WHERE table_name = 'lines'`,
  );
  if (lines && lines.estimated_size > PLACED_FROM_LINES) await connection.run('SET GLOBAL perfect_ht_threshold = 18');
}

/**
 * From here on no SQL, ours or one that somebody smuggles in, reaches a file but the data, what does not fit into memory, and copies; nor
 * does it change that.
 */
async function lock(connection: DuckDBConnection, { backupFolder }: DuckDbOptions): Promise<void> {
  if (backupFolder) await connection.run(`SET allowed_directories = [${quoted(backupFolder)}]`);
  await connection.run('SET enable_external_access = false; SET lock_configuration = true');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function connect(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  return connection;
}

/** @param atCommit is called when the commit begins and when it has ended, however it has */
async function write<T>(connection: DuckDBConnection, work: (tx: Transaction) => Promise<T>, atCommit: () => void): Promise<T> {
  await connection.run('BEGIN TRANSACTION');
  try {
    const result = await work(transactionOn(connection));
    atCommit();
    await connection.run('COMMIT').finally(atCommit);
    return result;
  } catch (error) {
    // A failed COMMIT has already ended the transaction; the first error is the one to tell.
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function transactionOn(connection: DuckDBConnection): Transaction {
  const stageTable = async (name: string, table: StagedTable): Promise<void> => {
    const definition = table.columns.map((column) => `"${column.name}" ${DUCKDB_TYPES[column.type].toString()}`).join(', ');
    await connection.run(`CREATE OR REPLACE TEMP TABLE "${name}" (${definition})`);
    await append(connection, name, table);
  };
  return {
    ...readerOn(connection),
    async run(text) {
      await execute(connection, text);
    },
    async stage(name, columns, rows) {
      const table = new StagedTable(columns);
      for (const row of rows) table.add(row);
      await stageTable(name, table);
    },
    stageTable,
    numbers: (table, count) => takeNumbers(connection, table, count),
  };
}
