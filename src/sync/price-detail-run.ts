import { forgetMisses, noteMisses } from '../records/misses.ts';
import { followers } from '../records/all.ts';
import type { DeliveredRecord } from '../records/kind.ts';
import { readPriceDetailsDue } from '../records/price-details/price-detail-writer.ts';
import { priceDetailStore } from '../records/price-details/price-details.ts';
import type { PriceDetail } from '../model/price-detail.ts';
import { keepQuarantine, NO_COUNTS, type QuarantinedRecord, type RunCounts } from '../records/runs/sync-log.ts';
import { AppError, toAppError } from '../kernel/errors.ts';
import type { Json } from '../kernel/json.ts';
import { ofShop } from '../model/feed.ts';
import { DocumentRefused, type PriceDetailStream } from '../platforms/stream.ts';
import type { RunProgress, RunRoom, RunSource } from './window-run.ts';

const STREAM = 'price_details';
/** What is in one transaction, and lost when the process is killed. */
const BATCH = 50;
/** After so many the newest are looked up again. */
const LOOK = 500;
/** Under way at once: the rate is the throttle's, a slow answer should not set it. */
const AT_ONCE = 4;

/** How many orders of a shop wait for their price detail. */
export async function priceDetailsWaiting({ engine, clock }: Pick<RunRoom, 'engine' | 'clock'>, shopId: number): Promise<number> {
  return (await engine.read((reader) => readPriceDetailsDue(reader, shopId, { stream: STREAM, limit: 1, at: clock.now() }))).waiting;
}

/**
 * Asks for the price details of a shop's orders one by one, the newest orders first, until none waits. What waits is read off the
 * store, so a run that was stopped goes on by itself.
 * @throws AppError what the platform or the store refuses; whatever came before is kept
 */
export async function runPriceDetails(
  room: RunRoom,
  stream: PriceDetailStream,
  source: RunSource,
  onProgress: (progress: RunProgress) => void,
): Promise<RunCounts> {
  const { engine, clock } = room;
  const { shop, signal } = source;
  const counts = { ...NO_COUNTS };
  const began = clock.now();
  let asked = 0;
  for (;;) {
    const { waiting, orderIds } = await engine.read((reader) =>
      readPriceDetailsDue(reader, shop.shopId, { stream: STREAM, limit: LOOK, at: clock.now() }),
    );
    if (orderIds.length === 0 || signal.aborted) return counts;
    const whole = asked + waiting;
    for (let i = 0; i < orderIds.length && !signal.aborted; i += BATCH) {
      const batch = orderIds.slice(i, i + BATCH);
      await bring(room, stream, { ...source, orderIds: batch, counts });
      asked += batch.length;
      const seconds = clock.now().since(began).total('seconds');
      onProgress({
        ...counts,
        phase: 'history',
        window: null,
        share: asked / whole,
        remainingSeconds: Math.round((seconds * (whole - asked)) / asked),
      });
    }
  }
}

/** Asks for a batch and stores what came, even where one of them ends the run. */
async function bring(
  room: RunRoom,
  stream: PriceDetailStream,
  {
    shop,
    call,
    orderIds,
    counts,
  }: RunSource & {
    orderIds: readonly string[];
    counts: { -readonly [name in keyof RunCounts]: number };
  },
): Promise<void> {
  const { shopId } = shop;
  const delivered: DeliveredRecord<PriceDetail>[] = [];
  const refused: QuarantinedRecord[] = [];
  const missing = new Map<string, string[]>();
  let failure: AppError | undefined;
  const miss = (error: string, orderId: string): void => void missing.set(error, [...(missing.get(error) ?? []), orderId]);
  const take = (orderId: string, document: Json): void => {
    try {
      delivered.push({ shop, item: stream.toCanonical(document), document: JSON.stringify(document) });
    } catch (error) {
      if (!(error instanceof DocumentRefused)) throw error;
      refused.push({ record: orderId, field: error.field, problem: error.problem, document: JSON.stringify(document) });
      miss('quarantined', orderId);
    }
  };
  const left = [...orderIds];
  const worker = async (): Promise<void> => {
    for (let orderId = left.shift(); orderId !== undefined && !failure; orderId = left.shift()) {
      try {
        const document = await stream.byOrder(call, orderId, room.hash);
        if (document === null) miss('not_found', orderId);
        else take(orderId, document);
      } catch (error) {
        const known = toAppError(error);
        // What the platform refuses of one order says nothing of the next.
        if (known.code === 'platform_refused') miss(known.code, orderId);
        else failure ??= known;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const at = room.clock.now();
  const written = await priceDetailStore.write(room.engine, delivered, {
    source: room.keepDocuments ? { stream: STREAM } : null,
    at,
    followers,
    async commit(tx) {
      const taken = delivered.map(({ item }) => item.orderId);
      await keepQuarantine(tx, ofShop(shopId), { stream: STREAM, refused, taken, at });
      await forgetMisses(tx, shopId, { stream: STREAM, records: taken });
      for (const [error, records] of missing) await noteMisses(tx, shopId, { stream: STREAM, records, error, at });
    },
  });
  counts.documents += delivered.length + refused.length;
  counts.added += written.added;
  counts.changed += written.changed;
  counts.unchanged += written.unchanged;
  counts.quarantined += refused.length;
  if (failure) throw failure;
}
