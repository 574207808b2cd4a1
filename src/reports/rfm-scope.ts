import type { Reader } from '../engines/engine.ts';
import { join, sql, type Sql } from '../engines/sql.ts';
import { moneyText, ratio, toMoney } from '../model/money.ts';
import { usualCuts, type RfmCuts } from '../model/rfm.ts';
import type { Scope } from './scope.ts';

/** The cut points a shop's buyers are scored by; version 0 is what is usual until the shop keeps its own. */
export interface RfmScale {
  readonly shopId: number;
  readonly version: number;
  readonly madeAt: string | null;
  readonly cuts: RfmCuts;
}

/** The scale of each shop in scope: the latest it keeps, else the usual one by its average order up to today. */
export async function readScales(reader: Reader, scope: Scope): Promise<RfmScale[]> {
  const kept = await reader.query<{ shop_id: number; version: number; made_at: string; cuts: string }>(sql`
    SELECT shop_id, version, made_at, cuts FROM rfm_scales WHERE ${scope.ofShops} ORDER BY shop_id, version`);
  const latest = new Map(kept.map((row) => [row.shop_id, row]));
  const averages = latest.size === scope.shops.length ? [] : await reader.query<{ shop_id: number; orders: number; amount: string | null }>(sql`
    SELECT shop_id, sum(net_known)::bigint AS orders, sum(net_sales) AS amount FROM order_days
    WHERE ${scope.salesOrders} AND ${scope.untilToday} AND buyer_told AND net_known > 0 GROUP BY shop_id`);
  return scope.shops.map(({ shopId }) => {
    const own = latest.get(shopId);
    if (own) return { shopId, version: own.version, madeAt: own.made_at, cuts: readCuts(own.cuts) };
    const shop = averages.find(({ shop_id }) => shop_id === shopId);
    const average = shop ? (shop.amount === null ? 0n : toMoney(shop.amount)!) / BigInt(shop.orders) : 0n;
    return { shopId, version: 0, madeAt: null, cuts: usualCuts(average) };
  });
}

/** The cut points of their stored form. */
function readCuts(text: string): RfmCuts {
  const { recencyDays, orders, amount } = JSON.parse(text) as { recencyDays: number[]; orders: number[]; amount: string[] };
  return { recencyDays, orders, amount: amount.map((each) => toMoney(each)!) };
}

/**
 * Buyers with their scores `r`, `f` and `m` from 1 to 5 as a query, by the scale of the shop of their last order.
 * @param buyers gives `last_shop`, `recency` (days), `orders` and `stored` (the amount in the currency of the shop); what has none has no `m`
 */
export function scoredByScale(buyers: Sql, scales: readonly RfmScale[]): Sql {
  const rows = scales.map(({ shopId, cuts: { recencyDays, orders, amount } }) => sql`(${join([
    sql`${shopId}::integer`, ...recencyDays.map((days) => sql`${days}::integer`), ...orders.map((count) => sql`${count}::integer`),
    ...amount.map((least) => sql`${moneyText(least)}::decimal(18,4)`),
  ])})`);
  const score = (meets: (cut: 2 | 3 | 4 | 5) => Sql): Sql =>
    sql`CASE WHEN ${meets(5)} THEN 5 WHEN ${meets(4)} THEN 4 WHEN ${meets(3)} THEN 3 WHEN ${meets(2)} THEN 2 ELSE 1 END`;
  const r = { 2: sql`b.recency <= s.r2`, 3: sql`b.recency <= s.r3`, 4: sql`b.recency <= s.r4`, 5: sql`b.recency <= s.r5` };
  const f = { 2: sql`b.orders >= s.f2`, 3: sql`b.orders >= s.f3`, 4: sql`b.orders >= s.f4`, 5: sql`b.orders >= s.f5` };
  const m = { 2: sql`b.stored >= s.m2`, 3: sql`b.stored >= s.m3`, 4: sql`b.stored >= s.m4`, 5: sql`b.stored >= s.m5` };
  return sql`
    SELECT b.*, ${score((cut) => r[cut])} AS r, ${score((cut) => f[cut])} AS f, CASE WHEN b.stored IS NOT NULL THEN ${score((cut) => m[cut])} END AS m
    FROM (${buyers}) AS b
    JOIN (VALUES ${join(rows)}) AS s(shop_id, r2, r3, r4, r5, f2, f3, f4, f5, m2, m3, m4, m5) ON s.shop_id = b.last_shop`;
}

/** The same by fifths of all buyers of a platform; those who are alike score alike, with the lowest of them. */
export function scoredByFifths(buyers: Sql): Sql {
  const fifth = (order: Sql, of: Sql): Sql => sql`floor((rank() OVER (PARTITION BY platform${of} ORDER BY ${order}) - 1) * 5 / count(*) OVER (PARTITION BY platform${of}) + 1)::integer`;
  return sql`
    SELECT b.*, ${fifth(sql`recency DESC`, sql``)} AS r, ${fifth(sql`orders`, sql``)} AS f,
      CASE WHEN amount IS NOT NULL THEN ${fifth(sql`amount`, sql`, amount IS NULL`)} END AS m
    FROM (${buyers}) AS b`;
}

/** An amount as an answer shows a cut point. */
export function shownCuts({ cuts: { recencyDays, orders, amount } }: RfmScale, digits: number) {
  return { recency_days: [...recencyDays], orders: [...orders], amounts: amount.map((least) => ratio(least, 10_000n, digits)!) };
}
