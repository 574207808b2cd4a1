import type { Engine } from '../src/engines/engine.ts';
import { raw, sql } from '../src/engines/sql.ts';
import { firstDay, WINDOWS } from './question.ts';
import { LAST_DAY } from './world.ts';

/** Reading a table over a window and grouping it, and nothing else: what a report takes at least that has to read so. */
export interface Scan {
  readonly name: string;
  readonly window: (typeof WINDOWS)[number];
}

const ORDERS = { table: 'orders', counted: '1', sold: 'units > 0' } as const;
const LINES = { table: 'lines', counted: 'quantity', sold: 'sale' } as const;
const SCANS = {
  'orders, one sum': { ...ORDERS, key: '1' },
  'lines by SKU': { ...LINES, key: 'sku_id' },
  'lines by SKU and platform': { ...LINES, key: 'listing_id' },
  'lines by SKU and buyer': { ...LINES, key: 'sku_id, buyer_id' },
  'orders by buyer': { ...ORDERS, key: 'buyer_id' },
  'orders by area and buyer': { ...ORDERS, key: 'place_id, buyer_id' },
} as const;

/** Every scan over every window. */
export function everyScan(): Scan[] {
  return Object.keys(SCANS).flatMap((name) => WINDOWS.map((window) => ({ name, window })));
}

/** How many groups there are and what they count together, so that nothing but the scan takes time. */
export async function scanOn(engine: Engine, { name, window }: Scan): Promise<{ groups: number; counted: number }> {
  const { table, counted, sold, key } = SCANS[name as keyof typeof SCANS];
  const from = firstDay(window);
  const [row] = await engine.read((reader) =>
    reader.query<{ groups: number; counted: number }>(sql`
    SELECT count(*) AS groups, sum(counted)::bigint AS counted FROM (
      SELECT ${raw(key)}, sum(${raw(counted)}) AS counted, sum(net_sales) AS amount FROM ${raw(table)}
      WHERE ${raw(sold)} AND shop_day <= ${LAST_DAY}::date${from === '' ? sql`` : sql` AND shop_day >= ${from}::date`}
      GROUP BY ${raw(key)}) AS grouped
    WHERE amount IS NOT NULL`),
  );
  return row!;
}
