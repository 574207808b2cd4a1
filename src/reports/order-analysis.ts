import { z } from 'zod';
import { sql, type Sql } from '../engines/sql.ts';
import { currencyDigits, percent, ratio } from '../model/money.ts';
import type { PlatformId } from '../model/shop.ts';
import { tellOfBuyers } from './buyer-scope.ts';
import { olderProfitColumns, olderProfitOf, linesWithProfit } from './older-profit.ts';
import { ALL_ROWS, byCurrency, column, report, type ReportContext } from './report.ts';
import { returnedLines } from './return-scope.ts';
import { sideBySide, type Scope } from './scope.ts';

interface ProductRow {
  product_id: number; product: string; units: number; amount: string | null; orders: number; least: number | null; most: number | null; buyers: number; returned: number; undelivered: number; profit: string | null;
}
type Context = Pick<ReportContext<object>, 'reader' | 'scope' | 'because' | 'warn'>;

/** The whole story of each product. */
export const orderAnalysis = report({
  name: 'OrderAnalysis',
  version: 1,
  title: { en: 'Order analysis', zh: '订单分析', es: 'Análisis de pedidos' },
  question: { en: 'What is each product\'s whole story?', zh: '每个商品的完整情况如何？', es: '¿Cuál es la historia completa de cada producto?' },
  parameters: z.strictObject({}),
  older: { path: 'order/analysis', rows: 'analysis', count: 'count' },
  rows: ALL_ROWS,
  tables: {
    data: {
      title: { en: 'Products by units', zh: '按销量排列的商品', es: 'Productos por unidades' },
      row: z.strictObject({
        product_name: column(z.string(), 'text', 'The product: its latest name without the variation, else the SKU. Listings of one name are one product.'),
        sku_image: column(z.string().nullable(), 'text', 'Address of a picture.'),
        sell_count: column(z.int(), 'count', 'Units sold.'),
        total_sale_amount: column(z.number().nullable(), 'money', 'Net sales, or what `measure` says.'),
        total_order_count: column(z.int(), 'count', 'Orders with a sold line of it.'),
        avg_sale_price: column(z.number().nullable(), 'money', 'Amount per unit.'),
        min_sale_price: column(z.number().nullable(), 'money', 'Lowest amount per unit of a line.'),
        max_sale_price: column(z.number().nullable(), 'money', 'Highest amount per unit of a line.'),
        buyer_count: column(z.int().nullable(), 'count', 'Different buyers.'),
        sku_list: column(z.array(z.string()), 'list', 'Names of its SKUs: the variation, else the SKU.'),
        shipping_provider_names: column(z.array(z.string()), 'list', 'Who carried its orders, as far as they tell.'),
        first_sold_time: column(z.int(), 'count', 'When it was first sold in the window, seconds since 1970.'),
        last_sold_time: column(z.int(), 'count', 'When it was last sold in the window, seconds since 1970.'),
        return_count: column(z.int(), 'count', 'Units that came back or were refunded in the end, as in ReturnRate.'),
        return_rate: column(z.number().nullable(), 'percent', 'return_count ÷ units sold and those cancelled after hand-over.'),
        is_returned: column(z.boolean(), 'text', 'Whether any came back.'),
        ...olderProfitColumns,
        by_currency: byCurrency,
      }),
    },
  },
  async compute(context) {
    const { reader, scope, parameters: { limit } } = context;
    const rows = await reader.query<ProductRow & Record<string, never>>(sql`
      WITH product AS (${products()}),
      sold AS (${soldByProduct(scope)}),
      back AS (
        SELECT p.product_id, sum(r.units)::bigint AS returned, sum(CASE WHEN r.sale THEN 0 ELSE r.units END)::bigint AS undelivered
        FROM (${returnedLines(scope, 'order')}) AS r JOIN product p ON p.listing_id = r.listing_id WHERE r.role = 'return' GROUP BY 1),
      profit AS (
        SELECT p.product_id, sum(l.profit) AS profit
        FROM (SELECT listing_id, ${scope.sideBySide ? sql`NULL::decimal(18,4)` : sql`sum(${scope.in('profit')})`} AS profit
          FROM ${scope.converted(sql`(${linesWithProfit(scope)})`, 'parts', ['profit'])} GROUP BY listing_id) l
        JOIN product p ON p.listing_id = l.listing_id GROUP BY 1)
      SELECT p.product, s.*, coalesce(b.returned, 0) AS returned, coalesce(b.undelivered, 0) AS undelivered, f.profit
      FROM sold s
      JOIN product p ON p.listing_id = s.product_id
      LEFT JOIN back b ON b.product_id = s.product_id
      LEFT JOIN profit f ON f.product_id = s.product_id
      ORDER BY s.units DESC, s.amount DESC NULLS LAST, p.product LIMIT ${limit}`);
    const names = await readNames(context);
    const orders = await readOrders(context);
    const { telling } = await tellOfBuyers(context, ['buyer_count']);
    const amounts = await sideBySide(context, sql`
      SELECT p.product AS key, l.currency, sum(l.${scope.amount}) AS amount
      FROM (SELECT * FROM lines WHERE ${scope.sales} AND ${scope.current}) l JOIN (${products()}) p ON p.listing_id = l.listing_id GROUP BY 1, 2 ORDER BY 1, 2`);
    explain(context);
    return {
      data: rows.map((row) => {
        const { skus, image, platforms } = names.get(row.product_id)!;
        const { first, last, carriers } = orders.get(row.product_id)!;
        return {
          product_name: row.product, sku_image: image, sell_count: row.units, total_sale_amount: scope.money(row.amount), total_order_count: row.orders,
          avg_sale_price: scope.moneyPer(row.amount, row.units), min_sale_price: price(scope, row.least), max_sale_price: price(scope, row.most),
          buyer_count: platforms.some((platform) => telling.has(platform)) ? row.buyers : null, sku_list: skus, shipping_provider_names: carriers,
          first_sold_time: first, last_sold_time: last,
          return_count: row.returned, return_rate: percent(BigInt(row.returned), BigInt(row.units + row.undelivered)), is_returned: row.returned > 0,
          ...olderProfitOf(context, row.profit), ...amounts(row.product),
        };
      }),
    };
  },
});

