import type { Json } from '../../kernel/json.ts';
import type { OrderStatus } from '../../model/order.ts';
import { amountOf, amountText, less, piecesOf, sumOf, type KnownLine, type KnownOrder, type Piece } from '../own-keys.ts';

const WORDS: Readonly<Record<OrderStatus, string>> = {
  unpaid: 'UNPAID',
  on_hold: 'ON_HOLD',
  to_ship: 'AWAITING_SHIPMENT',
  shipped: 'IN_TRANSIT',
  delivered: 'DELIVERED',
  completed: 'COMPLETED',
  cancelled: 'CANCELLED',
  unknown: '',
};
/** TikTok's own words are capitals; a file's are the seller's language. */
const OWN_WORD = /^[A-Z_]+$/;

/** What is known of an order in TikTok's own keys, as `order/detail` has them; a line for each piece, personal values empty. */
export function inOwnKeys(order: KnownOrder): Json {
  const { currency, lines } = order;
  const kinds = new Set(lines.map(({ kind }) => kind));
  const pieces = lines.flatMap((line) => piecesOf(line).map((piece) => ({ line, piece })));
  const [gross, net, paid] = [
    pieces.map(({ piece }) => piece.gross),
    pieces.map(({ piece }) => piece.net),
    pieces.map(({ piece }) => piece.paid),
  ].map(sumOf) as [bigint | null, bigint | null, bigint | null];
  return {
    id: order.order_id,
    status: wordOf(order),
    order_type: 'NORMAL',
    user_id: order.buyer_id ?? '',
    buyer_email: '',
    buyer_nickname: '',
    buyer_message: '',
    seller_note: '',
    create_time: secondsOf(order.purchased_at),
    paid_time: secondsOf(order.paid_at),
    update_time: secondsOf(order.updated_at),
    shipping_provider: order.shipping_provider ?? '',
    tracking_number: '',
    packages: [],
    payment_method_name: '',
    warehouse_id: '',
    is_cod: false,
    is_sample_order: kinds.size === 1 && kinds.has('sample'),
    is_replacement_order: kinds.size === 1 && kinds.has('replacement'),
    payment: {
      currency: currency ?? '',
      sub_total: amountText(paid),
      original_total_product_price: amountText(gross),
      seller_discount: amountText(less(gross, net)),
      platform_discount: amountText(less(net, paid)),
      total_amount: amountText(amountOf(order.total_amount)),
      original_shipping_fee: amountText(amountOf(order.shipping_fee)),
      shipping_fee: '',
      tax: amountText(sumOf(pieces.map(({ piece }) => piece.tax))),
    },
    recipient_address: {
      region_code: order.country ?? '',
      postal_code: '',
      name: '',
      phone_number: '',
      full_address: '',
      address_detail: '',
      district_info: districtsOf(order),
    },
    line_items: pieces.map(({ line, piece }) => itemOf(line, piece, currency)),
  };
}

function itemOf(line: KnownLine, { id, gross, net, paid, tax }: Piece, currency: string | null): Json {
  return {
    id,
    product_id: '',
    product_name: line.product_name ?? '',
    sku_id: line.platform_sku ?? '',
    sku_name: line.variant ?? '',
    seller_sku: line.sku === line.platform_sku ? '' : line.sku,
    sku_image: line.image ?? '',
    display_status: wordOf(line),
    currency: currency ?? '',
    original_price: amountText(gross),
    sale_price: amountText(paid),
    seller_discount: amountText(less(gross, net)),
    platform_discount: amountText(less(net, paid)),
    item_tax: tax === null ? [] : [{ tax_type: '', tax_amount: amountText(tax) }],
    is_gift: line.kind === 'gift',
    cancel_reason: '',
    package_id: '',
    tracking_number: '',
    shipping_provider_name: '',
  };
}

function wordOf({ status, platform_status: own }: Pick<KnownOrder, 'status' | 'platform_status'>): string {
  return own !== null && OWN_WORD.test(own) ? own : WORDS[status] || (own ?? '');
}

function secondsOf(instant: string | null): number {
  return instant === null ? 0 : Math.floor(Temporal.Instant.from(instant).epochMilliseconds / 1000);
}

function districtsOf({ country, region, city }: KnownOrder): Json[] {
  const levels = [
    ['L0', 'Country', country],
    ['L1', 'State', region],
    ['L2', 'City', city],
  ] as const;
  return levels.flatMap(([level, name, value]) =>
    value === null ? [] : [{ address_level: level, address_level_name: name, address_name: value }],
  );
}
