import type { Urgency } from '../kernel/throttle.ts';
import type { RunCounts } from '../records/runs/sync-log.ts';
import { streams } from '../records/all.ts';
import type { Reading, RecordStream } from '../records/kind.ts';
import type { PlatformApi } from '../platforms/platform.ts';
import { runDayCheck } from './day-check-run.ts';
import { runGaps } from './gap-run.ts';
import { hasHistory, planOf, planWindows, type Plan } from './plan.ts';
import { priceDetailsWaiting, runPriceDetails } from './price-detail-run.ts';
import { planProducts, runProducts } from './product-run.ts';
import { runWindows, type FeedSource, type RunProgress, type RunRoom, type RunSource } from './window-run.ts';
import { windowedStream } from './windowed-streams.ts';

/** How a stream is brought home: for each shop, or in one walk for all shops of an account. */
export interface StreamWork {
  readonly by: 'shop' | 'account';
  readonly name: string;
  /** Whether its calls go before those that are in no hurry. */
  readonly urgency: Urgency;
  /** One run, to its end. */
  run(room: RunRoom, source: FeedSource, onProgress: (progress: RunProgress) => void): Promise<RunCounts>;
  /** What the rest will take; absent where it is never much. */
  readonly plan?: (room: RunRoom, source: FeedSource) => Promise<Plan>;
  /** Whether there is so much to do that a run should say beforehand what it will take. */
  readonly isLong?: (room: RunRoom, source: FeedSource) => Promise<boolean>;
}

const MANY_CALLS = 100;

type Work = Omit<StreamWork, 'name' | 'urgency'>;

/** The same for one shop. */
interface ShopWork {
  run(room: RunRoom, source: RunSource, onProgress: (progress: RunProgress) => void): Promise<RunCounts>;
  readonly plan?: (room: RunRoom, source: RunSource) => Promise<Plan>;
  readonly isLong?: (room: RunRoom, source: RunSource) => Promise<boolean>;
}

/** What a stream takes to be brought home, by how it is read; undefined where the platform does not offer it. */
const WORKS: Readonly<Record<Reading, (api: PlatformApi, stream: RecordStream) => Work | undefined>> = {
  windows(api, stream) {
    const windowed = windowedStream(stream, api);
    return (
      windowed && {
        by: windowed.source.shopOf ? 'account' : 'shop',
        run: (room, source, onProgress) => runWindows(room, windowed, source, onProgress),
        plan: (room, source) => planWindows(room, windowed, source),
        isLong: (room, source) => hasHistory(room, windowed, source),
      }
    );
  },
  'missing orders': ({ orders }) => ofEachShop({ run: (room, source, onProgress) => runGaps(room, orders, source, onProgress) }),
  'order by order': ({ priceDetails }) =>
    priceDetails &&
    ofEachShop({
      run: (room, source, onProgress) => runPriceDetails(room, priceDetails, source, onProgress),
      async plan(room, { shop }) {
        const waiting = await priceDetailsWaiting(room, shop.shopId);
        return planOf(waiting, waiting, priceDetails.perSecond);
      },
      isLong: async (room, { shop }) => (await priceDetailsWaiting(room, shop.shopId)) > MANY_CALLS,
    }),
  listing: ({ products }) =>
    products &&
    ofEachShop({
      run: (room, source, onProgress) => runProducts(room, products, source, onProgress),
      plan: (room, source) => planProducts(room, products, source),
      isLong: async () => true,
    }),
  days({ orders }) {
    const { placed } = orders;
    return placed && ofEachShop({ run: (room, source, onProgress) => runDayCheck(room, { ...orders, placed }, source, onProgress) });
  },
};

/** The streams that a platform offers, in the order in which they are read. */
export function streamsOf(api: PlatformApi): readonly StreamWork[] {
  return streams.flatMap((stream) => {
    const work = WORKS[stream.reading](api, stream);
    return work ? [{ name: stream.name, urgency: stream.pace === 'prompt' ? 'prompt' : 'background', ...work }] : [];
  });
}

function ofEachShop({ run, plan, isLong }: ShopWork): Work {
  const of = ({ shops, call, signal }: FeedSource): RunSource => ({ shop: shops[0]!, call, signal });
  return {
    by: 'shop',
    run: (room, source, onProgress) => run(room, of(source), onProgress),
    ...(plan ? { plan: (room: RunRoom, source: FeedSource) => plan(room, of(source)) } : {}),
    ...(isLong ? { isLong: (room: RunRoom, source: FeedSource) => isLong(room, of(source)) } : {}),
  };
}
