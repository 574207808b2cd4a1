import { z } from 'zod';
import { sql, type Sql } from '../engines/sql.ts';
import { percent } from '../model/money.ts';
import type { PlatformId } from '../model/shop.ts';
import { tellOfBuyers } from './buyer-scope.ts';
import { olderProfitColumns, olderProfitOf, linesWithProfit } from './older-profit.ts';
import { ALL_ROWS, byCurrency, column, inOrder, report, type ReportContext } from './report.ts';
import { cameBack } from './return-scope.ts';
import { numbers, sideBySide } from './scope.ts';

interface ProductRow {
  product: string;
  units: number;
  amount: string | null;
  returned: number;
  undelivered: number;
  /** The listings it was sold by, parted by commas. */
  listings: string;
}
interface DetailRow {
  product_no: number;
  orders: number;
  buyers: number;
  /** Seconds since 1970. */
  first: number;
  last: number;
  /** An order names several carriers with commas, too. */
  carriers: string | null;
}
type Context = ReportContext<Record<string, never>>;

/** The whole story of each product. */
export const orderAnalysis = report({
  name: 'OrderAnalysis',
  version: 2,
  title: { en: 'Products', zh: '商品分析', es: 'Productos' },
  question: {
    en: "What is each product's whole story?",
    zh: '每个商品的完整情况如何？',
    es: '¿Cuál es la historia completa de cada producto?',
  },
  parameters: z.strictObject({}),
  older: { path: 'order/analysis', rows: 'analysis', count: 'count' },
  rows: ALL_ROWS,
  tables: {
    data: {
      title: { en: 'Products by units', zh: '按销量排列的商品', es: 'Productos por unidades' },
      row: z.strictObject({
        product_name: column(
          z.string(),
          'text',
          'The product: its latest name as the platform tells it, without the variation, else the SKU. Listings of one name are one ' +
            'product.',
        ),
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
    const { scope } = context;
    explain(context);
    const products = await readProducts(context);
    if (products.length === 0) {
      await tellOfBuyers(context, ['buyer_count']);
      return { data: [] };
    }
    const wanted = listingsOf(products);
    const [profits, details, prices, names, { telling }, amounts] = await Promise.all([
      readProfits(context, wanted),
      readDetails(context, wanted),
      readPrices(context, wanted),
      readNames(context, products),
      tellOfBuyers(context, ['buyer_count']),
      sideBySide(
        context,
        sql`
        SELECT w.product_no::varchar AS key, l.currency, sum(l.${scope.amount}) AS amount
        FROM (SELECT * FROM lines WHERE ${scope.sales} AND ${scope.current}) l JOIN (${wanted}) AS w ON w.listing_id = l.listing_id
        GROUP BY 1, 2 ORDER BY 1, 2`,
      ),
    ]);
    return {
      data: products.map((row, i) => {
        const { orders, buyers, first, last, carriers } = details.get(i)!;
        const { least = null, most = null } = prices.get(i) ?? {};
        const { skus, image, platforms } = names[i]!;
        return {
          product_name: row.product,
          sku_image: image,
          sell_count: row.units,
          total_sale_amount: scope.money(row.amount),
          total_order_count: orders,
          avg_sale_price: scope.moneyPer(row.amount, row.units),
          min_sale_price: least,
          max_sale_price: most,
          buyer_count: platforms.some((platform) => telling.has(platform)) ? buyers : null,
          sku_list: skus,
          shipping_provider_names: [...new Set(carriers?.split(', ') ?? [])].toSorted(),
          first_sold_time: first,
          last_sold_time: last,
          return_count: row.returned,
          return_rate: percent(BigInt(row.returned), BigInt(row.units + row.undelivered)),
          is_returned: row.returned > 0,
          ...olderProfitOf(context, profits.get(i) ?? null),
          ...amounts(String(i)),
        };
      }),
    };
  },
});

/**
 * The products in the order of the answer, by the name that listings have for the product alone; listings are grouped before their
 * names are looked at, for names are what takes long.
 */
function readProducts({ reader, scope, parameters: { limit } }: Context): Promise<(ProductRow & Record<string, never>)[]> {
  return reader.query(sql`
    SELECT product, sum(units)::bigint AS units, sum(amount) AS amount, sum(returned)::bigint AS returned,
    sum(undelivered)::bigint AS undelivered,
      string_agg(listing_id::varchar, ',') FILTER (WHERE units > 0) AS listings
    FROM (SELECT s.*, coalesce(g.product_name, k.sku) AS product
      FROM (
        SELECT listing_id, sum(quantity) AS units, sum(${scope.addableAmount}) AS amount, 0 AS returned, 0 AS undelivered
        FROM ${scope.lines} WHERE ${scope.sales} AND ${scope.current} GROUP BY listing_id
        UNION ALL
        SELECT listing_id, 0, NULL, coalesce(sum(units) FILTER (WHERE role = 'return'), 0),
        coalesce(sum(units) FILTER (WHERE role = 'undelivered'), 0)
        FROM returned_pieces WHERE role IN ('return', 'undelivered') AND ${cameBack(scope, 'order')} GROUP BY listing_id) AS s
      JOIN listings g ON g.listing_id = s.listing_id
      JOIN skus k ON k.sku_id = g.sku_id) AS named
    GROUP BY product HAVING sum(units) > 0
    ORDER BY 2 DESC, 3 DESC NULLS LAST, product LIMIT ${limit}`);
}

/** The listings of the products with the product's place in the answer, as a query: `listing_id`, `product_no`. */
function listingsOf(products: readonly ProductRow[]): Sql {
  const places = products.map(({ listings }, i) => listings.split(',').fill(String(i)).join(','));
  const column = (numbers: readonly string[]): Sql => sql`unnest(string_to_array(${numbers.join(',')}::varchar, ','))::integer`;
  return sql`SELECT ${column(products.map(({ listings }) => listings))} AS listing_id, ${column(places)} AS product_no`;
}

/** What is counted order by order, by the product's place. */
async function readDetails({ reader, scope }: Context, wanted: Sql): Promise<Map<number, DetailRow>> {
  const rows = await reader.query<DetailRow & Record<string, never>>(sql`
    SELECT w.product_no, count(DISTINCT l.oid) AS orders, count(DISTINCT l.buyer_id) AS buyers,
      floor(extract(epoch FROM min(o.purchased_at)))::bigint AS first, floor(extract(epoch FROM max(o.purchased_at)))::bigint AS last,
      string_agg(DISTINCT o.shipping_provider, ', ') AS carriers
    FROM (SELECT oid, listing_id, buyer_id FROM lines WHERE ${scope.sales} AND ${scope.current}) AS l
    JOIN (${wanted}) AS w ON w.listing_id = l.listing_id
    JOIN (SELECT oid, shipping_provider, purchased_at FROM orders WHERE ${scope.salesOrders} AND ${scope.current}) AS o ON o.oid = l.oid
    GROUP BY w.product_no`);
  return new Map(rows.map((row) => [row.product_no, row]));
}

/**
 * The lowest and the highest price of a unit by the product's place. Of lines of as many units the amount decides, so that each price is
 * rounded once, from its exact amount.
 */
async function readPrices({ reader, scope }: Context, wanted: Sql): Promise<Map<number, { least: number; most: number }>> {
  if (scope.sideBySide) return new Map();
  const rows = await reader.query<{ product_no: number; quantity: number; least: string; most: string }>(sql`
    SELECT w.product_no, l.quantity, min(l.least) AS least, max(l.most) AS most
    FROM (SELECT listing_id, quantity, min(${scope.amount}) AS least, max(${scope.amount}) AS most
      FROM ${scope.lines} WHERE ${scope.sales} AND ${scope.current} AND ${scope.amount} IS NOT NULL GROUP BY listing_id, quantity) AS l
    JOIN (${wanted}) AS w ON w.listing_id = l.listing_id GROUP BY 1, 2`);
  return new Map(
    [...Map.groupBy(rows, ({ product_no }) => product_no)].map(([product, own]) => [
      product,
      {
        least: Math.min(...own.map(({ least, quantity }) => scope.moneyPer(least, quantity)!)),
        most: Math.max(...own.map(({ most, quantity }) => scope.moneyPer(most, quantity)!)),
      },
    ]),
  );
}

/** Profit by the product's place. */
async function readProfits({ reader, scope }: Context, wanted: Sql): Promise<Map<number, string | null>> {
  const profit = scope.sideBySide ? sql`NULL::decimal(18,4)` : scope.in('profit');
  const rows = await reader.query<{ product_no: number; profit: string | null }>(sql`
    SELECT w.product_no, sum(p.profit) AS profit
    FROM (SELECT listing_id, sum(${profit}) AS profit FROM ${scope.converted(sql`(${linesWithProfit(scope)})`, 'parts', ['profit'])}
    GROUP BY listing_id) AS p
    JOIN (${wanted}) AS w ON w.listing_id = p.listing_id GROUP BY w.product_no`);
  return new Map(rows.map(({ product_no, profit: sum }) => [product_no, sum]));
}

/** The SKUs of each product and a picture of it, the latest first. */
async function readNames({ reader }: Context, products: readonly ProductRow[]) {
  const places = new Map(products.flatMap(({ listings }, i) => listings.split(',').map((listing) => [Number(listing), i] as const)));
  const rows = await reader.query<{
    listing_id: number;
    sku: string;
    variant: string | null;
    image: string | null;
    platform: PlatformId;
    seen_at: string;
  }>(sql`
    SELECT g.listing_id, k.sku, g.variant, g.image, g.platform, g.seen_at::varchar AS seen_at
    FROM listings g JOIN skus k ON k.sku_id = g.sku_id WHERE g.listing_id IN (${numbers([...places.keys()])})`);
  const byProduct = Map.groupBy(rows, ({ listing_id }) => places.get(listing_id)!);
  return products.map((_, i) => {
    const listings = byProduct
      .get(i)!
      .map(({ sku, variant, ...listing }) => ({ ...listing, name: variant ?? sku }))
      .toSorted((a, b) => inOrder(b.seen_at, a.seen_at) || inOrder(a.name, b.name) || a.listing_id - b.listing_id);
    return {
      skus: [...new Set(listings.map(({ name }) => name))].toSorted(),
      image: listings.find(({ image }) => image !== null)?.image ?? null,
      platforms: [...new Set(listings.map(({ platform }) => platform))],
    };
  });
}

function explain({ scope, because }: Context): void {
  const money = scope.sideBySide ? 'native_currencies' : 'no_price';
  for (const name of ['total_sale_amount', 'avg_sale_price', 'min_sale_price', 'max_sale_price']) because(name, money);
}
