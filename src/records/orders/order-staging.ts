import { setImmediate } from 'node:timers/promises';
import { Fingerprint } from '../../kernel/fingerprint.ts';
import type { Money } from '../../model/money.ts';
import type { Order, OrderLine, State } from '../../model/order.ts';
import { isTold } from '../../model/order-parts.ts';
import type { Shop } from '../../model/shop.ts';
import { shopDay } from '../../model/shop-day.ts';
import { STAGED_LINE, STAGED_ORDER, STAGED_STATE } from '../../model/staged-tables.ts';
import { NamedListings, NamedPlaces } from './batch-names.ts';
import type { Numbered } from './dictionaries.ts';
import { micros, StagedTable } from '../../engines/staged-table.ts';

/** An order with the shop it belongs to. */
export interface ShopOrder {
  readonly shop: Shop;
  readonly order: Order;
}

/**
 * What an order is in the store: its number, that of the one it replaces, whether its state is another, its buyer, and its document's place
 * in the block.
 */
export interface TakenNumbers {
  readonly oid: number;
  readonly oldOid: number | null;
  readonly moved: boolean;
  readonly buyerId: number | null;
  readonly isNewBuyer: boolean;
  readonly documentNo: number | null;
}

/** Orders before the next: what waits for this thread is let in between. */
const TURN = 100;
const ORDER_NUMBERS = STAGED_ORDER.findIndex(({ name }) => name === 'oid');
const LINE_NUMBERS = STAGED_LINE.findIndex(({ name }) => name === 'oid');

/** A batch as its temporary tables take it, made before the database is free. An order's `n` is its place in the batch. */
export class StagedOrders {
  readonly orders = new StagedTable(STAGED_ORDER);
  readonly states = new StagedTable(STAGED_STATE);
  /** The lines of all orders; as with these, only what {@link take} was called for has numbers. */
  readonly lines = new StagedTable(STAGED_LINE);
  readonly listings = new NamedListings();
  readonly places = new NamedPlaces();
  /** The shop day of each order. */
  readonly days: string[] = [];
  readonly #placeOf: number[] = [];
  readonly #listingOf: number[] = [];
  /** Where the lines of each order begin, and after the last where they end. */
  readonly #lineStarts = [0];
  readonly #placedAt: number[] = [];
  readonly #statesByWord = new Map<string, NamedState[]>();

  /** The orders in their order. Made in turns, so that it holds up nothing else. */
  static async of(batch: readonly ShopOrder[]): Promise<StagedOrders> {
    const staged = new StagedOrders();
    await staged.add(batch);
    return staged;
  }

  /** Adds orders behind those that are there. */
  async add(more: readonly ShopOrder[]): Promise<void> {
    for (const [i, each] of more.entries()) {
      if (i % TURN === TURN - 1) await setImmediate();
      this.#add(this.orders.length, each);
    }
  }

