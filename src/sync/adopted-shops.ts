import type { Engine } from '../engines/engine.ts';
import { AppError } from '../kernel/errors.ts';
import { imaginedShop, shopsNamed, type Shop } from '../model/shop.ts';
import type { ToldShop } from '../platforms/platform.ts';
import { ensureShop, ensureShopKnownAs, readShops } from '../records/shops/shops.ts';
import type { AdoptRequest, ReadRecords } from './adopt.ts';
import { chooseShop } from './file-shop.ts';

/**
 * The shops by what records tell; under the empty name the one of those that tell none. A dry run only looks.
 * @throws AppError `invalid_parameter`, `import_setting_needed`
 */
export async function adoptedShops(
  engine: Engine,
  request: AdoptRequest,
  { told, untold, ids }: ReadRecords,
): Promise<{ shops: ReadonlyMap<string, Shop>; region: string | null }> {
  const { platform, records, region, platformShopId, dryRun } = request;
  const given = region === undefined ? null : records.shopIn(region);
  if (region !== undefined && !given)
    throw new AppError('invalid_parameter', {
      name: 'region',
      problem: {
        en: `${platform} has no market ${region}`,
        zh: `${platform} 没有站点 ${region}`,
        es: `${platform} no tiene el país ${region}`,
      },
    });
  const [most] = [...told.values()].toSorted((a, b) => b.records - a.records);
  const main = given ?? most?.shop ?? null;
  const stored = await engine.read((reader) => readShops(reader, [platform]));
  const named = request.shop === undefined ? undefined : shopsNamed(stored, request.shop)[0];
  const ensure = async (identity: ToldShop, id: string | undefined): Promise<Shop> => {
    const known = stored.find(
      (each) => (id !== undefined && each.connection?.platformShopId === id) || each.shop === shopsNamed(stored, identity.shop)[0]?.shop,
    );
    if (dryRun) return known ?? imaginedShop(identity);
    return id === undefined ? (known ?? (await ensureShop(engine, identity))) : ensureShopKnownAs(engine, identity, id);
  };
  const shops = new Map<string, Shop>();
  const isOne = request.shop !== undefined || records.oneShop;
  // What an older system had fetched of a shop that is connected now is that shop's.
  const chosen =
    request.shop === undefined && platformShopId === undefined
      ? await engine.read((reader) => chooseShop(reader, { platform, region: main?.region ?? null }, ids))
      : null;
  const connected = chosen?.shop.connection ? chosen.shop : null;
  if (!isOne) for (const [name, { shop }] of told) shops.set(name, await ensure(shop, undefined));
  const own = async (): Promise<Shop> => {
    if (connected) return connected;
    if (named) return ensure({ ...named, region: named.region ?? main?.region ?? '' }, platformShopId);
    if (!main) throw new AppError('import_setting_needed', { setting: 'region', option: 'region' });
    const identity = { ...main, shop: (isOne && request.shop?.trim()) || main.shop };
    return shops.get(identity.shop) ?? ensure(identity, platformShopId);
  };
  if (untold || (isOne && told.size > 0)) {
    const shop = await own();
    for (const name of ['', ...(isOne ? told.keys() : [])]) shops.set(name, shop);
  }
  return { shops, region: main?.region ?? shops.get('')?.region ?? null };
}
