import { z } from 'zod';
import { described } from '../kernel/described.ts';
import { sql, type Sql } from '../engines/sql.ts';
import { addSums, currencyDigits, percent } from '../model/money.ts';
import { RFM_SEGMENTS, rfmSegment } from '../model/rfm.ts';
import { PLATFORM_IDS, type PlatformId } from '../model/shop.ts';
import { buyersOf, tellOfBuyers } from './buyer-scope.ts';
import { lastPlace, lastShop } from './repeat-buyers.ts';
import { ALL_ROWS, byCurrency, column, inOrder, report, type ReportContext } from './report.ts';
import { openScaledOrders, readScales, scoredByFifths, scoredByScale, shownCuts, type RfmScale, type ScaledOrders } from './rfm-scope.ts';
import { sideBySide } from './scope.ts';

const parameters = z.strictObject({
  scoring: described(z.enum(['scale', 'quintile']).default('scale'), {
    en:
      '`scale`: R, F and M by the fixed thresholds of the shop (table `scales`), which stay until new ones are asked for. ' +
      '`quintile`: by fifths of the buyers of the platform in this period.',
    zh: '`scale`：按店铺固定的分档标准（表 `scales`）给 R、F、M 评分，更新前不变。`quintile`：按平台在该时段的买家五等分评分。',
    es:
      '`scale`: R, F y M según los umbrales fijos de la tienda (tabla `scales`), que no cambian hasta que se pidan otros. ' +
      '`quintile`: por quintos de los compradores de la plataforma en este periodo.',
  }),
});

const score = z.int().min(1).max(5);

interface BuyerRow {
  buyer_id: string;
  platform: PlatformId;
  orders: number;
  amount: string | null;
  paid: string | null;
  first_day: string;
  last_day: string;
  recency: number;
  r: number;
  f: number;
  m: number | null;
  region: string | null;
}
/** Buyers with the same scores. */
interface ScoreRow {
  buyer_id: null;
  r: number;
  f: number;
  m: number | null;
  platform: PlatformId;
  buyers: number;
  orders: number;
  amount: string | null;
}
type Context = ReportContext<z.output<typeof parameters>>;

