import type { Json } from '../../kernel/json.ts';
import { unknownFields } from '../kept-fields.ts';
import type { PlatformKeeping } from '../platform.ts';
import { KEPT } from './fields.ts';
import { isReported, reportedAgain } from './order-report.ts';

/** Whether a record is an order of Orders 2026-01-01, not of v0. */
export function isOfToday(document: Json): boolean {
  return typeof document === 'object' && document !== null && 'orderId' in document;
}

/**
 * An order or an item as it is kept: personal and unknown texts emptied, the postal code cut or gone. Who the buyer is stays out on
 * purpose.
 */
export function withoutPersonalData(document: Json): Json {
  return KEPT[kindOf(document)].kept(document, () => '');
}

function kindOf(document: Json): keyof typeof KEPT {
  if (typeof document !== 'object' || document === null) return 'older orders';
  if ('orderId' in document) return 'orders';
  if ('sellerSku' in document) return 'products';
  return 'OrderItemId' in document ? 'older items' : 'older orders';
}

/** How Amazon's documents are kept. */
export const keeping: PlatformKeeping = {
  again: (document) => (isReported(document) ? reportedAgain(document) : withoutPersonalData(document)),
  unknown: () => unknownFields(KEPT),
};
