import { join } from 'node:path';
import { CASES_FOLDER, equal, judged, shown, type Case } from './case.ts';
import { s7, withProcess } from './servers.ts';

type Row = Record<string, unknown>;

interface Adopted {
  /** What `s7 adopt … --json` said; an error's body where it was refused. */
  // oxlint-disable-next-line no-explicit-any
  readonly said: any;
  readonly code: number | null;
  get(path: string): Promise<Row & { data?: Row[] }>;
}

/** Takes a folder over with the command itself, into the data of a server that runs. */
function adopted<T>(
  folder: string,
  ask: (done: Adopted) => Promise<T>,
  { args = [], vat }: { args?: readonly string[]; vat?: string } = {},
): () => Promise<T> {
  return () =>
    withProcess(async ({ url, data }) => {
      const env = { S7_DATA_DIR: data };
      const { code, out, err } = await s7(['adopt', join(CASES_FOLDER, 'adopt', folder), '--json', ...args], env);
      if (vat) await s7(['shops', 'set', 'TikTok ES', '--vat', vat], env);
      return ask({
        code,
        said: parsed(out) ?? parsed(err) ?? { msg: out + err },
        get: async (path) => (await fetch(`${url}${path}`)).json() as Promise<Row & { data?: Row[] }>,
      });
    });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.trim().split('\n').at(-1) ?? '');
  } catch {
    return undefined;
  }
}

const orders = async ({ get }: Adopted): Promise<Row[]> =>
  ((await get('/api/Multiplatform/order/all?shape=canonical')) as { orders?: Row[] }).orders ?? [];
const ids = async (done: Adopted): Promise<unknown> => (await orders(done)).map((order) => order['order_id']).toSorted();
const overview = async ({ get }: Adopted): Promise<Row> => (await get('/api/Multiplatform/DataScience/Overview')).data?.[0] ?? {};
const details = ({ said }: Adopted): unknown =>
  (said.orders as Row[] | undefined)?.filter(({ content }) => content === 'price_details').map((each) => each['orders']);

/** Every folder of `adopt/`, taken over by the command. */
export const adoptCases: readonly Case[] = [
  equal(
    'adopt/real-layout',
    { orders: ['576859029223086481'], shopId: '749' },
    adopted('real-layout', async (done) => ({ orders: await ids(done), shopId: done.said.shop_id ?? done.said.msg })),
  ),
  equal(
    'adopt/real-layout --dry-run',
    { told: 1, stored: 0 },
    adopted('real-layout', async (done) => ({ told: done.said.orders?.[0]?.orders, stored: (await orders(done)).length }), {
      args: ['--dry-run'],
    }),
  ),
  equal(
    'adopt/adopt-empty',
    { code: 0, orders: ['576859029223086481'], details: [1] },
    adopted('adopt-empty', async (done) => ({ code: done.code, orders: await ids(done), details: details(done) ?? done.said.msg })),
  ),
  equal(
    'adopt/adopt-empty --dry-run',
    { code: 0, details: [1] },
    adopted('adopt-empty', async (done) => ({ code: done.code, details: details(done) ?? done.said.msg }), { args: ['--dry-run'] }),
  ),
  equal(
    'adopt/adopt-empty --shop',
    { code: 0, shops: ['Mine'], details: [1] },
    adopted(
      'adopt-empty',
      async (done) => ({
        code: done.code,
        shops: [...new Set((await orders(done)).map((order) => order['shop']))],
        details: details(done) ?? done.said.msg,
      }),
      { args: ['--shop', 'Mine'] },
    ),
  ),
  judged(
    'adopt/adopt-heads',
    'TikTok and price details in, two list heads set aside and said',
    adopted('adopt-heads', async (done) => {
      const heads = (done.said.orders as Row[] | undefined)?.find(({ platform }) => platform === 'Shein');
      const got = {
        code: done.code,
        orders: await ids(done),
        details: details(done),
        heads: heads && [heads['orders'], heads['heads'] ?? heads['refused']],
      };
      return {
        got: shown(done.said.msg ?? got),
        passed:
          done.code === 0 &&
          shown(got.orders) === '["576859029223086481"]' &&
          shown(got.details) === '[1]' &&
          heads?.['orders'] === 0 &&
          JSON.stringify(heads).includes('2'),
      };
    }),
  ),
  equal(
    'adopt/shein-adopt',
    { orders: ['GSU1TEST00000A', 'GSU1TEST00000B'], units: 2, revenue: 25.96 },
    adopted('shein-adopt', async (done) => {
      const { units, revenue } = await overview(done);
      return { orders: await ids(done), units, revenue };
    }),
  ),
  equal(
    'adopt/vat with VAT 21',
    100,
    adopted('vat', async (done) => (await overview(done))['net_sales_ex_tax'], { vat: '21' }),
  ),
  judged(
    'adopt/vat without a setting',
    'null with its reason',
    adopted('vat', async (done) => {
      const { data, nulls } = await done.get('/api/Multiplatform/DataScience/Overview');
      return {
        got: shown([data?.[0]?.['net_sales_ex_tax'], (nulls as Row | undefined)?.['net_sales_ex_tax']]),
        passed: data?.[0]?.['net_sales_ex_tax'] === null && Boolean((nulls as Row)['net_sales_ex_tax']),
      };
    }),
  ),
  equal(
    'adopt/delivery-failed-es',
    [
      ['EN', 1],
      ['ES', 1],
    ],
    adopted('delivery-failed-es', async (done) =>
      (await done.get('/api/TikTok/DataScience/ReturnRate')).data?.map((row) => [row['sku_id'], row['return_count']]).toSorted(),
    ),
  ),
  equal(
    'adopt/valencian',
    [['ES-VC', 3]],
    adopted('valencian', async (done) =>
      (await done.get('/api/TikTok/DataScience/AreaDemand')).data?.map((row) => [row['area_code'], row['sales']]),
    ),
  ),
  equal(
    'adopt/gift',
    { kind: ['gift'], units: 0 },
    adopted('gift', async (done) => ({
      kind: (await orders(done)).flatMap((order) => (order['lines'] as Row[]).map((line) => line['kind'])),
      units: (await overview(done))['units'],
    })),
  ),
  judged(
    'adopt/violation',
    'the price detail is listed with payment and line_items[0].subtotal',
    adopted('violation', async (done) => {
      const text = JSON.stringify(await done.get('/api/sync/discrepancies'));
      return { got: text.slice(0, 400), passed: /payment/.test(text) && /line_items\[0\]\.subtotal/.test(text) };
    }),
  ),
];
