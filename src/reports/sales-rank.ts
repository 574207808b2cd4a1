import { z } from 'zod';
import { described } from '../kernel/described.ts';
import { raw, sql, type Sql } from '../engines/sql.ts';
import { AppError } from '../kernel/errors.ts';
import { growth } from '../model/money.ts';
import { PLATFORM_IDS, type PlatformId } from '../model/shop.ts';
import { byCurrency, column, mostFirst, platformShare, report, type ReportContext } from './report.ts';
import { among, sideBySide, type Scope } from './scope.ts';
import { bestOfEachPlatform, readSkuNames, soldBySkuAndPlatform } from './sku-scope.ts';

const BEST_OF_PLATFORM = 5;

interface SoldRow {
  sku_id: number;
  sales: number;
  orders: number;
  revenue: string | null;
  /** Null of a SKU that the window did not sell. */
  platform: PlatformId | null;
  sales_there: number | null;
  revenue_there: string | null;
  /** Among all SKUs; null: the row is of {@link SoldRow.place_there}, the place on the platform. */
  place: number | null;
  place_there: number | null;
}

/** Which SKUs sell most. */
export const salesRank = report({
  name: 'SalesRank',
  version: 2,
  title: { en: 'Sales rank', zh: '销量排行榜', es: 'Ranking de ventas' },
  question: { en: 'Which SKUs sell most?', zh: '哪些 SKU 卖得最好？', es: '¿Qué SKU se venden más?' },
  parameters: z.strictObject({
    sort: described(z.enum(['sales', 'revenue', 'growth_rate']).default('sales'), {
      en:
        'What the rows are ordered by. By `growth_rate` SKUs that were sold in the previous period alone are in it: ' +
        'they fell to nothing.',
      zh: '按什么排序。按 `growth_rate` 时，也含只在上一周期有销量的 SKU（降为零）。',
      es: 'Por qué se ordenan las filas. Con `growth_rate` entran también los SKU vendidos solo en el periodo anterior: cayeron a cero.',
    }),
    order: described(z.enum(['desc', 'asc']).default('desc'), {
      en: 'The most first, or the least; what has no value comes last.',
      zh: '从多到少（desc）或从少到多（asc）；没有值的排在最后。',
      es: 'Primero lo mayor, o lo menor; lo que no tiene valor va al final.',
    }),
  }),
  rows: 20,
  tables: {
    data: {
      title: { en: 'SKUs by units', zh: '按销量排列的 SKU', es: 'SKU por unidades' },
      row: z.strictObject({
        sku: column(z.string(), 'text', "The seller's SKU, else the platform's."),
        sku_name: column(z.string().nullable(), 'text', 'Its latest name, in the language of the answer where a market tells one.'),
        image: column(z.string().nullable(), 'text', 'Address of a picture.'),
        sales: column(z.int(), 'count', 'Units sold.'),
        orders: column(z.int(), 'count', 'Orders with a sold line of it.'),
        revenue: column(z.number().nullable(), 'money', 'Net sales, or what `measure` says.'),
        growth_rate: column(z.number().nullable(), 'percent', 'Units of the last complete days against as many before.'),
        platforms: column(z.array(platformShare), 'list', 'Units by platform.'),
        platform_skus: column(z.array(z.string()), 'list', "The platforms' own ids of it."),
        by_currency: byCurrency,
      }),
    },
    by_platform: {
      title: { en: 'The top 5 of each platform', zh: '各平台前五', es: 'Los 5 primeros de cada plataforma' },
      row: z.strictObject({
        platform: column(z.enum(PLATFORM_IDS), 'text', 'Platform.'),
        rank: column(z.int(), 'count', 'Place on the platform.'),
        sku: column(z.string(), 'text', "The seller's SKU, else the platform's."),
        sku_name: column(z.string().nullable(), 'text', 'Its latest name, in the language of the answer where a market tells one.'),
        image: column(z.string().nullable(), 'text', 'Address of a picture.'),
        sales: column(z.int(), 'count', 'Units sold there.'),
        revenue: column(z.number().nullable(), 'money', 'Net sales there, or what `measure` says.'),
      }),
    },
  },
  async compute(context) {
    const { reader, scope, parameters } = context;
    const sold = soldBySkuAndPlatform(scope, {
      counts: { sales: sql`sum(quantity)`, orders: sql`count(*) FILTER (WHERE first_of_sku)` },
      amounts: { revenue: sql`sum(${scope.addableAmount})` },
    });
    if (parameters.sort === 'revenue' && scope.sideBySide) refuseToCompare(scope);
    const bySku = sql`
      SELECT sku_id, sum(sales)::bigint AS sales, sum(orders)::bigint AS orders, sum(revenue) AS revenue FROM sold GROUP BY sku_id
      HAVING sum(sales) > 0`;
    const [ranked, first] = rankedBy(context, bySku);
    const rows = await reader.query<SoldRow & Record<string, never>>(sql`
      WITH sold AS (${sold}),
      best AS (
        SELECT w.*, row_number() OVER (ORDER BY ${first}w.sales DESC, w.revenue DESC NULLS LAST, w.sku) AS place
        FROM (SELECT w.*, k.sku FROM (${ranked}) w JOIN skus k ON k.sku_id = w.sku_id
          ORDER BY ${first}w.sales DESC, w.revenue DESC NULLS LAST, k.sku LIMIT ${parameters.limit}) w),
      best_there AS (${bestOfEachPlatform(scope, sql`(SELECT * FROM sold WHERE sales > 0)`, BEST_OF_PLATFORM)})
      SELECT b.sku_id, b.place, NULL::bigint AS place_there, b.sales, b.orders, b.revenue, s.platform, s.sales AS sales_there,
      s.revenue AS revenue_there
      FROM best b LEFT JOIN (SELECT * FROM sold WHERE sales > 0) s ON s.sku_id = b.sku_id
      UNION ALL
      SELECT sku_id, NULL, place, sales, orders, revenue, platform, sales, revenue FROM best_there
      ORDER BY place, platform, place_there`);
    const shown = Map.groupBy(
      rows.filter(({ place }) => place !== null),
      ({ sku_id }) => sku_id,
    );
    const best = rows.filter(({ place_there }) => place_there !== null);
    const [names, grown, amounts] = await Promise.all([
      readSkuNames(reader, scope, [...new Set(rows.map(({ sku_id }) => sku_id))]),
      readGrowth(context, [...shown.keys()]),
      sideBySide(
        context,
        sql`
        SELECT sku_id::varchar AS key, currency, sum(${scope.amount}) AS amount
        FROM lines WHERE ${scope.sales} AND ${scope.current} GROUP BY 1, 2 ORDER BY 1, 2`,
      ),
    ]);
    return {
      data: [...shown.values()].map((platforms) => {
        const { sku_id, sales, orders, revenue } = platforms[0]!;
        const { sku, sku_name, image, platform_skus } = names.get(sku_id)!;
        return {
          sku,
          sku_name,
          image,
          sales,
          orders,
          revenue: scope.moneyOf(revenue, orders),
          growth_rate: grown(sku_id),
          platforms: mostFirst(
            platforms.flatMap(({ platform, sales_there }) =>
              platform === null || sales_there === null ? [] : [{ platform, sales: sales_there }],
            ),
          ),
          platform_skus,
          ...amounts(String(sku_id)),
        };
      }),
      by_platform: best.map(({ platform, place_there, sku_id, sales_there, revenue_there }) => {
        const { sku, sku_name, image } = names.get(sku_id)!;
        return { platform: platform!, rank: place_there!, sku, sku_name, image, sales: sales_there!, revenue: scope.money(revenue_there) };
      }),
    };
  },
});

