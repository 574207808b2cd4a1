import { Random, hashText, mix } from '../random.ts';
import { basketOf, type Basket } from './basket.ts';
import { buyerOf, type Buyer } from './buyers.ts';
import { Calendar, FIRST_RUSH_SERIAL, type Placed } from './calendar.ts';
import { CANCELLATION_SECONDS, cancellationsOf, type CancellationStory } from './cancellations.ts';
import { openCatalogues, type Catalogue } from './catalogue.ts';
import { lifeOf, type Life } from './life.ts';
import { productsOf, type Product } from './products.ts';
import { RETURN_SECONDS, livedWith, returnsOf, type ReturnStory } from './returns.ts';
import { checkRushes, type Rush } from './rushes.ts';
import { SerialSet } from './serial-set.ts';
import { siblingsOf, type Shop } from './shops.ts';
import type { StorySource } from './stories.ts';

/** What the world is made from: the same options give the same orders, for ever. */
export interface WorldOptions {
  readonly seed: string;
  /** A factor on the orders of a day. */
  readonly scale: number;
  readonly rushes: readonly Rush[];
  /** All shops, of whatever platform. */
  readonly shops: readonly Shop[];
  /** How many products the first shop lists at least. */
  readonly products?: number | undefined;
}

/** One order with everything about it, past and future, and nothing hidden. */
export interface Order {
  readonly shop: Shop;
  readonly life: Life;
  readonly buyer: Buyer;
  readonly basket: Basket;
  readonly warehouse: number;
  /** The number of the order that this one replaces or is exchanged for; undefined for others. */
  readonly source: number | undefined;
  readonly returns: readonly ReturnStory[];
  readonly cancellations: readonly CancellationStory[];
}

const NO_RETURNS: readonly ReturnStory[] = [];

/**
 * The invented sellers' orders, their returns and cancellations, and the products, in the words of the trade: what a platform calls them is
 * the platform's matter. Every answer is worked out from the seed and the order's number.
 */
export class World {
  /** The seed as a number; whoever adds chance of their own mixes it in. */
  readonly seed: number;
  readonly shops: readonly Shop[];
  readonly #calendars: ReadonlyMap<number, Calendar>;
  readonly #catalogues: ReadonlyMap<number, Catalogue>;
  readonly #siblings: ReadonlyMap<Shop, readonly Shop[]>;
  readonly #unreturned: ReadonlyMap<number, SerialSet>;
  readonly #products: ReadonlyMap<number, readonly Product[]>;

  constructor({ seed, scale, rushes, shops, products = 0 }: WorldOptions) {
    this.seed = hashText(seed);
    this.shops = shops;
    const options = { seed: this.seed, scale, rushes: checkRushes(rushes) };
    this.#calendars = new Map(shops.map((shop) => [shop.number, new Calendar(shop, options)]));
    this.#siblings = new Map(shops.map((shop) => [shop, siblingsOf(shop, shops)]));
    this.#unreturned = new Map(shops.map(({ number }) => [number, new SerialSet()]));
    this.#catalogues = openCatalogues(this.seed, shops);
    this.#products = new Map(
      shops.map((shop, place) => [
        shop.number,
        productsOf(this.seed, shop, { catalogue: this.catalogue(shop), atLeast: place === 0 ? products : 0 }),
      ]),
    );
  }

  /** When each order of a shop was placed. */
  calendar(shop: Shop): Calendar {
    return this.#calendars.get(shop.number)!;
  }

  catalogue(shop: Shop): Catalogue {
    return this.#catalogues.get(shop.number)!;
  }

  /** All products a shop will ever have; `productStateAt` tells how one is at a second. */
  products(shop: Shop): readonly Product[] {
    return this.#products.get(shop.number)!;
  }

  /** An order by its number; undefined when there is none, or not yet at that second. */
  find(shop: Shop, serial: number, at: number): Order | undefined {
    const calendar = this.calendar(shop);
    if (serial < FIRST_RUSH_SERIAL && serial >= calendar.serialAt(at + 1)) return undefined;
    const time = calendar.timeOf(serial);
    return time === undefined || time > at ? undefined : this.order(shop, { serial, time });
  }

  /** What happens to one order of a shop's calendar, and when. */
  life(shop: Shop, placed: Placed): Life {
    const life = lifeOf(this.seed, shop, placed);
    return livedWith(life, this.#returnsOf(shop, life));
  }

  /** Everything about one order of a shop's calendar. */
  order(shop: Shop, placed: Placed): Order {
    const unreturned = lifeOf(this.seed, shop, placed);
    const returns = this.#returnsOf(shop, unreturned);
    const life = livedWith(unreturned, returns);
    const buyer = buyerOf(this.seed, { shop, placed, calendar: this.calendar(shop), siblings: (of) => this.#siblings.get(of)! });
    const basket = basketOf(this.seed, { shop, life, place: buyer.home.place, catalogue: this.catalogue(shop) });
    const warehouse = shop.warehouses[mix(this.seed, shop.number, placed.serial, 10) % shop.warehouses.length]!;
    const cancellations = cancellationsOf(this.seed, shop, life);
    return {
      shop,
      life,
      buyer,
      basket,
      warehouse,
      source: this.#sourceOf(shop, life),
      returns,
      cancellations,
    };
  }

  /** All orders of a shop placed up to a second (inclusive), oldest first: the slow and certain way, for comparisons. */
  *orders(shop: Shop, at: number): Generator<Order> {
    for (const placed of this.calendar(shop).placed(0, at + 1)) yield this.order(shop, placed);
  }

  /** Where returns come from, for an index over their changes. */
  get returnSource(): StorySource {
    return { longest: RETURN_SECONDS, storiesOf: (shop, placed) => this.#returnsOf(shop, lifeOf(this.seed, shop, placed)) };
  }

  get cancellationSource(): StorySource {
    // An order with a cancellation has no return that would change its life.
    return {
      longest: CANCELLATION_SECONDS,
      storiesOf: (shop, placed) => cancellationsOf(this.seed, shop, lifeOf(this.seed, shop, placed)),
    };
  }

  /** A bit for each order remembers that it has none, which most have not: a search asks several times. */
  #returnsOf(shop: Shop, life: Life): readonly ReturnStory[] {
    const quiet = this.#unreturned.get(shop.number)!;
    if (quiet.has(life.serial)) return NO_RETURNS;
    const returns = returnsOf(this.seed, { shop, life, catalogue: this.catalogue(shop) });
    if (returns.length === 0) quiet.add(life.serial);
    return returns;
  }

  #sourceOf(shop: Shop, life: Life): number | undefined {
    if (life.kind !== 'replacement' && life.kind !== 'exchange') return undefined;
    const before = this.calendar(shop).serialAt(life.time);
    if (before === 0) return undefined;
    const back = 1 + new Random(mix(this.seed, shop.number, life.serial, 8)).below(Math.min(before, Math.ceil(before / 30)));
    return before - back;
  }
}
