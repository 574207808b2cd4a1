import { raw, type Sql } from '../../engines/sql.ts';
import { STAGED_LINE, STAGED_ORDER, STAGED_STATE } from '../../model/staged-tables.ts';
import { stagedRow, type RowOf } from '../insertion.ts';

/** A row of `orders` for what is staged and taken; `block` says where the documents are. */
export function orderRow(block: Sql): RowOf<'orders'> {
  return stagedRow('orders', { s: STAGED_ORDER, t: STAGED_STATE }, { block_id: block });
}

/** A row of `lines` for the same. */
export const LINE_ROW = stagedRow('lines', { l: STAGED_LINE, t: STAGED_STATE });

/** Where both come from. */
export const STAGED_ORDERS = raw('FROM staged_orders s JOIN staged_states t ON t.state_n = s.state_n WHERE s.oid IS NOT NULL');
export const STAGED_LINES = raw('FROM staged_lines l JOIN staged_states t ON t.state_n = l.state_n WHERE l.oid IS NOT NULL');
