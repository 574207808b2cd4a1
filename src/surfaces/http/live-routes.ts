import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readShops } from '../../records/shops/shops.ts';
import { readOrdersById } from '../../records/orders/stored-orders.ts';
import { AppError } from '../../kernel/errors.ts';
import { parseJson, type Json } from '../../kernel/json.ts';
import { shopsNamed, type PlatformId } from '../../model/shop.ts';
import type { LiveAnswer } from '../../platforms/live.ts';
import { errorAnswers } from './answers.ts';
import { chooseShop } from './chosen-shop.ts';
import { openOrderShape, ORDER_SHAPES } from './order-shape.ts';
import { ignoredWarnings, knownOnly, readParameters } from './parameters.ts';
import { languageOf, type HttpRoom } from './room.ts';

const shop = z.string().optional().describe('The shop by its name. Needed where several are connected.');
const MOST_IDS = 50;

const listParameters = z.object({
  shop,
  page_size: z.coerce.number().int().min(1).max(100).default(10).describe('Orders a page, 1 to 100.'),
  next_page_token: z.string().optional().describe('`next_page_token` of the page before.'),
  body_content: z
    .string()
    .optional()
    .describe('The platform\'s filters as JSON text, e.g. {"order_status":"AWAITING_SHIPMENT"}; a POST sends them as its body.'),
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
    .refine((ids) => ids.length > 0 && ids.length <= MOST_IDS, `takes 1 to ${MOST_IDS} ids`)
    .describe(`One id or several with commas, at most ${MOST_IDS}.`),
  source: z.enum(['platform', 'store']).default('platform').describe('`platform`: asked live. `store`: what is stored.'),
  shape: z
    .enum(ORDER_SHAPES)
    .default('platform')
    .describe(
      "Of what is stored: the platform's own objects, personal values empty, or `canonical`, the form all platforms are brought to.",
    ),
});
const priceParameters = z.object({ shop, order_id: z.string().min(1).describe("The order's id.") });

/**
 * Live calls of one platform: its JSON passed on, personal values emptied and named in `x-s7-redacted`. Where its shops cannot be
 * connected yet, only what is stored answers.
 */
export function liveRoutes(scope: FastifyInstance, room: HttpRoom, platform: PlatformId): void {
  const callFor = async (name: string | undefined) => {
    if (!room.connectable.includes(platform)) throw new AppError('connecting_later', { platform });
    const { api, call } = await room.authorizations.callFor(await chooseShop(room, platform, name));
    if (!api.live) throw new AppError('live_not_offered', { platform });
    return { live: api.live, call };
  };

  offer({ scope, room }, ['/order/list', '/order/list_get'], {
    summary: 'Orders as the platform lists them · 实时订单列表',
    parameters: listParameters,
    async answer(wish, body) {
      const { live, call } = await callFor(wish.shop);
      return live.list(call, {
        pageSize: wish.page_size,
        pageToken: wish.next_page_token ?? null,
        filters: filtersOf(wish.body_content, body),
      });
    },
  });
  offer({ scope, room }, ['/order/detail'], {
    summary: 'Orders by id, live or as stored · 订单详情',
    parameters: detailParameters,
    async answer(wish) {
      if (wish.source === 'store') return { data: await stored(room, platform, wish), redacted: [] };
      const { live, call } = await callFor(wish.shop);
      return live.detail(call, wish.order_ids);
    },
  });
  offer({ scope, room }, ['/order/price_detail'], {
    summary: 'What the buyer paid for, amount by amount · 订单价格明细',
    parameters: priceParameters,
    async answer(wish) {
      const { live, call } = await callFor(wish.shop);
      return live.priceDetail(call, wish.order_id);
    },
  });
}

/** A path for GET and POST alike, as the older system had them; the first of several is the documented one. */
function offer<S extends z.ZodObject>(
  { scope, room }: { scope: FastifyInstance; room: HttpRoom },
  paths: readonly string[],
  {
    summary,
    parameters,
    answer,
  }: {
    summary: string;
    parameters: S;
    answer: (wish: z.output<S>, body: unknown) => Promise<LiveAnswer>;
  },
): void {
  for (const url of paths) {
    for (const method of ['GET', 'POST'] as const) {
      scope.route({
        method,
        url,
        validatorCompiler: () => (value) => ({ value }),
        schema: {
          hide: url !== paths[0],
          tags: ['Live'],
          summary,
          querystring: parameters,
          response: { 200: z.unknown(), ...errorAnswers },
          ...(method === 'POST' ? { body: z.record(z.string(), z.unknown()).optional().describe("The platform's filters.") } : {}),
        },
        handler: async (request, reply) => {
          const { given, ignored } = knownOnly(parameters, request.query);
          const { data, redacted } = await answer(readParameters(parameters, given), request.body);
          const warnings = ignoredWarnings(ignored, languageOf(request, room)).join(' ');
          return reply
            .header('x-s7-redacted', redacted.join(','))
            .header('x-s7-warnings', encodeURIComponent(warnings))
            .type('application/json; charset=utf-8')
            .send(JSON.stringify(asEnvelope(data, request.id)));
        },
      });
    }
  }
}

/** A platform's envelope has the number of the request: the platform's own, else ours, which our log knows. */
function asEnvelope(data: Json, id: string): Json {
  return typeof data === 'object' && data !== null && 'code' in data && !('request_id' in data) ? { ...data, request_id: id } : data;
}

/** The platform's own filters: the body, or the JSON text of the parameter. */
function filtersOf(text: string | undefined, body: unknown): Json {
  const given = text === undefined ? ((body ?? {}) as Json) : parseJson(text);
  if (given === undefined || given === null || typeof given !== 'object' || Array.isArray(given)) {
    throw new AppError('invalid_parameter', { name: text === undefined ? 'body' : 'body_content', problem: 'is no JSON object' });
  }
  return given;
}

async function stored(room: HttpRoom, platform: PlatformId, wish: z.output<typeof detailParameters>): Promise<Json> {
  return room.engine.read(async (reader) => {
    const all = await readShops(reader, [platform]);
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
