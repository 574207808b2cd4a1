import type { Json } from '../kernel/json.ts';
import { ofShop } from '../model/feed.ts';
import type { Shop } from '../model/shop.ts';
import { laterOf } from '../model/shop-day.ts';
import type { OrderRecords } from '../platforms/platform.ts';
import { DocumentRefused } from '../platforms/stream.ts';
import { followers } from '../records/all.ts';
import { writeOrders, type DeliveredOrder } from '../records/orders/order-writer.ts';
import { keepQuarantine, type QuarantinedRecord } from '../records/runs/sync-log.ts';
import { markCompleteUpTo } from '../records/shops/shops.ts';
import type { AdoptRequest, AdoptResult } from './adopt.ts';
import { tryOrder } from './adopted-document.ts';
import { AdoptedCounts } from './adopted-counts.ts';
import { FileSpans } from './file-spans.ts';
import type { IntakeRoom, IntakeWriter } from './intake.ts';
import type { SpooledGroup } from './spool.ts';

/** Kept as what a sync brings home: a replay reads both by one function. */
const STREAM = 'orders';

interface Adopting {
  readonly request: AdoptRequest;
  /** Null in a dry run. */
  readonly importId: number | null;
  readonly file: string;
  /** How many were read. */
  readonly records: number;
  /** The shops by what records tell; under the empty name the one of those that tell none. */
  readonly shops: ReadonlyMap<string, Shop>;
  readonly region: string | null;
}

interface Batch {
  readonly shop: Shop;
  readonly delivered: DeliveredOrder[];
  readonly refused: QuarantinedRecord[];
}

/** Makes orders of records that another system kept, and stores them as what a sync brings home. */
export class AdoptedOrders implements IntakeWriter<AdoptResult> {
  readonly #room: IntakeRoom;
  readonly #of: Adopting;
  readonly #counts = new AdoptedCounts();
  readonly #newest = new Map<number, Temporal.Instant>();
  readonly #spans = new FileSpans();
  #heads = 0;
  #batches = new Map<string, Batch>();

  constructor(room: IntakeRoom, of: Adopting) {
    this.#room = room;
    this.#of = of;
  }

  get counts() {
    return this.#counts.noted;
  }

  take({ records }: SpooledGroup): void {
    const { request, shops } = this.#of;
    const orders = wholeOf(request.records, records);
    if (orders.length === 0) this.#heads += records.length;
    for (const order of orders) {
      const shop = shops.get(request.records.shopOf(order.document)?.shop ?? '') ?? shops.get('')!;
      this.#takeIn(
        this.#batches.getOrInsertComputed(shop.shop, () => ({ shop, delivered: [], refused: [] })),
        order,
      );
    }
  }

  #takeIn({ shop, delivered, refused }: Batch, { place, document, body }: Placed): void {
    const { records } = this.#of.request;
    const order = tryOrder(records, document, shop);
    if (order instanceof DocumentRefused) {
      // Without an id the place in the file names it, so that the same file again finds it already there.
      const record = records.idOf(document) ?? `${this.#of.file} #${place}`;
      refused.push({ record, field: order.field, problem: order.problem, document: body });
      return;
    }
    delivered.push({ shop, order, document: body });
    this.#spans.add(shop.shopId, order.purchasedAt);
    this.#newest.set(shop.shopId, laterOf(this.#newest.get(shop.shopId) ?? order.updatedAt, order.updatedAt));
  }

  async write(): Promise<void> {
    const batches = this.#batches;
    this.#batches = new Map();
    for (const { shop, delivered, refused } of batches.values()) {
      const written = this.#of.importId === null ? null : await this.#store(shop.shopId, { delivered, refused });
      this.#counts.add({ taken: delivered.length, refused }, written);
    }
  }

  #store(shopId: number, { delivered, refused }: Pick<Batch, 'delivered' | 'refused'>) {
    const { engine, parts, clock } = this.#room;
    const taken = delivered.map(({ order }) => order.orderId);
    return writeOrders(engine, delivered, {
      source: { stream: STREAM },
      followers,
      parts,
      commit: (tx) => keepQuarantine(tx, ofShop(shopId), { stream: STREAM, refused, taken, at: clock.now() }),
    });
  }

  async finish(): Promise<void> {
    const { engine, clock } = this.#room;
    for (const [shopId, at] of this.#newest) await markCompleteUpTo(engine, shopId, at);
    await engine.transaction((tx) => this.#spans.keep(tx, clock.now()));
  }

  async result(): Promise<AdoptResult> {
    const { request, importId, file, records, shops, region } = this.#of;
    return {
      content: 'orders',
      file,
      platform: request.platform,
      dry_run: importId === null,
      shops: [...new Set([...shops.values()].map(({ shop }) => shop))].toSorted(),
      region,
      records,
      heads: this.#heads,
      without_data: 0,
      refused: this.#counts.refused,
      refused_records: this.#counts.shown,
      ...this.#counts.orders,
    };
  }
}

interface Placed {
  readonly place: number;
  readonly document: Json;
  readonly body: string;
}

/** The orders that the records of a group make up; none where they are but parts of one. */
function wholeOf({ parts }: OrderRecords, records: SpooledGroup['records']): Placed[] {
  const told = records.map(({ place, body }) => ({ place, body, document: JSON.parse(body) as Json }));
  if (!parts || told.some(({ document }) => document === null)) return told;
  const { place } = told[0]!;
  return parts.whole(told.map(({ document }) => document)).map((document) => ({ place, document, body: JSON.stringify(document) }));
}
