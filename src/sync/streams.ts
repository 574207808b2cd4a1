import { writeOrders } from '../engines/order-writer.ts';
import { writeReturns } from '../engines/return-writer.ts';
import { markCompleteIn } from '../engines/shops.ts';
import type { RunCounts } from '../engines/sync-log.ts';
import type { Order } from '../model/order.ts';
import type { Return } from '../model/return.ts';
import type { StreamName } from '../model/stream.ts';
import type { ChangeStream, OrderStream, PlatformApi } from '../platforms/platform.ts';
import { runPriceDetails } from './price-detail-run.ts';
import { runWindows, type RunProgress, type RunRoom, type RunSource, type WindowedStream } from './window-run.ts';

/** One run of a stream of a shop, to its end. */
export type StreamRun = (room: RunRoom, source: RunSource, onProgress: (progress: RunProgress) => void) => Promise<RunCounts>;

/** A shop's orders: what they bring is complete when nothing of them is left out. */
export function orderStream(source: OrderStream): WindowedStream<Order> {
  return {
    name: 'orders', source,
    write: ({ engine }, shop, { delivered, source: from, commit }) =>
      writeOrders(engine, delivered.map(({ item, document }) => ({ shop, order: item, document })), { source: from, commit }),
    whenComplete: (tx, { shopId }, at) => markCompleteIn(tx, [shopId], at),
  };
}

/** A shop's claims; cancellations are a listing of their own, with a checkpoint of their own. */
export function claimStream(name: 'returns' | 'cancellations', source: ChangeStream<Return>): WindowedStream<Return> {
  return {
    name, source,
    write: ({ engine }, shop, { delivered, source: from, commit }) => engine.transaction(async (tx) => {
      const written = await writeReturns(tx, shop, { delivered: delivered.map(({ item, document }) => ({ claim: item, document })), source: from });
      await commit(tx);
      return written;
    }),
  };
}

/** The streams that a platform offers, each with how it is run. */
export function streamsOf({ orders, returns, cancellations, priceDetails }: PlatformApi): ReadonlyMap<StreamName, StreamRun> {
  const windowed = <Item>(stream: WindowedStream<Item>): [StreamName, StreamRun] => [stream.name, (room, source, onProgress) => runWindows(room, stream, source, onProgress)];
  const runs: [StreamName, StreamRun][] = [windowed(orderStream(orders))];
  if (returns) runs.push(windowed(claimStream('returns', returns)));
  if (cancellations) runs.push(windowed(claimStream('cancellations', cancellations)));
  if (priceDetails) runs.push(['price_details', (room, source, onProgress) => runPriceDetails(room, priceDetails, source, onProgress)]);
  return new Map(runs);
}
