import type { Reader } from '../engines/engine.ts';
import { raw, sql } from '../engines/sql.ts';
import type { TextValues } from '../kernel/messages.ts';
import type { AsOf } from '../model/window.ts';
import { shownLacks } from './covered.ts';
import type { Notes } from './notes.ts';
import { unknownAmount, type NoticeName } from './notices.ts';
import type { Parameters } from './read-parameters.ts';
import type { ReportTables } from './report.ts';
import type { Ripening } from './ripening.ts';
import type { Scope } from './scope.ts';
import { totalOf, type WindowFacts } from './window-facts.ts';

interface Explained {
  readonly notes: Notes;
  readonly tables: ReportTables;
  readonly asOf: AsOf;
  readonly facts: readonly WindowFacts[];
  readonly ripening: Ripening | null;
}

/** Says what the figures cannot say: why a column is null, and what is missing from a sum. */
export async function explain(reader: Reader, scope: Scope, parameters: Parameters, explained: Explained): Promise<void> {
  const { notes, asOf, facts, ripening } = explained;
  explainMoney(scope, parameters, explained);
  await explainParts(reader, scope, parameters, explained);
  if (parameters.basis === 'paid') {
    const [left] = await reader.query<{ orders: number }>(sql`
      SELECT coalesce(sum(orders), 0)::bigint AS orders FROM order_days WHERE ${scope.salesOrders} AND paid_day IS NULL
      AND ${scope.ofShops}`);
    if (left!.orders > 0) notes.warn('unpaid_left_out', { orders: left!.orders });
  }
  if (parameters.asOf !== undefined) notes.warn('past_as_of', { day: 'day' in asOf ? asOf.day : asOf.instant.toString() });
  if (scope.lacks.length > 0) notes.warn('days_lacking', { days: shownLacks(scope.lacks) });
  const sum = (of: 'orders' | 'unknown_orders', which: (each: WindowFacts) => boolean): number =>
    facts.reduce((all, each) => all + (which(each) ? each[of] : 0), 0);
  const ahead = sum('orders', (each) => each.ahead);
  if (ahead > 0) notes.warn('orders_ahead', { orders: ahead });
  const unknown = sum('unknown_orders', (each) => !each.ahead);
  if (unknown > 0) notes.warn('status_unknown', { orders: unknown });
  if (ripening?.share) notes.warn('returns_ripening', { share: ripening.share, days: ripening.ripeDays ?? 0 });
  if (totalOf(facts, 'units') === 0) {
    const [newest] = await reader.query<{ day: string | null }>(
      sql`SELECT max(${scope.day})::varchar AS day FROM order_days WHERE ${scope.ofShops}`,
    );
    if (newest!.day !== null && scope.windows.every(({ current }) => newest!.day! < (current.from ?? '')))
      notes.warn('nothing_in_window', { day: newest!.day });
  }
}

/** Why amounts are null where they are. */
function explainMoney(scope: Scope, parameters: Parameters, { notes, tables, facts }: Explained): void {
  const [gross, priced] = [totalOf(facts, 'listed') > 0, totalOf(facts, 'priced') > 0];
  const money = ['revenue', 'sales_amount', 'total_amount', 'avg_price', 'aov', 'paid_amount'].filter((column) => holds(tables, column));
  for (const column of money) {
    const measure = column === 'paid_amount' ? 'paid' : parameters.measure;
    if (totalOf(facts, 'orders') === 0) notes.because(column, 'nothing_sold');
    else if (scope.sideBySide) notes.because(column, 'native_currencies');
    else if (!priced) notes.because(column, 'no_price');
    else if (measure === 'gross' && !gross) notes.because(column, 'one_amount');
    else notes.because(column, unknownAmount(measure));
  }
}

/**
 * What a sum leaves out because the source does not tell it. By line: an order's sum is known as soon as one of its lines has the amount.
 */
async function explainParts(reader: Reader, scope: Scope, parameters: Parameters, { notes, tables, facts }: Explained): Promise<void> {
  const [units, unpriced] = [totalOf(facts, 'units'), totalOf(facts, 'unpriced')];
  if (parameters.measure === 'net' && unpriced > 0) notes.warn('unpriced', { units: unpriced });
  const nameless = facts.reduce((all, { currency, sold, ahead, priced }) => all + (currency === null && sold && !ahead ? priced : 0), 0);
  if (nameless > 0)
    notes.warn(scope.conversion ? 'currency_untold' : 'currency_supposed', { orders: nameless, currency: scope.currency ?? '?' });
  const partly = async (column: string, amount: 'gross_sales' | 'paid_amount', known: number): Promise<void> => {
    // Where no order has it, no line has.
    if (known === 0) return;
    const [without] = await reader.query<{ units: number }>(sql`
      SELECT coalesce(sum(quantity), 0)::bigint AS units FROM lines WHERE ${scope.sales} AND ${scope.current} AND ${raw(amount)} IS NULL`);
    if (without!.units > 0 && without!.units < units) notes.warn('amount_partly', { column, units: without!.units, all: units });
  };
  if (parameters.measure === 'gross') await partly('gross', 'gross_sales', totalOf(facts, 'listed'));
  else if (parameters.measure === 'paid') await partly('paid', 'paid_amount', totalOf(facts, 'paid'));
  else if (tables.data.some((row) => 'paid_amount' in row)) await partly('paid_amount', 'paid_amount', totalOf(facts, 'paid'));
}

/** Why a growth of units is null where it is. */
export function whyNoGrowth(scope: Scope): [NoticeName, TextValues] {
  if (scope.growthLacks.length > 0) return ['growth_not_covered', { days: shownLacks(scope.growthLacks) }];
  return [scope.grows ? 'growth_nothing_before' : 'growth_all', {}];
}

/** Whether a column is null somewhere. */
export function holds(tables: ReportTables, column: string): boolean {
  return Object.values(tables).some((rows) => rows.some((row) => (row as Record<string, unknown>)[column] === null));
}
