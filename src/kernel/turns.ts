/** Does a piece of work when its turn has come. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** Without a turn. */
export const atOnce: InTurn = (work) => work();

/** So many pieces of work at a time; others wait, first come first served. */
export function turns(places: number): InTurn {
  let free = places;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

/** Work of two parts: reading what somebody sends, at their speed, and then writing it. */
export interface ReadThenWrite {
  readonly reading: InTurn;
  readonly writing: InTurn;
}
