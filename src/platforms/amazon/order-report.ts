import type { Json } from '../../kernel/json.ts';
import type { Teller } from '../../model/order-parts.ts';
import type { Order } from '../../model/order.ts';
import type { Shop } from '../../model/shop.ts';
import { RowRefused, type FileReader } from '../file-preset.ts';
import { DocumentRefused } from '../stream.ts';
import { allOrders } from './files.ts';
import { MARKETPLACES, type Channel } from './marketplaces.ts';
import type { ReportTable } from './reports.ts';

/** All orders by their last change: what Seller Central gives as a file, too. */
export const ORDER_REPORT = 'GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL';

/** An order as the report tells it: its rows as an imported file keeps them, with Amazon's id of its marketplace. */
interface ReportedOrder {
  readonly reportedOrder: string | null;
  readonly marketplaceId: string | null;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Of a row that is no order: which column, and why; nothing of the row is kept. */
  readonly refused?: { readonly column: string; readonly reason: string };
}

/** Whether a kept document is an order of the report. */
export function isReported(document: Json): boolean {
  return typeof document === 'object' && document !== null && 'reportedOrder' in document;
}

/** The orders of a report in the order of their first rows, personal data gone. Rows that are alike are pieces of one order. */
export function ordersIn({ header, rows }: ReportTable): readonly Json[] {
  const reader = readerOf(header);
  const orders = new Map<string, { marketplaceId: string | null; rows: (readonly string[])[] }>();
  const refused: ReportedOrder[] = [];
  for (const cells of rows) {
    try {
      const record = reader.toRecord(cells);
      if (record === null) continue;
      const known = orders.get(record.orderId);
      if (known) known.rows.push(record.document);
      else orders.set(record.orderId, { marketplaceId: marketplaceNamed(record.shop?.shop), rows: [record.document] });
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error;
      const why = { column: error.column, reason: error.reason };
      refused.push({ reportedOrder: null, marketplaceId: null, header: [], rows: [], refused: why });
    }
  }
  const told = [...orders].map(([reportedOrder, order]): ReportedOrder => ({ reportedOrder, ...order, header: reader.keptHeader }));
  return [...told, ...refused] as unknown as Json[];
}

/** The id of a reported order; null where a row is none. */
export function reportedId(document: Json): string | null {
  return of(document).reportedOrder;
}

/** Its marketplace by Amazon's id, else by its name. */
export function reportedMarketplace(document: Json): string | null {
  return of(document).marketplaceId;
}

/** The order that the kept rows describe. @throws DocumentRefused */
export function reportedOrder(document: Json, shop: Shop): Order {
  const { header, rows, refused } = of(document);
  if (refused) throw new DocumentRefused(refused.column, refused.reason);
  try {
    return readerOf(header).toCanonical(rows, shop);
  } catch (error) {
    if (error instanceof RowRefused) throw new DocumentRefused(error.column, error.reason);
    throw error;
  }
}

/** What the report is beside the platform's own record: the same as the file of Seller Central. */
export function reportTeller(document: Json): Teller {
  return readerOf(of(document).header).teller;
}

/** Its rows, as a file's. */
export function reportedRows(document: Json): readonly (readonly string[])[] {
  return of(document).rows;
}

/** A kept document under the lists of today. */
export function reportedAgain(document: Json): Json {
  const kept = of(document);
  if (kept.header.length === 0) return document;
  const reader = readerOf(kept.header);
  return { ...kept, header: reader.keptHeader, rows: kept.rows.map((row) => reader.again(row)) };
}

function of(document: Json): ReportedOrder {
  return document as unknown as ReportedOrder;
}

/** Readers by their header: a report has one, and all of its orders are read with it. */
const readers = new Map<string, FileReader>();
const MOST_READERS = 100;

function readerOf(header: readonly string[]): FileReader {
  const name = header.join('\t');
  let reader = readers.get(name);
  if (!reader) {
    // Reports write dates as ISO 8601 and amounts with a point, whatever the market; no column of theirs names the buyer.
    reader = allOrders.open(header, { dateOrder: 'dmy', decimalMark: '.' }, () => 0n);
    reader.decide();
    if (readers.size >= MOST_READERS) readers.clear();
    readers.set(name, reader);
  }
  return reader;
}

function marketplaceNamed(name: string | undefined): string | null {
  if (name === undefined) return null;
  return name in MARKETPLACES ? MARKETPLACES[name as Channel].id : name;
}
