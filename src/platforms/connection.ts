import type { PlatformId } from '../model/shop.ts';
import type { Call } from './operation.ts';

/** A registration that a seller's team has with a platform: some need one for each part of the world. */
export interface AppKind {
  /** Short and lasting: stored with what it authorized. */
  readonly name: string;
  readonly title: string;
  /** The markets it is for, in words, e.g. `all markets but the US`. */
  readonly markets: string;
  /** Where what the settings ask for stands. */
  readonly console?: string;
  /** ISO 3166-1 codes of the markets whose sellers consent to this registration; the first kind without a list takes the rest. */
  readonly regions?: readonly string[];
  readonly settings: AppSettings;
  /** Where the platform answers sellers of a market; null stands for the first it has. */
  hosts(region: string | null): Hosts;
}

/** The settings that hold a registration: `S7_`, the prefix and each one's own name. */
export interface AppSettings {
  /** E.g. `TIKTOK_ROW`. */
  readonly prefix: string;
  readonly key: AppSetting;
  readonly secret: AppSetting;
  /** What else the platform wants, by the name that {@link App.more} gives it. */
  readonly more: Readonly<Record<string, AppSetting>>;
}

/** One setting of a registration. */
export interface AppSetting {
  /** The end of its name, e.g. `APP_KEY`. */
  readonly name: string;
  /** What it is, e.g. `app key`. */
  readonly text: string;
}

/** The whole name of a registration's setting, e.g. `S7_TIKTOK_ROW_APP_KEY`. */
export function settingName({ settings }: Pick<AppKind, 'settings'>, { name }: Pick<AppSetting, 'name'>): string {
  return `S7_${settings.prefix}_${name}`;
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
  /** The newest first; while one is replaced by another both are good, or either. */
  readonly secrets: readonly [string, ...string[]];
  /** What {@link AppSettings.more} asks for. */
  readonly more: Readonly<Record<string, string>>;
  hosts(region: string | null): Hosts;
}

/** Where a seller begins to consent. */
export interface ConsentWish {
  readonly app: App;
  /** The seller's market, ISO 3166-1; null where nobody told it. */
  readonly region: string | null;
  /** Where the platform is to send the seller back to. */
  readonly redirectUrl: string;
  /** Comes back with the seller, unread. */
  readonly state: string;
  /** What whoever asks was sent here with: a platform on whose pages a consent can begin says so in it. */
  readonly query: Readonly<Record<string, unknown>>;
}

/** What the platform sent the seller back with. */
export interface ConsentAnswer extends Pick<ConsentWish, 'app' | 'region' | 'redirectUrl' | 'query'> {
  /** Calls for the registration: there is no account yet. */
  readonly call: Call;
}

/** What calls for an account need, by the platform's own names for it: tokens, keys. Sealed as a whole. */
export type Secrets = Readonly<Record<string, string>>;

/** What a seller's consent gives, and how long it lasts. */
export interface Grant {
  /** The seller's account with this app, stable over consents. */
  readonly account: string;
  readonly secrets: Secrets;
  /** When the secrets have to be renewed; null where they last as long as the consent. */
  readonly expiresAt: Temporal.Instant | null;
  /** When the seller's consent ends; null where the platform does not say. */
  readonly consentEndsAt: Temporal.Instant | null;
  readonly seller: string;
  /** The seller's own market, ISO 3166-1; null where nothing tells it. */
  readonly region: string | null;
  readonly scopes: readonly string[];
}

/** What a renewal may change of a grant. */
export type Renewed = Pick<Grant, 'secrets' | 'expiresAt' | 'consentEndsAt' | 'scopes'>;

/** A grant as it is held, for renewing it. */
export interface Held extends Pick<Grant, 'account' | 'region' | 'secrets' | 'consentEndsAt' | 'scopes'> {
  readonly app: App;
  /** Calls for the registration. */
  readonly call: Call;
}

/** A shop that a grant opens. */
export interface GrantedShop {
  /** The platform's own id of it. */
  readonly platformShopId: string;
  readonly name: string;
  readonly region: string;
  /** What calls for this shop carry to say which shop they mean, where that is not its id; may change with each consent. */
  readonly handle: string | null;
  /** What the platform does not tell but the market does. */
  readonly zone: string;
  readonly currency: string | null;
}

/** How a platform's shops are connected, and stay so. */
export interface Connection {
  readonly apps: readonly AppKind[];
  /** A market whose sellers the platform has, ISO 3166-1, for examples. */
  readonly exampleRegion: string;
  /** How long a seller has between asking for the address and coming back. */
  readonly stateMinutes: number;
  /** The scopes that reading needs: an authorization without one of them is told. */
  readonly scopes: readonly string[];
  /**
   * Where the seller consents.
   * @throws AppError `unknown_name` for a market that the platform does not have
   */
  consentUrl(wish: ConsentWish): string;
  /**
   * Ends a consent.
   * @throws AppError `consent_denied`, `consent_incomplete`; `consent_code_refused` when what came is used up, expired or not this app's
   */
  grant(answer: ConsentAnswer): Promise<Grant>;
  /**
   * New secrets in place of those that expire; absent where they do not.
   * @throws AppError `authorization_lost` when the seller has to consent again
   */
  renew?(held: Held): Promise<Renewed>;
  /** The shops a consent opens: none where the platform has not released one yet, so that it is asked again. */
  shops(call: Call, consent: Pick<Grant, 'account' | 'seller' | 'region'>): Promise<readonly GrantedShop[]>;
}
