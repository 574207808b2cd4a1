import fc from 'fast-check';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { signatureOf as simulatedSignature } from '../simulator/tiktok/signature.ts';
import { openDuckDb } from '../src/engines/duckdb.ts';
import { prepareStore } from '../src/records/prepare-store.ts';
import { ensureShop } from '../src/records/shops/shops.ts';
import type { Json } from '../src/kernel/json.ts';
import { parseLosslessJson } from '../src/kernel/lossless-json.ts';
import { keyedHash } from '../src/kernel/vault.ts';
import { DocumentRefused } from '../src/platforms/stream.ts';
import type { KeptStream } from '../src/platforms/tiktok/fields.ts';
import { withoutPersonalData } from '../src/platforms/tiktok/personal.ts';
import { sign } from '../src/platforms/tiktok/signature.ts';
import { tiktok } from '../src/platforms/tiktok/tiktok.ts';
import { bent, HOSTILE, tries } from './fuzz.ts';
import { temporaryFolder } from './process.ts';
import { formsOf } from './wire-forms.ts';
import { followers, streams } from '../src/records/all.ts';
import { readerOf } from '../src/sync/replayed-records.ts';

const hash = keyedHash(Buffer.alloc(32, 7));
const at = Temporal.Instant.from('2026-11-20T10:00:00Z');

/** Every stream that brings records of its own, with what the platform reads them by. */
const STORED = streams.flatMap((stream) => {
  const reader = readerOf(stream, tiktok);
  return stream.store && reader ? [{ stream, store: stream.store, reader }] : [];
});

test('every stream that the platform offers is tried below', () => {
  const { changes, ...api } = tiktok.api!;
  const offered = Object.values({ ...api, ...changes }).filter((value) => typeof value === 'object' && 'toCanonical' in value);
  expect(STORED.length).toBe(offered.length);
  for (const { stream } of STORED) expect(formsOf(stream), stream.name).not.toEqual([]);
});

test.each(STORED.map((each) => [each.stream.name, each] as const))(
  '%s in whatever form are read or refused by field, the same each time, and what is read can be stored',
  async (_name, { stream, store, reader: { toCanonical } }) => {
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
        fc.property(fc.oneof(...formsOf(stream).map(bent)), (document) => {
          const kept = withoutPersonalData(document as Json, hash, stream.name as KeptStream);
          try {
            const item = toCanonical(kept, shop);
            // What is kept of it says the same when it is read again.
            if (!isDeepStrictEqual(toCanonical(JSON.parse(JSON.stringify(kept)) as Json, shop), item))
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
      for (let i = 0; i < taken.length; i += 500) {
        const delivered = taken.slice(i, i + 500).map((item) => ({ shop, item, document: '' }));
        await store.write(engine, delivered, { source: null, at, followers });
      }
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
