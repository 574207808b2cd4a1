import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Clock } from '../../src/kernel/clock.ts';
import { openSimulator, type Simulator } from '../simulator.ts';
import type { AmazonHandle, AmazonOptions } from './amazon.ts';
import { AmazonClient, type Answer, type CallOptions } from './client.ts';
import { HAS_MODELS, publishedRates } from '../../tests/amazon-models.ts';
import { OPERATIONS } from './operations.ts';

const ESTRELLA = 'A2EH7R5LKQW9ZT';
const LONE_STAR = 'A1LS6TXW3QK8BF';
const LUZ = 'A3LC4MX8VN2PDJ';
const [SPAIN, FRANCE, AMERICA] = ['A1RKKUPIHCS9HS', 'A13V1IB3VIYZZH', 'ATVPDKIKX0DER'];
const ORDERS = '/orders/2026-01-01/orders';
const SELLERS = '/sellers/v1/marketplaceParticipations';

let now = Temporal.Instant.from('2026-06-15T10:00:00Z');
const clock: Clock = { now: () => now };
let simulator: Simulator<{ Amazon: AmazonOptions }>;
let amazon: AmazonHandle;
let client: AmazonClient;
const tokens: Record<string, string> = {};

beforeAll(async () => {
  simulator = await openSimulator({ clock, scale: 0.02, platforms: { Amazon: { accessTokenSeconds: 1e9 } } });
  amazon = simulator.platforms.Amazon;
  client = new AmazonClient(amazon);
  for (const account of [ESTRELLA, LONE_STAR, LUZ]) tokens[account] = (await client.connect(account)).token;
});
afterAll(() => simulator.close());

/** What a refusal says: status, code and details. */
const told = ({ status, json }: Answer): string =>
  json?.errors === undefined ? `${status}` : `${status} ${json.errors[0].code} ${json.errors[0].details}`.trim();
const ask = (path: string, options: CallOptions = {}): Promise<Answer> => client.call(path, { token: tokens[ESTRELLA], ...options });
const search = (marketplaceIds: string, more: Record<string, string> = {}, options: CallOptions = {}): Promise<Answer> =>
  ask(ORDERS, { query: { lastUpdatedAfter: '2026-06-15T00:00:00Z', marketplaceIds, ...more }, ...options });

test('all 403 look alike but for their details: no token, a strange one, another region, a path or a role that is missing', async () => {
  expect(told(await ask(SELLERS, { token: undefined }))).toBe('403 Unauthorized Access token is missing in the request header.');
  const malformed = '403 Unauthorized The access token you provided is revoked, malformed or invalid.';
  expect(told(await ask(SELLERS, { token: 'Atza|none' }))).toBe(malformed);
  expect(told(await ask(SELLERS, { region: 'na' }))).toBe(malformed);
  expect(told(await ask('/orders/2019-01-01/orders'))).toBe('403 Unauthorized');
  expect(told(await search(AMERICA))).toBe('403 Unauthorized The marketplaces you provided are not valid for region.');
  const { headers } = await ask('/nothing');
  expect([headers.get('x-amzn-errortype'), headers.get('x-amzn-ratelimit-limit')]).toEqual(['AccessDeniedException', null]);
  expect(headers.get('x-amzn-requestid')).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
});

test('a role is frozen into the consent: one that lacks it is refused without a word', async () => {
  const narrow = await openSimulator({ clock, scale: 0.02, platforms: { Amazon: { roles: ['insights'] } } });
  const other = new AmazonClient(narrow.platforms.Amazon);
  const { token } = await other.connect(ESTRELLA);
  expect((await other.call(SELLERS, { token })).status).toBe(200);
  expect(told(await other.call(`${ORDERS}/404-1234567-1234567`, { token }))).toBe('403 Unauthorized');
  await narrow.close();
});

test('a call without a user agent, or with one of more than 500 characters, is refused; a signature is ignored', async () => {
  expect(told(await ask(SELLERS, { headers: { 'user-agent': 'x'.repeat(501) } }))).toContain('400 InvalidInput');
  expect((await ask(SELLERS, { headers: { authorization: 'AWS4-HMAC-SHA256 Credential=nobody' } })).status).toBe(200);
});

