import { DuckDBInstance, type DuckDBMaterializedResult } from '@duckdb/node-api';
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
/** How much text is put in order at once: sorting all of a large file takes more memory than there is, whatever goes to disk. */
const LETTERS_PER_MB = 250_000;

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
  const run = (text: string): Promise<DuckDBMaterializedResult> => explained(connection.run(text));
  await run('CREATE TABLE spooled (grp VARCHAR, time BIGINT, place INTEGER, body VARCHAR)');
  let letters = 0;
  let grouped: Promise<unknown> | undefined;
  const group = (): Promise<unknown> => (grouped ??= run('CREATE TABLE firsts AS SELECT grp, min(time) AS first FROM spooled GROUP BY grp'));

  /** The times where one portion ends and the next begins; none when all of it is one. */
  const cuts = async (): Promise<number[]> => {
    const portions = Math.ceil(letters / (memoryMb * LETTERS_PER_MB));
    if (portions < 2) return [];
    const parts = Array.from({ length: portions - 1 }, (_, i) => (i + 1) / portions).join(', ');
    const found = await run(`SELECT DISTINCT unnest(quantile_disc(first, [${parts}])) AS cut FROM firsts ORDER BY cut`);
    return (await found.getRows()).map(([cut]) => Number(cut));
  };

  return {
    async add(records) {
      await explained(append(connection, 'spooled', COLUMNS, records.map(({ group: name, time, place, body }) => [name, time, place, body])));
      for (const { body } of records) letters += body.length;
    },
    async *groups() {
      await group();
      const limits = await cuts();
      for (let i = 0; i <= limits.length; i++) {
        const portion = await run(`
          SELECT s.grp, s.place, s.body FROM spooled s JOIN firsts g ON g.grp = s.grp
          WHERE ${i === 0 ? 'true' : `g.first >= ${limits[i - 1]} AND s.time >= ${limits[i - 1]}`} AND ${i === limits.length ? 'true' : `g.first < ${limits[i]}`}
          ORDER BY g.first, s.grp, s.place`);
        yield* groupsOf(portion);
      }
    },
    async count() {
      await group();
      return Number((await (await run('SELECT count(*) FROM firsts')).getRows())[0]![0]);
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function* groupsOf(sorted: DuckDBMaterializedResult): ReturnType<Spool['groups']> {
  let current: { group: string; records: { place: number; body: string }[] } | null = null;
  for (let chunk = await sorted.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await sorted.fetchChunk()) {
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
}
