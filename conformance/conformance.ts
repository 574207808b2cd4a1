/** Holds our client's requests and the simulator's answers against TikTok's own OpenAPI files, and prints where they differ. */
import { Client, type Answer } from '../simulator/tiktok/client.ts';
import { openTikTokAlone, type TikTokAlone } from '../simulator/tiktok/tiktok-alone.ts';
import { serverSettings } from '../simulator/thread.ts';
import { ACCOUNTS } from '../simulator/tiktok/shops.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { send, type HttpRequest } from '../src/kernel/http.ts';
import { keyedHash } from '../src/kernel/vault.ts';
import { openClient, type Access } from '../src/platforms/client.ts';
import type { App } from '../src/platforms/connection.ts';
import { tiktok } from '../src/platforms/tiktok/tiktok.ts';
import { readPublished } from './openapi.ts';

interface Exchange {
  readonly request: HttpRequest;
  readonly reply: unknown;
}

const api = tiktok.api!;
const hash = keyedHash(Buffer.alloc(32, 1));
const DAYS = 45;

/** Every kind of call, for every shop of every seller that the simulator knows. */
async function record(simulator: TikTokAlone): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  const client = openClient({
    clock: systemClock,
    rateFactor: Infinity,
    async send(request) {
      const reply = await send(request);
      exchanges.push({ request, reply: JSON.parse(reply.body) });
      return reply;
    },
  });
  for (const { id, app: kind } of ACCOUNTS) {
    const { host, ...registration } = serverSettings(simulator).find((each) => each.kind === kind)!;
    const app: App = { ...registration, hosts: () => ({ consent: host, auth: host, api: host }) };
    const decided = await fetch(
      `${simulator.url}/open/authorize/decide?service_id=${app.more['serviceId']}&account=${id}&decision=authorize`,
      {
        redirect: 'manual',
      },
    );
    const query = Object.fromEntries(new URL(decided.headers.get('location')!).searchParams);
    const grant = await api.grant({ app, call: client.callFor(api, { app, region: null }), region: null, redirectUrl: '', query });
    const { account, region, secrets } = grant;
    const access: Access = { account, secrets: async () => secrets, renew: async () => secrets, lost: async () => undefined };
    for (const shop of await api.shops(client.callFor(api, { app, region, access }), grant)) {
      const call = client.callFor(api, { app, region, access, shop });
      const to = systemClock.now();
      const ids: string[] = [];
      for await (const page of api.orders.pages(call, { from: to.subtract({ hours: 24 * DAYS }), to }, { resume: null, hash })) {
        ids.push(...page.documents.map((document) => api.orders.idOf(document)!));
      }
      await api.orders.byId(call, ids.slice(0, 200), hash);
      await api.live!.list(call, { pageSize: 10, pageToken: null, filters: { order_status: 'COMPLETED', shipping_type: 'TIKTOK' } });
      for (const orderId of ids.slice(0, 20)) await api.live!.priceDetail(call, orderId);
    }
  }
  return exchanges;
}

/** Searches by both versions, as the simulator's own client makes them: pages, filters, and what each thing can look like. */
const SEARCHES: readonly {
  path: string;
  versions: readonly string[];
  query: Readonly<Record<string, string>>;
  body: Readonly<Record<string, unknown>>;
  pages: number;
}[] = [
  {
    path: '/return_refund/VERSION/returns/search',
    versions: ['202309', '202602'],
    query: { page_size: '50', sort_field: 'update_time', sort_order: 'DESC' },
    body: {},
    pages: 20,
  },
  {
    path: '/return_refund/VERSION/returns/search',
    versions: ['202309'],
    query: { page_size: '10' },
    body: { return_types: ['REFUND'], return_status: ['AWAITING_BUYER_RESPONSE'], locale: 'es-ES' },
    pages: 1,
  },
  {
    path: '/return_refund/VERSION/cancellations/search',
    versions: ['202309', '202602'],
    query: { page_size: '50', sort_order: 'DESC' },
    body: {},
    pages: 20,
  },
  {
    path: '/return_refund/VERSION/cancellations/search',
    versions: ['202309'],
    query: { page_size: '10' },
    body: { cancel_status: ['CANCELLATION_REQUEST_CANCEL'] },
    pages: 1,
  },
  {
    path: '/product/VERSION/products/search',
    versions: ['202309', '202312', '202502'],
    query: { page_size: '50' },
    body: { status: 'ALL', update_time_ge: 1, update_time_le: 4e9 },
    pages: 4,
  },
];

