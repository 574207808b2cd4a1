import { z } from 'zod';
import { sql, type Sql } from '../engines/sql.ts';
import { percent, sumPercent } from '../model/money.ts';
import { PLATFORM_IDS, type PlatformId } from '../model/shop.ts';
import { ALL_ROWS, byCurrency, column, report, type ReportContext } from './report.ts';
import { HANDED_OVER, returnedLines, UNDELIVERED, WITHOUT_ORDER } from './return-scope.ts';
import { among, readSkuNames, sideBySide, type Scope } from './scope.ts';

const VARIANTS = ['units', 'orders', 'amount'] as const;

const parameters = z.strictObject({
  variant: z.enum(VARIANTS).default('units')
    .describe('What is counted: pieces, orders (one that came back in part is one), or the amount refunded against the amount sold.'),
  basis: z.enum(['order', 'event', 'created', 'paid']).default('order')
    .describe('`order` (`created` says the same, `paid` goes by the day of payment): of what was sold in the window, what came back until now. `event`: what came back in the window, against what was sold in it.'),
});

const figures = {
  sell_count: column(z.int(), 'count', 'Units sold in the window; with `variant=orders` orders.'),
  return_count: column(z.int(), 'count', 'Units (orders) that came back or were refunded in the end. A gift or sample is none.'),
  return_rate: column(z.number().nullable(), 'percent', 'return_count ÷ (sell_count + undelivered_count); with `variant=amount` refund_amount ÷ sales_amount.'),
  return_open_count: column(z.int(), 'count', 'Units (orders) with a claim that is not decided.'),
  exchange_count: column(z.int(), 'count', 'Units (orders) exchanged without money.'),
  refund_only_count: column(z.int(), 'count', 'Of return_count: paid back by a claim that left the goods with the buyer, or lost.'),
  undelivered_count: column(z.int(), 'count', 'Of what was sold and is no sale any more: cancelled after hand-over, because nobody took it or it came back.'),
  cancel_count: column(z.int(), 'count', 'Cancelled order lines, of the window by the day of their order. Before shipment they are never a return.'),
  cancel_rate: column(z.number().nullable(), 'percent', 'cancel_count ÷ all order lines.'),
  sales_amount: column(z.number().nullable(), 'money', 'Net sales, or what `measure` says, of what was sold or undelivered.'),
  refund_amount: column(z.number().nullable(), 'money', 'What buyers got back for the returns, as far as documents tell.'),
};

interface Figures {
  sold: number; undelivered: number; sales: string | null; lines: number; cancelled: number;
  returned: number; open: number; exchanged: number; kept: number; refund: string | null; untold: number;
}
type Context = ReportContext<z.output<typeof parameters>>;

/** What comes back, and why. */
export const returnRate = report({
  name: 'ReturnRate',
  version: 1,
  title: { en: 'Return rate', zh: '退货率', es: 'Tasa de devolución' },
  question: { en: 'What comes back, and why?', zh: '哪些商品被退回，原因是什么？', es: '¿Qué se devuelve y por qué?' },
  parameters,
  rows: ALL_ROWS,
  amountsUntilToday: true,
  tables: {
    data: {
      title: { en: 'SKUs by returns', zh: '按退货数量排列的 SKU', es: 'SKU por devoluciones' },
      row: z.strictObject({
        sku_id: column(z.string(), 'text', 'The seller\'s SKU, else the platform\'s.'),
        sku_name: column(z.string().nullable(), 'text', 'Its latest name.'),
        image: column(z.string().nullable(), 'text', 'Address of a picture.'),
        ...figures,
        return_reasons: column(z.record(z.string(), z.int()), 'list', 'return_count by reason; a return without a document bears its outcome (returned, refused, lost, refunded).'),
        platform_skus: column(z.array(z.string()), 'list', 'The platforms\' own ids of it.'),
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
        reason: column(z.string(), 'text', 'The platform\'s key of the reason, `unknown` where there is none.'),
        return_count: column(z.int(), 'count', 'Units (orders) that came back for it.'),
        share: column(z.number().nullable(), 'percent', 'Share of all of them.'),
        refund_amount: column(z.number().nullable(), 'money', 'What buyers got back.'),
      }),
    },
  },
  async compute(context) {
    const { reader, scope, parameters: { limit } } = context;
    // SKUs and platforms in one question, for what came back is dear to find.
    const counted = await reader.query<Figures & { sku_id: number | null; platform: PlatformId | null } & Record<string, never>>(sql`
      SELECT c.* FROM (${countedFigures(context)}) AS c LEFT JOIN skus k ON k.sku_id = c.sku_id
      ORDER BY CASE WHEN c.sku_id IS NULL THEN 0 ELSE 1 END, c.returned DESC, ${sortableRate(context)} DESC NULLS LAST, c.sold DESC, k.sku
      LIMIT ${limit + PLATFORM_IDS.length}`);
    const rows = counted.flatMap(({ sku_id, ...row }) => (sku_id === null ? [] : [{ sku_id, ...row }])).slice(0, limit);
    const platforms = counted.flatMap(({ platform, ...row }) => (platform === null ? [] : [{ platform, ...row }]))
      .toSorted((a, b) => b.returned - a.returned || (a.platform < b.platform ? -1 : 1));
    const ids = rows.filter(({ returned }) => returned > 0).map(({ sku_id }) => sku_id);
    const reasons = await readReasons(context, ids);
    const names = await readSkuNames(reader, scope, rows.map(({ sku_id }) => sku_id));
    const amounts = await sideBySide(context, sql`
      SELECT sku_id::varchar AS key, currency, sum(refund_amount) AS amount
      FROM (${returnedLines(scope, context.parameters.basis)}) AS r WHERE role = 'return' GROUP BY 1, 2 ORDER BY 1, 2`);
    await explain(context, platforms);
    const all = reasons.all.reduce((sum, { returned }) => sum + returned, 0);
    return {
      data: rows.map((row) => {
        const { sku, sku_name, image, platform_skus } = names.get(row.sku_id)!;
        return {
          sku_id: sku, sku_name, image, ...shown(context, row),
          return_reasons: Object.fromEntries((reasons.ofSku.get(row.sku_id) ?? []).filter(({ returned }) => returned > 0).map(({ reason, returned }) => [reason, returned])),
          platform_skus, ...amounts(String(row.sku_id)),
        };
      }),
      by_platform: platforms.map((row) => ({ platform: row.platform, ...shown(context, row) })),
      reasons: reasons.all.map(({ reason, returned, refund }) => ({
        reason, return_count: returned, share: percent(BigInt(returned), BigInt(all)), refund_amount: scope.money(refund),
      })),
    };
  },
});

