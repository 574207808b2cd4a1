import { z } from 'zod';
import { readShops } from '../../records/shops/shops.ts';
import { readOrders, readOrdersById } from '../../records/orders/stored-orders.ts';
import { problem } from '../../kernel/problem.ts';
import { AppError } from '../../kernel/errors.ts';
import { parseJson, type Json } from '../../kernel/json.ts';
import { shopsNamed, unknownShop } from '../../model/shop.ts';
import type { LiveAnswer } from '../../platforms/live.ts';
import { chooseShop } from './chosen-shop.ts';
import { readCursor, writeCursor } from './order-cursor.ts';
import { openOrderShape, ORDER_SHAPES } from './order-shape.ts';
import type { HttpRoom, RouteRoom } from './room.ts';
import { route, type Asked, type Place } from './route.ts';

const shop = z.string().optional().describe('The shop by its name. Needed where several are connected.');
const source = z.enum(['platform', 'store']).default('platform').describe('`platform`: asked live. `store`: what is stored.');
const MOST_IDS = 50;
/** Who asks live is told rather than kept waiting for longer. */
const LONGEST_WAIT_MS = 5000;

const listParameters = z.object({
  shop,
  page_size: z.coerce.number().int().min(1).max(100).default(10).describe('Orders a page, 1 to 100.'),
  next_page_token: z.string().optional().describe('`next_page_token` of the page before.'),
  body_content: z
    .string()
    .optional()
    .describe('The platform\'s filters as JSON text, e.g. {"order_status":"AWAITING_SHIPMENT"}; a POST sends them as its body.'),
  source: source.describe('`platform`: asked live. `store`: what is stored, oldest first and without filters.'),
});
const detailParameters = z.object({
  shop,
  order_ids: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((id) => id.trim())
        .filter(Boolean),
    )
    .refine(
      (ids) => ids.length > 0 && ids.length <= MOST_IDS,
      problem({ en: `takes 1 to ${MOST_IDS} ids`, zh: `接受 1 至 ${MOST_IDS} 个编号`, es: `admite de 1 a ${MOST_IDS} números` }),
    )
    .describe(`One id or several with commas, at most ${MOST_IDS}.`),
  source,
  shape: z
    .enum(ORDER_SHAPES)
    .default('platform')
    .describe(
      "Of what is stored: the platform's own objects, personal values empty, or `canonical`, the form all platforms are brought to.",
    ),
});
const priceParameters = z.object({ shop, order_id: z.string().min(1).describe("The order's id.") });

/** A platform's JSON, passed on. */
const platformJson = z.looseObject({}).describe("The platform's own JSON, personal values empty.");

/**
 * A live call: the platform's JSON passed on, personal values emptied and named in `x-s7-redacted`. For GET and POST alike, as the
 * older system had them. Where the platform's shops cannot be connected yet, only what is stored answers.
 */
function liveRoute<const Path extends string, Q extends z.ZodObject>({
  answer,
  ...told
}: {
  readonly path: Path;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly parameters: Q;
  readonly answer: (asked: Asked<Q>, room: RouteRoom) => Promise<LiveAnswer>;
}) {
  return route({
    ...told,
    method: ['GET', 'POST'],
    needs: 'read',
    older: true,
    tag: 'Live',
    body: z.unknown().meta({ type: 'object', additionalProperties: {} }).describe("The platform's filters."),
    bare: true,
    answer: platformJson,
    async handle(asked, room) {
      const { data, redacted } = await answer(asked, room);
      return asked.reply
        .header('x-s7-redacted', redacted.join(','))
        .header('x-s7-warnings', encodeURIComponent(asked.warnings.join(' ')))
        .type('application/json; charset=utf-8')
        .send(JSON.stringify(asEnvelope(data, asked.request.id)));
    },
  });
}

