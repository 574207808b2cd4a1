import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AmazonHandle } from '../simulator/amazon/amazon.ts';
import { openSimulator } from '../simulator/simulator.ts';
import { LANGUAGES } from '../src/kernel/messages.ts';
import { consentQuery, movingClock } from './connected-shops.ts';
import { NOW, openTestApp, type TestApp } from './shop-window.ts';

/** Sells in nine marketplaces of Europe; gave no leave to read orders. */
const ESTRELLA = 'A2EH7R5LKQW9ZT';

let simulator: { close(): Promise<void> };
let amazon: AmazonHandle;
let shop: TestApp;

beforeAll(async () => {
  const clock = movingClock(NOW);
  const redirectUrls: string[] = [];
  const options = { limits: 'off', roles: ['insights'], redirectUrls } as const;
  const opened = await openSimulator({ clock, scale: 0.1, platforms: { Amazon: options } });
  simulator = opened;
  amazon = opened.platforms.Amazon;
  const { clientId: key, clientSecret, applicationId } = amazon.app;
  const app = { platform: 'Amazon', kind: 'SP', key, secrets: [clientSecret], more: { applicationId }, host: amazon.url } as const;
  shop = await openTestApp({ apps: [{ ...app, secrets: [clientSecret] }], historyDays: 1 }, clock);
  redirectUrls.push(`${shop.url}/api/Amazon/callback`);
  const { auth_url: address } = (await shop.get('/api/Amazon/auth_url?region=ES')).json;
  await shop.get(`/api/Amazon/callback${await consentQuery(address, ESTRELLA)}`, { accept: 'application/json' });
});
afterAll(async () => {
  await shop.close();
  await simulator.close();
});

/** The name of the error, and how many different sentences and hints it has in all languages. */
async function refusal(path: string): Promise<readonly [string, number, number]> {
  const answers = [];
  for (const language of LANGUAGES) answers.push((await shop.get(path, { 'accept-language': language })).json);
  expect(new Set(answers.map(({ name }) => name)).size).toBe(1);
  return [answers[0].name, new Set(answers.map(({ msg }) => msg)).size, new Set(answers.map(({ hint }) => hint)).size];
}

const LIST = '/api/Amazon/order/list?shop=Amazon.es';

test('a role that the app lacks is told as such, in each language', async () => {
  expect(await refusal(LIST)).toEqual(['scope_missing', LANGUAGES.length, LANGUAGES.length]);
});

test('a client secret that is over is told as such, in each language, and the consent is not called lost', async () => {
  amazon.expireSecret();
  amazon.expireAccessTokens();
  expect(await refusal(LIST)).toEqual(['app_secret_refused', LANGUAGES.length, LANGUAGES.length]);
  expect((await shop.get('/api/shops')).text).not.toContain('authorization_lost');
});
