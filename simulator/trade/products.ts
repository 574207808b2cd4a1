import { Random, mix } from '../random.ts';
import type { Catalogue, Category, Sku } from './catalogue.ts';
import { productStateAt, unsoldProductLife, type ProductLife, type ProductState } from './product-life.ts';
import type { Shop } from './shops.ts';

/** One product as a shop lists it. */
export interface Product {
  /** Its place in the shop's list. */
  readonly place: number;
  /** The shop's number. */
  readonly shop: number;
  /** 13 digits that name it within the shop, among those that somebody buys or among the others. */
  readonly code: string;
  readonly isWanted: boolean;
  readonly title: string;
  readonly category: Category;
  /** The name of its picture. */
  readonly picture: string;
  readonly life: ProductLife;
  readonly skus: readonly Sku[];
}

/** A product at a second, with nothing hidden. */
export interface ListedProduct {
  readonly product: Product;
  readonly state: ProductState;
}

/** Products that nobody buys, in every shop. */
const UNSOLD = 6;

/** All products a shop will ever have: those of its catalogue, and others up to a number, that are never ordered. */
export function productsOf(
  seed: number,
  shop: Shop,
  { catalogue, atLeast }: { catalogue: Catalogue; atLeast: number },
): readonly Product[] {
  const byProduct = Map.groupBy(catalogue.skus, ({ product }) => product);
  const sold = [...byProduct.values()].map((skus, place): Product => {
    const { product, productName, category, picture, life } = skus[0]!;
    return { place, shop: shop.number, code: product, isWanted: true, title: productName, category, picture, life, skus };
  });
  const unsold = Math.max(UNSOLD, atLeast - sold.length);
  const models = sold.slice(0, 12);
  return [
    ...sold,
    ...Array.from({ length: unsold }, (_, nth) =>
      unsoldProduct(seed, shop, { nth, of: unsold, place: sold.length + nth, model: models[nth % models.length]! }),
    ),
  ];
}

/** The products a shop has at a second, deleted ones among them. */
export function productsAt(products: readonly Product[], at: number): ListedProduct[] {
  return products.flatMap((product) => {
    const state = productStateAt(product.life, at);
    return state === undefined ? [] : [{ product, state }];
  });
}

function unsoldProduct(
  seed: number,
  shop: Shop,
  { nth, of, place, model }: { nth: number; of: number; place: number; model: Product },
): Product {
  const random = new Random(mix(seed, 970 + shop.number, nth));
  const number = String(nth).padStart(5, '0');
  const code = `${random.digits(8)}${number}`;
  const title = `${model.title} ${nth + 2}`;
  const life = unsoldProductLife(seed, shop.number, { place: nth, of });
  const [first] = model.skus;
  const sku: Sku = {
    ...first!,
    product: code,
    isWanted: false,
    productName: title,
    code: `${random.digits(8)}${number}`,
    sellerSku: `EH-X${number}`,
    life,
    bundleOf: undefined,
  };
  return {
    place,
    shop: shop.number,
    code,
    isWanted: false,
    title,
    category: model.category,
    picture: model.picture,
    life,
    skus: [sku],
  };
}
