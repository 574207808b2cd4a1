import { toPlace } from '../../model/area.ts';
import type { State } from '../../model/order.ts';
import { filePreset, type Cells } from '../mapped-file.ts';
import type { MappingInput } from '../mapping.ts';
import type { FilePreset, FileShop } from '../file-preset.ts';
import { channelNamed, MARKETPLACE_OF_COUNTRY, shopOfChannel } from './marketplaces.ts';
import { STATUS_WORDS } from './status-words.ts';

/** The marketplace a row belongs to; what was sold elsewhere and sent by Amazon counts to the marketplace of its country. */
function shopOf(cell: Cells, channel: string | null): Partial<FileShop> | null {
  const named = channel === null ? undefined : channelNamed(channel);
  if (!named && channel && !/^non-?amazon/i.test(channel)) return { shop: channel };
  const shop = named ?? MARKETPLACE_OF_COUNTRY[toPlace({ country: cell('country') }).country ?? ''];
  return shop ? shopOfChannel(shop) : null;
}

/** What became of the parcel stands in the order's word alone: of its items the file just says "Shipped". */
function stateOf(cell: (header: string) => string | undefined, state: State): State {
  const word = cell('order-status') ?? '';
  const told = state.status === 'shipped' && word.startsWith('Shipped - ') ? STATUS_WORDS?.[word] : undefined;
  return told ? { ...state, ...(typeof told === 'string' ? { status: told } : told) } : state;
}

const SHIPPED_TO: Partial<MappingInput['columns']> = {
  country: 'ship-country',
  region: 'ship-state',
  city: 'ship-city',
  postalCode: 'ship-postal-code',
};

/** What the order reports tell beside the order itself: fees and prices, dates, services, ids. */
const BESIDE = [
  'merchant-order-id',
  'fulfillment-channel',
  'ship-service-level',
  'shipping-price',
  'shipping-tax',
  'gift-wrap-price',
  'gift-wrap-tax',
  'ship-promotion-discount',
  'is-business-order',
  'price-designation',
];

/** "All orders", by order date or by last update: the flat file Seller Central and the reports API give. */
export const allOrders = filePreset(
  {
    name: 'amazon-all-orders',
    platform: 'Amazon',
    shop: { column: ['sales-channel', 'order-channel'] },
    columns: {
      orderId: 'amazon-order-id',
      purchasedAt: 'purchase-date',
      updatedAt: 'last-updated-date',
      sku: 'sku',
      platformSku: 'asin',
      skuName: 'product-name',
      quantity: 'quantity',
      grossSales: 'item-price',
      sellerDiscount: 'item-promotion-discount',
      taxAmount: 'item-tax',
      currency: 'currency',
      status: 'order-status',
      lineStatus: 'item-status',
      kind: ['is-replacement-order', 'is-exchange-order'],
      ...SHIPPED_TO,
    },
    statuses: STATUS_WORDS,
    // Goods in exchange for others were sold once already.
    kinds: { true: 'replacement', false: 'goods' },
    keep: [
      ...BESIDE,
      'sales-channel',
      'order-channel',
      'url',
      'promotion-ids',
      'number-of-items',
      'tax-collection-model',
      'tax-collection-responsible-party',
      'is-replacement-order',
      'is-exchange-order',
      'original-order-id',
      'is-transparency',
      'is-iba',
      'fulfilled-by',
    ],
  },
  {
    title: 'Amazon · All Orders report',
    traps: [
      'item-price is the price of the line, not of one piece.',
      'Pending orders have no price yet; cancelled lines have quantity 0.',
      'Goods in exchange for others (is-replacement-order, is-exchange-order) are no sale.',
      "item-tax 0.00 in markets whose prices have tax in them says nothing: the shop's VAT setting holds.",
      'One line can be cancelled (item-status) in an order that is shipped (order-status).',
      'What became of a parcel ("Shipped - Returned to Seller") stands in order-status; the item just says "Shipped".',
      'A row of a channel that is not known is refused, its name in unknown_words, unless --zone tells its clock: then it is a shop ' +
        'of that name.',
      'A row of the channel "Non-Amazon" was sold elsewhere and only sent by Amazon; it counts to the marketplace of its country.',
      'Who the buyer is stays out on purpose; figures about buyers are null for Amazon.',
      'European files may come in Windows-1252 instead of UTF-8.',
    ],
    signature: ['amazon-order-id', 'purchase-date', 'order-status', 'sku'],
    shopOf,
    stateOf,
  },
);

