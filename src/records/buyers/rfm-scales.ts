import { crossRate, type RateTable } from '../../model/exchange.ts';
import { moneyText, toMoney } from '../../model/money.ts';
import { scaleCurrency } from '../../model/rfm.ts';
import type { Shop } from '../../model/shop.ts';
import { STAGED_RATE } from '../../model/staged-tables.ts';
import type { Reader, Transaction } from '../../engines/engine.ts';
import { sql } from '../../engines/sql.ts';
import { insertRow } from '../insertion.ts';

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
  r2: number;
  r3: number;
  r4: number;
  r5: number;
  f2: number;
  f3: number;
  f4: number;
  f5: number;
  m2: string;
  m3: string;
  m4: string;
  m5: string;
}

/** A scale that was kept, or why none was. */
export type KeptScale =
  { readonly version: number } | { readonly missing: 'buyers' } | { readonly missing: 'rate'; readonly pair: string; readonly day: string };

/** What cut points are made with: the rates of some currencies, the shop's day, how many buyers it takes. */
export interface ScaleMaking {
  readonly rates: (reader: Reader, currencies: readonly string[]) => Promise<RateTable>;
  readonly today: string;
  readonly at: Temporal.Instant;
  readonly leastBuyers: number;
  readonly reportingCurrency: string;
}

/**
 * Keeps the fifths of a shop's buyers of today as its next cut points; those before stay. Orders begin at 2 and rise by one at least:
 * most buyers have one order, and fifths would part those who are alike. Orders of several currencies count at the rates of their days.
 */
export async function keepRfmScale(
  tx: Transaction,
  { shopId, currency: ofShop }: Pick<Shop, 'shopId' | 'currency'>,
  { rates, today, at, leastBuyers, reportingCurrency }: ScaleMaking,
): Promise<KeptScale> {
  const days = await tx.query<{ currency: string | null; day: string }>(sql`
    SELECT DISTINCT currency, shop_day AS day FROM orders WHERE ${SCORED} AND shop_id = ${shopId} AND shop_day <= ${today}::date`);
  const currency = scaleCurrency(
    days.map((each) => each.currency),
    { ofShop, reporting: reportingCurrency },
  );
  const several = currency !== null && new Set(days.map((each) => each.currency)).size > 1;
  if (several) {
    const table = await rates(tx, [...new Set([currency, ...days.flatMap((each) => each.currency ?? [])])]);
    const factors = factorsOf(table, days, currency);
    if (!('rows' in factors)) return factors;
    await tx.stage('scale_factors', STAGED_RATE, factors.rows);
  }
  const amount = several ? sql`sum(net_sales * f.rate::decimal(20,12))` : sql`sum(net_sales)`;
  const bought = several ? sql`orders LEFT JOIN scale_factors f ON f.currency = orders.currency AND f.day = orders.shop_day` : sql`orders`;
  const [found] = await tx.query<Fifths>(sql`
    SELECT count(*) AS buyers,
      percentile_disc(0.8) WITHIN GROUP (ORDER BY recency) AS r2, percentile_disc(0.6) WITHIN GROUP (ORDER BY recency) AS r3,
      percentile_disc(0.4) WITHIN GROUP (ORDER BY recency) AS r4, percentile_disc(0.2) WITHIN GROUP (ORDER BY recency) AS r5,
      percentile_disc(0.2) WITHIN GROUP (ORDER BY orders) AS f2, percentile_disc(0.4) WITHIN GROUP (ORDER BY orders) AS f3,
      percentile_disc(0.6) WITHIN GROUP (ORDER BY orders) AS f4, percentile_disc(0.8) WITHIN GROUP (ORDER BY orders) AS f5,
      percentile_disc(0.2) WITHIN GROUP (ORDER BY amount) AS m2, percentile_disc(0.4) WITHIN GROUP (ORDER BY amount) AS m3,
      percentile_disc(0.6) WITHIN GROUP (ORDER BY amount) AS m4, percentile_disc(0.8) WITHIN GROUP (ORDER BY amount) AS m5
    FROM (
      SELECT buyer_id, (${today}::date - max(shop_day))::integer AS recency, count(*) AS orders, ${amount}::decimal(18,4) AS amount
      FROM ${bought} WHERE ${SCORED} AND shop_id = ${shopId} AND shop_day <= ${today}::date GROUP BY buyer_id) AS bought`);
  if (found!.buyers < leastBuyers) return { missing: 'buyers' };
  const { r2, r3, r4, r5, f2, f3, f4, f5, m2, m3, m4, m5 } = found!;
  const orders: number[] = [];
  for (const cut of [f2, f3, f4, f5]) orders.push(Math.max(cut, (orders.at(-1) ?? 1) + 1));
  const cuts = JSON.stringify({
    currency,
    recencyDays: [r2, r3, r4, r5],
    orders,
    amount: [m2, m3, m4, m5].map((least) => moneyText(toMoney(least)!)),
  });
  const [latest] = await tx.query<{ version: number }>(
    sql`SELECT coalesce(max(version), 0) AS version FROM rfm_scales WHERE shop_id = ${shopId}`,
  );
  const version = latest!.version + 1;
  await tx.run(insertRow('rfm_scales', { shop_id: shopId, version, made_at: at, cuts }));
  return { version };
}

function factorsOf(
  table: RateTable,
  days: readonly { readonly currency: string | null; readonly day: string }[],
  to: string,
): { readonly rows: [day: string, currency: string, factor: string][] } | Extract<KeptScale, { pair: string }> {
  const rows: [day: string, currency: string, factor: string][] = [];
  for (const { currency, day } of days) {
    if (currency === null) continue;
    const rate = crossRate(table, { from: currency, to, day });
    if (!rate && currency !== to) return { missing: 'rate', pair: `${currency}/${to}`, day };
    rows.push([day, currency, currency === to ? '1' : rate!.factor]);
  }
  return { rows };
}
