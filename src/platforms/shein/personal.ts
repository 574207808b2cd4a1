import type { Json } from '../../kernel/json.ts';
import { cutPostalCode } from '../file-columns.ts';

/** Fields that name, reach or describe a person; names of goods, shops and carriers are none. */
const PERSONAL = new RegExp(
  [
    '(first|last|full|middle|nick|user|member|receiver|recipient|buyer|customer|card|contact)_?name', 'buyer', 'consignee', 'recipient', 'phone', 'mobile', '^tel$', 'mail',
    'address', 'street', '^district$', 'tax_?no', 'cpf', 'cnpj', 'id_?card', 'passport', 'birth', 'latitude', 'longitude', 'receivemsglist', 'paymentinfo', '^pay_?no$',
    'waybill_?no', 'express_?no', 'tracking', 'remark', 'note$', 'message', 'comment', 'customization_?info', '^texts$',
  ].join('|'),
);

/** The document as it is kept: personal values emptied, the postal code cut, country, province and city left. */
export function withoutPersonalData(document: Json): Json {
  if (Array.isArray(document)) return (document as readonly Json[]).map(withoutPersonalData);
  if (typeof document !== 'object' || document === null) return document;
  return Object.fromEntries(Object.entries(document as Readonly<Record<string, Json>>).map(([key, value]) => {
    if (/^post_?code$/i.test(key)) return [key, typeof value === 'string' ? cutPostalCode(value) : emptied(value)];
    return [key, PERSONAL.test(key.toLowerCase()) ? emptied(value) : withoutPersonalData(value)];
  }));
}

/** Keys and shape stay. */
function emptied(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(emptied);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, emptied(part)]));
  return value === null || typeof value === 'boolean' ? value : '';
}
