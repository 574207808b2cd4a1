import type { CancelCause } from '../trade/causes.ts';
import type { TikTokCountry } from './shops.ts';
import type { Words } from './languages.ts';

/** Why an order is cancelled: TikTok's key of it, and the words that buyers read. */
export interface CancelReason extends Words {
  readonly key: string;
}

const row = (key: string, en: string, es: string, fr: string, it: string, de: string, ar: string, zh: string): CancelReason => ({
  key,
  en,
  es,
  fr,
  it,
  de,
  ar,
  zh,
});
const BUYER = 'ecom_order_to_ship_canceled_reason';

/** The keys are those of the page "Cancel reasons"; the United Kingdom has them with an ending of its own. */
const REASONS: Readonly<Record<CancelCause, CancelReason>> = {
  'not paid in time': row(
    'system_cancel_unpaid_time_out',
    'Customer overdue to pay',
    'El cliente no pagó a tiempo',
    'Paiement en retard',
    'Pagamento in ritardo',
    'Zahlung überfällig',
    'تأخر العميل في الدفع',
    '买家逾期未付款',
  ),
  'no longer needed': row(
    `${BUYER}_no_longer_needed`,
    'No longer needed',
    'Ya no lo necesito',
    "Je n'en ai plus besoin",
    'Non mi serve più',
    'Nicht mehr benötigt',
    'لم أعد بحاجة إليه',
    '不再需要',
  ),
  'cheaper elsewhere': row(
    `${BUYER}_better_price`,
    'Better price available',
    'Mejor precio disponible',
    'Meilleur prix ailleurs',
    'Prezzo migliore altrove',
    'Günstiger gefunden',
    'يتوفر سعر أفضل',
    '有更优惠的价格',
  ),
  'wrong address': row(
    `${BUYER}_wrong_delivery_info`,
    'Need to change delivery address',
    'Cambiar la dirección de entrega',
    "Changer l'adresse de livraison",
    "Modificare l'indirizzo di consegna",
    'Lieferadresse ändern',
    'تغيير عنوان التسليم',
    '需要更改收货地址',
  ),
  'less discount than expected': row(
    `${BUYER}_discount_not_expected`,
    'Discount not as expected',
    'El descuento no es el esperado',
    "La remise n'est pas celle attendue",
    'Sconto non come previsto',
    'Rabatt nicht wie erwartet',
    'الخصم ليس كما هو متوقع',
    '折扣与预期不符',
  ),
  'ordered by mistake': row(
    `${BUYER}_created_by_mistakes`,
    'Ordered by mistake',
    'Pedido por error',
    'Commande par erreur',
    'Ordine per errore',
    'Versehentlich bestellt',
    'تم الطلب عن طريق الخطأ',
    '误下单',
  ),
  'out of stock': row(
    'seller_cancel_reason_out_of_stock',
    'Out of stock',
    'Sin existencias',
    'Rupture de stock',
    'Esaurito',
    'Nicht auf Lager',
    'نفد من المخزون',
    '缺货',
  ),
  'wrong price': row(
    'seller_cancel_reason_wrong_price',
    'Pricing error',
    'Error en el precio',
    'Erreur de prix',
    'Errore di prezzo',
    'Preisfehler',
    'خطأ في السعر',
    '价格错误',
  ),
  'cannot deliver there': row(
    'seller_cancel_paid_reason_address_not_deliver',
    'Unable to deliver to buyer address',
    'No se puede entregar en la dirección',
    "Livraison impossible à l'adresse",
    "Impossibile consegnare all'indirizzo",
    'Adresse kann nicht beliefert werden',
    'يتعذر التسليم إلى العنوان',
    '无法送达买家地址',
  ),
  'not shipped in time': row(
    'system_cancel_order_reason_shipping_timeout',
    'Seller did not ship on time',
    'El vendedor no envió a tiempo',
    "Le vendeur n'a pas expédié à temps",
    'Il venditore non ha spedito in tempo',
    'Nicht rechtzeitig versandt',
    'لم يشحن البائع في الموعد',
    '卖家未按时发货',
  ),
  'delivery failed': row(
    'returned_to_shipper_other',
    'Package delivery failed',
    'No se ha podido entregar el paquete',
    'Échec de la livraison du colis',
    'Consegna del pacco non riuscita',
    'Paketzustellung fehlgeschlagen',
    'فشل توصيل الطرد',
    '包裹派送失败',
  ),
  'refused at the door': row(
    'returned_to_shipper_refused',
    'Package rejected',
    'Paquete rechazado',
    'Colis refusé',
    'Pacco rifiutato',
    'Paket abgelehnt',
    'تم رفض الطرد',
    '包裹被拒收',
  ),
  'lost on the way': row(
    'package_lost',
    'Package lost',
    'Paquete perdido',
    'Colis perdu',
    'Pacco smarrito',
    'Paket verloren',
    'فقدان الطرد',
    '包裹丢失',
  ),
  'damaged on the way': row(
    'package_damaged',
    'Package damaged',
    'Paquete dañado',
    'Colis endommagé',
    'Pacco danneggiato',
    'Paket beschädigt',
    'تلف الطرد',
    '包裹破损',
  ),
};

/** A reason with the key and the words it has in a market. */
export function cancelReason(cause: CancelCause, country: TikTokCountry): CancelReason {
  const reason = REASONS[cause];
  return country === 'GB' ? { ...reason, key: `${reason.key}_uk` } : reason;
}
