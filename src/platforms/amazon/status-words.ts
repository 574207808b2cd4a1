import type { MappingInput } from '../mapping.ts';

const RETURNED = { status: 'shipped', outcome: 'returned' } as const;
const REFUSED = { status: 'shipped', outcome: 'refused' } as const;
const LOST = { status: 'shipped', outcome: 'lost' } as const;

/** What Amazon's words mean, of its files and of its API alike. */
export const STATUS_WORDS: NonNullable<MappingInput['statuses']> = {
  Pending: 'unpaid',
  PendingAvailability: 'unpaid',
  Unshipped: 'to_ship',
  'Partially Shipped': 'to_ship',
  PartiallyShipped: 'to_ship',
  Shipping: 'to_ship',
  Shipped: 'shipped',
  Complete: 'shipped',
  InvoiceUnconfirmed: 'to_ship',
  Unfulfillable: 'cancelled',
  Cancelled: 'cancelled',
  Canceled: 'cancelled',
  'Pending - Waiting for Pick Up': 'to_ship',
  'Shipped - Picked Up': 'shipped',
  'Shipped - Out for Delivery': 'shipped',
  'Shipped - Delivered to Buyer': 'delivered',
  'Shipped - Returning to Seller': 'shipped',
  'Shipped - Returned to Seller': RETURNED,
  'Shipped - Rejected by Buyer': REFUSED,
  'Shipped - Lost in Transit': LOST,
  'Shipped - Damaged': LOST,
};
