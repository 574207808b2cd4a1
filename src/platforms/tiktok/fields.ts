import { KeptFields, type Fields, type JsonRecord } from '../kept-fields.ts';
import { isBroad } from './districts.ts';

/** A district as far as its level tells; a quarter or village keeps its level and loses its name. */
const district: Fields = {
  kept: 'address_level address_level_name address_name iso_code',
  instead: {
    when: (record) => !isBroad({ address_level: text(record, 'address_level'), address_level_name: text(record, 'address_level_name') }),
    fields: { kept: 'address_level address_level_name', personal: 'address_name iso_code' },
  },
};

const address: Fields = {
  kept: 'region_code post_town',
  postal: 'postal_code',
  aboutPerson: true,
  personal: `name first_name last_name first_name_local_script last_name_local_script phone_number full_address address_detail
    address_line1 address_line2 address_line3 address_line4 delivery_preferences`,
  within: { 'district_info[]': district },
};

const order: Fields = {
  kept: `id status order_type commerce_platform fulfillment_type shipping_type delivery_type delivery_option_id delivery_option_name shipping_provider shipping_provider_id
    warehouse_id split_or_combine_tag auto_combine_group_id payment_method_name payment_method_code payment_card_type channel_entity_national_registry_id fast_delivery_program
    need_upload_invoice order_rights fulfillment_priority_level cancel_reason cancellation_initiator replaced_order_id exchange_source_order_id
    is_sample_order is_cod is_on_hold_order is_buyer_request_cancel is_replacement_order is_exchange_order is_subscription_order has_updated_recipient_address
    create_time paid_time update_time rts_time rts_sla_time tts_sla_time cancel_order_sla_time shipping_due_time collection_due_time collection_time delivery_due_time
    delivery_sla_time delivery_time delivery_option_required_delivery_time fast_dispatch_sla_time pick_up_cut_off_time recommended_shipping_time release_date
    request_cancel_time cancel_time`,
  // A parcel's number opens the address at the carrier's; a consultation is about somebody's health; the code of a PIX payment names who
  // paid.
  personal:
    'buyer_email buyer_nickname buyer_avatar buyer_message seller_note tracking_number cpf cpf_name consultation_id payment_auth_code',
  buyer: 'user_id',
  within: {
    recipient_address: address,
    handling_duration: { kept: 'days type' },
    'packages[]': { kept: 'id' },
    payment: {
      kept: `currency sub_total shipping_fee seller_discount platform_discount total_amount original_total_product_price original_shipping_fee shipping_fee_seller_discount
        shipping_fee_platform_discount shipping_fee_cofunded_discount tax product_tax shipping_fee_tax small_order_fee buyer_service_fee handling_fee retail_delivery_fee
        item_insurance_fee item_insurance_tax shipping_insurance_fee distance_fee distance_shipping_fee payment_platform_discount payment_discount_service_fee`,
    },
    'line_items[]': {
      kept: `id product_id product_name sku_id sku_name seller_sku sku_image sku_type display_status original_price sale_price seller_discount platform_discount currency
        small_order_fee buyer_service_fee retail_delivery_fee distance_fee distance_shipping_fee pfand_fee gift_retail_price is_gift is_dangerous_good needs_prescription
        is_unboxing_item unboxing_sku_code package_id package_status shipping_provider_id shipping_provider_name rts_time cancel_user cancel_reason handling_duration_days room_id`,
      personal: 'tracking_number',
      within: {
        'item_tax[]': { kept: 'tax_type tax_amount tax_rate' },
        'combined_listing_skus[]': { kept: 'product_id sku_id seller_sku sku_count' },
      },
    },
  },
};

const refundAmount: Fields = {
  kept: 'currency refund_total refund_subtotal refund_shipping_fee refund_tax retail_delivery_fee buyer_service_fee',
};
const productImage: Fields = { kept: 'url height width' };
const nextAction: Fields = { kept: 'action deadline' };
const claimedItem: Fields = {
  kept: 'order_line_item_id sku_id sku_name seller_sku product_name',
  within: { product_image: productImage, refund_amount: refundAmount },
};

const claimedReturn: Fields = {
  // Reasons are chosen from the platform's list; `_text` is the same in the language asked for.
  kept: `return_id order_id return_type return_status arbitration_status role return_reason return_reason_text create_time update_time buyer_rejected_partial_refund
    can_buyer_keep_item seller_proposed_return_type return_method shipment_type handover_method return_provider_id return_provider_name return_shipping_document_type
    pre_return_id next_return_id is_combined_return combined_return_id`,
  // Where goods go back to is where small sellers live.
  personal: 'return_tracking_number return_warehouse_address',
  within: {
    refund_amount: refundAmount,
    'return_line_items[]': { ...claimedItem, kept: `return_line_item_id ${claimedItem.kept!}` },
    'discount_amount[]': {
      kept: 'currency product_seller_discount product_platform_discount shipping_fee_seller_discount shipping_fee_platform_discount',
    },
    'shipping_fee_amount[]': {
      kept: 'currency seller_paid_return_shipping_fee platform_paid_return_shipping_fee buyer_paid_return_shipping_fee',
    },
    partial_refund: { kept: 'amount currency' },
    'seller_next_action_response[]': nextAction,
  },
};

