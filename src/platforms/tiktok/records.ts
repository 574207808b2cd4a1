import type { Json } from '../../kernel/json.ts';
import type { KeyedHash } from '../../kernel/vault.ts';
import type { OrderRecords } from '../platform.ts';
import { orders } from './orders.ts';
import { inOwnKeys } from './own-keys.ts';
import { priceDetails } from './price-details.ts';
import { withoutPersonalData } from './personal.ts';
import { REGIONS } from './regions.ts';

/** TikTok's orders as its search and detail calls give them; none says whose shop it is, only where the buyer lives. */
export const records: OrderRecords = {
  lists: ['data', 'orders', 'order_list', 'list', 'pages'],
  oneShop: true,
  kept: (record, hash) => withoutPersonalData(record, hash),
  idOf: orders.idOf,
  shopOf: (document) =>
    shopIn(textAt(document, 'recipient_address', 'region_code') ?? regionOfCurrency(textAt(document, 'payment', 'currency'))),
  shopIn: (region) => shopIn(region),
  toCanonical: orders.toCanonical,
  inOwnKeys,
  priceDetails: {
    lists: ['data', 'orders', 'list', 'pages'],
    idOf: (record) => textAt(record, 'order_id'),
    kept: keptDetail,
    toCanonical: priceDetails.toCanonical,
  },
};

/** `{ order_id, price_detail: { code, data } }`, or the data without their envelope: as a call would have brought them. */
function keptDetail(record: Json, hash: KeyedHash): Json | null {
  const { order_id: id, price_detail: reply } = record as { readonly order_id?: Json; readonly price_detail?: Json };
  if (typeof reply !== 'object' || reply === null || Array.isArray(reply)) return null;
  const { code, data } = reply as { readonly code?: Json; readonly data?: Json };
  const held = code === undefined ? (data ?? reply) : code === 0 || code === '0' ? data : null;
  if (typeof held !== 'object' || held === null || Array.isArray(held)) return null;
  return withoutPersonalData({ order_id: id ?? null, ...(held as { readonly [key: string]: Json }) }, hash, 'price_details');
}

function shopIn(written: string | null): ReturnType<OrderRecords['shopIn']> {
  const region = written?.toUpperCase().replace('UK', 'GB') ?? '';
  return region in REGIONS ? { platform: 'TikTok', region, shop: `TikTok ${region}`, ...REGIONS[region as keyof typeof REGIONS] } : null;
}

/** A currency of one market tells it. */
function regionOfCurrency(currency: string | null): string | null {
  const [only, another] = Object.entries(REGIONS).filter(([, market]) => market.currency === currency);
  return only && !another ? only[0] : null;
}

function textAt(document: Json, ...keys: readonly string[]): string | null {
  let value: Json | undefined = document;
  for (const key of keys)
    value =
      typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, Json>>)[key] : undefined;
  return typeof value === 'string' && value !== '' ? value : null;
}
