import { toPlace } from '../../model/area.ts';
import type { State } from '../../model/order.ts';
import type { DateOrder } from '../../model/written.ts';
import { filePreset, type Cells } from '../mapped-file.ts';
import type { FilePreset } from '../file-preset.ts';
import { REGIONS } from './regions.ts';

const STATUS_WORDS = {
  Unpaid: 'unpaid',
  'On hold': 'on_hold',
  'To ship': 'to_ship',
  'Awaiting shipment': 'to_ship',
  'Awaiting collection': 'to_ship',
  'Partially shipping': 'to_ship',
  Shipped: 'shipped',
  'In transit': 'shipped',
  Delivered: 'delivered',
  Completed: 'completed',
  Canceled: 'cancelled',
  Cancelled: 'cancelled',
  ค้างชำระ: 'unpaid',
  ที่จะจัดส่ง: 'to_ship',
  รอเข้ารับ: 'to_ship',
  จัดส่งแล้ว: 'shipped',
  จัดส่งสำเร็จ: 'delivered',
  เสร็จสมบูรณ์: 'completed',
  ยกเลิกแล้ว: 'cancelled',
  'Belum dibayar': 'unpaid',
  'Perlu dikirim': 'to_ship',
  'Menunggu pengambilan': 'to_ship',
  Dikirim: 'shipped',
  'Sedang transit': 'shipped',
  Terkirim: 'delivered',
  Selesai: 'completed',
  Dibatalkan: 'cancelled',
  'Pendiente de pago': 'unpaid',
  'Por enviar': 'to_ship',
  Enviado: 'shipped',
  Entregado: 'delivered',
  Completado: 'completed',
  Cancelado: 'cancelled',
  'Não pago': 'unpaid',
  'A enviar': 'to_ship',
  'Para enviar': 'to_ship',
  'Aguardando envio': 'to_ship',
  'Aguardando coleta': 'to_ship',
  'Em trânsito': 'shipped',
  Entregue: 'delivered',
  Concluído: 'completed',
  'Chưa thanh toán': 'unpaid',
  'Cần gửi': 'to_ship',
  'Chờ lấy hàng': 'to_ship',
  'Đã vận chuyển': 'shipped',
  'Đang vận chuyển': 'shipped',
  'Đã giao': 'delivered',
  'Đã hoàn tất': 'completed',
  'Đã hủy': 'cancelled',
  Impayé: 'unpaid',
  'À expédier': 'to_ship',
  Expédié: 'shipped',
  Livré: 'delivered',
  Terminé: 'completed',
  Annulé: 'cancelled',
  'Non pagato': 'unpaid',
  'Da spedire': 'to_ship',
  Spedito: 'shipped',
  Consegnato: 'delivered',
  Completato: 'completed',
  Annullato: 'cancelled',
  Unbezahlt: 'unpaid',
  'Zu versenden': 'to_ship',
  Versandt: 'shipped',
  Zugestellt: 'delivered',
  Abgeschlossen: 'completed',
  Storniert: 'cancelled',
  待付款: 'unpaid',
  待发货: 'to_ship',
  已发货: 'shipped',
  已送达: 'delivered',
  已完成: 'completed',
  已取消: 'cancelled',
} as const;

/** The column that tells a cancellation from a return, as the markets and years spell it. */
const RETURN_TYPE = [
  'Cancelation/Return Type',
  'Cancellation/Return Type',
  'Cancel/Return Type',
  'Cancelation Type',
  'Cancellation Type',
  'Cancel Type',
  'Return Type',
];

type Cell = (header: string) => string | undefined;
type Time = (header: string) => Temporal.Instant | null;

/** A returned piece shows in two columns of the export and in neither status word; that a parcel came back, in its instants alone. */
function stateOf(cell: Cell, state: State, time: Time): State {
  const type = RETURN_TYPE.map(cell).find(Boolean)?.toLowerCase() ?? '';
  if (type.startsWith('cancel') || state.status === 'cancelled')
    return { ...state, status: 'cancelled', outcome: wasHandedOver(time) ? 'returned' : 'none' };
  const returned = Number(cell('Sku Quantity of return') ?? 0) > 0;
  if (!(returned || /^(return|refund)/.test(type))) return state;
  return { ...state, outcome: returned ? 'returned' : 'refunded' };
}

/**
 * Whether it was cancelled after a carrier had it: of an order sent in part, the instant on the row of what was not sent is that of the
 * rest.
 */
function wasHandedOver(time: Time): boolean {
  const left = time('Shipped Time') ?? time('Delivered Time');
  const ended = time('Cancelled Time');
  return left !== null && (ended === null || Temporal.Instant.compare(left, ended) < 0);
}

