import { z } from 'zod';
import { sql } from '../engines/sql.ts';
import { addSums } from '../model/money.ts';
import { ORDER_STATUSES, type OrderStatus } from '../model/order.ts';
import { PLATFORM_IDS } from '../model/shop.ts';
import { orderDays, returnDays } from './amount-days.ts';
import { ALL_ROWS, byCurrency, column, inOrder, report, type ReportContext } from './report.ts';
import { cameBack, returnedPieces } from './return-scope.ts';
import { sideBySide } from './scope.ts';

const ofStatus = z.strictObject({ status: z.enum(ORDER_STATUSES), orders: z.int(), units: z.int(), amount: z.number().nullable() });

interface ShopDay {
  shop_id: number;
  day: string;
}

/** Why a figure differs from the seller centre. */
export const reconcile = report({
  name: 'Reconcile',
  version: 2,
  title: { en: 'Checked against platform', zh: '与平台核对', es: 'Cuadre con la plataforma' },
  question: {
    en: 'Why does a figure differ from the Seller Center?',
    zh: '为什么数字与卖家后台不一致？',
    es: '¿Por qué difiere una cifra del Seller Center?',
  },
  parameters: z.strictObject({}),
  rows: ALL_ROWS,
  amounts: (scope) => [orderDays(scope, scope.current), returnDays(scope, 'event')],
  tables: {
    data: {
      title: { en: 'Shops and days', zh: '按店铺和日期', es: 'Tiendas y días' },
      row: z.strictObject({
        day: column(z.iso.date(), 'day', 'Shop day of the orders; of returns the day they were completed.'),
        platform: column(z.enum(PLATFORM_IDS), 'text', 'Platform.'),
        shop: column(z.string(), 'text', 'Shop.'),
        orders: column(z.int(), 'count', 'Orders, whatever became of them.'),
        units: column(z.int(), 'count', 'Pieces of goods on them.'),
        amount: column(
          z.number().nullable(),
          'money',
          'Net sales (or what `measure` says) of all these lines, cancelled and unpaid ones too.',
        ),
        by_status: column(
          z.array(ofStatus),
          'list',
          'Orders by their status; units and amounts by that of the line, where the order is not unpaid, cancelled or unknown as a whole.',
        ),
        returned_units: column(z.int(), 'count', 'Units whose return was completed on the day.'),
        refunded_amount: column(z.number().nullable(), 'money', 'What buyers got back on the day for returns, as far as documents tell.'),
        quarantined: column(z.int(), 'count', 'Records that came in on the day and lack a required field: they are in no figure.'),
        platform_orders: column(z.int().nullable(), 'count', "Orders of the day by the platform's own count, where it was asked."),
        covered: column(
          z.boolean(),
          'text',
          'false: not everything of the day is known; of days before the history that was fetched only what changed later.',
        ),
        complete_at: column(z.string().nullable(), 'text', 'When the data of the shop were last complete.'),
        by_currency: byCurrency,
      }),
    },
  },
  async compute(context) {
    const { reader, scope, parameters, because } = context;
    const [lines, orders, returns, held, counts, amounts] = await Promise.all([
      reader.query<ShopDay & { status: OrderStatus; units: number; amount: string | null } & Record<string, never>>(sql`
        SELECT shop_id, ${scope.day} AS day, coalesce(whole_status, status) AS status, coalesce(sum(quantity), 0)::bigint AS units,
          sum(${scope.addableAmount}) AS amount
        FROM ${scope.lines}
        LEFT JOIN (SELECT oid AS whole_oid, status AS whole_status FROM orders WHERE status IN ('unpaid', 'cancelled', 'unknown')
        AND ${scope.current}) AS whole
          ON whole_oid = oid
        WHERE kind = 'goods' AND ${scope.ofModel} AND ${scope.current} GROUP BY 1, 2, 3`),
      reader.query<ShopDay & { status: OrderStatus; orders: number } & Record<string, never>>(sql`
        SELECT shop_id, ${scope.day} AS day, status, sum(orders)::bigint AS orders FROM order_days WHERE ${scope.ofModel}
        AND ${scope.current} GROUP BY 1, 2, 3`),
      reader.query<ShopDay & { units: number; refunded: string | null } & Record<string, never>>(sql`
        SELECT shop_id, event_day AS day, coalesce(sum(units), 0)::bigint AS units,
        sum(${scope.sideBySide ? sql`NULL::decimal(18,4)` : scope.in('refund_amount')}) AS refunded
        FROM ${returnedPieces(scope)} WHERE role = 'return' AND ${cameBack(scope, 'event')} GROUP BY 1, 2`),
      readQuarantined(context),
      reader.query<ShopDay & { platform_orders: number } & Record<string, never>>(sql`
        SELECT shop_id, day, max(platform_orders) AS platform_orders FROM day_counts WHERE ${scope.currentBy(sql`day`)} GROUP BY 1, 2`),
      sideBySide(
        context,
        sql`
        SELECT shop_id::varchar || ' ' || ${scope.day}::varchar AS key, currency, sum(${scope.amount}) AS amount
        FROM lines WHERE kind = 'goods' AND ${scope.ofModel} AND ${scope.current} GROUP BY 1, 2 ORDER BY 1, 2`,
      ),
    ]);
    const key = ({ shop_id, day }: ShopDay): string => `${shop_id} ${day}`;
    const [ordersOf, linesOf, returnsOf, heldOf, countsOf] = [orders, lines, returns, held, counts].map((rows) =>
      Map.groupBy(rows as readonly ShopDay[], key),
    ) as [
      Map<string, typeof orders>,
      Map<string, typeof lines>,
      Map<string, typeof returns>,
      Map<string, typeof held>,
      Map<string, typeof counts>,
    ];
    const days = [
      ...new Map([...orders, ...lines, ...returns, ...held].map((row) => [key(row), { shop_id: row.shop_id, day: row.day }])).entries(),
    ];
    const rows = days
      .map(([id, { shop_id, day }]) => {
        const { platform, shop, completeAt } = scope.shops.find(({ shopId }) => shopId === shop_id)!;
        const [ofOrders, ofLines, [back]] = [ordersOf.get(id) ?? [], linesOf.get(id) ?? [], returnsOf.get(id) ?? []];
        const statuses = ORDER_STATUSES.filter((status) => [...ofOrders, ...ofLines].some((row) => row.status === status));
        return {
          day,
          platform,
          shop,
          orders: ofOrders.reduce((sum, row) => sum + row.orders, 0),
          units: ofLines.reduce((sum, row) => sum + row.units, 0),
          amount: scope.money(addSums(ofLines.map(({ amount }) => amount))),
          by_status: statuses.map((status) => {
            const line = ofLines.find((row) => row.status === status);
            return {
              status,
              orders: ofOrders.find((row) => row.status === status)?.orders ?? 0,
              units: line?.units ?? 0,
              amount: scope.money(line?.amount ?? null),
            };
          }),
          returned_units: back?.units ?? 0,
          refunded_amount: scope.money(back ? back.refunded : '0'),
          quarantined: heldOf.get(id)?.[0]?.records ?? 0,
          platform_orders: countsOf.get(id)?.[0]?.platform_orders ?? null,
          covered: scope.covers(shop_id, day),
          complete_at: completeAt,
          ...amounts(id),
        };
      })
      .toSorted((a, b) => inOrder(b.day, a.day) || inOrder(a.platform, b.platform) || inOrder(a.shop, b.shop))
      .slice(0, parameters.limit);
    const lacks = (has: (row: (typeof rows)[number]) => unknown): boolean => rows.some((row) => has(row) === null);
    if (lacks(({ amount }) => amount)) because('amount', scope.sideBySide ? 'native_currencies' : 'no_price');
    if (lacks(({ refunded_amount }) => refunded_amount))
      because('refunded_amount', scope.sideBySide ? 'native_currencies' : 'refund_untold');
    if (lacks(({ platform_orders }) => platform_orders)) because('platform_orders', 'not_counted');
    return { data: rows };
  },
});

/** By the day they came in on, on the shop's clock. */
async function readQuarantined({
  reader,
  scope,
}: Pick<ReportContext<object>, 'reader' | 'scope'>): Promise<(ShopDay & { records: number })[]> {
  return reader.query<ShopDay & { records: number } & Record<string, never>>(sql`
    SELECT shop_id, seen_day AS day, count(*) AS records
    FROM (SELECT DISTINCT q.shop_id, q.stream, q.record, (q.seen_at AT TIME ZONE h.zone)::date AS seen_day
      FROM quarantine q JOIN shops h ON h.shop_id = q.shop_id) AS held
    WHERE ${scope.currentBy(sql`seen_day`)} GROUP BY 1, 2`);
}
