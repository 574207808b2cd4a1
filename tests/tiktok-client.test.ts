import { afterEach, expect, test } from 'vitest';
import { buyerIdOf } from '../simulator/tiktok/ids.ts';
import { openTikTokAlone, type TikTokAlone, type TikTokAloneOptions } from '../simulator/tiktok/tiktok-alone.ts';
import { serverSettings } from '../simulator/thread.ts';
import { systemClock } from '../src/kernel/clock.ts';
import { keyedHash } from '../src/kernel/vault.ts';
import type { Json } from '../src/kernel/json.ts';
import { moneyText } from '../src/model/money.ts';
import type { Order } from '../src/model/order.ts';
import { imaginedShop } from '../src/model/shop.ts';
import { openClient, type Access, type CallReport, type Client } from '../src/platforms/client.ts';
import type { App, Grant, GrantedShop, Hosts, Secrets } from '../src/platforms/connection.ts';
import type { Call } from '../src/platforms/operation.ts';
import type { ChangeWindow } from '../src/platforms/stream.ts';
import { tiktok } from '../src/platforms/tiktok/tiktok.ts';

const api = tiktok.api!;
const hash = keyedHash(Buffer.alloc(32, 7));

/** The client and a simulated TikTok over real HTTP, both on a clock that only waiting moves. */
interface Connection {
  readonly simulator: TikTokAlone;
  readonly client: Client;
  readonly app: App;
  readonly reports: readonly CallReport[];
  now(): Temporal.Instant;
  pass(duration: Temporal.DurationLike): void;
}

const opened: TikTokAlone[] = [];
afterEach(async () => {
  for (const simulator of opened.splice(0)) await simulator.close();
});

async function connect(options: TikTokAloneOptions = {}, rateFactor = 1): Promise<Connection> {
  let now = Temporal.Instant.from('2026-11-20T12:00:00Z');
  const clock = { now: () => now };
  const simulator = await openTikTokAlone({ clock, journal: true, ...options });
  opened.push(simulator);
  const reports: CallReport[] = [];
  const pass = (duration: Temporal.DurationLike): void => void (now = now.add(duration));
  const client = openClient({
    clock,
    random: () => 0.5,
    rateFactor,
    onCall: (call) => reports.push(call),
    sleep: async (ms) => pass({ milliseconds: Math.ceil(ms) }),
  });
  const { host, ...app } = serverSettings(simulator)[0]!;
  const hosts = (): Hosts => ({ consent: host, auth: host, api: host });
  return { simulator, client, app: { ...app, hosts }, reports, now: () => now, pass };
}

/** What the seller's browser does: opens the consent page, decides, is sent back. */
async function consent({ app }: Connection, decision: 'authorize' | 'cancel'): Promise<URLSearchParams> {
  const address = api.consentUrl({ app, region: 'ES', redirectUrl: '', state: 'the-state', query: {} });
  const page = await fetch(address);
  expect(page.status).toBe(200);
  const decide = new URL(address);
  decide.pathname += '/decide';
  decide.searchParams.set('account', 'estrella-hogar');
  decide.searchParams.set('decision', decision);
  const back = await fetch(decide, { redirect: 'manual' });
  return new URL(back.headers.get('location')!).searchParams;
}

async function authorize(
  connection: Connection,
): Promise<{ grant: Grant; access: Access; shops: readonly GrantedShop[]; renewals: () => number }> {
  const { client, app } = connection;
  const query = await consent(connection, 'authorize');
  expect(query.get('state')).toBe('the-state');
  const call = client.callFor(api, { app, region: 'ES' });
  const grant = await api.grant({ app, call, region: 'ES', redirectUrl: '', query: Object.fromEntries(query), now: systemClock.now() });
  let { secrets } = grant;
  let renewals = 0;
  let renewing: Promise<Secrets> | undefined;
  const access: Access = {
    account: grant.account,
    secrets: async () => secrets,
    renew(stale) {
      if (secrets !== stale) return Promise.resolve(secrets);
      renewing ??= api.renew!({ ...grant, app, call, secrets, now: systemClock.now() }).then((next) => {
        [secrets, renewing] = [next.secrets, undefined];
        renewals += 1;
        return secrets;
      });
      return renewing;
    },
    lost: async () => undefined,
  };
  return { grant, access, shops: await api.shops(client.callFor(api, { app, region: 'ES', access }), grant), renewals: () => renewals };
}

