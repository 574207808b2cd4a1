import type { Calendar, Placed } from '../trade/calendar.ts';
import type { CancellationStory } from '../trade/cancellations.ts';
import type { Catalogue } from '../trade/catalogue.ts';
import type { Life } from '../trade/life.ts';
import type { Product } from '../trade/products.ts';
import type { ReturnStory } from '../trade/returns.ts';
import { storyPlace } from '../trade/stories.ts';
import type { Order, World } from '../trade/world.ts';
import { cancelIdOf, decodeOrderId, decodeStoryId, orderIdOf, returnIdOf } from './ids.ts';
import { TIKTOK_SHOPS, type TikTokShop } from './shops.ts';

/** One order of a TikTok shop, with the names TikTok gives to it. */
export interface TikTokOrder extends Order {
  readonly id: string;
  readonly shop: TikTokShop;
  /** The order that this one replaces or is exchanged for; undefined for others. */
  readonly sourceId: string | undefined;
}

/** One return with everything about it, past and future, and nothing hidden. */
export interface TikTokReturn {
  readonly id: string;
  readonly order: TikTokOrder;
  readonly story: ReturnStory;
}

/** One cancellation with everything about it. */
export interface TikTokCancellation {
  readonly id: string;
  readonly order: TikTokOrder;
  readonly story: CancellationStory;
}

/** What the world holds of TikTok's shops, by TikTok's ids. */
export class TikTokWorld {
  /** The world's own words for all of it. */
  readonly trade: World;
  readonly shops: readonly TikTokShop[] = TIKTOK_SHOPS;

  constructor(trade: World) {
    this.trade = trade;
  }

  /** The world's seed as a number. */
  get seed(): number {
    return this.trade.seed;
  }

  /** When each order of a shop was placed. */
  calendar(shop: TikTokShop): Calendar {
    return this.trade.calendar(shop);
  }

  catalogue(shop: TikTokShop): Catalogue {
    return this.trade.catalogue(shop);
  }

  products(shop: TikTokShop): readonly Product[] {
    return this.trade.products(shop);
  }

  life(shop: TikTokShop, placed: Placed): Life {
    return this.trade.life(shop, placed);
  }

  /** An order by its id; undefined when there is none, or not yet at that second. */
  find(id: string, at: number): TikTokOrder | undefined {
    const named = decodeOrderId(this.seed, id);
    const order = named && this.trade.find(named.shop, named.serial, at);
    return order && this.#named(named.shop, order);
  }

  /** Everything about one order of a shop's calendar. */
  order(shop: TikTokShop, placed: Placed): TikTokOrder {
    return this.#named(shop, this.trade.order(shop, placed));
  }

  /** All orders of a shop placed up to a second (inclusive), oldest first: the slow and certain way, for comparisons. */
  *orders(shop: TikTokShop, at: number): Generator<TikTokOrder> {
    for (const order of this.trade.orders(shop, at)) yield this.#named(shop, order);
  }

  /** All returns of a shop asked for up to a second (inclusive), by their orders: the slow and certain way. */
  *returns(shop: TikTokShop, at: number): Generator<TikTokReturn> {
    for (const order of this.orders(shop, at)) yield* this.returnsOf(order, at);
  }

  /** The same of one order. */
  returnsOf(order: TikTokOrder, at: number): TikTokReturn[] {
    const begun = order.returns.filter(({ times }) => times[0]! <= at);
    return begun.map((story) => ({ id: returnIdOf(this.seed, order.shop, { serial: order.life.serial, nth: story.nth }), order, story }));
  }

  /** All cancellations of a shop asked for or made up to a second (inclusive), by their orders. */
  *cancellations(shop: TikTokShop, at: number): Generator<TikTokCancellation> {
    for (const order of this.orders(shop, at)) yield* this.cancellationsOf(order, at);
  }

  /** The same of one order. */
  cancellationsOf(order: TikTokOrder, at: number): TikTokCancellation[] {
    const begun = order.cancellations.filter(({ times }) => times[0]! <= at);
    return begun.map((story) => ({ id: cancelIdOf(this.seed, order.shop, { serial: order.life.serial, nth: story.nth }), order, story }));
  }

  /** The order whose return or cancellation has an id; undefined when there is none, or no order yet at that second. */
  findByStory(kind: 'return' | 'cancel', id: string, at: number): TikTokOrder | undefined {
    const named = decodeStoryId(this.seed, kind, id);
    return named && this.find(orderIdOf(this.seed, named.shop, named.serial), at);
  }

  /** The order that a story's number within its shop belongs to. */
  orderOfStory(shop: TikTokShop, number: number): TikTokOrder {
    const { serial } = storyPlace(number);
    return this.order(shop, { serial, time: this.calendar(shop).timeOf(serial)! });
  }

  #named(shop: TikTokShop, order: Order): TikTokOrder {
    const sourceId = order.source === undefined ? undefined : orderIdOf(this.seed, shop, order.source);
    return { ...order, shop, id: orderIdOf(this.seed, shop, order.life.serial), sourceId };
  }
}
