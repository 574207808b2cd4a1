import type { FastifyInstance } from 'fastify';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { readShops } from '../../engines/shops.ts';
import { readOrders, type OrderCursor, type OrderFilter, type StoredOrder } from '../../engines/store.ts';
import { AppError } from '../../kernel/errors.ts';
import { ORDER_STATUSES } from '../../model/order.ts';
import { shopsNamed, type PlatformId } from '../../model/shop.ts';
import { instantParameter } from '../../reports/parameters.ts';
import { errorAnswers } from './answers.ts';
import { ignoredWarnings, knownOnly, readParameters } from './parameters.ts';
import { languageOf, type HttpRoom } from './room.ts';

const PAGE = 1000;
const status = z.enum(ORDER_STATUSES);
const listParameters = z.object({
  shop: z.string().optional().describe('One shop by its name, or several with commas. Default: every shop.'),
  order_ids: z.string().optional().describe('One id or several with commas. Default: every order.'),
  status: z.string().optional().describe(`One status or several with commas: ${ORDER_STATUSES.join(', ')}.`),
  from: instantParameter.optional().describe('Placed at or after this instant.'),
  to: instantParameter.optional().describe('Placed before this instant.'),
  after: z.string().optional().describe('Goes on where an earlier answer ended: its `next`.'),
  limit: z.coerce.number().int().min(1).max(1_000_000).optional().describe('How many orders at most. Default: all of them.'),
  format: z.enum(['json', 'ndjson']).default('json').describe('One object, or one order a line.'),
});

/** Every stored order of a platform at `order/all`, streamed: memory does not grow with their number. */
export function orderRoutes(scope: FastifyInstance, room: HttpRoom, platforms: readonly PlatformId[]): void {
  scope.get('/order/all', {
    validatorCompiler: () => (value) => ({ value }),
    schema: {
      tags: ['Orders'], summary: 'Every stored order · 全部订单', querystring: listParameters,
      description: 'Oldest first, with their lines. `next` (null at the end) and `count` come last. Personal data are not stored; `buyer_id` is a keyed hash.',
      response: {
        200: z.object({ orders: z.array(z.record(z.string(), z.unknown())), warnings: z.array(z.string()), next: z.string().nullable(), count: z.int() }),
        ...errorAnswers,
      },
    },
  }, async (request, reply) => {
    const { given, ignored } = knownOnly(listParameters, request.query);
    const wish = readParameters(listParameters, given);
    const warnings = ignoredWarnings(ignored, languageOf(request, room));
    const filter = await toFilter(room, platforms, wish);
    const orders = pages(room, filter, { after: wish.after ? readCursor(wish.after) : null, limit: wish.limit ?? Infinity });
    const ndjson = wish.format === 'ndjson';
    return reply
      .type(ndjson ? 'application/x-ndjson; charset=utf-8' : 'application/json; charset=utf-8')
      .header('x-s7-warnings', encodeURIComponent(warnings.join(' ')))
      .send(Readable.from(ndjson ? asLines(orders) : asObject(orders, warnings)));
  });
}

async function toFilter(room: HttpRoom, platforms: readonly PlatformId[], wish: z.output<typeof listParameters>): Promise<OrderFilter> {
  const shops = await room.engine.read((reader) => readShops(reader, platforms));
  if (shops.length === 0) throw new AppError('no_shop', { platforms });
  const chosen = wish.shop?.split(',').flatMap((name) => {
    const found = shopsNamed(shops, name);
    if (found.length === 0) throw new AppError('unknown_shop', { shop: name.trim(), shops: shops.map(({ shop }) => shop) });
    return found.map(({ shopId }) => shopId);
  });
  return {
    platforms,
    shopIds: chosen,
    orderIds: wish.order_ids?.split(',').map((id) => id.trim()).filter(Boolean),
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
  readonly orders: readonly StoredOrder[];
  readonly next: OrderCursor | null;
}

async function* pages(room: HttpRoom, filter: OrderFilter, { after, limit }: { after: OrderCursor | null; limit: number }): AsyncGenerator<Page> {
  let left = limit;
  let from = after;
  do {
    const size = Math.min(PAGE, left);
    // Each page is a read of its own: one that lasted as long as a slow caller would keep the engine from tidying up.
    const page = await room.engine.read((reader) => readOrders(reader, filter, { after: from, limit: size }));
    yield page;
    left -= page.orders.length;
    from = page.next;
  } while (from !== null && left > 0);
}

async function* asLines(list: AsyncGenerator<Page>): AsyncGenerator<string> {
  for await (const { orders } of list) if (orders.length > 0) yield `${orders.map(orderJson).join('\n')}\n`;
}

async function* asObject(list: AsyncGenerator<Page>, warnings: readonly string[]): AsyncGenerator<string> {
  let count = 0;
  let next: OrderCursor | null = null;
  yield '{"orders":[';
  for await (const page of list) {
    if (page.orders.length > 0) yield `${count > 0 ? ',' : ''}${page.orders.map(orderJson).join(',')}`;
    count += page.orders.length;
    next = page.next;
  }
  yield `],"warnings":${JSON.stringify(warnings)},"next":${JSON.stringify(next && writeCursor(next))},"count":${count}}`;
}

const AMOUNTS = new Set(['gross_sales', 'net_sales', 'paid_amount', 'total_amount', 'shipping_fee', 'tax_amount', 'refund_amount']);

/** Amounts are numbers in JSON; stored ones have at most 18 digits, four after the point, and print as they are. */
export function orderJson(order: StoredOrder): string {
  return JSON.stringify(order, (name, value: unknown) => (AMOUNTS.has(name) && typeof value === 'string' ? Number(value) : value));
}

function writeCursor({ at, oid }: OrderCursor): string {
  return Buffer.from(`${at.toString()} ${oid}`).toString('base64url');
}

function readCursor(text: string): OrderCursor {
  const [at, oid] = Buffer.from(text, 'base64url').toString().split(' ');
  try {
    const cursor = { at: Temporal.Instant.from(at ?? ''), oid: Number(oid) };
    if (Number.isSafeInteger(cursor.oid)) return cursor;
  } catch {
    // Falls through to the one error for whatever is wrong with it.
  }
  throw new AppError('invalid_parameter', { name: 'after', problem: 'is no `next` of an earlier answer' });
}