/** TikTok writes 24 hours and the day first, in the US AM or PM and the month first; a spreadsheet writes neither with all its digits. */
function dateOrderOf(text: string, cell: Cells): DateOrder | null {
  if (/^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d\d:\d\d [AP]M$/i.test(text)) return 'mdy';
  return /^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/.test(text) && toPlace({ country: cell('country') }).country !== 'US' ? 'dmy' : null;
}

/** The order export of TikTok Shop's seller centre, in every market's variant. */
const orderExport = filePreset(
  {
    name: 'tiktok-order-export',
    platform: 'TikTok',
    dateForms: ['MM/DD/YYYY hh:mm:ss A', 'MM/DD/YYYY hh:mm A', 'DD/MM/YYYY HH:mm:ss', 'DD/MM/YYYY HH:mm', 'iso'],
    columns: {
      orderId: 'Order ID',
      purchasedAt: 'Created Time',
      paidAt: 'Paid Time',
      updatedAt: { latest: ['RTS Time', 'Shipped Time', 'Delivered Time', 'Cancelled Time'] },
      sku: 'Seller SKU',
      platformSku: 'SKU ID',
      skuName: 'Product Name',
      variation: 'Variation',
      category: 'Product Category',
      quantity: 'Quantity',
      unitPrice: 'SKU Unit Original Price',
      grossSales: 'SKU Subtotal Before Discount',
      sellerDiscount: 'SKU Seller Discount',
      platformDiscount: 'SKU Platform Discount',
      paidAmount: 'SKU Subtotal After Discount',
      orderTax: 'Taxes',
      totalAmount: 'Order Amount',
      returnedQuantity: 'Sku Quantity of return',
      refundAmount: 'Order Refund Amount',
      shippingFee: 'Original Shipping Fee',
      shippingProvider: 'Shipping Provider Name',
      status: ['Order Substatus', 'Order Sub Status', 'Order Sub-Status', 'Order Status'],
      buyer: 'Buyer Username',
      country: 'Country',
      region: ['Province', 'State'],
      city: ['Regency and City', 'District', 'Post Town', 'City'],
      postalCode: ['Zipcode', 'Postal Code'],
    },
    statuses: STATUS_WORDS,
    keep: [
      ...RETURN_TYPE,
      'Normal or Pre-order',
      'Sku Quantity of return',
      'Shipping Fee After Discount',
      'Shipping Fee Seller Discount',
      'Shipping Fee Platform Discount',
      'Distance Shipping Fee',
      'Distance Fee',
      'Order Refund Amount',
      'Payment platform discount',
      'Buyer Service Fee',
      'Handling Fee',
      'Shipping Insurance',
      'Item Insurance',
      'Small Order Fee',
      'Cancel By',
      'Cancel Reason',
      'Fulfillment Type',
      'Warehouse Name',
      'Delivery Option',
      'Payment Method',
      'Weight(kg)',
      'Package ID',
      'Purchase Channel',
      'Order Channel',
      'Checked Status',
    ],
  },
  {
    title: 'TikTok Shop · seller centre · orders',
    traps: [
      'Row 2 describes the columns ("Platform unique order ID."); it is no order.',
      'Ids and times end in a TAB, an empty one is a lone TAB.',
      "Order Amount, Taxes and Order Refund Amount are the order's, repeated on each of its rows: they count once, tax and refund " +
        'shared out over its lines.',
      "Taxes 0.00 in markets whose prices have tax in them says nothing: the shop's VAT setting holds.",
      'A return shows in "Sku Quantity of return" (how many pieces) and "Cancelation/Return Type" only; the status stays "Completed".',
      'Cancelled after "Shipped Time" came back: a return. "Cancel Reason" decides nothing, it comes in the market\'s language.',
      "Times stand on the shop's clock without naming it; the US export writes month first, with AM and PM. Saved from a " +
        'spreadsheet they lose that (3/1/2026 9:00): all rows together tell the order of day and month, else --date-order.',
      'Indonesian and Vietnamese files group thousands with a point (IDR 125.000), Brazilian ones write decimal commas (BRL 35,91).',
      'The buyer is a user name, the API gives a user id: the same buyer counts twice until the API has delivered the order again.',
    ],
    signature: ['Order ID', 'Order Status', 'Seller SKU', 'Created Time'],
    dateOrderOf,
    deciding: [{ headers: RETURN_TYPE, known: /^(?:cancel|return|refund|exchange)/i }],
    oneShop: true,
    shopOf(cell) {
      const { country } = toPlace({ country: cell('country') });
      const region = country && country in REGIONS ? REGIONS[country as keyof typeof REGIONS] : null;
      return country
        ? { shop: `TikTok ${country}`, region: country, ...region }
        : cell('country')
          ? { shop: `TikTok ${cell('country')}` }
          : null;
    },
    stateOf,
  },
);

/** What can be imported from TikTok Shop. */
export const files: readonly FilePreset[] = [orderExport];
