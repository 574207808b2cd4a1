import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openThrottle, type Quota, type QuotaMemory, type Sleep, type SpentQuota, type Throttle } from './throttle.ts';

/** What nobody publishes: so many calls a second, a second's worth of them at once. */
const guessed = (key: string, perSecond: number): Quota => ({ key, perSecond, burst: perSecond, published: false });

/** A throttle on a clock that only waiting moves. */
function throttled(rateFactor = 1, memory?: QuotaMemory): { throttle: Throttle; at: () => number; pass: (seconds: number) => void } {
  let ms = 0;
  const clock = { now: () => Temporal.Instant.fromEpochMilliseconds(ms) };
  const sleep = async (wait: number, signal?: AbortSignal): Promise<void> => {
    await new Promise<void>((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    ms += wait;
  };
  return {
    throttle: openThrottle({ clock, sleep, rateFactor, memory }),
    at: () => ms / 1000,
    pass: (seconds) => void (ms += seconds * 1000),
  };
}

async function many(
  { throttle, at }: ReturnType<typeof throttled>,
  count: number,
  { key = 'shop', perSecond = 5, quota = guessed(key, perSecond) } = {},
): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const turn = await throttle.turn(quota);
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
  await given.throttle.turn(guessed('another shop', 5));
  expect(given.at()).toBe(0);
});

test('calls go in the order they came', async () => {
  const { throttle } = throttled();
  const order: number[] = [];
  await Promise.all(
    Array.from({ length: 20 }, async (_, i) => {
      await throttle.turn(guessed('shop', 5));
      order.push(i);
    }),
  );
  expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i));
});

test('after "too many requests" nothing goes until the time the platform named, then at half the rate, and it recovers', async () => {
  const given = throttled();
  const turn = await given.throttle.turn(guessed('shop', 5));
  turn.refused(3000);
  const times = await many(given, 60);
  expect(times[0]).toBeGreaterThanOrEqual(3);
  expect(times[1]! - times[0]!).toBeCloseTo(0.4, 1);
  expect(times.at(-1)! - times.at(-2)!).toBeCloseTo(0.2, 1);
});

test('calls that were already out when the rate was halved do not halve it again', async () => {
  const given = throttled();
  const turns = await Promise.all([1, 2, 3, 4].map(() => given.throttle.turn(guessed('shop', 5))));
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
  await Promise.all([1, 2, 3, 4, 5].map(() => throttle.turn(guessed('shop', 5))));
  const off = new AbortController();
  const waiting = throttle.turn(guessed('shop', 5), { signal: off.signal });
  const next = throttle.turn(guessed('shop', 5));
  off.abort(new Error('shutting down'));
  await expect(waiting).rejects.toThrow('shutting down');
  await next;
  expect(at()).toBeCloseTo(0.2, 1);
  await expect(throttle.turn(guessed('shop', 5), { signal: off.signal })).rejects.toThrow('shutting down');
});

test('when every wait is called off, the next call still gets its turn', async () => {
  const { throttle } = throttled();
  await Promise.all([1, 2, 3, 4, 5].map(() => throttle.turn(guessed('shop', 5))));
  const off = new AbortController();
  const waiting = throttle.turn(guessed('shop', 5), { signal: off.signal });
  off.abort(new Error('shutting down'));
  await expect(waiting).rejects.toThrow();
  await throttle.turn(guessed('shop', 5));
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
      (await throttle.turn(guessed('shop', 5), { urgency: 'background' })).succeeded();
      background.push(at());
    }
  };
  const going = loop();
  // Somebody calls twice a second; the lane bears five.
  const waits: number[] = [];
  for (let i = 0; i < 20; i += 1) {
    await throttle.turn(guessed('clock', 2));
    const before = at();
    (await throttle.turn(guessed('shop', 5))).succeeded();
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
  const others = Promise.all(Array.from({ length: 40 }, () => throttle.turn(guessed('shop', 5))));
  const waiting = (async () => {
    await throttle.turn(guessed('shop', 5), { urgency: 'background' });
    gone += 1;
  })();
  await others;
  expect(gone).toBe(0);
  await waiting;
  expect(gone).toBe(1);
});

