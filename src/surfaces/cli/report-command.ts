import { Command, Option } from 'commander';
import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import { commonParameters } from '../../reports/parameters.ts';
import type { ReportAnswer } from '../../reports/run.ts';
import type { Session } from './cli.ts';
import type { Client } from './client.ts';
import { toTable } from './tables.ts';

type Answer = Omit<ReportAnswer, 'tables'> & Readonly<Record<string, unknown>>;

/** Columns that a terminal has no room for. */
const TOO_WIDE = new Set(['image', 'platform_skus', 'top3_category', 'by_currency']);

/** `s7 report NAME`, its options out of the reports' own parameters. */
export function reportCommand(session: Session): Command {
  const command = new Command('report')
    .description('Answer a question: SalesRank, AreaDemand, MonthlySalesAnalysis.')
    .argument('[name]', 'the report; _7d, _30d or _all at its end is its window. Without a name: list them');
  const names = new Map<string, string>();
  for (const [name, schema] of Object.entries(parametersOf(session))) {
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const option = new Option(`--${flag} <value>`, describe(schema));
    names.set(option.attributeName(), name);
    command.addOption(option);
  }
  return command
    .option('--out <file>', 'write the answer into a file: the JSON, or the CSV with --format csv')
    .option('--json', 'the whole answer as JSON')
    .addHelpText('after', `
Examples:
  $ s7 report SalesRank_30d
  $ s7 report AreaDemand --platform Amazon --level city --limit 20
  $ s7 report MonthlySalesAnalysis --from 2026-01-01 --to 2026-06-30 --format csv --out sales.csv`)
    .action((name: string | undefined, options: Record<string, string>) => session.withClient(async (client) => {
      if (name === undefined) return list(session, client, options['json'] !== undefined);
      const query = new URLSearchParams(Object.entries(options).flatMap(([attribute, value]) => (names.has(attribute) ? [[names.get(attribute)!, value]] : [])));
      const path = `/api/Multiplatform/DataScience/${reportPath(session, name)}?${query.toString()}`;
      if (options['format'] === 'csv') return deliver(session, options['out'], await client.text(path));
      const answer = await client.get<Answer>(path);
      if (options['json'] !== undefined || options['out']) return deliver(session, options['out'], `${JSON.stringify(answer, null, 2)}\n`);
      session.out(print(answer, titlesOf(session, answer.report.name)));
    }));
}

/** A report's answer for people: its tables, then what to know. */
export function print(answer: Answer, titles: Readonly<Record<string, string>>): string {
  const { filters } = answer;
  const lines = [
    `${answer.report.name} · ${String(filters['from'] ?? '…')} – ${String(filters['to'])} · ${[filters['platforms']].flat().join(', ')} · ${answer.currency ?? 'no currency'}`,
  ];
  for (const [table, title] of Object.entries(titles)) {
    const rows = (answer[table] ?? []) as Record<string, unknown>[];
    const columns = Object.keys(rows[0] ?? {}).filter((name) => !TOO_WIDE.has(name) && rows.some((row) => row[name] !== null));
    lines.push('', title, rows.length === 0 ? '  –' : toTable(rows, columns));
  }
  const notes = [...Object.entries(answer.nulls).map(([column, reason]) => `${column}: ${reason}`), ...answer.warnings];
  return [...lines, ...(notes.length > 0 ? ['', ...notes.map((note) => `· ${note}`)] : [])].join('\n');
}

/** The titles of a report's tables, by table. */
export function titlesOf(session: Session, name: string): Record<string, string> {
  const { reports, config } = session.room();
  const report = reports.find((each) => each.name === name)!;
  return Object.fromEntries(Object.entries(report.tables).map(([table, { title }]) => [table, title[config.language]]));
}

function parametersOf(session: Session): Record<string, z.ZodType> {
  return Object.assign({}, commonParameters.shape, ...session.reports.map(({ parameters }) => parameters.shape)) as Record<string, z.ZodType>;
}

function describe(schema: z.ZodType): string {
  const choices = (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as { enum?: string[] }).enum;
  return `${(schema.description ?? '').replace(/\.$/, '')}${choices ? ` (${choices.join(' | ')})` : ''}`;
}

function reportPath(session: Session, name: string): string {
  const [, base = '', suffix = ''] = /^(?:get)?(.+?)(_7d|_30d|_all)?$/i.exec(name) ?? [];
  const report = session.reports.find((each) => each.name.toLowerCase() === base.toLowerCase());
  if (!report) throw new AppError('invalid_parameter', { name: 'name', problem: session.reports.map((each) => each.name).join(' | ') });
  return `${report.name}${suffix.toLowerCase()}`;
}

async function list(session: Session, client: Client, json: boolean): Promise<void> {
  const { data } = await client.get<{ data: { name: string; title: string; question: string }[] }>('/api/reports');
  session.out(json ? JSON.stringify(data) : toTable(data, ['name', 'title', 'question']));
}

async function deliver(session: Session, file: string | undefined, text: string): Promise<void> {
  if (file) await session.save(file, text);
  else session.out(text.trimEnd());
}
