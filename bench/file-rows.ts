import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { PROVINCES } from './provinces.ts';
import { HEADER, NO_SALE, type WorldFile } from './world.ts';

/** A line of an order as the rivals keep it; amounts in cents, so that their sums are exact. */
export interface PlainLine {
  readonly lineId: string;
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly quantity: number;
  readonly unitPrice: number | null;
  readonly discount: number;
  /** Unit price × quantity − discount; null without a price. */
  readonly net: number | null;
}

/** An order as the rivals keep it. */
export interface PlainOrder {
  readonly platform: string;
  readonly shop: string;
  readonly orderId: string;
  readonly status: string;
  readonly createdAt: string;
  readonly paidAt: string;
  readonly updatedAt: string;
  readonly currency: string;
  readonly buyer: string;
  readonly country: string;
  readonly province: string;
  readonly region: string;
  readonly city: string;
  readonly lines: PlainLine[];
}

const REGION_OF: ReadonlyMap<string, string> = new Map(PROVINCES.map(({ name, region }) => [name, region]));

/** Whether an order of that status counts as sold. */
export function isSold(status: string): boolean {
  return !(NO_SALE as readonly string[]).includes(status);
}

/** The rivals' reader: lines cut at commas, nothing checked, the rows of an order taken together as they follow each other. */
export async function* ordersOf({ platform, path }: WorldFile): AsyncGenerator<PlainOrder> {
  let current = null as PlainOrder | null;
  let header = true;
  for await (const text of createInterface({ input: createReadStream(path, { highWaterMark: 1 << 20 }) })) {
    if (header) {
      if (text !== HEADER.join(',')) throw new Error(`${path} has another header`);
      header = false;
      continue;
    }
    const [
      orderId,
      lineId,
      shop,
      status,
      createdAt,
      paidAt,
      updatedAt,
      sku,
      name,
      category,
      quantity,
      price,
      off,
      currency,
      buyer,
      country,
      province,
      city,
    ] = text.split(',') as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    if (current?.orderId !== orderId || current.shop !== shop) {
      if (current) yield current;
      current = {
        platform,
        shop,
        orderId,
        status,
        createdAt,
        paidAt,
        updatedAt,
        currency,
        buyer,
        country,
        province,
        region: REGION_OF.get(province) ?? 'unknown',
        city,
        lines: [],
      };
    }
    const [pieces, unitPrice, discount] = [
      Number(quantity),
      price === '' ? null : Math.round(Number(price) * 100),
      Math.round(Number(off) * 100),
    ];
    current.lines.push({
      lineId,
      sku,
      name,
      category,
      quantity: pieces,
      unitPrice,
      discount,
      net: unitPrice === null ? null : unitPrice * pieces - discount,
    });
  }
  if (current) yield current;
}
