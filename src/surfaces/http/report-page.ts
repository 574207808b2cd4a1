import { z } from 'zod';
import { descriptionOf } from '../../kernel/described.ts';
import { fill, LOCALES, shownNumber, type Language, type Text } from '../../kernel/messages.ts';
import type { ShownAnswer } from '../../reports/answers.ts';
import { columnTitle } from '../../reports/column-titles.ts';
import { parameterChoice, parameterTitle } from '../../reports/parameter-titles.ts';
import { commonParameters } from '../../reports/parameters.ts';
import type { Report } from '../../reports/report.ts';
import { digitsOf, type TableRow } from '../digits.ts';
import { listText } from '../list-text.ts';
import { columnsOf, titleOf, type TableColumn } from '../table-columns.ts';
import { escape, htmlPage } from './layout.ts';

/** What a page of a report is made of. */
export interface ReportPage {
  readonly report: Report;
  readonly language: Language;
  readonly version: string;
  /** The path that was asked, without its query. */
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  /** Whether the path says the window already. */
  readonly hasWindow: boolean;
}

type Paged = ReportPage & { readonly answer: ShownAnswer };

/** How an answer is given, which a person chooses by a link. */
const NO_FILTERS: ReadonlySet<string> = new Set(['format', 'table', 'keys', 'titles']);
/** A page with more rows is slow to scroll; the files have all. */
const SHOWN_ROWS = 500;

/** A report as a page for people: its question, filters as a form, what to know, its tables, and the files to take away. */
export function reportPage(page: ReportPage, answer: ShownAnswer): string {
  const paged = { ...page, answer };
  const { report, language, path, query } = page;
  const tables = Object.entries(report.tables).map(([name, { title, row }]) => {
    const rows = (answer[name] ?? []) as readonly TableRow[];
    const csv =
      '<a class="quiet" ' +
      `href="${escape(linkTo(path, { ...query, format: 'csv', table: name, titles: 'true', lang: language }))}">CSV</a>`;
    return `<section class="wide"><h2>${escape(title[language])} <small>${csv}</small></h2>${tableOf(paged, row, rows)}</section>`;
  });
  const files = (['xlsx', 'json'] as const).map(
    (format) => `<a href="${escape(linkTo(path, { ...query, format, lang: language }))}">${format === 'xlsx' ? 'Excel' : 'JSON'}</a>`,
  );
  return framed(page, `<p>${escape(asked(paged))}</p>${notesOf(paged)}<p>${files.join(' · ')}</p></section>\n${tables.join('\n')}`);
}

/** The page of a report that cannot be answered as it was asked: what is wrong, what to do, and the filters to mend. */
export function refusedReportPage(page: ReportPage, { msg, hint }: { readonly msg: string; readonly hint: string }): string {
  return framed(page, `<p role="alert">${escape(msg)}</p><p>${escape(hint)}</p></section>`);
}

/** The page around what the first section says; `rest` ends that section. */
function framed(page: ReportPage, rest: string): string {
  const { report, language, version, path, query } = page;
  return htmlPage(
    {
      language,
      title: `${report.title[language]} · S7StarERP`,
      lead: report.question[language],
      version,
      languagesAt: linkTo(path, query),
    },
    `<main class="report"><section class="wide"><p class="crumbs"><a href="/">${TEXTS.home[language]}</a></p>
<h2 class="name">${escape(report.title[language])}</h2>
${formOf(page)}
${rest}</main>`,
  );
}

/** The days, platforms and currency that the answer is of. */
function asked({ answer, language }: Paged): string {
  const { filters, currency, row_count: rows } = answer;
  const platforms = [filters['platforms']].flat().join(language === 'zh' ? '、' : ', ');
  const days = `${String(filters['from'] ?? '…')} – ${String(filters['to'] ?? answer.asOf)}`;
  return [days, platforms, currency ?? TEXTS.currencies[language], fill(TEXTS.rows, language, { rows })].join(' · ');
}

/** Why figures are missing, what to know, and up to when each shop is known. */
function notesOf({ report, answer, language }: Paged): string {
  const called = (column: string): string => columnTitle(report.name, column)?.[language] ?? column;
  // Many columns are often empty for one and the same reason.
  const columns = Map.groupBy(Object.keys(answer.nulls), (column) => answer.nulls[column]!);
  const reasons = [...columns].map(([reason, names]) =>
    fill(TEXTS.reason, language, { columns: new Intl.ListFormat(LOCALES[language]).format(names.map(called)), reason }),
  );
  const clock = new Intl.DateTimeFormat(LOCALES[language], { dateStyle: 'medium', timeStyle: 'short' });
  const fresh = answer.freshness.map(
    ({ platform, shop, complete_at: at }) => `${platform} ${shop}: ${at === null ? '–' : clock.format(new Date(at))}`,
  );
  const notes = [...answer.warnings, ...reasons].map((note) => `<li>${escape(note)}</li>`);
  const list = notes.length > 0 ? `<ul class="notes">${notes.join('')}</ul>` : '';
  return (
    `${list}<details><summary>${escape(TEXTS.fresh[language])}</summary><ul ` +
    `class="notes">${fresh.map((each) => `<li>${escape(each)}</li>`).join('')}</ul></details>`
  );
}

