import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documentOf, leavesOf, publishedFields } from '../../tests/published-fields.ts';
import type { Json } from '../kernel/json.ts';
import { keyedHash } from '../kernel/vault.ts';
import { platforms } from './all.ts';
import { KEPT as AMAZON } from './amazon/fields.ts';
import { KeptFields } from './kept-fields.ts';
import { KEPT as SHEIN } from './shein/fields.ts';
import { KEPT as TIKTOK } from './tiktok/fields.ts';

const hash = keyedHash(Buffer.alloc(32, 7));
const hashed = (id: string): string => hash('TikTok', id).toString(16);

/** What is documented and about a person, or where a person is; everything else that is documented has to be kept. */
const ADDRESS = ['Name', 'CompanyName', 'AddressLine1', 'AddressLine2', 'AddressLine3', 'District', 'Phone', 'ExtendedFields'];
const ADDRESS_TODAY = [
  'name',
  'companyName',
  'addressLine1',
  'addressLine2',
  'addressLine3',
  'districtOrCounty',
  'municipality',
  'postalCode',
  'phone',
  'extendedFields',
  'addressType',
];
const PERSONAL: Readonly<Record<string, readonly string[]>> = {
  'tiktok orders': [
    'buyer_email',
    'buyer_nickname',
    'buyer_avatar',
    'buyer_message',
    'seller_note',
    'tracking_number',
    'line_items[].tracking_number',
    'cpf',
    'cpf_name',
    'consultation_id',
    'payment_auth_code',
    ...[
      'name',
      'first_name',
      'last_name',
      'first_name_local_script',
      'last_name_local_script',
      'phone_number',
      'full_address',
      'address_detail',
      'address_line1',
      'address_line2',
      'address_line3',
      'address_line4',
      'delivery_preferences',
    ].map((name) => `recipient_address.${name}`),
  ],
  'tiktok returns': ['return_tracking_number', 'return_warehouse_address'],
  'shein orders': [
    'paymentInfo.payNo',
    'paymentInfo.channelPayNo',
    'paymentInfo.cnpj',
    'packageWaybillList[].waybillNo',
    'packageWaybillList[].packageLabel',
    'orderGoodsInfoList[].customizationInfo.texts',
    ...['lastName', 'middleName', 'firstName', 'district', 'street', 'address', 'addressExt', 'phone', 'taxNo', 'email'].map(
      (name) => `receiveMsgList[].${name}`,
    ),
  ],
  'amazon orders': [
    'buyer',
    'recipient.deliveryPreference',
    ...ADDRESS_TODAY.map((name) => `recipient.deliveryAddress.${name}`),
    'payment.paymentExecutions[].authorizationCode',
    'tax.taxRegistrations',
    'orderItems[].product.customization.customizedUrl',
    'orderItems[].cancellation.cancellationRequest.cancelReason',
    'orderItems[].fulfillment.packing.giftOption.giftMessage',
    'packages[].trackingNumber',
    'packages[].shipFromAddress',
  ],
  'amazon older orders': [
    'BuyerInfo',
    'BuyerTaxInformation',
    'PaymentExecutionDetail[].AuthorizationCode',
    'MarketplaceTaxInfo.TaxClassifications[].Value',
    ...['DefaultShipFromLocationAddress', 'ShippingAddress'].flatMap((of) => ADDRESS.map((name) => `${of}.${name}`)),
  ],
  'amazon older items': ['BuyerInfo.BuyerCustomizedInfo', 'BuyerInfo.GiftMessageText', 'BuyerRequestedCancel.BuyerCancelReason'],
};
const BUYER = 'user_id';
const POSTAL = /(?:postal_code|postCode|PostalCode)$/;

const lists = [
  ['tiktok', TIKTOK],
  ['shein', SHEIN],
  ['amazon', AMAZON],
] as const;
const kinds = lists.flatMap(([platform, kept]) =>
  Object.entries(kept as Readonly<Record<string, KeptFields>>).map(
    ([kind, list]) => [`${platform} ${kind}`, publishedFields(platform)[kind]!, list] as const,
  ),
);

const valueOf = (path: string, type: string): Json => {
  if (POSTAL.test(path)) return '28013';
  if (path.endsWith('address_level')) return 'L1';
  return type === 'boolean' ? true : type === 'string' ? `text of ${path}` : 7;
};

