import type { Json } from '../../kernel/json.ts';
import type { OrderRecords } from '../platform.ts';
import { toCanonical } from './canonical.ts';
import { withoutPersonalData } from './personal.ts';
import { SITES } from './sites.ts';

/** SHEIN's orders as `order-detail` gives them; each names its site. */
export const records: OrderRecords = {
  lists: ['info', 'data', 'orders', 'orderlist', 'list', 'pages'],
  oneShop: false,
  kept: (record) => withoutPersonalData(record),
  idOf: (document) => textOf(document, 'orderNo'),
  shopOf: (document) => siteOf(/^shein-([a-z]{2})$/i.exec(textOf(document, 'salesSite') ?? '')?.[1]),
  shopIn: siteOf,
  toCanonical,
};

function siteOf(written: string | undefined): ReturnType<OrderRecords['shopIn']> {
  const code = written?.toUpperCase().replace('UK', 'GB') ?? '';
  return code in SITES ? { platform: 'Shein', region: code, ...SITES[code as keyof typeof SITES] } : null;
}

function textOf(document: Json, key: string): string | null {
  const value = typeof document === 'object' && document !== null && !Array.isArray(document) ? (document as Readonly<Record<string, Json>>)[key] : null;
  return typeof value === 'string' && value !== '' ? value : null;
}
