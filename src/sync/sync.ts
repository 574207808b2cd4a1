import { finishRun, startRun, type RunCounts, type SyncRun } from '../engines/sync-log.ts';
import { readShops } from '../engines/shops.ts';
import { AppError, toAppError } from '../kernel/errors.ts';
import type { PlatformId, Shop } from '../model/shop.ts';
import type { Authorizations } from './authorization.ts';
import { runOrders, type OrderRunRoom, type RunProgress } from './order-run.ts';

/** What happens to a stream of a shop, as those who watch are told. */
export interface SyncEvent {
  readonly platform: PlatformId;
  readonly shop: string;
  readonly stream: 'orders';
  readonly state: SyncRun['state'];
  readonly progress: RunProgress | null;
  /** The name of the error that ended the run. */
  readonly error: string | null;
}

/** Brings shops' data home, never two runs of one stream at a time. */
export interface Sync {
  /** Starts a run, or joins the one under way; resolves when it has ended, however it did. */
  run(shop: Shop): Promise<SyncEvent>;
  /** What is running now. */
  running(): readonly SyncEvent[];
  /** Tells of every step until the returned function is called. */
  watch(listener: (event: SyncEvent) => void): () => void;
  /** Does work on a shop while nothing runs for it: what runs is stopped after the batch in hand, what is asked for meanwhile waits. */
  alone<T>(shopId: number, work: () => Promise<T>): Promise<T>;
  /** Stops everything, after the batches in hand; nothing starts any more. */
  close(): Promise<void>;
}

interface Run {
  readonly ended: Promise<SyncEvent>;
  readonly controller: AbortController;
  event: SyncEvent;
}

/** Opens the room's sync. */
export function openSync(room: OrderRunRoom & { readonly authorizations: Authorizations; readonly onFailure: (error: AppError, event: SyncEvent) => void }): Sync {
  const runs = new Map<number, Run>();
  const held = new Map<number, Promise<void>>();
  const listeners = new Set<(event: SyncEvent) => void>();
  let closing = false;

  const tell = (event: SyncEvent): void => {
    for (const listener of listeners) listener(event);
  };

  const start = (shop: Shop): Run => {
    const controller = new AbortController();
    const event: SyncEvent = { platform: shop.platform, shop: shop.shop, stream: 'orders', state: 'running', progress: null, error: null };
    const run: Run = { controller, event, ended: Promise.resolve(event) };
    const step = (change: Partial<SyncEvent>): SyncEvent => {
      run.event = { ...run.event, ...change };
      tell(run.event);
      return run.event;
    };
    const ended = carryOut(shop, controller.signal, step).finally(() => runs.delete(shop.shopId));
    // Whoever waits is told; that nobody waits must not end the process.
    ended.catch(() => undefined);
    return Object.assign(run, { ended });
  };

  const carryOut = async (shop: Shop, signal: AbortSignal, step: (change: Partial<SyncEvent>) => SyncEvent): Promise<SyncEvent> => {
    const runId = await startRun(room.engine, { shopId: shop.shopId, stream: 'orders', at: room.clock.now() });
    let counts: RunCounts = { documents: 0, orders_new: 0, orders_changed: 0, orders_unchanged: 0, quarantined: 0 };
    let state: SyncRun['state'] = 'done';
    let failure: AppError | null = null;
    step({});
    try {
      // Whoever asked may hold the shop as it was before its clock or consent changed.
      const now = (await connectedShops(room, [shop.platform])).find(({ shopId }) => shopId === shop.shopId);
      if (!now) throw new AppError('shop_not_connected', { shop: shop.shop });
      const { api, call } = await room.authorizations.callFor(now, signal);
      counts = await runOrders(room, { shop: now, stream: api.orders, call, signal }, (progress) => {
        counts = progress;
        step({ progress });
      });
      if (signal.aborted) state = 'stopped';
    } catch (error) {
      state = signal.aborted ? 'stopped' : 'failed';
      if (!signal.aborted) failure = toAppError(error);
    }
    await finishRun(room.engine, runId, { state, counts, error: failure?.code ?? null, at: room.clock.now() });
    const event = step({ state, error: failure?.code ?? null });
    if (failure) room.onFailure(failure, event);
    return event;
  };

  return {
    run(shop) {
      if (closing) throw new AppError('internal', {}, { cause: new Error('the sync is closed') });
      const running = runs.get(shop.shopId);
      if (running) return running.ended;
      const hold = held.get(shop.shopId);
      if (hold) return hold.then(() => this.run(shop));
      const run = start(shop);
      runs.set(shop.shopId, run);
      return run.ended;
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
        const run = runs.get(shopId);
        run?.controller.abort();
        await run?.ended.catch(() => undefined);
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
export async function connectedShops(room: Pick<OrderRunRoom, 'engine'>, platforms?: readonly PlatformId[]): Promise<Shop[]> {
  const shops = await room.engine.read((reader) => readShops(reader, platforms));
  return shops.filter(({ connection }) => connection !== null);
}