function callFor({ client, app }: Connection, access: Access, shop: GrantedShop): Call {
  return client.callFor(api, { app, region: 'ES', access, shop });
}

async function read(call: Call, window: ChangeWindow): Promise<{ documents: Json[]; pages: number; total: number | null }> {
  const documents: Json[] = [];
  let pages = 0;
  let total: number | null = null;
  for await (const page of api.orders.pages(call, window, { shops: [], resume: null, hash })) {
    documents.push(...page.documents);
    pages += 1;
    total ??= page.total;
  }
  return { documents, pages, total };
}

const days = ({ now }: Connection, count: number): ChangeWindow => ({ from: now().subtract({ hours: 24 * count }), to: now() });
const toOrder = (document: Json, { platformShopId, ...shop }: GrantedShop): Order =>
  api.orders.toCanonical(document, imaginedShop({ platform: 'TikTok', shop: platformShopId, ...shop }));

test('a window is read to its last page, every order once, and each becomes an order whose pieces add up', async () => {
  const connection = await connect();
  const {
    access,
    shops: [shop],
  } = await authorize(connection);
  const { documents, pages, total } = await read(callFor(connection, access, shop!), days(connection, 20));
  expect(pages).toBeGreaterThan(3);
  expect(documents).toHaveLength(total!);
  const orders = documents.map((document) => toOrder(document, shop!));
  expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(total);
  expect(orders.every(({ updatedAt }, i) => i === 0 || Temporal.Instant.compare(orders[i - 1]!.updatedAt, updatedAt) <= 0)).toBe(true);
  expect(orders.some(({ status }) => status === 'unknown')).toBe(false);
  for (const [i, { lines, place, status }] of orders.entries()) {
    const { payment } = documents[i] as { payment: Record<string, string> };
    expect(Number(moneyText(lines.reduce((sum, { grossSales }) => sum + grossSales!, 0n)))).toBe(
      Number(payment['original_total_product_price']),
    );
    expect(Number(moneyText(lines.reduce((sum, { paidAmount }) => sum + paidAmount!, 0n)))).toBe(Number(payment['sub_total']));
    if (status !== 'unpaid' && status !== 'on_hold')
      expect(place).toMatchObject({ country: 'ES', regionCode: expect.stringMatching(/^ES-/) });
  }
});

test('nothing of a buyer is in what is kept, and the same buyer is the same hash', async () => {
  const connection = await connect();
  const { access, shops } = await authorize(connection);
  for (const shop of shops) {
    const { documents } = await read(callFor(connection, access, shop), days(connection, 6));
    expect(documents.length).toBeGreaterThan(10);
    for (const document of documents) {
      const { buyer } = connection.simulator.world.find(api.orders.idOf(document)!, Math.floor(connection.now().epochMilliseconds / 1000))!;
      const text = JSON.stringify(document);
      const { person, home } = buyer;
      for (const personal of [
        buyerIdOf(buyer),
        `${person.firstName} ${person.lastName}`,
        person.nickname,
        person.portrait,
        person.mailbox,
        home.street,
        home.phone,
        home.postalCode,
      ]) {
        expect(text).not.toContain(personal);
      }
      expect(toOrder(document, shop).buyer).toBe(hash('TikTok', buyerIdOf(buyer)));
    }
  }
});

