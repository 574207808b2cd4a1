import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { Json } from '../kernel/json.ts';
import { LIMITS, overLimit } from '../kernel/limits.ts';
import { imaginedShop, type PlatformId, type Shop } from '../model/shop.ts';
import type { OrderRecords, ToldShop } from '../platforms/platform.ts';
import { DocumentRefused } from '../platforms/stream.ts';
import { tryOrder } from './adopted-document.ts';
import { AdoptedOrders } from './adopted-orders.ts';
import { adoptedShops } from './adopted-shops.ts';
import { IdSample } from './file-shop.ts';
import { takeIn, type IntakeKind, type IntakeRequest, type IntakeRoom, type ReadPortion, type Settled } from './intake.ts';
import { readRecords } from './record-file.ts';
import type { SpooledRecord } from './spool.ts';

/** A file by its name, to show, never a path. */
export interface AdoptFile {
  readonly file: string;
  readonly source: Readable;
}

export interface AdoptRequest extends IntakeRequest {
  /** One file, or several that tell parts of the same orders; each is read to its end before the next is asked for. */
  readonly files: AsyncIterable<AdoptFile>;
  readonly platform: PlatformId;
  readonly records: OrderRecords;
  /** The shop the orders belong to. Default: what they tell. */
  readonly shop?: string | undefined;
  /** The market, ISO 3166-1, where the orders do not tell it. */
  readonly region?: string | undefined;
  /** The platform's own id of the shop, so that a consent later finds it again. */
  readonly platformShopId?: string | undefined;
}

export interface AdoptResult {
  readonly content: 'orders' | 'price_details';
  readonly file: string;
  readonly platform: PlatformId;
  readonly dry_run: boolean;
  readonly shops: readonly string[];
  /** The market of the first shop; null where nothing tells it. */
  readonly region: string | null;
  readonly records: number;
  /** Records that are but a part of an order whose rest is in no file: what a list says of it, an order without its items. Left out. */
  readonly heads: number;
  /** Records that hold the platform's refusal in place of data; left out. */
  readonly without_data: number;
  /** Set aside with their documents. */
  readonly refused: number;
  readonly refused_records: readonly { readonly record: string; readonly field: string; readonly problem: string }[];
  /** The orders that were brought, or whose price details were. */
  readonly orders: number;
  readonly orders_new: number;
  readonly orders_changed: number;
  readonly orders_unchanged: number;
}

const WRITE_BATCH = 4000;
const TURN = 200;

/**
 * Takes over files of a platform's own orders that another system kept: read to their end first, so that nothing of a broken
 * one is stored, then written 4,000 at a time, each batch one transaction. The same files twice change nothing. A record that
 * makes no order goes to quarantine.
 * @throws AppError `file_unreadable` with the file and the place, `file_empty`, `import_setting_needed`, `invalid_parameter`,
 * `limit_exceeded`, `upload_stalled`
 */
export async function adoptOrders(room: IntakeRoom, request: AdoptRequest): Promise<AdoptResult> {
  return takeIn(room, new OrderRecordFiles(room, request), request);
}

/** What the first reading found: the files, and which shops they tell, each with how often. */
export interface ReadRecords {
  readonly file: string;
  readonly told: ReadonlyMap<string, { readonly shop: ToldShop; readonly records: number }>;
  /** Whether an order tells no shop. */
  readonly untold: boolean;
  readonly ids: readonly string[];
}

/** Parts that tell no time come after those that do: a group stands at its earliest. */
const NO_TIME = Number.MAX_SAFE_INTEGER;

/** Files of a platform's orders, or of parts of them. */
class OrderRecordFiles implements IntakeKind<ReadRecords, AdoptResult> {
  readonly batch = WRITE_BATCH;
  readonly #room: IntakeRoom;
  readonly #request: AdoptRequest;
  readonly #told = new Map<string, { shop: ToldShop; records: number }>();
  readonly #ids = new IdSample();
  #untold = false;
  #count = 0;

  constructor(room: IntakeRoom, request: AdoptRequest) {
    this.#room = room;
    this.#request = request;
  }

  async *read(): AsyncGenerator<ReadPortion, ReadRecords> {
    const { files, records: shape } = this.#request;
    const names: string[] = [];
    for await (const { file, source } of files) {
      names.push(file);
      try {
        for await (const found of readRecords(source, shape, { file, stillMs: this.#room.stillMs })) {
          const records: SpooledRecord[] = [];
          for (const [i, record] of found.entries()) {
            records.push(this.#spooled(record));
            if (i % TURN === TURN - 1) await setImmediate();
          }
          yield { rows: this.#count, records };
        }
      } finally {
        source.destroy();
      }
    }
    return { file: names.join(' + '), told: this.#told, untold: this.#untold, ids: this.#ids.ids };
  }

  #spooled(record: Json): SpooledRecord {
    const { records } = this.#request;
    const { parts } = records;
    this.#count += 1;
    const isObject = typeof record === 'object' && record !== null && !Array.isArray(record);
    const document = isObject ? records.kept(record, this.#room.hash) : null;
    const shop = records.shopOf(document);
    if (shop) this.#told.set(shop.shop, { shop, records: (this.#told.get(shop.shop)?.records ?? 0) + 1 });
    if (this.#told.size > LIMITS.shops.most) throw overLimit('shops');
    const order = tryOrder(records, document, NOBODYS);
    if (!(order instanceof DocumentRefused)) this.#ids.add(order.orderId);
    const id = order instanceof DocumentRefused ? (parts ? records.idOf(document) : null) : order.orderId;
    const placed = order instanceof DocumentRefused ? (id === null ? null : parts!.placedAt(document)) : order.purchasedAt;
    const isPart = id !== null && parts?.whole([document]).length === 0;
    if (!shop && (!isPart || placed !== null)) this.#untold = true;
    return {
      group: id ?? `?${this.#count}`,
      time: placed?.epochMilliseconds ?? (isPart ? NO_TIME : 0),
      place: this.#count,
      body: JSON.stringify(document),
    };
  }

  async settle(read: ReadRecords, rows: number): Promise<Settled<AdoptResult>> {
    const { shops, region } = await adoptedShops(this.#room.engine, this.#request, read);
    const { platform, shop } = this.#request;
    return {
      noted: { file: read.file, preset: `${platform.toLowerCase()}-order-records`, mapping: JSON.stringify({ shop, region }) },
      open: async (importId) =>
        new AdoptedOrders(this.#room, { request: this.#request, importId, file: read.file, records: rows, shops, region }),
    };
  }
}

/** For looking at a record before its shop is known: no mapping depends on it but the shop day, which is computed later. */
const NOBODYS: Shop = imaginedShop({ platform: 'Other', shop: '', zone: 'UTC', currency: null });
