import type { Checkpoint, Forecast } from '../records/runs/sync-log.ts';
import type { ChangeStream, ChangeWindow } from '../platforms/platform.ts';
import { checkpointOf, nextWindow, widened, FIRST_HISTORY_DAYS, type RunRoom, type RunSource, type WindowedStream } from './window-run.ts';

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
  const checkpoint = await checkpointOf(room, shop, stream);
  const now = room.clock.now();
  const spans = [
    { from: checkpoint.coveredTo, to: now },
    { from: checkpoint.reachFrom, to: checkpoint.coveredFrom },
  ].filter(({ from, to }) => Temporal.Instant.compare(from, to) < 0);
  let records = 0;
  for (const span of spans) {
    const counted = await stream.source.count(call, span);
    if (counted === null) return planOf(null, windowsLeft(checkpoint, now, stream.source).length, stream.source.pace.perSecond);
    records += counted;
  }
  return planOf(
    records,
    callsFor(records, windowsLeft(checkpoint, now, stream.source).length, stream.source.pace.pageSize),
    stream.source.pace.perSecond,
  );
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
export function windowsLeft(
  begin: Checkpoint,
  now: Temporal.Instant,
  source: Pick<ChangeStream<unknown>, 'widestWindowDays' | 'lagSeconds'>,
): ChangeWindow[] {
  const windows: ChangeWindow[] = [];
  let checkpoint = begin;
  let historyDays = FIRST_HISTORY_DAYS;
  for (;;) {
    const window = nextWindow(checkpoint, now, { freshSeconds: 0, historyDays, stream: source });
    if (!window) return windows;
    windows.push({ from: window.from, to: window.to });
    const recent = Temporal.Instant.compare(window.to, checkpoint.coveredTo) > 0;
    checkpoint = {
      ...checkpoint,
      window: null,
      coveredTo: recent ? window.to : checkpoint.coveredTo,
      coveredFrom: recent ? checkpoint.coveredFrom : window.from,
    };
    historyDays = widened(historyDays, source);
  }
}
