import { setTimeout as timer } from 'node:timers/promises';
import type { Clock } from './clock.ts';

/** Waits so many milliseconds, or ends with the signal's reason. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** {@link Sleep} on this machine's timer. */
export const systemSleep: Sleep = async (ms, signal) => {
  try {
    await timer(ms, undefined, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
};

/** How many calls the other side bears, of which a call takes one: a bucket that fills again by and by. */
export interface Quota {
  /** Whose calls of which kind: what has the same key shares a bucket, each call at its own rate. */
  readonly key: string;
  readonly perSecond: number;
  /** How many may go at once after a pause. */
  readonly burst: number;
  /** The other side says so, and no call goes faster; else it is a guess, and what is borne is found out. */
  readonly published: boolean;
}

/** Leave for one call, and what became of it, so that the rate can follow. */
export interface Turn {
  succeeded(): void;
  /** The other side said that it was too much, and perhaps for how long it wants none. */
  refused(retryAfterMs: number): void;
  /** The other side said how many such calls a second it bears now: what is published may be lowered by it, never raised. */
  told(perSecond: number): void;
}

/** Whom a call keeps waiting: people first, then what is read every few minutes, then what takes what is left over. */
export type Urgency = 'live' | 'prompt' | 'background';

/** How somebody waits. */
export interface Waiter {
  /** Ends the wait with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** `live` unless told. */
  readonly urgency?: Urgency | undefined;
  /** Who would have to wait longer is told so at once. */
  readonly longestWaitMs?: number | undefined;
}

/** A call would have to wait for longer than its caller will. */
export class WaitTooLong extends Error {
  readonly waitMs: number;

  constructor(waitMs: number) {
    super(`the next call may go in ${waitMs} ms`);
    this.name = 'WaitTooLong';
    this.waitMs = waitMs;
  }
}

/** How far a bucket was spent when the process that spent it ended. */
export interface SpentQuota {
  /** When it will be full again. */
  readonly fullAt: Temporal.Instant;
  /** The part of the published rate that was borne of late, up to 1. */
  readonly borne: number;
}

/** Remembers what is spent of quotas that take long to fill, beyond the process's end. */
export interface QuotaMemory {
  /** What was spent before. */
  readonly before: ReadonlyMap<string, SpentQuota>;
  /** Is told of each such call; keeps the last word on each key, when it finds the time. */
  keep(key: string, spent: SpentQuota): void;
}

/** Keeps calls within the quotas that the other side grants, and finds out what is not published. */
export interface Throttle {
  /**
   * Waits for leave to call, the more urgent first, then first come first served within a quota.
   * @throws the reason of the signal when that ends the wait; {@link WaitTooLong}
   */
  turn(quota: Quota, waiter?: Waiter): Promise<Turn>;
}

const URGENCIES: readonly Urgency[] = ['live', 'prompt', 'background'];
/** What a call leaves of a full bucket, at least one call: those more urgent find their next ones free. */
const LEFT_FOR_OTHERS: Readonly<Record<Urgency, number>> = { live: 0, prompt: 0.1, background: 0.5 };
const SLOWEST = 1 / 64;
/** How far above a guessed rate it may grow while nothing is refused. */
const FASTEST = 4;
/**
 * What a second's worth of calls that went well, or a call that takes longer, adds to the factor: soon back to the given rate, slowly above
 * it.
 */
const RECOVERY = 0.1;
const GROWTH = 0.02;
/** A call in the background that is refused shows that there was nothing left over. */
const BACKGROUND_PAUSE_MS = 10_000;
/** A quota that gives a call no more often than this is remembered: a quicker one is full again before a process has begun anew. */
const REMEMBERED_FROM_SECONDS = 1;

/** Calls waiting for one quota, and how many seconds of it are spent: a call at 5 a second takes a fifth. */
interface Bucket {
  readonly key: string;
  readonly queues: Readonly<Record<Urgency, Waiting[]>>;
  draining: boolean;
  /** What refusals and successes made of the rate. */
  factor: number;
  /** What the other side told of it. */
  borne: number;
  spent: number;
  refilledAt: number;
  closedUntil: number;
  /** The same for calls in the background alone. */
  backgroundClosedUntil: number;
  /** How often the rate was halved: the calls already out when that happens tell nothing new. */
  halvings: number;
  stop: AbortController;
}

interface Waiting {
  readonly quota: Quota;
  /** Seconds that the call takes of the quota, and how many of them it holds. */
  readonly cost: number;
  readonly capacity: number;
  readonly urgency: Urgency;
  hadToWait: boolean;
  readonly go: (turn: Turn) => void;
  readonly fail: (reason: unknown) => void;
}

/**
 * A throttle that halves a bucket's rate when a call is refused and lets it grow again while calls go well: a published rate up to itself,
 * a guessed one up to four times.
 * @param options.rateFactor multiplies every given rate; Infinity lets every call go at once
 */
export function openThrottle(options: {
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly rateFactor?: number | undefined;
  readonly memory?: QuotaMemory | undefined;
}): Throttle {
  const { clock, sleep, rateFactor = 1, memory } = options;
  const buckets = new Map<string, Bucket>();
  const now = (): number => clock.now().epochMilliseconds;
  const bucketOf = ({ key }: Quota, most: number): Bucket => {
    const known = buckets.get(key);
    if (known) return known;
    const bucket = newBucket(key, now(), memory?.before.get(key));
    // A clock that was ahead would have it spent for a long time.
    bucket.spent = Math.min(bucket.spent, most);
    buckets.set(key, bucket);
    return bucket;
  };
  const remember = (bucket: Bucket, { quota, cost }: Waiting): void => {
    if (!memory || !quota.published || cost < REMEMBERED_FROM_SECONDS) return;
    const fullAt = bucket.refilledAt + Math.ceil((Math.max(0, bucket.spent) / speedOf(bucket)) * 1000);
    memory.keep(bucket.key, { fullAt: Temporal.Instant.fromEpochMilliseconds(fullAt), borne: bucket.borne });
  };

  async function drain(bucket: Bucket): Promise<void> {
    bucket.draining = true;
    for (let first = firstOf(bucket); first; first = firstOf(bucket)) {
      const ms = waitMs(bucket, first, now());
      if (ms === 0) {
        bucket.queues[first.urgency].shift();
        const before = bucket.spent;
        bucket.spent += first.cost;
        remember(bucket, first);
        first.go(turnOf(bucket, first, { before, sentAt: now() }));
        continue;
      }
      first.hadToWait = true;
      try {
        await sleep(ms, bucket.stop.signal);
      } catch (error) {
        if (!bucket.stop.signal.aborted)
          for (const urgency of URGENCIES) for (const each of bucket.queues[urgency].splice(0)) each.fail(error);
        bucket.stop = new AbortController();
      }
    }
    bucket.draining = false;
  }

  function turnOf(bucket: Bucket, waiting: Waiting, { before, sentAt }: { before: number; sentAt: number }): Turn {
    const { quota, cost, capacity, urgency, hadToWait } = waiting;
    const { halvings } = bucket;
    return {
      succeeded() {
        // The other side began to fill a full bucket when the call had come there, which was before its answer came here.
        if (quota.published) bucket.spent += Math.max(0, ((now() - sentAt) / 1000) * speedOf(bucket) - before);
        if (bucket.halvings !== halvings) return;
        const worth = Math.min(cost, 1) / bucket.factor;
        // Above a guessed rate only what the rate held back shows that there is use for more.
        if (bucket.factor < 1) bucket.factor = Math.min(1, bucket.factor + RECOVERY * worth);
        else if (!quota.published && hadToWait && urgency !== 'background')
          bucket.factor = Math.min(FASTEST, bucket.factor + GROWTH * worth);
      },
      refused(retryAfterMs) {
        const at = now();
        refill(bucket, at);
        bucket.closedUntil = Math.max(bucket.closedUntil, retryAfterMs > 0 ? at + retryAfterMs : 0);
        if (urgency === 'background') {
          const pauseMs = Math.max(retryAfterMs, BACKGROUND_PAUSE_MS, quota.published ? (cost / speedOf(bucket)) * 1000 : 0);
          bucket.backgroundClosedUntil = Math.max(bucket.backgroundClosedUntil, at + pauseMs);
          return;
        }
        bucket.spent = Math.max(bucket.spent, capacity);
        bucket.closedUntil = Math.max(bucket.closedUntil, at);
        bucket.refilledAt = bucket.closedUntil;
        if (bucket.halvings === halvings) {
          bucket.factor = Math.max(SLOWEST, bucket.factor / 2);
          bucket.halvings += 1;
        }
        remember(bucket, waiting);
      },
      told(perSecond) {
        if (!quota.published || !(perSecond > 0)) return;
        refill(bucket, now());
        bucket.borne = Math.min(1, Math.max(SLOWEST, perSecond / quota.perSecond));
        remember(bucket, waiting);
      },
    };
  }

  return {
    async turn(quota, { signal, urgency = 'live', longestWaitMs = Infinity } = {}) {
      signal?.throwIfAborted();
      if (rateFactor === Infinity) return FREE;
      const { promise, resolve, reject } = Promise.withResolvers<Turn>();
      const cost = 1 / (quota.perSecond * rateFactor);
      const capacity = quota.burst * cost;
      const bucket = bucketOf(quota, capacity + cost);
      const queue = bucket.queues[urgency];
      const waiting: Waiting = { quota, cost, capacity, urgency, hadToWait: queue.length > 0, go: resolve, fail: reject };
      const expected = waitMs(bucket, waiting, now(), costOfThoseBefore(bucket, urgency));
      if (expected > longestWaitMs) throw new WaitTooLong(expected);
      queue.push(waiting);
      // The bucket may be asleep until a less urgent call may go: this one may go sooner.
      if (bucket.draining && urgency !== 'background' && firstOf(bucket) === waiting) bucket.stop.abort();
      const leave = (): void => {
        const place = queue.indexOf(waiting);
        if (place < 0) return;
        queue.splice(place, 1);
        if (queue.length === 0) bucket.stop.abort();
        reject(signal!.reason as Error);
      };
      signal?.addEventListener('abort', leave, { once: true });
      if (!bucket.draining) void drain(bucket);
      try {
        return await promise;
      } finally {
        signal?.removeEventListener('abort', leave);
      }
    },
  };
}

function newBucket(key: string, now: number, before: SpentQuota | undefined): Bucket {
  const borne = before?.borne ?? 1;
  return {
    key,
    queues: { live: [], prompt: [], background: [] },
    draining: false,
    factor: 1,
    borne,
    spent: before ? Math.max(0, (before.fullAt.epochMilliseconds - now) / 1000) * borne : 0,
    refilledAt: now,
    closedUntil: 0,
    backgroundClosedUntil: 0,
    halvings: 0,
    stop: new AbortController(),
  };
}

function firstOf({ queues }: Bucket): Waiting | undefined {
  return queues.live[0] ?? queues.prompt[0] ?? queues.background[0];
}

/** Seconds of the given rate that come back in a second. */
function speedOf({ factor, borne }: Bucket): number {
  return factor * borne;
}

function refill(bucket: Bucket, at: number): void {
  // A clock that is set back must not stop the bucket until it has caught up.
  const seconds = Math.max(0, at - bucket.refilledAt) / 1000;
  bucket.spent = Math.max(0, bucket.spent - seconds * speedOf(bucket));
  bucket.refilledAt = at;
}

/** What the calls take that wait and go first. */
function costOfThoseBefore({ queues }: Bucket, urgency: Urgency): number {
  const first = URGENCIES.slice(0, URGENCIES.indexOf(urgency) + 1).flatMap((each) => queues[each]);
  return first.reduce((sum, { cost }) => sum + cost, 0);
}

/** How long until the call may go, where calls before it take so much. */
function waitMs(bucket: Bucket, { cost, capacity, urgency }: Waiting, at: number, before = 0): number {
  const closedUntil = urgency === 'background' ? Math.max(bucket.closedUntil, bucket.backgroundClosedUntil) : bucket.closedUntil;
  if (closedUntil > at) return closedUntil - at;
  refill(bucket, at);
  const left = urgency === 'live' ? 0 : Math.max(cost, capacity * LEFT_FOR_OTHERS[urgency]);
  // A call that costs more than a full bucket goes when it is full, and leaves a debt.
  const tooMuch = bucket.spent + before - Math.max(0, capacity - cost - left);
  return tooMuch <= EPSILON ? 0 : Math.ceil((tooMuch / speedOf(bucket)) * 1000);
}

/** Sums of thirds and fifths miss whole numbers by less than this. */
const EPSILON = 1e-9;

const FREE: Turn = { succeeded: () => undefined, refused: () => undefined, told: () => undefined };
