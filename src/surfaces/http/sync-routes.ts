import type { FastifyInstance } from 'fastify';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { readUnequalDays } from '../../records/gaps/gaps.ts';
import { readGivenUp } from '../../records/runs/misses.ts';
import { readViolations } from '../../records/price-details/price-detail-writer.ts';
import { readAuthorizations } from '../../records/shops/authorizations.ts';
import { readShops } from '../../records/shops/shops.ts';
import { readCheckpoint, readQuarantine, readRuns, runOf } from '../../records/runs/sync-log.ts';
import { AppError } from '../../kernel/errors.ts';
import { PLATFORM_IDS, shopsNamed, type PlatformId, type Shop } from '../../model/shop.ts';
import { PROMPT_STREAMS, STREAM_NAMES, type StreamName } from '../../model/stream.ts';
import { connectedShops } from '../../sync/feed-run.ts';
import type { SyncEvent } from '../../sync/sync.ts';
import { errorAnswers } from './answers.ts';
import type { HttpRoom } from './room.ts';

const success = { code: z.literal(0), msg: z.literal('success') };
const EVENT_STREAM = 'text/event-stream';
const HEARTBEAT_MS = 15_000;
const SHOWN_QUARANTINE = 50;
const SHOWN_DISCREPANCIES = 200;

/** What is being fetched, how far it has come, and starting it now. */
export function syncRoutes(scope: FastifyInstance, room: HttpRoom): void {
  scope.get(
    '/sync',
    {
      schema: {
        tags: ['Sync'],
        summary: 'How far the shops have been read · 同步状态',
        description: `With \`Accept: ${EVENT_STREAM}\` the answer stays open and tells of every step (server-sent events).`,
        response: { 200: z.object({ ...success, data: z.array(z.unknown()), quarantine: z.array(z.unknown()) }), ...errorAnswers },
      },
    },
    async (request, reply) => {
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
        const quarantine = await readQuarantine(reader, SHOWN_QUARANTINE);
        const nameOf = (id: number | null): string => shops.find(({ shopId }) => shopId === id)?.shop ?? '';
        const accounts = await readAuthorizations(reader);
        const sellerOf = (id: number | null): string | undefined => accounts.find(({ authorizationId }) => authorizationId === id)?.seller;
        const data = [];
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
              last_run: run ? { ...run, shop_id: undefined, account_id: undefined } : null,
              running: now ? shown(now) : null,
            });
          }
        }
        return {
          code: 0,
          msg: 'success',
          data,
          quarantine: quarantine.map(({ shop_id, account_id, ...each }) => ({
            shop: nameOf(shop_id),
            account: sellerOf(account_id),
            ...each,
          })),
        };
      });
    },
  );

  scope.get(
    '/sync/plan',
    {
      schema: {
        tags: ['Sync'],
        summary: 'How long the rest will take · 回补计划',
        description:
          'What is still to come of each stream, as the platform counts it now, and how long that takes within its quota. `seconds` of a shop add up where its streams share one quota. A stream that is read for all shops of an account is told once.',
        querystring: z.strictObject({ shop: z.string().optional().describe('One shop by its name. Default: every connected shop.') }),
        response: {
          200: z.object({
            ...success,
            data: z.array(
              z.object({
                platform: z.string(),
                shop: z.string().nullable().describe('Null where the stream is read for all shops of an account.'),
                account: z.string().optional().describe('The seller, where the stream is read for all shops of an account.'),
                stream: z.string(),
                records: z.int().nullable().describe('Records still to come.'),
                calls: z.int(),
                seconds: z.int(),
              }),
            ),
          }),
          ...errorAnswers,
        },
      },
    },
    async (request) => {
      const plans = await room.sync.plan(await chosenShops(room, request.query as { shop?: string }));
      return { code: 0, msg: 'success', data: plans.map(({ account, ...plan }) => ({ ...plan, account: account ?? undefined })) };
    },
  );

  scope.get(
    '/sync/discrepancies',
    {
      schema: {
        tags: ['Sync'],
        summary: 'What does not add up · 数据差异',
        description:
          '`missing`: records that are named and that the platform does not give. `days`: days of which it counts other than is stored. `violations`: price details whose sums do not hold.',
        response: {
          200: z.object({ ...success, missing: z.array(z.unknown()), days: z.array(z.unknown()), violations: z.array(z.unknown()) }),
          ...errorAnswers,
        },
      },
    },
    () =>
      room.engine.read(async (reader) => {
        const shops = await readShops(reader);
        const named = <Row extends { shop_id: number }>(rows: readonly Row[]) =>
          rows.map(({ shop_id: id, ...row }) => {
            const { platform, shop } = shops.find(({ shopId }) => shopId === id)!;
            return { platform, shop, ...row };
          });
        return {
          code: 0,
          msg: 'success',
          missing: named(await readGivenUp(reader, SHOWN_DISCREPANCIES)),
          days: named(await readUnequalDays(reader, SHOWN_DISCREPANCIES)),
          violations: named(await readViolations(reader, SHOWN_DISCREPANCIES)),
        };
      }),
  );

  scope.post(
    '/sync',
    {
      schema: {
        tags: ['Sync'],
        summary: 'Fetch now · 立即同步',
        body: z.strictObject({
          platform: z.enum(PLATFORM_IDS).optional(),
          shop: z.string().optional().describe('One shop by its name. Default: every connected shop.'),
          stream: z
            .enum(STREAM_NAMES)
            .optional()
            .describe(`One stream. Default: ${PROMPT_STREAMS.join(', ')}; the others are read in the background by the running server.`),
          wait: z.boolean().optional().describe('Answer when the runs have ended.'),
        }),
        response: { 200: z.object({ ...success, data: z.array(z.unknown()) }), ...errorAnswers },
      },
    },
    async (request) => {
      const { platform, shop, stream, wait } = request.body as {
        platform?: PlatformId;
        shop?: string;
        stream?: StreamName;
        wait?: boolean;
      };
      const chosen = await chosenShops(room, { platform, shop });
      const runs = Promise.all(chosen.map((each) => room.sync.run(each, stream && [stream])));
      // Whoever does not wait is not told: the run's record and the log are.
      if (!wait) runs.catch(() => undefined);
      const data = wait ? (await runs).flat() : room.sync.running();
      return { code: 0, msg: 'success', data: data.map(shown) };
    },
  );
}

function noShopConnected(platform: PlatformId): AppError {
  return new AppError('no_shop_connected', { platform, start: `/api/${platform}/auth_url` });
}

/** @throws AppError `shop_not_connected`, `no_shop_connected` */
async function chosenShops(
  room: HttpRoom,
  { platform, shop }: { platform?: PlatformId | undefined; shop?: string | undefined },
): Promise<readonly Shop[]> {
  const connected = await connectedShops(room, platform ? [platform] : undefined);
  const chosen = shop ? shopsNamed(connected, shop) : connected;
  if (shop && chosen.length === 0) throw new AppError('shop_not_connected', { shop });
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

function shown({ platform, shop, account, stream, state, progress, error }: SyncEvent) {
  return {
    platform,
    shop,
    // Of a shop's own feed nothing more is said than that.
    ...(account === null ? {} : { account }),
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
