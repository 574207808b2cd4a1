import { AppError } from '../kernel/errors.ts';
import { DUCKDB_STEPS } from './duckdb-steps.ts';
import type { Engine, Reader, Transaction } from './engine.ts';
import { raw, sql } from './sql.ts';

/** The version of the schema that this program writes, whichever database it is in: DuckDB's steps count it, those of others name it. */
export const SCHEMA_VERSION = DUCKDB_STEPS.at(-1)!.to;

/** Under which name the settings keep the derived tables that no program has filled yet. */
const UNFILLED = 'unfilled';

/**
 * Brings the data to a schema, today's unless told, by the steps of their database, one transaction a step; nothing happens when they are
 * there already.
 * @throws AppError `store_newer` when a newer program wrote them
 * @throws Error where the steps of the database do not end at {@link SCHEMA_VERSION}
 */
export async function migrate(engine: Engine, wanted = SCHEMA_VERSION): Promise<void> {
  const last = engine.steps.at(-1)?.to;
  if (last !== SCHEMA_VERSION) throw new Error(`the steps of this database end at ${last}, those of the program at ${SCHEMA_VERSION}`);
  await engine.transaction((tx) => tx.run(raw('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER)')));
  const [stored] = await engine.read((reader) =>
    reader.query<{ version: number }>(sql`SELECT coalesce(max(version), 0) AS version FROM schema_version`),
  );
  const found = stored!.version;
  if (found > SCHEMA_VERSION) throw new AppError('store_newer', { found, known: SCHEMA_VERSION });
  for (const { to, sql: statements, derived = [] } of engine.steps) {
    if (to <= found || to > wanted) continue;
    await engine.transaction(async (tx) => {
      for (const statement of statements.split(';')) if (statement.trim()) await tx.run(raw(statement));
      for (const table of derived) await tx.run(sql`INSERT INTO settings (name, value) VALUES (${UNFILLED}, ${table})`);
      await tx.run(sql`INSERT INTO schema_version VALUES (${to}::integer)`);
    });
  }
}

/** The derived tables that a step has made and nobody has filled yet. */
export async function readUnfilled(reader: Reader): Promise<readonly string[]> {
  const rows = await reader.query<{ value: string }>(sql`SELECT DISTINCT value FROM settings WHERE name = ${UNFILLED} ORDER BY value`);
  return rows.map(({ value }) => value);
}

/** Notes that a derived table is filled, in the transaction that does it. */
export async function noteFilled(tx: Transaction, table: string): Promise<void> {
  await tx.run(sql`DELETE FROM settings WHERE name = ${UNFILLED} AND value = ${table}`);
}
