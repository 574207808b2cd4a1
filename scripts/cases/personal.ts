import { runInNewContext } from 'node:vm';
import { judged, input, type Case, type Outcome } from './case.ts';
import { bringHome, withServer } from './servers.ts';
import { marksIn } from './store-search.ts';
import type { Answer, TestApp } from '../../tests/shop-window.ts';

const MARK = /PIIMARK[\p{L}\d-]*/gu;

/** Nothing of a mark in the store, in the answers, in what the server keeps of refused rows. */
async function nowhere(server: TestApp, answers: readonly Answer[], mark = MARK): Promise<Outcome> {
  const found = await marksIn(server, mark);
  for (const { text, json } of answers) {
    found.push(...[...text.matchAll(mark)].map(([each]) => `answer: ${each}`));
    if (typeof json?.refused_list === 'string')
      found.push(...[...(await server.get(json.refused_list)).text.matchAll(mark)].map(([each]) => `refused list: ${each}`));
  }
  for (const path of ['/api/Multiplatform/order/all', '/api/import', '/', '/metrics'])
    found.push(...[...(await server.get(path)).text.matchAll(mark)].map(([each]) => `${path}: ${each}`));
  const places = [...new Set(found)];
  return { got: places.length === 0 ? 'nowhere' : places.join(', '), passed: places.length === 0 };
}

const imported = (name: string): Case =>
  judged(`hostile/${name}`, 'no mark anywhere', () =>
    withServer(async (server) => {
      const mapping: unknown = JSON.parse(input('hostile', 'pii-map.json').toString());
      return nowhere(server, [await bringHome(server, { name, bytes: input('hostile', name) }, { mapping })]);
    }),
  );

/** A literal of a script of the cases, which is read and not run: it reaches into the insides of another day. */
function literalIn(script: string, name: string, open: '[' | '{'): unknown {
  const text = input('hostile', script).toString();
  const start = text.indexOf(open, text.indexOf('=', text.indexOf(`const ${name}`)));
  const end = text.indexOf(open === '{' ? '};' : '];', start) + 1;
  return runInNewContext(`(${text.slice(start, end)})`);
}

async function adopt(server: TestApp, platform: string, records: unknown): Promise<Answer> {
  const form = new FormData();
  form.append('file', new Blob([JSON.stringify(records)]), 'orders.json');
  const answer = await fetch(`${server.url}/api/adopt?platform=${platform}`, { method: 'POST', body: form });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: JSON.parse(text) };
}

/** Of the personal fields of `kept-json-fields.mts` each is filled on the order and on its line. */
const ORDERS: Readonly<Record<string, (fields: Record<string, string>) => unknown>> = {
  TikTok: (fields) => ({
    ...fields,
    id: '1',
    status: 'COMPLETED',
    create_time: 1795597865,
    update_time: 1795597874,
    payment: { currency: 'EUR', total_amount: '1.00' },
    recipient_address: { region_code: 'ES', ...fields },
    line_items: [{ ...fields, id: '2', sku_id: '3', original_price: '1.00' }],
  }),
  Shein: (fields) => ({
    ...fields,
    orderNo: 'GSU1',
    orderType: 1,
    orderStatus: 5,
    orderCurrency: 'EUR',
    salesSite: 'shein-es',
    orderTime: '2025-05-20 10:00:00',
    receiveMsg: { country: 'Spain', ...fields },
    orderGoodsInfoList: [{ ...fields, goodsId: 1, skuCode: 'I73', newGoodsStatus: 5, sellerCurrencyPrice: 12.98 }],
  }),
};

