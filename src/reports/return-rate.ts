import { z } from 'zod';
import { described } from '../kernel/described.ts';
import { HANDED_OVER, WITHOUT_ORDER } from '../records/returns/returned-pieces.ts';
import { join, raw, sql, type Sql } from '../engines/sql.ts';
import { addSums, percent, sumPercent } from '../model/money.ts';
import { PLATFORM_IDS, type PlatformId } from '../model/shop.ts';
import { orderDays, returnDays } from './amount-days.ts';
import { ALL_ROWS, byCurrency, column, inOrder, report, type ReportContext } from './report.ts';
import { cameBack, returnedPieces, type ReturnBasis } from './return-scope.ts';
import { among, sideBySide, type Scope } from './scope.ts';
import { readSkuNames } from './sku-scope.ts';

const VARIANTS = ['units', 'orders', 'amount'] as const;

const parameters = z.strictObject({
  variant: described(z.enum(VARIANTS).default('units'), {
    en: 'What is counted: units, orders (one that came back in part is one), or the amount refunded against the amount sold.',
    zh: '统计什么：件数、订单数（部分退货也算一单），或退款金额与销售额之比。',
    es: 'Qué se cuenta: unidades, pedidos (uno devuelto en parte es uno), o el importe reembolsado frente al vendido.',
  }),
  basis: described(z.enum(['order', 'event', 'created', 'paid']).default('order'), {
    en:
      '`order` (`created` says the same, `paid` goes by the day of payment): of what was sold in the period, what came back until now. ' +
      '`event`: what came back in the period, against what was sold in it.',
    zh: '`order`（与 `created` 相同，`paid` 按付款日期）：该时段售出的商品至今的退货。`event`：该时段内的退货与该时段销量之比。',
    es:
      '`order` (`created` dice lo mismo, `paid` va por el día de pago): de lo vendido en el periodo, lo devuelto hasta ahora. ' +
      '`event`: lo devuelto en el periodo, frente a lo vendido en él.',
  }),
});

const figures = {
  sell_count: column(z.int(), 'count', 'Units sold in the window; with `variant=orders` orders.'),
  return_count: column(
    z.int(),
    'count',
    'Units (orders) that came back or were refunded in the end; money for a part of a piece is no unit, but counts its order. A ' +
      'gift or sample is none.',
  ),
  return_rate: column(
    z.number().nullable(),
    'percent',
    'return_count ÷ (sell_count + undelivered_count); with `variant=amount` refund_amount ÷ sales_amount.',
  ),
  return_open_count: column(z.int(), 'count', 'Units (orders) with a claim that is not decided.'),
  exchange_count: column(z.int(), 'count', 'Units (orders) exchanged for other goods.'),
  refund_only_count: column(z.int(), 'count', 'Of return_count: paid back by a claim that left the goods with the buyer, or lost.'),
  undelivered_count: column(
    z.int(),
    'count',
    'Of what was sold and is no sale any more: cancelled after hand-over, because nobody took it or it came back. An order ' +
      '(`variant=orders`) of which something is sold is in sell_count alone.',
  ),
  cancel_count: column(
    z.int(),
    'count',
    'Cancelled order lines, of the window by the day of their order. Before shipment they are never a return.',
  ),
  cancel_rate: column(z.number().nullable(), 'percent', 'cancel_count ÷ all order lines.'),
  sales_amount: column(z.number().nullable(), 'money', 'Net sales, or what `measure` says, of what was sold or undelivered.'),
  refund_amount: column(z.number().nullable(), 'money', 'What buyers got back for the returns, as far as documents tell.'),
};

const COUNTS = ['sold', 'undelivered', 'lines', 'cancelled', 'returned', 'open', 'exchanged', 'kept', 'untold', 'refunds'] as const;

/** `untold`: units whose refund no document tells; `refunds`: how many documents tell of one. */
interface Figures extends Readonly<Record<(typeof COUNTS)[number], number>> {
  readonly sales: string | null;
  readonly refund: string | null;
}
/** Of a SKU by its number, or of a shop by its number below 0. */
interface KeyedFigures extends Figures {
  readonly key: number;
}
/** What has none of these is left out. */
const TELLING = ['sold', 'undelivered', 'cancelled', 'returned', 'open', 'exchanged', 'refunds'] as const;
type Context = ReportContext<z.output<typeof parameters>>;

