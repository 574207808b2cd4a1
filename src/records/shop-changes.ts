import type { Engine } from '../engines/engine.ts';
import { doAlone } from '../engines/lease.ts';
import { raw, sql } from '../engines/sql.ts';
import type { Shop } from '../model/shop.ts';
import { kinds } from './all.ts';
import { columnsOf } from './insertion.ts';
import { changeShop, type ShopSettings } from './shops/shops.ts';

/**
 * Changes a shop; a new zone moves everything that stands on its days in the same step.
 * @throws AppError `shop_name_taken`
 */
export async function setShop(engine: Engine, shop: Shop, settings: ShopSettings): Promise<void> {
  const { zone } = settings;
  await engine.transaction(async (tx) => {
    await changeShop(tx, shop, settings);
    if (zone === undefined || zone === shop.zone) return;
    for (const kind of kinds) await kind.moveDays?.(tx, shop.shopId, zone);
  });
}

/**
 * Removes a shop with everything stored of it; names that other shops share (SKUs, places) stay.
 * @throws AppError `job_taken` while somebody else erases it
 */
export async function eraseShop(engine: Engine, shopId: number): Promise<void> {
  const ofShop = kinds.flatMap(({ tables }) => tables).filter((table) => columnsOf(table).includes('shop_id'));
  await doAlone(engine, `erasing shop ${shopId}`, () =>
    engine.transaction(async (tx) => {
      for (const kind of kinds) await kind.erase?.(tx, shopId);
      for (const table of ofShop) await tx.run(sql`DELETE FROM ${raw(table)} WHERE shop_id = ${shopId}`);
    }),
  );
}
