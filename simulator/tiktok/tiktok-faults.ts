import { NO_COMMON_FAULTS, type CommonFaults, type Fate } from '../faults.ts';

/** A field that is left out of a share of one kind of thing. */
export interface MissingField {
  readonly kind?: 'order' | 'return' | 'cancellation' | 'product';
  readonly field: string;
  readonly share: number;
}

/** What can go wrong on TikTok. Shares are parts of all requests, or of all orders and the like, 0 to 1; everything is off by default. */
export interface TikTokFaults extends CommonFaults {
  /** 36009003. */
  internal: number;
  /** 36009007. */
  timeout: number;
  /** The answer of a refresh waits so long beside, while its tokens are good already: two refreshes at once get in each other's way. */
  refreshDelayMs: number;
  /** Following pages before which every access token given out so far expires. */
  expiringTokens: number;
  /** Following pages before which the seller withdraws the authorization. */
  deauthorized: number;
  /** Following pages whose token the platform no longer knows. */
  forgottenPages: number;
  /** Calls refused for their token's header, though nothing is wrong with it: 401, 36009005. */
  refusedTokenHeader: number;
  /** Answers to which shops an authorization opens that name none: consent was given, the shop is not released yet. */
  emptyShopList: number;
  /** Consents after which the seller comes back without our state, as from the service market. */
  lostState: number;
  /** Detail calls answered with one of the passing codes 10002014 and the like. */
  passingDetail: number;
  /** Orders, returns, cancellations and products that carry fields nobody has documented. */
  unknownFields: number;
  /** The same in a status nobody has documented. */
  unknownStatus: number;
  /** Those that lack a field they should have: orders where no kind is named, and one or several. */
  missingField: MissingField | readonly MissingField[] | undefined;
  /** Unpaid orders that say they were paid in the second 0. */
  zeroPaidTime: number;
  /** Products whose SKUs have neither price nor stock, as drafts have. */
  pricelessProducts: number;
  /** Price details whose sums do not add up, always the same way for the same order. */
  brokenPriceDetail: number;
  /** Orders that no search lists, though it counts them: they are found by their id alone. */
  hiddenFromSearch: number;
  /** Orders that a search sorted by update_time does not list, though it counts them; one sorted by create_time does. */
  hiddenFromUpdates: number;
  /** Pages of more than one row whose total_count is a little off. */
  driftingTotals: number;
  /**
   * The platform's world goes on by so many seconds with each following page of a walk: rows move on to later pages, or out of the window.
   */
  secondsPerPage: number;
  /** Pages whose last order comes again as the first of the next page. */
  duplicates: number;
  /** How the last page says that it is the last. */
  lastPageToken: 'empty' | 'absent' | 'both';
  /** What a detail call does with an id it does not know. */
  missingIds: 'error' | 'absent';
}

/** What is to befall one call to TikTok. */
export type TikTokFate = Fate<TikTokFaults>;

/** Nothing goes wrong. */
export const NO_FAULTS = {
  ...NO_COMMON_FAULTS,
  internal: 0,
  timeout: 0,
  refreshDelayMs: 0,
  expiringTokens: 0,
  deauthorized: 0,
  forgottenPages: 0,
  refusedTokenHeader: 0,
  emptyShopList: 0,
  lostState: 0,
  passingDetail: 0,
  unknownFields: 0,
  unknownStatus: 0,
  missingField: undefined,
  zeroPaidTime: 0,
  pricelessProducts: 0,
  brokenPriceDetail: 0,
  hiddenFromSearch: 0,
  hiddenFromUpdates: 0,
  driftingTotals: 0,
  secondsPerPage: 0,
  duplicates: 0,
  lastPageToken: 'empty',
  missingIds: 'error',
} as const satisfies TikTokFaults;
