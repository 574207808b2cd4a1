import { sql } from '../../engines/sql.ts';
import type { Order } from '../../model/order.ts';
import type { RecordKind, RecordStore } from '../kind.ts';
import { sumEveryDay, sumShopDays } from './order-days.ts';
import { writeOrders } from './order-writer.ts';

/** How orders get into the store. They are read again by `rebuildOrders`, for one may be made of several documents. */
export const orderStore: RecordStore<Order> = {
  write: (engine, delivered, delivery) =>
    writeOrders(
      engine,
      delivered.map(({ shop, item, document }) => ({ shop, order: item, document })),
      delivery,
    ),
};

/** Orders with their lines, and what they are summed up in. */
export const orders: RecordKind = {
  tables: ['orders', 'lines', 'status_changes', 'order_documents', 'order_days', 'places'],
  derived: [{ table: 'order_days', fill: sumEveryDay }],
  compared: ['places'],
  async moveDays(tx, shopId, zone) {
    await tx.run(sql`
      UPDATE orders SET shop_day = (purchased_at AT TIME ZONE ${zone})::date, paid_day = (paid_at AT TIME ZONE ${zone})::date
      WHERE shop_id = ${shopId}`);
    await tx.run(sql`
      UPDATE lines SET shop_day = o.shop_day, paid_day = o.paid_day FROM orders o
      WHERE o.oid = lines.oid AND lines.shop_id = ${shopId} AND o.shop_id = ${shopId}`);
    await sumShopDays(tx, shopId);
  },
  async erase(tx, shopId) {
    await tx.run(sql`DELETE FROM status_changes USING orders o WHERE o.oid = status_changes.oid AND o.shop_id = ${shopId}`);
    await tx.run(sql`DELETE FROM order_documents WHERE oid IN (SELECT oid FROM orders WHERE shop_id = ${shopId})`);
  },
  streams: [
    {
      name: 'orders',
      title: { en: 'orders', zh: '订单', es: 'pedidos' },
      reading: 'windows',
      pace: 'prompt',
      completes: true,
      store: orderStore,
    },
  ],
};