test('a call in the background that is refused slows nobody else down', async () => {
  const { throttle, at } = throttled();
  (await throttle.turn(guessed('shop', 5), { urgency: 'background' })).refused(0);
  const next = throttle.turn(guessed('shop', 5), { urgency: 'background' });
  for (let i = 0; i < 10; i += 1) (await throttle.turn(guessed('shop', 5))).succeeded();
  expect(at()).toBeLessThan(1.5);
  await next;
  expect(at()).toBeGreaterThanOrEqual(10);
});

test('a call is not held up by one in the background that waits for its turn', async () => {
  const { throttle, at } = throttled();
  (await throttle.turn(guessed('shop', 5), { urgency: 'background' })).refused(0);
  const off = new AbortController();
  const later = throttle.turn(guessed('shop', 5), { urgency: 'background', signal: off.signal });
  await throttle.turn(guessed('shop', 5));
  expect(at()).toBeLessThan(1);
  off.abort(new Error('shutting down'));
  await expect(later).rejects.toThrow('shutting down');
});

/** As Amazon publishes them. */
const searchOrders: Quota = { key: 'searchOrders of a seller', perSecond: 0.0056, burst: 20, published: true };
const getOrder: Quota = { key: 'getOrder of a seller', perSecond: 0.5, burst: 30, published: true };

test('of a published quota the whole burst goes at once, then a call each 179 seconds; another operation does not wait', async () => {
  const given = throttled();
  const searches = many(given, 23, { quota: searchOrders });
  const single = many(given, 30, { quota: getOrder });
  expect(new Set(await single)).toEqual(new Set([0]));
  const times = await searches;
  expect(new Set(times.slice(0, 20))).toEqual(new Set([0]));
  expect(times.slice(20).map(Math.round)).toEqual([179, 357, 536]);
});

test('operations that share a bucket draw on one', async () => {
  const given = throttled();
  const slow: Quota = { key: 'shared', perSecond: 1, burst: 10, published: true };
  const quick: Quota = { ...slow, perSecond: 2, burst: 20 };
  await many(given, 8, { quota: slow });
  // Two of ten are left: four of twenty.
  const times = await many(given, 5, { quota: quick });
  expect(times.map((time) => Math.round(time * 10) / 10)).toEqual([0, 0, 0, 0, 0.5]);
});

test('what is read every few minutes leaves a share to people, and they go before it', async () => {
  const { throttle, at } = throttled();
  let gone = 0;
  const reading = Promise.all(
    Array.from({ length: 30 }, async () => {
      (await throttle.turn(searchOrders, { urgency: 'prompt' })).succeeded();
      gone += 1;
    }),
  );
  for (let i = 0; i < 2; i += 1) (await throttle.turn(searchOrders)).succeeded();
  expect([at(), gone]).toEqual([0, 18]);
  // Both are used up now: the next that comes free is a person's all the same.
  (await throttle.turn(searchOrders)).succeeded();
  expect(Math.round(at())).toBe(179);
  expect(gone).toBe(18);
  await reading;
  // Nothing of the rate is lost by it: 33 calls, of which two are kept free again.
  expect(at()).toBeCloseTo((33 - 20 + 2) / 0.0056, -1);
});

test('a rate that the platform tells lowers the published one, never raises it, and holds until another is told', async () => {
  const given = throttled();
  const quota: Quota = { key: 'report', perSecond: 1, burst: 2, published: true };
  const turn = await given.throttle.turn(quota);
  turn.told(0.25);
  const slow = await many(given, 4, { quota });
  expect(slow).toEqual([0, 4, 8, 12]);
  turn.told(50);
  expect((await many(given, 2, { quota })).map((time) => time - slow.at(-1)!)).toEqual([1, 2]);
});

