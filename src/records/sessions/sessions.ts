import type { RecordKind } from '../kind.ts';

/** Browsers that are signed in. */
export const sessions: RecordKind = { tables: ['browser_sessions'] };