const cancellation: Fields = {
  kept: 'cancel_id order_id cancel_type cancel_status role cancel_reason cancel_reason_text create_time update_time should_replenish_stock',
  within: {
    refund_amount: refundAmount,
    'cancel_line_items[]': { ...claimedItem, kept: `cancel_line_item_id ${claimedItem.kept!}` },
    'seller_next_action_response[]': nextAction,
  },
};

const BUYERS_PRICE = `currency total payment subtotal subtotal_tax_amount subtotal_deduction_seller subtotal_deduction_platform sku_list_price sku_sale_price sku_gift_original_price
  sku_gift_net_price shipping_list_price shipping_sale_price shipping_fee_deduction_seller shipping_fee_deduction_platform shipping_fee_deduction_platform_voucher
  voucher_deduction_seller voucher_deduction_platform tax_amount tax_rate net_price_amount cod_fee distance_fee distance_shipping_fee small_order_fee`;
/** `order_id` is ours: the reply does not say whose it is. */
const priceDetail: Fields = {
  kept: `order_id ${BUYERS_PRICE} cod_fee_net_amount`,
  within: { 'line_items[]': { kept: `id ${BUYERS_PRICE} cod_fee_amount` } },
};

const picture: Fields = { kept: 'uri urls thumb_urls height width' };
const price: Fields = { kept: 'currency sale_price tax_exclusive_price unit_price' };
const category: Fields = { kept: 'id parent_id local_name is_leaf' };
const brand: Fields = { kept: 'id name' };
const stock: Fields = { kept: 'warehouse_id quantity backorder_quantity handling_time' };
const attribute: Fields = { kept: 'id name value_id value_name', within: { sku_img: picture, 'supplementary_sku_images[]': picture } };

const product: Fields = {
  kept: `id title status product_status create_time update_time description external_product_id has_draft is_cod_allowed is_not_for_sale is_pre_owned is_replicated
    listing_quality_tier manufacturer_ids minimum_order_quantity primary_combined_product_id product_types product_sync_fail_reasons responsible_person_ids sales_regions
    shipping_insurance_requirement shipping_template_id`,
  within: {
    audit: { kept: 'status pre_approved_reasons' },
    'audit_failed_reasons[]': { kept: 'listing_platform position reasons suggestions' },
    brand,
    'category_chains[]': category,
    'certifications[]': { kept: 'id title expiration_date', within: { 'files[]': { kept: 'format id name urls' }, 'images[]': picture } },
    'delivery_options[]': { kept: 'id is_available name' },
    global_product_association: {
      kept: 'global_product_id',
      within: {
        'sku_mappings[]': {
          kept: 'global_sku_id local_sku_id',
          within: { 'sales_attribute_mappings[]': { kept: 'global_attribute_id global_value_id local_attribute_id local_value_id' } },
        },
      },
    },
    'integrated_platform_statuses[]': { kept: 'platform status' },
    'main_images[]': picture,
    package_dimensions: { kept: 'height length unit width' },
    package_weight: { kept: 'unit value' },
    prescription_requirement: { kept: 'needs_prescription' },
    'product_attributes[]': { kept: 'id name', within: { 'values[]': { kept: 'id name' } } },
    'product_families[]': { kept: 'id', within: { 'products[]': { kept: 'id' } } },
    'recommended_categories[]': { kept: 'id local_name' },
    size_chart: { within: { image: picture, template: { kept: 'id' } } },
    subscribe_info: {
      kept: 'subscribe_status support_subscribe',
      within: {
        'subscribe_discount_details[]': { kept: 'discount_level discount_value' },
        'subscribe_promotion_config[]': { kept: 'discount_level discount_options max_discount min_discount' },
      },
    },
    video: { kept: 'cover_url format height id size url width' },
    'skus[]': {
      kept: 'id seller_sku external_sku_id external_urls extra_identifier_codes sku_unit_count',
      within: {
        price,
        'inventory[]': stock,
        'sales_attributes[]': attribute,
        list_price: { kept: 'amount currency' },
        'external_list_prices[]': { kept: 'amount currency source' },
        'fees[]': { kept: 'additional_attribute amount type' },
        global_listing_policy: { kept: 'inventory_type price_sync', within: { replicate_source: { kept: 'product_id shop_id sku_id' } } },
        identifier_code: { kept: 'code type' },
        pre_sale: { kept: 'type', within: { fulfillment_type: { kept: 'handling_duration_days release_date' } } },
        status_info: { kept: 'status deactivation_source' },
        'combined_skus[]': {
          kept: 'product_id sku_id seller_sku sku_count title combined_listing_not_live_reasons',
          within: {
            brand,
            'categories[]': category,
            'inventory[]': stock,
            price,
            product_main_image: picture,
            'sales_attributes[]': attribute,
          },
        },
      },
    },
  },
};

/**
 * What records of TikTok may hold, by stream: all that its published schema and what it announced since name, whether it is read today
 * or not. What is not named here is unknown; `conformance/` compares the lists with the schema.
 */
export const KEPT = {
  orders: new KeptFields(order),
  returns: new KeptFields(claimedReturn),
  cancellations: new KeptFields(cancellation),
  price_details: new KeptFields(priceDetail),
  products: new KeptFields(product),
} as const;
export type KeptStream = keyof typeof KEPT;

/** Answers that live calls pass on. */
export const LIVE_ORDERS = new KeptFields({ kept: 'next_page_token total_count', within: { 'orders[]': order } });

function text(record: JsonRecord, name: string): string | null {
  const value = record[name];
  return typeof value === 'string' ? value : null;
}
