import { AppError } from '../kernel/errors.ts';
import type { KeyedHash } from '../kernel/vault.ts';
import { toPlace } from '../model/area.ts';
import { MAX_MONEY, type Money } from '../model/money.ts';
import { isSale, stateOfRows, type LineKind, type Order, type OrderLine, type OrderStatus, type Outcome, type State } from '../model/order.ts';
import type { Teller } from '../model/order-parts.ts';
import type { Return } from '../model/return.ts';
import type { Shop, ShopIdentity } from '../model/shop.ts';
import { instantOfLocal } from '../model/shop-day.ts';
import { statedTax } from '../model/stated-tax.ts';
import { dateReader, readAmount, readQuantity, saysNothing, type DateReader, type WrittenAmount } from '../model/written.ts';
import { normalHeader, FileColumns } from './file-columns.ts';
import { parseMapping, type Mapping, type MappingInput } from './mapping.ts';
import { refundOf } from './file-refund.ts';
import { withShares } from './file-shares.ts';
import { RowRefused, type FilePreset, type FileReader, type FileSettings } from './platform.ts';

/** The cells of one row by the mapping's words. */
export type Cells = (name: keyof Mapping['columns']) => string;

/** What a platform's files need beyond a mapping. */
export interface PresetHabits {
  readonly title: string;
  readonly traps: readonly string[];
  /** Columns (normalised headers) that only this kind of file has; all of them make the header its own. */
  readonly signature: readonly string[];
  /** The shop of a row where neither mapping nor user names it; null where the row does not tell. */
  readonly shopOf?: (cell: Cells, named: string | null) => Partial<ShopIdentity> | null;
  /** Whether all rows of a file are one shop's: the one that most rows tell. */
  readonly oneShop?: boolean;
  /** Whether a row is a description row that stands between header and data. */
  readonly isDescription?: (cell: Cells) => boolean;
  /** Mends a state that the status words alone do not tell; a cell is undefined where the file has no such column, a time null where none is told. */
  readonly stateOf?: (cell: (header: string) => string | undefined, state: State, time: (header: string) => Temporal.Instant | null) => State;
  /** Whether a tax of 0 is a statement of the seller's own; platforms write it where they reckon none. */
  readonly zeroTaxTells?: boolean;
}

/** A preset made of a mapping and, for what a mapping cannot say, habits. */
export function filePreset(input: MappingInput, habits: PresetHabits): FilePreset {
  const mapping = parseMapping(input);
  return {
    name: mapping.name,
    title: habits.title,
    platform: mapping.platform,
    traps: habits.traps,
    recognises(header) {
      const present = new Set(header.map(normalHeader));
      if (!habits.signature.every((name) => present.has(normalHeader(name)))) return 0;
      const columns = new FileColumns(header, mapping);
      return columns.missing().length > 0 ? 0 : columns.known;
    },
    open: (header, settings, hash) => new MappedFile(mapping, habits, header, settings, hash),
  };
}

/** The preset of a mapping the user wrote; it takes any file that has its columns. */
export function presetOf(mapping: Mapping): FilePreset {
  const preset = filePreset(mapping, { title: mapping.name, traps: [], signature: [], zeroTaxTells: true });
  // A header that lacks columns is still the header: the error that names them is worth more than "not recognised".
  return { ...preset, recognises: (header) => new FileColumns(header, mapping).known };
}

const LONGEST_DAY = 10;
const REMEMBERED = 50_000;
const AMOUNTS = ['unitPrice', 'grossSales', 'netSales', 'paidAmount', 'taxAmount', 'orderTax', 'totalAmount', 'shippingFee', 'refundAmount'] as const;

