import { STAGED_QUARANTINE } from '../../model/staged-tables.ts';
import type { Engine, Reader, Row, Transaction } from '../../engines/engine.ts';
import { isOneOf, raw, sql, type Sql } from '../../engines/sql.ts';
import type { FeedOwner } from '../../model/feed.ts';
import type { Shop } from '../../model/shop.ts';
import { insertFrom, insertRow, stagedRow } from '../insertion.ts';

/** How far a stream of a shop has been read, on the platform's change clock. */
export interface Checkpoint {
  /** The back-fill goes back to here. */
  readonly reachFrom: Temporal.Instant;
  /** Everything that changed from here … */
  readonly coveredFrom: Temporal.Instant;
  /** … to here is in the store. */
  readonly coveredTo: Temporal.Instant;
  /** The window being read, and where in it reading goes on; null between windows. */
  readonly window: { readonly from: Temporal.Instant; readonly to: Temporal.Instant; readonly resume: string | null } | null;
}

/** Where a stream of a shop stands; undefined before its first run. */
export async function readCheckpoint(reader: Reader, shopId: number, stream: string): Promise<Checkpoint | undefined> {
  const [row] = await reader.query<Record<string, string | null>>(sql`
    SELECT reach_from, covered_from, covered_to, window_from, window_to, resume FROM checkpoints WHERE shop_id = ${shopId}
    AND stream = ${stream}`);
  if (!row) return undefined;
  const at = (name: string): Temporal.Instant => Temporal.Instant.from(row[name]!);
  return {
    reachFrom: at('reach_from'),
    coveredFrom: at('covered_from'),
    coveredTo: at('covered_to'),
    window: row['window_from'] === null ? null : { from: at('window_from'), to: at('window_to'), resume: row['resume'] ?? null },
  };
}

/** Remembers where a stream stands, in the transaction that brings it there. */
export async function keepCheckpoint(
  tx: Transaction,
  shopId: number,
  { stream, checkpoint }: { stream: string; checkpoint: Checkpoint },
): Promise<void> {
  const { reachFrom, coveredFrom, coveredTo, window } = checkpoint;
  await tx.run(sql`DELETE FROM checkpoints WHERE shop_id = ${shopId} AND stream = ${stream}`);
  await tx.run(
    insertRow('checkpoints', {
      shop_id: shopId,
      stream,
      reach_from: reachFrom,
      covered_from: coveredFrom,
      covered_to: coveredTo,
      window_from: window?.from ?? null,
      window_to: window?.to ?? null,
      resume: window?.resume ?? null,
    }),
  );
}

/** The rows of one feed. */
function ofFeed({ shopId, accountId }: FeedOwner, stream: string): Sql {
  return sql`${shopId === null ? sql`shop_id IS NULL AND account_id = ${accountId}` : sql`shop_id = ${shopId}`} AND stream = ${stream}`;
}

/** How a run stands; `interrupted`: the process ended in the middle, the next run goes on there. */
export const RUN_STATES = ['running', 'done', 'failed', 'stopped', 'interrupted'] as const;

/** A run of a feed as it is remembered. */
export interface SyncRun {
  readonly run_id: number;
  /** Null where it was for all shops of an account. */
  readonly shop_id: number | null;
  /** The authorization; null where it was for one shop. */
  readonly account_id: number | null;
  readonly stream: string;
  readonly state: (typeof RUN_STATES)[number];
  readonly started_at: string;
  readonly finished_at: string | null;
  /** Records that the platform sent. */
  readonly documents: number;
  readonly added: number;
  readonly changed: number;
  /** Sent again as they are, or older than what is stored. */
  readonly unchanged: number;
  readonly quarantined: number;
  /** Calls that were made. */
  readonly calls: number;
  /** What was told beforehand of a run with much to do: calls, and seconds within the quota; null of any other. */
  readonly forecast_calls: number | null;
  readonly forecast_seconds: number | null;
  /** The name of the error that ended it. */
  readonly error: string | null;
}

/** What a run has done so far. */
export type RunCounts = Pick<SyncRun, 'documents' | 'added' | 'changed' | 'unchanged' | 'quarantined'>;

