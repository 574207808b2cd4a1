import { mix } from '../random.ts';
import { sum } from '../trade/basket.ts';
import { Kept } from '../trade/change-blocks.ts';
import { LIFE_SECONDS, STAGES } from '../trade/life.ts';
import { returnRefunds } from '../trade/refunds.ts';
import { RETURN_SECONDS, refundedAt, type ReturnStory } from '../trade/returns.ts';
import type { AmazonOrder, AmazonWorld } from './amazon-world.ts';
import { digitsOf } from './ids.ts';
import { feesOf, refundParts, saleParts, type Part } from './ledger-parts.ts';
import { itemsOf, type Item } from './order-items.ts';
import type { AmazonShop } from './shops.ts';
import { isForeign } from './statuses.ts';

/** What a line of an order, or a fee, adds to an entry. */
export interface EntryLine {
  /** Undefined for what belongs to no order. */
  readonly item: Item | undefined;
  readonly quantity: number;
  readonly parts: readonly Part[];
}

/** One event of money: when it was earned or spent, and when it can be paid out. All times in seconds. */
export interface Entry {
  readonly id: string;
  readonly type: 'Shipment' | 'Refund' | 'ServiceFee' | 'FBAInventoryReimbursement';
  readonly shop: AmazonShop;
  readonly order: AmazonOrder | undefined;
  readonly posted: number;
  /** Later than `posted` where the money is held back until the buyer has had the goods for a week. */
  readonly released: number;
  readonly lines: readonly EntryLine[];
}

const DAY = 86_400;
const BLOCK = 30 * DAY;
const LONGEST_POSTING = 2 * DAY;
/** No money is held back longer. */
export const LONGEST_DEFERRAL = 40 * DAY;

/** What an entry brings, in the currency's minor unit. */
export function amountOf({ lines }: Entry): number {
  return sum(lines.flatMap(({ parts }) => parts.map(({ minor }) => minor)));
}

/** The money of all shops: sales as they are sent, refunds, and the fees of each month. */
export class Ledger {
  readonly #world: AmazonWorld;
  readonly #blocks = new Kept<readonly Entry[]>();

  constructor(world: AmazonWorld) {
    this.#world = world;
  }

  /** What was posted in [from, to), oldest first. */
  posted(shop: AmazonShop, from: number, to: number): Entry[] {
    return this.#around(shop, from, to).filter(({ posted }) => posted >= from && posted < to);
  }

  /** What became payable in [from, to), by that second. */
  released(shop: AmazonShop, from: number, to: number): Entry[] {
    const entries = this.#around(shop, from - LONGEST_DEFERRAL, to).filter(({ released }) => released >= from && released < to);
    return entries.sort((one, other) => one.released - other.released || (one.id < other.id ? -1 : 1));
  }

  #around(shop: AmazonShop, from: number, to: number): Entry[] {
    const first = Math.max(from, this.#world.trade.calendar(shop).opening);
    const entries: Entry[] = [];
    for (let block = Math.floor(first / BLOCK); block * BLOCK < to; block++) entries.push(...this.#block(shop, block));
    return entries;
  }

  #block(shop: AmazonShop, number: number): readonly Entry[] {
    return this.#blocks.get(`${shop.number}/${number}`, () => {
      const [from, to] = [number * BLOCK, (number + 1) * BLOCK];
      const entries = [...this.#ofOrders(shop, from, to), ...monthly(this.#world, shop, { from, to })];
      return entries
        .filter(({ posted }) => posted >= from && posted < to)
        .sort((one, other) => one.posted - other.posted || (one.id < other.id ? -1 : 1));
    });
  }

  *#ofOrders(shop: AmazonShop, from: number, to: number): Generator<Entry> {
    const { trade } = this.#world;
    const earliest = from - RETURN_SECONDS - LONGEST_POSTING;
    for (const placed of trade.calendar(shop).placed(earliest, to)) {
      const stories = trade.returnSource.storiesOf(shop, placed) as readonly ReturnStory[];
      // What can neither have been sent nor given back in the block is not looked into.
      if (stories.length === 0 && placed.time < from - LIFE_SECONDS - LONGEST_POSTING) continue;
      yield* entriesOf(this.#world, this.#world.order(shop, placed.serial), stories);
    }
  }
}

