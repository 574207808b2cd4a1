import { imageOf, lineIdOf, skuIdOf, storyLineIdOf } from './ids.ts';
import { refundTotal, type Refund, type Refunds } from '../trade/refunds.ts';
import type { CancelReason } from './cancel-reasons.ts';
import type { Reason } from './return-reasons.ts';
import type { TikTokOrder } from './tiktok-world.ts';
import { amountText } from './wire-text.ts';

/** `refund_amount` of a return, a cancellation or one line of either. */
export function refundAmount({ shop, basket }: TikTokOrder, refund: Refund): Record<string, string> {
  return {
    currency: shop.currency,
    refund_total: amountText(refundTotal(refund)),
    refund_subtotal: amountText(refund.subtotal),
    refund_shipping_fee: amountText(refund.shipping),
    refund_tax: amountText(refund.tax),
    ...(basket.retailDeliveryFee > 0 ? { retail_delivery_fee: amountText(refund.deliveryFee) } : {}),
  };
}

/** The lines of a return or cancellation; `kind` stands in the name of their id. */
export function refundLines(
  order: TikTokOrder,
  storyId: string,
  { places, lines }: Refunds,
  kind: 'return' | 'cancel',
): Record<string, unknown>[] {
  return lines.map((refund, at) => {
    const place = places[at]!;
    const { sku } = order.basket.pieces[place]!;
    return {
      [`${kind}_line_item_id`]: storyLineIdOf(storyId, place),
      order_line_item_id: lineIdOf(order.id, place),
      sku_id: skuIdOf(sku),
      sku_name: sku.skuName,
      ...(sku.sellerSku === undefined ? {} : { seller_sku: sku.sellerSku }),
      product_name: sku.productName,
      product_image: { url: imageOf(sku), height: 800, width: 800 },
      refund_amount: refundAmount(order, refund),
    };
  });
}

/** A reason in the first language of a list like `es-MX,en`, as far as the platform has it; English without one. */
export function reasonText(reason: Reason | CancelReason, locale: string | undefined): string {
  const asked = (locale ?? 'en').split(',')[0]!.toLowerCase().slice(0, 2);
  const words: Partial<Record<string, string>> = { ...reason };
  return words[asked] ?? reason.en;
}
