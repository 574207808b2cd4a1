import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { amazon } from '../src/platforms/amazon/amazon.ts';
import type { Json } from '../src/kernel/json.ts';
import type { Order } from '../src/model/order.ts';
import type { Operation, Rate } from '../src/platforms/operation.ts';
import type { Platform, PlatformApi } from '../src/platforms/platform.ts';
import { DocumentRefused } from '../src/platforms/stream.ts';

/** An order of the scripted seller, in one of its shops. */
export interface ToldOrder {
  readonly id: string;
  readonly shop: string;
  readonly changedAt: Temporal.Instant;
  /** Left out: the record lacks what it needs. */
  readonly sku?: string;
}

/** What was asked for of the listing of orders. */
export interface Asked {
  readonly shops: readonly string[];
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
  readonly page: number;
}

/** A platform whose orders are listed for all shops of an account at once, as Amazon's are, over real HTTP. */
export interface AccountPlatform {
  readonly platform: Platform;
  readonly host: string;
  /** The shops that the seller's consent opens, by the name that calls have for them. */
  readonly shops: string[];
  readonly orders: ToldOrder[];
  readonly asked: Asked[];
  /** Whether the listing gives all shops' orders, whichever it was asked for. */
  deaf: boolean;
  /** Is waited for before an answer to this question goes out; null answers at once. */
  before: ((asked: Asked) => Promise<void>) | null;
  close(): void;
}

const WIDEST = Temporal.Duration.from({ hours: 48 });
const YOUNGEST = Temporal.Duration.from({ minutes: 2 });
const PAGE = 3;
const RATE: Rate = { perSecond: 0.0056, burst: 20, by: 'account', published: true };