const list = liveRoute({
  path: '/order/list',
  aliases: ['/order/list_get'],
  summary: 'Orders as the platform lists them · 实时订单列表 · Pedidos en directo',
  parameters: listParameters,
  async answer({ place, parameters: wish, body }, room) {
    if (wish.source === 'store') return { data: await storedPage(room, place, wish), redacted: [] };
    const { live, call, handle } = await callFor(room, place, wish.shop);
    return live.list(call, {
      pageSize: wish.page_size,
      pageToken: wish.next_page_token ?? null,
      filters: filtersOf(wish.body_content, body),
      handle,
      now: room.clock.now(),
    });
  },
});

const detail = liveRoute({
  path: '/order/detail',
  summary: 'Orders by id, live or as stored · 订单详情 · Detalle de pedidos',
  parameters: detailParameters,
  async answer({ place, parameters: wish }, room) {
    if (wish.source === 'store') return { data: await stored(room, place, wish), redacted: [] };
    const { live, call } = await callFor(room, place, wish.shop);
    return live.detail(call, wish.order_ids);
  },
});

const priceDetail = liveRoute({
  path: '/order/price_detail',
  summary: 'What the buyer paid for, amount by amount · 价格明细 · Desglose de precios',
  parameters: priceParameters,
  async answer({ place, parameters: wish }, room) {
    const { live, call } = await callFor(room, place, wish.shop);
    return live.priceDetail(call, wish.order_id);
  },
});

/** Live calls of one platform. */
export const liveRoutes = [list, detail, priceDetail] as const;

/** @throws AppError `connecting_later` and those of {@link chooseShop} */
async function callFor(room: HttpRoom, { platforms: [platform] }: Place, shopName: string | undefined) {
  if (!room.connectable.includes(platform!)) throw new AppError('connecting_later', { platform: platform! });
  const shop = await chooseShop(room, platform!, shopName);
  const { api, call } = await room.authorizations.callFor(shop, { longestWaitMs: LONGEST_WAIT_MS });
  if (!api.live) throw new AppError('live_not_offered', { platform: platform! });
  return { live: api.live, call, handle: shop.connection!.handle };
}

/** A platform's envelope has the number of the request: the platform's own, else ours, which our log knows. */
function asEnvelope(data: Json, id: string): Json {
  return typeof data === 'object' && data !== null && 'code' in data && !('request_id' in data) ? { ...data, request_id: id } : data;
}

/** The platform's own filters: the body, or the JSON text of the parameter. */
function filtersOf(text: string | undefined, body: unknown): Json {
  const given = text === undefined ? ((body ?? {}) as Json) : parseJson(text);
  if (given === undefined || given === null || typeof given !== 'object' || Array.isArray(given)) {
    throw new AppError('invalid_parameter', {
      name: text === undefined ? 'body' : 'body_content',
      problem: { en: 'is no JSON object', zh: '不是 JSON 对象', es: 'no es un objeto JSON' },
    });
  }
  return given;
}

async function storedPage(room: HttpRoom, { platforms }: Place, wish: z.output<typeof listParameters>): Promise<Json> {
  const after = wish.next_page_token ? readCursor(wish.next_page_token, 'next_page_token') : null;
  return room.engine.read(async (reader) => {
    const shops = await readShops(reader, platforms);
    const named = wish.shop ? shopsNamed(shops, wish.shop) : undefined;
    if (named?.length === 0) throw unknownShop(wish.shop!, shops);
    const shopIds = named?.map(({ shopId }) => shopId);
    const { next, ...found } = await readOrders(reader, { platforms, shopIds }, { after, limit: wish.page_size });
    const orders = (await openOrderShape(room, 'platform')(reader, found)).map((order) => JSON.parse(order) as Json);
    return { orders, next_page_token: next && writeCursor(next), count: orders.length };
  });
}

async function stored(room: HttpRoom, { platforms }: Place, wish: z.output<typeof detailParameters>): Promise<Json> {
  return room.engine.read(async (reader) => {
    const all = await readShops(reader, platforms);
    const shops = wish.shop ? shopsNamed(all, wish.shop) : all;
    const found = await readOrdersById(
      reader,
      shops.map(({ shopId }) => shopId),
      wish.order_ids,
    );
    const orders = await openOrderShape(room, wish.shape)(reader, found);
    return { orders: orders.map((order) => JSON.parse(order) as Json), count: orders.length };
  });
}