/** Every figure of the window for each SKU (`platform` null) and for each platform (`sku_id` null). */
function countedFigures({ scope, parameters: { variant, basis } }: Context): Sql {
  const inOrders = variant === 'orders';
  // An order is counted at the first sold line of each SKU; of a platform's orders the table of orders tells.
  const sold = inOrders ? sql`CASE WHEN grouping(sku_id) = 0 THEN count(*) FILTER (WHERE first_of_sku) ELSE 0 END` : sql`coalesce(sum(quantity) FILTER (WHERE sale), 0)`;
  const undelivered = inOrders ? sql`count(DISTINCT oid) FILTER (WHERE ${UNDELIVERED})` : sql`coalesce(sum(quantity) FILTER (WHERE ${UNDELIVERED}), 0)`;
  const back = (which: Sql): Sql => (inOrders ? sql`count(DISTINCT r.oid) FILTER (WHERE ${which})` : sql`coalesce(sum(r.units) FILTER (WHERE ${which}), 0)`);
  const byBoth = sql`GROUP BY GROUPING SETS ((sku_id), (shop_id))`;
  const nothingBack = sql`0 AS returned, 0 AS open, 0 AS exchanged, 0 AS kept, NULL::decimal(18,4) AS refund, 0 AS untold, 0 AS refunds`;
  return sql`
    SELECT sku_id, platform, sum(sold)::bigint AS sold, sum(undelivered)::bigint AS undelivered, sum(sales) AS sales,
      sum(lines)::bigint AS lines, sum(cancelled)::bigint AS cancelled, sum(returned)::bigint AS returned, sum(open)::bigint AS open,
      sum(exchanged)::bigint AS exchanged, sum(kept)::bigint AS kept, sum(refund) AS refund, sum(untold)::bigint AS untold
    FROM (
      SELECT sku_id, shop_id, ${sold} AS sold, ${undelivered} AS undelivered, sum(${scope.addableAmount}) FILTER (WHERE ${HANDED_OVER}) AS sales,
        count(*) AS lines, count(*) FILTER (WHERE status = 'cancelled') AS cancelled, ${nothingBack}
      FROM ${scope.lines} WHERE ${scope.ofModel} AND ${scope.current} ${byBoth}
      UNION ALL
      SELECT NULL::integer, shop_id, sum(orders), 0, NULL, 0, 0, ${nothingBack}
      FROM order_days WHERE ${inOrders ? sql`true` : sql`false`} AND ${scope.salesOrders} AND ${scope.current} GROUP BY shop_id
      UNION ALL
      SELECT sku_id, shop_id, 0, 0, NULL, 0, count(*), ${nothingBack}
      FROM (SELECT oid, sku_id, shop_id FROM lines WHERE NOT sale AND status <> 'cancelled' AND ${scope.ofModel} AND ${scope.current}) AS l
      WHERE oid IN (SELECT oid FROM orders WHERE status = 'cancelled' AND ${scope.current}) ${byBoth}
      UNION ALL
      SELECT sku_id, shop_id, 0, 0, NULL, 0, 0, ${back(sql`role = 'return'`)}, ${back(sql`role = 'open'`)}, ${back(sql`role = 'exchange'`)},
        ${back(sql`role = 'return' AND NOT goods_back`)}, sum(${refundOf(scope)}) FILTER (WHERE role = 'return'),
        coalesce(sum(units) FILTER (WHERE role = 'return' AND refund_amount IS NULL), 0), count(refund_amount) FILTER (WHERE role = 'return')
      FROM ${returned(scope, basis)} ${byBoth}) AS parts
    LEFT JOIN (SELECT shop_id AS id, platform FROM shops) AS h ON h.id = parts.shop_id
    GROUP BY 1, 2
    HAVING sum(sold) + sum(undelivered) + sum(cancelled) + sum(returned) + sum(open) + sum(exchanged) + sum(refunds) > 0`;
}