/** What is personal and must be nowhere; what must not run or steer. */
export const personalCases: readonly Case[] = [
  ...['pii-spain.csv', 'pii-shift.csv', 'pii-noheader.csv'].map(imported),
  judged('hostile/headers.mts', 'no column that the mapping does not name is kept', () =>
    withServer(async (server) => {
      const lists = literalIn('headers.mts', 'lists', '{') as Readonly<Record<string, readonly string[]>>;
      const headers = Object.values(lists).flat();
      const quoted = (cells: readonly string[]): string => cells.map((cell) => `"${cell}"`).join(',');
      const file = [
        quoted(['Order', 'Date', 'SKU', ...headers]),
        quoted(['1', '2026-01-01', 's', ...headers.map((header) => `PIIMARK-${header.replace(/[^\p{L}\d]/gu, '-')}`)]),
      ].join('\n');
      const mapping = {
        name: 'headers',
        zone: 'UTC',
        currency: 'EUR',
        shop: 'H',
        columns: { orderId: 'Order', purchasedAt: 'Date', sku: 'SKU' },
      };
      const answer = await bringHome(server, { name: 'headers.csv', bytes: Buffer.from(file) }, { mapping });
      const { got, passed } = await nowhere(server, [answer]);
      return answer.json?.orders === 1 ? { got, passed } : { got: answer.text, passed: false };
    }),
  ),
  ...Object.entries(ORDERS).map(([platform, orderOf]) =>
    judged(`hostile/kept-json-fields.mts ${platform}`, "no personal field is kept of a platform's document", () =>
      withServer(async (server) => {
        const names = literalIn('kept-json-fields.mts', 'names', '[') as readonly string[];
        const answer = await adopt(server, platform, [orderOf(Object.fromEntries(names.map((name) => [name, `PIIMARK-${name}`])))]);
        return answer.json?.orders === 1 ? nowhere(server, [answer]) : { got: answer.text, passed: false };
      }),
    ),
  ),
  judged('hostile/xss.csv on pages', "markup of a file stands escaped on the page and in a report's table", () =>
    withServer(async (server) => {
      const answer = await bringHome(
        server,
        { name: 'xss.csv', bytes: input('hostile', 'xss.csv') },
        { mapping: JSON.parse(input('hostile', 'xss-map.json').toString()) },
      );
      const pages = await Promise.all(
        ['/', '/api/Multiplatform/DataScience/SalesRank', '/api/Multiplatform/DataScience/AreaDemand?level=city'].map((path) =>
          server.get(path, { accept: 'text/html' }),
        ),
      );
      const wrong = pages
        .filter(({ headers }) => headers.get('content-type')?.includes('html'))
        .flatMap(({ text }) => text.match(/<img src=x[^>]*>|<svg onload|(?:src|href)="javascript:[^"]*"/g) ?? []);
      return {
        got: `${answer.json?.orders ?? answer.text} orders, ${wrong.length === 0 ? 'escaped' : wrong.join(' ')}`,
        passed: answer.json?.orders > 0 && wrong.length === 0,
      };
    }),
  ),
  judged('hostile/xss.csv as CSV', 'no cell of a report begins as a formula', () =>
    withServer(async (server) => {
      await bringHome(
        server,
        { name: 'xss.csv', bytes: input('hostile', 'xss.csv') },
        { mapping: JSON.parse(input('hostile', 'xss-map.json').toString()) },
      );
      const { text } = await server.get('/api/Multiplatform/DataScience/SalesRank?format=csv');
      const wrong = text.match(/(?:^|,)"?\s*[=+@＝](?![\d.]+(?:,|$))[^,\n]*/gm) ?? [];
      return {
        got:
          wrong.length === 0
            ? text
                .split('\n')
                .slice(1, 5)
                .map((line) => line.slice(0, 40))
                .join(' | ')
            : wrong.join(' | '),
        passed: wrong.length === 0,
      };
    }),
  ),
  judged('hostile/xss.csv control characters', 'neither control nor bidi characters in a name that is told', () =>
    withServer(async (server) => {
      await bringHome(
        server,
        { name: 'xss.csv', bytes: input('hostile', 'xss.csv') },
        { mapping: JSON.parse(input('hostile', 'xss-map.json').toString()) },
      );
      const { json } = await server.get('/api/Multiplatform/DataScience/SalesRank');
      const names = JSON.stringify(((json?.data ?? []) as Record<string, unknown>[]).map(({ sku, sku_name: name }) => [sku, name]));
      // oxlint-disable-next-line no-control-regex
      const wrong = names.match(/\\u00[01]\w|\\u202\w|[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/gu) ?? [];
      return {
        got: wrong.length === 0 ? 'none' : `${wrong.length}: ${JSON.stringify([...new Set(wrong)])}`,
        passed: (json?.data?.length ?? 0) > 0 && wrong.length === 0,
      };
    }),
  ),
];
