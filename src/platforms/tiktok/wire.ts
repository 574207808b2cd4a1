import { z } from 'zod';
import { optionalName } from '../wire-name.ts';
import { KEPT_BUYER } from './personal.ts';
import { count, currencyCode, flag, instant, optionalInstant, optionalText, text } from './wire-values.ts';

const district = z.object({
  address_level: optionalText,
  address_level_name: optionalText,
  address_name: optionalName,
  iso_code: optionalText,
});

const lineItem = z.object({
  id: text,
  sku_id: text,
  seller_sku: optionalName,
  product_name: optionalName,
  sku_name: optionalName,
  sku_image: optionalText,
  sku_type: optionalText,
  display_status: optionalText,
  currency: optionalText,
  original_price: optionalText,
  seller_discount: optionalText,
  platform_discount: optionalText,
  sale_price: optionalText,
  item_tax: z.array(z.object({ tax_amount: optionalText, tax_type: optionalText })).nullish(),
  is_gift: flag,
  gift_retail_price: optionalText,
  rts_time: optionalInstant,
  combined_listing_skus: z.array(z.object({ sku_id: text, seller_sku: optionalName, sku_count: count })).nullish(),
  shipping_provider_name: optionalName,
});

/** What is read of an order document: `user_id` is the keyed hash there. Whatever else it holds passes. */
export const orderWire = z.object({
  id: text,
  status: text,
  order_type: optionalText,
  user_id: z.string().regex(KEPT_BUYER, 'is no keyed hash').nullish(),
  create_time: instant,
  update_time: instant,
  paid_time: optionalInstant,
  collection_time: optionalInstant,
  delivery_time: optionalInstant,
  rts_time: optionalInstant,
  shipping_type: optionalText,
  shipping_provider: optionalName,
  is_sample_order: flag,
  is_replacement_order: flag,
  is_exchange_order: flag,
  payment: z.object({ currency: currencyCode, total_amount: optionalText, original_shipping_fee: optionalText }),
  recipient_address: z
    .object({ region_code: optionalText, postal_code: optionalText, post_town: optionalName, district_info: z.array(district).nullish() })
    .nullish(),
  line_items: z.array(lineItem).min(1),
});

export type OrderWire = z.output<typeof orderWire>;
export type LineItemWire = z.output<typeof lineItem>;
export type AddressWire = NonNullable<OrderWire['recipient_address']>;
export type DistrictWire = z.output<typeof district>;
