import { readShops } from '../../records/shops/shops.ts';
import { AppError } from '../../kernel/errors.ts';
import { shopsNamed, type PlatformId, type Shop, unknownShop } from '../../model/shop.ts';
import type { HttpRoom } from './room.ts';

/**
 * The shop a call means: the one named, else the only one that is connected.
 * @throws AppError `no_shop_connected`, `shop_needed` listing them, `unknown_shop`, `shop_not_connected`
 */
export async function chooseShop(room: HttpRoom, platform: PlatformId, name: string | undefined): Promise<Shop> {
  const stored = await room.engine.read((reader) => readShops(reader, [platform]));
  const connected = stored.filter(({ connection }) => connection !== null);
  if (name) {
    const found = shopsNamed(stored, name)[0] ?? stored.find(({ connection }) => connection?.platformShopId === name.trim());
    if (!found) throw unknownShop(name, stored);
    if (!found.connection) throw new AppError('shop_not_connected', { shop: found.shop });
    return found;
  }
  if (connected.length === 0) throw new AppError('no_shop_connected', { platform, start: `/api/${platform}/auth_url` });
  if (connected.length > 1) throw new AppError('shop_needed', { shops: connected.map(({ shop }) => shop) });
  return connected[0]!;
}
