import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import type { Json } from '../../kernel/json.ts';
import { toPlace } from '../../model/area.ts';
import type { Call, CallInput, Operation } from '../operation.ts';
import type { ChangeWindow, OrderStream, Page, Windows } from '../stream.ts';
import { toCanonical } from './canonical.ts';
import { MARKETPLACE_OF_COUNTRY, MARKETPLACES } from './marketplaces.ts';
import { toCanonical as olderToCanonical } from './older-canonical.ts';
import { countOrders } from './order-metrics.ts';
import {
  isReported,
  ORDER_REPORT,
  ordersIn,
  reportedId,
  reportedMarketplace,
  reportedOrder,
  reportedRows,
  reportTeller,
} from './order-report.ts';
import { isOfToday, withoutPersonalData } from './personal.ts';
import { ofAccount } from './rates.ts';
import { isReportMark, reportPages } from './reports.ts';

/** A record as it came: what is read of it is checked when it is read, so that one bad record does not spoil its page. */
const anyRecord = z.custom<Json>((value) => typeof value === 'object' && value !== null, 'is no record');
const listing = z.object({ orders: z.array(anyRecord), pagination: z.object({ nextToken: z.string().nullish() }).nullish() });

/** Orders by time of change, of several marketplaces at once. Slow: everything is planned around it. */
export const searchOrders: Operation<z.output<typeof listing>> = {
  name: 'search orders',
  method: 'GET',
  path: '/orders/2026-01-01/orders',
  host: 'api',
  rate: ofAccount(0.0056, 20),
  credentials: 'account',
  reply: listing,
};

/** One order by its id. */
export const getOrder = {
  name: 'get order',
  method: 'GET',
  path: '/orders/2026-01-01/orders/{order_id}',
  host: 'api',
  rate: ofAccount(0.5, 30),
  credentials: 'account',
  reply: z.object({ order: anyRecord }),
} as const satisfies Operation<unknown>;

const PAGE_SIZE = 100;
/** What orders are asked with. Who the buyer is is never asked for. */
export const INCLUDED = ['FULFILLMENT', 'PROCEEDS', 'PROMOTION', 'CANCELLATION', 'EXPENSE'] as const;
/** Where it goes: some sellers' apps have no role for it. */
const PLACES = 'RECIPIENT';

/**
 * Bounds have to lie two minutes back; the index may be behind by some more. A page token is good for a day, in which 480 pages can be
 * read: more than a window comes to. Orders of two years ago are no longer listed.
 */
const WINDOWS: Windows = {
  widest: Temporal.Duration.from({ hours: 24 * 30 }),
  lag: Temporal.Duration.from({ minutes: 5 }),
  youngest: Temporal.Duration.from({ minutes: 3 }),
  reach: Temporal.Duration.from({ hours: 24 * 730 }),
};

/** A walk through a window: a token is only good beside the very texts that it was given for. */
const walk = z.object({
  after: z.string(),
  before: z.string(),
  included: z.array(z.string()),
  /** The marketplaces that are asked for in one search, and those of the searches after it. */
  searches: z.array(z.array(z.string())).min(1),
  token: z.string().nullable(),
});
type Walk = z.output<typeof walk>;

/** A search gives a page in three minutes; a report is made in some two, however much it holds. */
const WHOLE = { widerThan: Temporal.Duration.from({ hours: 24 * 6 }), calls: 8, seconds: 120 } as const;

/** Amazon's orders: the recent by a walk for all marketplaces of a seller's account, history by reports. */
export const orders: OrderStream = {
  windows: WINDOWS,
  pace: { pageSize: PAGE_SIZE, perSecond: searchOrders.rate.perSecond, whole: WHOLE },
  pages,
  count: countOrders,
  async byId(call, ids) {
    const found: Json[] = [];
    for (const id of ids) found.push(...(await oneById(call, id)));
    return found;
  },
  shopOf,
  idOf: (document) => (isReported(document) ? reportedId(document) : (textOf(document, 'orderId') ?? textOf(document, 'AmazonOrderId'))),
  toCanonical(document, shop) {
    if (isReported(document)) return reportedOrder(document, shop);
    return isOfToday(document) ? toCanonical(document) : olderToCanonical(document);
  },
  toldBy: (document) => (isReported(document) ? { teller: reportTeller(document), rows: reportedRows(document) } : null),
};

/** A wide window comes by a report. Where Amazon makes none, or the app may not ask for it, the same window is searched instead. */
async function* pages(call: Call, window: ChangeWindow, given: Parameters<OrderStream['pages']>[2]): AsyncGenerator<Page> {
  let { resume } = given;
  const isWide = Temporal.Instant.compare(window.from.add(WHOLE.widerThan), window.to) < 0;
  if (isReportMark(resume) || (resume === null && isWide)) {
    try {
      yield* reportPages(call, { type: ORDER_REPORT, window, marketplaces: given.shops, documentsOf: ordersIn }, resume);
      return;
    } catch (error) {
      if (!(error instanceof AppError) || !WITHOUT_REPORT.has(error.code)) throw error;
      resume = null;
    }
  }
  yield* searchedPages(call, window, { ...given, resume });
}

