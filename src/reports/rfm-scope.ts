import type { Reader } from '../engines/engine.ts';
import { isOneOf, join, raw, sql, type Sql } from '../engines/sql.ts';
import { moneyText, ratio, sumTimes, toMoney, type Money } from '../model/money.ts';
import { scaleCurrency, usualCuts, type RfmCuts } from '../model/rfm.ts';
import { saleDays } from './amount-days.ts';
import { convertedName, convertedRelation, isMissing, openConversion, type MissingRate } from './conversion.ts';
import { readDays } from './money-scope.ts';
import type { Scope } from './scope.ts';

/** The cut points a shop's buyers are scored by; version 0 is what is usual until the shop keeps its own. */
export interface RfmScale {
  readonly shopId: number;
  readonly version: number;
  readonly madeAt: string | null;
  /** The currency of the amounts. */
  readonly currency: string | null;
  /** Without amounts where a rate is missing to reckon them. */
  readonly cuts: Omit<RfmCuts, 'amount'> & { readonly amount: readonly Money[] | null };
}

/** The scale of each shop in scope: the latest it keeps, else the usual one by its average order up to today. */
export async function readScales(reader: Reader, scope: Scope): Promise<RfmScale[]> {
  const kept = await reader.query<{ shop_id: number; version: number; made_at: string; cuts: string }>(sql`
    SELECT shop_id, version, made_at, cuts FROM rfm_scales WHERE ${scope.ofShops} ORDER BY shop_id, version`);
  const latest = new Map(kept.map((row) => [row.shop_id, row]));
  const told = sql`${scope.salesOrders} AND ${scope.untilToday} AND buyer_told AND net_known > 0`;
  const sums =
    latest.size === scope.shops.length
      ? []
      : await reader.query<{ shop_id: number; currency: string | null; orders: number; amount: string }>(sql`
    SELECT shop_id, currency, sum(net_known)::bigint AS orders, sum(net_sales) AS amount FROM order_days WHERE ${told} GROUP BY 1, 2
    ORDER BY 1, 2`);
  const scales: RfmScale[] = [];
  for (const { shopId, currency: ofShop } of scope.shops) {
    const own = latest.get(shopId);
    if (own) {
      const { currency = ofShop, ...cuts } = readCuts(own.cuts);
      scales.push({ shopId, version: own.version, madeAt: own.made_at, currency, cuts });
      continue;
    }
    const parts = sums.filter(({ shop_id }) => shop_id === shopId);
    const currency = scaleCurrency(
      parts.map((part) => part.currency),
      { ofShop, reporting: scope.currency },
    );
    const average =
      parts.length > 1 && currency !== null
        ? await averageOrder(reader, sql`${told} AND shop_id = ${shopId}`, currency)
        : averageOf(parts[0]);
    const usual = usualCuts(average ?? 0n);
    scales.push({ shopId, version: 0, madeAt: null, currency, cuts: average === null ? { ...usual, amount: null } : usual });
  }
  return scales;
}

/** What orders of several currencies come to on average in one of them; null where a rate is missing. */
async function averageOrder(reader: Reader, which: Sql, currency: string): Promise<Money | null> {
  const conversion = await openConversion(
    reader,
    await readDays(reader, [sql`SELECT currency, shop_day AS day FROM order_days WHERE ${which}`]),
    currency,
  );
  if (isMissing(conversion)) return null;
  const [sum] = await reader.query<{ orders: number; amount: string }>(sql`
    SELECT sum(net_known)::bigint AS orders, sum(${raw(convertedName('net_sales'))}) AS amount
    FROM ${convertedRelation(conversion, raw('order_days'), { name: 'order_days', amounts: ['net_sales'] })} WHERE ${which}
    AND currency IS NOT NULL`);
  return averageOf(sum);
}

function averageOf(sum: { readonly orders: number; readonly amount: string } | undefined): Money {
  return sum ? toMoney(sumTimes(sum.amount, 1n, BigInt(sum.orders), 4))! : 0n;
}

function readCuts(text: string): RfmCuts & { readonly currency?: string | null } {
  const cuts = JSON.parse(text) as Omit<RfmCuts, 'amount'> & { amount: string[]; currency?: string | null };
  return { ...cuts, amount: cuts.amount.map((each) => toMoney(each)!) };
}

/** The orders of the window with what each comes to in the currency of each scale, and how a buyer's is found. */
export interface ScaledOrders {
  /** Stands in FROM in place of the orders. */
  readonly orders: Sql;
  /** Aggregates over a buyer's orders, for the SELECT list. */
  readonly sums: Sql;
  /** Of these the one in the currency of the scale of the shop `last_shop`. */
  readonly stored: Sql;
  /** The rate for want of which some amount is not known. */
  readonly missing: MissingRate | null;
}

/**
 * Amounts are held against a scale in its own currency, each at the rate of its day: two currencies are never added. Where a rate is
 * missing, or currencies stand side by side, what is known is told of buyers who bought in that currency alone.
 */
