import { z } from 'zod';
import type { Json } from '../../kernel/json.ts';
import { toPlace } from '../../model/area.ts';
import { MAX_MONEY } from '../../model/money.ts';
import { isSale, type Order, type OrderLine, type State } from '../../model/order.ts';
import { DocumentRefused } from '../stream.ts';
import { optionalName } from '../wire-name.ts';
import { instant, money, parsed } from './wire-values.ts';

const text = z.string().nullish();
const code = z.union([z.number(), z.string().min(1)]).transform(String);
const amount = z
  .union([z.number(), z.string()])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === '' ? null : String(value)));

const MOST_PIECES = 1_000_000_000;

const purchaseOrderWire = z.object({
  orderNo: z.string().min(1),
  status: code,
  currency: z.string().regex(/^[A-Z]{3}$/, 'is no currency code'),
  addTime: z.string().min(1),
  updateTime: text,
  countryMarket: text,
  orderExtends: z
    .array(
      z.object({
        skuCode: z.string().min(1),
        supplierSku: optionalName,
        suffixZh: optionalName,
        imgPath: text,
        price: amount,
        storageQuantity: z.int().min(0).max(MOST_PIECES).nullish(),
      }),
    )
    .min(1),
});

const plain = (status: State['status']): Pick<State, 'status' | 'outcome'> => ({ status, outcome: 'none' });

const STATUSES: ReadonlyMap<string, Pick<State, 'status' | 'outcome'>> = new Map([
  ['1', plain('on_hold')],
  ['11', plain('on_hold')],
  ['12', plain('on_hold')],
  ['2', plain('to_ship')],
  ['3', plain('shipped')],
  ['4', plain('shipped')],
  ['5', plain('delivered')],
  ['6', plain('delivered')],
  ['8', plain('completed')],
  ['9', plain('cancelled')],
  ['10', plain('cancelled')],
  ['7', { status: 'delivered', outcome: 'returned' }],
  ['13', { status: 'delivered', outcome: 'returned' }],
]);

/** Whether a document is an order of SHEIN's to a full-managed seller, who never sees what buyers order. */
export function isPurchaseOrder(document: Json): boolean {
  return typeof document === 'object' && document !== null && 'orderExtends' in document;
}

/**
 * A purchase order as supply: pieces are those that SHEIN put on store, money is the supply price, and there is no buyer.
 * @throws DocumentRefused naming the field
 */
export function purchaseToCanonical(document: Json): Order {
  const order = parsed(purchaseOrderWire, document);
  const state = { ...(STATUSES.get(order.status) ?? plain('unknown')), platformStatus: order.status };
  const purchasedAt = instant(order.addTime, 'addTime');
  if (!purchasedAt) throw new DocumentRefused('addTime', 'is no date');
  const occurrences = new Map<string, number>();
  const lines = order.orderExtends.map((each, i): OrderLine => {
    const occurrence = (occurrences.get(each.skuCode) ?? 0) + 1;
    occurrences.set(each.skuCode, occurrence);
    const quantity = each.storageQuantity ?? 0;
    const price = money(each.price, `orderExtends[${i}].price`);
    const supplied = price === null ? null : price * BigInt(quantity);
    if (supplied !== null && (supplied > MAX_MONEY || supplied < -MAX_MONEY))
      throw new DocumentRefused(`orderExtends[${i}].price`, 'makes no amount');
    const line = {
      lineId: `${each.skuCode}#${occurrence}`,
      sku: each.supplierSku?.trim() || each.skuCode,
      platformSku: each.skuCode,
      productName: null,
      variant: each.suffixZh || null,
      image: each.imgPath || null,
      category: null,
      kind: 'goods',
      quantity,
      parts: [],
      grossSales: supplied,
      netSales: supplied,
      paidAmount: null,
      taxAmount: null,
      returnedQuantity: null,
      refundAmount: null,
      ...state,
    } as const;
    return { ...line, sale: isSale(state.status, line) };
  });
  const written = { country: order.countryMarket ?? null, region: null, city: null, postalCode: null };
  return {
    orderId: order.orderNo,
    purchasedAt,
    paidAt: null,
    updatedAt: instant(order.updateTime, 'updateTime') ?? purchasedAt,
    ...state,
    model: 'supply',
    currency: order.currency,
    place: toPlace(written),
    writtenPlace: [written.country ?? '', '', '', ''].join('\u001f'),
    buyer: null,
    totalAmount: null,
    shippingFee: null,
    shippingProvider: null,
    lines,
  };
}
