import type { Category } from './catalogue.ts';

/** Why something is sent back or cancelled: the platform's key and its words. */
export interface Reason {
  readonly key: string;
  readonly en: string;
  readonly es: string;
}

const reason = (key: string, en: string, es: string): Reason => ({ key, en, es });

const DAMAGED = reason('ecom_order_delivered_refund_and_return_reason_damaged', 'Item arrived damaged', 'El artículo llegó dañado');
const DEFECTIVE = reason(
  'ecom_order_delivered_refund_and_return_reason_defective',
  'Item is defective or does not work',
  'El artículo es defectuoso o no funciona',
);
const WRONG = reason(
  'ecom_order_delivered_refund_and_return_reason_wrong_product',
  'Wrong item was sent',
  'Se envió un artículo equivocado',
);
const UNLIKE = reason(
  'ecom_order_delivered_refund_and_return_reason_not_as_described',
  'Item does not match the description',
  'El artículo no coincide con la descripción',
);
const UNWANTED = reason('ecom_order_delivered_refund_and_return_reason_no_need', 'No longer needed', 'Ya no lo necesito');
const SIZE = reason('ecom_order_delivered_refund_and_return_reason_size_or_fit', 'Size or fit is not right', 'La talla no es la adecuada');
const MISSING = reason('ecom_order_delivered_refund_reason_missing_product', 'Part of the order is missing', 'Falta parte del pedido');
const NOT_RECEIVED = reason('ecom_order_shipped_refund_reason_not_received', 'Package was not received', 'No se recibió el paquete');

/** What buyers of clothes say, against all others: mostly the size. */
const RETURNED: Record<'clothes' | 'other', readonly Reason[]> = {
  clothes: [SIZE, SIZE, SIZE, SIZE, SIZE, UNWANTED, UNWANTED, UNLIKE, UNLIKE, WRONG, DEFECTIVE],
  other: [DAMAGED, DAMAGED, DEFECTIVE, DEFECTIVE, UNWANTED, UNWANTED, UNLIKE, UNLIKE, WRONG],
};

/** The reasons to send a piece of this category back, each as often as it weighs. */
export function reasonsToReturn(category: Category): readonly Reason[] {
  return RETURNED[category === 'clothes' ? 'clothes' : 'other'];
}
/** The reasons to ask for money and keep what came. */
export const REASONS_TO_KEEP: readonly Reason[] = [DAMAGED, DAMAGED, MISSING, MISSING, UNLIKE];
/** Why money is asked for before anything came. */
export const NOT_ARRIVED = NOT_RECEIVED;

/** Whether the seller has to bear it: the buyer's own change of mind is not. */
export function isSellersFault({ key }: Reason): boolean {
  return key !== UNWANTED.key && key !== SIZE.key;
}
