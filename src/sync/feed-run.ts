import { AppError, toAppError } from '../kernel/errors.ts';
import type { FeedOwner } from '../model/feed.ts';
import type { PlatformId, Shop } from '../model/shop.ts';
import type { Call } from '../platforms/operation.ts';
import { finishRun, NO_COUNTS, startRun, type Forecast, type RunCounts, type SyncRun } from '../records/runs/sync-log.ts';
import { readAuthorization } from '../records/shops/authorizations.ts';
import { readShops } from '../records/shops/shops.ts';
import type { StreamWork } from './streams.ts';
import type { SyncEvent, SyncRoom } from './sync.ts';
import type { FeedSource, RunRoom } from './window-run.ts';

/** A stream of a platform as it is read: for one shop, or for all shops of an account. */
export interface Feed {
  readonly platform: PlatformId;
  readonly owner: FeedOwner;
  readonly work: StreamWork;
}

/** One run of a feed for the shops that are told, noted from its beginning to its end, however it ends; `step` is told of everything. */
export async function runFeed(
  room: SyncRoom,
  feed: Feed,
  { shopIds, signal, step }: { shopIds: ReadonlySet<number>; signal: AbortSignal; step: (change: Partial<SyncEvent>) => SyncEvent },
): Promise<SyncEvent> {
  const runId = await startRun(room.engine, { owner: feed.owner, stream: feed.work.name, at: room.clock.now() });
  let counts: RunCounts = NO_COUNTS;
  let calls = 0;
  let forecast: Forecast | null = null;
  let state: SyncRun['state'] = 'done';
  let failure: AppError | null = null;
  const named = step({});
  try {
    // Whoever asked may hold the shops as they were before their clock or consent changed. One that is new is read by the next run: nobody
    // who wants to work on it alone would stop this one.
    const shops = (await shopsOf(room, feed)).filter(({ shopId }) => shopIds.has(shopId));
    if (shops.length === 0) throw new AppError('shop_not_connected', { shop: named.shop ?? named.account ?? '' });
    const call = await callFor(room, shops[0]!, feed.work, signal);
    const counted: Call = (operation, input) => {
      calls += 1;
      return call(operation, input);
    };
    const source: FeedSource = { owner: feed.owner, shops, call: counted, signal };
    if (feed.work.plan && (await feed.work.isLong?.(room, source))) forecast = await feed.work.plan(room, { ...source, call });
    counts = await feed.work.run(room, source, (progress) => {
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
}

/** The event that a run of a feed begins with: what it is called. */
export async function nameOf(room: Pick<RunRoom, 'engine'>, shop: Shop, { owner, platform, work }: Feed): Promise<SyncEvent> {
  const { accountId } = owner;
  const account = accountId === null ? null : ((await room.engine.read((reader) => readAuthorization(reader, accountId)))?.seller ?? null);
  return {
    platform,
    shop: accountId === null ? shop.shop : null,
    account,
    stream: work.name,
    state: 'running',
    progress: null,
    error: null,
  };
}

/** Calls for the feeds of a shop: those of its account mean no shop. */
export async function callFor(room: SyncRoom, shop: Shop, { urgency }: StreamWork, signal: AbortSignal): Promise<Call> {
  return (await room.authorizations.callFor(shop, { signal, urgency })).call;
}

/** The connected shops that a feed is read for now. */
export async function shopsOf(room: Pick<RunRoom, 'engine'>, { owner, platform }: Feed): Promise<Shop[]> {
  return (await connectedShops(room, [platform])).filter(({ shopId, connection }) =>
    owner.accountId === null ? shopId === owner.shopId : connection!.authorizationId === owner.accountId,
  );
}

/** The shops that are fetched. */
export async function connectedShops(room: Pick<RunRoom, 'engine'>, platforms?: readonly PlatformId[]): Promise<Shop[]> {
  const shops = await room.engine.read((reader) => readShops(reader, platforms));
  return shops.filter(({ connection }) => connection !== null);
}
