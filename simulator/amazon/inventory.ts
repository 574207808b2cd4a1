import { mix } from '../random.ts';
import type { Sku } from '../trade/catalogue.ts';
import { isOnSale } from '../trade/product-life.ts';
import { Stock } from '../trade/stock.ts';
import { instantOf, listOf, shopsIn, wireTime, type Call } from './call.ts';
import { invalidInput } from './envelope.ts';
import { asinOf, fnskuOf, sellerSkuOf, titleOf } from './ids.ts';
import type { Answer } from './operations.ts';
import type { AmazonShop } from './shops.ts';

const PAGE = 50;
const TOKEN_MS = 30_000;
const EIGHTEEN_MONTHS_MS = 548 * 86_400_000;
const MOST_SKUS = 50;
const PERIOD = 6 * 3600;
/** Amazon's warehouses, beside the seller's own. */
const WAREHOUSE = 9000;

/**
 * `getInventorySummaries`: what lies in Amazon's warehouses, 50 SKUs a page; the token of a page is forgotten after 30 seconds, and
 * `startDateTime` is not in it.
 */
export function inventorySummaries(call: Call): Answer {
  const { request, nowMs, seal, world } = call;
  const { query } = request;
  const shop = shopOf(call);
  const fate = call.fate.within(shop);
  if (fate.befalls('noFba400')) throw invalidInput();
  const start = query.get('startDateTime');
  const startMs = start === undefined ? undefined : instantOf('startDateTime', start);
  if (startMs !== undefined && startMs < nowMs - EIGHTEEN_MONTHS_MS) throw invalidInput();
  const wanted = [...listOf(query.get('sellerSkus')), ...(query.has('sellerSku') ? [query.get('sellerSku')!] : [])];
  if (wanted.length > MOST_SKUS) throw invalidInput();
  const from = query.has('nextToken') ? markOf(call) : 0;
  const at = Math.floor(nowMs / 1000);
  const skus = world.trade.catalogue(shop).skus.filter((sku) => {
    if (!isStored(shop, sku) || sku.life.created > at) return false;
    if (wanted.length > 0) return wanted.includes(sellerSkuOf(sku));
    return startMs === undefined || updatedAt(sku, at) * 1000 >= startMs;
  });
  const stock = new Stock(world.trade);
  const isSkipped = (sku: Sku): boolean => wanted.length === 0 && fate.fallsOn(`111${sku.code}`, 'inventorySkip', 51);
  const page = skus.slice(from, from + PAGE).filter((sku) => !isSkipped(sku));
  const next = from + PAGE < skus.length ? { pagination: { nextToken: seal.close({ from: from + PAGE, issued: nowMs }) } } : {};
  const granularity = { granularityType: 'Marketplace', granularityId: shop.marketplace.id };
  const hasDetails = query.get('details') === 'true';
  const inventorySummaries = page.map((sku) => summaryJson(sku, { stock, shop, at, hasDetails }));
  return { body: { payload: { granularity, inventorySummaries }, ...next } };
}

function shopOf(call: Call): AmazonShop {
  const { query } = call.request;
  const ids = listOf(query.get('marketplaceIds'));
  const isMarketplace = query.get('granularityType') === 'Marketplace' && query.get('granularityId') === ids[0];
  const [shop] = ids.length === 1 && isMarketplace ? shopsIn(call, ids) : [];
  if (shop === undefined) throw invalidInput();
  return shop;
}

function markOf({ request, seal, nowMs }: Call): number {
  const mark = seal.open(request.query.get('nextToken')!);
  const isGood = mark !== undefined && 'from' in mark && 'issued' in mark && nowMs - Number(mark.issued) <= TOKEN_MS;
  if (!isGood) throw invalidInput('', 'The nextToken is invalid or has expired.');
  return Number(mark.from);
}

/** Whether the seller has sent it to Amazon: as many SKUs as orders that Amazon packs. */
function isStored({ terms, number }: AmazonShop, { code }: Sku): boolean {
  return mix(number, 71, Number(code.slice(-9))) % 100 < terms.fulfilledByPlatform * 100;
}

/** When the count of a SKU last changed: every six hours, each at a time of its own. */
function updatedAt({ code }: Sku, at: number): number {
  const own = mix(72, Number(code.slice(-9))) % PERIOD;
  return Math.floor((at - own) / PERIOD) * PERIOD + own;
}

function summaryJson(
  sku: Sku,
  { stock, shop, at, hasDetails }: { stock: Stock; shop: AmazonShop; at: number; hasDetails: boolean },
): object {
  const updated = updatedAt(sku, at);
  const fulfillableQuantity = isOnSale(sku.life, updated) ? stock.available(sku, WAREHOUSE + shop.number, updated) : 0;
  const chance = mix(shop.number, 73, Number(sku.code.slice(-9)), updated % 1_000_003);
  const reserved = chance % 5;
  const damaged = chance % 11 === 0 ? 2 : 0;
  const inbound = chance % 7 === 0 ? 40 : 0;
  return {
    asin: asinOf(sku),
    fnSku: fnskuOf(sku),
    sellerSku: sellerSkuOf(sku),
    condition: 'NewItem',
    productName: titleOf(sku),
    totalQuantity: fulfillableQuantity + reserved + damaged + inbound,
    lastUpdatedTime: wireTime(updated * 1000),
    ...(hasDetails
      ? {
          inventoryDetails: {
            fulfillableQuantity,
            inboundWorkingQuantity: 0,
            inboundShippedQuantity: inbound,
            inboundReceivingQuantity: 0,
            reservedQuantity: {
              totalReservedQuantity: reserved,
              pendingCustomerOrderQuantity: reserved,
              pendingTransshipmentQuantity: 0,
              fcProcessingQuantity: 0,
            },
            unfulfillableQuantity: { totalUnfulfillableQuantity: damaged, customerDamagedQuantity: damaged, defectiveQuantity: 0 },
          },
        }
      : {}),
  };
}
