import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../src/engines/engine.ts';
import { startImport } from '../src/records/imports/import-log.ts';
import { writeOrders, type DeliveredOrder, type OrderCounts } from '../src/records/orders/order-writer.ts';
import { raw } from '../src/engines/sql.ts';
import { ensureShop } from '../src/records/shops/shops.ts';
import { toPlace } from '../src/model/area.ts';
import { isSale, type Order, type OrderLine, type OrderStatus } from '../src/model/order.ts';
import type { Shop } from '../src/model/shop.ts';
import { partsOf } from '../tests/part-reading.ts';
import { clock, hash, openStore } from './s7.ts';
import { medianAndMin } from './table.ts';
import { orderAt, rowsOf, ZONE, type World, type WorldOrder } from './world.ts';
import { followers } from '../src/records/all.ts';

/** How orders that are canonical already went into the store. */
export interface Ingested {
  readonly what: string;
  readonly store: 'empty' | 'filled';
  readonly batchOrders: number;
  readonly batches: number;
  /** Whether a batch is handed in while the one before is written, as imports and runs do. */
  readonly overlapped: boolean;
  readonly orders: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly medianBatchMs: number;
  readonly slowestBatchMs: number;
}

interface Plan {
  readonly what: string;
  readonly store: 'empty' | 'filled';
  readonly batchOrders: number;
  readonly batches: number;
  /** The orders of a batch by their number in the world. */
  readonly indexes: (batch: number) => number[];
  /** Delivered again with a change. */
  readonly changed: (index: number) => boolean;
  readonly expected: (counts: OrderCounts) => boolean;
}

const STATUSES: Readonly<Record<string, OrderStatus>> = {
  Completed: 'completed',
  Shipped: 'shipped',
  Unpaid: 'unpaid',
  Cancelled: 'cancelled',
};
const parts = partsOf(hash);
const SIZES = [
  { most: 1_000, batches: 30 },
  { most: 10_000, batches: 10 },
] as const;
const OLD_BATCHES = 5;
const AGAIN_SHARE = 0.3;

/** Writes batches with the product's writer alone: into new stores, and into copies of the one the import filled. */
export async function ingest(world: World, filledFolder: string, folder: string): Promise<Ingested[]> {
  const results: Ingested[] = [];
  for (const plan of plansFor(world)) {
    for (const overlapped of [false, true]) {
      const own = join(folder, `${results.length}`);
      mkdirSync(own, { recursive: true });
      if (plan.store === 'filled') cpSync(join(filledFolder, 's7.duckdb'), join(own, 's7.duckdb'));
      results.push(await carryOut(world, plan, { folder: own, overlapped }));
    }
  }
  return results;
}

function plansFor(world: World): Plan[] {
  const plans: Plan[] = [];
  const run = (start: number, count: number): number[] => Array.from({ length: count }, (_, i) => start + i);
  for (const { most, batches: mostBatches } of SIZES) {
    const size = Math.min(most, Math.floor(world.orders / 4));
    const batches = Math.min(mostBatches, Math.floor(world.orders / 2 / size));
    plans.push({
      what: 'new orders',
      store: 'empty',
      batchOrders: size,
      batches,
      indexes: (n) => run(n * size, size),
      changed: () => false,
      expected: ({ added }) => added === size,
    });
    const again = Math.floor(size * AGAIN_SHARE);
    const fresh = size - again;
    plans.push({
      what: '70 % new orders, 30 % of the last days changed',
      store: 'filled',
      batchOrders: size,
      batches,
      indexes: (n) => [...run(world.orders - (n + 1) * again, again), ...run(world.orders + n * fresh, fresh)],
      changed: (index) => index < world.orders,
      expected: ({ added, changed }) => added === fresh && changed === again,
    });
    const old = Math.floor(world.orders * 0.35);
    plans.push({
      what: 'a year old, changed',
      store: 'filled',
      batchOrders: size,
      batches: Math.min(batches, OLD_BATCHES),
      indexes: (n) => run(old + n * size, size),
      changed: () => true,
      expected: ({ changed }) => changed === size,
    });
  }
  const size = Math.min(10_000, Math.floor(world.orders / 4));
  plans.push({
    what: 'delivered again as they are',
    store: 'filled',
    batchOrders: size,
    batches: 2,
    indexes: (n) => run(world.orders - (n + 1) * size, size),
    changed: () => false,
    expected: ({ unchanged }) => unchanged === size,
  });
  return plans;
}

