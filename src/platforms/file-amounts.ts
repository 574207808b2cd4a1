import { MAX_MONEY, type Money } from '../model/money.ts';
import { saysNothing, type WrittenAmount } from '../model/written.ts';
import type { FileColumns } from './file-columns.ts';
import { NumberHabit } from './file-habits.ts';
import type { Mapping } from './mapping.ts';
import { RowRefused, type FileSettings } from './file-preset.ts';

type Cell = (name: keyof Mapping['columns']) => string;
/** Whose rows they are, as far as amounts ask: what they are in. */
type InCurrency = { readonly currency: string | null } | null;

const DISCOUNTS = ['sellerDiscount', 'platformDiscount'] as const;
const AMOUNTS = [
  'unitPrice',
  'grossSales',
  'netSales',
  'paidAmount',
  'taxAmount',
  'orderTax',
  'totalAmount',
  'shippingFee',
  'refundAmount',
] as const;
export type AmountName = (typeof AMOUNTS)[number];

/** The amounts and pieces of a file's rows, read in the one way the file writes numbers. */
export class FileAmounts {
  /** The columns of amounts that the file has. */
  readonly names: readonly AmountName[];
  /** Whether the file has a column that speaks of a whole order. */
  readonly tellOfOrders: boolean;
  readonly #columns: FileColumns;
  readonly #mapping: Mapping;
  readonly #settings: FileSettings;
  readonly habit: NumberHabit;

  constructor(columns: FileColumns, mapping: Mapping, settings: FileSettings) {
    this.#columns = columns;
    this.#mapping = mapping;
    this.#settings = settings;
    this.names = AMOUNTS.filter((name) => columns.has(name));
    this.tellOfOrders = columns.has('orderTax') || columns.has('refundAmount');
    this.habit = new NumberHabit(mapping.decimalMark && (settings.decimalMark ?? mapping.decimalMark), settings.decimalMark);
  }

  /** Takes note of what a row tells of how the file writes numbers. */
  see(document: readonly string[], cell: Cell, shop: InCurrency): void {
    const beside = this.currencyBeside(cell, shop);
    for (const name of this.names) this.habit.seeAmount(cell(name), beside);
    for (const name of DISCOUNTS) for (const text of this.#columns.values(name, document)) this.habit.seeAmount(text, beside);
    for (const name of ['quantity', 'returnedQuantity'] as const) this.habit.seeQuantity(cell(name));
  }

  /** @throws RowRefused where an amount, a quantity or a currency of the row cannot be read */
  check(document: readonly string[], cell: Cell): void {
    const beside = this.currencyBeside(cell, null);
    for (const name of this.names) this.#amount(name, cell(name), beside);
    for (const name of DISCOUNTS) this.sum(name, document, beside);
    this.grossSales(cell, this.quantity(cell), beside);
    this.returnedQuantity(cell);
    this.currency(cell);
  }

  /** An amount of a row; `beside` is what it is in where it does not say. */
  of(name: AmountName, cell: Cell, beside: string | null): Money | null {
    return this.#amount(name, cell(name), beside)?.amount ?? null;
  }

  /** What amounts are in that do not say it themselves; null where nobody knows. */
  currencyBeside(cell: Cell, shop: InCurrency): string | null {
    return cell('currency').toUpperCase() || this.#settings.currency || this.#mapping.currency || (shop?.currency ?? null);
  }

  grossSales(cell: Cell, quantity: number, beside: string | null): Money | null {
    const gross = this.#amount('grossSales', cell('grossSales'), beside)?.amount ?? null;
    const unitPrice = gross === null ? (this.#amount('unitPrice', cell('unitPrice'), beside)?.amount ?? null) : null;
    if (unitPrice === null) return gross;
    const product = unitPrice * BigInt(quantity);
    if (product > MAX_MONEY || product < -MAX_MONEY) throw new RowRefused('row_amount', this.#columns.header('unitPrice'));
    return product;
  }

  quantity(cell: Cell): number {
    const quantity = this.#columns.has('quantity') ? this.habit.quantity(cell('quantity') || '0') : 1;
    if (quantity === undefined) throw new RowRefused('row_quantity', this.#columns.header('quantity'));
    return quantity;
  }

  /** What the row says of its whole order. */
  ofOrder(document: readonly string[], shop: InCurrency): Readonly<Record<'orderTax' | 'refundAmount', Money | null>> {
    const cell = this.#columns.reader(document);
    const [tax, refund] = (['orderTax', 'refundAmount'] as const).map(
      (name) => this.#amount(name, cell(name), this.currencyBeside(cell, shop))?.amount ?? null,
    ) as [Money | null, Money | null];
    return { orderTax: tax, refundAmount: refund !== null && refund < 0n ? -refund : refund };
  }

  returnedQuantity(cell: Cell): number | null {
    const written = cell('returnedQuantity');
    if (saysNothing(written)) return null;
    const quantity = this.habit.quantity(written);
    if (quantity === undefined) throw new RowRefused('row_quantity', this.#columns.header('returnedQuantity'));
    return Math.abs(quantity);
  }

  /** The currency a row names, in its own column or beside its amounts. */
  currency(cell: Cell): string | null {
    let currency = cell('currency').toUpperCase() || null;
    if (!this.#columns.has('currency')) for (const name of this.names) currency ??= this.#amount(name, cell(name), null)?.currency ?? null;
    if (currency !== null && !/^[A-Z]{3}$/.test(currency)) throw new RowRefused('row_amount', this.#columns.header('currency'));
    return currency;
  }

  #amount(name: keyof Mapping['columns'], text: string, beside: string | null): WrittenAmount | null {
    const value = this.habit.amount(text, beside);
    if (value === undefined) throw new RowRefused('row_amount', this.#columns.header(name));
    return value;
  }

  sum(name: (typeof DISCOUNTS)[number], document: readonly string[], beside: string | null): Money {
    return this.#columns.values(name, document).reduce((sum, text) => {
      const amount = this.#amount(name, text, beside)?.amount ?? 0n;
      return sum + (amount < 0n ? -amount : amount);
    }, 0n);
  }
}