test('orders come by id, live, fifty at a time; one of another shop is absent', async () => {
  const connection = await connect();
  const { access, shops } = await authorize(connection);
  const [call, other] = shops.map((shop) => callFor(connection, access, shop)) as [Call, Call];
  const { documents } = await read(call, days(connection, 3));
  const ids = documents.slice(0, 60).map((document) => api.orders.idOf(document)!);
  expect(ids).toHaveLength(60);
  expect((await api.orders.byId(call, ids, hash)).map(api.orders.idOf)).toEqual(ids);
  const foreign = api.orders.idOf((await read(other, days(connection, 3))).documents[0]!)!;
  expect((await api.orders.byId(call, [ids[0]!, foreign, ids[1]!], hash)).map(api.orders.idOf)).toEqual([ids[0], ids[1]]);
});

test('live answers are passed on with personal values emptied and named; the price detail agrees with the order', async () => {
  const connection = await connect();
  const {
    access,
    shops: [shop],
  } = await authorize(connection);
  const call = callFor(connection, access, shop!);
  const { data, redacted } = await api.live!.list(call, {
    pageSize: 5,
    pageToken: null,
    filters: { order_status: 'COMPLETED' },
    handle: null,
    now: systemClock.now(),
  });
  const {
    data: { orders },
  } = data as unknown as {
    data: {
      orders: { id: string; user_id: string; buyer_email: string; payment: { sub_total: string; shipping_fee: string; tax: string } }[];
    };
  };
  expect(orders).toHaveLength(5);
  expect(orders[0]).toMatchObject({ status: 'COMPLETED', user_id: '', buyer_email: '' });
  expect(redacted).toEqual(expect.arrayContaining(['orders[].user_id', 'orders[].buyer_email', 'orders[].recipient_address.name']));
  const { data: price } = await api.live!.priceDetail(call, orders[0]!.id);
  const { payment } = orders[0]!;
  expect(Number((price as unknown as { data: { sku_sale_price: string } }).data.sku_sale_price)).toBeCloseTo(Number(payment.sub_total), 2);
});

test('a seller who withdraws the authorization is told apart from everything that passes', async () => {
  const connection = await connect();
  const {
    access,
    shops: [shop],
  } = await authorize(connection);
  connection.simulator.deauthorize('estrella-hogar');
  await expect(read(callFor(connection, access, shop!), days(connection, 1))).rejects.toMatchObject({
    code: 'authorization_lost',
    details: { platform_code: '36004001' },
  });
});

test('an app without the permission to read orders is told so', async () => {
  const connection = await connect({ scopes: ['seller.authorization.info'] });
  const {
    access,
    shops: [shop],
    grant,
  } = await authorize(connection);
  expect(api.scopes.filter((scope) => !grant.scopes.includes(scope))).toEqual([
    'seller.order.info',
    'seller.return_refund.basic',
    'seller.product.basic',
  ]);
  await expect(read(callFor(connection, access, shop!), days(connection, 1))).rejects.toMatchObject({ code: 'scope_missing' });
});

test('"too many requests" is obeyed: no call of the shop before the time it named, and all of them succeed', async () => {
  const connection = await connect({}, 10);
  const {
    access,
    shops: [shop],
  } = await authorize(connection);
  const call = callFor(connection, access, shop!);
  const [order] = (await read(call, days(connection, 1))).documents;
  connection.simulator.journal.length = 0;
  await Promise.all(Array.from({ length: 300 }, () => api.orders.byId(call, [api.orders.idOf(order!)!], hash)));
  const { journal } = connection.simulator;
  const refused = journal.flatMap(({ status }, i) => (status === 429 ? [i] : []));
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(60);
  for (const i of refused) {
    // Those already on their way when the first refusal comes are refused too; the next one sent waits for the second to pass.
    const next = journal.slice(i).find(({ at }) => at !== journal[i]!.at);
    if (next) expect(Temporal.Instant.from(next.at).since(journal[i]!.at).total('seconds')).toBeGreaterThanOrEqual(1);
  }
});
