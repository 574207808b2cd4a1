import { z } from 'zod';
import { join, raw, sql, type Sql } from '../engines/sql.ts';
import { growth, percent, sumGrowth, sumPerGrowth } from '../model/money.ts';
import { buyersOf, tellOfBuyers } from './buyer-scope.ts';
import { saleDays } from './amount-days.ts';
import { whyNoGrowth } from './explain.ts';
import { unknownAmount, type NoticeName } from './notices.ts';
import { byCurrency, column, report, type ReportContext } from './report.ts';
import { cameBack } from './return-scope.ts';
import { sideBySide, type Scope } from './scope.ts';
import { readExTax } from './tax.ts';

const growthOf = (what: string) => column(z.number().nullable(), 'percent', `${what} of the last complete days against as many before.`);

interface Head {
  orders: number;
  units: number;
  revenue: string | null;
  buyers: number;
  repeated: number;
  lines: number;
  cancelled: number;
  undelivered: number;
  returned: number;
}

/** The head line of the business. */
export const overview = report({
  name: 'Overview',
  version: 2,
  title: { en: 'Overview', zh: '经营概览', es: 'Resumen' },
  question: { en: 'How is business?', zh: '整体经营情况如何？', es: '¿Cómo va el negocio?' },
  parameters: z.strictObject({}),
  rows: 1,
  amounts: (scope) => [saleDays(scope, scope.anyPeriod)],
  tables: {
    data: {
      title: { en: 'Head line', zh: '核心指标', es: 'Cifras principales' },
      row: z.strictObject({
        orders: column(z.int(), 'count', 'Orders with a sale.'),
        orders_growth: growthOf('Orders'),
        units: column(z.int(), 'count', 'Units sold.'),
        units_growth: growthOf('Units'),
        revenue: column(z.number().nullable(), 'money', 'Net sales, or what `measure` says.'),
        revenue_growth: growthOf('Revenue'),
        aov: column(z.number().nullable(), 'money', 'Revenue per order.'),
        aov_growth: growthOf('Revenue per order'),
        buyers: column(z.int().nullable(), 'count', 'Different buyers.'),
        buyers_growth: growthOf('Buyers'),
        new_buyers: column(z.int().nullable(), 'count', 'Buyers without an order before the window, as far back as the store reaches.'),
        new_buyers_growth: growthOf('New buyers'),
        cancel_rate: column(z.number().nullable(), 'percent', 'Cancelled order lines ÷ all order lines.'),
        cancel_rate_growth: growthOf('The cancel rate'),
        return_rate: column(
          z.number().nullable(),
          'percent',
          'Units that came back, of those sold in the window, ÷ units sold or not delivered.',
        ),
        return_rate_growth: growthOf('The return rate'),
        profit: column(z.number().nullable(), 'money', 'What is left.'),
        profit_growth: growthOf('Profit'),
        tax_included: column(z.boolean().nullable(), 'text', 'Whether prices have tax in them.'),
        net_sales_ex_tax: column(
          z.number().nullable(),
          'money',
          "Net sales without tax: the platform's own tax where it is told, else by the shop's VAT setting.",
        ),
        by_currency: byCurrency,
      }),
    },
    series: {
      title: { en: 'Days', zh: '按日', es: 'Días' },
      row: z.strictObject({
        day: column(z.iso.date(), 'day', 'Shop day; one without a sale is left out.'),
        covered: column(z.boolean(), 'text', 'false: not everything of the day is known of every shop.'),
        orders: column(z.int(), 'count', 'Orders with a sale.'),
        units: column(z.int(), 'count', 'Units sold.'),
        revenue: column(z.number().nullable(), 'money', 'Net sales, or what `measure` says.'),
      }),
    },
    hours: {
      title: { en: 'Today by hour', zh: '今日按小时', es: 'Hoy por horas' },
      row: z.strictObject({
        hour: column(z.int(), 'count', "Hour of today on the shop's own clock, 0 to 23."),
        orders: column(z.int(), 'count', 'Orders with a sale.'),
        units: column(z.int(), 'count', 'Units sold.'),
        revenue: column(z.number().nullable(), 'money', 'Net sales, or what `measure` says.'),
      }),
    },
  },
  async compute(context) {
    const { reader, scope, parameters, ripening, because } = context;
    const spans = [scope, scope.during('earlier'), scope.during('later')].filter((span) => span !== undefined);
    const [[head, ...compared], hours, { taxIncluded, netSales }, { telling, silent }, series, amounts] = await Promise.all([
      readHeads(context, spans),
      readHours(context),
      scope.sideBySide ? { taxIncluded: null, netSales: null } : readExTax(reader, scope),
      tellOfBuyers(context, ['buyers', 'new_buyers']),
      readSeries(context),
      sideBySide(
        context,
        sql`
        SELECT 'all' AS key, currency, sum(${scope.amount}) AS amount FROM order_days WHERE ${scope.salesOrders} AND ${scope.current}
        GROUP BY 1, 2 ORDER BY 1, 2`,
      ),
    ]);
    const [earlier, later] = compared.length === 2 ? (compared as [Head, Head]) : [undefined, undefined];
    // Where nobody sold, nobody has kept a buyer back: there are none.
    const tells = telling.size > 0 || silent.length === 0;
    if (!tells) for (const column of ['buyers_growth', 'new_buyers_growth']) because(column, 'no_buyer', { platform: silent });
    because('profit', 'profit_unknown');
    because('profit_growth', 'profit_unknown');
    if (head.orders > 0 && taxIncluded === null) because('tax_included', scope.sideBySide ? 'native_currencies' : 'tax_mixed');
    if (netSales === null)
      because(
        'net_sales_ex_tax',
        scope.sideBySide ? 'native_currencies' : head.revenue === null ? unknownAmount(parameters.measure) : 'vat_missing',
      );
    const grown = (of: (each: Head) => number): number | null => (earlier ? growth(BigInt(of(earlier)), BigInt(of(later))) : null);
    const grownRate = (part: (each: Head) => number, whole: (each: Head) => number): number | null => {
      if (!earlier || whole(earlier) === 0 || whole(later) === 0) return null;
      return growth(BigInt(part(earlier)) * BigInt(whole(later)), BigInt(part(later)) * BigInt(whole(earlier)));
    };
    const handedOver = ({ units, undelivered }: Head): number => units + undelivered;
    const fresh = ({ buyers, repeated }: Head): number => buyers - repeated;
    const bothPriced = earlier && earlier.revenue !== null && later.revenue !== null && !scope.sideBySide;
    const ripens =
      earlier !== undefined &&
      ripening !== null &&
      scope.windows.some(
        (window) =>
          window.growth &&
          ripening.mayRipen(
            scope.shops.filter(({ shopId }) => window.shopIds.includes(shopId)),
            window.growth.later.to,
          ),
      );
    explainGrowth(context, { earlier, later, ripens, handedOver });
    return {
      data: [
        {
          orders: head.orders,
          orders_growth: grown(({ orders }) => orders),
          units: head.units,
          units_growth: grown(({ units }) => units),
          revenue: scope.moneyOf(head.revenue, head.orders),
          revenue_growth: bothPriced ? sumGrowth(earlier.revenue!, later.revenue!) : null,
          aov: scope.moneyPer(head.revenue, head.orders),
          aov_growth: bothPriced
            ? sumPerGrowth({ sum: earlier.revenue!, count: earlier.orders }, { sum: later.revenue!, count: later.orders })
            : null,
          buyers: tells ? head.buyers : null,
          buyers_growth: tells ? grown(({ buyers }) => buyers) : null,
          new_buyers: tells ? fresh(head) : null,
          new_buyers_growth: tells ? grown(fresh) : null,
          cancel_rate: percent(BigInt(head.cancelled), BigInt(head.lines)),
          cancel_rate_growth: grownRate(
            ({ cancelled }) => cancelled,
            ({ lines }) => lines,
          ),
          return_rate: percent(BigInt(head.returned), BigInt(handedOver(head))),
          return_rate_growth: ripens ? null : grownRate(({ returned }) => returned, handedOver),
          profit: null,
          profit_growth: null,
          tax_included: head.orders > 0 ? taxIncluded : null,
          net_sales_ex_tax: scope.moneyOf(netSales, head.orders),
          ...amounts('all'),
        },
      ],
      series: series.map(({ day, orders, units, revenue }) => ({
        day,
        covered: scope.shops.every(({ shopId }) => scope.covers(shopId, day)),
        orders,
        units,
        revenue: scope.money(revenue),
      })),
      hours: hours.map(({ hour, orders, units, revenue }) => ({ hour, orders, units, revenue: scope.money(revenue) })),
    };
  },
});