type Context = Pick<
  ReportContext<{ readonly sort: 'sales' | 'revenue' | 'growth_rate'; readonly order: 'desc' | 'asc' }>,
  'reader' | 'scope' | 'parameters'
>;

/** @throws AppError why amounts of several currencies cannot be compared */
function refuseToCompare({ missingRate }: Scope): never {
  if (missingRate) throw new AppError('exchange_rate_missing', { ...missingRate });
  throw new AppError('invalid_parameter', { name: 'sort', problem: 'sort=revenue, currency=native' });
}

/**
 * The SKUs with their figures as a query, and what is ordered by before their units. What was compared with is looked through only where it
 * decides.
 */
function rankedBy({ scope, parameters: { sort, order } }: Context, bySku: Sql): readonly [ranked: Sql, first: Sql] {
  const direction = raw(`${order.toUpperCase()} NULLS LAST`);
  if (sort === 'sales') return [bySku, order === 'asc' ? sql`w.sales ASC, ` : sql``];
  if (sort === 'revenue' || !scope.grows) return [bySku, sort === 'revenue' ? sql`w.revenue ${direction}, ` : sql``];
  return [
    sql`
    SELECT coalesce(s.sku_id, g.sku_id) AS sku_id, coalesce(s.sales, 0) AS sales, coalesce(s.orders, 0) AS orders, s.revenue,
      (g.later - g.earlier)::double precision / nullif(g.earlier, 0) AS growth
    FROM (${bySku}) AS s
    FULL JOIN (SELECT * FROM (${unitsOfSpans(scope)}) AS compared WHERE earlier > 0) AS g ON g.sku_id = s.sku_id`,
    sql`w.growth ${direction}, `,
  ];
}

/** The units of each SKU in the days that growth compares, as a query; narrowed to some SKUs where that is told. */
function unitsOfSpans(scope: Scope, which: Sql = sql`true`): Sql {
  const units = (period: Sql): Sql => sql`coalesce(sum(quantity) FILTER (WHERE ${period}), 0)::bigint`;
  return sql`
    SELECT sku_id, ${units(scope.later)} AS later, ${units(scope.earlier)} AS earlier
    FROM lines WHERE ${scope.sales} AND ${scope.anyPeriod} AND ${which} GROUP BY sku_id`;
}

/** How the units of each SKU grew; only of those that are shown, for the days compared are twice as many as the window's. */
async function readGrowth({ reader, scope }: Context, skuIds: readonly number[]): Promise<(skuId: number) => number | null> {
  if (!scope.grows || skuIds.length === 0) return () => null;
  const rows = await reader.query<{ sku_id: number; later: number; earlier: number }>(unitsOfSpans(scope, among(sql`sku_id`, skuIds)));
  const bySku = new Map(rows.map(({ sku_id, later, earlier }) => [sku_id, growth(BigInt(earlier), BigInt(later))]));
  return (skuId) => bySku.get(skuId) ?? null;
}
