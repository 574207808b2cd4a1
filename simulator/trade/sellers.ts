import type { Country } from './shops.ts';

/** One invented seller, who may have shops on any platform and sells the same goods in all of them. */
export interface Seller {
  readonly id: string;
  readonly name: string;
  /** Where the business is registered. */
  readonly home: Country;
}

/** The invented sellers: one that sells abroad as well, and two at home. */
export const SELLERS = {
  estrella: { id: 'estrella-hogar', name: 'Estrella Hogar', home: 'ES' },
  luz: { id: 'luz-de-casa', name: 'Luz de Casa MX', home: 'MX' },
  loneStar: { id: 'lone-star-living', name: 'Lone Star Living', home: 'US' },
} as const satisfies Readonly<Record<string, Seller>>;
