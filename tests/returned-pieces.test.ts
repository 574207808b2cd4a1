import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prepareStore } from '../src/records/prepare-store.ts';
import { rebuildOrders } from '../src/records/orders/order-rebuild.ts';
import { writeOrders, type DeliveredOrder } from '../src/records/orders/order-writer.ts';
import { writeReturns } from '../src/records/returns/return-writer.ts';
import { eraseShop, setShop } from '../src/records/shop-changes.ts';
import { ensureShop } from '../src/records/shops/shops.ts';
import { raw, sql } from '../src/engines/sql.ts';
import { isSale, type Order, type Outcome } from '../src/model/order.ts';
import { FATES, RETURN_KINDS, RETURN_STATES, type Return } from '../src/model/return.ts';
import type { Shop } from '../src/model/shop.ts';
import { tries } from './fuzz.ts';
import { openEmptyStore } from './golden-world.ts';
import { storeOfSchema } from './older-store.ts';
import { faults } from './process.ts';
import { followers } from '../src/records/all.ts';

let store: Awaited<ReturnType<typeof openEmptyStore>>;
beforeEach(async () => {
  store = await openEmptyStore();
});
afterEach(() => store.close());

const SKUS = ['x', 'y', 'z'];
const ZONES = ['Europe/Madrid', 'America/Los_Angeles', 'Asia/Tokyo'];
const START = Temporal.Instant.from('2026-03-01T00:00:00Z');

