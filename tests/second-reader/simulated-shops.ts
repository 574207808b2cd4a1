import { cancellationObject } from '../../simulator/tiktok/wire-cancellation.ts';
import { orderText } from '../../simulator/tiktok/wire-order.ts';
import { returnObject } from '../../simulator/tiktok/wire-return.ts';
import type { TikTokWorld } from '../../simulator/tiktok/tiktok-world.ts';
import type { PlainPlaced } from './plain-records.ts';
import { readCancellation, readOrder, readReturn, type RegionNames } from './tiktok-documents.ts';

/** Every order of a simulated shop as its documents tell it at a second, with the claims on it. */
export function readShop(
  world: TikTokWorld,
  name: string,
  { at, names = new Map() }: { readonly at: number; readonly names?: RegionNames },
): PlainPlaced[] {
  const shop = world.shops.find((each) => each.name === name)!;
  const plain = { platform: 'TikTok', shop: shop.name, zone: shop.zone, currency: shop.currency } as const;
  return [...world.orders(shop, at)].map((order) => ({
    shop: plain,
    order: readOrder(JSON.parse(orderText(order, at)), names),
    claims: [
      ...world.returnsOf(order, at).flatMap((each) => readReturn(returnObject(each, { at, seed: world.seed, locale: undefined }))),
      ...world
        .cancellationsOf(order, at)
        .flatMap((each) => readCancellation(cancellationObject(each, { at, version: '202602', locale: undefined }))),
    ],
  }));
}
