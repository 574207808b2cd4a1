import type { Fate, Outcome, PlainClaim, PlainLine, PlainOrder, PlainPlace, Status } from './plain-records.ts';
import { regionCode } from './regions.ts';

// oxlint-disable-next-line no-explicit-any
type Document = Readonly<Record<string, any>>;

const ORDER_WORDS: Readonly<Record<string, Status>> = {
  UNPAID: 'unpaid',
  ON_HOLD: 'on_hold',
  AWAITING_SHIPMENT: 'to_ship',
  PARTIALLY_SHIPPING: 'to_ship',
  AWAITING_COLLECTION: 'to_ship',
  IN_TRANSIT: 'shipped',
  DELIVERED: 'delivered',
  COMPLETED: 'completed',
  CANCELLED: 'cancelled',
};

/** What a region is called, by its code: names are the product's to choose. */
export type RegionNames = ReadonlyMap<string, string>;

/** An order as TikTok's order search gives it, one line a piece. */
export function readOrder(document: Document, names: RegionNames): PlainOrder {
  const status = ORDER_WORDS[document['status']] ?? 'unknown';
  const items = document['line_items'] as readonly Document[];
  const place = readPlace(document['recipient_address'], names);
  const carriers = [
    ...new Set(
      items.map((item) => (item['shipping_provider_name'] ?? document['shipping_provider']) as string | undefined).filter(Boolean),
    ),
  ];
  return {
    orderId: document['id'],
    purchasedAt: second(document['create_time'])!,
    paidAt: second(document['paid_time']),
    updatedAt: second(document['update_time'])!,
    status,
    outcome: fateOfCancelled(status, leftAt(document)),
    platformStatus: document['status'],
    model: 'retail',
    currency: document['payment'].currency,
    place,
    writtenPlace: JSON.stringify(place),
    buyer: document['user_id'] ? BigInt(document['user_id']) : null,
    totalAmount: money(document['payment'].total_amount),
    shippingFee: money(document['payment'].original_shipping_fee),
    shippingProvider: carriers.join(', ') || null,
    lines: items.map((item) => readLine(item, document, status)),
  };
}

function readLine(item: Document, order: Document, ofOrder: Status): PlainLine {
  const own = ORDER_WORDS[item['display_status']] ?? 'unknown';
  // What waits in its hold waits as a whole; the words of a line know of no hold.
  const status = ofOrder === 'on_hold' && own !== 'cancelled' ? 'on_hold' : own;
  const [list, seller, platform, paid] = ['original_price', 'seller_discount', 'platform_discount', 'sale_price'].map((name) =>
    money(item[name]),
  );
  const net = list === null ? null : list! - (seller ?? 0n);
  const given =
    item['is_gift'] === true || item['sku_type'] === 'ZERO_LOTTERY' || ((money(item['gift_retail_price']) ?? 0n) > 0n && !list && !paid);
  const kind = order['is_sample_order']
    ? 'sample'
    : order['is_replacement_order'] || order['is_exchange_order']
      ? 'replacement'
      : given
        ? 'gift'
        : 'goods';
  // A line that is cancelled out of an order that goes on left only if it was packed itself.
  const left = ofOrder === 'cancelled' || item['rts_time'] ? leftAt(order) : null;
  const sold = (word: Status): boolean => !['unpaid', 'cancelled', 'unknown'].includes(word);
  return {
    lineId: item['id'],
    sku: item['seller_sku'] || item['sku_id'],
    platformSku: item['sku_id'],
    productName: item['product_name'] || null,
    variant: item['sku_name'] || null,
    image: item['sku_image'] || null,
    category: null,
    kind,
    quantity: 1,
    parts: [],
    status,
    outcome: fateOfCancelled(status, left),
    platformStatus: item['display_status'],
    grossSales: list!,
    netSales: net,
    paidAmount: paid ?? (net === null ? null : net - (platform ?? 0n)),
    taxAmount: null,
    returnedQuantity: null,
    refundAmount: null,
    sale: kind === 'goods' && sold(ofOrder) && sold(status),
  };
}