test.each(kinds)('%s: every documented field is kept, or is personal and emptied; cleaned again nothing changes', (name, fields, list) => {
  expect(Object.keys(fields).length).toBeGreaterThan(20);
  const personal = PERSONAL[name] ?? [];
  const keptOf = (path: string, value: Json): Json => {
    if (path === BUYER) return hashed(value as string);
    if (personal.some((each) => path === each || path.startsWith(`${each}.`) || path.startsWith(`${each}[]`))) return '';
    return POSTAL.test(path) ? '280**' : value;
  };
  const came = documentOf(fields, valueOf);
  const kept = list.kept(came, hashed);
  expect(leavesOf(kept)).toEqual(leavesOf(came).map(([path, value]) => [path, keptOf(path, value)]));
  expect(
    leavesOf(kept)
      .map(([path]) => path)
      .toSorted(),
  ).toEqual(Object.keys(fields).toSorted());
  expect([...list.unknown].filter((path) => Object.hasOwn(fields, path))).toEqual([]);
  expect(list.kept(kept, (id) => id)).toBe(kept);
});

test.each(platforms.flatMap(({ id, keeping }) => (keeping ? [[id, keeping] as const] : [])))(
  '%s: what is kept already stays as it is under the same lists',
  (id, keeping) => {
    const platform = id.toLowerCase() as 'tiktok';
    for (const [kind, fields] of Object.entries(publishedFields(platform))) {
      const once = keeping.again(documentOf(fields, valueOf), kind, hash);
      expect(keeping.again(once, kind, hash)).toEqual(once);
      expect(JSON.stringify(once)).not.toContain('text of recipient_address.name');
    }
  },
);

describe('an unknown field', () => {
  const list = new KeptFields({ kept: 'id', within: { 'items[]': { kept: 'id' } }, aboutPerson: false });
  const cleaned = (document: Json): Json => list.kept(document, (id) => id);

  test('keeps numbers, yes and no, and nothing; its texts are emptied and its name is told', () => {
    const came = {
      id: 'A',
      fee: '1.50',
      minus: '-3',
      zero: '0',
      ids: ['7512345678901234567'],
      flag: true,
      none: null,
      count: 3,
      empty: '',
      new_text: 'secret',
      deep: { list: [{ text: 'secret', n: 1 }] },
    };
    expect(cleaned(came)).toEqual({ ...came, new_text: '', deep: { list: [{ text: '', n: 1 }] } });
    expect([...list.unknown]).toEqual(['new_text', 'deep.list[].text']);
  });

  test.each(['0600111222', '+34600111222', '600 111 222', '1e3', '12.', '.5', '1,5', ' 5', '٣'])(
    'is emptied of %j, which is no number as amounts and ids are written',
    (text) => {
      expect(cleaned({ new_number: text })).toEqual({ new_number: '' });
    },
  );

  test('is emptied of its number, too, where its name or a name above it is about a person', () => {
    expect(
      cleaned({
        recipient_phone: 600111222,
        contactMobile: '600111222',
        customer: { vip: '1', level: 2, is_new: true },
        taxId: '12345678',
        buyer_service_fee: '1.5',
        buyer_note_count: 2,
      }),
    ).toEqual({
      recipient_phone: '',
      contactMobile: '',
      customer: { vip: '', level: '', is_new: true },
      taxId: '',
      buyer_service_fee: '1.5',
      buyer_note_count: 2,
    });
  });

  test("whose name is none is left out: it could be anybody's", () => {
    expect(cleaned({ 'ana@example.com': 1, 'Ana López': { id: 'x' }, items: [{ id: 'i', 'Calle 1': true }] })).toEqual({
      items: [{ id: 'i' }],
    });
  });

  test('where a known one was expected of another form is emptied all the same', () => {
    expect(cleaned({ id: { name: 'secret' }, items: 'secret' })).toEqual({ id: { name: '' }, items: '' });
    expect(cleaned(['secret', { id: 'x' }] as Json)).toEqual(['', { id: 'x' }]);
  });

  test('in a live answer is named beside what is personal, and a record full of names does not fill the header', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`field_${i}`, 'secret']));
    expect(list.redacted({ id: 'x', new_text: 'secret' })).toEqual({ data: { id: 'x', new_text: '' }, redacted: ['new_text'] });
    expect([list.redacted(many).redacted.length, JSON.stringify(list.redacted(many).data)]).toEqual([
      200,
      expect.not.stringContaining('secret'),
    ]);
  });

  test('of whatever form holds no text afterwards, at whatever depth', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(cleaned({ any: value as Json }), (_key, part: unknown) =>
          typeof part === 'string' && !/^-?[\d.]+$/.test(part) && part !== '' ? 'TOLD' : part,
        );
        expect(text ?? '').not.toContain('TOLD');
      }),
      { numRuns: 500 },
    );
  });
});
