import { writeOrders } from '../records/orders/order-writer.ts';
import { writeReturns } from '../records/returns/return-writer.ts';
import { markCompleteIn } from '../records/shops/shops.ts';
import type { Order } from '../model/order.ts';
import type { Return } from '../model/return.ts';
import type { ChangeStream, OrderStream } from '../platforms/stream.ts';
import type { WindowedStream } from './window-run.ts';

/** A shop's orders: what they bring is complete when nothing of them is left out. */
export function orderStream(source: OrderStream): WindowedStream<Order> {
  return {
    name: 'orders',
    source,
    write: ({ engine, parts }, shop, { delivered, source: from, commit }) =>
      writeOrders(
        engine,
        delivered.map(({ item, document }) => ({ shop, order: item, document })),
        { source: from, parts, commit },
      ),
    whenComplete: (tx, { shopId }, at) => markCompleteIn(tx, [shopId], at),
  };
}

/** A shop's claims; cancellations are a listing of their own, with a checkpoint of their own. */
export function claimStream(name: 'returns' | 'cancellations', source: ChangeStream<Return>): WindowedStream<Return> {
  return {
    name,
    source,
    write: ({ engine }, shop, { delivered, source: from, commit }) =>
      engine.transaction(async (tx) => {
        const written = await writeReturns(tx, shop, {
          delivered: delivered.map(({ item, document }) => ({ claim: item, document })),
          source: from,
        });
        await commit(tx);
        return written;
      }),
  };
}
