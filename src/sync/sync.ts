import type { SyncRun } from '../records/runs/sync-log.ts';
import { AppError } from '../kernel/errors.ts';
import { ofAccount, ofShop } from '../model/feed.ts';
import type { PlatformId, Shop } from '../model/shop.ts';
import { promptStreams } from '../records/all.ts';
import type { Platform } from '../platforms/platform.ts';
import type { Authorizations } from './authorization.ts';
import type { Plan } from './plan.ts';
import { callFor, nameOf, runFeed, shopsOf, type Feed } from './feed-run.ts';
import { streamsOf, type StreamWork } from './streams.ts';
import type { RunProgress, RunRoom } from './window-run.ts';

/** What happens to a feed, as those who watch are told. */
export interface SyncEvent {
  readonly platform: PlatformId;
  /** Null where it is read for all shops of an account. */
  readonly shop: string | null;
  /** The seller whose account it is; null where it is read for one shop. */
  readonly account: string | null;
  readonly stream: string;
  readonly state: SyncRun['state'];
  readonly progress: RunProgress | null;
  /** The name of the error that ended the run. */
  readonly error: string | null;
}

/** Brings shops' data home, never two runs of one feed at a time. */
export interface Sync {
  /**
   * Runs the feeds that bring streams of a shop, one after the other, joining those under way; resolves when they have ended, however they
   * did. Those that the platform does not offer are left out; after one that fails as a whole the others are not begun.
   */
  run(shop: Shop, streams?: readonly string[]): Promise<readonly SyncEvent[]>;
  /** The streams that a shop of the platform has. */
  streams(platform: PlatformId): readonly string[];
  /**
   * What the rest of each feed of connected shops will take within the platform's quota, as it counts now: that of an account once.
   * @throws AppError `shop_not_connected` and the platform's errors
   */
  plan(shops: readonly Shop[]): Promise<readonly FeedPlan[]>;
  /** What is running now. */
  running(): readonly SyncEvent[];
  /** What is running now for a shop: its own feeds, and its account's. */
  runningFor(shop: Shop): readonly SyncEvent[];
  /** Tells of every step until the returned function is called. */
  watch(listener: (event: SyncEvent) => void): () => void;
  /**
   * Does work on a shop while nothing runs for it: what runs for it, or for its account, is stopped after the batch in hand, what is asked
   * for meanwhile waits.
   */
  alone<T>(shopId: number, work: () => Promise<T>): Promise<T>;
  /** Stops everything, after the batches in hand; nothing starts any more. */
  close(): Promise<void>;
}

/** The plan of one feed. */
export interface FeedPlan extends Plan, Pick<SyncEvent, 'platform' | 'shop' | 'account' | 'stream'> {}

/** What the sync is opened with. */
export interface SyncRoom extends RunRoom {
  readonly platforms: readonly Platform[];
  readonly authorizations: Authorizations;
  readonly onFailure: (error: AppError, event: SyncEvent) => void;
  readonly onSuccess: (event: SyncEvent) => void;
}

/** A feed that is running. */
interface Run {
  readonly feed: Feed;
  /** The shops that it is read for. */
  readonly shopIds: ReadonlySet<number>;
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

  const feedOf = (shop: Shop, work: StreamWork): Feed => ({
    work,
    platform: shop.platform,
    owner: work.by === 'account' && shop.connection ? ofAccount(shop.connection.authorizationId) : ofShop(shop.shopId),
  });
  const feedsOf = (shop: Shop): Feed[] => (offered.get(shop.platform) ?? []).map((work) => feedOf(shop, work));

  const start = (feed: Feed, named: SyncEvent, shopIds: ReadonlySet<number>): Run => {
    const controller = new AbortController();
    const run: Run = { feed, shopIds, controller, event: named, ended: Promise.resolve(named) };
    const step = (change: Partial<SyncEvent>): SyncEvent => {
      run.event = { ...run.event, ...change };
      for (const listener of listeners) listener(run.event);
      return run.event;
    };
    const ended = runFeed(room, feed, { shopIds, signal: controller.signal, step }).finally(() => runs.delete(keyOf(feed)));
    // Whoever waits is told; that nobody waits must not end the process.
    ended.catch(() => undefined);
    Object.assign(run, { ended });
    runs.set(keyOf(feed), run);
    return run;
  };

  /** Runs a feed, or joins the run under way. */
  const runOne = async (shop: Shop, feed: Feed): Promise<SyncEvent> => {
    const named = await nameOf(room, shop, feed);
    for (;;) {
      const shops = feed.owner.accountId === null ? [shop] : await shopsOf(room, feed);
      const hold = shops.map(({ shopId }) => held.get(shopId)).find((each) => each !== undefined);
      if (closing) throw new AppError('internal', {}, { cause: new Error('the sync is closed') });
      if (!hold) return (runs.get(keyOf(feed)) ?? start(feed, named, new Set(shops.map(({ shopId }) => shopId)))).ended;
      await hold;
    }
  };

  return {
    async run(shop, streams = promptStreams) {
      const events: SyncEvent[] = [];
      for (const stream of streams) {
        const feed = feedsOf(shop).find(({ work }) => work.name === stream);
        if (!feed) continue;
        const event = await runOne(shop, feed);
        events.push(event);
        if (event.state !== 'done' && !OF_ONE_STREAM.has(event.error ?? '')) break;
      }
      return events;
    },
    streams: (platform) => (offered.get(platform) ?? []).map(({ name }) => name),
    async plan(shops) {
      const feeds = new Map(shops.flatMap((shop) => feedsOf(shop).map((feed) => [keyOf(feed), { shop, feed }] as const)));
      const plans: FeedPlan[] = [];
      for (const { shop, feed } of feeds.values()) {
        const { work, owner } = feed;
        if (!work.plan) continue;
        const { platform, account, stream, ...named } = await nameOf(room, shop, feed);
        const { signal } = new AbortController();
        const call = await callFor(room, shop, work, signal);
        const planned = owner.accountId === null ? [shop] : await shopsOf(room, feed);
        plans.push({ platform, shop: named.shop, account, stream, ...(await work.plan(room, { owner, shops: planned, call, signal })) });
      }
      return plans;
    },
    running: () => [...runs.values()].map(({ event }) => event),
    runningFor: ({ shopId }) => [...runs.values()].filter(({ shopIds }) => shopIds.has(shopId)).map(({ event }) => event),
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async alone(shopId, work) {
      while (held.has(shopId)) await held.get(shopId);
      const { promise, resolve } = Promise.withResolvers<void>();
      held.set(shopId, promise);
      try {
        await stopped([...runs.values()].filter(({ shopIds }) => shopIds.has(shopId)));
        return await work();
      } finally {
        held.delete(shopId);
        resolve();
      }
    },
    async close() {
      closing = true;
      await stopped([...runs.values()]);
    },
  };
}

/** Stops runs after the batch in hand. */
async function stopped(runs: readonly Run[]): Promise<void> {
  for (const { controller } of runs) controller.abort();
  await Promise.allSettled(runs.map(({ ended }) => ended));
}

function keyOf({ owner, platform, work }: Feed): string {
  return `${platform} ${owner.shopId ?? ''}/${owner.accountId ?? ''} ${work.name}`;
}
