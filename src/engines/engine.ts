import type { NumberedTable } from '../model/numbered.ts';
import type { Column } from '../model/tables.ts';
import type { Sql } from './sql.ts';
import type { StagedTable } from './staged-table.ts';

/**
 * What crosses the border of a database, whichever it is: exact decimals as text with their scale,
 * instants as ISO text in UTC, days as `YYYY-MM-DD`, integers as numbers (an unsafe one throws).
 */
export type Value = null | boolean | number | string | Uint8Array;

/** A row by column name. */
export type Row = Readonly<Record<string, Value>>;

/**
 * What may be staged: amounts (ten-thousandths), hashes and instants (microseconds since 1970) as bigint or safe integer, the rest as
 * {@link Value}.
 */
export type StagedValue = Value | bigint;

/** Asks questions of one unchanging state of the data. */
export interface Reader {
  query<R extends Row = Row>(text: Sql): Promise<R[]>;
}

/** Changes data; all of it or nothing of it is kept. */
export interface Transaction extends Reader {
  run(text: Sql): Promise<void>;
  /**
   * Puts rows into a temporary table of that name, replacing the one before; columns in the order given.
   * @throws Error on a value that the column cannot hold
   */
  stage(name: string, columns: readonly Column[], rows: readonly (readonly StagedValue[])[]): Promise<void>;
  /** The same with rows that were made before. */
  stageTable(name: string, table: StagedTable): Promise<void>;
  /**
   * Takes numbers for so many new rows of a table, one at least: the first of a row of them that nobody else is given, now or later. With a
   * transaction that is undone they may be lost, never given to rows that stay beside those of another.
   */
  numbers(table: NumberedTable, count: number): Promise<number>;
}

/** A step of a database's schema, in that database's own words. */
export interface SchemaStep {
  /** The version that it brings the schema to. The versions are one numbering for all databases; one may have fewer steps than another. */
  readonly to: number;
  readonly sql: string;
  /** Tables that it makes and that others are summed up in: they are filled after the last step. */
  readonly derived?: readonly string[];
}

/** How a database is, as it says itself. */
export interface Health {
  /** Its name and version. */
  readonly database: string;
  /** What it takes on disk, and how much of that is a log that it would have to read again after a cut. */
  readonly bytes: number;
  readonly logBytes: number;
  /** Tables that hold a number which is still to be given out: two rows would come to bear it. */
  readonly behind: readonly NumberedTable[];
}

/**
 * Where data rest. One writer at a time, any number of readers, in one process or in several: what nobody but the database can know of the
 * others (which number comes next, whether anything has changed, who does a job) is asked of it.
 */
export interface Engine {
  /** What its tables are made by, oldest first; the last one brings them to today's schema. */
  readonly steps: readonly SchemaStep[];
  /**
   * A name for the state of the data, given by the database: another one after each transaction that may have changed something, whoever's
   * it was, as soon as that resolves. What was read while it stayed the same is as new as any answer now; no state of before or after has
   * the same.
   */
  mark(): Promise<string>;
  /**
   * Tells after each transaction that may have changed something, until the function it gives is called; what the listener does is nobody's
   * wait.
   */
  watch(listener: () => void): () => void;
  /** All questions of one call see the same state, whatever is written meanwhile. */
  read<T>(work: (reader: Reader) => Promise<T>): Promise<T>;
  /** Runs alone among writers; committed and on disk when it resolves, undone when it rejects. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /**
   * Does a job that only one may do at a time, and nobody else on the same data meanwhile, under whatever it is called by; undefined, and
   * nothing is done, where somebody else is at it. It ends with the work, however that ends, and with the process.
   */
  lease<T>(job: string, work: () => Promise<T>): Promise<T | undefined>;
  /**
   * To be called again and again while there is little else to do: what the database leaves for quiet times, and only as much as is worth
   * it.
   */
  tidy(): Promise<void>;
  health(): Promise<Health>;
  /** Writes a whole, compact copy of the data to a file that does not exist yet, while others go on reading. */
  backup(path: string): Promise<void>;
  close(): Promise<void>;
}