test('who is refused though the rate is kept goes slower, then by and by as published, never faster; others do not notice', async () => {
  const given = throttled();
  const quota: Quota = { key: 'seller A', perSecond: 2, burst: 2, published: true };
  (await given.throttle.turn(quota)).refused(0);
  const other = await many(given, 2, { quota: { ...quota, key: 'seller B' } });
  expect(other).toEqual([0, 0]);
  const times = await many(given, 60, { quota });
  expect(times[0]).toBeCloseTo(1, 1);
  expect(times[1]! - times[0]!).toBeCloseTo(0.83, 1);
  expect(times.at(-1)! - times.at(-2)!).toBeCloseTo(0.5, 2);
});

/** A memory as the store keeps it. */
function memoryOf(kept: Map<string, SpentQuota>): QuotaMemory {
  return { before: new Map(kept), keep: (key, spent) => void kept.set(key, spent) };
}

test('what was spent of a slow quota, and what the platform told of it, outlives the process; a quick one does not matter', async () => {
  const kept = new Map<string, SpentQuota>();
  const first = throttled(1, memoryOf(kept));
  await many(first, 20, { quota: searchOrders });
  await many(first, 20, { quota: { ...getOrder, perSecond: 5 } });
  expect([...kept.keys()]).toEqual([searchOrders.key]);
  const second = throttled(1, memoryOf(kept));
  second.pass(60);
  expect((await many(second, 2, { quota: searchOrders })).map(Math.round)).toEqual([179, 357]);
  (await second.throttle.turn(searchOrders)).told(0.0028);
  const third = throttled(1, memoryOf(kept));
  const times = await many(third, 2, { quota: searchOrders });
  expect(times[1]! - times[0]!).toBeCloseTo(357, 0);
  // Told by a clock that was years ahead: no more is believed than can be spent.
  const ahead = new Map([[searchOrders.key, { fullAt: Temporal.Instant.from('2030-01-01T00:00:00Z'), borne: 1 }]]);
  expect(await many(throttled(1, memoryOf(ahead)), 1, { quota: searchOrders })).toEqual([expect.closeTo(357, 0)]);
});

test('a platform that counts calls as they arrive refuses none that is answered before another would be free, whoever calls', async () => {
  const caller = fc.record({
    urgency: fc.constantFrom('live', 'prompt', 'background'),
    pauses: fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 30 }),
    before: fc.integer({ min: 0, max: 240 }),
    after: fc.integer({ min: 0, max: 240 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(caller, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 10 }),
      fc.constantFrom(0.1, 0.5, 2),
      async (callers, burst, perSecond) => {
        const { clock, sleep } = eventClock();
        const throttle = openThrottle({ clock, sleep });
        const quota: Quota = { key: 'one', perSecond, burst, published: true };
        let [tokens, filledAt, refused] = [burst, 0, 0];
        const arrive = (): void => {
          const at = clock.now().epochMilliseconds;
          tokens = Math.min(burst, tokens + ((at - filledAt) / 1000) * perSecond);
          filledAt = at;
          if (tokens < 1 - 1e-9) refused += 1;
          else tokens -= 1;
        };
        await Promise.all(
          callers.map(async ({ urgency, pauses, before, after }) => {
            for (const pause of pauses) {
              await sleep(pause);
              const turn = await throttle.turn(quota, { urgency });
              await sleep(before);
              arrive();
              await sleep(after);
              turn.succeeded();
            }
          }),
        );
        expect(refused).toBe(0);
      },
    ),
    { numRuns: 60 },
  );
});

/** A clock that goes from one waking to the next when nobody has anything else to do. */
function eventClock(): { clock: { now(): Temporal.Instant }; sleep: Sleep } {
  let ms = 0;
  let going = false;
  const sleepers: { at: number; wake: () => void }[] = [];
  const go = async (): Promise<void> => {
    going = true;
    while (sleepers.length > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      sleepers.sort((a, b) => a.at - b.at);
      const next = sleepers.shift();
      if (!next) break;
      ms = Math.max(ms, next.at);
      next.wake();
    }
    going = false;
  };
  return {
    clock: { now: () => Temporal.Instant.fromEpochMilliseconds(ms) },
    sleep: (wait, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { at: ms + wait, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', () => {
          const place = sleepers.indexOf(sleeper);
          if (place < 0) return;
          sleepers.splice(place, 1);
          reject(signal.reason as Error);
        });
        if (!going) void go();
      }),
  };
}
