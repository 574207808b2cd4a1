import type { Json } from '../kernel/json.ts';
import { cutPostalCode } from './file-columns.ts';

/**
 * What a kind of record may hold: the names of one level, with blanks between, and the levels below it. A list of levels is
 * named with `[]` at its end. What stands in no list is unknown.
 */
export interface Fields {
  /** Kept as they come. */
  readonly kept?: string;
  /** Emptied, with whatever is in them. */
  readonly personal?: string;
  /** The platform's id of the buyer; only its keyed hash is kept. */
  readonly buyer?: string;
  /** Postal codes; cut before they are kept. */
  readonly postal?: string;
  readonly within?: Readonly<Record<string, Fields>>;
  /** What holds in place of these of a record that says so itself. */
  readonly instead?: { readonly when: (record: JsonRecord) => boolean; readonly fields: Fields };
  /** Whether what is unknown here is about a person, even where it is a mere number. */
  readonly aboutPerson?: boolean;
}

export type JsonRecord = { readonly [key: string]: Json };

/** What becomes of what is personal, by kind; `emptied` hears the path of every value that was. */
interface Cleaning {
  buyer(id: string): string;
  postal(code: string): string;
  emptied(path: string): void;
}

interface Level {
  readonly path: string;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly instead: { readonly when: (record: JsonRecord) => boolean; readonly level: Level } | undefined;
  readonly aboutPerson: boolean;
}

type Rule = 'kept' | 'personal' | 'buyer' | 'postal' | Level;

/** A number written as one; a nought before others is how phone numbers are written, never amounts. */
const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
/** How a field is called. What is called otherwise is no field but something told. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
/** Unknown fields whose numbers are about a person: rather one too many than one too few. */
const PERSONAL = new RegExp(
  [
    'buyer',
    'recipient',
    'receiver',
    'receive_?msg',
    'consignee',
    'customer',
    'shopper',
    'attention',
    '(first|last|full|middle|family|given|nick|real|user|member|sur)_?name',
    'avatar',
    '(user|open|member|account|device|line)_?id',
    'contact',
    'phone',
    'mobile',
    '^tel',
    'fax',
    'whats_?app',
    'e_?mail',
    'address',
    'street',
    'house',
    'building',
    'district',
    'neighbou?rhood',
    'complement',
    'landmark',
    'zip',
    'postal',
    'post_?code',
    'latitude',
    'longitude',
    'coordinate',
    '^ip$',
    'delivery_preference',
    'cpf',
    'cnpj',
    'curp',
    '^(rfc|rut|nif|nie|dni)$',
    'tax_?(id|no|number|payer)',
    'id_?(card|number)',
    'dt_?number',
    'national',
    'identity',
    'passport',
    'birth',
    'company',
    'invoice_?(title|no|number)',
    'auth_code',
    'pay_?no$',
    'consultation',
    'note',
    'message',
    'comment',
    'remark',
    'instruction',
    'engrav',
    'personali[sz]',
    'custom_?(text|info)',
    'tracking',
    'way_?bill',
    'express_?no',
    'logistics_?no',
  ].join('|'),
);
/** `buyer_service_fee` is an amount of the order, not of the buyer. */
const FIGURE = /(?:fee|amount|discount|price|rate|time|count)$/;
/** How many names are remembered, and told: a record keyed by what it tells must fill neither memory nor headers. */
const REMEMBERED = 200;

/** The list of a kind of record, ready to clean records by. */
export class KeptFields {
  readonly #level: Level;
  readonly #unknown = new Set<string>();

  constructor(fields: Fields) {
    this.#level = levelOf(fields, '');
  }

  /** Fields that held a text and that the list does not know, by path; all that came in this process. */
  get unknown(): ReadonlySet<string> {
    return this.#unknown;
  }

  /**
   * The record as it is kept: personal and unknown texts emptied, the buyer's id changed, postal codes cut. Cleaned again it stays the
   * same.
   */
  kept(record: Json, buyer: (id: string) => string): Json {
    return this.#cleaned(record, { buyer, postal: cutPostalCode, emptied: () => undefined });
  }

  /**
   * The record with every personal or unknown text emptied, and the paths of the first 200 of those, e.g.
   * `orders[].recipient_address.name`.
   */
  redacted(record: Json): { readonly data: Json; readonly redacted: readonly string[] } {
    const paths = new Set<string>();
    const emptied = (path: string): void => {
      if (paths.size < REMEMBERED) paths.add(path);
    };
    const data = this.#cleaned(record, { buyer: () => '', postal: () => '', emptied });
    return { data, redacted: [...paths] };
  }

