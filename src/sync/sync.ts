import { finishRun, NO_COUNTS, startRun, type Forecast, type RunCounts, type SyncRun } from '../records/runs/sync-log.ts';
import { readShops } from '../records/shops/shops.ts';
import { AppError, toAppError } from '../kernel/errors.ts';
import type { PlatformId, Shop } from '../model/shop.ts';
import { promptStreams } from '../records/all.ts';
import type { Call } from '../platforms/operation.ts';
import type { Platform } from '../platforms/platform.ts';
import type { Authorizations } from './authorization.ts';
import type { Plan } from './plan.ts';
import { streamsOf, type StreamWork } from './streams.ts';
import type { RunProgress, RunRoom } from './window-run.ts';

/** What happens to a stream of a shop, as those who watch are told. */
export interface SyncEvent {
  readonly platform: PlatformId;
  readonly shop: string;
  readonly stream: string;
  readonly state: SyncRun['state'];
  readonly progress: RunProgress | null;
  /** The name of the error that ended the run. */
  readonly error: string | null;
}

/** Brings shops' data home, never two runs of one stream at a time. */
export interface Sync {
  /**
   * Runs streams of a shop one after the other, joining those under way; resolves when they have ended, however they did.
   * Those that the platform does not offer are left out; after one that fails as a whole the others are not begun.
   */
  run(shop: Shop, streams?: readonly string[]): Promise<readonly SyncEvent[]>;
  /** The streams that a shop of the platform has. */
  streams(platform: PlatformId): readonly string[];
  /**
   * What the rest of each stream will take within the platform's quota, as it counts now.
   * @throws AppError `shop_not_connected` and the platform's errors
   */
  plan(shop: Shop): Promise<readonly StreamPlan[]>;
  /** What is running now. */
  running(): readonly SyncEvent[];
  /** Tells of every step until the returned function is called. */
  watch(listener: (event: SyncEvent) => void): () => void;
  /** Does work on a shop while nothing runs for it: what runs is stopped after the batch in hand, what is asked for meanwhile waits. */
  alone<T>(shopId: number, work: () => Promise<T>): Promise<T>;
  /** Stops everything, after the batches in hand; nothing starts any more. */
  close(): Promise<void>;
}

/** The plan of one stream. */
export interface StreamPlan extends Plan {
  readonly stream: string;
}

/** What the sync is opened with. */
export interface SyncRoom extends RunRoom {
  readonly platforms: readonly Platform[];
  readonly authorizations: Authorizations;
  readonly onFailure: (error: AppError, event: SyncEvent) => void;
  readonly onSuccess: (event: SyncEvent) => void;
}

interface Run {
  readonly shopId: number;
  readonly ended: Promise<SyncEvent>;
  readonly controller: AbortController;
  event: SyncEvent;
}

/** Failures of one kind of call: they say nothing of the other streams. */
const OF_ONE_STREAM: ReadonlySet<string> = new Set(['scope_missing', 'platform_refused', 'platform_reply_not_understood']);

