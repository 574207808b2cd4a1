import { z } from 'zod';
import { sql } from '../engines/sql.ts';
import { growth } from '../model/money.ts';
import { PLATFORM_IDS, type PlatformId } from '../model/shop.ts';
import { byCurrency, column, platformShare, report } from './report.ts';
import { readSkuNames, sideBySide } from './scope.ts';

const BEST_OF_PLATFORM = 5;

interface SoldRow {
  sku_id: number; place: number; sales: number; orders: number; revenue: string | null; later: number; earlier: number;
  platform: PlatformId; place_there: number; sales_there: number; revenue_there: string | null;
}

/** Which SKUs sell most. */
export const salesRank = report({
  name: 'SalesRank',
  version: 1,
  title: { en: 'Sales rank', zh: '销量排行榜', es: 'Ranking de ventas' },
  question: { en: 'Which SKUs sell most?', zh: '哪些 SKU 卖得最好？', es: '¿Qué SKU se venden más?' },
  parameters: z.strictObject({}),
  rows: 20,
  tables: {
    data: {
      title: { en: 'SKUs by units', zh: '按销量排列的 SKU', es: 'SKU por unidades' },
      row: z.strictObject({
        sku: column(z.string(), 'text', 'The seller\'s SKU, else the platform\'s.'),
        sku_name: column(z.string().nullable(), 'text', 'Its latest name.'),
        image: column(z.string().nullable(), 'text', 'Address of a picture.'),
        sales: column(z.int(), 'count', 'Units sold.'),
        orders: column(z.int(), 'count', 'Orders with a sold line of it.'),
        revenue: column(z.number().nullable(), 'money', 'Net sales, or what `measure` says.'),
        growth_rate: column(z.number().nullable(), 'percent', 'Units of the last complete days against as many before.'),
        platforms: column(z.array(platformShare), 'list', 'Units by platform.'),
        platform_skus: column(z.array(z.string()), 'list', 'The platforms\' own ids of it.'),
        by_currency: byCurrency,
      }),
    },
    by_platform: {
      title: { en: 'The top 5 of each platform', zh: '各平台前五', es: 'Los 5 primeros de cada plataforma' },
      row: z.strictObject({
        platform: column(z.enum(PLATFORM_IDS), 'text', 'Platform.'),
        rank: column(z.int(), 'count', 'Place on the platform.'),
        sku: column(z.string(), 'text', 'The seller\'s SKU, else the platform\'s.'),
        sku_name: column(z.string().nullable(), 'text', 'Its latest name.'),
        image: column(z.string().nullable(), 'text', 'Address of a picture.'),
        sales: column(z.int(), 'count', 'Units sold there.'),
        revenue: column(z.number().nullable(), 'money', 'Net sales there, or what `measure` says.'),
      }),
    },
  },
  async compute(context) {
    const { reader, scope, parameters } = context;
    // One pass over the lines: each SKU on each platform, with its place among all and its place there.
    const rows = await reader.query<SoldRow & Record<string, never>>(sql`
      WITH sold AS (
        SELECT l.sku_id, h.platform, sum(l.sales)::bigint AS sales, sum(l.orders)::bigint AS orders, sum(l.revenue) AS revenue,
          sum(l.later)::bigint AS later, sum(l.earlier)::bigint AS earlier
        FROM (
          SELECT sku_id, shop_id,
            coalesce(sum(quantity) FILTER (WHERE ${scope.ofWindow}), 0) AS sales,
            count(*) FILTER (WHERE first_of_sku AND ${scope.ofWindow}) AS orders,
            sum(${scope.addableAmount}) FILTER (WHERE ${scope.ofWindow}) AS revenue,
            coalesce(sum(quantity) FILTER (WHERE ${scope.later}), 0) AS later,
            coalesce(sum(quantity) FILTER (WHERE ${scope.earlier}), 0) AS earlier
          FROM ${scope.lines} WHERE ${scope.sales} AND ${scope.anyPeriod}
          GROUP BY sku_id, shop_id) l
        JOIN shops h ON h.shop_id = l.shop_id
        GROUP BY l.sku_id, h.platform),
      whole AS (
        SELECT sku_id, sum(sales)::bigint AS sales, sum(orders)::bigint AS orders, sum(revenue) AS revenue,
          sum(later)::bigint AS later, sum(earlier)::bigint AS earlier
        FROM sold GROUP BY sku_id HAVING sum(sales) > 0),
      ranked AS (
        SELECT w.*, row_number() OVER (ORDER BY w.sales DESC, w.revenue DESC NULLS LAST, k.sku) AS place
        FROM whole w JOIN skus k ON k.sku_id = w.sku_id),
      there AS (
        SELECT s.sku_id, s.platform, s.sales, s.revenue,
          row_number() OVER (PARTITION BY s.platform ORDER BY s.sales DESC, s.revenue DESC NULLS LAST, k.sku) AS place
        FROM sold s JOIN skus k ON k.sku_id = s.sku_id WHERE s.sales > 0)
      SELECT r.*, t.platform, t.sales AS sales_there, t.revenue AS revenue_there, t.place AS place_there
      FROM ranked r JOIN there t ON t.sku_id = r.sku_id
      WHERE r.place <= ${parameters.limit} OR t.place <= ${BEST_OF_PLATFORM}
      ORDER BY r.place, t.sales DESC, t.platform`);
    const bySku = Map.groupBy(rows.filter(({ place }) => place <= parameters.limit), ({ sku_id }) => sku_id);
    const best = rows.filter(({ place_there }) => place_there <= BEST_OF_PLATFORM)
      .toSorted((a, b) => (a.platform === b.platform ? a.place_there - b.place_there : a.platform < b.platform ? -1 : 1));
    const names = await readSkuNames(reader, scope, [...new Set(rows.map(({ sku_id }) => sku_id))]);
    const amounts = await sideBySide(context, sql`
      SELECT sku_id::varchar AS key, currency, sum(${scope.amount}) AS amount
      FROM lines WHERE ${scope.sales} AND ${scope.current} GROUP BY 1, 2 ORDER BY 1, 2`);
    return {
      data: [...bySku.values()].map((platforms) => {
        const { sku_id, sales, orders, revenue, later, earlier } = platforms[0]!;
        const { sku, sku_name, image, platform_skus } = names.get(sku_id)!;
        return {
          sku, sku_name, image, sales, orders, revenue: scope.money(revenue),
          growth_rate: scope.grows ? growth(BigInt(earlier), BigInt(later)) : null,
          platforms: platforms.map(({ platform, sales_there }) => ({ platform, sales: sales_there })),
          platform_skus,
          ...amounts(String(sku_id)),
        };
      }),
      by_platform: best.map(({ platform, place_there, sku_id, sales_there, revenue_there }) => {
        const { sku, sku_name, image } = names.get(sku_id)!;
        return { platform, rank: place_there, sku, sku_name, image, sales: sales_there, revenue: scope.money(revenue_there) };
      }),
    };
  },
});
