import { instantOf, listOf, shopsIn, type Call } from './call.ts';
import { invalidInput } from './envelope.ts';
import { itemsOf } from './order-items.ts';
import type { Answer } from './operations.ts';
import { decimalOf } from './wire-money.ts';

const LONGEST_MS = 2 * 366 * 86_400_000;

/** `getOrderMetrics` of a whole interval: what was ordered in one marketplace, cancelled or not. */
export function orderMetrics(call: Call): Answer {
  const { request, world, nowMs } = call;
  const { query } = request;
  const ids = listOf(query.get('marketplaceIds'));
  const interval = query.get('interval') ?? '';
  const [from, to] = interval.split('--').map((bound) => instantOf('interval', bound));
  if (ids.length !== 1 || from === undefined || to === undefined || to <= from) throw invalidInput();
  if (query.get('granularity') !== 'Total' || !query.get('granularityTimeZone') || nowMs - from > LONGEST_MS) throw invalidInput();
  const [shop] = shopsIn(call, ids);
  const at = Math.floor(nowMs / 1000);
  let [orderCount, orderItemCount, unitCount, sales] = [0, 0, 0, 0];
  const span = { from: Math.floor(from / 1000), to: Math.ceil(to / 1000), at };
  for (const { serial, time } of shop === undefined ? [] : world.created([shop], span)) {
    const order = world.order(shop!, serial);
    if (time > at || world.createdMs(order) < from || world.createdMs(order) >= to) continue;
    const items = itemsOf(world, order, at);
    orderCount += 1;
    orderItemCount += items.length;
    unitCount += items.reduce((pieces, { ordered }) => pieces + ordered, 0);
    sales += items.reduce((minor, { goods }) => minor + goods, 0);
  }
  const currencyCode = shop?.currency ?? 'USD';
  const money = (minor: number): object => ({ amount: decimalOf(minor, currencyCode), currencyCode });
  const averageUnitPrice = money(unitCount === 0 ? 0 : Math.round(sales / unitCount));
  return { body: { payload: [{ interval, unitCount, orderItemCount, orderCount, averageUnitPrice, totalSales: money(sales) }] } };
}
