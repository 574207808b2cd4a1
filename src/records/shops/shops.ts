import { AppError } from '../../kernel/errors.ts';
import { cleanName } from '../../kernel/visible.ts';
import { isSameName, shopsNamed, type PlatformId, type Shop, type ShopConnection, type ShopIdentity } from '../../model/shop.ts';
import type { Engine, Reader, Transaction } from '../../engines/engine.ts';
import { isOneOf, sql } from '../../engines/sql.ts';
import { insertRow } from '../insertion.ts';

interface ShopRow extends Record<string, string | number | null> {
  shop_id: number;
  platform: PlatformId;
  shop: string;
  zone: string;
  currency: string | null;
  complete_at: string | null;
  region: string | null;
  vat_rate: string | null;
  platform_shop_id: string | null;
  cipher: string | null;
  authorization_id: number | null;
}

/** The shops in the store, by platform and name. */
export async function readShops(reader: Reader, platforms?: readonly PlatformId[]): Promise<Shop[]> {
  const rows = await reader.query<ShopRow>(
    sql`SELECT * FROM shops WHERE ${platforms ? isOneOf(sql`platform`, platforms) : sql`true`} ORDER BY platform, shop`,
  );
  return rows.map((row) => ({
    shopId: row.shop_id,
    platform: row.platform,
    shop: row.shop,
    zone: row.zone,
    currency: row.currency,
    completeAt: row.complete_at,
    region: row.region,
    vatRate: row.vat_rate,
    connection:
      row.authorization_id === null
        ? null
        : { authorizationId: row.authorization_id, platformShopId: row.platform_shop_id!, handle: row.cipher },
  }));
}

/** A shop's name comes from files and platforms: it is kept without signs that could play a trick on a terminal or page. */
function named<I extends ShopIdentity>(identity: I): I {
  return { ...identity, shop: cleanName(identity.shop) || identity.platform };
}

/**
 * The stored shop of that platform and name, made when it is new. A stored shop keeps its own zone and currency.
 * @throws AppError `shop_name_taken` where another is called so but for the case of letters
 */
export async function ensureShop(engine: Engine, told: ShopIdentity): Promise<Shop> {
  const identity = named(told);
  return engine.transaction(async (tx) => {
    const stored = await readShops(tx, [identity.platform]);
    const known = stored.find(({ shop }) => shop === identity.shop);
    if (!known) refuseLikeName(stored, identity.shop);
    return known ?? addShop(tx, identity);
  });
}

/**
 * The stored shop that records of a platform belong to: the one the platform calls so, else the one of that name, made when
 * it is new. It is known by the platform's id from then on, so that a consent later finds it.
 */
export async function ensureShopKnownAs(engine: Engine, told: ShopIdentity, platformShopId: string): Promise<Shop> {
  const identity = named(told);
  return engine.transaction(async (tx) => {
    const ids = await tx.query<{ shop_id: number; platform_shop_id: string | null }>(
      sql`SELECT shop_id, platform_shop_id FROM shops WHERE platform = ${identity.platform}`,
    );
    const stored = await readShops(tx, [identity.platform]);
    const byId = ids.find(({ platform_shop_id: id }) => id === platformShopId);
    const byName = shopsNamed(stored, identity.shop)[0];
    // A shop of that name which the platform calls otherwise is another one.
    const other = byName !== undefined && ids.some(({ shop_id: id, platform_shop_id: known }) => id === byName.shopId && known !== null);
    const found = byId
      ? stored.find(({ shopId }) => shopId === byId.shop_id)!
      : other || !byName
        ? await addShop(tx, other ? { ...identity, shop: `${identity.shop} ${platformShopId}` } : identity)
        : byName;
    if (!byId) await tx.run(sql`UPDATE shops SET platform_shop_id = ${platformShopId} WHERE shop_id = ${found.shopId}`);
    return found;
  });
}

/** What a consent tells of a shop. */
export interface ConnectedShop extends ShopIdentity {
  /** Whether a shop of its name that no consent has ever opened is this one. */
  readonly namedAsInFiles: boolean;
  readonly region: string;
  readonly connection: ShopConnection;
}

/**
 * Stores the shops of an authorization: known ones by the platform's id keep name, zone and currency and get the new
 * authorization, and so does one that files alone have told of where they call it the same; a new one whose name is taken is called by
 * name and region.
 */
export async function connectShops(tx: Transaction, connected: readonly ConnectedShop[]): Promise<Shop[]> {
  const shops: Shop[] = [];
  for (const { connection, region, namedAsInFiles, ...identity } of connected.map(named)) {
    const stored = await readShops(tx, [identity.platform]);
    const ids = await tx.query<{ shop_id: number }>(sql`
      SELECT shop_id FROM shops WHERE platform = ${identity.platform} AND (platform_shop_id = ${connection.platformShopId}
        OR (${namedAsInFiles} AND platform_shop_id IS NULL AND shop = ${identity.shop}))
      ORDER BY platform_shop_id NULLS LAST`);
    const names = [identity.shop, `${identity.shop} ${region}`, `${identity.shop} ${connection.platformShopId}`];
    const name = names.find((each) => !stored.some(({ shop }) => isSameName(shop, each))) ?? names.at(-1)!;
    const shopId = ids[0]?.shop_id ?? (await addShop(tx, { ...identity, shop: name })).shopId;
    await tx.run(sql`
      UPDATE shops SET region = ${region}, platform_shop_id = ${connection.platformShopId}, cipher = ${connection.handle},
        authorization_id = ${connection.authorizationId}::integer
      WHERE shop_id = ${shopId}`);
    shops.push((await readShops(tx, [identity.platform])).find((each) => each.shopId === shopId)!);
  }
  return shops;
}

