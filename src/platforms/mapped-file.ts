import { AppError } from '../kernel/errors.ts';
import type { KeyedHash } from '../kernel/vault.ts';
import { toPlace } from '../model/area.ts';
import type { Money } from '../model/money.ts';
import {
  isSale,
  stateOfRows,
  type LineKind,
  type Order,
  type OrderLine,
  type OrderStatus,
  type Outcome,
  type State,
} from '../model/order.ts';
import type { Teller } from '../model/order-parts.ts';
import type { Return } from '../model/return.ts';
import type { Shop } from '../model/shop.ts';
import { earlierOf, instantOfLocal, laterOf } from '../model/shop-day.ts';
import { statedTax } from '../model/stated-tax.ts';
import { saysNothing, type DateOrder } from '../model/written.ts';
import { normalHeader, FileColumns } from './file-columns.ts';
import { FileAmounts, type AmountName } from './file-amounts.ts';
import { DateHabit } from './file-habits.ts';
import { endsInZeros, isDamagedId, LongIds } from './file-ids.ts';
import { plainCell, RowKinds } from './file-rows.ts';
import { FileShops, type ToldShop } from './file-shops.ts';
import { Unknowns, type DecidingColumn } from './file-unknowns.ts';
import { parseMapping, type Mapping, type MappingInput } from './mapping.ts';
import { refundOf } from './file-refund.ts';
import { withShares } from './file-shares.ts';
import {
  RowRefused,
  type FileDecision,
  type FileFindings,
  type FilePreset,
  type FileReader,
  type FileRecord,
  type FileSettings,
  type FileShop,
} from './file-preset.ts';

/** The cells of one row by the mapping's words. */
export type Cells = (name: keyof Mapping['columns']) => string;

/** What a platform's files need beyond a mapping. */
export interface PresetHabits {
  readonly title: string;
  readonly traps: readonly string[];
  /** Columns (normalised headers) that only this kind of file has; all of them make the header its own. */
  readonly signature: readonly string[];
  /**
   * The shop of a row where neither mapping nor user names it: null where the row does not tell, a name alone where it tells one that is
   * not known.
   */
  readonly shopOf?: (cell: Cells, named: string | null) => ToldShop;
  /** Whether all rows of a file are one shop's: the one that most rows tell. */
  readonly oneShop?: boolean;
  /**
   * The order of day and month that the platform itself writes a date in, by its form; null for a form that a spreadsheet may have given
   * it.
   */
  readonly dateOrderOf?: (text: string, cell: Cells) => DateOrder | null;
  /** Further columns that states hide in, by their headers, and the words that are known there. */
  readonly deciding?: readonly DecidingColumn[];
  /** Whether a user wrote the mapping: what it says of the file's dates is not doubted, and what it leaves out is left out on purpose. */
  readonly own?: boolean;
  /**
   * Mends a state that the status words alone do not tell; a cell is undefined where the file has no such column, a time null where none is
   * told.
   */
  readonly stateOf?: (
    cell: (header: string) => string | undefined,
    state: State,
    time: (header: string) => Temporal.Instant | null,
  ) => State;
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
    lacks(header) {
      const present = new Set(header.map(normalHeader));
      const columns = new FileColumns(header, mapping);
      return {
        has: columns.known,
        missing: [...new Set([...habits.signature.filter((name) => !present.has(normalHeader(name))), ...columns.missing()])],
      };
    },
    open: (header, settings, hash) => new MappedFile(mapping, habits, header, settings, hash),
  };
}

/** The preset of a mapping the user wrote; it takes any file that has its columns. */
export function presetOf(mapping: Mapping): FilePreset {
  const preset = filePreset(mapping, { title: mapping.name, traps: [], signature: [], own: true, zeroTaxTells: true });
  // A header that lacks columns is still the header: the error that names them is worth more than "not recognised".
  return { ...preset, recognises: (header) => new FileColumns(header, mapping).known };
}

