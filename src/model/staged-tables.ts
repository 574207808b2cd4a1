import type { Column, ColumnType } from './tables.ts';

function columns<const T extends Record<string, ColumnType>>(types: T): readonly Column[] {
  return Object.entries(types).map(([name, type]) => ({ name, type }));
}

/**
 * An order as it is staged for the store, `n` its place in the batch. `units` and the amounts are totals over the lines that
 * are sales. What begins with `oid` stays null where the order is not taken: its number, the number of the one it replaces,
 * whether its state is another than the stored one's, its place, its buyer, and where in the block its document lies.
 */
export const STAGED_ORDER = columns({
  n: 'integer',
  shop_id: 'small',
  order_id: 'text',
  purchased_at: 'instant',
  paid_at: 'instant',
  updated_at: 'instant',
  shop_day: 'day',
  paid_day: 'day',
  state_n: 'integer',
  line_count: 'integer',
  units: 'integer',
  unpriced_units: 'integer',
  gross_sales: 'money',
  net_sales: 'money',
  paid_amount: 'money',
  total_amount: 'money',
  shipping_fee: 'money',
  shipping_provider: 'text',
  fingerprint: 'big',
  buyer_hash: 'big',
  placed: 'boolean',
  oid: 'big',
  old_oid: 'big',
  moved: 'boolean',
  place_id: 'integer',
  buyer_id: 'integer',
  new_buyer: 'boolean',
  document_no: 'integer',
});

/** What tells whether a staged order is known, changed, on another day, and says no less than what is stored. */
const KEY = [
  'n',
  'shop_id',
  'order_id',
  'updated_at',
  'paid_at',
  'shop_day',
  'state_n',
  'total_amount',
  'shipping_fee',
  'shipping_provider',
  'fingerprint',
  'buyer_hash',
  'placed',
];
export const STAGED_KEY = STAGED_ORDER.filter(({ name }) => KEY.includes(name));

/** A line that comes in for a stored order: by the order's number, and what of money it tells. */
export const STAGED_TOLD_LINE = columns({ oid: 'big', line_id: 'text', priced: 'boolean' });

/** The documents that an order is made of, where they are several; `n` its place in the batch. */
export const STAGED_ORDER_DOCUMENT = columns({ n: 'integer', oid: 'big', block_id: 'integer', document_no: 'integer' });

/** A kept document that no order names, with what it says of whose it is. */
export const STAGED_FOUND_DOCUMENT = columns({ order_id: 'text', document_no: 'integer', shop: 'text' });

/** The block of the document that an order names as its own; null in the one being written. */
export const STAGED_BEST_DOCUMENT = columns({ n: 'integer', block_id: 'integer' });

/** A line as it is staged; what begins with `oid` stays null where its order is not taken. */
export const STAGED_LINE = columns({
  line_no: 'integer',
  line_id: 'text',
  shop_id: 'small',
  shop_day: 'day',
  paid_day: 'day',
  state_n: 'integer',
  quantity: 'integer',
  sale: 'boolean',
  first_of_sku: 'boolean',
  gross_sales: 'money',
  net_sales: 'money',
  paid_amount: 'money',
  tax_amount: 'money',
  parts: 'text',
  returned_quantity: 'integer',
  refund_amount: 'money',
  oid: 'big',
  place_id: 'integer',
  buyer_id: 'integer',
  sku_id: 'integer',
  listing_id: 'integer',
});

/** A state once in a batch; with the model and currency of its order, and for a line its kind. */
export const STAGED_STATE = columns({
  state_n: 'integer',
  status: 'text',
  outcome: 'text',
  platform_status: 'text',
  model: 'text',
  currency: 'text',
  kind: 'text',
});

/** What a batch adds to the dictionaries: SKUs, listings (one product as one platform calls it) and places. */
export const STAGED_SKU = columns({ sku_id: 'integer', sku: 'text' });
export const STAGED_LISTING = columns({
  listing_id: 'integer',
  platform: 'text',
  sku_id: 'integer',
  platform_sku: 'text',
  product_name: 'text',
  variant: 'text',
  image: 'text',
  category: 'text',
  seen_at: 'instant',
});
export const STAGED_PLACE = columns({
  place_id: 'integer',
  written: 'text',
  country: 'text',
  region_code: 'text',
  region: 'text',
  city: 'text',
});

/** A claim as it is staged; its event day is the shop day it was completed on, else the one it was made on. */
export const STAGED_RETURN = columns({
  n: 'integer',
  return_id: 'text',
  order_id: 'text',
  kind: 'text',
  state: 'text',
  platform_status: 'text',
  reason: 'text',
  reason_text: 'text',
  created_at: 'instant',
  updated_at: 'instant',
  event_day: 'day',
  goods_back: 'boolean',
  currency: 'text',
  refund_amount: 'money',
  fate: 'text',
  fingerprint: 'big',
});

/** A product as it is staged, and a SKU of it; `n` points at the product. */
export const STAGED_PRODUCT = columns({
  n: 'integer',
  product_id: 'text',
  title: 'text',
  status: 'text',
  deleted: 'boolean',
  category: 'text',
  category_path: 'text',
  image: 'text',
  brand: 'text',
  created_at: 'instant',
  updated_at: 'instant',
  fingerprint: 'big',
});
export const STAGED_PRODUCT_SKU = columns({
  n: 'integer',
  sku_no: 'integer',
  platform_sku: 'text',
  seller_sku: 'text',
  sku_name: 'text',
  image: 'text',
  price: 'money',
  currency: 'text',
  stock: 'integer',
});

/** A price detail as it is staged. */
export const STAGED_PRICE_DETAIL = columns({
  n: 'integer',
  order_id: 'text',
  currency: 'text',
  list_price: 'money',
  seller_discount: 'money',
  platform_discount: 'money',
  sale_price: 'money',
  tax_amount: 'money',
  shipping_list_price: 'money',
  shipping_seller_discount: 'money',
  shipping_platform_discount: 'money',
  shipping_sale_price: 'money',
  payment: 'money',
  total: 'money',
  violations: 'text',
  fingerprint: 'big',
});

/** A line of a claim; `n` points at it. */
export const STAGED_RETURN_LINE = columns({
  n: 'integer',
  line_no: 'integer',
  line_id: 'text',
  sku: 'text',
  product_name: 'text',
  variant: 'text',
  quantity: 'integer',
  counted: 'boolean',
  refund_amount: 'money',
  goods_amount: 'money',
});

/** An order made anew, by the number it has in the store; `n` its place in the batch. */
export const STAGED_REBUILT = columns({ n: 'integer', oid: 'big' });

/** What a euro was worth on a day; the rate as decimal text. */
export const STAGED_RATE = columns({ day: 'day', currency: 'text', rate: 'text' });

/** A record that is set aside. */
export const STAGED_QUARANTINE = columns({ record: 'text', field: 'text', problem: 'text', document: 'text' });

/** A stored address that was read anew. */
export const STAGED_REREAD = columns({ place_id: 'integer', country: 'text', region_code: 'text', region: 'text', city: 'text' });
