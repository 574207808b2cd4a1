import { sql } from '../../engines/sql.ts';
import type { RecordKind } from '../kind.ts';

/** Buyers by their keyed hash, and the cut points that they are scored by. */
export const buyers: RecordKind = {
  tables: ['buyers', 'rfm_scales'],
  compared: ['buyers'],
  async erase(tx, shopId) {
    await tx.run(sql`
      DELETE FROM buyers WHERE buyer_id IN (SELECT buyer_id FROM orders WHERE shop_id = ${shopId})
        AND buyer_id NOT IN (SELECT buyer_id FROM orders WHERE shop_id <> ${shopId} AND buyer_id IS NOT NULL)`);
  },
};
