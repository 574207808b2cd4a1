import { Random, mix } from './random.ts';

/** A field that is left out of a share of one kind of thing. */
export interface MissingField {
  readonly kind?: 'order' | 'return' | 'cancellation' | 'product';
  readonly field: string;
  readonly share: number;
}

/** What goes wrong on purpose. Shares are parts of all requests (or orders), 0 to 1; everything is off by default. */
export interface Faults {
  /** Every answer waits so long, after the request was carried out. */
  latencyMs: number;
  /** 429 by the platform itself, whatever the rate was. */
  tooManyRequests: number;
  /** 503 with an HTML page. */
  unavailable: number;
  /** 36009003. */
  internal: number;
  /** 36009007. */
  timeout: number;
  /** The connection breaks off without an answer. */
  reset: number;
  /** The answer of a refresh waits so long beside, while its tokens are good already: two refreshes at once get in each other's way. */
  refreshDelayMs: number;
  /** Following pages before which every access token given out so far expires. */
  expiringTokens: number;
  /** Following pages before which the seller withdraws the authorization. */
  deauthorized: number;
  /** The request is carried out, then the connection breaks off: a refresh whose tokens never arrive. */
  lostAnswer: number;
  /** Detail calls answered with one of the passing codes 10002014 and the like. */
  passingDetail: number;
  /** Orders, returns, cancellations and products that carry fields nobody has documented. */
  unknownFields: number;
  /** The same in a status nobody has documented. */
  unknownStatus: number;
  /** Those that lack a field they should have: orders where no kind is named, and one or several. */
  missingField: MissingField | readonly MissingField[] | undefined;
  /** Price details whose sums do not add up, always the same way for the same order. */
  brokenPriceDetail: number;
  /** Orders that no search lists, though it counts them: they are found by their id alone. */
  hiddenFromSearch: number;
  /** Orders that a search sorted by update_time does not list, though it counts them; one sorted by create_time does. */
  hiddenFromUpdates: number;
  /** Pages of more than one row whose total_count is a little off. */
  driftingTotals: number;
  /** The platform's world goes on by so many seconds with each following page of a walk: rows move on to later pages, or out of the window. */
  secondsPerPage: number;
  /** Pages whose last order comes again as the first of the next page. */
  duplicates: number;
  /** How the last page says that it is the last. */
  lastPageToken: 'empty' | 'absent' | 'both';
  /** What a detail call does with an id it does not know. */
  missingIds: 'error' | 'absent';
}

/** Nothing goes wrong. */
export const NO_FAULTS: Faults = {
  latencyMs: 0,
  tooManyRequests: 0,
  unavailable: 0,
  internal: 0,
  timeout: 0,
  reset: 0,
  refreshDelayMs: 0,
  expiringTokens: 0,
  deauthorized: 0,
  lostAnswer: 0,
  passingDetail: 0,
  brokenPriceDetail: 0,
  hiddenFromSearch: 0,
  hiddenFromUpdates: 0,
  driftingTotals: 0,
  secondsPerPage: 0,
  unknownFields: 0,
  unknownStatus: 0,
  missingField: undefined,
  duplicates: 0,
  lastPageToken: 'empty',
  missingIds: 'error',
};

/** Draws for one request after the other: the same seed and the same run of requests meet the same faults. */
export class Dice {
  readonly #seed: number;
  #throws = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  chance(share: number): boolean {
    return share > 0 && new Random(mix(this.#seed, 700, this.#throws++)).chance(share);
  }

  /** A whole number in [from, to]. */
  between(from: number, to: number): number {
    return new Random(mix(this.#seed, 702, this.#throws++)).between(from, to);
  }

  /** Whether an order, by its id, belongs to a share: always the same answer for the same order. */
  falls(id: string, share: number, kind: number): boolean {
    return share > 0 && new Random(mix(this.#seed, 701 + kind, Number(id.slice(3, 9)), Number(id.slice(9)))).chance(share);
  }
}