/** What our client does not ask, or asks in few words. */
async function recordSearches(simulator: TikTokAlone): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  for (const { id, app } of ACCOUNTS) {
    const client = new Client(simulator.apps[app]);
    const { token, shops } = await client.connect(id);
    for (const { cipher } of shops) {
      const ask = async (method: string, path: string, query: Readonly<Record<string, string>>, given?: unknown): Promise<Answer> => {
        const body = given === undefined ? null : JSON.stringify(given);
        const answer = await client.call(path, { method, query, ...(body === null ? {} : { body }), token, cipher });
        const url = `${simulator.url}${path}?${new URLSearchParams(query).toString()}`;
        exchanges.push({ request: { method, url, headers: {}, body, deadlineMs: 0 }, reply: JSON.parse(answer.text) });
        return answer;
      };
      for (const { path, versions, query, body, pages } of SEARCHES) {
        for (const version of versions) {
          let next: string | undefined = '';
          for (let page = 0; page < pages && next !== undefined; page++) {
            const { data } = await ask(
              'POST',
              path.replace('VERSION', version),
              next === '' ? query : { ...query, page_token: next },
              body,
            );
            next = data.next_page_token || undefined;
          }
        }
      }
      const { data } = await ask('POST', '/product/202502/products/search', { page_size: '100' }, { status: 'ACTIVATE' });
      const ids = (data.products as { id: string }[]).map((product) => product.id);
      for (const productId of ids.slice(0, 40)) await ask('GET', `/product/202309/products/${productId}`, {});
      await ask('POST', '/product/202309/inventory/search', {}, { product_ids: ids });
    }
  }
  return exchanges;
}

const simulator = await openTikTokAlone({ limits: 'off' });
const exchanges = [...(await record(simulator)), ...(await recordSearches(simulator))];
await simulator.close();

/** Newer than the files, which have the version before; and the field the newer one adds (facts sheet, section 6). */
const NEWER: Readonly<Record<string, string>> = {
  '/return_refund/202602/returns/search': '202309',
  '/return_refund/202602/cancellations/search': '202309',
};
const EXPLAINED = new Set([
  'POST /return_refund/202309/cancellations/search  reply.data.cancellations[]: should_replenish_stock is not published',
]);

const publishedFor = readPublished();
const problems = new Map<string, number>();
let compared = 0;
for (const { request, reply } of exchanges) {
  const url = new URL(request.url);
  // The token calls are older than the files and not in them.
  if (url.pathname.startsWith('/api/v2/token/')) continue;
  const older = NEWER[url.pathname];
  const published = publishedFor(request.method, older === undefined ? url.pathname : url.pathname.replace(/\d{6}/, older));
  compared += 1;
  const found = published
    ? [...published.requestProblems(url.searchParams, request.body ?? ''), ...published.replyProblems(reply)]
    : ['is not published'];
  for (const problem of new Set(found)) {
    const line = `${request.method} ${published?.path ?? url.pathname}  ${problem}`;
    if (older === undefined || !EXPLAINED.has(line)) problems.set(line, (problems.get(line) ?? 0) + 1);
  }
}
for (const [line, count] of [...problems].toSorted()) process.stdout.write(`${line} (${count})\n`);
process.stdout.write(`${compared} exchanges compared, ${problems.size} differences\n`);
if (problems.size > 0) process.exitCode = 1;
