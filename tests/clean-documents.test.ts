import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ofShop } from '../src/model/feed.ts';
import { keepDocuments, packed, readBlocks, unpackDocuments, type DocumentSource } from '../src/records/documents.ts';
import { openDuckDb } from '../src/engines/duckdb.ts';
import type { Engine, Row } from '../src/engines/engine.ts';
import { startImport } from '../src/records/imports/import-log.ts';
import { SCHEMA_VERSION } from '../src/engines/migrations.ts';
import { prepareStore } from '../src/records/prepare-store.ts';
import { ensureShop } from '../src/records/shops/shops.ts';
import { raw } from '../src/engines/sql.ts';
import { keepQuarantine } from '../src/records/runs/sync-log.ts';
import { keyedHash } from '../src/kernel/vault.ts';
import type { Shop } from '../src/model/shop.ts';
import { platforms } from '../src/platforms/all.ts';
import { presetOf } from '../src/platforms/mapped-file.ts';
import { parseMapping } from '../src/platforms/mapping.ts';
import { cleanKeptDocuments, type CleanResult } from '../src/sync/clean-documents.ts';
import { storeOfSchema } from './older-store.ts';
import { temporaryFolder } from './process.ts';

const hash = keyedHash(Buffer.alloc(32, 7));
const room = {
  hash,
  platforms,
  presets: platforms.flatMap(({ files }) => files),
  presetOf: (mapping: unknown) => presetOf(parseMapping(mapping)),
};
const at = Temporal.Instant.from('2026-11-20T10:00:00Z');
const BUYER = hash('TikTok', '7494049642642441621').toString(16);

let engine: Engine;
let tiktok: Shop;
beforeEach(async () => {
  engine = await openDuckDb(join(temporaryFolder(), 's7.duckdb'), { memoryLimit: '512MB', temporaryFolder: temporaryFolder(), threads: 1 });
  await prepareStore(engine);
  tiktok = await ensureShop(engine, { platform: 'TikTok', shop: 'Older', zone: 'Europe/London', currency: 'GBP' });
});
afterEach(() => engine.close());

/** Keeps documents as the version before did: whatever its deny lists did not know. */
const keep = async (source: DocumentSource, documents: readonly unknown[]): Promise<void> => {
  const block = await packed(documents.map((document) => (typeof document === 'string' ? document : JSON.stringify(document))));
  await engine.transaction(async (tx) => void (await keepDocuments(tx, { source, ...block })));
};
const documents = async (): Promise<string[]> =>
  engine.read(async (reader) => [...(await unpackDocuments(reader, await readBlocks(reader, 0, 1_000_000))).values()].flat());
const rows = (text: string): Promise<Row[]> => engine.read((reader) => reader.query(raw(text)));
const clean = (): Promise<CleanResult> => cleanKeptDocuments(engine, room);
const order = (id: string, changes: object = {}): object => ({
  id,
  status: 'COMPLETED',
  user_id: BUYER,
  seller_note: '',
  recipient_address: { postal_code: 'M14 ***', name: '', region_code: 'GB' },
  ...changes,
});

