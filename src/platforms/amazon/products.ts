import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import type { Json } from '../../kernel/json.ts';
import type { Product } from '../../model/product.ts';
import type { Call, Operation } from '../operation.ts';
import { DocumentRefused, type ProductMention, type ProductStream } from '../stream.ts';
import { optionalName } from '../wire-name.ts';
import { withoutPersonalData } from './personal.ts';
import { ofAccount } from './rates.ts';
import { instantOf, parsed, writtenInstant } from './wire-values.ts';

/** A record as it came: what is read of it is checked when it is read. */
const anyRecord = z.custom<Json>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'is no record');
const stockReply = z.object({
  payload: z.object({ inventorySummaries: z.array(anyRecord) }),
  pagination: z.object({ nextToken: z.string().nullish() }).nullish(),
});

/** What lies in Amazon's warehouses for one marketplace; the reply's envelope holds its pages beside its payload. */
const listStock: Operation<z.output<typeof stockReply>> = {
  name: 'list stock',
  method: 'GET',
  path: '/fba/inventory/v1/summaries',
  host: 'api',
  rate: ofAccount(2, 2),
  credentials: 'shop',
  reply: stockReply,
};

/** What a buyer sees of a product: title, pictures, categories. */
const getCatalogItem = {
  name: 'get catalog item',
  method: 'GET',
  path: '/catalog/2022-04-01/items/{asin}',
  host: 'api',
  rate: ofAccount(2, 2),
  credentials: 'shop',
  reply: anyRecord,
} as const satisfies Operation<unknown>;

const PAGE_SIZE = 50;
/** A page token is forgotten after 30 seconds: a listing that waited too long is begun anew, so many times. */
const MOST_BEGINNINGS = 4;
/** What a store has room for. */
const MOST_PIECES = 2 ** 31 - 1;

const optionalCount = z.int().min(-MOST_PIECES).max(MOST_PIECES).nullish();
const classification = z.object({ displayName: optionalName, parent: anyRecord.nullish() });
const item = z.object({
  summaries: z.array(z.object({ itemName: optionalName, brand: optionalName, browseClassification: classification.nullish() })).nullish(),
  images: z
    .array(z.object({ images: z.array(z.object({ variant: z.string().nullish(), link: z.string().nullish() })).nullish() }))
    .nullish(),
  classifications: z.array(z.object({ classifications: z.array(classification).nullish() })).nullish(),
});
const listed = z.object({
  sellerSku: z.string().trim().min(1),
  asin: z.string().trim().min(1),
  condition: z.string().nullish(),
  productName: optionalName,
  lastUpdatedTime: z.string().nullish(),
  totalQuantity: optionalCount,
  inventoryDetails: z.object({ fulfillableQuantity: optionalCount }).nullish(),
  catalogItem: item.nullish(),
});

/**
 * Amazon's products: the seller's SKUs that Amazon stores, with what can be sold of them, and what the catalog says of their ASIN. Two
 * SKUs of one ASIN are two products.
 */
export const products: ProductStream = {
  perSecond: listStock.rate.perSecond,
  pageSize: PAGE_SIZE,
  list,
  count: () => Promise.resolve(null),
  byId,
  idOf: (document) => textOf(document, 'sellerSku'),
  toCanonical,
};

async function* list(call: Call): AsyncGenerator<readonly ProductMention[]> {
  let token: string | null = null;
  for (let beginnings = 1; ;) {
    try {
      const page: z.output<typeof stockReply> = await call(listStock, { query: { ...WHICH, nextToken: token ?? undefined } });
      yield page.payload.inventorySummaries.map((each) => mentionOf(withoutPersonalData(each)));
      token = page.pagination?.nextToken || null;
      if (token === null) return;
    } catch (error) {
      if (!isRefused(error, 'InvalidInput')) throw error;
      // A seller who sends nothing to Amazon is refused, too.
      if (token === null && beginnings === 1) return;
      if (++beginnings > MOST_BEGINNINGS) throw error;
      token = null;
    }
  }
}

/** The marketplace is added where a call is signed. */
const WHICH = { granularityType: 'Marketplace', details: 'true' } as const;

async function byId(call: Call, sellerSku: string): Promise<Json | null> {
  const { payload } = await call(listStock, { query: { ...WHICH, sellerSkus: [sellerSku] } });
  const stock = payload.inventorySummaries.find((each) => textOf(each, 'sellerSku') === sellerSku);
  if (stock === undefined) return null;
  const catalogItem = await catalogItemOf(call, textOf(stock, 'asin'));
  return withoutPersonalData({ ...(stock as Readonly<Record<string, Json>>), catalogItem });
}

async function catalogItemOf(call: Call, asin: string | null): Promise<Json | null> {
  if (asin === null) return null;
  try {
    return await call(getCatalogItem, { path: { asin }, query: { includedData: ['summaries', 'images', 'classifications'] } });
  } catch (error) {
    if (isRefused(error, 'NOT_FOUND')) return null;
    throw error;
  }
}

function isRefused(error: unknown, code: string): boolean {
  return error instanceof AppError && error.details?.['platform_code'] === code;
}

function mentionOf(document: Json): ProductMention {
  return {
    productId: textOf(document, 'sellerSku') ?? '',
    updatedAt: writtenInstant(textOf(document, 'lastUpdatedTime') ?? '') ?? null,
    document,
  };
}

/** @throws DocumentRefused naming the field */
function toCanonical(document: Json): Product {
  const wire = parsed(listed, document);
  if (!wire.lastUpdatedTime) throw new DocumentRefused('lastUpdatedTime', 'is missing');
  const { summaries, images, classifications } = wire.catalogItem ?? {};
  const summary = summaries?.[0];
  const chain = chainOf(classifications?.[0]?.classifications?.[0] ?? summary?.browseClassification);
  const pictures = images?.[0]?.images ?? [];
  const image = (pictures.find(({ variant }) => variant === 'MAIN') ?? pictures[0])?.link || null;
  return {
    productId: wire.sellerSku,
    title: summary?.itemName || wire.productName || null,
    status: wire.condition || 'FBA',
    deleted: false,
    category: chain.at(-1) ?? null,
    categoryPath: chain.length > 0 ? chain.join(' > ') : null,
    image,
    brand: summary?.brand || null,
    createdAt: null,
    updatedAt: instantOf(wire.lastUpdatedTime, 'lastUpdatedTime'),
    skus: [
      {
        platformSku: wire.asin,
        sellerSku: wire.sellerSku,
        skuName: null,
        image,
        price: null,
        currency: null,
        stock: wire.inventoryDetails?.fulfillableQuantity ?? wire.totalQuantity ?? null,
      },
    ],
  };
}

/** The names from the root to the leaf, which is told with its parents. */
function chainOf(leaf: z.output<typeof classification> | null | undefined): string[] {
  const names: string[] = [];
  for (let link = leaf; link; link = link.parent ? classification.safeParse(link.parent).data : null) {
    if (link.displayName) names.unshift(link.displayName);
  }
  return names;
}

function textOf(document: Json, name: string): string | null {
  const value = (document as { readonly [key: string]: Json | undefined } | null)?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
