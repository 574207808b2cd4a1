import { expect, test } from 'vitest';
import { openThrottle, type Throttle } from './throttle.ts';

/** A throttle on a clock that only waiting moves. */
function throttled(rateFactor = 1): { throttle: Throttle; at: () => number; pass: (seconds: number) => void } {
  let ms = 0;
  const clock = { now: () => Temporal.Instant.fromEpochMilliseconds(ms) };
  const sleep = async (wait: number, signal?: AbortSignal): Promise<void> => {
    await new Promise<void>((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    ms += wait;
  };
  return { throttle: openThrottle({ clock, sleep, rateFactor }), at: () => ms / 1000, pass: (seconds) => void (ms += seconds * 1000) };
}

async function many(
  { throttle, at }: ReturnType<typeof throttled>,
  count: number,
  { key = 'shop', perSecond = 5 } = {},
): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const turn = await throttle.turn(key, perSecond);
    times.push(at());
    turn.succeeded();
  }
  return times;
}

test('calls of a second may go at once, then they keep to the rate', async () => {
  const times = await many(throttled(), 8);
  expect(times.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
  expect(times.slice(5).map((time) => Math.round(time * 10) / 10)).toEqual([0.2, 0.4, 0.6]);
});

test("a call that takes more than a second's quota is not held forever, and the next waits for what it took", async () => {
  expect(await many(throttled(), 3, { perSecond: 0.2 })).toEqual([0, 5, expect.closeTo(10, 0)]);
});

test('shops do not wait for each other', async () => {
  const given = throttled();
  await many(given, 5);
  await given.throttle.turn('another shop', 5);
  expect(given.at()).toBe(0);
});

test('calls go in the order they came', async () => {
  const { throttle } = throttled();
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 20 }, async (_, i) => {
      await throttle.turn('shop', 5);
      order.push(i);
    }),
  );
  expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i));
});

test('after "too many requests" nothing goes until the time the platform named, then at half the rate, and it recovers', async () => {
  const given = throttled();
  const turn = await given.throttle.turn('shop', 5);
  turn.refused(3000);
  const times = await many(given, 60);
  expect(times[0]).toBeGreaterThanOrEqual(3);
  expect(times[1]! - times[0]!).toBeCloseTo(0.4, 1);
  expect(times.at(-1)! - times.at(-2)!).toBeCloseTo(0.2, 1);
});

test('calls that were already out when the rate was halved do not halve it again', async () => {
  const given = throttled();
  const turns = await Promise.all([1, 2, 3, 4].map(() => given.throttle.turn('shop', 5)));
  for (const turn of turns) turn.refused(0);
  const [first, second] = await many(given, 2);
  expect(second! - first!).toBeCloseTo(0.4, 1);
});

test('while nothing is refused the rate grows above the given one, up to four times', async () => {
  const given = throttled();
  const times = await many(given, 5000);
  const last = times.at(-1)! - times.at(-101)!;
  expect(last).toBeGreaterThan(100 / 20.5);
  expect(last).toBeLessThan(100 / 18);
  const slow = throttled();
  for (let i = 0; i < 1000; i += 1) {
    await many(slow, 1);
    slow.pass(1);
  }
  // Calls that never had to wait tell nothing about what the platform bears.
  expect((await many(slow, 7)).map((time, _, all) => time - all[0]!).at(-1)).toBeCloseTo(0.4, 1);
});

test('a wait that is called off leaves the queue, and the others keep their places', async () => {
  const { throttle, at } = throttled();
  await Promise.all([1, 2, 3, 4, 5].map(() => throttle.turn('shop', 5)));
  const off = new AbortController();
  const waiting = throttle.turn('shop', 5, { signal: off.signal });
  const next = throttle.turn('shop', 5);
  off.abort(new Error('shutting down'));
  await expect(waiting).rejects.toThrow('shutting down');
  await next;
  expect(at()).toBeCloseTo(0.2, 1);
  await expect(throttle.turn('shop', 5, { signal: off.signal })).rejects.toThrow('shutting down');
});

test('when every wait is called off, the next call still gets its turn', async () => {
  const { throttle } = throttled();
  await Promise.all([1, 2, 3, 4, 5].map(() => throttle.turn('shop', 5)));
  const off = new AbortController();
  const waiting = throttle.turn('shop', 5, { signal: off.signal });
  off.abort(new Error('shutting down'));
  await expect(waiting).rejects.toThrow();
  await throttle.turn('shop', 5);
});

test('without a limit every call goes at once', async () => {
  const given = throttled(Infinity);
  expect(new Set(await many(given, 1000))).toEqual(new Set([0]));
});

test('a clock that is set back does not stop the calls', async () => {
  const given = throttled();
  given.pass(3600);
  await many(given, 5);
  given.pass(-3600);
  const before = given.at();
  await many(given, 5);
  expect(given.at() - before).toBeLessThan(2);
});

test('calls in the background take what is left over: others find their burst and their rate as if there were none', async () => {
  const { throttle, at } = throttled();
  const background: number[] = [];
  const loop = async (): Promise<void> => {
    for (let i = 0; i < 40; i += 1) {
      (await throttle.turn('shop', 5, { background: true })).succeeded();
      background.push(at());
    }
  };
  const going = loop();
  // Somebody calls twice a second; the lane bears five.
  const waits: number[] = [];
  for (let i = 0; i < 20; i += 1) {
    await throttle.turn('clock', 2);
    const before = at();
    (await throttle.turn('shop', 5)).succeeded();
    waits.push(at() - before);
  }
  expect(Math.max(...waits)).toBeLessThan(0.01);
  const until = at();
  expect(background.filter((time) => time <= until).length).toBeGreaterThan(10);
  expect(background.filter((time) => time <= until).length).toBeLessThan(until * 5 - 20 + 6);
  await going;
});

test('where others use the whole rate, the background waits', async () => {
  const { throttle } = throttled();
  let gone = 0;
  const others = Promise.all(Array.from({ length: 40 }, () => throttle.turn('shop', 5)));
  const waiting = (async () => {
    await throttle.turn('shop', 5, { background: true });
    gone += 1;
  })();
  await others;
  expect(gone).toBe(0);
  await waiting;
  expect(gone).toBe(1);
});

test('a call in the background that is refused slows nobody else down', async () => {
  const { throttle, at } = throttled();
  (await throttle.turn('shop', 5, { background: true })).refused(0);
  const next = throttle.turn('shop', 5, { background: true });
  for (let i = 0; i < 10; i += 1) (await throttle.turn('shop', 5)).succeeded();
  expect(at()).toBeLessThan(1.5);
  await next;
  expect(at()).toBeGreaterThanOrEqual(10);
});

test('a call is not held up by one in the background that waits for its turn', async () => {
  const { throttle, at } = throttled();
  (await throttle.turn('shop', 5, { background: true })).refused(0);
  const off = new AbortController();
  const later = throttle.turn('shop', 5, { background: true, signal: off.signal });
  await throttle.turn('shop', 5);
  expect(at()).toBeLessThan(1);
  off.abort(new Error('shutting down'));
  await expect(later).rejects.toThrow('shutting down');
});
