import { NO_COMMON_FAULTS, type CommonFaults, type Fate } from '../faults.ts';

/** A field that is left out of a share of all orders. */
export interface MissingField {
  /** `item` is one line of an order. */
  readonly kind: 'order' | 'item';
  readonly field: string;
  readonly share: number;
}

/** What can go wrong on Amazon. Shares are parts of all requests, or of all orders, 0 to 1; everything is off by default. */
export interface AmazonFaults extends CommonFaults {
  /** 500 InternalFailure. */
  internal: number;
  /** 200 whose JSON breaks off in the middle. */
  truncated: number;
  /** Calls refused with 403 though nothing is wrong, and as what. */
  denied: number;
  deniedAs: 'role' | 'expired' | 'invalid' | 'region';
  /** Calls to the token host that break off without an answer. */
  lwaCut: number;
  /** So long a freshly made client secret is still refused as expired. */
  secretPropagationSeconds: number;
  /** The answer of a refresh waits so long beside. */
  refreshDelayMs: number;
  /** Following pages before which every access token given out so far expires. */
  expiringTokens: number;
  /** Following pages before which the seller withdraws the authorization. */
  deauthorized: number;
  /** Following pages whose token the platform no longer knows. */
  forgottenPages: number;
  /** Consents after which the seller comes back without our state. */
  lostState: number;
  /** Consents refused because the app has as many sellers as it may have. */
  consentLimit: number;
  /** Answers to which marketplaces a seller is in that name none. */
  emptyParticipations: number;
  /** By how much the rate in the header differs from the real one; 0 for not at all. */
  saidRate: number;
  /** So many calls that another app of the seller makes beside each of ours: the quota seems to be shared. */
  foreignDrain: number;
  /** Searches over several marketplaces that find nothing though one of them alone does. */
  multiMarketplaceBlind: number;
  /** Orders that no search and no report lists: they are found by their id alone. */
  listOmitsOrder: number;
  /** Pages whose last order comes again as the first of the next page. */
  duplicates: number;
  /** The platform's world goes on by so many seconds with each following page of a walk. */
  secondsPerPage: number;
  /** Orders that carry fields nobody has documented. */
  unknownFields: number;
  /** Orders in a status nobody has documented. */
  unknownStatus: number;
  /** Orders, or lines of them, that lack a field they should have. */
  missingField: MissingField | readonly MissingField[] | undefined;
  /** Orders whose discounts are positive, though they lower the total. */
  positiveDiscounts: number;
  /** Orders whose parts do not add up to their totals. */
  brokenProceeds: number;
  /** Cancelled lines that stay with the quantity 0. */
  lineQuantity0: number;
  /** Orders that have no address and no buyer for now, whatever the role. */
  piiFlicker: number;
  /** What stands in an address without the role for it. */
  recipientWithoutRole: 'places' | 'absent' | 'refused';
  /** Reports that end FATAL, with a document that says why. */
  reportFatal: number;
  /** Reports that end CANCELLED although there is something to tell. */
  reportCancelled: number;
  /** Reports that end CANCELLED, then FATAL, then are refused with 429, one after the other. */
  reportCancelFlavours: number;
  /** Reports that end FATAL because somebody else has just made the same; theirs stands in the list, DONE. */
  reportForeignCooldown: number;
  /** So much longer a report takes, and whatever waits behind it. */
  reportQueueJamSeconds: number;
  /** Reports with the orders of all marketplaces, whichever were asked for. */
  reportIgnoresMarketplace: number;
  /** Orders whose lines of several pieces come as rows of one piece each, alike in everything. */
  reportTwinRows: number;
  /** Reports that reach a day beyond their end, with dates on the clock of the shop. */
  reportEdgeDay: number;
  /** Orders that are not in a report before they have been quiet for a week. */
  reportLateRows: number;
  /** Titles whose signs beyond ASCII have become question marks. */
  reportLossyCharset: number;
  /** Titles with quotes at their beginning, end or in the middle. */
  reportWildQuotes: number;
  /** FBA returns that are dated a day later than before. */
  returnRedated: number;
  /** Identifiers that make a batch of several refused as a whole; alone they are answered. */
  catalogBatchPoison: number;
  /** Catalog items found by SKU that do not name it. */
  catalogWithoutSku: number;
  /** SKUs that are left out of the list of stock; asked for by name they are there. */
  inventorySkip: number;
  /** Calls for stock refused as from an account without FBA. */
  noFba400: number;
  /** Pages of transactions that are empty and go on all the same. */
  emptyPages: number;
  /** Transactions whose status is written as it was years ago: Released. */
  titleCaseStatus: number;
  /** The same settlement listed once for each of its marketplaces. */
  settlementListedEverywhere: number;
  /** Settlements that no list names. */
  settlementMissing: number;
  /** What the charset of a document is said to be: the right one, one that nobody knows, or nothing. */
  reportCharset: 'natural' | 'unknown' | 'unsaid';
}

/** What is to befall one call to Amazon. */
export type AmazonFate = Fate<AmazonFaults>;

/** Nothing goes wrong. */
export const NO_AMAZON_FAULTS = {
  ...NO_COMMON_FAULTS,
  internal: 0,
  truncated: 0,
  denied: 0,
  deniedAs: 'role',
  lwaCut: 0,
  secretPropagationSeconds: 0,
  refreshDelayMs: 0,
  expiringTokens: 0,
  deauthorized: 0,
  forgottenPages: 0,
  lostState: 0,
  consentLimit: 0,
  emptyParticipations: 0,
  saidRate: 0,
  foreignDrain: 0,
  multiMarketplaceBlind: 0,
  listOmitsOrder: 0,
  duplicates: 0,
  secondsPerPage: 0,
  unknownFields: 0,
  unknownStatus: 0,
  missingField: undefined,
  positiveDiscounts: 0,
  brokenProceeds: 0,
  lineQuantity0: 0,
  piiFlicker: 0,
  recipientWithoutRole: 'places',
  reportFatal: 0,
  reportCancelled: 0,
  reportCancelFlavours: 0,
  reportForeignCooldown: 0,
  reportQueueJamSeconds: 0,
  reportIgnoresMarketplace: 0,
  reportTwinRows: 0,
  reportEdgeDay: 0,
  reportLateRows: 0,
  reportLossyCharset: 0,
  reportWildQuotes: 0,
  returnRedated: 0,
  catalogBatchPoison: 0,
  catalogWithoutSku: 0,
  inventorySkip: 0,
  noFba400: 0,
  emptyPages: 0,
  titleCaseStatus: 0,
  settlementListedEverywhere: 0,
  settlementMissing: 0,
  reportCharset: 'natural',
} as const satisfies AmazonFaults;
