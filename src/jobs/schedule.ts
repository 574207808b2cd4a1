import { readAuthorizations, type Authorization } from '../records/shops/authorizations.ts';
import { readRuns, runOf, type SyncRun } from '../records/runs/sync-log.ts';
import type { Clock } from '../kernel/clock.ts';
import { toAppError, type AppError } from '../kernel/errors.ts';
import type { Engine } from '../engines/engine.ts';
import type { Shop } from '../model/shop.ts';
import type { Authorizations } from '../sync/authorization.ts';
import { promptStreams, streams } from '../records/all.ts';
import { connectedShops } from '../sync/feed-run.ts';
import type { Sync } from '../sync/sync.ts';
import type { Alerts } from './alerts/alerts.ts';

/** What the schedule looks after. */
export interface ScheduleRoom {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly authorizations: Authorizations;
  readonly sync: Sync;
  /** Looked after at every look and when a run has ended. */
  readonly alerts: Alerts;
  /** Tokens are refreshed at 00:00 here; undefined: on the clock of the authorization's own market. */
  readonly refreshZone: string | undefined;
  readonly syncMinutes: number;
  readonly onFailure: (error: AppError, what: string) => void;
  readonly onSuccess: (what: string) => void;
}

/** Does what is due, again and again. */
export interface Schedule {
  /** Looks now, then every half minute. */
  start(): void;
  /** Looks once; resolves when all that it began has ended. */
  look(): Promise<void>;
  /** Looks no more; resolves when the look under way has ended. */
  close(): Promise<void>;
}

const LOOK_EVERY_MS = 30_000;
const REFRESH_BEFORE = { hours: 1 } as const;
/** Hours after midnight on the shop's clock: the day before is over for everybody. */
const NIGHT_HOUR = 3;
const FIRST_PAUSE_MINUTES = 1;
const LONGEST_PAUSE_MINUTES = 60;

/**
 * Opens the schedule. What is due is read off the store, so a run that was missed while nothing ran is caught up once.
 * What failed is tried again after a pause that doubles up to an hour; one shop's failure stops no other.
 */
export function openSchedule(room: ScheduleRoom): Schedule {
  const pauses = new Map<string, { until: Temporal.Instant; minutes: number }>();
  let started = false;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let closing = false;
  let run: Promise<void> = Promise.resolve();
  const begun = new Set<Promise<void>>();

  /** Tries unless a failure before asks for a pause; a run that ended with an error has told of it itself. */
  const attempt = async (what: string, work: () => Promise<{ readonly error?: string | null }>): Promise<void> => {
    const pause = pauses.get(what);
    if (pause && Temporal.Instant.compare(room.clock.now(), pause.until) < 0) return;
    const failed = (): void => {
      const minutes = Math.min(pause ? pause.minutes * 2 : FIRST_PAUSE_MINUTES, LONGEST_PAUSE_MINUTES);
      pauses.set(what, { until: room.clock.now().add({ minutes }), minutes });
    };
    try {
      const { error } = await work();
      if (error) return failed();
      pauses.delete(what);
      room.onSuccess(what);
    } catch (error) {
      failed();
      if (!closing) room.onFailure(toAppError(error), what);
    }
  };

  /**
   * Lets the store do what it leaves for quiet times, refreshes tokens, then starts the runs that are due; resolves when tokens are done,
   * runs go on.
   */
  const lookAlone = async (): Promise<void> => {
    await attempt('tidying the store', async () => {
      await room.engine.tidy();
      return {};
    });
    const now = room.clock.now();
    const shops = await connectedShops(room);
    const { authorizations, runs } = await room.engine.read(async (reader) => ({
      authorizations: await readAuthorizations(reader),
      runs: await readRuns(reader),
    }));
    const first = !started;
    started = true;
    const renewed = authorizations.filter(({ state, platform }) => state === 'active' && room.authorizations.renews(platform));
    for (const each of renewed) {
      if (closing) return;
      if (first || refreshDue(each, now, zoneOf(each, shops, room.refreshZone))) {
        await attempt(`tokens of ${each.platform} ${each.authorizationId}`, () => room.authorizations.refresh(each.authorizationId));
      }
    }
    // What the platform has not released yet is asked for again, ever more seldom, up to once an hour.
    const shopless = authorizations.filter(
      ({ authorizationId: id, state }) => state === 'active' && !shops.some(({ connection }) => connection!.authorizationId === id),
    );
    for (const { platform, authorizationId } of shopless) {
      if (closing) return;
      await attempt(`shops of ${platform} ${authorizationId}`, async () => {
        const found = await room.authorizations.findShops(authorizationId);
        return { error: found.length === 0 ? 'no_shop_connected' : null };
      });
    }
    // A consent that a refresh has just found withdrawn would be told of again by every stream.
    const still = await room.engine.read((reader) => readAuthorizations(reader));
    const open = new Set(still.filter(({ state }) => state === 'active').map(({ authorizationId }) => authorizationId));
    for (const shop of shops.filter(({ connection }) => open.has(connection!.authorizationId))) {
      const lastOf = (stream: string): SyncRun | undefined => runOf(runs, shop, stream);
      const begin = (what: string, wanted: readonly string[]): void => {
        const attempted = attempt(`${what} of ${shop.platform} ${shop.shop}`, async () => {
          const failed = (await room.sync.run(shop, wanted)).find(({ error }) => error !== null);
          return { error: failed?.error ?? null };
        }).finally(() => begun.delete(attempted));
        begun.add(attempted);
      };
      // Runs go on beside each other, one platform's pace does not hold another's.
      if (syncDue(lastOf('orders'), now, room.syncMinutes)) begin('orders', promptStreams);
      // What may take its time begins when orders are there.
      if (shop.completeAt === null) continue;
      const offered = room.sync.streams(shop.platform);
      for (const { name, pace } of streams.filter((each) => each.pace !== 'prompt' && offered.includes(each.name))) {
        const due = pace === 'nightly' ? nightDue(lastOf(name), now, shop.zone) : syncDue(lastOf(name), now, room.syncMinutes);
        if (due) begin(name, [name]);
      }
    }
  };

  /** Several looks at once are one; where another process on the same data is at it, that does what is due. */
  const look = (): Promise<void> => (looking ??= room.engine.lease('schedule', lookAlone).finally(() => (looking = undefined)));

  return {
    start() {
      room.alerts.begin();
      room.sync.watch(({ state }) => {
        if (state !== 'running' && !closing) void room.alerts.run();
      });
      const again = (): void => {
        if (looking) return;
        run = look()
          .then(() => room.onSuccess('schedule'))
          .catch((error: unknown) => {
            if (!closing) room.onFailure(toAppError(error), 'schedule');
          })
          .finally(() => {
            if (!closing) void room.alerts.run();
          });
      };
      timer = setInterval(again, LOOK_EVERY_MS).unref();
      again();
    },
    async look() {
      await look();
      await Promise.all(begun);
      await room.alerts.run();
    },
    async close() {
      closing = true;
      clearInterval(timer);
      await run;
    },
  };
}

