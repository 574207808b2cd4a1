import { fill, shownInstant, type Language, type Text } from '../kernel/messages.ts';
import type { ShownAnswer } from '../reports/answers.ts';
import { columnMeaning } from '../reports/column-meanings.ts';
import type { Report, Unit } from '../reports/report.ts';
import { parameterChoice, parameterTitle } from '../reports/parameter-titles.ts';
import type { TableRow } from './digits.ts';
import { columnsOf, titleOf } from './table-columns.ts';
import type { BookSheet } from './xlsx-thread.ts';

/** The words of the sheet that tells about the others. */
const ABOUT = {
  name: { en: 'About', zh: '说明', es: 'Acerca de' },
  what: { en: 'what', zh: '项目', es: 'qué' },
  value: { en: 'value', zh: '内容', es: 'valor' },
  report: { en: 'Report', zh: '报表', es: 'Informe' },
  question: { en: 'Question', zh: '问题', es: 'Pregunta' },
  version: { en: 'Version', zh: '版本', es: 'Versión' },
  as_of: { en: 'As of', zh: '截至', es: 'A fecha de' },
  currency: { en: 'Currency', zh: '币种', es: 'Moneda' },
  filter: { en: 'Filter: {name}', zh: '筛选：{name}', es: 'Filtro: {name}' },
  complete: { en: 'Data up to: {shop}', zh: '数据截至：{shop}', es: 'Datos hasta: {shop}' },
  covers: { en: 'Days with data: {shop}', zh: '有数据的日期：{shop}', es: 'Días con datos: {shop}' },
  exchange: { en: 'Rates: {pair}', zh: '汇率：{pair}', es: 'Tipos: {pair}' },
  rows: { en: 'Rows', zh: '行数', es: 'Filas' },
  open: { en: 'Orders that may still change', zh: '仍可能变动的订单', es: 'Pedidos que aún pueden cambiar' },
  returns_open: { en: 'Returns still to come', zh: '退货尚未到齐', es: 'Devoluciones por llegar' },
  open_of: { en: '{open} of {all}', zh: '{all} 个中的 {open} 个', es: '{open} de {all}' },
  empty: { en: 'Not known: {column}', zh: '未知：{column}', es: 'Sin dato: {column}' },
  warning: { en: 'To know', zh: '注意', es: 'A saber' },
  column: { en: 'Column: {sheet} · {column}', zh: '列：{sheet} · {column}', es: 'Columna: {sheet} · {column}' },
} as const satisfies Record<string, Text>;

const UNIT_WORDS: Readonly<Record<Unit, Text>> = {
  money: { en: 'amount', zh: '金额', es: 'importe' },
  percent: { en: 'percent', zh: '百分比', es: 'porcentaje' },
  count: { en: 'number', zh: '数量', es: 'número' },
  text: { en: 'text', zh: '文本', es: 'texto' },
  day: { en: 'day', zh: '日期', es: 'día' },
  list: { en: 'list', zh: '列表', es: 'lista' },
};

const LONGEST_NAME = 31;
const ABOUT_WIDTHS = [44, 100];

/**
 * An answer as a workbook for Excel: a sheet for each table, and one that tells what they are, in the language asked for.
 * @param raw for programs: columns by their keys, lists as JSON
 */
export async function toXlsx(
  report: Report,
  answer: ShownAnswer,
  { language, raw = false }: { readonly language: Language; readonly raw?: boolean },
): Promise<Uint8Array> {
  const title = fill(report.title, language);
  const sheets: BookSheet[] = [];
  for (const [table, { row, title: text }] of Object.entries(report.tables)) {
    const rows = (answer[table] ?? []) as readonly TableRow[];
    const columns = columnsOf(row, rows).map((column) => ({
      ...column,
      title: raw ? column.name : titleOf(column, { report: report.name, language, currency: answer.currency }),
    }));
    sheets.push({ name: sheetName(fill(text, language), sheets), columns, rows });
  }
  const columns = (['what', 'value'] as const).map((name) => ({ name, title: fill(ABOUT[name], language), unit: 'text' as const }));
  const rows = aboutRows(report, answer, { language, sheets }).map(([what, value]) => ({ what, value }));
  sheets.push({ name: sheetName(fill(ABOUT.name, language), sheets), columns, rows, widths: ABOUT_WIDTHS });
  // Read when a workbook is asked for.
  const { writeBook } = await import('./xlsx-thread.ts');
  return writeBook({ title, currency: answer.currency, language: raw ? null : language, sheets });
}

