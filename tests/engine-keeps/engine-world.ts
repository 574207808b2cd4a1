import { expect } from 'vitest';
import type { Engine, Row } from '../../src/engines/engine.ts';
import type { Sql } from '../../src/engines/sql.ts';
import type { Order, OrderLine } from '../../src/model/order.ts';
import { PLATFORM_IDS, type Shop } from '../../src/model/shop.ts';
import { writeOrders, type DeliveredOrder, type OrderCounts } from '../../src/records/orders/order-writer.ts';
import { readOrders } from '../../src/records/orders/stored-orders.ts';
import { followers } from '../../src/records/all.ts';
import { ensureShop } from '../../src/records/shops/shops.ts';
import { faults } from '../process.ts';

/** When orders are placed unless a test says otherwise. */
export const PLACED = '2026-03-01T10:00:00Z';

/** What a source tells of an order: the SKUs it holds, when it was placed and when the source last knew a change. */
export interface Told {
  readonly holds: string;
  readonly placed?: string;
  readonly changed?: string;
}

/** A database with shops in it. Each test takes shops of its own: what others wrote does not matter. */
export class EngineWorld {
  #engine: Engine | undefined;
  #shops = 0;

  get engine(): Engine {
    return this.#engine!;
  }

  begin(engine: Engine): void {
    this.#engine = engine;
  }

  newShop(): Promise<Shop> {
    this.#shops += 1;
    return ensureShop(this.engine, { platform: 'TikTok', shop: `shop ${this.#shops}`, zone: 'Europe/Madrid', currency: 'EUR' });
  }

  write(delivered: readonly DeliveredOrder[]): Promise<OrderCounts> {
    return writeOrders(this.engine, delivered, { source: { importId: 1 }, followers });
  }

  rows<R extends Row = Row>(text: Sql): Promise<R[]> {
    return this.engine.read((reader) => reader.query<R>(text));
  }

  /** The orders of shops as they are stored, by id: what they hold, when placed and changed. */
  async stored(...of: readonly Shop[]): Promise<string[]> {
    const { orders } = await this.engine.read((reader) =>
      readOrders(reader, { platforms: PLATFORM_IDS, shopIds: of.map(({ shopId }) => shopId) }, { after: null, limit: 1000 }),
    );
    return orders
      .map(
        (order) =>
          `${order['shop'] as string} ${order.order_id}: ${order.lines.map(({ sku }) => sku as string).join(' ')} · ` +
          `${order['purchased_at'] as string} · ${order['updated_at'] as string}`,
      )
      .toSorted();
  }

  /** Nothing is half, doubled, loose, or other than what follows from the rest, and no number is given out twice. */
  async isWhole(): Promise<void> {
    expect(Object.entries(await faults(this.engine)).filter(([, count]) => count !== 0)).toEqual([]);
    expect((await this.engine.health()).behind).toEqual([]);
  }
}

/** An order as a source tells it. */
export function delivery(shop: Shop, id: string, { holds, placed = PLACED, changed = placed }: Told): DeliveredOrder {
  const state = { status: 'completed', outcome: 'none', platformStatus: 'Completed' } as const;
  const line = (sku: string, n: number): OrderLine => ({
    ...state,
    lineId: `${sku}#${n}`,
    sku,
    platformSku: null,
    productName: `Thing ${sku}`,
    variant: null,
    parts: [],
    returnedQuantity: null,
    refundAmount: null,
    image: null,
    category: null,
    kind: 'goods',
    quantity: 1,
    grossSales: null,
    netSales: 123_400n,
    paidAmount: null,
    taxAmount: null,
    sale: true,
  });
  const order: Order = {
    ...state,
    orderId: id,
    purchasedAt: Temporal.Instant.from(placed),
    paidAt: null,
    updatedAt: Temporal.Instant.from(changed),
    model: 'retail',
    currency: 'EUR',
    place: { country: 'ES', regionCode: 'ES-MD', region: 'Comunidad de Madrid', city: 'Madrid' },
    writtenPlace: `ES Madrid ${holds.length}`,
    buyer: BigInt(id.length),
    totalAmount: null,
    shippingFee: null,
    shippingProvider: null,
    lines: holds.split(' ').map(line),
  };
  return { shop, order, document: `${id}: ${holds}` };
}
