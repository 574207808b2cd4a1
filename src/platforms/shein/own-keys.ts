import type { Json } from '../../kernel/json.ts';
import type { OrderStatus } from '../../model/order.ts';
import { amountOf, amountText, less, piecesOf, sumOf, type KnownLine, type KnownOrder, type Piece } from '../own-keys.ts';

const CODES: Readonly<Record<OrderStatus, string>> = {
  unpaid: '',
  on_hold: '1',
  to_ship: '1',
  shipped: '4',
  delivered: '5',
  completed: '5',
  cancelled: '6',
  unknown: '',
};
const CLOCK = 'Asia/Shanghai';

/** What is known of an order in SHEIN's own keys, as `order-detail` has them; a unit for each piece, personal values empty. */
export function inOwnKeys(order: KnownOrder): Json {
  const pieces = order.lines.flatMap((line) => piecesOf(line).map((piece) => ({ line, piece })));
  const replacements = order.lines.length > 0 && order.lines.every(({ kind }) => kind === 'replacement');
  return {
    orderNo: order.order_id,
    orderType: replacements ? 2 : 1,
    orderStatus: numberOf(codeOf(order)),
    orderCurrency: order.currency ?? '',
    salesSite: order.country ? `shein-${order.country.toLowerCase()}` : '',
    orderTime: timeOf(order.purchased_at),
    paymentTime: timeOf(order.paid_at),
    orderMsgUpdateTime: timeOf(order.updated_at),
    productTotalPrice: numberOf(amountText(amountOf(order.total_amount) ?? sumOf(pieces.map(({ piece }) => piece.gross)))),
    receiveMsg: {
      country: order.country ?? '',
      province: order.region ?? '',
      city: order.city ?? '',
      postCode: '',
      receiverName: '',
      phone: '',
      address: '',
    },
    packageWaybillList: (order.shipping_provider ?? '')
      .split(', ')
      .filter(Boolean)
      .map((carrier) => ({ carrier, waybillNo: '' })),
    orderGoodsInfoList: pieces.map(({ line, piece }) => unitOf(line, piece, order.currency)),
  };
}

function unitOf(line: KnownLine, { id, gross, net, tax }: Piece, currency: string | null): Json {
  return {
    goodsId: id,
    skuCode: line.platform_sku ?? line.sku,
    sellerSku: line.sku === line.platform_sku ? '' : line.sku,
    goodsTitle: line.product_name ?? '',
    skuAttribute: line.variant === null ? [] : [{ attrName: line.variant }],
    spuPicURL: line.image ?? '',
    goodsStatus: numberOf(codeOf(line)),
    newGoodsStatus: numberOf(codeOf(line)),
    goodsExchangeTag: line.kind === 'replacement' ? 3 : 1,
    orderCurrency: currency ?? '',
    sellerCurrencyPrice: numberOf(amountText(gross ?? net)),
    orderCurrencyStoreCouponPrice: numberOf(amountText(less(gross, net))),
    orderCurrencyPromotionPrice: gross === null ? null : 0,
    saleTax: numberOf(amountText(tax)),
  };
}

function codeOf({ status, outcome, platform_status: own }: Pick<KnownOrder, 'status' | 'outcome' | 'platform_status'>): string {
  if (own !== null && /^\d+$/.test(own)) return own;
  if (outcome === 'lost') return '8';
  if (outcome === 'refused' || outcome === 'returned') return '9';
  return outcome === 'refunded' ? '6' : CODES[status];
}

/** SHEIN writes figures as numbers; null where there is none. */
function numberOf(text: string): number | null {
  return text === '' ? null : Number(text);
}

/** On Beijing's clock, as SHEIN writes it. */
function timeOf(instant: string | null): string {
  return instant === null
    ? ''
    : `${Temporal.Instant.from(instant).toZonedDateTimeISO(CLOCK).toPlainDateTime().toString({ fractionalSecondDigits: 3 })}+0800`;
}