  #cleaned(value: Json, cleaning: Cleaning): Json {
    return this.#byLevel(value, this.#level, cleaning);
  }

  #byLevel(value: Json, level: Level, cleaning: Cleaning): Json {
    if (isArray(value)) return mappedList(value, (each) => this.#byLevel(each, level, cleaning));
    if (typeof value !== 'object' || value === null)
      return this.#unknownPart(value, { path: level.path, personal: level.aboutPerson }, cleaning);
    const { rules, path, aboutPerson } = level.instead?.when(value) ? level.instead.level : level;
    return mapped(value, (key, part) => {
      const rule = rules.get(key);
      if (rule === 'kept' && typeof part !== 'object') return part;
      if (rule === undefined) return this.#unknownField(key, part, { path, personal: aboutPerson }, cleaning);
      if (part === null || typeof part === 'boolean') return part;
      if (typeof rule === 'object') return this.#byLevel(part, rule, cleaning);
      const own = pathOf(path, key);
      // A record where none is known of has no field that is.
      const unknownRecord = (each: Json): Json =>
        typeof each === 'object' ? this.#unknownPart(each, { path: own, personal: aboutPerson }, cleaning) : each;
      if (rule === 'kept') return isArray(part) ? mappedList(part, unknownRecord) : unknownRecord(part);
      if (typeof part === 'string' && rule === 'buyer') return changed(part, cleaning.buyer, own, cleaning);
      if (typeof part === 'string' && rule === 'postal') return changed(part, cleaning.postal, own, cleaning);
      return emptied(part, own, cleaning);
    });
  }

  #unknownField(key: string, part: Json, { path, personal }: Where, cleaning: Cleaning): Json | undefined {
    // A key that is no name could be anybody's.
    if (!NAME.test(key)) return undefined;
    return this.#unknownPart(part, { path: pathOf(path, key), personal: personal || soundsPersonal(key) }, cleaning);
  }

  #unknownPart(value: Json, where: Where, cleaning: Cleaning): Json {
    if (value === '' || value === null || typeof value === 'boolean') return value;
    if (isArray(value)) return mappedList(value, (each) => this.#unknownPart(each, { ...where, path: `${where.path}[]` }, cleaning));
    if (typeof value === 'object') return mapped(value, (key, part) => this.#unknownField(key, part, where, cleaning));
    if (!where.personal && (typeof value === 'number' || DECIMAL.test(value))) return value;
    if (this.#unknown.size < REMEMBERED) this.#unknown.add(where.path);
    cleaning.emptied(where.path);
    return '';
  }
}

/** The unknown fields of several lists, each with the name of its list before it: `orders: line_items[].name`. */
export function unknownFields(lists: Readonly<Record<string, KeptFields>>): string[] {
  return Object.entries(lists).flatMap(([name, list]) => [...list.unknown].map((path) => `${name}: ${path}`));
}

interface Where {
  readonly path: string;
  readonly personal: boolean;
}

function levelOf(
  { kept = '', personal = '', buyer = '', postal = '', within = {}, instead, aboutPerson = false }: Fields,
  path: string,
): Level {
  const rules = new Map<string, Rule>();
  for (const [rule, names] of Object.entries({ kept, personal, buyer, postal } as const))
    for (const name of names.split(/\s+/)) if (name) rules.set(name, rule as Rule);
  for (const [name, fields] of Object.entries(within)) rules.set(name.replace('[]', ''), levelOf(fields, pathOf(path, name)));
  return { path, rules, instead: instead && { when: instead.when, level: levelOf(instead.fields, path) }, aboutPerson };
}

/** Keys and shape stay, so that who reads the older system's JSON finds them. */
function emptied(value: Json, path: string, cleaning: Cleaning): Json {
  if (value === '' || value === null || typeof value === 'boolean') return value;
  if (isArray(value)) return mappedList(value, (each) => emptied(each, `${path}[]`, cleaning));
  if (typeof value === 'object')
    return mapped(value, (key, part) => (NAME.test(key) ? emptied(part, pathOf(path, key), cleaning) : undefined));
  cleaning.emptied(path);
  return '';
}

function changed(text: string, change: (text: string) => string, path: string, cleaning: Cleaning): string {
  if (text === '') return text;
  const after = change(text);
  if (after === '') cleaning.emptied(path);
  return after;
}

const personalNames = new Map<string, boolean>();
const REMEMBERED_NAMES = 2000;

function soundsPersonal(name: string): boolean {
  let personal = personalNames.get(name);
  if (personal === undefined) {
    const small = name.toLowerCase();
    personal = PERSONAL.test(small) && !FIGURE.test(small);
    if (personalNames.size < REMEMBERED_NAMES) personalNames.set(name, personal);
  }
  return personal;
}

/** The record with its values changed, itself where none is; a value that comes back undefined is left out. */
function mapped(record: JsonRecord, change: (key: string, value: Json) => Json | undefined): JsonRecord {
  let result: Record<string, Json> | undefined;
  for (const key in record) {
    const part = record[key]!;
    const after = change(key, part);
    if (after === part) continue;
    result ??= { ...record };
    if (after === undefined) delete result[key];
    else result[key] = after;
  }
  return result ?? record;
}

/** The list with its values changed, itself where none is. */
function mappedList(list: readonly Json[], change: (value: Json) => Json): Json {
  let result: Json[] | undefined;
  for (const [i, each] of list.entries()) {
    const after = change(each);
    if (after !== each) (result ??= [...list])[i] = after;
  }
  return result ?? list;
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function pathOf(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
