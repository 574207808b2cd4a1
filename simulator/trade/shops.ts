import type { Terms } from './terms.ts';

/** A country in which the invented sellers sell. */
export type Country = 'ES' | 'GB' | 'US' | 'MX' | 'FR' | 'IT' | 'DE' | 'NL' | 'BE' | 'PL' | 'SE' | 'CA';

/** One shop of an invented seller on one platform. */
export interface Shop {
  /** Stands in all of its chance: no two shops of a world have the same, on whatever platform. */
  readonly number: number;
  readonly platform: string;
  /** The seller's id; the shops of one seller on one platform share some of their buyers. */
  readonly seller: string;
  readonly name: string;
  readonly country: Country;
  readonly zone: string;
  readonly currency: string;
  /** Orders on an ordinary day of late 2026 at scale 1. */
  readonly ordersADay: number;
  /** The numbers of its warehouses. */
  readonly warehouses: readonly number[];
  /** Which of so many orders of a rush, counted from 0, are this shop's. */
  readonly rush: { readonly turns: readonly number[]; readonly of: number };
  readonly terms: Terms;
}

/** The seller's other shops on the same platform. */
export function siblingsOf(shop: Shop, shops: readonly Shop[]): readonly Shop[] {
  return shops.filter(({ platform, seller, number }) => platform === shop.platform && seller === shop.seller && number !== shop.number);
}