/** The filters, as the browser sends them with the address. */
function formOf({ report, language, path, query, hasWindow }: ReportPage): string {
  const schema = commonParameters.extend(report.parameters.shape);
  const fields = Object.entries(schema.shape as Record<string, z.ZodType>)
    .filter(([name]) => !NO_FILTERS.has(name) && !(hasWindow && ['window', 'from', 'to'].includes(name)))
    .map(([name, each]) => fieldOf(name, each, { language, value: query[name] }));
  return `<details class="filters"${Object.keys(query).length > 0 ? ' open' : ''}><summary>${TEXTS.filters[language]}</summary>
<form action="${escape(path)}" method="get"><input type="hidden" name="lang" value="${language}">${fields.join('')}<button>${TEXTS.show[language]}</button></form></details>`;
}

function fieldOf(name: string, schema: z.ZodType, { language, value }: { language: Language; value: unknown }): string {
  const title = parameterTitle(name)?.[language] ?? name;
  const { enum: choices, default: usual } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    enum?: readonly string[];
    default?: unknown;
  };
  const hint = escape(descriptionOf(schema, language));
  const given = typeof value === 'string' ? value : '';
  if (!choices) {
    const type = name === 'from' || name === 'to' ? 'date' : 'text';
    return (
      `<label title="${hint}">${escape(title)}<input type="${type}" name="${name}" value="${escape(given)}" ` +
      `placeholder="${escape(typeof usual === 'number' ? String(usual) : '')}"></label>`
    );
  }
  const options = choices.map((choice) => {
    const isChosen = choice === (given || usual);
    return (
      '<option ' +
      `value="${escape(choice)}"${isChosen ? ' selected' : ''}>${escape(parameterChoice(name, choice)?.[language] ?? choice)}</option>`
    );
  });
  return (
    `<label title="${hint}">${escape(title)}<select ` +
    `name="${name}">${usual === undefined && !given ? '<option value=""></option>' : ''}${options.join('')}</select></label>`
  );
}

function tableOf({ report, answer, language }: Paged, row: z.ZodObject, rows: readonly TableRow[]): string {
  if (rows.length === 0) return '<p class="quiet">–</p>';
  const columns = columnsOf(row, rows).filter(({ name }) => rows.some((each) => each[name] !== null && each[name] !== undefined));
  const isRight = ({ unit }: TableColumn): boolean => unit === 'money' || unit === 'percent' || unit === 'count';
  const mark = (column: TableColumn): string => (isRight(column) ? ' class="right"' : '');
  const { currency, nulls } = answer;
  const heads = columns.map((column) => {
    const title = titleOf(column, { report: report.name, language, currency });
    return `<th scope="col"${mark(column)}>${escape(title)}</th>`;
  });
  const body = rows.slice(0, SHOWN_ROWS).map(
    (each) =>
      `<tr>${columns
        .map((column) => {
          const shown = cellOf(column, each, { language, currency });
          const why = shown === '–' && nulls[column.name] ? ` title="${escape(nulls[column.name]!)}"` : '';
          return `<td${mark(column)}${why}>${shown}</td>`;
        })
        .join('')}</tr>`,
  );
  const rest =
    rows.length > SHOWN_ROWS ? `<p class="quiet">${shownNumber(rows.length - SHOWN_ROWS, language)} ${TEXTS.rest[language]}</p>` : '';
  return (
    '<div class="scroll" ' +
    `tabindex="0"><table><thead><tr>${heads.join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>${rest}`
  );
}

/** A cell as HTML: a stranger's text is text, and only a picture's address is a link. */
function cellOf(column: TableColumn, row: TableRow, { language, currency }: { language: Language; currency: string | null }): string {
  const value = row[column.name];
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'number') return escape(shownNumber(value, language, digitsOf(column.unit, row, currency)));
  if (typeof value === 'boolean') return value ? '✓' : '–';
  if (typeof value !== 'string') return escape(listText(value, language));
  const isPicture = (column.name === 'image' || column.name === 'sku_image') && /^https:\/\/\S+$/.test(value);
  return isPicture ? `<a href="${escape(value)}" rel="noreferrer noopener">${TEXTS.picture[language]}</a>` : escape(value);
}

function linkTo(path: string, query: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && value !== '' ? [[name, value]] : [],
  );
  return given.length > 0 ? `${path}?${new URLSearchParams(given).toString()}` : path;
}

const TEXTS = {
  home: { en: '← Overview of shops', zh: '← 店铺概览', es: '← Resumen de tiendas' },
  filters: { en: 'Filters', zh: '筛选', es: 'Filtros' },
  show: { en: 'Show', zh: '查看', es: 'Mostrar' },
  fresh: { en: 'Data up to', zh: '数据截至', es: 'Datos hasta' },
  rows: { en: '{rows|row|rows}', zh: '{rows} 行', es: '{rows|fila|filas}' },
  reason: { en: '{columns}: {reason}', zh: '{columns}：{reason}', es: '{columns}: {reason}' },
  rest: { en: 'more rows: see Excel or CSV', zh: '行未显示，见 Excel 或 CSV', es: 'filas más: vea Excel o CSV' },
  picture: { en: 'Picture', zh: '图片', es: 'Imagen' },
  currencies: { en: 'several currencies', zh: '多个币种', es: 'varias monedas' },
} as const satisfies Record<string, Text>;
