import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import type { Json } from '../../kernel/json.ts';
import type { KeyedHash } from '../../kernel/vault.ts';
import type { Product, ProductSku } from '../../model/product.ts';
import type { Call, Operation } from '../operation.ts';
import { DocumentRefused, type ProductMention, type ProductStream } from '../stream.ts';
import { optionalName } from '../wire-name.ts';
import { KEPT } from './fields.ts';
import { followed, listingReply, textOf, type ListingReply } from './listing.ts';
import { withoutPersonalData } from './personal.ts';
import { currencyCode, instant, instantOf, moneyOf, optionalInstant, optionalText, parsed, text } from './wire-values.ts';
import { ofShop } from './rates.ts';

/** The listing: no order can be asked for, and no more than 10,000 products come of it. Bounds are inclusive, unlike those of orders. */
export const searchProducts: Operation<ListingReply> = {
  name: 'search products',
  method: 'POST',
  path: '/product/202502/products/search',
  host: 'api',
  rate: ofShop(5),
  credentials: 'shop',
  reply: listingReply('products'),
};

/** One product with its categories and pictures; frozen and deleted ones are not given. */
export const getProduct = {
  name: 'get product',
  method: 'GET',
  path: '/product/202309/products/{product_id}',
  host: 'api',
  rate: ofShop(5),
  credentials: 'shop',
  reply: z.custom<Json>((value) => typeof value === 'object' && value !== null, 'is no product'),
} as const satisfies Operation<unknown>;

const PAGE_SIZE = 100;
/** "The number of products exceeds the limit": asked for again in halves. */
const TOO_MANY = '12052180';
/** "Product not found", "product status does not allow it". */
const NOT_GIVEN: ReadonlySet<string> = new Set(['12019150', '12052048']);
/** Before the first shop. */
const FIRST_SECOND = Date.UTC(2020, 0, 1) / 1000;

/** What a stock may be: whole pieces that the store has room for. */
const MOST_PIECES = 2 ** 31 - 1;

const image = z.object({ urls: z.array(z.string()).nullish(), thumb_urls: z.array(z.string()).nullish() });
const sku = z.object({
  id: text,
  seller_sku: optionalName,
  price: z.object({ currency: currencyCode.nullish(), sale_price: optionalText, tax_exclusive_price: optionalText }).nullish(),
  inventory: z.array(z.object({ quantity: z.int().nullish() })).nullish(),
  sales_attributes: z.array(z.object({ value_name: optionalName, sku_img: image.nullish() })).nullish(),
});
const productWire = z.object({
  id: text,
  title: optionalName,
  status: text,
  create_time: optionalInstant,
  update_time: instant,
  category_chains: z
    .array(z.object({ id: text, parent_id: optionalText, local_name: optionalName, is_leaf: z.boolean().nullish() }))
    .nullish(),
  brand: z.object({ name: optionalName }).nullish(),
  main_images: z.array(image).nullish(),
  skus: z.array(sku).nullish(),
});

/** TikTok's products: listed by slices of their last change, then asked for one by one. */
export const products: ProductStream = {
  perSecond: searchProducts.rate.perSecond,
  pageSize: PAGE_SIZE,
  async *list(call, now) {
    // The last slice is open: what changes while the others are read moves there.
    yield* slice(call, { from: FIRST_SECOND, to: Math.floor(now.epochMilliseconds / 1000) });
    yield* slice(call, { from: Math.floor(now.epochMilliseconds / 1000) + 1, to: null });
  },
  async count(call) {
    try {
      return (await call(searchProducts, { query: { page_size: 1 }, body: { status: 'ALL' } })).total;
    } catch (error) {
      if (isTooMany(error)) return null;
      throw error;
    }
  },
  byId,
  idOf: (document) => textOf(document, 'id'),
  toCanonical,
};

interface Slice {
  readonly from: number;
  readonly to: number | null;
}

