import type { z } from 'zod';
import type { Json } from '../kernel/json.ts';
import type { KeyedHash } from '../kernel/vault.ts';
import type { Order } from '../model/order.ts';
import type { Teller } from '../model/order-parts.ts';
import type { PriceDetail } from '../model/price-detail.ts';
import type { Product } from '../model/product.ts';
import type { Return } from '../model/return.ts';
import type { PlatformId, Shop, ShopIdentity } from '../model/shop.ts';
import type { DateOrder, DecimalMark } from '../model/written.ts';
import type { KnownOrder } from './own-keys.ts';

/** A place where shops sell, or `Other` for files of no platform. */
export interface Platform {
  /** The URL segment and the stored value. */
  readonly id: PlatformId;
  readonly title: string;
  /** The order exports of its seller centre that can be imported. */
  readonly files: readonly FilePreset[];
  /** How its shops are connected and read; absent where data come as files only. */
  readonly api?: PlatformApi;
  /** How its own order JSON is read where it did not come from a call; absent where none is known. */
  readonly records?: OrderRecords;
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
  /** The record as it is kept where it came from a call, personal data gone; null where it holds the platform's refusal in place of data. */
  kept(record: Json, hash: KeyedHash): Json | null;
  /** @throws DocumentRefused naming the field */
  toCanonical(document: Json): PriceDetail;
}

/** A registration that a seller's team has with a platform: some need one for each part of the world. */
export interface AppKind {
  /** Short and lasting: stored with what it authorized, part of the settings' names. */
  readonly name: string;
  readonly title: string;
  /** Where its key, secret and service id stand. */
  readonly console?: string;
  /** ISO 3166-1 codes of the markets whose sellers consent to this registration; the first kind without a list takes the rest. */
  readonly regions?: readonly string[];
  readonly hosts: Hosts;
}

/** Origins without a slash at the end, e.g. `https://auth.tiktok-shops.com`. */
export interface Hosts {
  readonly consent: string;
  readonly auth: string;
  readonly api: string;
}

/** A registration with its secrets, as the settings give it. */
export interface App {
  readonly platform: PlatformId;
  readonly kind: string;
  readonly key: string;
  readonly secret: string;
  /** What the consent page calls the app, where that is not the key. */
  readonly serviceId: string;
  readonly hosts: Hosts;
}

/** What a seller's consent gives: tokens and how long they last. */
export interface Grant {
  readonly accessToken: string;
  readonly accessExpiresAt: Temporal.Instant;
  readonly refreshToken: string;
  /** When the seller's consent ends; null where the platform does not say. */
  readonly refreshExpiresAt: Temporal.Instant | null;
  /** The seller's account with this app, stable over consents. */
  readonly account: string;
  readonly seller: string;
  /** Base region of the seller, ISO 3166-1. */
  readonly region: string | null;
  readonly scopes: readonly string[];
}

/** A shop that a grant opens. */
export interface GrantedShop {
  /** The platform's own id of it. */
  readonly platformShopId: string;
  readonly name: string;
  readonly region: string;
  /** What calls for this shop carry to say which shop they mean; may change with each consent. */
  readonly cipher: string;
  /** What the platform does not tell but the market does. */
  readonly zone: string;
  readonly currency: string | null;
}

/** One kind of call to a platform. */
export interface Operation<Reply> {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** From the host's root; `{name}` stands for a path parameter. */
  readonly path: string;
  readonly host: keyof Hosts;
  /** Calls a second that the platform bears, for one app and shop. */
  readonly perSecond: number;
  /** Whether a call says which shop it means. */
  readonly forShop: boolean;
  /** Whether it carries no token and no signature: the token calls themselves. */
  readonly open?: boolean;
  /** What the platform's envelope holds when all went well; unknown fields pass. */
  readonly reply: z.ZodType<Reply>;
}

/** What a call is given. Lists in `query` are sent as one value, with commas. */
export interface CallInput {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  readonly body?: Json;
}

/**
 * Calls a platform for one authorization and shop: signed, within its rate, tried again where that helps.
 * @throws AppError `platform_refused`, `platform_unreachable`, `platform_busy`, `platform_reply_not_understood`, `authorization_lost`, `scope_missing`
 */
export type Call = <Reply>(operation: Operation<Reply>, input?: CallInput) => Promise<Reply>;

/** A request as it will be sent, without what signing adds. */
export interface PlatformRequest {
  readonly method: string;
  readonly path: string;
  /** Decoded values. */
  readonly query: Readonly<Record<string, string>>;
  /** The exact text that is sent; null: none. */
  readonly body: string | null;
}

