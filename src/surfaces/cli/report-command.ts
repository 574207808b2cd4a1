import { Command, Option } from 'commander';
import { extname } from 'node:path';
import { z } from 'zod';
import { descriptionOf } from '../../kernel/described.ts';
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
import { withEnd } from './help.ts';
import { fittingTable, toTable } from './tables.ts';

/** Where a report answers. */
export const REPORT = '/api/{P}/DataScience/:name';
/** Columns that a terminal has no room for. */
const TOO_WIDE = new Set(['image', 'platform_skus', 'top3_category']);
const FORMATS = commonParameters.shape.format.unwrap().options;

/** `s7 report NAME`, its options out of the reports' own parameters. */
export function reportCommand(session: Session): Command {
  const { say, language } = session;
  const command = new Command('report')
    .summary(say(TEXTS.summary))
    .description(say(TEXTS.about, { reports: session.reports.map(({ name }) => name) }))
    .argument('[name]', say(TEXTS.name));
  const names = new Map<string, string>();
  for (const [name, takers] of optionsOf(session)) {
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const option = new Option(`--${flag} <value>`, name === 'table' ? say(TEXTS.table) : describe(takers, language));
    names.set(option.attributeName(), name);
    command.addOption(option);
  }
  command
    .option('--out <file>', say(TEXTS.out))
    .option('--json', say(TEXTS.json))
    .option('--wide', say(TEXTS.wide))
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
                language,
                table,
                width: options['wide'] === undefined ? session.width : undefined,
              })
            : JSON.stringify(answer, null, 2),
        );
      });
    });
  return withEnd(command, {
    examples: [
      's7 report SalesRank_30d',
      's7 report SalesRank_7d --table by_platform',
      's7 report AreaDemand --platform Amazon --level city --limit 20',
      's7 report MonthlySalesAnalysis --from 2026-01-01 --to 2026-06-30 --out sales.xlsx',
    ],
  });
}

/** The format asked for, else the one that the file's name ends in. */
function formatOf({ format, out }: Readonly<Record<string, string>>): string {
  const ending = extname(out ?? '')
    .slice(1)
    .toLowerCase();
  const wanted = format ?? FORMATS.find((each) => each === ending) ?? 'json';
  if (wanted === 'xlsx' && !out) throw new AppError('invalid_parameter', { name: 'format', problem: TEXTS.xlsx });
  return wanted;
}

const TEXTS = {
  about: { en: 'Answer a question: {reports}.', zh: '查询报表：{reports}。', es: 'Responder a una pregunta: {reports}.' },
  summary: {
    en: 'Answer a question: what sells, where, to whom, what comes back.',
    zh: '查询报表：什么卖得好、卖到哪里、谁在买、退了什么。',
    es: 'Responder a una pregunta: qué se vende, dónde, a quién, qué se devuelve.',
  },
  name: {
    en: 'the report; _7d, _30d or _all at its end is its period. Without a name: list them',
    zh: '报表名称；末尾的 _7d、_30d、_all 为时间范围。不填则列出全部报表',
    es: 'el informe; _7d, _30d o _all al final es su periodo. Sin nombre se muestran todos',
  },
  table: {
    en: 'only this table of the answer: `data` or one of its siblings',
    zh: '只显示其中一张表：`data` 或同一报表的其他表',
    es: 'solo esta tabla de la respuesta: `data` u otra del informe',
  },
  out: {
    en: 'write the answer into a file; .json, .csv or .xlsx at its end is its format',
    zh: '写入文件；格式由扩展名 .json、.csv 或 .xlsx 决定',
    es: 'escribir la respuesta en un archivo; .json, .csv o .xlsx al final es su formato',
  },
  json: { en: 'the whole answer as JSON', zh: '以 JSON 输出完整结果', es: 'la respuesta completa en JSON' },
  wide: {
    en: 'every column, however wide the terminal is',
    zh: '显示全部列，不受终端宽度限制',
    es: 'todas las columnas, sea cual sea el ancho del terminal',
  },
  xlsx: { en: 'xlsx needs --out FILE', zh: 'xlsx 需要 --out 文件', es: 'xlsx necesita --out ARCHIVO' },
  answering: { en: 'Report', zh: '报表', es: 'Informe' },
  title: { en: 'Title', zh: '名称', es: 'Título' },
  question: { en: 'Question', zh: '问题', es: 'Pregunta' },
  no_currency: { en: 'several currencies', zh: '多个币种', es: 'varias monedas' },
  rates: {
    en: 'Converted at the {pair} rates of {from} – {to}',
    zh: '按 {from} – {to} 的 {pair} 汇率换算',
    es: 'Convertido a los tipos {pair} del {from} – {to}',
  },
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
    `${fill(report.title, language)} · ${String(filters['from'] ?? '…')} – ${String(filters['to'])} · ` +
      `${[filters['platforms']].flat().join(', ')} · ${currency ?? TEXTS.no_currency[language]}`,
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
  const rates = (answer.exchange ?? []).map(({ pair, rate_days: days }) =>
    fill(TEXTS.rates, language, { pair, from: days[0], to: days.at(-1) }),
  );
  const called = (column: string): string => columnTitle(report.name, column)?.[language] ?? column;
  const notes = [...rates, ...Object.entries(answer.nulls).map(([column, reason]) => `${called(column)}: ${reason}`), ...answer.warnings];
  return [...lines, ...(notes.length > 0 ? ['', ...notes.map((note) => `· ${note}`)] : [])].join('\n');
}

/** A report that takes a parameter in a way of its own; without a name all of them. */
interface Taker {
  readonly report?: string;
  readonly schema: z.ZodType;
}

/** What reports can be asked with: the common parameters, then those of single reports. */
function optionsOf({ reports }: Session): Map<string, Taker[]> {
  const options = new Map<string, Taker[]>(Object.entries(commonParameters.shape).map(([name, schema]) => [name, [{ schema }]]));
  for (const { name: report, parameters } of reports)
    for (const [name, schema] of Object.entries(parameters.shape) as [string, z.ZodType][])
      options.set(name, [...(options.get(name) ?? []), { report, schema }]);
  return options;
}

/** One line for all reports, and one for each that has a meaning of its own for it. */
function describe(takers: readonly Taker[], language: Language): string {
  return takers
    .map(({ report, schema }) => {
      const choices = (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as { enum?: string[] }).enum;
      const text = descriptionOf(schema, language)
        .replace(/[.。]$/, '')
        .replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => (report ? letter : letter.toLowerCase()));
      return `${report ? `${report}${language === 'zh' ? '：' : ': '}` : ''}${text}${choices ? ` (${choices.join(' | ')})` : ''}`;
    })
    .join('\n');
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
  const { say, language, width } = session;
  const columns = [
    { name: 'name', title: say(TEXTS.answering) },
    { name: 'title', title: say(TEXTS.title) },
    { name: 'question', title: say(TEXTS.question) },
  ];
  session.out(json ? JSON.stringify(data) : toTable(data, columns, { language, width }));
}
