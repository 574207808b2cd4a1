import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Checkpoint } from '../records/runs/sync-log.ts';
import type { Windows } from '../platforms/stream.ts';
import { afterWindow, FIRST_WIDTH, firstCheckpoint, narrowed, nextWindow, widened } from './next-window.ts';

const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const lasting = (minutes: number): Temporal.Duration => Temporal.Duration.from({ minutes });
const hours = (count: number): Temporal.Duration => lasting(60 * count);
const WINDOWS: Windows = { widest: hours(720), lag: lasting(10), youngest: lasting(0), reach: hours(24 * 3650) };
const checkpoint = (
  parts: Partial<Record<'reachFrom' | 'coveredFrom' | 'coveredTo', string>>,
  window: Checkpoint['window'] = null,
): Checkpoint => ({
  reachFrom: at(parts.reachFrom ?? '2026-01-01T00:00:00Z'),
  coveredFrom: at(parts.coveredFrom ?? '2026-11-01T00:00:00Z'),
  coveredTo: at(parts.coveredTo ?? '2026-11-22T00:00:00Z'),
  window,
});
const plan = (from: Checkpoint, now: string, windows: Partial<Windows> = {}) =>
  nextWindow(from, at(now), { fresh: lasting(2), width: FIRST_WIDTH, windows: { ...WINDOWS, ...windows } });

test('what is new comes before history, and reaches back over the end of the last window', () => {
  expect(plan(checkpoint({}), '2026-11-22T01:00:00Z')).toEqual({
    from: at('2026-11-21T23:50:00Z'),
    to: at('2026-11-22T01:00:00Z'),
    resume: null,
  });
});

test('history is read newest first, a piece at a time, and not beyond where it ends', () => {
  expect(plan(checkpoint({}), '2026-11-22T00:01:00Z')).toEqual({
    from: at('2026-10-25T00:00:00Z'),
    to: at('2026-11-01T00:00:00Z'),
    resume: null,
  });
  expect(plan(checkpoint({ coveredFrom: '2026-01-03T00:00:00Z' }), '2026-11-22T00:01:00Z')).toMatchObject({
    from: at('2026-01-01T00:00:00Z'),
  });
  expect(plan(checkpoint({ coveredFrom: '2026-01-01T00:00:00Z' }), '2026-11-22T00:01:00Z')).toBeNull();
});

test('a window that was cut off is finished first', () => {
  const window = { from: at('2026-10-25T00:00:00Z'), to: at('2026-11-01T00:00:00Z'), resume: 'page 7' };
  expect(plan(checkpoint({}, window), '2026-11-22T05:00:00Z')).toEqual(window);
});

test('after weeks without a run what is new comes in pieces no wider than the platform takes', () => {
  expect(plan(checkpoint({ coveredTo: '2026-08-01T00:00:00Z' }), '2026-11-22T00:00:00Z')).toEqual({
    from: at('2026-07-31T23:50:00Z'),
    to: at('2026-08-30T23:50:00Z'),
    resume: null,
  });
});

test('a platform that lists two days at once, up to two minutes ago, is never asked for a week, nor for the last minute', () => {
  const windows = { widest: hours(48), youngest: lasting(2) };
  expect(plan(checkpoint({}), '2026-11-22T00:03:00Z', windows)).toEqual({
    from: at('2026-10-30T00:00:00Z'),
    to: at('2026-11-01T00:00:00Z'),
    resume: null,
  });
  expect(plan(checkpoint({}), '2026-11-22T01:00:00Z', windows)).toMatchObject({ to: at('2026-11-22T00:58:00Z') });
  expect(firstCheckpoint(at('2026-11-22T01:00:00Z'), hours(24), WINDOWS)).toMatchObject({ coveredTo: at('2026-11-22T01:00:00Z') });
  expect(firstCheckpoint(at('2026-11-22T01:00:00Z'), hours(24), { ...WINDOWS, ...windows })).toMatchObject({
    reachFrom: at('2026-11-21T01:00:00Z'),
    coveredTo: at('2026-11-22T00:58:00Z'),
  });
});

test('a window that was begun wider, or to a later end, than is listed is begun anew as far as it is', () => {
  const wide = { from: at('2026-10-01T00:00:00Z'), to: at('2026-11-01T00:00:00Z'), resume: 'page 7' };
  expect(plan(checkpoint({}, wide), '2026-11-22T00:00:00Z')).toEqual({
    from: at('2026-10-25T00:00:00Z'),
    to: at('2026-11-01T00:00:00Z'),
    resume: null,
  });
  const young = { from: at('2026-11-21T23:50:00Z'), to: at('2026-11-22T05:00:00Z'), resume: 'page 7' };
  expect(plan(checkpoint({}, young), '2026-11-22T04:00:00Z')).toMatchObject({ to: at('2026-11-22T04:00:00Z'), resume: null });
});

