import type { Json } from '../../kernel/json.ts';
import { unknownFields } from '../kept-fields.ts';
import type { PlatformKeeping } from '../platform.ts';
import { KEPT } from './fields.ts';
import { isPurchaseOrder } from './purchase-orders.ts';

/**
 * The document as it is kept: personal and unknown texts emptied, the postal code cut, country, province and city left. SHEIN names no
 * buyer.
 */
export function withoutPersonalData(document: Json): Json {
  return KEPT[isPurchaseOrder(document) ? 'purchases' : 'orders'].kept(document, () => '');
}

/** How SHEIN's documents are kept. */
export const keeping: PlatformKeeping = {
  again: withoutPersonalData,
  unknown: () => unknownFields(KEPT),
};
