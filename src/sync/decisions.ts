import type { JoinCounts } from '../records/orders/order-documents.ts';

/** Something that an import decided where the file left it open. */
export type Decision =
  | { readonly decision: 'shop_by_orders' | 'shop_by_region'; readonly shop: string }
  | { readonly decision: 'kept_newer' | 'kept_by_status' | 'joined' | 'pieces_kept'; readonly orders: number };

/** What is to be said of how orders came together. */
export function decisionsOf({ keptNewer, keptByStatus, joined, piecesKept }: JoinCounts): Decision[] {
  const counts = { kept_newer: keptNewer - keptByStatus, kept_by_status: keptByStatus, joined, pieces_kept: piecesKept } as const;
  return (Object.keys(counts) as (keyof typeof counts)[]).flatMap((decision) =>
    counts[decision] > 0 ? [{ decision, orders: counts[decision] }] : [],
  );
}
