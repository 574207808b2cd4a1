import { STATUSES, type Status } from '../world/life.ts';
import { Refusal, invalidParam } from './envelope.ts';

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
export interface SearchQuery {
  readonly filters: SearchFilters;
  readonly sortsByUpdate: boolean;
  readonly descending: boolean;
  readonly pageSize: number;
  readonly pageToken: string | undefined;
  /** Everything a page token is bound to. */
  readonly binding: string;
}

const MOST_WAREHOUSES = 100;

/** @throws Refusal 36009004, 36009022 or 36009023 for what TikTok would not accept */
export function readSearchQuery(query: ReadonlyMap<string, string>, body: Record<string, unknown>): SearchQuery {
  const pageSize = readPageSize(query.get('page_size'));
  const sortField = oneOf('sort_field', query.get('sort_field') ?? 'create_time', ['create_time', 'update_time']);
  const sortOrder = oneOf('sort_order', query.get('sort_order') ?? 'DESC', ['ASC', 'DESC']);
  const filters = readFilters(body);
  return {
    filters, pageSize,
    sortsByUpdate: sortField === 'update_time',
    descending: sortOrder === 'DESC',
    pageToken: query.get('page_token') || undefined,
    binding: JSON.stringify([filters, pageSize, sortField, sortOrder, query.get('shop_cipher')]),
  };
}

/** The JSON object of a body; no body counts as an empty one. */
export function readBody(body: Buffer, contentType: string | undefined): Record<string, unknown> {
  if (contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/json') throw new Refusal(400, 36009023, 'Invalid content-type. Use application/json');
  if (body.length === 0) return {};
  try {
    const read: unknown = JSON.parse(body.toString());
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Record<string, unknown>;
  } catch {
    // Answered below, like any body that is no object.
  }
  throw new Refusal(400, 36009022, 'Invalid request body format');
}

function readPageSize(text: string | undefined): number {
  if (text === undefined || text === '') throw invalidParam('page_size is missing');
  const size = Number(text);
  if (!Number.isInteger(size) || size < 1 || size > 100) throw invalidParam('page_size must be between 1 and 100');
  return size;
}

function readFilters(body: Record<string, unknown>): SearchFilters {
  const seconds = (name: string): number | undefined => typed<number>(body, name, (value) => Number.isSafeInteger(value) && (value as number) >= 0);
  const text = (name: string): string | undefined => typed<string>(body, name, (value) => typeof value === 'string');
  const status = text('order_status');
  const shippingType = text('shipping_type');
  return {
    createGe: seconds('create_time_ge'),
    createLt: seconds('create_time_lt'),
    updateGe: seconds('update_time_ge'),
    updateLt: seconds('update_time_lt'),
    status: status === undefined ? undefined : oneOf('order_status', status, STATUSES),
    shippingType: shippingType === undefined ? undefined : oneOf('shipping_type', shippingType, ['TIKTOK', 'SELLER']),
    asksCancel: typed<boolean>(body, 'is_buyer_request_cancel', (value) => typeof value === 'boolean'),
    buyer: text('buyer_user_id'),
    warehouses: typed<string[]>(body, 'warehouse_ids', (value) => Array.isArray(value) && value.length <= MOST_WAREHOUSES && value.every((id) => typeof id === 'string')),
  };
}

function typed<T>(body: Record<string, unknown>, name: string, fits: (value: unknown) => boolean): T | undefined {
  const value = body[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (!fits(value)) throw invalidParam(`param body.${name} is invalid`);
  return value as T;
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const known = allowed.find((each) => each === value);
  if (known === undefined) throw invalidParam(`${name} must be one of ${allowed.join(', ')}`);
  return known;
}
