import type { RunCounts } from '../records/runs/sync-log.ts';
import type { StreamName } from '../model/stream.ts';
import type { PlatformApi } from '../platforms/platform.ts';
import { runDayCheck } from './day-check-run.ts';
import { runGaps } from './gap-run.ts';
import { hasHistory, planOf, planWindows, type Plan } from './plan.ts';
import { priceDetailsWaiting, runPriceDetails } from './price-detail-run.ts';
import { planProducts, runProducts } from './product-run.ts';
import { runWindows, type RunProgress, type RunRoom, type RunSource, type WindowedStream } from './window-run.ts';
import { claimStream, orderStream } from './windowed-streams.ts';

/** How a stream of a shop is brought home. */
export interface StreamWork {
  readonly name: StreamName;
  /** One run, to its end. */
  run(room: RunRoom, source: RunSource, onProgress: (progress: RunProgress) => void): Promise<RunCounts>;
  /** What the rest will take; absent where it is never much. */
  readonly plan?: (room: RunRoom, source: RunSource) => Promise<Plan>;
  /** Whether there is so much to do that a run should say beforehand what it will take. */
  readonly isLong?: (room: RunRoom, source: RunSource) => Promise<boolean>;
}

/** The streams that a platform offers. */
export function streamsOf({ orders, returns, cancellations, priceDetails, products }: PlatformApi): readonly StreamWork[] {
  const works: StreamWork[] = [windowed(orderStream(orders))];
  if (returns) works.push(windowed(claimStream('returns', returns)));
  if (cancellations) works.push(windowed(claimStream('cancellations', cancellations)));
  works.push({ name: 'gaps', run: (room, source, onProgress) => runGaps(room, orders, source, onProgress) });
  if (priceDetails) {
    works.push({
      name: 'price_details',
      run: (room, source, onProgress) => runPriceDetails(room, priceDetails, source, onProgress),
      plan: async (room, { shop }) => {
        const waiting = await priceDetailsWaiting(room, shop.shopId);
        return planOf(waiting, waiting, priceDetails.perSecond);
      },
      isLong: async (room, { shop }) => (await priceDetailsWaiting(room, shop.shopId)) > MANY_CALLS,
    });
  }
  if (products) {
    works.push({
      name: 'products',
      run: (room, source, onProgress) => runProducts(room, products, source, onProgress),
      plan: (room, source) => planProducts(room, products, source),
      isLong: async () => true,
    });
  }
  const { placed } = orders;
  if (placed)
    works.push({ name: 'day_check', run: (room, source, onProgress) => runDayCheck(room, { ...orders, placed }, source, onProgress) });
  return works;
}

const MANY_CALLS = 100;

function windowed<Item>(stream: WindowedStream<Item>): StreamWork {
  return {
    name: stream.name,
    run: (room, source, onProgress) => runWindows(room, stream, source, onProgress),
    plan: (room, source) => planWindows(room, stream, source),
    isLong: (room, source) => hasHistory(room, stream, source),
  };
}
