import { z } from 'zod';
import type { Reader } from '../engines/engine.ts';
import type { Sql } from '../engines/sql.ts';
import type { Text, TextValues } from '../kernel/messages.ts';
import { PLATFORM_IDS } from '../model/shop.ts';
import type { NoticeName } from './notices.ts';
import type { CommonParameters } from './parameters.ts';
import type { Ripening } from './ripening.ts';
import type { Scope } from './scope.ts';

/** What a column counts, so that every face can write it: `money` has the digits of the currency, `percent` two. */
export type Unit = 'money' | 'percent' | 'count' | 'text' | 'day' | 'list';

/** A table of an answer: its title and its row, every column with its unit. */
export interface ReportTable {
  readonly row: z.ZodObject;
  readonly title: Text;
}

/** What a report works with. */
export interface ReportContext<P> {
  readonly reader: Reader;
  readonly scope: Scope;
  /** Its own ones and the common ones; one of its own replaces the common one of that name. */
  readonly parameters: (string extends keyof P ? CommonParameters : P & Omit<CommonParameters, keyof P>) & { readonly limit: number };
  /** How far the returns of the window have come, for a report that tells a rate of returns by the day of the order; else null. */
  readonly ripening: Ripening | null;
  /** Says why a column is null; the first reason given for a column stays. */
  readonly because: (column: string, notice: NoticeName, values?: TextValues) => void;
  readonly warn: (notice: NoticeName, values?: TextValues) => void;
  /** A sentence for a row, in the language of the answer. */
  readonly say: (notice: NoticeName, values?: TextValues) => string;
}

/** Rows by table; `data` is the main one. Amounts are rounded already, by {@link Scope.money}. */
export type ReportTables = { readonly data: readonly object[] } & Readonly<Record<string, readonly object[]>>;

/** A question of sellers and its answer; route, OpenAPI entry, command and export follow from it. */
export interface Report<P extends z.ZodObject = z.ZodObject> {
  /** As in the path, e.g. `SalesRank`. */
  readonly name: string;
  /** Raised when the meaning of a figure changes. */
  readonly version: number;
  readonly title: Text;
  readonly question: Text;
  /** Its own parameters, beside the common ones. */
  readonly parameters: P;
  /** How many rows of `data` are given where `limit` is not. */
  readonly rows: number;
  /**
   * Where other amounts stand than those of the sales of the window: the days of all that are shown, as queries of `currency` and `day`
   * (`amount-days.ts`).
   */
  amounts?(scope: Scope, parameters: CommonParameters): readonly Sql[];
  readonly tables: { readonly data: ReportTable } & Readonly<Record<string, ReportTable>>;
  /** Its path in the older system beside `DataScience/{name}`, after the platform, and the names its rows and their count had there. */
  readonly older?: { readonly path: string; readonly rows: string; readonly count: string };
  compute(context: ReportContext<z.output<P>>): Promise<ReportTables>;
}

/** Declares a report; only there to check it. */
export function report<P extends z.ZodObject>(definition: Report<P>): Report<P> {
  return definition;
}

/** A column of a row with its unit and meaning, kept in the schema so that OpenAPI, CSV and pages read them there. */
export function column<S extends z.ZodType>(schema: S, unit: Unit, description: string): S {
  return schema.describe(description).meta({ 'x-unit': unit });
}

/** Whether a report tells a rate of returns, which grows as long as they come. */
export function tellsReturns({ tables }: Pick<Report, 'tables'>): boolean {
  return Object.values(tables).some(({ row }) => Object.hasOwn(row.shape, 'return_rate'));
}

/** The unit of a column. */
export function unitOf(schema: z.ZodType): Unit {
  return (schema.meta()?.['x-unit'] as Unit | undefined) ?? 'text';
}

/** How many units of something a platform sold. */
export const platformShare = z.strictObject({ platform: z.enum(PLATFORM_IDS), sales: z.int() });

/** Shares of platforms, the largest first. */
export function mostFirst(shares: z.output<typeof platformShare>[]): z.output<typeof platformShare>[] {
  return shares.toSorted((a, b) => b.sales - a.sales || inOrder(a.platform, b.platform));
}

/** Compares texts by their code units, as the database does with ours. */
export function inOrder(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Every row, as far as `limit` may go. */
export const ALL_ROWS = 100_000;

/** Whether the month of a row is there whole. */
export const wholeMonth = column(
  z.boolean(),
  'text',
  'false: the month is not over, the window or what is known of the shops has only a part of it.',
);

/** Amounts that stand side by side where there is more than one currency: with `currency=native`, or because a rate is missing. */
export const byCurrency = column(
  z.array(z.strictObject({ currency: z.string().nullable(), amount: z.number().nullable() })).optional(),
  'list',
  'Amounts by currency, with `currency=native` and where an exchange rate is missing.',
);
