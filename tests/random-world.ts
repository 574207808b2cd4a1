import fc from 'fast-check';
import type { Place } from '../src/model/area.ts';
import { isSale, LINE_KINDS, ORDER_STATUSES, OUTCOMES, type Order, type OrderLine } from '../src/model/order.ts';
import { FATES, RETURN_KINDS, RETURN_STATES, type Return } from '../src/model/return.ts';
import type { ShopIdentity } from '../src/model/shop.ts';
import type { PlacedOrder } from './golden-world.ts';
import type { Question } from './naive-sales.ts';

/** The shops there may be, and who of their platforms tells buyers. */
export const SHOPS: readonly Omit<ShopIdentity, 'currency'>[] = [
  { platform: 'Amazon', shop: 'Amazon.com', zone: 'America/Los_Angeles' },
  { platform: 'Amazon', shop: 'Amazon.es', zone: 'Europe/Madrid' },
  { platform: 'Other', shop: 'Tokyo', zone: 'Asia/Tokyo' },
  { platform: 'Shein', shop: 'shein-es', zone: 'Europe/Madrid' },
  { platform: 'TikTok', shop: 'ES', zone: 'Europe/Madrid' },
  { platform: 'TikTok', shop: 'GB', zone: 'Europe/London' },
];
const TELL_BUYERS = new Set(['TikTok', 'Other']);
const PLACES: readonly Place[] = [
  { country: 'ES', regionCode: 'ES-MD', region: 'Comunidad de Madrid', city: 'Madrid' },
  { country: 'ES', regionCode: 'ES-MD', region: 'Comunidad de Madrid', city: null },
  { country: 'ES', regionCode: 'ES-CT', region: 'Cataluña', city: 'Girona' },
  { country: 'ES', regionCode: null, region: 'Costa', city: 'Girona' },
  { country: 'ES', regionCode: null, region: null, city: null },
  { country: 'GB', regionCode: null, region: null, city: 'London' },
  { country: null, regionCode: null, region: null, city: null },
];
const SKUS = ['HAT', 'LAMP', 'MUG', 'SOCKS', 'TEE'];
const CATEGORIES: Readonly<Record<string, string>> = { HAT: 'Clothes', SOCKS: 'Clothes', TEE: 'Clothes', MUG: 'Kitchen' };
const DIGITS: Readonly<Record<string, number>> = { EUR: 2, JPY: 0, KWD: 3 };
/** Around these the clocks of Madrid and London change, or the year does. */
const ANCHORS = ['2026-03-29', '2026-10-25', '2026-01-01'];