async function carryOut(world: World, plan: Plan, { folder, overlapped }: { folder: string; overlapped: boolean }): Promise<Ingested> {
  const engine = await openStore(folder);
  // As if the same mapping had brought what is stored: what is delivered again is a newer state of it, as of every export that is imported
  // again.
  await engine.transaction((tx) => tx.run(raw("UPDATE imports SET preset = 'bench', mapping = '{}'")));
  const importId = await startImport(engine, { file: 'bench', preset: 'bench', mapping: '{}', at: clock.now() });
  const shops = new Map<string, Shop>();
  const batches: DeliveredOrder[][] = [];
  for (let n = 0; n < plan.batches; n++) {
    const batch: DeliveredOrder[] = [];
    for (const index of plan.indexes(n)) batch.push(await delivered(engine, shops, orderAt(world, index), plan.changed(index)));
    batches.push(batch);
  }
  const times: number[] = [];
  const write = async (batch: readonly DeliveredOrder[]): Promise<void> => {
    const counts = await writeOrders(engine, batch, { source: { importId }, followers, parts });
    times.push(performance.now());
    if (!plan.expected(counts)) throw new Error(`${plan.what} (${plan.store}, ${plan.batchOrders}): ${JSON.stringify(counts)}`);
  };
  const [start, used] = [performance.now(), process.cpuUsage()];
  let writing = Promise.resolve();
  for (const batch of batches) {
    const next = write(batch);
    // Awaited at the next batch; until then a failure must not count as unhandled.
    next.catch(() => undefined);
    await (overlapped ? writing : next);
    writing = next;
  }
  await writing;
  const { user, system } = process.cpuUsage(used);
  await engine.close();
  const batchMs = times.map((time, n) => time - (times[n - 1] ?? start));
  return {
    what: plan.what,
    store: plan.store,
    batchOrders: plan.batchOrders,
    batches: plan.batches,
    overlapped,
    orders: plan.batches * plan.batchOrders,
    seconds: (times.at(-1)! - start) / 1000,
    cpuSeconds: (user + system) / 1_000_000,
    medianBatchMs: medianAndMin(batchMs).median,
    slowestBatchMs: Math.max(...batchMs),
  };
}

async function delivered(engine: Engine, shops: Map<string, Shop>, order: WorldOrder, changed: boolean): Promise<DeliveredOrder> {
  let shop = shops.get(order.shop);
  if (!shop) {
    shop = await ensureShop(engine, { platform: order.platform, shop: order.shop, zone: ZONE, currency: null });
    shops.set(order.shop, shop);
  }
  return { shop, order: toCanonical(order, changed), document: JSON.stringify(rowsOf(order)) };
}

/** The order as the import would make it; with `changed` a day later and of another status. */
function toCanonical(order: WorldOrder, changed: boolean): Order {
  const instant = (text: string): Temporal.Instant => Temporal.PlainDateTime.from(text).toZonedDateTime(ZONE).toInstant();
  const found = STATUSES[order.status]!;
  const status = changed ? (found === 'completed' ? 'delivered' : 'completed') : found;
  const state = { status, outcome: 'none', platformStatus: order.status } as const;
  const lines = order.lines.map((line): OrderLine => {
    const gross = line.unitPrice === null ? null : BigInt(line.unitPrice * line.quantity) * 100n;
    return {
      lineId: line.lineId,
      sku: line.sku,
      platformSku: null,
      productName: line.name,
      variant: null,
      parts: [],
      returnedQuantity: null,
      refundAmount: null,
      image: null,
      category: line.category,
      kind: 'goods',
      quantity: line.quantity,
      grossSales: gross,
      netSales: gross === null ? null : gross - BigInt(line.discount) * 100n,
      paidAmount: null,
      taxAmount: null,
      ...state,
      sale: isSale(status, { status, kind: 'goods', quantity: line.quantity }),
    };
  });
  const written = { country: 'Spain', region: order.province, city: order.city, postalCode: '' };
  const updatedAt = instant([order.updatedAt, order.paidAt].toSorted().at(-1)!);
  return {
    orderId: order.orderId,
    purchasedAt: instant(order.createdAt),
    paidAt: order.paidAt ? instant(order.paidAt) : null,
    updatedAt: changed ? updatedAt.add({ hours: 24 }) : updatedAt,
    ...state,
    model: 'retail',
    currency: 'EUR',
    place: toPlace(written),
    writtenPlace: Object.values(written).join('\u001f'),
    buyer: hash(order.platform, order.buyer),
    totalAmount: null,
    shippingFee: null,
    shippingProvider: null,
    lines,
  };
}
