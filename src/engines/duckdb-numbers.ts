import type { DuckDBConnection } from '@duckdb/node-api';
import { NUMBERED, type NumberedTable } from '../model/numbered.ts';
import { readerOn } from './duckdb-query.ts';
import type { Reader } from './engine.ts';
import { join, raw, sql } from './sql.ts';

/**
 * Takes the next numbers of a table, in the transaction of its connection. They stand in a table, not in a sequence of DuckDB's: that gives
 * one number a call, and keeps going where a transaction is undone, so that a run that was cut off would leave other numbers than one that
 * was not.
 */
export async function takeNumbers(connection: DuckDBConnection, table: NumberedTable, count: number): Promise<number> {
  if (!(count >= 1)) throw new RangeError(`${count} numbers cannot be taken`);
  const [taken] = await readerOn(connection).query<{ first: number }>(
    sql`UPDATE numbers SET last_number = last_number + ${count} WHERE numbered = ${table} RETURNING last_number - ${count} + 1 AS first`,
  );
  return taken!.first;
}

/** The tables that hold a number which is still to be given out. */
export async function readBehind(reader: Reader): Promise<NumberedTable[]> {
  const highest = Object.entries(NUMBERED).map(
    ([table, column]) => sql`SELECT ${table} AS numbered, (SELECT max(${raw(column)}) FROM ${raw(table)}) AS highest`,
  );
  const behind = await reader.query<{ numbered: NumberedTable }>(sql`
    SELECT h.numbered FROM (${join(highest, ' UNION ALL ')}) AS h LEFT JOIN numbers n ON n.numbered = h.numbered
    WHERE n.numbered IS NULL OR h.highest > n.last_number ORDER BY 1`);
  return behind.map(({ numbered }) => numbered);
}
