import { z } from 'zod';
import { described } from '../kernel/described.ts';
import { join, raw, sql, type Sql } from '../engines/sql.ts';
import { countryName } from '../model/area.ts';
import { addSums, compareSums, growth, percent } from '../model/money.ts';
import type { PlatformId } from '../model/shop.ts';
import { among, sideBySide, type Scope } from './scope.ts';
import { readSkuNames } from './sku-scope.ts';
import { byCurrency, column, mostFirst, platformShare, report, type ReportContext } from './report.ts';

const LEVELS = ['country', 'region', 'city'] as const;
const TOP = 3;
/** The parts of a place that make an area of each level. */
const PARTS = {
  country: ['country'],
  region: ['country', 'region_code', 'region'],
  city: ['country', 'region_code', 'region', 'city'],
} as const;

const topSku = z.strictObject({ sku: z.string(), sku_name: z.string().nullable(), image: z.string().nullable(), sales: z.int() });
const topCategory = z.strictObject({ category: z.string(), sales: z.int() });

interface AreaRow {
  area_no: number;
  country: string | null;
  region_code: string | null;
  region: string | null;
  city: string | null;
  shop_id: number;
  sales: number;
  orders: number;
  amount: string | null;
  later: number;
  earlier: number;
}

interface Area {
  /** Its number among all areas, in the order of their names. */
  readonly no: number;
  readonly place: Pick<AreaRow, 'country' | 'region_code' | 'region' | 'city'>;
  /** By shop. */
  readonly rows: readonly AreaRow[];
  readonly buyers: ReadonlyMap<PlatformId, number>;
  readonly sales: number;
  /** Exact, as decimal text. */
  readonly amount: string | null;
}

