import { RETURN_STATUSES } from '../trade/return-walk.ts';
import type { WorldCancellation, WorldReturn } from '../trade/world.ts';
import { driftedTotal, header, nextTokenField, type ShopCall } from './call.ts';
import { withOddities, type Kind } from './oddities.ts';
import type { Page, Sorted } from './pages.ts';
import { readBody } from './parameters.ts';
import { readCancellationQuery, readReturnQuery } from './story-query.ts';
import { storyPage } from './story-search.ts';
import { cancellationObject } from './wire-cancellation.ts';
import { returnObject } from './wire-return.ts';

const OFFERED = RETURN_STATUSES.indexOf('AWAITING_BUYER_RESPONSE');

/** `POST /return_refund/.../returns/search`: paging in the query, filters in the body. */
export function searchReturns(call: ShopCall): string {
  const { request, world, changes, at } = call;
  const query = readReturnQuery(request.query, readBody(request.body, header(request, 'content-type')));
  const page = storyPage(
    {
      ...groundOf(call),
      changes: changes.returns,
      toldOf: (order) => world.returnsOf(order, at),
      orderById: (id) => world.findByStory('return', id, at),
      passes({ story }, { types, arbitrations, proposed }, step) {
        if (types !== undefined && !types.includes(story.type)) return false;
        if (arbitrations !== undefined && !arbitrations.includes(story.arbitration[step] ?? '')) return false;
        return proposed === undefined || story.statuses.slice(0, step + 1).includes(OFFERED);
      },
    },
    query,
  );
  return pageText(call, page, {
    list: 'return_orders',
    kind: 'return',
    pageSize: query.pageSize,
    show: (found: WorldReturn) => returnObject(found, { at, seed: world.seed, locale: query.locale }),
  });
}

/** `POST /return_refund/.../cancellations/search`. */
export function searchCancellations(call: ShopCall): string {
  const { request, world, changes, at } = call;
  const query = readCancellationQuery(request.query, readBody(request.body, header(request, 'content-type')));
  const page = storyPage(
    {
      ...groundOf(call),
      changes: changes.cancellations,
      toldOf: (order) => world.cancellationsOf(order, at),
      orderById: (id) => world.findByStory('cancel', id, at),
      passes: ({ story }, { types }) => types?.includes(story.type) ?? true,
    },
    query,
  );
  const version = request.path.split('/')[2]!;
  return pageText(call, page, {
    list: 'cancellations',
    kind: 'cancellation',
    pageSize: query.pageSize,
    show: (found: WorldCancellation) => cancellationObject(found, { at, version, locale: query.locale }),
  });
}

function groundOf({ world, shop, at, faults, dice }: ShopCall) {
  return {
    world,
    shop,
    at,
    repeatsLast: ({ serial }: Sorted): boolean => dice.falls(String(serial).padStart(18, '0'), faults.duplicates, 4),
  };
}

function pageText<Found extends { id: string }>(
  call: ShopCall,
  page: Page<Found>,
  { list, kind, pageSize, show }: { list: string; kind: Kind; pageSize: number; show: (found: Found) => unknown },
): string {
  const texts = page.found.map((found) => withOddities(kind, { id: found.id, text: JSON.stringify(show(found)) }, call));
  return `{${nextTokenField(page.nextToken, call)}"${list}":[${texts.join(',')}],"total_count":${driftedTotal(page.total, pageSize, call)}}`;
}