const often = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: rare });
const price = fc.option(fc.integer({ min: -500, max: 20_000 }));
const wishedLine = fc.record({
  sku: fc.constantFrom(...SKUS),
  kind: often(fc.constant(LINE_KINDS[0]), fc.constantFrom(...LINE_KINDS)),
  cancelled: often(fc.constant(false), fc.boolean()),
  quantity: often(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 9 })),
  gross: price,
  net: price,
  paid: price,
  outcome: often(fc.constant('none'), fc.constantFrom(...OUTCOMES)),
  returned: often(fc.constant(null), fc.nat(3)),
  paidBack: often(fc.constant(null), fc.integer({ min: 0, max: 20_000 })),
});
const wishedClaim = fc.record({
  line: fc.nat(3),
  named: fc.boolean(),
  kind: fc.constantFrom(...RETURN_KINDS),
  state: often(fc.constant('completed'), fc.constantFrom(...RETURN_STATES)),
  quantity: fc.integer({ min: 1, max: 3 }),
  refund: price,
  goodsBack: fc.boolean(),
  reason: fc.option(fc.constantFrom('damaged', 'too_small')),
  fate: fc.option(fc.constantFrom(...FATES)),
  counted: fc.boolean(),
  goods: fc.option(fc.integer({ min: 0, max: 20_000 })),
  made: fc.nat(20 * 86_400),
  took: fc.nat(20 * 86_400),
});
const wishedOrder = fc.record({
  shop: fc.nat(SHOPS.length - 1),
  day: fc.integer({ min: -70, max: 12 }),
  second: fc.oneof(fc.integer({ min: -90, max: 90 }), fc.integer({ min: 0, max: 4 * 3600 }), fc.nat(86_399)),
  paidAfter: fc.option(often(fc.constant(0), fc.nat(3 * 86_400))),
  place: fc.nat(PLACES.length - 1),
  buyer: fc.option(fc.nat(4)),
  status: often(fc.constantFrom('on_hold', 'to_ship', 'shipped', 'delivered', 'completed'), fc.constantFrom(...ORDER_STATUSES)),
  model: often(fc.constant('retail'), fc.constantFrom('retail', 'supply')),
  changed: fc.nat(20 * 86_400),
  total: price,
  shippingFee: fc.option(fc.nat(900)),
  carriers: fc.option(fc.constantFrom('SEUR', 'Correos', 'Correos, SEUR')),
  claims: fc.array(wishedClaim, { maxLength: 2 }),
  lines: fc.array(wishedLine, { minLength: 1, maxLength: 4, size: 'max' }),
});
const wishedWorld = fc.record({
  anchor: fc.constantFrom(...ANCHORS),
  currency: fc.constantFrom(...Object.keys(DIGITS)),
  firstShop: fc.nat(SHOPS.length - 1),
  shops: fc.integer({ min: 1, max: SHOPS.length }),
  orders: fc.array(wishedOrder, { minLength: 20, maxLength: 150, size: 'max' }),
});

/** Orders at random around a day, all in one currency. */
export interface World {
  readonly anchor: string;
  readonly digits: number;
  readonly orders: readonly PlacedOrder[];
}

/** @param fine amounts have all four digits; else those of the currency, so that rounded figures add up */
export function worlds(fine: boolean): fc.Arbitrary<World> {
  return wishedWorld.map(({ anchor, currency, firstShop, shops, orders }) => {
    const digits = DIGITS[currency]!;
    const step = fine ? 1n : 10n ** BigInt(4 - digits);
    const placed = orders.map((wish, n) =>
      toPlaced({ ...SHOPS[(firstShop + (wish.shop % shops)) % SHOPS.length]!, currency }, { ...wish, n, anchor, step }),
    );
    return { anchor, digits, orders: placed };
  });
}

type WishedOrder = typeof wishedOrder extends fc.Arbitrary<infer T> ? T : never;

function toPlaced(shop: ShopIdentity, wish: WishedOrder & { n: number; anchor: string; step: bigint }): PlacedOrder {
  const purchasedAt = dayAfter(wish.anchor, wish.day).toZonedDateTime(shop.zone).add({ seconds: wish.second }).toInstant();
  const place = PLACES[wish.place]!;
  const money = (steps: number | null): bigint | null => (steps === null ? null : BigInt(steps) * wish.step);
  const lines = wish.lines.map(({ sku, kind, cancelled, quantity, gross, net, paid, outcome, returned, paidBack }, at): OrderLine => {
    const status = cancelled ? 'cancelled' : wish.status;
    return {
      lineId: String(at),
      sku,
      platformSku: `${shop.platform}-${sku}`,
      productName: `${sku} on ${shop.platform}`,
      variant: null,
      parts: [],
      returnedQuantity: returned === null ? null : Math.min(returned, quantity),
      refundAmount: money(paidBack),
      image: null,
      category: CATEGORIES[sku] ?? null,
      kind,
      quantity,
      status,
      outcome,
      platformStatus: null,
      grossSales: money(gross),
      netSales: money(net),
      paidAmount: money(paid),
      taxAmount: null,
      sale: isSale(wish.status, { status, kind, quantity }),
    };
  });
  const order: Order = {
    orderId: String(wish.n),
    purchasedAt,
    paidAt: wish.paidAfter === null ? null : purchasedAt.add({ seconds: wish.paidAfter }),
    updatedAt: purchasedAt.add({ seconds: wish.changed }),
    status: wish.status,
    outcome: 'none',
    platformStatus: null,
    model: wish.model,
    currency: shop.currency,
    place,
    writtenPlace: JSON.stringify(place),
    buyer: TELL_BUYERS.has(shop.platform) && wish.buyer !== null ? BigInt(wish.buyer) : null,
    totalAmount: money(wish.total),
    shippingFee: money(wish.shippingFee),
    shippingProvider: wish.carriers,
    lines,
  };
  const claims = wish.claims.map(({ line, named, refund, made, took, quantity, fate, counted, goods, ...given }, at): Return => {
    const { lineId, sku } = lines[line % lines.length]!;
    const createdAt = purchasedAt.add({ seconds: made });
    return {
      returnId: `${wish.n}-${at}`,
      orderId: order.orderId,
      platformStatus: given.state,
      reasonText: null,
      createdAt,
      updatedAt: createdAt.add({ seconds: took }),
      currency: shop.currency,
      refundAmount: money(refund),
      lines: [{ lineId: named ? lineId : null, sku, quantity, counted, refundAmount: null, goodsAmount: money(goods) }],
      fate: given.kind === 'cancellation' ? fate : null,
      ...given,
    };
  });
  return { shop, order, claims };
}

