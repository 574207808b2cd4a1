import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeliveredOrder } from '../../src/records/orders/order-writer.ts';
import { eraseShop, setShop } from '../../src/records/shop-changes.ts';
import { faults } from '../process.ts';
import { delivery, type EngineWorld } from './engine-world.ts';

const movedOrder = fc.record({
  of: fc.nat(2),
  id: fc.nat(9),
  changed: fc.nat(30),
  hours: fc.constantFrom(0, 3, 40),
  paidAfter: fc.constantFrom(null, 0, 5, 30),
  currency: fc.constantFrom('EUR', 'MXN', null),
  status: fc.constantFrom('completed', 'to_ship', 'cancelled', 'unpaid'),
  buyer: fc.constantFrom(null, 1n, 2n),
  gross: fc.constantFrom(null, 0n, 999_999_999_999_999_999n),
  sale: fc.boolean(),
} as const);
const change = fc.oneof(
  { weight: 6, arbitrary: fc.record({ orders: fc.array(movedOrder, { minLength: 1, maxLength: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ zone: fc.constantFrom('America/Mexico_City', 'Asia/Shanghai', 'Europe/Madrid'), of: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ erase: fc.nat(2) }) },
);

/** Whatever comes in whichever order and portions ends where a plain list of newest states ends, sums and all. */
export function keepsOrdersAnyhow(world: EngineWorld, tries: number): void {
  test('any deliveries in any order and portions end in the state that a plain list of newest states has', async () => {
    const told = fc.record({
      of: fc.constantFrom(0, 1),
      id: fc.integer({ min: 0, max: 7 }),
      changed: fc.integer({ min: 0, max: 9 }),
      holds: fc.constantFrom('x', 'y', 'x y', 'y x x', 'z'),
      ends_portion: fc.nat(11).map((n) => n === 0),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(told, { maxLength: 40 }), async (all) => {
        const of = [await world.newShop(), await world.newShop()];
        const model = new Map<string, DeliveredOrder>();
        const counts = { added: 0, changed: 0, unchanged: 0 };
        let portion: DeliveredOrder[] = [];
        for (const [i, { of: which, id, changed, holds, ends_portion }] of all.entries()) {
          // Orders lie up to 21 months apart; sources differ in whether they know the second or the day alone.
          const day = Temporal.Instant.from('2024-10-01T00:00:00Z').add({ hours: 24 * 90 * id });
          const placed = changed % 2 === 0 ? day : day.add({ seconds: 9000 * (1 + id) });
          const each = delivery(of[which]!, `order ${id}`, {
            holds,
            placed: placed.toString(),
            changed: day.add({ hours: 100 + changed }).toString(),
          });
          const key = `${which} ${id}`;
          const known = model.get(key);
          if (!known || Temporal.Instant.compare(each.order.updatedAt, known.order.updatedAt) >= 0) model.set(key, each);
          portion.push(each);
          if (!ends_portion && i < all.length - 1) continue;
          const done = await world.write(portion);
          for (const name of ['added', 'changed', 'unchanged'] as const) counts[name] += done[name];
          portion = [];
        }
        const expected = [...model.values()]
          .map(
            ({ shop, order }) =>
              `${shop.shop} ${order.orderId}: ${order.lines.map(({ sku }) => sku).join(' ')} · ${order.purchasedAt.toString()} · ` +
              order.updatedAt.toString(),
          )
          .toSorted();
        expect(await world.stored(...of)).toEqual(expected);
        expect(counts.added).toBe(model.size);
        expect(counts.added + counts.changed + counts.unchanged).toBe(all.length);
      }),
      { numRuns: tries, endOnFailure: true },
    );
  }, 120_000);

  test('the sums of each day are those of its orders, whatever becomes of orders and shops', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const of = [await world.newShop(), await world.newShop(), await world.newShop()];
        for (const each of changes) {
          if ('erase' in each) {
            await eraseShop(world.engine, of[each.erase]!.shopId);
            of[each.erase] = await world.newShop();
          } else if ('zone' in each) {
            await setShop(world.engine, of[each.of]!, { zone: each.zone });
            of[each.of] = { ...of[each.of]!, zone: each.zone };
          } else
            await world.write(
              each.orders.map(({ of: which, id, changed, hours, paidAfter, currency, status, buyer, gross, sale }) => {
                // Some at midnight, some on neighbouring days, and one far older than all others.
                const usual = Temporal.Instant.from(id === 0 ? '2025-01-01T22:30:00Z' : '2026-03-10T22:30:00Z').add({
                  hours: 24 * (id % 3),
                });
                const placed = usual.add({ hours });
                const { shop, order, document } = delivery(of[which]!, `order ${id}`, {
                  holds: 'x y',
                  placed: placed.toString(),
                  changed: usual.add({ hours: 100 + changed }).toString(),
                });
                const lines = order.lines.map((line, n) => ({
                  ...line,
                  status,
                  sale: sale && n === 0,
                  grossSales: gross,
                  netSales: n === 0 ? gross : null,
                }));
                return {
                  shop,
                  document,
                  order: { ...order, status, currency, buyer, paidAt: paidAfter === null ? null : placed.add({ hours: paidAfter }), lines },
                };
              }),
            );
          expect(await faults(world.engine, ['wrong_days'])).toEqual({ wrong_days: 0 });
        }
      }),
      { numRuns: tries, endOnFailure: true },
    );
  }, 120_000);
}
