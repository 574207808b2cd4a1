import type { Return } from '../../model/return.ts';
import type { Operation } from '../operation.ts';
import type { ChangeStream } from '../stream.ts';
import { cancellationToCanonical, returnToCanonical } from './claim.ts';
import { listing, listingReply, textOf, WINDOWS, type ListingReply } from './listing.ts';
import { ofShop } from './rates.ts';

/** Claims after shipment. Version 202309 answers in the same form. */
export const searchReturns: Operation<ListingReply> = {
  name: 'search returns',
  method: 'POST',
  path: '/return_refund/202602/returns/search',
  host: 'api',
  rate: ofShop(10),
  credentials: 'shop',
  reply: listingReply('return_orders'),
};

/** Cancellations, of whole orders and of single lines. */
export const searchCancellations: Operation<ListingReply> = {
  name: 'search cancellations',
  method: 'POST',
  path: '/return_refund/202602/cancellations/search',
  host: 'api',
  rate: ofShop(10),
  credentials: 'shop',
  reply: listingReply('cancellations'),
};

/** The most that either search takes. */
const PAGE_SIZE = 50;

/** TikTok's returns, refunds and replacements. */
export const returns: ChangeStream<Return> = {
  windows: WINDOWS,
  pace: { pageSize: PAGE_SIZE, perSecond: searchReturns.rate.perSecond },
  ...listing(searchReturns, 'update_time', { pageSize: PAGE_SIZE, stream: 'returns' }),
  idOf: (document) => textOf(document, 'return_id'),
  toCanonical: returnToCanonical,
};

/** TikTok's cancellations. */
export const cancellations: ChangeStream<Return> = {
  windows: WINDOWS,
  pace: { pageSize: PAGE_SIZE, perSecond: searchCancellations.rate.perSecond },
  ...listing(searchCancellations, 'update_time', { pageSize: PAGE_SIZE, stream: 'cancellations' }),
  idOf: (document) => textOf(document, 'cancel_id'),
  toCanonical: cancellationToCanonical,
};
