import * as template from 'sql-template-tag';
import type { Sql } from 'sql-template-tag';

export type { Sql };

/** Writes SQL with its values kept apart: sql`select * from shops where platform = ${platform}`. */
export const sql: (strings: TemplateStringsArray, ...values: readonly unknown[]) => Sql = template.default;

/** Whether something is a piece of SQL, and not a value. */
export function isSql(value: unknown): value is Sql {
  return value instanceof template.Sql;
}

/** Joins pieces of SQL or values, by a comma unless told. */
export const join = template.join;

/** SQL text as it is; never for anything that came from outside. */
export const raw = template.raw;

/** `column IN (…)` for any number of values; none matches nothing. */
export function isOneOf(column: Sql, values: readonly (string | number)[]): Sql {
  return values.length === 0 ? sql`false` : sql`${column} IN (${join([...values])})`;
}

/** The conditions joined by AND; none is true. */
export function every(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? sql`true` : sql`(${join([...conditions], ') AND (')})`;
}

/** The conditions joined by OR; none is false. */
export function some(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? sql`false` : sql`((${join([...conditions], ') OR (')}))`;
}