function aboutRows(
  report: Report,
  answer: ShownAnswer,
  { language, sheets }: { language: Language; sheets: readonly BookSheet[] },
): [string, string][] {
  const say = (text: keyof typeof ABOUT, values = {}): string => fill(ABOUT[text], language, values);
  const shown = (value: unknown, of = ''): string => {
    if (Array.isArray(value)) return value.map(String).join(language === 'zh' ? '、' : ', ');
    if (value === null) return '–';
    return parameterChoice(of, String(value))?.[language] ?? String(value);
  };
  const called = (column: string): string => sheets.flatMap(({ columns }) => columns).find(({ name }) => name === column)?.title ?? column;
  const { filters, freshness, maturity, nulls, warnings } = answer;
  return [
    [say('report'), `${fill(report.title, language)} (${report.name})`],
    [say('question'), fill(report.question, language)],
    [say('version'), String(report.version)],
    [say('as_of'), answer.asOf.includes('T') ? shownInstant(answer.asOf, language) : answer.asOf],
    [say('currency'), shown(answer.currency)],
    ...(answer.exchange ?? []).map(({ pair, rate_days: days }): [string, string] => [
      say('exchange', { pair }),
      days.length > 2 ? `${days[0]} – ${days.at(-1)}` : shown(days),
    ]),
    [say('rows'), String(answer.row_count)],
    ...Object.entries(filters).map(([name, value]): [string, string] => [
      say('filter', { name: parameterTitle(name)?.[language] ?? name }),
      shown(value, name),
    ]),
    ...freshness.map(({ platform, shop, complete_at }): [string, string] => [
      say('complete', { shop: `${platform} ${shop}` }),
      complete_at === null ? '–' : shownInstant(complete_at, language),
    ]),
    ...freshness.map(({ platform, shop, covers_from: from, covers_to: to }): [string, string] => [
      say('covers', { shop: `${platform} ${shop}` }),
      from === null ? '–' : `${from} – ${to}`,
    ]),
    [say('open'), say('open_of', { open: maturity.open_orders, all: maturity.orders })],
    ...(maturity.returns_open_share === null ? [] : [[say('returns_open'), `${maturity.returns_open_share} %`] satisfies [string, string]]),
    ...warnings.map((warning): [string, string] => [say('warning'), warning]),
    ...Object.entries(nulls).map(([column, reason]): [string, string] => [say('empty', { column: called(column) }), reason]),
    ...Object.values(report.tables).flatMap(({ row }, at) =>
      sheets[at]!.columns.map(({ name, title, unit }): [string, string] => [
        say('column', { sheet: sheets[at]!.name, column: title }),
        `${name}: ${row.shape[name] ? columnMeaning(row.shape[name], language) : ''} (${fill(UNIT_WORDS[unit], language)})`,
      ]),
    ),
  ];
}

/** A name that Excel takes for a sheet, and no other sheet has. */
function sheetName(title: string, others: readonly BookSheet[]): string {
  const name = title
    .replace(/[[\]:*?/\\']/g, ' ')
    .slice(0, LONGEST_NAME)
    .trim();
  const isTaken = (each: string): boolean => others.some((sheet) => sheet.name.toLowerCase() === each.toLowerCase());
  if (!isTaken(name)) return name;
  for (let number = 2; ; number++) {
    const next = `${name.slice(0, LONGEST_NAME - 3).trim()} ${number}`;
    if (!isTaken(next)) return next;
  }
}