/** "Amazon fulfilled shipments": one row for each thing sent. */
const fulfilledShipments = filePreset(
  {
    name: 'amazon-fulfilled-shipments',
    platform: 'Amazon',
    rows: 'parcels',
    shop: { column: 'sales-channel' },
    columns: {
      orderId: 'amazon-order-id',
      purchasedAt: 'purchase-date',
      paidAt: 'payments-date',
      updatedAt: { latest: ['shipment-date', 'reporting-date'] },
      lineId: 'shipment-item-id',
      sku: 'sku',
      skuName: 'product-name',
      quantity: 'quantity-shipped',
      grossSales: 'item-price',
      sellerDiscount: 'item-promotion-discount',
      taxAmount: 'item-tax',
      currency: 'currency',
      ...SHIPPED_TO,
    },
    defaultStatus: 'shipped',
    keep: [
      ...BESIDE,
      'shipment-id',
      'amazon-order-item-id',
      'merchant-order-item-id',
      'carrier',
      'estimated-arrival-date',
      'fulfillment-center-id',
      'points-granted',
    ],
  },
  {
    title: 'Amazon · Amazon fulfilled shipments report',
    traps: [
      'It holds what was sent, not what was ordered: cancelled and pending orders are missing.',
      'A parcel is no newer state of its order: parcels of several files are added, and beside the All Orders report they take no ' +
        'piece and no price away.',
      'Opened and saved in Excel, ids turn into 5.8E+13; the line is then known by shipment-item-id.',
      'Japanese files come in Shift_JIS.',
    ],
    signature: ['amazon-order-id', 'shipment-id', 'quantity-shipped', 'purchase-date'],
    shopOf,
  },
);

/** "New orders" / "unshipped orders": what waits to be sent. */
const newOrders = filePreset(
  {
    name: 'amazon-new-orders',
    platform: 'Amazon',
    rows: 'parcels',
    columns: {
      orderId: 'order-id',
      purchasedAt: 'purchase-date',
      paidAt: 'payments-date',
      lineId: 'order-item-id',
      sku: 'sku',
      skuName: 'product-name',
      quantity: 'quantity-purchased',
      grossSales: 'item-price',
      taxAmount: 'item-tax',
      currency: 'currency',
      ...SHIPPED_TO,
    },
    defaultStatus: 'to_ship',
    keep: [
      ...BESIDE,
      'reporting-date',
      'promise-date',
      'days-past-promise',
      'quantity-shipped',
      'quantity-to-ship',
      'item-promotion-discount',
      'delivery-start-date',
      'delivery-end-date',
      'delivery-time-zone',
      'is-iba',
      'verge-of-cancellation',
      'verge-of-lateShipment',
      'sales-channel',
    ],
  },
  {
    title: 'Amazon · New or Unshipped orders report',
    traps: [
      'It names the buyer and the address; both are dropped on reading.',
      'The unshipped report has no price: its lines are counted as unpriced until another report tells it.',
    ],
    signature: ['order-id', 'order-item-id', 'quantity-purchased', 'purchase-date'],
    shopOf: (cell) => shopOf(cell, null),
  },
);

/** The "Amazon Sale Report" that Indian sellers pass around: the merchant report with the courier's state. */
const saleReport = filePreset(
  {
    name: 'amazon-sale-report',
    platform: 'Amazon',
    shop: { column: 'Sales Channel' },
    dateForms: ['MM/DD/YYYY', 'MM-DD-YY', 'iso'],
    columns: {
      orderId: 'Order ID',
      purchasedAt: 'Date',
      sku: 'SKU',
      platformSku: 'ASIN',
      skuName: 'Style',
      variation: 'Size',
      category: 'Category',
      quantity: 'Qty',
      netSales: 'Amount',
      currency: 'currency',
      status: 'Status',
      country: 'ship-country',
      region: 'ship-state',
      city: 'ship-city',
      postalCode: 'ship-postal-code',
    },
    statuses: STATUS_WORDS,
    keep: ['Fulfilment', 'ship-service-level', 'Courier Status', 'promotion-ids', 'B2B', 'fulfilled-by'],
  },
  {
    title: 'Amazon.in · Sale Report',
    traps: [
      'Dates have no time and write the month first.',
      'There is one amount: it is net sales; gross sales and what the buyer paid are unknown (null).',
      'Rows "Shipped" with Qty 0 were cancelled by the courier: no pieces, no sale.',
      'Sold rows without an amount are sales at an unknown price (unpriced_units), with an amount of 0 sales at 0.',
      'The same order and SKU can stand in two rows, with equal cells: both count.',
      'States come in 69 spellings of 36 states and territories; one row says APO.',
    ],
    signature: ['Order ID', 'Date', 'Status', 'Fulfilment', 'SKU', 'Qty', 'Amount', 'ship-state'],
    shopOf,
  },
);

/** What can be imported from Amazon. */
export const files: readonly FilePreset[] = [allOrders, fulfilledShipments, newOrders, saleReport];
