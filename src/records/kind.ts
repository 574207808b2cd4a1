import type { Engine, Reader, Transaction } from '../engines/engine.ts';
import type { Sql } from '../engines/sql.ts';
import type { Text } from '../kernel/messages.ts';
import type { OrderPart } from '../model/order-parts.ts';
import type { OrderLine } from '../model/order.ts';
import type { Shop } from '../model/shop.ts';
import type { TableName } from '../model/tables.ts';
import type { KeptBlock } from './documents.ts';

/** A kind of what is kept. `records/all.ts` is the only list of them; whoever works on all kinds is handed that list. */
export interface RecordKind {
  /** Its tables, each a kind's alone. What of them is a shop's (`shop_id`) goes with the shop. */
  readonly tables: readonly TableName[];
  /** Its tables that are made of others, and what fills each from nothing. */
  readonly derived?: readonly DerivedTable[];
  /** Its tables that a replay compares whole, by their keys; orders and lines are compared as they are made anew. */
  readonly compared?: readonly TableName[];
  /** What has to follow when orders change. */
  readonly follower?: OrderFollower;
  /** Moves what stands on a shop's days, after its clock was changed to `zone`. */
  moveDays?(tx: Transaction, shopId: number, zone: string): Promise<void>;
  /** Erases what is a shop's and no `shop_id` says so; runs before any row that has one goes. */
  erase?(tx: Transaction, shopId: number): Promise<void>;
  /** What is read of connected shops into its tables. */
  readonly streams?: readonly RecordStream[];
}

/** A table that is made of others. */
export interface DerivedTable {
  readonly table: TableName;
  /** It comes to hold more than the others tell: it is filled where the table is new, and never made anew. */
  readonly onlyWhenNew?: true;
  /** Makes all its rows anew from what is stored now. */
  fill(tx: Transaction): Promise<void>;
}

/** What has to follow when orders change, as whoever writes orders sees it. Everything runs in the transaction of its batch. */
export interface OrderFollower {
  /** Tables whose rows stand with their order, `oid`, in its shop, `shop_id`: they go with it to another. */
  readonly tied?: readonly TableName[];
  /** Which rows name an order that is not stored: a query of `shop_id` and `order_id`. */
  readonly waiting?: Sql;
  /** Ties what waits in a shop to orders that have come in; an order keeps its number for ever. */
  tie?(tx: Transaction, shopId: number): Promise<void>;
  /** After a batch: `staged_orders`, `staged_lines` and `staged_states` hold what was written. */
  written?(tx: Transaction, batch: { readonly changed: number; readonly lines: () => IteratorObject<OrderLine> }): Promise<void>;
  /** The same after a replay put orders in the place of those of table `accepted`. */
  rebuilt?(tx: Transaction): Promise<void>;
  /** After listings were added: what is known of them beside what orders say. */
  describe?(tx: Transaction): Promise<void>;
}

/** How a stream is read: window by window on the clock of changes, or in one of the ways that one stream alone has. */
export type Reading = 'windows' | 'missing orders' | 'order by order' | 'listing' | 'days';

/** A stream of a shop. */
export interface RecordStream {
  /** As it stands in the store, in URLs and on the command line. */
  readonly name: string;
  readonly title: Text;
  readonly reading: Reading;
  /**
   * `prompt`: again and again, one stream after the other; `beside`: as often, with the calls that those leave over; `nightly`: likewise,
   * once a night.
   */
  readonly pace: 'prompt' | 'beside' | 'nightly';
  /** What it has read whole is what a shop's data are complete up to. */
  readonly completes?: true;
  /** How its records are stored; absent where it brings records of other streams. */
  readonly store?: RecordStore;
}

/** A record on its way into the store. */
export interface DeliveredRecord<Item = unknown> {
  readonly shop: Shop;
  readonly item: Item;
  /** The source's own record as text, personal data gone. */
  readonly document: string;
}

/** Where records come from, the shop aside: a stream, or a file import with the stream that its records are like. */
export interface RecordSource {
  readonly stream: string;
  readonly importId?: number;
}

/** What is written with a batch. */
export interface Delivery {
  /** Where the documents of what is taken are kept under; null keeps none. */
  readonly source: RecordSource | null;
  readonly at: Temporal.Instant;
  /** What follows orders, and how the documents are read that orders were made of before: without the latter the newest wins. */
  readonly followers: readonly OrderFollower[];
  readonly parts?: OpenParts;
  /** Runs in the batch's transaction, the last one where there are several: the progress of whoever delivers. */
  readonly commit?: (tx: Transaction, written: WriteCounts) => Promise<void>;
}

/** What became of records that were delivered. */
export interface WriteCounts {
  readonly added: number;
  readonly changed: number;
  /** Delivered again as they are, or older than what is stored. */
  readonly unchanged: number;
}

/** How records of a stream, of any number of shops, get into the store. */
export interface RecordStore<Item = unknown> {
  /** Stores what is newer than what is stored; the same delivery twice changes nothing. */
  write(engine: Engine, delivered: readonly DeliveredRecord<Item>[], delivery: Delivery): Promise<WriteCounts>;
  /** How they are read again, where each is made of one document of its own. */
  readonly again?: ReadAgain<Item>;
}

/** How records that are stored one by one under the platform's id are found and replaced. */
export interface ReadAgain<Item = unknown> {
  /** The table whose rows they are, which of its rows, and the column that holds the id. */
  readonly table: TableName;
  readonly which: Sql;
  readonly id: string;
  /** Puts records of a shop made anew of their kept documents in the place of what is stored of them, whatever that is. */
  rewrite(tx: Transaction, shop: Shop, items: readonly Item[]): Promise<void>;
}

/** Makes what a kept document says of an order; null where it says nothing any more, or cannot be read. */
export type PartReader = (block: Pick<KeptBlock, 'import_id' | 'stream'>, document: string, shop: Shop) => Promise<OrderPart | null>;
/** Opens it on one state of the data. */
export type OpenParts = (reader: Reader) => PartReader;
