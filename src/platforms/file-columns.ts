import type { ColumnName, Mapping } from './mapping.ts';

type Field = keyof Mapping['columns'];

/** Headers whose cells name or reach a person, in the languages the exports come in; rather too many than one too few. */
const PERSONAL = new RegExp(
  [
    // who
    'buyer', 'recipient', 'receiver', 'consignee', 'customer', 'client', 'comprador', 'destinat', 'acheteur', 'acquirente', 'k[äa]ufer', 'kunde', 'empf[äa]nger',
    '(first|last|full|middle|family|given|user|sur|nick).?name', '(ship|bill|deliver|invoice|post)(ping|ing|ed|y)?( to)?.?name', '^(name|nombre|nome|nom)$', '\\bname \\(',
    'apellido', 'pr[ée]nom', 'vorname', 'nachname', 'cognome', 'nombre completo', 'nome completo', 'nom (complet|de famille)', 'company', 'person', 'creator handle', 'checked marked by',
    '收件人', '收货人', '买家', '客户', '姓名', '昵称', '身份证', '税号',
    // where
    'add?ress', 'street', 'stra(ß|ss)e', 'anschrift', 'direcci[oó]n', 'indirizzo', 'endere[cç]o', 'domicilio', '地址',
    'zip(?!per)', 'post.?(al|code)', '\\b(plz|cap|cep)\\b', '邮编', '邮政编码',
    // by what they are reached or known
    'e-?mail', 'correo', 'courriel', 'phone', 'mobile', '\\btel\\b', 't[eé]l[eé]f', 'm[oó]vil', 'celular', 'cellular', 'whats.?app', 'contact', '电话', '手机', '邮箱',
    'tax.?(no|id|number)', 'vat.?(no|number|id)', '\\b(cpf|cnpj|dni|nif|nie|cif)\\b', 'codice fiscale', 'invoice.?number', 'purchase.?order.?number', 'license.?plate',
    'tracking', 'rastreio', 'carta de porte', '运单号', '物流单号',
    // what they wrote
    'message', '\\bnotes?\\b', 'comment', 'remark', 'instructions', 'customi[sz]ed', 'mensaje', 'mensagem', 'observaci', '留言', '备注',
  ].join('|'),
  'iu',
);

/** What stands between cells, rows and documents once they are kept. */
// oxlint-disable-next-line no-control-regex -- they are control characters because no text holds them
const SEPARATOR = /[\u001d-\u001f]/;
const SEPARATORS = new RegExp(SEPARATOR, 'g');
/** How many characters of a postal code are kept, the rest masked: enough for the province, too few for a street. */
const POSTAL_KEPT = 3;

/** A header as it is compared: no byte order mark, no doubled or outer space, lower case. */
export function normalHeader(header: string): string {
  return header.replace(/^\uFEFF/, '').trim().replace(/\s+/g, ' ').toLowerCase();
}

/** Where in a file's rows the fields of a mapping stand, and which cells are personal. */
export class FileColumns {
  /** How many columns of the file the mapping names. */
  readonly known: number;
  /** How many cells a row must have. */
  readonly needed: number;
  /** The places of those columns. */
  readonly used: ReadonlySet<number>;
  readonly #header: readonly string[];
  readonly #mapping: Mapping;
  readonly #index: ReadonlyMap<string, number>;
  readonly #fields = new Map<Field, readonly number[]>();
  readonly #buyer: number;
  readonly #postal: number;
  readonly #personal: readonly number[];

