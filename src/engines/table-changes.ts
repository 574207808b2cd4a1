import type { Row, Transaction } from './engine.ts';
import { join, raw, sql } from './sql.ts';

/** How rows of a table differ from what they were. */
export interface TableChanges {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** How many of the changed rows differ in a column. */
  readonly fields: Readonly<Record<string, number>>;
}

/** Two states of some rows of a table, in tables of the same columns; no column of the key is ever null. */
export interface RowStates {
  readonly table: string;
  readonly former: string;
  readonly rebuilt: string;
  readonly key: readonly string[];
}

/** Says no more than the columns it is made of. */
const UNSPOKEN = new Set(['fingerprint']);

/** Counts what differs between two states of some rows, column by column. */
export async function countChanges(tx: Transaction, { table, former, rebuilt, key }: RowStates): Promise<TableChanges> {
  const columns = (
    await tx.query<{ name: string } & Row>(sql`
    SELECT column_name AS name FROM information_schema.columns WHERE table_name = ${table} ORDER BY ordinal_position`)
  ).map(({ name }) => name);
  const told = columns.filter((name) => !key.includes(name) && !UNSPOKEN.has(name));
  const differs = (name: string) => sql`f.${raw(name)} IS DISTINCT FROM r.${raw(name)}`;
  const [first] = key.map(raw);
  const both = sql`f.${first} IS NOT NULL AND r.${first} IS NOT NULL`;
  const [row] = await tx.query<Record<string, number>>(sql`
    SELECT count(*) FILTER (WHERE f.${first} IS NULL) AS "+", count(*) FILTER (WHERE r.${first} IS NULL) AS "-",
      count(*) FILTER (WHERE ${both} AND (${join(columns.map(differs), ' OR ')})) AS "*",
      ${join(told.map((name) => sql`count(*) FILTER (WHERE ${both} AND ${differs(name)}) AS ${raw(name)}`))}
    FROM ${raw(former)} f FULL JOIN ${raw(rebuilt)} r ON ${join(
      key.map((name) => sql`f.${raw(name)} = r.${raw(name)}`),
      ' AND ',
    )}`);
  const fields = told.flatMap((name) => (row![name]! > 0 ? [[name, row![name]!] as const] : []));
  return { added: row!['+']!, removed: row!['-']!, changed: row!['*']!, fields: Object.fromEntries(fields) };
}

/** Adds what a part of some tables came to, to what the parts before it did; tables that do not differ are left out. */
export function gatherChanges(into: Record<string, TableChanges>, changes: Readonly<Record<string, TableChanges>> | null): void {
  for (const [table, part] of Object.entries(changes ?? {})) {
    if (part.added + part.removed + part.changed === 0) continue;
    const { added, removed, changed, fields } = into[table] ?? { added: 0, removed: 0, changed: 0, fields: {} };
    const names = [...new Set([...Object.keys(fields), ...Object.keys(part.fields)])];
    into[table] = {
      added: added + part.added,
      removed: removed + part.removed,
      changed: changed + part.changed,
      fields: Object.fromEntries(names.map((name) => [name, (fields[name] ?? 0) + (part.fields[name] ?? 0)])),
    };
  }
}