const COUNTED = [
  'orders_growth',
  'units_growth',
  'revenue_growth',
  'aov_growth',
  'buyers_growth',
  'new_buyers_growth',
  'cancel_rate_growth',
  'return_rate_growth',
] as const;

/** Why a growth is null where it is: first what holds for all of them, then each one's own reason. */
function explainGrowth(
  { scope, parameters, because, ripening }: Pick<ReportContext<object>, 'scope' | 'parameters' | 'because' | 'ripening'>,
  {
    earlier,
    later,
    ripens,
    handedOver,
  }: { earlier: Head | undefined; later: Head | undefined; ripens: boolean; handedOver: (each: Head) => number },
): void {
  if (!earlier || !later) {
    for (const column of COUNTED) because(column, ...whyNoGrowth(scope));
    return;
  }
  const amount = scope.sideBySide
    ? 'native_currencies'
    : earlier.orders > 0 && (earlier.revenue === null || later.revenue === null)
      ? unknownAmount(parameters.measure)
      : null;
  const ofRate = (part: number, whole: number, wholeNow: number): NoticeName =>
    whole === 0
      ? 'growth_nothing_before'
      : wholeNow === 0
        ? 'growth_nothing_now'
        : part === 0
          ? 'growth_from_zero'
          : 'growth_nothing_before';
  because('revenue_growth', amount ?? (earlier.orders > 0 ? 'growth_from_zero' : 'growth_nothing_before'));
  because(
    'aov_growth',
    amount ??
      (earlier.orders > 0 && later.orders > 0 ? 'growth_from_zero' : earlier.orders > 0 ? 'growth_nothing_now' : 'growth_nothing_before'),
  );
  because('cancel_rate_growth', ofRate(earlier.cancelled, earlier.lines, later.lines));
  if (ripens)
    because('return_rate_growth', ripening?.ripeDays ? 'growth_ripening' : 'growth_ripening_unknown', { days: ripening?.ripeDays ?? 0 });
  because('return_rate_growth', ofRate(earlier.returned, handedOver(earlier), handedOver(later)));
  if (earlier.buyers > 0) because('new_buyers_growth', 'growth_from_zero');
  for (const column of COUNTED) because(column, 'growth_nothing_before');
}

