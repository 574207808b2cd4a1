import { randomUUID } from 'node:crypto';
import {
  forgetTokensWithoutShop,
  keepAuthorization,
  keepTokens,
  noteRefreshFailure,
  readAuthorization,
  readTokens,
  useState,
  type Authorization,
} from '../records/shops/authorizations.ts';
import type { Engine } from '../engines/engine.ts';
import { connectShops, disconnectShop } from '../records/shops/shops.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError, toAppError } from '../kernel/errors.ts';
import type { Vault } from '../kernel/vault.ts';
import type { PlatformId, Shop } from '../model/shop.ts';
import type { Access, Caller, Client } from '../platforms/client.ts';
import type { App, Grant } from '../platforms/connection.ts';
import type { Call } from '../platforms/operation.ts';
import type { Platform, PlatformApi } from '../platforms/platform.ts';

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

/** Connects shops and keeps their tokens fresh. */
export interface Authorizations {
  /**
   * Where the seller of a region consents.
   * @throws AppError `app_not_configured`, `api_not_offered`
   */
  consentUrl(platform: PlatformId, region: string | undefined): string;
  /**
   * Ends a consent with what the platform sent the seller back with: tokens kept, shops stored.
   * @throws AppError `consent_state_invalid`, `consent_state_expired`, `consent_state_used`, `consent_denied`, `consent_incomplete`, `consent_code_refused`
   */
  complete(platform: PlatformId, query: Readonly<Record<string, unknown>>): Promise<Connected>;
  /**
   * Gets a new token pair now; several at once are one.
   * @throws AppError `authorization_lost` and the platform's errors
   */
  refresh(authorizationId: number): Promise<Authorization>;
  /**
   * Calls for a connected shop, as urgent as told.
   * @throws AppError `shop_not_connected`, `app_not_configured`
   */
  callFor(shop: Shop, how?: Pick<Caller, 'signal' | 'urgency'>): Promise<{ readonly api: PlatformApi; readonly call: Call }>;
  /** Lets go of a shop; tokens that open no other are erased. */
  disconnect(shop: Shop): Promise<void>;
}

/** The path under a public address that the platform sends the seller back to. */
export function callbackPath(platform: PlatformId): string {
  return `/api/${platform}/callback`;
}

const CONSENT_MINUTES = 30;
/** A token that ends sooner is renewed before it is used. */
const FRESH_FOR = { minutes: 10 } as const;

interface State {
  readonly platform: PlatformId;
  readonly app: string;
  readonly nonce: string;
  readonly expiresAt: number;
}

