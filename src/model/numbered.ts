/** The tables whose rows bear a number that is given to them once and for ever, and the column that it stands in. */
export const NUMBERED = {
  shops: 'shop_id',
  authorizations: 'authorization_id',
  skus: 'sku_id',
  listings: 'listing_id',
  places: 'place_id',
  buyers: 'buyer_id',
  orders: 'oid',
  returns: 'rid',
  blocks: 'block_id',
  imports: 'import_id',
  sync_runs: 'run_id',
  alerts: 'alert_id',
} as const;

/** A table of {@link NUMBERED}. */
export type NumberedTable = keyof typeof NUMBERED;
