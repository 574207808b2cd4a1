import { z } from 'zod';
import { sql } from '../engines/sql.ts';
import { growth } from '../model/money.ts';
import { PLATFORM_IDS } from '../model/shop.ts';
import { byCurrency, column, platformShare, report } from './report.ts';
import { among, readSkuNames, sideBySide } from './scope.ts';

const BEST_OF_PLATFORM = 5;

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
    const ranked = await reader.query<{ sku_id: number; sales: number; orders: number; revenue: string | null; later: number; earlier: number }>(sql`
      SELECT s.sku_id, s.sales, s.orders, s.revenue, s.later, s.earlier
      FROM (
        SELECT sku_id,
          coalesce(sum(quantity) FILTER (WHERE ${scope.current}), 0)::bigint AS sales,
          count(*) FILTER (WHERE first_of_sku AND ${scope.current}) AS orders,
          sum(${scope.addableAmount}) FILTER (WHERE ${scope.current}) AS revenue,
          coalesce(sum(quantity) FILTER (WHERE ${scope.later}), 0)::bigint AS later,
          coalesce(sum(quantity) FILTER (WHERE ${scope.earlier}), 0)::bigint AS earlier
        FROM lines WHERE ${scope.sales} AND ${scope.anyPeriod}
        GROUP BY sku_id) s
      JOIN skus k ON k.sku_id = s.sku_id
      WHERE s.sales > 0
      ORDER BY s.sales DESC, s.revenue DESC NULLS LAST, k.sku
      LIMIT ${parameters.limit}`);
    const split = await reader.query<{ sku_id: number; platform: (typeof PLATFORM_IDS)[number]; sales: number }>(sql`
      SELECT l.sku_id, h.platform, sum(l.sales)::bigint AS sales
      FROM (SELECT sku_id, shop_id, sum(quantity) AS sales FROM lines
        WHERE ${scope.sales} AND ${scope.current} AND ${among(sql`sku_id`, ranked.map(({ sku_id }) => sku_id))}
        GROUP BY sku_id, shop_id) l
      JOIN shops h ON h.shop_id = l.shop_id
      GROUP BY l.sku_id, h.platform ORDER BY sales DESC, h.platform`);
    const best = await reader.query<{ platform: (typeof PLATFORM_IDS)[number]; rank: number; sku_id: number; sales: number; revenue: string | null }>(sql`
      SELECT platform, rank, sku_id, sales, revenue FROM (
        SELECT h.platform, l.sku_id, sum(l.sales)::bigint AS sales, sum(l.revenue) AS revenue,
          row_number() OVER (PARTITION BY h.platform ORDER BY sum(l.sales) DESC, sum(l.revenue) DESC NULLS LAST, min(k.sku)) AS rank
        FROM (SELECT sku_id, shop_id, sum(quantity) AS sales, sum(${scope.addableAmount}) AS revenue FROM lines
          WHERE ${scope.sales} AND ${scope.current} GROUP BY sku_id, shop_id) l
        JOIN shops h ON h.shop_id = l.shop_id
        JOIN skus k ON k.sku_id = l.sku_id
        GROUP BY h.platform, l.sku_id) AS placed
      WHERE rank <= ${BEST_OF_PLATFORM} ORDER BY platform, rank`);
    const names = await readSkuNames(reader, scope, [...ranked, ...best].map(({ sku_id }) => sku_id));
    const amounts = await sideBySide(context, sql`
      SELECT sku_id::varchar AS key, currency, sum(${scope.amount}) AS amount
      FROM lines WHERE ${scope.sales} AND ${scope.current} GROUP BY 1, 2 ORDER BY 1, 2`);
    const shares = Map.groupBy(split, ({ sku_id }) => sku_id);
    return {
      data: ranked.map(({ sku_id, sales, orders, revenue, later, earlier }) => {
        const { sku, sku_name, image, platform_skus } = names.get(sku_id)!;
        return {
          sku, sku_name, image, sales, orders, revenue: scope.money(revenue),
          growth_rate: scope.grows ? growth(BigInt(earlier), BigInt(later)) : null,
          platforms: (shares.get(sku_id) ?? []).map(({ platform, sales: units }) => ({ platform, sales: units })),
          platform_skus,
          ...amounts(String(sku_id)),
        };
      }),
      by_platform: best.map(({ platform, rank, sku_id, sales, revenue }) => {
        const { sku, sku_name, image } = names.get(sku_id)!;
        return { platform, rank, sku, sku_name, image, sales, revenue: scope.money(revenue) };
      }),
    };
  },
});
