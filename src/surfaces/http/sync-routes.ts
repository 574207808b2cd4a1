import { Readable } from 'node:stream';
import { z } from 'zod';
import { readUnequalDays } from '../../records/day-check/day-check.ts';
import { readGivenUp } from '../../records/misses.ts';
import { readViolations } from '../../records/price-details/price-detail-writer.ts';
import { readAuthorizations } from '../../records/shops/authorizations.ts';
import { readShops } from '../../records/shops/shops.ts';
import { readCheckpoint, readQuarantine, readRuns, runOf, RUN_STATES, type SyncRun } from '../../records/runs/sync-log.ts';
import { AppError } from '../../kernel/errors.ts';
import { PLATFORM_IDS, shopsNamed, unknownShop, type PlatformId, type Shop } from '../../model/shop.ts';
import { promptStreams, streams } from '../../records/all.ts';
import { connectedShops } from '../../sync/feed-run.ts';
import type { SyncEvent } from '../../sync/sync.ts';
import { NDJSON, narrated } from './narration.ts';
import type { HttpRoom } from './room.ts';
import { named, route } from './route.ts';

const EVENT_STREAM = 'text/event-stream';
const HEARTBEAT_MS = 15_000;
const SHOWN_QUARANTINE = 50;
const SHOWN_DISCREPANCIES = 200;

const runCounts = { documents: z.int(), added: z.int(), changed: z.int(), unchanged: z.int(), quarantined: z.int() };

const syncEvent = named(
  'SyncEvent',
  z.object({
    platform: z.string(),
    shop: z.string().nullable().describe('Null where the stream is read for all shops of an account.'),
    account: z.string().optional().describe('The seller, where it is.'),
    stream: z.string(),
    state: z.enum(RUN_STATES),
    error: z.string().nullable().describe('The name of the error that ended the run.'),
    progress: z
      .object({
        phase: z.string(),
        ...runCounts,
        window_from: z.string().nullable(),
        window_to: z.string().nullable(),
        history_share: z.number().describe('How much of the history is in, 0 to 1.'),
        remaining_seconds: z.number().nullable(),
      })
      .nullable(),
  }),
);

const syncRun = named(
  'SyncRun',
  z.object({
    run_id: z.int(),
    stream: z.string(),
    state: z.enum(RUN_STATES).describe('`interrupted`: the process ended in the middle; the next run goes on there.'),
    started_at: z.string(),
    finished_at: z.string().nullable(),
    ...runCounts,
    calls: z.int().describe('Calls that were made.'),
    forecast_calls: z.int().nullable().describe('What was told beforehand of a run with much to do.'),
    forecast_seconds: z.int().nullable(),
    error: z.string().nullable().describe('The name of the error that ended it.'),
  }),
);

const streamState = named(
  'StreamState',
  z.object({
    platform: z.string(),
    shop: z.string(),
    stream: z.string(),
    covered_from: z.string().nullable().describe('What changed from here …'),
    covered_to: z.string().nullable().describe('… to here is in the store.'),
    history_to: z.string().nullable().describe('How far back the history is read.'),
    last_run: syncRun.nullable(),
    running: syncEvent.nullable(),
  }),
);

const quarantined = named(
  'QuarantinedRecord',
  z.object({
    shop: z.string().describe('Empty where its shop is not connected.'),
    account: z.string().optional().describe('The seller in whose account it came, where its shop is not connected.'),
    stream: z.string(),
    record: z.string().describe("The platform's id of it; `?` where even that is missing."),
    field: z.string(),
    problem: z.string(),
    seen_at: z.string(),
  }),
);