/** What comes back, and why. */
export const returnRate = report({
  name: 'ReturnRate',
  version: 2,
  title: { en: 'Return rate', zh: '退货率', es: 'Tasa de devolución' },
  question: { en: 'What comes back, and why?', zh: '哪些商品被退回，原因是什么？', es: '¿Qué se devuelve y por qué?' },
  parameters,
  rows: ALL_ROWS,
  amounts: (scope, { basis }) => [orderDays(scope, scope.current), returnDays(scope, basis as ReturnBasis)],
  tables: {
    data: {
      title: { en: 'SKUs by returns', zh: '按退货数量排列的 SKU', es: 'SKU por devoluciones' },
      row: z.strictObject({
        sku_id: column(z.string(), 'text', "The seller's SKU, else the platform's."),
        sku_name: column(z.string().nullable(), 'text', 'Its latest name, in the language of the answer where a market tells one.'),
        image: column(z.string().nullable(), 'text', 'Address of a picture.'),
        ...figures,
        return_reasons: column(
          z.record(z.string(), z.int()),
          'list',
          'return_count by reason; a return without a document bears its outcome (returned, refused, lost, refunded).',
        ),
        platform_skus: column(z.array(z.string()), 'list', "The platforms' own ids of it."),
        by_currency: byCurrency,
      }),
    },
    by_platform: {
      title: { en: 'Platforms', zh: '平台', es: 'Plataformas' },
      row: z.strictObject({ platform: column(z.enum(PLATFORM_IDS), 'text', 'Platform.'), ...figures }),
    },
    reasons: {
      title: { en: 'Reasons', zh: '退货原因', es: 'Motivos' },
      row: z.strictObject({
        reason: column(z.string(), 'text', "The platform's key of the reason, `unknown` where there is none."),
        return_count: column(z.int(), 'count', 'Units that came back for it; of orders, each at its first reason.'),
        share: column(z.number().nullable(), 'percent', 'Share of all of them.'),
        refund_amount: column(z.number().nullable(), 'money', 'What buyers got back.'),
      }),
    },
  },
  async compute(context) {
    const {
      reader,
      scope,
      parameters: { limit, basis },
    } = context;
    const counted = await readFigures(context);
    const rows = counted
      .filter(({ key }) => key > 0)
      .slice(0, limit)
      .map(({ key, ...row }) => ({ sku_id: key, ...row }));
    const shops = counted.filter(({ key }) => key < 0);
    const [platforms, reasons, names, amounts] = await Promise.all([
      sumPlatforms(context, shops),
      readReasons(
        context,
        rows.filter(({ returned }) => returned > 0).map(({ sku_id }) => sku_id),
      ),
      readSkuNames(
        reader,
        scope,
        rows.map(({ sku_id }) => sku_id),
      ),
      sideBySide(
        context,
        sql`
        SELECT sku_id::varchar AS key, currency, sum(refund_amount) AS amount
        FROM returned_pieces WHERE role = 'return' AND ${cameBack(scope, basis)} GROUP BY 1, 2 ORDER BY 1, 2`,
      ),
      explain(context, shops),
    ]);
    const all = reasons.all.reduce((sum, { returned }) => sum + returned, 0);
    return {
      data: rows.map((row) => {
        const { sku, sku_name, image, platform_skus } = names.get(row.sku_id)!;
        return {
          sku_id: sku,
          sku_name,
          image,
          ...shown(context, row),
          return_reasons: Object.fromEntries(
            (reasons.ofSku.get(row.sku_id) ?? []).filter(({ returned }) => returned > 0).map(({ reason, returned }) => [reason, returned]),
          ),
          platform_skus,
          ...amounts(String(row.sku_id)),
        };
      }),
      by_platform: platforms.map((row) => ({ platform: row.platform, ...shown(context, row) })),
      reasons: reasons.all.map(({ reason, returned, refund }) => ({
        reason,
        return_count: returned,
        share: percent(BigInt(returned), BigInt(all)),
        refund_amount: scope.money(refund),
      })),
    };
  },
});

