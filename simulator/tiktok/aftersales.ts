import { RETURN_STAGES } from '../trade/return-walk.ts';
import type { TikTokCancellation, TikTokReturn } from './tiktok-world.ts';
import { driftedTotal, header, nextTokenField, type ShopCall } from './call.ts';
import { withOddities, type Kind } from './oddities.ts';
import type { Page, Sorted } from './pages.ts';
import { readBody } from './parameters.ts';
import { readCancellationQuery, readReturnQuery } from './story-query.ts';
import { RETURN_STATUSES, RETURN_TYPES, arbitrationOf, cancelTypeOf, returnStatusOf } from './statuses.ts';
import { storyPage } from './story-search.ts';
import { cancellationObject } from './wire-cancellation.ts';
import { returnObject } from './wire-return.ts';

const OFFERED = RETURN_STAGES.indexOf('offered');

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
      statusOf: (story, step) => RETURN_STATUSES.indexOf(returnStatusOf(story, step)),
      passes({ story }, { types, arbitrations, proposed }, step) {
        if (types !== undefined && !types.includes(RETURN_TYPES[story.type])) return false;
        if (arbitrations !== undefined && !arbitrations.includes(arbitrationOf(story, step) ?? '')) return false;
        return proposed === undefined || story.stages.slice(0, step + 1).includes(OFFERED);
      },
    },
    query,
  );
  return pageText(call, page, {
    list: 'return_orders',
    kind: 'return',
    pageSize: query.pageSize,
    show: (found: TikTokReturn) => returnObject(found, { at, seed: world.seed, locale: query.locale }),
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
      statusOf: ({ stages }, step) => stages[step]!,
      passes: ({ story }, { types }) => types?.includes(cancelTypeOf(story)) ?? true,
    },
    query,
  );
  const version = request.path.split('/')[2]!;
  return pageText(call, page, {
    list: 'cancellations',
    kind: 'cancellation',
    pageSize: query.pageSize,
    show: (found: TikTokCancellation) => cancellationObject(found, { at, version, locale: query.locale }),
  });
}

function groundOf({ world, shop, at, fate }: ShopCall) {
  return {
    world,
    shop,
    at,
    repeatsLast: ({ serial }: Sorted): boolean => fate.fallsOn(String(serial).padStart(18, '0'), 'duplicates', 4),
  };
}

function pageText<Found extends { id: string }>(
  call: ShopCall,
  page: Page<Found>,
  { list, kind, pageSize, show }: { list: string; kind: Kind; pageSize: number; show: (found: Found) => unknown },
): string {
  const texts = page.found.map((found) => withOddities(kind, { id: found.id, text: JSON.stringify(show(found)) }, call.fate));
  return `{${nextTokenField(page.nextToken, call)}"${list}":[${texts.join(',')}],"total_count":${driftedTotal(page.total, pageSize, call)}}`;
}
