import type { Category, Sku } from '../trade/catalogue.ts';
import type { ListedProduct } from '../trade/products.ts';
import type { Account, TikTokShop } from './shops.ts';
import { imageOf, productIdOf, productIdOfSku, skuIdOf, warehouseIdOf } from './ids.ts';
import { auditOf } from './product-query.ts';
import { PRODUCT_STATUSES } from './statuses.ts';
import { amountText } from './wire-text.ts';

type Wire = Record<string, unknown>;

/** Whose product it is, and how many of a SKU each warehouse has. */
export interface ProductGround {
  readonly shop: TikTokShop;
  readonly account: Account;
  quantity(sku: Sku, warehouse: number): number;
}

/** One category tree: root, branch and leaf, in English and Spanish. */
const CHAINS: Record<Category, readonly (readonly [string, string, string])[]> = {
  home: [
    ['600001', 'Home Supplies', 'Artículos para el hogar'],
    ['600154', 'Home Decor', 'Decoración'],
    ['600338', 'Decorative Accessories', 'Accesorios decorativos'],
  ],
  kitchen: [
    ['600024', 'Kitchenware', 'Cocina'],
    ['600220', 'Cooking Tools', 'Utensilios de cocina'],
    ['600412', 'Kitchen Utensils', 'Utensilios'],
  ],
  beauty: [
    ['601450', 'Beauty & Personal Care', 'Belleza y cuidado personal'],
    ['601503', 'Skincare & Make-up', 'Cuidado facial y maquillaje'],
    ['601597', 'Face Care', 'Cuidado del rostro'],
  ],
  toys: [
    ['604206', 'Toys & Hobbies', 'Juguetes y aficiones'],
    ['604301', 'Games & Puzzles', 'Juegos y puzles'],
    ['604388', 'Educational Toys', 'Juguetes educativos'],
  ],
  clothes: [
    ['842248', 'Womenswear', 'Moda mujer'],
    ['842312', 'Tops & Bottoms', 'Partes de arriba y de abajo'],
    ['842390', 'Casual Clothing', 'Ropa informal'],
  ],
};
const CLOTHES_SIZE = /^(?:S|M|L|XL)$/;

/** A product of a search, as the named version of it tells. */
export function productRow(found: ListedProduct, ground: ProductGround, version: string): Wire {
  const { product, state } = found;
  const isNewest = version === '202502';
  return {
    id: productIdOf(product),
    title: product.title,
    status: PRODUCT_STATUSES[state.status],
    create_time: product.life.created,
    update_time: state.updated,
    sales_regions: [ground.shop.country],
    ...(version === '202309'
      ? {}
      : {
          audit: { status: auditOf(found), pre_approved_reasons: [] },
          is_not_for_sale: false,
          listing_quality_tier: tierOf(product.place),
        }),
    ...(isNewest ? { has_draft: state.status === 'onSale' && state.edits % 4 === 3 } : {}),
    skus: product.skus.map((sku) => ({ ...skuRow(sku, ground), ...(isNewest ? { status_info: statusInfo(found) } : {}) })),
  };
}

/** Everything of a product. */
export function productDetail(found: ListedProduct, ground: ProductGround): Wire {
  const { product, state } = found;
  const isSpanish = ground.shop.country === 'ES' || ground.shop.country === 'MX';
  const chain = CHAINS[product.category];
  return {
    ...productRow(found, ground, '202502'),
    sales_regions: undefined,
    description: `<p>${product.title}</p><p>${isSpanish ? 'Revisión' : 'Revision'} ${state.edits + 1}</p>`,
    category_chains: chain.map(([id, english, spanish], level) => ({
      id,
      parent_id: chain[level - 1]?.[0] ?? '0',
      local_name: isSpanish ? spanish : english,
      is_leaf: level === chain.length - 1,
    })),
    brand: { id: '7082427311584347905', name: 'Estrella' },
    main_images: [image(imageOf(product))],
    package_weight: { value: '0.45', unit: 'KILOGRAM' },
    package_dimensions: { length: '24', width: '18', height: '9', unit: 'CENTIMETER' },
    product_attributes: [
      { id: '100392', name: isSpanish ? 'País de origen' : 'Country of origin', values: [{ id: '1001533', name: 'China' }] },
    ],
    external_product_id: `S7-${product.place}`,
    is_cod_allowed: ground.shop.country === 'MX',
    skus: product.skus.map((sku) => ({ ...skuRow(sku, ground), status_info: statusInfo(found), ...skuDetail(sku, isSpanish) })),
  };
}

function skuRow(sku: Sku, { shop, account, quantity }: ProductGround): Wire {
  return {
    id: skuIdOf(sku),
    ...(sku.sellerSku === undefined ? {} : { seller_sku: sku.sellerSku }),
    price: priceOf(sku, shop, account),
    inventory: shop.warehouses.map((warehouse) => ({ warehouse_id: warehouseIdOf(warehouse), quantity: quantity(sku, warehouse) })),
  };
}

/** Local sellers mostly get the price under the other name alone. */
function priceOf(sku: Sku, { currency, country }: TikTokShop, { sellerType }: Account): Wire {
  const isAlone = sellerType === 'LOCAL' && Number(sku.code.slice(-5)) % 5 !== 0;
  const tax = sellerType === 'LOCAL' ? 0 : { ES: 21, GB: 20, US: 0, MX: 16 }[country];
  return {
    currency,
    ...(isAlone ? {} : { sale_price: amountText(sku.price) }),
    tax_exclusive_price: amountText(Math.round((sku.price * 100) / (100 + tax))),
  };
}

function skuDetail(sku: Sku, isSpanish: boolean): Wire {
  const isSize = CLOTHES_SIZE.test(sku.skuName);
  const name = isSize ? (isSpanish ? 'Talla' : 'Size') : isSpanish ? 'Variante' : 'Variant';
  return {
    sales_attributes: [
      {
        id: isSize ? '100007' : '100000',
        name,
        value_id: `17${skuIdOf(sku).slice(-14)}`,
        value_name: sku.skuName,
        sku_img: image(imageOf(sku)),
      },
    ],
    external_sku_id: `S7-${sku.code.slice(-6)}`,
    ...(sku.bundleOf === undefined
      ? {}
      : {
          combined_skus: sku.bundleOf.map((part) => ({
            product_id: productIdOfSku(part),
            sku_id: skuIdOf(part),
            ...(part.sellerSku === undefined ? {} : { seller_sku: part.sellerSku }),
            sku_count: 1,
          })),
        }),
  };
}

function statusInfo({ state: { status } }: ListedProduct): Wire {
  if (status === 'pausedBySeller') return { status: 'DEACTIVATED', deactivation_source: 'SELLER' };
  return status === 'pausedByPlatform' ? { status: 'DEACTIVATED', deactivation_source: 'PLATFORM' } : { status: 'NORMAL' };
}

function image(url: string): Wire {
  const uri = /\.com\/([^~]+)/.exec(url)?.[1] ?? '';
  return { uri, urls: [url], thumb_urls: [url.replace('origin-jpeg', 'resize-jpeg:300:300')], width: 800, height: 800 };
}

function tierOf(place: number): string {
  return (['GOOD', 'GOOD', 'FAIR', 'POOR'] as const)[place % 4]!;
}
