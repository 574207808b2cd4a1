import type { Piece } from '../trade/basket.ts';
import { cancelReason } from './cancel-reasons.ts';
import type { Sku } from '../trade/catalogue.ts';
import { languageOf } from './languages.ts';
import { enteredAt } from '../trade/life.ts';
import type { CancelCause } from '../trade/causes.ts';
import { buyerIdOf, imageOf, lineIdOf, packageIdOf, productIdOfSku, skuIdOf } from './ids.ts';
import type { TikTokOrder } from './tiktok-world.ts';
import { carrierOf, shippedAt, trackingNumberOf } from './parcels.ts';
import { ROLES, type Status } from './statuses.ts';
import { amountText, plainField, rateText, textField } from './wire-text.ts';

const PACKAGE_STATUSES: Partial<Record<Status, string>> = {
  AWAITING_COLLECTION: 'PROCESSING',
  IN_TRANSIT: 'FULFILLING',
  DELIVERED: 'COMPLETED',
  COMPLETED: 'COMPLETED',
  CANCELLED: 'CANCELLED',
};

/** `line_items` as JSON text: one entry per piece, there is no quantity. */
export function linesText(order: TikTokOrder, status: Status, at: number): string {
  const isPacked = enteredAt(order.life, 'toPack', at) !== undefined;
  const shipped = shippedAt(order.life, at);
  const lines = order.basket.pieces.map((piece, place) => lineText(order, { piece, place, status, isPacked, shipped, at }));
  return `[${lines.join(',')}]`;
}

interface Line {
  readonly piece: Piece;
  readonly place: number;
  readonly status: Status;
  readonly isPacked: boolean;
  readonly shipped: number | undefined;
  readonly at: number;
}

function lineText(order: TikTokOrder, { piece, place, status, isPacked, shipped, at }: Line): string {
  const { life, shop, basket } = order;
  const isCancelled = status === 'CANCELLED' || (piece.isCancelled && life.lineCancelled !== undefined && life.lineCancelled <= at);
  const isShipped = shipped !== undefined && !isCancelled && !(status === 'PARTIALLY_SHIPPING' && piece.parcel === 1);
  const display = isCancelled ? 'CANCELLED' : displayStatus(status, isShipped);
  // Sales tax is the US's: everywhere else it stands there with 0.
  const isAmerican = shop.country === 'US';
  const tax = `"item_tax":[{"tax_type":"SALES_TAX","tax_amount":"${isAmerican ? amountText(piece.tax) : '0'}","tax_rate":"${isAmerican ? rateText(basket.taxPercent) : '0'}"}],`;
  const parcel = isPacked
    ? `"package_id":"${packageIdOf(order.id, piece.parcel)}","package_status":"${PACKAGE_STATUSES[display] ?? 'TO_FULFILL'}",`
    : '';
  const journey = isShipped
    ? `"tracking_number":"${trackingNumberOf(order.id, piece.parcel)}","shipping_provider_name":"${carrierOf(order).name}",${plainField('rts_time', shipped)}`
    : '';
  const end = isCancelled
    ? `"cancel_user":"${ROLES[life.cancellation?.by ?? 'seller']}","cancel_reason":"${cancelText(order, life.cancellation?.cause ?? 'out of stock')}",`
    : '';
  return (
    `{"id":"${lineIdOf(order.id, place)}",${skuText(piece.sku)}"display_status":"${display}","original_price":"${amountText(piece.listPrice)}",` +
    `"sale_price":"${amountText(piece.listPrice - piece.sellerDiscount - piece.platformDiscount)}","seller_discount":"${amountText(piece.sellerDiscount)}",` +
    `"platform_discount":"${amountText(piece.platformDiscount)}","currency":"${shop.currency}",${tax}${parcel}${journey}${end}` +
    `"gift_retail_price":"${amountText(piece.giftRetailPrice)}","is_gift":${piece.isGift && marksGifts(order)}}`
  );
}

/** Why an order or a line was cancelled, in the language its buyer reads. */
export function cancelText({ buyer, shop }: TikTokOrder, cause: CancelCause): string {
  return cancelReason(cause, shop.country)[languageOf(buyerIdOf(buyer), shop.country)];
}

/** Two of three presents are marked as such; the others tell what they would have cost, and nothing else. */
function marksGifts({ id }: TikTokOrder): boolean {
  return Number(id.slice(-2)) % 3 !== 0;
}

/** Lines know neither ON_HOLD nor PARTIALLY_SHIPPING. */
function displayStatus(status: Status, isShipped: boolean): Status {
  if (status === 'ON_HOLD') return 'AWAITING_SHIPMENT';
  return status === 'PARTIALLY_SHIPPING' ? (isShipped ? 'AWAITING_COLLECTION' : 'AWAITING_SHIPMENT') : status;
}

const skuTexts = new WeakMap<Sku, string>();

/** What a line says of its SKU; the same text every time, so it is made once. */
function skuText(sku: Sku): string {
  const known = skuTexts.get(sku);
  if (known !== undefined) return known;
  const bundle = sku.bundleOf?.map((part) => ({
    product_id: productIdOfSku(part),
    sku_id: skuIdOf(part),
    seller_sku: part.sellerSku,
    sku_count: 1,
  }));
  const made =
    textField('product_id', productIdOfSku(sku)) +
    textField('product_name', sku.productName) +
    textField('sku_id', skuIdOf(sku)) +
    textField('sku_name', sku.skuName) +
    textField('seller_sku', sku.sellerSku) +
    textField('sku_image', imageOf(sku)) +
    textField('sku_type', 'NORMAL') +
    (bundle ? `"combined_listing_skus":${JSON.stringify(bundle)},` : '');
  skuTexts.set(sku, made);
  return made;
}