/** @throws AppError `shop_name_taken`; `shop=` could not tell two such shops apart */
export function refuseLikeName(shops: readonly Pick<Shop, 'shop'>[], name: string): void {
  const other = shops.find(({ shop }) => isSameName(shop, name));
  if (other) throw new AppError('shop_name_taken', { shop: other.shop });
}

/** Shops of one platform whose names differ in the case of letters alone: they were made before that was refused. */
export async function readLikeNames(reader: Reader): Promise<{ platform: PlatformId; shops: string[] }[]> {
  const groups = Map.groupBy(await readShops(reader), ({ platform, shop }) => `${platform} ${shop.toLowerCase()}`);
  return [...groups.values()]
    .filter((own) => own.length > 1)
    .map((own) => ({ platform: own[0]!.platform, shops: own.map(({ shop }) => shop) }));
}

async function addShop(tx: Transaction, { platform, shop, zone, currency }: ShopIdentity): Promise<Shop> {
  await tx.run(sql`
    INSERT INTO shops (shop_id, platform, shop, zone, currency)
    VALUES (${await tx.numbers('shops', 1)}::smallint, ${platform}, ${shop}, ${zone}, ${currency})`);
  return (await readShops(tx, [platform])).find((each) => each.shop === shop)!;
}

/** A rate of value-added tax that holds for some goods of a shop; the simple form is {@link ShopSettings.vatRate}, for all others. */
export interface VatRule {
  /** Where the goods go, ISO 3166-1; null: anywhere. */
  readonly country: string | null;
  /** The first day it holds for; null: always. */
  readonly from: string | null;
  /** Percent, e.g. `21.00`. */
  readonly rate: string;
  /** Who pays the tax to the state. */
  readonly remittedBy: 'seller' | 'platform';
}

/** The rules of tax of the shops, by shop. */
export async function readVatRules(reader: Reader): Promise<(VatRule & { readonly shopId: number })[]> {
  const rows = await reader.query<{
    shop_id: number;
    country: string | null;
    from_day: string | null;
    rate: string;
    remitted_by: VatRule['remittedBy'];
  }>(sql`SELECT shop_id, country, from_day, rate, remitted_by FROM vat_rates ORDER BY shop_id, country NULLS LAST, from_day NULLS FIRST`);
  return rows.map(({ shop_id, country, from_day, rate, remitted_by }) => ({
    shopId: shop_id,
    country,
    from: from_day,
    rate,
    remittedBy: remitted_by,
  }));
}

/** What the seller may say of a shop; null empties, undefined leaves. */
export interface ShopSettings {
  readonly name?: string | undefined;
  readonly zone?: string | undefined;
  readonly currency?: string | null | undefined;
  /** Percent, e.g. `21.00`. */
  readonly vatRate?: string | null | undefined;
  /** All rules of tax beside it, in place of those there were. */
  readonly vatRules?: readonly VatRule[] | undefined;
}

/**
 * Changes what is kept of a shop itself; whoever gives it another zone moves what stands on its days.
 * @throws AppError `shop_name_taken`
 */
export async function changeShop(tx: Transaction, shop: Shop, { name, zone, currency, vatRate, vatRules }: ShopSettings): Promise<void> {
  const others = (await readShops(tx, [shop.platform])).filter(({ shopId }) => shopId !== shop.shopId);
  if (name !== undefined) refuseLikeName(others, name);
  const rate = vatRate === undefined ? shop.vatRate : vatRate;
  await tx.run(sql`
    UPDATE shops SET shop = ${name ?? shop.shop}, zone = ${zone ?? shop.zone}, currency =
    ${currency === undefined ? shop.currency : currency},
      vat_rate = ${rate}::decimal(5,2)
    WHERE shop_id = ${shop.shopId}`);
  if (!vatRules) return;
  await tx.run(sql`DELETE FROM vat_rates WHERE shop_id = ${shop.shopId}`);
  for (const { country, from, rate: percent, remittedBy } of vatRules) {
    const row = { shop_id: shop.shopId, country, from_day: from, rate: percent, remitted_by: remittedBy };
    await tx.run(insertRow('vat_rates', row));
  }
}

/** Lets go of a shop: its data stay, nothing more is fetched. */
export async function disconnectShop(tx: Transaction, shopId: number): Promise<void> {
  await tx.run(sql`UPDATE shops SET authorization_id = NULL, cipher = NULL WHERE shop_id = ${shopId}`);
}

/** Remembers, in one step with whatever `tx` does, that everything a source had for these shops is in. */
export async function markCompleteIn(tx: Transaction, shopIds: readonly number[], at: Temporal.Instant): Promise<void> {
  await tx.run(sql`UPDATE shops SET complete_at = ${at} WHERE ${isOneOf(sql`shop_id`, shopIds)}`);
}

/** Remembers that a shop's data reach to an instant; what is known to be fresher stays. */
export async function markCompleteUpTo(engine: Engine, shopId: number, at: Temporal.Instant): Promise<void> {
  await engine.transaction((tx) =>
    tx.run(sql`UPDATE shops SET complete_at = ${at} WHERE shop_id = ${shopId} AND (complete_at IS NULL OR complete_at < ${at})`),
  );
}

/** How much is stored, by platform and shop. */
export async function readShopTotals(
  reader: Reader,
): Promise<{ shop_id: number; orders: number; units: number; first_day: string | null; last_day: string | null }[]> {
  return reader.query(sql`
    SELECT shop_id, sum(orders)::bigint AS orders, sum(units)::bigint AS units, min(shop_day) AS first_day, max(shop_day) AS last_day
    FROM order_days GROUP BY 1 ORDER BY 1`);
}
