import { mix } from '../random.ts';
import type { Placed } from '../trade/calendar.ts';
import { ChangeBlocks, type Changed, type Span } from '../trade/change-blocks.ts';
import { LIFE_SECONDS, stepAt } from '../trade/life.ts';
import type { Order, World } from '../trade/world.ts';
import { decodeOrderId, orderIdOf } from './ids.ts';
import { AMAZON_SHOPS, type AmazonShop } from './shops.ts';
import { STATUSES, courseOf, type Course, type Status } from './statuses.ts';

/** One order of a shop on Amazon, with the names Amazon gives to it. */
export interface AmazonOrder extends Order {
  readonly id: string;
  readonly shop: AmazonShop;
  readonly course: Course;
  /** The order that this one replaces or is exchanged for; undefined for others. */
  readonly sourceId: string | undefined;
}

/** An order as Amazon shows it at a second. */
export interface OrderState {
  readonly status: Status;
  /** Milliseconds. */
  readonly updatedMs: number;
}

/** An order's place in a list: the shop, its number within it, and the second that the list is sorted by. */
export interface ListedOrder {
  readonly shop: AmazonShop;
  readonly serial: number;
  readonly time: number;
}

/** What the world holds of the shops on Amazon, by Amazon's ids. */
export class AmazonWorld {
  /** The world's own words for all of it. */
  readonly trade: World;
  readonly shops: readonly AmazonShop[] = AMAZON_SHOPS;
  readonly #changes: ChangeBlocks;

  constructor(trade: World) {
    this.trade = trade;
    this.#changes = new ChangeBlocks({
      openingOf: (shop) => trade.calendar(shop).opening,
      gather(rows, shop, span) {
        for (const placed of trade.calendar(shop).placed(span.from - LIFE_SECONDS, span.to))
          rows.add(placed.serial, courseOf(trade.life(shop, placed)), span);
      },
    });
  }

  /** The world's seed as a number. */
  get seed(): number {
    return this.trade.seed;
  }

  /** An order by its id; undefined when there is none, or not yet at that second. */
  find(id: string, at: number): AmazonOrder | undefined {
    const named = decodeOrderId(this.seed, id);
    const order = named && this.trade.find(named.shop, named.serial, at);
    return order && this.#named(named.shop, order);
  }

  /** Everything about one order of a shop. */
  order(shop: AmazonShop, serial: number): AmazonOrder {
    return this.#named(shop, this.trade.order(shop, { serial, time: this.trade.calendar(shop).timeOf(serial)! }));
  }

  /** All orders of a shop placed up to a second (inclusive), oldest first: the slow and certain way, for comparisons. */
  *orders(shop: AmazonShop, at: number): Generator<AmazonOrder> {
    for (const order of this.trade.orders(shop, at)) yield this.#named(shop, order);
  }

  /** How an order is shown at a second; it must have been placed by then. */
  stateOf({ shop, life, course }: AmazonOrder, at: number): OrderState {
    const step = stepAt(course, at);
    return { status: STATUSES[course.stages[step]!]!, updatedMs: this.msOf({ shop, serial: life.serial, time: course.times[step]! }) };
  }

  /** Amazon keeps the thousandth of a second at which something happened. */
  msOf({ shop, serial, time }: ListedOrder): number {
    return time * 1000 + (mix(this.seed, shop.number, serial, time % 1_000_003) % 1000);
  }

  /** When it was placed. */
  createdMs({ shop, life }: AmazonOrder): number {
    return this.msOf({ shop, serial: life.serial, time: life.time });
  }

  /** The orders of several shops whose latest change up to `at` lies in [from, to), by its second, then by shop and serial. */
  updated(shops: readonly AmazonShop[], span: Span): Generator<ListedOrder & { readonly status: Status }> {
    const status = ({ stage }: Changed): Status => STATUSES[stage]!;
    return merged(
      shops.map((shop) => ({ shop, rows: this.#changes.forwards(shop, span, 'latest') })),
      (shop, row) => ({ shop, serial: row.serial, time: row.time, status: status(row) }),
    );
  }

  /** The orders of several shops placed in [from, to), in the same order. */
  created(shops: readonly AmazonShop[], { from, to, at }: Span): Generator<ListedOrder> {
    const until = Math.min(to, at + 1);
    return merged(
      shops.map((shop) => ({ shop, rows: placedIn(this.trade, shop, { from, to: until }) })),
      (shop, { serial, time }) => ({ shop, serial, time }),
    );
  }

  #named(shop: AmazonShop, order: Order): AmazonOrder {
    const sourceId = order.source === undefined ? undefined : orderIdOf(this.seed, shop, order.source);
    return { ...order, shop, id: orderIdOf(this.seed, shop, order.life.serial), course: courseOf(order.life), sourceId };
  }
}

function* placedIn(trade: World, shop: AmazonShop, { from, to }: { from: number; to: number }): Generator<Placed> {
  yield* trade.calendar(shop).placed(from, to);
}

/** Lists that are each in order of time and serial, as one. */
function* merged<Row extends { readonly time: number; readonly serial: number }, Listed>(
  lists: readonly { readonly shop: AmazonShop; readonly rows: Generator<Row> }[],
  listed: (shop: AmazonShop, row: Row) => Listed,
): Generator<Listed> {
  const heads = lists.map(({ shop, rows }) => ({ shop, rows, head: rows.next() }));
  for (;;) {
    let first: (typeof heads)[number] | undefined;
    for (const each of heads) {
      if (each.head.done === true) continue;
      if (first === undefined || each.head.value.time < (first.head.value as Row).time) first = each;
    }
    if (first === undefined) return;
    yield listed(first.shop, first.head.value as Row);
    first.head = first.rows.next();
  }
}
