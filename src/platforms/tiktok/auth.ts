import { z } from 'zod';
import { AppError, unknownName } from '../../kernel/errors.ts';
import type { AppKind, AppSettings, Connection, Grant, Hosts } from '../connection.ts';
import type { Operation } from '../operation.ts';
import { ofApp } from './rates.ts';
import { REGIONS } from './regions.ts';

const hosts =
  (consent: string): AppKind['hosts'] =>
  (): Hosts => ({ consent, auth: 'https://auth.tiktok-shops.com', api: 'https://open-api.tiktokglobalshop.com' });

const settings = (prefix: string): AppSettings => ({
  prefix,
  key: { name: 'APP_KEY', text: 'app key' },
  secret: { name: 'APP_SECRET', text: 'app secret' },
  more: { serviceId: { name: 'SERVICE_ID', text: 'service id, as in its authorization link' } },
});

/** TikTok's two registrations: sellers of the United States consent to one of their own. */
const apps: readonly AppKind[] = [
  {
    name: 'ROW',
    title: 'TikTok Shop',
    markets: 'all markets but the US',
    console: 'https://partner.tiktokshop.com',
    settings: settings('TIKTOK_ROW'),
    hosts: hosts('https://services.tiktokshop.com'),
  },
  {
    name: 'US',
    title: 'TikTok Shop (US)',
    markets: 'the US',
    console: 'https://partner.us.tiktokshop.com',
    regions: ['US'],
    settings: settings('TIKTOK_US'),
    hosts: hosts('https://services.us.tiktokshop.com'),
  },
];

/** What reading orders of a connected shop needs. */
const scopes: readonly string[] = ['seller.authorization.info', 'seller.order.info', 'seller.return_refund.basic', 'seller.product.basic'];

/** Redirect address and scopes are fixed at the registration; the page takes nothing but these two. */
const consentUrl: Connection['consentUrl'] = ({ app, region, state }) => {
  if (region !== null && !(region in REGIONS)) throw unknownName('market', region, Object.keys(REGIONS));
  return `${app.hosts(region).consent}/open/authorize?${new URLSearchParams({ service_id: app.more['serviceId']!, state }).toString()}`;
};

/** @throws AppError `consent_denied`, `consent_incomplete` */
function codeOf(query: Readonly<Record<string, unknown>>): string {
  const code = query['code'] ?? query['auth_code'];
  // A seller who declines comes back with the word null for a code.
  if ((typeof query['error'] === 'string' && query['error'] !== '') || code === 'null') throw new AppError('consent_denied', PLATFORM);
  if (typeof code !== 'string' || code.trim() === '') throw new AppError('consent_incomplete', PLATFORM);
  return code.trim();
}

const LAST_SECOND = 253_402_300_799;

/** Named `…_expire_in`, but a moment: seconds since 1970. */
const expiry = z.coerce.number().int().max(LAST_SECOND);
const grantReply = z.object({
  access_token: z.string().min(1),
  access_token_expire_in: expiry.min(1),
  refresh_token: z.string().min(1),
  refresh_token_expire_in: expiry.optional(),
  open_id: z.string().min(1),
  seller_name: z.string().optional(),
  seller_base_region: z.string().optional(),
  granted_scopes: z.array(z.string()).nullish(),
  granted_permissions: z.array(z.string()).nullish(),
});

const tokenCall = { method: 'GET', host: 'auth', rate: ofApp(1), credentials: 'app', reply: grantReply } as const;
const getToken: Operation<z.output<typeof grantReply>> = { ...tokenCall, name: 'token get', path: '/api/v2/token/get' };
const refreshToken: Operation<z.output<typeof grantReply>> = { ...tokenCall, name: 'token refresh', path: '/api/v2/token/refresh' };

const getShops = {
  name: 'authorized shops',
  method: 'GET',
  path: '/authorization/202309/shops',
  host: 'api',
  rate: ofApp(5),
  credentials: 'account',
  reply: z
    .object({
      shops: z
        .array(z.object({ id: z.string().min(1), name: z.string().optional(), region: z.string(), cipher: z.string().min(1) }))
        .nullish(),
    })
    .nullable(),
} as const satisfies Operation<unknown>;

const PLATFORM = { platform: 'TikTok' };
/** Every code about authorization codes and refresh tokens begins so. */
const GRANT_CODES = /^36004/;

/** @throws AppError `consent_code_refused` */
const grant: Connection['grant'] = async ({ call, query }) => {
  const code = codeOf(query);
  const reply = await insteadOf('consent_code_refused', () =>
    call(getToken, { query: { auth_code: code, grant_type: 'authorized_code' } }),
  );
  return toGrant(reply);
};

/** @throws AppError `authorization_lost` */
const renew: Connection['renew'] = async ({ call, secrets }) => {
  const reply = await insteadOf('authorization_lost', () =>
    call(refreshToken, { query: { refresh_token: secrets['refreshToken'], grant_type: 'refresh_token' } }),
  );
  return toGrant(reply);
};

/** The shops of the authorization, with the clock and currency of their market; UTC where the market is new to us. */
const shops: Connection['shops'] = async (call) => {
  const reply = await call(getShops);
  return (reply?.shops ?? []).map(({ id, name, region, cipher }) => {
    const market = region in REGIONS ? REGIONS[region as keyof typeof REGIONS] : { zone: 'UTC', currency: null };
    return { platformShopId: id, name: name || id, region, handle: cipher, ...market };
  });
};

/** How TikTok's shops are connected: a pair of tokens for each seller. */
export const connection: Connection = { apps, exampleRegion: 'ES', stateMinutes: 30, scopes, consentUrl, grant, renew, shops };

function toGrant(reply: z.output<typeof grantReply>): Grant {
  return {
    secrets: { accessToken: reply.access_token, refreshToken: reply.refresh_token },
    expiresAt: instantOf(reply.access_token_expire_in),
    consentEndsAt: reply.refresh_token_expire_in ? instantOf(reply.refresh_token_expire_in) : null,
    account: reply.open_id,
    seller: reply.seller_name ?? '',
    region: reply.seller_base_region || null,
    scopes: reply.granted_scopes ?? reply.granted_permissions ?? [],
  };
}

function instantOf(seconds: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(seconds * 1000);
}

/** What a refusal of a code or token means here. */
async function insteadOf<T>(error: 'consent_code_refused' | 'authorization_lost', work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (
      !(cause instanceof AppError) ||
      !(cause.code === 'authorization_lost' || GRANT_CODES.test(String(cause.details?.['platform_code'])))
    )
      throw cause;
    throw new AppError(error, PLATFORM, { cause, ...(cause.details ? { details: cause.details } : {}) });
  }
}