class MappedFile implements FileReader {
  readonly teller: Teller;
  readonly #mapping: Mapping;
  readonly #habits: PresetHabits;
  readonly #settings: FileSettings;
  readonly #hash: KeyedHash;
  readonly #columns: FileColumns;
  readonly #amounts: readonly (typeof AMOUNTS)[number][];
  readonly #readDate: DateReader;
  readonly #statuses: ReadonlyMap<string, { status: OrderStatus; outcome: Outcome }>;
  readonly #kinds: ReadonlyMap<string, LineKind>;
  readonly #states = new Map<string, State>();
  readonly #instants = new Map<string, Temporal.Instant>();
  readonly #written = new Map<string, WrittenAmount | null>();
  readonly #identities = new Map<string, { readonly shop: ShopIdentity; rows: number }>();

  constructor(mapping: Mapping, habits: PresetHabits, header: readonly string[], settings: FileSettings, hash: KeyedHash) {
    const { lineId, sku, platformSku, skuName } = mapping.columns;
    this.teller = {
      scope: mapping.rows === 'orders' ? 'whole' : 'part', kind: JSON.stringify([mapping.name, lineId, sku, platformSku, skuName]),
      header: JSON.stringify(header), reading: JSON.stringify([mapping, settings.currency, settings.zone]),
    };
    this.#mapping = mapping;
    this.#habits = habits;
    this.#settings = settings;
    this.#hash = hash;
    this.#columns = new FileColumns(header, mapping);
    const missing = this.#columns.missing();
    if (missing.length > 0) throw new AppError('mapping_column_missing', { columns: missing, found: this.#columns.found.join(', ') || '–' });
    this.#amounts = AMOUNTS.filter((name) => this.#columns.has(name));
    this.#readDate = dateReader(mapping.dateForms);
    this.#statuses = new Map(Object.entries(mapping.statuses).map(([word, state]) =>
      [normalWord(word), typeof state === 'string' ? { status: state, outcome: 'none' as const } : state]));
    this.#kinds = new Map(Object.entries(mapping.kinds).map(([word, kind]) => [normalWord(word), kind]));
  }

