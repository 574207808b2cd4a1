import type { Engine } from '../engines/engine.ts';
import { keepRfmScale, readShopsWithoutScale, type KeptScale } from '../records/buyers/rfm-scales.ts';
import { readRateTable } from '../records/rates/rate-book.ts';
import { readShops } from '../records/shops/shops.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { shopDay } from '../model/shop-day.ts';
import type { Shop } from '../model/shop.ts';
import { openRepeatedJob, type JobEars, type RepeatedJob } from './repeated-job.ts';

/** What scales are made from. */
export interface ScaleRoom {
  readonly engine: Engine;
  readonly clock: Clock;
  /** What amounts of several currencies are added up in, where the shop names none. */
  readonly reportingCurrency: string;
}

/** Fewer buyers say little about where fifths begin. */
const LEAST_BUYERS = 100;
const WHAT = 'RFM cut points';
const LOOK_EVERY_MS = 60 * 60_000;

/** Gives every shop its first cut points once it has enough buyers; they stay until {@link renewScale} is asked for. */
export function openScaleJob(room: ScaleRoom & JobEars): RepeatedJob {
  return openRepeatedJob({
    engine: room.engine,
    what: WHAT,
    everyMs: LOOK_EVERY_MS,
    ears: room,
    look: async () => (await keepFirstScales(room)) > 0,
  });
}

/** The first cut points of every shop that has none and enough buyers; how many shops got some. */
export async function keepFirstScales(room: ScaleRoom): Promise<number> {
  const { engine } = room;
  const { shops, without } = await engine.read(async (reader) => ({
    shops: await readShops(reader),
    without: await readShopsWithoutScale(reader, LEAST_BUYERS),
  }));
  let kept = 0;
  for (const shopId of without)
    if (
      'version' in
      (await keep(
        room,
        shops.find((shop) => shop.shopId === shopId)!,
      ))
    )
      kept += 1;
  return kept;
}

/**
 * New cut points of a shop from its buyers of today, and their version.
 * @throws AppError `too_few_buyers`, `exchange_rate_missing`
 */
export async function renewScale(room: ScaleRoom, shop: Shop): Promise<number> {
  const kept = await keep(room, shop);
  if ('version' in kept) return kept.version;
  if (kept.missing === 'buyers') throw new AppError('too_few_buyers', { shop: shop.shop, least: LEAST_BUYERS });
  throw new AppError('exchange_rate_missing', { currencies: kept.pair.split('/'), pair: kept.pair, day: kept.day });
}

function keep({ engine, clock, reportingCurrency }: ScaleRoom, shop: Shop): Promise<KeptScale> {
  const at = clock.now();
  return engine.transaction((tx) =>
    keepRfmScale(tx, shop, { rates: readRateTable, today: shopDay(at, shop.zone), at, leastBuyers: LEAST_BUYERS, reportingCurrency }),
  );
}