test('a window that was begun before less history was wanted is not read on', () => {
  const beyond = { from: at('2025-12-25T00:00:00Z'), to: at('2026-01-01T00:00:00Z'), resume: 'page 7' };
  expect(plan(checkpoint({ coveredFrom: '2026-01-01T00:00:00Z' }, beyond), '2026-11-22T00:01:00Z')).toBeNull();
});

const minutes = (most: number) => fc.integer({ min: 0, max: most });
const someWindows = fc.record({
  widest: fc.integer({ min: 30, max: 60 * 24 * 60 }).map(lasting),
  lag: minutes(60 * 24 * 3).map(lasting),
  youngest: minutes(60).map(lasting),
  reach: fc.constant(hours(24 * 3650)),
});

test('whatever the checkpoint, clock and widths, a window keeps to what is listed, the walk leaves no hole and comes to an end', () => {
  const begin = at('2026-11-22T00:00:00Z');
  const world = fc.record({
    windows: someWindows,
    // How far the last run lies back, in windows; less than nothing: its clock was ahead.
    behind: fc.double({ min: -2, max: 20, noNaN: true }),
    covered: fc.double({ min: 0, max: 20, noNaN: true }),
    reach: fc.double({ min: 0, max: 40, noNaN: true }),
    // A window that another version began: it may be of any width.
    begun: fc.option(fc.record({ recent: fc.boolean(), over: minutes(60 * 24 * 90), under: minutes(60) })),
    width: fc.double({ min: 0.1, max: 10, noNaN: true }),
    few: fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
    ticks: fc.array(minutes(5), { minLength: 1, maxLength: 20 }),
  });
  fc.assert(
    fc.property(world, ({ windows, begun, few, ticks, ...given }) => {
      const wide = (share: number): Temporal.Duration => lasting(Math.ceil(share * windows.widest.total('minutes')));
      const coveredTo = begin.subtract(wide(given.behind));
      const coveredFrom = coveredTo.subtract(wide(given.covered));
      const reachFrom = coveredFrom.subtract(wide(given.reach));
      const window = !begun
        ? null
        : begun.recent
          ? { from: coveredTo.subtract(lasting(begun.under)), to: coveredTo.add(lasting(begun.over + 1)), resume: 'page 7' }
          : { from: coveredFrom.subtract(lasting(begun.over + 1)), to: coveredFrom, resume: 'page 7' };
      let state: Checkpoint = { reachFrom, coveredFrom, coveredTo, window };
      let [now, width] = [begin, wide(given.width)];
      // Twenty for the clock that goes on, two for each window of what is new, ten for one of history where the width is a tenth of it.
      const most = 50 + 2 * Math.max(given.behind, 0) + 10 * given.reach;
      for (let steps = 0; ; steps += 1) {
        const next = nextWindow(state, now, { fresh: lasting(steps === 0 ? 0 : 2), width, windows });
        if (!next) {
          const end = now.subtract(windows.youngest);
          expect(end.since(state.coveredTo).total('minutes')).toBeLessThanOrEqual(2);
          // Only what lies ahead of the clock is waited for.
          if (Temporal.Instant.compare(coveredFrom, end) <= 0)
            expect(state.coveredFrom.since(reachFrom).total('minutes')).toBeLessThanOrEqual(0);
          return;
        }
        expect(next.to.since(next.from).total('minutes')).toBeLessThanOrEqual(windows.widest.total('minutes'));
        expect(next.to.since(next.from).total('minutes')).toBeGreaterThan(0);
        expect(now.since(next.to).total('minutes')).toBeGreaterThanOrEqual(windows.youngest.total('minutes'));
        // It meets what is covered, and goes beyond it.
        expect(Temporal.Instant.compare(next.from, state.coveredTo)).toBeLessThanOrEqual(0);
        expect(Temporal.Instant.compare(next.to, state.coveredFrom)).toBeGreaterThanOrEqual(0);
        const after = afterWindow(state, next);
        expect(after.coveredTo.since(after.coveredFrom).total('minutes')).toBeGreaterThan(
          state.coveredTo.since(state.coveredFrom).total('minutes'),
        );
        state = after;
        width = few[steps % few.length] ? widened(width, windows) : width;
        // The clock goes on while a window is read; in the end it stands still, for who is as slow as the clock never ends.
        if (steps < ticks.length) now = now.add(lasting(ticks[steps]!));
        if (steps > most) throw new Error('it does not end');
      }
    }),
    { numRuns: 1000 },
  );
});

test('pieces of history grow to what is listed and shrink to a day', () => {
  expect(widened(FIRST_WIDTH, WINDOWS).total('hours')).toBe(14 * 24);
  expect(widened(hours(500), WINDOWS).total('hours')).toBe(720);
  expect(narrowed(FIRST_WIDTH).total('hours')).toBe(84);
  expect(narrowed(hours(30)).total('hours')).toBe(24);
});
