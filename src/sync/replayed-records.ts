import { streams } from '../records/all.ts';
import type { ReadAgain, RecordStream } from '../records/kind.ts';
import type { KeptBlock } from '../records/documents.ts';
import type { Row, Transaction } from '../engines/engine.ts';
import { isOneOf, raw, sql } from '../engines/sql.ts';
import type { Json } from '../kernel/json.ts';
import type { Shop } from '../model/shop.ts';
import { RowRefused } from '../platforms/file-preset.ts';
import type { Platform } from '../platforms/platform.ts';
import { DocumentRefused } from '../platforms/stream.ts';
import { refundReader, type DocumentReader, type openImportedFiles } from './document-readers.ts';
import type { RefusedDocuments, ReplayedKind } from './replayed-kind.ts';

/** What makes records of kept documents, and tells which they are. */
export interface RecordReader<Item> {
  idOf(document: Json): string | null;
  /** @throws DocumentRefused */
  toCanonical(document: Json, shop: Shop): Item;
}

/** How a platform's documents of a stream are read, by how the stream is read; undefined where it has none. */
export function readerOf({ name, reading }: RecordStream, { api, records }: Platform): RecordReader<unknown> | undefined {
  if (name === 'orders') return api?.orders;
  if (reading === 'windows') return api?.changes[name];
  if (reading === 'listing') return api?.products;
  const source = reading === 'order by order' ? (api?.priceDetails ?? records?.priceDetails) : undefined;
  return (
    source && {
      toCanonical: (document) => source.toCanonical(document),
      idOf: (document) => (document as { readonly order_id?: string }).order_id ?? null,
    }
  );
}

/** What is read again of a platform beside its orders. */
export function openRecords(shops: readonly Shop[], sources: Sources): ReplayedKind[] {
  return streams.flatMap((stream) => (stream.store?.again ? [new Records(stream, stream.store.again, { shops, sources })] : []));
}

interface Sources {
  readonly platforms: readonly Platform[];
  readonly importedFile: ReturnType<typeof openImportedFiles>;
}

/** The records of one stream, of every shop. */
class Records implements ReplayedKind {
  readonly changes = {};
  read = 0;
  notToldApart = 0;
  readonly #stream: RecordStream;
  readonly #again: ReadAgain;
  readonly #shops: ReadonlyMap<number, Shop>;
  readonly #sources: Sources;
  readonly #refused = new Map<string, RefusedDocuments>();

  constructor(stream: RecordStream, again: ReadAgain, { shops, sources }: { shops: readonly Shop[]; sources: Sources }) {
    this.#stream = stream;
    this.#again = again;
    this.#shops = new Map(shops.map((shop) => [shop.shopId, shop]));
    this.#sources = sources;
  }

  get refused(): readonly RefusedDocuments[] {
    return [...this.#refused.values()];
  }

  holds({ stream }: KeptBlock): boolean {
    return stream === this.#stream.name;
  }

  async stored(tx: Transaction): Promise<number> {
    const { table, which } = this.#again;
    const [row] = await tx.query<{ n: number } & Row>(sql`SELECT count(*) AS n FROM ${raw(table)} WHERE ${which}`);
    return row!.n;
  }

  async rebuild(tx: Transaction, blocks: readonly KeptBlock[], documents: ReadonlyMap<number, readonly string[]>): Promise<void> {
    const { table, which, id } = this.#again;
    const stored = await tx.query<{ block_id: number; record: string } & Row>(sql`
      SELECT block_id, ${raw(id)} AS record FROM ${raw(table)} WHERE ${isOneOf(
        sql`block_id`,
        blocks.map(({ block_id }) => block_id),
      )} AND ${which}`);
    const wanted = Map.groupBy(stored, ({ block_id }) => block_id);
    for (const [shopId, own] of Map.groupBy(blocks, ({ shop_id }) => shop_id!)) {
      const shop = this.#shops.get(shopId);
      const items: unknown[] = [];
      for (const { block_id: block, import_id: importId } of own) {
        const reader = shop && (importId === null ? this.#ofPlatform(shop) : await this.#ofFile(importId));
        // Only the newest document of a record is its own.
        const left = new Set((wanted.get(block) ?? []).map(({ record }) => record));
        if (reader)
          for (const text of documents.get(block)!) {
            if (!left.delete(reader.idOf(text, shop) ?? '')) continue;
            const item = this.#made(() => reader.toCanonical(text, shop), reader.source);
            if (item) items.push(item);
          }
        this.notToldApart += left.size;
      }
      this.read += items.length;
      if (items.length > 0) await this.#again.rewrite(tx, shop!, items);
    }
  }

  #ofPlatform(shop: Shop): DocumentReader<unknown> | undefined {
    const platform = this.#sources.platforms.find(({ id }) => id === shop.platform);
    const reader = platform && readerOf(this.#stream, platform);
    return (
      reader && {
        source: `${shop.platform} ${this.#stream.name}`,
        toCanonical: (document, of) => reader.toCanonical(JSON.parse(document) as Json, of),
        idOf: (document) => reader.idOf(JSON.parse(document) as Json),
      }
    );
  }

  /** Of a file refunds alone are kept under a stream. */
  async #ofFile(importId: number): Promise<DocumentReader<unknown> | undefined> {
    const imported = await this.#sources.importedFile(importId);
    return imported && refundReader(imported);
  }

  #made(make: () => unknown, source: string): unknown {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof DocumentRefused) && !(error instanceof RowRefused)) throw error;
      const key = `${source} ${error.message}`;
      this.#refused.set(key, { source, reason: error.message, documents: (this.#refused.get(key)?.documents ?? 0) + 1 });
      return null;
    }
  }
}
