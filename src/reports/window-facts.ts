import type { Reader } from '../engines/engine.ts';
import { sql } from '../engines/sql.ts';
import { percent } from '../model/money.ts';
import type { Scope } from './scope.ts';

/** What the orders of the window tell, for each currency and for orders with and without a sale; those of days to come apart. */
export interface WindowFacts extends Record<string, string | number | boolean | null> {
  readonly currency: string | null;
  readonly sold: boolean;
  /** Dated after today, and so in no figure. */
  readonly ahead: boolean;
  readonly orders: number;
  readonly open_orders: number;
  readonly unknown_orders: number;
  readonly units: number;
  readonly unpriced: number;
  readonly listed: number;
  readonly priced: number;
  readonly paid: number;
}

/** Reads the window once, for everything that stands beside the figures: currencies, maturity, what has no price, what is left out. */
export async function readFacts(reader: Reader, draft: Scope): Promise<WindowFacts[]> {
  return reader.query<WindowFacts>(sql`
    SELECT currency, sold, ahead, sum(orders)::bigint AS orders, coalesce(sum(orders) FILTER (WHERE open), 0)::bigint AS open_orders,
      coalesce(sum(orders) FILTER (WHERE status = 'unknown'), 0)::bigint AS unknown_orders,
      sum(units)::bigint AS units, sum(unpriced_units)::bigint AS unpriced,
      sum(gross_known)::bigint AS listed, sum(net_known)::bigint AS priced, sum(paid_known)::bigint AS paid
    FROM (SELECT *, ${draft.salesOrders} AS sold, ${draft.open} AS open, ${draft.ahead} AS ahead
      FROM order_days WHERE ${draft.current} OR ${draft.ahead}) AS marked
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`);
}

/** How much of the window may still change. */
export interface Maturity {
  readonly orders: number;
  readonly open_orders: number;
  readonly open_share: number | null;
  /**
   * Of the returns that will come of what the window sold, the part still to come, in percent; null where no rate of returns is told or
   * nobody can say.
   */
  readonly returns_open_share: number | null;
}

/** Orders that are not at their end yet. */
export function maturityOf(facts: readonly WindowFacts[], returnsOpenShare: number | null): Maturity {
  const count = (of: 'orders' | 'open_orders'): number => facts.reduce((sum, each) => sum + (each.ahead ? 0 : each[of]), 0);
  const [orders, open_orders] = [count('orders'), count('open_orders')];
  return { orders, open_orders, open_share: percent(BigInt(open_orders), BigInt(orders)), returns_open_share: returnsOpenShare };
}

/** Over the orders of the window with a sale. */
export function totalOf(facts: readonly WindowFacts[], of: 'orders' | 'units' | 'unpriced' | 'listed' | 'priced' | 'paid'): number {
  return facts.reduce((sum, each) => sum + (each.sold && !each.ahead ? each[of] : 0), 0);
}

/** The currencies something was sold in. */
export function currenciesOf(facts: readonly WindowFacts[]): string[] {
  return [...new Set(facts.flatMap(({ currency, sold, ahead }) => (currency !== null && sold && !ahead ? [currency] : [])))].toSorted();
}
