import type { Transaction } from '../engines/engine.ts';
import type { Shop } from '../model/shop.ts';
import type { DocumentSource } from './documents.ts';
import type { DeliveredRecord, RecordStore, WriteCounts } from './kind.ts';

/** A batch of one shop's records. */
export interface ShopDelivery<Item> {
  readonly delivered: readonly DeliveredRecord<Item>[];
  readonly source: DocumentSource | null;
  readonly at: Temporal.Instant;
}

/** Makes of a writer of one shop's records one of any number of shops: all of them and what is committed with them are one transaction. */
export function writerOfShops<Item>(
  write: (tx: Transaction, shop: Shop, delivery: ShopDelivery<Item>) => Promise<WriteCounts>,
): RecordStore<Item>['write'] {
  return async (engine, all, { source, at, commit }) => {
    const total = { added: 0, changed: 0, unchanged: 0 };
    if (all.length === 0 && !commit) return total;
    return engine.transaction(async (tx) => {
      for (const own of Map.groupBy(all, ({ shop }) => shop.shopId).values()) {
        const { shop } = own[0]!;
        const written = await write(tx, shop, { delivered: own, source: source && { ...source, shopId: shop.shopId }, at });
        total.added += written.added;
        total.changed += written.changed;
        total.unchanged += written.unchanged;
      }
      await commit?.(tx, total);
      return total;
    });
  };
}
