import { expect, test } from 'vitest';
import type { Checkpoint } from '../records/runs/sync-log.ts';
import { daysToCompare, spanOfDay } from './day-check-run.ts';
import type { Standing } from './walk.ts';
import { callsFor, planOf, windowsLeft } from './plan.ts';

const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const NOW = at('2026-11-22T00:00:00Z');
const hours = (count: number): Temporal.Duration => Temporal.Duration.from({ hours: count });
const windows = { widest: hours(720), lag: Temporal.Duration.from({ minutes: 15 }), youngest: hours(0), reach: hours(24 * 3650) };
const checkpoint = (days: number, parts: Partial<Checkpoint> = {}): Checkpoint => ({
  reachFrom: NOW.subtract({ hours: 24 * days }),
  coveredFrom: NOW,
  coveredTo: NOW,
  window: null,
  ...parts,
});

const one = (of: Checkpoint): Standing => new Map([[1, of]]);

test('the rest of a history is the windows that a run would read: a week, two, then a month each', () => {
  expect(windowsLeft(one(checkpoint(60)), NOW, windows).map(({ from, to }) => to.since(from).total('hours') / 24)).toEqual([7, 14, 28, 11]);
  expect(windowsLeft(one(checkpoint(0)), NOW, windows)).toEqual([]);
  expect(windowsLeft(one(checkpoint(0, { coveredTo: NOW.subtract({ hours: 1 }) })), NOW, windows)).toHaveLength(1);
});

test("a plan counts the pages, one at least for every window, and how long they take at the platform's rate", () => {
  expect(callsFor(0, 4, 100)).toBe(4);
  expect(callsFor(10_000, 4, 100)).toBe(102);
  expect(planOf(10_000, 102, 10)).toEqual({ records: 10_000, calls: 102, seconds: 11 });
});

test('every night the last 35 days are compared with the platform, older ones once, and none that is not home as a whole', () => {
  const given = { today: '2026-11-22', firstWhole: '2026-09-01' };
  const all = daysToCompare({ ...given, compared: new Set() });
  expect([all.length, all[0], all.at(-1)]).toEqual([82, '2026-11-21', '2026-09-01']);
  const again = daysToCompare({ ...given, compared: new Set(all) });
  expect([again.length, again[0], again.at(-1)]).toEqual([35, '2026-11-21', '2026-10-18']);
  expect(daysToCompare({ ...given, firstWhole: '2026-11-22', compared: new Set() })).toEqual([]);
});

test("a shop day is as long as the shop's clock makes it", () => {
  const hours = (day: string, zone: string): number => {
    const { from, to } = spanOfDay(day, zone);
    return to.since(from).total('hours');
  };
  expect([hours('2026-10-25', 'Europe/Madrid'), hours('2026-03-29', 'Europe/Madrid'), hours('2026-11-22', 'Asia/Shanghai')]).toEqual([
    25, 23, 24,
  ]);
  expect(String(spanOfDay('2026-11-22', 'America/Los_Angeles').from)).toBe('2026-11-22T08:00:00Z');
});
