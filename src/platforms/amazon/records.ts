import type { Json } from '../../kernel/json.ts';
import { toPlace } from '../../model/area.ts';
import type { OrderRecords, ToldShop } from '../platform.ts';
import { channelNamed, MARKETPLACE_IDS, MARKETPLACE_OF_COUNTRY, shopOfChannel, type Channel } from './marketplaces.ts';
import { placedAt } from './older-canonical.ts';
import { orders } from './orders.ts';
import { inOwnKeys } from './own-keys.ts';
import { isOfToday, withoutPersonalData } from './personal.ts';

type Fields = Readonly<Record<string, Json>>;

/** Amazon's orders as Orders v0 gave them, their items in replies of their own, or as Orders 2026-01-01 gives them whole. */
export const records: OrderRecords = {
  lists: ['payload', 'orders', 'data', 'list', 'pages', 'items'],
  oneShop: false,
  kept: (record) => withoutPersonalData(record),
  idOf: orders.idOf,
  shopOf,
  shopIn: (region) => marketOf(MARKETPLACE_OF_COUNTRY[region.toUpperCase()]),
  toCanonical: orders.toCanonical,
  inOwnKeys,
  parts: {
    placedAt,
    whole(documents) {
      const items = new Map(documents.flatMap((each) => itemsOf(each)).map((item) => [textOf(item, 'OrderItemId'), item]));
      const whole = documents.filter((each) => isOfToday(each));
      if (items.size === 0) return whole;
      return documents
        .filter((each) => textOf(each, 'PurchaseDate') !== null)
        .map((order) => ({ ...(order as Fields), OrderItems: [...items.values()] }));
    },
  },
};

/** The items that a record tells: those it lists, or itself. */
function itemsOf(document: Json): readonly Json[] {
  const listed = (document as Fields)['OrderItems'];
  if (Array.isArray(listed)) return listed as readonly Json[];
  return textOf(document, 'OrderItemId') === null ? [] : [document];
}

/** The marketplace of a record by its id or channel; what was sold elsewhere counts to the one of the buyer's country. */
function shopOf(document: Json): ToldShop | null {
  if (isOfToday(document)) return marketOf(MARKETPLACE_IDS[orders.shopOf!(document) ?? '']);
  const named = channelNamed(textOf(document, 'SalesChannel') ?? '') ?? MARKETPLACE_IDS[textOf(document, 'MarketplaceId') ?? ''];
  if (named) return marketOf(named);
  const country = textOf((document as Fields | null)?.['ShippingAddress'] ?? null, 'CountryCode');
  return country === null ? null : marketOf(MARKETPLACE_OF_COUNTRY[toPlace({ country }).country ?? '']);
}

function marketOf(channel: Channel | undefined): ToldShop | null {
  return channel === undefined ? null : { platform: 'Amazon', ...shopOfChannel(channel) };
}

function textOf(document: Json, key: string): string | null {
  const value = typeof document === 'object' && document !== null && !Array.isArray(document) ? (document as Fields)[key] : null;
  return typeof value === 'string' && value !== '' ? value : null;
}
