import type { AmazonOrder, ListedOrder } from './amazon-world.ts';
import { asinOf, digitsOf, sellerSkuOf, titleOf } from './ids.ts';
import { itemsOf, type Item } from './order-items.ts';
import type { ReportContent, ReportGround } from './report-kinds.ts';
import { isHidden } from './search.ts';
import { isBusiness } from './shown.ts';
import { isByAmazon, isForeign, type Status } from './statuses.ts';
import { promotionsOf } from './wire-item.ts';
import { decimalOf } from './wire-money.ts';
import { serviceOf, stateOf } from './wire-order.ts';

/** One line of the file before it is written: a line of an order, or a part of one that a fault has split. */
interface Row {
  readonly order: AmazonOrder;
  readonly item: Item;
  readonly status: Status;
  readonly updatedMs: number;
  readonly createdMs: number;
  readonly quantity: number;
  /** Which of so many rows of the line it is; money is shared out among them. */
  readonly part: number;
  readonly of: number;
  readonly title: string;
  /** Whether its dates carry the shop's own offset. */
  readonly isLocal: boolean;
}

const DAY_MS = 86_400_000;
/** The words of the file, which are older than those of the API. */
const WORDS: Readonly<Record<Status, string>> = {
  PENDING_AVAILABILITY: 'Pending',
  PENDING: 'Pending',
  UNSHIPPED: 'Unshipped',
  PARTIALLY_SHIPPED: 'Shipping',
  SHIPPED: 'Shipped',
  CANCELLED: 'Cancelled',
  UNFULFILLABLE: 'Cancelled',
};
const SERVICES = { EXPEDITED: 'Expedited', SECOND_DAY: 'SecondDay', NEXT_DAY: 'NextDay', STANDARD: 'Standard' } as const;

const COLUMNS: readonly (readonly [name: string, cell: (row: Row) => string])[] = [
  ['amazon-order-id', ({ order }) => order.id],
  ['merchant-order-id', () => ''],
  ['purchase-date', (row) => dateOf(row, row.createdMs)],
  ['last-updated-date', (row) => dateOf(row, row.updatedMs)],
  ['order-status', ({ status }) => WORDS[status]],
  ['fulfillment-channel', ({ order }) => (isByAmazon(order.life) ? 'Amazon' : 'Merchant')],
  ['sales-channel', ({ order }) => (isForeign(order.life) ? 'Non-Amazon' : order.shop.marketplace.name)],
  ['order-channel', () => ''],
  ['url', () => ''],
  ['ship-service-level', ({ order }) => SERVICES[serviceOf(order)]],
  ['product-name', ({ title }) => title],
  ['sku', ({ item }) => sellerSkuOf(item.sku)],
  ['asin', ({ item }) => asinOf(item.sku)],
  ['item-status', ({ item, status }) => itemStatus(item, status)],
  ['quantity', ({ quantity }) => String(quantity)],
  ['currency', ({ order, item }) => (isTold(item) ? order.shop.currency : '')],
  ['item-price', (row) => shared(row, row.item.goods)],
  ['item-tax', (row) => some(row, row.item.goodsTax)],
  ['shipping-price', (row) => some(row, row.item.shipping)],
  ['shipping-tax', (row) => some(row, row.item.shippingTax)],
  ['gift-wrap-price', () => ''],
  ['gift-wrap-tax', () => ''],
  ['item-promotion-discount', (row) => some(row, row.item.goodsDiscount)],
  ['ship-promotion-discount', (row) => some(row, row.item.shippingDiscount)],
  ['ship-city', (row) => placed(row, row.order.buyer.home.city)],
  ['ship-state', (row) => placed(row, stateOf(row.order))],
  ['ship-postal-code', (row) => placed(row, row.order.buyer.home.postalCode)],
  ['ship-country', (row) => placed(row, row.order.shop.country)],
  ['promotion-ids', ({ order, item }) => promotionsOf(order, item).join(',')],
  ['is-business-order', ({ order }) => String(isBusiness(order))],
  ['purchase-order-number', () => ''],
  ['price-designation', ({ order }) => (isBusiness(order) ? 'Business Price' : '')],
  ['is-replacement-order', ({ order }) => String(order.life.kind === 'replacement')],
  ['original-order-id', ({ order }) => order.sourceId ?? ''],
];

