import type { DuckDBConnection } from '@duckdb/node-api';
import { readerOn } from './duckdb-query.ts';
import type { Reader } from './engine.ts';

/** Questions of one reading that run beside each other; more would only wait for the same processors. */
const MOST_SIDE_BY_SIDE = 2;

/** Connections that are read on, each by one at a time. */
export class ReaderPool {
  readonly #idle: DuckDBConnection[];
  readonly #waiting: ((connection: DuckDBConnection) => void)[] = [];

  constructor(connections: readonly DuckDBConnection[]) {
    this.#idle = [...connections];
  }

  take(): Promise<DuckDBConnection> {
    const connection = this.takeNow();
    return connection ? Promise.resolve(connection) : new Promise((resolve) => this.#waiting.push(resolve));
  }

  takeNow(): DuckDBConnection | undefined {
    return this.#idle.pop();
  }

  give(connection: DuckDBConnection): void {
    const next = this.#waiting.shift();
    if (next) next(connection);
    else this.#idle.push(connection);
  }
}

/**
 * Reads one state of the data, questions that are asked at once beside each other as far as connections are free.
 * @param commits another number at each beginning and end of a commit, odd in between: where it has not moved since the first
 * connection began, a second one that begins sees the same
 */
export async function readSideBySide<T>(pool: ReaderPool, commits: () => number, work: (reader: Reader) => Promise<T>): Promise<T> {
  const first = await pool.take();
  const state = commits();
  const taken = [first];
  const own = new ReaderPool([first]);
  const running = new Set<Promise<unknown>>();
  let begun = 1;

  const beginAnother = async (): Promise<DuckDBConnection | undefined> => {
    if (begun === MOST_SIDE_BY_SIDE || state % 2 === 1 || commits() !== state) return undefined;
    const connection = pool.takeNow();
    if (!connection) return undefined;
    begun += 1;
    taken.push(connection);
    await begin(connection);
    return commits() === state ? connection : undefined;
  };
  const borrow = async (): Promise<DuckDBConnection> => own.takeNow() ?? (await beginAnother()) ?? own.take();
  const reader: Reader = {
    query: (text) => {
      const answer = borrow().then((connection) =>
        readerOn(connection)
          .query(text)
          .finally(() => own.give(connection)),
      ) as Promise<never>;
      running.add(answer);
      const done = (): void => void running.delete(answer);
      answer.then(done, done);
      return answer;
    },
  };

  try {
    await begin(first);
    return await work(reader);
  } finally {
    // Where one question has failed, others may still be under way.
    await Promise.allSettled(running);
    for (const connection of taken) {
      await connection.run('ROLLBACK').catch(() => undefined);
      pool.give(connection);
    }
  }
}

/** From here on the connection sees one state: not the BEGIN decides which, but the first look at the data. */
async function begin(connection: DuckDBConnection): Promise<void> {
  await connection.run('BEGIN TRANSACTION READ ONLY; SELECT txid_current()');
}
