import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../../kernel/json.ts';
import { keyedHash } from '../../kernel/vault.ts';
import { LIVE_ORDERS } from './fields.ts';
import { withoutPersonalData } from './personal.ts';

const hash = keyedHash(Buffer.alloc(32, 7));
const NAMES = ['order-gb', 'order-us', 'order-id-masked'];
const fixture = (name: string): Json => JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8')) as Json;

/** What stands in the fixtures about persons. */
const PLANTED = [
  'Agatha',
  'Pennyfeather',
  'Jebediah',
  'Quillfoot',
  '7700900123',
  '213-***-1234',
  '812******43',
  'Larkspur',
  'Flat 3B',
  '1199 Marigold',
  'blue pot',
  'marigold',
  'scs1.tiktok.com',
  'avatar',
  'ring twice',
  'called on Monday',
  'RM123456789GB',
  '7494049642642441621',
  '7494690250735257859',
  '7212345678901234567',
  'M14 5TQ',
  '95110',
  'Fallowfield',
  'Se***',
  'Ja***',
];
const shape = (value: Json): unknown =>
  Array.isArray(value)
    ? value.map(shape)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shape(part)]))
      : 0;

test.each(NAMES)('nothing about a person is left in what is kept and in what is passed on: %s', (name) => {
  for (const document of [withoutPersonalData(fixture(name), hash), LIVE_ORDERS.redacted({ orders: [fixture(name)] }).data]) {
    for (const planted of PLANTED) expect(JSON.stringify(document).replaceAll('"buyer_avatar"', '')).not.toContain(planted);
  }
});

test.each(NAMES)('every key stays where it was: %s', (name) => {
  expect(shape(withoutPersonalData(fixture(name), hash))).toEqual(shape(fixture(name)));
  expect(shape(LIVE_ORDERS.redacted(fixture(name)).data)).toEqual(shape(fixture(name)));
});

test("what is no person's stays as it came: ids, amounts, times, words, broad places", () => {
  const kept = withoutPersonalData(fixture('order-gb'), hash) as Record<string, Record<string, unknown>>;
  const came = fixture('order-gb') as typeof kept;
  expect(kept['payment']).toEqual(came['payment']);
  expect(kept['recipient_address']).toMatchObject({ region_code: 'GB', postal_code: 'M14 ***', post_town: 'MANCHESTER' });
  expect((kept['recipient_address']!['district_info'] as { address_name: string }[]).map(({ address_name }) => address_name)).toEqual([
    'United Kingdom',
    'England',
    'Greater Manchester',
    'Manchester',
    '',
  ]);
  expect(kept).toMatchObject({
    user_id: hash('TikTok', '7494049642642441621').toString(16),
    has_updated_recipient_address: false,
    shipping_provider: 'Royal Mail',
  });
});

test('live answers name the paths of what was emptied', () => {
  const { redacted: paths } = LIVE_ORDERS.redacted({ orders: [fixture('order-gb'), fixture('order-us')] });
  expect(paths).toEqual(
    expect.arrayContaining([
      'orders[].user_id',
      'orders[].buyer_email',
      'orders[].buyer_message',
      'orders[].tracking_number',
      'orders[].recipient_address.name',
      'orders[].recipient_address.postal_code',
      'orders[].recipient_address.delivery_preferences.drop_off_location',
      'orders[].recipient_address.district_info[].address_name',
      'orders[].line_items[].tracking_number',
    ]),
  );
  expect(new Set(paths).size).toBe(paths.length);
  expect(LIVE_ORDERS.redacted({ orders: [] }).redacted).toEqual([]);
});

test('fields that TikTok may add about persons are emptied before anybody has heard of them', () => {
  const document = {
    recipient_tax_id: 'X',
    customer: { nick: 'Y', likes: ['Z'] },
    gift_message: 'W',
    buyerPhone: 123,
    buyer_service_fee: '1.5',
    is_buyer_vip: true,
    buyer_note_count: 2,
  };
  expect(withoutPersonalData(document, hash)).toEqual({
    recipient_tax_id: '',
    customer: { nick: '', likes: [''] },
    gift_message: '',
    buyerPhone: '',
    buyer_service_fee: '1.5',
    is_buyer_vip: true,
    buyer_note_count: 2,
  });
});

test('a personal text survives nowhere, whatever stands where it was expected', () => {
  const personal = fc.constantFrom(
    'recipient_address',
    'buyer_email',
    'cpf',
    'cpf_name',
    'tracking_number',
    'seller_note',
    'payment_auth_code',
    'consultation_id',
  );
  const inAddress = fc.constantFrom(
    'name',
    'phone_number',
    'address_line3',
    'delivery_preferences',
    'first_name_local_script',
    'anything_new',
  );
  const planted = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      fc.constant('PLANTED'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.string({ maxLength: 5 }), tie('value'), { maxKeys: 3 }),
    ),
  })).value;
  const text = (document: unknown): string =>
    JSON.stringify([withoutPersonalData(document as Json, hash), LIVE_ORDERS.redacted(document as Json).data]);
  fc.assert(
    fc.property(
      personal.filter((key) => key !== 'recipient_address'),
      planted,
      (key, value) => !text({ [key]: value, line_items: [{ [key]: value }] }).includes('PLANTED"'),
    ),
    { numRuns: 200 },
  );
  fc.assert(
    fc.property(inAddress, planted, (key, value) => !text({ recipient_address: { [key]: value } }).includes('PLANTED"')),
    { numRuns: 200 },
  );
});
