import type { Json } from '../kernel/json.ts';
import type { KeyedHash } from '../kernel/vault.ts';
import type { Order } from '../model/order.ts';
import type { PriceDetail } from '../model/price-detail.ts';
import type { PlatformId, Shop, ShopIdentity } from '../model/shop.ts';
import type { Connection } from './connection.ts';
import type { FilePreset } from './file-preset.ts';
import type { LaterFile } from './later-file.ts';
import type { LiveOrders } from './live.ts';
import type { Protocol } from './operation.ts';
import type { KnownOrder } from './own-keys.ts';
import type { ChangeStream, OrderStream, PriceDetailStream, ProductStream } from './stream.ts';

/** A place where shops sell, or `Other` for files of no platform. */
export interface Platform {
  /** The URL segment and the stored value. */
  readonly id: PlatformId;
  readonly title: string;
  /** The order exports of its seller centre that can be imported. */
  readonly files: readonly FilePreset[];
  /** What else its seller centre exports, and cannot be imported yet. */
  readonly laterFiles?: readonly LaterFile[];
  /** How its shops are connected and read; absent where data come as files only. */
  readonly api?: PlatformApi;
  /** How its own order JSON is read where it did not come from a call; absent where none is known. */
  readonly records?: OrderRecords;
  /** What else the older system called paths below its own, by the path of today. */
  readonly olderPaths?: Readonly<Record<string, readonly string[]>>;
  /** How its JSON is kept; absent where data come as files only. */
  readonly keeping?: PlatformKeeping;
}

/** What of a platform's JSON is kept. */
export interface PlatformKeeping {
  /** A document that is kept already, of whichever stream, under the lists of today; a buyer's hash and a cut postal code stay. */
  again(document: Json, stream: string, hash: KeyedHash): Json;
  /** Fields whose texts were emptied because no list knows them, as `orders: line_items[].name`; those that this process has met. */
  unknown(): readonly string[];
}

/** A shop as records tell it, with its market where the platform has one for it. */
export type ToldShop = ShopIdentity & { readonly region: string };

/** A platform's own orders as JSON, wherever they were kept. */
export interface OrderRecords {
  /** Keys, in small letters, under which its replies hold lists of orders, or objects that hold them. */
  readonly lists: readonly string[];
  /** Whether all records of a file are one shop's; else each tells its own. */
  readonly oneShop: boolean;
  /** The record as it is kept: personal data gone, the buyer's id its keyed hash. */
  kept(record: Json, hash: KeyedHash): Json;
  idOf(document: Json): string | null;
  /** The shop that a kept record speaks of, as far as it tells. */
  shopOf(document: Json): ToldShop | null;
  /** The shop of a market, by ISO 3166-1 code; null where the platform has none there. */
  shopIn(region: string): ToldShop | null;
  /** @throws DocumentRefused naming the field */
  toCanonical(document: Json, shop: Shop): Order;
  /** What is known of a stored order in the platform's own keys, where no record of it is kept; personal values are empty. */
  inOwnKeys(order: KnownOrder): Json;
  /** How records that tell a part of an order each become orders; absent where every record is whole. */
  readonly parts?: OrderParts;
  readonly priceDetails?: PriceDetailRecords;
}

/** Orders that were kept in parts: what a list said of them, their details, their items. */
export interface OrderParts {
  /** When the order was placed, as far as a part tells it. */
  placedAt(document: Json): Temporal.Instant | null;
  /** The orders that kept records of one id make up, each as it is kept; none where they are but parts of one. */
  whole(documents: readonly Json[]): readonly Json[];
}

/** Price details that another system kept, each beside the id of its order. */
export interface PriceDetailRecords {
  readonly lists: readonly string[];
  idOf(record: Json): string | null;
  /**
   * The record as it is kept where it came from a call, personal data gone; null where it holds the platform's refusal in place of data.
   */
  kept(record: Json, hash: KeyedHash): Json | null;
  /** @throws DocumentRefused naming the field */
  toCanonical(document: Json): PriceDetail;
}

/** A platform's API: how its shops are connected, how it is spoken to, what it is read for. */
export interface PlatformApi extends Connection, Protocol {
  readonly orders: OrderStream;
  /** What else it lists by change, by the name of the stream: claims after shipment as `returns`, `cancellations` before it. */
  readonly changes: Readonly<Record<string, ChangeStream<unknown>>>;
  readonly priceDetails?: PriceDetailStream;
  readonly products?: ProductStream;
  /** Live calls that the older system's paths pass on; absent where they are not offered. */
  readonly live?: LiveOrders;
}
