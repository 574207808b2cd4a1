/** A file as it is posted: its text, what it is called, how it is read, and the shop that is named for it. */
export interface FileInput {
  readonly name: string;
  readonly text: string;
  readonly mapping?: object;
  readonly shop?: string;
}

const COLUMNS = { orderId: 'no', purchasedAt: 'day', sku: 'article', quantity: 'pieces', netSales: 'sum', status: 'state' };
const TILL = {
  name: 'till',
  zone: 'Europe/Madrid',
  currency: 'EUR',
  columns: COLUMNS,
  statuses: { sold: 'completed', sent: 'shipped', void: 'cancelled', back: { status: 'completed', outcome: 'returned' } },
};
const HEADER = 'no,day,article,pieces,sum,state';
const WEB = {
  name: 'web',
  platform: 'Other',
  zone: 'Europe/London',
  refunds: { column: 'no', startsWith: 'R', order: 'of' },
  columns: {
    orderId: 'no',
    purchasedAt: 'day',
    sku: 'article',
    skuName: 'title',
    variation: 'kind',
    quantity: 'pieces',
    netSales: 'sum',
    currency: 'cur',
    buyer: 'who',
    country: 'land',
  },
};
const ALL =
  'amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\tsales-channel\tproduct-name\tsku\tasin\titem-status\tquantity\tcurrency\titem-price\titem-tax\tship-city\tship-country';
const SENT =
  'amazon-order-id\tshipment-id\tshipment-item-id\tpurchase-date\tpayments-date\tshipment-date\treporting-date\tsku\tproduct-name\tquantity-shipped\tcurrency\titem-price\tship-country\tsales-channel';
const PLACED = '2026-11-10T10:00:00+00:00';
const SHIPPED = '2026-11-11T10:00:00+00:00';

const till = (shop: string, rows: readonly string[], mapping: object = TILL): FileInput => ({
  name: 'till.csv',
  text: [HEADER, ...rows, ''].join('\n'),
  mapping,
  shop,
});
const amazon = (header: string, rows: readonly (readonly unknown[])[]): FileInput => ({
  name: 'report.txt',
  shop: 'Jar shop',
  text: [header, ...rows.map((row) => row.join('\t')), ''].join('\n'),
});
const whole = (id: string, sku: string, pieces: number, price: string) => [
  id,
  PLACED,
  SHIPPED,
  'Shipped',
  'Amazon.es',
  'Jar',
  sku,
  `B0${sku}`,
  'Shipped',
  pieces,
  'EUR',
  price,
  '0.50',
  'Getafe',
  'ES',
];

/** What was brought in by files, in this order; invented. Each of the later ones is something that an earlier program stored otherwise. */
export const FILE_INPUTS: readonly FileInput[] = [
  {
    name: 'web.csv',
    shop: 'Web shop',
    mapping: WEB,
    text: [
      'no,day,article,title,kind,pieces,sum,cur,who,land,of',
      ...Array.from(
        { length: 60 },
        (_, i) =>
          `W${i},2026-${String(9 + (i % 3)).padStart(2, '0')}-${String(1 + ((i * 7) % 20)).padStart(2, '0')}T1${i % 10}:00:00,CUP-${i % 7},Cup,${['blue', 'red'][i % 2]},${1 + (i % 3)},${10 + i}.50,${i % 4 === 0 ? 'GBP' : 'EUR'},c${i % 23},${['GB', 'ES'][i % 2]},`,
      ),
      'R1,2026-11-15T10:00:00,CUP-1,Cup,blue,-1,-11.50,EUR,,,W1',
      'R2,2026-11-16T10:00:00,CUP-2,Cup,blue,-1,-5.00,EUR,,,',
      '',
    ].join('\n'),
  },
  till('Halves', ['1,2026-11-04,A,1,10.00,sold']),
  till('Halves', ['1,2026-11-04,B,1,12.00,sold', '2,2026-11-05,A,2,20.00,back']),
  till('Older later', ['1,2026-11-04,A,1,10.00,sold']),
  till('Older later', ['1,2026-11-04,A,1,10.00,void']),
  till('Older later', ['1,2026-11-04,A,1,10.00,sold']),
  till('Moved', ['7,02/10/2026,A,2,10.00,sold', '8,03/10/2026,B,1,4.00,sold'], { ...TILL, dateForms: ['MM/DD/YYYY'] }),
  till('Moved', ['7,02/10/2026,A,2,10.00,sold', '8,03/10/2026,B,1,4.00,sold'], { ...TILL, dateForms: ['DD/MM/YYYY'] }),
  amazon(ALL, [whole('404-1', 'J-1', 2, '20.00'), whole('404-1', 'J-2', 1, '10.00'), whole('404-2', 'J-1', 1, '9.00')]),
  amazon(SENT, [['404-1', 'S1', 'D1', PLACED, PLACED, SHIPPED, SHIPPED, 'J-1', 'Jar', 1, 'EUR', '10.00', 'ES', 'Amazon.es']]),
];

/** Posts a file as a seller does. */
export async function postFile(url: string, { name, text, mapping, shop }: FileInput): Promise<Record<string, unknown>> {
  const form = new FormData();
  if (mapping) form.append('mapping', JSON.stringify(mapping));
  form.append('file', new Blob([text]), name);
  const answer = await fetch(`${url}/api/import${shop ? `?shop=${encodeURIComponent(shop)}` : ''}`, { method: 'POST', body: form });
  const body = (await answer.json()) as Record<string, unknown>;
  if (!answer.ok) throw new Error(JSON.stringify(body));
  return body;
}
