import { z } from 'zod';
import { join, raw, sql, type Sql } from '../engines/sql.ts';
import { addSums, percent } from '../model/money.ts';
import { buyersOf, tellOfBuyers } from './buyer-scope.ts';
import { ALL_ROWS, byCurrency, column, report, type ReportContext } from './report.ts';
import { sideBySide } from './scope.ts';

/** So many months of a buyer fit into one number, and every number is a safe integer. */
const MONTHS_OF_MASK = 48;

interface CellRow { cohort: number; month: number; buyers: number }
interface RevenueRow { cohort: number; month: number; revenue: string | null }
type Context = Pick<ReportContext<object>, 'reader' | 'scope'>;

/** Whether buyers come back, by the month of their first order. */
export const cohortRetention = report({
  name: 'CohortRetention',
  version: 1,
  title: { en: 'Cohort retention', zh: '同期群留存', es: 'Retención por cohortes' },
  question: { en: 'Do buyers come back?', zh: '买家会再次购买吗？', es: '¿Vuelven los compradores?' },
  parameters: z.strictObject({}),
  rows: ALL_ROWS,
  amountsUntilToday: true,
  tables: {
    data: {
      title: { en: 'Month of the first order and months since', zh: '首单月份与之后各月', es: 'Mes del primer pedido y meses desde entonces' },
      row: z.strictObject({
        month: column(z.string(), 'text', 'YYYY-MM of the first order, which is in the window.'),
        months_since: column(z.int(), 'count', 'Months from then: 0 is that month itself.'),
        cohort_buyers: column(z.int(), 'count', 'Buyers whose first order is of that month.'),
        buyers: column(z.int(), 'count', 'Those of them with an order in the month looked at.'),
        retention: column(z.number().nullable(), 'percent', 'buyers ÷ cohort_buyers.'),
        revenue: column(z.number().nullable(), 'money', 'Net sales to the cohort in that month, or what `measure` says.'),
        complete: column(z.boolean(), 'text', 'false: the month is not over, more may come.'),
        by_currency: byCurrency,
      }),
    },
    cohorts: {
      title: { en: 'Months of the first order', zh: '首单月份', es: 'Meses del primer pedido' },
      row: z.strictObject({
        month: column(z.string(), 'text', 'YYYY-MM of the first order.'),
        cohort_buyers: column(z.int().nullable(), 'count', 'Buyers whose first order is of that month.'),
        revenue: column(z.number().nullable(), 'money', 'Net sales to them until today.'),
        complete: column(z.boolean(), 'text', 'false: the month is not over, the cohort still grows.'),
      }),
    },
  },
  async compute(context) {
    const { reader, scope, parameters: { limit } } = context;
    const [[first]] = await Promise.all([
      reader.query<{ day: string | null }>(sql`
        SELECT min(${scope.day})::varchar AS day FROM orders WHERE ${scope.salesOrders} AND ${scope.untilToday} AND buyer_id IS NOT NULL`),
      tellOfBuyers(context, []),
    ]);
    if (first!.day === null) return { data: [], cohorts: [] };
    const last = monthOf(scope.today);
    const span = { base: monthOf(first!.day), count: last - monthOf(first!.day) + 1 };
    const [cells, revenues, amounts] = await Promise.all([
      readCells(context, span),
      reader.query<RevenueRow & Record<string, never>>(revenueText(context, sql`NULL::varchar`)),
      sideBySide(context, sql`
        SELECT cohort::varchar || ' ' || month::varchar AS key, currency, revenue AS amount FROM (${revenueText(context, sql`currency`)}) AS r ORDER BY 1, 2`),
    ]);
    const revenueOf = new Map(revenues.map((row) => [`${row.cohort} ${row.month}`, row.revenue]));
    const buyersOf = new Map(cells.map(({ cohort, month, buyers }) => [`${cohort} ${month}`, buyers]));
    const cohorts = [...new Set(cells.map(({ cohort }) => cohort))].toSorted((a, b) => a - b);
    const rows = cohorts.flatMap((cohort) => Array.from({ length: last - cohort + 1 }, (_, since) => {
      const [size, buyers, key] = [buyersOf.get(`${cohort} ${cohort}`)!, buyersOf.get(`${cohort} ${cohort + since}`) ?? 0, `${cohort} ${cohort + since}`];
      const revenue = buyers === 0 && !scope.sideBySide ? '0' : revenueOf.get(key) ?? null;
      return {
        month: monthName(cohort), months_since: since, cohort_buyers: size, buyers, retention: percent(BigInt(buyers), BigInt(size)),
        revenue: scope.money(revenue), complete: cohort + since < last, ...amounts(key),
      };
    }));
    return {
      data: rows.slice(0, limit),
      cohorts: cohorts.map((cohort) => ({
        month: monthName(cohort), cohort_buyers: buyersOf.get(`${cohort} ${cohort}`)!,
        revenue: scope.money(addSums(revenues.filter((row) => row.cohort === cohort).map(({ revenue }) => revenue))), complete: cohort < last,
      })),
    };
  },
});

