import { SELLERS, type Seller } from '../trade/sellers.ts';
import type { Country, Shop } from '../trade/shops.ts';
import type { Terms } from '../trade/terms.ts';
import { marketplaceIn, type Marketplace, type Region } from './marketplaces.ts';

/** One shop of an invented seller: what sells in one marketplace. */
export interface AmazonShop extends Shop {
  readonly marketplace: Marketplace;
}

/** One invented seller in one region: what a consent covers. */
export interface Account extends Seller {
  /** The selling partner id, which is the account's id here. */
  readonly id: string;
  readonly region: Region;
  readonly shops: readonly AmazonShop[];
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Parcels for orders of other channels, which stand as samples in the trade, and replacements are everywhere; exchanges are rare. */
const COMMON = {
  kinds: [
    ['sample', 0.01],
    ['replacement', 0.016],
    ['exchange', 0.018],
  ],
  ownCarrier: 1,
  cashOnDelivery: 0,
  cancelsLines: true,
  payWithin: 7 * HOUR,
  thinkOver: 30 * MINUTE,
  shipWithin: 7 * DAY,
  closedAfterDays: 14,
} as const satisfies Partial<Terms>;

/** How Amazon deals in each market: share that it packs itself, days on the way, shipping, vouchers. */
const TERMS: Readonly<Record<Country, Terms>> = {
  ES: terms(0.62, [1, 4], [299, 2900], [100, 200, 400]),
  FR: terms(0.7, [1, 5], [299, 3500], [100, 200, 400]),
  IT: terms(0.66, [1, 5], [299, 3500], [100, 200, 400]),
  DE: terms(0.74, [1, 4], [299, 3900], [100, 200, 400]),
  GB: terms(0.7, [1, 4], [299, 3500], [100, 200, 400]),
  NL: terms(0.5, [1, 4], [299, 2000], [100, 200]),
  BE: terms(0.5, [1, 4], [299, 2500], [100, 200]),
  PL: terms(0.4, [1, 5], [999, 4000], [500, 1000]),
  SE: terms(0.4, [2, 6], [3900, 22900], [2000, 4000]),
  US: terms(0.68, [2, 6], [599, 3500], [150, 300, 600]),
  CA: terms(0.55, [2, 8], [799, 3500], [200, 400]),
  MX: terms(0.35, [2, 7], [7900, 29900], [3000, 5000]),
};

const ES = shop(11, 'estrella', { name: 'Estrella Hogar', country: 'ES', zone: 'Europe/Madrid', ordersADay: 24, turns: [0, 4] });
const FR = shop(12, 'estrella', { name: 'Estrella Hogar FR', country: 'FR', zone: 'Europe/Paris', ordersADay: 8, turns: [1] });
const IT = shop(13, 'estrella', { name: 'Estrella Hogar IT', country: 'IT', zone: 'Europe/Rome', ordersADay: 7, turns: [2] });
const DE = shop(14, 'estrella', { name: 'Estrella Hogar DE', country: 'DE', zone: 'Europe/Berlin', ordersADay: 9, turns: [3] });
const GB = shop(15, 'estrella', { name: 'Estrella Hogar UK', country: 'GB', zone: 'Europe/London', ordersADay: 6, turns: [5] });
const NL = shop(16, 'estrella', { name: 'Estrella Hogar NL', country: 'NL', zone: 'Europe/Amsterdam', ordersADay: 2, turns: [] });
const BE = shop(17, 'estrella', { name: 'Estrella Hogar BE', country: 'BE', zone: 'Europe/Brussels', ordersADay: 1.5, turns: [] });
const PL = shop(18, 'estrella', { name: 'Estrella Hogar PL', country: 'PL', zone: 'Europe/Warsaw', ordersADay: 1.5, turns: [] });
const SE = shop(19, 'estrella', { name: 'Estrella Hogar SE', country: 'SE', zone: 'Europe/Stockholm', ordersADay: 1, turns: [] });
const MX = shop(21, 'luz', { name: 'Luz de Casa MX', country: 'MX', zone: 'America/Mexico_City', ordersADay: 8, turns: [6] });
const US = shop(22, 'loneStar', { name: 'Lone Star Living', country: 'US', zone: 'America/Los_Angeles', ordersADay: 16, turns: [7] });
const CA = shop(23, 'loneStar', { name: 'Lone Star Living CA', country: 'CA', zone: 'America/Toronto', ordersADay: 4, turns: [] });

/** The invented sellers that are on Amazon. */
export const ACCOUNTS: readonly Account[] = [
  { ...SELLERS.estrella, id: 'A2EH7R5LKQW9ZT', region: 'eu', shops: [ES, FR, IT, DE, GB, NL, BE, PL, SE] },
  { ...SELLERS.luz, id: 'A3LC4MX8VN2PDJ', region: 'na', shops: [MX] },
  { ...SELLERS.loneStar, id: 'A1LS6TXW3QK8BF', region: 'na', shops: [US, CA] },
];

/** Their shops, by number. */
export const AMAZON_SHOPS: readonly AmazonShop[] = ACCOUNTS.flatMap(({ shops }) => shops);

function terms(
  fulfilledByPlatform: number,
  transitDays: readonly [number, number],
  ...[[shippingPrice, shippingFreeFrom], vouchers]: readonly [readonly [number, number], readonly number[]]
): Terms {
  return { ...COMMON, fulfilledByPlatform, transitDays, shippingPrice, shippingFreeFrom, vouchers };
}

function shop(
  number: number,
  seller: keyof typeof SELLERS,
  { turns, ...rest }: Pick<AmazonShop, 'name' | 'zone' | 'ordersADay'> & { country: Country; turns: readonly number[] },
): AmazonShop {
  const marketplace = marketplaceIn(rest.country);
  return {
    ...rest,
    number,
    platform: 'Amazon',
    seller: SELLERS[seller].id,
    currency: marketplace.currency,
    warehouses: [4000 + number * 10 + 1, 4000 + number * 10 + 2],
    rush: { turns, of: 8 },
    terms: TERMS[rest.country],
    marketplace,
  };
}
