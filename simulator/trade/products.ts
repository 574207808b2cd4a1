import { Random, mix } from '../random.ts';
import type { Catalogue, Category, Sku } from './catalogue.ts';
import { productStateAt, unsoldProductLife, type ProductLife, type ProductState } from './product-life.ts';
import type { Shop } from './shops.ts';

/** One product as a shop lists it. */
export interface Product {
  /** Its place in the shop's list. */
  readonly place: number;
  readonly id: string;
  readonly title: string;
  readonly category: Category;
  readonly image: string;
  readonly life: ProductLife;
  readonly skus: readonly Sku[];
}

/** A product at a second, with nothing hidden. */
export interface WorldProduct {
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
  const byProduct = Map.groupBy(catalogue.skus, ({ productId }) => productId);
  const sold = [...byProduct.values()].map((skus, place): Product => {
    const { productId, productName, category, image, life } = skus[0]!;
    return { place, id: productId, title: productName, category, image, life, skus };
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
export function productsAt(products: readonly Product[], at: number): WorldProduct[] {
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
  const id = `17296${shop.number}${random.digits(8)}${number}`;
  const title = `${model.title} ${nth + 2}`;
  const life = unsoldProductLife(seed, shop.number, { place: nth, of });
  const [first] = model.skus;
  const sku: Sku = {
    ...first!,
    productId: id,
    productName: title,
    skuId: `17298${shop.number}${random.digits(8)}${number}`,
    sellerSku: `EH-X${number}`,
    life,
    bundleOf: undefined,
  };
  return { place, id, title, category: model.category, image: model.image, life, skus: [sku] };
}
