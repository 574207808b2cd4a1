import { DuckDBInstance } from '@duckdb/node-api';
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
  /** How many groups there are. */
  count(): Promise<number>;
  close(): void;
}

const COLUMNS: readonly Column[] = [
  { name: 'grp', type: 'text' }, { name: 'time', type: 'big' }, { name: 'place', type: 'integer' }, { name: 'body', type: 'text' },
];

/**
 * Opens an empty spool of its own, apart from the store, with a memory bound of its own.
 * Whatever it does may throw AppError `disk_full`.
 */
export async function openSpool(folder: string, memoryLimit = '256MB'): Promise<Spool> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: memoryLimit, temp_directory: folder, threads: '2', preserve_insertion_order: 'false',
  });
  const connection = await instance.connect();
  await connection.run('CREATE TABLE spooled (grp VARCHAR, time BIGINT, place INTEGER, body VARCHAR)');
  const explained = <T>(work: Promise<T>): Promise<T> => work.catch((error: unknown) => {
    throw toStoreError(error, folder);
  });
  return {
    add: (records) => explained(append(connection, 'spooled', COLUMNS, records.map(({ group, time, place, body }) => [group, time, place, body]))),
    async *groups() {
      const result = await explained(connection.stream(`
        SELECT s.grp, s.place, s.body
        FROM spooled s JOIN (SELECT grp, min(time) AS first FROM spooled GROUP BY grp) g ON g.grp = s.grp
        ORDER BY g.first, s.grp, s.place`));
      let current: { group: string; records: { place: number; body: string }[] } | null = null;
      for (let chunk = await explained(result.fetchChunk()); chunk && chunk.rowCount > 0; chunk = await explained(result.fetchChunk())) {
        for (const [group, place, body] of chunk.getRows() as [string, number, string][]) {
          if (current && current.group !== group) {
            yield current;
            current = null;
          }
          current ??= { group, records: [] };
          current.records.push({ place, body });
        }
      }
      if (current) yield current;
    },
    async count() {
      const rows = await (await explained(connection.run('SELECT count(DISTINCT grp) FROM spooled'))).getRows();
      return Number(rows[0]![0]);
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
