import type { RecordKind } from '../kind.ts';

/** What a euro was worth. */
export const rates: RecordKind = { tables: ['fx_rates'] };
