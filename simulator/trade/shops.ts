/** The markets the invented sellers sell in. */
export type Region = 'ES' | 'GB' | 'US' | 'MX';

/** Which registration in Partner Center a seller authorizes: a US app and one for the rest of the world. */
export type AppKind = 'ROW' | 'US';

/** One shop of an invented seller. */
export interface Shop {
  /** 1 to 9: stands in its order ids and in all its chance. */
  readonly number: number;
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly region: Region;
  readonly zone: string;
  readonly currency: string;
  readonly account: string;
  /** Orders on an ordinary day of late 2026 at scale 1. */
  readonly ordersADay: number;
  readonly warehouses: readonly string[];
}

/** One invented seller: what a consent covers. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly baseRegion: Region;
  readonly sellerType: 'LOCAL' | 'CROSS_BORDER';
  readonly app: AppKind;
  readonly shops: readonly Shop[];
}

const ESTRELLA_ES: Shop = {
  number: 1,
  id: '7495540735365777101',
  code: 'ESLCEH7K2M',
  name: 'Estrella Hogar España',
  region: 'ES',
  zone: 'Europe/Madrid',
  currency: 'EUR',
  account: 'estrella-hogar',
  ordersADay: 30,
  warehouses: ['7410058873312314132', '7410058873312314133'],
};
const ESTRELLA_GB: Shop = {
  number: 2,
  id: '7495540735365777202',
  code: 'GBLCEH3P9Q',
  name: 'Estrella Hogar UK',
  region: 'GB',
  zone: 'Europe/London',
  currency: 'GBP',
  account: 'estrella-hogar',
  ordersADay: 18,
  warehouses: ['7410058873312324211', '7410058873312324212'],
};
const LONE_STAR: Shop = {
  number: 3,
  id: '7494049642642443303',
  code: 'USLCLS8T4W',
  name: 'Lone Star Living',
  region: 'US',
  zone: 'America/Los_Angeles',
  currency: 'USD',
  account: 'lone-star-living',
  ordersADay: 18,
  warehouses: ['7410058873312334311', '7410058873312334312'],
};
const LUZ_DE_CASA: Shop = {
  number: 4,
  id: '7496871159423384404',
  code: 'MXLCLC5R1Z',
  name: 'Luz de Casa MX',
  region: 'MX',
  zone: 'America/Mexico_City',
  currency: 'MXN',
  account: 'luz-de-casa',
  ordersADay: 12,
  warehouses: ['7410058873312344411'],
};

/** The invented sellers. */
export const ACCOUNTS: readonly Account[] = [
  {
    id: 'estrella-hogar',
    name: 'Estrella Hogar',
    baseRegion: 'ES',
    sellerType: 'CROSS_BORDER',
    app: 'ROW',
    shops: [ESTRELLA_ES, ESTRELLA_GB],
  },
  { id: 'luz-de-casa', name: 'Luz de Casa MX', baseRegion: 'MX', sellerType: 'LOCAL', app: 'ROW', shops: [LUZ_DE_CASA] },
  { id: 'lone-star-living', name: 'Lone Star Living', baseRegion: 'US', sellerType: 'LOCAL', app: 'US', shops: [LONE_STAR] },
];

/** Their shops, by number. */
export const SHOPS: readonly Shop[] = [ESTRELLA_ES, ESTRELLA_GB, LONE_STAR, LUZ_DE_CASA];

/** The seller's other shops in the same authorization. */
export function siblingsOf(shop: Shop): readonly Shop[] {
  return SHOPS.filter(({ account, number }) => account === shop.account && number !== shop.number);
}
