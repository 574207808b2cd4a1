import type { Reader } from '../engines/engine.ts';
import type { Language } from '../kernel/messages.ts';
import { isOneOf, join, raw, sql, type Sql } from '../engines/sql.ts';
import { numbers, type Scope } from './scope.ts';

/** Aggregates over rows, under their names: whole numbers, and amounts. */
export interface Aggregates {
  readonly counts: Readonly<Record<string, Sql>>;
  readonly amounts: Readonly<Record<string, Sql>>;
}

/** Sold lines of the window grouped by `sku_id` and `platform`, as a query; the aggregates are sums and counts. */
export function soldBySkuAndPlatform(scope: Scope, { counts, amounts }: Aggregates): Sql {
  const columns = (each: (aggregate: Sql, name: Sql) => Sql): Sql =>
    join([
      ...Object.entries(counts).map(([name, aggregate]) => sql`${each(aggregate, raw(name))}::bigint AS ${raw(name)}`),
      ...Object.entries(amounts).map(([name, aggregate]) => sql`${each(aggregate, raw(name))} AS ${raw(name)}`),
    ]);
  const figures = sql`${columns((aggregate) => aggregate)} FROM ${scope.lines} WHERE ${scope.sales} AND ${scope.current}`;
  if (!scope.isWhole) {
    // A few comparisons where a join of the shops would take a second grouping.
    const [first, ...others] = scope.platforms;
    const cases = others.map((platform) => sql`WHEN ${scope.ofPlatform(platform)} THEN ${platform}::varchar `);
    return sql`SELECT sku_id, ${cases.length === 0 ? sql`${first}::varchar` : sql`CASE ${join(cases, '')} ELSE ${first}::varchar END`} AS
      platform, ${figures} GROUP BY 1, 2`;
  }
  // A listing stands for SKU and platform in one number: millions of lines are grouped by it sooner than by the two.
  return sql`
    SELECT g.sku_id, g.platform, ${columns((_aggregate, name) => sql`sum(l.${name})`)}
    FROM (SELECT listing_id, ${figures} GROUP BY listing_id) l JOIN listings g ON g.listing_id = l.listing_id
    GROUP BY g.sku_id, g.platform`;
}

/**
 * The best of each platform by units, amount and SKU with their `place`, as a query. One platform after the other, for the first few of
 * a platform are found sooner than all of them are ranked.
 * @param sold gives `sku_id`, `platform`, `sales` and `revenue`
 */
export function bestOfEachPlatform(scope: Scope, sold: Sql, most: number): Sql {
  const best = (platform: string): Sql => sql`
    SELECT * FROM (SELECT s.*, k.sku FROM ${sold} AS s JOIN skus k ON k.sku_id = s.sku_id WHERE s.platform = ${platform}
      ORDER BY s.sales DESC, s.revenue DESC NULLS LAST, k.sku LIMIT ${most}) AS own`;
  return sql`
    SELECT *, row_number() OVER (PARTITION BY platform ORDER BY sales DESC, revenue DESC NULLS LAST, sku) AS place
    FROM (${join(scope.platforms.map(best), ' UNION ALL ')}) AS best`;
}

/** What a SKU is called on the platforms in question. */
export interface SkuNames {
  readonly sku: string;
  readonly sku_name: string | null;
  readonly image: string | null;
  readonly platform_skus: readonly string[];
}

/** What no id of a platform holds: it parts them in one text. */
const BETWEEN = '\u001f';

/**
 * The names of SKUs by their number, of those that the platforms in scope use: where it is sold in a market of the language asked for its name
 * there, else an English one, else any; of these the latest.
 * The database picks them, for texts are what costs most on their way out of it.
 */
export async function readSkuNames(reader: Reader, scope: Scope, skuIds: readonly number[]): Promise<Map<number, SkuNames>> {
  if (skuIds.length === 0) return new Map();
  const market = marketOrder(scope, skuIds);
  // The place among all listings stands before what is wanted of them, so that the least text is the latest one there is.
  const latest = (thing: Sql): Sql => sql`substr(min(lpad(place::varchar, 9, '0') || ${thing}), 10)`;
  const rows = await reader.query<{
    sku_id: number;
    sku: string;
    sku_name: string | null;
    image: string | null;
    platform_skus: string | null;
  }>(sql`
    SELECT sku_id, sku, ${latest(sql`sku_name`)} AS sku_name, ${latest(sql`image`)} AS image, string_agg(platform_sku,
    ${BETWEEN}) AS platform_skus
    FROM (SELECT k.sku_id, k.sku, g.platform_sku, g.sku_name, g.image, row_number() OVER (ORDER BY ${market.order} g.seen_at DESC,
    g.platform, g.platform_sku) AS place
      FROM listings g JOIN skus k ON k.sku_id = g.sku_id ${market.join}
      WHERE ${isOneOf(sql`g.platform`, scope.platforms)} AND g.sku_id IN (${numbers(skuIds)})) AS placed
    GROUP BY sku_id, sku`);
  return new Map(
    rows.map(({ sku_id, platform_skus, ...names }) => [
      sku_id,
      {
        ...names,
        platform_skus: [...new Set((platform_skus ?? '').split(BETWEEN).filter(Boolean))].toSorted(),
      },
    ]),
  );
}

/**
 * Listings that were sold in markets of the language asked for come first, then those sold in English ones, in others, and elsewhere. Where
 * all shops are asked about and their markets are alike, nothing need be looked up.
 */
function marketOrder(scope: Scope, skuIds: readonly number[]): { readonly order: Sql; readonly join: Sql } {
  const wanted: readonly Language[] = scope.language === 'en' ? ['en'] : [scope.language, 'en'];
  const placeOf = (region: string | null): number => (region === null ? -1 : wanted.indexOf(languageOf(region)));
  const byPlace = Map.groupBy(scope.shops, ({ region }) => placeOf(region));
  if (scope.everyShop && byPlace.size < 2) return { order: sql``, join: sql`` };
  const cases = [...byPlace].flatMap(([place, shops]) =>
    place < 0 ? [] : [sql`WHEN shop_id IN (${numbers(shops.map(({ shopId }) => shopId))}) THEN ${place}::integer`],
  );
  const others = sql`${wanted.length}::integer`;
  return {
    order: sql`coalesce(m.market, ${wanted.length + 1}::integer),`,
    join: sql`LEFT JOIN (
        SELECT listing_id, min(${cases.length === 0 ? others : sql`CASE ${join(cases, ' ')} ELSE ${others} END`}) AS market FROM lines
        WHERE ${scope.current} AND listing_id IN (SELECT listing_id FROM listings WHERE sku_id IN (${numbers(skuIds)})) GROUP BY 1) AS m
      ON m.listing_id = g.listing_id`,
  };
}

/** The language that most people of a country speak. */
function languageOf(region: string): Language {
  return new Intl.Locale(`und-${region}`).maximize().language as Language;
}