test('what lists of today would not keep is emptied, of every stream; a hash is not hashed again, a cut code not cut again', async () => {
  const shein = await ensureShop(engine, { platform: 'Shein', shop: 'Older', zone: 'Europe/Madrid', currency: 'EUR' });
  const stream = (name: string, shop = tiktok): DocumentSource => ({ shopId: shop.shopId, stream: name });
  await keep(stream('orders'), [
    order('1'),
    order('2', { gift_card_holder: 'Telltale', fee_new: '1.50', recipient_address: { postal_code: 'M14 ***', house: 'Telltale' } }),
  ]);
  await keep(stream('returns'), [{ return_id: 'r', return_reason_text: 'Does not fit', whispered: 'Telltale' }]);
  await keep(stream('price_details'), [{ order_id: '1', payment: '3.00', line_items: [{ id: 'l', said: 'Telltale' }] }]);
  await keep(stream('products'), [{ id: 'p', title: 'Mug', skus: [{ id: 's', seller_sku: 'MUG', engraved: 'Telltale' }] }]);
  await keep(stream('orders', shein), [
    { orderNo: 'G', receiverMsg: 'Telltale', receiveMsg: { country: 'Spain', postCode: '289**', houseNo: 'Telltale' } },
  ]);
  await engine.transaction((tx) =>
    keepQuarantine(tx, ofShop(tiktok.shopId), {
      stream: 'orders',
      taken: [],
      at,
      refused: [
        { record: '9', field: 'create_time', problem: 'is missing', document: JSON.stringify(order('9', { nickname_new: 'Telltale' })) },
        { record: '8', field: 'create_time', problem: 'is missing', document: JSON.stringify(order('8')) },
      ],
    }),
  );
  const before = await documents();
  expect(await clean()).toEqual({
    documents: 6,
    blocks_rewritten: 5,
    quarantined_rewritten: 1,
    imports_rewritten: 0,
    imports_unreadable: [],
  });
  expect((await documents()).map((document) => JSON.parse(document))).toEqual([
    JSON.parse(before[0]!),
    order('2', { gift_card_holder: '', fee_new: '1.50', recipient_address: { postal_code: 'M14 ***', house: '' } }),
    { return_id: 'r', return_reason_text: 'Does not fit', whispered: '' },
    { order_id: '1', payment: '3.00', line_items: [{ id: 'l', said: '' }] },
    { id: 'p', title: 'Mug', skus: [{ id: 's', seller_sku: 'MUG', engraved: '' }] },
    { orderNo: 'G', receiverMsg: '', receiveMsg: { country: 'Spain', postCode: '289**', houseNo: '' } },
  ]);
  expect(
    (await rows('SELECT record, document FROM quarantine ORDER BY record')).map(({ document }) => JSON.parse(String(document))),
  ).toEqual([order('8'), order('9', { nickname_new: '' })]);
  expect(await clean()).toEqual({
    documents: 0,
    blocks_rewritten: 0,
    quarantined_rewritten: 0,
    imports_rewritten: 0,
    imports_unreadable: [],
  });
});

test('rows and headers of files, too: what the mapping does not name is emptied, and of a row out of place its order is left', async () => {
  const mapping = {
    zone: 'Europe/Madrid',
    currency: 'EUR',
    columns: { orderId: 'Pedido', purchasedAt: 'Fecha', sku: 'SKU', buyer: 'Email' },
  };
  const header = ['Pedido', 'Fecha', 'SKU', 'Nombre ', 'Email', 'Telltale'];
  const importId = await startImport(engine, {
    file: 'orders.csv',
    preset: 'mapping',
    mapping: JSON.stringify({ header, settings: {}, mapping }),
    at,
  });
  const buyer = hash('Other', 'a@x.es').toString(16);
  const row = (...cells: string[]): string => cells.join('\u001f');
  await keep({ importId }, [
    row('A1', '2026-11-01', 'S', 'Telltale', buyer),
    [row('A2', '2026-11-01', 'S', '', buyer, 'Telltale'), row('A2', '2026-11-01', 'S, blue', 'x', 'y', 'z', 'Telltale')].join('\u001e'),
  ]);
  expect(await clean()).toMatchObject({ documents: 2, blocks_rewritten: 1, imports_rewritten: 1 });
  expect(await documents()).toEqual([
    row('A1', '2026-11-01', 'S', '', buyer),
    [row('A2', '2026-11-01', 'S', '', buyer, ''), 'A2'].join('\u001e'),
  ]);
  expect(JSON.parse(String((await rows('SELECT mapping FROM imports'))[0]!['mapping']))).toMatchObject({
    header: ['Pedido', 'Fecha', 'SKU', '', 'Email', ''],
    settings: {},
    mapping,
  });
});

