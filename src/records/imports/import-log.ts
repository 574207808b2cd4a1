import type { Engine, Reader, Transaction } from '../../engines/engine.ts';
import { sql } from '../../engines/sql.ts';
import { insertRow } from '../insertion.ts';

/** How an import stands; `interrupted`: the process ended in the middle, the same command again completes it. */
export const IMPORT_STATES = ['running', 'done', 'failed', 'interrupted'] as const;

/** A file import as it is remembered. */
export interface ImportRecord {
  readonly import_id: number;
  readonly file: string;
  readonly preset: string;
  readonly state: (typeof IMPORT_STATES)[number];
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly lines_read: number;
  readonly lines_refused: number;
  readonly orders_read: number;
  readonly orders_new: number;
  readonly orders_changed: number;
  readonly orders_unchanged: number;
  readonly refunds_read: number;
  readonly refunds_new: number;
  readonly refunds_changed: number;
  readonly refunds_unchanged: number;
}

const SHOWN = sql`import_id, file, preset, state, started_at, finished_at, lines_read, lines_refused, orders_read,
  orders_new, orders_changed, orders_unchanged, refunds_read, refunds_new, refunds_changed, refunds_unchanged`;

/** Notes that an import begins and gives it its number; `mapping` is kept so that its documents can be read again. */
export async function startImport(
  engine: Engine,
  { file, preset, mapping, at }: { file: string; preset: string; mapping: string; at: Temporal.Instant },
): Promise<number> {
  return engine.transaction(async (tx) => {
    const id = await tx.numbers('imports', 1);
    await tx.run(
      insertRow('imports', { import_id: id, file, preset, mapping, state: 'running', started_at: at, finished_at: null, ...NOTHING_READ }),
    );
    return id;
  });
}

const NOTHING_READ = {
  lines_read: 0,
  lines_refused: 0,
  orders_read: 0,
  orders_new: 0,
  orders_changed: 0,
  orders_unchanged: 0,
  refunds_read: 0,
  refunds_new: 0,
  refunds_changed: 0,
  refunds_unchanged: 0,
} as const;

type RefundCounts = Pick<ImportRecord, 'refunds_read' | 'refunds_new' | 'refunds_changed' | 'refunds_unchanged'>;
const NO_REFUNDS: RefundCounts = { refunds_read: 0, refunds_new: 0, refunds_changed: 0, refunds_unchanged: 0 };

/** What an import counts; what brings no refunds need not count them. */
export type ImportCounts = Omit<
  ImportRecord,
  'import_id' | 'file' | 'preset' | 'state' | 'started_at' | 'finished_at' | keyof RefundCounts
> &
  Partial<RefundCounts>;

/** Notes how an import ended. */
export async function finishImport(
  engine: Engine,
  ended: Pick<ImportRecord, 'import_id' | 'state'> & ImportCounts,
  at: Temporal.Instant,
): Promise<void> {
  const record = { ...NO_REFUNDS, ...ended };
  await engine.transaction((tx) =>
    tx.run(sql`
    UPDATE imports SET state = ${record.state}, finished_at = ${at}, lines_read = ${record.lines_read}::integer,
      lines_refused = ${record.lines_refused}::integer, orders_read = ${record.orders_read}::integer,
      orders_new = ${record.orders_new}::integer, orders_changed = ${record.orders_changed}::integer,
      orders_unchanged = ${record.orders_unchanged}::integer, refunds_read = ${record.refunds_read}::integer,
      refunds_new = ${record.refunds_new}::integer,
      refunds_changed = ${record.refunds_changed}::integer, refunds_unchanged = ${record.refunds_unchanged}::integer
    WHERE import_id = ${record.import_id}`),
  );
}

/** The imports, newest first. */
export async function readImports(reader: Reader, limit: number): Promise<ImportRecord[]> {
  return reader.query<ImportRecord & Record<string, never>>(sql`SELECT ${SHOWN} FROM imports ORDER BY import_id DESC LIMIT ${limit}`);
}

/** One import, or undefined. */
export async function readImport(reader: Reader, id: number): Promise<ImportRecord | undefined> {
  const [record] = await reader.query<ImportRecord & Record<string, never>>(sql`SELECT ${SHOWN} FROM imports WHERE import_id = ${id}`);
  return record;
}

/** What an import's rows are read by; undefined where there is no such import. */
export async function readImportMapping(
  reader: Reader,
  id: number,
): Promise<{ file: string; preset: string; mapping: string } | undefined> {
  const [kept] = await reader.query<{ file: string; preset: string; mapping: string }>(
    sql`SELECT file, preset, mapping FROM imports WHERE import_id = ${id}`,
  );
  return kept;
}

/** At start nothing can be running yet: what says so was cut off. */
export async function markInterruptedImports(engine: Engine): Promise<void> {
  await engine.transaction((tx) => tx.run(sql`UPDATE imports SET state = 'interrupted' WHERE state = 'running'`));
}

/** The numbers of all imports, oldest first. */
export async function readImportIds(reader: Reader): Promise<number[]> {
  return (await reader.query<{ id: number }>(sql`SELECT import_id AS id FROM imports ORDER BY import_id`)).map(({ id }) => id);
}

/** Replaces what an import's rows are read by. */
export async function rewriteImportMapping(tx: Transaction, id: number, mapping: string): Promise<void> {
  await tx.run(sql`UPDATE imports SET mapping = ${mapping} WHERE import_id = ${id}`);
}
