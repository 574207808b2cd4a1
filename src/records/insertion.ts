import { isSql, join, raw, sql, type Sql } from '../engines/sql.ts';
import { TABLES, type ColumnName, type StoredType, type TableName } from '../model/tables.ts';
import type { Column } from '../model/tables.ts';

/** What stands in each column of a row: SQL as it is, anything else as a value of the column's type. */
export type RowOf<Table extends TableName> = Readonly<Record<ColumnName<Table>, unknown>>;

/** What both databases call the types that a value is not told to be by itself. */
const CASTS: Readonly<Record<StoredType, string | null>> = {
  small: 'smallint',
  integer: 'integer',
  big: 'bigint',
  text: 'varchar',
  money: 'decimal(18,4)',
  instant: 'timestamptz',
  day: 'date',
  boolean: 'boolean',
  bytes: null,
  sum: 'decimal(26,4)',
  rate: 'decimal(18,8)',
  percent: 'decimal(5,2)',
  real: 'double precision',
};

/** The names of a table's columns. */
export function columnsOf(table: TableName): readonly string[] {
  return Object.keys(TABLES[table].columns);
}

/** The columns of a table by name, so that nothing depends on the order in which the database has them; of an alias where one is given. */
export function columnList(table: TableName, alias?: string): Sql {
  return raw(
    columnsOf(table)
      .map((name) => `${alias === undefined ? '' : `${alias}.`}"${name}"`)
      .join(', '),
  );
}

/** Puts one row into a table; a row that lacks a column does not compile. */
export function insertRow<Table extends TableName>(table: Table, row: RowOf<Table>): Sql {
  return insertRows(table, [row]);
}

/** The same for some rows, at least one. */
export function insertRows<Table extends TableName>(table: Table, rows: readonly RowOf<Table>[]): Sql {
  return sql`INSERT INTO ${raw(table)} (${columnList(table)}) VALUES ${join(rows.map((row) => sql`(${valuesOf(table, row)})`))}`;
}

/** Puts a row into a table for each row of a query: `rest` is what follows its SELECT list. */
export function insertFrom<Table extends TableName>(table: Table, row: RowOf<Table>, rest: Sql): Sql {
  return sql`INSERT INTO ${raw(table)} (${columnList(table)}) SELECT ${valuesOf(table, row)} ${rest}`;
}

/** The same out of a table or query that has a column of every name; `rest` is what follows its name. */
export function insertAll(table: TableName, source: Sql, rest: Sql = raw('')): Sql {
  return sql`INSERT INTO ${raw(table)} (${columnList(table)}) SELECT ${columnList(table)} FROM ${source} ${rest}`;
}

/** The row of a table that staged tables hold, by their aliases, with what is given beside them; the first that has a column tells it. */
export function stagedRow<Table extends TableName>(
  table: Table,
  staged: Readonly<Record<string, readonly Column[]>>,
  given: Partial<RowOf<Table>> = {},
): RowOf<Table> {
  const found = (name: string): Sql => {
    const alias = Object.keys(staged).find((each) => staged[each]!.some((column) => column.name === name));
    if (alias === undefined) throw new Error(`nothing that is staged has ${table}.${name}`);
    return raw(`${alias}."${name}"`);
  };
  const told = given as Readonly<Record<string, unknown>>;
  return Object.fromEntries(columnsOf(table).map((name) => [name, name in told ? told[name] : found(name)])) as RowOf<Table>;
}

/** The same as a query whose columns have their names. */
export function selectRow<Table extends TableName>(table: Table, row: RowOf<Table>, rest: Sql): Sql {
  const told = row as Readonly<Record<string, unknown>>;
  return sql`SELECT ${join(columnsOf(table).map((name) => sql`${typed(table, name, told[name])} AS ${raw(`"${name}"`)}`))} ${rest}`;
}

function valuesOf(table: TableName, row: Readonly<Record<string, unknown>>): Sql {
  return join(columnsOf(table).map((name) => typed(table, name, row[name])));
}

function typed(table: TableName, name: string, value: unknown): Sql {
  if (isSql(value)) return value;
  const cast = CASTS[(TABLES[table].columns as Readonly<Record<string, StoredType>>)[name]!];
  return cast === null ? sql`${value}` : value === null ? sql`NULL::${raw(cast)}` : sql`${value}::${raw(cast)}`;
}
