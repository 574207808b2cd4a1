import { sum } from '../trade/basket.ts';
import { stepAt } from '../trade/life.ts';
import { returnIdOf } from './ids.ts';
import { returnRefunds } from '../trade/refunds.ts';
import { isSellersFault } from '../trade/causes.ts';
import { RETURN_STAGES, type ReturnStage, type ReturnType } from '../trade/return-walk.ts';
import { tookOffer, type ReturnStory } from '../trade/returns.ts';
import type { TikTokCountry } from './shops.ts';
import type { TikTokReturn } from './tiktok-world.ts';
import { carrierOf } from './parcels.ts';
import { RETURN_REASONS } from './return-reasons.ts';
import { RETURN_TYPES, ROLES, arbitrationOf, returnStatusOf, type ReturnStatus } from './statuses.ts';
import { reasonText, refundAmount, refundLines } from './wire-refund.ts';
import { amountText } from './wire-text.ts';

type Wire = Record<string, unknown>;

const DAY = 86_400;
const LABEL_FEES: Record<TikTokCountry, number> = { ES: 399, GB: 299, US: 599, MX: 7900 };
const WAREHOUSES: Record<TikTokCountry, string> = {
  ES: 'Calle de la Industria 14, 28823 Coslada, Madrid, Spain',
  GB: '7 Trent Park, Leicester LE19 1WP, United Kingdom',
  US: '1200 Harbor Blvd, Carson, California 90745, United States',
  MX: 'Av. de las Granjas 800, 02240 Azcapotzalco, Ciudad de México, Mexico',
};
const ACTIONS: Partial<Record<ReturnStatus, { action: Partial<Record<ReturnType, string>>; days: number }>> = {
  RETURN_OR_REFUND_REQUEST_PENDING: { action: { money: 'SELLER_RESPOND_REFUND', sendBack: 'SELLER_RESPOND_RETURN' }, days: 4 },
  REPLACEMENT_REQUEST_PENDING: { action: { replacement: 'SELLER_RESPOND_REPLACEMENT' }, days: 4 },
  BUYER_SHIPPED_ITEM: { action: { sendBack: 'SELLER_RESPOND_RECEIVE_PACKAGE' }, days: 14 },
};

/** A return as the wire shows it at a second; it must have begun by then. Fields that do not apply are absent. */
export function returnObject(
  { id, order, story }: TikTokReturn,
  { at, seed, locale }: { at: number; seed: number; locale: string | undefined },
): Wire {
  const step = stepAt(story, at);
  const status = returnStatusOf(story, step);
  // Until the seller's offer has been taken the whole is at stake.
  const isReduced = tookOffer(story) && (status === 'RETURN_OR_REFUND_REQUEST_SUCCESS' || status === 'RETURN_OR_REFUND_REQUEST_COMPLETE');
  const refunds = returnRefunds(order, isReduced ? story : { ...story, offer: undefined });
  const arbitration = arbitrationOf(story, step);
  const reason = RETURN_REASONS[story.cause];
  return {
    return_id: id,
    order_id: order.id,
    return_type: RETURN_TYPES[story.type],
    return_status: status,
    ...(arbitration === undefined ? {} : { arbitration_status: arbitration }),
    role: ROLES[story.by],
    return_reason: reason.key,
    return_reason_text: reasonText(reason, locale),
    create_time: story.times[0],
    update_time: story.times[step],
    refund_amount: refundAmount(order, refunds.total),
    return_line_items: refundLines(order, id, refunds, 'return'),
    discount_amount: [discounts({ id, order, story })],
    ...shipping({ id, order, story }, step),
    ...offer({ id, order, story }, at),
    can_buyer_keep_item: story.type === 'money',
    seller_next_action_response: actions(story, step, status),
    ...chain({ id, order, story }, at, seed),
    is_combined_return: false,
  };
}

function discounts({ order, story }: TikTokReturn): Wire {
  const pieces = story.pieces.map((place) => order.basket.pieces[place]!);
  return {
    currency: order.shop.currency,
    product_seller_discount: amountText(sum(pieces.map(({ sellerDiscount }) => sellerDiscount))),
    product_platform_discount: amountText(sum(pieces.map(({ platformDiscount }) => platformDiscount))),
    shipping_fee_seller_discount: '0',
    shipping_fee_platform_discount: '0',
  };
}

/** How it travels back: agreed with the approval, tracked once it is on its way. */
function shipping({ id, order, story }: TikTokReturn, step: number): Wire {
  const reached = (stage: ReturnStage): boolean => story.stages.slice(0, step + 1).includes(RETURN_STAGES.indexOf(stage));
  if (!reached('toSendBack')) return {};
  const { country, currency } = order.shop;
  const isOwn = Number(id.slice(-2)) < 20;
  const carrier = carrierOf(order);
  const fee = amountText(LABEL_FEES[country]);
  const bySeller = isSellersFault(story.cause);
  return {
    return_method: isOwn ? 'BUYER_SHIPPED' : 'PLATFORM_SHIPPED',
    shipment_type: isOwn ? 'BUYER_ARRANGE' : 'PLATFORM',
    ...(isOwn
      ? {}
      : {
          handover_method: Number(id.slice(-2)) % 3 === 0 ? 'PICKUP' : 'DROP_OFF',
          return_shipping_document_type: Number(id.slice(-1)) % 2 === 0 ? 'QR_CODE' : 'SHIPPING_LABEL',
        }),
    ...(reached('sentBack')
      ? { return_tracking_number: `RT${id.slice(3, 18)}`, return_provider_id: carrier.id, return_provider_name: carrier.name }
      : {}),
    return_warehouse_address: { full_address: WAREHOUSES[country] },
    shipping_fee_amount: [
      {
        currency,
        seller_paid_return_shipping_fee: !isOwn && bySeller ? fee : '0',
        platform_paid_return_shipping_fee: !isOwn && !bySeller ? fee : '0',
        buyer_paid_return_shipping_fee: isOwn ? fee : '0',
      },
    ],
  };
}

function offer({ order, story }: TikTokReturn, at: number): Wire {
  if (story.offer === undefined || story.offer.offered > at) return {};
  const part = returnRefunds(order, { ...story, offer: { ...story.offer, rejected: undefined } });
  return {
    seller_proposed_return_type: 'PARTIAL_REFUND',
    partial_refund: { amount: amountText(part.total.subtotal + part.total.tax), currency: order.shop.currency },
    buyer_rejected_partial_refund: story.offer.rejected !== undefined && story.offer.rejected <= at,
  };
}

function actions(story: ReturnStory, step: number, status: ReturnStatus): Wire[] {
  const known = ACTIONS[status];
  const action = known?.action[story.type];
  return known === undefined || action === undefined ? [] : [{ action, deadline: story.times[step]! + known.days * DAY }];
}

/** What a request was edited from and to. */
function chain({ order, story }: TikTokReturn, at: number, seed: number): Wire {
  const idOf = (nth: number): string => returnIdOf(seed, order.shop, { serial: order.life.serial, nth });
  const isEdited = story.editedTo !== undefined && story.times.at(-1)! <= at;
  return {
    ...(story.editedFrom === undefined ? {} : { pre_return_id: idOf(story.editedFrom) }),
    ...(isEdited ? { next_return_id: idOf(story.editedTo) } : {}),
  };
}
