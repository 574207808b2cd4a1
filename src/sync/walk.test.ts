import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Windows } from '../platforms/stream.ts';
import type { Checkpoint } from '../records/runs/sync-log.ts';
import { FIRST_WIDTH, firstCheckpoint } from './next-window.ts';
import { afterWalk, nextWalk, type Standing, type Walk } from './walk.ts';

const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const lasting = (minutes: number): Temporal.Duration => Temporal.Duration.from({ minutes });
const hours = (count: number): Temporal.Duration => lasting(60 * count);
const WINDOWS: Windows = { widest: hours(720), lag: lasting(10), youngest: lasting(2), reach: hours(24 * 3650) };
const NOW = at('2026-11-22T00:00:00Z');

const next = (standing: Standing, now: Temporal.Instant, windows = WINDOWS): Walk | null =>
  nextWalk(standing, now, { fresh: lasting(2), width: FIRST_WIDTH, windows });

/** Every window until nothing is left. */
function walks(begin: Standing, now: Temporal.Instant): { walks: Walk[]; end: Standing } {
  const all: Walk[] = [];
  let standing = begin;
  for (let walk = next(standing, now); walk; walk = next(standing, now)) {
    all.push(walk);
    standing = afterWalk(standing, walk, null);
  }
  return { walks: all, end: standing };
}

test('the shops of an account are read together: nine take no more windows than one', () => {
  const fresh = firstCheckpoint(NOW, hours(24 * 90), WINDOWS);
  const nine = walks(new Map(Array.from({ length: 9 }, (_, i) => [i, fresh])), NOW).walks;
  expect(nine).toHaveLength(walks(new Map([[0, fresh]]), NOW).walks.length);
  expect(new Set(nine.map(({ shopIds }) => shopIds.length))).toEqual(new Set([9]));
});

test('a shop that joins late catches up by itself and is read with the others from then on', () => {
  const home = walks(new Map([[1, firstCheckpoint(NOW, hours(24 * 90), WINDOWS)]]), NOW).end;
  const later = NOW.add(hours(5));
  const joined = walks(new Map([...home, [2, firstCheckpoint(later, hours(24 * 30), WINDOWS)]]), later);
  // What is new first, for both; then the newcomer's history alone.
  expect(joined.walks.map(({ shopIds }) => shopIds)).toEqual([[1, 2], ...joined.walks.slice(1).map(() => [2])]);
  expect(joined.walks.length).toBeGreaterThan(4);
  expect(walks(joined.end, later.add(hours(1))).walks.map(({ shopIds }) => shopIds)).toEqual([[1, 2]]);
});

test('a shop that was let go for months and comes back is read from there on, and the others are not read again', () => {
  const home = walks(new Map([[1, firstCheckpoint(NOW, hours(24 * 90), WINDOWS)]]), NOW).end;
  const months = NOW.add(hours(24 * 80));
  const other = walks(new Map([[2, firstCheckpoint(months, hours(24 * 30), WINDOWS)]]), months).end;
  const { walks: read } = walks(new Map([...home, ...other]), months.add(hours(1)));
  expect(read.slice(0, -1).map(({ shopIds }) => shopIds)).toEqual([[1], [1]]);
  expect(read.at(-1)!.shopIds).toEqual([1, 2]);
});

test('a window that was cut off is finished for the shops that it was begun for, before any other', () => {
  const fresh = firstCheckpoint(NOW, hours(24 * 90), WINDOWS);
  const two: Standing = new Map([
    [1, fresh],
    [2, fresh],
  ]);
  const walk = next(two, NOW)!;
  const cut = new Map([...afterWalk(two, walk, { ...walk.window, resume: 'page 7' }), [3, fresh] as const]);
  expect(next(cut, NOW.add(hours(5)))).toEqual({ window: { ...walk.window, resume: 'page 7' }, shopIds: [1, 2] });
});

const shop = fc.record({
  behind: fc.double({ min: 0, max: 6, noNaN: true }),
  covered: fc.double({ min: 0, max: 6, noNaN: true }),
  reach: fc.double({ min: 0, max: 8, noNaN: true }),
  begun: fc.boolean(),
});

test('however far apart shops stand, each is read without a hole, in windows that are listed, and all come to the same end', () => {
  fc.assert(
    fc.property(
      fc.array(shop, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 60, max: 60 * 24 * 40 }),
      fc.integer({ min: 0, max: 60 * 24 }),
      (shops, widest, lag) => {
        const windows: Windows = { ...WINDOWS, widest: lasting(widest), lag: lasting(lag) };
        const wide = (share: number): Temporal.Duration => lasting(Math.ceil(share * widest));
        const end = NOW.subtract(windows.youngest);
        let standing: Standing = new Map(
          shops.map(({ behind, covered, reach, begun }, i): [number, Checkpoint] => {
            const coveredTo = end.subtract(wide(behind));
            const coveredFrom = coveredTo.subtract(wide(covered));
            const window = begun ? { from: coveredFrom.subtract(wide(0.5)), to: coveredFrom, resume: `mark ${i}` } : null;
            return [i, { reachFrom: coveredFrom.subtract(wide(reach)), coveredFrom, coveredTo, window }];
          }),
        );
        for (let steps = 0; ; steps += 1) {
          const walk = nextWalk(standing, NOW, { fresh: lasting(0), width: lasting(widest), windows });
          if (!walk) break;
          const { from, to } = walk.window;
          expect(to.since(from).total('minutes')).toBeLessThanOrEqual(widest);
          expect(Temporal.Instant.compare(to, end)).toBeLessThanOrEqual(0);
          expect(walk.shopIds.length).toBeGreaterThan(0);
          const after = afterWalk(standing, walk, null);
          for (const id of walk.shopIds) {
            const [was, is] = [standing.get(id)!, after.get(id)!];
            // It meets what is covered of that shop, and covers more of it.
            expect(Temporal.Instant.compare(from, was.coveredTo)).toBeLessThanOrEqual(0);
            expect(Temporal.Instant.compare(to, was.coveredFrom)).toBeGreaterThanOrEqual(0);
            expect(is.coveredTo.since(is.coveredFrom).total('minutes')).toBeGreaterThanOrEqual(
              was.coveredTo.since(was.coveredFrom).total('minutes'),
            );
          }
          standing = after;
          if (steps > 200 * shops.length) throw new Error('it does not end');
        }
        for (const { reachFrom, coveredFrom, coveredTo, window } of standing.values()) {
          expect([coveredTo.equals(end), Temporal.Instant.compare(coveredFrom, reachFrom) <= 0, window]).toEqual([true, true, null]);
        }
      },
    ),
    { numRuns: 300 },
  );
});
