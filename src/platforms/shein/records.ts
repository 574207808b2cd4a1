import type { Json } from '../../kernel/json.ts';
import type { OrderRecords } from '../platform.ts';
import { toCanonical } from './canonical.ts';
import { inOwnKeys } from './own-keys.ts';
import { withoutPersonalData } from './personal.ts';
import { isPurchaseOrder, purchaseToCanonical } from './purchase-orders.ts';
import { SITES } from './sites.ts';

/** What full-managed sellers deliver goes to SHEIN itself, on its clock; the market differs by order. */
const SUPPLY = { platform: 'Shein', region: 'CN', shop: 'SHEIN supply', zone: 'Asia/Shanghai', currency: 'CNY' } as const;

/** SHEIN's orders: buyers' ones as `order-detail` gives them, each naming its site, and purchase orders to full-managed sellers. */
export const records: OrderRecords = {
  lists: ['info', 'data', 'orders', 'orderlist', 'list', 'pages'],
  oneShop: false,
  kept: (record) => withoutPersonalData(record),
  idOf: (document) => textOf(document, 'orderNo'),
  shopOf: (document) => (isPurchaseOrder(document) ? SUPPLY : siteOf(/^shein-([a-z]{2})$/i.exec(textOf(document, 'salesSite') ?? '')?.[1])),
  shopIn: siteOf,
  toCanonical: (document) => (isPurchaseOrder(document) ? purchaseToCanonical(document) : toCanonical(document)),
  inOwnKeys,
  // A list gives number, status and times of each order; what was sold stands in its details.
  parts: { placedAt: () => null, whole: (documents) => documents.filter((document) => !isHead(document)) },
};

function isHead(document: Json): boolean {
  return (
    textOf(document, 'orderNo') !== null &&
    !isPurchaseOrder(document) &&
    !('orderGoodsInfoList' in (document as object)) &&
    !('orderCurrency' in (document as object))
  );
}

function siteOf(written: string | undefined): ReturnType<OrderRecords['shopIn']> {
  const code = written?.toUpperCase().replace('UK', 'GB') ?? '';
  return code in SITES ? { platform: 'Shein', region: code, ...SITES[code as keyof typeof SITES] } : null;
}

function textOf(document: Json, key: string): string | null {
  const value =
    typeof document === 'object' && document !== null && !Array.isArray(document)
      ? (document as Readonly<Record<string, Json>>)[key]
      : null;
  return typeof value === 'string' && value !== '' ? value : null;
}