type DateName = 'purchasedAt' | 'paidAt' | 'updatedAt';

const DAY_MS = 86_400_000;
const IDS = ['orderId', 'lineId', 'platformSku', 'sku', 'buyer'] as const;
const REMEMBERED = 50_000;

/** What a line is made with beside its row. */
interface Line {
  /** How many lines of each SKU the order has so far. */
  readonly occurrences: Map<string, number>;
  readonly ofOrder: State;
  readonly shop: Shop;
  /** What a written tax is worth: nothing, where a platform reckons none. */
  readonly tax: (written: Money | null) => Money | null;
}

class MappedFile implements FileReader {
  readonly #teller: Omit<Teller, 'reading'>;
  readonly #mapping: Mapping;
  readonly #habits: PresetHabits;
  readonly #settings: FileSettings;
  readonly #hash: KeyedHash;
  readonly #columns: FileColumns;
  readonly #dates: DateHabit;
  readonly #amounts: FileAmounts;
  readonly #ids: ReadonlyMap<(typeof IDS)[number], LongIds>;
  readonly #unknowns: Unknowns;
  readonly #statuses: ReadonlyMap<string, { status: OrderStatus; outcome: Outcome }>;
  readonly #kinds: ReadonlyMap<string, LineKind>;
  readonly #states = new Map<string, State>();
  readonly #midnights = new Map<string, Map<number, Temporal.Instant>>();
  readonly #shops: FileShops;
  readonly #kindsOfRows: RowKinds;

