import { SELLERS, type Seller } from '../trade/sellers.ts';
import type { Shop } from '../trade/shops.ts';
import type { Terms } from '../trade/terms.ts';

/** Which registration in Partner Center a seller authorizes: a US app and one for the rest of the world. */
export type AppKind = 'ROW' | 'US';

/** A country in which the invented sellers sell on TikTok. */
export type TikTokCountry = 'ES' | 'GB' | 'US' | 'MX';

/** One shop of an invented seller, as TikTok knows it. */
export interface TikTokShop extends Shop {
  readonly country: TikTokCountry;
  readonly id: string;
  readonly code: string;
}

/** One invented seller: what a consent covers. */
export interface Account extends Seller {
  readonly sellerType: 'LOCAL' | 'CROSS_BORDER';
  readonly app: AppKind;
  readonly shops: readonly TikTokShop[];
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Samples for creators and replacements are everywhere, exchanges in two markets only. */
const KINDS: Terms['kinds'] = [
  ['sample', 0.008],
  ['replacement', 0.015],
];
const WITH_EXCHANGES: Terms['kinds'] = [...KINDS, ['exchange', 0.02]];
const COMMON = { thinkOver: HOUR, shipWithin: 6 * DAY, cashOnDelivery: 0 } as const;

/** How TikTok deals in each market. */
const TERMS: Readonly<Record<TikTokCountry, Terms>> = {
  ES: {
    ...COMMON,
    kinds: KINDS,
    fulfilledByPlatform: 0.12,
    ownCarrier: 0.22,
    cancelsLines: false,
    payWithin: DAY,
    transitDays: [1, 5],
    closedAfterDays: 14,
    shippingPrice: 399,
    shippingFreeFrom: 2500,
    vouchers: [200, 300, 500],
  },
  GB: {
    ...COMMON,
    kinds: WITH_EXCHANGES,
    fulfilledByPlatform: 0.25,
    ownCarrier: 0.25,
    cancelsLines: true,
    payWithin: DAY,
    transitDays: [1, 4],
    closedAfterDays: 14,
    shippingPrice: 299,
    shippingFreeFrom: 2500,
    vouchers: [200, 300, 500],
  },
  US: {
    ...COMMON,
    kinds: WITH_EXCHANGES,
    fulfilledByPlatform: 0.2,
    ownCarrier: 0.25,
    cancelsLines: true,
    payWithin: 2 * HOUR,
    transitDays: [2, 7],
    closedAfterDays: 15,
    shippingPrice: 599,
    shippingFreeFrom: 3000,
    vouchers: [250, 400, 800],
  },
  MX: {
    ...COMMON,
    kinds: KINDS,
    fulfilledByPlatform: 0,
    ownCarrier: 0.1,
    // Assumed: of these markets only Mexico pays at the door; the facts sheet names none of them.
    cashOnDelivery: 0.12,
    cancelsLines: false,
    // Shops paid in cash (OXXO) give the buyer days.
    payWithin: 2 * DAY,
    transitDays: [2, 8],
    closedAfterDays: 8,
    shippingPrice: 7900,
    shippingFreeFrom: 29900,
    vouchers: [3000, 5000, 9000],
  },
};

const ESTRELLA_ES: TikTokShop = {
  number: 1,
  platform: 'TikTok',
  seller: SELLERS.estrella.id,
  id: '7495540735365777101',
  code: 'ESLCEH7K2M',
  name: 'Estrella Hogar España',
  country: 'ES',
  zone: 'Europe/Madrid',
  currency: 'EUR',
  ordersADay: 30,
  warehouses: [4132, 4133],
  rush: { turns: [0, 3], of: 5 },
  terms: TERMS.ES,
};
const ESTRELLA_GB: TikTokShop = {
  number: 2,
  platform: 'TikTok',
  seller: SELLERS.estrella.id,
  id: '7495540735365777202',
  code: 'GBLCEH3P9Q',
  name: 'Estrella Hogar UK',
  country: 'GB',
  zone: 'Europe/London',
  currency: 'GBP',
  ordersADay: 18,
  warehouses: [4211, 4212],
  rush: { turns: [2], of: 5 },
  terms: TERMS.GB,
};
const LONE_STAR: TikTokShop = {
  number: 3,
  platform: 'TikTok',
  seller: SELLERS.loneStar.id,
  id: '7494049642642443303',
  code: 'USLCLS8T4W',
  name: 'Lone Star Living',
  country: 'US',
  zone: 'America/Los_Angeles',
  currency: 'USD',
  ordersADay: 18,
  warehouses: [4311, 4312],
  rush: { turns: [1], of: 5 },
  terms: TERMS.US,
};
const LUZ_DE_CASA: TikTokShop = {
  number: 4,
  platform: 'TikTok',
  seller: SELLERS.luz.id,
  id: '7496871159423384404',
  code: 'MXLCLC5R1Z',
  name: 'Luz de Casa MX',
  country: 'MX',
  zone: 'America/Mexico_City',
  currency: 'MXN',
  ordersADay: 12,
  warehouses: [4411],
  rush: { turns: [4], of: 5 },
  terms: TERMS.MX,
};

/** The invented sellers that are on TikTok. */
export const ACCOUNTS: readonly Account[] = [
  { ...SELLERS.estrella, sellerType: 'CROSS_BORDER', app: 'ROW', shops: [ESTRELLA_ES, ESTRELLA_GB] },
  { ...SELLERS.luz, sellerType: 'LOCAL', app: 'ROW', shops: [LUZ_DE_CASA] },
  { ...SELLERS.loneStar, sellerType: 'LOCAL', app: 'US', shops: [LONE_STAR] },
];

/** Their shops, by number. */
export const TIKTOK_SHOPS: readonly TikTokShop[] = [ESTRELLA_ES, ESTRELLA_GB, LONE_STAR, LUZ_DE_CASA];