/** Months counted from the year 0. */
function monthOf(day: string): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
}

function monthName(month: number): string {
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;
}

function monthColumn({ scope }: Context): Sql {
  return sql`(extract(year FROM ${scope.day}) * 12 + extract(month FROM ${scope.day}) - 1)::integer`;
}

/** Buyers by the month of their first order and each month they bought in: one pass over the orders sets a bit of each buyer for every month. */
function readCells(context: Context, { base, count }: { base: number; count: number }): Promise<CellRow[]> {
  const { reader, scope } = context;
  const masks = Array.from({ length: Math.ceil(count / MONTHS_OF_MASK) }, (_, i) => ({ name: raw(`mask_${i}`), start: i * MONTHS_OF_MASK }));
  const set = masks.map(({ name, start }) => sql`
    bit_or(CASE WHEN month >= ${start} AND month < ${start + MONTHS_OF_MASK} THEN 1::bigint << (month - ${start}::integer) ELSE 0 END) AS ${name}`);
  const names = join(masks.map(({ name }) => name));
  return reader.query<CellRow & Record<string, never>>(sql`
    WITH buyer AS (
      SELECT buyer_id, min(month) AS cohort, ${join(set)}
      FROM (SELECT buyer_id, ${monthColumn(context)} - ${base}::integer AS month, ${scope.current} AS here, ${scope.before} AS earlier
        FROM orders WHERE ${scope.salesOrders} AND ${scope.untilToday} AND ${buyersOf(scope, scope.current)}) AS bought
      GROUP BY buyer_id HAVING bool_or(here) AND NOT bool_or(earlier)),
    alike AS (SELECT cohort, ${names}, count(*) AS buyers FROM buyer GROUP BY cohort, ${names})
    SELECT cohort + ${base}::integer AS cohort, month + ${base}::integer AS month, sum(buyers)::bigint AS buyers
    FROM (${join(masks.map(({ name, start }) => sql`
      SELECT a.cohort, (k.k + ${start})::integer AS month, a.buyers
      FROM alike a CROSS JOIN generate_series(0, ${MONTHS_OF_MASK - 1}) AS k(k) WHERE (a.${name} >> k.k::integer) & 1 = 1`), ' UNION ALL ')}) AS cells
    GROUP BY 1, 2 ORDER BY 1, 2`);
}

/** What a cohort bought in each month, in one currency or by currency. */
function revenueText(context: Context, currency: Sql): Sql {
  const { scope } = context;
  const whole = currency.sql === 'currency' ? scope.amount : scope.addableAmount;
  return sql`
    SELECT f.cohort, o.month, o.currency, sum(o.amount) AS revenue
    FROM (SELECT buyer_id, ${monthColumn(context)} AS month, ${currency} AS currency, ${whole} AS amount
      FROM ${scope.orders} WHERE ${scope.salesOrders} AND ${scope.untilToday} AND ${buyersOf(scope, scope.current)}) o
    JOIN (SELECT buyer_id, min(${monthColumn(context)}) AS cohort FROM orders WHERE ${scope.salesOrders} AND ${scope.untilToday} AND ${buyersOf(scope, scope.current)}
      GROUP BY buyer_id HAVING count(*) FILTER (WHERE ${scope.current}) > 0 AND count(*) FILTER (WHERE ${scope.before}) = 0) f ON f.buyer_id = o.buyer_id
    GROUP BY 1, 2, 3`;
}
