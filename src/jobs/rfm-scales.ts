import type { Engine } from '../engines/engine.ts';
import { keepRfmScale, readShopsWithoutScale } from '../engines/rfm-scales.ts';
import { readShops } from '../engines/shops.ts';
import type { Clock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { shopDay } from '../model/shop-day.ts';
import type { Shop } from '../model/shop.ts';
import { openRepeatedJob, type JobEars, type RepeatedJob } from './repeated-job.ts';

/** What scales are made from. */
export interface ScaleRoom {
  readonly engine: Engine;
  readonly clock: Clock;
}

/** Fewer buyers say little about where fifths begin. */
const LEAST_BUYERS = 100;
const WHAT = 'RFM cut points';
const LOOK_EVERY_MS = 60 * 60_000;

/** Gives every shop its first cut points once it has enough buyers; they stay until {@link renewScale} is asked for. */
export function openScaleJob(room: ScaleRoom & JobEars): RepeatedJob {
  return openRepeatedJob({ what: WHAT, everyMs: LOOK_EVERY_MS, ears: room, look: async () => (await keepFirstScales(room)) > 0 });
}

/** The first cut points of every shop that has none and enough buyers; how many shops got some. */
export async function keepFirstScales({ engine, clock }: ScaleRoom): Promise<number> {
  const { shops, without } = await engine.read(async (reader) => ({ shops: await readShops(reader), without: await readShopsWithoutScale(reader, LEAST_BUYERS) }));
  for (const shopId of without) await keep({ engine, clock }, shops.find((shop) => shop.shopId === shopId)!);
  return without.length;
}

/**
 * New cut points of a shop from its buyers of today, and their version.
 * @throws AppError `too_few_buyers`
 */
export async function renewScale(room: ScaleRoom, shop: Shop): Promise<number> {
  const version = await keep(room, shop);
  if (version === null) throw new AppError('too_few_buyers', { shop: shop.shop, least: LEAST_BUYERS });
  return version;
}

function keep({ engine, clock }: ScaleRoom, { shopId, zone }: Shop): Promise<number | null> {
  const at = clock.now();
  return engine.transaction((tx) => keepRfmScale(tx, { shopId, today: shopDay(at, zone), at, leastBuyers: LEAST_BUYERS }));
}