/** Where the demand is. */
export const areaDemand = report({
  name: 'AreaDemand',
  version: 2,
  title: { en: 'Demand by area', zh: '地区需求', es: 'Demanda por zona' },
  question: { en: 'Where is the demand?', zh: '需求在哪里？', es: '¿Dónde está la demanda?' },
  parameters: z.strictObject({
    level: described(z.enum(LEVELS).default('region'), {
      en: 'How fine: country, region (state, autonomous community, province) or city.',
      zh: '地区级别：国家、州/省/自治区或城市。',
      es: 'Con qué detalle: país, comunidad o región, o ciudad.',
    }),
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
    const shown = [...areas.filter(isKnown).slice(0, parameters.limit), ...areas.filter((area) => !isKnown(area))].filter(
      ({ sales }) => sales > 0,
    );
    const tops = await readTops(
      context,
      shown.map(({ no }) => no),
    );
    const counted = tellAboutBuyers(context, areas);
    const amounts = await sideBySide(
      context,
      sql`
      WITH area AS (${areasOf(parameters.level)})
      SELECT a.area_no::varchar AS key, o.currency, sum(o.${scope.amount}) AS amount
      FROM orders o JOIN area a ON a.place_id = o.place_id
      WHERE ${scope.salesOrders} AND ${scope.current} GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    return {
      data: shown.map(({ no, place, rows, buyers, sales, amount }) => {
        const sum = (of: (row: AreaRow) => number): number => rows.reduce((all, row) => all + of(row), 0);
        const orders = sum((row) => row.orders);
        const platforms = unitsByPlatform(scope, rows);
        const told = platforms.filter(({ platform }) => counted.has(platform));
        return {
          area: nameOf(place, parameters.level) ?? 'unknown',
          sales,
          sales_amount: scope.money(amount),
          top3_sku: tops.skus(no),
          area_code: parameters.level === 'country' ? place.country : place.region_code,
          country: place.country,
          level: parameters.level,
          orders,
          buyers: told.length === 0 ? null : told.reduce((all, { platform }) => all + (buyers.get(platform) ?? 0), 0),
          aov: scope.moneyPer(amount, orders),
          share: percent(BigInt(sales), BigInt(total)),
          growth_rate: scope.grows ? growth(BigInt(sum((row) => row.earlier)), BigInt(sum((row) => row.later))) : null,
          top3_category: tops.categories(no),
          platforms,
          ...amounts(String(no)),
        };
      }),
    };
  },
});

function nameOf(place: Area['place'], level: (typeof LEVELS)[number]): string | null {
  if (level === 'country') return place.country && countryName(place.country, 'en');
  return level === 'region' ? place.region : place.city;
}

/** Every place with the area of a level it lies in; areas are numbered, for numbers group sooner than their names. */
function areasOf(level: (typeof LEVELS)[number]): Sql {
  const parts = PARTS[level].map((part) => sql`coalesce(${raw(part)}, '')`);
  return sql`SELECT place_id, country, region_code, region, city, dense_rank() OVER (ORDER BY ${join(parts, ` || '|' || `)})::integer AS
    area_no FROM places`;
}

async function readAreas({ reader, scope, parameters }: Context): Promise<Area[]> {
  const sum = (amount: Sql, period: Sql): Sql => sql`sum(${amount}) FILTER (WHERE ${period})`;
  const [rows, buyers] = await Promise.all([
    reader.query<AreaRow & Record<string, never>>(sql`
      WITH area AS (${areasOf(parameters.level)})
      SELECT a.area_no, min(a.country) AS country, min(a.region_code) AS region_code, min(a.region) AS region, min(a.city) AS city,
      o.shop_id,
        sum(o.sales)::bigint AS sales, sum(o.orders)::bigint AS orders, sum(o.amount) AS amount, sum(o.later)::bigint AS later,
        sum(o.earlier)::bigint AS earlier
      FROM (
        SELECT place_id, shop_id, coalesce(${sum(sql`units`, scope.ofWindow)}, 0) AS sales,
        count(*) FILTER (WHERE ${scope.ofWindow}) AS orders,
          ${sum(scope.addableAmount, scope.ofWindow)} AS amount, coalesce(${sum(sql`units`, scope.later)}, 0) AS later,
          coalesce(${sum(sql`units`, scope.earlier)}, 0) AS earlier
        FROM ${scope.orders} WHERE ${scope.salesOrders} AND ${scope.anyPeriod} GROUP BY place_id, shop_id) AS o
      JOIN area a ON a.place_id = o.place_id
      GROUP BY a.area_no, o.shop_id`),
    // A buyer of two shops of one platform is one.
    reader.query<{ area_no: number; shop_id: number; buyers: number }>(sql`
      WITH area AS (${areasOf(parameters.level)})
      SELECT area_no, shop_id, count(*) AS buyers FROM (
        SELECT a.area_no, o.buyer_id, min(o.shop_id) AS shop_id
        FROM (SELECT * FROM orders WHERE ${scope.salesOrders} AND ${scope.current} AND buyer_id IS NOT NULL) AS o JOIN area a
        ON a.place_id = o.place_id
        GROUP BY a.area_no, o.buyer_id) AS different
      GROUP BY area_no, shop_id`),
  ]);
  const buyersOf = Map.groupBy(buyers, ({ area_no }) => area_no);
  return [...Map.groupBy(rows, ({ area_no }) => area_no)]
    .map(([no, ofArea]) => ({
      no,
      place: parameters.level === 'city' ? ofArea[0]! : { ...ofArea[0]!, city: null },
      rows: ofArea,
      buyers: added((buyersOf.get(no) ?? []).map(({ shop_id, buyers: count }) => [scope.platformOf(shop_id), count])),
      sales: ofArea.reduce((all, { sales }) => all + sales, 0),
      amount: addSums(ofArea.map(({ amount }) => amount)),
    }))
    .toSorted((a, b) => b.sales - a.sales || compareSums(b.amount ?? '0', a.amount ?? '0') || a.no - b.no);
}

/** Counts by platform. */
function added(counts: readonly (readonly [PlatformId, number])[]): Map<PlatformId, number> {
  const sums = new Map<PlatformId, number>();
  for (const [platform, count] of counts) sums.set(platform, (sums.get(platform) ?? 0) + count);
  return sums;
}

type Context = ReportContext<{ readonly level: (typeof LEVELS)[number] }>;

async function readTops({ reader, scope, parameters }: Context, areas: readonly number[]) {
  // Ranked by number before a name has to decide between equals.
  const ranked = <R extends { area_no: number; sales: number }>(
    thing: Sql,
    name: string,
    { named, from = sql``, names = sql`` }: { named: Sql; from?: Sql; names?: Sql },
  ) =>
    reader.query<R & Record<string, never>>(sql`
      WITH area AS (SELECT * FROM (${areasOf(parameters.level)}) AS every_place WHERE ${among(sql`area_no`, areas)})
      SELECT area_no, thing AS ${raw(name)}, sales FROM (
        SELECT c.*, row_number() OVER (PARTITION BY c.area_no ORDER BY c.sales DESC, ${named}) AS place
        FROM (
          SELECT s.*, rank() OVER (PARTITION BY s.area_no ORDER BY s.sales DESC) AS rough FROM (
            SELECT a.area_no, ${thing} AS thing, sum(l.quantity)::bigint AS sales
            FROM (SELECT place_id, sku_id, listing_id, quantity FROM lines WHERE ${scope.sales} AND ${scope.current}) l
            JOIN area a ON a.place_id = l.place_id ${from}
            GROUP BY 1, 2) AS s) AS c ${names}
        WHERE c.rough <= ${TOP}) AS ranked
      WHERE place <= ${TOP} ORDER BY area_no, place`);
  const [skus, categories] = await Promise.all([
    ranked<{ area_no: number; sku_id: number; sales: number }>(sql`l.sku_id`, 'sku_id', {
      named: sql`k.sku`,
      names: sql`JOIN skus k ON k.sku_id = c.thing`,
    }),
    ranked<{ area_no: number; category: string; sales: number }>(sql`g.category`, 'category', {
      named: sql`c.thing`,
      from: sql`JOIN listings g ON g.listing_id = l.listing_id AND g.category IS NOT NULL`,
    }),
  ]);
  const names = await readSkuNames(reader, scope, [...new Set(skus.map(({ sku_id }) => sku_id))]);
  const skusOf = Map.groupBy(skus, ({ area_no }) => area_no);
  const categoriesOf = Map.groupBy(categories, ({ area_no }) => area_no);
  return {
    skus: (area: number) =>
      (skusOf.get(area) ?? []).map(({ sku_id, sales }) => {
        const { sku, sku_name, image } = names.get(sku_id)!;
        return { sku, sku_name, image, sales };
      }),
    categories: (area: number) => (categoriesOf.get(area) ?? []).map(({ category, sales }) => ({ category, sales })),
  };
}

/** The platforms that tell their buyers; says of the others that they do not. */
function tellAboutBuyers({ scope, because, warn }: Context, areas: readonly Area[]): Set<PlatformId> {
  const sold = areas
    .map(({ rows }) => new Set(rows.filter(({ sales }) => sales > 0).map(({ shop_id }) => scope.platformOf(shop_id))))
    .filter(({ size }) => size > 0);
  const telling = new Set(areas.flatMap(({ buyers }) => [...buyers.keys()]));
  // A platform that sold nothing here has not kept any buyer back.
  const silent = [...new Set(sold.flatMap((platforms) => [...platforms])).difference(telling)].toSorted();
  if (sold.some((platforms) => platforms.isDisjointFrom(telling))) because('buyers', 'no_buyer', { platform: silent });
  if (telling.size > 0 && silent.length > 0) warn('buyers_partly', { platform: silent });
  return telling;
}

function unitsByPlatform(scope: Scope, rows: readonly AreaRow[]) {
  const units = added(rows.filter(({ sales }) => sales > 0).map(({ shop_id, sales }) => [scope.platformOf(shop_id), sales]));
  return mostFirst([...units].map(([platform, sales]) => ({ platform, sales })));
}
