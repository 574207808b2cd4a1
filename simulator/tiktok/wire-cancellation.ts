import { stepAt } from '../trade/life.ts';
import { cancellationRefunds } from '../trade/refunds.ts';
import { cancelReason } from './cancel-reasons.ts';
import type { TikTokCancellation } from './tiktok-world.ts';
import { ROLES, cancelTypeOf, cancellationStatusOf } from './statuses.ts';
import { reasonText, refundAmount, refundLines } from './wire-refund.ts';

const DAY = 86_400;

/** A cancellation as the wire shows it at a second; it must have begun by then. */
export function cancellationObject(
  { id, order, story }: TikTokCancellation,
  { at, version, locale }: { at: number; version: string; locale: string | undefined },
): Record<string, unknown> {
  const step = stepAt(story, at);
  const status = cancellationStatusOf(story, step);
  const reason = cancelReason(story.cause, order.shop.country);
  const refunds = cancellationRefunds(order, story);
  return {
    cancel_id: id,
    order_id: order.id,
    cancel_type: cancelTypeOf(story),
    cancel_status: status,
    role: ROLES[story.by],
    cancel_reason: reason.key,
    cancel_reason_text: reasonText(reason, locale),
    create_time: story.times[0],
    update_time: story.times[step],
    refund_amount: refundAmount(order, refunds.total),
    cancel_line_items: refundLines(order, id, refunds, 'cancel'),
    seller_next_action_response:
      status === 'CANCELLATION_REQUEST_PENDING' ? [{ action: 'SELLER_RESPOND_CANCEL', deadline: story.times[0]! + DAY }] : [],
    ...(version === '202309' ? {} : { should_replenish_stock: story.replenishes }),
  };
}