/** When a carrier had it: collected, delivered, or marked as shipped by a seller who ships by own means. */
function leftAt(order: Document): number | null {
  return order['collection_time'] || order['delivery_time'] || (order['shipping_type'] === 'SELLER' ? order['rts_time'] : 0) || null;
}

function fateOfCancelled(status: Status, left: number | null): Outcome {
  return status === 'cancelled' && left !== null ? 'returned' : 'none';
}

/** Country, region, town; a part with asterisks is not told. */
function readPlace(address: Document | undefined, names: RegionNames): PlainPlace {
  const districts = (address?.['district_info'] ?? []) as readonly Document[];
  const told = (text: string | undefined): string | null => (text && !text.includes('*') ? text : null);
  const level = (name: string): string | null => told(districts.find((each) => each['address_level'] === name)?.['address_name']);
  const country = told(address?.['region_code']);
  const code = country === null ? null : regionCode(country, level('L1'));
  return {
    country,
    regionCode: code,
    region: code === null ? null : (names.get(code) ?? code),
    city: told(address?.['post_town']) ?? level('L3'),
  };
}

const CLAIM_WORDS: Readonly<Record<string, PlainClaim['state']>> = {
  RETURN_OR_REFUND_REQUEST_PENDING: 'open',
  AWAITING_BUYER_SHIP: 'open',
  BUYER_SHIPPED_ITEM: 'open',
  AWAITING_BUYER_RESPONSE: 'open',
  REPLACEMENT_REQUEST_PENDING: 'open',
  RETURN_OR_REFUND_REQUEST_SUCCESS: 'open',
  RETURN_OR_REFUND_REQUEST_COMPLETE: 'completed',
  REPLACEMENT_REQUEST_COMPLETE: 'completed',
  REPLACEMENT_REQUEST_REFUND_SUCCESS: 'completed',
  REFUND_OR_RETURN_REQUEST_REJECT: 'rejected',
  REPLACEMENT_REQUEST_REJECT: 'rejected',
  REJECT_RECEIVE_PACKAGE: 'rejected',
  RETURN_OR_REFUND_REQUEST_CANCEL: 'withdrawn',
  REPLACEMENT_REQUEST_CANCEL: 'withdrawn',
};

/** A return, refund or exchange, one claim for each line it names. */
export function readReturn(document: Document): PlainClaim[] {
  const { return_status: word, arbitration_status: judged, partial_refund: offer } = document;
  const refused = CLAIM_WORDS[word] === 'rejected' && judged === 'IN_PROGRESS';
  const state = refused ? 'open' : (CLAIM_WORDS[word] ?? 'unknown');
  const asked = document['return_type'] === 'REFUND' ? 'refund' : document['return_type'] === 'REPLACEMENT' ? 'exchange' : 'return';
  const kind = word === 'REPLACEMENT_REQUEST_COMPLETE' ? 'exchange' : word === 'REPLACEMENT_REQUEST_REFUND_SUCCESS' ? 'return' : asked;
  const taken = document['buyer_rejected_partial_refund'] !== true;
  const part = taken && state === 'completed' && offer ? money(offer.amount) : null;
  const keeps = taken && (document['can_buyer_keep_item'] === true || (part ?? 0n) > 0n);
  const items = document['return_line_items'] as readonly Document[];
  const whole = items.map((item) => money(item['refund_amount']?.refund_total));
  const asPaid =
    (part ?? 0n) > 0n && whole.reduce<bigint>((sum, each) => sum + (each ?? 0n), 0n) > part!
      ? shares(
          part!,
          whole.map((each) => each ?? 0n),
        )
      : null;
  return items.map((item, at) => {
    const refund = kind === 'exchange' ? null : (asPaid?.[at] ?? whole[at]!);
    return {
      ...claimOf(document, `${document['return_id']}-${at}`, document['return_reason']),
      kind,
      state,
      platformStatus: word,
      goodsBack: kind !== 'refund' && !keeps,
      refundAmount: refund,
      fate: null,
      lines: [
        {
          ...lineOf(item),
          refundAmount: refund,
          goodsAmount: kind === 'exchange' || asPaid ? null : money(item['refund_amount']?.refund_subtotal),
        },
      ],
    };
  });
}

