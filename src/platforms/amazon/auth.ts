import { z } from 'zod';
import { AppError, unknownName } from '../../kernel/errors.ts';
import type { App, AppKind, Connection, Grant, Hosts } from '../connection.ts';
import type { Operation } from '../operation.ts';
import { MARKETPLACE_IDS, MARKETPLACE_OF_COUNTRY, MARKETPLACES, shopOfChannel, type Channel } from './marketplaces.ts';
import { OF_TOKENS, ofAccount } from './rates.ts';

const PLATFORM = { platform: 'Amazon' };
/** Where the seller is that nobody told the market of. */
const FIRST_MARKET = 'ES';
const API_HOSTS = {
  NA: 'https://sellingpartnerapi-na.amazon.com',
  EU: 'https://sellingpartnerapi-eu.amazon.com',
  FE: 'https://sellingpartnerapi-fe.amazon.com',
} as const;
/** Marketplaces that share one Seller Central; every other has its own. */
const UNIFIED: ReadonlySet<string> = new Set(['DE', 'ES', 'FR', 'GB', 'IT']);
/** A consent lasts so long; Amazon does not say so in its replies. */
const CONSENT_DAYS = 365;

/** One registration is good everywhere: what differs are the hosts. */
const apps: readonly AppKind[] = [
  {
    name: 'SP',
    title: 'Amazon',
    markets: 'all markets',
    console: 'https://solutionproviderportal.amazon.com',
    settings: {
      prefix: 'AMAZON',
      key: { name: 'CLIENT_ID', text: 'LWA client id' },
      secret: { name: 'CLIENT_SECRET', text: 'LWA client secret' },
      more: {
        applicationId: { name: 'APPLICATION_ID', text: 'application id, as in its consent link' },
        version: { name: 'VERSION', text: '`beta` while the app is a draft, or Amazon shows MD1000', optional: true },
      },
    },
    hosts(region): Hosts {
      const channel = channelOf(region);
      return {
        consent: `https://${sellerCentralOf(channel)}`,
        auth: 'https://api.amazon.com',
        api: API_HOSTS[MARKETPLACES[channel].region],
      };
    },
  },
];

function sellerCentralOf(channel: Channel): string {
  return UNIFIED.has(MARKETPLACES[channel].country) ? 'sellercentral-europe.amazon.com' : `sellercentral.${channel.toLowerCase()}`;
}

/** @throws AppError `unknown_name` */
function channelOf(region: string | null): Channel {
  const country = region ?? FIRST_MARKET;
  const channel = MARKETPLACE_OF_COUNTRY[country];
  if (channel) return channel;
  throw unknownName('market', country, Object.keys(MARKETPLACE_OF_COUNTRY).toSorted());
}

/**
 * Seller Central's consent page; or, for a seller who begins in Amazon's own store, the address that he came with.
 * @throws AppError `unknown_name` for a market; `invalid_parameter` for an address that is not Amazon's
 */
const consentUrl: Connection['consentUrl'] = ({ app, region, redirectUrl, state, query }) => {
  channelOf(region);
  const entry = textIn(query, 'amazon_callback_uri');
  const version = app.more['version'] ?? textIn(query, 'version');
  const url = entry === undefined ? new URL(`${app.hosts(region).consent}/apps/authorize/consent`) : entryAddress(app, entry);
  if (entry === undefined) url.searchParams.set('application_id', app.more['applicationId']!);
  else url.searchParams.set('amazon_state', textIn(query, 'amazon_state') ?? '');
  url.searchParams.set('state', state);
  url.searchParams.set('redirect_uri', redirectUrl);
  if (version === 'beta') url.searchParams.set('version', version);
  return url.href;
};

/** The seller is sent nowhere but to Amazon. */
function entryAddress(app: App, written: string): URL {
  const url = URL.parse(written);
  const known = Object.values(MARKETPLACES).map(({ country }) => new URL(app.hosts(country).consent).origin);
  if (url && known.includes(url.origin)) return url;
  throw new AppError('invalid_parameter', { name: 'amazon_callback_uri', problem: 'is no address of Seller Central' });
}

/** A market of the Seller Central that the seller comes from. */
const marketOf: Connection['marketOf'] = (query) => {
  const host = URL.parse(textIn(query, 'amazon_callback_uri') ?? '')?.host;
  const channel = host === undefined ? undefined : Object.values(MARKETPLACE_IDS).find((each) => sellerCentralOf(each) === host);
  return channel === undefined ? null : MARKETPLACES[channel].country;
};

