import type { Sku } from '../trade/catalogue.ts';
import { productsAt, type Product, type ListedProduct } from '../trade/products.ts';
import { productStateAt } from '../trade/product-life.ts';
import { driftedTotal, header, nextTokenField, type ShopCall } from './call.ts';
import { Refusal, invalidParam } from './envelope.ts';
import { productIdOf, skuIdOf, warehouseIdOf } from './ids.ts';
import { withOddities } from './oddities.ts';
import { pageTokenOf, readPageToken } from './page-token.ts';
import { filtersOf, readBody } from './parameters.ts';
import { readProductQuery } from './product-query.ts';
import { productDetail, productRow, type ProductGround } from './wire-product.ts';

/** The platform shows no search with more results than this. */
const MOST_RESULTS = 10_000;
const MOST_PRODUCTS = 100;
const MOST_SKUS = 600;

/** `POST /product/.../products/search`: in the order of the list, there is no sorting. */
export function searchProducts(call: ShopCall): string {
  const { request, world, shop, at, fate } = call;
  const query = readProductQuery(request.query, readBody(request.body, header(request, 'content-type')));
  const mark = query.pageToken === undefined ? undefined : readPageToken(query.pageToken, query.binding, world.seed);
  if (query.pageToken !== undefined && mark === undefined) throw invalidParam('page_token does not belong to this search');
  const found = productsAt(world.products(shop), at).filter((each) => query.matches(each));
  if (found.length > MOST_RESULTS) throw new Refusal(200, 12052180, `The search results exceed ${MOST_RESULTS}. Narrow the filters`);
  const after = mark?.serial ?? -1;
  const rest = found.filter(({ product }) => product.place > after);
  const page = rest.slice(0, query.pageSize);
  const repeats = page.length > 1 && fate.fallsOn(productIdOf(page.at(-1)!.product), 'duplicates', 5);
  const last = page.at(repeats ? -2 : -1)?.product.place ?? 0;
  const token =
    rest.length > page.length ? pageTokenOf({ time: 0, serial: last, total: found.length }, query.binding, world.seed) : undefined;
  const version = request.path.split('/')[2]!;
  const rows = page.map((each) => bent(call, each, productRow(each, groundOf(call), version)));
  return `{${nextTokenField(token, call)}"products":[${rows.join(',')}],"total_count":${driftedTotal(mark?.total ?? found.length, query.pageSize, call)}}`;
}

/** `GET /product/.../products/{id}`: not what is frozen or deleted. */
export function productById(call: ShopCall): string {
  const found = findProduct(call, call.pathParts[0] ?? '');
  if (found === undefined || found.state.status === 'barred' || found.state.status === 'deleted')
    throw new Refusal(200, 12019150, 'The product does not exist');
  return bent(call, found, productDetail(found, groundOf(call)));
}

/** `POST /product/.../inventory/search`: SKUs win over products, there are no pages. */
export function searchInventory(call: ShopCall): string {
  const { request, world, shop, at, stock } = call;
  const { ids } = filtersOf(readBody(request.body, header(request, 'content-type')), MOST_SKUS);
  const [skuIds, productIds] = [ids('sku_ids'), ids('product_ids')];
  if (skuIds === undefined && productIds === undefined) throw invalidParam('param body.product_ids or body.sku_ids is missing');
  if (skuIds === undefined && productIds!.length > MOST_PRODUCTS) throw invalidParam(`product_ids must not exceed ${MOST_PRODUCTS}`);
  const committed = stock.committed(shop, at);
  const inventory = productsAt(world.products(shop), at).flatMap(({ product }) => {
    const skus = product.skus.filter((sku) => skuIds?.includes(skuIdOf(sku)) ?? productIds!.includes(productIdOf(product)));
    return skus.length === 0 ? [] : [{ product_id: productIdOf(product), skus: skus.map((sku) => inventoryOf(call, sku, committed)) }];
  });
  return JSON.stringify({ inventory });
}

function inventoryOf({ shop, stock, at }: ShopCall, sku: Sku, committed: (sku: Sku, warehouse: number) => number) {
  const { sellerSku } = sku;
  const skuId = skuIdOf(sku);
  const warehouses = shop.warehouses.map((warehouse) => ({
    warehouse_id: warehouseIdOf(warehouse),
    available_quantity: stock.available(sku, warehouse, at),
    committed_quantity: committed(sku, warehouse),
  }));
  const available = warehouses.reduce((sum, { available_quantity: quantity }) => sum + quantity, 0);
  const inCampaign = Number(skuId.slice(-2)) % 10 === 0 ? Math.floor(available / 4) : 0;
  return {
    id: skuId,
    ...(sellerSku === undefined ? {} : { seller_sku: sellerSku }),
    total_available_quantity: available,
    total_committed_quantity: warehouses.reduce((sum, { committed_quantity: quantity }) => sum + quantity, 0),
    warehouse_inventory: warehouses,
    total_available_inventory_distribution: {
      in_shop_inventory: { quantity: available - inCampaign },
      campaign_inventory: inCampaign === 0 ? [] : [{ campaign_name: 'Flash Sale', quantity: inCampaign }],
      creator_inventory: [],
    },
  };
}

function findProduct({ world, shop, at }: ShopCall, id: string): ListedProduct | undefined {
  const product: Product | undefined = world.products(shop).find((each) => productIdOf(each) === id);
  const state = product && productStateAt(product.life, at);
  return product && state && { product, state };
}

function groundOf({ shop, account, stock, at }: ShopCall): ProductGround {
  return { shop, account, quantity: (sku, warehouse) => stock.available(sku, warehouse, at) };
}

function bent(call: ShopCall, { product }: ListedProduct, wire: unknown): string {
  return withOddities('product', { id: productIdOf(product), text: JSON.stringify(wire) }, call.fate);
}
