import { z } from 'zod';
import { sql, type Sql } from '../engines/sql.ts';
import { addSums, percent } from '../model/money.ts';
import { saleDays } from './amount-days.ts';
import { buyersOf, tellOfBuyers } from './buyer-scope.ts';
import { ALL_ROWS, byCurrency, column, report, type ReportContext } from './report.ts';
import { sideBySide } from './scope.ts';

interface CellRow {
  cohort: number;
  month: number;
  buyers: number;
  revenue: string | null;
}
type Context = Pick<ReportContext<object>, 'reader' | 'scope'>;

/** Whether buyers come back, by the month of their first order. */
export const cohortRetention = report({
  name: 'CohortRetention',
  version: 2,
  title: { en: 'Retention', zh: '买家留存', es: 'Retención' },
  question: { en: 'Do buyers come back?', zh: '买家会再次购买吗？', es: '¿Vuelven los compradores?' },
  parameters: z.strictObject({}),
  rows: ALL_ROWS,
  amounts: (scope) => [saleDays(scope, scope.history)],
  tables: {
    data: {
      title: {
        en: 'Month of the first order and months since',
        zh: '首单月份与之后各月',
        es: 'Mes del primer pedido y meses desde entonces',
      },
      row: z.strictObject({
        month: column(z.string(), 'text', 'YYYY-MM of the first order, which is in the window.'),
        months_since: column(z.int(), 'count', 'Months from then: 0 is that month itself.'),
        cohort_buyers: column(z.int(), 'count', 'Buyers whose first order is of that month.'),
        buyers: column(z.int(), 'count', 'Those of them with an order in the month looked at.'),
        retention: column(z.number().nullable(), 'percent', 'buyers ÷ cohort_buyers.'),
        revenue: column(z.number().nullable(), 'money', 'Net sales to the cohort in that month, or what `measure` says.'),
        complete: column(
          z.boolean(),
          'text',
          'false: the month is not over, or not all days of it or of the month of the first order are known.',
        ),
        by_currency: byCurrency,
      }),
    },
    cohorts: {
      title: { en: 'Months of the first order', zh: '首单月份', es: 'Meses del primer pedido' },
      row: z.strictObject({
        month: column(z.string(), 'text', 'YYYY-MM of the first order.'),
        cohort_buyers: column(z.int().nullable(), 'count', 'Buyers whose first order is of that month.'),
        revenue: column(z.number().nullable(), 'money', 'Net sales to them until today.'),
        complete: column(z.boolean(), 'text', 'false: the month is not over, or not all its days are known.'),
      }),
    },
  },
  async compute(context) {
    const {
      reader,
      scope,
      parameters: { limit },
    } = context;
    const [cells, amounts, { telling }] = await Promise.all([
      reader.query<CellRow & Record<string, never>>(sql`${cellsText(context, { amount: scope.addableAmount })} ORDER BY 1, 2`),
      sideBySide(
        context,
        sql`
        SELECT cohort::varchar || ' ' || month::varchar AS key, currency, revenue AS amount
        FROM (${cellsText(context, { amount: scope.amount, and: sql`, currency` })}) AS r ORDER BY 1, 2`,
      ),
      tellOfBuyers(context, []),
    ]);
    // Where it is the next month already somewhere on earth, that month has begun.
    const last = monthOf(scope.latestToday);
    const shops = scope.shops.filter(({ platform }) => telling.has(platform));
    const isWhole = (month: number): boolean => scope.isKnownMonth(monthName(month), shops);
    const cellOf = new Map(cells.map((cell) => [`${cell.cohort} ${cell.month}`, cell]));
    const cohorts = [...new Set(cells.map(({ cohort }) => cohort))].toSorted((a, b) => a - b);
    const rows = cohorts.flatMap((cohort) =>
      Array.from({ length: last - cohort + 1 }, (_, since) => {
        const key = `${cohort} ${cohort + since}`;
        const [size, buyers] = [cellOf.get(`${cohort} ${cohort}`)!.buyers, cellOf.get(key)?.buyers ?? 0];
        const revenue = buyers === 0 && !scope.sideBySide ? '0' : (cellOf.get(key)?.revenue ?? null);
        return {
          month: monthName(cohort),
          months_since: since,
          cohort_buyers: size,
          buyers,
          retention: percent(BigInt(buyers), BigInt(size)),
          revenue: scope.money(revenue),
          complete: isWhole(cohort) && isWhole(cohort + since),
          ...amounts(key),
        };
      }),
    );
    return {
      data: rows.slice(0, limit),
      cohorts: cohorts.map((cohort) => ({
        month: monthName(cohort),
        cohort_buyers: cellOf.get(`${cohort} ${cohort}`)!.buyers,
        revenue: scope.money(addSums(cells.filter((row) => row.cohort === cohort).map(({ revenue }) => revenue))),
        complete: isWhole(cohort),
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

/** Buyers by the month of their first order and each month they bought in, and what they bought; `and` parts it further. */
function cellsText({ scope }: Context, { amount, and = sql`` }: { amount: Sql; and?: Sql }): Sql {
  return sql`
    WITH bought AS MATERIALIZED (
      SELECT buyer_id, (extract(year FROM ${scope.day}) * 12 + extract(month
      FROM ${scope.day}) - 1)::integer AS month${and}, sum(${amount}) AS amount,
        bool_or(${scope.current}) AS here, bool_or(${scope.before}) AS earlier
      FROM ${scope.orders} WHERE ${scope.salesOrders} AND ${scope.history} AND ${buyersOf(scope, scope.current)}
      GROUP BY buyer_id, 2${and}),
    firsts AS (SELECT buyer_id, min(month) AS cohort FROM bought GROUP BY buyer_id HAVING bool_or(here) AND NOT bool_or(earlier))
    SELECT f.cohort, b.month${and}, count(*) AS buyers, sum(b.amount) AS revenue
    FROM bought b JOIN firsts f ON f.buyer_id = b.buyer_id GROUP BY f.cohort, b.month${and}`;
}
