import type { Paging } from './pages.ts';
import { filtersOf, oneOf, readPageSize } from './parameters.ts';
import { STATUSES, type Status } from './statuses.ts';

/** What a search asks for, checked. Times in seconds; an absent filter is undefined. */
export interface SearchFilters {
  readonly createGe: number | undefined;
  readonly createLt: number | undefined;
  readonly updateGe: number | undefined;
  readonly updateLt: number | undefined;
  readonly status: Status | undefined;
  readonly shippingType: string | undefined;
  readonly asksCancel: boolean | undefined;
  readonly buyer: string | undefined;
  readonly warehouses: readonly string[] | undefined;
}

/** A search and its place in the pages. */
export interface SearchQuery extends Paging {
  readonly filters: SearchFilters;
  readonly sortsByUpdate: boolean;
}

const MOST_WAREHOUSES = 100;

/** @throws Refusal 36009004 for what TikTok would not accept */
export function readSearchQuery(query: ReadonlyMap<string, string>, body: Record<string, unknown>): SearchQuery {
  const pageSize = readPageSize(query.get('page_size'), { least: 1, most: 100 });
  const sortField = oneOf('sort_field', query.get('sort_field') ?? 'create_time', ['create_time', 'update_time']);
  const sortOrder = oneOf('sort_order', query.get('sort_order') ?? 'DESC', ['ASC', 'DESC']);
  const filters = readFilters(body);
  return {
    filters,
    pageSize,
    sortsByUpdate: sortField === 'update_time',
    descending: sortOrder === 'DESC',
    pageToken: query.get('page_token') || undefined,
    binding: JSON.stringify([filters, pageSize, sortField, sortOrder, query.get('shop_cipher')]),
  };
}

function readFilters(body: Record<string, unknown>): SearchFilters {
  const { seconds, text, truth, texts } = filtersOf(body);
  const status = text('order_status');
  const shippingType = text('shipping_type');
  return {
    createGe: seconds('create_time_ge'),
    createLt: seconds('create_time_lt'),
    updateGe: seconds('update_time_ge'),
    updateLt: seconds('update_time_lt'),
    status: status === undefined ? undefined : oneOf('order_status', status, STATUSES),
    shippingType: shippingType === undefined ? undefined : oneOf('shipping_type', shippingType, ['TIKTOK', 'SELLER']),
    asksCancel: truth('is_buyer_request_cancel'),
    buyer: text('buyer_user_id'),
    warehouses: texts('warehouse_ids', MOST_WAREHOUSES),
  };
}