/** Every figure of the window for each SKU in the order of the answer, and for each shop. */
function readFigures(context: Context): Promise<KeyedFigures[]> {
  const {
    reader,
    scope,
    parameters: { variant, basis, limit },
  } = context;
  const inOrders = variant === 'orders';
  const bySkuAndShop = sql`GROUP BY GROUPING SETS ((sku_id), (shop_id))`;
  const key = sql`coalesce(sku_id, -shop_id) AS key`;
  // An order is counted at the first sold line of each SKU.
  const sold = inOrders ? sql`count(*) FILTER (WHERE first_of_sku)` : sql`coalesce(sum(quantity) FILTER (WHERE sale), 0)`;
  // Few orders are undelivered: they are looked at by themselves. One of which anything is sold counts there, and once.
  const undelivered = sql`
    SELECT key, ${inOrders ? sql`count(*) FILTER (WHERE NOT sold)` : sql`sum(units)`} AS undelivered, sum(worth) AS worth
    FROM (
      SELECT ${key}, bool_or(sale) AS sold, sum(quantity) FILTER (WHERE NOT sale) AS units,
      sum(${scope.addableAmount}) FILTER (WHERE NOT sale) AS worth
      FROM ${scope.lines} WHERE oid IN (SELECT oid FROM returned_pieces WHERE role = 'undelivered') AND ${HANDED_OVER}
      AND ${scope.ofModel} AND ${scope.current}
      GROUP BY GROUPING SETS ((oid, sku_id), (oid, shop_id))) AS each_order
    GROUP BY 1`;
  const back = (which: Sql): Sql =>
    inOrders ? sql`count(DISTINCT oid) FILTER (WHERE ${which})` : sql`coalesce(sum(units) FILTER (WHERE ${which}), 0)`;
  return reader.query<KeyedFigures & Record<string, never>>(sql`
    SELECT c.* FROM (
      SELECT key, ${join(COUNTS.map((name) => sql`coalesce(${raw(name)}, 0)::bigint AS ${raw(name)}`))}, sales, refund
      FROM (
        SELECT l.key, l.sold, l.lines, coalesce(w.whole, 0) + l.lines_cancelled AS cancelled, u.undelivered, CASE
        WHEN u.worth IS NULL THEN l.sales ELSE coalesce(l.sales, 0) + u.worth END AS sales
        FROM (
          SELECT ${key}, ${sold} AS sold, sum(${scope.addableAmount}) FILTER (WHERE sale) AS sales,
            count(*) AS lines, count(*) FILTER (WHERE status = 'cancelled') AS lines_cancelled
          FROM ${scope.lines} WHERE ${scope.ofModel} AND ${scope.current} ${bySkuAndShop}) AS l
        LEFT JOIN (${undelivered}) AS u USING (key)
        LEFT JOIN (
          SELECT ${key}, count(*) AS whole
          FROM (SELECT oid, sku_id, shop_id FROM lines WHERE NOT sale AND status <> 'cancelled' AND ${scope.ofModel}
          AND ${scope.current}) AS l
          WHERE oid IN (SELECT oid FROM orders WHERE status = 'cancelled' AND ${scope.current}) ${bySkuAndShop}) AS w USING (key)) AS lines
      FULL JOIN (
        SELECT ${key}, ${back(sql`role = 'return'`)} AS returned, ${back(sql`role = 'open'`)} AS open,
        ${back(sql`role = 'exchange'`)} AS exchanged,
          ${back(sql`role = 'return' AND NOT goods_back`)} AS kept, sum(${refundOf(scope)}) FILTER (WHERE role = 'return') AS refund,
          coalesce(sum(units) FILTER (WHERE role = 'return' AND refund_amount IS NULL), 0) AS untold,
          count(refund_amount) FILTER (WHERE role = 'return') AS refunds
        FROM ${returnedPieces(scope)} WHERE ${cameBack(scope, basis)} ${bySkuAndShop}) AS back USING (key)) AS c
    LEFT JOIN skus k ON k.sku_id = c.key
    WHERE c.key < 0 OR ${join(
      TELLING.map((name) => sql`c.${raw(name)}`),
      ' + ',
    )} > 0
    ORDER BY c.key < 0 DESC, c.returned DESC, ${sortableRate(context)} DESC NULLS LAST, c.sold DESC, k.sku
    LIMIT ${limit + scope.shops.length}`);
}

/** The figures of shops added up by platform; of orders, which may hold several SKUs, the days tell. */
async function sumPlatforms(
  { reader, scope, parameters: { variant } }: Context,
  shops: readonly KeyedFigures[],
): Promise<(Figures & { platform: PlatformId })[]> {
  const orders =
    variant !== 'orders'
      ? null
      : new Map(
          (
            await reader.query<{ shop_id: number; orders: number }>(sql`
    SELECT shop_id, sum(orders)::bigint AS orders FROM order_days WHERE ${scope.salesOrders} AND ${scope.current} GROUP BY 1`)
          ).map((row) => [row.shop_id, row.orders]),
        );
  const told = orders ? shops.map((shop) => ({ ...shop, sold: orders.get(-shop.key) ?? 0 })) : shops;
  return [...Map.groupBy(told, ({ key }) => scope.platformOf(-key))]
    .map(([platform, own]) => ({
      ...(Object.fromEntries(COUNTS.map((name) => [name, own.reduce((sum, shop) => sum + shop[name], 0)])) as Record<
        (typeof COUNTS)[number],
        number
      >),
      platform,
      sales: addSums(own.map(({ sales }) => sales)),
      refund: addSums(own.map(({ refund }) => refund)),
    }))
    .filter((row) => TELLING.some((name) => row[name] > 0))
    .toSorted((a, b) => b.returned - a.returned || inOrder(a.platform, b.platform));
}

