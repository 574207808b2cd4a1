import type { RunCounts } from '../records/runs/sync-log.ts';
import type { StreamName } from '../model/stream.ts';
import type { PlatformApi } from '../platforms/platform.ts';
import { runDayCheck } from './day-check-run.ts';
import { runGaps } from './gap-run.ts';
import { hasHistory, planOf, planWindows, type Plan } from './plan.ts';
import { priceDetailsWaiting, runPriceDetails } from './price-detail-run.ts';
import { planProducts, runProducts } from './product-run.ts';
import { runWindows, type FeedSource, type RunProgress, type RunRoom, type RunSource, type WindowedStream } from './window-run.ts';
import { claimStream, orderStream } from './windowed-streams.ts';

/** How a stream is brought home from a source. */
interface Work<Source> {
  readonly name: StreamName;
  /** One run, to its end. */
  run(room: RunRoom, source: Source, onProgress: (progress: RunProgress) => void): Promise<RunCounts>;
  /** What the rest will take; absent where it is never much. */
  readonly plan?: (room: RunRoom, source: Source) => Promise<Plan>;
  /** Whether there is so much to do that a run should say beforehand what it will take. */
  readonly isLong?: (room: RunRoom, source: Source) => Promise<boolean>;
}

/** How a stream is brought home: for each shop, or in one walk for all shops of an account. */
export interface StreamWork extends Work<FeedSource> {
  readonly by: 'shop' | 'account';
}

/** The streams that a platform offers. */
export function streamsOf({ orders, returns, cancellations, priceDetails, products }: PlatformApi): readonly StreamWork[] {
  const works: StreamWork[] = [windowed(orderStream(orders))];
  if (returns) works.push(windowed(claimStream('returns', returns)));
  if (cancellations) works.push(windowed(claimStream('cancellations', cancellations)));
  works.push(ofEachShop({ name: 'gaps', run: (room, source, onProgress) => runGaps(room, orders, source, onProgress) }));
  if (priceDetails) {
    const work: Work<RunSource> = {
      name: 'price_details',
      run: (room, source, onProgress) => runPriceDetails(room, priceDetails, source, onProgress),
      plan: async (room, { shop }) => {
        const waiting = await priceDetailsWaiting(room, shop.shopId);
        return planOf(waiting, waiting, priceDetails.perSecond);
      },
      isLong: async (room, { shop }) => (await priceDetailsWaiting(room, shop.shopId)) > MANY_CALLS,
    };
    works.push(ofEachShop(work));
  }
  if (products) {
    const work: Work<RunSource> = {
      name: 'products',
      run: (room, source, onProgress) => runProducts(room, products, source, onProgress),
      plan: (room, source) => planProducts(room, products, source),
      isLong: async () => true,
    };
    works.push(ofEachShop(work));
  }
  const { placed } = orders;
  if (placed) {
    const checked = { ...orders, placed };
    works.push(ofEachShop({ name: 'day_check', run: (room, source, onProgress) => runDayCheck(room, checked, source, onProgress) }));
  }
  return works;
}

const MANY_CALLS = 100;

function windowed<Item>(stream: WindowedStream<Item>): StreamWork {
  return {
    name: stream.name,
    by: stream.source.shopOf ? 'account' : 'shop',
    run: (room, source, onProgress) => runWindows(room, stream, source, onProgress),
    plan: (room, source) => planWindows(room, stream, source),
    isLong: (room, source) => hasHistory(room, stream, source),
  };
}

function ofEachShop({ name, run, plan, isLong }: Work<RunSource>): StreamWork {
  const of = ({ shops, call, signal }: FeedSource): RunSource => ({ shop: shops[0]!, call, signal });
  return {
    name,
    by: 'shop',
    run: (room, source, onProgress) => run(room, of(source), onProgress),
    ...(plan ? { plan: (room: RunRoom, source: FeedSource) => plan(room, of(source)) } : {}),
    ...(isLong ? { isLong: (room: RunRoom, source: FeedSource) => isLong(room, of(source)) } : {}),
  };
}
