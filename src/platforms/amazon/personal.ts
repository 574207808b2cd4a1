import type { Json } from '../../kernel/json.ts';
import { unknownFields } from '../kept-fields.ts';
import type { PlatformKeeping } from '../platform.ts';
import { KEPT } from './fields.ts';

/** An order or an item as it is kept: personal and unknown texts emptied, the postal code cut. Who the buyer is stays out on purpose. */
export function withoutPersonalData(document: Json): Json {
  const isItem = typeof document === 'object' && document !== null && 'OrderItemId' in document;
  return KEPT[isItem ? 'items' : 'orders'].kept(document, () => '');
}

/** How Amazon's documents are kept. */
export const keeping: PlatformKeeping = {
  again: withoutPersonalData,
  unknown: () => unknownFields(KEPT),
};
