import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { AppError } from '../kernel/errors.ts';
import type { Json } from '../kernel/json.ts';
import { ofShop } from '../model/feed.ts';
import type { PriceDetail } from '../model/price-detail.ts';
import { imaginedShop, shopsNamed, type PlatformId, type Shop, unknownShop } from '../model/shop.ts';
import type { PriceDetailRecords } from '../platforms/platform.ts';
import { DocumentRefused } from '../platforms/stream.ts';
import { readShopsOfOrders } from '../records/orders/stored-orders.ts';
import { readPriceDetailsSince, writePriceDetails, type DeliveredPriceDetail } from '../records/price-details/price-detail-writer.ts';
import { keepQuarantine, type QuarantinedRecord } from '../records/runs/sync-log.ts';
import { readShops } from '../records/shops/shops.ts';
import type { AdoptResult } from './adopt.ts';
import { AdoptedCounts } from './adopted-counts.ts';
import {
  takeIn,
  type IntakeKind,
  type IntakeRequest,
  type IntakeRoom,
  type IntakeWriter,
  type ReadPortion,
  type Settled,
} from './intake.ts';
import { readRecords } from './record-file.ts';
import type { SpooledGroup, SpooledRecord } from './spool.ts';

export interface AdoptDetailsRequest extends IntakeRequest {
  readonly source: Readable;
  readonly file: string;
  readonly platform: PlatformId;
  readonly records: PriceDetailRecords;
  /** The stored shop whose orders they are of; a dry run takes any name. Default: the one that most of the orders belong to. */
  readonly shop?: string | undefined;
  /** When the file was written: a price detail that was asked for later stays. */
  readonly writtenAt: Temporal.Instant;
}

const WRITE_BATCH = 2000;
const LOOKED_UP = 1000;
const TURN = 200;
const STREAM = 'price_details';

/**
 * Takes over a file of price details, read to its end first and written in batches, as {@link adoptOrders} does with orders.
 * What holds the platform's refusal in place of data is left out: the shop's own run asks for it.
 * @throws AppError `file_unreadable` with the place, `file_empty`, `unknown_shop`, `import_setting_needed` when no order is known,
 * `limit_exceeded`, `upload_stalled`
 */
export async function adoptPriceDetails(room: IntakeRoom, request: AdoptDetailsRequest): Promise<AdoptResult> {
  try {
    return await takeIn(room, new PriceDetailFile(room, request), request);
  } finally {
    request.source.destroy();
  }
}

interface ReadDetails {
  /** Records that hold the platform's refusal. */
  readonly without: number;
  readonly ids: readonly string[];
}

/** A file of price details, one for each order. */
class PriceDetailFile implements IntakeKind<ReadDetails, AdoptResult> {
  readonly batch = WRITE_BATCH;
  readonly #room: IntakeRoom;
  readonly #request: AdoptDetailsRequest;

  constructor(room: IntakeRoom, request: AdoptDetailsRequest) {
    this.#room = room;
    this.#request = request;
  }

  async *read(): AsyncGenerator<ReadPortion, ReadDetails> {
    const { hash, stillMs } = this.#room;
    const { source, file, records: shape } = this.#request;
    const ids: string[] = [];
    let [rows, without] = [0, 0];
    for await (const found of readRecords(source, shape, { file, stillMs })) {
      const records: SpooledRecord[] = [];
      for (const [i, record] of found.entries()) {
        rows += 1;
        const id = shape.idOf(record);
        const document = id === null ? {} : shape.kept(record, hash);
        if (document === null) without += 1;
        else records.push({ group: id ?? `?${rows}`, time: rows * 1000, place: rows, body: JSON.stringify(document) });
        if (id !== null && ids.length < LOOKED_UP) ids.push(id);
        if (i % TURN === TURN - 1) await setImmediate();
      }
      yield { rows, records };
    }
    return { without, ids };
  }

