import { z } from 'zod';
import { join, raw, sql, type Sql } from '../engines/sql.ts';
import { countryName } from '../model/area.ts';
import { addSums, compareSums, growth, percent } from '../model/money.ts';
import type { PlatformId } from '../model/shop.ts';
import { among, readSkuNames, sideBySide, type Scope } from './scope.ts';
import { byCurrency, column, mostFirst, platformShare, report, type ReportContext } from './report.ts';

const LEVELS = ['country', 'region', 'city'] as const;
const TOP = 3;
/** The parts of a place that make an area of each level. */
const PARTS = { country: ['country'], region: ['country', 'region_code', 'region'], city: ['country', 'region_code', 'region', 'city'] } as const;

const topSku = z.strictObject({ sku: z.string(), sku_name: z.string().nullable(), image: z.string().nullable(), sales: z.int() });
const topCategory = z.strictObject({ category: z.string(), sales: z.int() });

interface AreaRow {
  area_key: string;
  country: string | null; region_code: string | null; region: string | null; city: string | null;
  shop_id: number; sales: number; orders: number; amount: string | null; buyers: number; later: number; earlier: number;
}

interface Area {
  readonly key: string;
  readonly place: Pick<AreaRow, 'country' | 'region_code' | 'region' | 'city'>;
  readonly rows: readonly AreaRow[];
  readonly sales: number;
  /** Exact, as decimal text. */
  readonly amount: string | null;
}

/** Where the demand is. */
export const areaDemand = report({
  name: 'AreaDemand',
  version: 1,
  title: { en: 'Area demand', zh: '区域需求分布', es: 'Demanda por zona' },
  question: { en: 'Where is the demand?', zh: '需求在哪里？', es: '¿Dónde está la demanda?' },
  parameters: z.strictObject({
    level: z.enum(LEVELS).default('region').describe('How fine: country, region (state, autonomous community, province) or city.'),
  }),
  rows: 5,
  tables: {
    data: {
      title: { en: 'Areas by units', zh: '按销量排列的地区', es: 'Zonas por unidades' },
      row: z.strictObject({
        area: column(z.string(), 'text', 'Name of the area; `unknown` where the address does not tell it.'),
        sales: column(z.int(), 'count', 'Units sold.'),
        sales_amount: column(z.number().nullable(), 'money', 'Net sales, or what `measure` says.'),
        top3_sku: column(z.array(topSku), 'list', 'The three SKUs that sell most there.'),
        area_code: column(z.string().nullable(), 'text', 'ISO 3166-1 code of a country, ISO 3166-2 code of a region.'),
        country: column(z.string().nullable(), 'text', 'ISO 3166-1 code.'),
        level: column(z.enum(LEVELS), 'text', 'Level of the area.'),
        orders: column(z.int(), 'count', 'Orders with a sale.'),
        buyers: column(z.int().nullable(), 'count', 'Different buyers.'),
        aov: column(z.number().nullable(), 'money', 'Amount per order.'),
        share: column(z.number().nullable(), 'percent', 'Share of all units, unknown areas in the whole.'),
        growth_rate: column(z.number().nullable(), 'percent', 'Units of the last complete days against as many before.'),
        top3_category: column(z.array(topCategory), 'list', 'The three categories that sell most there.'),
        platforms: column(z.array(platformShare), 'list', 'Units by platform.'),
        by_currency: byCurrency,
      }),
    },
  },
  async compute(context) {
    const { scope, parameters } = context;
    const areas = await readAreas(context);
    const total = areas.reduce((sum, { sales }) => sum + sales, 0);
    const isKnown = ({ place }: Area): boolean => nameOf(place, parameters.level) !== null;
    // What has no name stays visible and in the whole, but takes no known area's place.
    const shown = [...areas.filter(isKnown).slice(0, parameters.limit), ...areas.filter((area) => !isKnown(area))].filter(({ sales }) => sales > 0);
    const tops = await readTops(context, shown.map(({ key }) => key));
    const counted = tellAboutBuyers(context, areas);
    const amounts = await sideBySide(context, sql`
      WITH area AS (${areaKeys(parameters.level)})
      SELECT a.area_key AS key, o.currency, sum(o.${scope.amount}) AS amount
      FROM orders o JOIN area a ON a.place_id = o.place_id
      WHERE ${scope.salesOrders} AND ${scope.current} GROUP BY 1, 2 ORDER BY 1, 2`);
    return {
      data: shown.map(({ key, place, rows, sales, amount }) => {
        const sum = (of: (row: AreaRow) => number): number => rows.reduce((all, row) => all + of(row), 0);
        const orders = sum((row) => row.orders);
        const withBuyers = rows.filter(({ sales: units, shop_id }) => units > 0 && counted.has(scope.platformOf(shop_id)));
        return {
          area: nameOf(place, parameters.level) ?? 'unknown',
          sales,
          sales_amount: scope.money(amount),
          top3_sku: tops.skus(key),
          area_code: parameters.level === 'country' ? place.country : place.region_code,
          country: place.country,
          level: parameters.level,
          orders,
          buyers: withBuyers.length === 0 ? null : withBuyers.reduce((all, { buyers }) => all + buyers, 0),
          aov: scope.moneyPer(amount, orders),
          share: percent(BigInt(sales), BigInt(total)),
          growth_rate: scope.grows ? growth(BigInt(sum((row) => row.earlier)), BigInt(sum((row) => row.later))) : null,
          top3_category: tops.categories(key),
          platforms: unitsByPlatform(scope, rows),
          ...amounts(key),
        };
      }),
    };
  },
});