test('rows that nobody knows any more how to read stay, and their import is named', async () => {
  const importId = await startImport(engine, {
    file: 'orders.csv',
    preset: 'gone',
    mapping: JSON.stringify({ header: ['A'], settings: {} }),
    at,
  });
  const broken = await startImport(engine, {
    file: 'orders.csv',
    preset: 'mapping',
    mapping: JSON.stringify({ header: ['A'], settings: {}, mapping: { columns: 1 } }),
    at,
  });
  for (const id of [importId, broken]) await keep({ importId: id }, ['x']);
  const { imports_unreadable: unreadable } = await clean();
  expect([unreadable.toSorted(), await documents()]).toEqual([
    [importId, broken],
    ['x', 'x'],
  ]);
});

test('cut off at any step the next call goes on, and blocks that are clean are not written', async () => {
  const block = async (telling: boolean): Promise<void> =>
    keep(
      { shopId: tiktok.shopId, stream: 'orders' },
      Array.from({ length: 6000 }, (_, i) => ({ id: String(i), told: telling && i === 5999 ? 'Telltale' : '' })),
    );
  for (const telling of [true, false, true]) await block(telling);
  const written: string[] = [];
  /** The same store, whose process ends at its n-th transaction. */
  const dying = (n: number): Engine => {
    let left = n;
    return new Proxy(engine, {
      get(target, name: keyof Engine) {
        if (name !== 'transaction') return typeof target[name] === 'function' ? (target[name] as () => unknown).bind(target) : target[name];
        return (work: Parameters<Engine['transaction']>[0]) =>
          target.transaction(async (tx) => {
            const result = await work(
              new Proxy(tx, {
                get: (of, key: keyof typeof tx) =>
                  key === 'run'
                    ? (text: Parameters<typeof tx.run>[0]) => {
                        if (text.text.includes('UPDATE blocks')) written.push(String(text.values.at(-1)));
                        return of.run(text);
                      }
                    : (of[key] as () => unknown).bind(of),
              }),
            );
            // Everything is done and nothing is committed.
            if ((left -= 1) === 0) throw new Error('killed');
            return result;
          });
      },
    });
  };
  let deaths = 0;
  for (let ended = false; !ended;) {
    try {
      await cleanKeptDocuments(dying(2), room);
      ended = true;
    } catch (error) {
      expect(error).toMatchObject({ message: 'killed' });
      deaths += 1;
    }
  }
  expect(deaths).toBe(4);
  expect(await rows('SELECT rules, block_id FROM kept_under')).toEqual([{ rules: 1, block_id: null }]);
  expect((await documents()).join('')).not.toContain('Telltale');
  expect(new Set(written)).toEqual(new Set(['1', '3']));
});

test('a stop asked for ends it between blocks, with how far it came', async () => {
  for (let i = 0; i < 3; i++)
    await keep(
      { shopId: tiktok.shopId, stream: 'orders' },
      Array.from({ length: 6000 }, () => ({ told: 'Telltale' })),
    );
  const stop = new AbortController();
  const seen: unknown[] = [];
  const first = await cleanKeptDocuments(engine, room, {
    signal: stop.signal,
    onProgress: (progress) => {
      seen.push(progress);
      stop.abort();
    },
  });
  expect([first.documents, first.blocks_rewritten, seen]).toEqual([6000, 1, [{ documents: 6000, total: 18_000 }]]);
  expect(await clean()).toMatchObject({ documents: 12_000, blocks_rewritten: 2 });
});

test("a store of the version before is gone over when its schema is brought to today's", async () => {
  await keep({ shopId: tiktok.shopId, stream: 'orders' }, [order('1', { told: 'Telltale' })]);
  await storeOfSchema(engine, SCHEMA_VERSION - 1);
  await prepareStore(engine);
  expect(await clean()).toMatchObject({ documents: 1, blocks_rewritten: 1 });
});
