import { Random, mix, weighted } from '../random.ts';
import { ITEMS, RANGES, VARIANTS } from './catalogue-items.ts';
import { soldProductLife, type ProductLife } from './product-life.ts';
import type { Country, Shop } from './shops.ts';

/** The categories of the catalogue. */
export const CATEGORIES = ['home', 'kitchen', 'beauty', 'toys', 'clothes'] as const;
/** One of them. */
export type Category = (typeof CATEGORIES)[number];

/** One sellable variant as one shop lists it. */
export interface Sku {
  /** The shop's number. */
  readonly shop: number;
  /** 13 digits that name its product within the shop, among those that somebody buys or among the others. */
  readonly product: string;
  readonly productName: string;
  readonly category: Category;
  /** 13 digits that name it in the same way. */
  readonly code: string;
  readonly skuName: string;
  /** The seller's own code, the same in all shops; undefined where the seller never filled it in. */
  readonly sellerSku: string | undefined;
  /** The name of its picture. */
  readonly picture: string;
  /** Whether anybody ever buys it. */
  readonly isWanted: boolean;
  /** Price in the currency's minor unit. */
  readonly price: number;
  /** The share of its pieces that buyers ask to return. */
  readonly returnRate: number;
  /** When its product can be bought. */
  readonly life: ProductLife;
  /** What a virtual bundle is made of; undefined for an ordinary SKU. */
  readonly bundleOf: readonly Sku[] | undefined;
}

/** The catalogue of one shop. */
export interface Catalogue {
  readonly skus: readonly Sku[];
  /** Picks a SKU by category and popularity: two numbers in [0, 1). */
  pick(category: Category, share: number): Sku;
}

/** Euro cents to the market's price, before it is rounded to an ending in 9. */
const PRICE_FACTORS: Record<Country, number> = {
  ES: 1,
  GB: 0.88,
  US: 1.12,
  MX: 19.5,
  FR: 1.04,
  IT: 1.01,
  DE: 1.02,
  NL: 1.05,
  BE: 1.05,
  PL: 4.3,
  SE: 11.4,
  CA: 1.52,
};

/** The catalogues by shop number. */
export function openCatalogues(seed: number, shops: readonly Shop[]): ReadonlyMap<number, Catalogue> {
  return new Map(shops.map((shop) => [shop.number, catalogueOf(seed, shop)]));
}

function catalogueOf(seed: number, shop: Shop): Catalogue {
  const listed = listing(seed, shop);
  const pickers = new Map<Category, (share: number) => { sku: Sku }>();
  for (const category of CATEGORIES) {
    pickers.set(
      category,
      weighted(
        listed.filter(({ sku }) => sku.category === category),
        ({ weight }) => weight,
      ),
    );
  }
  return { skus: listed.map(({ sku }) => sku), pick: (category, share) => pickers.get(category)!(share).sku };
}

function listing(seed: number, shop: Shop): { sku: Sku; weight: number }[] {
  const spanish = shop.country === 'ES' || shop.country === 'MX';
  const random = new Random(mix(seed, 900 + shop.number));
  const listed: { sku: Sku; weight: number }[] = [];
  let product = 0;
  for (const line of ITEMS.trim().split('\n')) {
    const [category = '', code = '', english = '', spanishName = '', cents = '', kind = '', popularity = ''] = line.split('|');
    for (const range of RANGES) {
      product++;
      // Each shop has its own favourites: the same product sells differently in two markets.
      const favour = Number(popularity) ** 1.6 * range.popularity * (0.4 + 1.6 * random.next());
      const productCode = `${random.digits(9)}${String(product).padStart(4, '0')}`;
      const name = spanish ? `${spanishName} ${range.name}` : `${range.name} ${english.toLowerCase()}`;
      const picture = `${code.toLowerCase()}${random.digits(12)}`;
      const bundleOf = code === 'ORB' && range.name === 'Cielo' ? bundled(listed) : undefined;
      const life = soldProductLife(seed, shop.number, { product, isDispensable: range.name === 'Cielo' });
      const variants = VARIANTS[kind]!;
      variants.forEach(([variant, inEnglish, inSpanish, factor], at) => {
        listed.push({
          weight: favour / (at + 1.3),
          sku: {
            shop: shop.number,
            product: productCode,
            productName: name,
            category: category as Category,
            picture,
            isWanted: true,
            life,
            bundleOf,
            code: `${random.digits(8)}${String(product).padStart(4, '0')}${at}`,
            skuName: spanish ? inSpanish : inEnglish,
            sellerSku: random.chance(0.03) ? undefined : `EH-${code}-${range.name.slice(0, 2).toUpperCase()}-${variant}`,
            price: priced(Number(cents) * range.factor * factor * PRICE_FACTORS[shop.country], shop.country),
            returnRate: returnRateOf(seed, category as Category, product * 10 + at),
          },
        });
      });
    }
  }
  return listed;
}

/** No piece is returned more often than this. */
export const HIGHEST_RETURN_RATE = 0.23;
const RETURN_RATES: Record<Category, number> = { home: 0.062, kitchen: 0.055, beauty: 0.045, toys: 0.07, clothes: 0.175 };

/** Clothes come back three times as often as anything else; within a category some variants disappoint more than others. */
function returnRateOf(seed: number, category: Category, variant: number): number {
  return Math.min(HIGHEST_RETURN_RATE, RETURN_RATES[category] * (0.75 + 0.5 * new Random(mix(seed, 901, variant)).next()));
}

/** The largest gift box is a virtual bundle of two other things. */
function bundled(listed: readonly { sku: Sku }[]): Sku[] {
  return listed
    .map(({ sku }) => sku)
    .filter(({ productName, category }) => category === 'beauty' && productName.includes('Alba'))
    .slice(0, 2);
}

/** 12.99 and the like; pesos end in a whole 9. */
function priced(cents: number, country: Country): number {
  if (country === 'MX') return Math.max(1, Math.round(cents / 1000)) * 1000 - 100;
  return Math.max(1, Math.round(cents / 100)) * 100 - 1;
}
