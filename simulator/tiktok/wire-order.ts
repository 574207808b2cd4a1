import { cancelAskedAt, enteredAt, isCancelPending, stepAt, type Life } from '../trade/life.ts';
import { buyerIdOf, packageIdOf, warehouseIdOf } from './ids.ts';
import type { TikTokCountry } from './shops.ts';
import type { TikTokOrder } from './tiktok-world.ts';
import { carrierOf, shippedAt, trackingNumberOf } from './parcels.ts';
import { recipientText } from './recipient.ts';
import { CARRIERS, ROLES, STATUSES } from './statuses.ts';
import { cancelText, linesText } from './wire-lines.ts';
import { amountText, plainField, textField } from './wire-text.ts';

const DAY = 86_400;
const PAYMENT_METHODS: Record<TikTokCountry, readonly string[]> = {
  ES: ['Credit/debit card', 'PayPal', 'Klarna', 'Bizum'],
  GB: ['Credit/debit card', 'PayPal', 'Klarna', 'Apple Pay'],
  US: ['Credit/debit card', 'PayPal', 'Apple Pay', 'Klarna'],
  MX: ['Tarjeta de crédito/débito', 'OXXO', 'Mercado Pago', 'OXXO'],
};

/**
 * An order as the wire shows it at a second, as JSON text; fields that do not apply are absent, never null. It must have been placed by
 * then.
 */
export function orderText(order: TikTokOrder, at: number): string {
  const { life, shop, buyer, id } = order;
  const step = stepAt(life, at);
  const status = STATUSES[life.stages[step]!]!;
  const chance = Number(id.slice(13));
  const cancelled = status === 'CANCELLED' ? life.cancellation : undefined;
  const asked = cancelAskedAt(life, at);
  const recipient = recipientText(order, status, at);
  return (
    `{"id":"${id}","status":"${status}","order_type":"NORMAL","user_id":"${buyerIdOf(buyer)}","buyer_email":"v4b${buyer.person.mailbox}@scs1.tiktok.com",` +
    `"buyer_nickname":"${buyer.person.nickname}","buyer_avatar":"https://p16-sign-va.tiktokcdn.com/tos-maliva-avt-0068/${buyer.person.portrait}~c5_720x720.jpeg","buyer_message":"${chance % 41 === 0 ? 'Please ring the bell twice' : ''}",` +
    `"fulfillment_type":"FULFILLMENT_BY_${life.fulfilledByPlatform ? 'TIKTOK' : 'SELLER'}","shipping_type":"${CARRIERS[life.carriedBy]}",` +
    `"delivery_type":"${chance % 17 === 0 ? 'COLLECTION_POINT' : 'HOME_DELIVERY'}","delivery_option_id":"7091146663229654785",` +
    `"delivery_option_name":"Standard shipping",${parcelsText(order, at)}"warehouse_id":"${warehouseIdOf(order.warehouse)}",` +
    `"payment_method_name":"${life.cashOnDelivery ? 'Cash on delivery' : PAYMENT_METHODS[shop.country][chance % 4]}",` +
    `"is_sample_order":${life.kind === 'sample'},"is_cod":${life.cashOnDelivery},"is_on_hold_order":${life.kind === 'normal'},` +
    `"is_buyer_request_cancel":${isCancelPending(life, at)},"has_updated_recipient_address":false,${kindText(order)}` +
    `${timesText(life, at)}${plainField('request_cancel_time', asked)}${textField('cancel_reason', cancelled && cancelText(order, cancelled.cause))}` +
    `${textField('cancellation_initiator', cancelled && ROLES[cancelled.by])}"update_time":${life.times[step]!},"payment":${paymentText(order)},` +
    `${recipient === undefined ? '' : `"recipient_address":${recipient},`}"line_items":${linesText(order, status, at)}}`
  );
}

