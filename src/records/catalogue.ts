import type { Transaction } from '../engines/engine.ts';
import { raw, sql, type Sql } from '../engines/sql.ts';
import type { RecordKind } from './kind.ts';

/** What SKUs there are, and what each platform calls them: several shops share them, so they stay when one goes. */
export const catalogue: RecordKind = { tables: ['skus', 'listings'], compared: ['skus', 'listings'] };

/** What a SKU is shown as: its product and, behind a dot, its variant. Whoever asks for one of the two has a column for it. */
const SHOWN = raw("coalesce(n.product_name || ' · ' || n.variant, n.product_name, n.variant)");

/** Adds listings out of a query of their columns, by the names that `STAGED_LISTING` has for them. */
export async function addListings(tx: Transaction, listings: Sql): Promise<void> {
  await tx.run(sql`
    INSERT INTO listings (listing_id, platform, sku_id, platform_sku, sku_name, product_name, variant, image, category, seen_at)
    SELECT n.listing_id, n.platform, n.sku_id, n.platform_sku, ${SHOWN}, n.product_name, n.variant, n.image, n.category, n.seen_at
    FROM (${listings}) AS n`);
}

/** Calls listings by what a query says of them: `listing_id`, `product_name`, `variant`. */
export async function nameAs(tx: Transaction, names: Sql): Promise<void> {
  await tx.run(sql`
    UPDATE listings SET product_name = n.product_name, variant = n.variant, sku_name = ${SHOWN}
    FROM (${names}) AS n WHERE n.listing_id = listings.listing_id`);
}