type Context = Pick<ReportContext<object>, 'reader' | 'scope'>;

/** The figures of the days of each span; a pass over each table tells of all of them. */
async function readHeads({ reader, scope }: Context, spans: readonly Scope[]): Promise<[Head, ...Head[]]> {
  const ofEach = (figures: (span: Scope, as: (name: keyof Head) => Sql) => Sql): Sql =>
    join(spans.map((span, n) => figures(span, (name) => raw(`${name}_${n}`))));
  const parts = await Promise.all(
    [
      sql`SELECT ${ofEach(
        (_span, as) => sql`
        count(*) FILTER (WHERE ${as('buyers')}) AS ${as('buyers')}, count(*) FILTER (WHERE ${as('buyers')} AND ${as('repeated')}) AS ${as('repeated')}`,
      )}
      FROM (
        SELECT buyer_id, ${ofEach(({ current, before }, as) => sql`bool_or(${current}) AS ${as('buyers')}, bool_or(${before}) AS ${as('repeated')}`)}
        FROM orders WHERE ${scope.salesOrders} AND ${scope.untilToday} AND ${buyersOf(scope, scope.anyPeriod)}
        GROUP BY buyer_id) AS bought`,
      sql`SELECT ${ofEach(
        ({ current }, as) => sql`
        coalesce(sum(orders) FILTER (WHERE ${scope.salesOrders} AND ${current}), 0)::bigint AS ${as('orders')},
        coalesce(sum(units) FILTER (WHERE ${scope.salesOrders} AND ${current}), 0)::bigint AS ${as('units')},
        sum(${scope.addableAmount}) FILTER (WHERE ${scope.salesOrders} AND ${current}) AS ${as('revenue')},
        coalesce(sum(line_count) FILTER (WHERE ${scope.ofModel} AND ${current}), 0)::bigint AS ${as('lines')}`,
      )}
      FROM ${scope.orderDays} WHERE ${scope.anyPeriod}`,
      sql`SELECT ${ofEach(
        ({ current }, as) => sql`
        count(*) FILTER (WHERE ${current} AND (status = 'cancelled' OR whole)) AS ${as('cancelled')}`,
      )}
      FROM (SELECT *, oid IN (SELECT oid FROM orders WHERE status = 'cancelled' AND ${scope.anyPeriod}) AS whole
        FROM lines WHERE NOT sale AND ${scope.ofModel} AND ${scope.anyPeriod}) AS l`,
      sql`SELECT ${ofEach(
        (span, as) => sql`
        coalesce(sum(units) FILTER (WHERE role = 'return' AND ${cameBack(span, 'order')}), 0)::bigint AS ${as('returned')},
        coalesce(sum(units) FILTER (WHERE role = 'undelivered' AND ${cameBack(span, 'order')}), 0)::bigint AS ${as('undelivered')}`,
      )}
      FROM returned_pieces WHERE role IN ('return', 'undelivered')`,
    ].map((text) => reader.query<Record<string, number | string | null>>(text)),
  );
  const row = Object.assign({}, ...parts.map(([only]) => only)) as Record<string, number | string | null>;
  const names: readonly (keyof Head)[] = [
    'orders',
    'units',
    'revenue',
    'buyers',
    'repeated',
    'lines',
    'cancelled',
    'undelivered',
    'returned',
  ];
  return spans.map((_, n) => {
    const head = Object.fromEntries(names.map((name) => [name, row[`${name}_${n}`]])) as unknown as Head;
    // Nobody buys for nothing: without orders it is 0, with orders that tell no price it is not known.
    return head.orders === 0 ? { ...head, revenue: '0' } : head;
  }) as [Head, ...Head[]];
}

interface Point {
  orders: number;
  units: number;
  revenue: string | null;
}

function readSeries({ reader, scope }: Context): Promise<(Point & { day: string })[]> {
  return reader.query<Point & { day: string } & Record<string, never>>(sql`
    SELECT ${scope.day} AS day, sum(orders)::bigint AS orders, sum(units)::bigint AS units, sum(${scope.addableAmount}) AS revenue
    FROM ${scope.orderDays} WHERE ${scope.salesOrders} AND ${scope.current} GROUP BY 1 ORDER BY 1`);
}

/** Today, as far as the window holds it, on each shop's own clock. */
function readHours({ reader, scope }: Context): Promise<(Point & { hour: number })[]> {
  return reader.query<Point & { hour: number } & Record<string, never>>(sql`
    SELECT extract(hour FROM o.${scope.instant} AT TIME ZONE h.zone)::integer AS hour, count(*) AS orders, sum(o.units)::bigint AS units,
    sum(o.measured) AS revenue
    FROM (SELECT orders.*, ${scope.addableAmount} AS measured FROM ${scope.orders} WHERE ${scope.salesOrders} AND ${scope.isToday}) AS o
    JOIN shops h ON h.shop_id = o.shop_id
    GROUP BY 1 ORDER BY 1`);
}