/** Opens the room's authorizations. */
export function openAuthorizations(room: AuthorizationRoom): Authorizations {
  const { engine, clock, vault, client } = room;
  const refreshing = new Map<number, Promise<Authorization>>();

  const apiOf = (platform: PlatformId): PlatformApi => {
    const api = room.platforms.find(({ id }) => id === platform)?.api;
    if (!api) throw new AppError('api_not_offered', { platform });
    return api;
  };
  const appOf = (platform: PlatformId, kind: string, region = kind): App => {
    const app = room.apps.find((each) => each.platform === platform && each.kind === kind);
    if (!app) throw new AppError('app_not_configured', { platform, region, settings: appSettings(platform, kind) });
    return app;
  };
  const startOf = (platform: PlatformId): string => `/api/${platform}/auth_url`;

  const readState = (platform: PlatformId, given: unknown): State => {
    const text = typeof given === 'string' ? vault.verify(given) : undefined;
    const state = text ? (JSON.parse(text) as State) : undefined;
    if (!state || state.platform !== platform) throw new AppError('consent_state_invalid', { start: startOf(platform) });
    if (state.expiresAt < clock.now().epochMilliseconds)
      throw new AppError('consent_state_expired', { minutes: CONSENT_MINUTES, start: startOf(platform) });
    return state;
  };

  const accessOf = (app: App, authorizationId: number): Access => {
    const tokenNow = async (): Promise<string> => {
      const tokens = await engine.read((reader) => openTokens(() => readTokens(reader, authorizationId, vault)));
      if (!tokens) throw new AppError('authorization_lost', { platform: app.platform });
      return tokens.accessToken;
    };
    // Asked for every call: reading and opening the row each time would cost more than the call itself.
    let known: { token: string; until: Temporal.Instant } | undefined;
    const remember = async (row: Authorization): Promise<string> => {
      known = { token: await tokenNow(), until: Temporal.Instant.from(row.accessExpiresAt).subtract(FRESH_FOR) };
      return known.token;
    };
    return {
      app,
      async token() {
        if (known && Temporal.Instant.compare(clock.now(), known.until) < 0) return known.token;
        const row = await engine.read((reader) => readAuthorization(reader, authorizationId));
        if (!row || row.state !== 'active') throw new AppError('authorization_lost', { platform: app.platform });
        const expiring = Temporal.Instant.compare(clock.now(), Temporal.Instant.from(row.accessExpiresAt).subtract(FRESH_FOR)) >= 0;
        return remember(expiring ? await refreshOnce(authorizationId) : row);
      },
      async renew(stale) {
        // Another caller may have renewed it meanwhile.
        if ((await tokenNow()) === stale) await refreshOnce(authorizationId);
        return remember((await engine.read((reader) => readAuthorization(reader, authorizationId)))!);
      },
    };
  };

  const refreshOnce = (authorizationId: number): Promise<Authorization> => {
    const running = refreshing.get(authorizationId);
    if (running) return running;
    const run = refreshNow(authorizationId).finally(() => refreshing.delete(authorizationId));
    refreshing.set(authorizationId, run);
    return run;
  };

  const refreshNow = async (authorizationId: number): Promise<Authorization> => {
    const { row, tokens } = await engine.read(async (reader) => ({
      row: await readAuthorization(reader, authorizationId),
      tokens: await openTokens(() => readTokens(reader, authorizationId, vault)),
    }));
    if (!row || !tokens) throw new AppError('authorization_lost', { platform: row?.platform ?? '' });
    const api = apiOf(row.platform);
    const app = appOf(row.platform, row.app);
    try {
      const granted = await api.refresh(client.callFor(api, { app }), app, tokens.refreshToken);
      await engine.transaction((tx) => keepTokens(tx, authorizationId, { granted, vault, at: clock.now() }));
    } catch (error) {
      const known = toAppError(error);
      // The pair may have been replaced by a consent meanwhile: then the failure says nothing of the new one.
      const now = await engine.read((reader) => readTokens(reader, authorizationId, vault));
      if (now && now.refreshToken !== tokens.refreshToken)
        return (await engine.read((reader) => readAuthorization(reader, authorizationId)))!;
      await engine.transaction((tx) =>
        noteRefreshFailure(tx, authorizationId, { error: known.code, lost: known.code === 'authorization_lost' }),
      );
      throw known;
    }
    return (await engine.read((reader) => readAuthorization(reader, authorizationId)))!;
  };

  return {
    consentUrl(platform, region) {
      const api = apiOf(platform);
      const kind = kindOf(api, region);
      const app = appOf(platform, kind, region ?? kind);
      const expiresAt = clock.now().add({ minutes: CONSENT_MINUTES }).epochMilliseconds;
      return api.consentUrl(app, vault.sign(JSON.stringify({ platform, app: app.kind, nonce: randomUUID(), expiresAt } satisfies State)));
    },
    async complete(platform, query) {
      const api = apiOf(platform);
      const state = readState(platform, query['state']);
      const fresh = await engine.transaction((tx) =>
        useState(tx, { nonce: state.nonce, expiresAt: Temporal.Instant.fromEpochMilliseconds(state.expiresAt), now: clock.now() }),
      );
      if (!fresh) throw new AppError('consent_state_used', { start: startOf(platform) });
      const code = api.codeOf(query);
      const app = appOf(platform, state.app);
      const granted = await api.exchange(client.callFor(api, { app }), app, code);
      const found = await api.shops(client.callFor(api, { app, access: grantAccess(app, granted) }));
      return engine.transaction(async (tx) => {
        const { account, seller, region } = granted;
        const authorizationId = await keepAuthorization(
          tx,
          { platform, app: app.kind, account, seller, region },
          { granted, vault, at: clock.now() },
        );
        const shops = await connectShops(
          tx,
          found.map(({ platformShopId, cipher, name, ...rest }) => ({
            platform,
            shop: name,
            zone: rest.zone,
            currency: rest.currency,
            region: rest.region,
            connection: { authorizationId, platformShopId, cipher },
          })),
        );
        return { platform, authorizationId, seller, shops, missingScopes: api.scopes.filter((scope) => !granted.scopes.includes(scope)) };
      });
    },
    refresh: refreshOnce,
    async callFor(shop, how = {}) {
      if (!shop.connection) throw new AppError('shop_not_connected', { shop: shop.shop });
      const { authorizationId, platformShopId, cipher } = shop.connection;
      const row = await engine.read((reader) => readAuthorization(reader, authorizationId));
      if (!row) throw new AppError('shop_not_connected', { shop: shop.shop });
      const api = apiOf(shop.platform);
      const app = appOf(shop.platform, row.app);
      return { api, call: client.callFor(api, { app, access: accessOf(app, authorizationId), shop: { platformShopId, cipher }, ...how }) };
    },
    disconnect: (shop) =>
      engine.transaction(async (tx) => {
        await disconnectShop(tx, shop.shopId);
        await forgetTokensWithoutShop(tx);
      }),
  };
}

/** The names of the settings that a registration is read from. */
export function appSettings(platform: PlatformId, kind: string): string[] {
  const prefix = `S7_${platform}_${kind}`.toUpperCase();
  return [`${prefix}_APP_KEY`, `${prefix}_APP_SECRET`, `${prefix}_SERVICE_ID`];
}

/** The kind of registration that sellers of a region consent to. */
export function kindOf(api: PlatformApi, region: string | undefined): string {
  const wanted = region?.toUpperCase();
  const named = api.apps.find(({ regions }) => wanted !== undefined && regions?.includes(wanted));
  return (named ?? api.apps.find(({ regions }) => !regions) ?? api.apps[0]!).name;
}

/** A pair that is not stored yet: to ask which shops it opens. */
function grantAccess(app: App, { accessToken }: Grant): Access {
  return {
    app,
    token: () => Promise.resolve(accessToken),
    renew: () => Promise.reject(new AppError('authorization_lost', { platform: app.platform })),
  };
}

/** @throws AppError `secret_key_lost` */
async function openTokens<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AppError || !/authenticate|sealed/i.test(String(error))) throw error;
    throw new AppError('secret_key_lost', { file: 'secret.key' }, { cause: error });
  }
}
