import type { RecordKind } from '../kind.ts';
import { fillFileSpans } from './coverage.ts';

/** Shops, how they are connected, their taxes, and what files told of them. */
export const shopRecords: RecordKind = {
  tables: ['shops', 'file_spans', 'vat_rates', 'authorizations', 'used_states'],
  derived: [{ table: 'file_spans', fill: fillFileSpans, onlyWhenNew: true }],
};
