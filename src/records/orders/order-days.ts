import type { Transaction } from '../../engines/engine.ts';
import { raw, sql, type Sql } from '../../engines/sql.ts';
import { insertFrom, type RowOf } from '../insertion.ts';

/** A day on the clock of a shop. */
export interface ShopDay {
  readonly shopId: number;
  readonly day: string;
}

/** Sums up the orders of these days anew, in the transaction that changed them: the days they are on now, and those they were on. */
export async function sumDays(tx: Transaction, changed: readonly ShopDay[]): Promise<void> {
  const days = changed.map(({ day }) => day).toSorted();
  if (days.length === 0) return;
  // One value however many they are. The span beside it, because a stretch of the orders is all that has to be read.
  const among = sql`(shop_id, shop_day) IN (
    SELECT unnest(string_to_array(${changed.map(({ shopId }) => shopId).join(',')}, ','))::smallint,
      unnest(string_to_array(${changed.map(({ day }) => day).join(',')}, ','))::date)`;
  await sumAgain(tx, sql`shop_day >= ${days[0]!}::date AND shop_day <= ${days.at(-1)!}::date AND ${among}`);
}

/** The same for every day of a shop. */
export async function sumShopDays(tx: Transaction, shopId: number): Promise<void> {
  await sumAgain(tx, sql`shop_id = ${shopId}`);
}

/** The same for everything. */
export async function sumEveryDay(tx: Transaction): Promise<void> {
  await sumAgain(tx, sql`true`);
}

const DAY_ROW: RowOf<'order_days'> = {
  shop_id: raw('shop_id'),
  shop_day: raw('shop_day'),
  paid_day: raw('paid_day'),
  model: raw('model'),
  currency: raw('currency'),
  status: raw('status'),
  outcome: raw('outcome'),
  buyer_told: raw('buyer_id IS NOT NULL'),
  orders: raw('count(*)'),
  line_count: raw('sum(line_count)'),
  units: raw('sum(units)'),
  unpriced_units: raw('sum(unpriced_units)'),
  gross_known: raw('count(gross_sales)'),
  net_known: raw('count(net_sales)'),
  paid_known: raw('count(paid_amount)'),
  gross_sales: raw('sum(gross_sales)'),
  net_sales: raw('sum(net_sales)'),
  paid_amount: raw('sum(paid_amount)'),
};

/** @param which a condition on `shop_id` and `shop_day` that takes a day of a shop whole or not at all */
async function sumAgain(tx: Transaction, which: Sql): Promise<void> {
  await tx.run(sql`DELETE FROM order_days WHERE ${which}`);
  await tx.run(
    insertFrom(
      'order_days',
      DAY_ROW,
      sql`
    FROM orders WHERE ${which}
    GROUP BY shop_id, shop_day, paid_day, model, currency, status, outcome, buyer_id IS NOT NULL, units > 0`,
    ),
  );
}
