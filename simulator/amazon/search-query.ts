import type { Incoming } from '../exchange.ts';
import { hashText } from '../random.ts';
import { instantOf, listOf, shopsIn, type Call } from './call.ts';
import { invalidInput } from './envelope.ts';
import type { AmazonShop } from './shops.ts';
import { STATUSES, type Status } from './statuses.ts';

/** What an order is shown with. */
export const DATASETS = [
  'BUYER',
  'RECIPIENT',
  'PROCEEDS',
  'EXPENSE',
  'PROMOTION',
  'CANCELLATION',
  'FULFILLMENT',
  'PACKAGES',
  'TAX',
  'PAYMENT',
  'FULFILLMENT_ORDERS',
] as const;
/** One of them. */
export type Dataset = (typeof DATASETS)[number];

/** What `searchOrders` was asked for; times in milliseconds, both inclusive. */
export interface SearchQuery {
  readonly sortsByUpdate: boolean;
  readonly after: number;
  /** Undefined where none was given: two minutes before the first page. */
  readonly before: number | undefined;
  readonly shops: readonly AmazonShop[];
  /** How many marketplaces were named. */
  readonly marketplaces: number;
  readonly statuses: readonly Status[];
  readonly fulfilledBy: readonly string[];
  readonly included: ReadonlySet<Dataset>;
  readonly pageSize: number;
  readonly pageToken: string | undefined;
  /** What a page token is bound to: all parameters as they were written, but the page's size. */
  readonly binding: number;
}

const FULFILLED_BY = ['MERCHANT', 'AMAZON'] as const;
const PAGE_PARAMETERS = new Set(['paginationToken', 'maxResultsPerPage']);
/** Nothing younger is told. */
export const SETTLED_MS = 2 * 60_000;
const MOST_MARKETPLACES = 50;
const MOST_A_PAGE = 100;

/** @throws Refusal 400 for what is missing, contradicts itself or is not allowed, 403 for a marketplace of another region */
export function readSearchQuery(call: Call): SearchQuery {
  const { request, nowMs } = call;
  const { query } = request;
  const sortsByUpdate = query.has('lastUpdatedAfter');
  if (sortsByUpdate === query.has('createdAfter')) throw invalidInput();
  if (query.has(sortsByUpdate ? 'createdBefore' : 'lastUpdatedBefore')) throw invalidInput();
  const [afterName, beforeName] = sortsByUpdate ? ['lastUpdatedAfter', 'lastUpdatedBefore'] : ['createdAfter', 'createdBefore'];
  const after = instantOf(afterName, query.get(afterName)!);
  const beforeText = query.get(beforeName);
  const before = beforeText === undefined ? undefined : instantOf(beforeName, beforeText);
  if (after > nowMs - SETTLED_MS) throw invalidInput();
  if (before !== undefined && (before < after || before > nowMs - SETTLED_MS)) throw invalidInput();
  const ids = listOf(query.get('marketplaceIds'));
  if (ids.length > MOST_MARKETPLACES) throw invalidInput();
  return {
    sortsByUpdate,
    after,
    before,
    shops: query.has('marketplaceIds') ? shopsIn(call, ids) : call.account.shops,
    marketplaces: ids.length,
    statuses: chosen(query.get('fulfillmentStatuses'), STATUSES),
    fulfilledBy: chosen(query.get('fulfilledBy'), FULFILLED_BY),
    included: includedIn(query),
    pageSize: pageSizeOf(query.get('maxResultsPerPage')),
    pageToken: query.get('paginationToken'),
    binding: bindingOf(request),
  };
}

/** @throws Refusal 400 for a dataset that there is not */
export function includedIn(query: ReadonlyMap<string, string>): ReadonlySet<Dataset> {
  return new Set(chosen(query.get('includedData'), DATASETS));
}

function pageSizeOf(text: string | undefined): number {
  const size = text === undefined ? MOST_A_PAGE : Number(text);
  if (!Number.isInteger(size) || size < 1 || size > MOST_A_PAGE) throw invalidInput();
  return size;
}

function chosen<T extends string>(text: string | undefined, allowed: readonly T[]): T[] {
  return listOf(text).map((each) => {
    const known = allowed.find((one) => one === each);
    if (known === undefined) throw invalidInput();
    return known;
  });
}

function bindingOf({ query }: Incoming): number {
  const bound = [...query].filter(([name]) => !PAGE_PARAMETERS.has(name)).sort(([one], [other]) => (one < other ? -1 : 1));
  return hashText(JSON.stringify(bound));
}
