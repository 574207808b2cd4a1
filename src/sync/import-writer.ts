import type { Return } from '../model/return.ts';
import type { Shop } from '../model/shop.ts';
import type { FileDecision } from '../platforms/file-preset.ts';
import { followers } from '../records/all.ts';
import type { DeliveredRecord } from '../records/kind.ts';
import { addJoins, NO_JOINS } from '../records/orders/order-documents.ts';
import { writeOrders, type DeliveredOrder } from '../records/orders/order-writer.ts';
import { returnStore } from '../records/returns/returns.ts';
import { markCompleteIn } from '../records/shops/shops.ts';
import { decisionsOf, type Decision } from './decisions.ts';
import { FileSpans } from './file-spans.ts';
import { isRefundGroup, shopOfGroup } from './import-groups.ts';
import type { ImportResult, ReadOrderFile } from './import.ts';
import type { IntakeRoom, IntakeWriter } from './intake.ts';
import { ROW_END, rowsOf } from './kept-rows.ts';
import type { RefusedRows } from './refused-rows.ts';
import { shownOrder, shownRefund, type ShownRecord } from './shown-records.ts';
import type { SpooledGroup } from './spool.ts';
import type { Encoding } from './text-encoding.ts';

/** A file of orders that has been read, whose way of writing is decided and whose shops are known. */
export interface DecidedOrderFile extends ReadOrderFile {
  readonly rows: number;
  readonly decided: FileDecision;
  readonly shops: ReadonlyMap<string, Shop>;
  readonly decisions: readonly Decision[];
  readonly encoding: Encoding | null;
}

interface Writing {
  /** Null in a dry run. */
  readonly importId: number | null;
  readonly file: string;
  readonly refusals: RefusedRows;
  readonly read: DecidedOrderFile;
}

const SAMPLE = 3;
const NO_ROWS = {
  orders_read: 0,
  orders_new: 0,
  orders_changed: 0,
  orders_unchanged: 0,
  refunds_read: 0,
  refunds_new: 0,
  refunds_changed: 0,
  refunds_unchanged: 0,
};

/** Makes orders and refunds of the rows of a file, and stores them. */
export class ImportWriter implements IntakeWriter<ImportResult> {
  readonly #room: IntakeRoom;
  readonly #of: Writing;
  readonly #counts = { ...NO_ROWS };
  #joins = NO_JOINS;
  readonly #spans = new FileSpans();
  readonly #sample: { readonly orders: ShownRecord[]; readonly refunds: ShownRecord[] } = { orders: [], refunds: [] };
  #orders: DeliveredOrder[] = [];
  #refunds: DeliveredRecord<Return>[] = [];

  constructor(room: IntakeRoom, of: Writing) {
    this.#room = room;
    this.#of = of;
  }

  get counts() {
    return { ...this.#counts, lines_refused: this.#of.refusals.count };
  }

  take({ group, records }: SpooledGroup): void {
    const { reader, shops } = this.#of.read;
    const shop = shops.get(shopOfGroup(group))!;
    try {
      const document = records.map(({ body }) => body).join(ROW_END);
      if (isRefundGroup(group)) {
        const claim = reader.toRefund(rowsOf(document), shop);
        if (this.#sample.refunds.length < SAMPLE) this.#sample.refunds.push(shownRefund(claim, shop));
        this.#refunds.push({ shop, item: claim, document });
      } else {
        const order = reader.toCanonical(rowsOf(document), shop);
        if (this.#sample.orders.length < SAMPLE) this.#sample.orders.push(shownOrder(order, shop));
        this.#spans.add(shop.shopId, order.purchasedAt);
        this.#orders.push({ shop, order, document });
      }
    } catch (error) {
      for (const { place } of records) this.#of.refusals.add(error, place);
    }
  }

  async write(): Promise<void> {
    const [orders, refunds] = [this.#orders, this.#refunds];
    [this.#orders, this.#refunds] = [[], []];
    const { importId } = this.#of;
    const counts = this.#counts;
    if (importId !== null) {
      const { engine, parts, clock } = this.#room;
      const written = await writeOrders(engine, orders, { source: { importId }, followers, parts });
      counts.orders_new += written.added;
      counts.orders_changed += written.changed;
      counts.orders_unchanged += written.unchanged;
      if (written.joins) this.#joins = addJoins(this.#joins, written.joins);
      const paidBack = await returnStore.write(engine, refunds, { source: { importId, stream: 'returns' }, at: clock.now(), followers });
      counts.refunds_new += paidBack.added;
      counts.refunds_changed += paidBack.changed;
      counts.refunds_unchanged += paidBack.unchanged;
    }
    counts.orders_read += orders.length;
    counts.refunds_read += refunds.length;
  }

  async finish(): Promise<void> {
    const { engine, clock } = this.#room;
    const shopIds = [...this.#of.read.shops.values()].map(({ shopId }) => shopId);
    await engine.transaction(async (tx) => {
      await markCompleteIn(tx, shopIds, clock.now());
      await this.#spans.keep(tx, clock.now());
    });
  }

  async result(): Promise<ImportResult> {
    const { importId, file, refusals, read } = this.#of;
    await refusals.close();
    const { preset, reader, decided, shops } = read;
    const { unknownColumns, unknownWords, doubtfulIds } = reader.findings();
    const { orders_read: orders, refunds_read: refunds, ...written } = this.#counts;
    return {
      import_id: importId,
      file,
      preset: preset.name,
      platform: preset.platform,
      dry_run: importId === null,
      shops: [...new Set([...shops.values()].map(({ shop }) => shop))].toSorted(),
      encoding: read.encoding,
      sheets: read.sheets,
      sheets_left_out: read.leftOut,
      date_order: decided.dateOrder,
      decimal_mark: decided.decimalMark,
      unknown_columns: unknownColumns,
      unknown_words: unknownWords,
      doubtful_ids: doubtfulIds,
      rows: read.rows,
      refused: refusals.count,
      refused_reasons: refusals.reasons(),
      orders,
      refunds,
      ...written,
      orders_joined: this.#joins.joined,
      orders_kept_newer: this.#joins.keptNewer,
      decisions: [...read.decisions, ...decisionsOf(this.#joins)],
      sample: [...this.#sample.orders, ...this.#sample.refunds],
    };
  }
}
