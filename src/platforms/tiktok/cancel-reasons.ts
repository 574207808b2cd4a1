import type { Fate } from '../../model/return.ts';

/** Keys of TikTok's page "Cancel reasons" that say what became of the parcel, without their market's ending. */
const FATES: ReadonlyMap<string, Fate> = new Map([
  ['returned_to_shipper_refused', 'refused'],
  ['returned_to_shipper_other', 'returned'],
  ['threepl_breach', 'returned'],
  ['package_damaged', 'lost'],
  ['package_lost', 'lost'],
  ['package_scrap', 'lost'],
  ['system_cancel_order_exceed_edt_not_arrive', 'lost'],
  ['system_cancel_unpaid_time_out', 'never_left'],
  ['system_cancel_order_reason_shipping_timeout', 'never_left'],
  ['system_cancel_add_address_overtime', 'never_left'],
]);
/** What buyers and sellers can choose before anything is shipped, and virtual goods. */
const BEFORE_SHIPMENT =
  /^(?:(?:ecom|us)_order_(?:unpaid|to_ship)_canceled_|buyer_cancel_|seller_(?:cancel_|out_of_stock)|system_cancel_virtual_)/;
const MARKET = /_uk$/;

/** What the machine key of a cancellation says became of the parcel; null where it says nothing, and the order's instants decide. */
export function fateOf(key: string | null | undefined): Fate | null {
  const plain = key?.toLowerCase().replace(MARKET, '') ?? '';
  return FATES.get(plain) ?? (BEFORE_SHIPMENT.test(plain) ? 'never_left' : null);
}
