import { toPlace } from '../../model/area.ts';
import type { State } from '../../model/order.ts';
import { filePreset } from '../mapped-file.ts';
import type { FilePreset } from '../platform.ts';
import { REGIONS } from './regions.ts';

const STATUS_WORDS = {
  Unpaid: 'unpaid', 'On hold': 'on_hold', 'To ship': 'to_ship', 'Awaiting shipment': 'to_ship', 'Awaiting collection': 'to_ship',
  'Partially shipping': 'to_ship', Shipped: 'shipped', 'In transit': 'shipped', Delivered: 'delivered', Completed: 'completed',
  Canceled: 'cancelled', Cancelled: 'cancelled',
  ค้างชำระ: 'unpaid', ที่จะจัดส่ง: 'to_ship', รอเข้ารับ: 'to_ship', จัดส่งแล้ว: 'shipped', จัดส่งสำเร็จ: 'delivered', เสร็จสมบูรณ์: 'completed', ยกเลิกแล้ว: 'cancelled',
  'Belum dibayar': 'unpaid', 'Perlu dikirim': 'to_ship', 'Menunggu pengambilan': 'to_ship', Dikirim: 'shipped', 'Sedang transit': 'shipped',
  Terkirim: 'delivered', Selesai: 'completed', Dibatalkan: 'cancelled',
  'Pendiente de pago': 'unpaid', 'Por enviar': 'to_ship', Enviado: 'shipped', Entregado: 'delivered', Completado: 'completed', Cancelado: 'cancelled',
  待付款: 'unpaid', 待发货: 'to_ship', 已发货: 'shipped', 已送达: 'delivered', 已完成: 'completed', 已取消: 'cancelled',
} as const;

/** A returned piece shows in two columns of the export and in neither status word. */
function stateOf(cell: (header: string) => string | undefined, state: State): State {
  const type = cell('Cancelation/Return Type')?.toLowerCase() ?? '';
  if (type === 'cancel') return { ...state, status: 'cancelled' };
  const returned = Number(cell('Sku Quantity of return') ?? 0) > 0;
  if (state.status === 'cancelled' || !(returned || type.startsWith('return'))) return state;
  return { ...state, outcome: returned ? 'returned' : 'refunded' };
}

/** The order export of TikTok Shop's seller centre, in every market's variant. */
const orderExport = filePreset(
  {
    name: 'tiktok-order-export',
    platform: 'TikTok',
    dateForms: ['MM/DD/YYYY hh:mm:ss A', 'DD/MM/YYYY HH:mm:ss', 'DD/MM/YYYY HH:mm', 'iso'],
    columns: {
      orderId: 'Order ID', purchasedAt: 'Created Time', paidAt: 'Paid Time',
      updatedAt: { latest: ['RTS Time', 'Shipped Time', 'Delivered Time', 'Cancelled Time'] },
      sku: 'Seller SKU', platformSku: 'SKU ID', skuName: 'Product Name', variation: 'Variation', category: 'Product Category',
      quantity: 'Quantity', unitPrice: 'SKU Unit Original Price', grossSales: 'SKU Subtotal Before Discount',
      sellerDiscount: 'SKU Seller Discount', platformDiscount: 'SKU Platform Discount', paidAmount: 'SKU Subtotal After Discount',
      taxAmount: 'Taxes', totalAmount: 'Order Amount', shippingFee: 'Original Shipping Fee',
      shippingProvider: 'Shipping Provider Name', status: ['Order Substatus', 'Order Status'],
      buyer: 'Buyer Username', country: 'Country', region: ['Province', 'State'], city: ['Regency and City', 'District', 'Post Town', 'City'],
      postalCode: ['Zipcode', 'Postal Code'],
    },
    statuses: STATUS_WORDS,
    personal: ['Detail Address', 'Additional address information', 'Districts', 'Villages', 'Commune', 'Tokopedia Invoice Number'],
  },
  {
    title: 'TikTok Shop · seller centre · orders',
    traps: [
      'Row 2 describes the columns ("Platform unique order ID."); it is no order.',
      'Ids and times end in a TAB, an empty one is a lone TAB.',
      'Order Amount is repeated on every line of an order: it is never summed.',
      'A return shows in "Sku Quantity of return" and "Cancelation/Return Type" only; the status stays "Completed".',
      'Times stand on the shop\'s clock without naming it; the US export writes month first, with AM and PM.',
      'The buyer is a user name, the API gives a user id: the same buyer counts twice until the API has delivered the order again.',
    ],
    signature: ['Order ID', 'Order Status', 'Seller SKU', 'Created Time'],
    isDescription: (cell) => !/\d/.test(cell('purchasedAt')) && /^platform/i.test(cell('orderId')),
    oneShop: true,
    shopOf(cell) {
      const { country } = toPlace({ country: cell('country') });
      const region = country && country in REGIONS ? REGIONS[country as keyof typeof REGIONS] : null;
      return region ? { shop: `TikTok ${country}`, region: country!, ...region } : null;
    },
    stateOf,
  },
);

/** What can be imported from TikTok Shop. */
export const files: readonly FilePreset[] = [orderExport];