export async function openScaledOrders(reader: Reader, scope: Scope, scales: readonly RfmScale[]): Promise<ScaledOrders> {
  const currencies = [...new Set(scales.map(({ currency }) => currency))];
  if (scope.conversion === null && !scope.sideBySide && currencies.every((currency) => currency === scope.currency || currency === null)) {
    return { orders: scope.orders, sums: sql`sum(${scope.storedAmount}) AS stored`, stored: sql`b.stored`, missing: null };
  }
  if (currencies.length === 0)
    return { orders: scope.orders, sums: sql`NULL::decimal(18,4) AS stored`, stored: sql`b.stored`, missing: null };
  const days = scope.sideBySide ? [] : await readDays(reader, [saleDays(scope, scope.current)]);
  let orders = scope.orders;
  let missing: MissingRate | null = null;
  const sums: Sql[] = [];
  const cases: Sql[] = [];
  for (const [n, currency] of currencies.entries()) {
    const [scaled, sum] = [`scaled_${n}`, raw(`stored_${n}`)];
    const conversion = scope.sideBySide || currency === null ? null : await openConversion(reader, days, currency);
    if (conversion && isMissing(conversion)) missing ??= conversion;
    if (conversion && !isMissing(conversion)) {
      orders = convertedRelation(conversion, sql`(SELECT * FROM ${orders})`, {
        name: 'orders',
        amounts: [scope.storedAmount.text],
        nameOf: () => scaled,
      });
      sums.push(sql`sum(${raw(scaled)}) AS ${sum}`);
    } else {
      sums.push(
        sql`CASE WHEN count(*) FILTER (WHERE currency IS DISTINCT
          FROM ${currency}::varchar) = 0 THEN sum(${scope.storedAmount}) END AS ${sum}`,
      );
    }
    cases.push(
      sql`WHEN ${isOneOf(
        sql`b.last_shop`,
        scales.filter((scale) => scale.currency === currency).map(({ shopId }) => shopId),
      )} THEN b.${sum}`,
    );
  }
  return { orders, sums: join(sums), stored: sql`CASE ${join(cases, ' ')} END`, missing };
}

/**
 * Buyers with their scores `r`, `f` and `m` from 1 to 5 as a query, by the scale of the shop of their last order.
 * @param buyers gives `last_shop`, `recency` (days), `orders` and `stored` (the amount in the currency of the scale); what has none has
 *   no `m`
 */
export function scoredByScale(buyers: Sql, scales: readonly RfmScale[]): Sql {
  const rows = scales.map(
    ({ shopId, cuts: { recencyDays, orders, amount } }) =>
      sql`(${join([
        sql`${shopId}::integer`,
        ...recencyDays.map((days) => sql`${days}::integer`),
        ...orders.map((count) => sql`${count}::integer`),
        ...(amount ?? [null, null, null, null]).map((least) => sql`${least === null ? null : moneyText(least)}::decimal(18,4)`),
      ])})`,
  );
  const score = (meets: (cut: 2 | 3 | 4 | 5) => Sql): Sql =>
    sql`CASE WHEN ${meets(5)} THEN 5 WHEN ${meets(4)} THEN 4 WHEN ${meets(3)} THEN 3 WHEN ${meets(2)} THEN 2 ELSE 1 END`;
  const r = { 2: sql`b.recency <= s.r2`, 3: sql`b.recency <= s.r3`, 4: sql`b.recency <= s.r4`, 5: sql`b.recency <= s.r5` };
  const f = { 2: sql`b.orders >= s.f2`, 3: sql`b.orders >= s.f3`, 4: sql`b.orders >= s.f4`, 5: sql`b.orders >= s.f5` };
  const m = { 2: sql`b.stored >= s.m2`, 3: sql`b.stored >= s.m3`, 4: sql`b.stored >= s.m4`, 5: sql`b.stored >= s.m5` };
  return sql`
    SELECT b.*, ${score((cut) => r[cut])} AS r, ${score((cut) => f[cut])} AS f, CASE WHEN b.stored IS NOT NULL
    AND s.m2 IS NOT NULL THEN ${score((cut) => m[cut])} END AS m
    FROM (${buyers}) AS b
    JOIN (VALUES ${join(rows)}) AS s(shop_id, r2, r3, r4, r5, f2, f3, f4, f5, m2, m3, m4, m5) ON s.shop_id = b.last_shop`;
}

/** The same by fifths of all buyers of a platform; those who are alike score alike, with the lowest of them. */
export function scoredByFifths(buyers: Sql): Sql {
  const fifth = (order: Sql, of: Sql): Sql =>
    sql`floor((rank() OVER (PARTITION BY platform${of} ORDER BY ${order}) - 1) * 5 / count(*) OVER (PARTITION BY platform${of}) +
      1)::integer`;
  return sql`
    SELECT b.*, ${fifth(sql`recency DESC`, sql``)} AS r, ${fifth(sql`orders`, sql``)} AS f,
      CASE WHEN amount IS NOT NULL THEN ${fifth(sql`amount`, sql`, amount IS NULL`)} END AS m
    FROM (${buyers}) AS b`;
}

/** An amount as an answer shows a cut point. */
export function shownCuts({ cuts: { recencyDays, orders, amount } }: RfmScale, digits: number) {
  return { recency_days: [...recencyDays], orders: [...orders], amounts: amount?.map((least) => ratio(least, 10_000n, digits)!) ?? null };
}
