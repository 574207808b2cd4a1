import { moneyText, toMoney } from '../model/money.ts';
import type { Reader, Transaction } from './engine.ts';
import { sql } from './sql.ts';

/** Retail orders with a buyer and an amount: what cut points are made of. */
const SCORED = sql`units > 0 AND model = 'retail' AND net_sales IS NOT NULL AND buyer_id IS NOT NULL`;

/** The shops that keep no cut points yet and have at least so many buyers. */
export async function readShopsWithoutScale(reader: Reader, leastBuyers: number): Promise<number[]> {
  const rows = await reader.query<{ shop_id: number }>(sql`
    SELECT shop_id FROM orders WHERE ${SCORED} AND shop_id NOT IN (SELECT shop_id FROM rfm_scales)
    GROUP BY shop_id HAVING count(DISTINCT buyer_id) >= ${leastBuyers} ORDER BY shop_id`);
  return rows.map(({ shop_id }) => shop_id);
}

interface Fifths extends Record<string, number | string | null> {
  buyers: number;
  r2: number; r3: number; r4: number; r5: number; f2: number; f3: number; f4: number; f5: number; m2: string; m3: string; m4: string; m5: string;
}

/**
 * Keeps the fifths of a shop's buyers of today as its next cut points; those before stay. Orders begin at 2 and rise by one at least:
 * most buyers have one order, and fifths would part those who are alike.
 * @returns its version, or null where there are fewer buyers than that
 */
export async function keepRfmScale(
  tx: Transaction, { shopId, today, at, leastBuyers }: { shopId: number; today: string; at: Temporal.Instant; leastBuyers: number },
): Promise<number | null> {
  const [found] = await tx.query<Fifths>(sql`
    SELECT count(*) AS buyers,
      percentile_disc(0.8) WITHIN GROUP (ORDER BY recency) AS r2, percentile_disc(0.6) WITHIN GROUP (ORDER BY recency) AS r3,
      percentile_disc(0.4) WITHIN GROUP (ORDER BY recency) AS r4, percentile_disc(0.2) WITHIN GROUP (ORDER BY recency) AS r5,
      percentile_disc(0.2) WITHIN GROUP (ORDER BY orders) AS f2, percentile_disc(0.4) WITHIN GROUP (ORDER BY orders) AS f3,
      percentile_disc(0.6) WITHIN GROUP (ORDER BY orders) AS f4, percentile_disc(0.8) WITHIN GROUP (ORDER BY orders) AS f5,
      percentile_disc(0.2) WITHIN GROUP (ORDER BY amount) AS m2, percentile_disc(0.4) WITHIN GROUP (ORDER BY amount) AS m3,
      percentile_disc(0.6) WITHIN GROUP (ORDER BY amount) AS m4, percentile_disc(0.8) WITHIN GROUP (ORDER BY amount) AS m5
    FROM (
      SELECT buyer_id, (${today}::date - max(shop_day))::integer AS recency, count(*) AS orders, sum(net_sales)::decimal(18,4) AS amount
      FROM orders WHERE ${SCORED} AND shop_id = ${shopId} AND shop_day <= ${today}::date GROUP BY buyer_id) AS bought`);
  if (found!.buyers < leastBuyers) return null;
  const { r2, r3, r4, r5, f2, f3, f4, f5, m2, m3, m4, m5 } = found!;
  const orders: number[] = [];
  for (const cut of [f2, f3, f4, f5]) orders.push(Math.max(cut, (orders.at(-1) ?? 1) + 1));
  const cuts = JSON.stringify({ recencyDays: [r2, r3, r4, r5], orders, amount: [m2, m3, m4, m5].map((least) => moneyText(toMoney(least)!)) });
  const [latest] = await tx.query<{ version: number }>(sql`SELECT coalesce(max(version), 0) AS version FROM rfm_scales WHERE shop_id = ${shopId}`);
  const version = latest!.version + 1;
  await tx.run(sql`INSERT INTO rfm_scales VALUES (${shopId}::smallint, ${version}::integer, ${at}, ${cuts})`);
  return version;
}
