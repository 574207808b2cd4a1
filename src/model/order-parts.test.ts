import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Order, OrderLine, OrderStatus } from './order.ts';
import { isSale } from './order.ts';
import { bestPart, joinParts, partsThatTell, piecesIn, PLATFORM_TELLER, type OrderPart, type Teller } from './order-parts.ts';

const MADRID = { country: 'ES', regionCode: 'ES-MD', region: 'Comunidad de Madrid', city: 'Madrid' };
const NOWHERE = { country: null, regionCode: null, region: null, city: null };
const teller = (scope: Teller['scope'], kind: string): Teller =>
  scope === 'platform' ? PLATFORM_TELLER : { scope, kind, header: ['a'], reading: kind };

interface Told {
  readonly scope: Teller['scope'];
  readonly kind: string;
  readonly day: number;
  readonly status: OrderStatus;
  readonly skus: readonly string[];
  readonly priced: boolean;
  readonly placed: boolean;
  readonly buyer: bigint | null;
}

function part({ scope, kind, day, status, skus, priced, placed, buyer }: Told): OrderPart {
  const state = { status, outcome: 'none', platformStatus: status } as const;
  const counts = new Map<string, number>();
  const lines = skus.map((sku): OrderLine => {
    counts.set(sku, (counts.get(sku) ?? 0) + 1);
    const line = {
      ...state,
      lineId: scope === 'platform' ? `p${sku}${counts.get(sku)}` : `${sku}#${counts.get(sku)}`,
      sku,
      platformSku: null,
      productName: `Thing ${sku}`,
      variant: null,
      image: null,
      category: null,
      kind: 'goods',
      quantity: 1,
      parts: [],
      grossSales: null,
      netSales: priced ? 50_000n : null,
      paidAmount: null,
      taxAmount: null,
      returnedQuantity: null,
      refundAmount: null,
    } as const;
    return { ...line, sale: isSale(status, line) };
  });
  const order: Order = {
    ...state,
    orderId: '1',
    purchasedAt: Temporal.Instant.from('2026-03-01T00:00:00Z'),
    paidAt: null,
    updatedAt: Temporal.Instant.from('2026-03-01T00:00:00Z').add({ hours: 24 * day }),
    model: 'retail',
    currency: 'EUR',
    place: placed ? MADRID : NOWHERE,
    writtenPlace: placed ? 'ES' : '',
    buyer,
    totalAmount: null,
    shippingFee: null,
    shippingProvider: null,
    lines,
  };
  return { order, teller: teller(scope, kind), rows: [] };
}

const shown = (order: Order): string =>
  JSON.stringify(order, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
const told = fc
  .record({
    scope: fc.constantFrom('platform', 'whole', 'part'),
    kind: fc.constantFrom('x', 'y'),
    day: fc.nat(4),
    status: fc.constantFrom('unpaid', 'to_ship', 'shipped', 'completed', 'cancelled'),
    skus: fc.array(fc.constantFrom('A', 'B', 'C'), { minLength: 1, maxLength: 4 }),
    priced: fc.boolean(),
    placed: fc.boolean(),
    buyer: fc.constantFrom(null, 1n, 2n),
  } as const)
  .map((each) => ({ ...each, kind: `${each.scope} ${each.kind}` }));
const tellings = fc.array(told, { minLength: 1, maxLength: 5 });

test('the parts that are needed make the same order as all of them, and none of them can be spared', () => {
  fc.assert(
    fc.property(tellings, (all) => {
      const parts = all.map(part);
      const needed = partsThatTell(parts);
      expect(shown(joinParts(needed))).toBe(shown(joinParts(parts)));
      expect(partsThatTell(needed)).toEqual(needed);
      expect(needed).toContain(bestPart(needed));
    }),
  );
});

test('of two parcels that only together change nothing neither is kept', () => {
  const base = { priced: false, placed: false, buyer: null } as const;
  const platform = part({ ...base, scope: 'platform', kind: 'platform', day: 3, status: 'unpaid', skus: ['B'] });
  const cancelled = part({ ...base, scope: 'part', kind: 'y', day: 3, status: 'cancelled', skus: ['A'] });
  const unpaid = part({ ...base, scope: 'part', kind: 'y', day: 0, status: 'unpaid', skus: ['A', 'A'] });
  expect(joinParts([platform, cancelled, unpaid]).status).toBe('unpaid');
  expect(partsThatTell([platform, cancelled, unpaid])).toEqual([platform]);
});

test('told again, whatever was told, it is the order that it was', () => {
  fc.assert(
    fc.property(tellings, fc.nat(4), (all, again) => {
      const parts = all.map(part);
      const kept = partsThatTell(parts);
      const repeated = kept[again % kept.length]!;
      expect(shown(joinParts([...kept, repeated]))).toBe(shown(joinParts(parts)));
    }),
  );
});

test('where every state has a date of its own, it does not matter which comes first', () => {
  fc.assert(
    fc.property(
      fc
        .uniqueArray(told, { minLength: 2, maxLength: 5, selector: ({ day }) => day })
        .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([all, turned]) => {
        expect(shown(joinParts(turned.map(part)))).toBe(shown(joinParts(all.map(part))));
      },
    ),
  );
});

test('what one tells is not erased by what another does not know', () => {
  fc.assert(
    fc.property(tellings, (all) => {
      const order = joinParts(all.map(part));
      expect(order.place.city !== null).toBe(all.some(({ placed }) => placed));
      expect(order.buyer !== null).toBe(all.some(({ buyer }) => buyer !== null));
      const platform = all.filter(({ scope }) => scope === 'platform');
      const byPlatform = platform.findLast(({ buyer }) => buyer !== null);
      if (byPlatform) expect(platform.map(({ buyer }) => buyer)).toContain(order.buyer);
      // Of files of one kind no piece is lost; beside the platform's own record there is none that it does not know.
      if (platform.length === 0)
        for (const { skus, scope } of all)
          if (scope === 'whole')
            expect(piecesIn(order)).toBeGreaterThanOrEqual(all.every((each) => each.kind === all[0]!.kind) ? skus.length : 0);
      if (platform.length > 0) expect(platform.map(({ skus }) => skus.length)).toContain(piecesIn(order));
      for (const line of order.lines) expect(line.sale).toBe(isSale(order.status, line));
    }),
  );
});

test('parcels bring an order further and never back, and add what no other source has', () => {
  const base = { kind: 'w', priced: true, placed: false, buyer: null } as const;
  const whole = part({ ...base, scope: 'whole', day: 1, status: 'to_ship', skus: ['A', 'A', 'B'] });
  const parcel = part({ ...base, scope: 'part', kind: 'p', day: 2, status: 'shipped', skus: ['A'] });
  const joined = joinParts([whole, parcel]);
  expect([joined.status, joined.lines.map(({ sku, status }) => `${sku} ${status}`)]).toEqual([
    'shipped',
    ['A shipped', 'A shipped', 'B to_ship'],
  ]);
  const later = part({ ...base, scope: 'whole', day: 3, status: 'cancelled', skus: ['A', 'A', 'B'] });
  expect(joinParts([whole, parcel, later]).status).toBe('cancelled');
  expect(
    joinParts([parcel, part({ ...base, scope: 'part', kind: 'q', day: 0, status: 'to_ship', skus: ['A', 'A', 'B'] })])
      .lines.map(({ sku }) => sku)
      .toSorted(),
  ).toEqual(['A', 'A', 'B']);
});
