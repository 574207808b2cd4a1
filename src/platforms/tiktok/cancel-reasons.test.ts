import { expect, test } from 'vitest';
import { fateOf } from './cancel-reasons.ts';

test.each([
  ['ecom_order_unpaid_canceled_reason_better_price', 'never_left'],
  ['ecom_order_to_ship_canceled_reason_no_longer_needed_uk', 'never_left'],
  ['US_order_to_ship_canceled_reason_not_shipped_on_time_before_RTS_prod', 'never_left'],
  ['buyer_cancel_late_shipment', 'never_left'],
  ['seller_cancel_reason_out_of_stock', 'never_left'],
  ['seller_cancel_unpaid_reason_wrong_price_uk', 'never_left'],
  ['seller_out_of_stock', 'never_left'],
  ['system_cancel_order_reason_shipping_timeout_uk', 'never_left'],
  ['returned_to_shipper_refused', 'refused'],
  ['returned_to_shipper_other_uk', 'returned'],
  ['threepl_breach', 'returned'],
  ['package_lost_uk', 'lost'],
  ['package_damaged', 'lost'],
  ['package_scrap', 'lost'],
  ['package_cancel', null],
  ['platform_cancel_uk', null],
  ['system_cancel_order_reason_potential_fraud', null],
  ['Package delivery failed', null],
  ['', null],
  [undefined, null],
])('the key %s says %s', (key, fate) => {
  expect(fateOf(key)).toBe(fate);
});
