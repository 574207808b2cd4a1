import type { Span } from '../trade/change-blocks.ts';
import { invalidParam } from './envelope.ts';
import { pageTokenOf, readPageToken, type PageMark } from './page-token.ts';

/** Where a search stands: sorted how, on which page. */
export interface Paging {
  readonly descending: boolean;
  readonly pageSize: number;
  readonly pageToken: string | undefined;
  /** Everything a page token is bound to. */
  readonly binding: string;
}

/** What can be on a page: sorted by its time and then its number. */
export interface Sorted {
  readonly time: number;
  readonly serial: number;
}

/** What a search goes through. */
export interface PageSource<Found extends Sorted> {
  readonly seed: number;
  readonly span: Span;
  /** What lies in the span, in order. */
  candidates(span: Span): Iterable<Found>;
  passes(candidate: Found): boolean;
  count(span: Span): number;
  /** Whether the page that ends here gives its last one to the next page too. */
  repeatsLast(last: Found): boolean;
}

/** One page of a search: what it found, and how it goes on. */
export interface Page<Found> {
  readonly found: readonly Found[];
  /** Undefined on the last page. */
  readonly nextToken: string | undefined;
  readonly total: number;
}

/**
 * One page of a search.
 * @throws Refusal for a token of another search
 */
export function pageOf<Found extends Sorted>(source: PageSource<Found>, paging: Paging): Page<Found> {
  const { seed, span } = source;
  const { descending, pageSize, pageToken, binding } = paging;
  const mark = pageToken === undefined ? undefined : readPageToken(pageToken, binding, seed);
  if (pageToken !== undefined && mark === undefined) throw invalidParam('page_token does not belong to this search');
  const found: Found[] = [];
  for (const candidate of source.candidates(mark ? behind(span, mark, descending) : span)) {
    if (mark && !isBehind(candidate, mark, descending)) continue;
    if (!source.passes(candidate)) continue;
    found.push(candidate);
    if (found.length > pageSize) break;
  }
  const total = mark?.total ?? source.count(span);
  if (found.length <= pageSize) return { found, nextToken: undefined, total };
  found.pop();
  const repeats = found.length > 1 && source.repeatsLast(found.at(-1)!);
  const { time, serial } = found.at(repeats ? -2 : -1)!;
  return { found, nextToken: pageTokenOf({ time, serial, total }, binding, seed), total };
}

function behind(span: Span, mark: PageMark, descending: boolean): Span {
  return descending ? { ...span, to: Math.min(span.to, mark.time + 1) } : { ...span, from: Math.max(span.from, mark.time) };
}

function isBehind({ time, serial }: Sorted, mark: PageMark, descending: boolean): boolean {
  const difference = time - mark.time || serial - mark.serial;
  return descending ? difference < 0 : difference > 0;
}
