import { shareOut, type Money } from './money.ts';
import type { ProductName } from './order.ts';

/** What a claim asks for: goods against money, money alone, other goods in exchange, or that the order is not shipped at all. */
export const RETURN_KINDS = ['return', 'refund', 'exchange', 'cancellation'] as const;
export type ReturnKind = (typeof RETURN_KINDS)[number];

/** How far a claim has come; only `completed` is final in the buyer's favour, `unknown` is a word no table explains. */
export const RETURN_STATES = ['open', 'completed', 'rejected', 'withdrawn', 'unknown'] as const;
export type ReturnState = (typeof RETURN_STATES)[number];

/** What a cancellation says became of the parcel: it never left, or it left and came back, was refused, was lost. */
export const FATES = ['never_left', 'returned', 'refused', 'lost'] as const;
export type Fate = (typeof FATES)[number];

/** A piece (or pieces of one SKU) that a claim is about. */
export interface ReturnLine extends Partial<ProductName> {
  /** The line of the order; null where the platform does not say which. */
  readonly lineId: string | null;
  /** The seller's SKU, else the platform's. */
  readonly sku: string;
  /**
   * Pieces; 0 for money that is for no piece. What it is called stands beside it where no order may say so: then the SKU gets its name from
   * here.
   */
  readonly quantity: number;
  /** Whether the source counts the pieces itself; else the money of a refund without goods decides: part of a piece's price is no piece. */
  readonly counted?: boolean;
  /** What the buyer gets back for it; null where only the whole is told. */
  readonly refundAmount: Money | null;
  /** Its part that is for the goods, shipping and tax not in it; null where the source does not part it. */
  readonly goodsAmount?: Money | null;
}

/** A claim of a buyer on an order, in the one form all platforms are brought to; personal data are gone. */
export interface Return {
  /** The platform's id of the claim, unique in the shop together with being a cancellation or not. */
  readonly returnId: string;
  /** Null where the source names none: the claim stands for itself, and no order is looked for. */
  readonly orderId: string | null;
  readonly kind: ReturnKind;
  readonly state: ReturnState;
  readonly platformStatus: string;
  /** The platform's key of the reason, and the words it shows for it. */
  readonly reason: string | null;
  readonly reasonText: string | null;
  readonly createdAt: Temporal.Instant;
  /** A newer one replaces an older one; of a completed claim the instant it was completed. */
  readonly updatedAt: Temporal.Instant;
  /** Whether the goods come back: a refund may leave them with the buyer. */
  readonly goodsBack: boolean;
  readonly currency: string | null;
  /** What the buyer gets back in all, shipping and tax in it; an exchange gives none back. */
  readonly refundAmount: Money | null;
  /** Of a cancellation: what its machine key says became of the parcel; null where it says nothing, and the order's own instants decide. */
  readonly fate?: Fate | null;
  readonly lines: readonly ReturnLine[];
}

/**
 * What is known to be refunded for each line of a claim: where only the whole is told, shared out by pieces, what is left of it to the
 * first.
 */
export function refundsByLine({ lines, refundAmount: whole }: Pick<Return, 'lines' | 'refundAmount'>): readonly (Money | null)[] {
  const told = lines.map(({ refundAmount }) => refundAmount);
  const pieces = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  if (whole === null || pieces === 0 || told.some((amount) => amount !== null)) return told;
  return shareOut(
    whole,
    lines.map(({ quantity }) => BigInt(quantity)),
  );
}
