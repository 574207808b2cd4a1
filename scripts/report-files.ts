import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Report } from '../src/reports/report.ts';

const GOLDEN = resolve(import.meta.dirname, '../tests/golden');
const EXAMPLE_ROWS = 2;
/** The golden question that examples are taken from; where a report refuses it, the first that it answers. */
const EXAMPLE_QUESTION = 'euro shops, 7 days';

/** `sales-rank` of `SalesRank`: the name of a report's files. */
export function fileNameOf(report: string): string {
  return report.replace(/(?<=.)[A-Z]/g, '-$&').toLowerCase();
}

/** An example answer of each report, out of its golden file; none of a report that has no such file yet. */
export function exampleAnswers(reports: readonly Report[]): Record<string, object> {
  return Object.fromEntries(
    reports.flatMap(({ name }) => {
      const file = resolve(GOLDEN, `${fileNameOf(name)}.json`);
      if (!existsSync(file)) return [];
      const answers = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { tables?: Record<string, object[]> }>;
      const golden = [answers[EXAMPLE_QUESTION], ...Object.values(answers)].find((answer) => answer?.tables);
      if (!golden) return [];
      const { tables, ...rest } = golden;
      const cut = Object.fromEntries(Object.entries(tables!).map(([table, rows]) => [table, rows.slice(0, EXAMPLE_ROWS)]));
      return [[name, { code: 0, msg: 'success', ...cut, ...rest }]];
    }),
  );
}
