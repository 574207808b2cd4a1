import {
  forgetSecretsWithoutShop,
  keepAuthorization,
  readAuthorization,
  useState,
  type Authorization,
} from '../records/shops/authorizations.ts';
import type { Engine } from '../engines/engine.ts';
import { connectShops, disconnectShop } from '../records/shops/shops.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import type { Vault } from '../kernel/vault.ts';
import type { PlatformId, Shop } from '../model/shop.ts';
import type { Access, Caller, Client } from '../platforms/client.ts';
import {
  settingName,
  type App,
  type AppKind,
  type Connection,
  type Grant,
  type GrantedShop,
  type Renewed,
} from '../platforms/connection.ts';
import type { Call } from '../platforms/operation.ts';
import type { Platform, PlatformApi } from '../platforms/platform.ts';
import { readState, signState } from './consent-state.ts';
import { openSecrets } from './held-secrets.ts';

/** What consent and tokens need of their surroundings. */
export interface AuthorizationRoom {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly client: Client;
  readonly platforms: readonly Platform[];
  /** The registrations that the settings name. */
  readonly apps: readonly App[];
}

/** What a consent brought. */
export interface Connected {
  readonly platform: PlatformId;
  readonly authorizationId: number;
  readonly seller: string;
  readonly shops: readonly Shop[];
  /** Scopes that reading needs and the seller's consent lacks. */
  readonly missingScopes: readonly string[];
}

/** How a consent is begun: for the sellers of a market, where the platform is to send them back to, and what they came with. */
export interface ConsentBegun {
  /** ISO 3166-1. */
  readonly region: string | undefined;
  readonly redirectUrl: string;
  readonly query: Readonly<Record<string, unknown>>;
}

/** Connects shops and keeps their tokens fresh. */
export interface Authorizations {
  /**
   * Where a seller consents.
   * @throws AppError `app_not_configured`, `api_not_offered`
   */
  consentUrl(platform: PlatformId, begun: ConsentBegun): string;
  /**
   * Ends a consent with what the platform sent the seller back with: tokens kept, shops stored.
   * @throws AppError `consent_state_invalid`, `consent_state_expired`, `consent_state_used`,
   *   `consent_denied`, `consent_incomplete`, `consent_code_refused`
   */
  complete(platform: PlatformId, query: Readonly<Record<string, unknown>>): Promise<Connected>;
  /**
   * Asks again which shops a consent opens, and connects them.
   * @throws AppError the platform's errors
   */
  findShops(authorizationId: number): Promise<readonly Shop[]>;
  /**
   * Gets new secrets now, where the platform renews them; several at once are one.
   * @throws AppError `authorization_lost` and the platform's errors
   */
  refresh(authorizationId: number): Promise<Authorization>;
  /** Whether the platform renews secrets: where it does not, those of a consent last as long as it does. */
  renews(platform: PlatformId): boolean;
  /**
   * Calls for a connected shop, as urgent as told.
   * @throws AppError `shop_not_connected`, `app_not_configured`
   */
  callFor(
    shop: Shop,
    how?: Pick<Caller, 'signal' | 'urgency' | 'longestWaitMs'>,
  ): Promise<{ readonly api: PlatformApi; readonly call: Call }>;
  /** Lets go of a shop; tokens that open no other are erased. */
  disconnect(shop: Shop): Promise<void>;
}

/** The path under a public address that the platform sends the seller back to. */
export function callbackPath(platform: PlatformId): string {
  return `/api/${platform}/callback`;
}

