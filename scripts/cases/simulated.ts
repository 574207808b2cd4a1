import { writeReturns } from '../../src/records/returns/return-writer.ts';
import { readShops } from '../../src/records/shops/shops.ts';
import { parseJson, type Json } from '../../src/kernel/json.ts';
import { tiktok } from '../../src/platforms/tiktok/tiktok.ts';
import { openConnectedShops, type ConnectedShops } from '../../tests/connected-shops.ts';
import { equal, input, judged, type Case } from './case.ts';
import { bringHome, report, withServer } from './servers.ts';
import type { Return } from '../../src/model/return.ts';

type Row = Record<string, unknown>;
const SPAIN = 'Estrella Hogar España';

async function withSeller<T>(historyDays: number, work: (connected: ConnectedShops) => Promise<T>): Promise<T> {
  const connected = await openConnectedShops({ settings: { historyDays } });
  try {
    await connected.consent('ES', 'estrella-hogar');
    await connected.syncAll(SPAIN);
    return await work(connected);
  } finally {
    await connected.close();
  }
}

/** What the older exporter writes of orders that the simulated shop has. */
function exportOf({ simulator, clock }: ConnectedShops, ids: readonly string[]): string {
  const head =
    'Order ID,Order Status,Order Substatus,Cancelation/Return Type,SKU ID,Seller SKU,Product Name,Variation,Quantity,Sku Quantity ' +
    'of return,SKU Unit Original Price,SKU Subtotal Before Discount,SKU Platform Discount,SKU Seller Discount,SKU Subtotal After ' +
    'Discount,Original Shipping Fee,Taxes,Order Amount,Order Refund Amount,Created Time,Paid Time,Shipped Time,Delivered ' +
    'Time,Cancelled Time,Cancel Reason,Buyer Username,Country';
  const time = (second: number): string => {
    const {
      year,
      month,
      day,
      hour,
      minute,
      second: s,
    } = Temporal.Instant.fromEpochMilliseconds(second * 1000).toZonedDateTimeISO('Europe/Madrid');
    const two = (n: number): string => String(n).padStart(2, '0');
    return `${two(day)}/${two(month)}/${year} ${two(hour)}:${two(minute)}:${two(s)}`;
  };
  const now = clock.now().epochMilliseconds / 1000;
  const rows = ids.map((id) => {
    const order = simulator.world.find(id, now)!;
    const at = time(order.life.times[0]!);
    return (
      `${id}\t,Shipped,In transit,,1,X,Thing,,1,0,EUR 10.00,EUR 10.00,EUR 0.00,EUR 0.00,EUR 10.00,EUR 0.00,EUR 0.00,EUR 10.00,EUR ` +
      `0.00,${at},${at},${at},,,,bob,Spain`
    );
  });
  return `${[head, ...rows].join('\n')}\n`;
}

/** What needs a connected shop, or a claim as the platform sends it. */
export const simulatedCases: readonly Case[] = [
  equal('numbers/n0 an exchange that carries its worth', { returned: 0, exchanged: 1, refund: 0 }, () =>
    withServer(async (server) => {
      const claim = parseJson(input('numbers', 'n0-exchange.json').toString())! as {
        readonly order_id: string;
        readonly return_line_items: readonly { readonly order_line_item_id: string; readonly seller_sku: string }[];
      };
      const [item] = claim.return_line_items;
      const order = {
        id: claim.order_id,
        status: 'COMPLETED',
        create_time: 1770500000,
        update_time: 1770500100,
        paid_time: 1770500010,
        payment: { currency: 'EUR', total_amount: '24.99' },
        recipient_address: { region_code: 'ES' },
        line_items: [
          {
            id: item!.order_line_item_id,
            sku_id: '1',
            seller_sku: item!.seller_sku,
            display_status: 'COMPLETED',
            original_price: '24.99',
            seller_discount: '0',
            sale_price: '24.99',
          },
        ],
      };
      const form = new FormData();
      form.append('file', new Blob([JSON.stringify([order])]), 'tiktok_orders.json');
      await fetch(`${server.url}/api/adopt?platform=TikTok&region=ES`, { method: 'POST', body: form });
      const [shop] = await server.app.engine.read((reader) => readShops(reader));
      await server.app.engine.transaction((tx) =>
        writeReturns(tx, shop!, {
          delivered: [{ claim: tiktok.api!.changes['returns']!.toCanonical(claim as Json, shop!) as Return, document: '{}' }],
          source: null,
        }),
      );
      const [row] = (await report(server, 'ReturnRate')).data as Row[];
      return { returned: row?.['return_count'], exchanged: row?.['exchange_count'], refund: row?.['refund_amount'] };
    }),
  ),
  judged('numbers/n4 growth over days before the first covered day', 'growth null, and the answer names the first covered day', () =>
    withSeller(40, async ({ shops, clock }) => {
      const { data, freshness, warnings } = await report(shops, 'Overview', { window: '30d', shop: SPAIN });
      const first = clock
        .now()
        .subtract({ hours: 24 * 40 })
        .toString()
        .slice(0, 10);
      const growth = (data as Row[])[0]?.['orders_growth'];
      const from = (freshness as Row[])[0]?.['covers_from'];
      // The day the history begins on is covered in part, the one after it whole.
      const near = typeof from === 'string' && Math.abs(Temporal.PlainDate.from(from.slice(0, 10)).until(first).days) <= 1;
      return {
        got: `growth ${String(growth)}, covers_from ${String(from)} (history from ${first}), ${(warnings as unknown[]).length} warnings`,
        passed: growth === null && near,
      };
    }),
  ),
  judged(
    'numbers/n4 the months before the first covered day',
    'the month that the history begins in is not compared with as if it were whole, and it is said',
    () =>
      withSeller(40, async ({ shops }) => {
        const { warnings } = await report(shops, 'MonthlySalesAnalysis', { shop: SPAIN });
        const said = (warnings as string[]).filter((each) => each.includes('2026-10'));
        return { got: JSON.stringify(said), passed: said.length > 0 };
      }),
  ),
  judged(
    'numbers/n12 a connected shop and its own seller-centre file',
    'the same orders, once, in the connected shop, and the answer says which',
    () =>
      withSeller(6, async (connected) => {
        const count = async (): Promise<unknown> => (await connected.rows('SELECT count(*) AS n FROM orders'))[0]!['n'];
        const before = await count();
        const ids = (
          await connected.rows(
            `SELECT order_id FROM orders o JOIN shops h ON h.shop_id = o.shop_id WHERE h.shop = '${SPAIN}' ORDER BY purchased_at LIMIT 5`,
          )
        ).map((row) => String(row['order_id']));
        const { json } = await bringHome(connected.shops, { name: 'orders.csv', bytes: Buffer.from(exportOf(connected, ids)) });
        const after = await count();
        return {
          got: `${String(before)} orders before, ${String(after)} after, shops ${JSON.stringify(json?.shops)}`,
          passed: before === after && JSON.stringify(json?.shops) === JSON.stringify([SPAIN]),
        };
      }),
  ),
];
