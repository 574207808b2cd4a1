import { followers } from '../records/all.ts';
import { readMissingOrders, readStillMissing } from '../records/gaps/gaps.ts';
import { forgetMisses, noteMisses } from '../records/misses.ts';
import { NO_COUNTS, type RunCounts } from '../records/runs/sync-log.ts';
import type { Order } from '../model/order.ts';
import type { OrderStream } from '../platforms/stream.ts';
import { ORDERS } from './windowed-streams.ts';
import { store, takeIn, type Batch, type RunProgress, type RunRoom, type RunSource } from './window-run.ts';

const STREAM = 'gaps';
/** As many as one call takes. */
const BATCH = 50;

/**
 * Fetches by id the orders that claims or price details name and that are not in the store. One that the platform does not give
 * either is asked for a few times more and then listed.
 * @throws AppError what the platform or the store refuses
 */
export async function runGaps(
  room: RunRoom,
  orders: OrderStream,
  { shop, call, signal }: RunSource,
  onProgress: (progress: RunProgress) => void,
): Promise<RunCounts> {
  const { engine, clock } = room;
  const counts = { ...NO_COUNTS };
  while (!signal.aborted) {
    const ids = await engine.read((reader) =>
      readMissingOrders(reader, shop.shopId, { followers, stream: STREAM, limit: BATCH, at: clock.now() }),
    );
    if (ids.length === 0) break;
    const batch: Batch<Order> = { delivered: [], refused: [], taken: [] };
    takeIn(batch, await orders.byId(call, ids, room.hash), { shop, source: orders, keepDocuments: room.keepDocuments });
    await store(room, ORDERS, {
      shop,
      batch,
      counts,
      commit: async (tx) => {
        const missing = await readStillMissing(tx, shop.shopId, { followers, ids });
        const refused = new Set(batch.refused.map(({ record }) => record));
        await forgetMisses(tx, shop.shopId, { stream: STREAM, records: ids.filter((id) => !missing.includes(id)) });
        const note = (error: string, records: readonly string[]): Promise<void> =>
          noteMisses(tx, shop.shopId, { stream: STREAM, records, error, at: clock.now() });
        await note(
          'quarantined',
          missing.filter((id) => refused.has(id)),
        );
        await note(
          'not_found',
          missing.filter((id) => !refused.has(id)),
        );
      },
    });
    onProgress({ ...counts, phase: 'recent', window: null, share: 1, remainingSeconds: null });
  }
  return counts;
}
