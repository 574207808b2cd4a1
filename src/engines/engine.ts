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

/** What may be staged: amounts (ten-thousandths), hashes and instants (microseconds since 1970) as bigint or safe integer, the rest as {@link Value}. */
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
}

/** Where data rest. One writer at a time, any number of readers. */
export interface Engine {
  /**
   * Another one after each transaction that may have changed something, as soon as it resolves: what was read under the same
   * version is as new as any answer now. Of no meaning after the data are opened again.
   */
  readonly version: number;
  /** Tells after each transaction that may have changed something, until the function it gives is called; what the listener does is nobody's wait. */
  watch(listener: () => void): () => void;
  /** All questions of one call see the same state, whatever is written meanwhile. */
  read<T>(work: (reader: Reader) => Promise<T>): Promise<T>;
  /** Runs alone among writers; committed and on disk when it resolves, undone when it rejects. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /**
   * Takes what stands in the log alone into the data where it has become much and nobody reads or writes: after a cut all of a log is
   * read again before anything else.
   */
  checkpoint(): Promise<void>;
  /** Writes a whole, compact copy of the data to a file that does not exist yet, while others go on reading. */
  backup(path: string): Promise<void>;
  close(): Promise<void>;
}