  async settle({ without, ids }: ReadDetails, rows: number): Promise<Settled<AdoptResult>> {
    const shop = await shopOf(this.#room, this.#request, ids);
    const { file, platform } = this.#request;
    return {
      noted: { file, preset: `${platform.toLowerCase()}-price-details`, mapping: JSON.stringify({ shop: shop.shop }) },
      open: async (importId) => new AdoptedDetails(this.#room, { request: this.#request, importId, shop, records: rows, without }),
    };
  }
}

async function shopOf(
  { engine }: IntakeRoom,
  { platform, shop: name, dryRun }: AdoptDetailsRequest,
  ids: readonly string[],
): Promise<Shop> {
  const { shops, most } = await engine.read(async (reader) => ({
    shops: await readShops(reader, [platform]),
    most: (await readShopsOfOrders(reader, platform, ids))[0]?.shop_id,
  }));
  const named = name === undefined ? undefined : shopsNamed(shops, name)[0];
  // A dry run of orders stores no shop that their price details could find.
  if (name !== undefined && !named && dryRun) return imaginedShop({ platform, shop: name, zone: 'UTC', currency: null });
  if (name !== undefined && !named) throw unknownShop(name, shops);
  const found = named ?? shops.find(({ shopId }) => shopId === most);
  if (!found) throw new AppError('import_setting_needed', { setting: 'shop', option: 'shop' });
  return found;
}

interface Adopting {
  readonly request: AdoptDetailsRequest;
  /** Null in a dry run. */
  readonly importId: number | null;
  readonly shop: Shop;
  readonly records: number;
  readonly without: number;
}

class AdoptedDetails implements IntakeWriter<AdoptResult> {
  readonly #room: IntakeRoom;
  readonly #of: Adopting;
  readonly #counts = new AdoptedCounts();
  #delivered: DeliveredPriceDetail[] = [];
  #refused: QuarantinedRecord[] = [];

  constructor(room: IntakeRoom, of: Adopting) {
    this.#room = room;
    this.#of = of;
  }

  get counts() {
    return this.#counts.noted;
  }

  take({ group, records }: SpooledGroup): void {
    const { request } = this.#of;
    // Asked for twice, the later answer stands further down.
    const { place, body } = records.at(-1)!;
    const detail = tryDetail(request.records, JSON.parse(body) as Json);
    if (!(detail instanceof DocumentRefused)) return void this.#delivered.push({ detail, document: body });
    const record = group.startsWith('?') ? `${request.file} #${place}` : group;
    this.#refused.push({ record, field: detail.field, problem: detail.problem, document: body });
  }

  async write(): Promise<void> {
    const [delivered, refused] = [this.#delivered, this.#refused];
    [this.#delivered, this.#refused] = [[], []];
    const written = this.#of.importId === null ? null : await this.#store(delivered, refused);
    this.#counts.add({ taken: delivered.length, refused }, written);
  }

  #store(delivered: readonly DeliveredPriceDetail[], refused: readonly QuarantinedRecord[]) {
    const { shop, request } = this.#of;
    const { shopId } = shop;
    return this.#room.engine.transaction(async (tx) => {
      const now = this.#room.clock.now();
      const at = Temporal.Instant.compare(request.writtenAt, now) < 0 ? request.writtenAt : now;
      const orderIds = delivered.map(({ detail }) => detail.orderId);
      const later = await readPriceDetailsSince(tx, shopId, { orderIds, at });
      const older = delivered.filter(({ detail }) => !later.has(detail.orderId));
      const written = await writePriceDetails(tx, shop, { delivered: older, source: { shopId, stream: STREAM }, at });
      await keepQuarantine(tx, ofShop(shopId), { stream: STREAM, refused, taken: orderIds, at: now });
      return { ...written, unchanged: written.unchanged + later.size };
    });
  }

  async finish(): Promise<void> {
    // A price detail is its order's: nothing is told of the whole file.
  }

  async result(): Promise<AdoptResult> {
    const { request, importId, shop, records, without } = this.#of;
    return {
      content: 'price_details',
      file: request.file,
      platform: request.platform,
      dry_run: importId === null,
      shops: [shop.shop],
      region: shop.region,
      records,
      heads: 0,
      without_data: without,
      refused: this.#counts.refused,
      refused_records: this.#counts.shown,
      ...this.#counts.orders,
    };
  }
}

function tryDetail(records: PriceDetailRecords, document: Json): PriceDetail | DocumentRefused {
  try {
    return records.toCanonical(document);
  } catch (error) {
    if (error instanceof DocumentRefused) return error;
    throw error;
  }
}
