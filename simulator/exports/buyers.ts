import { DAY, HOUR, dayInMadrid } from './calendar.ts';
import { listPrice } from './catalogue.ts';
import { chanceOf, type Chance } from './random.ts';
import { placeInSpain, type Place } from './spain.ts';
import type { Item, Sale } from './world.ts';

/** Someone with a user name, who lives somewhere and may come back. */
export interface Buyer {
  readonly username: string;
  readonly initial: string;
  readonly phoneTail: string;
  readonly place: Place;
}

/** A sale whose buyer the platform names. */
export interface BuyerSale extends Sale {
  readonly buyer: Buyer;
}

interface Regular {
  readonly buyer: Buyer;
  last: Sale;
  orders: number;
}

const COMES_BACK = 0.24;
const SAME_DAY_AGAIN = 0.004;
const REBUYS_THE_SAME = 0.35;
// Some addresses carry the autonomous community where the others carry the province.
const WRITES_THE_COMMUNITY = 0.12;

const FIRST_WORDS = `luna nerea pau marta noa irene leo vega alba hugo carla rocio sara iker daniela martin lola nuria alex
  paula bea jimena olga raul celia aitana mar ainhoa julia bruno ines gala rita teo elsa nora vera izan zoe abril`.split(/\s+/);
const SECOND_WORDS = ['casa', 'deco', 'style', 'hogar', 'bcn', 'mad', 'home', 'shop', 'sur', 'norte', 'vlc', 'moda'];

function newBuyer(chance: Chance, taken: Set<string>): Buyer {
  const first = chance.pick(FIRST_WORDS);
  const forms = [
    () => `${first}_${chance.digits(4)}`,
    () => `${first}.${chance.pick(SECOND_WORDS)}${chance.between(1, 99)}`,
    () => `${chance.pick(SECOND_WORDS)}_${first}${chance.between(1, 999)}`,
  ];
  let username = '';
  do username = chance.pick(forms)();
  while (taken.has(username));
  taken.add(username);
  const place = placeInSpain(chance);
  return {
    username,
    initial: first.slice(0, 1).toUpperCase(),
    phoneTail: chance.digits(2),
    place: chance.happens(WRITES_THE_COMMUNITY) ? { ...place, spelling: place.community } : place,
  };
}

/** Someone who bought 10 to 150 days ago; the more often, the likelier. Undefined when the few asked have not. */
function whoComesBack(chance: Chance, regulars: readonly Regular[], at: number): Regular | undefined {
  const asked = Array.from({ length: 30 }, () => chance.pick(regulars)).filter(
    (one) => at - one.last.at > 10 * DAY && at - one.last.at < 150 * DAY,
  );
  return asked.length ? chance.weighted(asked, (one) => one.orders) : undefined;
}

function itemsOf(chance: Chance, sale: Sale, last: Sale): readonly Item[] {
  const [old, ...rest] = [last.items[0], ...sale.items.slice(1)];
  if (!old || !chance.happens(REBUYS_THE_SAME)) return sale.items;
  const again: Item = { sku: old.sku, quantity: 1, unitCents: listPrice(old.sku, 'tiktok', dayInMadrid(sale.at)) };
  return [again, ...rest.filter((item): item is Item => item !== undefined && item.sku !== old.sku)];
}

/** Gives every sale a buyer, in order of time; some come back, a few of them on the same day, and some for the same SKU. */
export function withBuyers(sales: readonly Sale[]): BuyerSale[] {
  const chance = chanceOf('buyers');
  const taken = new Set<string>();
  const regulars: Regular[] = [];
  return sales.map((sale) => {
    const latest = regulars.at(-1);
    if (latest && chance.happens(SAME_DAY_AGAIN) && sale.at - latest.last.at < 3 * HOUR) {
      latest.last = sale;
      latest.orders += 1;
      return { ...sale, buyer: latest.buyer };
    }
    const returning = regulars.length && chance.happens(COMES_BACK) ? whoComesBack(chance, regulars, sale.at) : undefined;
    if (returning) {
      const items = itemsOf(chance, sale, returning.last);
      returning.last = { at: sale.at, items };
      returning.orders += 1;
      return { ...sale, items, buyer: returning.buyer };
    }
    const buyer = newBuyer(chance, taken);
    regulars.push({ buyer, last: sale, orders: 1 });
    return { ...sale, buyer };
  });
}
