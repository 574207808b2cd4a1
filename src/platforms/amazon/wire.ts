import { z } from 'zod';
import { optionalName } from '../wire-name.ts';

const text = z.string().nullish();
const count = z.int().min(0).max(1_000_000_000);
const amount = z
  .object({
    amount: z.union([z.string(), z.number()]).transform(String).nullish(),
    currencyCode: z
      .string()
      .regex(/^[A-Z]{3}$/, 'is no currency code')
      .nullish(),
  })
  .nullish();
const breakdowns = z
  .array(
    z.object({
      type: z.string(),
      subtotal: amount,
      detailedBreakdowns: z.array(z.object({ subtype: z.string(), value: amount })).nullish(),
    }),
  )
  .nullish();

const item = z.object({
  orderItemId: z.string().min(1),
  quantityOrdered: count,
  product: z.object({ asin: text, title: optionalName, sellerSku: optionalName }).nullish(),
  proceeds: z.object({ proceedsTotal: amount, breakdowns }).nullish(),
  cancellation: z.object({ cancellationExecution: z.object({ cancelledBy: text }).nullish() }).nullish(),
  fulfillment: z.object({ quantityFulfilled: count.nullish(), quantityUnfulfilled: count.nullish() }).nullish(),
});

/** What is read of an order of Orders 2026-01-01. Whatever else it holds passes. */
export const orderWire = z.object({
  orderId: z.string().min(1),
  createdTime: z.string().min(1),
  lastUpdatedTime: z.string().min(1),
  associatedOrders: z.array(z.object({ associationType: text })).nullish(),
  recipient: z
    .object({ deliveryAddress: z.object({ city: optionalName, stateOrRegion: optionalName, countryCode: text }).nullish() })
    .nullish(),
  proceeds: z.object({ grandTotal: amount }).nullish(),
  fulfillment: z.object({ fulfillmentStatus: z.string().min(1) }),
  orderItems: z.array(item).min(1),
});

export type OrderWire = z.output<typeof orderWire>;
export type ItemWire = z.output<typeof item>;
export type AmountWire = z.output<typeof amount>;
