import type { Reader, Transaction } from '../engines/engine.ts';
import { isOneOf, sql, type Sql } from '../engines/sql.ts';
import { insertRow } from './insertion.ts';
import type { RecordKind } from './kind.ts';

/** What is known to be there and could not be had. */
export const misses: RecordKind = { tables: ['misses'] };

/** How often a record that the platform does not give is asked for, and how long it rests in between. */
const MOST_TRIES = 5;
const REST = { hours: 1 } as const;

/** Something of a stream that is known to be there and could not be had. */
export interface Miss {
  readonly shop_id: number;
  readonly stream: string;
  readonly record: string;
  readonly tries: number;
  readonly tried_at: string;
  /** The name of the error, or `not_found`. */
  readonly error: string;
}

/** Notes that records could not be had once more. */
export async function noteMisses(
  tx: Transaction,
  shopId: number,
  { stream, records, error, at }: { stream: string; records: readonly string[]; error: string; at: Temporal.Instant },
): Promise<void> {
  const known = await tx.query<{ record: string; tries: number }>(sql`
    SELECT record, tries FROM misses WHERE shop_id = ${shopId} AND stream = ${stream} AND ${isOneOf(sql`record`, records)}`);
  await forgetMisses(tx, shopId, { stream, records });
  for (const record of records) {
    const tries = (known.find((each) => each.record === record)?.tries ?? 0) + 1;
    await tx.run(insertRow('misses', { shop_id: shopId, stream, record, tries, tried_at: at, error }));
  }
}

/** Lets go of records that came in after all. */
export async function forgetMisses(
  tx: Transaction,
  shopId: number,
  { stream, records }: { stream: string; records: readonly string[] },
): Promise<void> {
  await tx.run(sql`DELETE FROM misses WHERE shop_id = ${shopId} AND stream = ${stream} AND ${isOneOf(sql`record`, records)}`);
}

/** Whether a record may be asked for now: not given up, and not asked for a moment ago. */
export function mayBeAsked(record: Sql, shopId: number, { stream, at }: { stream: string; at: Temporal.Instant }): Sql {
  return sql`${record} NOT IN (
    SELECT record FROM misses WHERE shop_id = ${shopId} AND stream = ${stream} AND (tries >= ${MOST_TRIES}
    OR tried_at > ${at.subtract(REST)}))`;
}

/** What has been given up: it stays listed until it comes in. */
export async function readGivenUp(reader: Reader, limit: number): Promise<Miss[]> {
  return reader.query<Miss & Record<string, string | number>>(sql`
    SELECT shop_id, stream, record, tries, tried_at, error FROM misses WHERE tries >= ${MOST_TRIES} ORDER BY tried_at DESC, record
    LIMIT ${limit}`);
}
