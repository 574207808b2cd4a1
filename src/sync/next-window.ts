import type { Checkpoint } from '../records/runs/sync-log.ts';
import type { ChangeWindow, Windows } from '../platforms/stream.ts';

/** A window with the place in it where reading goes on. */
export type BegunWindow = NonNullable<Checkpoint['window']>;

/** How wide the first window of history is, where the platform lists so much at once. */
export const FIRST_WIDTH = Temporal.Duration.from({ hours: 24 * 7 });
const NARROWEST = Temporal.Duration.from({ hours: 24 });

/** The end of the youngest window that may be asked for now. */
export function latestEnd(now: Temporal.Instant, { youngest }: Pick<Windows, 'youngest'>): Temporal.Instant {
  return now.subtract(youngest);
}

/** Where a stream stands that was never read: it begins now, with as much history as is wanted and listed. */
export function firstCheckpoint(
  now: Temporal.Instant,
  history: Temporal.Duration,
  windows: Pick<Windows, 'youngest' | 'reach'>,
): Checkpoint {
  const begin = latestEnd(now, windows);
  return { reachFrom: later(now.subtract(history), now.subtract(windows.reach)), coveredFrom: begin, coveredTo: begin, window: null };
}

/**
 * The window to read next: the one begun, else what is new, else a piece of history; null when all is in that may be asked for now.
 * It is never wider than the platform lists, what it reaches back included, and never ends later than the platform lists.
 * @param how.fresh what is new may wait so long
 * @param how.width how wide a piece of history should be
 */
export function nextWindow(
  checkpoint: Checkpoint,
  now: Temporal.Instant,
  { fresh, width, windows }: { fresh: Temporal.Duration; width: Temporal.Duration; windows: Windows },
): BegunWindow | null {
  const { window, reachFrom, coveredFrom, coveredTo } = checkpoint;
  const { widest } = windows;
  const end = latestEnd(now, windows);
  // One that another version began, or another clock or reach, may be more than is listed, or than is wanted: it is begun anew.
  if (window && !isBefore(window.from.add(widest), window.to) && !isBefore(end, window.to) && adds(checkpoint, window)) return window;
  if (isBefore(coveredTo.add(fresh), end)) {
    // Half of a window at least is new, or the reading would not come forward.
    const from = coveredTo.subtract(shorter(windows.lag, times(widest, 0.5)));
    return { from, to: earlier(end, from.add(widest)), resume: null };
  }
  // A clock that was set back: what ends later than now is waited for.
  if (!isBefore(reachFrom, coveredFrom) || isBefore(end, coveredFrom)) return null;
  return { from: later(reachFrom, coveredFrom.subtract(shorter(width, widest))), to: coveredFrom, resume: null };
}

/** Whether a window holds more than is covered already, as far back as is wanted. */
function adds({ reachFrom, coveredFrom, coveredTo }: Checkpoint, { from, to }: ChangeWindow): boolean {
  return isBefore(coveredTo, to) || isBefore(later(from, reachFrom), coveredFrom);
}

/** Where a stream stands when a window has been read to its end. */
export function afterWindow(checkpoint: Checkpoint, window: ChangeWindow): Checkpoint {
  const { reachFrom, coveredFrom, coveredTo } = checkpoint;
  return {
    reachFrom,
    coveredFrom: earlier(coveredFrom, later(window.from, reachFrom)),
    coveredTo: later(coveredTo, window.to),
    window: null,
  };
}

/** The width of the next piece of history after one that held few records. */
export function widened(width: Temporal.Duration, { widest }: Pick<Windows, 'widest'>): Temporal.Duration {
  return shorter(times(width, 2), widest);
}

/** The width of the next piece of history after one that held many records. */
export function narrowed(width: Temporal.Duration): Temporal.Duration {
  const half = times(width, 0.5);
  return Temporal.Duration.compare(half, NARROWEST) < 0 ? NARROWEST : half;
}

function times(duration: Temporal.Duration, factor: number): Temporal.Duration {
  return Temporal.Duration.from({ milliseconds: Math.floor(duration.total('milliseconds') * factor) });
}

function shorter(a: Temporal.Duration, b: Temporal.Duration): Temporal.Duration {
  return Temporal.Duration.compare(a, b) <= 0 ? a : b;
}

/** Whether an instant lies before another. */
export function isBefore(a: Temporal.Instant, b: Temporal.Instant): boolean {
  return Temporal.Instant.compare(a, b) < 0;
}

/** The earlier of two instants. */
export function earlier(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return isBefore(b, a) ? b : a;
}

/** The later of two instants. */
export function later(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return isBefore(a, b) ? b : a;
}
