import type { Json } from '../../kernel/json.ts';
import { toPlace } from '../../model/area.ts';
import type { OrderRecords, ToldShop } from '../platform.ts';
import { placedAt, toCanonical } from './canonical.ts';
import { MARKETPLACE_IDS, MARKETPLACE_OF_COUNTRY, MARKETPLACES } from './marketplaces.ts';
import { inOwnKeys } from './own-keys.ts';
import { withoutPersonalData } from './personal.ts';

type Fields = Readonly<Record<string, Json>>;

/** Amazon's orders as Orders v0 gives them, their items in replies of their own. */
export const records: OrderRecords = {
  lists: ['payload', 'orders', 'data', 'list', 'pages', 'items'],
  oneShop: false,
  kept: (record) => withoutPersonalData(record),
  idOf: (document) => textOf(document, 'AmazonOrderId'),
  shopOf,
  shopIn: (region) => marketOf(MARKETPLACE_OF_COUNTRY[region.toUpperCase()]),
  toCanonical: (document) => toCanonical(document),
  inOwnKeys,
  parts: {
    placedAt,
    whole(documents) {
      const items = new Map(documents.flatMap((each) => itemsOf(each)).map((item) => [textOf(item, 'OrderItemId'), item]));
      if (items.size === 0) return [];
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
  const channel = textOf(document, 'SalesChannel')?.toLowerCase();
  const named =
    Object.keys(MARKETPLACES).find((name) => name.toLowerCase() === channel) ?? MARKETPLACE_IDS[textOf(document, 'MarketplaceId') ?? ''];
  if (named) return marketOf(named);
  const country = textOf((document as Fields | null)?.['ShippingAddress'] ?? null, 'CountryCode');
  return country === null
    ? null
    : marketOf(MARKETPLACE_OF_COUNTRY[toPlace({ country, region: null, city: null, postalCode: null }).country ?? '']);
}

function marketOf(channel: string | undefined): ToldShop | null {
  const [region] = Object.entries(MARKETPLACE_OF_COUNTRY).find(([, name]) => name === channel) ?? [];
  return region === undefined
    ? null
    : { platform: 'Amazon', region, shop: channel!, ...MARKETPLACES[channel as keyof typeof MARKETPLACES] };
}

function textOf(document: Json, key: string): string | null {
  const value = typeof document === 'object' && document !== null && !Array.isArray(document) ? (document as Fields)[key] : null;
  return typeof value === 'string' && value !== '' ? value : null;
}