/** A cancellation, one claim for each line it names. */
export function readCancellation(document: Document): PlainClaim[] {
  const words: Readonly<Record<string, PlainClaim['state']>> = {
    CANCELLATION_REQUEST_PENDING: 'open',
    CANCELLATION_REQUEST_SUCCESS: 'open',
    CANCELLATION_REQUEST_COMPLETE: 'completed',
    CANCELLATION_REQUEST_CANCELLED: 'withdrawn',
    CANCELLATION_REQUEST_CANCEL: 'withdrawn',
  };
  return (document['cancel_line_items'] as readonly Document[]).map((item, at) => ({
    ...claimOf(document, `C${document['cancel_id']}-${at}`, document['cancel_reason']),
    kind: 'cancellation',
    state: words[document['cancel_status']] ?? 'unknown',
    platformStatus: document['cancel_status'],
    goodsBack: false,
    refundAmount: money(item['refund_amount']?.refund_total),
    fate: fateOfKey(document['cancel_reason']),
    lines: [
      {
        ...lineOf(item),
        refundAmount: money(item['refund_amount']?.refund_total),
        goodsAmount: money(item['refund_amount']?.refund_subtotal),
      },
    ],
  }));
}

/** What a machine key says became of the parcel: the platform's page of cancel reasons. */
function fateOfKey(key: string): Fate | null {
  const plain = key.replace(/_uk$/, '');
  if (plain === 'returned_to_shipper_refused') return 'refused';
  if (plain.startsWith('returned_to_shipper')) return 'returned';
  if (plain.startsWith('package_')) return 'lost';
  if (
    /^(?:ecom_order_(?:unpaid|to_ship)_canceled|seller_cancel|system_cancel_unpaid|system_cancel_order_reason_shipping_timeout)/.test(plain)
  )
    return 'never_left';
  return null;
}

function claimOf(document: Document, returnId: string, reason: string) {
  return {
    returnId,
    orderId: document['order_id'] as string,
    reason: reason || null,
    reasonText: null,
    createdAt: second(document['create_time'])!,
    updatedAt: second(document['update_time'])!,
    currency: (document['refund_amount']?.currency ?? null) as string | null,
  };
}

function lineOf(item: Document) {
  return { lineId: item['order_line_item_id'] as string, sku: (item['seller_sku'] || item['sku_id']) as string, quantity: 1 };
}

/** A sum shared out by weights: each gets its part rounded down, what is left goes a ten-thousandth at a time from the first on. */
function shares(sum: bigint, weights: readonly bigint[]): bigint[] {
  const all = weights.reduce((total, each) => total + each, 0n);
  const parts = weights.map((weight) => (sum * weight) / all);
  const left = sum - parts.reduce((total, each) => total + each, 0n);
  return parts.map((part, at) => part + (at === 0 ? left : 0n));
}

function second(seconds: number | undefined): Temporal.Instant | null {
  return seconds ? Temporal.Instant.fromEpochMilliseconds(seconds * 1000) : null;
}

/** `16.75` is 167,500 ten-thousandths. */
function money(text: string | undefined): bigint | null {
  if (text === undefined || text === '') return null;
  const [, sign, whole, digits = ''] = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(text)!;
  const amount = BigInt(whole!) * 10_000n + BigInt(digits.padEnd(4, '0'));
  return sign ? -amount : amount;
}
