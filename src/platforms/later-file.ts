import type { Text } from '../kernel/messages.ts';
import { normalHeader } from './file-columns.ts';

/** A kind of file that a seller centre has and that cannot be imported yet. */
export interface LaterFile {
  /** What it is, with its article: `an Amazon settlement report`. */
  readonly title: Text;
  /** Headers that it is known by, one for each form and language it comes in: each has all of these columns. */
  readonly headers: readonly (readonly string[])[];
}

/** The first of the kinds that one of these rows is a header of; undefined where none is. */
export function laterFileOf(kinds: readonly LaterFile[], rows: readonly (readonly string[])[]): LaterFile | undefined {
  const found = rows.map((cells) => new Set(cells.map(normalHeader)));
  return kinds.find(({ headers }) => headers.some((names) => found.some((cells) => names.every((name) => cells.has(normalHeader(name))))));
}
