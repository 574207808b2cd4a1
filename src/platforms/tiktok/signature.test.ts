import { expect, test } from 'vitest';
import { sign, signatureOf } from './signature.ts';

const SIMULATED = { app_key: 'sim_app_key', shop_cipher: 'SIM_GBcipher0001', timestamp: '1767225600' };
const SECRET = 'sim_secret_0123456789abcdef';
const WEBHOOKS = { app_key: '68xu9ks5p4i8', shop_cipher: 'ROW_xkMbgAAAeVAQra0eZWebFQq5aIK', timestamp: '1696909648' };
const SEARCH = '/order/202309/orders/search';

test.each([
  [
    "V1, TikTok's own example",
    'e59af819cc',
    '/authorization/202309/shops',
    { app_key: '29a39d', timestamp: '1623812664' },
    null,
    'b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8',
  ],
  [
    'V2, a call for a shop',
    'e59af819cc',
    '/event/202309/webhooks',
    WEBHOOKS,
    null,
    'ed58e1b5e59865c22a7b828c1cab65007441f43cc91a6cb2f2cdc638e0995a37',
  ],
  [
    'V3, a body',
    'e59af819cc',
    '/event/202309/webhooks',
    WEBHOOKS,
    '{"event_type":"PACKAGE_UPDATE","address":"https://partner.tiktokshop.com"}',
    '701dd6deb2389fe4c469b89bd37fc56f96a6da6afeb4d01c9077a65169752fa7',
  ],
  [
    'V3, the same body in another order',
    'e59af819cc',
    '/event/202309/webhooks',
    WEBHOOKS,
    '{"address":"https://partner.tiktokshop.com","event_type":"PACKAGE_UPDATE"}',
    'cd0d6268252f4ba293bf7ea4c0a2873bf9beec600d22530638564ab301435f7a',
  ],
  [
    'V4, a page token with + / = stands decoded',
    SECRET,
    SEARCH,
    { ...SIMULATED, page_size: '100', page_token: 'aB+/cD==', sort_field: 'update_time', sort_order: 'ASC' },
    '{"update_time_ge":1767139200,"update_time_lt":1767225600}',
    '61181ef719a2b220a010f6d706180dc9d6a8245bfbeda547bb9ba65fff07353a',
  ],
  [
    'V5, a list is one value, token and signature are left out',
    SECRET,
    '/order/202507/orders',
    { ...SIMULATED, ids: '576461413038785752,576461413038785753', access_token: 'left out', sign: 'left out' },
    null,
    '21811b5120f11791d49820fd32857faa77a3d1ed68eff6ee6365e864137a7eac',
  ],
  [
    'V6, an upload: its body is not signed',
    SECRET,
    '/product/202309/images/upload',
    { app_key: 'sim_app_key', timestamp: '1767225600' },
    null,
    'cedd155c06e5dd78f5bb83cc2ee764369f9190895d290246d9500c065f7e8310',
  ],
  [
    'V7, a body beyond ASCII',
    SECRET,
    SEARCH,
    { ...SIMULATED, page_size: '20' },
    '{"buyer_user_id":"Größe✓"}',
    'b34ee6fe94fce1ed94d2159d9443b70626c899b45fce7a0baf28f239e1865f0b',
  ],
  [
    'V7, an empty object is a body',
    SECRET,
    SEARCH,
    { ...SIMULATED, page_size: '20' },
    '{}',
    '52cc1def025e92309700601f78a0012e0fb59ab3e442c69d35d6dc21f2129a79',
  ],
  [
    'V7, no body',
    SECRET,
    SEARCH,
    { ...SIMULATED, page_size: '20' },
    null,
    '845dea8c1ca2f221620c31d920fceddb05cf9854ec02b7f7a122e9b3beb8e9ee',
  ],
  [
    "V8, another library's example",
    'app_secret',
    '/test-api',
    { foo: 'bar' },
    null,
    'd3cb7fe11ecae942802ceeca67e7cf10120cc12f1517d45fbc1c8cfe5413c80f',
  ],
])('a request is signed as TikTok signs it: %s', (_, secret, path, query, body, signature) => {
  expect(signatureOf({ path, query, body }, secret)).toBe(signature);
});

test('a request carries registration, whole seconds, shop and signature; the token is a header and never signed', () => {
  const app = {
    platform: 'TikTok',
    kind: 'ROW',
    key: SIMULATED.app_key,
    secrets: [SECRET],
    more: { serviceId: '1' },
    hosts: () => ({ consent: '', auth: '', api: '' }),
  } as const;
  const request = { method: 'POST', path: SEARCH, query: { page_size: '20' }, body: '{}' };
  const signed = sign(
    request,
    { app, secret: SECRET, account: { accessToken: 'TTP_token' }, shop: { platformShopId: '7', handle: SIMULATED.shop_cipher } },
    Temporal.Instant.from('2026-01-01T00:00:00.9Z'),
  );
  expect(signed).toEqual({
    query: { ...SIMULATED, page_size: '20', sign: '52cc1def025e92309700601f78a0012e0fb59ab3e442c69d35d6dc21f2129a79' },
    body: '{}',
    headers: { 'x-tts-access-token': 'TTP_token' },
  });
  expect(sign(request, { app, secret: SECRET, account: null, shop: null }, Temporal.Instant.from('2026-01-01T00:00:00Z'))).toEqual({
    query: { app_key: SIMULATED.app_key, app_secret: SECRET, page_size: '20' },
    body: '{}',
    headers: {},
  });
});
