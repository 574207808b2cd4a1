import { equal, input, judged, type Case } from './case.ts';
import { bringHome, report, withServer } from './servers.ts';
import type { TestApp } from '../../tests/shop-window.ts';

type Row = Record<string, unknown>;

const BASE = (): Row => JSON.parse(input('numbers', 'mapping.json').toString()) as Row;
const REFUNDS = (currency: string, zone: string, more: Row = {}): Row => ({
  name: 'inv',
  platform: 'Other',
  zone,
  currency,
  dateForms: ['iso'],
  columns: { orderId: 'id', purchasedAt: 'date', sku: 'sku', quantity: 'qty', unitPrice: 'price' },
  refunds: { column: 'id', startsWith: 'C', ...more },
});

/** A file of the numbers' cases, by the mapping they share or another. */
async function file(server: TestApp, name: string, mapping: Row | null): Promise<Row> {
  const { json } = await bringHome(server, { name, bytes: input('numbers', name) }, mapping ? { mapping } : {});
  return json as Row;
}

/** A file written here, by the mapping they share. */
async function text(server: TestApp, rows: readonly string[], mapping: Row): Promise<Row> {
  const head = 'id,date,sku,name,var,qty,price,disc,status,upd,buyer,country,region,paid,tax,total,ship';
  const { json } = await bringHome(server, { name: 'rows.csv', bytes: Buffer.from(`${[head, ...rows].join('\n')}\n`) }, { mapping });
  return json as Row;
}

const numbers =
  <T>(work: (server: TestApp) => Promise<T>): (() => Promise<T>) =>
  () =>
    withServer(work, { rates: true });
const pick = (rows: readonly Row[] | undefined, ...names: readonly string[]): unknown[] =>
  (rows ?? []).map((row) => names.map((name) => row[name]));
const MARCH = { from: '2026-03-01', to: '2026-03-31' };
/** The exporter's own file, which tells all but its shop. */
const tiktok = (name: string, ask: (server: TestApp) => Promise<unknown>, before?: (server: TestApp) => Promise<unknown>) =>
  numbers(async (server) => {
    await bringHome(server, { name, bytes: input('numbers', name) }, { query: { shop: 'Own' } });
    await before?.(server);
    return ask(server);
  });

