import type { Reader, Row } from '../../src/engines/engine.ts';
import type { Sql } from '../../src/engines/sql.ts';

/** A question that takes longer is given up, and said to be. */
export const MOST_SECONDS = 180;

/**
 * Does work on connections that see the same state: questions asked at once run beside each other as far as connections are free, as the
 * product's own do. Where one question has failed, those under way are waited for.
 */
export async function readSideBySide<C, T>(
  connections: readonly C[],
  ask: (connection: C, text: Sql) => Promise<Row[]>,
  work: (reader: Reader) => Promise<T>,
): Promise<T> {
  const idle = [...connections];
  const waiting: ((connection: C) => void)[] = [];
  const running = new Set<Promise<unknown>>();
  const query = async (text: Sql): Promise<Row[]> => {
    const connection = idle.pop() ?? (await new Promise<C>((resolve) => waiting.push(resolve)));
    try {
      return await ask(connection, text);
    } finally {
      const next = waiting.shift();
      if (next) next(connection);
      else idle.push(connection);
    }
  };
  const reader: Reader = {
    query: <R extends Row>(text: Sql) => {
      const answer = query(text) as Promise<R[]>;
      const done = answer
        .then(
          () => undefined,
          () => undefined,
        )
        .then(() => running.delete(done));
      running.add(done);
      return answer;
    },
  };
  try {
    return await work(reader);
  } finally {
    await Promise.all(running);
  }
}
