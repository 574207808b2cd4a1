import type { TikTokFate } from './tiktok-faults.ts';

/** What can be bent. */
export type Kind = 'order' | 'return' | 'cancellation' | 'product';

/** Where each kind keeps its status, and one that nobody has documented. */
const STATUSES: Record<Kind, { field: string; unknown: string }> = {
  order: { field: 'status', unknown: 'AWAITING_CUSTOMS' },
  return: { field: 'return_status', unknown: 'AWAITING_INSPECTION' },
  cancellation: { field: 'cancel_status', unknown: 'CANCELLATION_REQUEST_ESCALATED' },
  product: { field: 'status', unknown: 'UNDER_RECALL' },
};
/** The faults that bend a thing by its share. */
const BENDING = ['unknownFields', 'unknownStatus', 'zeroPaidTime', 'pricelessProducts'] as const;
const KINDS: readonly Kind[] = ['order', 'return', 'cancellation', 'product'];

/**
 * One thing's JSON text, bent as the faults ask: undocumented fields, an undocumented status, a field missing or empty.
 * The same thing is always bent the same way, and is whole again once the fault is off.
 */
export function withOddities(kind: Kind, { id, text }: { id: string; text: string }, fate: TikTokFate): string {
  const { faults } = fate;
  const missing = [faults.missingField ?? []].flat().filter((each) => (each.kind ?? 'order') === kind);
  if (BENDING.every((name) => faults[name] === 0) && missing.length === 0) return text;
  const turn = 10 * KINDS.indexOf(kind);
  const bent = JSON.parse(text) as Record<string, unknown>;
  if (fate.fallsOn(id, 'unknownFields', turn))
    Object.assign(bent, { is_subscription_order: false, loyalty_programme: { tier: 'GOLD', points: 120 } });
  if (fate.fallsOn(id, 'unknownStatus', turn + 1)) bent[STATUSES[kind].field] = STATUSES[kind].unknown;
  for (const { field, share } of missing) {
    if (!fate.dice.falls(id, share, turn + 2)) continue;
    delete bent[field];
    fate.note('missingField', true);
  }
  if (kind === 'order' && bent['status'] === 'UNPAID' && fate.fallsOn(id, 'zeroPaidTime', turn + 3)) bent['paid_time'] = 0;
  if (kind === 'product' && fate.fallsOn(id, 'pricelessProducts', turn + 4)) bent['skus'] = (bent['skus'] as Sku[]).map(bare);
  return JSON.stringify(bent);
}

type Sku = Readonly<Record<string, unknown>>;

/** A SKU of a draft. */
function bare(sku: Sku): Sku {
  return Object.fromEntries(Object.entries(sku).filter(([name]) => name !== 'price' && name !== 'inventory'));
}