/** Opens one whose clock is the application's. */
export async function openAccountPlatform(now: () => Temporal.Instant): Promise<AccountPlatform> {
  const given: Omit<AccountPlatform, 'platform' | 'host' | 'close'> = { shops: [], orders: [], asked: [], deaf: false, before: null };
  const answer = async (url: URL, response: ServerResponse): Promise<void> => {
    const say = (status: number, body: object): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (url.pathname === '/shops') return say(200, { shops: self.shops });
    const text = (name: string): string => url.searchParams.get(name) ?? '';
    const asked: Asked = {
      shops: text('shops').split(','),
      from: Temporal.Instant.from(text('from')),
      to: Temporal.Instant.from(text('to')),
      page: Number(text('page') || 0),
    };
    self.asked.push(asked);
    await self.before?.(asked);
    if (Temporal.Duration.compare(asked.to.since(asked.from), WIDEST) > 0)
      return say(400, { message: 'the window is wider than 48 hours' });
    if (Temporal.Instant.compare(asked.to, now().subtract(YOUNGEST)) > 0)
      return say(400, { message: 'the window is younger than 2 minutes' });
    const found = self.orders
      .filter(({ shop }) => self.deaf || asked.shops.includes(shop))
      .filter(({ changedAt }) => isWithin(changedAt, asked))
      .toSorted((a, b) => Temporal.Instant.compare(a.changedAt, b.changedAt) || a.id.localeCompare(b.id));
    say(200, { orders: found.slice(asked.page * PAGE, (asked.page + 1) * PAGE), next: found.length > (asked.page + 1) * PAGE });
  };
  const server = createServer((request, response) => {
    answer(new URL(request.url!, 'http://localhost'), response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const self: AccountPlatform = Object.assign(given, {
    platform: { ...amazon, api: apiAt(host) } satisfies Platform,
    host,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return self;
}

function isWithin(at: Temporal.Instant, { from, to }: Asked): boolean {
  return Temporal.Instant.compare(from, at) <= 0 && Temporal.Instant.compare(at, to) < 0;
}

const document = z.object({ id: z.string(), shop: z.string(), changedAt: z.string(), sku: z.string().optional() });
const operation = { method: 'GET', host: 'api', rate: RATE, credentials: 'account' } as const;
const listShops = {
  ...operation,
  name: 'listShops',
  path: '/shops',
  reply: z.object({ shops: z.array(z.string()) }),
} as const satisfies Operation<unknown>;
const listOrders = {
  ...operation,
  name: 'listOrders',
  path: '/orders',
  reply: z.object({ orders: z.array(document), next: z.boolean() }),
} as const satisfies Operation<unknown>;
const told = (of: Json): z.output<typeof document> => document.parse(of);

function apiAt(host: string): PlatformApi {
  const hosts = { consent: host, auth: host, api: host };
  return {
    apps: [
      {
        name: 'EU',
        title: 'European shops',
        markets: 'Europe',
        settings: { prefix: 'SCRIPTED_EU', key: { name: 'KEY', text: 'key' }, secret: { name: 'SECRET', text: 'secret' }, more: {} },
        hosts: () => hosts,
      },
    ],
    exampleRegion: 'ES',
    stateMinutes: 10,
    scopes: [],
    changes: {},
    consentUrl: ({ state }) => `${host}/consent?state=${encodeURIComponent(state)}`,
    grant: async () => ({
      account: 'A1',
      secrets: { token: 'never-told' },
      expiresAt: null,
      consentEndsAt: null,
      seller: 'Estrella Hogar SL',
      region: 'ES',
      scopes: [],
    }),
    shops: async (call) =>
      (await call(listShops)).shops.map((shop) => ({
        platformShopId: `A1 ${shop}`,
        name: `Estrella ${shop}`,
        region: shop,
        handle: shop,
        zone: 'Europe/Madrid',
        currency: 'EUR',
      })),
    sign: (request) => ({ query: request.query, body: request.body, headers: {} }),
    explain: ({ status, body }) =>
      status === 200 ? { data: body ?? null } : { problem: 'refused', platformCode: String(status), message: JSON.stringify(body) },
    orders: {
      windows: {
        widest: WIDEST,
        lag: Temporal.Duration.from({ minutes: 10 }),
        youngest: YOUNGEST,
        reach: Temporal.Duration.from({ hours: 24 * 730 }),
      },
      pace: { pageSize: PAGE, perSecond: RATE.perSecond },
      async *pages(call, { from, to }, { resume, shops }) {
        for (let page = resume === null ? 0 : Number(resume); ; page += 1) {
          const { orders, next } = await call(listOrders, { query: { from: String(from), to: String(to), shops, page } });
          yield { documents: orders, next: next ? String(page + 1) : null, total: null };
          if (!next) return;
        }
      },
      count: async () => null,
      byId: async () => [],
      shopOf: (of) => told(of).shop,
      idOf: (of) => told(of).id,
      toCanonical: (of) => orderOf(told(of)),
    },
  };
}

function orderOf({ id, changedAt, sku }: z.output<typeof document>): Order {
  if (sku === undefined) throw new DocumentRefused('sku', 'is missing');
  const state = { status: 'completed', outcome: 'none', platformStatus: 'Completed' } as const;
  return {
    ...state,
    orderId: id,
    purchasedAt: Temporal.Instant.from(changedAt),
    paidAt: null,
    updatedAt: Temporal.Instant.from(changedAt),
    model: 'retail',
    currency: 'EUR',
    place: { country: 'ES', regionCode: null, region: null, city: null },
    writtenPlace: 'ES',
    buyer: null,
    totalAmount: null,
    shippingFee: null,
    shippingProvider: null,
    lines: [
      {
        ...state,
        lineId: '1',
        sku,
        platformSku: null,
        productName: null,
        variant: null,
        parts: [],
        returnedQuantity: null,
        refundAmount: null,
        image: null,
        category: null,
        kind: 'goods',
        quantity: 1,
        grossSales: null,
        netSales: 100_000n,
        paidAmount: null,
        taxAmount: null,
        sale: true,
      },
    ],
  };
}
