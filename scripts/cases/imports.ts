import { equal, input, inputs, judged, oneOf, type Case } from './case.ts';
import { bringHome, report, withServer } from './servers.ts';
import type { TestApp } from '../../tests/shop-window.ts';

type Row = Record<string, unknown>;

interface Imported {
  readonly server: TestApp;
  /** The answers of the import, one for each file. */
  readonly answers: readonly Row[];
  /** Every order as it was stored, in our own form. */
  readonly orders: readonly Row[];
}

/** Brings files of a case home one after the other, on a server of their own. */
function imported<T>(
  folder: string,
  files: readonly string[],
  ask: (done: Imported) => T | Promise<T>,
  query: Record<string, string> = { shop: 'Own' },
): () => Promise<T> {
  return () =>
    withServer(async (server) => {
      const answers: Row[] = [];
      for (const name of files)
        answers.push((await bringHome(server, { name, bytes: input('import', folder, name) }, { query })).json as Row);
      const { json } = await server.get('/api/Multiplatform/order/all?shape=canonical');
      return ask({ server, answers, orders: (json?.orders ?? []) as Row[] });
    });
}

const linesOf = (orders: readonly Row[]): Row[] => orders.flatMap((order) => order['lines'] as Row[]);
const net = (orders: readonly Row[]): Record<string, unknown> =>
  Object.fromEntries(orders.map((order) => [String(order['order_id']), order['net_sales']]));
/** What is said of a file, so that a refusal can be told from an answer. */
const said = ({ msg, name, refused, refused_reasons: reasons, warnings, doubtful_ids: doubtful }: Row): string =>
  JSON.stringify({ msg, name, refused, reasons, warnings, doubtful });
const counts = ({ orders, refused, name }: Row): unknown => (name ? name : { orders, refused });
const rank = async ({ server }: Imported, query: Record<string, string> = {}): Promise<unknown> =>
  ((await report(server, 'SalesRank', query)).data as Row[] | undefined)?.map(({ sku, sales, revenue }) => [sku, sales, revenue]);

const [E, D2, IDR, PART, US, BYTE, GBK, SPLIT, SHEETS, PT, COMMA, ZA, PARCELS, HEADERS, OLD] = inputs('import');

