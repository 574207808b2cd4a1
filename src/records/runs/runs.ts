import { raw, sql } from '../../engines/sql.ts';
import type { RecordKind } from '../kind.ts';

/** How far streams have been read, their runs, what could not be taken, and which quotas they have spent. */
export const runs: RecordKind = {
  tables: ['checkpoints', 'sync_runs', 'quarantine', 'spent_quotas'],
  /** What the feeds of an account told goes with the last of its shops. */
  async erase(tx, shopId) {
    for (const table of ['sync_runs', 'quarantine']) {
      await tx.run(sql`
        DELETE FROM ${raw(table)} WHERE shop_id IS NULL
          AND account_id NOT IN (SELECT authorization_id FROM shops WHERE authorization_id IS NOT NULL AND shop_id <> ${shopId})`);
    }
  },
};