const state = route({
  method: 'GET',
  path: '/api/sync',
  needs: 'read',
  tag: 'Sync',
  summary: 'How far the shops are synced · 同步状态 · Estado de la sincronización',
  description: `With \`Accept: ${EVENT_STREAM}\` the answer stays open and tells of every step (server-sent events).`,
  answer: z.object({ data: z.array(streamState), quarantine: z.array(quarantined) }),
  async handle({ request, reply }, room) {
    if (request.headers.accept?.includes(EVENT_STREAM)) {
      return reply
        .type(`${EVENT_STREAM}; charset=utf-8`)
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .send(events(room));
    }
    const shops = await connectedShops(room);
    return room.engine.read(async (reader) => {
      const runs = await readRuns(reader);
      const held = await readQuarantine(reader, SHOWN_QUARANTINE);
      const nameOf = (id: number | null): string => shops.find(({ shopId }) => shopId === id)?.shop ?? '';
      const accounts = await readAuthorizations(reader);
      const sellerOf = (id: number | null): string | undefined => accounts.find(({ authorizationId }) => authorizationId === id)?.seller;
      const data: z.input<typeof streamState>[] = [];
      for (const each of shops) {
        const { shopId, platform, shop } = each;
        for (const stream of room.sync.streams(platform)) {
          const checkpoint = await readCheckpoint(reader, shopId, stream);
          const run = runOf(runs, each, stream);
          const now = room.sync.runningFor(each).find((event) => event.stream === stream);
          data.push({
            platform,
            shop,
            stream,
            covered_from: checkpoint?.coveredFrom.toString() ?? null,
            covered_to: checkpoint?.coveredTo.toString() ?? null,
            history_to: checkpoint?.reachFrom.toString() ?? null,
            last_run: run ? withoutShop(run) : null,
            running: now ? shown(now) : null,
          });
        }
      }
      return {
        data,
        quarantine: held.map(({ shop_id, account_id, ...each }) => ({ shop: nameOf(shop_id), account: sellerOf(account_id), ...each })),
      };
    });
  },
});

const plan = route({
  method: 'GET',
  path: '/api/sync/plan',
  needs: 'read',
  tag: 'Sync',
  summary: 'How long the rest will take · 剩余同步时间 · Lo que falta por sincronizar',
  description:
    'What is still to come of each stream, as the platform counts it now, and how long that takes within its quota. `seconds` of a ' +
    'shop add up where its streams share one quota. What is read for all shops of an account is told once.',
  parameters: z.strictObject({ shop: z.string().optional().describe('One shop by its name. Default: every connected shop.') }),
  answer: z.object({
    data: z.array(
      named(
        'StreamPlan',
        z.object({
          platform: z.string(),
          shop: z.string().nullable().describe('Null where the stream is read for all shops of an account.'),
          account: z.string().optional().describe('The seller, where it is.'),
          stream: z.string(),
          records: z.int().nullable().describe('Records still to come.'),
          calls: z.int(),
          seconds: z.int(),
        }),
      ),
    ),
  }),
  async handle({ parameters }, room) {
    const plans = await room.sync.plan(await chosenShops(room, parameters));
    return { data: plans.map(({ account, ...each }) => ({ ...each, ...accountOf(account) })) };
  },
});

const ofShop = { platform: z.string(), shop: z.string() };

const discrepancies = route({
  method: 'GET',
  path: '/api/sync/discrepancies',
  needs: 'read',
  tag: 'Sync',
  summary: 'What does not add up · 数据差异 · Diferencias',
  description:
    '`missing`: records that are named and that the platform does not give. `days`: days of which it counts other than is stored. ' +
    '`violations`: price details whose sums do not hold.',
  answer: z.object({
    missing: z.array(
      z.object({
        ...ofShop,
        stream: z.string(),
        record: z.string(),
        tries: z.int(),
        tried_at: z.string(),
        error: z.string().describe('The name of the error, or `not_found`.'),
      }),
    ),
    days: z.array(z.object({ ...ofShop, day: z.string(), platform_orders: z.int(), stored_orders: z.int(), checked_at: z.string() })),
    violations: z.array(
      z.object({ ...ofShop, order_id: z.string(), violations: z.string().describe('Which sums do not hold.'), fetched_at: z.string() }),
    ),
  }),
  handle: (_asked, room) =>
    room.engine.read(async (reader) => {
      const shops = await readShops(reader);
      const of = <Row extends { shop_id: number }>(rows: readonly Row[]) =>
        rows.map(({ shop_id: id, ...row }) => {
          const { platform, shop } = shops.find(({ shopId }) => shopId === id)!;
          return { platform, shop, ...row };
        });
      return {
        missing: of(await readGivenUp(reader, SHOWN_DISCREPANCIES)),
        days: of(await readUnequalDays(reader, SHOWN_DISCREPANCIES)),
        violations: of(await readViolations(reader, SHOWN_DISCREPANCIES)),
      };
    }),
});

