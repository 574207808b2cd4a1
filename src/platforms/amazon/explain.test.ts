import { expect, test } from 'vitest';
import type { Json } from '../../kernel/json.ts';
import type { Operation } from '../operation.ts';
import { explain } from './explain.ts';

const said = (status: number, body: Json | undefined, { host = 'api', headers = {} }: { host?: string; headers?: object } = {}) =>
  explain({ operation: { host } as Operation<unknown>, status, headers: new Headers(headers), body });
const problem = (...given: Parameters<typeof said>): string => {
  const meaning = said(...given);
  return 'data' in meaning ? 'fine' : meaning.problem;
};
const refusal = (code: string, details = ''): Json => ({ errors: [{ code, message: 'Access to requested resource is denied.', details }] });

test.each([
  ['Access token is missing in the request header.', 'token_refused'],
  ['The access token you provided has expired.', 'token_expired'],
  ['The access token you provided is revoked, malformed or invalid.', 'token_refused'],
  ['The LWA secret token you provided has expired.', 'token_secret_refused'],
  ['The marketplaces you provided are not valid for region.', 'wrong_market'],
  ['', 'scope_missing'],
])('of one refusal, 403, "%s" means %s', (details, meaning) => {
  expect(problem(403, refusal('Unauthorized', details))).toBe(meaning);
});

test.each([
  [400, refusal('InvalidInput'), 'refused'],
  [404, refusal('NotFound'), 'refused'],
  [429, refusal('QuotaExceeded'), 'throttled'],
  [500, refusal('InternalFailure'), 'transient'],
  [503, undefined, 'transient'],
  [502, '<html>', 'transient'],
  [200, undefined, 'transient'],
  [200, refusal('QuotaExceeded'), 'throttled'],
  [200, { orders: [] }, 'fine'],
])('HTTP %i with %j means %s', (status, body, meaning) => {
  expect(problem(status, body)).toBe(meaning);
});

test.each([
  [400, { error: 'invalid_grant', error_description: 'The request has an invalid grant parameter : refresh_token.' }, 'refused'],
  [401, { error: 'invalid_client', error_description: 'Client authentication failed' }, 'secret_refused'],
  [400, { error: 'invalid_request' }, 'refused'],
  [429, { error: 'slow_down' }, 'throttled'],
  [503, undefined, 'transient'],
  [200, { access_token: 'Atza|x' }, 'fine'],
])('the host of tokens has another envelope: HTTP %i with %j means %s', (status, body, meaning) => {
  expect(problem(status, body, { host: 'auth' })).toBe(meaning);
});

test('a rate is told by what went well or was wrong itself, and never by a refusal for asking too often or without leave', () => {
  const told = (status: number, body: Json): number | undefined =>
    said(status, body, { headers: { 'x-amzn-ratelimit-limit': '0.0028' } }).perSecond;
  expect([told(200, { orders: [] }), told(400, refusal('InvalidInput')), told(404, refusal('NotFound'))]).toEqual([0.0028, 0.0028, 0.0028]);
  expect([told(429, refusal('QuotaExceeded')), told(403, refusal('Unauthorized'))]).toEqual([undefined, undefined]);
  expect(said(200, {}, { headers: { 'x-amzn-ratelimit-limit': 'soon', 'x-amzn-requestid': 'r' } })).toEqual({ data: {}, requestId: 'r' });
});