/** Who calls: the registration, its token where the call needs one, the shop where it means one. */
export interface Credentials {
  readonly app: App;
  readonly accessToken: string | null;
  readonly cipher: string | null;
}

/** What a reply means, whatever its status: the payload, or what went wrong and what to do about it. */
export type Explanation = (
  | { readonly data: Json }
  | {
      readonly problem: 'token_expired' | 'authorization_lost' | 'scope_missing' | 'throttled' | 'transient' | 'refused';
      readonly platformCode: string;
      /** The platform's words; the client masks tokens in them. */
      readonly message: string;
    }
) & {
  /** What the platform's support asks for. */
  readonly requestId?: string | undefined;
};

/** A page of a listing. */
export interface Page {
  /** The platform's records with the personal data gone and the buyer's id replaced by its keyed hash: what is kept. */
  readonly documents: readonly Json[];
  /** Reads on after this page, however much later; null after the last. */
  readonly next: string | null;
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

/** Records of a shop that the platform lists by the time of their last change, and how they are brought home. */
export interface ChangeStream<Item> {
  readonly windows: Windows;
  /** What reading costs: a call for so many records, so many calls a second. */
  readonly pace: { readonly pageSize: number; readonly perSecond: number };
  /** The pages of a window in order of change; with `resume`, the `next` of a page, those after it. A page token that repeats ends in an error. */
  pages(call: Call, window: ChangeWindow, given: { readonly resume: string | null; readonly hash: KeyedHash }): AsyncGenerator<Page>;
  /** How many of them the platform counts in a window, however wide; null where it does not say. */
  count(call: Call, window: ChangeWindow): Promise<number | null>;
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
  /** Records by id, live; what is unknown to the platform is absent. */
  byId(call: Call, ids: readonly string[], hash: KeyedHash): Promise<readonly Json[]>;
  /** The same as by change, of those placed in a span: for comparing and mending single days. */
  readonly placed: Pick<ChangeStream<Order>, 'pages' | 'count'>;
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

/** A platform's API: consent, tokens, signature, what its answers mean, its streams. */
export interface PlatformApi {
  readonly apps: readonly AppKind[];
  /** Where the seller consents. */
  consentUrl(app: App, state: string): string;
  /**
   * The code that the platform sent the seller back with.
   * @throws AppError `consent_denied`, `consent_incomplete`
   */
  codeOf(query: Readonly<Record<string, unknown>>): string;
  /** @throws AppError `consent_code_refused` when the code is used up, expired or not this app's */
  exchange(call: Call, app: App, code: string): Promise<Grant>;
  /** @throws AppError `authorization_lost` when the seller has to consent again */
  refresh(call: Call, app: App, refreshToken: string): Promise<Grant>;
  /** The shops a grant opens. */
  shops(call: Call): Promise<readonly GrantedShop[]>;
  /** The query and headers that go on the wire. */
  sign(
    request: PlatformRequest,
    credentials: Credentials,
    now: Temporal.Instant,
  ): { readonly query: Readonly<Record<string, string>>; readonly headers: Readonly<Record<string, string>> };
  explain(status: number, body: Json | undefined): Explanation;
  /** The scopes that reading needs: an authorization without one of them is told. */
  readonly scopes: readonly string[];
  readonly orders: OrderStream;
  /** Claims after shipment; absent where the platform tells of none. */
  readonly returns?: ChangeStream<Return>;
  /** Cancellations before it, a listing of their own. */
  readonly cancellations?: ChangeStream<Return>;
  readonly priceDetails?: PriceDetailStream;
  readonly products?: ProductStream;
  /** Live calls that the older system's paths pass on. */
  readonly live: LiveOrders;
}

/** The older system's live order paths: its JSON passed on, personal values emptied. */
export interface LiveOrders {
  list(call: Call, given: { readonly pageSize: number; readonly pageToken: string | null; readonly filters: Json }): Promise<LiveAnswer>;
  detail(call: Call, ids: readonly string[]): Promise<LiveAnswer>;
  priceDetail(call: Call, id: string): Promise<LiveAnswer>;
}

export interface LiveAnswer {
  readonly data: Json;
  /** Paths of the values that were emptied, e.g. `orders[].recipient_address.name`. */
  readonly redacted: readonly string[];
}

/** What the user says about a file because the file does not. */
export interface FileSettings {
  readonly shop?: string | undefined;
  readonly zone?: string | undefined;
  readonly currency?: string | undefined;
  /** Whether day or month comes first in dates that can be read either way. */
  readonly dateOrder?: DateOrder | undefined;
  /** What stands before the cents in amounts that can be read either way. */
  readonly decimalMark?: DecimalMark | undefined;
}

/** What the rows of a file told together: how it is read, whichever day it is read again. */
export interface FileDecision {
  /** Null where every date can be read one way only. */
  readonly dateOrder: DateOrder | null;
  /** Null where every amount can be read one way only. */
  readonly decimalMark: DecimalMark | null;
}

/** What a file holds that may matter and is not understood. */
export interface FileFindings {
  /** Columns that by their name tell states or pieces, and are not read. */
  readonly unknownColumns: readonly string[];
  /** Status words, and channels, that are not known, and on how many rows. */
  readonly unknownWords: Readonly<Record<string, number>>;
  /** Columns of ids that may have lost their last digits. */
  readonly doubtfulIds: readonly string[];
}

/** A kind of order file, recognised by its header. */
export interface FilePreset {
  readonly name: string;
  readonly title: string;
  readonly platform: PlatformId;
  /** What is known to go wrong with these files; printed in the documentation. */
  readonly traps: readonly string[];
  /** How many of the header's columns it knows; 0 when it is not its header. */
  recognises(header: readonly string[]): number;
  /** How far a header is from being its own: how many of its columns it has, and which of those that it needs are missing, by the preset's own names. */
  lacks(header: readonly string[]): { readonly has: number; readonly missing: readonly string[] };
  /**
   * Prepares to read a file with this header.
   * @throws AppError `mapping_column_missing`
   */
  open(header: readonly string[], settings: FileSettings, hash: KeyedHash): FileReader;
}

/** The shop that a file's rows are of, as the file tells it or the user. */
export interface FileShop extends ShopIdentity {
  /** Its market, ISO 3166-1; null where nothing tells it. */
  readonly region: string | null;
  /** Whether the user or his mapping named it; else the file's market alone made the name. */
  readonly named: boolean;
}

/** A row of a file, checked, with the personal data gone. */
export interface FileRecord {
  readonly orderId: string;
  /** Whether it tells of money paid back and of no order. */
  readonly refund: boolean;
  /** Good for sorting; the order's own instant comes from `toCanonical`, which knows the shop. */
  readonly purchasedAt: Temporal.Instant;
  /** The same where the month comes first, if that is another instant. */
  readonly monthFirst: Temporal.Instant | null;
  /** Null: the file's own shop, known when all rows are read. */
  readonly shop: FileShop | null;
  /** The row as it is kept: cells in the header's order. */
  readonly document: readonly string[];
}

/** Reads the rows of one file. */
export interface FileReader {
  /** How the file's word on an order is to be taken beside others. */
  readonly teller: Teller;
  /** The file's header as it is kept: of columns whose cells are not kept, nothing but their place. */
  readonly keptHeader: readonly string[];
  /** A row that is kept already under the mapping of today; a buyer's hash and a cut postal code stay. */
  again(document: readonly string[]): readonly string[];
  /**
   * Checks one row; null for a row that is no data (a description row, a blank one).
   * @throws RowRefused
   */
  toRecord(cells: readonly string[]): FileRecord | null;
  /** Looks at a kept row for what it tells of the file's habits, as `toRecord` does. */
  look(document: readonly string[], shop: Shop | null): void;
  /**
   * Decides from all rows that were looked at how the file writes dates and amounts; to be asked after the last row, before `toCanonical`.
   * @throws AppError `import_date_order_needed`, `import_decimal_mark_needed` when no row and no setting tells
   */
  decide(): FileDecision;
  /** What was met that may matter and is not understood; to be asked last. */
  findings(): FileFindings;
  /**
   * The shop of the rows that do not tell theirs; to be asked after the last row.
   * @throws AppError `import_setting_needed` when no row and no setting tells
   */
  fileShop(): FileShop;
  /**
   * The order that its kept rows, in the file's order, describe.
   * @throws RowRefused when together they make no order
   */
  toCanonical(documents: readonly (readonly string[])[], shop: Shop): Order;
  /**
   * The same of rows that are a refund.
   * @throws RowRefused when together they make none
   */
  toRefund(documents: readonly (readonly string[])[], shop: Shop): Return;
}

/** Why a row is refused; the texts are notices of the same name. */
export type RefusalReason =
  | 'row_cells'
  | 'row_beyond'
  | 'row_order_missing'
  | 'row_id_damaged'
  | 'row_channel'
  | 'row_sku_missing'
  | 'row_date'
  | 'row_amount'
  | 'row_quantity'
  | 'row_currencies'
  | 'row_too_long';

/** A row that cannot be taken, with the column to look at; never the cell, which may be personal. */
export class RowRefused extends Error {
  readonly reason: RefusalReason;
  readonly column: string;

  constructor(reason: RefusalReason, column = '') {
    super(`${reason} ${column}`.trim());
    this.name = 'RowRefused';
    this.reason = reason;
    this.column = column;
  }
}
