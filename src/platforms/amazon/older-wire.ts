import { z } from 'zod';
import { optionalName } from '../wire-name.ts';

const text = z.string().nullish();
const count = z
  .union([
    z.int(),
    z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
  ])
  .nullish();
const amount = z
  .object({
    CurrencyCode: z
      .string()
      .regex(/^[A-Z]{3}$/, 'is no currency code')
      .nullish(),
    Amount: z.union([z.string(), z.number()]).transform(String).nullish(),
  })
  .nullish();

const item = z.object({
  OrderItemId: z.string().min(1),
  ASIN: text,
  SellerSKU: optionalName,
  Title: optionalName,
  QuantityOrdered: count,
  ItemPrice: amount,
  ItemTax: amount,
  ShippingPrice: amount,
  PromotionDiscount: amount,
});

/** What is read of an order of Orders v0 with its items beside it. Whatever else it holds passes. */
export const orderWire = z.object({
  AmazonOrderId: z.string().min(1),
  PurchaseDate: z.string().min(1),
  LastUpdateDate: text,
  OrderStatus: z.string().min(1),
  OrderTotal: amount,
  IsReplacementOrder: z.union([z.boolean(), z.stringbool()]).nullish(),
  ShippingAddress: z.object({ City: optionalName, StateOrRegion: optionalName, PostalCode: text, CountryCode: text }).nullish(),
  OrderItems: z.array(item).min(1),
});

export type OrderWire = z.output<typeof orderWire>;
export type ItemWire = z.output<typeof item>;
