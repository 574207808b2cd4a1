import type { RecordKind } from '../kind.ts';

/** Alerts, risen and ended. */
export const alerts: RecordKind = { tables: ['alerts'] };
