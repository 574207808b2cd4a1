import { raw } from '../../engines/sql.ts';
import type { Product } from '../../model/product.ts';
import { writerOfShops } from '../deliveries.ts';
import type { RecordKind, RecordStore } from '../kind.ts';
import { fillListings, rewriteProducts, writeProducts } from './product-writer.ts';

/** How products get into the store. */
export const productStore: RecordStore<Product> = {
  write: writerOfShops((tx, shop, { delivered, source, at }) =>
    writeProducts(tx, shop, { delivered: delivered.map(({ item, document }) => ({ product: item, document })), source, at }),
  ),
  again: { table: 'products', which: raw('true'), id: 'product_id', rewrite: rewriteProducts },
};

/** What shops offer. It tells of listings what orders do not, and hangs on no order. */
export const products: RecordKind = {
  tables: ['products', 'product_skus'],
  compared: ['products', 'product_skus'],
  follower: { describe: fillListings },
  streams: [
    {
      name: 'products',
      title: { en: 'products', zh: '商品', es: 'productos' },
      reading: 'listing',
      pace: 'nightly',
      store: productStore,
    },
  ],
};
