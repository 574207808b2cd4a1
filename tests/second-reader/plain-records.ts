/**
 * What the naive second implementation counts from, in words of its own: nothing here knows the product. Money is a whole number of
 * ten-thousandths; instants are of Temporal.
 */

export type Status = 'unpaid' | 'on_hold' | 'to_ship' | 'shipped' | 'delivered' | 'completed' | 'cancelled' | 'unknown';
export type Outcome = 'none' | 'refunded' | 'returned' | 'lost' | 'refused';
export type Fate = 'never_left' | 'returned' | 'refused' | 'lost';

export interface PlainShop {
  readonly platform: 'TikTok';
  readonly shop: string;
  readonly zone: string;
  readonly currency: string;
}

export interface PlainPlace {
  readonly country: string | null;
  readonly regionCode: string | null;
  readonly region: string | null;
  readonly city: string | null;
}

export interface PlainLine {
  readonly lineId: string;
  readonly sku: string;
  readonly platformSku: string | null;
  readonly productName: string | null;
  readonly variant: string | null;
  readonly image: string | null;
  readonly category: null;
  readonly kind: 'goods' | 'gift' | 'sample' | 'replacement';
  readonly quantity: number;
  readonly parts: readonly never[];
  readonly status: Status;
  readonly outcome: Outcome;
  readonly platformStatus: string | null;
  readonly grossSales: bigint | null;
  readonly netSales: bigint | null;
  readonly paidAmount: bigint | null;
  readonly taxAmount: bigint | null;
  readonly returnedQuantity: null;
  readonly refundAmount: null;
  readonly sale: boolean;
}

export interface PlainOrder {
  readonly orderId: string;
  readonly purchasedAt: Temporal.Instant;
  readonly paidAt: Temporal.Instant | null;
  readonly updatedAt: Temporal.Instant;
  readonly status: Status;
  readonly outcome: Outcome;
  readonly platformStatus: string;
  readonly model: 'retail';
  readonly currency: string;
  readonly place: PlainPlace;
  readonly writtenPlace: string;
  readonly buyer: bigint | null;
  readonly totalAmount: bigint | null;
  readonly shippingFee: bigint | null;
  readonly shippingProvider: string | null;
  readonly lines: readonly PlainLine[];
}

/** A claim about one line: one that names several is as many claims. */
export interface PlainClaim {
  readonly returnId: string;
  readonly orderId: string;
  readonly kind: 'return' | 'refund' | 'exchange' | 'cancellation';
  readonly state: 'open' | 'completed' | 'rejected' | 'withdrawn' | 'unknown';
  readonly platformStatus: string;
  readonly reason: string | null;
  readonly reasonText: string | null;
  readonly createdAt: Temporal.Instant;
  readonly updatedAt: Temporal.Instant;
  readonly goodsBack: boolean;
  readonly currency: string | null;
  readonly refundAmount: bigint | null;
  readonly fate: Fate | null;
  readonly lines: readonly {
    readonly lineId: string | null;
    readonly sku: string;
    readonly quantity: number;
    readonly refundAmount: bigint | null;
    readonly goodsAmount: bigint | null;
  }[];
}

export interface PlainPlaced {
  readonly shop: PlainShop;
  readonly order: PlainOrder;
  readonly claims: readonly PlainClaim[];
}
