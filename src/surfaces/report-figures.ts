import type { Reader } from '../engines/engine.ts';
import { readShops } from '../records/shops/shops.ts';
import type { Clock } from '../kernel/clock.ts';
import { toAppError } from '../kernel/errors.ts';
import { unitOf, type Report, type ReportTables } from '../reports/report.ts';
import { runReport } from '../reports/run.ts';

/** A report of one shop on one state of the data; `problem` where it could not be computed. */
interface Figures {
  readonly report: Report;
  readonly platform: string;
  readonly shop: string;
  readonly tables: ReportTables | null;
  readonly problem: string | null;
}

/** Rows of a report's column that differ between two states. */
export interface FigureChange {
  readonly report: string;
  readonly platform: string;
  readonly shop: string;
  readonly table: string;
  readonly column: string;
  /** How many rows differ; rows that came or went are among them. */
  readonly rows: number;
  /** The column summed over all rows, where that says something. */
  readonly before: number | null;
  readonly after: number | null;
  /** The first rows that differ. */
  readonly examples: readonly { readonly row: string; readonly before: unknown; readonly after: unknown }[];
}

const EVERY_ROW = 100_000;
const EXAMPLES = 3;

/** Every report of every shop, over everything, on the state that a reader sees. */
export async function readFigures(
  { reports, clock }: { readonly reports: readonly Report[]; readonly clock: Clock },
  reader: Reader,
): Promise<readonly Figures[]> {
  const room = { clock, engine: { read: <T>(work: (of: Reader) => Promise<T>): Promise<T> => work(reader) } };
  const figures: Figures[] = [];
  for (const { platform, shop } of await readShops(reader)) {
    for (const report of reports) {
      const parameters = { shop, window: 'all', limit: EVERY_ROW };
      try {
        const { tables } = await runReport(room, { report, platforms: [platform], parameters, language: 'en' });
        figures.push({ report, platform, shop, tables, problem: null });
      } catch (error) {
        // Rows that are spoilt, and that reading again mends, must not keep it from being done.
        figures.push({ report, platform, shop, tables: null, problem: toAppError(error).code });
      }
    }
  }
  return figures;
}

/** What differs between two states, column by column; a report that could be computed on one of them only is a change, too. */
export function compareFigures(before: readonly Figures[], after: readonly Figures[]): FigureChange[] {
  return before.flatMap((was, i) => {
    const is = after[i]!;
    const named = { report: was.report.name, platform: was.platform, shop: was.shop };
    if (was.problem !== is.problem) {
      return [
        {
          ...named,
          table: '',
          column: '',
          rows: 0,
          before: null,
          after: null,
          examples: [{ row: 'answer', before: was.problem ?? 'computed', after: is.problem ?? 'computed' }],
        },
      ];
    }
    if (!was.tables || !is.tables) return [];
    return Object.entries(was.report.tables).flatMap(([table, { row }]) =>
      compareTables(row.shape as Shape, rowsOf(was.tables!, table), rowsOf(is.tables!, table)).map((change) => ({
        ...named,
        table,
        ...change,
      })),
    );
  });
}

type Shape = Readonly<Record<string, Parameters<typeof unitOf>[0]>>;
type Row = Readonly<Record<string, unknown>>;

function rowsOf(tables: ReportTables, table: string): readonly Row[] {
  return (tables[table] ?? []) as readonly Row[];
}

function compareTables(
  shape: Shape,
  before: readonly Row[],
  after: readonly Row[],
): Omit<FigureChange, 'report' | 'platform' | 'shop' | 'table'>[] {
  const key = keyOf(shape, before, after);
  const nameOf = (row: Row, i: number): string =>
    key.length > 0 ? key.map((column) => String(row[column] ?? '–')).join(' · ') : String(i + 1);
  const [was, is] = [before, after].map((rows) => new Map(rows.map((row, i) => [nameOf(row, i), row])));
  const names = [...new Set([...was!.keys(), ...is!.keys()])];
  return Object.entries(shape).flatMap(([column, schema]) => {
    // A row that came or went is told by the columns in which it says something.
    const valueIn = (rows: ReadonlyMap<string, Row>, name: string): unknown => rows.get(name)?.[column] ?? null;
    const differing = names.filter((name) => JSON.stringify(valueIn(was!, name)) !== JSON.stringify(valueIn(is!, name)));
    if (differing.length === 0) return [];
    const summed = ['count', 'money'].includes(unitOf(schema));
    const sum = (rows: readonly Row[]): number | null =>
      summed ? Number(rows.reduce((so, row) => so + Number(row[column] ?? 0), 0).toFixed(2)) : null;
    const examples = differing.slice(0, EXAMPLES).map((name) => ({ row: name, before: valueIn(was!, name), after: valueIn(is!, name) }));
    return [{ column, rows: differing.length, before: sum(before), after: sum(after), examples }];
  });
}

/** The first columns of text or days that tell every row from every other. */
function keyOf(shape: Shape, before: readonly Row[], after: readonly Row[]): string[] {
  const key: string[] = [];
  const isUnique = (rows: readonly Row[]): boolean =>
    new Set(rows.map((row) => JSON.stringify(key.map((column) => row[column])))).size === rows.length;
  for (const [column, schema] of Object.entries(shape)) {
    if (!['text', 'day'].includes(unitOf(schema))) continue;
    key.push(column);
    if (isUnique(before) && isUnique(after)) return key;
  }
  return [];
}
