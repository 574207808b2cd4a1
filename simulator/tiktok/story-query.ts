import type { Paging } from './pages.ts';
import { filtersOf, oneOf, readPageSize } from './parameters.ts';
import { ARBITRATIONS, CANCELLATION_STATUSES, RETURN_STATUSES, RETURN_TYPES } from './statuses.ts';

/** What a search for returns or cancellations asks for, checked; an absent filter is undefined, statuses are places in their list. */
export interface StoryFilters {
  readonly ids: readonly string[] | undefined;
  readonly orderIds: readonly string[] | undefined;
  readonly buyers: readonly string[] | undefined;
  readonly types: readonly string[] | undefined;
  readonly statuses: readonly number[] | undefined;
  readonly arbitrations: readonly string[] | undefined;
  readonly proposed: readonly string[] | undefined;
  readonly createGe: number | undefined;
  readonly createLt: number | undefined;
  readonly updateGe: number | undefined;
  readonly updateLt: number | undefined;
}

/** A search for returns or cancellations and its place in the pages. */
export interface StoryQuery extends Paging {
  readonly filters: StoryFilters;
  readonly sortsByUpdate: boolean;
  readonly locale: string | undefined;
}

type Filters = ReturnType<typeof filtersOf>;

/** @throws Refusal 36009004 for what TikTok would not accept */
export function readReturnQuery(query: ReadonlyMap<string, string>, body: Record<string, unknown>): StoryQuery {
  const filters = filtersOf(body);
  return storyQuery(
    query,
    filters,
    { least: 10, most: 50, standard: 10 },
    {
      ids: filters.ids('return_ids'),
      types: filters.choices('return_types', Object.values(RETURN_TYPES)),
      statuses: filters.choices('return_status', RETURN_STATUSES)?.map((status) => RETURN_STATUSES.indexOf(status)),
      arbitrations: filters.choices('arbitration_status', Object.values(ARBITRATIONS)),
      proposed: filters.choices('seller_proposed_return_type', ['PARTIAL_REFUND']),
    },
  );
}

/** The filter spells one status without its ending. */
const STATUS_NAMES = CANCELLATION_STATUSES.map((status) =>
  status === 'CANCELLATION_REQUEST_CANCELLED' ? 'CANCELLATION_REQUEST_CANCEL' : status,
);

/** @throws Refusal 36009004 for what TikTok would not accept */
export function readCancellationQuery(query: ReadonlyMap<string, string>, body: Record<string, unknown>): StoryQuery {
  const filters = filtersOf(body);
  return storyQuery(
    query,
    filters,
    { least: 1, most: 50, standard: 10 },
    {
      ids: filters.ids('cancel_ids'),
      types: filters.choices('cancel_types', ['CANCEL', 'BUYER_CANCEL']),
      statuses: filters.choices('cancel_status', STATUS_NAMES)?.map((status) => STATUS_NAMES.indexOf(status)),
      arbitrations: undefined,
      proposed: undefined,
    },
  );
}

function storyQuery(
  query: ReadonlyMap<string, string>,
  { ids, seconds, text }: Filters,
  sizes: { least: number; most: number; standard: number },
  own: Pick<StoryFilters, 'ids' | 'types' | 'statuses' | 'arbitrations' | 'proposed'>,
): StoryQuery {
  const pageSize = readPageSize(query.get('page_size'), sizes);
  const sortField = oneOf('sort_field', query.get('sort_field') ?? 'create_time', ['create_time', 'update_time']);
  const sortOrder = oneOf('sort_order', query.get('sort_order') ?? 'ASC', ['ASC', 'DESC']);
  const filters = {
    ...own,
    orderIds: ids('order_ids'),
    buyers: ids('buyer_user_ids'),
    createGe: seconds('create_time_ge'),
    createLt: seconds('create_time_lt'),
    updateGe: seconds('update_time_ge'),
    updateLt: seconds('update_time_lt'),
  };
  return {
    filters,
    pageSize,
    sortsByUpdate: sortField === 'update_time',
    descending: sortOrder === 'DESC',
    pageToken: query.get('page_token') || undefined,
    binding: JSON.stringify([filters, pageSize, sortField, sortOrder, query.get('shop_cipher')]),
    locale: text('locale'),
  };
}
