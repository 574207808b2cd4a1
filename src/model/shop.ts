import { AppError } from '../kernel/errors.ts';
import { nearestOf } from '../kernel/nearest.ts';

/** Where orders come from; `Other` is for files of no platform. The value stored and the URL segment. */
export const PLATFORM_IDS = ['TikTok', 'Shein', 'Amazon', 'Other'] as const;
export type PlatformId = (typeof PLATFORM_IDS)[number];

/** What the trade has to know of a platform, whatever its orders came as. */
export interface PlatformFacts {
  /** Whether it tells of no delivery, so that an order is at its end when it is shipped. */
  readonly shippedIsFinal: boolean;
  /** Whether an order id is the same order in whichever shop it stands. */
  readonly ownOrderIds: boolean;
}

/** The facts of every platform. */
export const PLATFORM_FACTS: Readonly<Record<PlatformId, PlatformFacts>> = {
  TikTok: { shippedIsFinal: false, ownOrderIds: true },
  Shein: { shippedIsFinal: false, ownOrderIds: true },
  Amazon: { shippedIsFinal: true, ownOrderIds: false },
  Other: { shippedIsFinal: false, ownOrderIds: false },
};

/** The platforms of which a fact holds. */
export function platformsWith(fact: keyof PlatformFacts): PlatformId[] {
  return PLATFORM_IDS.filter((id) => PLATFORM_FACTS[id][fact]);
}

/** A shop as it is known before it is stored. */
export interface ShopIdentity {
  readonly platform: PlatformId;
  /** Its name on the platform, unique there: a shop id, a marketplace, or what the user called it. */
  readonly shop: string;
  /** IANA zone of the shop's clock: it decides the shop day. */
  readonly zone: string;
  /** Currency of the shop (ISO 4217), or null where its orders say so one by one. */
  readonly currency: string | null;
}

/** A stored shop. */
export interface Shop extends ShopIdentity {
  /** Its number inside the store; never shown. */
  readonly shopId: number;
  /** When data of this shop last came in completely, ISO instant, or null. */
  readonly completeAt: string | null;
  /** Its market, ISO 3166-1; null for a shop known from files alone. */
  readonly region: string | null;
  /** Value-added tax in percent as the seller set it, e.g. `21.00`. */
  readonly vatRate: string | null;
  /** How it is fetched; null when it is not: files only, or disconnected. */
  readonly connection: ShopConnection | null;
}

/** The shops that a person means by a name: the one that is written so, else those that differ in the case of letters alone. */
export function shopsNamed<S extends Pick<Shop, 'shop'>>(shops: readonly S[], name: string): S[] {
  const wanted = name.trim();
  const exact = shops.filter(({ shop }) => shop === wanted);
  return exact.length > 0 ? exact : shops.filter(({ shop }) => isSameName(shop, wanted));
}

/** The refusal of a name that none of the shops has. */
export function unknownShop(name: string, shops: readonly Pick<Shop, 'shop'>[]): AppError {
  const known = shops.map(({ shop }) => shop);
  return new AppError('unknown_shop', { shop: name.trim(), shops: known }, { meant: nearestOf(name, known) });
}

/** Whether two names differ in the case of letters at most: no two shops of a platform may. */
export function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** A shop as it would be stored; for looking at files without writing. */
export function imaginedShop(identity: ShopIdentity): Shop {
  return { ...identity, shopId: 0, completeAt: null, region: null, vatRate: null, connection: null };
}

/** What a call for a shop needs. */
export interface ShopConnection {
  readonly authorizationId: number;
  /** The platform's own id of the shop. */
  readonly platformShopId: string;
  /** What calls carry to say which shop they mean, where that is not its id. */
  readonly handle: string | null;
}

/** What calls name a connected shop by: its handle, else the platform's own id. */
export function nameInCalls({ connection }: Pick<Shop, 'connection'>): string {
  return connection!.handle ?? connection!.platformShopId;
}