  constructor(mapping: Mapping, habits: PresetHabits, header: readonly string[], settings: FileSettings, hash: KeyedHash) {
    const { lineId, sku, platformSku, skuName } = mapping.columns;
    this.#teller = {
      scope: mapping.rows === 'orders' ? 'whole' : 'part',
      kind: JSON.stringify([mapping.name, lineId, sku, platformSku, skuName]),
      header,
    };
    this.#mapping = mapping;
    this.#habits = habits;
    this.#settings = settings;
    this.#hash = hash;
    this.#columns = new FileColumns(header, mapping);
    const missing = this.#columns.missing();
    if (missing.length > 0)
      throw new AppError('mapping_column_missing', { columns: missing, found: this.#columns.found.join(', ') || '–' });
    this.#dates = new DateHabit(mapping.dateForms, { order: settings.dateOrder, strict: habits.own ?? false });
    this.#amounts = new FileAmounts(this.#columns, mapping, settings);
    this.#ids = new Map(
      mapping.roundIds ? [] : IDS.filter((name) => name !== 'buyer' && this.#columns.has(name)).map((name) => [name, new LongIds()]),
    );
    this.#statuses = new Map(
      Object.entries(mapping.statuses).map(([word, state]) => [
        normalWord(word),
        typeof state === 'string' ? { status: state, outcome: 'none' as const } : state,
      ]),
    );
    this.#unknowns = new Unknowns(header, {
      columns: this.#columns,
      mapping,
      deciding: habits.deciding ?? [],
      own: habits.own ?? false,
      knows: (word) => this.#statuses.has(normalWord(word)),
    });
    this.#shops = new FileShops(mapping, settings);
    this.#kindsOfRows = new RowKinds(header);
    this.#kinds = new Map(Object.entries(mapping.kinds).map(([word, kind]) => [normalWord(word), kind]));
  }

  toRecord(written: readonly string[]): ReturnType<FileReader['toRecord']> {
    if (written.every((cell) => cell.trim() === '')) return null;
    const cells = written.map(plainCell);
    const given = this.#columns.reader(cells);
    const numbers = (): boolean => (['quantity', ...this.#amounts.names] as const).some((name) => /\d/.test(given(name)));
    if (this.#kindsOfRows.isNoData(cells, { orderId: given('orderId'), purchasedAt: given('purchasedAt'), numbers })) return null;
    if (cells.length < this.#columns.needed) throw new RowRefused('row_cells');
    if (this.#columns.isBeyond(cells)) throw new RowRefused('row_beyond');
    const tooLong = this.#columns.tooLong(cells);
    if (tooLong !== null) throw new RowRefused('row_too_long', tooLong);
    for (const name of IDS) if (isDamagedId(given(name).trim())) throw new RowRefused('row_id_damaged', this.#columns.header(name));
    const document = this.#columns.withoutPersonalData(cells, (buyer) => this.#hash(this.#mapping.platform, buyer));
    const cell = this.#columns.reader(document);
    const orderId = cell('orderId');
    if (!orderId) throw new RowRefused('row_order_missing', this.#columns.header('orderId'));
    const refund = this.#isRefund(document);
    if (refund && isDamagedId(this.#refundedOrder(document))) throw new RowRefused('row_id_damaged', this.#columns.header('orderId'));
    const purchasedOn = this.#purchased(cell);
    this.#check(document, cell);
    // Last, for what a row names that nobody knows is told: of one that is no order it may be anything.
    const shop = this.#shopOf(cell, document);
    this.#look(document, cell, shop);
    return { orderId, refund, ...purchasedOn(shop?.zone ?? 'UTC'), shop: this.#habits.oneShop ? null : shop, document };
  }

  /** The time of purchase by a clock, in either order of day and month, with a note of what it tells of the file. */
  #purchased(cell: Cells): (zone: string) => Pick<FileRecord, 'purchasedAt' | 'monthFirst'> {
    const text = cell('purchasedAt');
    const { dmy, mdy } = this.#dates.see(text, this.#habits.dateOrderOf?.(text, cell));
    const first = dmy ?? mdy;
    if (first === undefined) throw new RowRefused('row_date', this.#columns.header('purchasedAt'));
    return (zone) => ({
      purchasedAt: this.#instantOf(first, zone),
      monthFirst: mdy === undefined || mdy === first ? null : this.#instantOf(mdy, zone),
    });
  }

  look(document: readonly string[], shop: Shop | null): void {
    const cell = this.#columns.reader(document);
    this.#dates.see(cell('purchasedAt'), this.#habits.dateOrderOf?.(cell('purchasedAt'), cell));
    this.#look(document, cell, shop);
  }

  #look(document: readonly string[], cell: Cells, shop: { readonly currency: string | null } | null): void {
    for (const name of ['paidAt', 'updatedAt'] as const)
      for (const text of this.#columns.values(name, document)) this.#dates.see(text, this.#habits.dateOrderOf?.(text, cell));
    this.#amounts.see(document, cell, shop);
    for (const [name, ids] of this.#ids) ids.see(cell(name));
    this.#unknowns.see(document);
  }

  /** Who tells of an order of this file; to be asked when it is decided how the file is read. */
  get teller(): Teller {
    const { currency, zone } = this.#settings;
    return { ...this.#teller, reading: JSON.stringify([this.#mapping, currency, zone, this.#dates.order, this.#amounts.habit.mark]) };
  }

  decide(): FileDecision {
    return { dateOrder: this.#dates.decide(), decimalMark: this.#amounts.habit.decide() };
  }

  findings(): FileFindings {
    const doubtfulIds = [...this.#ids].filter(([, ids]) => ids.verdict !== 'fine').map(([name]) => this.#columns.header(name));
    return { unknownColumns: this.#unknowns.columns, unknownWords: this.#unknowns.words(), doubtfulIds };
  }

  get keptHeader(): readonly string[] {
    return this.#columns.keptHeader;
  }

  again(document: readonly string[]): readonly string[] {
    return this.#columns.again(document, (buyer) => this.#hash(this.#mapping.platform, buyer));
  }

  toRefund(documents: readonly (readonly string[])[], shop: Shop): Return {
    return refundOf(this.toCanonical(documents, shop), {
      orderId: this.#refundedOrder(documents[0]!) || null,
      counted: this.#columns.has('quantity'),
    });
  }

  #refundedOrder(document: readonly string[]): string {
    const { order } = this.#mapping.refunds ?? {};
    return order ? this.#columns.named(order, document) : '';
  }

  #isRefund(document: readonly string[]): boolean {
    const { refunds } = this.#mapping;
    return refunds !== undefined && normalWord(this.#columns.named(refunds.column, document)).startsWith(normalWord(refunds.startsWith));
  }

  toCanonical(documents: readonly (readonly string[])[], shop: Shop): Order {
    for (const document of documents) this.#checkIds(document);
    const occurrences = new Map<string, number>();
    const words = documents.map((document) => this.#columns.values('status', document));
    // Shop systems tell the state of an order on its first row alone.
    const told = words.find((each) => each.length > 0) ?? [];
    const states = documents.map((document, i) => this.#state(document, words[i]!.length > 0 ? words[i]! : told));
    const currency = this.#currencyOf(documents) ?? this.#settings.currency ?? this.#mapping.currency ?? shop.currency;
    const tax = (amount: Money | null): Money | null => (this.#habits.zeroTaxTells ? amount : statedTax(amount, currency));
    const own = documents.map((document, i) => this.#toLine(document, { occurrences, ofOrder: states[i]!, shop, tax }));
    const lines = this.#amounts.tellOfOrders
      ? withShares(
          own,
          documents.map((document) => {
            const { orderTax, refundAmount } = this.#amounts.ofOrder(document, shop);
            return { tax: tax(orderTax), refund: refundAmount };
          }),
        )
      : own;
    const state = stateOfRows(states, lines);
    for (const line of lines) line.sale = isSale(state.status, line) && (this.#mapping.zeroPriceIsSale || Boolean(line.netSales));
    const [first] = documents as readonly [readonly string[], ...(readonly string[])[]];
    const cell = this.#columns.reader(first);
    const beside = this.#amounts.currencyBeside(cell, shop);
    const dates = (name: 'purchasedAt' | 'paidAt' | 'updatedAt'): Temporal.Instant[] =>
      documents.flatMap((document) => this.#columns.values(name, document).flatMap((text) => this.#instant(name, text, shop.zone) ?? []));
    const purchased = dates('purchasedAt');
    // Of a row that an older version took though its cells were out of place, no more is left than its order.
    if (purchased.length === 0) throw new RowRefused('row_date', this.#columns.header('purchasedAt'));
    const paid = dates('paidAt');
    const written = { country: cell('country'), region: cell('region'), city: cell('city'), postalCode: cell('postalCode') };
    return {
      orderId: cell('orderId'),
      purchasedAt: purchased.reduce(earlierOf),
      paidAt: paid[0] ?? null,
      updatedAt: [...purchased, ...paid, ...dates('updatedAt')].reduce(laterOf),
      ...state,
      model: 'retail',
      currency,
      place: toPlace(written),
      writtenPlace: `${written.country}\u001f${written.region}\u001f${written.city}\u001f${written.postalCode}`,
      buyer: this.#columns.buyer(first),
      totalAmount: this.#amounts.of('totalAmount', cell, beside),
      shippingProvider: cell('shippingProvider') || null,
      shippingFee: this.#amounts.of('shippingFee', cell, beside),
      lines,
    };
  }

  /** The one currency that an order's rows name; null where none does. */
  #currencyOf(documents: readonly (readonly string[])[]): string | null {
    let currency: string | null = null;
    for (const document of documents) {
      const named = this.#amounts.currency(this.#columns.reader(document));
      if (named !== null && currency !== null && named !== currency)
        throw new RowRefused('row_currencies', this.#columns.header('currency'));
      currency ??= named;
    }
    return currency;
  }

  /** Everything a line needs of its row can be read. */
  #check(document: readonly string[], cell: Cells): void {
    if (!(cell('sku') || cell('platformSku') || cell('skuName'))) throw new RowRefused('row_sku_missing', this.#columns.header('sku'));
    this.#amounts.check(document, cell);
  }

  /** An id whose last digits are zeros, in a column where that is no chance. */
  #checkIds(document: readonly string[]): void {
    const cell = this.#columns.reader(document);
    for (const [name, ids] of this.#ids)
      if (endsInZeros(cell(name)) && ids.verdict === 'lost') throw new RowRefused('row_id_damaged', this.#columns.header(name));
  }

  /** One line; whether it is a sale is known when the order is. */
  #toLine(document: readonly string[], { occurrences, ofOrder, shop, tax }: Line): OrderLine & { sale: boolean } {
    const cell = this.#columns.reader(document);
    const beside = this.#amounts.currencyBeside(cell, shop);
    const platformSku = cell('platformSku') || null;
    const sku = cell('sku') || platformSku || cell('skuName');
    const occurrence = (occurrences.get(sku) ?? 0) + 1;
    occurrences.set(sku, occurrence);
    const amount = (name: AmountName): Money | null => this.#amounts.of(name, cell, beside);
    const quantity = this.#amounts.quantity(cell);
    const grossSales = this.#amounts.grossSales(cell, quantity, beside);
    const netSales =
      amount('netSales') ?? (grossSales === null ? null : grossSales - this.#amounts.sum('sellerDiscount', document, beside));
    const paidAmount =
      amount('paidAmount') ??
      (this.#columns.has('platformDiscount') && netSales !== null
        ? netSales - this.#amounts.sum('platformDiscount', document, beside)
        : null);
    const { status, outcome, platformStatus } = cell('lineStatus') ? this.#state(document, [cell('lineStatus')]) : ofOrder;
    return {
      lineId: cell('lineId') || `${sku}#${occurrence}`,
      sku,
      platformSku,
      productName: cell('skuName') || null,
      variant: cell('variation') || null,
      parts: [],
      image: cell('image') || null,
      category: cell('category') || null,
      kind:
        this.#columns
          .values('kind', document)
          .map((word) => this.#kinds.get(normalWord(word)) ?? 'goods')
          .find((kind) => kind !== 'goods') ?? 'goods',
      quantity,
      grossSales,
      netSales,
      paidAmount,
      taxAmount: tax(amount('taxAmount')),
      returnedQuantity: this.#amounts.returnedQuantity(cell),
      refundAmount: null,
      status,
      outcome,
      platformStatus,
      sale: false,
    };
  }

  fileShop(): FileShop {
    return this.#shops.main();
  }

  /** The shop of a row; null where it does not tell, or where all rows of the file are one shop's. */
  #shopOf(cell: Cells, document: readonly string[]): FileShop | null {
    const { shop } = this.#mapping;
    const named = typeof shop === 'object' ? this.#columns.named(shop.column, document) || null : (shop ?? null);
    const found = this.#shops.of(
      [named, cell('country'), cell('currency')].join('\u001f'),
      named,
      () => this.#habits.shopOf?.(cell, named) ?? null,
    );
    if (typeof found !== 'string') return found;
    this.#unknowns.word(found);
    if (!this.#habits.oneShop && !this.#settings.shop)
      throw new RowRefused('row_channel', typeof shop === 'object' ? [shop.column].flat()[0] : '');
    return null;
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

  #instant(name: DateName, text: string, zone: string): Temporal.Instant | null {
    if (!text || saysNothing(text)) return null;
    const value = this.#dates.read(text);
    if (value === undefined) throw new RowRefused('row_date', this.#columns.header(name));
    return this.#instantOf(value, zone);
  }

  #instantOf(value: number | Temporal.Instant, zone: string): Temporal.Instant {
    if (typeof value !== 'number') return value;
    const clock = this.#mapping.dateZone ?? zone;
    if (value % DAY_MS !== 0) return instantOfLocal(value, clock);
    return this.#midnights.getOrInsertComputed(clock, () => new Map()).getOrInsertComputed(value, () => instantOfLocal(value, clock));
  }
}

function normalWord(word: string): string {
  return word.trim().toLowerCase().replace(/\s+/g, ' ');
}
