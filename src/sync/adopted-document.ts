import type { Json } from '../kernel/json.ts';
import type { Order } from '../model/order.ts';
import type { Shop } from '../model/shop.ts';
import type { OrderRecords } from '../platforms/platform.ts';
import { DocumentRefused } from '../platforms/stream.ts';

/** The order that a document tells, or why it tells none. */
export function tryOrder(records: OrderRecords, document: Json, shop: Shop): Order | DocumentRefused {
  try {
    return records.toCanonical(document, shop);
  } catch (error) {
    if (error instanceof DocumentRefused) return error;
    throw error;
  }
}