/** Of a run that has done nothing yet. */
export const NO_COUNTS: RunCounts = { documents: 0, added: 0, changed: 0, unchanged: 0, quarantined: 0 };

/** What a run will take, as told beforehand. */
export interface Forecast {
  readonly calls: number;
  readonly seconds: number;
}

const KEPT_RUNS = 200;

/** Notes that a run begins and gives it its number; of each feed the last 200 are kept. */
export async function startRun(
  engine: Engine,
  { owner, stream, at }: { owner: FeedOwner; stream: string; at: Temporal.Instant },
): Promise<number> {
  return engine.transaction(async (tx) => {
    const id = await tx.numbers('sync_runs', 1);
    await tx.run(sql`
      INSERT INTO sync_runs (run_id, shop_id, account_id, stream, state, started_at, documents, added, changed, unchanged, quarantined,
      calls)
      VALUES (${id}::integer, ${owner.shopId}::smallint, ${owner.accountId}::integer, ${stream}, 'running', ${at}, 0, 0, 0, 0, 0, 0)`);
    await tx.run(sql`
      DELETE FROM sync_runs WHERE ${ofFeed(owner, stream)} AND run_id NOT IN (
        SELECT run_id FROM sync_runs WHERE ${ofFeed(owner, stream)} ORDER BY run_id DESC LIMIT ${KEPT_RUNS})`);
    return id;
  });
}

/** Notes how a run ended. */
export async function finishRun(
  engine: Engine,
  runId: number,
  {
    state,
    counts,
    calls,
    forecast,
    error,
    at,
  }: {
    state: SyncRun['state'];
    counts: RunCounts;
    calls: number;
    forecast: Forecast | null;
    error: string | null;
    at: Temporal.Instant;
  },
): Promise<void> {
  await engine.transaction((tx) =>
    tx.run(sql`
    UPDATE sync_runs SET state = ${state}, finished_at = ${at}, documents = ${counts.documents}::integer, added = ${counts.added}::integer,
      changed = ${counts.changed}::integer, unchanged = ${counts.unchanged}::integer, quarantined = ${counts.quarantined}::integer,
      calls = ${calls}::integer, forecast_calls = ${forecast?.calls ?? null}::integer,
      forecast_seconds = ${forecast?.seconds ?? null}::integer, error = ${error}
    WHERE run_id = ${runId}`),
  );
}

/** The last runs, newest first; one of each feed unless more are wanted. */
export async function readRuns(reader: Reader, each = 1): Promise<SyncRun[]> {
  return reader.query<SyncRun & Row>(sql`
    SELECT run_id, shop_id, account_id, stream, state, started_at, finished_at, documents, added, changed, unchanged, quarantined, calls,
      forecast_calls, forecast_seconds, error
    FROM (SELECT *, row_number() OVER (PARTITION BY shop_id, account_id, stream ORDER BY run_id DESC) AS place FROM sync_runs) AS ranked
    WHERE place <= ${each} ORDER BY run_id DESC`);
}

/** Those of some runs that read a shop: its own, and those of its account. */
export function runsOf(runs: readonly SyncRun[], { shopId, connection }: Pick<Shop, 'shopId' | 'connection'>): SyncRun[] {
  return runs.filter((run) => run.shop_id === shopId || (run.account_id !== null && run.account_id === connection?.authorizationId));
}

/** The newest of some runs, newest first, that read a stream of a shop. */
export function runOf(runs: readonly SyncRun[], shop: Pick<Shop, 'shopId' | 'connection'>, stream: string): SyncRun | undefined {
  return runsOf(runs, shop).find((run) => run.stream === stream);
}

/** At start nothing can be running yet: what says so was cut off. */
export async function markInterruptedRuns(engine: Engine): Promise<void> {
  await engine.transaction((tx) => tx.run(sql`UPDATE sync_runs SET state = 'interrupted' WHERE state = 'running'`));
}

/** Stands for the id of a record where even that is missing. */
export const NAMELESS = '?';