/** Every file of `import/`, each with what its `expected.json` says. */
export const importCases: readonly Case[] = [
  equal(
    'import/01 ids in E notation',
    { orders: 0, refused: 3 },
    imported(E!, ['T04_excel_scientific_ids.csv'], ({ answers }) => counts(answers[0]!)),
  ),
  equal(
    'import/01 ids in E notation, Spanish',
    { orders: 0, refused: 2 },
    imported(E!, ['T04d_excel_scientific_ids_es.csv'], ({ answers }) => counts(answers[0]!)),
  ),
  judged(
    'import/01 the reason names the spreadsheet',
    'it says that a spreadsheet damaged the id',
    imported(E!, ['T04_excel_scientific_ids.csv'], ({ answers }) => ({
      got: said(answers[0]!),
      passed: /spreadsheet|damaged/i.test(said(answers[0]!)),
    })),
  ),
  judged(
    'import/01 ids cut to 15 digits',
    'refused, or at least a warning',
    imported(E!, ['T04b_excel_15digits_ids.csv'], ({ answers: [answer] }) => ({
      got: said(answer!),
      passed:
        answer!['name'] !== undefined ||
        Number(answer!['refused']) > 0 ||
        [answer!['warnings'], answer!['doubtful_ids']].some((told) => Array.isArray(told) && told.length > 0),
    })),
  ),
  oneOf(
    'import/02 ids that are numbers in a sheet',
    [['579905969878844579', '579905969878844580'], []],
    imported(D2!, ['T04c_xlsx_numeric_ids.xlsx'], ({ orders }) => orders.map((order) => order['order_id']).toSorted()),
  ),
  oneOf(
    'import/03 IDR 125.000',
    [{ '579905969878840001': 250000, '579905969878840002': 1250000 }, {}],
    imported(IDR!, ['T01_id_dot_thousands.csv'], ({ orders }) => net(orders)),
  ),
  oneOf(
    'import/03 VND 89.000',
    [[89000], []],
    imported(IDR!, ['T01b_vn_dot_thousands.csv'], ({ orders }) => Object.values(net(orders))),
  ),
  oneOf(
    'import/03 89.000 with a dong sign',
    [[89000], []],
    imported(IDR!, ['T01c_vn_dong_sign.csv'], ({ orders }) => Object.values(net(orders))),
  ),
  equal(
    'import/04 one of three pieces came back',
    [[4, 1, 25]],
    imported(PART!, ['R_partial_return.csv'], async ({ server }) =>
      ((await report(server, 'ReturnRate')).data as Row[]).map((row) => [row['sell_count'], row['return_count'], row['return_rate']]),
    ),
  ),
  oneOf(
    'import/05 month first, told by one row',
    [['2026-03-01', '2026-03-25', '2026-12-03'], []],
    imported(US!, ['T03_us_excel_resaved.csv'], ({ orders }) => orders.map((order) => order['shop_day']).toSorted(), {}),
  ),
  judged(
    'import/06 UTF-8 with one character cut',
    'sofá «Málaga», Málaga and Cádiz',
    imported(BYTE!, ['E_utf8_truncated_char.txt'], ({ answers: [answer], orders }) => {
      // One SKU has one name in the store: what each row says stands in the import's own answer.
      const got = JSON.stringify([orders.map((order) => order['city']), answer!['sample']]);
      return { got, passed: ['"Málaga"', '"Cádiz"', 'Mueble sofá «Málaga» niño', 'Lámpara ni'].every((each) => got.includes(each)) };
    }),
  ),
  judged(
    'import/06 Shift_JIS with one character cut',
    '東京都 港区 コーヒーカップ ①㈱髙島',
    imported(BYTE!, ['E_sjis_truncated_char.txt'], ({ orders }) => {
      const got = JSON.stringify(orders.map((order) => [order['region'], order['city'], (order['lines'] as Row[])[0]?.['sku_name']]));
      return { got, passed: ['東京', '港区', 'コーヒーカップ ①㈱髙島'].every((each) => got.includes(each)) };
    }),
  ),
  equal(
    'import/07 GBK, SHEIN',
    { preset: 'shein-order-export', orders: 2, net: [12, 12], name: '连衣裙 · 红色-M' },
    imported(
      GBK!,
      ['E_gbk_shein.csv'],
      ({ answers: [answer], orders }) => ({
        preset: answer!['preset'],
        orders: answer!['orders'],
        net: Object.values(net(orders)),
        name: linesOf(orders)[0]?.['sku_name'],
      }),
      { zone: 'Europe/Madrid', shop: 'Own' },
    ),
  ),
  equal(
    'import/07 GBK, TikTok',
    [
      ['579905969878840001', 'completed', '不锈钢咖啡机 家用 · 红色'],
      ['579905969878840002', 'cancelled'],
    ],
    imported(GBK!, ['E_gbk_tiktok.csv'], ({ orders }) =>
      orders
        .toSorted((a, b) => (String(a['order_id']) < String(b['order_id']) ? -1 : 1))
        .map((order, i) => [order['order_id'], order['status'], ...(i === 0 ? [(order['lines'] as Row[])[0]?.['sku_name']] : [])]),
    ),
  ),
  equal(
    'import/08 one <row> for each cell',
    ['tiktok-order-export', 2, 0],
    imported(SPLIT!, ['X_splitrows.xlsx'], ({ answers: [answer] }) => [answer!['preset'], answer!['orders'], answer!['refused']]),
  ),
  ...['X_second_sheet.xlsx', 'X_empty_first.xlsx', 'X_hidden_first.xlsx'].map((name) =>
    equal(
      `import/09 ${name}`,
      ['tiktok-order-export', 2],
      imported(SHEETS!, [name], ({ answers: [answer] }) => [answer!['preset'], answer!['orders']]),
    ),
  ),
  equal(
    'import/10 Número de artigos vendidos',
    [2],
    imported(PT!, ['S_qty.csv'], ({ orders }) => linesOf(orders).map((line) => line['quantity'])),
  ),
  equal(
    'import/11 BRL 35,91',
    [35.91],
    imported(COMMA!, ['T02_br_decimal_comma.csv'], ({ orders }) => Object.values(net(orders))),
  ),
  equal(
    'import/11 R$ 49,90',
    [44.9, 49.9, 49.9],
    imported(COMMA!, ['S_brl_comma.csv'], ({ orders }) => Object.values(net(orders)).toSorted()),
  ),
  equal(
    'import/11 commas and points in one file',
    [1234.5, 1234.5, 5.05, 5.05],
    imported(COMMA!, ['A_mixed_decimals.txt'], ({ orders }) => Object.values(net(orders)).toSorted()),
  ),
  oneOf(
    'import/12 Amazon.co.za beside Amazon.co.uk',
    [{ 'Amazon.co.uk': 3, 'Amazon.co.za': 1 }, { 'Amazon.co.uk': 3 }],
    imported(
      ZA!,
      ['A_za.txt'],
      ({ orders }) =>
        Object.fromEntries(
          [...Map.groupBy(orders, (order) => String(order['shop']))]
            .map(([shop, own]) => [shop, own.length] as const)
            .toSorted(([a], [b]) => (a < b ? -1 : 1)),
        ),
      {},
    ),
  ),
  judged(
    'import/12 Amazon.co.za alone',
    "a shop Amazon.co.za (ZAR, Johannesburg), or refused with the channel's name",
    imported(
      ZA!,
      ['A_za_only.txt'],
      ({ answers: [answer], orders }) => {
        const got = `${said(answer!)} ${JSON.stringify(orders.map((order) => [order['shop'], order['currency']]))}`;
        return { got, passed: got.includes('co.za') };
      },
      {},
    ),
  ),
  equal(
    'import/13 a report of parcels after one of orders',
    [
      ['M-1', 2, 20],
      ['M-2', 1, 10],
    ],
    imported(PARCELS!, ['F_all.txt', 'F_part.txt'], (done) => rank(done)),
  ),
  equal(
    'import/13 a report of parcels before one of orders',
    [
      ['M-1', 2, 20],
      ['M-2', 1, 10],
    ],
    imported(PARCELS!, ['F_part.txt', 'F_all.txt'], (done) => rank(done)),
  ),
  judged(
    'import/14 other spellings of headers',
    '…0005 cancelled, …0004 refunded',
    imported(HEADERS!, ['T_header_alias.csv'], ({ orders }) => {
      const of = (id: string): Row | undefined => orders.find((order) => order['order_id'] === id);
      const [a, b] = [of('579905969878840005'), of('579905969878840004')];
      const outcome = [b?.['outcome'], ...((b?.['lines'] as Row[] | undefined) ?? []).map((line) => line['outcome'])];
      return {
        got: JSON.stringify([a?.['status'], outcome]),
        passed: a?.['status'] === 'cancelled' && outcome.some((each) => each === 'refunded' || each === 'returned'),
      };
    }),
  ),
  ...(
    [
      ['X_html.xls', /web page|HTML/i],
      ['X_biff.xls', /\.xls\b|old Excel/i],
      ['X_ods.ods', /LibreOffice|OpenDocument|\.ods/i],
      ['X_zip_of_csv.zip', /zip/i],
    ] as const
  ).map(([name, what]) =>
    judged(
      `import/15 ${name}`,
      `refused as what it is (${what.source}), with what to do, and no cell`,
      imported(OLD!, [name], ({ answers: [answer] }) => {
        const text = `${String(answer!['msg'])} ${String(answer!['hint'])}`;
        return {
          got: text,
          passed: answer!['name'] !== undefined && what.test(text) && /xlsx|csv|unpack/i.test(text) && !/Spain|<td>|579905|ÐÏ/.test(text),
        };
      }),
    ),
  ),
];
