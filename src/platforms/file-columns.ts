import { LIMITS } from '../kernel/limits.ts';
import { hasUnseen, plainText } from '../kernel/visible.ts';
import type { ColumnName, Mapping } from './mapping.ts';

type Field = keyof Mapping['columns'];

/** How many characters of a postal code are kept, the rest masked: enough for the province, too few for a street. */
const POSTAL_KEPT = 3;

/** Marks that nobody sees: byte order, soft hyphens, joiners, directions. */
const UNSEEN = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/g;

/** A header, or a word of a cell, as it is compared: nothing unseen, no doubled or outer space, one width, lower case. */
export function normalHeader(header: string): string {
  return header.normalize('NFKC').replace(UNSEEN, '').trim().replace(/\s+/g, ' ').toLowerCase();
}

/** How long a word may be that is kept though the mapping does not know it. */
const LONGEST_WORD = 40;
/** What no word of a state holds: an address of mail, a number of somebody. */
const NO_WORD = /@|\d{5}/;
/** Stands for a cell that says something and is not kept. */
const UNTOLD = '?';
/** A buyer's keyed hash in hexadecimal digits. */
const KEPT_BUYER = /^[0-7]?[\da-f]{1,15}$/;

/** Where in a file's rows the fields of a mapping stand, and which cells are kept: those that the mapping names, and no others. */
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
  readonly #asked = new Map<string, number | undefined>();
  readonly #fields = new Map<Field, readonly number[]>();
  readonly #buyer: number;
  readonly #postal: number;
  /** The places of the cells that are kept. */
  readonly #kept: ReadonlySet<number>;
  /** Places of words of a state or kind, and the words that the mapping knows. */
  readonly #worded: readonly number[];
  readonly #words: ReadonlySet<string>;

  constructor(header: readonly string[], mapping: Mapping) {
    this.#header = header;
    this.#mapping = mapping;
    this.#index = new Map(header.map((name, i) => [normalHeader(name), i] as const).toReversed());
    for (const [field, spec] of Object.entries(mapping.columns)) {
      this.#fields.set(field as Field, this.#places(field as Field, spec));
    }
    const beside = [mapping.refunds?.column, mapping.refunds?.order, typeof mapping.shop === 'object' ? mapping.shop.column : undefined];
    const used = new Set([...this.#fields.values(), beside.flatMap((name) => (name === undefined ? [] : (this.#find(name) ?? [])))].flat());
    this.used = new Set(used);
    this.known = used.size;
    this.needed = Math.max(-1, ...(['orderId', 'purchasedAt', 'quantity'] as const).flatMap((field) => this.#fields.get(field) ?? [])) + 1;
    this.#buyer = this.#fields.get('buyer')?.[0] ?? -1;
    this.#postal = this.#fields.get('postalCode')?.[0] ?? -1;
    for (const name of mapping.keep) used.add(this.#find(name) ?? -1);
    const emptied = new Set(mapping.personal.map(normalHeader));
    this.#kept = new Set([...used].filter((place) => place >= 0 && (place === this.#buyer || !emptied.has(normalHeader(header[place]!)))));
    // A column may say more than one thing: what tells a product is no word.
    const words = ['status', 'lineStatus', 'kind'];
    const others = new Set([...this.#fields].flatMap(([field, places]) => (words.includes(field) ? [] : places)));
    this.#worded = words.flatMap((field) => this.#fields.get(field as Field) ?? []).filter((place) => !others.has(place));
    this.#words = new Set([...Object.keys(mapping.statuses), ...Object.keys(mapping.kinds)].map(normalHeader));
  }

  /** The header as it is kept: of columns whose cells are not, nothing but their place is known. */
  get keptHeader(): string[] {
    return this.#header.map((name, place) => (this.#kept.has(place) ? name : ''));
  }

  /** Whether a row has a cell that no column holds: a separator that stands in a cell moves all cells after it under others' headers. */
  isBeyond(cells: readonly string[]): boolean {
    return cells.length > this.#header.length && cells.slice(this.#header.length).some((cell) => cell.trim() !== '');
  }

  /** The mapping's columns that this header lacks though no import can do without them. */
  missing(): string[] {
    const lacks = (field: Field): boolean => (this.#fields.get(field) ?? []).length === 0;
    const missing = (['orderId', 'purchasedAt'] as const).filter(lacks).map((field) => this.#wanted(field));
    if (['sku', 'platformSku', 'skuName'].every((field) => lacks(field as Field))) {
      missing.push(
        (['sku', 'platformSku', 'skuName'] as const)
          .filter((field) => this.#mapping.columns[field])
          .map((field) => this.#wanted(field))
          .join(' / '),
      );
    }
    // Without it every refund would be taken for an order.
    const { refunds } = this.#mapping;
    if (refunds && this.#find(refunds.column) === undefined) missing.push([refunds.column].flat().join(' / '));
    return missing;
  }

  has(field: Field): boolean {
    return (this.#fields.get(field) ?? []).length > 0;
  }

  /** The file's own header of a field, for messages: one that the mapping names. */
  header(field: Field): string {
    const place = this.#fields.get(field)?.[0];
    return place === undefined ? this.#wanted(field) : this.#header[place]!.trim();
  }

  /** Those of the file's headers that the mapping names, for messages: the others may be cells of a file that has no header. */
  get found(): string[] {
    return [...new Set([...this.#fields.values()].flat())].toSorted((a, b) => a - b).map((place) => this.#header[place]!.trim());
  }

  /** The header of a cell that the mapping names and that is longer than anything it names; null where none is. */
  tooLong(cells: readonly string[]): string | null {
    for (const place of this.used) if ((cells[place]?.length ?? 0) > LIMITS.field_characters.most) return this.#header[place]!.trim();
    return null;
  }

  /** Reads a row by the mapping's words; empty text where there is nothing. */
  reader(document: readonly string[]): (field: Field) => string {
    return (field) => {
      const places = this.#fields.get(field);
      if (places === undefined) return '';
      for (let i = 0; i < places.length; i++) if (document[places[i]!]) return document[places[i]!]!;
      return '';
    };
  }

  /** All cells of a field that several columns make up. */
  values(field: Field, document: readonly string[]): string[] {
    const cells: string[] = [];
    for (const place of this.#fields.get(field) ?? []) if (document[place]) cells.push(document[place]);
    return cells;
  }

  /** The cell under a header that the mapping names; undefined where the file has no such column. */
  cellOf(document: readonly string[], header: string): string | undefined {
    const place = this.#placeOf(header);
    if (place === undefined) return undefined;
    if (!this.#kept.has(place)) throw new TypeError(`the column ${header} is read and not kept`);
    return document[place] ?? '';
  }

  /** The cell of a column that the mapping names outside `columns`. */
  named(name: ColumnName, document: readonly string[]): string {
    return document[this.#find(name) ?? -1] ?? '';
  }

  /** The row as it is kept: cells that the mapping names, trimmed, the buyer hashed, the postal code cut; the others are empty. */
  withoutPersonalData(cells: readonly string[], hash: (buyer: string) => bigint): string[] {
    return this.#cleaned(cells, (buyer) => hash(buyer).toString(16));
  }

  /**
   * The same of a row that is kept already, whose buyer is a hash by now. Of one whose cells stand under others' headers the order's id is
   * left.
   */
  again(document: readonly string[], hash: (buyer: string) => bigint): string[] {
    if (this.isBeyond(document)) {
      const orderId = this.#fields.get('orderId')?.[0] ?? -1;
      return document.slice(0, orderId + 1).map((cell, place) => (place === orderId ? cell : ''));
    }
    return this.#cleaned(document, (buyer) => (KEPT_BUYER.test(buyer) ? buyer : hash(buyer).toString(16)));
  }

  #cleaned(cells: readonly string[], buyerOf: (buyer: string) => string): string[] {
    let document: string[] = [];
    const length = Math.min(cells.length, this.#header.length);
    for (let place = 0; place < length; place++) document.push(this.#kept.has(place) ? cells[place]!.trim() : '');
    // What separates kept cells, rows and documents is among them. Hardly a row holds one: a look at the whole of it is cheaper than one at
    // each cell.
    if (hasUnseen(document.join(''))) document = document.map(plainText);
    for (const place of this.#worded) if (document[place] && !this.#isWord(document[place])) document[place] = UNTOLD;
    const buyer = document[this.#buyer];
    if (buyer) document[this.#buyer] = buyerOf(buyer);
    const postal = document[this.#postal];
    if (postal) document[this.#postal] = cutPostalCode(postal);
    return document;
  }

  /** Words that the mapping does not know are kept, so that they can be told; what is no word is not. */
  #isWord(cell: string): boolean {
    return (cell.length <= LONGEST_WORD && !NO_WORD.test(cell)) || this.#words.has(normalHeader(cell));
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
    // Words of state and kind stand in several columns of one row; everything else in the first column there is.
    if ((field === 'status' || field === 'kind') && Array.isArray(spec)) return found(spec);
    return found([spec]);
  }

  #find(name: ColumnName): number | undefined {
    const names = typeof name === 'string' ? [name] : name;
    return names.map((each) => this.#placeOf(each)).find((place) => place !== undefined);
  }

  /** Asked for each row, by the few names that a mapping and its habits have. */
  #placeOf(header: string): number | undefined {
    if (!this.#asked.has(header)) this.#asked.set(header, this.#index.get(normalHeader(header)));
    return this.#asked.get(header);
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
  const plain = written.replace(/^'*(?:[A-Z]{1,2}-(?=\d))?|(?:\.0)+$/gi, '').slice(0, 10);
  return plain.slice(0, POSTAL_KEPT) + plain.slice(POSTAL_KEPT).replace(/[^\s-]/g, '*');
}