  /** Notes what an order that is taken names, so that it gets its number. */
  name(n: number): void {
    this.places.name(this.#placeOf[n]!);
    for (let line = this.#lineStarts[n]!; line < this.#lineStarts[n + 1]!; line++)
      this.listings.name(this.#listingOf[line]!, this.#placedAt[n]!);
  }

  /** Gives an order that is taken, and its lines, their numbers; null where something has none. */
  take(n: number, { oid, oldOid, moved, buyerId, isNewBuyer, documentNo }: TakenNumbers, { listings, places }: Numbered): void {
    const placeId = places[this.#placeOf[n]!] ?? null;
    this.orders.fill(n, ORDER_NUMBERS, [oid, oldOid, moved, placeId, buyerId, isNewBuyer, documentNo]);
    for (let line = this.#lineStarts[n]!; line < this.#lineStarts[n + 1]!; line++) {
      const numbers = listings[this.#listingOf[line]!];
      this.lines.fill(line, LINE_NUMBERS, [oid, placeId, buyerId, numbers?.skuId ?? null, numbers?.listingId ?? null]);
    }
  }

  /** Takes back that an order is taken. */
  leave(n: number): void {
    this.orders.fill(n, ORDER_NUMBERS, [null]);
    for (let line = this.#lineStarts[n]!; line < this.#lineStarts[n + 1]!; line++) this.lines.fill(line, LINE_NUMBERS, [null]);
  }

  #add(n: number, { shop, order }: ShopOrder): void {
    const { purchasedAt, paidAt, updatedAt, lines } = order;
    const day = shopDay(purchasedAt, shop.zone);
    const paidDay = paidAt && shopDay(paidAt, shop.zone);
    const [placed, paid, updated] = [micros(purchasedAt), paidAt && micros(paidAt), micros(updatedAt)];
    const state = this.#state(order, order, null);
    const place = this.places.find(order);
    // 63 bits that differ when anything about an order differs, so that a repeated delivery costs no write.
    const facts = new Fingerprint()
      .text(order.orderId)
      .whole(placed)
      .whole(paid)
      .whole(updated)
      .whole(state.mark)
      .whole(order.buyer)
      .whole(order.totalAmount)
      .whole(order.shippingFee)
      .text(order.shippingProvider)
      .whole(place.mark);
    const totals = {
      units: 0,
      unpriced: 0,
      grossSales: null as Money | null,
      netSales: null as Money | null,
      paidAmount: null as Money | null,
    };
    for (const [lineNo, line] of lines.entries()) {
      const { quantity, sale, grossSales, netSales, paidAmount, taxAmount, returnedQuantity, refundAmount } = line;
      const parts = partsText(line);
      const first = sale && lines.findIndex((other) => other.sale && other.sku === line.sku) === lineNo;
      if (sale) {
        totals.units += quantity;
        if (!(grossSales ?? netSales)) totals.unpriced += quantity;
        totals.grossSales = sum(totals.grossSales, grossSales);
        totals.netSales = sum(totals.netSales, netSales);
        totals.paidAmount = sum(totals.paidAmount, paidAmount);
      }
      const lineState = this.#state(line, order, line.kind);
      const listing = this.listings.find(shop.platform, line);
      this.#listingOf.push(listing.number);
      this.lines.add([
        lineNo,
        line.lineId,
        shop.shopId,
        day,
        paidDay,
        lineState.n,
        quantity,
        sale,
        first,
        grossSales,
        netSales,
        paidAmount,
        taxAmount,
        parts,
        returnedQuantity,
        refundAmount,
      ]);
      facts
        .text(line.lineId)
        .whole(listing.mark)
        .whole(lineState.mark)
        .whole(quantity)
        .whole(sale ? 1 : 0)
        .whole(grossSales)
        .whole(netSales)
        .whole(paidAmount)
        .whole(taxAmount)
        .text(parts)
        .whole(returnedQuantity)
        .whole(refundAmount);
    }
    this.#lineStarts.push(this.lines.length);
    this.#placeOf.push(place.number);
    this.#placedAt.push(placed);
    this.days.push(day);
    this.orders.add([
      n,
      shop.shopId,
      order.orderId,
      placed,
      paid,
      updated,
      day,
      paidDay,
      state.n,
      lines.length,
      totals.units,
      totals.unpriced,
      totals.grossSales,
      totals.netSales,
      totals.paidAmount,
      order.totalAmount,
      order.shippingFee,
      order.shippingProvider,
      facts.value(),
      order.buyer,
      isTold(order),
    ]);
  }

  #state({ status, outcome, platformStatus }: State, { model, currency }: Order, kind: string | null): NamedState {
    const word = platformStatus ?? '';
    let alike = this.#statesByWord.get(word);
    if (!alike) this.#statesByWord.set(word, (alike = []));
    for (const known of alike) {
      if (
        known.status === status &&
        known.outcome === outcome &&
        known.platformStatus === platformStatus &&
        known.model === model &&
        known.currency === currency &&
        known.kind === kind
      )
        return known;
    }
    const mark = new Fingerprint().text(status).text(outcome).text(platformStatus).text(model).text(currency).text(kind).value();
    const state = { n: this.states.length, status, outcome, platformStatus, model, currency, kind, mark };
    this.states.add([state.n, status, outcome, platformStatus, model, currency, kind]);
    alike.push(state);
    return state;
  }
}

interface NamedState extends State {
  readonly n: number;
  readonly model: string;
  readonly currency: string | null;
  readonly kind: string | null;
  readonly mark: bigint;
}

/** What a bundle is made of, as JSON: whoever reckons with stock or costs reads it there. */
function partsText({ parts }: OrderLine): string | null {
  return parts.length === 0
    ? null
    : JSON.stringify(parts.map(({ sku, platformSku, quantity }) => ({ sku, platform_sku: platformSku, quantity })));
}

/** What is known is summed; null when nothing is, for an unknown amount is not 0. */
function sum(before: Money | null, amount: Money | null): Money | null {
  return amount === null ? before : before === null ? amount : before + amount;
}
