import { Command, Option } from 'commander';
import { extname } from 'node:path';
import { z } from 'zod';
import { AppError, unknownName } from '../../kernel/errors.ts';
import { fill, type Language, type Text } from '../../kernel/messages.ts';
import type { ShownAnswer } from '../../reports/answers.ts';
import { columnTitle } from '../../reports/column-titles.ts';
import { commonParameters } from '../../reports/parameters.ts';
import type { Report } from '../../reports/report.ts';
import { digitsOf, type TableRow } from '../digits.ts';
import { columnsOf, titleOf } from '../table-columns.ts';
import { addressOf, type Given } from './api.ts';
import type { Session } from './cli.ts';
import type { Client } from './client.ts';
import { fittingTable, toTable } from './tables.ts';

/** Where a report answers. */
export const REPORT = '/api/{P}/DataScience/:name';
/** Columns that a terminal has no room for. */
const TOO_WIDE = new Set(['image', 'platform_skus', 'top3_category']);
const FORMATS = commonParameters.shape.format.unwrap().options;

/** `s7 report NAME`, its options out of the reports' own parameters. */
export function reportCommand(session: Session): Command {
  const command = new Command('report')
    .description(`Answer a question: ${session.reports.map(({ name }) => name).join(', ')}.`)
    .argument('[name]', 'the report; _7d, _30d or _all at its end is its window. Without a name: list them');
  const names = new Map<string, string>();
  for (const [name, schema] of Object.entries(optionsOf(session))) {
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const option = new Option(
      `--${flag} <value>`,
      name === 'table' ? 'Only this table of the answer: `data` or one of its siblings' : describe(schema),
    );
    names.set(option.attributeName(), name);
    command.addOption(option);
  }
  return command
    .option('--out <file>', 'write the answer into a file; .json, .csv or .xlsx at its end is its format')
    .option('--json', 'the whole answer as JSON')
    .option('--wide', 'every column, however wide the terminal is')
    .addHelpText(
      'after',
      `
Examples:
  $ s7 report SalesRank_30d
  $ s7 report SalesRank_7d --table by_platform
  $ s7 report AreaDemand --platform Amazon --level city --limit 20
  $ s7 report MonthlySalesAnalysis --from 2026-01-01 --to 2026-06-30 --out sales.xlsx`,
    )
    .action((name: string | undefined, options: Record<string, string>) => {
      const wanted = name === undefined ? undefined : reportNamed(session, name);
      return session.withClient(async (client) => {
        if (!wanted) return list(session, client, options['json'] !== undefined);
        const { report, suffix } = wanted;
        const format = formatOf(options);
        const given = Object.entries(options).flatMap(([attribute, value]): [string, string][] =>
          names.has(attribute) ? [[names.get(attribute)!, value]] : [],
        );
        const asked: Given = {
          in: { P: 'Multiplatform', name: `${report.name}${suffix}` },
          query: { ...Object.fromEntries(given), format },
        };
        const { out: file, table } = options;
        if (table !== undefined && !Object.hasOwn(report.tables, table)) throw unknownName('table', table, Object.keys(report.tables));
        const path = addressOf(REPORT, asked);
        if (format !== 'json')
          return file ? session.save(file, await client.bytes(path)) : session.outTable((await client.text(path)).trimEnd());
        const answer = await client.get(REPORT, asked);
        if (file) return session.save(file, `${JSON.stringify(answer, null, 2)}\n`);
        session.out(
          options['json'] === undefined
            ? print(answer, report, {
                language: session.room().config.language,
                table,
                width: options['wide'] === undefined ? session.width : undefined,
              })
            : JSON.stringify(answer, null, 2),
        );
      });
    });
}