/** The returns with what was refunded in the currency of the answer. */
function returned(scope: Scope, basis: Context['parameters']['basis']): Sql {
  return scope.converted(sql`(${returnedLines(scope, basis)})`, 'r', ['refund_amount']);
}

/** Amounts of several currencies are not added up. */
function refundOf(scope: Scope): Sql {
  return scope.sideBySide ? sql`NULL::decimal(18,4)` : scope.in('refund_amount');
}

/** The rate as a number that sorts: two that are equal stay equal, for both parts are whole numbers. */
function sortableRate({ parameters: { variant } }: Context): Sql {
  return variant === 'amount'
    ? sql`(coalesce(c.refund, CASE WHEN c.returned = 0 THEN 0 END) * 10000)::bigint::double precision / nullif((c.sales * 10000)::bigint, 0)`
    : sql`c.returned::double precision / nullif(c.sold + c.undelivered, 0)`;
}

async function readReasons({ reader, scope, parameters: { variant, basis } }: Context, skuIds: readonly number[]) {
  const rows = await reader.query<{ sku_id: number | null; reason: string; returned: number; refund: string | null }>(sql`
    SELECT sku_id, reason, ${variant === 'orders' ? sql`count(DISTINCT oid)` : sql`sum(units)`}::bigint AS returned, sum(refund) AS refund
    FROM (SELECT oid, sku_id, coalesce(reason, 'unknown') AS reason, units, ${refundOf(scope)} AS refund FROM ${returned(scope, basis)} WHERE role = 'return') AS back
    GROUP BY GROUPING SETS ((reason), (sku_id, reason))
    HAVING sku_id IS NULL OR ${among(sql`sku_id`, skuIds)}
    ORDER BY 3 DESC, 2, 1`);
  return { all: rows.filter(({ sku_id }) => sku_id === null), ofSku: Map.groupBy(rows.filter(({ sku_id }) => sku_id !== null), ({ sku_id }) => sku_id!) };
}

function shown({ scope, parameters: { variant } }: Context, row: Figures) {
  const refund = row.refund ?? (row.returned === 0 && !scope.sideBySide ? '0' : null);
  const rate = variant !== 'amount' ? percent(BigInt(row.returned), BigInt(row.sold + row.undelivered))
    : refund === null || row.sales === null ? null : sumPercent(refund, row.sales);
  return {
    sell_count: row.sold, return_count: row.returned, return_rate: rate, return_open_count: row.open, exchange_count: row.exchanged,
    refund_only_count: row.kept, undelivered_count: row.undelivered, cancel_count: row.cancelled, cancel_rate: percent(BigInt(row.cancelled), BigInt(row.lines)),
    sales_amount: scope.money(row.sales), refund_amount: scope.money(refund),
  };
}

/** Why a figure is null, and what a sum leaves out; claims whose order never came in can be put to no SKU. */
async function explain({ reader, scope, parameters: { variant, basis }, because, warn }: Context, platforms: readonly Figures[]): Promise<void> {
  const money = scope.sideBySide ? 'native_currencies' : 'refund_untold';
  because('refund_amount', money);
  because('return_rate', variant === 'amount' && scope.sideBySide ? 'native_currencies' : 'nothing_sold');
  because('cancel_rate', 'nothing_sold');
  const untold = platforms.reduce((sum, row) => sum + row.untold, 0);
  if (untold > 0) warn('refunds_partly', { units: untold });
  const [untied] = await reader.query<{ claims: number; alone: number }>(sql`
    SELECT count(DISTINCT rid) FILTER (WHERE NOT ${WITHOUT_ORDER}) AS claims, count(DISTINCT rid) FILTER (WHERE ${WITHOUT_ORDER}) AS alone FROM return_lines
    WHERE oid IS NULL AND kind <> 'cancellation' AND state IN ('open', 'completed') AND ${scope.ofShops}`);
  if (untied!.claims > 0) warn('claims_untied', { claims: untied!.claims });
  if (untied!.alone > 0 && basis !== 'event') warn('refunds_without_order', { refunds: untied!.alone });
}
