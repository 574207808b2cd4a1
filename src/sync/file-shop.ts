import type { Reader } from '../engines/engine.ts';
import { readShops } from '../engines/shops.ts';
import { readShopsOfOrders } from '../engines/store.ts';
import type { PlatformId, Shop } from '../model/shop.ts';

/** Some of a file's order ids, spread over all of it, however long it is. */
export class IdSample {
  readonly #ids: string[] = [];
  #every = 1;
  #seen = 0;

  add(id: string): void {
    if (this.#seen++ % this.#every !== 0) return;
    this.#ids.push(id);
    if (this.#ids.length < LARGEST) return;
    // Every other one of those so far, and of those to come.
    for (let i = 0; i < LARGEST / 2; i++) this.#ids[i] = this.#ids[2 * i]!;
    this.#ids.length = LARGEST / 2;
    this.#every *= 2;
  }

  get ids(): readonly string[] {
    return this.#ids;
  }
}

const LARGEST = 1000;

/** A stored shop that orders are of whose file does not name it, and by what that is known: it has them, or it is the only one connected in their market. */
export interface ChosenShop {
  readonly shop: Shop;
  readonly by: 'orders' | 'region';
}

/** The shop of a platform that has orders of these ids, a connected one before others; else the one that is connected in the market; null where none or several are. */
export async function chooseShop(
  reader: Reader, { platform, region }: { readonly platform: PlatformId; readonly region: string | null }, ids: readonly string[],
): Promise<ChosenShop | null> {
  // Only a platform's ids are the same wherever they are told.
  if (platform === 'Other') return null;
  const shops = await readShops(reader, [platform]);
  if (shops.length === 0) return null;
  const having = await readShopsOfOrders(reader, platform, ids);
  const withOrders = having.map(({ shop_id: id }) => shops.find(({ shopId }) => shopId === id)!);
  const owner = withOrders.find(({ connection }) => connection !== null) ?? withOrders[0];
  if (owner) return { shop: owner, by: 'orders' };
  const inMarket = shops.filter(({ connection, region: market }) => connection !== null && market !== null && market === region);
  return inMarket.length === 1 ? { shop: inMarket[0]!, by: 'region' } : null;
}
