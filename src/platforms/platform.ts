import type { KeyedHash } from '../kernel/vault.ts';
import type { Order } from '../model/order.ts';
import type { PlatformId, Shop, ShopIdentity } from '../model/shop.ts';

/** A place where shops sell, or `Other` for files of no platform. */
export interface Platform {
  /** The URL segment and the stored value. */
  readonly id: PlatformId;
  readonly title: string;
  /** The order exports of its seller centre that can be imported. */
  readonly files: readonly FilePreset[];
}

/** What the user says about a file because the file does not. */
export interface FileSettings {
  readonly shop?: string | undefined;
  readonly zone?: string | undefined;
  readonly currency?: string | undefined;
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
   * Prepares to read a file with this header.
   * @throws AppError `mapping_column_missing`
   */
  open(header: readonly string[], settings: FileSettings, hash: KeyedHash): FileReader;
}

/** A row of a file, checked, with the personal data gone. */
export interface FileRecord {
  readonly orderId: string;
  /** Good for sorting; the order's own instant comes from `toCanonical`, which knows the shop. */
  readonly purchasedAt: Temporal.Instant;
  /** Null: the file's own shop, known when all rows are read. */
  readonly shop: ShopIdentity | null;
  /** The row as it is kept: cells in the header's order. */
  readonly document: readonly string[];
}

/** Reads the rows of one file. */
export interface FileReader {
  /**
   * Checks one row; null for a row that is no data (a description row, a blank one).
   * @throws RowRefused
   */
  toRecord(cells: readonly string[]): FileRecord | null;
  /**
   * The shop of the rows that do not tell theirs; to be asked after the last row.
   * @throws AppError `import_setting_needed` when no row and no setting tells
   */
  fileShop(): ShopIdentity;
  /**
   * The order that its kept rows, in the file's order, describe.
   * @throws RowRefused when together they make no order
   */
  toCanonical(documents: readonly (readonly string[])[], shop: Shop): Order;
}

/** Why a row is refused; the texts are notices of the same name. */
export type RefusalReason =
  | 'row_cells' | 'row_order_missing' | 'row_sku_missing' | 'row_date' | 'row_amount' | 'row_quantity' | 'row_currencies';

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
