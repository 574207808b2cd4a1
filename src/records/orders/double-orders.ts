import type { Reader, Row, Transaction } from '../../engines/engine.ts';
import { raw, sql } from '../../engines/sql.ts';
import { insertAll, insertFrom } from '../insertion.ts';
import { platformsWith } from '../../model/shop.ts';

/** Platforms whose order ids are the same order in whichever shop they stand. */
const UNIQUE_IDS = raw(
  `(${platformsWith('ownOrderIds')
    .map((id) => `'${id}'`)
    .join(', ')})`,
);

/** Orders that stand in several shops of a platform whose order ids are its own: whose they are only the seller can say. */
export async function readOrdersInSeveralShops(
  reader: Reader,
  limit: number,
): Promise<{ order_id: string; shops: string; orders: number }[]> {
  // Of connected shops the platform itself says which orders they have: one of the two is a shop of files.
  return reader.query(sql`
    SELECT f.order_id, string_agg(DISTINCT h.shop, ', ' ORDER BY h.shop) AS shops, count(*) OVER () AS orders
    FROM (SELECT o.order_id, o.shop_id, g.platform FROM orders o JOIN shops g ON g.shop_id = o.shop_id WHERE g.platform IN ${UNIQUE_IDS}
    AND g.authorization_id IS NULL) f
    JOIN orders o ON o.order_id = f.order_id
    JOIN shops h ON h.shop_id = o.shop_id AND h.platform = f.platform
    GROUP BY f.platform, f.order_id HAVING count(DISTINCT o.shop_id) > 1 ORDER BY 1 LIMIT ${limit}`);
}

/**
 * Makes one of orders that were stored twice: those of one shop that a mended mapping had moved to another day, and those that a file had
 * brought into a shop of its own beside the connected one. The documents of both are noted, so that the order can be made of them; what
 * hung on the one that goes hangs on the other. A shop of files that is left without anything goes, too.
 */
export async function joinDoubles(tx: Transaction): Promise<number> {
  await tx.run(raw('DROP TABLE IF EXISTS doubles'));
  await tx.run(
    raw(`
    CREATE TEMP TABLE doubles AS
    WITH same_shop AS (
      SELECT oid, shop_id, min(oid) OVER (PARTITION BY shop_id, order_id) AS kept, shop_id AS kept_shop FROM orders
      WHERE (shop_id, order_id) IN (SELECT (shop_id, order_id) FROM orders GROUP BY shop_id, order_id HAVING count(*) > 1)),
    of_files AS (
      SELECT o.oid, o.shop_id, h.platform, o.order_id FROM orders o JOIN shops h ON h.shop_id = o.shop_id
      WHERE h.platform IN ${UNIQUE_IDS.text} AND h.authorization_id IS NULL AND o.block_id IN (SELECT block_id FROM blocks WHERE import_id IS NOT NULL)),
    of_platform AS (
      SELECT min(o.oid) AS oid, min(o.shop_id) AS shop_id, h.platform, o.order_id FROM orders o JOIN shops h ON h.shop_id = o.shop_id
      WHERE o.block_id IN (SELECT block_id FROM blocks WHERE stream = 'orders') GROUP BY h.platform, o.order_id HAVING count(DISTINCT o.shop_id) = 1)
    SELECT oid, shop_id, kept, kept_shop FROM same_shop WHERE oid <> kept
    UNION ALL
    SELECT f.oid, f.shop_id, p.oid, p.shop_id FROM of_files f JOIN of_platform p ON p.platform = f.platform AND p.order_id = f.order_id AND p.shop_id <> f.shop_id`),
  );
  // A chain of them, twice in its own shop and once in another, ends where its last one does.
  await tx.run(raw('UPDATE doubles SET kept = n.kept, kept_shop = n.kept_shop FROM doubles n WHERE n.oid = doubles.kept'));
  const [found] = await tx.query<{ orders: number } & Row>(raw('SELECT count(*) AS orders FROM doubles'));
  if (found!.orders === 0) return 0;
  await tx.run(
    insertFrom(
      'order_documents',
      { oid: raw('d.kept'), block_id: raw('o.block_id'), document_no: raw('o.document_no') },
      raw(`
    FROM orders o JOIN (SELECT oid, kept FROM doubles UNION SELECT kept, kept FROM doubles) d ON d.oid = o.oid
    WHERE o.block_id IS NOT NULL AND o.document_no IS NOT NULL AND o.oid NOT IN (SELECT oid FROM order_documents)`),
    ),
  );
  for (const table of ['order_documents', 'status_changes'])
    await tx.run(sql`UPDATE ${raw(table)} SET oid = d.kept FROM doubles d WHERE d.oid = ${raw(table)}.oid`);
  for (const table of ['returns', 'return_lines'])
    await tx.run(sql`UPDATE ${raw(table)} SET oid = d.kept, shop_id = d.kept_shop FROM doubles d WHERE d.oid = ${raw(table)}.oid`);
  await tx.run(
    raw(
      'DELETE FROM price_details USING doubles d WHERE d.oid = price_details.oid AND d.kept IN (SELECT oid FROM price_details WHERE ' +
        'oid IS NOT NULL)',
    ),
  );
  await tx.run(raw('UPDATE price_details SET oid = d.kept, shop_id = d.kept_shop FROM doubles d WHERE d.oid = price_details.oid'));
  for (const table of ['lines', 'orders']) await tx.run(sql`DELETE FROM ${raw(table)} USING doubles d WHERE d.oid = ${raw(table)}.oid`);
  // The days that the files covered are the other shop's now.
  await tx.run(raw('DROP TABLE IF EXISTS moved_spans'));
  await tx.run(
    raw(`
    CREATE TEMP TABLE moved_spans AS
    WITH pairs AS (SELECT DISTINCT shop_id, kept_shop FROM doubles WHERE shop_id <> kept_shop AND shop_id NOT IN (SELECT shop_id FROM orders))
    SELECT kept_shop AS shop_id, min(first_at) AS first_at, max(last_at) AS last_at FROM (
      SELECT p.kept_shop, f.first_at, f.last_at FROM file_spans f JOIN pairs p ON p.shop_id = f.shop_id
      UNION ALL SELECT f.shop_id, f.first_at, f.last_at FROM file_spans f WHERE f.shop_id IN (SELECT kept_shop FROM pairs)) GROUP BY 1`),
  );
  await tx.run(
    raw(
      'DELETE FROM file_spans WHERE shop_id IN (SELECT shop_id FROM moved_spans) OR (shop_id IN (SELECT shop_id FROM doubles) AND ' +
        'shop_id NOT IN (SELECT shop_id FROM orders))',
    ),
  );
  await tx.run(insertAll('file_spans', raw('moved_spans')));
  await tx.run(
    raw(`
    DELETE FROM shops WHERE authorization_id IS NULL AND shop_id IN (SELECT shop_id FROM doubles WHERE shop_id <> kept_shop)
      AND shop_id NOT IN (SELECT shop_id FROM orders UNION SELECT shop_id FROM returns UNION SELECT shop_id FROM price_details UNION SELECT shop_id FROM products UNION SELECT shop_id FROM vat_rates)`),
  );
  return found!.orders;
}
