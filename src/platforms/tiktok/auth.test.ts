import { afterEach, expect, test } from 'vitest';
import { fine, openScriptedPlatform, problem, SECRETS, type ScriptedPlatform } from '../../../tests/scripted-platform.ts';
import type { ConsentAnswer, Grant, Held } from '../connection.ts';
import { connection } from './auth.ts';

const { apps, consentUrl, grant, renew, shops } = connection;

const GRANT = {
  access_token: 'ROW_access',
  access_token_expire_in: 1767830400,
  refresh_token: 'ROW_refresh',
  refresh_token_expire_in: 4891363200,
  open_id: 'open-id-of-seller',
  seller_name: 'Casa Luz',
  seller_base_region: 'ES',
  user_type: 0,
  granted_scopes: ['seller.order.info'],
};

const NOW = Temporal.Instant.from('2026-11-20T10:00:00Z');
const opened: ScriptedPlatform[] = [];
afterEach(() => {
  for (const platform of opened.splice(0)) platform.close();
});
async function serving(...answers: Parameters<typeof openScriptedPlatform>[0]): Promise<ScriptedPlatform> {
  const platform = await openScriptedPlatform(answers);
  opened.push(platform);
  return platform;
}

const cameBack = ({ call, who }: ScriptedPlatform, query: ConsentAnswer['query'] = { code: 'TTP_abc' }): ConsentAnswer => ({
  app: who.app,
  call: call(),
  region: 'ES',
  redirectUrl: 'https://erp.example/api/TikTok/callback',
  query,
  now: NOW,
});
const held = ({ call, who }: ScriptedPlatform): Held => ({
  app: who.app,
  call: call(),
  account: 'open-id-of-seller',
  region: 'ES',
  secrets: { accessToken: 'ROW_access', refreshToken: 'ROW_refresh' },
  consentEndsAt: null,
  scopes: [],
  now: NOW,
});

test("the seller consents where the market's app is registered", () => {
  const url = (kind: string): string => {
    const { hosts } = apps.find(({ name }) => name === kind)!;
    return consentUrl({
      app: { platform: 'TikTok', kind, key: 'key', secrets: ['secret'], more: { serviceId: '742' }, hosts },
      region: 'ES',
      redirectUrl: 'https://erp.example/api/TikTok/callback',
      state: 'st&te',
      query: {},
    });
  };
  expect(url('ROW')).toBe('https://services.tiktokshop.com/open/authorize?service_id=742&state=st%26te');
  expect(url('US')).toBe('https://services.us.tiktokshop.com/open/authorize?service_id=742&state=st%26te');
});

test.each([
  [{ code: 'TTP_abc', state: 's' }],
  [{ auth_code: 'TTP_abc' }],
  [{ app_key: 'k', code: ' TTP_abc ', locale: 'en', shop_region: 'ES' }],
])('the code is found: %j', async (query) => {
  const platform = await serving(fine(GRANT));
  await grant(cameBack(platform, query));
  expect(platform.seen[0]!.url.searchParams.get('auth_code')).toBe('TTP_abc');
});

test.each([
  [{ code: 'null', error: 'auth_denied', state: 's' }, 'consent_denied'],
  [{ error: 'auth_denied' }, 'consent_denied'],
  [{ code: 'null' }, 'consent_denied'],
  [{ state: 's' }, 'consent_incomplete'],
  [{ code: '' }, 'consent_incomplete'],
  [{ code: ['a', 'b'] }, 'consent_incomplete'],
])('a seller who comes back without a code is told why: %j', async (query, code) => {
  const platform = await serving(fine(GRANT));
  await expect(grant(cameBack(platform, query))).rejects.toMatchObject({ code });
  expect(platform.seen).toEqual([]);
});

test('a code gives tokens with the moments they end, though TikTok names them durations', async () => {
  const platform = await serving(fine(GRANT));
  const granted = await grant(cameBack(platform));
  expect(granted).toMatchObject({
    secrets: { accessToken: 'ROW_access', refreshToken: 'ROW_refresh' },
    account: 'open-id-of-seller',
    seller: 'Casa Luz',
    region: 'ES',
    scopes: ['seller.order.info'],
  });
  expect([granted.expiresAt, granted.consentEndsAt].map(String)).toEqual(['2026-01-08T00:00:00Z', '2125-01-01T00:00:00Z']);
  expect(Object.fromEntries(platform.seen[0]!.url.searchParams)).toEqual({
    app_key: 'app-key',
    app_secret: SECRETS.app,
    auth_code: 'TTP_abc',
    grant_type: 'authorized_code',
  });
});

test('a refresh gives a new pair; older answers name the scopes otherwise, and some leave the end of the consent out', async () => {
  const { refresh_token_expire_in: _, granted_scopes: scopes, ...rest } = GRANT;
  const platform = await serving(fine({ ...rest, access_token_expire_in: '1767830400', granted_permissions: scopes }));
  expect(await renew!(held(platform))).toMatchObject({ consentEndsAt: null, scopes: ['seller.order.info'] });
  const { seen } = platform;
  expect(seen[0]!.url.pathname).toBe('/api/v2/token/refresh');
  expect(Object.fromEntries(seen[0]!.url.searchParams)).toMatchObject({ refresh_token: 'ROW_refresh', grant_type: 'refresh_token' });
});

test('a code that is used up says so, and so does a consent that has ended', async () => {
  const refused = await serving(problem(36004004, 'Invalid auth code.'));
  await expect(grant(cameBack(refused))).rejects.toMatchObject({
    code: 'consent_code_refused',
    details: { platform_code: '36004004' },
  });
  const ended = await serving(problem(36004001, 'rt has expired'));
  await expect(renew!(held(ended))).rejects.toMatchObject({ code: 'authorization_lost' });
  const wrong = await serving(problem(36009004, 'Invalid credentials. Invalid `app_key` query parameter.', 400));
  await expect(renew!(held(wrong))).rejects.toMatchObject({ code: 'platform_refused' });
});

const GIVEN: Grant = {
  account: 'open-id-of-seller',
  secrets: {},
  expiresAt: null,
  consentEndsAt: null,
  seller: 'Casa Luz',
  region: 'ES',
  scopes: [],
};

test('shops come with the clock and currency of their market, which TikTok does not tell', async () => {
  const { call, seen } = await serving(
    fine({
      shops: [
        { id: '7495540735365777507', name: 'Casa Luz', region: 'ES', seller_type: 'CROSS_BORDER', cipher: 'ROW_cipher', code: 'ESABC' },
        { id: '7495540735365777508', name: '', region: 'SA', cipher: 'ROW_other' },
      ],
    }),
  );
  expect(await shops(call(), GIVEN)).toEqual([
    { platformShopId: '7495540735365777507', name: 'Casa Luz', region: 'ES', handle: 'ROW_cipher', zone: 'Europe/Madrid', currency: 'EUR' },
    { platformShopId: '7495540735365777508', name: '7495540735365777508', region: 'SA', handle: 'ROW_other', zone: 'UTC', currency: null },
  ]);
  expect(seen[0]!.url.searchParams.has('shop_cipher')).toBe(false);
  const none = await serving(fine({}));
  expect(await shops(none.call(), GIVEN)).toEqual([]);
});