/** Opens the room's authorizations. */
export function openAuthorizations(room: AuthorizationRoom): Authorizations {
  const { engine, clock, vault, client } = room;

  const apiOf = (platform: PlatformId): PlatformApi => {
    const api = room.platforms.find(({ id }) => id === platform)?.api;
    if (!api) throw new AppError('api_not_offered', { platform });
    return api;
  };
  const appOf = (platform: PlatformId, name: string, region = name): App => {
    const app = room.apps.find((each) => each.platform === platform && each.kind === name);
    if (app) return app;
    const kind = apiOf(platform).apps.find((each) => each.name === name);
    throw new AppError('app_not_configured', { platform, region, settings: kind ? settingNames(kind) : [] });
  };
  const secrets = openSecrets({ ...room, of: ({ platform, app }) => ({ api: apiOf(platform), app: appOf(platform, app) }) });

  return {
    consentUrl(platform, { region, redirectUrl, query }) {
      const api = apiOf(platform);
      const told = region ?? api.marketOf?.(query);
      const market = told ? countryOf(told) : undefined;
      const kind = kindOf(api, market).name;
      const app = appOf(platform, kind, market ?? kind);
      const begun = { region: market ?? null, redirectUrl };
      return api.consentUrl({ app, ...begun, query, state: signState(room, { platform, app: kind, ...begun }, api.stateMinutes) });
    },
    async complete(platform, query) {
      const api = apiOf(platform);
      const start = `/api/${platform}/auth_url`;
      const state = readState(room, query['state'], { platform, minutes: api.stateMinutes, start });
      const fresh = await engine.transaction((tx) =>
        useState(tx, { nonce: state.nonce, expiresAt: Temporal.Instant.fromEpochMilliseconds(state.expiresAt), now: clock.now() }),
      );
      if (!fresh) throw new AppError('consent_state_used', { start });
      const app = appOf(platform, state.app);
      const { region = null, redirectUrl = '' } = state;
      const call = client.callFor(api, { app, region });
      const first = await api.grant({ app, call, region, redirectUrl, query, now: clock.now() });
      const held = holdGrant(first, {
        platform,
        renew: api.renew && ((grant) => api.renew!({ ...grant, app, call, now: clock.now() })),
      });
      const found = await api.shops(client.callFor(api, { app, region: first.region, access: held.access }), first);
      const granted = held.grant();
      return engine.transaction(async (tx) => {
        const { account, seller } = granted;
        const authorizationId = await keepAuthorization(
          tx,
          { platform, app: app.kind, account, seller, region: granted.region },
          { granted, vault, at: clock.now() },
        );
        const shops = await connectShops(tx, shopsOf({ platform, authorizationId }, found));
        return { platform, authorizationId, seller, shops, missingScopes: api.scopes.filter((scope) => !granted.scopes.includes(scope)) };
      });
    },
    async findShops(authorizationId) {
      const row = await engine.read((reader) => readAuthorization(reader, authorizationId));
      if (!row) return [];
      const { platform, region } = row;
      const call = client.callFor(apiOf(platform), { app: appOf(platform, row.app), region, access: secrets.accessOf(row) });
      const found = await apiOf(platform).shops(call, row);
      return engine.transaction((tx) => connectShops(tx, shopsOf(row, found)));
    },
    refresh: secrets.renew,
    renews: (platform) => apiOf(platform).renew !== undefined,
    async callFor(shop, how = {}) {
      if (!shop.connection) throw new AppError('shop_not_connected', { shop: shop.shop });
      const { authorizationId, platformShopId, handle } = shop.connection;
      const row = await engine.read((reader) => readAuthorization(reader, authorizationId));
      if (!row) throw new AppError('shop_not_connected', { shop: shop.shop });
      const api = apiOf(shop.platform);
      const app = appOf(shop.platform, row.app);
      const access = secrets.accessOf(row);
      return { api, call: client.callFor(api, { app, region: row.region, access, shop: { platformShopId, handle }, ...how }) };
    },
    disconnect: (shop) =>
      engine.transaction(async (tx) => {
        await disconnectShop(tx, shop.shopId);
        if (shop.connection) await forgetSecretsWithoutShop(tx, shop.connection.authorizationId);
      }),
  };
}

/** The names of the settings that a registration is not whole without. */
export function settingNames(kind: AppKind): string[] {
  const { key, secret, more } = kind.settings;
  return [key, secret, ...Object.values(more).filter(({ optional }) => !optional)].map((each) => settingName(kind, each));
}

/** ISO 3166-1 code of a country, given that or what is written for it: `uk` is `GB`. */
function countryOf(code: string): string | undefined {
  return new Intl.Locale('und', { region: code }).region;
}

/** The registration that sellers of a region consent to. */
export function kindOf({ apps }: Pick<Connection, 'apps'>, region: string | undefined): AppKind {
  const wanted = region?.toUpperCase();
  const named = apps.find(({ regions }) => wanted !== undefined && regions?.includes(wanted));
  return named ?? apps.find(({ regions }) => !regions) ?? apps[0]!;
}

/** The shops of a consent, as they are stored. */
function shopsOf(
  { platform, authorizationId }: Pick<Authorization, 'platform' | 'authorizationId'>,
  found: readonly GrantedShop[],
): Parameters<typeof connectShops>[1] {
  return found.map(({ platformShopId, handle, name, zone, currency, region, namedAsInFiles = false }) => ({
    platform,
    shop: name,
    namedAsInFiles,
    zone,
    currency,
    region,
    connection: { authorizationId, platformShopId, handle },
  }));
}

/**
 * A grant that is not stored yet, for asking which shops it opens; where its secrets have to be renewed for that, it holds the new ones.
 */
function holdGrant(
  first: Grant,
  { platform, renew }: { readonly platform: PlatformId; readonly renew: ((grant: Grant) => Promise<Renewed>) | undefined },
): { readonly access: Access; grant(): Grant } {
  let grant = first;
  const access: Access = {
    account: first.account,
    secrets: () => Promise.resolve(grant.secrets),
    async renew() {
      if (!renew) throw new AppError('authorization_lost', { platform });
      grant = { ...grant, ...(await renew(grant)) };
      return grant.secrets;
    },
    lost: () => Promise.resolve(),
  };
  return { access, grant: () => grant };
}
