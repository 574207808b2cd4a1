import { AppError } from '../kernel/errors.ts';
import type { KeyedHash } from '../kernel/vault.ts';
import { toPlace } from '../model/area.ts';
import type { Money } from '../model/money.ts';
import { isSale, ORDER_STATUSES, type LineKind, type Order, type OrderLine, type OrderStatus, type Outcome, type State } from '../model/order.ts';
import type { Shop, ShopIdentity } from '../model/shop.ts';
import { dateReader, readAmount, readQuantity, type DateReader } from '../model/written.ts';
import { normalHeader, FileColumns } from './file-columns.ts';
import { parseMapping, type Mapping, type MappingInput } from './mapping.ts';
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
  /** Mends a state that the status words alone do not tell; a cell is undefined where the file has no such column. */
  readonly stateOf?: (cell: (header: string) => string | undefined, state: State) => State;
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
      return new FileColumns(header, mapping).known;
    },
    open: (header, settings, hash) => new MappedFile(mapping, habits, header, settings, hash),
  };
}

/** The preset of a mapping the user wrote; it takes any file that has its columns. */
export function presetOf(mapping: Mapping): FilePreset {
  return filePreset(mapping, { title: mapping.name, traps: [], signature: [] });
}

const AMOUNTS = ['unitPrice', 'grossSales', 'netSales', 'paidAmount', 'taxAmount', 'totalAmount'] as const;

class MappedFile implements FileReader {
  readonly #mapping: Mapping;
  readonly #habits: PresetHabits;
  readonly #settings: FileSettings;
  readonly #hash: KeyedHash;
  readonly #columns: FileColumns;
  readonly #readDate: DateReader;
  readonly #statuses: ReadonlyMap<string, { status: OrderStatus; outcome: Outcome }>;
  readonly #kinds: ReadonlyMap<string, LineKind>;
  readonly #identities = new Map<string, { readonly shop: ShopIdentity; rows: number }>();

