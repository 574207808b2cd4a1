import { hash } from 'node:crypto';
import type { Product } from '../../model/product.ts';
import type { Shop } from '../../model/shop.ts';
import { STAGED_PRODUCT, STAGED_PRODUCT_SKU } from '../../model/staged-tables.ts';
import { keepDocuments, packDocuments, type DocumentSource } from '../documents.ts';
import type { Reader, StagedValue, Transaction } from '../../engines/engine.ts';
import type { WriteCounts } from '../kind.ts';
import { nameAs } from '../catalogue.ts';
import { isOneOf, raw, sql } from '../../engines/sql.ts';

/** A product on its way into the store, with the document it was read from. */
export interface DeliveredProduct {
  readonly product: Product;
  /** The source's own record as text. */
  readonly document: string;
}

/**
 * Stores the products of a shop as they are now. What is gone stays as it was last seen, with the instant it was missed: orders name
 * SKUs that were deleted since. What a product does not tell any more (a frozen one its categories) stays, too.
 */
export async function writeProducts(
  tx: Transaction,
  shop: Shop,
  { delivered, source, at }: { delivered: readonly DeliveredProduct[]; source: DocumentSource | null; at: Temporal.Instant },
): Promise<WriteCounts> {
  if (delivered.length === 0) return { added: 0, changed: 0, unchanged: 0 };
  const { shopId } = shop;
  await stageProducts(
    tx,
    delivered.map(({ product }) => product),
  );
  await tx.run(raw('DROP TABLE IF EXISTS accepted_products'));
  await tx.run(sql`
    CREATE TEMP TABLE accepted_products AS
    SELECT s.n, s.product_id, p.product_id IS NOT NULL AS again, p.category, p.category_path, p.image, p.brand, p.gone_at
    FROM (SELECT *, row_number() OVER (PARTITION BY product_id ORDER BY n DESC) AS place FROM staged_products) s
    LEFT JOIN products p ON p.shop_id = ${shopId} AND p.product_id = s.product_id
    WHERE s.place = 1 AND (p.product_id IS NULL OR p.fingerprint <> s.fingerprint OR (p.gone_at IS NOT NULL) <> s.deleted)`);
  const accepted = await tx.query<{ n: number; again: boolean }>(sql`SELECT n, again FROM accepted_products ORDER BY n`);
  if (accepted.length === 0) return { added: 0, changed: 0, unchanged: delivered.length };
  const packed = source && (await packDocuments(accepted.map(({ n }) => delivered[n]!.document)));
  const blockId = source && packed ? await keepDocuments(tx, { source, documents: accepted.length, packed }) : null;
  await tx.run(
    sql`DELETE FROM products USING accepted_products a WHERE products.shop_id = ${shopId} AND products.product_id = a.product_id`,
  );
  await tx.run(sql`
    INSERT INTO products (shop_id, product_id, title, status, category, category_path, image, brand, created_at, updated_at, seen_at,
    gone_at, fingerprint, block_id)
    SELECT ${shopId}::smallint, s.product_id, s.title, s.status, coalesce(s.category, a.category), coalesce(s.category_path,
    a.category_path),
      coalesce(s.image, a.image), coalesce(s.brand, a.brand), s.created_at, s.updated_at, ${at},
      CASE WHEN s.deleted THEN coalesce(a.gone_at, s.updated_at) END, s.fingerprint, ${blockId}::integer
    FROM accepted_products a JOIN staged_products s ON s.n = a.n ORDER BY a.n`);
  await writeSkus(tx, shopId, at);
  const changed = accepted.filter(({ again }) => again).length;
  return { added: accepted.length - changed, changed, unchanged: delivered.length - accepted.length };
}

/**
 * Puts what products' documents say, read again, in the place of what is stored of them. What a document does not tell stays, and so do
 * prices and stock, which a listing told since, and what is gone.
 */
export async function rewriteProducts(tx: Transaction, { shopId }: Shop, products: readonly Product[]): Promise<void> {
  await stageProducts(tx, products);
  await tx.run(sql`
    UPDATE products SET title = s.title, status = s.status, category = coalesce(s.category, products.category),
    category_path = coalesce(s.category_path, products.category_path),
      image = coalesce(s.image, products.image), brand = coalesce(s.brand, products.brand), created_at = s.created_at,
      updated_at = s.updated_at, fingerprint = s.fingerprint
    FROM staged_products s WHERE products.shop_id = ${shopId} AND products.product_id = s.product_id`);
  await tx.run(sql`
    UPDATE product_skus SET seller_sku = s.seller_sku, sku_name = coalesce(s.sku_name, product_skus.sku_name), image = coalesce(s.image,
    product_skus.image), currency = s.currency
    FROM staged_product_skus s JOIN staged_products p ON p.n = s.n
    WHERE product_skus.shop_id = ${shopId} AND product_skus.product_id = p.product_id AND product_skus.platform_sku = s.platform_sku`);
  await fillListings(tx);
}

