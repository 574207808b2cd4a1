import type { Money } from './money.ts';

/** What the buyer of one order paid and for what, as the platform breaks it down; an amount that it does not tell is null. */
export interface PriceDetail {
  readonly orderId: string;
  readonly currency: string | null;
  /** The goods at their list price … */
  readonly listPrice: Money | null;
  readonly sellerDiscount: Money | null;
  readonly platformDiscount: Money | null;
  /** … and what is left of it. */
  readonly salePrice: Money | null;
  /** Tax on goods and shipping. */
  readonly taxAmount: Money | null;
  readonly shippingListPrice: Money | null;
  readonly shippingSellerDiscount: Money | null;
  readonly shippingPlatformDiscount: Money | null;
  readonly shippingSalePrice: Money | null;
  readonly payment: Money | null;
  /** Goods and shipping at their list prices. */
  readonly total: Money | null;
  /** The amounts that are not the sum that the platform says they are, e.g. `payment`, `line_items[2].subtotal`. */
  readonly violations: readonly string[];
}
