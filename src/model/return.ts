import type { Money } from './money.ts';

/** What a claim asks for: goods against money, money alone, other goods in exchange, or that the order is not shipped at all. */
export const RETURN_KINDS = ['return', 'refund', 'exchange', 'cancellation'] as const;
export type ReturnKind = (typeof RETURN_KINDS)[number];

/** How far a claim has come; only `completed` is final in the buyer's favour, `unknown` is a word no table explains. */
export const RETURN_STATES = ['open', 'completed', 'rejected', 'withdrawn', 'unknown'] as const;
export type ReturnState = (typeof RETURN_STATES)[number];

/** A piece (or pieces of one SKU) that a claim is about. */
export interface ReturnLine {
  /** The line of the order; null where the platform does not say which. */
  readonly lineId: string | null;
  /** The seller's SKU, else the platform's. */
  readonly sku: string;
  /** What it is called, where the source says so and no order may: then the SKU gets its name from here. */
  readonly skuName?: string | null;
  /** Pieces; 0 for money that is for no piece. */
  readonly quantity: number;
  /** What the buyer gets back for it; null where only the whole is told. */
  readonly refundAmount: Money | null;
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
  /** What the buyer gets back in all, shipping and tax in it. */
  readonly refundAmount: Money | null;
  readonly lines: readonly ReturnLine[];
}

/** What is known to be refunded for each line of a claim: where only the whole is told, shared out by pieces, what is left of it to the first. */
export function refundsByLine({ lines, refundAmount: whole }: Pick<Return, 'lines' | 'refundAmount'>): readonly (Money | null)[] {
  const told = lines.map(({ refundAmount }) => refundAmount);
  const pieces = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  if (whole === null || pieces === 0 || told.some((amount) => amount !== null)) return told;
  const shares = lines.map(({ quantity }) => (whole * BigInt(quantity)) / BigInt(pieces));
  const left = whole - shares.reduce((sum, share) => sum + share, 0n);
  return shares.map((share, i) => (i === 0 ? share + left : share));
}