const tokens = z.object({ access_token: z.string().min(1), refresh_token: z.string().min(1), expires_in: z.coerce.number().min(1) });
const token = {
  method: 'POST',
  path: '/auth/o2/token',
  host: 'auth',
  rate: OF_TOKENS,
  credentials: 'app',
  encoding: 'form',
  reply: tokens,
} as const;
const getToken: Operation<z.output<typeof tokens>> = { ...token, name: 'token get' };
const refreshToken: Operation<z.output<typeof tokens>> = { ...token, name: 'token refresh' };

const getParticipations = {
  name: 'marketplace participations',
  method: 'GET',
  path: '/sellers/v1/marketplaceParticipations',
  host: 'api',
  rate: ofAccount(0.016, 15),
  credentials: 'account',
  reply: z.object({
    payload: z
      .array(z.object({ marketplace: z.object({ id: z.string() }), participation: z.object({ isParticipating: z.boolean() }) }))
      .nullish(),
  }),
} as const satisfies Operation<unknown>;

/** @throws AppError `consent_denied`, `consent_incomplete`, `consent_draft`, `consent_code_refused` */
const grant: Connection['grant'] = async ({ call, region, redirectUrl, query, now }) => {
  const { code, seller } = answerOf(query);
  const reply = await insteadOf('consent_code_refused', () =>
    call(getToken, { body: { grant_type: 'authorization_code', code, redirect_uri: redirectUrl } }),
  );
  const { country, region: part } = MARKETPLACES[channelOf(region)];
  return {
    // One seller may be the same in several parts of the world, with a consent and rates of its own in each.
    account: `${seller} ${part}`,
    seller,
    region: country,
    ...secretsOf(reply, now),
    consentEndsAt: now.add({ hours: 24 * CONSENT_DAYS }),
    scopes: [],
  };
};

/** @throws AppError `authorization_lost` */
const renew: Connection['renew'] = async ({ call, secrets, consentEndsAt, scopes, now }) => {
  const reply = await insteadOf('authorization_lost', () =>
    call(refreshToken, { body: { grant_type: 'refresh_token', refresh_token: secrets['refreshToken']! } }),
  );
  return { ...secretsOf(reply, now), consentEndsAt, scopes };
};

/** The marketplaces that the seller takes part in. Others that Amazon lists are none: parcels for other channels have ids of their own. */
const shops: Connection['shops'] = async (call, { seller }) => {
  const { payload } = await call(getParticipations);
  return (payload ?? []).flatMap(({ marketplace: { id }, participation: { isParticipating } }) => {
    const channel = MARKETPLACE_IDS[id];
    if (!channel || !isParticipating) return [];
    const { shop, ...market } = shopOfChannel(channel);
    return [{ platformShopId: `${seller} ${id}`, name: shop, handle: id, namedAsInFiles: true, ...market }];
  });
};

/** How Amazon's shops are connected: one consent for all marketplaces of a part of the world. */
export const connection: Connection = {
  apps,
  exampleRegion: FIRST_MARKET,
  stateMinutes: 10,
  scopes: [],
  consentUrl,
  marketOf,
  grant,
  renew,
  shops,
};

function secretsOf(reply: z.output<typeof tokens>, now: Temporal.Instant): Pick<Grant, 'secrets' | 'expiresAt'> {
  return {
    secrets: { accessToken: reply.access_token, refreshToken: reply.refresh_token },
    expiresAt: now.add({ seconds: Math.floor(reply.expires_in) }),
  };
}

function answerOf(query: Readonly<Record<string, unknown>>): { code: string; seller: string } {
  if (textIn(query, 'error') !== undefined) throw new AppError('consent_denied', PLATFORM);
  // The address of the consent page itself: the seller never got beyond it.
  if (textIn(query, 'application_id') !== undefined) throw new AppError('consent_draft', { ...PLATFORM, setting: 'S7_AMAZON_VERSION' });
  const [code, seller] = [textIn(query, 'spapi_oauth_code'), textIn(query, 'selling_partner_id')];
  if (code === undefined || seller === undefined) throw new AppError('consent_incomplete', PLATFORM);
  return { code, seller };
}

function textIn(query: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = query[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** What a refusal of a code or token means here. */
async function insteadOf<T>(error: 'consent_code_refused' | 'authorization_lost', work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.details?.['platform_code'] !== 'invalid_grant') throw cause;
    throw new AppError(error, PLATFORM, { cause, details: cause.details });
  }
}