/** Who the best buyers are. */
export const buyerAnalysis = report({
  name: 'BuyerAnalysis',
  version: 2,
  title: { en: 'Buyers', zh: '买家分析', es: 'Compradores' },
  question: { en: 'Who are the best buyers?', zh: '谁是最好的买家？', es: '¿Quiénes son los mejores compradores?' },
  parameters,
  rows: ALL_ROWS,
  tables: {
    data: {
      title: { en: 'Buyers by amount', zh: '按金额排列的买家', es: 'Compradores por importe' },
      row: z.strictObject({
        buyer_id: column(z.string(), 'text', "Keyed hash of the buyer, the same in every shop of one platform; never the platform's id."),
        platform: column(z.enum(PLATFORM_IDS), 'text', 'Platform.'),
        first_name: column(z.literal(''), 'text', 'Always empty: names are not kept. Who asked the older system finds the key.'),
        last_name: column(z.literal(''), 'text', 'Always empty, as `first_name`.'),
        order_count: column(z.int(), 'count', 'Orders with a sale in the window.'),
        total_amount: column(z.number().nullable(), 'money', 'Net sales, or what `measure` says.'),
        paid_amount: column(z.number().nullable(), 'money', 'What the buyer paid for goods.'),
        aov: column(z.number().nullable(), 'money', 'Amount per order.'),
        first_order_day: column(z.iso.date(), 'day', 'Shop day of the first order in the window.'),
        last_order_day: column(z.iso.date(), 'day', 'Shop day of the last one.'),
        recency_days: column(z.int(), 'count', 'Days from the last order to today, on the clock of its shop.'),
        r: column(score, 'count', 'Recency from 1 to 5 (5: bought lately).'),
        f: column(score, 'count', 'Frequency: orders, from 1 to 5.'),
        m: column(score.nullable(), 'count', 'Monetary: amount, from 1 to 5.'),
        segment: column(
          z.enum(RFM_SEGMENTS).nullable(),
          'text',
          'By R and V, the mean of F and M rounded up: R 5: New (V 1), Potential loyalist (2–3), Champions (4–5); ' +
            'R 4: Promising (1), Potential loyalist (2–3), Loyal (4–5); R 3: About to sleep (1–2), Need attention (3), Loyal (4–5); ' +
            'R 2: Hibernating (1–2), At risk (3–4), Cannot lose (5); R 1: Lost (1–2), At risk (3–4), Cannot lose (5).',
        ),
        area: column(z.string().nullable(), 'text', 'Region the last order was sent to; null where it is not known.'),
        by_currency: byCurrency,
      }),
    },
    summary: {
      title: { en: 'All buyers', zh: '全部买家', es: 'Todos los compradores' },
      row: z.strictObject({
        platform: column(z.enum(PLATFORM_IDS), 'text', 'Platform; its buyers are joined with those of no other.'),
        buyers: column(z.int().nullable(), 'count', 'Different buyers.'),
        new_buyers: column(z.int().nullable(), 'count', 'Those without an order before the window, as far back as the store reaches.'),
        orders: column(z.int().nullable(), 'count', 'Their orders.'),
        total_amount: column(z.number().nullable(), 'money', 'Their amount.'),
      }),
    },
    segments: {
      title: { en: 'Segments', zh: '买家分层', es: 'Segmentos' },
      row: z.strictObject({
        segment: column(z.enum(RFM_SEGMENTS), 'text', 'Segment.'),
        buyers: column(z.int(), 'count', 'Buyers in it.'),
        share: column(z.number().nullable(), 'percent', 'Share of all buyers with a segment.'),
        orders: column(z.int(), 'count', 'Their orders.'),
        total_amount: column(z.number().nullable(), 'money', 'Their amount.'),
      }),
    },
    scales: {
      title: { en: 'Thresholds', zh: '分档标准', es: 'Umbrales' },
      row: z.strictObject({
        shop: column(z.string(), 'text', 'Shop whose buyers are scored by it: those whose last order is there.'),
        version: column(z.int(), 'count', 'Version; 0 is what is usual until the shop keeps its own.'),
        made_at: column(z.string().nullable(), 'text', 'When it was made.'),
        recency_days: column(z.array(z.int()), 'list', 'Days since the last order, at most, for R 2, 3, 4, 5.'),
        orders: column(z.array(z.int()), 'list', 'Orders, at least, for F 2, 3, 4, 5.'),
        currency: column(z.string().nullable(), 'text', 'Currency of these amounts.'),
        amounts: column(
          z.array(z.number()).nullable(),
          'list',
          'Amount, at least, for M 2, 3, 4, 5; null where a rate is missing to reckon it.',
        ),
      }),
    },
  },
  async compute(context) {
    const { scope, because } = context;
    const [{ scales, answered, missing }, known, { silent }, amounts] = await Promise.all([
      readScored(context),
      readKnown(context),
      tellOfBuyers(context, ['buyers', 'new_buyers', 'orders', 'total_amount']),
      sideBySide(
        context,
        sql`
        SELECT lower(to_hex(h.hash)) AS key, o.currency, sum(o.amount) AS amount
        FROM (SELECT buyer_id, currency, sum(${scope.amount}) AS amount FROM orders
          WHERE ${scope.salesOrders} AND ${scope.current} AND buyer_id IS NOT NULL GROUP BY 1, 2) o
        JOIN buyers h ON h.buyer_id = o.buyer_id GROUP BY 1, 2 ORDER BY 1, 2`,
      ),
    ]);
    const rows = answered.filter((row): row is BuyerRow & Record<string, never> => row.buyer_id !== null);
    const scores = answered.filter((row): row is ScoreRow & Record<string, never> => row.buyer_id === null);
    if (missing) for (const name of ['m', 'segment', 'amounts']) because(name, 'rate_missing', { ...missing });
    for (const name of ['m', 'segment', 'amounts']) because(name, scope.sideBySide ? 'native_currencies' : 'no_price');
    return {
      data: rows.map(({ buyer_id, platform, orders, amount, paid, first_day, last_day, recency, r, f, m, region }) => ({
        buyer_id,
        platform,
        first_name: '',
        last_name: '',
        order_count: orders,
        total_amount: scope.money(amount),
        paid_amount: scope.money(paid),
        aov: scope.moneyPer(amount, orders),
        first_order_day: first_day,
        last_order_day: last_day,
        recency_days: recency,
        r,
        f,
        m,
        segment: m === null ? null : rfmSegment(r, f, m),
        area: region,
        ...amounts(buyer_id),
      })),
      summary: summaryOf(context, { scores, silent, known }),
      segments: segmentsOf(context, scores),
      scales: scales.map((scale) => {
        const { shop } = scope.shops.find(({ shopId }) => shopId === scale.shopId)!;
        const { amounts: least, ...cuts } = shownCuts(scale, currencyDigits(scale.currency));
        return { shop, version: scale.version, made_at: scale.madeAt, ...cuts, currency: scale.currency, amounts: least };
      }),
    };
  },
});

/**
 * The buyers of the answer and how many there are of each score, scored once, and the scales that they were scored by.
 * Who is out of the answer by the amount is told before the hashes are looked up, of which there are many more than buyers in a window.
 */
