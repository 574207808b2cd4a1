import { every, raw, sql, type Sql } from '../engines/sql.ts';
import type { Scope } from './scope.ts';

/**
 * What puts a return into the window: that its goods were sold in it, by the day the scope goes by, or (`event`) that it was completed in
 * it; an open claim: made in it; a return without a document: its order last changed in it.
 */
export type ReturnBasis = 'order' | 'created' | 'paid' | 'event';

/** The returns, open claims and exchanges, what was refunded in the currency of the answer; stands in FROM in place of the table. */
export function returnedPieces(scope: Scope): Sql {
  return scope.converted(raw('returned_pieces'), 'returned_pieces', ['refund_amount']);
}

/** Those of the window. A refund that names no order (`oid` below 0) is in no window but that of its own day (`event`). */
export function cameBack(scope: Scope, basis: ReturnBasis): Sql {
  return every([scope.ofModel, ...(basis === 'event' ? [scope.currentBy(sql`event_day`)] : [scope.current, sql`oid >= 0`])]);
}
