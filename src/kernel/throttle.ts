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

/** Leave for one call, and what became of it, so that the rate can follow. */
export interface Turn {
  succeeded(): void;
  /** The other side said that it was too much, and perhaps for how long it wants none. */
  refused(retryAfterMs: number): void;
}

/** How somebody waits. */
export interface Waiter {
  /** Ends the wait with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Goes only where nobody else wants to, and leaves others their burst. */
  readonly background?: boolean | undefined;
}

/** Keeps calls within the rate that the other side bears, and finds out what that is. */
export interface Throttle {
  /**
   * Waits for leave to call, first come first served within a key, those in the background after all others.
   * @throws the reason of the signal when that ends the wait
   */
  turn(key: string, perSecond: number, waiter?: Waiter): Promise<Turn>;
}

/** How many seconds' worth of calls may go at once after a pause. */
const BURST_SECONDS = 1;
const SLOWEST = 1 / 64;
/** How far above the given rate it may grow while nothing is refused. */
const FASTEST = 4;
/** What a second's worth of calls that went well adds to the factor: soon back to the given rate, slowly above it. */
const RECOVERY = 0.1;
const GROWTH = 0.02;
/** What a call in the background leaves of a second's quota: others find their next calls free. */
const LEFT_FOR_OTHERS = 0.5;
/** A call in the background that is refused shows that there was nothing left over. */
const BACKGROUND_PAUSE_MS = 10_000;

/** Calls waiting under one key, and how much of a second's quota is left: a call at 5 a second takes a fifth. */
interface Lane {
  readonly queue: Waiting[];
  readonly background: Waiting[];
  draining: boolean;
  factor: number;
  quota: number;
  refilledAt: number;
  closedUntil: number;
  /** The same for calls in the background alone. */
  backgroundClosedUntil: number;
  /** How often the rate was halved: the calls already out when that happens tell nothing new. */
  halvings: number;
  stop: AbortController;
}

interface Waiting {
  readonly cost: number;
  readonly background: boolean;
  hadToWait: boolean;
  readonly go: (turn: Turn) => void;
  readonly fail: (reason: unknown) => void;
}

/**
 * A throttle that halves a key's rate when a call is refused and lets it grow again while calls go well, up to four
 * times the given one.
 * @param options.rateFactor multiplies every given rate; Infinity lets every call go at once
 */
export function openThrottle(options: { readonly clock: Clock; readonly sleep: Sleep; readonly rateFactor?: number }): Throttle {
  const { clock, sleep, rateFactor = 1 } = options;
  const lanes = new Map<string, Lane>();
  const now = (): number => clock.now().epochMilliseconds;

  function laneOf(key: string): Lane {
    let lane = lanes.get(key);
    if (!lane) {
      lane = {
        queue: [],
        background: [],
        draining: false,
        factor: 1,
        quota: BURST_SECONDS,
        refilledAt: now(),
        closedUntil: 0,
        backgroundClosedUntil: 0,
        halvings: 0,
        stop: new AbortController(),
      };
      lanes.set(key, lane);
    }
    return lane;
  }

  function refill(lane: Lane, at: number): void {
    // A clock that is set back must not stop the lane until it has caught up.
    const seconds = Math.max(0, at - lane.refilledAt) / 1000;
    lane.quota = Math.min(BURST_SECONDS, lane.quota + seconds * lane.factor);
    lane.refilledAt = at;
  }

  function waitMs(lane: Lane, { cost, background }: Waiting): number {
    const at = now();
    const closedUntil = background ? Math.max(lane.closedUntil, lane.backgroundClosedUntil) : lane.closedUntil;
    if (closedUntil > at) return closedUntil - at;
    refill(lane, at);
    // A call that costs more than a full lane goes when it is full, and leaves a debt.
    const missing = Math.min(cost + (background ? LEFT_FOR_OTHERS : 0), BURST_SECONDS) - lane.quota;
    return missing <= EPSILON ? 0 : Math.ceil((missing / lane.factor) * 1000);
  }

  async function drain(lane: Lane): Promise<void> {
    lane.draining = true;
    for (let first = lane.queue[0] ?? lane.background[0]; first; first = lane.queue[0] ?? lane.background[0]) {
      const ms = waitMs(lane, first);
      if (ms === 0) {
        (first.background ? lane.background : lane.queue).shift();
        lane.quota -= first.cost;
        first.go(turnOf(lane, first));
        continue;
      }
      first.hadToWait = true;
      try {
        await sleep(ms, lane.stop.signal);
      } catch (error) {
        if (!lane.stop.signal.aborted) for (const waiting of [...lane.queue.splice(0), ...lane.background.splice(0)]) waiting.fail(error);
        lane.stop = new AbortController();
      }
    }
    lane.draining = false;
  }

  function turnOf(lane: Lane, { cost, background, hadToWait }: Waiting): Turn {
    const { halvings } = lane;
    return {
      succeeded() {
        if (lane.halvings !== halvings) return;
        // Above the given rate only what the rate held back shows that there is use for more.
        if (lane.factor < 1) lane.factor = Math.min(1, lane.factor + (RECOVERY * cost) / lane.factor);
        else if (hadToWait && !background) lane.factor = Math.min(FASTEST, lane.factor + (GROWTH * cost) / lane.factor);
      },
      refused(retryAfterMs) {
        const at = now();
        refill(lane, at);
        lane.closedUntil = Math.max(lane.closedUntil, retryAfterMs > 0 ? at + retryAfterMs : 0);
        if (background) {
          lane.backgroundClosedUntil = Math.max(lane.backgroundClosedUntil, at + Math.max(retryAfterMs, BACKGROUND_PAUSE_MS));
          return;
        }
        lane.quota = Math.min(lane.quota, 0);
        lane.closedUntil = Math.max(lane.closedUntil, at);
        lane.refilledAt = lane.closedUntil;
        if (lane.halvings !== halvings) return;
        lane.factor = Math.max(SLOWEST, lane.factor / 2);
        lane.halvings += 1;
      },
    };
  }

  return {
    async turn(key, perSecond, { signal, background = false } = {}) {
      signal?.throwIfAborted();
      if (rateFactor === Infinity) return FREE;
      const lane = laneOf(key);
      const { promise, resolve, reject } = Promise.withResolvers<Turn>();
      const queue = background ? lane.background : lane.queue;
      const waiting: Waiting = { cost: 1 / (perSecond * rateFactor), background, hadToWait: queue.length > 0, go: resolve, fail: reject };
      queue.push(waiting);
      // The lane may be asleep until a call in the background may go: this one may go sooner.
      if (!background && lane.queue.length === 1 && lane.draining) lane.stop.abort();
      const leave = (): void => {
        const place = queue.indexOf(waiting);
        if (place < 0) return;
        queue.splice(place, 1);
        if (queue.length === 0) lane.stop.abort();
        reject(signal!.reason as Error);
      };
      signal?.addEventListener('abort', leave, { once: true });
      if (!lane.draining) void drain(lane);
      try {
        return await promise;
      } finally {
        signal?.removeEventListener('abort', leave);
      }
    },
  };
}

/** Sums of thirds and fifths miss whole numbers by less than this. */
const EPSILON = 1e-9;

const FREE: Turn = { succeeded: () => undefined, refused: () => undefined };
