import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import type { Column } from '../model/tables.ts';
import { append, toStoreError } from './duckdb.ts';

/** A record that waits for the others of its group: sorted by time, then group, then place. */
export interface SpooledRecord {
  readonly group: string;
  /** Milliseconds since 1970; records of a group sort by the group's earliest. */
  readonly time: number;
  readonly place: number;
  readonly body: string;
}

/** Puts a file's records together by group and in order of time, however large the file is: what memory cannot take goes to disk. */
export interface Spool {
  add(records: readonly SpooledRecord[]): Promise<void>;
  /** The records of each group together, groups by the time of their earliest record. To be called once, after the last `add`. */
  groups(): AsyncGenerator<{ group: string; records: { place: number; body: string }[] }>;
  /** How many groups there are, after the last `add`. */
  count(): Promise<number>;
  close(): void;
}

const COLUMNS: readonly Column[] = [
  { name: 'grp', type: 'text' }, { name: 'time', type: 'big' }, { name: 'place', type: 'integer' }, { name: 'body', type: 'text' },
];
const MEMORY_MB = 256;
const READ_ROWS = 20_480;

/**
 * Opens an empty spool of its own, apart from the store, with a memory bound of its own.
 * Whatever it does may throw AppError `disk_full`.
 */
export async function openSpool(folder: string, memoryMb = MEMORY_MB): Promise<Spool> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryMb}MB`, temp_directory: folder, threads: '2', preserve_insertion_order: 'false',
  });
  const connection = await instance.connect();
  const explained = <T>(work: Promise<T>): Promise<T> => work.catch((error: unknown) => {
    throw toStoreError(error, folder);
  });
  // Never a streamed result: one that fails in the middle ends as if it were whole, and orders would be missing without a word.
  const run = async (text: string): Promise<DuckDBValue[][]> => (await explained(connection.run(text))).getRows();
  await run('CREATE TABLE spooled (grp VARCHAR, time BIGINT, place INTEGER, body VARCHAR)');
  let [rows, letters] = [0, 0];
  let grouped: Promise<unknown> | undefined;
  const group = (): Promise<unknown> => (grouped ??= run('CREATE TABLE firsts AS SELECT grp, min(time) AS first FROM spooled GROUP BY grp'));

  /** Puts the rows in order, by portions of time where they are many: sorting all of a large file at once takes more memory than there is. */
  const sort = async (): Promise<void> => {
    const portions = Math.ceil(letters / (memoryMb * 250_000)) || 1;
    const parts = Array.from({ length: portions - 1 }, (_, i) => (i + 1) / portions).join(', ');
    const limits = portions === 1 ? [] : await run(`SELECT DISTINCT unnest(quantile_disc(first, [${parts}])) AS cut FROM firsts ORDER BY cut`);
    await run('CREATE TABLE sorted (grp VARCHAR, place INTEGER, body VARCHAR)');
    for (let i = 0; i <= limits.length; i++) {
      const from = i === 0 ? 'true' : `g.first >= ${String(limits[i - 1]![0])} AND s.time >= ${String(limits[i - 1]![0])}`;
      const to = i === limits.length ? 'true' : `g.first < ${String(limits[i]![0])}`;
      await run(`
        INSERT INTO sorted SELECT s.grp, s.place, s.body FROM spooled s JOIN firsts g ON g.grp = s.grp
        WHERE ${from} AND ${to} ORDER BY g.first, s.grp, s.place`);
    }
    await run('DROP TABLE spooled');
  };

  return {
    async add(records) {
      await explained(append(connection, 'spooled', COLUMNS, records.map(({ group: name, time, place, body }) => [name, time, place, body])));
      rows += records.length;
      for (const { body } of records) letters += body.length;
    },
    async *groups() {
      await group();
      await sort();
      let current: { group: string; records: { place: number; body: string }[] } | null = null;
      for (let start = 0; start < rows; start += READ_ROWS) {
        const slice = await run(`SELECT grp, place, body FROM sorted WHERE rowid >= ${start} AND rowid < ${start + READ_ROWS} ORDER BY rowid`);
        for (const [name, place, body] of slice as [string, number, string][]) {
          if (current && current.group !== name) {
            yield current;
            current = null;
          }
          current ??= { group: name, records: [] };
          current.records.push({ place, body });
        }
      }
      if (current) yield current;
    },
    async count() {
      await group();
      return Number((await run('SELECT count(*) FROM firsts'))[0]![0]);
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