/** All orders whose latest change, or whose creation, lies in a window: a line for each line of an order; undefined where there is none. */
export function allOrdersFile(ground: ReportGround, by: 'update' | 'creation'): ReportContent | undefined {
  const rows = [...listedOrders(ground, by)].flatMap((listed) => rowsOf(ground, listed));
  if (rows.length === 0) return undefined;
  const lines = [COLUMNS.map(([name]) => name), ...rows.map((row) => COLUMNS.map(([, cell]) => cell(row)))];
  return { text: lines.map((cells) => `${cells.join('\t')}\r\n`).join(''), rows: rows.length };
}

function* listedOrders(
  { world, shops, account, fate, startMs, endMs, at }: ReportGround,
  by: 'update' | 'creation',
): Generator<ListedOrder> {
  const isDeaf = fate.befalls('reportIgnoresMarketplace');
  const days = fate.befalls('reportEdgeDay') ? DAY_MS : 0;
  const span = { from: Math.floor(startMs / 1000), to: Math.ceil((endMs + days) / 1000), at };
  const asked = isDeaf ? account.shops : shops;
  for (const listed of by === 'update' ? world.updated(asked, span) : world.created(asked, span)) {
    const ms = world.msOf(listed);
    if (ms < startMs || ms >= endMs + days || isHidden(world, listed, fate)) continue;
    yield listed;
  }
}

/** The lines of one order, as the faults leave them. */
function rowsOf({ world, fate: whole, at, endMs }: ReportGround, { shop, serial }: ListedOrder): Row[] {
  const order = world.order(shop, serial);
  const fate = whole.within(shop);
  const digits = digitsOf(order.id);
  const { status, updatedMs } = world.stateOf(order, at);
  // What comes late is not there yet when a week has not passed.
  if (fate.faults.reportLateRows > 0 && at * 1000 - updatedMs < 7 * DAY_MS && fate.fallsOn(digits, 'reportLateRows', 21)) return [];
  const isLocal = fate.faults.reportEdgeDay > 0 && updatedMs < endMs + DAY_MS;
  const base = { order, status, updatedMs, createdMs: world.createdMs(order), isLocal };
  return itemsOf(world, order, at).flatMap((item) => {
    const pieces = item.ordered - item.cancelled;
    const title = bentTitle(titleOf(item.sku), digitsOf(item.id), fate);
    const isSplit = pieces > 1 && fate.faults.reportTwinRows > 0 && fate.fallsOn(digits, 'reportTwinRows', 22);
    if (!isSplit) return [{ ...base, item, title, quantity: pieces, part: 0, of: 1 }];
    return Array.from({ length: pieces }, (_, part) => ({ ...base, item, title, quantity: 1, part, of: pieces }));
  });
}

function bentTitle(title: string, digits: string, fate: ReportGround['fate']): string {
  const { reportLossyCharset, reportWildQuotes } = fate.faults;
  let bent = title;
  if (reportWildQuotes > 0 && fate.fallsOn(digits, 'reportWildQuotes', 23)) {
    const place = Number(digits.at(-1)) % 3;
    bent = place === 0 ? `"${bent}` : place === 1 ? `${bent} 12"` : bent.replace(' ', ' "the best" ');
  }
  const isLossy = reportLossyCharset > 0 && fate.fallsOn(digits, 'reportLossyCharset', 24);
  // oxlint-disable-next-line no-control-regex
  return isLossy ? bent.replace(/[^\x00-\x7f]/g, '?') : bent;
}

function dateOf({ order, isLocal }: Row, ms: number): string {
  const instant = Temporal.Instant.fromEpochMilliseconds(ms);
  const timeZone = isLocal ? order.shop.zone : 'UTC';
  return instant.toString({ smallestUnit: 'second', timeZone });
}

function itemStatus(item: Item, status: Status): string {
  if (item.cancelled === item.ordered) return 'Cancelled';
  return status === 'PENDING' ? 'Unshipped' : item.unfulfilled === 0 ? 'Shipped' : WORDS[status];
}

/** Whether a line has its prices: not before it is paid, and not when nothing of it is left. */
function isTold(item: Item): boolean {
  return item.isPriced && item.ordered > item.cancelled;
}

/** A row's share of what a line brings: the rows together bring all of it. */
function shared({ order, item, part, of }: Row, minor: number): string {
  const upTo = (rows: number): number => Math.floor((minor * rows) / of);
  return isTold(item) ? decimalOf(upTo(part + 1) - upTo(part), order.shop.currency) : '';
}

function some(row: Row, minor: number): string {
  return minor === 0 ? '' : shared(row, minor);
}

function placed({ status }: Row, text: string): string {
  return status === 'PENDING' ? '' : text;
}
