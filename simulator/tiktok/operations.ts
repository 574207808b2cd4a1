import { orderIdOf } from './ids.ts';
import type { TikTokOrder } from './tiktok-world.ts';
import { searchCancellations, searchReturns } from './aftersales.ts';
import { driftedTotal, header, nextTokenField, type Call, type ShopCall } from './call.ts';
import { Refusal, invalidParam } from './envelope.ts';
import { withOddities } from './oddities.ts';
import { readBody } from './parameters.ts';
import { brokenDetail, priceDetailOf } from './price-detail.ts';
import { productById, searchInventory, searchProducts } from './products.ts';
import { readSearchQuery } from './search-query.ts';
import { searchPage } from './search.ts';
import type { Allowance } from '../throttle.ts';
import { orderText } from './wire-order.ts';

interface OperationBase {
  readonly method: 'GET' | 'POST';
  /** The path with the version as `VERSION` and `*` for a part that varies. */
  readonly path: string;
  readonly versions: readonly string[];
  readonly scope: string;
  readonly allowance: Allowance;
}

/** One endpoint: where it is, who may call it how often, and its `data` as JSON text. */
export type Operation = OperationBase &
  (
    | { readonly takesCipher: true; readonly answer: (call: ShopCall) => string }
    | { readonly takesCipher: false; readonly answer: (call: Call) => string }
  );

const ORDERS: Allowance = { perSecond: 10, burst: 20 };
const LIGHT: Allowance = { perSecond: 20, burst: 20 };
const MOST_IDS = 50;

/** Every endpoint the simulator has. */
export const OPERATIONS: readonly Operation[] = [
  {
    method: 'GET',
    path: '/authorization/VERSION/shops',
    versions: ['202309'],
    scope: 'seller.authorization.info',
    allowance: LIGHT,
    takesCipher: false,
    answer: shops,
  },
  {
    method: 'POST',
    path: '/order/VERSION/orders/search',
    versions: ['202309'],
    scope: 'seller.order.info',
    allowance: ORDERS,
    takesCipher: true,
    answer: search,
  },
  {
    method: 'GET',
    path: '/order/VERSION/orders',
    versions: ['202309', '202507'],
    scope: 'seller.order.info',
    allowance: ORDERS,
    takesCipher: true,
    answer: detail,
  },
  {
    method: 'GET',
    path: '/order/VERSION/orders/*/price_detail',
    versions: ['202407'],
    scope: 'seller.order.info',
    allowance: LIGHT,
    takesCipher: true,
    answer: priceDetail,
  },
  {
    method: 'POST',
    path: '/return_refund/VERSION/returns/search',
    versions: ['202309', '202602'],
    scope: 'seller.return_refund.basic',
    allowance: ORDERS,
    takesCipher: true,
    answer: searchReturns,
  },
  {
    method: 'POST',
    path: '/return_refund/VERSION/cancellations/search',
    versions: ['202309', '202602'],
    scope: 'seller.return_refund.basic',
    allowance: ORDERS,
    takesCipher: true,
    answer: searchCancellations,
  },
  {
    method: 'POST',
    path: '/product/VERSION/products/search',
    versions: ['202309', '202312', '202502'],
    scope: 'seller.product.basic',
    allowance: ORDERS,
    takesCipher: true,
    answer: searchProducts,
  },
  {
    method: 'GET',
    path: '/product/VERSION/products/*',
    versions: ['202309'],
    scope: 'seller.product.basic',
    allowance: LIGHT,
    takesCipher: true,
    answer: productById,
  },
  {
    method: 'POST',
    path: '/product/VERSION/inventory/search',
    versions: ['202309'],
    scope: 'seller.product.basic',
    allowance: ORDERS,
    takesCipher: true,
    answer: searchInventory,
  },
];

function shops({ app, account, access, fate }: Call): string {
  const released = fate.befalls('emptyShopList') ? [] : account.shops;
  return JSON.stringify({
    shops: released.map((shop) => ({
      id: shop.id,
      name: shop.name,
      region: shop.country,
      seller_type: account.sellerType,
      cipher: access.cipherOf(app, shop),
      code: shop.code,
    })),
  });
}

function search(call: ShopCall): string {
  const { request, world, changes, shop, at, fate } = call;
  const query = readSearchQuery(request.query, readBody(request.body, header(request, 'content-type')));
  const falls = ({ serial }: { serial: number }, name: 'duplicates' | 'hiddenFromSearch' | 'hiddenFromUpdates', kind: number): boolean =>
    fate.faults[name] > 0 && fate.fallsOn(orderIdOf(world.seed, shop, serial), name, kind);
  const repeatsLast = (placed: { serial: number }): boolean => falls(placed, 'duplicates', 3);
  const isListed = (placed: { serial: number }): boolean => {
    return !falls(placed, 'hiddenFromSearch', 6) && !(query.sortsByUpdate && falls(placed, 'hiddenFromUpdates', 7));
  };
  const page = searchPage({ world, changes: changes.orders, shop, at, isListed, repeatsLast }, query);
  const orders = page.found.map((placed) => bentText(call, world.order(shop, placed)));
  return `{${nextTokenField(page.nextToken, call)}"orders":[${orders.join(',')}],"total_count":${driftedTotal(page.total, query.pageSize, call)}}`;
}

function bentText({ at, fate }: ShopCall, order: TikTokOrder): string {
  return withOddities('order', { id: order.id, text: orderText(order, at) }, fate);
}

function detail(call: ShopCall): string {
  const { request, fate } = call;
  const ids = (request.query.get('ids') ?? '').split(',').filter(Boolean);
  if (ids.length === 0) throw invalidParam('ids is missing');
  if (ids.length > MOST_IDS) throw invalidParam(`ids must not exceed ${MOST_IDS}`);
  if (fate.befalls('passingDetail')) throw new Refusal(200, 10002014, 'Query order detail failed, please try again');
  const orders = ids.flatMap((id) => {
    const order = find(call, id);
    fate.note('missingIds', order === undefined && fate.faults.missingIds === 'absent');
    if (order === undefined && fate.faults.missingIds === 'error')
      throw new Refusal(200, 21008111, 'The order does not belong to the current shop');
    return order === undefined ? [] : [bentText(call, order)];
  });
  return `{"orders":[${orders.join(',')}]}`;
}

function priceDetail(call: ShopCall): string {
  const order = find(call, call.pathParts[0] ?? '');
  if (order === undefined) throw new Refusal(200, 21008111, 'The order does not belong to the current shop');
  const detail = priceDetailOf(order);
  return JSON.stringify(call.fate.fallsOn(order.id, 'brokenPriceDetail', 8) ? brokenDetail(detail) : detail);
}

function find({ world, shop, at }: ShopCall, id: string): TikTokOrder | undefined {
  const order = world.find(id, at);
  return order?.shop === shop ? order : undefined;
}
