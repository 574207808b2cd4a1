import type { Category } from './catalogue.ts';

/** Why a buyer cancels. */
export const BUYER_CAUSES = [
  'no longer needed',
  'cheaper elsewhere',
  'wrong address',
  'less discount than expected',
  'ordered by mistake',
] as const;
/** Why a seller cancels. */
export const SELLER_CAUSES = ['out of stock', 'wrong price', 'cannot deliver there'] as const;
/** What becomes of a parcel that nobody gets, each as often as it happens. */
export const UNDELIVERED = [
  'delivery failed',
  'delivery failed',
  'delivery failed',
  'refused at the door',
  'lost on the way',
  'damaged on the way',
] as const;

/** Why an order is cancelled. */
export type CancelCause =
  | (typeof BUYER_CAUSES)[number]
  | (typeof SELLER_CAUSES)[number]
  | (typeof UNDELIVERED)[number]
  | 'not paid in time'
  | 'not shipped in time';

/** Why something is sent back, or money for it asked. */
export type ReturnCause =
  | 'arrived damaged'
  | 'defective'
  | 'wrong item'
  | 'not as described'
  | 'no longer needed'
  | 'wrong size'
  | 'part missing'
  | 'never arrived';

/** What buyers of clothes say, against all others: mostly the size. */
const RETURNED: Record<'clothes' | 'other', readonly ReturnCause[]> = {
  clothes: [
    ...Array<ReturnCause>(5).fill('wrong size'),
    'no longer needed',
    'no longer needed',
    'not as described',
    'not as described',
    'wrong item',
    'defective',
  ],
  other: [
    'arrived damaged',
    'arrived damaged',
    'defective',
    'defective',
    'no longer needed',
    'no longer needed',
    'not as described',
    'not as described',
    'wrong item',
  ],
};

/** The reasons to send a piece of this category back, each as often as it weighs. */
export function causesToReturn(category: Category): readonly ReturnCause[] {
  return RETURNED[category === 'clothes' ? 'clothes' : 'other'];
}
/** The reasons to ask for money and keep what came. */
export const CAUSES_TO_KEEP: readonly ReturnCause[] = [
  'arrived damaged',
  'arrived damaged',
  'part missing',
  'part missing',
  'not as described',
];

/** Whether the seller has to bear it: the buyer's own change of mind is not. */
export function isSellersFault(cause: ReturnCause): boolean {
  return cause !== 'no longer needed' && cause !== 'wrong size';
}
