import { afterEach, describe, expect, test } from 'vitest';
import { openScriptedPlatform, type ScriptedPlatform } from '../../../tests/scripted-platform.ts';
import { AppError } from '../../kernel/errors.ts';
import type { App, ConsentAnswer, Held } from '../connection.ts';
import { connection } from './auth.ts';
import { amazon } from './amazon.ts';
import { MARKETPLACES } from './marketplaces.ts';

const { apps, consentUrl, grant, renew, shops } = connection;
const [kind] = apps;
const NOW = Temporal.Instant.from('2026-11-20T10:00:00Z');
const APPLICATION = 'amzn1.sp.solution.0b8fa8a2-1111-4222-a333-444444444444';
const app: App = {
  platform: 'Amazon',
  kind: 'SP',
  key: 'amzn1.application-oa2-client.1234',
  secrets: ['amzn1.oa2-cs.v1.new'],
  more: { applicationId: APPLICATION },
  hosts: (region) => kind!.hosts(region),
};
const wish = { app, region: 'ES', redirectUrl: 'https://erp.example/api/Amazon/callback', state: 'signed', query: {} };
const thrown = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error instanceof AppError ? [error.code, error.toBody('en').msg] : error;
  }
};

const opened: ScriptedPlatform[] = [];
afterEach(() => {
  for (const platform of opened.splice(0)) platform.close();
});
async function serving(...answers: Parameters<typeof openScriptedPlatform>[0]): Promise<ScriptedPlatform> {
  const platform = await openScriptedPlatform(answers);
  opened.push(platform);
  return platform;
}
const calling = ({ call }: ScriptedPlatform) => call({ api: amazon.api! });
const TOKENS = { access_token: 'Atza|access', refresh_token: 'Atzr|refresh', token_type: 'bearer', expires_in: 3600 };
const cameBack = (platform: ScriptedPlatform, query: ConsentAnswer['query']): ConsentAnswer => ({
  ...wish,
  call: calling(platform),
  query,
  now: NOW,
});

describe('where a seller consents', () => {
  test.each([
    ['ES', 'https://sellercentral-europe.amazon.com', 'https://sellingpartnerapi-eu.amazon.com'],
    ['NL', 'https://sellercentral.amazon.nl', 'https://sellingpartnerapi-eu.amazon.com'],
    ['ZA', 'https://sellercentral.amazon.co.za', 'https://sellingpartnerapi-eu.amazon.com'],
    ['MX', 'https://sellercentral.amazon.com.mx', 'https://sellingpartnerapi-na.amazon.com'],
    ['JP', 'https://sellercentral.amazon.co.jp', 'https://sellingpartnerapi-fe.amazon.com'],
  ])('is the Seller Central of %s: %s; calls go to %s', (region, consent, api) => {
    expect(kind!.hosts(region)).toEqual({ consent, auth: 'https://api.amazon.com', api });
    const url = new URL(consentUrl({ ...wish, region }));
    expect(url.origin + url.pathname).toBe(`${consent}/apps/authorize/consent`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      application_id: APPLICATION,
      state: 'signed',
      redirect_uri: 'https://erp.example/api/Amazon/callback',
    });
  });

  test('is known for all 23 marketplaces, each with an id, a country, a clock and a currency of its own', () => {
    const all = Object.values(MARKETPLACES);
    expect([all.length, new Set(all.map(({ id }) => id)).size, new Set(all.map(({ country }) => country)).size]).toEqual([23, 23, 23]);
    for (const { country, zone } of all) {
      expect(kind!.hosts(country).consent).toMatch(/^https:\/\/sellercentral[.-]/);
      expect(NOW.toZonedDateTimeISO(zone).timeZoneId).toBe(zone);
    }
  });

  test('is nowhere for a marketplace that Amazon does not have', () => {
    expect(thrown(() => consentUrl({ ...wish, region: 'CH' }))).toEqual(['unknown_name', expect.stringContaining('CH')]);
  });

  test('says so where the app is a draft', () => {
    const draft = { ...app, more: { ...app.more, version: 'beta' } };
    expect(new URL(consentUrl({ ...wish, app: draft })).searchParams.get('version')).toBe('beta');
  });

  test("is the address that Amazon's own store sent the seller with, and no other site's", () => {
    const query = {
      amazon_callback_uri: 'https://sellercentral.amazon.com.mx/apps/authorize/confirm/amzn1.sp.solution.1',
      amazon_state: 'theirs',
      selling_partner_id: 'A3TH9S8BH6GOGM',
      version: 'beta',
    };
    expect(connection.marketOf!(query)).toBe('MX');
    const url = new URL(consentUrl({ ...wish, region: 'MX', query }));
    expect(url.origin + url.pathname).toBe(query.amazon_callback_uri);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      amazon_state: 'theirs',
      state: 'signed',
      redirect_uri: wish.redirectUrl,
      version: 'beta',
    });
    const foreign = { ...query, amazon_callback_uri: 'https://sellercentral.amazon.com.evil.example/x' };
    expect(thrown(() => consentUrl({ ...wish, query: foreign }))).toMatchObject(['invalid_parameter', expect.any(String)]);
  });
});

