import { expect, test } from 'vitest';
import type { Json } from '../../kernel/json.ts';
import { explain } from './explain.ts';

const said = (status: number, code: Json, message = ''): string => {
  const meaning = explain({ status, body: { code, message, request_id: 'r', data: null } });
  return 'data' in meaning ? 'fine' : meaning.problem;
};

test.each([
  [200, 105002, 'Expired credentials.', 'token_expired'],
  [401, 36009004, 'Invalid credentials. The `x-tts-access-token` header is invalid.', 'token_expired'],
  [401, 36009004, 'Invalid credentials. The `access_token` header is invalid.', 'token_expired'],
  [200, 36004001, 'rt has expired', 'authorization_lost'],
  [200, 105004, 'The authorization is inactive.', 'authorization_lost'],
  [400, 101000, 'Invalid query or header.', 'authorization_lost'],
  [403, 105005, 'Access denied.', 'scope_missing'],
  [401, 36009005, 'Invalid credentials.', 'token_refused'],
  [429, 36009002, 'Too many requests.', 'throttled'],
  [200, 36009002, 'Too many requests.', 'throttled'],
  [500, 36009003, 'Internal error.', 'transient'],
  [200, 36009007, 'Request timeout.', 'transient'],
  [200, 10037002, 'Failed to get orders', 'transient'],
  [502, 77, 'a code nobody has heard of', 'transient'],
  [401, 106001, 'The `sign` query parameter is invalid.', 'secret_refused'],
  [400, 106013, 'Missing identifier.', 'refused'],
  [400, 36009004, 'Invalid timestamp. The value must not be earlier than 5 minutes before the current time.', 'refused'],
  [400, 36009004, 'Invalid credentials. Invalid `app_key` query parameter.', 'refused'],
  [400, 36009004, 'Unexpected identifier. The `shop_cipher` query parameter is not required for this request.', 'refused'],
  [200, 36009043, 'The shop is deactivated.', 'refused'],
  [404, 36009009, 'Invalid path.', 'refused'],
  [200, 21008111, 'The order or package does not belong to the current seller.', 'refused'],
])('HTTP %i with code %i "%s" means %s', (status, code, message, problem) => {
  expect(said(status, code, message)).toBe(problem);
});

test('code 0 is success whatever the status, and nothing else is', () => {
  expect(explain({ status: 200, body: { code: 0, message: 'Success', request_id: 'r', data: { orders: [] } } })).toEqual({
    data: { orders: [] },
    requestId: 'r',
  });
  expect(explain({ status: 200, body: { code: '0', data: null } })).toEqual({ data: null });
  expect(said(200, 1)).toBe('refused');
});

test.each([
  [503, undefined, 'transient'],
  [429, undefined, 'throttled'],
  [403, undefined, 'refused'],
  [200, undefined, 'transient'],
  [200, [], 'transient'],
  [502, 'text', 'transient'],
  [408, {}, 'transient'],
])('HTTP %i without an envelope: %j is %s', (status, body, problem) => {
  expect(explain({ status, body })).toMatchObject({ problem, platformCode: `http_${status}` });
});