async function readScored(context: Context) {
  const {
    reader,
    scope,
    parameters: { limit, scoring },
  } = context;
  const scales = scoring === 'scale' ? await readScales(reader, scope) : [];
  const scaled = await openScaledOrders(reader, scope, scales);
  const answered = await reader.query<(BuyerRow | ScoreRow) & Record<string, never>>(sql`
    WITH scored AS MATERIALIZED (${scoredBuyers(context, scales, scaled)}),
    least AS (
      SELECT CASE WHEN count(amount) = ${limit} THEN min(amount) END AS amount FROM (SELECT amount FROM scored
      ORDER BY amount DESC NULLS LAST LIMIT ${limit}) AS best)
    SELECT * FROM (
      SELECT lower(to_hex(h.hash)) AS buyer_id, b.platform, NULL::bigint AS buyers, b.orders, b.amount, b.paid, b.first_day, b.last_day,
      b.recency, b.r, b.f, b.m, p.region
      FROM (SELECT s.* FROM scored s CROSS JOIN least WHERE least.amount IS NULL OR s.amount >= least.amount) AS b
      JOIN buyers h ON h.buyer_id = b.buyer_id
      LEFT JOIN places p ON p.place_id = b.place_id
      ORDER BY b.amount DESC NULLS LAST, b.orders DESC, b.last_day DESC, 1, 2 LIMIT ${limit}) AS best
    UNION ALL
    SELECT NULL, platform, count(*), sum(orders)::bigint, sum(amount), NULL, NULL, NULL, NULL, r, f, m, NULL FROM scored
    GROUP BY r, f, m, platform
    ORDER BY amount DESC NULLS LAST, orders DESC, last_day DESC, buyer_id, platform`);
  return { scales, answered, missing: scaled.missing };
}

/** Buyers of the window with what they bought and their scores. */
function scoredBuyers(
  { scope, parameters: { scoring } }: Context,
  scales: readonly RfmScale[],
  { orders, sums, stored }: ScaledOrders,
): Sql {
  const buyers = sql`
    SELECT b.buyer_id, b.last_shop, b.place_id, b.orders, b.amount, b.paid, b.first_day, b.last_day, h.platform, ${stored} AS stored,
      (${scope.todayOf(sql`b.last_shop`)} - b.last_day)::integer AS recency
    FROM (SELECT buyer_id, ${lastShop(scope)} AS last_shop, ${lastPlace(scope)} AS place_id, count(*) AS orders,
    sum(${scope.addableAmount}) AS amount,
        sum(${scope.in('paid_amount')}) AS paid, ${sums}, min(${scope.day}) AS first_day, max(${scope.day}) AS last_day
      FROM ${orders} WHERE ${scope.salesOrders} AND ${scope.current} AND buyer_id IS NOT NULL GROUP BY buyer_id) AS b
    JOIN shops h ON h.shop_id = b.last_shop`;
  return scoring === 'scale' ? scoredByScale(buyers, scales) : scoredByFifths(buyers);
}

interface Known {
  platform: PlatformId;
  buyers: number;
}

/** Buyers of the window who had bought before it, by platform. */
function readKnown({ reader, scope }: Context): Promise<(Known & Record<string, never>)[]> {
  return reader.query(sql`
    SELECT h.platform, count(*) AS buyers FROM (
      SELECT buyer_id, min(shop_id) AS shop_id FROM orders WHERE ${scope.salesOrders} AND ${scope.before}
      AND ${buyersOf(scope, scope.current)} GROUP BY buyer_id) AS b
    JOIN shops h ON h.shop_id = b.shop_id GROUP BY 1`);
}

function summaryOf(
  { scope }: Context,
  { scores, silent, known }: { scores: readonly ScoreRow[]; silent: readonly PlatformId[]; known: readonly Known[] },
) {
  const rows = [...Map.groupBy(scores, ({ platform }) => platform)].map(([platform, own]) => {
    const buyers = sum(own, 'buyers');
    return {
      platform,
      buyers,
      new_buyers: buyers - (known.find((row) => row.platform === platform)?.buyers ?? 0),
      orders: sum(own, 'orders'),
      total_amount: scope.money(amountOf(own)),
    };
  });
  return [
    ...rows.toSorted((a, b) => b.buyers - a.buyers || inOrder(a.platform, b.platform)),
    ...silent.map((platform) => ({ platform, buyers: null, new_buyers: null, orders: null, total_amount: null })),
  ];
}

function segmentsOf({ scope }: Context, scores: readonly ScoreRow[]) {
  const bySegment = Map.groupBy(
    scores.filter(({ m }) => m !== null),
    ({ r, f, m }) => rfmSegment(r, f, m!),
  );
  const all = sum([...bySegment.values()].flat(), 'buyers');
  return RFM_SEGMENTS.map((segment) => {
    const own = bySegment.get(segment) ?? [];
    return {
      segment,
      buyers: sum(own, 'buyers'),
      share: percent(BigInt(sum(own, 'buyers')), BigInt(all)),
      orders: sum(own, 'orders'),
      total_amount: scope.money(amountOf(own)),
    };
  });
}

function sum(rows: readonly ScoreRow[], of: 'buyers' | 'orders'): number {
  return rows.reduce((all, row) => all + row[of], 0);
}

/** Nobody has bought for nothing; of somebody without a price nothing is known. */
function amountOf(rows: readonly ScoreRow[]): string | null {
  return rows.length === 0 ? '0' : addSums(rows.map((row) => row.amount));
}