/** The SKUs of the accepted products: those that are not among them any more stay, as gone. */
async function writeSkus(tx: Transaction, shopId: number, at: Temporal.Instant): Promise<void> {
  await tx.run(raw('DROP TABLE IF EXISTS kept_skus'));
  await tx.run(sql`
    CREATE TEMP TABLE kept_skus AS
    SELECT k.* FROM product_skus k JOIN accepted_products a ON a.product_id = k.product_id WHERE k.shop_id = ${shopId}`);
  await tx.run(
    sql`DELETE FROM product_skus USING accepted_products a WHERE product_skus.shop_id = ${shopId}
      AND product_skus.product_id = a.product_id`,
  );
  await tx.run(sql`
    INSERT INTO product_skus (shop_id, product_id, platform_sku, seller_sku, sku_name, image, price, currency, stock, gone_at)
    SELECT ${shopId}::smallint, a.product_id, s.platform_sku, s.seller_sku, coalesce(s.sku_name, k.sku_name), coalesce(s.image, k.image),
    s.price, s.currency, s.stock, NULL
    FROM accepted_products a JOIN staged_product_skus s ON s.n = a.n
    LEFT JOIN kept_skus k ON k.product_id = a.product_id AND k.platform_sku = s.platform_sku ORDER BY a.n, s.sku_no`);
  await tx.run(sql`
    INSERT INTO product_skus (shop_id, product_id, platform_sku, seller_sku, sku_name, image, price, currency, stock, gone_at)
    SELECT k.shop_id, k.product_id, k.platform_sku, k.seller_sku, k.sku_name, k.image, k.price, k.currency, 0, coalesce(k.gone_at, ${at})
    FROM kept_skus k JOIN accepted_products a ON a.product_id = k.product_id
    WHERE NOT EXISTS (SELECT 1 FROM staged_product_skus s WHERE s.n = a.n AND s.platform_sku = k.platform_sku)`);
}

/** Prices and stock as a listing tells them, of products that are stored: they change without the product. */
export async function refreshOffers(tx: Transaction, shopId: number, listed: readonly Product[]): Promise<void> {
  if (listed.length === 0) return;
  await stageProducts(tx, listed);
  await tx.run(sql`
    UPDATE product_skus SET stock = s.stock, price = coalesce(s.price, product_skus.price)
    FROM staged_product_skus s JOIN staged_products p ON p.n = s.n
    WHERE product_skus.shop_id = ${shopId} AND product_skus.product_id = p.product_id AND product_skus.platform_sku = s.platform_sku
      AND (product_skus.stock IS DISTINCT FROM s.stock OR product_skus.price IS DISTINCT FROM coalesce(s.price, product_skus.price))`);
}

/** Notes that products are not offered any more; what is known of them stays. */
export async function markGone(tx: Transaction, shopId: number, productIds: readonly string[], at: Temporal.Instant): Promise<void> {
  await tx.run(
    sql`UPDATE products SET gone_at = ${at} WHERE shop_id = ${shopId} AND gone_at IS NULL AND ${isOneOf(sql`product_id`, productIds)}`,
  );
}

/** What is known of a shop's products: their last change, and whether they are gone. */
export async function readKnownProducts(
  reader: Reader,
  shopId: number,
): Promise<ReadonlyMap<string, { readonly updatedAt: Temporal.Instant; readonly gone: boolean }>> {
  const rows = await reader.query<{ product_id: string; updated_at: string; gone: boolean }>(sql`
    SELECT product_id, updated_at, gone_at IS NOT NULL AS gone FROM products WHERE shop_id = ${shopId}`);
  return new Map(rows.map(({ product_id: id, updated_at: at, gone }) => [id, { updatedAt: Temporal.Instant.from(at), gone }]));
}

/** Gives what orders call by a SKU the category of its product, and name and picture where the orders gave none. */
export async function fillListings(tx: Transaction): Promise<void> {
  await tx.run(sql`
    UPDATE listings SET category = coalesce(f.category, listings.category), image = coalesce(listings.image, f.image)
    FROM (
      SELECT h.platform, k.platform_sku, max(p.category) AS category, max(coalesce(k.image, p.image)) AS image ${OFFERED}
      GROUP BY 1, 2) AS f
    WHERE f.platform = listings.platform AND f.platform_sku = listings.platform_sku
      AND (coalesce(f.category, listings.category, '') <> coalesce(listings.category, '') OR (listings.image IS NULL
      AND f.image IS NOT NULL))`);
  // Several shops may offer it: the name is one shop's, product and variant together.
  await nameAs(
    tx,
    sql`
    SELECT g.listing_id, f.product_name, f.variant
    FROM listings g JOIN (
      SELECT h.platform, k.platform_sku, p.title AS product_name, k.sku_name AS variant,
        row_number() OVER (PARTITION BY h.platform, k.platform_sku ORDER BY p.title DESC, k.sku_name DESC) AS place ${OFFERED}
        AND p.title IS NOT NULL) AS f
      ON f.platform = g.platform AND f.platform_sku = g.platform_sku AND f.place = 1
    WHERE g.sku_name IS NULL`,
  );
}

const OFFERED = sql`
      FROM product_skus k
      JOIN products p ON p.shop_id = k.shop_id AND p.product_id = k.product_id
      JOIN shops h ON h.shop_id = k.shop_id WHERE true`;

async function stageProducts(tx: Transaction, products: readonly Product[]): Promise<void> {
  await tx.stage('staged_products', STAGED_PRODUCT, products.map(productRow));
  await tx.stage(
    'staged_product_skus',
    STAGED_PRODUCT_SKU,
    products.flatMap(({ skus }, n) =>
      skus.map((sku, skuNo): StagedValue[] => [
        n,
        skuNo,
        sku.platformSku,
        sku.sellerSku,
        sku.skuName,
        sku.image,
        sku.price,
        sku.currency,
        sku.stock,
      ]),
    ),
  );
}

function productRow(product: Product, n: number): StagedValue[] {
  const at = (instant: Temporal.Instant): bigint => instant.epochNanoseconds / 1000n;
  const facts = JSON.stringify(product, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
  return [
    n,
    product.productId,
    product.title,
    product.status,
    product.deleted,
    product.category,
    product.categoryPath,
    product.image,
    product.brand,
    product.createdAt && at(product.createdAt),
    at(product.updatedAt),
    hash('sha256', facts, 'buffer').readBigUInt64BE(0) >> 1n,
  ];
}
