import { enteredAt, type Life } from '../trade/life.ts';
import type { TikTokCountry } from './shops.ts';
import type { TikTokOrder } from './tiktok-world.ts';

const CARRIERS: Record<TikTokCountry, readonly { name: string; id: string }[]> = {
  ES: [
    { name: 'Correos Express', id: '6617675021119438849' },
    { name: 'SEUR', id: '6617675021119438850' },
  ],
  GB: [
    { name: 'Evri', id: '6617675021119438851' },
    { name: 'Royal Mail', id: '6617675021119438852' },
  ],
  US: [
    { name: 'USPS', id: '6617675021119438853' },
    { name: 'UPS', id: '6617675021119438854' },
  ],
  MX: [
    { name: 'J&T Express', id: '6617675021119438855' },
    { name: 'iMile', id: '6617675021119438856' },
  ],
};

/** Who carries an order's packages. */
export function carrierOf({ id, shop }: TikTokOrder): { name: string; id: string } {
  return CARRIERS[shop.country][id.charCodeAt(id.length - 1) % 2]!;
}

/** When the first package was handed over, if it has been by that second. */
export function shippedAt(life: Life, at: number): number | undefined {
  return enteredAt(life, 'partlyPacked', at) ?? enteredAt(life, 'packed', at);
}

/** What the carrier calls a package. */
export function trackingNumberOf(orderId: string, parcel: number): string {
  return `TT${orderId.slice(3, 17)}${parcel}`;
}
