import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Money } from '../model/money.ts';
import type { Order, OrderLine, State } from '../model/order.ts';
import type { Shop } from '../model/shop.ts';
import { shopDay } from '../model/shop-day.ts';
import { STAGED_LINE, STAGED_LISTING, STAGED_ORDER, STAGED_PLACE, STAGED_STATE } from '../model/tables.ts';
import type { StagedValue, Transaction } from './engine.ts';

/** An order with the shop it belongs to. */
export interface ShopOrder {
  readonly shop: Shop;
  readonly order: Order;
}

const TURN = 500;

/** The rows of a batch's temporary tables, made before the database is free to take them. */
export interface StagedRows {
  readonly orders: readonly StagedValue[][];
  readonly lines: readonly StagedValue[][];
  readonly places: readonly StagedValue[][];
  readonly listings: readonly StagedValue[][];
  readonly states: readonly StagedValue[][];
}

/**
 * The rows of a batch: orders and lines, `n` the order's place in the batch, with what repeats (places, listings,
 * states) written once and pointed at by number: texts cost most. Made in turns, so that it holds up nothing else.
 */
export async function stagedRows(batch: readonly ShopOrder[]): Promise<StagedRows> {
  const places = new Numbered();
  const listings = new Numbered();
  const states = new Numbered();
  const stateOf = ({ status, outcome, platformStatus }: State, model: string | null, currency: string | null, kind: string | null): number =>
    states.number(`${status} ${outcome} ${model} ${currency} ${kind} ${platformStatus}`, () => [status, outcome, platformStatus, model, currency, kind]);
  const orders: StagedValue[][] = [];
  const lines: StagedValue[][] = [];
  for (const [n, { shop, order }] of batch.entries()) {
    // The transaction before may be under way: its statements are sent from this thread, too.
    if (n % TURN === TURN - 1) await setImmediate();
    const { place } = order;
    const purchasedAt = micros(order.purchasedAt);
    const sold = new Set<string>();
    for (const [lineNo, line] of order.lines.entries()) {
      const first = line.sale && !sold.has(line.sku);
      if (line.sale) sold.add(line.sku);
      const listing = listings.number(
        `${shop.platform}\u001f${line.sku}\u001f${line.platformSku}\u001f${line.skuName}\u001f${line.image}\u001f${line.category}`,
        () => [shop.platform, line.sku, line.platformSku ?? '', line.skuName, line.image, line.category], purchasedAt);
      lines.push([
        n, lineNo, line.lineId, listing, stateOf(line, null, null, line.kind), line.quantity, line.sale, first,
        line.grossSales, line.netSales, line.paidAmount, line.taxAmount,
      ]);
    }
    orders.push([
      n, shop.shopId, order.orderId, purchasedAt, order.paidAt && micros(order.paidAt), micros(order.updatedAt),
      shopDay(order.purchasedAt, shop.zone), order.paidAt && shopDay(order.paidAt, shop.zone),
      stateOf(order, order.model, order.currency, null), ...totals(order), order.totalAmount, order.shippingFee, order.shippingProvider, fingerprint(order), order.buyer,
      places.number(order.writtenPlace, () => [order.writtenPlace, place.country, place.regionCode, place.region, place.city]),
    ]);
  }
  return { orders, lines, places: places.rows, listings: listings.rows, states: states.rows };
}

/** Puts the rows of a batch into temporary tables, `staged_orders` and so on. */
export async function stage(tx: Transaction, { orders, lines, places, listings, states }: StagedRows): Promise<void> {
  await tx.stage('staged_orders', STAGED_ORDER, orders);
  await tx.stage('staged_lines', STAGED_LINE, lines);
  await tx.stage('staged_places', STAGED_PLACE, places);
  await tx.stage('staged_listings', STAGED_LISTING, listings);
  await tx.stage('staged_states', STAGED_STATE, states);
}

/** Rows that repeat, each kept once with its number first. */
class Numbered {
  readonly rows: StagedValue[][] = [];
  readonly #numbers = new Map<string, number>();

  /** The number of the row with that key; with an instant, the row also carries when that thing was last seen so. */
  number(key: string, row: () => (string | null)[], seenAt?: bigint): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) {
      if (seenAt !== undefined) this.#seeAgain(this.rows[known]!, seenAt);
      return known;
    }
    const number = this.rows.length;
    this.#numbers.set(key, number);
    this.rows.push(seenAt === undefined ? [number, ...row()] : [number, ...row(), seenAt]);
    return number;
  }

  #seeAgain(row: StagedValue[], at: bigint): void {
    if ((row.at(-1) as bigint) < at) row[row.length - 1] = at;
  }
}

/** Lines, units sold, units without a price or at 0, and the amounts of what was sold. */
function totals({ lines }: Order): StagedValue[] {
  const sales = lines.filter((line) => line.sale);
  const units = (of: readonly OrderLine[]): number => of.reduce((sum, line) => sum + line.quantity, 0);
  return [
    lines.length, units(sales), units(sales.filter((line) => !(line.grossSales ?? line.netSales))),
    sumKnown(sales, 'grossSales'), sumKnown(sales, 'netSales'), sumKnown(sales, 'paidAmount'),
  ];
}

/** The sum of what is known; null when nothing of it is, for an unknown amount is not 0. */
function sumKnown(lines: readonly OrderLine[], amount: 'grossSales' | 'netSales' | 'paidAmount'): Money | null {
  let sum: Money | null = null;
  for (const line of lines) if (line[amount] !== null) sum = (sum ?? 0n) + line[amount];
  return sum;
}

function micros(instant: Temporal.Instant): bigint {
  return instant.epochNanoseconds / 1000n;
}

/** 63 bits that differ when anything about an order differs, so that a repeated delivery costs no write. */
function fingerprint({ lines, place, ...order }: Order): bigint {
  let facts = [
    order.orderId, order.purchasedAt.epochMilliseconds, order.paidAt?.epochMilliseconds, order.updatedAt.epochMilliseconds,
    order.status, order.outcome, order.platformStatus, order.model, order.currency, order.buyer, order.totalAmount, order.shippingFee, order.shippingProvider,
    order.writtenPlace, place.country, place.regionCode, place.region, place.city,
  ].join('\u001f');
  for (const line of lines) for (const name in line) facts += `\u001f${line[name as keyof OrderLine] ?? ''}`;
  return hash('sha256', facts, 'buffer').readBigUInt64BE(0) >> 1n;
}
