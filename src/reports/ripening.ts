import type { Reader } from '../engines/engine.ts';
import { every, some, sql } from '../engines/sql.ts';
import { addDays, spanDays } from '../model/shop-day.ts';
import type { Shop } from '../model/shop.ts';
import type { Scope } from './scope.ts';

/** Returns of orders that are so old have come; those of orders that are older by more than a year tell of another business. */
const OBSERVED = { youngest: 90, oldest: 455 } as const;
/** Fewer returned units say little about how long they take. */
const FEWEST_UNITS = 20;
/** The part of all returns after which a day counts as ripe. */
const RIPE = 0.9;

/** How old an order of a shop is when it comes back. */
class ReturnAges {
  /** After so many days nine of ten returned units had come back. */
  readonly ripeDays: number;
  readonly #cameBy: ReadonlyMap<number, number>;
  readonly #all: number;

  constructor(unitsByAge: ReadonlyMap<number, number>) {
    let cameBack = 0;
    const cameBy = [...unitsByAge].toSorted(([a], [b]) => a - b).map(([age, units]) => [age, (cameBack += units)] as const);
    this.#all = cameBack;
    this.#cameBy = new Map(cameBy);
    this.ripeDays = cameBy.find(([, units]) => units >= cameBack * RIPE)![0];
  }

  /** The part of the returns of orders of that age that is still to come. */
  stillToCome(age: number): number {
    const came = [...this.#cameBy].findLast(([each]) => each <= age)?.[1] ?? 0;
    return 1 - came / this.#all;
  }
}

/** How far the returns of a window have come, by the shops' own ages of return. */
export interface Ripening {
  /** Of the returns of what the window sold, the part still to come, in percent; null where a shop has too few returns to tell. */
  readonly share: number | null;
  /** The days after which nine of ten returns have come, of the slowest shop with sales; null where one has too few returns to tell. */
  readonly ripeDays: number | null;
  /**
   * Whether more than a tenth of the returns of the sales up to a day is still to come in one of these shops; where nobody can say, it may
   * be.
   */
  mayRipen(shops: readonly Shop[], day: string): boolean;
}

/**
 * Estimates how many returns are still to come: of each shop the ages of the returned units of its orders of 90 to 455 days ago, day by
 * day, are what the days of the window are held against. A day is ripe once nine of ten have come.
 */
export async function readRipening(reader: Reader, scope: Scope): Promise<Ripening> {
  const knownTo = new Map(scope.shops.map(({ shopId }) => [shopId, scope.coverage.get(shopId)?.days?.to ?? scope.today]));
  const observed = [...knownTo].map(([shopId, to]) =>
    every([
      sql`shop_id = ${shopId}`,
      sql`shop_day >= ${addDays(to, -OBSERVED.oldest)}::date`,
      sql`shop_day <= ${addDays(to, -OBSERVED.youngest)}::date`,
    ]),
  );
  const [returned, sold] = await Promise.all([
    reader.query<{ shop_id: number; age: number; units: number }>(sql`
      SELECT shop_id, greatest(event_day - shop_day, 0)::integer AS age, sum(units)::bigint AS units FROM returned_pieces
      WHERE role = 'return' AND oid >= 0 AND units > 0 AND ${some(observed)} GROUP BY 1, 2`),
    reader.query<{ shop_id: number; day: string; units: number }>(sql`
      SELECT shop_id, ${scope.day} AS day, sum(units)::bigint AS units FROM order_days WHERE ${scope.salesOrders} AND ${scope.current}
      GROUP BY 1, 2`),
  ]);
  const agesOf = new Map(
    [...Map.groupBy(returned, ({ shop_id }) => shop_id)].flatMap(([shopId, rows]) =>
      rows.reduce((sum, { units }) => sum + units, 0) < FEWEST_UNITS
        ? []
        : [[shopId, new ReturnAges(new Map(rows.map(({ age, units }) => [age, units])))] as const],
    ),
  );
  const selling = [...new Set(sold.map(({ shop_id }) => shop_id))];
  const ageOn = (shopId: number, day: string): number => Math.max(spanDays(day, knownTo.get(shopId)!) - 1, 0);
  const known = selling.every((shopId) => agesOf.has(shopId));
  const units = sold.reduce((sum, row) => sum + row.units, 0);
  const open = known
    ? sold.reduce((sum, row) => sum + row.units * agesOf.get(row.shop_id)!.stillToCome(ageOn(row.shop_id, row.day)), 0)
    : 0;
  return {
    share: !known || units === 0 ? null : Math.round((open / units) * 10_000) / 100,
    ripeDays: known && selling.length > 0 ? Math.max(...selling.map((shopId) => agesOf.get(shopId)!.ripeDays)) : null,
    mayRipen: (shops, day) =>
      shops.some(({ shopId }) => {
        const ages = agesOf.get(shopId);
        return ages ? ageOn(shopId, day) < ages.ripeDays : selling.includes(shopId);
      }),
  };
}