/** All entries of one order, past and future: none of what another channel has sold. */
export function entriesOf(world: AmazonWorld, order: AmazonOrder, stories: readonly ReturnStory[]): Entry[] {
  const { life, shop } = order;
  const sent = timeOf(order, 'handedOver');
  if (sent === undefined || isForeign(life)) return [];
  const chance = mix(world.seed, shop.number, life.serial, 91);
  const posted = sent + (chance % LONGEST_POSTING);
  const isHeld = shop.marketplace.region === 'na' || chance % 5 < 2;
  const had = timeOf(order, 'delivered') ?? sent + 14 * DAY;
  const released = isHeld ? Math.max(posted + 1, had + 7 * DAY) : posted;
  const items = itemsOf(world, order, life.times.at(-1)!);
  const base = { shop, order } as const;
  const name = digitsOf(order.id);
  const lines = items.map((item): EntryLine => ({ item, quantity: item.fulfilled, parts: [...saleParts(item), ...feesOf(order, item)] }));
  const entries: Entry[] = [{ ...base, id: `S${name}`, type: 'Shipment', posted, released, lines }];
  const refund = (id: string, time: number, shares: readonly number[]): void => {
    const at = Math.max(time, posted) + (chance % 3600);
    const refunded = items.map((item, place) => ({ item, quantity: 0, parts: refundParts(item, shares[place]!) }));
    entries.push({
      ...base,
      id,
      type: 'Refund',
      posted: at,
      released: Math.max(at, released),
      lines: refunded.filter(({ parts }) => parts.length > 0),
    });
  };
  for (const story of stories) {
    const time = refundedAt(story);
    if (time !== undefined) refund(`R${name}${story.nth}`, time, sharesOf(order, items, story));
  }
  const lost = timeOf(order, 'cancelled');
  if (lost !== undefined)
    refund(
      `R${name}9`,
      lost,
      items.map(() => 1),
    );
  return entries.filter(({ lines: each }) => each.some(({ parts }) => parts.length > 0));
}

/** Which part of what each line brought is given back. */
function sharesOf(order: AmazonOrder, items: readonly Item[], story: ReturnStory): number[] {
  const { places, lines } = returnRefunds(order, story);
  return items.map((item) => {
    const own = places.flatMap((place, at) => (order.basket.pieces[place]!.sku === item.sku ? [lines[at]!.subtotal] : []));
    const paid = item.goods - item.goodsDiscount;
    return paid > 0 ? Math.min(1, sum(own) / paid) : 0;
  });
}

function timeOf({ life }: AmazonOrder, stage: (typeof STAGES)[number]): number | undefined {
  const step = life.stages.indexOf(STAGES.indexOf(stage));
  return step < 0 ? undefined : life.times[step];
}

/** The fees of each month, and what Amazon gives back for goods that it has lost. */
function* monthly(world: AmazonWorld, shop: AmazonShop, { from, to }: { from: number; to: number }): Generator<Entry> {
  for (let day = Math.floor(from / DAY); day * DAY < to; day++) {
    const date = new Date(day * DAY * 1000);
    const posted = day * DAY + 7 * 3600 + shop.number;
    const chance = mix(world.seed, shop.number, day, 92);
    const entry = (kind: string, type: Entry['type'], parts: readonly Part[]): Entry => {
      const id = `${kind}${shop.number}${date.toISOString().slice(0, 10).replaceAll('-', '')}`;
      return { id, type, shop, order: undefined, posted, released: posted, lines: [{ item: undefined, quantity: 0, parts }] };
    };
    if (date.getUTCDate() === 1 && shop.number % 10 === 1) yield entry('F', 'ServiceFee', [{ leaf: 'Subscription', minor: -3900 }]);
    if (date.getUTCDate() === 7) yield entry('G', 'ServiceFee', [{ leaf: 'FBAStorageFee', minor: -(500 + (chance % 4000)) }]);
    if (chance % 23 === 0)
      yield entry('H', 'FBAInventoryReimbursement', [{ leaf: 'FBAInventoryReimbursement', minor: 900 + (chance % 2000) }]);
  }
}
