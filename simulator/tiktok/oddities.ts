import type { Dice, Faults } from '../faults.ts';

/** What can be bent. */
export type Kind = 'order' | 'return' | 'cancellation' | 'product';

/** Where each kind keeps its status, and one that nobody has documented. */
const STATUSES: Record<Kind, { field: string; unknown: string }> = {
  order: { field: 'status', unknown: 'AWAITING_CUSTOMS' },
  return: { field: 'return_status', unknown: 'AWAITING_INSPECTION' },
  cancellation: { field: 'cancel_status', unknown: 'CANCELLATION_REQUEST_ESCALATED' },
  product: { field: 'status', unknown: 'UNDER_RECALL' },
};
const KINDS: readonly Kind[] = ['order', 'return', 'cancellation', 'product'];

/**
 * One thing's JSON text, bent as the faults ask: undocumented fields, an undocumented status, a field missing.
 * The same thing is always bent the same way, and is whole again once the fault is off.
 */
export function withOddities(
  kind: Kind,
  { id, text }: { id: string; text: string },
  { faults, dice }: { faults: Faults; dice: Dice },
): string {
  const missing = [faults.missingField ?? []].flat().filter((each) => (each.kind ?? 'order') === kind);
  if (faults.unknownFields === 0 && faults.unknownStatus === 0 && missing.length === 0) return text;
  const turn = 10 * KINDS.indexOf(kind);
  const bent = JSON.parse(text) as Record<string, unknown>;
  if (dice.falls(id, faults.unknownFields, turn))
    Object.assign(bent, { is_subscription_order: false, loyalty_programme: { tier: 'GOLD', points: 120 } });
  if (dice.falls(id, faults.unknownStatus, turn + 1)) bent[STATUSES[kind].field] = STATUSES[kind].unknown;
  for (const { field, share } of missing) if (dice.falls(id, share, turn + 2)) delete bent[field];
  return JSON.stringify(bent);
}
