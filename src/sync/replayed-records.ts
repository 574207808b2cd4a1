import type { KeptBlock } from '../records/documents/documents.ts';
import type { Row, Transaction } from '../engines/engine.ts';
import { writePriceDetails } from '../records/price-details/price-detail-writer.ts';
import { rewriteProducts } from '../records/products/product-writer.ts';
import { writeReturns } from '../records/returns/return-writer.ts';
import { isOneOf, raw, sql } from '../engines/sql.ts';
import type { Json } from '../kernel/json.ts';
import type { PriceDetail } from '../model/price-detail.ts';
import type { Product } from '../model/product.ts';
import type { Return } from '../model/return.ts';
import type { Shop } from '../model/shop.ts';
import type { StreamName } from '../model/stream.ts';
import { RowRefused } from '../platforms/file-preset.ts';
import type { Platform } from '../platforms/platform.ts';
import { DocumentRefused } from '../platforms/stream.ts';
import { refundReader, type DocumentReader, type ImportedFile, type openImportedFiles } from './document-readers.ts';
import type { RefusedDocuments, ReplayedKind } from './replayed-kind.ts';

/** A stream whose records are stored one by one under the platform's id: how they are named, read and written. */
interface RecordStream<Item> {
  readonly name: StreamName;
  /** The table, which of its rows, and the column that holds the id. */
  readonly table: string;
  readonly rows: string;
  readonly id: string;
  reader(platform: Platform): { idOf(document: Json): string | null; toCanonical(document: Json, shop: Shop): Item } | undefined;
  /** The same for what came in a file; absent where files bring none. */
  fileReader?(imported: ImportedFile): DocumentReader<Item>;
  /** Puts records made anew in the place of what is stored of them. */
  write(tx: Transaction, shop: Shop, items: readonly Item[]): Promise<unknown>;
}

function claims(name: 'returns' | 'cancellations'): RecordStream<Return> {
  return {
    name,
    table: 'returns',
    rows: name === 'cancellations' ? "kind = 'cancellation'" : "kind <> 'cancellation'",
    id: 'return_id',
    reader: ({ api }) => api?.[name],
    fileReader: refundReader,
    write: (tx, shop, items) => writeReturns(tx, shop, { delivered: items.map((claim) => ({ claim, document: '' })), source: 'stored' }),
  };
}

const priceDetails: RecordStream<PriceDetail> = {
  name: 'price_details',
  table: 'price_details',
  rows: 'true',
  id: 'order_id',
  reader({ api, records }) {
    const source = api?.priceDetails ?? records?.priceDetails;
    return (
      source && {
        toCanonical: (document) => source.toCanonical(document),
        idOf: (document) => (document as { readonly order_id?: string }).order_id ?? null,
      }
    );
  },
  write: (tx, shop, items) =>
    writePriceDetails(tx, shop, {
      delivered: items.map((detail) => ({ detail, document: '' })),
      source: 'stored',
      at: Temporal.Instant.fromEpochMilliseconds(0),
    }),
};

const products: RecordStream<Product> = {
  name: 'products',
  table: 'products',
  rows: 'true',
  id: 'product_id',
  reader: ({ api }) => api?.products,
  write: rewriteProducts,
};

/** What is read again of a platform beside its orders; a new stream is listed here. */
export function openRecords(shops: readonly Shop[], sources: Sources): ReplayedKind[] {
  return [
    new Records(claims('returns'), shops, sources),
    new Records(claims('cancellations'), shops, sources),
    new Records(priceDetails, shops, sources),
    new Records(products, shops, sources),
  ];
}

interface Sources {
  readonly platforms: readonly Platform[];
  readonly importedFile: ReturnType<typeof openImportedFiles>;
}

/** The records of one stream, of every shop. */
class Records<Item> implements ReplayedKind {
  readonly changes = {};
  read = 0;
  notToldApart = 0;
  readonly #stream: RecordStream<Item>;
  readonly #shops: ReadonlyMap<number, Shop>;
  readonly #sources: Sources;
  readonly #refused = new Map<string, RefusedDocuments>();

  constructor(stream: RecordStream<Item>, shops: readonly Shop[], sources: Sources) {
    this.#stream = stream;
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
    const { table, rows } = this.#stream;
    const [row] = await tx.query<{ n: number } & Row>(sql`SELECT count(*) AS n FROM ${raw(table)} WHERE ${raw(rows)}`);
    return row!.n;
  }

  async rebuild(tx: Transaction, blocks: readonly KeptBlock[], documents: ReadonlyMap<number, readonly string[]>): Promise<void> {
    const { table, rows, id } = this.#stream;
    const stored = await tx.query<{ block_id: number; record: string } & Row>(sql`
      SELECT block_id, ${raw(id)} AS record FROM ${raw(table)} WHERE ${isOneOf(
        sql`block_id`,
        blocks.map(({ block_id }) => block_id),
      )} AND ${raw(rows)}`);
    const wanted = Map.groupBy(stored, ({ block_id }) => block_id);
    for (const [shopId, own] of Map.groupBy(blocks, ({ shop_id }) => shop_id!)) {
      const shop = this.#shops.get(shopId);
      const items: Item[] = [];
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
      if (items.length > 0) await this.#stream.write(tx, shop!, items);
    }
  }

  #ofPlatform(shop: Shop): DocumentReader<Item> | undefined {
    const platform = this.#sources.platforms.find(({ id }) => id === shop.platform);
    const reader = platform && this.#stream.reader(platform);
    return (
      reader && {
        source: `${shop.platform} ${this.#stream.name}`,
        toCanonical: (document, of) => reader.toCanonical(JSON.parse(document) as Json, of),
        idOf: (document) => reader.idOf(JSON.parse(document) as Json),
      }
    );
  }

  async #ofFile(importId: number): Promise<DocumentReader<Item> | undefined> {
    const imported = await this.#sources.importedFile(importId);
    return imported && this.#stream.fileReader?.(imported);
  }

  #made(make: () => Item, source: string): Item | null {
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