function nameOf(place: Area['place'], level: (typeof LEVELS)[number]): string | null {
  if (level === 'country') return place.country && countryName(place.country, 'en');
  return level === 'region' ? place.region : place.city;
}

function areaKeys(level: (typeof LEVELS)[number]): Sql {
  const parts = PARTS[level].map((part) => sql`coalesce(${raw(part)}, '')`);
  return sql`SELECT place_id, country, region_code, region, city, ${join(parts, ` || '|' || `)} AS area_key FROM places`;
}

async function readAreas({ reader, scope, parameters }: Context): Promise<Area[]> {
  // A buyer of two shops of one platform is one: buyers are counted by platform, for all else the shop will do.
  const rows = await reader.query<AreaRow & Record<string, never>>(sql`
    WITH area AS (${areaKeys(parameters.level)})
    SELECT a.area_key, min(a.country) AS country, min(a.region_code) AS region_code, min(a.region) AS region, min(a.city) AS city,
      min(o.shop_id) AS shop_id,
      coalesce(sum(o.units) FILTER (WHERE ${scope.ofWindow}), 0)::bigint AS sales,
      count(*) FILTER (WHERE ${scope.ofWindow}) AS orders,
      sum(${scope.addableAmount}) FILTER (WHERE ${scope.ofWindow}) AS amount,
      count(DISTINCT o.buyer_id) FILTER (WHERE ${scope.ofWindow}) AS buyers,
      coalesce(sum(o.units) FILTER (WHERE ${scope.later}), 0)::bigint AS later,
      coalesce(sum(o.units) FILTER (WHERE ${scope.earlier}), 0)::bigint AS earlier
    FROM (SELECT orders.*, h.platform FROM ${scope.orders} JOIN (SELECT shop_id AS id, platform FROM shops) h ON h.id = orders.shop_id
      WHERE ${scope.salesOrders} AND ${scope.anyPeriod}) o
    JOIN area a ON a.place_id = o.place_id
    GROUP BY a.area_key, o.platform`);
  return [...Map.groupBy(rows, ({ area_key }) => area_key)]
    .map(([key, ofArea]) => ({
      key,
      place: parameters.level === 'city' ? ofArea[0]! : { ...ofArea[0]!, city: null },
      rows: ofArea,
      sales: ofArea.reduce((sum, { sales }) => sum + sales, 0),
      amount: addSums(ofArea.map(({ amount }) => amount)),
    }))
    .toSorted((a, b) => b.sales - a.sales || compareSums(b.amount ?? '0', a.amount ?? '0') || (a.key < b.key ? -1 : 1));
}

