import type { Money } from './money.ts';

/** A SKU of a product, as it is offered. */
export interface ProductSku {
  readonly platformSku: string;
  readonly sellerSku: string | null;
  /** What tells it from the product's other SKUs, e.g. `Beige, M`. */
  readonly skuName: string | null;
  readonly image: string | null;
  readonly price: Money | null;
  readonly currency: string | null;
  /** Pieces in all warehouses; null where it is not told. */
  readonly stock: number | null;
}

/** A product as its shop offers it. */
export interface Product {
  readonly productId: string;
  readonly title: string | null;
  /** The platform's own word. */
  readonly status: string;
  /** Whether the platform says that it has been deleted. */
  readonly deleted: boolean;
  /** The last link of its chain of categories, and the chain, e.g. `Home > Curtains`. */
  readonly category: string | null;
  readonly categoryPath: string | null;
  readonly image: string | null;
  readonly brand: string | null;
  readonly createdAt: Temporal.Instant | null;
  readonly updatedAt: Temporal.Instant;
  readonly skus: readonly ProductSku[];
}