const WITHOUT_REPORT: ReadonlySet<string> = new Set(['report_failed', 'report_waiting', 'scope_missing']);

async function* searchedPages(
  call: Call,
  window: ChangeWindow,
  { resume, shops }: { readonly resume: string | null; readonly shops: readonly string[] },
): AsyncGenerator<Page> {
  let at: Walk | null = begunWalk(resume, window, shops);
  while (at) {
    const found = await searched(call, at);
    at = found.walk;
    const [marketplaces = [], ...rest] = at.searches;
    const { orders: records, pagination } = found.reply;
    const isBlind = at.token === null && records.length === 0 && (await hasMissed(call, at, marketplaces));
    const searches: string[][] = isBlind ? marketplaces.map((each) => [each]) : rest;
    const token = pagination?.nextToken || null;
    at = token !== null ? { ...at, token } : searches.length > 0 ? { ...at, searches, token: null } : null;
    yield { documents: records.map((record) => withoutPersonalData(record)), next: at && JSON.stringify(at), total: null };
  }
}

/** The walk that a mark goes on, as long as it is for the same shops; else one from the beginning. */
function begunWalk(resume: string | null, { from, to }: ChangeWindow, shops: readonly string[]): Walk {
  const wanted = shops.toSorted();
  const mark = resume === null ? undefined : walk.safeParse(JSON.parse(resume)).data;
  if (mark?.searches.flat().every((each) => wanted.includes(each))) return mark;
  const written = (instant: Temporal.Instant): string => instant.toString({ smallestUnit: 'millisecond' });
  return { after: written(from), before: written(to), included: [...INCLUDED, PLACES], searches: [wanted], token: null };
}

/** A page; where the seller's app may not know where orders go, without that from here on. */
async function searched(call: Call, at: Walk): Promise<{ walk: Walk; reply: z.output<typeof listing> }> {
  try {
    return { walk: at, reply: await call(searchOrders, searchOf(at, at.searches[0]!)) };
  } catch (error) {
    if (!at.included.includes(PLACES) || !(error instanceof AppError) || error.code !== 'scope_missing') throw error;
    const without = { ...at, included: [...INCLUDED], token: null };
    return { walk: without, reply: await call(searchOrders, searchOf(without, without.searches[0]!)) };
  }
}

/**
 * It was seen that a search for several marketplaces found nothing where one for a single one did: an empty answer is believed after
 * another.
 */
async function hasMissed(call: Call, at: Walk, marketplaces: readonly string[]): Promise<boolean> {
  if (marketplaces.length < 2) return false;
  // Each has its turn, as windows go by.
  const place = Math.floor(Date.parse(at.before) / 1000) % marketplaces.length;
  return (await call(searchOrders, searchOf(at, [marketplaces[place]!]))).orders.length > 0;
}

function searchOf({ after, before, included, token }: Walk, marketplaces: readonly string[]): CallInput {
  return {
    query: {
      lastUpdatedAfter: after,
      lastUpdatedBefore: before,
      marketplaceIds: marketplaces,
      includedData: included,
      maxResultsPerPage: PAGE_SIZE,
      paginationToken: token ?? undefined,
    },
  };
}

async function oneById(call: Call, id: string, included: readonly string[] = [...INCLUDED, PLACES]): Promise<readonly Json[]> {
  try {
    const { order } = await call(getOrder, { path: { order_id: id }, query: { includedData: included } });
    return [withoutPersonalData(order)];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code === 'scope_missing' && included.includes(PLACES)) return oneById(call, id, INCLUDED);
    if (isUnknownOrder(error)) return [];
    throw error;
  }
}

/** Whether Amazon said that it has no such order. */
export function isUnknownOrder(error: unknown): boolean {
  return error instanceof AppError && error.details?.['platform_code'] === 'NotFound';
}

/** The marketplace of an order, by Amazon's id; what was sold elsewhere and sent by Amazon counts to the one of the buyer's country. */
function shopOf(document: Json): string | null {
  if (isReported(document)) return reportedMarketplace(document);
  const { salesChannel, recipient } = document as { readonly salesChannel?: Json; readonly recipient?: Json };
  const told = textOf(salesChannel, 'marketplaceId');
  if (told !== null && textOf(salesChannel, 'channelName') !== 'NON_AMAZON') return told;
  const country = textOf((recipient as { readonly deliveryAddress?: Json } | null | undefined)?.deliveryAddress, 'countryCode');
  const channel = country === null ? undefined : MARKETPLACE_OF_COUNTRY[toPlace({ country }).country ?? ''];
  return channel === undefined ? told : MARKETPLACES[channel].id;
}

function textOf(document: Json | undefined, name: string): string | null {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return null;
  const value = (document as { readonly [key: string]: Json | undefined })[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