function kindText({ life, sourceId }: TikTokOrder): string {
  const isReplacement = life.kind === 'replacement';
  const isExchange = life.kind === 'exchange';
  return (
    `"is_replacement_order":${isReplacement},"is_exchange_order":${isExchange},` +
    textField('replaced_order_id', isReplacement ? sourceId : undefined) +
    textField('exchange_source_order_id', isExchange ? sourceId : undefined)
  );
}

function parcelsText(order: TikTokOrder, at: number): string {
  const { life, id } = order;
  if (enteredAt(life, 'toPack', at) === undefined) return '"packages":[],';
  const first = `{"id":"${packageIdOf(id, 0)}"}`;
  const packages = life.split
    ? `"packages":[${first},{"id":"${packageIdOf(id, 1)}"}],"split_or_combine_tag":"SPLIT",`
    : `"packages":[${first}],`;
  if (shippedAt(life, at) === undefined) return packages;
  const carrier = carrierOf(order);
  return `${packages}"shipping_provider":"${carrier.name}","shipping_provider_id":"${carrier.id}","tracking_number":"${trackingNumberOf(id, 0)}",`;
}

function timesText(life: Life, at: number): string {
  const released = enteredAt(life, 'toPack', at);
  const limits =
    released === undefined
      ? ''
      : `"rts_sla_time":${released + 2 * DAY},"tts_sla_time":${released + 3 * DAY},"cancel_order_sla_time":${released + 6 * DAY},` +
        `"shipping_due_time":${released + 6 * DAY},"delivery_sla_time":${released + 9 * DAY},`;
  return (
    `"create_time":${life.time},${plainField('paid_time', paidAt(life, at))}${limits}${plainField('rts_time', shippedAt(life, at))}` +
    plainField('collection_time', enteredAt(life, 'handedOver', at)) +
    plainField('delivery_time', enteredAt(life, 'delivered', at)) +
    plainField('cancel_time', enteredAt(life, 'cancelled', at))
  );
}

/** Cash is paid at the door; free orders count as paid at once. */
function paidAt(life: Life, at: number): number | undefined {
  if (life.cashOnDelivery) return enteredAt(life, 'delivered', at);
  return life.kind === 'normal' ? enteredAt(life, 'paid', at) : life.time;
}

function paymentText({ basket, shop }: TikTokOrder): string {
  let list = 0;
  let sellerDiscount = 0;
  let platformDiscount = 0;
  let productTax = 0;
  for (const piece of basket.pieces) {
    list += piece.listPrice;
    sellerDiscount += piece.sellerDiscount;
    platformDiscount += piece.platformDiscount;
    productTax += piece.tax;
  }
  const subTotal = list - sellerDiscount - platformDiscount;
  const shipping = basket.shippingList - basket.shippingSellerDiscount - basket.shippingPlatformDiscount;
  const tax = productTax + basket.shippingTax;
  const american =
    shop.country === 'US' ? `"product_tax":"${amountText(productTax)}","shipping_fee_tax":"${amountText(basket.shippingTax)}",` : '';
  const fee = basket.retailDeliveryFee > 0 ? `"retail_delivery_fee":"${amountText(basket.retailDeliveryFee)}",` : '';
  return (
    `{"currency":"${shop.currency}","sub_total":"${amountText(subTotal)}","shipping_fee":"${amountText(shipping)}",` +
    `"seller_discount":"${amountText(sellerDiscount)}","platform_discount":"${amountText(platformDiscount)}",` +
    `"total_amount":"${amountText(subTotal + shipping + tax + basket.retailDeliveryFee)}","original_total_product_price":"${amountText(list)}",` +
    `"original_shipping_fee":"${amountText(basket.shippingList)}","shipping_fee_seller_discount":"${amountText(basket.shippingSellerDiscount)}",` +
    `"shipping_fee_platform_discount":"${amountText(basket.shippingPlatformDiscount)}","shipping_fee_cofunded_discount":"0",${american}${fee}"tax":"${amountText(tax)}"}`
  );
}