  constructor(header: readonly string[], mapping: Mapping) {
    this.#header = header;
    this.#mapping = mapping;
    this.#index = new Map(header.map((name, i) => [normalHeader(name), i] as const).toReversed());
    for (const [field, spec] of Object.entries(mapping.columns)) {
      this.#fields.set(field as Field, this.#places(field as Field, spec));
    }
    const told = Object.values(mapping.refunds ? { column: mapping.refunds.column, order: mapping.refunds.order ?? [] } : {});
    const used = new Set([...this.#fields.values(), told.flatMap((name) => this.#find(name) ?? [])].flat());
    this.used = used;
    this.known = used.size;
    this.needed = Math.max(-1, ...(['orderId', 'purchasedAt', 'quantity'] as const).flatMap((field) => this.#fields.get(field) ?? [])) + 1;
    this.#buyer = this.#fields.get('buyer')?.[0] ?? -1;
    this.#postal = this.#fields.get('postalCode')?.[0] ?? -1;
    const named = new Set(mapping.personal.map(normalHeader));
    this.#personal = header.flatMap((name, i) =>
      i !== this.#buyer && (named.has(normalHeader(name)) || (!used.has(i) && PERSONAL.test(name.replaceAll('_', ' ')))) ? [i] : []);
  }

  /** The mapping's columns that this header lacks though no import can do without them. */
  missing(): string[] {
    const lacks = (field: Field): boolean => (this.#fields.get(field) ?? []).length === 0;
    const missing = (['orderId', 'purchasedAt'] as const).filter(lacks).map((field) => this.#wanted(field));
    if (['sku', 'platformSku', 'skuName'].every((field) => lacks(field as Field))) {
      missing.push((['sku', 'platformSku', 'skuName'] as const).filter((field) => this.#mapping.columns[field]).map((field) => this.#wanted(field)).join(' / '));
    }
    // Without it every refund would be taken for an order.
    const { refunds } = this.#mapping;
    if (refunds && this.#find(refunds.column) === undefined) missing.push([refunds.column].flat().join(' / '));
    return missing;
  }

  has(field: Field): boolean {
    return (this.#fields.get(field) ?? []).length > 0;
  }

  /** The file's own header of a field, for messages. */
  header(field: Field): string {
    const place = this.#fields.get(field)?.[0];
    return place === undefined ? this.#wanted(field) : this.#header[place]!.trim();
  }

  /** Reads a row by the mapping's words; empty text where there is nothing. */
  reader(document: readonly string[]): (field: Field) => string {
    return (field) => {
      for (const place of this.#fields.get(field) ?? []) if (document[place]) return document[place];
      return '';
    };
  }

  /** All cells of a field that several columns make up. */
  values(field: Field, document: readonly string[]): string[] {
    const cells: string[] = [];
    for (const place of this.#fields.get(field) ?? []) if (document[place]) cells.push(document[place]);
    return cells;
  }

  /** The cell under a header; undefined where the file has no such column. */
  cellOf(document: readonly string[], header: string): string | undefined {
    const place = this.#index.get(normalHeader(header));
    return place === undefined ? undefined : (document[place] ?? '');
  }

  /** The cell of a column that the mapping names outside `columns`. */
  named(name: ColumnName, document: readonly string[]): string {
    return document[this.#find(name) ?? -1] ?? '';
  }

  /** The row as it is kept: trimmed, personal cells emptied, the buyer hashed, the postal code cut. */
  withoutPersonalData(cells: readonly string[], hash: (buyer: string) => bigint): string[] {
    // Hardly a row holds one: a look at the whole of it is cheaper than one at each cell.
    const clean = SEPARATOR.test(cells.join('')) ? cells.map((cell) => cell.replaceAll(SEPARATORS, ' ')) : cells;
    const document = clean.map((cell) => cell.trim());
    for (const place of this.#personal) if (document[place]) document[place] = '';
    const buyer = document[this.#buyer];
    if (buyer) document[this.#buyer] = hash(buyer).toString(16);
    const postal = document[this.#postal];
    if (postal) document[this.#postal] = cutPostalCode(postal);
    return document;
  }

  /** The buyer's keyed hash of a kept row. */
  buyer(document: readonly string[]): bigint | null {
    const hash = document[this.#buyer];
    return hash ? BigInt(`0x${hash}`) : null;
  }

  #places(field: Field, spec: NonNullable<Mapping['columns'][Field]>): number[] {
    const found = (names: readonly ColumnName[]): number[] => names.flatMap((name) => this.#find(name) ?? []);
    if (typeof spec === 'object' && 'sum' in spec) return found(spec.sum);
    if (typeof spec === 'object' && 'latest' in spec) return found(spec.latest);
    // Status words stand in several columns of one row; everything else in the first column there is.
    if (field === 'status' && Array.isArray(spec)) return found(spec);
    return found([spec]);
  }

  #find(name: ColumnName): number | undefined {
    const names = typeof name === 'string' ? [name] : name;
    return names.map((each) => this.#index.get(normalHeader(each))).find((place) => place !== undefined);
  }

  #wanted(field: Field): string {
    const spec = this.#mapping.columns[field];
    if (typeof spec === 'string') return spec;
    return Array.isArray(spec) ? spec.join(' / ') : field;
  }
}

/** A postal code as it is kept. What is masked keeps its shape, for a postal code is known by it: 30041-8435 becomes 300**-****. */
export function cutPostalCode(written: string): string {
  // Spreadsheets turn 28013 into 28013.0, web shops write '28013 to keep them from it, parcels E-28013.
  const plain = written.replace(/^'|^[A-Z]{1,2}-(?=\d)|\.0$/gi, '').slice(0, 10);
  return plain.slice(0, POSTAL_KEPT) + plain.slice(POSTAL_KEPT).replace(/[^\s-]/g, '*');
}