/** When the worlds are looked at unless told: all their days are over. */
export const LATER = '2027-01-01T00:00:00Z';

export function dayAfter(day: string, days: number): Temporal.PlainDate {
  return Temporal.PlainDate.from(day).add({ days });
}

export const offset = fc.integer({ min: -45, max: 14 });
export const wishedQuestion = fc.record({
  asOf: fc.integer({ min: -10, max: 14 }),
  atHour: fc.option(fc.integer({ min: 0, max: 23 })),
  window: fc.constantFrom('7d', '30d', 'all'),
  dates: fc.option(fc.record({ from: fc.option(offset), days: fc.option(fc.integer({ min: 1, max: 40 })) }), { freq: 2 }),
  basis: fc.constantFrom('created', 'paid'),
  measure: fc.constantFrom('net', 'gross', 'paid'),
  model: often(fc.constant('retail'), fc.constantFrom('supply', 'both')),
  group: often(fc.constant('none'), fc.constant('platform')),
  limit: fc.option(fc.integer({ min: 1, max: 6 }), { freq: 2 }),
  leaveOut: fc.array(fc.nat(SHOPS.length - 1), { maxLength: 3 }),
});
type WishedQuestion = typeof wishedQuestion extends fc.Arbitrary<infer T> ? T : never;

/** A question that suits a world: some of its shops, days around its anchor. */
export function toQuestion({ anchor, orders }: World, wish: WishedQuestion, own: Record<string, unknown> = {}): Question {
  const { atHour, dates, leaveOut, limit, ...rest } = wish;
  const asOfDay = dayAfter(anchor, wish.asOf).toString();
  const from = dates?.from == null ? undefined : dayAfter(anchor, dates.from);
  const to = dates?.days == null ? undefined : (from ?? dayAfter(anchor, -20)).add({ days: dates.days - 1 });
  const stored = SHOPS.map(({ shop }) => shop).filter((name) => orders.some(({ shop }) => shop.shop === name));
  const wanted = stored.filter((_, at) => !leaveOut.includes(at));
  return {
    ...(rest as Pick<Question, 'window' | 'basis' | 'measure' | 'model' | 'group'>),
    asOf: atHour === null ? asOfDay : `${asOfDay}T${String(atHour).padStart(2, '0')}:30:00Z`,
    // A day is asked about later, an instant when it is.
    now: atHour === null ? LATER : `${asOfDay}T${String(atHour).padStart(2, '0')}:30:00Z`,
    from: from?.toString(),
    to: to?.toString(),
    limit: limit ?? undefined,
    shops: wanted.length > 0 ? wanted : stored,
    own,
  };
}
