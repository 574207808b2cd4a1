import { Random, mix } from '../random.ts';
import type { Calendar } from './calendar.ts';
import { FIRST_RUSH_SERIAL, type Placed } from './calendar.ts';
import { homeOf, personOf, type Home, type Person } from './persons.ts';
import { siblingsOf, type Shop } from './shops.ts';

/** Who bought: the person, and where this order goes. */
export interface Buyer {
  /** The platform's id of the buyer, the same in all shops and orders. */
  readonly id: string;
  readonly person: Person;
  readonly home: Home;
}

/** Share of orders placed by somebody who had bought before. */
const RETURNING = 0.45;
const FROM_SIBLING = 0.07;
const LONGEST_CHAIN = 24;

/** The buyer of an order. A returning one is found through an earlier order, of this shop or of the seller's other one. */
export function buyerOf(seed: number, { shop, placed, calendar }: { shop: Shop; placed: Placed; calendar: Calendar }): Buyer {
  const origin = firstOrderOf(
    seed,
    shop,
    placed.serial < FIRST_RUSH_SERIAL ? placed.serial : calendar.serialAt(placed.time),
    placed.serial,
  );
  const number = mix(seed, origin.shop.number, origin.serial, 4);
  // A few parcels go to a friend's door.
  const elsewhere = new Random(mix(seed, shop.number, placed.serial, 5)).chance(0.04) ? placed.serial : 0;
  return {
    id: `7494${origin.shop.number}${String(10_000_000_000 + origin.serial).slice(1)}${String(10_000 + (number % 10_000)).slice(1)}`,
    person: personOf(number, origin.shop.region),
    home: homeOf(mix(number, shop.number, 6, elsewhere), shop.region),
  };
}

function firstOrderOf(seed: number, shop: Shop, before: number, serial: number): { shop: Shop; serial: number } {
  let at = { shop, before, serial };
  for (let link = 0; link < LONGEST_CHAIN; link++) {
    const random = new Random(mix(seed, at.shop.number, at.serial, 3));
    if (at.before < 40 || !random.chance(RETURNING)) break;
    const siblings = siblingsOf(at.shop);
    let from = at.shop;
    let upTo = at.before;
    if (siblings.length > 0 && random.chance(FROM_SIBLING)) {
      from = random.pick(siblings);
      upTo = Math.floor((at.before * from.ordersADay * 0.9) / at.shop.ordersADay);
    }
    // Most come back soon: the square prefers the recent orders.
    const back = 1 + Math.floor(random.next() ** 2 * (upTo - 1) * 0.7);
    const earlier = Math.max(0, upTo - back);
    at = { shop: from, before: earlier, serial: earlier };
  }
  return { shop: at.shop, serial: at.serial };
}
