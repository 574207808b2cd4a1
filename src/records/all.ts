import type { Text } from '../kernel/messages.ts';
import { alerts } from './alerts/alerts.ts';
import { buyers } from './buyers/buyers.ts';
import { catalogue } from './catalogue.ts';
import { dayCheck } from './day-check/day-check.ts';
import { documents } from './documents.ts';
import { gaps } from './gaps/gaps.ts';
import { imports } from './imports/imports.ts';
import type { OrderFollower, RecordKind, RecordStream } from './kind.ts';
import { misses } from './misses.ts';
import { orders } from './orders/orders.ts';
import { priceDetails } from './price-details/price-details.ts';
import { products } from './products/products.ts';
import { rates } from './rates/rates.ts';
import { returns } from './returns/returns.ts';
import { runs } from './runs/runs.ts';
import { sessions } from './sessions/sessions.ts';
import { shopRecords } from './shops/shop-records.ts';

/**
 * Everything that is kept, a kind at a time: the only list. Its order is the one in which streams are read (orders, the claims on them,
 * orders that only claims name, then what may take its time), kinds are compared, and a shop is erased: documents before the orders that
 * name them.
 */
export const kinds: readonly RecordKind[] = [
  documents,
  catalogue,
  orders,
  buyers,
  returns,
  gaps,
  priceDetails,
  products,
  dayCheck,
  imports,
  runs,
  misses,
  shopRecords,
  rates,
  alerts,
  sessions,
];

/** What follows orders, for whoever writes them. */
export const followers: readonly OrderFollower[] = kinds.flatMap(({ follower }) => follower ?? []);

/** What is read of connected shops. */
export const streams: readonly RecordStream[] = kinds.flatMap((kind) => kind.streams ?? []);

/** What people call a stream. */
export function streamTitle(stream: string): Text {
  return streams.find(({ name }) => name === stream)!.title;
}

/** Those that are read one after the other, again and again; all others take the calls that these leave over. */
export const promptStreams: readonly string[] = streams.filter(({ pace }) => pace === 'prompt').map(({ name }) => name);
