import type { ImportCounts } from '../records/imports/import-log.ts';
import type { QuarantinedRecord } from '../records/runs/sync-log.ts';
import type { AdoptResult } from './adopt.ts';

const SHOWN_REFUSED = 20;

/** What became of the records that another system kept. */
export class AdoptedCounts {
  readonly orders = { orders: 0, orders_new: 0, orders_changed: 0, orders_unchanged: 0 };
  /** The first of those that were set aside. */
  readonly shown: AdoptResult['refused_records'][number][] = [];
  refused = 0;

  /** Counts a batch: what of it was taken and set aside, and, unless it is a dry run, what it changed. */
  add(
    { taken, refused }: { readonly taken: number; readonly refused: readonly QuarantinedRecord[] },
    written: { readonly added: number; readonly changed: number; readonly unchanged: number } | null,
  ): void {
    this.orders.orders += taken;
    this.orders.orders_new += written?.added ?? 0;
    this.orders.orders_changed += written?.changed ?? 0;
    this.orders.orders_unchanged += written?.unchanged ?? 0;
    this.refused += refused.length;
    for (const { record, field, problem } of refused) if (this.shown.length < SHOWN_REFUSED) this.shown.push({ record, field, problem });
  }

  /** The same as the list of imports has it. */
  get noted(): Omit<ImportCounts, 'lines_read'> {
    const { orders, ...written } = this.orders;
    return { lines_refused: this.refused, orders_read: orders, ...written };
  }
}
