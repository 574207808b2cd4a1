import { STAGED_KEY, STAGED_PLACE, STAGED_REBUILT } from '../../model/staged-tables.ts';
import { Dictionaries, type Numbered } from './dictionaries.ts';
import type { Row, Transaction } from '../../engines/engine.ts';
import { sumDays } from './order-days.ts';
import { StagedOrders, type ShopOrder } from './order-staging.ts';
import { LINE_ROW, orderRow, STAGED_LINES, STAGED_ORDERS } from './order-rows.ts';
import { join, raw, sql, type Sql } from '../../engines/sql.ts';
import { columnList, insertAll, insertFrom, selectRow } from '../insertion.ts';
import type { OrderFollower } from '../kind.ts';
import { StagedTable } from '../../engines/staged-table.ts';
import { countChanges, type TableChanges } from '../../engines/table-changes.ts';

const ORDER_COLUMNS = columnList('orders');
const LINE_COLUMNS = columnList('lines');

/** An order made anew from its kept document, with the number it has in the store. */
export interface RebuiltOrder extends ShopOrder {
  readonly oid: number;
}

/** An accepted order with what stays of the stored one, and its buyer. */
interface Kept extends Row {
  readonly n: number;
  readonly document_no: number | null;
  readonly buyer_id: number | null;
}

/**
 * Puts orders made anew in the place of the stored ones that differ in anything at all; the same ones are not touched.
 * Numbers, documents and what hangs on an order stay; claims and kept status changes follow it.
 */
export async function rebuildOrders(
  tx: Transaction,
  rebuilt: readonly RebuiltOrder[],
  followers: readonly OrderFollower[],
): Promise<Readonly<Record<'orders' | 'lines', TableChanges>> | null> {
  if (rebuilt.length === 0) return null;
  const staged = await StagedOrders.of(rebuilt);
  await tx.stageTable('staged_keys', new StagedTable(STAGED_KEY, staged.orders));
  await tx.stageTable('staged_states', staged.states);
  await tx.stage(
    'staged_rebuilt',
    STAGED_REBUILT,
    rebuilt.map(({ oid }, n) => [n, oid]),
  );
  await readStored(tx);
  // Of its own, not those of the engine: what is learnt here may be undone.
  const dictionaries = new Dictionaries();
  // What is not known yet has no number, and so differs.
  await makeRows(tx, { rebuilt, staged, numbered: await dictionaries.look(tx, staged) });
  await replaceTemporary(
    tx,
    'differing',
    sql`
    SELECT oid FROM (SELECT ${ORDER_COLUMNS} FROM rebuilt_orders EXCEPT SELECT ${ORDER_COLUMNS} FROM former_orders) AS o
    UNION SELECT oid FROM (SELECT ${LINE_COLUMNS} FROM rebuilt_lines EXCEPT SELECT ${LINE_COLUMNS} FROM former_lines) AS l
    UNION SELECT oid FROM (SELECT ${LINE_COLUMNS} FROM former_lines EXCEPT SELECT ${LINE_COLUMNS} FROM rebuilt_lines) AS f`,
  );
  await tx.run(sql`DELETE FROM accepted WHERE oid NOT IN (SELECT oid FROM differing)`);
  const left = new Set((await tx.query<{ n: number }>(sql`SELECT n FROM accepted`)).map(({ n }) => n));
  if (left.size === 0) return null;
  // Nothing is learnt from what stays as it is.
  for (const n of rebuilt.keys()) {
    if (left.has(n)) staged.name(n);
    else staged.leave(n);
  }
  const { numbered } = await dictionaries.grow(tx, staged, followers);
  await growBuyers(tx);
  await readPlacesAgain(tx, staged, numbered);
  await makeRows(tx, { rebuilt, staged, numbered });
  for (const table of ['former_orders', 'former_lines'])
    await tx.run(sql`DELETE FROM ${raw(table)} WHERE oid NOT IN (SELECT oid FROM accepted)`);
  const changes = {
    orders: await countChanges(tx, { table: 'orders', former: 'former_orders', rebuilt: 'rebuilt_orders', key: ['oid'] }),
    lines: await countChanges(tx, { table: 'lines', former: 'former_lines', rebuilt: 'rebuilt_lines', key: ['oid', 'line_no'] }),
  };
  await followStatuses(tx);
  const { orders, lines } = await reachOf(tx);
  await tx.run(sql`DELETE FROM lines USING accepted a WHERE lines.oid = a.oid AND ${lines}`);
  await tx.run(sql`DELETE FROM orders USING accepted a WHERE orders.oid = a.oid AND ${orders}`);
  await tx.run(insertAll('orders', raw('rebuilt_orders'), raw('ORDER BY purchased_at, oid')));
  await tx.run(insertAll('lines', raw('rebuilt_lines'), raw('ORDER BY shop_day, oid, line_no')));
  await sumDays(
    tx,
    (
      await tx.query<{ shop_id: number; shop_day: string }>(sql`
    SELECT shop_id, shop_day FROM former_orders UNION SELECT shop_id, shop_day FROM rebuilt_orders`)
    ).map(({ shop_id: shopId, shop_day: day }) => ({ shopId, day })),
  );
  for (const follower of followers) await follower.rebuilt?.(tx);
  return changes;
}