type Context = ReportContext<{ readonly level: (typeof LEVELS)[number] }>;

async function readTops({ reader, scope, parameters }: Context, keys: readonly string[]) {
  const ranked = <R extends { area_key: string; sales: number }>(thing: Sql, name: string, { named, join: from }: { named: Sql; join: Sql }) =>
    reader.query<R & Record<string, never>>(sql`
      WITH area AS (SELECT place_id, area_key FROM (${areaKeys(parameters.level)}) AS every_place
        WHERE ${among(sql`area_key`, keys)})
      SELECT area_key, thing AS ${raw(name)}, sales FROM (
        SELECT a.area_key, ${thing} AS thing, sum(l.quantity)::bigint AS sales,
          row_number() OVER (PARTITION BY a.area_key ORDER BY sum(l.quantity) DESC, ${named}) AS place
        FROM (SELECT place_id, sku_id, listing_id, quantity FROM lines WHERE ${scope.sales} AND ${scope.current}) l
        JOIN area a ON a.place_id = l.place_id
        ${from}
        GROUP BY a.area_key, ${thing}) AS ranked
      WHERE place <= ${TOP} ORDER BY area_key, place`);
  const [skus, categories] = await Promise.all([
    ranked<{ area_key: string; sku_id: number; sales: number }>(sql`l.sku_id`, 'sku_id', { named: sql`min(k.sku)`, join: sql`JOIN skus k ON k.sku_id = l.sku_id` }),
    ranked<{ area_key: string; category: string; sales: number }>(sql`g.category`, 'category',
      { named: sql`g.category`, join: sql`JOIN listings g ON g.listing_id = l.listing_id AND g.category IS NOT NULL` }),
  ]);
  const names = await readSkuNames(reader, scope, [...new Set(skus.map(({ sku_id }) => sku_id))]);
  const skusOf = Map.groupBy(skus, ({ area_key }) => area_key);
  const categoriesOf = Map.groupBy(categories, ({ area_key }) => area_key);
  return {
    skus: (key: string) => (skusOf.get(key) ?? []).map(({ sku_id, sales }) => {
      const { sku, sku_name, image } = names.get(sku_id)!;
      return { sku, sku_name, image, sales };
    }),
    categories: (key: string) => (categoriesOf.get(key) ?? []).map(({ category, sales }) => ({ category, sales })),
  };
}

/** The platforms that tell their buyers; says of the others that they do not. */
function tellAboutBuyers({ scope, because, warn }: Context, areas: readonly Area[]): Set<PlatformId> {
  const sold = areas.map(({ rows }) => rows.filter(({ sales }) => sales > 0)).filter((rows) => rows.length > 0);
  const platformsOf = (rows: readonly AreaRow[]): Set<PlatformId> => new Set(rows.map(({ shop_id }) => scope.platformOf(shop_id)));
  const telling = platformsOf(sold.flat().filter(({ buyers }) => buyers > 0));
  // A platform that sold nothing here has not kept any buyer back.
  const silent = [...platformsOf(sold.flat()).difference(telling)].toSorted();
  if (sold.some((rows) => platformsOf(rows).isDisjointFrom(telling))) because('buyers', 'no_buyer', { platform: silent });
  if (telling.size > 0 && silent.length > 0) warn('buyers_partly', { platform: silent });
  return telling;
}

function unitsByPlatform(scope: Scope, rows: readonly AreaRow[]) {
  return mostFirst(rows.filter(({ sales }) => sales > 0).map(({ shop_id, sales }) => ({ platform: scope.platformOf(shop_id), sales })));
}