async function* slice(call: Call, { from, to }: Slice): AsyncGenerator<readonly ProductMention[]> {
  const body: Json = { status: 'ALL', update_time_ge: from, ...(to === null ? {} : { update_time_le: to }) };
  try {
    for await (const { records } of followed(searchProducts, { call, resume: null, input: { query: { page_size: PAGE_SIZE }, body } })) {
      yield records.map(mentionOf);
    }
  } catch (error) {
    // A second with more than 10,000 changes cannot be cut.
    if (to === null || to <= from || !isTooMany(error)) throw error;
    const middle = Math.floor((from + to) / 2);
    yield* slice(call, { from, to: middle });
    yield* slice(call, { from: middle + 1, to });
  }
}

function isTooMany(error: unknown): boolean {
  return error instanceof AppError && error.details?.['platform_code'] === TOO_MANY;
}

/** What the listing says is enough to know whether the product has to be asked for. */
function mentionOf(document: Json): ProductMention {
  const changed = (document as { readonly [key: string]: Json })['update_time'];
  const read = instant.safeParse(changed);
  return {
    productId: textOf(document, 'id') ?? '',
    updatedAt: read.success ? instantOf(read.data) : null,
    document: KEPT.products.kept(document, () => ''),
  };
}

async function byId(call: Call, productId: string, hash: KeyedHash): Promise<Json | null> {
  try {
    return withoutPersonalData(await call(getProduct, { path: { product_id: productId } }), hash, 'products');
  } catch (error) {
    if (error instanceof AppError && NOT_GIVEN.has(String(error.details?.['platform_code']))) return null;
    throw error;
  }
}

/** @throws DocumentRefused naming the field */
function toCanonical(document: Json): Product {
  const wire = parsed(productWire, document, 'product');
  const chain = chainOf(wire.category_chains ?? []);
  return {
    productId: wire.id,
    title: wire.title || null,
    status: wire.status,
    deleted: wire.status === 'DELETED',
    category: chain.at(-1) ?? null,
    categoryPath: chain.length > 0 ? chain.join(' > ') : null,
    image: pictureOf(wire.main_images?.[0]),
    brand: wire.brand?.name || null,
    createdAt: wire.create_time ? instantOf(wire.create_time) : null,
    updatedAt: instantOf(wire.update_time),
    skus: (wire.skus ?? []).map((each, place): ProductSku => ({
      platformSku: each.id,
      sellerSku: each.seller_sku?.trim() || null,
      skuName:
        (each.sales_attributes ?? [])
          .map(({ value_name: name }) => name)
          .filter(Boolean)
          .join(', ') || null,
      image: pictureOf((each.sales_attributes ?? []).find(({ sku_img: picture }) => picture)?.sku_img) ?? pictureOf(wire.main_images?.[0]),
      // Local sellers often get the price without tax alone.
      price: moneyOf(each.price?.sale_price || each.price?.tax_exclusive_price, 'price', { list: 'skus', place }),
      currency: each.price?.currency ?? null,
      stock: each.inventory ? stockOf(each.inventory, place) : null,
    })),
  };
}

/** What all warehouses hold. @throws DocumentRefused when that is more than there can be */
function stockOf(inventory: readonly { readonly quantity?: number | null | undefined }[], place: number): number {
  const sum = inventory.reduce((all, { quantity }) => all + (quantity ?? 0), 0);
  if (Math.abs(sum) > MOST_PIECES) throw new DocumentRefused(`skus[${place}].inventory`, 'is no number of pieces');
  return sum;
}

type Link = NonNullable<z.output<typeof productWire>['category_chains']>[number];

/** The names from the root to the leaf: the list need not be in order. */
function chainOf(links: readonly Link[]): string[] {
  const names: string[] = [];
  let link = links.find(({ is_leaf: isLeaf }) => isLeaf) ?? links.at(-1);
  for (const left = new Set(links); link && left.delete(link);) {
    if (link.local_name) names.unshift(link.local_name);
    const parent: string | null | undefined = link.parent_id;
    link = links.find(({ id }) => id === parent);
  }
  return names;
}

function pictureOf(picture: z.output<typeof image> | null | undefined): string | null {
  return picture?.urls?.[0] ?? picture?.thumb_urls?.[0] ?? null;
}
