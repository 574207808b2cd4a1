import {
  DuckDBBlobValue,
  DuckDBConnection,
  DuckDBDateValue,
  DuckDBInstance,
  DuckDBMaterializedResult,
  DuckDBTimestampTZValue,
  DuckDBTypeId,
  BIGINT,
  BLOB,
  BOOLEAN,
  DOUBLE,
  TIMESTAMPTZ,
  VARCHAR,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { existsSync, linkSync, readFileSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { AppError, toAppError } from '../kernel/errors.ts';
import { append, DUCKDB_TYPES } from './duckdb-append.ts';
import type { Engine, Reader, Row, Transaction, Value } from './engine.ts';
import { sql, type Sql } from './sql.ts';
import { StagedTable } from './staged-table.ts';

const READERS = 3;

export interface DuckDbOptions {
  /** Upper bound for the engine's own memory, as DuckDB writes it (`2GB`); beyond it work goes to disk. */
  readonly memoryLimit: string;
  /** Where work goes that does not fit into memory. */
  readonly temporaryFolder: string;
}

/**
 * Opens (or makes) one DuckDB file.
 * @throws AppError `store_in_use` naming the process that holds it, `store_unreadable` when it is damaged
 */
export async function openDuckDb(path: string, options: DuckDbOptions): Promise<Engine> {
  if (!existsSync(path)) await makeWhole(path, options);
  const instance = await openInstance(path, options);
  const writer = await connect(instance);
  const readers = await Promise.all(Array.from({ length: READERS }, () => connect(instance)));
  const idle = [...readers];
  const waiting: ((connection: DuckDBConnection) => void)[] = [];
  const running = new Set<Promise<unknown>>();
  let lastWrite: Promise<unknown> = Promise.resolve();
  let closing = false;
  let version = 0;

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
  const takeReader = (): Promise<DuckDBConnection> => {
    const connection = idle.pop();
    return connection ? Promise.resolve(connection) : new Promise((resolve) => waiting.push(resolve));
  };
  const giveBack = (connection: DuckDBConnection): void => {
    const next = waiting.shift();
    if (next) next(connection);
    else idle.push(connection);
  };
  /** Without a primary key two writers could both insert the same order: writers stand in one queue. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => whileOpen(() => {
    const turn = lastWrite.then(work, work);
    lastWrite = turn.catch(() => undefined);
    return turn;
  });

  return {
    get version() {
      return version;
    },
    read: (work) =>
      whileOpen(async () => {
        const connection = await takeReader();
        try {
          return await inTransaction(connection, 'BEGIN TRANSACTION READ ONLY', () => work(readerOn(connection)));
        } finally {
          giveBack(connection);
        }
      }),
    transaction: (work) =>
      inTurn(async () => {
        try {
          return await inTransaction(writer, 'BEGIN TRANSACTION', () => work(transactionOn(writer)));
        } finally {
          // Of a commit that failed nobody knows what is left.
          version += 1;
        }
      }),
    backup: (target) =>
      inTurn(async () => {
        const quoted = `'${target.replaceAll("'", "''")}'`;
        const [current] = await readerOn(writer).query<{ name: string }>(sql`SELECT current_database() AS name`);
        await writer.run(`ATTACH ${quoted} AS copied`);
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
    return await DuckDBInstance.create(path, {
      memory_limit: options.memoryLimit,
      temp_directory: options.temporaryFolder,
      // A checkpoint rewrites what it touches: at the 16 MB it comes with, an import pauses for one every few batches.
      checkpoint_threshold: '64MiB',
      // Groups by a number of up to 19 bits, such as a SKU's, are found by it instead of by its hash.
      perfect_ht_threshold: '19',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const file = basename(path);
    const held = /lock is held in (.+?) \(PID (\d+)\)/.exec(reason);
    if (held) throw new AppError('store_in_use', { file, holder: `${basename(held[1]!)} (pid ${held[2]}${commandOf(held[2]!)})` }, { cause: error });
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
  if (/no space left|disk is full|database is full|max_temp_directory_size/i.test(error.message)) return new AppError('disk_full', {}, { cause: error });
  if (/corrupt database file/i.test(error.message)) {
    return new AppError('store_unreadable', { file: basename(path), reason: firstLine(error.message) }, { cause: error });
  }
  return 'code' in error ? toAppError(error) : error;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!;
}

/** What a process was started as, where the system tells (Linux): a bare pid says little to a seller. */
function commandOf(pid: string): string {
  const file = `/proc/${pid}/cmdline`;
  if (!existsSync(file)) return '';
  return `, ${readFileSync(file, 'utf8').split('\0').filter(Boolean).slice(0, 4).map((part) => basename(part)).join(' ')}`;
}

async function connect(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  return connection;
}

async function inTransaction<T>(connection: DuckDBConnection, begin: string, work: () => Promise<T>): Promise<T> {
  await connection.run(begin);
  try {
    const result = await work();
    await connection.run('COMMIT');
    return result;
  } catch (error) {
    // A failed COMMIT has already ended the transaction; the first error is the one to tell.
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Without values there is nothing to prepare: one way to the database and back instead of three. */
function execute(connection: DuckDBConnection, { text, values }: Sql): Promise<DuckDBMaterializedResult> {
  return values.length === 0 ? connection.run(text) : connection.run(text, values.map(toParameter), values.map(parameterType));
}

function readerOn(connection: DuckDBConnection): Reader {
  return {
    async query<R extends Row>(text: Sql): Promise<R[]> {
      const result = await execute(connection, text);
      const names = result.deduplicatedColumnNames();
      const readers = names.map((_, i) => valueReader(result.columnTypeId(i)));
      const rows: Record<string, Value>[] = [];
      // Column by column: for many rows a third of the time that lists of values turned into objects take.
      for (const chunk of await result.fetchAllChunks()) {
        const columns = names.map((_, i) => chunk.getColumnValues(i));
        const { rowCount } = chunk;
        for (let at = 0; at < rowCount; at++) {
          const row: Record<string, Value> = {};
          for (let i = 0; i < names.length; i++) row[names[i]!] = readers[i]!(columns[i]![at]!);
          rows.push(row);
        }
      }
      return rows as R[];
    },
  };
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
  };
}

function toParameter(value: unknown): DuckDBValue {
  if (value === null || ['string', 'number', 'boolean', 'bigint'].includes(typeof value)) return value as DuckDBValue;
  if (value instanceof Temporal.Instant) return new DuckDBTimestampTZValue(value.epochNanoseconds / 1000n);
  if (value instanceof Uint8Array) return new DuckDBBlobValue(value);
  throw new TypeError(`${typeof value} cannot be a parameter`);
}

/** Untyped parameters would bind integers as DOUBLE and lose the pruning of a column. */
function parameterType(value: unknown): DuckDBType {
  if (typeof value === 'number') return Number.isInteger(value) ? BIGINT : DOUBLE;
  if (typeof value === 'bigint') return BIGINT;
  if (typeof value === 'boolean') return BOOLEAN;
  if (value instanceof Temporal.Instant) return TIMESTAMPTZ;
  if (value instanceof Uint8Array) return BLOB;
  return VARCHAR;
}

function valueReader(type: DuckDBTypeId): (value: DuckDBValue) => Value {
  const orNull = (read: (value: DuckDBValue) => Value) => (value: DuckDBValue): Value => (value === null ? null : read(value));
  switch (type) {
    case DuckDBTypeId.BIGINT: case DuckDBTypeId.UBIGINT: case DuckDBTypeId.HUGEINT: case DuckDBTypeId.UHUGEINT:
      return orNull(toSafeInteger);
    case DuckDBTypeId.DECIMAL:
      return orNull((value) => value!.toString());
    case DuckDBTypeId.DATE: {
      // Many rows share few days, and a day costs more to spell than to look up.
      const spelt = new Map<number, string>();
      return orNull((value) => spelt.getOrInsertComputed((value as DuckDBDateValue).days, () => value!.toString()));
    }
    case DuckDBTypeId.TIMESTAMP_TZ:
      return orNull((value) => Temporal.Instant.fromEpochNanoseconds((value as DuckDBTimestampTZValue).micros * 1000n).toString());
    case DuckDBTypeId.BLOB:
      return orNull((value) => (value as DuckDBBlobValue).bytes);
    case DuckDBTypeId.BOOLEAN: case DuckDBTypeId.TINYINT: case DuckDBTypeId.SMALLINT: case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.DOUBLE: case DuckDBTypeId.VARCHAR: case DuckDBTypeId.SQLNULL:
      return (value) => value as Value;
    default:
      throw new TypeError(`a column of DuckDB type ${DuckDBTypeId[type]} has no place on the engine's border; cast it`);
  }
}

function toSafeInteger(value: DuckDBValue): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`the integer ${String(value)} is too large to be exact; cast it to text`);
  return number;
}