/** Copies of the stored orders and lines, and the table of what is accepted: all of them for now. */
async function readStored(tx: Transaction): Promise<void> {
  await replaceTemporary(tx, 'former_orders', sql`SELECT o.* FROM orders o JOIN staged_rebuilt r ON r.oid = o.oid`);
  const { lines } = await reachOf(tx);
  await replaceTemporary(tx, 'former_lines', sql`SELECT lines.* FROM lines JOIN staged_rebuilt r ON r.oid = lines.oid WHERE ${lines}`);
  await replaceTemporary(
    tx,
    'accepted',
    sql`
    SELECT r.n, o.shop_id, o.shop_day, o.oid AS old_oid, o.oid, o.block_id, o.document_no FROM staged_rebuilt r JOIN former_orders o
    ON o.oid = r.oid`,
  );
}

/** The stretch of the large tables that the stored orders lie in: it is all that has to be read. */
async function reachOf(tx: Transaction): Promise<Readonly<Record<'orders' | 'lines', Sql>>> {
  const [reach] = await tx.query<Record<'first' | 'last' | 'first_day' | 'last_day', string>>(sql`
    SELECT min(purchased_at) AS first, max(purchased_at) AS last, min(shop_day) AS first_day, max(shop_day) AS last_day
    FROM former_orders`);
  const { first, last, first_day: firstDay, last_day: lastDay } = reach!;
  return {
    orders: sql`orders.purchased_at >= ${first}::timestamptz AND orders.purchased_at <= ${last}::timestamptz`,
    lines: sql`lines.shop_day >= ${firstDay}::date AND lines.shop_day <= ${lastDay}::date`,
  };
}

/** The rows of what is accepted, with the numbers of what is known. */
async function makeRows(
  tx: Transaction,
  { rebuilt, staged, numbered }: { rebuilt: readonly RebuiltOrder[]; staged: StagedOrders; numbered: Numbered },
): Promise<void> {
  const kept = await tx.query<Kept>(sql`
    SELECT a.n, a.document_no, b.buyer_id FROM accepted a JOIN staged_keys s ON s.n = a.n JOIN shops h ON h.shop_id = s.shop_id
    LEFT JOIN buyers b ON b.platform = h.platform AND b.hash = s.buyer_hash`);
  for (const { n, document_no: documentNo, buyer_id: buyerId } of kept) {
    const { oid } = rebuilt[n]!;
    staged.take(n, { oid, oldOid: oid, moved: false, buyerId, isNewBuyer: false, documentNo }, numbered);
  }
  await tx.stageTable('staged_orders', staged.orders);
  await tx.stageTable('staged_lines', staged.lines);
  await replaceTemporary(
    tx,
    'rebuilt_orders',
    selectRow('orders', orderRow(sql`(SELECT a.block_id FROM accepted a WHERE a.n = s.n)`), STAGED_ORDERS),
  );
  await replaceTemporary(tx, 'rebuilt_lines', selectRow('lines', LINE_ROW, STAGED_LINES));
}

async function growBuyers(tx: Transaction): Promise<void> {
  await replaceTemporary(
    tx,
    'fresh_buyers',
    sql`
    SELECT h.platform, s.buyer_hash AS hash, min(s.n) AS first_n
    FROM staged_keys s JOIN accepted a ON a.n = s.n JOIN shops h ON h.shop_id = s.shop_id
    WHERE s.buyer_hash IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM buyers b WHERE b.platform = h.platform AND b.hash = s.buyer_hash)
    GROUP BY h.platform, s.buyer_hash`,
  );
  const [fresh] = await tx.query<{ buyers: number }>(sql`SELECT count(*) AS buyers FROM fresh_buyers`);
  if (fresh!.buyers === 0) return;
  const first = await tx.numbers('buyers', fresh!.buyers);
  const buyerId = sql`${first - 1} + row_number() OVER (ORDER BY first_n, hash)`;
  await tx.run(insertFrom('buyers', { buyer_id: buyerId, platform: raw('platform'), hash: raw('hash') }, raw('FROM fresh_buyers')));
}

/** What is written of a place stays, what it is read as may be another now. */
async function readPlacesAgain(tx: Transaction, { places }: StagedOrders, numbered: Numbered): Promise<void> {
  await tx.stage(
    'staged_places',
    STAGED_PLACE,
    places.all.flatMap(({ written, place }, i) =>
      numbered.places[i] === undefined ? [] : [[numbered.places[i], written, place.country, place.regionCode, place.region, place.city]],
    ),
  );
  await tx.run(sql`
    UPDATE places SET country = s.country, region_code = s.region_code, region = s.region, city = s.city FROM staged_places s
    WHERE s.place_id = places.place_id AND (s.country IS DISTINCT FROM places.country OR s.region_code IS DISTINCT FROM places.region_code
      OR s.region IS DISTINCT FROM places.region OR s.city IS DISTINCT FROM places.city)`);
}

/** A platform's word that means something else now meant it then. */
async function followStatuses(tx: Transaction): Promise<void> {
  const state = ['status', 'outcome', 'platform_status'].map(raw);
  const same = join(
    state.map((column) => sql`status_changes.${column} IS NOT DISTINCT FROM f.${column}`),
    ' AND ',
  );
  await tx.run(sql`
    UPDATE status_changes SET status = r.status, outcome = r.outcome, platform_status = r.platform_status
    FROM former_orders f JOIN rebuilt_orders r ON r.oid = f.oid
    WHERE status_changes.oid = f.oid AND ${same} AND ${join(
      state.map((column) => sql`f.${column} IS DISTINCT FROM r.${column}`),
      ' OR ',
      '(',
      ')',
    )}`);
}

async function replaceTemporary(tx: Transaction, name: string, select: Sql): Promise<void> {
  await tx.run(raw(`DROP TABLE IF EXISTS ${name}`));
  await tx.run(sql`CREATE TEMP TABLE ${raw(name)} AS ${select}`);
}
