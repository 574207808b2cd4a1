import type { RecordKind } from '../kind.ts';

/** File imports. */
export const imports: RecordKind = { tables: ['imports'] };
