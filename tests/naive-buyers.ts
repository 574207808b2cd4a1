import type { PlacedOrder } from './golden-world.ts';
import { groupBy, inAlphabet, salesOf, spansOf, sumKnown, type Question, type Sale } from './naive-sales.ts';

/** An order with a sale, or what it holds of one SKU. */
export interface Bought extends Pick<
  Sale,
  'orderKey' | 'platform' | 'buyer' | 'place' | 'shop' | 'day' | 'today' | 'untilToday' | 'beforeWindow' | 'inWindow'
> {
  readonly sku: string;
  readonly money: bigint | null;
  readonly net: bigint | null;
  readonly paid: bigint | null;
}

/** The orders with a sale, or with `bySku` each SKU of them. */
export function boughtOf(orders: readonly PlacedOrder[], question: Question, bySku = false): Bought[] {
  const net = groupBy(salesOf(orders, { ...question, measure: 'net' }), ({ orderKey }) => orderKey);
  return [...groupBy(salesOf(orders, question), ({ orderKey, sku }) => (bySku ? `${orderKey} ${sku}` : orderKey)).values()].map(
    (lines) => ({
      ...lines[0]!,
      money: sumKnown(lines.map(({ money }) => money)),
      paid: sumKnown(lines.map(({ paid }) => paid)),
      net: sumKnown(net.get(lines[0]!.orderKey)!.map(({ money }) => money)),
    }),
  );
}

/** Today on the clock that is behind all others of these orders' shops. */
export function earliestToday(orders: readonly PlacedOrder[], question: Question): string {
  return orders.map(({ shop }) => spansOf(question, shop.zone).today).toSorted(inAlphabet)[0] ?? '';
}

/** Of the last day the place that was first seen latest: places are numbered as orders come in, oldest first. */
export function lastPlace(bought: readonly Bought[], world: readonly PlacedOrder[]): Bought['place'] {
  const seen = [
    ...new Set(
      world.toSorted((a, b) => Temporal.Instant.compare(a.order.purchasedAt, b.order.purchasedAt)).map(({ order }) => order.writtenPlace),
    ),
  ];
  const number = ({ place }: Bought): number => seen.indexOf(JSON.stringify(place));
  return bought.toSorted((a, b) => inAlphabet(b.day, a.day) || number(b) - number(a))[0]!.place;
}

/** Platforms that sold in the window and told a buyer, and those that told none. */
export function tellingOf(bought: readonly Bought[]) {
  const sold = [
    ...groupBy(
      bought.filter(({ inWindow }) => inWindow),
      ({ platform }) => platform,
    ),
  ];
  return {
    telling: sold.filter(([, own]) => own.some(({ buyer }) => buyer !== null)).map(([platform]) => platform),
    silent: sold.filter(([, own]) => own.every(({ buyer }) => buyer === null)).map(([platform]) => platform),
  };
}
