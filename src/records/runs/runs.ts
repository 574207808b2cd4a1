import type { RecordKind } from '../kind.ts';

/** How far streams have been read, their runs, and what could not be taken. */
export const runs: RecordKind = { tables: ['checkpoints', 'sync_runs', 'quarantine'] };
