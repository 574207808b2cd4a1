import type { ChangeWindow, Windows } from '../platforms/stream.ts';
import type { Checkpoint, Forecast } from '../records/runs/sync-log.ts';
import { afterWindow, FIRST_WIDTH, latestEnd, nextWindow, widened } from './next-window.ts';
import { checkpointOf, type RunRoom, type RunSource, type WindowedStream } from './window-run.ts';

/** What bringing the rest of a stream home will take. */
export interface Plan extends Forecast {
  /** Records that are still to come, as the platform counts them; null where it does not say. */
  readonly records: number | null;
}

/** So many calls at so many a second. */
export function planOf(records: number | null, calls: number, perSecond: number): Plan {
  return { records, calls, seconds: Math.ceil(calls / perSecond) };
}

/** The rest of a stream that is read by windows: what is new and the history that is left, as the platform counts it now. */
export async function planWindows(room: RunRoom, stream: WindowedStream<unknown>, { shop, call }: RunSource): Promise<Plan> {
  const { source } = stream;
  const checkpoint = await checkpointOf(room, shop, stream);
  const now = room.clock.now();
  const windows = windowsLeft(checkpoint, now, source.windows).length;
  const spans = [
    { from: checkpoint.coveredTo, to: latestEnd(now, source.windows) },
    { from: checkpoint.reachFrom, to: checkpoint.coveredFrom },
  ].filter(({ from, to }) => Temporal.Instant.compare(from, to) < 0);
  let records = 0;
  for (const span of spans) {
    const counted = await source.count(call, span);
    if (counted === null) return planOf(null, windows, source.pace.perSecond);
    records += counted;
  }
  return planOf(records, callsFor(records, windows, source.pace.pageSize), source.pace.perSecond);
}

/** Whether history is left: what is new since the last run takes a call or two and needs no forecast. */
export async function hasHistory(room: RunRoom, stream: WindowedStream<unknown>, { shop }: RunSource): Promise<boolean> {
  const { reachFrom, coveredFrom } = await checkpointOf(room, shop, stream);
  return Temporal.Instant.compare(reachFrom, coveredFrom) < 0;
}

/** Every window ends with a page that is not full: half a page on average, and one where it is empty. */
export function callsFor(records: number, windows: number, pageSize: number): number {
  return Math.max(windows, Math.ceil(records / pageSize + windows / 2));
}

/** The windows that a run would read, as long as none of them is found to hold too much. */
export function windowsLeft(begin: Checkpoint, now: Temporal.Instant, windows: Windows): ChangeWindow[] {
  const left: ChangeWindow[] = [];
  let checkpoint = begin;
  let width = FIRST_WIDTH;
  for (;;) {
    const window = nextWindow(checkpoint, now, { fresh: Temporal.Duration.from({ seconds: 0 }), width, windows });
    if (!window) return left;
    left.push({ from: window.from, to: window.to });
    checkpoint = afterWindow(checkpoint, window);
    width = widened(width, windows);
  }
}