  constructor(mapping: Mapping, habits: PresetHabits, header: readonly string[], settings: FileSettings, hash: KeyedHash) {
    this.#mapping = mapping;
    this.#habits = habits;
    this.#settings = settings;
    this.#hash = hash;
    this.#columns = new FileColumns(header, mapping);
    const missing = this.#columns.missing();
    if (missing.length > 0) throw new AppError('mapping_column_missing', { columns: missing, header: [...header] });
    this.#readDate = dateReader(mapping.dateForms);
    this.#statuses = new Map(Object.entries(mapping.statuses).map(([word, state]) =>
      [normalWord(word), typeof state === 'string' ? { status: state, outcome: 'none' as const } : state]));
    this.#kinds = new Map(Object.entries(mapping.kinds).map(([word, kind]) => [normalWord(word), kind]));
  }

  toRecord(cells: readonly string[]): ReturnType<FileReader['toRecord']> {
    if (cells.every((cell) => cell.trim() === '')) return null;
    if (cells.length < this.#columns.needed) throw new RowRefused('row_cells');
    const document = this.#columns.withoutPersonalData(cells, (buyer) => this.#hash(this.#mapping.platform, buyer));
    const cell = this.#columns.reader(document);
    if (this.#habits.isDescription?.(cell)) return null;
    const orderId = cell('orderId');
    if (!orderId) throw new RowRefused('row_order_missing', this.#columns.header('orderId'));
    const shop = this.#shopOf(cell, document);
    const purchasedAt = this.#instant('purchasedAt', cell('purchasedAt'), shop?.zone ?? 'UTC');
    if (!purchasedAt) throw new RowRefused('row_date', this.#columns.header('purchasedAt'));
    this.#toLine(document, new Map());
    return { orderId, purchasedAt, shop: this.#habits.oneShop ? null : shop, document };
  }

  toCanonical(documents: readonly (readonly string[])[], shop: Shop): Order {
    const occurrences = new Map<string, number>();
    const read = documents.map((document) => this.#toLine(document, occurrences));
    const cells = documents.map((document) => this.#columns.reader(document));
    const first = cells[0]!;
    const states = documents.map((document) => this.#state(document, 'status'));
    const state = summary(states[0]!, read.map(({ line }) => line));
    const currencies = new Set(read.map(({ currency }) => currency).filter((code) => code !== null));
    if (currencies.size > 1) throw new RowRefused('row_currencies', this.#columns.header('currency'));
    const dates = (names: readonly ('purchasedAt' | 'paidAt')[]): Temporal.Instant[] =>
      cells.flatMap((cell) => names.flatMap((name) => this.#instant(name, cell(name), shop.zone) ?? []));
    const purchasedAt = dates(['purchasedAt']).toSorted(Temporal.Instant.compare)[0]!;
    const written = {
      country: first('country'), region: first('region'), city: first('city'), postalCode: first('postalCode'),
    };
    return {
      orderId: first('orderId'),
      purchasedAt,
      paidAt: dates(['paidAt'])[0] ?? null,
      updatedAt: [...dates(['purchasedAt', 'paidAt']), ...documents.flatMap((document) => this.#changes(document, shop.zone))]
        .toSorted(Temporal.Instant.compare).at(-1)!,
      ...state,
      model: 'retail',
      currency: [...currencies][0] ?? this.#settings.currency ?? this.#mapping.currency ?? shop.currency,
      place: toPlace(written),
      writtenPlace: Object.values(written).join('\u001f'),
      buyer: this.#columns.buyer(documents[0]!),
      totalAmount: this.#amount('totalAmount', first('totalAmount'))?.amount ?? null,
      lines: read.map(({ line }) => ({
        ...line,
        sale: isSale(state.status, line) && (this.#mapping.zeroPriceIsSale || Boolean(line.netSales)),
      })),
    };
  }

  /** One line, all its cells checked; the currency is the one its amounts are written in. */
  #toLine(document: readonly string[], occurrences: Map<string, number>): { line: OrderLine; currency: string | null } {
    const cell = this.#columns.reader(document);
    const platformSku = cell('platformSku') || null;
    const sku = cell('sku') || platformSku || cell('skuName');
    if (!sku) throw new RowRefused('row_sku_missing', this.#columns.header('sku'));
    const occurrence = (occurrences.get(sku) ?? 0) + 1;
    occurrences.set(sku, occurrence);
    const written = Object.fromEntries(AMOUNTS.map((name) => [name, this.#amount(name, cell(name))]));
    const amount = (name: (typeof AMOUNTS)[number]): Money | null => written[name]?.amount ?? null;
    const quantity = this.#columns.has('quantity') ? readQuantity(cell('quantity') || '0') : 1;
    if (quantity === undefined) throw new RowRefused('row_quantity', this.#columns.header('quantity'));
    const unitPrice = amount('unitPrice');
    const grossSales = amount('grossSales') ?? (unitPrice === null ? null : unitPrice * BigInt(quantity));
    const sellerDiscount = this.#sum('sellerDiscount', document);
    const netSales = amount('netSales') ?? (grossSales === null ? null : grossSales - sellerDiscount);
    const paidAmount = amount('paidAmount')
      ?? (this.#columns.has('platformDiscount') && netSales !== null ? netSales - this.#sum('platformDiscount', document) : null);
    const currency = cell('currency').toUpperCase() || Object.values(written).map((each) => each?.currency).find(Boolean) || null;
    if (currency !== null && !/^[A-Z]{3}$/.test(currency)) throw new RowRefused('row_amount', this.#columns.header('currency'));
    const name = [cell('skuName'), cell('variation')].filter(Boolean).join(' · ');
    const line = {
      lineId: cell('lineId') || `${sku}#${occurrence}`,
      sku, platformSku, skuName: name || null, image: cell('image') || null, category: cell('category') || null,
      kind: this.#kinds.get(normalWord(cell('kind'))) ?? 'goods',
      quantity, grossSales, netSales, paidAmount, taxAmount: amount('taxAmount'),
      ...this.#state(document, this.#columns.has('lineStatus') && cell('lineStatus') ? 'lineStatus' : 'status'),
      sale: false,
    } satisfies OrderLine;
    return { line, currency };
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
    if (found) this.#identities.set(key, { shop: found, rows: 1 });
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

  #state(document: readonly string[], name: 'status' | 'lineStatus'): State {
    const words = this.#columns.values(name, document);
    const known = words.map((word) => this.#statuses.get(normalWord(word))).find(Boolean);
    const platformStatus = words.filter(Boolean).join(' / ') || null;
    const state: State = known
      ? { ...known, platformStatus }
      : { status: platformStatus ? 'unknown' : this.#mapping.defaultStatus, outcome: 'none', platformStatus };
    return this.#habits.stateOf?.((header) => this.#columns.cellOf(document, header), state) ?? state;
  }

  #instant(name: 'purchasedAt' | 'paidAt' | 'updatedAt', text: string, zone: string): Temporal.Instant | null {
    if (!text) return null;
    const value = this.#readDate(text);
    if (!value) throw new RowRefused('row_date', this.#columns.header(name));
    if (value instanceof Temporal.Instant) return value;
    return value.toZonedDateTime(this.#mapping.dateZone ?? zone).toInstant();
  }

  #changes(document: readonly string[], zone: string): Temporal.Instant[] {
    return this.#columns.values('updatedAt', document).flatMap((text) => this.#instant('updatedAt', text, zone) ?? []);
  }

  #amount(name: keyof Mapping['columns'], text: string): { amount: Money; currency: string | null } | null {
    const value = readAmount(text, this.#mapping.decimalMark);
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

/** The order's state out of its lines': cancelled when all are, else as far as the one least far. */
function summary(fallback: State, lines: readonly OrderLine[]): State {
  const alive = lines.filter(({ status }) => status !== 'cancelled');
  if (alive.length === 0) return lines.length > 0 ? { ...fallback, status: 'cancelled' } : fallback;
  const least = alive.reduce((a, b) => (ORDER_STATUSES.indexOf(b.status) < ORDER_STATUSES.indexOf(a.status) ? b : a));
  const outcome = alive.every((line) => line.outcome === least.outcome) ? least.outcome : 'none';
  return { status: least.status, outcome, platformStatus: fallback.platformStatus };
}

function normalWord(word: string): string {
  return word.trim().toLowerCase().replace(/\s+/g, ' ');
}
