import { raw } from '../../engines/sql.ts';
import type { PriceDetail } from '../../model/price-detail.ts';
import { writerOfShops } from '../deliveries.ts';
import type { RecordKind, RecordStore } from '../kind.ts';
import { linkPriceDetails, writePriceDetails } from './price-detail-writer.ts';

/** How price details get into the store. */
export const priceDetailStore: RecordStore<PriceDetail> = {
  write: writerOfShops((tx, shop, { delivered, source, at }) =>
    writePriceDetails(tx, shop, { delivered: delivered.map(({ item, document }) => ({ detail: item, document })), source, at }),
  ),
  again: {
    table: 'price_details',
    which: raw('true'),
    id: 'order_id',
    async rewrite(tx, shop, items) {
      const delivered = items.map((detail) => ({ detail, document: '' }));
      await writePriceDetails(tx, shop, { delivered, source: 'stored', at: Temporal.Instant.fromEpochMilliseconds(0) });
    },
  },
};

/** What buyers were shown and paid, order by order. */
export const priceDetails: RecordKind = {
  tables: ['price_details'],
  compared: ['price_details'],
  follower: {
    tied: ['price_details'],
    waiting: raw('SELECT shop_id, order_id FROM price_details WHERE oid IS NULL'),
    tie: linkPriceDetails,
  },
  streams: [
    {
      name: 'price_details',
      title: { en: 'price breakdowns', zh: '价格明细', es: 'desgloses de precios' },
      reading: 'order by order',
      pace: 'beside',
      store: priceDetailStore,
    },
  ],
};
