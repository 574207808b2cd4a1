import type { Engine, Reader } from '../engines/engine.ts';
import { ensureShop, readShops, refuseLikeName } from '../records/shops/shops.ts';
import { readShopsOfOrders } from '../records/orders/stored-orders.ts';
import { AppError } from '../kernel/errors.ts';
import { imaginedShop, type PlatformId, type Shop } from '../model/shop.ts';
import type { FileSettings, FileShop } from '../platforms/file-preset.ts';
import type { Decision } from './decisions.ts';

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

/**
 * A stored shop that orders are of whose file does not name it, and by what that is known: it has them, or it is the only one connected in
 * their market.
 */
export interface ChosenShop {
  readonly shop: Shop;
  readonly by: 'orders' | 'region';
}

/**
 * The shop of a platform that has orders of these ids, a connected one before others; else the one that is connected in the market; null
 * where none or several are.
 */
export async function chooseShop(
  reader: Reader,
  { platform, region }: { readonly platform: PlatformId; readonly region: string | null },
  ids: readonly string[],
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

/** The shops that a file tells of, by the name it has for each, and order ids of each. */
export interface FileShops {
  readonly identities: ReadonlyMap<string, FileShop>;
  readonly ids: ReadonlyMap<string, IdSample>;
}

/** The stored shop of each shop in the file; one that the file does not name may be one that has its orders. A dry run only looks. */
export async function shopsOfFile(
  engine: Engine,
  { identities, ids }: FileShops,
  { settings, dryRun }: { readonly settings: FileSettings; readonly dryRun?: boolean | undefined },
): Promise<{ readonly shops: Map<string, Shop>; readonly decisions: Decision[] }> {
  const shops = new Map<string, Shop>();
  const decisions: Decision[] = [];
  const stored = await engine.read((reader) => readShops(reader));
  for (const [key, identity] of identities) {
    const chosen = identity.named ? null : await engine.read((reader) => chooseShop(reader, identity, ids.get(key)?.ids ?? []));
    if (chosen && chosen.shop.shop !== identity.shop) decisions.push({ decision: `shop_by_${chosen.by}`, shop: chosen.shop.shop });
    const known = chosen?.shop ?? stored.find(({ platform, shop }) => platform === identity.platform && shop === identity.shop);
    if (known && settings.zone && known.zone !== settings.zone) {
      throw new AppError('import_shop_conflict', { shop: known.shop, stored: known.zone, found: settings.zone });
    }
    if (!known)
      refuseLikeName(
        stored.filter(({ platform }) => platform === identity.platform),
        identity.shop,
      );
    const imagined = imaginedShop(identity);
    shops.set(key, known ?? (dryRun ? imagined : await ensureShop(engine, identity)));
  }
  return { shops, decisions };
}
