import { z } from 'zod';
import { sql } from '../engines/sql.ts';
import { addSums, compareSums, percent, sumPercent } from '../model/money.ts';
import { PLATFORM_IDS, type PlatformId } from '../model/shop.ts';
import { unknownAmount } from './notices.ts';
import { ALL_ROWS, byCurrency, column, inOrder, report, wholeMonth } from './report.ts';
import { sideBySide, type Scope } from './scope.ts';
import { bestOfEachPlatform, readSkuNames, soldBySkuAndPlatform } from './sku-scope.ts';

const BEST_ALONE = 10;

interface ShopSales {
  shop_id: number;
  orders: number;
  units: number;
  revenue: string | null;
}
interface PlatformSales {
  platform: PlatformId;
  orders: number;
  units: number;
  revenue: string | null;
}

/** How platforms compare. */
export const platformComparison = report({
  name: 'PlatformComparison',
  version: 2,
  title: { en: 'Platforms compared', zh: '平台对比', es: 'Comparativa de plataformas' },
  question: { en: 'How do the platforms compare?', zh: '各平台表现如何？', es: '¿Cómo se comparan las plataformas?' },
  parameters: z.strictObject({}),
  rows: ALL_ROWS,
  tables: {
    data: {
      title: { en: 'Platforms by revenue', zh: '按销售额排列的平台', es: 'Plataformas por ventas' },
      row: z.strictObject({
        platform: column(z.enum(PLATFORM_IDS), 'text', 'Platform.'),
        orders: column(z.int(), 'count', 'Orders with a sale.'),
        units: column(z.int(), 'count', 'Units sold.'),
        revenue: column(z.number().nullable(), 'money', 'Net sales, or what `measure` says.'),
        share: column(
          z.number().nullable(),
          'percent',
          'Share of the revenue of all platforms asked about; of the units where several currencies stand side by side.',
        ),
        aov: column(z.number().nullable(), 'money', 'Revenue per order.'),
        by_currency: byCurrency,
      }),
    },
    by_month: {
      title: { en: 'Average order by month', zh: '按月客单价', es: 'Pedido medio por mes' },
      row: z.strictObject({
        month: column(z.string(), 'text', 'YYYY-MM, of the shop day.'),
        platform: column(z.enum(PLATFORM_IDS), 'text', 'Platform.'),
        orders: column(z.int(), 'count', 'Orders with a sale.'),
        revenue: column(z.number().nullable(), 'money', 'Net sales, or what `measure` says.'),
        aov: column(z.number().nullable(), 'money', 'Revenue per order.'),
        complete: wholeMonth,
      }),
    },
    only_here: {
      title: { en: 'SKUs that sell on one platform alone', zh: '仅在一个平台销售的 SKU', es: 'SKU que solo se venden en una plataforma' },
      row: z.strictObject({
        platform: column(z.enum(PLATFORM_IDS), 'text', 'The one platform.'),
        rank: column(z.int(), 'count', 'Place among them, by units.'),
        sku: column(z.string(), 'text', "The seller's SKU, else the platform's."),
        sku_name: column(z.string().nullable(), 'text', 'Its latest name, in the language of the answer where a market tells one.'),
        image: column(z.string().nullable(), 'text', 'Address of a picture.'),
        sales: column(z.int(), 'count', 'Units sold.'),
        revenue: column(z.number().nullable(), 'money', 'Net sales, or what `measure` says.'),
      }),
    },
  },
  async compute(context) {
    const { reader, scope, parameters, because } = context;
    const month = sql`date_trunc('month', ${scope.day})::date`;
    const [alone, months, amounts] = await Promise.all([
      reader.query<
        { sku_id: number; platform: PlatformId; place: number; sales: number; revenue: string | null } & Record<string, never>
      >(sql`
        WITH sold AS (
          ${soldBySkuAndPlatform(scope, { counts: { sales: sql`sum(quantity)` }, amounts: { revenue: sql`sum(${scope.addableAmount})` } })}),
        alone AS (
          SELECT sku_id, min(platform) AS platform, sum(sales)::bigint AS sales, sum(revenue) AS revenue FROM sold GROUP BY sku_id
          HAVING count(*) = 1)
        SELECT sku_id, platform, place, sales, revenue FROM (${bestOfEachPlatform(scope, sql`alone`, BEST_ALONE)}) AS best
        ORDER BY platform, place`),
      reader.query<ShopSales & { month: string } & Record<string, never>>(sql`
        SELECT ${month} AS month, shop_id, sum(orders)::bigint AS orders, sum(units)::bigint AS units,
        sum(${scope.addableAmount}) AS revenue
        FROM ${scope.orderDays} WHERE ${scope.salesOrders} AND ${scope.current} GROUP BY 1, 2 ORDER BY 1, 2`),
      sideBySide(
        context,
        sql`
        SELECT h.platform AS key, o.currency, sum(o.${scope.amount}) AS amount
        FROM (SELECT * FROM order_days WHERE ${scope.salesOrders} AND ${scope.current}) o JOIN shops h ON h.shop_id = o.shop_id
        GROUP BY 1, 2 ORDER BY 1, 2`,
      ),
    ]);
    const platforms = byPlatform(scope, months).toSorted(
      (a, b) => mostFirst(a.revenue, b.revenue) || b.units - a.units || inOrder(a.platform, b.platform),
    );
    const whole = addSums(platforms.map(({ revenue }) => revenue));
    if (!scope.sideBySide && (whole === null || platforms.some(({ revenue }) => revenue === null)))
      because('share', unknownAmount(parameters.measure));
    const allUnits = platforms.reduce((sum, { units }) => sum + units, 0);
    const shareOf = ({ revenue, units }: PlatformSales): number | null => {
      if (scope.sideBySide) return percent(BigInt(units), BigInt(allUnits));
      return revenue === null || whole === null ? null : sumPercent(revenue, whole);
    };
    const names = await readSkuNames(
      reader,
      scope,
      alone.map(({ sku_id }) => sku_id),
    );
    return {
      data: platforms.slice(0, parameters.limit).map((row) => ({
        platform: row.platform,
        orders: row.orders,
        units: row.units,
        revenue: scope.money(row.revenue),
        share: shareOf(row),
        aov: scope.moneyPer(row.revenue, row.orders),
        ...amounts(row.platform),
      })),
      by_month: [...Map.groupBy(months, (row) => row.month)].flatMap(([name, rows]) =>
        byPlatform(scope, rows).map(({ platform, orders, revenue }) => ({
          month: name.slice(0, 7),
          platform,
          orders,
          revenue: scope.money(revenue),
          aov: scope.moneyPer(revenue, orders),
          complete: scope.isWholeMonth(
            name.slice(0, 7),
            scope.shops.filter((shop) => shop.platform === platform),
          ),
        })),
      ),
      only_here: alone.map(({ platform, place, sku_id, sales, revenue }) => {
        const { sku, sku_name, image } = names.get(sku_id)!;
        return { platform, rank: place, sku, sku_name, image, sales, revenue: scope.money(revenue) };
      }),
    };
  },
});

/** The shops of a platform added up, platforms in the alphabet. */
function byPlatform(scope: Scope, rows: readonly ShopSales[]): PlatformSales[] {
  return [...Map.groupBy(rows, ({ shop_id }) => scope.platformOf(shop_id))]
    .map(([platform, shops]) => ({
      platform,
      orders: shops.reduce((sum, { orders }) => sum + orders, 0),
      units: shops.reduce((sum, { units }) => sum + units, 0),
      revenue: addSums(shops.map(({ revenue }) => revenue)),
    }))
    .toSorted((a, b) => inOrder(a.platform, b.platform));
}

/** What has no amount comes last. */
function mostFirst(a: string | null, b: string | null): number {
  return a === null || b === null ? Number(a === null) - Number(b === null) : compareSums(b, a);
}
