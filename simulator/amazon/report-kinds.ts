import type { Role } from './access.ts';
import { allOrdersFile } from './all-orders-file.ts';
import type { AmazonFate } from './amazon-faults.ts';
import type { AmazonWorld } from './amazon-world.ts';
import { fbaReturnsFile, sellerReturnsFile } from './returns-files.ts';
import type { Account, AmazonShop } from './shops.ts';

/** What a report is made from; its window is [start, end), as the world is at a second. */
export interface ReportGround {
  readonly world: AmazonWorld;
  readonly account: Account;
  readonly shops: readonly AmazonShop[];
  readonly fate: AmazonFate;
  readonly startMs: number;
  readonly endMs: number;
  readonly at: number;
}

/** A report's text, and how many rows it has under its head. */
export interface ReportContent {
  readonly text: string;
  readonly rows: number;
}

/** One type of report that can be asked for. */
export interface ReportKind {
  readonly role: Role;
  /** The widest window, and how long a report is kept. */
  readonly mostDays: number;
  readonly keptDays: number;
  /** Undefined where there is nothing to tell. */
  readonly content: (ground: ReportGround) => ReportContent | undefined;
}

/** All types that the simulator has, by Amazon's names. */
export const REPORT_KINDS: Readonly<Record<string, ReportKind>> = {
  GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL: {
    role: 'orders',
    mostDays: 30,
    keptDays: 30,
    content: (ground) => allOrdersFile(ground, 'update'),
  },
  GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL: {
    role: 'orders',
    mostDays: 30,
    keptDays: 30,
    content: (ground) => allOrdersFile(ground, 'creation'),
  },
  GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA: { role: 'fulfillment', mostDays: 90, keptDays: 90, content: fbaReturnsFile },
  GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE: { role: 'orders', mostDays: 60, keptDays: 90, content: sellerReturnsFile },
};
