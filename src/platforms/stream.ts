import type { Json } from '../kernel/json.ts';
import type { KeyedHash } from '../kernel/vault.ts';
import type { Teller } from '../model/order-parts.ts';
import type { Order } from '../model/order.ts';
import type { PriceDetail } from '../model/price-detail.ts';
import type { Product } from '../model/product.ts';
import type { Shop } from '../model/shop.ts';
import type { Call } from './operation.ts';

/** A page of a listing. */
export interface Page {
  /** The platform's records with the personal data gone and the buyer's id replaced by its keyed hash: what is kept. */
  readonly documents: readonly Json[];
  /** Reads on after this page, however much later; null after the last. */
  readonly next: string | null;
  /** Where reading goes on is to be stored at once: something was asked for that must not be asked for twice. */
  readonly keep?: true;
  /** How many the platform says the whole window holds; it drifts. */
  readonly total: number | null;
}

/** Instants on the platform's change clock, `from` in it, `to` not. */
export interface ChangeWindow {
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
}

/** Which windows a listing by change may be asked for; durations of hours and less. */
export interface Windows {
  /** The widest one, what it reaches back included. */
  readonly widest: Temporal.Duration;
  /** How far the next window reaches back into the one before: what changed there may have shown late. */
  readonly lag: Temporal.Duration;
  /** How long ago a window has to end; zero where it may end now. */
  readonly youngest: Temporal.Duration;
  /** How far back the platform still lists. */
  readonly reach: Temporal.Duration;
}

/** What reading costs: a call for so many records, so many calls a second. */
export interface Pace {
  readonly pageSize: number;
  readonly perSecond: number;
  /** Windows wider than this come whole, whatever they hold: so many calls, in so many seconds each. */
  readonly whole?: { readonly widerThan: Temporal.Duration; readonly calls: number; readonly seconds: number };
}

/**
 * Records that the platform lists by the time of their last change, and how they are brought home: a shop's, or, where a record says which
 * shop it is of, those of all shops of an account in one walk.
 */
export interface ChangeStream<Item> {
  readonly windows: Windows;
  readonly pace: Pace;
  /**
   * The pages of a window in order of change; with `resume`, the `next` of a page, those after it. A page token that repeats ends in an
   * error.
   */
  pages(
    call: Call,
    window: ChangeWindow,
    given: {
      readonly resume: string | null;
      readonly hash: KeyedHash;
      /** The shops that the window is read for, as calls name them. */
      readonly shops: readonly string[];
    },
  ): AsyncGenerator<Page>;
  /** How many of them the platform counts in a window, however wide; null where it does not say. */
  count(call: Call, window: ChangeWindow, given: { readonly shops: readonly string[] }): Promise<number | null>;
  /** The shop that a kept record is of, as calls name it; null where that is missing. Absent: the shop that it was asked for. */
  readonly shopOf?: (document: Json) => string | null;
  /** The record's id, so that one that is refused can still be named; null where even that is missing. */
  idOf(document: Json): string | null;
  /**
   * What a kept record describes; pure, so that sync and replay are one function.
   * @throws DocumentRefused naming the field
   */
  toCanonical(document: Json, shop: Shop): Item;
}

/** How the orders of a shop are brought home: by change, by id, and by the time they were placed. */
export interface OrderStream extends ChangeStream<Order> {
  /** Who tells a kept document, and its rows, where that is not the platform's own record; null where it is. */
  readonly toldBy?: (document: Json) => { readonly teller: Teller; readonly rows: readonly (readonly string[])[] } | null;
  /** Records by id, live; what is unknown to the platform is absent. */
  byId(call: Call, ids: readonly string[], hash: KeyedHash): Promise<readonly Json[]>;
  /** The same as by change, of those placed in a span: for comparing and mending single days, which are not where it is absent. */
  readonly placed?: Pick<ChangeStream<Order>, 'pages' | 'count'>;
}

/** How the price details of a shop's orders are brought home: one call for each. */
export interface PriceDetailStream {
  readonly perSecond: number;
  /** What the platform says of an order, as it is kept: its id in `order_id`, personal data gone; null where it knows no such order. */
  byOrder(call: Call, orderId: string, hash: KeyedHash): Promise<Json | null>;
  /**
   * What a kept record says; pure.
   * @throws DocumentRefused naming the field
   */
  toCanonical(document: Json): PriceDetail;
}

/** A product in a listing. */
export interface ProductMention {
  readonly productId: string;
  /** Null where the listing does not say. */
  readonly updatedAt: Temporal.Instant | null;
  /** What the listing says of it: less than the product itself. */
  readonly document: Json;
}

/** How the products of a shop are brought home: listed, then asked for one by one. */
export interface ProductStream {
  readonly perSecond: number;
  readonly pageSize: number;
  /** Every product of the shop, page by page, in no order; one that changes meanwhile may come twice. */
  list(call: Call, now: Temporal.Instant): AsyncGenerator<readonly ProductMention[]>;
  /** How many the platform counts; null where it does not say. */
  count(call: Call): Promise<number | null>;
  /** A product as it is kept; null where the platform does not give it (any more). */
  byId(call: Call, productId: string, hash: KeyedHash): Promise<Json | null>;
  idOf(document: Json): string | null;
  /**
   * What a kept record, or a listing's, says; pure.
   * @throws DocumentRefused naming the field
   */
  toCanonical(document: Json): Product;
}

/** A record that cannot be taken: which field, and what is wrong with it; never its value. */
export class DocumentRefused extends Error {
  readonly field: string;
  readonly problem: string;

  constructor(field: string, problem: string) {
    super(`${field}: ${problem}`);
    this.name = 'DocumentRefused';
    this.field = field;
    this.problem = problem;
  }
}