/** The format asked for, else the one that the file's name ends in. */
function formatOf({ format, out }: Readonly<Record<string, string>>): string {
  const ending = extname(out ?? '')
    .slice(1)
    .toLowerCase();
  const wanted = format ?? FORMATS.find((each) => each === ending) ?? 'json';
  if (wanted === 'xlsx' && !out) throw new AppError('invalid_parameter', { name: 'format', problem: 'xlsx needs --out FILE' });
  return wanted;
}

const TEXTS = {
  no_currency: { en: 'several currencies', zh: '多币种', es: 'varias monedas' },
  more: {
    en: '{columns|more column|more columns} with --wide',
    zh: '另有 {columns} 列，用 --wide 显示',
    es: '{columns|columna más|columnas más} con --wide',
  },
} as const satisfies Record<string, Text>;

/**
 * A report's answer for people: its tables, or the one asked for, then what to know.
 * @param width letters of a line; undefined: every column
 */
export function print(
  answer: ShownAnswer,
  report: Report,
  { language, table: only, width }: { language: Language; table?: string | undefined; width?: number | undefined },
): string {
  const { filters, currency } = answer;
  const lines = [
    `${fill(report.title, language)} · ${String(filters['from'] ?? '…')} – ${String(filters['to'])} · ${[filters['platforms']].flat().join(', ')} · ${currency ?? TEXTS.no_currency[language]}`,
  ];
  for (const [table, { title, row }] of Object.entries(report.tables).filter(([name]) => only === undefined || name === only)) {
    const rows = (answer[table] ?? []) as readonly TableRow[];
    const columns = columnsOf(row, rows).filter(
      ({ name }) => !TOO_WIDE.has(name) && rows.some((each) => each[name] !== null && each[name] !== undefined),
    );
    const shown = columns.map((column) => ({
      name: column.name,
      title: titleOf(column, { report: report.name, language, currency }),
      digits: digitsOf(column.unit, {}, currency),
    }));
    const { text, leftOut } =
      rows.length === 0 ? { text: '–', leftOut: 0 } : fittingTable(rows, shown, { language, width: width ?? Infinity });
    lines.push('', fill(title, language), text, ...(leftOut > 0 ? [fill(TEXTS.more, language, { columns: leftOut })] : []));
  }
  const rates = (answer.exchange ?? []).map(({ pair, rate_days }) => `${pair}: ${rate_days[0]} – ${rate_days.at(-1)}`);
  const called = (column: string): string => columnTitle(report.name, column)?.[language] ?? column;
  const notes = [...rates, ...Object.entries(answer.nulls).map(([column, reason]) => `${called(column)}: ${reason}`), ...answer.warnings];
  return [...lines, ...(notes.length > 0 ? ['', ...notes.map((note) => `· ${note}`)] : [])].join('\n');
}

function optionsOf(session: Session): Record<string, z.ZodType> {
  return Object.assign({}, commonParameters.shape, ...session.reports.map(({ parameters }) => parameters.shape)) as Record<
    string,
    z.ZodType
  >;
}

function describe(schema: z.ZodType): string {
  const choices = (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as { enum?: string[] }).enum;
  return `${(schema.description ?? '').replace(/\.$/, '')}${choices ? ` (${choices.join(' | ')})` : ''}`;
}

function reportNamed(session: Session, name: string): { report: Report; suffix: string } {
  const [, base = '', suffix = ''] = /^(?:get)?(.+?)(_7d|_30d|_all)?$/i.exec(name) ?? [];
  const report = session.reports.find((each) => each.name.toLowerCase() === base.toLowerCase());
  if (!report)
    throw unknownName(
      'report',
      base,
      session.reports.map((each) => each.name),
    );
  return { report, suffix: suffix.toLowerCase() };
}

async function list(session: Session, client: Client, json: boolean): Promise<void> {
  const { data } = await client.get('/api/reports');
  session.out(
    json
      ? JSON.stringify(data)
      : toTable(
          data,
          ['name', 'title', 'question'].map((each) => ({ name: each })),
          { width: session.width },
        ),
  );
}