/** A record that could not be taken, with its document; it goes when the same record comes in well. */
export interface QuarantinedRecord {
  /** The platform's id of it, or {@link NAMELESS}. */
  readonly record: string;
  readonly field: string;
  readonly problem: string;
  /** Null: none is kept, for its shop is not known. */
  readonly document: string | null;
}

/**
 * Keeps refused records of a shop, or of an account where their shop is not known, each once, and lets go of those whose record came in
 * well.
 */
export async function keepQuarantine(
  tx: Transaction,
  owner: FeedOwner,
  { stream, refused, taken, at }: { stream: string; refused: readonly QuarantinedRecord[]; taken: readonly string[]; at: Temporal.Instant },
): Promise<void> {
  const held = await tx.query<{ record: string }>(sql`SELECT DISTINCT record FROM quarantine WHERE ${ofFeed(owner, stream)}`);
  // Records without an id are never taken for one another.
  const gone = new Set([...taken, ...refused.map(({ record }) => record)].filter((record) => record !== NAMELESS));
  const leaving = held.map(({ record }) => record).filter((record) => gone.has(record));
  if (leaving.length > 0) await tx.run(sql`DELETE FROM quarantine WHERE ${ofFeed(owner, stream)} AND ${isOneOf(sql`record`, leaving)}`);
  const latest = new Map(refused.map((each, i) => [each.record === NAMELESS ? `${NAMELESS} ${i}` : each.record, each]));
  if (latest.size === 0) return;
  await tx.stage(
    'staged_quarantine',
    STAGED_QUARANTINE,
    [...latest.values()].map(({ record, field, problem, document }) => [record, field, problem, document]),
  );
  await tx.run(
    insertFrom(
      'quarantine',
      stagedRow('quarantine', { q: STAGED_QUARANTINE }, { shop_id: owner.shopId, account_id: owner.accountId, stream, seen_at: at }),
      raw('FROM staged_quarantine q'),
    ),
  );
}

/** A record in quarantine as it is told; documents stay in the store. */
export interface HeldRecord extends Omit<QuarantinedRecord, 'document'> {
  /** Null where its shop is not known. */
  readonly shop_id: number | null;
  readonly account_id: number | null;
  readonly stream: string;
  readonly seen_at: string;
}

/** What is in quarantine, newest first. */
export async function readQuarantine(reader: Reader, limit: number): Promise<HeldRecord[]> {
  return reader.query<HeldRecord & Row>(sql`
    SELECT shop_id, account_id, stream, record, field, problem, seen_at FROM quarantine ORDER BY seen_at DESC, record LIMIT ${limit}`);
}

/** How many records of a shop, or of an account, are in quarantine, and the newest of them. */
export interface QuarantineCount {
  readonly shop_id: number | null;
  readonly account_id: number | null;
  readonly records: number;
  readonly record: string;
  readonly field: string;
  readonly problem: string;
}

/** How many records each shop has in quarantine, and each account of shops that are not known. */
export async function readQuarantineCounts(reader: Reader): Promise<QuarantineCount[]> {
  return reader.query<QuarantineCount & Row>(sql`
    SELECT shop_id, account_id, records, record, field, problem FROM (
      SELECT shop_id, account_id, record, field, problem, count(*) OVER (PARTITION BY shop_id, account_id) AS records,
        row_number() OVER (PARTITION BY shop_id, account_id ORDER BY seen_at DESC, record) AS place
      FROM quarantine) AS held
    WHERE place = 1 ORDER BY shop_id NULLS LAST, account_id`);
}

/** The documents of all records in quarantine that have one. */
export async function readQuarantinedDocuments(reader: Reader): Promise<{ shop_id: number; stream: string; document: string }[]> {
  return reader.query(sql`SELECT DISTINCT shop_id, stream, document FROM quarantine WHERE document IS NOT NULL`);
}

/** Replaces a document of quarantine. */
export async function rewriteQuarantined(
  tx: Transaction,
  { shop_id: shopId, stream, document }: { shop_id: number; stream: string; document: string },
  kept: string,
): Promise<void> {
  await tx.run(sql`UPDATE quarantine SET document = ${kept} WHERE shop_id = ${shopId} AND stream = ${stream} AND document = ${document}`);
}
