import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { signatureOf as simulatedSignature } from '../simulator/tiktok/signature.ts';
import { openDuckDb } from '../src/engines/duckdb.ts';
import type { Engine } from '../src/engines/engine.ts';
import { prepareStore } from '../src/records/prepare-store.ts';
import { writeOrders } from '../src/records/orders/order-writer.ts';
import { writePriceDetails } from '../src/records/price-details/price-detail-writer.ts';
import { writeProducts } from '../src/records/products/product-writer.ts';
import { writeReturns } from '../src/records/returns/return-writer.ts';
import { ensureShop } from '../src/records/shops/shops.ts';
import type { Json } from '../src/kernel/json.ts';
import { parseLosslessJson } from '../src/kernel/lossless-json.ts';
import { keyedHash } from '../src/kernel/vault.ts';
import type { Order } from '../src/model/order.ts';
import type { PriceDetail } from '../src/model/price-detail.ts';
import type { Product } from '../src/model/product.ts';
import type { Return } from '../src/model/return.ts';
import type { Shop } from '../src/model/shop.ts';
import { DocumentRefused } from '../src/platforms/stream.ts';
import type { KeptStream } from '../src/platforms/tiktok/fields.ts';
import { withoutPersonalData } from '../src/platforms/tiktok/personal.ts';
import { sign } from '../src/platforms/tiktok/signature.ts';
import { tiktok } from '../src/platforms/tiktok/tiktok.ts';
import { bent, HOSTILE, tries } from './fuzz.ts';
import { temporaryFolder } from './process.ts';

