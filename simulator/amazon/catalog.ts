import { mix } from '../random.ts';
import type { Sku } from '../trade/catalogue.ts';
import { productStateAt } from '../trade/product-life.ts';
import { listOf, shopsIn, type Call } from './call.ts';
import { Refusal, invalidInput } from './envelope.ts';
import { asinOf, sellerSkuOf, titleOf } from './ids.ts';
import type { Answer } from './operations.ts';
import type { AmazonShop } from './shops.ts';

const DATASETS = new Set([
  'attributes',
  'classifications',
  'dimensions',
  'identifiers',
  'images',
  'productTypes',
  'relationships',
  'salesRanks',
  'summaries',
  'vendorDetails',
]);
const MOST_IDENTIFIERS = 20;
/** What each category is on Amazon: the root of its tree, the leaf's number and the type of its products. */
const CATEGORIES = {
  home: ['Home & Kitchen', '1055398', 'HOME'],
  kitchen: ['Kitchen & Dining', '284507', 'KITCHEN'],
  beauty: ['Beauty & Personal Care', '3760911', 'BEAUTY'],
  toys: ['Toys & Games', '165793011', 'TOYS_AND_GAMES'],
  clothes: ['Clothing, Shoes & Jewelry', '7141123011', 'APPAREL'],
} as const;

/** `searchCatalogItems`: by ASINs, by the seller's SKUs, or by words. What is not found is left out. */
export function searchCatalogItems(call: Call): Answer {
  const { query } = call.request;
  const shop = shopOf(call);
  const included = includedIn(query);
  const identifiers = listOf(query.get('identifiers'));
  const keywords = listOf(query.get('keywords'));
  const pageSize = Number(query.get('pageSize') ?? 10);
  if ((identifiers.length === 0) === (keywords.length === 0) || !(pageSize >= 1 && pageSize <= 20)) throw badRequest();
  if (identifiers.length > MOST_IDENTIFIERS) throw badRequest();
  const type = query.get('identifiersType');
  if (identifiers.length > 0 && type !== 'ASIN' && type !== 'SKU') throw badRequest();
  if (type === 'SKU' && query.get('sellerId') !== call.account.id) throw badRequest();
  const fate = call.fate.within(shop);
  const isPoisoned = (identifier: string): boolean => fate.dice.falls(hashOf(identifier), fate.faults.catalogBatchPoison, 41);
  if (identifiers.length > 1 && identifiers.some(isPoisoned)) {
    fate.note('catalogBatchPoison', true);
    throw badRequest();
  }
  const all = skusOf(call, shop);
  const found =
    identifiers.length > 0
      ? identifiers.flatMap((identifier) => all.find((sku) => (type === 'SKU' ? sellerSkuOf(sku) : asinOf(sku)) === identifier) ?? [])
      : all.filter((sku) => keywords.every((word) => titleOf(sku).toLowerCase().includes(word.toLowerCase())));
  const from = query.has('pageToken') ? pageFrom(call) : 0;
  const items = found.slice(from, from + pageSize).map((sku) => itemJson(sku, { shop, included, bySku: type === 'SKU', call }));
  const pagination = from + pageSize < found.length ? { pagination: { nextToken: call.seal.close({ from: from + pageSize }) } } : {};
  return { body: { numberOfResults: found.length, ...pagination, items } };
}

/** `getCatalogItem`: an ASIN that the marketplace does not have is not found. */
export function getCatalogItem(call: Call): Answer {
  const shop = shopOf(call);
  const asin = call.pathParts[0]!;
  const sku = skusOf(call, shop).find((each) => asinOf(each) === asin);
  if (sku === undefined)
    throw new Refusal(404, 'NOT_FOUND', `Requested item '${asin}' not found in marketplace(s) ${shop.marketplace.id}.`);
  return { body: itemJson(sku, { shop, included: includedIn(call.request.query), bySku: false, call }) };
}

function shopOf(call: Call): AmazonShop {
  const ids = listOf(call.request.query.get('marketplaceIds'));
  const [shop] = ids.length === 1 ? shopsIn(call, ids) : [];
  if (shop === undefined) throw badRequest();
  return shop;
}

function badRequest(): Refusal {
  return invalidInput('', 'Request has missing or invalid parameters and cannot be parsed.');
}

function includedIn(query: ReadonlyMap<string, string>): ReadonlySet<string> {
  const included = listOf(query.get('includedData') ?? 'summaries');
  if (included.some((each) => !DATASETS.has(each))) throw badRequest();
  return new Set(included);
}

function pageFrom({ request, seal }: Call): number {
  const mark = seal.open(request.query.get('pageToken')!);
  if (!mark || !('from' in mark)) throw badRequest();
  return Number(mark.from);
}

/** The SKUs whose products a buyer could see once: neither drafts nor what was deleted. */
function skusOf({ world, nowMs }: Call, shop: AmazonShop): Sku[] {
  const at = Math.floor(nowMs / 1000);
  return world.trade.products(shop).flatMap(({ life, skus }) => {
    const status = productStateAt(life, at)?.status;
    return status === undefined || status === 'draft' || status === 'deleted' ? [] : skus;
  });
}

function itemJson(
  sku: Sku,
  { shop, included, bySku, call }: { shop: AmazonShop; included: ReadonlySet<string>; bySku: boolean; call: Call },
): object {
  const marketplaceId = shop.marketplace.id;
  const [root, classificationId, productType] = CATEGORIES[sku.category];
  const classification = { displayName: root, classificationId };
  const hasSku = bySku && !call.fate.within(shop).befalls('catalogWithoutSku');
  const identifiers = [
    {
      identifierType: 'EAN',
      identifier: `84${String(mix(call.world.seed, Number(sku.code.slice(-9))))
        .padStart(11, '0')
        .slice(-11)}`,
    },
    ...(hasSku ? [{ identifierType: 'SKU', identifier: sellerSkuOf(sku) }] : []),
  ];
  const datasets: Readonly<Record<string, object>> = {
    summaries: [
      {
        marketplaceId,
        brand: 'Estrella Hogar',
        itemName: titleOf(sku),
        itemClassification: 'BASE_PRODUCT',
        browseClassification: classification,
      },
    ],
    images: [{ marketplaceId, images: [{ variant: 'MAIN', link: imageOf(sku), height: 1500, width: 1500 }] }],
    classifications: [{ marketplaceId, classifications: [classification] }],
    productTypes: [{ marketplaceId, productType }],
    identifiers: [{ marketplaceId, identifiers }],
  };
  return { asin: asinOf(sku), ...Object.fromEntries(Object.entries(datasets).filter(([name]) => included.has(name))) };
}

function imageOf({ picture }: Sku): string {
  return `https://m.media-amazon.com/images/I/${picture}._SL1500_.jpg`;
}

/** 14 digits that stand for an identifier, for draws by it. */
function hashOf(identifier: string): string {
  let sum = 7;
  for (const sign of identifier) sum = mix(sum, sign.charCodeAt(0));
  return String(sum).padStart(14, '1');
}
