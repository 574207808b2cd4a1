/**
 * Makes what a new report begins with: `npm run new -- report StockAge`. It writes the report, which answers at once (sales by
 * day), its line in src/reports/all.ts, the same in plain loops, and a golden file that fails until its figures are worked out.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileNameOf } from './report-files.ts';

const ROOT = resolve(import.meta.dirname, '..');
const ALL = 'src/reports/all.ts';

/** The new files of a report by their path, and the list of reports with it. @throws Error when the name is none or taken */
export function newReport(name: string, all: string): Record<string, string> {
  if (!/^[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)*$/.test(name)) throw new Error(`"${name}" is no name of a report: it is written like StockAge`);
  const file = fileNameOf(name);
  const variable = name[0]!.toLowerCase() + name.slice(1);
  return {
    [`src/reports/${file}.ts`]: reportText(name, variable),
    [`tests/golden/${file}.json`]: '{}\n',
    [`tests/naive/${file}.ts`]: naiveText(name),
    [ALL]: withReport(all, file, variable),
  };
}

/** The list of reports with one more at its end. */
function withReport(all: string, file: string, variable: string): string {
  const imports = all.match(/^import .*$/gm) ?? [];
  const own = `import { ${variable} } from './${file}.ts';`;
  const after = imports.filter((line) => pathIn(line) < pathIn(own)).at(-1);
  const listed = after === undefined ? `${own}\n${all}` : all.replace(after, `${after}\n${own}`);
  const end = /,?(\s*)\](?= as unknown as readonly Report\[\];)/;
  if (!end.test(listed)) throw new Error(`${ALL} is not the list it was`);
  return listed.replace(end, (_end, space: string) => (space.includes('\n') ? `,\n  ${variable},\n]` : `, ${variable}]`));
}

function pathIn(line: string): string {
  return /from '(.+)'/.exec(line)?.[1] ?? '';
}

function reportText(name: string, variable: string): string {
  const title = name.replace(/(?<=.)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `import { z } from 'zod';
import { sql } from '../engines/sql.ts';
import { byCurrency, column, report } from './report.ts';
import { sideBySide } from './scope.ts';

interface DayRow { day: string; sales: number; orders: number; revenue: string | null }

/** ${title}. */
export const ${variable} = report({
  name: '${name}',
  version: 1,
  title: { en: '${title}', zh: '${title}', es: '${title}' },
  question: { en: 'What is the ${title.toLowerCase()}?', zh: 'What is the ${title.toLowerCase()}?', es: 'What is the ${title.toLowerCase()}?' },
  parameters: z.strictObject({}),
  rows: 31,
  tables: {
    data: {
      title: { en: 'Days', zh: '日期', es: 'Días' },
      row: z.strictObject({
        day: column(z.string(), 'day', 'The shop day.'),
        sales: column(z.int(), 'count', 'Units sold.'),
        orders: column(z.int(), 'count', 'Orders with a sale.'),
        revenue: column(z.number().nullable(), 'money', 'Net sales, or what \`measure\` says.'),
        by_currency: byCurrency,
      }),
    },
  },
  async compute(context) {
    const { reader, scope, parameters } = context;
    const rows = await reader.query<DayRow & Record<string, never>>(sql\`
      SELECT \${scope.day}::varchar AS day, sum(units)::bigint AS sales, count(*) AS orders, sum(\${scope.addableAmount}) AS revenue
      FROM orders WHERE \${scope.salesOrders} AND \${scope.current}
      GROUP BY 1 ORDER BY 1 DESC LIMIT \${parameters.limit}\`);
    const amounts = await sideBySide(context, sql\`
      SELECT \${scope.day}::varchar AS key, currency, sum(\${scope.amount}) AS amount
      FROM orders WHERE \${scope.salesOrders} AND \${scope.current} GROUP BY 1, 2 ORDER BY 1, 2\`);
    return { data: rows.map(({ day, sales, orders, revenue }) => ({ day, sales, orders, revenue: scope.money(revenue), ...amounts(day) })) };
  },
});
`;
}

function naiveText(name: string): string {
  return `import fc from 'fast-check';
import type { NaiveReport } from '../naive-report.ts';
import { eachGroup, figuresOf, groupBy, inAlphabet, shown } from '../naive-sales.ts';

export const naive: NaiveReport = {
  report: '${name}',
  parameters: fc.constant({}),
  untold: [],
  tables: ({ orders, digits }, question) => eachGroup(orders, question, (sales) => ({
    data: [...groupBy(sales.filter(({ inWindow }) => inWindow), ({ day }) => day)]
      .toSorted(([a], [b]) => inAlphabet(b, a))
      .slice(0, question.limit ?? 31)
      .map(([day, lines]) => ({ day, ...figuresOf(lines) }))
      .map(({ day, units, orders: count, money }) => ({ day, sales: Number(units), orders: count, revenue: shown(money, digits) })),
  })),
  addsUp: { keys: ['day'], columns: ['sales', 'orders', 'revenue'] },
};
`;
}

if (import.meta.main) {
  const [what, name = ''] = process.argv.slice(2);
  try {
    if (what !== 'report') throw new Error('Usage: npm run new -- report NAME');
    const files = newReport(name, readFileSync(resolve(ROOT, ALL), 'utf8'));
    const taken = Object.keys(files).find((file) => file !== ALL && existsSync(resolve(ROOT, file)));
    if (taken) throw new Error(`${taken} is there already`);
    for (const [file, text] of Object.entries(files)) writeFileSync(resolve(ROOT, file), text);
    const file = fileNameOf(name);
    console.log(`${Object.keys(files).join('\n')}

It answers already: s7 report ${name}. What is left:
1. src/reports/${file}.ts: what it asks, in three languages, its columns with their units, the SQL. tests/naive/${file}.ts: the same in plain loops.
2. Work some figures of the golden world out by hand (tests/golden-world.ts), into tests/reports.test.ts; questions about its own parameters into tests/questions/${file}.ts.
3. S7_WRITE_GOLDEN=1 npx vitest run tests/golden.test.ts, and read what it wrote. npm run docs.`);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
