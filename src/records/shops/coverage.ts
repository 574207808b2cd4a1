import { coveredDays, type CoveredDays } from '../../model/coverage.ts';
import { shopDay } from '../../model/shop-day.ts';
import type { Shop } from '../../model/shop.ts';
import type { Reader, Row, Transaction } from '../../engines/engine.ts';
import { readShops } from './shops.ts';
import { join, raw, sql } from '../../engines/sql.ts';
import { insertFrom, insertRow } from '../insertion.ts';

/** The days of a shop that are known whole, and the first day there is anything of. */
export interface Coverage {
  readonly days: CoveredDays | null;
  readonly firstDay: string | null;
}

interface CoverageRow extends Row {
  shop_id: number;
  covered_from: string | null;
  covered_to: string | null;
  first_at: string | null;
  last_at: string | null;
  first_day: string | null;
  last_day: string | null;
}

/**
 * What each shop covers: one that is or was connected what was fetched of it, and what files brought beside; any other, which is known by
 * files alone, the days of its orders up to today.
 */
export async function readCoverage(reader: Reader, shops: readonly Shop[], now: Temporal.Instant): Promise<ReadonlyMap<number, Coverage>> {
  if (shops.length === 0) return new Map();
  const todays = shops.map(({ shopId, zone }) => sql`(${shopId}::integer, ${shopDay(now, zone)}::date)`);
  const rows = await reader.query<CoverageRow>(sql`
    SELECT t.shop_id, c.covered_from, c.covered_to, f.first_at, f.last_at, d.first_day, d.last_day
    FROM (VALUES ${join(todays)}) AS t(shop_id, today)
    LEFT JOIN checkpoints c ON c.shop_id = t.shop_id AND c.stream = 'orders'
    LEFT JOIN file_spans f ON f.shop_id = t.shop_id
    LEFT JOIN (
      SELECT o.shop_id, min(o.shop_day) AS first_day, max(CASE WHEN o.shop_day <= n.today THEN o.shop_day END) AS last_day
      FROM order_days o JOIN (VALUES ${join(todays)}) AS n(shop_id, today) ON n.shop_id = o.shop_id GROUP BY o.shop_id) AS d
      ON d.shop_id = t.shop_id`);
  const rowOf = new Map(rows.map((row) => [row.shop_id, row]));
  return new Map(
    shops.map(({ shopId, zone }) => {
      const row = rowOf.get(shopId)!;
      const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
      const fetched = row.covered_from === null ? null : { from: at(row.covered_from), to: at(row.covered_to!) };
      const files = fetched
        ? row.first_at !== null && { from: shopDay(at(row.first_at), zone), to: shopDay(at(row.last_at!), zone) }
        : row.last_day !== null && { from: row.first_day!, to: row.last_day };
      return [shopId, { days: coveredDays({ fetched, files: files || null }, { zone, now }), firstDay: row.first_day }];
    }),
  );
}

/** The shops with what they cover. */
export async function readShopsWithCoverage(
  reader: Reader,
  now: Temporal.Instant,
): Promise<{ shops: Shop[]; coverage: ReadonlyMap<number, Coverage> }> {
  const shops = await readShops(reader);
  return { shops, coverage: await readCoverage(reader, shops, now) };
}

/** Remembers which purchases a file told of a shop: what it covers beside what is fetched. Files before it keep theirs. */
export async function keepFileSpan(
  tx: Transaction,
  shopId: number,
  { first, last }: { first: Temporal.Instant; last: Temporal.Instant },
): Promise<void> {
  const [kept] = await tx.query<{ first_at: string; last_at: string }>(
    sql`SELECT first_at, last_at FROM file_spans WHERE shop_id = ${shopId}`,
  );
  const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
  const from = kept && Temporal.Instant.compare(at(kept.first_at), first) < 0 ? at(kept.first_at) : first;
  const to = kept && Temporal.Instant.compare(at(kept.last_at), last) > 0 ? at(kept.last_at) : last;
  await tx.run(sql`DELETE FROM file_spans WHERE shop_id = ${shopId}`);
  await tx.run(insertRow('file_spans', { shop_id: shopId, first_at: from, last_at: to }));
}

/**
 * What files told in stores that did not remember it: the orders whose document came with an import, and all of a shop that was never
 * fetched.
 */
export async function fillFileSpans(tx: Transaction): Promise<void> {
  await tx.run(sql`DELETE FROM file_spans`);
  await tx.run(
    insertFrom(
      'file_spans',
      { shop_id: raw('o.shop_id'), first_at: raw('min(o.purchased_at)'), last_at: raw('max(o.purchased_at)') },
      raw(`
    FROM orders o
    WHERE o.shop_id NOT IN (SELECT shop_id FROM checkpoints WHERE stream = 'orders')
      OR o.block_id IN (SELECT block_id FROM blocks WHERE import_id IS NOT NULL)
    GROUP BY o.shop_id`),
    ),
  );
}