/** The steps of `numbers/repro.py` done anew, each on a server of its own. */
export const numberCases: readonly Case[] = [
  equal(
    'numbers/n1 refunds of older orders in Reconcile',
    [
      ['2026-03-10', 2, 33.33],
      ['2026-03-04', 0, 0],
    ],
    numbers(async (server) => {
      await file(server, 'n1-eur.csv', { ...BASE(), shop: 'E' });
      await file(server, 'n1-gbp.csv', { ...REFUNDS('GBP', 'Europe/London', { order: 'of' }), shop: 'G' });
      const { data } = await report(server, 'Reconcile', { shop: 'E,G', ...MARCH });
      // The day of the sale in pounds is there as well.
      return pick(
        (data as Row[] | undefined)?.filter(({ shop, returned_units: units }) => shop === 'E' || units !== 0),
        'day',
        'returned_units',
        'refunded_amount',
      );
    }),
  ),
  equal(
    'numbers/n1b days of cancelled and unpaid orders in Reconcile',
    [
      ['2026-03-05', 59.23],
      ['2026-03-04', 23.63],
      ['2026-03-03', 10],
    ],
    numbers(async (server) => {
      await text(server, ['e1,2026-03-03T10:00:00,A,A,,1,10,,done,,,,,,,,'], { ...BASE(), shop: 'E' });
      await text(server, ['1,2026-03-04T10:00:00,A,A,,1,20,,cancelled,,,,,,,,', '2,2026-03-05T10:00:00,A,A,,1,50,,unpaid,,,,,,,,'], {
        ...BASE(),
        shop: 'G',
        currency: 'GBP',
        zone: 'Europe/London',
      });
      const { data } = await report(server, 'Reconcile', { shop: 'E,G', ...MARCH });
      return pick(data as Row[], 'day', 'amount');
    }),
  ),
  equal(
    'numbers/n2 a converted ReturnRate with undelivered goods',
    [[82.85]],
    numbers(async (server) => {
      await file(server, 'n2-gbp.csv', { ...BASE(), shop: 'G', currency: 'GBP', zone: 'Europe/London' });
      return pick((await report(server, 'ReturnRate', { shop: 'G', currency: 'EUR' })).data as Row[], 'sales_amount');
    }),
  ),
  equal(
    'numbers/n2b refunds by the day of the event, converted',
    { refund: [[17.82]], rate: [75] },
    numbers(async (server) => {
      await file(server, 'n2b-gbp.csv', { ...REFUNDS('GBP', 'Europe/London'), shop: 'G' });
      const asked = { shop: 'G', basis: 'event', currency: 'EUR' };
      return {
        refund: pick((await report(server, 'ReturnRate', asked)).data as Row[], 'refund_amount'),
        // To the percent: each amount has the rate of its own day.
        rate: pick((await report(server, 'ReturnRate', { ...asked, variant: 'amount' })).data as Row[], 'return_rate').map((row) =>
          Math.round(Number((row as unknown[])[0])),
        ),
      };
    }),
  ),
  equal(
    'numbers/n3 a mended mapping moves an order by a month',
    [[1, 2, 10]],
    numbers(async (server) => {
      for (const form of ['MM/DD/YYYY HH:mm:ss', 'DD/MM/YYYY HH:mm:ss'])
        await file(server, 'n3.csv', { ...BASE(), shop: 'N3', dateForms: [form] });
      return pick((await report(server, 'Overview', { shop: 'N3' })).data as Row[], 'orders', 'units', 'revenue');
    }),
  ),
  equal(
    'numbers/n4a a number of returned pieces',
    [[1, 33.33, 10]],
    tiktok('n4a-partial-return.csv', async (server) =>
      pick((await report(server, 'ReturnRate')).data as Row[], 'return_count', 'return_rate', 'refund_amount'),
    ),
  ),
  equal(
    'numbers/n4b not delivered, in a file',
    [[1, 1, 1, 50]],
    tiktok('n4b-undelivered.csv', async (server) =>
      pick((await report(server, 'ReturnRate')).data as Row[], 'sell_count', 'return_count', 'undelivered_count', 'return_rate'),
    ),
  ),
  equal(
    'numbers/n4c Taxes 0.00 beside a VAT setting of 21',
    [[82.64]],
    tiktok(
      'n4c-taxes.csv',
      async (server) => pick((await report(server, 'Overview')).data as Row[], 'net_sales_ex_tax'),
      (server) => server.send('/api/shops/set', { platform: 'TikTok', shop: 'Own', vat_rate: 21 }),
    ),
  ),
  equal(
    "numbers/n4d the order's taxes on each of its rows",
    [[82.64]],
    tiktok('n4d-taxes.csv', async (server) => pick((await report(server, 'Overview')).data as Row[], 'net_sales_ex_tax')),
  ),
  judged('numbers/n4e the older profit of an order cancelled in part', 'no formula above 50, what was kept', () =>
    withServer(async (server) => {
      await bringHome(server, { name: 'n4e.csv', bytes: input('numbers', 'n4e-partial-cancel.csv') }, { query: { shop: 'Own' } });
      const data = (await report(server, 'ProfitAnalysis')).data as Row[] | undefined;
      const amounts = (data ?? [])
        .flatMap((row) => [row['total_profit'], ...Object.values(row['profit_methods'] as Row)])
        .filter((each) => typeof each === 'number');
      return { got: JSON.stringify(amounts), passed: data?.length === 1 && amounts.every((each) => each <= 50) };
    }),
  ),
  judged('numbers/n5 RFM of a buyer in two currencies', 'the buyer of 185.59 has M 3; recency never below 0', () =>
    withServer(
      async (server) => {
        await file(server, 'n5-eur.csv', { ...BASE(), shop: 'E' });
        await file(server, 'n5-jpy.csv', { ...BASE(), shop: 'J', currency: 'JPY', zone: 'Asia/Tokyo' });
        const data = (await report(server, 'BuyerAnalysis', { shop: 'E,J' })).data as Row[] | undefined;
        const both = data?.find((row) => row['order_count'] === 2);
        return {
          got: JSON.stringify(pick(data, 'total_amount', 'order_count', 'm', 'recency_days')),
          passed: both?.['total_amount'] === 185.59 && both['m'] === 3 && data!.every((row) => Number(row['recency_days']) >= 0),
        };
      },
      { rates: true },
    ),
  ),
  judged('numbers/n5 recency across clocks', "an order of Tokyo's tomorrow was not bought in -1 days", () =>
    withServer(async (server) => {
      await text(server, ['1,2026-11-30T01:00:00,A,A,,1,10,,done,,z,,,,,,'], { ...BASE(), shop: 'J', currency: 'EUR', zone: 'Asia/Tokyo' });
      await text(server, ['2,2026-11-01T01:00:00,A,A,,1,10,,done,,y,,,,,,'], {
        ...BASE(),
        shop: 'L',
        currency: 'EUR',
        zone: 'America/Los_Angeles',
      });
      const days = pick(
        (await report(server, 'BuyerAnalysis', { shop: 'J,L', asOf: '2026-11-29T20:00:00Z' })).data as Row[],
        'recency_days',
      ).flat();
      return { got: JSON.stringify(days), passed: days.length > 0 && days.every((each) => Number(each) >= 0) };
    }),
  ),
  equal(
    'numbers/n6 variant=orders counts an order once',
    [[1, 50]],
    numbers(async (server) => {
      await file(server, 'n6.csv', { ...BASE(), shop: 'N6' });
      return pick(
        (await report(server, 'ReturnRate', { shop: 'N6', variant: 'orders' })).by_platform as Row[],
        'return_count',
        'return_rate',
      );
    }),
  ),
  equal(
    'numbers/n7 product and variant are fields',
    [
      ['Cable', 3],
      ['Crema · Día', 1],
      ['Crema · Noche', 2],
    ],
    numbers(async (server) => {
      await file(server, 'n7.csv', { ...BASE(), shop: 'N7' });
      return (
        pick((await report(server, 'OrderAnalysis', { shop: 'N7' })).data as Row[], 'product_name', 'sell_count') as [string, number][]
      ).toSorted(([a], [b]) => (a < b ? -1 : 1));
    }),
  ),
  equal(
    'numbers/n8 one impossible date',
    { refused: 1, orders: 1 },
    numbers(async (server) => {
      const { refused, orders, msg } = await file(server, 'n8.csv', { ...BASE(), shop: 'N8' });
      return refused === undefined ? msg : { refused, orders };
    }),
  ),
  judged('numbers/n9 an older export after a newer one', 'the order stays cancelled, or it is said', () =>
    withServer(async (server) => {
      const mapping = { ...BASE(), shop: 'N9' };
      await file(server, 'n9-old.csv', mapping);
      await file(server, 'n9-new.csv', mapping);
      const last = await file(server, 'n9-old.csv', mapping);
      const orders = ((await report(server, 'Overview', { shop: 'N9' })).data as Row[])[0]?.['orders'];
      const warnings = JSON.stringify(last['warnings'] ?? []);
      return { got: `${String(orders)} sold, warnings ${warnings}`, passed: orders === 0 || warnings !== '[]' };
    }),
  ),
  judged("numbers/n10 an order's rows in two files", '2 units, 20, or it is said', () =>
    withServer(async (server) => {
      const mapping = { ...BASE(), shop: 'N10' };
      await file(server, 'n10-a.csv', mapping);
      const last = await file(server, 'n10-b.csv', mapping);
      const [row] = pick((await report(server, 'Overview', { shop: 'N10' })).data as Row[], 'units', 'revenue') as [unknown, unknown][];
      const warnings = JSON.stringify(last['warnings'] ?? []);
      return { got: `${JSON.stringify(row)}, warnings ${warnings}`, passed: JSON.stringify(row) === '[2,20]' || warnings !== '[]' };
    }),
  ),
  equal(
    'numbers/n11 a price is rounded once',
    { '11.31': [11.31, 11.31, 11.31], '29.44': [29.44, 29.44, 29.44], '90.89': [90.89, 90.89, 90.89] },
    numbers(async (server) => {
      // Amounts that are a hair below half a cent in euros: rounded to four digits first, they become a half and then a cent more.
      const rows = ['1,2026-03-27T10:00:00,G1,Eleven,,1,9.46,,done,,,,,,,,', '2,2026-09-04T10:00:00,G2,Ninety,,1,76.18,,done,,,,,,,,'];
      await text(server, rows, { ...BASE(), shop: 'G', currency: 'GBP', zone: 'Europe/London' });
      await text(server, ['3,2026-09-22T10:00:00,U1,Twenty-nine,,1,33.90,,done,,,,,,,,'], {
        ...BASE(),
        shop: 'U',
        currency: 'USD',
        zone: 'America/New_York',
      });
      const { data } = await report(server, 'OrderAnalysis', { shop: 'G,U', currency: 'EUR' });
      return Object.fromEntries(
        (data as Row[])
          .map(
            (row) =>
              [String(row['total_sale_amount']), ['avg_sale_price', 'min_sale_price', 'max_sale_price'].map((name) => row[name])] as const,
          )
          .toSorted(([a], [b]) => Number(a) - Number(b)),
      );
    }),
  ),
];