/** Whether tokens were last refreshed before the latest midnight of the zone, or end soon. */
export function refreshDue(
  { refreshedAt, expiresAt }: Pick<Authorization, 'refreshedAt' | 'expiresAt'>,
  now: Temporal.Instant,
  zone: string,
): boolean {
  const midnight = now.toZonedDateTimeISO(zone).startOfDay().toInstant();
  return (
    Temporal.Instant.compare(Temporal.Instant.from(refreshedAt), midnight) < 0 ||
    (expiresAt !== null && Temporal.Instant.compare(now.add(REFRESH_BEFORE), Temporal.Instant.from(expiresAt)) >= 0)
  );
}

/** Whether a stream has not been read for so many minutes. */
export function syncDue(last: Pick<SyncRun, 'state' | 'finished_at'> | undefined, now: Temporal.Instant, minutes: number): boolean {
  if (!last || last.finished_at === null) return last?.state !== 'running';
  return last.state !== 'done' || Temporal.Instant.compare(Temporal.Instant.from(last.finished_at).add({ minutes }), now) <= 0;
}

/** Whether what is done once a night has not been done since the last night of the shop's clock. */
export function nightDue(last: Pick<SyncRun, 'state' | 'started_at'> | undefined, now: Temporal.Instant, zone: string): boolean {
  if (!last) return true;
  if (last.state !== 'done') return last.state !== 'running';
  const tonight = now.toZonedDateTimeISO(zone).startOfDay().add({ hours: NIGHT_HOUR }).toInstant();
  const night =
    Temporal.Instant.compare(tonight, now) <= 0
      ? tonight
      : now.toZonedDateTimeISO(zone).subtract({ days: 1 }).startOfDay().add({ hours: NIGHT_HOUR }).toInstant();
  return Temporal.Instant.compare(Temporal.Instant.from(last.started_at), night) < 0;
}

function zoneOf({ authorizationId, region }: Authorization, shops: readonly Shop[], configured: string | undefined): string {
  if (configured) return configured;
  const own = shops.filter(({ connection }) => connection!.authorizationId === authorizationId);
  return (own.find((shop) => shop.region === region) ?? own[0])?.zone ?? 'UTC';
}
