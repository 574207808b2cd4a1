import type { Reader, Transaction } from '../../engines/engine.ts';
import { join, sql } from '../../engines/sql.ts';
import { insertRows } from '../insertion.ts';
import type { RecordKind } from '../kind.ts';

/** How the platform's count of each shop day compares with what is stored. */
export const dayCheck: RecordKind = {
  tables: ['day_counts'],
  streams: [
    {
      name: 'day_check',
      title: { en: 'daily check', zh: '每日核对', es: 'comprobación diaria' },
      reading: 'days',
      pace: 'nightly',
    },
  ],
};

/** How many orders of a shop day the platform counts, and how many are stored. */
export interface DayCount {
  readonly day: string;
  readonly platformOrders: number;
  readonly storedOrders: number;
}

/** The days of a shop that have been compared. */
export async function readComparedDays(reader: Reader, shopId: number): Promise<ReadonlySet<string>> {
  const rows = await reader.query<{ day: string }>(sql`SELECT day FROM day_counts WHERE shop_id = ${shopId}`);
  return new Set(rows.map(({ day }) => day));
}

/** How many orders are stored of each of these days. */
export async function readStoredOrders(
  reader: Reader,
  shopId: number,
  { from, to }: { from: string; to: string },
): Promise<ReadonlyMap<string, number>> {
  const rows = await reader.query<{ day: string; orders: number }>(sql`
    SELECT shop_day AS day, count(*) AS orders FROM orders WHERE shop_id = ${shopId} AND shop_day BETWEEN ${from}::date AND ${to}::date
    GROUP BY 1`);
  return new Map(rows.map(({ day, orders }) => [day, orders]));
}

/** Remembers how days compared, at least one. */
export async function keepDayCounts(
  tx: Transaction,
  shopId: number,
  { counts, at }: { counts: readonly DayCount[]; at: Temporal.Instant },
): Promise<void> {
  await tx.run(sql`DELETE FROM day_counts WHERE shop_id = ${shopId} AND day IN (${join(counts.map(({ day }) => sql`${day}::date`))})`);
  const rows = counts.map(({ day, platformOrders, storedOrders }) => ({
    shop_id: shopId,
    day,
    platform_orders: platformOrders,
    stored_orders: storedOrders,
    checked_at: at,
  }));
  await tx.run(insertRows('day_counts', rows));
}

/** Days of which the platform counts other than is stored, even after they were read again; newest first. */
export async function readUnequalDays(
  reader: Reader,
  limit: number,
): Promise<{ shop_id: number; day: string; platform_orders: number; stored_orders: number; checked_at: string }[]> {
  return reader.query(sql`
    SELECT shop_id, day, platform_orders, stored_orders, checked_at FROM day_counts WHERE platform_orders <> stored_orders
    ORDER BY day DESC, shop_id LIMIT ${limit}`);
}
