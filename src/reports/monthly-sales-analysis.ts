import { z } from 'zod';
import { described } from '../kernel/described.ts';
import { join, raw, sql } from '../engines/sql.ts';
import { ALL_ROWS, byCurrency, column, mostFirst, platformShare, report, wholeMonth } from './report.ts';
import { sideBySide } from './scope.ts';
import { readSkuNames } from './sku-scope.ts';

const daySales = z.strictObject({ date: z.iso.date(), sales: z.int() });

interface MonthRow {
  /** The first day of the month. */
  readonly month: string;
  readonly sku_id: number;
  readonly sales: number;
  readonly orders: number;
  readonly amount: string | null;
  readonly paid: string | null;
  /** Units on the platform of that place in the scope. */
  readonly [sold: `sold_${number}`]: number;
}

/** Sales by month and SKU. */
export const monthlySalesAnalysis = report({
  name: 'MonthlySalesAnalysis',
  version: 1,
  title: { en: 'Monthly sales', zh: '月度销售分析', es: 'Ventas mensuales' },
  question: { en: 'What was sold in each month, by SKU?', zh: '每个月每个 SKU 卖了多少？', es: '¿Qué se vendió cada mes, por SKU?' },
  parameters: z.strictObject({
    include: described(z.enum(['dates']).optional(), {
      en: '`dates`: each row also lists its days with their units.',
      zh: '`dates`：每行还列出各天的销量。',
      es: '`dates`: cada fila lista además sus días con sus unidades.',
    }),
  }),
  rows: ALL_ROWS,
  tables: {
    data: {
      title: { en: 'Months and SKUs', zh: '按月份和 SKU', es: 'Meses y SKU' },
      row: z.strictObject({
        month: column(z.string(), 'text', 'YYYY-MM, of the shop day.'),
        sku: column(z.string(), 'text', "The seller's SKU, else the platform's."),
        sku_name: column(z.string().nullable(), 'text', 'Its latest name, in the language of the answer where a market tells one.'),
        image: column(z.string().nullable(), 'text', 'Address of a picture.'),
        sales: column(z.int(), 'count', 'Units sold.'),
        total_amount: column(z.number().nullable(), 'money', 'Net sales, or what `measure` says.'),
        avg_price: column(z.number().nullable(), 'money', 'Amount per unit.'),
        orders: column(z.int(), 'count', 'Orders with a sold line of it.'),
        paid_amount: column(z.number().nullable(), 'money', 'What the buyers paid for it.'),
        complete: wholeMonth,
        platforms: column(z.array(platformShare), 'list', 'Units by platform.'),
        by_currency: byCurrency,
        dates: column(z.array(daySales).optional(), 'list', 'Days with their units, with `include=dates`.'),
      }),
    },
    totals: {
      title: { en: 'Months', zh: '月度合计', es: 'Meses' },
      row: z.strictObject({
        month: column(z.string(), 'text', 'YYYY-MM, of the shop day.'),
        sales: column(z.int(), 'count', 'Units sold.'),
        total_amount: column(z.number().nullable(), 'money', 'Net sales, or what `measure` says.'),
        avg_price: column(z.number().nullable(), 'money', 'Amount per unit.'),
        orders: column(z.int(), 'count', 'Orders with a sale.'),
        paid_amount: column(z.number().nullable(), 'money', 'What the buyers paid for goods.'),
        complete: wholeMonth,
        by_currency: byCurrency,
      }),
    },
  },
  async compute(context) {
    const { reader, scope, parameters } = context;
    // In whole days: date_trunc() goes by way of an instant, which takes three times as long.
    const month = sql`(${scope.day} - extract(day FROM ${scope.day})::integer + 1)`;
    const platforms = scope.platforms;
    const soldBy = platforms.map((_, n) => raw(`sold_${n}`));
    const [rows, totals, days, amounts, amountsOfMonth] = await Promise.all([
      reader.query<MonthRow & Record<string, never>>(sql`
        SELECT w.*
        FROM (SELECT ${month} AS month, sku_id, sum(quantity)::bigint AS sales, count(*) FILTER (WHERE first_of_sku) AS orders,
            sum(${scope.addableAmount}) AS amount, sum(${scope.in('paid_amount')}) AS paid,
            ${join(platforms.map((platform, n) => sql`coalesce(sum(quantity) FILTER (WHERE ${scope.ofPlatform(platform)}), 0)::bigint AS ${soldBy[n]!}`))}
          FROM ${scope.lines} WHERE ${scope.sales} AND ${scope.current} GROUP BY 1, 2) w
        JOIN skus k ON k.sku_id = w.sku_id
        ORDER BY w.month, w.sales DESC, w.amount DESC NULLS LAST, k.sku LIMIT ${parameters.limit}`),
      reader.query<{ month: string; sales: number; orders: number; amount: string | null; paid: string | null }>(sql`
        SELECT ${month} AS month, sum(units)::bigint AS sales, sum(orders)::bigint AS orders, sum(${scope.amount}) AS amount,
        sum(${scope.in('paid_amount')}) AS paid
        FROM ${scope.orderDays} WHERE ${scope.salesOrders} AND ${scope.current} GROUP BY 1 ORDER BY 1`),
      parameters.include === 'dates'
        ? reader.query<{ date: string; month: string; sku_id: number; sales: number }>(sql`
        SELECT ${scope.day} AS date, ${month} AS month, sku_id, sum(quantity)::bigint AS sales
        FROM lines WHERE ${scope.sales} AND ${scope.current} GROUP BY 1, 2, 3 ORDER BY 1`)
        : [],
      sideBySide(
        context,
        sql`
        SELECT ${month}::varchar || ' ' || sku_id::varchar AS key, currency, sum(${scope.amount}) AS amount
        FROM lines WHERE ${scope.sales} AND ${scope.current} GROUP BY 1, 2 ORDER BY 1, 2`,
      ),
      sideBySide(
        context,
        sql`
        SELECT ${month}::varchar AS key, currency, sum(${scope.amount}) AS amount
        FROM order_days WHERE ${scope.salesOrders} AND ${scope.current} GROUP BY 1, 2 ORDER BY 1, 2`,
      ),
    ]);
    const names = await readSkuNames(reader, scope, [...new Set(rows.map(({ sku_id }) => sku_id))]);
    const key = (row: { month: string; sku_id: number }): string => `${row.month} ${row.sku_id}`;
    const daysOf = Map.groupBy(days, key);
    const whole = new Map(totals.map(({ month: name }) => [name.slice(0, 7), scope.isWholeMonth(name.slice(0, 7))]));
    const isWhole = (name: string): boolean => whole.get(name) ?? false;
    return {
      data: rows.map((row) => {
        const { sku, sku_name, image } = names.get(row.sku_id)!;
        return {
          month: row.month.slice(0, 7),
          sku,
          sku_name,
          image,
          sales: row.sales,
          total_amount: scope.money(row.amount),
          avg_price: scope.moneyPer(row.amount, row.sales),
          orders: row.orders,
          paid_amount: scope.money(row.paid),
          complete: isWhole(row.month.slice(0, 7)),
          platforms: mostFirst(platforms.map((platform, n) => ({ platform, sales: row[`sold_${n}`]! })).filter(({ sales }) => sales > 0)),
          ...amounts(key(row)),
          ...(parameters.include === 'dates' ? { dates: (daysOf.get(key(row)) ?? []).map(({ date, sales }) => ({ date, sales })) } : {}),
        };
      }),
      totals: totals.map(({ month: name, sales, orders, amount, paid }) => ({
        month: name.slice(0, 7),
        sales,
        total_amount: scope.money(amount),
        avg_price: scope.moneyPer(amount, sales),
        orders,
        paid_amount: scope.money(paid),
        complete: isWhole(name.slice(0, 7)),
        ...amountsOfMonth(name),
      })),
    };
  },
});
