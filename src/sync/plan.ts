import { nameInCalls } from '../model/shop.ts';
import type { ChangeWindow, Pace, Windows } from '../platforms/stream.ts';
import type { Checkpoint, Forecast } from '../records/runs/sync-log.ts';
import { earlier, FIRST_WIDTH, isBefore, later, latestEnd, widened } from './next-window.ts';
import { afterWalk, nextWalk, type Standing } from './walk.ts';
import { standingOf, type FeedSource, type RunRoom, type WindowedStream } from './window-run.ts';

/** What bringing the rest of a stream home will take. */
export interface Plan extends Forecast {
  /** Records that are still to come, as the platform counts them; null where it does not say. */
  readonly records: number | null;
}

/** So many calls at so many a second. */
export function planOf(records: number | null, calls: number, perSecond: number): Plan {
  return { records, calls, seconds: Math.ceil(calls / perSecond) };
}

/** The rest of a feed that is read by windows: what is new and the history that is left, as the platform counts it now. */
export async function planWindows(room: RunRoom, stream: WindowedStream<unknown>, { shops, call }: FeedSource): Promise<Plan> {
  const { source } = stream;
  const standing = await standingOf(room, shops, stream);
  const now = room.clock.now();
  const windows = windowsLeft(standing, now, source.windows);
  const { whole } = source.pace;
  const comesWhole = ({ from, to }: ChangeWindow): boolean => whole !== undefined && isBefore(from.add(whole.widerThan), to);
  const paged = windows.filter((window) => !comesWhole(window)).length;
  const reports = windows.length - paged;
  const given = { shops: shops.map(nameInCalls) };
  let records = 0;
  let toPage = 0;
  for (const span of spansLeft([...standing.values()], latestEnd(now, source.windows))) {
    const counted = await source.count(call, span, given);
    if (counted === null) return withWhole(planOf(null, paged, source.pace.perSecond), reports, whole);
    records += counted;
    if (!comesWhole(span)) toPage += counted;
  }
  return withWhole(planOf(records, callsFor(toPage, paged, source.pace.pageSize), source.pace.perSecond), reports, whole);
}

/** The same with windows that come whole beside it. */
function withWhole(plan: Plan, windows: number, whole: Pace['whole']): Plan {
  if (!whole) return plan;
  return { ...plan, calls: plan.calls + windows * whole.calls, seconds: plan.seconds + windows * whole.seconds };
}

/** What is new and what is left of the history, from the shop on that lacks most of it. */
function spansLeft(checkpoints: readonly Checkpoint[], end: Temporal.Instant): ChangeWindow[] {
  const least = (of: (checkpoint: Checkpoint) => Temporal.Instant): Temporal.Instant => checkpoints.map(of).reduce(earlier);
  const unread = checkpoints.filter(({ reachFrom, coveredFrom }) => isBefore(reachFrom, coveredFrom));
  const spans = [{ from: least(({ coveredTo }) => coveredTo), to: end }];
  if (unread.length > 0) {
    spans.push({
      from: unread.map(({ reachFrom }) => reachFrom).reduce(earlier),
      to: unread.map(({ coveredFrom }) => coveredFrom).reduce(later),
    });
  }
  return spans.filter(({ from, to }) => isBefore(from, to));
}

/** Whether history is left: what is new since the last run takes a call or two and needs no forecast. */
export async function hasHistory(room: RunRoom, stream: WindowedStream<unknown>, { shops }: FeedSource): Promise<boolean> {
  const standing = await standingOf(room, shops, stream);
  return [...standing.values()].some(({ reachFrom, coveredFrom }) => isBefore(reachFrom, coveredFrom));
}

/** Every window ends with a page that is not full: half a page on average, and one where it is empty. */
export function callsFor(records: number, windows: number, pageSize: number): number {
  return Math.max(windows, Math.ceil(records / pageSize + windows / 2));
}

/** The windows that a run would read, as long as none of them is found to hold too much. */
export function windowsLeft(begin: Standing, now: Temporal.Instant, windows: Windows): ChangeWindow[] {
  const left: ChangeWindow[] = [];
  let standing = begin;
  let width = FIRST_WIDTH;
  for (;;) {
    const walk = nextWalk(standing, now, { fresh: Temporal.Duration.from({ seconds: 0 }), width, windows });
    if (!walk) return left;
    left.push({ from: walk.window.from, to: walk.window.to });
    standing = afterWalk(standing, walk, null);
    width = widened(width, windows);
  }
}
