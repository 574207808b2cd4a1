import type { RecordKind } from '../kind.ts';

/** How far streams have been read, their runs, what could not be taken, and which quotas they have spent. */
export const runs: RecordKind = { tables: ['checkpoints', 'sync_runs', 'quarantine', 'spent_quotas'] };