/** Amounts of several currencies are not added up. */
function refundOf(scope: Scope): Sql {
  return scope.sideBySide ? sql`NULL::decimal(18,4)` : scope.in('refund_amount');
}

/** The rate as a number that sorts: two that are equal stay equal, for both parts are whole numbers. */
function sortableRate({ parameters: { variant } }: Context): Sql {
  return variant === 'amount'
    ? sql`(coalesce(c.refund, CASE WHEN c.returned = 0 THEN 0 END) * 10000)::bigint::double precision / nullif((c.sales * 10000)::bigint,
      0)`
    : sql`c.returned::double precision / nullif(c.sold + c.undelivered, 0)`;
}

async function readReasons({ reader, scope, parameters: { variant, basis } }: Context, skuIds: readonly number[]) {
  // An order that came back for several reasons counts for the first of them, so that the reasons add up to the orders.
  const counted =
    variant === 'orders'
      ? sql`CASE WHEN sku_id IS NULL THEN count(*) FILTER (WHERE of_order = 1) ELSE count(*) FILTER (WHERE of_sku = 1) END`
      : sql`sum(units)`;
  const turn = sql`event_day, rid NULLS LAST, coalesce(reason, 'unknown')`;
  const rows = await reader.query<{ sku_id: number | null; reason: string; returned: number; refund: string | null }>(sql`
    SELECT sku_id, reason, ${counted}::bigint AS returned, sum(refund) AS refund
    FROM (SELECT oid, sku_id, coalesce(reason, 'unknown') AS reason, units, ${refundOf(scope)} AS refund,
        row_number() OVER (PARTITION BY oid ORDER BY ${turn}) AS of_order, row_number() OVER (PARTITION BY oid, sku_id
        ORDER BY ${turn}) AS of_sku
      FROM ${returnedPieces(scope)} WHERE role = 'return' AND ${cameBack(scope, basis)}) AS back
    GROUP BY GROUPING SETS ((reason), (sku_id, reason))
    HAVING sku_id IS NULL OR ${among(sql`sku_id`, skuIds)}
    ORDER BY 3 DESC, 2, 1`);
  return {
    all: rows.filter(({ sku_id }) => sku_id === null),
    ofSku: Map.groupBy(
      rows.filter(({ sku_id }) => sku_id !== null),
      ({ sku_id }) => sku_id!,
    ),
  };
}

function shown({ scope, parameters: { variant } }: Context, row: Figures) {
  const refund = row.refund ?? (row.returned === 0 && !scope.sideBySide ? '0' : null);
  const rate =
    variant !== 'amount'
      ? percent(BigInt(row.returned), BigInt(row.sold + row.undelivered))
      : refund === null || row.sales === null
        ? null
        : sumPercent(refund, row.sales);
  return {
    sell_count: row.sold,
    return_count: row.returned,
    return_rate: rate,
    return_open_count: row.open,
    exchange_count: row.exchanged,
    refund_only_count: row.kept,
    undelivered_count: row.undelivered,
    cancel_count: row.cancelled,
    cancel_rate: percent(BigInt(row.cancelled), BigInt(row.lines)),
    sales_amount: scope.money(row.sales),
    refund_amount: scope.money(refund),
  };
}

/** Why a figure is null, and what a sum leaves out; claims whose order never came in can be put to no SKU. */
async function explain(
  { reader, scope, parameters: { variant, basis }, because, warn }: Context,
  shops: readonly Figures[],
): Promise<void> {
  const money = scope.sideBySide ? 'native_currencies' : 'refund_untold';
  because('refund_amount', money);
  because('return_rate', variant === 'amount' && scope.sideBySide ? 'native_currencies' : 'nothing_sold');
  because('cancel_rate', 'nothing_sold');
  const untold = shops.reduce((sum, row) => sum + row.untold, 0);
  if (untold > 0) warn('refunds_partly', { units: untold });
  const [untied] = await reader.query<{ claims: number; alone: number }>(sql`
    SELECT count(DISTINCT rid) FILTER (WHERE NOT ${WITHOUT_ORDER}) AS claims, count(DISTINCT rid) FILTER (WHERE ${WITHOUT_ORDER}) AS alone
    FROM return_lines
    WHERE oid IS NULL AND kind <> 'cancellation' AND state IN ('open', 'completed') AND ${scope.ofShops}`);
  if (untied!.claims > 0) warn('claims_untied', { claims: untied!.claims });
  if (untied!.alone > 0 && basis !== 'event') warn('refunds_without_order', { refunds: untied!.alone });
}
