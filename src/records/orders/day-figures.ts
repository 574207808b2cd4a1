import type { Reader } from '../../engines/engine.ts';
import { isOneOf, sql } from '../../engines/sql.ts';

/** What a shop sold on a day of its own clock; a day without orders has no row. */
export interface DayFigure {
  readonly shop_id: number;
  readonly day: string;
  readonly units: number;
}

/** Units sold by shop and day, from a day on. */
export async function readDayUnits(reader: Reader, shopIds: readonly number[], from: string): Promise<DayFigure[]> {
  return reader.query<DayFigure & Record<string, never>>(sql`
    SELECT shop_id, shop_day AS day, sum(units)::bigint AS units FROM orders
    WHERE ${isOneOf(sql`shop_id`, shopIds)} AND shop_day >= ${from}::date GROUP BY 1, 2 ORDER BY 1, 2`);
}

/** Units that came back or were refunded, as the reports count them, by shop and the day that became final, from a day on. */
export async function readDayReturns(reader: Reader, shopIds: readonly number[], from: string): Promise<DayFigure[]> {
  return reader.query<DayFigure & Record<string, never>>(sql`
    SELECT shop_id, event_day AS day, sum(units)::bigint AS units FROM returned_pieces
    WHERE ${isOneOf(sql`shop_id`, shopIds)} AND event_day >= ${from}::date AND role = 'return' GROUP BY 1, 2 ORDER BY 1, 2`);
}
