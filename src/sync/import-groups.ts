import { CELL_END } from './kept-rows.ts';

/** Ends the group of a refund's rows: they may bear the id of an order. */
const REFUND_END = `${CELL_END}refund`;

/** What brings an order's rows together: its shop as the file names it (empty where it names none) and its id; refunds stand apart. */
export function groupOf(shop: string, { orderId, refund }: { readonly orderId: string; readonly refund: boolean }): string {
  return `${shop}${CELL_END}${orderId}${refund ? REFUND_END : ''}`;
}

/** The shop of a group as the file names it. */
export function shopOfGroup(group: string): string {
  return group.slice(0, group.indexOf(CELL_END));
}

/** Whether a group's rows are money paid back. */
export function isRefundGroup(group: string): boolean {
  return group.endsWith(REFUND_END);
}