const outcome = fc.constantFrom<Outcome>('none', 'none', 'none', 'returned', 'refused', 'lost', 'refunded');
const wishedOrder = fc.record({
  id: fc.nat(2),
  moved: fc.nat(30),
  changed: fc.nat(400),
  status: fc.constantFrom('completed', 'completed', 'completed', 'cancelled', 'unpaid'),
  model: fc.constantFrom('retail', 'retail', 'supply'),
  lines: fc.array(
    fc.record({
      sku: fc.constantFrom(...SKUS),
      quantity: fc.nat(3),
      cancelled: fc.nat(3).map((n) => n === 0),
      outcome,
      returnedQuantity: fc.option(fc.nat(2)),
      refundAmount: fc.option(fc.constantFrom(0n, 5000n, 30_000n)),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});
const wishedClaim = fc.record({
  id: fc.nat(4),
  order: fc.option(fc.nat(2), { freq: 2 }),
  kind: fc.constantFrom(...RETURN_KINDS, 'exchange', 'exchange'),
  state: fc.constantFrom(...RETURN_STATES, 'completed', 'completed', 'open'),
  changed: fc.nat(400),
  goodsBack: fc.boolean(),
  fate: fc.option(fc.constantFrom(...FATES)),
  refund: fc.option(fc.constantFrom(0, 5000, 70_000), { freq: 2 }),
  lines: fc.array(
    fc.record({
      line: fc.option(fc.nat(2)),
      sku: fc.constantFrom(...SKUS, 'unknown'),
      quantity: fc.integer({ min: 1, max: 3 }),
      counted: fc.boolean(),
    }),
    { minLength: 1, maxLength: 2 },
  ),
});
const shopNo = fc.nat(1);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('orders'),
      shop: shopNo,
      orders: fc.array(wishedOrder, { minLength: 1, maxLength: 5, size: 'max' }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('claims'),
      shop: shopNo,
      claims: fc.array(wishedClaim, { minLength: 1, maxLength: 5, size: 'max' }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('rebuilt'), shop: shopNo, orders: fc.array(wishedOrder, { minLength: 1, maxLength: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('zone'), shop: shopNo, zone: fc.constantFrom(...ZONES) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('erased'), shop: shopNo }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const hours = (n: number): Temporal.Instant => START.add({ hours: n });

function toOrder({ id, moved, changed, status, model, lines }: typeof wishedOrder extends fc.Arbitrary<infer T> ? T : never): Order {
  // A source that knows the day alone and one that knows the hour mean the same order.
  const purchasedAt = hours(20 * id + moved);
  return {
    orderId: `order ${id}`,
    purchasedAt,
    paidAt: moved % 3 === 0 ? null : purchasedAt.add({ hours: 2 }),
    updatedAt: hours(changed),
    status,
    outcome: 'none',
    platformStatus: null,
    model,
    currency: 'EUR',
    place: { country: 'ES', regionCode: null, region: null, city: null },
    writtenPlace: 'ES',
    buyer: null,
    totalAmount: null,
    shippingFee: null,
    shippingProvider: null,
    lines: lines.map(({ sku, quantity, cancelled, ...own }, n) => {
      const lineStatus = cancelled ? 'cancelled' : status;
      return {
        ...own,
        lineId: String(n),
        sku,
        platformSku: `platform ${sku}`,
        productName: sku,
        variant: null,
        parts: [],
        image: null,
        category: null,
        kind: 'goods',
        quantity,
        status: lineStatus,
        platformStatus: null,
        grossSales: null,
        netSales: 10_000n,
        paidAmount: null,
        taxAmount: null,
        sale: isSale(status, { status: lineStatus, kind: 'goods', quantity }),
      };
    }),
  };
}

function toClaim({
  id,
  order,
  changed,
  refund,
  lines,
  state,
  ...own
}: typeof wishedClaim extends fc.Arbitrary<infer T> ? T : never): Return {
  return {
    ...own,
    state,
    returnId: `claim ${id}`,
    orderId: order === null ? null : `order ${order}`,
    platformStatus: state,
    reason: id === 0 ? null : `reason ${id % 2}`,
    reasonText: null,
    createdAt: hours(130 + id),
    updatedAt: hours(140 + changed),
    currency: 'EUR',
    refundAmount: refund === null ? null : BigInt(refund),
    lines: lines.map(({ line, ...told }) => ({ ...told, lineId: line === null ? null : String(line), refundAmount: null })),
  };
}

async function carryOut(each: Step): Promise<void> {
  const { engine } = store;
  const shop: Shop = await ensureShop(engine, { platform: 'TikTok', shop: `shop ${each.shop}`, zone: 'Europe/Madrid', currency: 'EUR' });
  if ('zone' in each) return setShop(engine, shop, { zone: each.zone });
  if ('claims' in each) {
    const delivered = each.claims.map((claim) => ({ claim: toClaim(claim), document: '' }));
    return engine.transaction(async (tx) => void (await writeReturns(tx, shop, { delivered, source: null })));
  }
  if (!('orders' in each)) return eraseShop(engine, shop.shopId);
  const delivered: DeliveredOrder[] = each.orders.map((order) => ({ shop, order: toOrder(order), document: '' }));
  if (each.what === 'orders') return void (await writeOrders(engine, delivered, { source: { importId: 1 }, followers }));
  await engine.transaction(async (tx) => {
    const stored = await tx.query<{ oid: number; order_id: string }>(sql`SELECT oid, order_id FROM orders WHERE shop_id = ${shop.shopId}`);
    await rebuildOrders(
      tx,
      stored.flatMap(({ oid, order_id: id }) =>
        delivered
          .filter(({ order }) => order.orderId === id)
          .slice(0, 1)
          .map(({ order }) => ({ shop, order, oid })),
      ),
      followers,
    );
  });
}

const rows = (text: string) => store.engine.read((reader) => reader.query<Record<string, number>>(raw(text)));

test('the returned pieces are what orders and claims say, in whatever order these come, change and go', async () => {
  const seen = { pieces: 0, returns: 0, open: 0, exchanges: 0, words: 0, alone: 0, undelivered: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14, size: 'max' }), async (steps) => {
      for (const each of steps) {
        await carryOut(each);
        const found = await faults(store.engine);
        expect(
          Object.entries(found).filter(([, count]) => count > 0),
          each.what,
        ).toEqual([]);
        const [some] = await rows(`
        SELECT count(*) AS pieces, count(*) FILTER (WHERE role = 'return') AS returns, count(*) FILTER (WHERE role = 'open') AS open, count(*) FILTER (WHERE role = 'exchange') AS exchanges,
        count(*) FILTER (WHERE rid IS NULL) AS words, count(*) FILTER (WHERE oid < 0) AS alone, count(*) FILTER (WHERE role = 'undelivered') AS undelivered FROM returned_pieces`);
        for (const name of Object.keys(seen) as (keyof typeof seen)[]) seen[name] += some![name]!;
      }
      for (const shop of [0, 1]) await carryOut({ what: 'erased', shop });
      expect(await rows('SELECT count(*) AS n FROM returned_pieces')).toEqual([{ n: 0 }]);
    }),
    tries(20),
  );
  expect(Object.entries(seen).filter(([, count]) => count < 1)).toEqual([]);
});

test('a store of before there were any gets them with its schema', async () => {
  await carryOut({
    what: 'orders',
    shop: 0,
    orders: [
      {
        id: 1,
        moved: 1,
        changed: 0,
        status: 'completed',
        model: 'retail',
        lines: [{ sku: 'x', quantity: 2, cancelled: false, outcome: 'returned', returnedQuantity: null, refundAmount: null }],
      },
    ],
  });
  const claim = {
    kind: 'return',
    state: 'completed',
    changed: 0,
    goodsBack: true,
    fate: null,
    refund: 5000,
    lines: [{ line: null, sku: 'x', quantity: 1, counted: false }],
  } as const;
  await carryOut({
    what: 'claims',
    shop: 0,
    claims: [
      { ...claim, id: 1, order: 1, lines: [...claim.lines] },
      { ...claim, id: 2, order: null, lines: [...claim.lines] },
    ],
  });
  const all = 'SELECT * FROM returned_pieces ORDER BY oid, rid';
  const before = await rows(all);
  expect(before).toMatchObject([
    { oid: -2, units: 1 },
    { rid: 1, units: 1 },
    { rid: null, units: 1 },
  ]);
  await storeOfSchema(store.engine, 3);
  await expect(rows(all)).rejects.toThrow();
  await prepareStore(store.engine);
  expect(await rows(all)).toEqual(before);
});
