import type { Engine } from '../src/engines/engine.ts';
import { PLATFORM_IDS } from '../src/model/shop.ts';
import { readShops } from '../src/records/shops/shops.ts';
import { readOrders } from '../src/records/orders/stored-orders.ts';

const HEADER =
  'Order ID,Order Status,Order Substatus,Cancelation/Return Type,SKU ID,Seller SKU,Product Name,Quantity,SKU Unit Original ' +
  'Price,SKU Subtotal Before Discount,' +
  'SKU Platform Discount,SKU Seller Discount,SKU Subtotal After Discount,Order Amount,Created Time,Paid Time,Shipped Time,Buyer ' +
  'Username,Country,Province';
const WORDS: Readonly<Record<string, string>> = {
  unpaid: 'Unpaid',
  on_hold: 'On hold',
  to_ship: 'To ship',
  shipped: 'Shipped',
  delivered: 'Delivered',
  completed: 'Completed',
  cancelled: 'Canceled',
};

/**
 * The orders of a connected shop as its seller centre exports them: a row for each SKU of an order and state, a user name in place of the
 * user's id.
 */
export async function sellerCentreFile(engine: Engine, shop: string): Promise<string> {
  const { orders, zone } = await engine.read(async (reader) => {
    const { shopId, zone: clock } = (await readShops(reader)).find((each) => each.shop === shop)!;
    return { zone: clock, ...(await readOrders(reader, { platforms: PLATFORM_IDS, shopIds: [shopId] }, { after: null, limit: 100_000 })) };
  });
  const local = (instant: unknown): string => {
    if (instant === null) return '';
    const [day, time] = Temporal.Instant.from(instant as string)
      .toZonedDateTimeISO(zone)
      .toPlainDateTime()
      .toString({ smallestUnit: 'second' })
      .split('T') as [string, string];
    return `${day.split('-').toReversed().join('/')} ${time}`;
  };
  const rows = orders.flatMap((order) =>
    [...Map.groupBy(order.lines, (line) => `${line['sku'] as string} ${line['status'] as string} ${line['kind'] as string}`).values()].map(
      (lines) => {
        const sum = (name: string): bigint => lines.reduce((so, line) => so + BigInt((line[name] as string).replace('.', '')), 0n);
        const money = (amount: bigint): string => `EUR ${(Number(amount) / 10_000).toFixed(2)}`;
        const [first] = lines;
        return [
          order.order_id,
          WORDS[order['status'] as string],
          WORDS[first!['status'] as string],
          first!['status'] === 'cancelled' ? 'Cancel' : '',
          first!['platform_sku'],
          first!['sku'],
          `"${first!['sku_name'] as string}"`,
          lines.length,
          money(sum('gross_sales') / BigInt(lines.length)),
          money(sum('gross_sales')),
          money(sum('net_sales') - sum('paid_amount')),
          money(sum('gross_sales') - sum('net_sales')),
          money(sum('paid_amount')),
          '',
          local(order['purchased_at']),
          local(order['paid_at']),
          '',
          `user ${order['buyer_id'] as string}`,
          'Spain',
          '',
        ].join(',');
      },
    ),
  );
  return `${HEADER}\n${rows.join('\n')}\n`;
}
