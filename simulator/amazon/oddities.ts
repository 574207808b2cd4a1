import type { AmazonFate, MissingField } from './amazon-faults.ts';
import { digitsOf } from './ids.ts';
import { moneyOf } from './wire-money.ts';

/** A status that nobody has documented. */
const UNKNOWN_STATUS = 'AWAITING_CUSTOMS';

type Json = Record<string, unknown>;

/**
 * One order, bent as the faults ask: undocumented fields, an undocumented status, a field missing. The same order is always bent the
 * same way, and is whole again once the fault is off.
 */
export function withOddities(order: object, { id, currency }: { id: string; currency: string }, fate: AmazonFate): object {
  const { faults } = fate;
  const digits = digitsOf(id);
  const missing = [faults.missingField ?? []].flat();
  const bent: Json = { ...order };
  if (faults.unknownFields > 0 && fate.fallsOn(digits, 'unknownFields', 0)) {
    bent['sustainability'] = { climatePledgeFriendly: true, offset: moneyOf(12, currency) };
    bent['orderItems'] = (bent['orderItems'] as Json[]).map((item) => ({ ...item, refurbishment: { grade: 'A', isCertified: true } }));
  }
  if (faults.unknownStatus > 0 && bent['fulfillment'] !== undefined && fate.fallsOn(digits, 'unknownStatus', 1))
    bent['fulfillment'] = { ...(bent['fulfillment'] as Json), fulfillmentStatus: UNKNOWN_STATUS };
  return missing.reduce((whole, each) => without(whole, each, { digits, fate }), bent);
}

function without(order: Json, { kind, field, share }: MissingField, { digits, fate }: { digits: string; fate: AmazonFate }): Json {
  if (!fate.dice.falls(digits, share, kind === 'order' ? 4 : 5)) return order;
  fate.note('missingField', true);
  const bare = (json: Json): Json => Object.fromEntries(Object.entries(json).filter(([name]) => name !== field));
  return kind === 'order' ? bare(order) : { ...order, orderItems: (order['orderItems'] as Json[]).map(bare) };
}
