import type { RecordStream } from '../records/kind.ts';
import { orderStore } from '../records/orders/orders.ts';
import type { Order } from '../model/order.ts';
import type { PlatformApi } from '../platforms/platform.ts';
import type { StoredStream, WindowedStream } from './window-run.ts';

/** Orders, whichever stream brings them. */
export const ORDERS: StoredStream<Order> = { name: 'orders', store: orderStore };

/** A stream as a platform lists it by change; undefined where it does not. */
export function windowedStream({ name, store, completes }: RecordStream, api: PlatformApi): WindowedStream<unknown> | undefined {
  const source = name === 'orders' ? api.orders : api.changes[name];
  return store && source && { name, store, source, completes: completes === true };
}
