import type { SchemaStep } from './engine.ts';

/**
 * The steps from an empty DuckDB file to today's schema; what a step brings it to is its place in the list.
 * A step that has been released is never edited: a change is a new step at the end.
 * Large tables have no primary key and no index on purpose (ARCHITECTURE.md, "Why no primary key").
 */
const STEPS: readonly Omit<SchemaStep, 'to'>[] = [
  {
    sql: `
  CREATE TABLE settings (name VARCHAR, value VARCHAR);
  CREATE TABLE shops (
    shop_id SMALLINT, platform VARCHAR, shop VARCHAR, zone VARCHAR, currency VARCHAR, complete_at TIMESTAMPTZ);
  CREATE TABLE skus (sku_id INTEGER, sku VARCHAR);
  CREATE TABLE listings (
    listing_id INTEGER, platform VARCHAR, sku_id INTEGER, platform_sku VARCHAR,
    sku_name VARCHAR, image VARCHAR, category VARCHAR, seen_at TIMESTAMPTZ);
  CREATE TABLE places (
    place_id INTEGER, written VARCHAR, country VARCHAR, region_code VARCHAR, region VARCHAR, city VARCHAR);
  CREATE TABLE buyers (buyer_id INTEGER, platform VARCHAR, hash BIGINT);
  CREATE TABLE orders (
    oid BIGINT, shop_id SMALLINT, order_id VARCHAR,
    purchased_at TIMESTAMPTZ, paid_at TIMESTAMPTZ, updated_at TIMESTAMPTZ, shop_day DATE, paid_day DATE,
    status VARCHAR, outcome VARCHAR, platform_status VARCHAR, model VARCHAR, currency VARCHAR,
    place_id INTEGER, buyer_id INTEGER, line_count INTEGER, units INTEGER, unpriced_units INTEGER,
    gross_sales DECIMAL(18,4), net_sales DECIMAL(18,4), paid_amount DECIMAL(18,4), total_amount DECIMAL(18,4),
    fingerprint BIGINT, block_id INTEGER);
  CREATE TABLE lines (
    oid BIGINT, line_no INTEGER, line_id VARCHAR, shop_id SMALLINT, shop_day DATE, paid_day DATE,
    sku_id INTEGER, listing_id INTEGER, place_id INTEGER, model VARCHAR, currency VARCHAR, kind VARCHAR,
    status VARCHAR, outcome VARCHAR, platform_status VARCHAR, quantity INTEGER, sale BOOLEAN, first_of_sku BOOLEAN,
    gross_sales DECIMAL(18,4), net_sales DECIMAL(18,4), paid_amount DECIMAL(18,4), tax_amount DECIMAL(18,4));
  CREATE TABLE blocks (block_id INTEGER, import_id INTEGER, documents INTEGER, body BLOB);
  CREATE TABLE imports (
    import_id INTEGER, file VARCHAR, preset VARCHAR, mapping VARCHAR, state VARCHAR,
    started_at TIMESTAMPTZ, finished_at TIMESTAMPTZ, lines_read INTEGER, lines_refused INTEGER,
    orders_read INTEGER, orders_new INTEGER, orders_changed INTEGER, orders_unchanged INTEGER);
    `,
  },
  {
    sql: `
  ALTER TABLE shops ADD COLUMN region VARCHAR;
  ALTER TABLE shops ADD COLUMN vat_rate DECIMAL(5,2);
  ALTER TABLE shops ADD COLUMN platform_shop_id VARCHAR;
  ALTER TABLE shops ADD COLUMN cipher VARCHAR;
  ALTER TABLE shops ADD COLUMN authorization_id INTEGER;
  CREATE TABLE authorizations (
    authorization_id INTEGER, platform VARCHAR, app VARCHAR, account VARCHAR, seller VARCHAR, region VARCHAR, scopes VARCHAR,
    tokens VARCHAR, access_expires_at TIMESTAMPTZ, refresh_expires_at TIMESTAMPTZ, refreshed_at TIMESTAMPTZ,
    state VARCHAR, error VARCHAR);
  CREATE TABLE used_states (nonce VARCHAR, expires_at TIMESTAMPTZ);
  CREATE TABLE status_changes (oid BIGINT, changed_at TIMESTAMPTZ, status VARCHAR, outcome VARCHAR, platform_status VARCHAR);
  CREATE TABLE checkpoints (
    shop_id SMALLINT, stream VARCHAR, reach_from TIMESTAMPTZ, covered_from TIMESTAMPTZ, covered_to TIMESTAMPTZ,
    window_from TIMESTAMPTZ, window_to TIMESTAMPTZ, resume VARCHAR);
  CREATE TABLE sync_runs (
    run_id INTEGER, shop_id SMALLINT, stream VARCHAR, state VARCHAR, started_at TIMESTAMPTZ, finished_at TIMESTAMPTZ,
    documents INTEGER, orders_new INTEGER, orders_changed INTEGER, orders_unchanged INTEGER, quarantined INTEGER, error VARCHAR);
  CREATE TABLE quarantine (
    shop_id SMALLINT, stream VARCHAR, record VARCHAR, field VARCHAR, problem VARCHAR, document VARCHAR, seen_at TIMESTAMPTZ);
  ALTER TABLE blocks ADD COLUMN shop_id SMALLINT;
  ALTER TABLE blocks ADD COLUMN stream VARCHAR;
    `,
  },
  {
    sql: `
  ALTER TABLE sync_runs RENAME COLUMN orders_new TO added;
  ALTER TABLE sync_runs RENAME COLUMN orders_changed TO changed;
  ALTER TABLE sync_runs RENAME COLUMN orders_unchanged TO unchanged;
  ALTER TABLE imports ADD COLUMN refunds_read INTEGER DEFAULT 0;
  ALTER TABLE imports ADD COLUMN refunds_new INTEGER DEFAULT 0;
  ALTER TABLE imports ADD COLUMN refunds_changed INTEGER DEFAULT 0;
  ALTER TABLE imports ADD COLUMN refunds_unchanged INTEGER DEFAULT 0;
  ALTER TABLE sync_runs ADD COLUMN calls INTEGER DEFAULT 0;
  ALTER TABLE sync_runs ADD COLUMN forecast_calls INTEGER;
  ALTER TABLE sync_runs ADD COLUMN forecast_seconds INTEGER;
  ALTER TABLE orders ADD COLUMN shipping_fee DECIMAL(18,4);
  ALTER TABLE orders ADD COLUMN shipping_provider VARCHAR;
  ALTER TABLE orders ADD COLUMN document_no INTEGER;
  ALTER TABLE lines ADD COLUMN buyer_id INTEGER;
  UPDATE lines SET buyer_id = o.buyer_id FROM orders o WHERE o.oid = lines.oid AND o.buyer_id IS NOT NULL;
  CREATE TABLE returns (
    rid BIGINT, shop_id SMALLINT, return_id VARCHAR, order_id VARCHAR, oid BIGINT, kind VARCHAR, state VARCHAR, platform_status VARCHAR,
    reason VARCHAR, reason_text VARCHAR, created_at TIMESTAMPTZ, updated_at TIMESTAMPTZ, event_day DATE, goods_back BOOLEAN,
    currency VARCHAR, refund_amount DECIMAL(18,4), fingerprint BIGINT, block_id INTEGER);
  CREATE TABLE return_lines (
    rid BIGINT, line_no INTEGER, line_id VARCHAR, shop_id SMALLINT, oid BIGINT, sku VARCHAR, sku_id INTEGER, shop_day DATE, event_day DATE,
    kind VARCHAR, state VARCHAR, goods_back BOOLEAN, reason VARCHAR, currency VARCHAR, quantity INTEGER, refund_amount DECIMAL(18,4));
  CREATE TABLE price_details (
    shop_id SMALLINT, order_id VARCHAR, oid BIGINT, fetched_at TIMESTAMPTZ, currency VARCHAR,
    list_price DECIMAL(18,4), seller_discount DECIMAL(18,4), platform_discount DECIMAL(18,4), sale_price DECIMAL(18,4), tax_amount DECIMAL(18,4),
    shipping_list_price DECIMAL(18,4), shipping_seller_discount DECIMAL(18,4), shipping_platform_discount DECIMAL(18,4), shipping_sale_price DECIMAL(18,4),
    payment DECIMAL(18,4), total DECIMAL(18,4), violations VARCHAR, block_id INTEGER, fingerprint BIGINT);
  CREATE TABLE products (
    shop_id SMALLINT, product_id VARCHAR, title VARCHAR, status VARCHAR, category VARCHAR, category_path VARCHAR, image VARCHAR, brand VARCHAR,
    created_at TIMESTAMPTZ, updated_at TIMESTAMPTZ, seen_at TIMESTAMPTZ, gone_at TIMESTAMPTZ, fingerprint BIGINT, block_id INTEGER);
  CREATE TABLE product_skus (
    shop_id SMALLINT, product_id VARCHAR, platform_sku VARCHAR, seller_sku VARCHAR, sku_name VARCHAR, image VARCHAR,
    price DECIMAL(18,4), currency VARCHAR, stock INTEGER, gone_at TIMESTAMPTZ);
  CREATE TABLE misses (shop_id SMALLINT, stream VARCHAR, record VARCHAR, tries INTEGER, tried_at TIMESTAMPTZ, error VARCHAR);
  CREATE TABLE day_counts (shop_id SMALLINT, day DATE, platform_orders INTEGER, stored_orders INTEGER, checked_at TIMESTAMPTZ);
  CREATE TABLE fx_rates (day DATE, currency VARCHAR, rate DECIMAL(18,8), source VARCHAR);
  CREATE TABLE vat_rates (shop_id SMALLINT, country VARCHAR, from_day DATE, rate DECIMAL(5,2), remitted_by VARCHAR);
  CREATE TABLE rfm_scales (shop_id SMALLINT, version INTEGER, made_at TIMESTAMPTZ, cuts VARCHAR);
  CREATE TABLE alerts (
    alert_id INTEGER, kind VARCHAR, subject VARCHAR, shop_id SMALLINT, severity VARCHAR, raised_at TIMESTAMPTZ, cleared_at TIMESTAMPTZ,
    said_at TIMESTAMPTZ, values VARCHAR);
    `,
  },
  // A sum of a day has 22 digits before the point: it holds whatever orders may, and times a rate of 12 decimals it still fits into 38.
  {
    sql: `
  CREATE TABLE order_days (
    shop_id SMALLINT, shop_day DATE, paid_day DATE, model VARCHAR, currency VARCHAR, status VARCHAR, outcome VARCHAR, buyer_told BOOLEAN,
    orders BIGINT, line_count BIGINT, units BIGINT, unpriced_units BIGINT, gross_known BIGINT, net_known BIGINT, paid_known BIGINT,
    gross_sales DECIMAL(26,4), net_sales DECIMAL(26,4), paid_amount DECIMAL(26,4));
    `,
    derived: ['order_days'],
  },
  {
    sql: `
  CREATE TABLE returned_pieces (
    oid BIGINT, rid BIGINT, role VARCHAR, shop_id SMALLINT, shop_day DATE, paid_day DATE, event_day DATE, model VARCHAR, sku_id INTEGER, listing_id INTEGER,
    sale BOOLEAN, units INTEGER, refund_amount DECIMAL(18,4), currency VARCHAR, reason VARCHAR, goods_back BOOLEAN);
    `,
  },
  // Only of orders that are made of several documents; of all others the order itself names its document.
  { sql: 'CREATE TABLE order_documents (oid BIGINT, block_id INTEGER, document_no INTEGER)' },
  {
    // What is called by one name until now keeps it as the product's, until its orders are read again.
    sql: `
  ALTER TABLE listings ADD COLUMN product_name VARCHAR;
  ALTER TABLE listings ADD COLUMN variant VARCHAR;
  UPDATE listings SET product_name = sku_name;
  ALTER TABLE lines ADD COLUMN parts VARCHAR;
  ALTER TABLE lines ADD COLUMN returned_quantity INTEGER;
  ALTER TABLE lines ADD COLUMN refund_amount DECIMAL(18,4);
  ALTER TABLE returns ADD COLUMN fate VARCHAR;
  ALTER TABLE return_lines ADD COLUMN fate VARCHAR;
  ALTER TABLE return_lines ADD COLUMN counted BOOLEAN;
  ALTER TABLE return_lines ADD COLUMN goods_amount DECIMAL(18,4);
  DROP TABLE returned_pieces;
  CREATE TABLE returned_pieces (
    oid BIGINT, rid BIGINT, line_no INTEGER, role VARCHAR, shop_id SMALLINT, shop_day DATE, paid_day DATE, event_day DATE, model VARCHAR, sku_id INTEGER,
    listing_id INTEGER, units INTEGER, refund_amount DECIMAL(18,4), currency VARCHAR, reason VARCHAR, goods_back BOOLEAN);
  `,
    derived: ['returned_pieces'],
  },
  { sql: 'CREATE TABLE kept_under (rules INTEGER, block_id INTEGER)' },
  { sql: 'CREATE TABLE browser_sessions (hash VARCHAR, used_at TIMESTAMPTZ)' },
  { sql: 'CREATE TABLE file_spans (shop_id SMALLINT, first_at TIMESTAMPTZ, last_at TIMESTAMPTZ)', derived: ['file_spans'] },
  { sql: 'CREATE TABLE spent_quotas (quota VARCHAR, full_at TIMESTAMPTZ, borne DOUBLE PRECISION)' },
  // The last number that each table gave to a row of its own.
  {
    sql: `
  CREATE TABLE numbers (numbered VARCHAR, last_number BIGINT);
  INSERT INTO numbers
    SELECT 'shops', coalesce(max(shop_id), 0) FROM shops UNION ALL
    SELECT 'authorizations', coalesce(max(authorization_id), 0) FROM authorizations UNION ALL
    SELECT 'skus', coalesce(max(sku_id), 0) FROM skus UNION ALL
    SELECT 'listings', coalesce(max(listing_id), 0) FROM listings UNION ALL
    SELECT 'places', coalesce(max(place_id), 0) FROM places UNION ALL
    SELECT 'buyers', coalesce(max(buyer_id), 0) FROM buyers UNION ALL
    SELECT 'orders', coalesce(max(oid), 0) FROM orders UNION ALL
    SELECT 'returns', coalesce(max(rid), 0) FROM returns UNION ALL
    SELECT 'blocks', coalesce(max(block_id), 0) FROM blocks UNION ALL
    SELECT 'imports', coalesce(max(import_id), 0) FROM imports UNION ALL
    SELECT 'sync_runs', coalesce(max(run_id), 0) FROM sync_runs UNION ALL
    SELECT 'alerts', coalesce(max(alert_id), 0) FROM alerts;
    `,
  },
  // A feed is a shop's, as all were, or an account's: what was read of one shop keeps its shop.
  { sql: 'ALTER TABLE sync_runs ADD COLUMN account_id INTEGER; ALTER TABLE quarantine ADD COLUMN account_id INTEGER' },
];

/** The same with their numbers. */
export const DUCKDB_STEPS: readonly SchemaStep[] = STEPS.map((step, i) => ({ to: i + 1, ...step }));
