import { z } from 'zod';
import { sql, type Sql } from '../engines/sql.ts';
import { linesWithProfit, olderProfitColumns, olderProfitOf, ordersWithProfit } from './older-profit.ts';
import { ALL_ROWS, byCurrency, column, report, type ReportContext } from './report.ts';
import { sideBySide } from './scope.ts';
import { readSkuNames } from './sku-scope.ts';

type Context = Pick<ReportContext<object>, 'scope' | 'because' | 'warn'>;
interface ProfitRow {
  sku_id: number;
  orders: number;
  gross: string | null;
  discounts: string | null;
  net: string | null;
  profit: string | null;
  told: number;
}

const money = (description: string) => column(z.number().nullable(), 'money', description);
/** The lines of the profit ladder below net sales: they need tax, settlements and costs. */
const LADDER = {
  tax: money('Tax in net sales, negative.'),
  net_sales_ex_tax: money('Net sales without tax.'),
  refunds: money('What buyers got back, negative.'),
  net_sales_after_refunds: money('Net sales without tax and refunds.'),
  product_cost: money('Cost of the goods on the day of the order, negative.'),
  cm1: money('First contribution margin: what is left after the goods.'),
  platform_commission: money('Commission of the platform, negative.'),
  transaction_fee: money('Fee of the payment, negative.'),
  affiliate_commission: money('Commission of creators, negative.'),
  fulfilment_cost: money('Fulfilment and shipping, negative.'),
  shipping_income: money('What buyers and the platform pay for shipping.'),
  cm2: money('Second contribution margin: what is left after fees and shipping.'),
  advertising: money('Advertising, negative.'),
  cm3: money('Third contribution margin: what is left after advertising.'),
  other_costs: money('Other costs allotted, negative.'),
  net_profit: money('What is left in the end.'),
};