/** Opens the room's sync. */
export function openSync(room: SyncRoom): Sync {
  const runs = new Map<string, Run>();
  const held = new Map<number, Promise<void>>();
  const listeners = new Set<(event: SyncEvent) => void>();
  const offered = new Map(room.platforms.flatMap(({ id, api }) => (api ? [[id, streamsOf(api)] as const] : [])));
  let closing = false;

  const tell = (event: SyncEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const runsOf = (shopId: number): Run[] => [...runs.values()].filter((run) => run.shopId === shopId);

  const callFor = (shop: Shop, { urgency }: StreamWork, signal: AbortSignal) => room.authorizations.callFor(shop, { signal, urgency });

  const start = (shop: Shop, work: StreamWork): Run => {
    const { name: stream } = work;
    const key = `${shop.shopId} ${stream}`;
    const controller = new AbortController();
    const event: SyncEvent = { platform: shop.platform, shop: shop.shop, stream, state: 'running', progress: null, error: null };
    const run: Run = { shopId: shop.shopId, controller, event, ended: Promise.resolve(event) };
    const step = (change: Partial<SyncEvent>): SyncEvent => {
      run.event = { ...run.event, ...change };
      tell(run.event);
      return run.event;
    };
    const ended = carryOut(shop, { work, signal: controller.signal, step }).finally(() => runs.delete(key));
    // Whoever waits is told; that nobody waits must not end the process.
    ended.catch(() => undefined);
    Object.assign(run, { ended });
    runs.set(key, run);
    return run;
  };

  const carryOut = async (
    shop: Shop,
    {
      work,
      signal,
      step,
    }: {
      work: StreamWork;
      signal: AbortSignal;
      step: (change: Partial<SyncEvent>) => SyncEvent;
    },
  ): Promise<SyncEvent> => {
    const runId = await startRun(room.engine, { shopId: shop.shopId, stream: work.name, at: room.clock.now() });
    let counts: RunCounts = NO_COUNTS;
    let calls = 0;
    let forecast: Forecast | null = null;
    let state: SyncRun['state'] = 'done';
    let failure: AppError | null = null;
    step({});
    try {
      // Whoever asked may hold the shop as it was before its clock or consent changed.
      const now = (await connectedShops(room, [shop.platform])).find(({ shopId }) => shopId === shop.shopId);
      if (!now) throw new AppError('shop_not_connected', { shop: shop.shop });
      const { call } = await callFor(now, work, signal);
      const counted: Call = (operation, input) => {
        calls += 1;
        return call(operation, input);
      };
      const source = { shop: now, call: counted, signal };
      if (work.plan && (await work.isLong?.(room, source))) forecast = await work.plan(room, { ...source, call });
      counts = await work.run(room, source, (progress) => {
        counts = progress;
        step({ progress });
      });
      if (signal.aborted) state = 'stopped';
    } catch (error) {
      state = signal.aborted ? 'stopped' : 'failed';
      if (!signal.aborted) failure = toAppError(error);
    }
    await finishRun(room.engine, runId, { state, counts, calls, forecast, error: failure?.code ?? null, at: room.clock.now() });
    const event = step({ state, error: failure?.code ?? null });
    if (failure) room.onFailure(failure, event);
    else if (state === 'done') room.onSuccess(event);
    return event;
  };

  /** Runs one stream, or joins the run under way. */
  const runOne = async (shop: Shop, work: StreamWork): Promise<SyncEvent> => {
    for (let hold = held.get(shop.shopId); hold; hold = held.get(shop.shopId)) await hold;
    if (closing) throw new AppError('internal', {}, { cause: new Error('the sync is closed') });
    return (runs.get(`${shop.shopId} ${work.name}`) ?? start(shop, work)).ended;
  };

  return {
    async run(shop, streams = promptStreams) {
      const events: SyncEvent[] = [];
      for (const stream of streams) {
        const work = offered.get(shop.platform)?.find(({ name }) => name === stream);
        if (!work) continue;
        const event = await runOne(shop, work);
        events.push(event);
        if (event.state !== 'done' && !OF_ONE_STREAM.has(event.error ?? '')) break;
      }
      return events;
    },
    streams: (platform) => (offered.get(platform) ?? []).map(({ name }) => name),
    async plan(shop) {
      const plans: StreamPlan[] = [];
      for (const work of offered.get(shop.platform) ?? []) {
        const { name, plan } = work;
        const { signal } = new AbortController();
        if (plan) plans.push({ stream: name, ...(await plan(room, { shop, call: (await callFor(shop, work, signal)).call, signal })) });
      }
      return plans;
    },
    running: () => [...runs.values()].map(({ event }) => event),
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async alone(shopId, work) {
      await held.get(shopId);
      const { promise, resolve } = Promise.withResolvers<void>();
      held.set(shopId, promise);
      try {
        const running = runsOf(shopId);
        for (const { controller } of running) controller.abort();
        await Promise.allSettled(running.map(({ ended }) => ended));
        return await work();
      } finally {
        held.delete(shopId);
        resolve();
      }
    },
    async close() {
      closing = true;
      for (const { controller } of runs.values()) controller.abort();
      await Promise.allSettled([...runs.values()].map(({ ended }) => ended));
    },
  };
}

/** The shops that are fetched. */
export async function connectedShops(room: Pick<RunRoom, 'engine'>, platforms?: readonly PlatformId[]): Promise<Shop[]> {
  const shops = await room.engine.read((reader) => readShops(reader, platforms));
  return shops.filter(({ connection }) => connection !== null);
}
