import fc from 'fast-check';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Question } from './naive-sales.ts';
import type { World } from './random-world.ts';

export type Row = Readonly<Record<string, any>>;
export type Tables = Readonly<Record<string, readonly Row[]>>;

/** A report a second time, in plain loops, to be held beside the first one on random worlds. */
export interface NaiveReport {
  /** As in the path, e.g. `SalesRank`. */
  readonly report: string;
  /** Parameters of its own that are tried. */
  readonly parameters: fc.Arbitrary<Record<string, unknown>>;
  /** Columns that it does not tell: names, pictures, lists that {@link NaiveReport.check} looks at. */
  readonly untold: readonly string[];
  /** Tables as they are answered, without the columns it does not tell; a column of its own for `check` is named `check_…`. */
  tables(world: World, question: Question): Readonly<Record<string, readonly object[]>>;
  /** What equal rows cannot say, e.g. where the order of two alike is open. Rows of both sides in the same order. */
  check?(answer: Tables, naive: Tables, question: Question): void;
  /** With `group=platform` the rows of one key add up to the row of all platforms together in these columns. */
  readonly addsUp?: {
    readonly keys: readonly string[];
    readonly columns: readonly string[];
    readonly own?: Readonly<Record<string, unknown>>;
  };
}

/** Every naive report: the files of `naive/`, each of which exports `naive`. */
export async function naiveReports(): Promise<NaiveReport[]> {
  const folder = join(import.meta.dirname, 'naive');
  return Promise.all(
    readdirSync(folder)
      .toSorted()
      .map(async (file) => ((await import(join(folder, file))) as { naive: NaiveReport }).naive),
  );
}