describe('a consent', () => {
  test('gives tokens that last as Amazon says, for the seller in this part of the world, and lasts a year', async () => {
    const platform = await serving(TOKENS);
    const granted = await grant(cameBack(platform, { spapi_oauth_code: 'ANcode', selling_partner_id: 'A2EH7R5LKQW9ZT', state: 'signed' }));
    expect(granted).toEqual({
      account: 'A2EH7R5LKQW9ZT EU',
      seller: 'A2EH7R5LKQW9ZT',
      region: 'ES',
      secrets: { accessToken: 'Atza|access', refreshToken: 'Atzr|refresh' },
      expiresAt: NOW.add({ hours: 1 }),
      consentEndsAt: NOW.add({ hours: 24 * 365 }),
      scopes: [],
    });
    const [{ url, body, headers }] = platform.seen as [ScriptedPlatform['seen'][number]];
    expect([url.pathname, url.search, headers['content-type']]).toEqual(['/auth/o2/token', '', 'application/x-www-form-urlencoded']);
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: 'authorization_code',
      code: 'ANcode',
      redirect_uri: wish.redirectUrl,
      client_id: platform.who.app.key,
      client_secret: platform.who.app.secrets[0],
    });
  });

  test.each([
    [{ error: 'access_denied' }, 'consent_denied'],
    [{ spapi_oauth_code: 'ANcode' }, 'consent_incomplete'],
    [{ application_id: APPLICATION, state: 'signed' }, 'consent_draft'],
  ])('that came back as %j ends in %s', async (query, code) => {
    const platform = await serving(TOKENS);
    await expect(grant(cameBack(platform, query))).rejects.toMatchObject({ code });
    expect(platform.seen).toEqual([]);
  });

  const gone = (_: unknown, response: import('node:http').ServerResponse): void =>
    void response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant","error_description":"no"}');

  test('whose code is used up or too old is to be begun anew; one that was withdrawn is told as lost', async () => {
    const query = { spapi_oauth_code: 'ANcode', selling_partner_id: 'A2' };
    await expect(grant(cameBack(await serving(gone), query))).rejects.toMatchObject({ code: 'consent_code_refused' });
    const held: Held = {
      ...wish,
      account: 'A2 EU',
      call: calling(await serving(gone)),
      secrets: { accessToken: 'a', refreshToken: 'r' },
      consentEndsAt: NOW,
      scopes: [],
      now: NOW,
    };
    await expect(renew!(held)).rejects.toMatchObject({ code: 'authorization_lost' });
    // Renewed it lasts no longer than before.
    const renewed = await renew!({ ...held, call: calling(await serving(TOKENS)) });
    expect(renewed).toMatchObject({ consentEndsAt: NOW, expiresAt: NOW.add({ hours: 1 }) });
  });

  test('opens the marketplaces that the seller takes part in, each a shop as files call it; what is no marketplace is none', async () => {
    const told = (id: string, isParticipating = true): object => ({ marketplace: { id }, participation: { isParticipating } });
    const platform = await serving({
      payload: [told('A1RKKUPIHCS9HS'), told('AE08WJ6YKNBMC'), told('A13V1IB3VIYZZH', false), told('A2ZV50J4W1RKNI')],
    });
    expect(await shops(calling(platform), { account: 'A2 EU', seller: 'A2', region: 'ES' })).toEqual([
      {
        platformShopId: 'A2 A1RKKUPIHCS9HS',
        name: 'Amazon.es',
        namedAsInFiles: true,
        handle: 'A1RKKUPIHCS9HS',
        region: 'ES',
        zone: 'Europe/Madrid',
        currency: 'EUR',
      },
      expect.objectContaining({ name: 'Amazon.co.za', region: 'ZA', currency: 'ZAR' }),
    ]);
  });
});
