import type { Dice, Faults } from '../faults.ts';

/** An order's JSON text, bent as the faults ask: undocumented fields, an undocumented status, a field missing. The same order is always bent the same way. */
export function withOddities(id: string, text: string, { faults, dice }: { faults: Faults; dice: Dice }): string {
  if (faults.unknownFields === 0 && faults.unknownStatus === 0 && faults.missingField === undefined) return text;
  const order = JSON.parse(text) as Record<string, unknown>;
  if (dice.falls(id, faults.unknownFields, 0)) Object.assign(order, { is_subscription_order: false, loyalty_programme: { tier: 'GOLD', points: 120 } });
  if (dice.falls(id, faults.unknownStatus, 1)) order['status'] = 'AWAITING_CUSTOMS';
  if (faults.missingField !== undefined && dice.falls(id, faults.missingField.share, 2)) delete order[faults.missingField.field];
  return JSON.stringify(order);
}
