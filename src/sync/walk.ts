import type { Checkpoint } from '../records/runs/sync-log.ts';
import { afterWindow, isBefore, later, nextWindow, type BegunWindow } from './next-window.ts';

/**
 * Where each shop of a feed stands, by its number. What is covered is a fact of each shop, for a shop may join its account later than
 * others.
 */
export type Standing = ReadonlyMap<number, Checkpoint>;

/** A window, and the shops that reading it brings on. */
export interface Walk {
  readonly window: BegunWindow;
  readonly shopIds: readonly number[];
}

/**
 * The window to read next of a feed: one begun, else what is new, from the shop on that is furthest behind, else a piece of history, latest
 * first. It goes for all shops that it brings on without a hole, so that shops that stand together stay together, and one that joins late
 * catches up by itself. Null when all is in that may be asked for now.
 */
export function nextWalk(standing: Standing, now: Temporal.Instant, how: Parameters<typeof nextWindow>[2]): Walk | null {
  const wanted = [...standing.values()].flatMap((checkpoint) => {
    const window = nextWindow(checkpoint, now, how);
    return window ? [{ checkpoint, window }] : [];
  });
  const begun = wanted.find(({ checkpoint, window }) => checkpoint.window === window);
  const recent = wanted.filter(({ checkpoint, window }) => isBefore(checkpoint.coveredTo, window.to));
  const first =
    begun ??
    recent.toSorted((a, b) => Temporal.Instant.compare(a.checkpoint.coveredTo, b.checkpoint.coveredTo))[0] ??
    wanted.toSorted((a, b) => Temporal.Instant.compare(b.checkpoint.coveredFrom, a.checkpoint.coveredFrom))[0];
  if (!first) return null;
  const { window } = first;
  const goes = (checkpoint: Checkpoint): boolean => (begun ? isSame(checkpoint.window, window) : isBroughtOn(checkpoint, window));
  return { window, shopIds: [...standing].filter(([, checkpoint]) => goes(checkpoint)).map(([shopId]) => shopId) };
}

/** Where a feed stands when a window is begun and read up to a mark, or, with null, to its end. */
export function afterWalk(standing: Standing, { window, shopIds }: Walk, begun: BegunWindow | null): Standing {
  const next = new Map(standing);
  for (const shopId of shopIds) {
    const checkpoint = standing.get(shopId)!;
    next.set(shopId, begun ? { ...checkpoint, window: begun } : afterWindow(checkpoint, window));
  }
  return next;
}

function isSame(one: Checkpoint['window'], other: BegunWindow): boolean {
  return one !== null && one.from.equals(other.from) && one.to.equals(other.to) && one.resume === other.resume;
}

/** Whether a window meets what is covered, so that no hole is left, and goes beyond it. */
function isBroughtOn({ reachFrom, coveredFrom, coveredTo }: Checkpoint, { from, to }: BegunWindow): boolean {
  const meets = !isBefore(coveredTo, from) && !isBefore(to, coveredFrom);
  return meets && (isBefore(coveredTo, to) || isBefore(later(from, reachFrom), coveredFrom));
}