/** What is left of each SKU's sales. */
export const profitAnalysis = report({
  name: 'ProfitAnalysis',
  version: 2,
  title: { en: 'Profit', zh: '利润分析', es: 'Beneficio' },
  question: { en: 'What is left?', zh: '还剩多少利润？', es: '¿Qué queda?' },
  parameters: z.strictObject({}),
  rows: ALL_ROWS,
  tables: {
    data: {
      title: { en: 'SKUs by profit', zh: '按利润排列的 SKU', es: 'SKU por beneficio' },
      row: z.strictObject({
        sku: column(z.string(), 'text', "The seller's SKU, else the platform's."),
        sku_name: column(z.string().nullable(), 'text', 'Its latest name, in the language of the answer where a market tells one.'),
        image: column(z.string().nullable(), 'text', 'Address of a picture.'),
        total_profit: money('Profit by what `basis` says.'),
        avg_profit: money('The same per order that tells it.'),
        total_orders: column(z.int(), 'count', 'Orders with a sold line of it.'),
        ...olderProfitColumns,
        basis: column(
          z.enum(['settled', 'estimated', 'older formula']).nullable(),
          'text',
          'What total_profit is made of: settled fees, estimated ones, or total_amount-original_shipping_fee.',
        ),
        gross_sales: money('Σ list price × quantity.'),
        seller_discounts: money('What the seller bears of discounts, negative.'),
        net_sales: money('Gross sales less these discounts.'),
        ...LADDER,
        margin: column(z.number().nullable(), 'percent', 'Net profit ÷ net sales without tax.'),
        platform_skus: column(z.array(z.string()), 'list', "The platforms' own ids of it."),
        by_currency: byCurrency,
      }),
    },
    totals: {
      title: { en: 'All SKUs', zh: '合计', es: 'Total' },
      row: z.strictObject({
        total_profit: money('Profit by what `basis` says.'),
        total_orders: column(z.int(), 'count', 'Orders with a sale.'),
        orders_told: column(z.int(), 'count', 'Those of them that tell what the older formula needs.'),
        basis: column(z.enum(['settled', 'estimated', 'older formula']).nullable(), 'text', 'What total_profit is made of.'),
        gross_sales: money('Σ list price × quantity.'),
        seller_discounts: money('What the seller bears of discounts, negative.'),
        net_sales: money('Gross sales less these discounts.'),
      }),
    },
  },
  async compute(context) {
    const {
      reader,
      scope,
      parameters: { limit },
    } = context;
    // Summed also where nothing is told: of no lines at all there is one row.
    const sum = (amount: Sql): Sql => sql`sum(${scope.sideBySide ? sql`NULL::decimal(18,4)` : amount})`;
    // Discounts are told by the lines that have both amounts.
    const sales = sql`${sum(scope.in('gross_sales'))} AS gross, ${sum(sql`${scope.in('net_sales')} - ${scope.in('gross_sales')}`)} AS
      discounts, ${sum(scope.in('net_sales'))} AS net`;
    const [rows, [total]] = await Promise.all([
      reader.query<ProfitRow & Record<string, never>>(sql`
      SELECT s.*, p.profit, coalesce(p.told, 0) AS told
      FROM (SELECT sku_id, count(*) FILTER (WHERE first_of_sku) AS orders, ${sales}
        FROM ${scope.lines} WHERE ${scope.sales} AND ${scope.current} GROUP BY sku_id) s
      LEFT JOIN (SELECT sku_id, ${sum(scope.in('profit'))} AS profit, count(*) FILTER (WHERE first_of_sku) AS told
        FROM ${scope.converted(sql`(${linesWithProfit(scope)})`, 'parts', ['profit'])} WHERE profit IS NOT NULL GROUP BY sku_id) p
        ON p.sku_id = s.sku_id
      JOIN skus k ON k.sku_id = s.sku_id
      ORDER BY p.profit DESC NULLS LAST, s.net DESC NULLS LAST, s.orders DESC, k.sku LIMIT ${limit}`),
      reader.query<Omit<ProfitRow, 'sku_id'> & Record<string, never>>(sql`
      SELECT * FROM (SELECT count(*) AS orders, count(whole) AS told, ${sum(scope.in('whole'))} AS profit
      FROM ${scope.converted(sql`(${ordersWithProfit(scope)})`, 'o', ['whole'])}) AS o
      CROSS JOIN (SELECT ${sales} FROM ${scope.lines} WHERE ${scope.sales} AND ${scope.current}) AS l`),
    ]);
    const names = await readSkuNames(
      reader,
      scope,
      rows.map(({ sku_id }) => sku_id),
    );
    const amounts = await sideBySide(
      context,
      sql`
      SELECT sku_id::varchar AS key, currency, sum(profit) AS amount FROM (${linesWithProfit(scope)}) AS parts GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    explain(context, total!);
    return {
      data: rows.map((row) => {
        const { sku, sku_name, image, platform_skus } = names.get(row.sku_id)!;
        return {
          sku,
          sku_name,
          image,
          total_profit: scope.money(row.profit),
          avg_profit: scope.moneyPer(row.profit, row.told),
          total_orders: row.orders,
          ...olderProfitOf(context, row.profit),
          basis: basisOf(row),
          ...salesOf(context, row),
          ...NOTHING_YET,
          margin: null,
          platform_skus,
          ...amounts(String(row.sku_id)),
        };
      }),
      totals: [
        {
          total_profit: scope.moneyOf(total!.profit, total!.orders),
          total_orders: total!.orders,
          orders_told: total!.told,
          basis: basisOf(total!),
          ...salesOf(context, total!),
        },
      ],
    };
  },
});

const NOTHING_YET = Object.fromEntries(Object.keys(LADDER).map((line) => [line, null]));

function basisOf({ told }: Pick<ProfitRow, 'told'>): 'older formula' | null {
  return told > 0 ? 'older formula' : null;
}

function salesOf({ scope }: Context, { orders, gross, discounts, net }: Pick<ProfitRow, 'orders' | 'gross' | 'discounts' | 'net'>) {
  return {
    gross_sales: scope.moneyOf(gross, orders),
    seller_discounts: scope.moneyOf(discounts, orders),
    net_sales: scope.moneyOf(net, orders),
  };
}

/** Why the ladder is not told yet, and what the older formula leaves out. */
function explain({ scope, because, warn }: Context, { orders, told }: Omit<ProfitRow, 'sku_id'>): void {
  for (const line of [...Object.keys(LADDER), 'margin']) because(line, 'profit_ladder');
  const money = scope.sideBySide ? 'native_currencies' : null;
  for (const name of ['total_profit', 'avg_profit', 'basis']) because(name, money ?? 'profit_untold');
  for (const name of ['gross_sales', 'seller_discounts']) because(name, money ?? 'one_amount');
  because('net_sales', money ?? 'no_price');
  if (told > 0 && told < orders) warn('profit_partly', { orders: orders - told, all: orders });
}
