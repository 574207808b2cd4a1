import type { ReturnCause } from '../trade/causes.ts';

/** Why something is sent back: TikTok's key of it, and its words. */
export interface Reason {
  readonly key: string;
  readonly en: string;
  readonly es: string;
}

const reason = (key: string, en: string, es: string): Reason => ({ key, en, es });

/** What TikTok calls each reason. */
export const RETURN_REASONS: Readonly<Record<ReturnCause, Reason>> = {
  'arrived damaged': reason('ecom_order_delivered_refund_and_return_reason_damaged', 'Item arrived damaged', 'El artículo llegó dañado'),
  defective: reason(
    'ecom_order_delivered_refund_and_return_reason_defective',
    'Item is defective or does not work',
    'El artículo es defectuoso o no funciona',
  ),
  'wrong item': reason(
    'ecom_order_delivered_refund_and_return_reason_wrong_product',
    'Wrong item was sent',
    'Se envió un artículo equivocado',
  ),
  'not as described': reason(
    'ecom_order_delivered_refund_and_return_reason_not_as_described',
    'Item does not match the description',
    'El artículo no coincide con la descripción',
  ),
  'no longer needed': reason('ecom_order_delivered_refund_and_return_reason_no_need', 'No longer needed', 'Ya no lo necesito'),
  'wrong size': reason(
    'ecom_order_delivered_refund_and_return_reason_size_or_fit',
    'Size or fit is not right',
    'La talla no es la adecuada',
  ),
  'part missing': reason('ecom_order_delivered_refund_reason_missing_product', 'Part of the order is missing', 'Falta parte del pedido'),
  'never arrived': reason('ecom_order_shipped_refund_reason_not_received', 'Package was not received', 'No se recibió el paquete'),
};
