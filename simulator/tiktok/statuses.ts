import { CANCELLATION_STAGES, type CancellationStory } from '../trade/cancellations.ts';
import { STAGES, enteredAt, type Life, type Stage } from '../trade/life.ts';
import type { ProductStatus } from '../trade/product-life.ts';
import { RETURN_STAGES, type Arbitration, type ReturnStage, type ReturnType } from '../trade/return-walk.ts';
import type { ReturnStory } from '../trade/returns.ts';

/** What TikTok calls each stage of an order. */
const OF_STAGE = {
  placed: 'UNPAID',
  paid: 'ON_HOLD',
  toPack: 'AWAITING_SHIPMENT',
  partlyPacked: 'PARTIALLY_SHIPPING',
  packed: 'AWAITING_COLLECTION',
  handedOver: 'IN_TRANSIT',
  delivered: 'DELIVERED',
  closed: 'COMPLETED',
  cancelled: 'CANCELLED',
} as const satisfies Readonly<Record<Stage, string>>;
/** An order's status. */
export type Status = (typeof OF_STAGE)[Stage];
/** All of them, each in the place of its stage. */
export const STATUSES: readonly Status[] = STAGES.map((stage) => OF_STAGE[stage]);

/** When an order took on a status, if it has by that second. */
export function statusSince(life: Life, status: Status, at: number): number | undefined {
  return enteredAt(life, STAGES[STATUSES.indexOf(status)]!, at);
}

/** All statuses of a return. */
export const RETURN_STATUSES = [
  'RETURN_OR_REFUND_REQUEST_PENDING',
  'REFUND_OR_RETURN_REQUEST_REJECT',
  'AWAITING_BUYER_SHIP',
  'BUYER_SHIPPED_ITEM',
  'REJECT_RECEIVE_PACKAGE',
  'RETURN_OR_REFUND_REQUEST_SUCCESS',
  'RETURN_OR_REFUND_REQUEST_CANCEL',
  'RETURN_OR_REFUND_REQUEST_COMPLETE',
  'AWAITING_BUYER_RESPONSE',
  'REPLACEMENT_REQUEST_PENDING',
  'REPLACEMENT_REQUEST_REJECT',
  'REPLACEMENT_REQUEST_REFUND_SUCCESS',
  'REPLACEMENT_REQUEST_CANCEL',
  'REPLACEMENT_REQUEST_COMPLETE',
] as const;
/** One of them. */
export type ReturnStatus = (typeof RETURN_STATUSES)[number];

const OF_RETURN: Readonly<Record<Exclude<ReturnStage, 'replaced'>, ReturnStatus>> = {
  asked: 'RETURN_OR_REFUND_REQUEST_PENDING',
  refused: 'REFUND_OR_RETURN_REQUEST_REJECT',
  toSendBack: 'AWAITING_BUYER_SHIP',
  sentBack: 'BUYER_SHIPPED_ITEM',
  turnedBack: 'REJECT_RECEIVE_PACKAGE',
  granted: 'RETURN_OR_REFUND_REQUEST_SUCCESS',
  withdrawn: 'RETURN_OR_REFUND_REQUEST_CANCEL',
  refunded: 'RETURN_OR_REFUND_REQUEST_COMPLETE',
  offered: 'AWAITING_BUYER_RESPONSE',
};
/** Replacements have words of their own. */
const OF_REPLACEMENT: Readonly<Record<Extract<ReturnStage, 'asked' | 'refused' | 'refunded' | 'withdrawn' | 'replaced'>, ReturnStatus>> = {
  asked: 'REPLACEMENT_REQUEST_PENDING',
  refused: 'REPLACEMENT_REQUEST_REJECT',
  refunded: 'REPLACEMENT_REQUEST_REFUND_SUCCESS',
  withdrawn: 'REPLACEMENT_REQUEST_CANCEL',
  replaced: 'REPLACEMENT_REQUEST_COMPLETE',
};

/** The status of a return in a step of its story. */
export function returnStatusOf({ type, stages }: Pick<ReturnStory, 'type' | 'stages'>, step: number): ReturnStatus {
  const stage = RETURN_STAGES[stages[step]!]!;
  const words: Partial<Record<ReturnStage, ReturnStatus>> = type === 'replacement' ? OF_REPLACEMENT : OF_RETURN;
  return words[stage]!;
}

/** What TikTok calls what a buyer asks for. */
export const RETURN_TYPES = { money: 'REFUND', sendBack: 'RETURN_AND_REFUND', replacement: 'REPLACEMENT' } as const satisfies Readonly<
  Record<ReturnType, string>
>;
/** What TikTok calls its own judgement. */
export const ARBITRATIONS = {
  open: 'IN_PROGRESS',
  forBuyer: 'SUPPORT_BUYER',
  forSeller: 'SUPPORT_SELLER',
  closed: 'CLOSED',
} as const satisfies Readonly<Record<Arbitration, string>>;

/** Where TikTok's judgement of a return stands in a step of its story; undefined where it was not asked for one. */
export function arbitrationOf({ arbitration }: ReturnStory, step: number): (typeof ARBITRATIONS)[Arbitration] | undefined {
  const stands = arbitration[step];
  return stands && ARBITRATIONS[stands];
}

/** What TikTok calls who asked for something or ended it. */
export const ROLES = { buyer: 'BUYER', seller: 'SELLER', platform: 'SYSTEM', staff: 'OPERATOR' } as const;

/** What TikTok calls who brings the parcels. */
export const CARRIERS = { platform: 'TIKTOK', seller: 'SELLER' } as const;

/** All statuses of a cancellation, each in the place of its stage. */
export const CANCELLATION_STATUSES = CANCELLATION_STAGES.map(
  (stage) =>
    ({
      asked: 'CANCELLATION_REQUEST_PENDING',
      granted: 'CANCELLATION_REQUEST_SUCCESS',
      denied: 'CANCELLATION_REQUEST_CANCELLED',
      done: 'CANCELLATION_REQUEST_COMPLETE',
    })[stage],
);

/** The status of a cancellation in a step of its story. */
export function cancellationStatusOf({ stages }: CancellationStory, step: number): string {
  return CANCELLATION_STATUSES[stages[step]!]!;
}

/** What TikTok calls the two kinds of cancellations. */
export function cancelTypeOf({ isRequest }: CancellationStory): 'CANCEL' | 'BUYER_CANCEL' {
  return isRequest ? 'BUYER_CANCEL' : 'CANCEL';
}

/** What TikTok calls each state of a product. */
export const PRODUCT_STATUSES = {
  draft: 'DRAFT',
  examined: 'PENDING',
  refused: 'FAILED',
  onSale: 'ACTIVATE',
  pausedBySeller: 'SELLER_DEACTIVATED',
  pausedByPlatform: 'PLATFORM_DEACTIVATED',
  barred: 'FREEZE',
  deleted: 'DELETED',
} as const satisfies Readonly<Record<ProductStatus, string>>;
