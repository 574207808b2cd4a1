import type { Json } from '../kernel/json.ts';
import { moneyText } from '../model/money.ts';
import type { Order } from '../model/order.ts';
import type { Return } from '../model/return.ts';
import type { Shop } from '../model/shop.ts';

/** A record as JSON. */
export type ShownRecord = Readonly<Record<string, Json>>;

/** An order as a person checks it: amounts as text, the address only as the place it was read as. */
export function shownOrder(order: Order, { shop }: Shop): ShownRecord {
  const { place, writtenPlace: _, buyer, lines, ...rest } = order;
  return plain({ shop, ...rest, buyer_id: buyer?.toString(16) ?? null, place, lines });
}

/** A refund in the same way. */
export function shownRefund(claim: Return, { shop }: Shop): ShownRecord {
  return plain({ shop, ...claim });
}

function plain(facts: object): ShownRecord {
  return JSON.parse(JSON.stringify(facts, (_key, value: unknown) => (typeof value === 'bigint' ? moneyText(value) : value))) as ShownRecord;
}
