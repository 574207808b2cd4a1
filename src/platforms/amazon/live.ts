import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import type { Json } from '../../kernel/json.ts';
import type { LiveOrders } from '../live.ts';
import type { Call, CallInput, Operation } from '../operation.ts';
import { LIVE_ORDERS } from './fields.ts';
import { getOrder, INCLUDED, isUnknownOrder, searchOrders } from './orders.ts';

/** What the platform says, unread. */
const asItCame = z.custom<Json>((value) => value !== undefined, 'is missing');
const search: Operation<Json> = { ...searchOrders, reply: asItCame };
const detail: Operation<Json> = { ...getOrder, reply: asItCame };

/** Who the buyer is is never asked for, whoever asks. */
const NEVER = 'BUYER';
const OF_PRICES = ['PROCEEDS', 'PROMOTION', 'TAX'];
/** What a list without times reaches back to: the beginning of that day, so that its page tokens hold for the day. */
const DAYS = 30;

/**
 * Live calls whose JSON is passed on with every personal value emptied, and every text that no list knows. Filters are the parameters of
 * `searchOrders`; without times the last 30 days' changes are listed. The marketplace is the shop's, whatever filters say.
 */
export const live: LiveOrders = {
  async list(call, { pageSize, pageToken, filters, handle, now }) {
    const wanted = filtersIn(filters);
    const day = now.toZonedDateTimeISO('UTC').startOfDay().subtract({ days: DAYS }).toInstant();
    const query = {
      ...('createdAfter' in wanted || 'lastUpdatedAfter' in wanted ? {} : { lastUpdatedAfter: day.toString() }),
      ...wanted,
      marketplaceIds: handle ?? undefined,
      includedData: includedIn(wanted['includedData']),
      maxResultsPerPage: pageSize,
      ...(pageToken === null ? {} : { paginationToken: pageToken }),
    };
    return LIVE_ORDERS.redacted(await call(search, { query }));
  },
  async detail(call, ids) {
    const orders: Json[] = [];
    for (const id of ids) orders.push(...(await found(call, id)));
    return LIVE_ORDERS.redacted({ orders });
  },
  async priceDetail(call, id) {
    return LIVE_ORDERS.redacted(await call(detail, { path: { order_id: id }, query: { includedData: OF_PRICES } }));
  },
};

/** The order; none where Amazon has no such. */
async function found(call: Call, id: string): Promise<readonly Json[]> {
  try {
    const reply = await call(detail, { path: { order_id: id }, query: { includedData: INCLUDED } });
    return [(reply as { readonly order?: Json }).order ?? reply];
  } catch (error) {
    if (isUnknownOrder(error)) return [];
    throw error;
  }
}

type Filters = NonNullable<CallInput['query']>;

/** @throws AppError `invalid_parameter` for what is neither a text, a number nor a list of texts */
function filtersIn(filters: Json): Filters {
  const wanted: Record<string, Filters[string]> = {};
  for (const [name, value] of Object.entries(filters ?? {})) {
    const list = Array.isArray(value) ? (value as readonly Json[]) : [value as Json];
    if (!list.every((each) => typeof each === 'string' || typeof each === 'number')) {
      throw new AppError('invalid_parameter', {
        name,
        problem: {
          en: 'is neither a text nor a list of texts',
          zh: '既不是文本也不是文本列表',
          es: 'no es un texto ni una lista de textos',
        },
      });
    }
    wanted[name] = list.map(String);
  }
  return wanted;
}

function includedIn(wanted: Filters[string]): readonly string[] {
  if (wanted === undefined) return INCLUDED;
  return String(wanted)
    .split(',')
    .filter((each) => each !== NEVER);
}
