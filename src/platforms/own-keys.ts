import { moneyText, toMoney, type Money } from '../model/money.ts';
import type { OrderStatus, Outcome } from '../model/order.ts';

/** A stored order, for who writes it in its platform's own keys: amounts and instants as exact text, null where something is not known. */
export interface KnownOrder {
  readonly shop: string;
  readonly order_id: string;
  readonly status: OrderStatus;
  readonly outcome: Outcome;
  readonly platform_status: string | null;
  readonly purchased_at: string;
  readonly paid_at: string | null;
  readonly updated_at: string;
  readonly currency: string | null;
  readonly total_amount: string | null;
  readonly shipping_fee: string | null;
  readonly shipping_provider: string | null;
  readonly country: string | null;
  readonly region: string | null;
  readonly city: string | null;
  /** Keyed hash. */
  readonly buyer_id: string | null;
  readonly lines: readonly KnownLine[];
}

/** A line of it, with as many pieces as its quantity says. */
export interface KnownLine {
  readonly line_id: string;
  readonly sku: string;
  readonly platform_sku: string | null;
  readonly product_name: string | null;
  readonly variant: string | null;
  readonly image: string | null;
  readonly kind: string;
  readonly quantity: number;
  readonly status: OrderStatus;
  readonly outcome: Outcome;
  readonly platform_status: string | null;
  readonly gross_sales: string | null;
  readonly net_sales: string | null;
  readonly paid_amount: string | null;
  readonly tax_amount: string | null;
}

/** What one piece of a line came to; each amount null where it is not known. */
export interface Piece {
  /** The line's own id; the later pieces of it are numbered. */
  readonly id: string;
  readonly gross: Money | null;
  readonly net: Money | null;
  readonly paid: Money | null;
  readonly tax: Money | null;
}

/** No platform lists more pieces one by one; what is more came from a file of something else and stays one. */
const MOST_PIECES = 1000;

/** The pieces of a line, for platforms that list them one by one: their amounts add up to the line's. */
export function piecesOf(line: KnownLine): Piece[] {
  const count = line.quantity > MOST_PIECES ? 1 : Math.max(1, line.quantity);
  const [gross, net, paid, tax] = [line.gross_sales, line.net_sales, line.paid_amount, line.tax_amount].map((text) =>
    partsOf(amountOf(text), count),
  );
  return Array.from({ length: count }, (_, i) => ({
    id: i === 0 ? line.line_id : `${line.line_id}-${i + 1}`,
    gross: gross![i]!,
    net: net![i]!,
    paid: paid![i]!,
    tax: tax![i]!,
  }));
}

/** A whole cut into equal parts; what does not divide is the first one's. */
function partsOf(whole: Money | null, count: number): (Money | null)[] {
  if (whole === null) return Array.from({ length: count }, () => null);
  const part = whole / BigInt(count);
  return Array.from({ length: count }, (_, i) => (i === 0 ? whole - part * BigInt(count - 1) : part));
}

/** An amount of a stored order. */
export function amountOf(text: string | null): Money | null {
  return text === null ? null : (toMoney(text) ?? null);
}

/** As platforms write it: without zeros at the end, empty where it is not known. */
export function amountText(amount: Money | null): string {
  return amount === null ? '' : moneyText(amount).replace(/\.?0+$/, '');
}

/** The sum; null where a part is not known, or there is none. */
export function sumOf(amounts: readonly (Money | null)[]): Money | null {
  return amounts.length === 0 || amounts.includes(null) ? null : (amounts as readonly Money[]).reduce((sum, each) => sum + each, 0n);
}

/** The difference; null where either is not known. */
export function less(from: Money | null, what: Money | null): Money | null {
  return from === null || what === null ? null : from - what;
}