const api = tiktok.api!;
const hash = keyedHash(Buffer.alloc(32, 7));
const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../src/platforms/tiktok/fixtures/${name}.json`), 'utf8'));
const at = Temporal.Instant.from('2026-11-20T10:00:00Z');

/** A kind of record that comes over the wire: real forms of it, how it is read, how it is stored. */
interface Kind<Item> {
  readonly stream: KeptStream;
  readonly fixtures: readonly unknown[];
  read(document: Json, shop: Shop): Item;
  store(engine: Engine, shop: Shop, items: readonly Item[]): Promise<unknown>;
}

function kind<Item>(each: Kind<Item>): Kind<unknown> {
  return each;
}

const claims = (name: 'return-gb' | 'cancellation-gb', stream: 'returns' | 'cancellations'): Kind<unknown> =>
  kind<Return>({
    stream,
    fixtures: [fixture(name)],
    read: (document, shop) => api[stream]!.toCanonical(document, shop),
    store: (engine, shop, items) =>
      engine.transaction((tx) => writeReturns(tx, shop, { delivered: items.map((claim) => ({ claim, document: '' })), source: null })),
  });

/** Each stream of the platform; one that is not listed here is asked for by the test below. */
const KINDS: Readonly<Record<string, Kind<unknown>>> = {
  orders: kind<Order>({
    stream: 'orders',
    fixtures: ['order-gb', 'order-us', 'order-id-masked'].map(fixture),
    read: (document, shop) => api.orders.toCanonical(document, shop),
    store: (engine, shop, items) =>
      writeOrders(
        engine,
        items.map((order) => ({ shop, order, document: '' })),
        { source: null },
      ),
  }),
  returns: claims('return-gb', 'returns'),
  cancellations: claims('cancellation-gb', 'cancellations'),
  products: kind<Product>({
    stream: 'products',
    fixtures: [fixture('product-gb')],
    read: (document) => api.products!.toCanonical(document),
    store: (engine, shop, items) =>
      engine.transaction((tx) =>
        writeProducts(tx, shop, { delivered: items.map((product) => ({ product, document: '' })), source: null, at }),
      ),
  }),
  priceDetails: kind<PriceDetail>({
    stream: 'price_details',
    fixtures: [{ order_id: '576486316948490001', ...(fixture('price-detail-gb') as object) }],
    read: (document) => api.priceDetails!.toCanonical(document),
    store: (engine, shop, items) =>
      engine.transaction((tx) =>
        writePriceDetails(tx, shop, { delivered: items.map((detail) => ({ detail, document: '' })), source: null, at }),
      ),
  }),
};

test('every stream that the platform offers is tried below', () => {
  const streams = Object.entries(api)
    .filter(([, value]) => typeof value === 'object' && value !== null && 'toCanonical' in value)
    .map(([name]) => name);
  expect(Object.keys(KINDS).toSorted()).toEqual(streams.toSorted());
});

test.each(Object.entries(KINDS))(
  '%s in whatever form are read or refused by field, the same each time, and what is read can be stored',
  async (_name, { stream, fixtures, read, store }) => {
    const engine = await openDuckDb(join(temporaryFolder(), 's7.duckdb'), {
      memoryLimit: '512MB',
      temporaryFolder: temporaryFolder(),
      threads: 1,
    });
    try {
      await prepareStore(engine);
      const shop = await ensureShop(engine, { platform: 'TikTok', shop: 'Fuzz', zone: 'Europe/London', currency: 'GBP' });
      const taken: unknown[] = [];
      let refused = 0;
      fc.assert(
        fc.property(fc.oneof(...fixtures.map(bent)), (document) => {
          const kept = withoutPersonalData(document as Json, hash, stream);
          try {
            const item = read(kept, shop);
            // What is kept of it says the same when it is read again.
            if (!isDeepStrictEqual(read(JSON.parse(JSON.stringify(kept)) as Json, shop), item))
              throw new Error('is another when it is read again');
            if (taken.length < 2000) taken.push(item);
          } catch (error) {
            if (!(error instanceof DocumentRefused)) throw error;
            refused += 1;
          }
        }),
        tries(11_000),
      );
      expect(Math.min(taken.length, refused)).toBeGreaterThan(500);
      for (let i = 0; i < taken.length; i += 500) await store(engine, shop, taken.slice(i, i + 500));
    } finally {
      await engine.close();
    }
  },
);

test('a call with whatever parameters is signed as the platform reckons its signature', () => {
  const name = fc.stringMatching(/^[a-z_]{1,12}$/);
  const value = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' })).map((each) => each.toWellFormed());
  const request = fc.record({
    path: fc.webPath(),
    query: fc.dictionary(name, value),
    body: fc.option(
      fc.jsonValue().map((body) => JSON.stringify(body).toWellFormed()),
      { nil: null },
    ),
    secret: fc.string({ minLength: 1 }),
  });
  fc.assert(
    fc.property(request, ({ path, query, body, secret }) => {
      const app = {
        platform: 'TikTok',
        kind: 'ROW',
        key: 'key',
        secrets: [secret],
        more: { serviceId: 'x' },
        hosts: () => ({ consent: '', auth: '', api: '' }),
      } as const;
      const { sign: made, ...signed } = sign(
        { method: 'POST', path, query, body },
        { app, secret, account: { accessToken: 'token' }, shop: { platformShopId: '7', handle: 'cipher' } },
        at,
      ).query;
      const expected = simulatedSignature(secret, {
        path,
        query: Object.entries(signed),
        body: body === null ? undefined : Buffer.from(body),
        contentType: 'application/json',
      });
      if (made !== expected) throw new Error(`${made} is not ${expected}`);
    }),
    tries(12_000),
  );
});

test('JSON in whatever form is read as it stands, with every large number kept, or is called none', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.json(),
        fc.string({ unit: 'binary' }),
        fc.bigInt().map((n) => `{"id":${n}}`),
      ),
      (text) => {
        const read = parseLosslessJson(text);
        const number = /^\{"id":(-?\d{16,})\}$/.exec(text)?.[1];
        if (number !== undefined && (read as { id: unknown }).id !== number)
          throw new Error(`${number} is read as ${JSON.stringify(read)}`);
      },
    ),
    tries(6000),
  );
});