test('the marketplaces of a seller are told with their stores, and one beside them that is none', async () => {
  const { json } = await ask(SELLERS);
  const names = json.payload.map(({ storeName, marketplace }: { storeName: string; marketplace: { countryCode: string } }) => {
    return `${marketplace.countryCode} ${storeName}`;
  });
  expect(names.slice(0, 2)).toEqual(['ES Estrella Hogar', 'FR Estrella Hogar FR']);
  expect(json.payload).toHaveLength(10);
  expect(json.payload.at(-1).marketplace.id).toBe('A2ZV50J4W1RKNI');
});

test('twenty searches at once, then one in three minutes: for a seller with all of its marketplaces, whatever others do', async () => {
  now = now.add({ hours: 48 });
  for (let call = 0; call < 20; call++) expect((await search(call % 2 === 0 ? SPAIN : FRANCE)).status).toBe(200);
  const refused = await search(SPAIN);
  expect(told(refused)).toBe('429 QuotaExceeded');
  expect([refused.headers.get('x-amzn-ratelimit-limit'), refused.headers.get('retry-after')]).toEqual([null, null]);
  expect((await search('A1AM78C64UM0Y8', {}, { token: tokens[LUZ], region: 'na' })).status).toBe(200);
  now = now.add({ seconds: 178 });
  expect((await search(SPAIN)).status).toBe(429);
  now = now.add({ seconds: 179 });
  expect((await search(SPAIN)).status).toBe(200);
});

test('nine answers of ten say the rate, and a stray one says another', async () => {
  now = now.add({ minutes: 30 });
  const rates = [];
  for (let call = 0; call < 10; call++) rates.push((await ask(`${ORDERS}/404-1234567-1234567`)).headers.get('x-amzn-ratelimit-limit'));
  expect(rates.toSorted()).toEqual([...Array<string>(9).fill('0.5'), null].toSorted());
  amazon.plant({ saidRate: 40 }, { calls: 2 });
  const stray = [await ask(SELLERS), await ask(SELLERS)].map(({ headers }) => headers.get('x-amzn-ratelimit-limit'));
  expect(stray).toContain('0.64');
});

test('each of the faults of the wire befalls the shop it is planted for, and is over when it is over', async () => {
  now = now.add({ hours: 20 });
  const [spain] = amazon.world.shops;
  const outcomes: Record<string, string> = {};
  for (const [name, planted] of Object.entries({
    internal: { internal: 1 },
    truncated: { truncated: 1 },
    throttledWithin200: { throttledWithin200: 1 },
    role: { denied: 1, deniedAs: 'role' },
    expired: { denied: 1, deniedAs: 'expired' },
    region: { denied: 1, deniedAs: 'region' },
    unavailable: { unavailable: 1 },
    emptyAnswer: { emptyAnswer: 1 },
  } as const)) {
    amazon.plant(planted, { shop: spain!, calls: 1 });
    expect((await search(FRANCE)).status).toBe(200);
    const answer = await search(SPAIN);
    outcomes[name] = answer.json === undefined ? `${answer.status} no JSON` : told(answer);
    now = now.add({ minutes: 10 });
  }
  expect(outcomes).toEqual({
    internal: '500 InternalFailure',
    truncated: '200 no JSON',
    throttledWithin200: '200 QuotaExceeded',
    role: '403 Unauthorized',
    expired: '403 Unauthorized The access token you provided has expired.',
    region: '403 Unauthorized The marketplaces you provided are not valid for region.',
    unavailable: '503 no JSON',
    emptyAnswer: '200 no JSON',
  });
  expect((await search(SPAIN)).status).toBe(200);
});

test('another app that drains the quota leaves less for ours', async () => {
  now = now.add({ hours: 20 });
  amazon.plant({ foreignDrain: 4 }, { account: ESTRELLA, until: now.add({ minutes: 1 }) });
  const statuses = [];
  for (let call = 0; call < 6; call++) statuses.push((await search(SPAIN)).status);
  expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
});

test.skipIf(!HAS_MODELS)('the rates are those that Amazon publishes', () => {
  const published = new Map(publishedRates().map((each) => [`${each.operationId} ${each.path.replace(/\{\w+\}/, '*')}`, each]));
  for (const { id, path, allowance } of OPERATIONS) {
    const rate = published.get(`${id} ${path}`);
    expect([id, allowance]).toEqual([id, { perSecond: rate?.rate, burst: rate?.burst }]);
  }
});
