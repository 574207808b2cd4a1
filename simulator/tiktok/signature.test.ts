import { expect, test } from 'vitest';
import { sameSignature, signatureOf } from './signature.ts';

const OFFICIAL = 'e59af819cc';
const SIMULATED = 'sim_secret_0123456789abcdef';
const WEBHOOKS = { app_key: '68xu9ks5p4i8', shop_cipher: 'ROW_xkMbgAAAeVAQra0eZWebFQq5aIK', timestamp: '1696909648' };
const SHOP = { app_key: 'sim_app_key', shop_cipher: 'SIM_GBcipher0001', timestamp: '1767225600' };

function sign(secret: string, path: string, query: Record<string, string>, rest: { body?: string; contentType?: string } = {}): string {
  const { body, contentType = 'application/json' } = rest;
  return signatureOf(secret, { path, query: Object.entries(query), body: body === undefined ? undefined : Buffer.from(body), contentType });
}

test('signs the official example of TikTok (V1)', () => {
  expect(sign(OFFICIAL, '/authorization/202309/shops', { app_key: '29a39d', timestamp: '1623812664' })).toBe(
    'b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8',
  );
});

test('signs what other SDKs sign, with and without a body, the body byte for byte (V2, V3, V8)', () => {
  const path = '/event/202309/webhooks';
  expect(sign(OFFICIAL, path, WEBHOOKS)).toBe('ed58e1b5e59865c22a7b828c1cab65007441f43cc91a6cb2f2cdc638e0995a37');
  const address = '"address":"https://partner.tiktokshop.com"';
  const type = '"event_type":"PACKAGE_UPDATE"';
  expect(sign(OFFICIAL, path, WEBHOOKS, { body: `{${type},${address}}` })).toBe(
    '701dd6deb2389fe4c469b89bd37fc56f96a6da6afeb4d01c9077a65169752fa7',
  );
  expect(sign(OFFICIAL, path, WEBHOOKS, { body: `{${address},${type}}` })).toBe(
    'cd0d6268252f4ba293bf7ea4c0a2873bf9beec600d22530638564ab301435f7a',
  );
  expect(sign('app_secret', '/test-api', { foo: 'bar' })).toBe('d3cb7fe11ecae942802ceeca67e7cf10120cc12f1517d45fbc1c8cfe5413c80f');
});

test('signs a page token as it is read, not as it is written in the URL (V4)', () => {
  const query = { ...SHOP, page_size: '100', page_token: 'aB+/cD==', sort_field: 'update_time', sort_order: 'ASC' };
  const body = '{"update_time_ge":1767139200,"update_time_lt":1767225600}';
  expect(sign(SIMULATED, '/order/202309/orders/search', query, { body })).toBe(
    '61181ef719a2b220a010f6d706180dc9d6a8245bfbeda547bb9ba65fff07353a',
  );
});

test('leaves the token and the signature itself out (V5)', () => {
  const query = { ...SHOP, ids: '576461413038785752,576461413038785753', access_token: 'anything', sign: 'anything' };
  expect(sign(SIMULATED, '/order/202507/orders', query)).toBe('21811b5120f11791d49820fd32857faa77a3d1ed68eff6ee6365e864137a7eac');
});

test('leaves the body of an upload out, whatever follows its media type (V6)', () => {
  const query = { app_key: SHOP.app_key, timestamp: SHOP.timestamp };
  const upload = { body: 'bytes', contentType: 'multipart/form-data; boundary=x' };
  expect(sign(SIMULATED, '/product/202309/images/upload', query, upload)).toBe(
    'cedd155c06e5dd78f5bb83cc2ee764369f9190895d290246d9500c065f7e8310',
  );
});

test('signs UTF-8, an empty object and no body as three different things (V7)', () => {
  const query = { ...SHOP, page_size: '20' };
  const path = '/order/202309/orders/search';
  expect(sign(SIMULATED, path, query, { body: '{"buyer_user_id":"Größe✓"}' })).toBe(
    'b34ee6fe94fce1ed94d2159d9443b70626c899b45fce7a0baf28f239e1865f0b',
  );
  expect(sign(SIMULATED, path, query, { body: '{}' })).toBe('52cc1def025e92309700601f78a0012e0fb59ab3e442c69d35d6dc21f2129a79');
  expect(sign(SIMULATED, path, query)).toBe('845dea8c1ca2f221620c31d920fceddb05cf9854ec02b7f7a122e9b3beb8e9ee');
});

test('takes a signature in capitals for a wrong one', () => {
  expect(sameSignature('abc1', 'abc1')).toBe(true);
  expect(sameSignature('ABC1', 'abc1')).toBe(false);
});
