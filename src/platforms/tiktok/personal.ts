import type { Json } from '../../kernel/json.ts';
import type { KeyedHash } from '../../kernel/vault.ts';
import { cutPostalCode } from '../file-columns.ts';
import { isBroad } from './districts.ts';

/** Fields that name, reach or describe a person, the announced and the possible ones: rather one too many than one too few. */
const PERSONAL = new RegExp(
  [
    'buyer', 'recipient', 'receiver', 'consignee', 'customer', '(first|last|full|middle|family|given|nick|real|user)_?name', 'avatar', 'user_?id', 'open_?id',
    'contact', 'phone', 'mobile', 'e_?mail', 'address', 'street', 'zip', 'postal', 'post_?code', 'latitude', 'longitude', 'delivery_preferences',
    'cpf', 'cnpj', 'tax_?id', 'national', 'identity', 'passport', 'birth', 'auth_code', 'consultation',
    'note', 'message', 'comment', 'remark', 'instruction', 'engrav', 'personali[sz]', 'tracking', 'waybill',
  ].join('|'),
);
/** `buyer_service_fee` is an amount of the order, not of the buyer. */
const FIGURE = /_(fee|amount|discount|tax|rate|time|count)$/;

/** What becomes of what is personal, by kind; `emptied` hears the path of every value that was. */
interface Cleaning {
  buyer(id: string): string;
  postal(code: string): string;
  emptied(path: string): void;
}

/** The document as it is kept: personal values emptied, the buyer's id its keyed hash in hexadecimal digits, the postal code cut. */
export function withoutPersonalData(document: Json, hash: KeyedHash): Json {
  return cleaned(document, '', { buyer: (id) => hash('TikTok', id).toString(16), postal: cutPostalCode, emptied: () => undefined });
}

/** The document with every personal value emptied, and the paths of those, e.g. `orders[].recipient_address.name`. */
export function redacted(document: Json): { readonly data: Json; readonly redacted: readonly string[] } {
  const paths = new Set<string>();
  const data = cleaned(document, '', { buyer: () => '', postal: () => '', emptied: (path) => paths.add(path) });
  return { data, redacted: [...paths] };
}

function cleaned(value: Json, path: string, cleaning: Cleaning): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return value.map((each) => cleaned(each, `${path}[]`, cleaning));
  return mapped(value, (key, part) => {
    if (typeof part === 'boolean' || part === null) return part;
    if (key === 'user_id' && typeof part === 'string') return changed(part, cleaning.buyer, pathOf(path, key), cleaning);
    if (key === 'recipient_address' && typeof part === 'object' && !isArray(part)) return cleanedAddress(part, pathOf(path, key), cleaning);
    if (isPersonal(key)) return emptied(part, pathOf(path, key), cleaning);
    return typeof part === 'object' ? cleaned(part, pathOf(path, key), cleaning) : part;
  });
}

function cleanedAddress(address: JsonRecord, path: string, cleaning: Cleaning): Json {
  return mapped(address, (key, part) => {
    if (key === 'region_code' || key === 'post_town') return typeof part === 'object' ? emptied(part, pathOf(path, key), cleaning) : part;
    if (key === 'postal_code' && typeof part === 'string') return changed(part, cleaning.postal, pathOf(path, key), cleaning);
    if (key !== 'district_info' || !isArray(part)) return emptied(part, pathOf(path, key), cleaning);
    return part.map((district) => (isRecord(district) && isBroad(levelOf(district)) ? district : emptiedDistrict(district, `${path}.district_info[]`, cleaning)));
  });
}

function levelOf(district: JsonRecord): Parameters<typeof isBroad>[0] {
  const { address_level: level, address_level_name: name } = district;
  return { address_level: typeof level === 'string' ? level : null, address_level_name: typeof name === 'string' ? name : null };
}

/** A quarter or village: that there is one stays, its name goes. */
function emptiedDistrict(district: Json, path: string, cleaning: Cleaning): Json {
  if (!isRecord(district)) return emptied(district, path, cleaning);
  return mapped(district, (key, part) => (key === 'address_level' || key === 'address_level_name' ? part : emptied(part, `${path}.${key}`, cleaning)));
}

function changed(text: string, change: (text: string) => string, path: string, cleaning: Cleaning): string {
  if (text === '') return text;
  const after = change(text);
  if (after === '') cleaning.emptied(path);
  return after;
}

/** Keys and shape stay, so that who reads the older system's JSON finds them. */
function emptied(value: Json, path: string, cleaning: Cleaning): Json {
  if (value === '' || value === null || typeof value === 'boolean') return value;
  if (isArray(value)) return value.map((each) => emptied(each, `${path}[]`, cleaning));
  if (typeof value === 'object') return mapped(value, (key, part) => emptied(part, pathOf(path, key), cleaning));
  cleaning.emptied(path);
  return '';
}

const personalKeys = new Map<string, boolean>();
const REMEMBERED = 2000;

function isPersonal(key: string): boolean {
  let personal = personalKeys.get(key);
  if (personal === undefined) {
    personal = PERSONAL.test(key.toLowerCase()) && !FIGURE.test(key);
    if (personalKeys.size < REMEMBERED) personalKeys.set(key, personal);
  }
  return personal;
}

type JsonRecord = { readonly [key: string]: Json };

function mapped(record: JsonRecord, change: (key: string, value: Json) => Json): JsonRecord {
  // A copy with a few values set anew is made faster than an object put together key by key.
  const result: Record<string, Json> = { ...record };
  for (const key in record) {
    const part = record[key]!;
    const after = change(key, part);
    if (after !== part) result[key] = after;
  }
  return result;
}

function isRecord(value: Json): value is JsonRecord {
  return typeof value === 'object' && value !== null && !isArray(value);
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function pathOf(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
