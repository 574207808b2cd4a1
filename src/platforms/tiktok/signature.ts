import { createHmac } from 'node:crypto';
import type { Protocol, SignedRequest } from '../operation.ts';

/** What a signature covers: the path, every parameter with its decoded value, the exact text of the body. */
export interface Signed {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/**
 * TikTok's signature, lower-case hex: HMAC-SHA256 over path, sorted parameters and body between two secrets; `sign` and `access_token` are
 * left out.
 */
export function signatureOf({ path, query, body }: Signed, secret: string): string {
  const parameters = Object.keys(query)
    .filter((key) => key !== 'sign' && key !== 'access_token')
    .sort()
    .map((key) => `${key}${query[key]}`);
  return createHmac('sha256', secret)
    .update(`${secret}${path}${parameters.join('')}${body ?? ''}${secret}`)
    .digest('hex');
}

/**
 * Adds registration, time, shop and signature to the query, the token to the headers: it is never signed. Calls that get a token carry
 * the secret itself.
 */
export const sign: Protocol['sign'] = ({ path, query, body }, { app, secret, account, shop }, now): SignedRequest => {
  if (account === null) return { query: { app_key: app.key, app_secret: secret, ...query }, body, headers: {} };
  const whole: Record<string, string> = { ...query, app_key: app.key, timestamp: String(Math.floor(now.epochMilliseconds / 1000)) };
  if (shop?.handle) whole['shop_cipher'] = shop.handle;
  return {
    query: { ...whole, sign: signatureOf({ path, query: whole, body }, secret) },
    body,
    headers: { 'x-tts-access-token': account['accessToken']! },
  };
};
