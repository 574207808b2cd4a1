import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { readShops } from '../../records/shops/shops.ts';
import { readOrders, type OrderCursor, type OrderFilter } from '../../records/orders/stored-orders.ts';
import { AppError } from '../../kernel/errors.ts';
import { ORDER_STATUSES } from '../../model/order.ts';
import { shopsNamed, type PlatformId, unknownShop } from '../../model/shop.ts';
import { instantParameter } from '../../reports/parameters.ts';
import { readCursor, writeCursor } from './order-cursor.ts';
import { openOrderShape, ORDER_SHAPES, usualShape, type WriteOrders } from './order-shape.ts';
import type { HttpRoom } from './room.ts';
import { route, type Asked } from './route.ts';

const PAGE = 1000;
const status = z.enum(ORDER_STATUSES);
const listParameters = z.object({
  shop: z.string().optional().describe('One shop by its name, or several with commas. Default: every shop.'),
  order_ids: z.string().optional().describe('One id or several with commas. Default: every order.'),
  status: z
    .string()
    .optional()
    .describe(`One status or several with commas: ${ORDER_STATUSES.join(', ')}.`),
  from: instantParameter.optional().describe('Placed at or after this instant.'),
  to: instantParameter.optional().describe('Placed before this instant.'),
  after: z.string().optional().describe('Goes on where an earlier answer ended: its `next`.'),
  limit: z.coerce.number().int().min(1).max(1_000_000).optional().describe('How many orders at most. Default: all of them.'),
  format: z.enum(['json', 'ndjson']).default('json').describe('One object, or one order a line.'),
});
const olderParameters = listParameters.extend({
  shape: z
    .enum(ORDER_SHAPES)
    .optional()
    .describe(
      "`platform`: the platform's own objects (TikTok `id`, `status`, `create_time`, `line_items`, `payment`, …; SHEIN `orderNo`, " +
        '…; Amazon `AmazonOrderId`, …), personal values empty; ' +
        '`canonical`: the form all platforms are brought to, as at `orders`. Default: `platform` where the path names one, else ' +
        '`canonical`.',
    ),
});
type Wish = z.output<typeof listParameters>;

const answer = z.object({
  orders: z.array(z.record(z.string(), z.unknown())),
  warnings: z.array(z.string()),
  next: z.string().nullable(),
  count: z.int(),
});

const all = route({
  method: 'GET',
  path: '/order/all',
  needs: 'read',
  older: true,
  tag: 'Orders',
  summary: 'Every stored order, as the platform has it · 全部订单 · Todos los pedidos',
  description:
    "Oldest first, with their lines. Each is the platform's own object from the kept document; an order known from a file alone has " +
    'the same keys as far as they are known. ' +
    '`next` (null at the end) and `count` come last. Personal data are not stored: their keys are there, their values empty; a ' +
    "buyer's id is a keyed hash.",
  parameters: olderParameters,
  bare: true,
  answer,
  handle(asked, room) {
    const { shape = usualShape(room, asked.place.platforms), ...wish } = asked.parameters;
    return send(asked, room, { wish, write: openOrderShape(room, shape) });
  },
});

/** Stored orders in the form all platforms are brought to. */
export const orderList = route({
  method: 'GET',
  path: '/orders',
  needs: 'read',
  tag: 'Orders',
  summary: 'Every stored order, in one form for all platforms · 全部订单（统一格式） · Todos los pedidos, en una misma forma',
  description:
    'Oldest first, with their lines. `next` (null at the end) and `count` come last. Personal data are not stored; `buyer_id` is a ' +
    'keyed hash.',
  parameters: listParameters,
  bare: true,
  answer,
  handle: (asked, room) => send(asked, room, { wish: asked.parameters, write: openOrderShape(room, 'canonical') }),
});

/**
 * Every stored order of a place, streamed: memory does not grow with their number. At `order/all` in the platform's own keys, as
 * the older system gave them; at `orders` in the form all platforms are brought to.
 */
export const orderRoutes = [all, orderList] as const;

async function send(
  { reply, place: { platforms }, warnings }: Asked,
  room: HttpRoom,
  { wish, write }: { wish: Wish; write: WriteOrders },
): Promise<FastifyReply> {
  const filter = await toFilter(room, platforms, wish);
  const found = pages(room, filter, { after: wish.after ? readCursor(wish.after, 'after') : null, limit: wish.limit ?? Infinity, write });
  const ndjson = wish.format === 'ndjson';
  return reply
    .type(ndjson ? 'application/x-ndjson; charset=utf-8' : 'application/json; charset=utf-8')
    .header('x-s7-warnings', encodeURIComponent(warnings.join(' ')))
    .send(Readable.from(ndjson ? asLines(found) : asObject(found, warnings)));
}

async function toFilter(room: HttpRoom, platforms: readonly PlatformId[], wish: Wish): Promise<OrderFilter> {
  const shops = await room.engine.read((reader) => readShops(reader, platforms));
  if (shops.length === 0) throw new AppError('no_shop', { platforms });
  const chosen = wish.shop?.split(',').flatMap((name) => {
    const found = shopsNamed(shops, name);
    if (found.length === 0) throw unknownShop(name, shops);
    return found.map(({ shopId }) => shopId);
  });
  return {
    platforms,
    shopIds: chosen,
    orderIds: wish.order_ids
      ?.split(',')
      .map((id) => id.trim())
      .filter(Boolean),
    statuses: wish.status?.split(',').map((word) => {
      const known = status.safeParse(word.trim().toLowerCase());
      if (!known.success) throw new AppError('invalid_parameter', { name: 'status', problem: ORDER_STATUSES.join(' | ') });
      return known.data;
    }),
    from: wish.from ? Temporal.Instant.from(wish.from) : undefined,
    to: wish.to ? Temporal.Instant.from(wish.to) : undefined,
  };
}

interface Page {
  /** JSON texts. */
  readonly orders: readonly string[];
  readonly next: OrderCursor | null;
}

async function* pages(
  room: HttpRoom,
  filter: OrderFilter,
  { after, limit, write }: { after: OrderCursor | null; limit: number; write: WriteOrders },
): AsyncGenerator<Page> {
  let left = limit;
  let from = after;
  do {
    const size = Math.min(PAGE, left);
    // Each page is a read of its own: one that lasted as long as a slow caller would keep the engine from tidying up.
    const page = await room.engine.read(async (reader): Promise<Page> => {
      const { next, ...stored } = await readOrders(reader, filter, { after: from, limit: size });
      return { orders: await write(reader, stored), next };
    });
    yield page;
    left -= page.orders.length;
    from = page.next;
  } while (from !== null && left > 0);
}

async function* asLines(list: AsyncGenerator<Page>): AsyncGenerator<string> {
  for await (const { orders } of list) if (orders.length > 0) yield `${orders.join('\n')}\n`;
}

async function* asObject(list: AsyncGenerator<Page>, warnings: readonly string[]): AsyncGenerator<string> {
  let count = 0;
  let next: OrderCursor | null = null;
  yield '{"orders":[';
  for await (const page of list) {
    if (page.orders.length > 0) yield `${count > 0 ? ',' : ''}${page.orders.join(',')}`;
    count += page.orders.length;
    next = page.next;
  }
  yield `],"warnings":${JSON.stringify(warnings)},"next":${JSON.stringify(next && writeCursor(next))},"count":${count}}`;
}
