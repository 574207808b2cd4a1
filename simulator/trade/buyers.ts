import { Random, mix } from '../random.ts';
import type { Calendar } from './calendar.ts';
import { FIRST_RUSH_SERIAL, type Placed } from './calendar.ts';
import { homeOf, personOf, type Home, type Person } from './persons.ts';
import type { Shop } from './shops.ts';

/** Who bought: the person, and where this order goes. */
export interface Buyer {
  /** Where they first bought, and a number of four digits: the same in all of their orders. */
  readonly first: { readonly shop: number; readonly serial: number };
  readonly number: number;
  readonly person: Person;
  readonly home: Home;
}

/** The other shops in which a shop's buyers may have bought. */
type SiblingsOf = (shop: Shop) => readonly Shop[];

/** Share of orders placed by somebody who had bought before. */
const RETURNING = 0.45;
const FROM_SIBLING = 0.07;
const LONGEST_CHAIN = 24;

/** The buyer of an order. A returning one is found through an earlier order, of this shop or of the seller's other one. */
export function buyerOf(
  seed: number,
  { shop, placed, calendar, siblings }: { shop: Shop; placed: Placed; calendar: Calendar; siblings: SiblingsOf },
): Buyer {
  const before = placed.serial < FIRST_RUSH_SERIAL ? placed.serial : calendar.serialAt(placed.time);
  const origin = firstOrderOf(seed, { shop, before, serial: placed.serial }, siblings);
  const number = mix(seed, origin.shop.number, origin.serial, 4);
  // A few parcels go to a friend's door.
  const elsewhere = new Random(mix(seed, shop.number, placed.serial, 5)).chance(0.04) ? placed.serial : 0;
  return {
    first: { shop: origin.shop.number, serial: origin.serial },
    number: number % 10_000,
    person: personOf(number, origin.shop.country),
    home: homeOf(mix(number, shop.number, 6, elsewhere), shop.country),
  };
}

function firstOrderOf(
  seed: number,
  order: { shop: Shop; before: number; serial: number },
  siblingsOf: SiblingsOf,
): { shop: Shop; serial: number } {
  let at = order;
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
