import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { openDuckDb } from '../src/engines/duckdb.ts';
import { readBlocks, unpackDocuments } from '../src/records/documents.ts';
import { readShops } from '../src/records/shops/shops.ts';
import { join as joined, raw, sql } from '../src/engines/sql.ts';
import type { Json } from '../src/kernel/json.ts';
import { keyedHash } from '../src/kernel/vault.ts';
import { platforms } from '../src/platforms/all.ts';
import { followers, streams } from '../src/records/all.ts';
import { readerOf } from '../src/sync/replayed-records.ts';
import { FILE_INPUTS, postFile } from './older-inputs.ts';
import { partsOf } from './part-reading.ts';
import { temporaryFolder } from './process.ts';
import type { TestApp } from './shop-window.ts';

const STORE = join(import.meta.dirname, 'older-stores/5a12512');
/** When the store of the version before was last fed. */
export const THEN = '2026-11-21T10:00:00Z';

/** A data folder as the version before left it (scripts/make-older-store.ts). */
export function olderData(): string {
  const data = join(temporaryFolder(), 'data');
  mkdirSync(data);
  for (const key of ['buyer.key', 'secret.key']) cpSync(join(STORE, key), join(data, key));
  writeFileSync(join(data, 's7.duckdb'), zstdDecompressSync(readFileSync(join(STORE, 's7.duckdb.zst'))));
  return data;
}

/** The same keys and nothing else, for a store that is fed anew. */
export function emptyData(): string {
  const data = join(temporaryFolder(), 'data');
  mkdirSync(data);
  for (const key of ['buyer.key', 'secret.key']) cpSync(join(STORE, key), join(data, key));
  return data;
}

/** Feeds a new store with what the older one was fed with: what the platform said, as it is kept there, then the same files. */
export async function feedAgain({ app: { engine }, url }: TestApp, older: string): Promise<void> {
  const from = await openDuckDb(join(older, 's7.duckdb'), { memoryLimit: '512MB', temporaryFolder: older, threads: 1 });
  const at = Temporal.Instant.from(THEN);
  try {
    const copied = await from.read(async (reader) => ({
      shops: await reader.query(raw('SELECT * FROM shops WHERE authorization_id IS NOT NULL')),
      checkpoints: await reader.query(raw('SELECT * FROM checkpoints')),
      blocks: (await readBlocks(reader, 0, 1_000_000)).filter(({ stream, import_id: importId }) => stream !== null && importId === null),
    }));
    await engine.transaction(async (tx) => {
      for (const table of ['shops', 'checkpoints'] as const)
        for (const row of copied[table]) {
          await tx.run(sql`INSERT INTO ${raw(table)} (${raw(Object.keys(row).join(', '))}) VALUES (${joined(Object.values(row))})`);
        }
      // They keep the numbers they had there: shops that come after them get others.
      await tx.numbers('shops', Math.max(...copied.shops.map((row) => Number(row['shop_id']))));
    });
    const shops = await engine.read((reader) => readShops(reader));
    const platform = platforms.find(({ id }) => id === 'TikTok')!;
    for (const block of copied.blocks) {
      const shop = shops.find(({ shopId }) => shopId === block.shop_id)!;
      const stream = streams.find(({ name }) => name === block.stream)!;
      const reader = readerOf(stream, platform)!;
      const documents = (await from.read((reads) => unpackDocuments(reads, [block]))).get(block.block_id)!;
      const delivered = documents.map((document) => ({ shop, item: reader.toCanonical(JSON.parse(document) as Json, shop), document }));
      const parts = partsOf(keyedHash(new Uint8Array(32)));
      await stream.store!.write(engine, delivered, { source: { stream: stream.name }, at, followers, parts });
    }
  } finally {
    await from.close();
  }
  for (const input of FILE_INPUTS) await postFile(url, input);
  await postFile(url, { name: 'export.csv', text: readFileSync(join(STORE, 'seller-centre.csv'), 'utf8') });
}
