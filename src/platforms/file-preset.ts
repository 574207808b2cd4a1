import type { KeyedHash } from '../kernel/vault.ts';
import type { Teller } from '../model/order-parts.ts';
import type { Order } from '../model/order.ts';
import type { Return } from '../model/return.ts';
import type { PlatformId, Shop, ShopIdentity } from '../model/shop.ts';
import type { DateOrder, DecimalMark } from '../model/written.ts';

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
  /**
   * How far a header is from being its own: how many of its columns it has, and which of those that it needs are missing, by the preset's
   * own names.
   */
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