/** Listings with the product they are of, by name and number: what stands before the variation in their name. */
function products(): Sql {
  return sql`
    SELECT listing_id, product, min(listing_id) OVER (PARTITION BY product) AS product_id FROM (
      SELECT g.listing_id, coalesce(nullif(regexp_replace(g.sku_name, ' · [^·]*$', ''), ''), k.sku) AS product
      FROM listings g JOIN skus k ON k.sku_id = g.sku_id) AS named`;
}

/** What was sold of each product, in the order of the answer. */
function soldByProduct(scope: Scope): Sql {
  // The price of a unit in the smallest coin, rounded half-up in whole numbers.
  const amount = sql`(${scope.addableAmount} * 10000)::bigint`;
  const coin = sql`(quantity * ${10 ** (4 - currencyDigits(scope.currency))}::bigint)`;
  return sql`
    SELECT p.product_id, sum(l.quantity)::bigint AS units, sum(l.amount) AS amount, count(DISTINCT l.oid) AS orders,
      min(l.price)::bigint AS least, max(l.price)::bigint AS most, count(DISTINCT l.buyer_id) AS buyers
    FROM (SELECT oid, listing_id, quantity, buyer_id, ${scope.addableAmount} AS amount,
        sign(${amount}) * floor((2 * abs(${amount}) + ${coin}) / (2 * ${coin})) AS price
      FROM ${scope.lines} WHERE ${scope.sales} AND ${scope.current}) AS l
    JOIN (${products()}) AS p ON p.listing_id = l.listing_id
    GROUP BY p.product_id`;
}

function price(scope: Scope, coins: number | null): number | null {
  return coins === null ? null : ratio(BigInt(coins), 10n ** BigInt(currencyDigits(scope.currency)), currencyDigits(scope.currency));
}

/** The SKUs of each product and a picture of it, the latest first. */
async function readNames({ reader, scope }: Context) {
  const rows = await reader.query<{ product_id: number; name: string; image: string | null; platform: PlatformId }>(sql`
    SELECT p.product_id, coalesce(nullif(substr(g.sku_name, length(p.product) + 4), ''), k.sku) AS name, g.image, g.platform
    FROM listings g JOIN (${products()}) AS p ON p.listing_id = g.listing_id JOIN skus k ON k.sku_id = g.sku_id
    WHERE g.listing_id IN (SELECT listing_id FROM lines WHERE ${scope.sales} AND ${scope.current} GROUP BY listing_id)
    ORDER BY p.product_id, g.seen_at DESC, 2, g.listing_id`);
  return new Map([...Map.groupBy(rows, ({ product_id }) => product_id)].map(([product, listings]) => [product, {
    skus: [...new Set(listings.map(({ name }) => name))].toSorted(), image: listings.find(({ image }) => image !== null)?.image ?? null,
    platforms: [...new Set(listings.map(({ platform }) => platform))],
  }]));
}

/** When each product was first and last sold (seconds since 1970), and who carried it. */
async function readOrders({ reader, scope }: Context) {
  const rows = await reader.query<{ product_id: number; first: number; last: number; carriers: string | null }>(sql`
    SELECT p.product_id, floor(extract(epoch FROM min(l.first_at)))::bigint AS first, floor(extract(epoch FROM max(l.last_at)))::bigint AS last,
      string_agg(DISTINCT l.carriers, ', ') AS carriers
    FROM (SELECT l.listing_id, o.shipping_provider AS carriers, min(o.purchased_at) AS first_at, max(o.purchased_at) AS last_at
      FROM (SELECT oid, listing_id FROM lines WHERE ${scope.sales} AND ${scope.current}) AS l
      JOIN (SELECT oid, shipping_provider, purchased_at FROM orders WHERE ${scope.salesOrders} AND ${scope.current}) AS o ON o.oid = l.oid
      GROUP BY 1, 2) AS l
    JOIN (${products()}) AS p ON p.listing_id = l.listing_id
    GROUP BY p.product_id`);
  return new Map(rows.map(({ product_id, first, last, carriers }) => [product_id, {
    // An order names several carriers with commas, too.
    first, last, carriers: [...new Set(carriers?.split(', ') ?? [])].toSorted(),
  }]));
}

function explain({ scope, because }: Context): void {
  const money = scope.sideBySide ? 'native_currencies' : 'no_price';
  for (const name of ['total_sale_amount', 'avg_sale_price', 'min_sale_price', 'max_sale_price']) because(name, money);
}
