import { keepFileSpan } from '../records/shops/coverage.ts';
import type { Transaction } from '../engines/engine.ts';
import { earlierOf, laterOf } from '../model/shop-day.ts';

/** The first and the last purchase that a file tells of each of its shops. */
export class FileSpans {
  readonly #spans = new Map<number, { first: Temporal.Instant; last: Temporal.Instant }>();

  add(shopId: number, at: Temporal.Instant): void {
    const known = this.#spans.get(shopId);
    if (known) [known.first, known.last] = [earlierOf(known.first, at), laterOf(known.last, at)];
    else this.#spans.set(shopId, { first: at, last: at });
  }

  /** Remembers them; a purchase of the future is none that anything is covered up to. */
  async keep(tx: Transaction, now: Temporal.Instant): Promise<void> {
    for (const [shopId, { first, last }] of this.#spans) {
      if (Temporal.Instant.compare(first, now) > 0) continue;
      await keepFileSpan(tx, shopId, { first, last: earlierOf(last, now) });
    }
  }
}