  toRecord(cells: readonly string[]): ReturnType<FileReader['toRecord']> {
    if (cells.every((cell) => cell.trim() === '')) return null;
    if (cells.length < this.#columns.needed) throw new RowRefused('row_cells');
    const tooLong = this.#columns.tooLong(cells);
    if (tooLong !== null) throw new RowRefused('row_too_long', tooLong);
    const document = this.#columns.withoutPersonalData(cells, (buyer) => this.#hash(this.#mapping.platform, buyer));
    const cell = this.#columns.reader(document);
    if (this.#habits.isDescription?.(cell)) return null;
    if (this.#columns.isBeyond(cells)) throw new RowRefused('row_beyond');
    const orderId = cell('orderId');
    if (!orderId) throw new RowRefused('row_order_missing', this.#columns.header('orderId'));
    const shop = this.#shopOf(cell, document);
    const purchasedAt = this.#instant('purchasedAt', cell('purchasedAt'), shop?.zone ?? 'UTC');
    if (!purchasedAt) throw new RowRefused('row_date', this.#columns.header('purchasedAt'));
    this.#check(document, cell);
    return { orderId, refund: this.#isRefund(document), purchasedAt, shop: this.#habits.oneShop ? null : shop, document };
  }

  get keptHeader(): readonly string[] {
    return this.#columns.keptHeader;
  }

  again(document: readonly string[]): readonly string[] {
    return this.#columns.again(document, (buyer) => this.#hash(this.#mapping.platform, buyer));
  }

  toRefund(documents: readonly (readonly string[])[], shop: Shop): Return {
    const { order } = this.#mapping.refunds ?? {};
    const orderId = (order && this.#columns.named(order, documents[0]!)) || null;
    return refundOf(this.toCanonical(documents, shop), { orderId, counted: this.#columns.has('quantity') });
  }

  #isRefund(document: readonly string[]): boolean {
    const { refunds } = this.#mapping;
    return refunds !== undefined && normalWord(this.#columns.named(refunds.column, document)).startsWith(normalWord(refunds.startsWith));
  }

  toCanonical(documents: readonly (readonly string[])[], shop: Shop): Order {
    const occurrences = new Map<string, number>();
    const words = documents.map((document) => this.#columns.values('status', document));
    // Shop systems tell the state of an order on its first row alone.
    const told = words.find((each) => each.length > 0) ?? [];
    const states = documents.map((document, i) => this.#state(document, words[i]!.length > 0 ? words[i]! : told));
    const currencies = new Set(documents.map((document) => this.#currency(document)).filter((code) => code !== null));
    if (currencies.size > 1) throw new RowRefused('row_currencies', this.#columns.header('currency'));
    const currency = [...currencies][0] ?? this.#settings.currency ?? this.#mapping.currency ?? shop.currency;
    const tax = (amount: Money | null): Money | null => (this.#habits.zeroTaxTells ? amount : statedTax(amount, currency));
    const own = documents.map((document, i) => this.#toLine(document, occurrences, states[i]!)).map((line) => ({ ...line, taxAmount: tax(line.taxAmount) }));
    const lines = withShares(own, documents.map((document) => {
      const { orderTax, refundAmount } = this.#ofOrder(document);
      return { tax: tax(orderTax), refund: refundAmount };
    }));
    const state = stateOfRows(states, lines);
    for (const line of lines) line.sale = isSale(state.status, line) && (this.#mapping.zeroPriceIsSale || Boolean(line.netSales));
    const [first] = documents as readonly [readonly string[], ...(readonly string[])[]];
    const cell = this.#columns.reader(first);
    const dates = (name: 'purchasedAt' | 'paidAt' | 'updatedAt'): Temporal.Instant[] =>
      documents.flatMap((document) => this.#columns.values(name, document).flatMap((text) => this.#instant(name, text, shop.zone) ?? []));
    const purchased = dates('purchasedAt');
    // Of a row that an older version took though its cells were out of place, no more is left than its order.
    if (purchased.length === 0) throw new RowRefused('row_date', this.#columns.header('purchasedAt'));
    const paid = dates('paidAt');
    const written = { country: cell('country'), region: cell('region'), city: cell('city'), postalCode: cell('postalCode') };
    return {
      orderId: cell('orderId'),
      purchasedAt: purchased.reduce((a, b) => (Temporal.Instant.compare(a, b) <= 0 ? a : b)),
      paidAt: paid[0] ?? null,
      updatedAt: [...purchased, ...paid, ...dates('updatedAt')].reduce((a, b) => (Temporal.Instant.compare(a, b) >= 0 ? a : b)),
      ...state,
      model: 'retail',
      currency,
      place: toPlace(written),
      writtenPlace: Object.values(written).join('\u001f'),
      buyer: this.#columns.buyer(first),
      totalAmount: this.#amount('totalAmount', cell('totalAmount'))?.amount ?? null,
      shippingProvider: cell('shippingProvider') || null,
      shippingFee: this.#amount('shippingFee', cell('shippingFee'))?.amount ?? null,
      lines,
    };
  }

  /** Everything a line needs of its row can be read. */
  #check(document: readonly string[], cell: Cells): void {
    if (!(cell('sku') || cell('platformSku') || cell('skuName'))) throw new RowRefused('row_sku_missing', this.#columns.header('sku'));
    for (const name of this.#amounts) this.#amount(name, cell(name));
    this.#sum('sellerDiscount', document);
    this.#sum('platformDiscount', document);
    this.#grossSales(cell, this.#quantity(cell));
    this.#returnedQuantity(cell);
    this.#currency(document);
  }

  /** One line; whether it is a sale is known when the order is. */
  #toLine(document: readonly string[], occurrences: Map<string, number>, ofOrder: State): OrderLine & { sale: boolean } {
    const cell = this.#columns.reader(document);
    const platformSku = cell('platformSku') || null;
    const sku = cell('sku') || platformSku || cell('skuName');
    const occurrence = (occurrences.get(sku) ?? 0) + 1;
    occurrences.set(sku, occurrence);
    const amount = (name: (typeof AMOUNTS)[number]): Money | null => this.#amount(name, cell(name))?.amount ?? null;
    const quantity = this.#quantity(cell);
    const grossSales = this.#grossSales(cell, quantity);
    const netSales = amount('netSales') ?? (grossSales === null ? null : grossSales - this.#sum('sellerDiscount', document));
    const paidAmount = amount('paidAmount')
      ?? (this.#columns.has('platformDiscount') && netSales !== null ? netSales - this.#sum('platformDiscount', document) : null);
    const { status, outcome, platformStatus } = cell('lineStatus') ? this.#state(document, [cell('lineStatus')]) : ofOrder;
    return {
      lineId: cell('lineId') || `${sku}#${occurrence}`,
      sku, platformSku, productName: cell('skuName') || null, variant: cell('variation') || null, parts: [],
      image: cell('image') || null, category: cell('category') || null,
      kind: this.#columns.values('kind', document).map((word) => this.#kinds.get(normalWord(word)) ?? 'goods').find((kind) => kind !== 'goods') ?? 'goods',
      quantity, grossSales, netSales, paidAmount, taxAmount: amount('taxAmount'), returnedQuantity: this.#returnedQuantity(cell), refundAmount: null,
      status, outcome, platformStatus, sale: false,
    };
  }

  #grossSales(cell: Cells, quantity: number): Money | null {
    const gross = this.#amount('grossSales', cell('grossSales'))?.amount ?? null;
    const unitPrice = gross === null ? (this.#amount('unitPrice', cell('unitPrice'))?.amount ?? null) : null;
    if (unitPrice === null) return gross;
    const product = unitPrice * BigInt(quantity);
    if (product > MAX_MONEY || product < -MAX_MONEY) throw new RowRefused('row_amount', this.#columns.header('unitPrice'));
    return product;
  }

  #quantity(cell: Cells): number {
    const quantity = this.#columns.has('quantity') ? readQuantity(cell('quantity') || '0', this.#mapping.decimalMark) : 1;
    if (quantity === undefined) throw new RowRefused('row_quantity', this.#columns.header('quantity'));
    return quantity;
  }

  /** What the row says of its whole order. */
  #ofOrder(document: readonly string[]): Readonly<Record<'orderTax' | 'refundAmount', Money | null>> {
    const cell = this.#columns.reader(document);
    const [tax, refund] = (['orderTax', 'refundAmount'] as const).map((name) => this.#amount(name, cell(name))?.amount ?? null) as [Money | null, Money | null];
    return { orderTax: tax, refundAmount: refund !== null && refund < 0n ? -refund : refund };
  }

  #returnedQuantity(cell: Cells): number | null {
    const written = cell('returnedQuantity');
    if (saysNothing(written)) return null;
    const quantity = readQuantity(written, this.#mapping.decimalMark);
    if (quantity === undefined) throw new RowRefused('row_quantity', this.#columns.header('returnedQuantity'));
    return Math.abs(quantity);
  }

  /** The currency a row names, in its own column or beside its amounts. */
  #currency(document: readonly string[]): string | null {
    const cell = this.#columns.reader(document);
    let currency = cell('currency').toUpperCase() || null;
    if (!this.#columns.has('currency')) for (const name of this.#amounts) currency ??= this.#amount(name, cell(name))?.currency ?? null;
    if (currency !== null && !/^[A-Z]{3}$/.test(currency)) throw new RowRefused('row_amount', this.#columns.header('currency'));
    return currency;
  }

  fileShop(): ShopIdentity {
    const [main] = [...this.#identities.values()].toSorted((a, b) => b.rows - a.rows);
    if (main) return main.shop;
    const shop = this.#identity({}, typeof this.#mapping.shop === 'string' ? this.#mapping.shop : null);
    if (!shop) throw new AppError('import_setting_needed', { setting: 'time zone', option: 'zone' });
    return shop;
  }

  /** The shop of a row; null where it does not tell. Every row is a vote for the shop of those that do not. */
  #shopOf(cell: Cells, document: readonly string[]): ShopIdentity | null {
    const { shop } = this.#mapping;
    const named = typeof shop === 'object' ? this.#columns.named(shop.column, document) || null : (shop ?? null);
    const key = [named, cell('country'), cell('currency')].join('\u001f');
    const known = this.#identities.get(key);
    if (known) {
      known.rows += 1;
      return known.shop;
    }
    const found = this.#identity(this.#habits.shopOf?.(cell, named) ?? {}, named);
    if (found && this.#identities.size < REMEMBERED) this.#identities.set(key, { shop: found, rows: 1 });
    return found;
  }

  #identity(found: Partial<ShopIdentity>, named: string | null): ShopIdentity | null {
    const zone = this.#settings.zone ?? this.#mapping.zone ?? found.zone;
    return zone
      ? {
          platform: this.#mapping.platform,
          shop: this.#settings.shop ?? found.shop ?? named ?? this.#mapping.name,
          zone,
          currency: this.#settings.currency ?? this.#mapping.currency ?? found.currency ?? null,
        }
      : null;
  }

  #state(document: readonly string[], words: readonly string[]): State {
    const platformStatus = words.join(' / ') || null;
    const key = platformStatus ?? '';
    let state = this.#states.get(key);
    if (!state) {
      const known = words.map((word) => this.#statuses.get(normalWord(word))).find(Boolean);
      state = known
        ? { ...known, platformStatus }
        : { status: platformStatus ? 'unknown' : this.#mapping.defaultStatus, outcome: 'none', platformStatus };
      if (this.#states.size >= REMEMBERED) this.#states.clear();
      this.#states.set(key, state);
    }
    const cell = (header: string): string | undefined => this.#columns.cellOf(document, header);
    // Only compared with each other: one clock is as good as another.
    return this.#habits.stateOf?.(cell, state, (header) => this.#instant('updatedAt', cell(header) ?? '', 'UTC')) ?? state;
  }

  #instant(name: 'purchasedAt' | 'paidAt' | 'updatedAt', text: string, zone: string): Temporal.Instant | null {
    if (!text) return null;
    const key = `${text}${zone}`;
    const known = text.length <= LONGEST_DAY ? this.#instants.get(key) : undefined;
    if (known) return known;
    if (saysNothing(text)) return null;
    const value = this.#readDate(text);
    if (value === undefined) throw new RowRefused('row_date', this.#columns.header(name));
    const instant = typeof value === 'number' ? instantOfLocal(value, this.#mapping.dateZone ?? zone) : value;
    // A file of bare days repeats each thousands of times; times of day hardly repeat.
    if (this.#instants.size >= REMEMBERED) this.#instants.clear();
    if (text.length <= LONGEST_DAY) this.#instants.set(key, instant);
    return instant;
  }

  #amount(name: keyof Mapping['columns'], text: string): WrittenAmount | null {
    // Prices repeat, and each is read several times: when it is checked, and when the order is made.
    let value = this.#written.get(text);
    if (value === undefined) {
      value = readAmount(text, this.#mapping.decimalMark);
      if (this.#written.size >= REMEMBERED) this.#written.clear();
      if (value !== undefined) this.#written.set(text, value);
    }
    if (value === undefined) throw new RowRefused('row_amount', this.#columns.header(name));
    return value;
  }

  #sum(name: 'sellerDiscount' | 'platformDiscount', document: readonly string[]): Money {
    return this.#columns.values(name, document).reduce((sum, text) => {
      const amount = this.#amount(name, text)?.amount ?? 0n;
      return sum + (amount < 0n ? -amount : amount);
    }, 0n);
  }
}

function normalWord(word: string): string {
  return word.trim().toLowerCase().replace(/\s+/g, ' ');
}
