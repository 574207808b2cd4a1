import type { PlatformId } from '../model/shop.ts';

/** A registration that a seller's team has with a platform: some need one for each part of the world. */
export interface AppKind {
  /** Short and lasting: stored with what it authorized, part of the settings' names. */
  readonly name: string;
  readonly title: string;
  /** Where its key, secret and service id stand. */
  readonly console?: string;
  /** ISO 3166-1 codes of the markets whose sellers consent to this registration; the first kind without a list takes the rest. */
  readonly regions?: readonly string[];
  readonly hosts: Hosts;
}

/** Origins without a slash at the end, e.g. `https://auth.tiktok-shops.com`. */
export interface Hosts {
  readonly consent: string;
  readonly auth: string;
  readonly api: string;
}

/** A registration with its secrets, as the settings give it. */
export interface App {
  readonly platform: PlatformId;
  readonly kind: string;
  readonly key: string;
  readonly secret: string;
  /** What the consent page calls the app, where that is not the key. */
  readonly serviceId: string;
  readonly hosts: Hosts;
}

/** What a seller's consent gives: tokens and how long they last. */
export interface Grant {
  readonly accessToken: string;
  readonly accessExpiresAt: Temporal.Instant;
  readonly refreshToken: string;
  /** When the seller's consent ends; null where the platform does not say. */
  readonly refreshExpiresAt: Temporal.Instant | null;
  /** The seller's account with this app, stable over consents. */
  readonly account: string;
  readonly seller: string;
  /** Base region of the seller, ISO 3166-1. */
  readonly region: string | null;
  readonly scopes: readonly string[];
}

/** A shop that a grant opens. */
export interface GrantedShop {
  /** The platform's own id of it. */
  readonly platformShopId: string;
  readonly name: string;
  readonly region: string;
  /** What calls for this shop carry to say which shop they mean; may change with each consent. */
  readonly cipher: string;
  /** What the platform does not tell but the market does. */
  readonly zone: string;
  readonly currency: string | null;
}