const fetchNow = route({
  method: 'POST',
  path: '/api/sync',
  needs: 'operate',
  tag: 'Sync',
  summary: 'Sync now · 立即同步 · Sincronizar ahora',
  body: z.strictObject({
    platform: z.enum(PLATFORM_IDS).optional(),
    shop: z.string().optional().describe('One shop by its name. Default: every connected shop.'),
    stream: z
      .enum(streams.map(({ name }) => name))
      .optional()
      .describe(`One stream. Default: ${promptStreams.join(', ')}; the others are read in the background by the running server.`),
    wait: z
      .boolean()
      .optional()
      .describe(`Answer when the runs have ended. With \`Accept: ${NDJSON}\` an empty line now and then tells that they go on.`),
  }),
  answer: z.object({ data: z.array(syncEvent) }),
  async handle(asked, room) {
    const { stream, wait, ...which } = asked.body;
    const chosen = await chosenShops(room, which);
    const runs = Promise.all(chosen.map((each) => room.sync.run(each, stream === undefined ? undefined : [stream])));
    if (wait) return narrated(asked, async () => ({ data: (await runs).flat().map(shown) }));
    // Whoever does not wait is not told: the run's record and the log are.
    runs.catch(() => undefined);
    return { data: room.sync.running().map(shown) };
  },
});

/** What is being fetched, how far it has come, and starting it now. */
export const syncRoutes = [state, plan, discrepancies, fetchNow] as const;

/** A step of a run, as it is told. */
export type ShownEvent = z.output<typeof syncEvent>;

function withoutShop({ shop_id: _shop, account_id: _account, ...run }: SyncRun): z.input<typeof syncRun> {
  return run;
}

function noShopConnected(platform: PlatformId): AppError {
  return new AppError('no_shop_connected', { platform, start: `/api/${platform}/auth_url` });
}

/** @throws AppError `unknown_shop`, `shop_not_connected`, `no_shop_connected` */
async function chosenShops(
  room: HttpRoom,
  { platform, shop }: { platform?: PlatformId | undefined; shop?: string | undefined },
): Promise<readonly Shop[]> {
  const connected = await connectedShops(room, platform ? [platform] : undefined);
  const chosen = shop ? shopsNamed(connected, shop) : connected;
  if (shop && chosen.length === 0) {
    const stored = await room.engine.read((reader) => readShops(reader));
    throw shopsNamed(stored, shop).length > 0 ? new AppError('shop_not_connected', { shop }) : unknownShop(shop, stored);
  }
  if (chosen.length === 0) throw noShopConnected(platform ?? room.connectable[0]!);
  return chosen;
}

/** What happens, as server-sent events: first what is running, then each step; a comment now and then keeps proxies from closing. */
function events(room: HttpRoom): Readable {
  const stream = new Readable({ read: () => undefined });
  const write = (event: SyncEvent): void => void stream.push(`event: sync\ndata: ${JSON.stringify(shown(event))}\n\n`);
  stream.push(': open\n\n');
  for (const event of room.sync.running()) write(event);
  const stop = room.sync.watch(write);
  const heartbeat = setInterval(() => stream.push(': alive\n\n'), HEARTBEAT_MS).unref();
  stream.once('close', () => {
    stop();
    clearInterval(heartbeat);
  });
  return stream;
}

/** Of a shop's own feed nothing more is said than that. */
function accountOf(account: string | null): { account?: string } {
  return account === null ? {} : { account };
}

function shown({ platform, shop, account, stream, state, progress, error }: SyncEvent): ShownEvent {
  return {
    platform,
    shop,
    ...accountOf(account),
    stream,
    state,
    error,
    progress: progress && {
      phase: progress.phase,
      documents: progress.documents,
      added: progress.added,
      changed: progress.changed,
      unchanged: progress.unchanged,
      quarantined: progress.quarantined,
      window_from: progress.window?.from.toString() ?? null,
      window_to: progress.window?.to.toString() ?? null,
      history_share: Number(progress.share.toFixed(4)),
      remaining_seconds: progress.remainingSeconds,
    },
  };
}
