import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Checkpoint } from '../records/runs/sync-log.ts';
import { nextWindow } from './window-run.ts';

const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const stream = { widestWindowDays: 30, lagSeconds: 600 };
const checkpoint = (
  parts: Partial<Record<'reachFrom' | 'coveredFrom' | 'coveredTo', string>>,
  window: Checkpoint['window'] = null,
): Checkpoint => ({
  reachFrom: at(parts.reachFrom ?? '2026-01-01T00:00:00Z'),
  coveredFrom: at(parts.coveredFrom ?? '2026-11-01T00:00:00Z'),
  coveredTo: at(parts.coveredTo ?? '2026-11-22T00:00:00Z'),
  window,
});
const plan = (from: Checkpoint, now: string, freshSeconds = 120) => nextWindow(from, at(now), { freshSeconds, historyDays: 7, stream });

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
  expect(plan(checkpoint({ coveredTo: '2026-08-01T00:00:00Z' }), '2026-11-22T00:00:00Z')).toMatchObject({ to: at('2026-08-31T00:00:00Z') });
});

test('whatever the widths, the windows of a run leave no gap and come to an end', () => {
  const hours = fc.integer({ min: 1, max: 24 * 400 });
  fc.assert(
    fc.property(
      hours,
      hours,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 60 }),
      (behind, reach, historyDays, widestWindowDays) => {
        const now = at('2026-11-22T00:00:00Z');
        let state: Checkpoint = {
          coveredTo: now.subtract({ hours: behind }),
          coveredFrom: now.subtract({ hours: behind }),
          reachFrom: now.subtract({ hours: behind + reach }),
          window: null,
        };
        for (let runs = 0; runs < 2000; runs++) {
          const window = nextWindow(state, now, { freshSeconds: 0, historyDays, stream: { widestWindowDays, lagSeconds: 600 } });
          if (!window) {
            expect(state.coveredTo.equals(now) && state.coveredFrom.equals(state.reachFrom)).toBe(true);
            return;
          }
          const [coversTo, coversFrom] = [
            Temporal.Instant.compare(window.to, state.coveredTo) > 0,
            Temporal.Instant.compare(window.from, state.coveredFrom) < 0,
          ];
          // It begins in what is covered, or ends there.
          if (coversTo) expect(Temporal.Instant.compare(window.from, state.coveredTo)).toBeLessThanOrEqual(0);
          if (!coversTo) expect(window.to.equals(state.coveredFrom)).toBe(true);
          state = {
            ...state,
            coveredTo: coversTo ? window.to : state.coveredTo,
            coveredFrom: coversFrom && !coversTo ? window.from : state.coveredFrom,
          };
        }
        throw new Error('it does not end');
      },
    ),
  );
});
