/** Holds our client's requests and the simulator's answers against TikTok's own OpenAPI files, and prints where they differ. */
import { openSimulator, type Simulator } from '../simulator/simulator.ts';
import { ACCOUNTS } from '../simulator/world/shops.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { send, type HttpRequest } from '../src/kernel/http.ts';
import { keyedHash } from '../src/kernel/vault.ts';
import { openClient, type Access } from '../src/platforms/client.ts';
import type { App } from '../src/platforms/platform.ts';
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
async function record(simulator: Simulator): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  const client = openClient({
    clock: systemClock, rateFactor: Infinity,
    async send(request) {
      const reply = await send(request);
      exchanges.push({ request, reply: JSON.parse(reply.body) });
      return reply;
    },
  });
  for (const { id, app: kind } of ACCOUNTS) {
    const app: App = { platform: 'TikTok', kind, ...simulator.apps[kind] };
    const decided = await fetch(`${simulator.url}/open/authorize/decide?service_id=${app.serviceId}&account=${id}&decision=authorize`, { redirect: 'manual' });
    const code = api.codeOf(Object.fromEntries(new URL(decided.headers.get('location')!).searchParams));
    const grant = await api.exchange(client.callFor(api, { app }), app, code);
    const access: Access = { app, token: async () => grant.accessToken, renew: async () => grant.accessToken };
    for (const shop of await api.shops(client.callFor(api, { app, access }))) {
      const call = client.callFor(api, { app, access, shop });
      const to = systemClock.now();
      const ids: string[] = [];
      for await (const page of api.orders.pages(call, { from: to.subtract({ hours: 24 * DAYS }), to }, { resume: null, hash })) {
        ids.push(...page.documents.map((document) => api.orders.idOf(document)!));
      }
      await api.orders.byId(call, ids.slice(0, 200), hash);
      await api.live.list(call, { pageSize: 10, pageToken: null, filters: { order_status: 'COMPLETED', shipping_type: 'TIKTOK' } });
      for (const orderId of ids.slice(0, 20)) await api.live.priceDetail(call, orderId);
    }
  }
  return exchanges;
}

const simulator = await openSimulator({ limits: 'off' });
const exchanges = await record(simulator);
await simulator.close();

const publishedFor = readPublished();
const problems = new Map<string, number>();
let compared = 0;
for (const { request, reply } of exchanges) {
  const url = new URL(request.url);
  // The token calls are older than the files and not in them.
  if (url.pathname.startsWith('/api/v2/token/')) continue;
  const published = publishedFor(request.method, url.pathname);
  compared += 1;
  const found = published ? [...published.requestProblems(url.searchParams, request.body ?? ''), ...published.replyProblems(reply)] : ['is not published'];
  for (const problem of new Set(found)) {
    const line = `${request.method} ${published?.path ?? url.pathname}  ${problem}`;
    problems.set(line, (problems.get(line) ?? 0) + 1);
  }
}
for (const [line, count] of [...problems].toSorted()) process.stdout.write(`${line} (${count})\n`);
process.stdout.write(`${compared} exchanges compared, ${problems.size} differences\n`);
if (problems.size > 0) process.exitCode = 1;
