import { wireTime, type Call } from './call.ts';
import { Refusal, invalidInput } from './envelope.ts';
import { ORDER_ID } from './ids.ts';
import type { Answer } from './operations.ts';
import { includedIn, readSearchQuery } from './search-query.ts';
import { searchPage } from './search.ts';
import type { Shown } from './shown.ts';
import { orderJson } from './wire-order.ts';

/** `searchOrders`: no envelope around the answer, and no token on the last page. */
export function searchOrders(call: Call): Answer {
  const query = readSearchQuery(call);
  const page = searchPage(call, query);
  const orders = page.orders.map((order) => orderJson(order, shownTo(call, query.included)));
  const pagination = page.nextToken === undefined ? {} : { pagination: { nextToken: page.nextToken } };
  return { body: { orders, ...pagination, [query.sortsByUpdate ? 'lastUpdatedBefore' : 'createdBefore']: wireTime(page.before) } };
}

/** `getOrder`: also of an order that no list tells of. */
export function getOrder(call: Call): Answer {
  const id = call.pathParts[0]!;
  if (!ORDER_ID.test(id)) throw invalidInput('', 'Invalid Input');
  const shown = shownTo(call, includedIn(call.request.query));
  const order = call.world.find(id, shown.at);
  if (order === undefined || !call.account.shops.includes(order.shop))
    throw new Refusal(404, 'NotFound', 'The resource specified does not exist.', `Order ${id} was not found.`);
  return { body: { order: orderJson(order, shown) } };
}

function shownTo({ world, roles, fate, nowMs }: Call, included: Shown['included']): Shown {
  return { world, roles, fate, included, at: Math.floor(nowMs / 1000) };
}
