import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { AppError, toAppError } from '../../kernel/errors.ts';
import { nearestOf } from '../../kernel/nearest.ts';
import { readAnswer, type ShownAnswer } from '../../reports/answers.ts';
import type { Report } from '../../reports/report.ts';
import type { ReportRequest } from '../../reports/run.ts';
import { answerSchema, anyAnswer, exampleOf, parametersOf } from '../../reports/shape.ts';
import { toCsv } from '../csv.ts';
import type { TableRow } from '../digits.ts';
import { toXlsx } from '../xlsx.ts';
import { isKept } from './kept-reply.ts';
import { PAGE_POLICY } from './layout.ts';
import { refusedReportPage, reportPage } from './report-page.ts';
import { wishedLanguage, type RouteRoom } from './room.ts';
import { route, type Asked, type Route, type Variant } from './route.ts';

const WINDOWS = ['', '_7d', '_30d', '_all'] as const;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** What the routes of reports share: the query is read by the report itself, so that every face reads it alike. */
const COMMON = {
  method: 'GET',
  needs: 'read',
  tag: 'Reports',
  older: true,
  readsItself: true,
  revalidates: true,
  bare: true,
  answer: anyAnswer,
} as const;

/**
 * Every report of a place, with the window at the end of its name and with `get` before it, as the older system had them. Unknown
 * parameters are ignored and listed in `warnings`.
 */
const reports = route({
  ...COMMON,
  path: '/DataScience/:name',
  summary: 'A report · 报表 · Un informe',
  inPath: z.object({ name: z.string() }),
  variants: (room) => room.reports.flatMap((report) => WINDOWS.map((suffix) => shown(report, { suffix }))),
  handle(asked, room) {
    const [, base = '', suffix = ''] = /^(?:get)?(.+?)(_7d|_30d|_all)?$/i.exec(asked.inPath.name) ?? [];
    const report = room.reports.find(({ name }) => name.toLowerCase() === base.toLowerCase());
    if (!report) throw noReport(asked.request, { base, suffix, known: room.reports });
    return answer(asked, room, { report, window: windowOf(suffix.toLowerCase()) });
  },
});

/** The reports' routes. */
export const reportRoutes = [reports] as const;

/** The reports that the older system had at paths of their own, under the names that their rows had there. */
export function olderReportRoutes(all: readonly Report[]): Route[] {
  return all.flatMap((report) => {
    const { older } = report;
    if (!older) return [];
    return [
      route({
        ...COMMON,
        path: `/${older.path}`,
        summary: report.title.en,
        variants: () => [shown(report, { suffix: '', older })],
        handle: (asked, room) => answer(asked, room, { report, window: undefined, older }),
      }),
    ];
  });
}

function noReport({ url }: FastifyRequest, { base, suffix, known }: { base: string; suffix: string; known: readonly Report[] }): AppError {
  const path = url.split('?', 1)[0]!;
  const name = nearestOf(
    base,
    known.map((each) => each.name),
  );
  return new AppError('not_found', { path }, { meant: name && path.replace(/[^/]+\/?$/, name + suffix) });
}

function windowOf(suffix: string): ReportRequest['window'] {
  return suffix === '' ? undefined : (suffix.slice(1) as '7d' | '30d' | 'all');
}

/** A report at one of its paths, as it is shown. */
function shown(report: Report, { suffix, older }: { suffix: string; older?: Report['older'] }): Variant {
  const window = windowOf(suffix);
  const example = exampleOf(report);
  return {
    path: older ? `/${older.path}` : `/DataScience/${report.name}${suffix}`,
    summary: `${report.title.en} · ${report.title.zh} · ${report.title.es}${window ? ` (${window})` : ''}`,
    description:
      `${report.question.en}${older ? " The older system's path; the same rows as `data` at" : ' Also at'} ` +
      `\`DataScience/get${report.name}\`; a trailing slash and the case of letters do not matter.`,
    parameters: parametersOf(report, window !== undefined),
    answer: answerSchema(report, older),
    ...(example ? { example: older ? renamed(example, older) : example } : {}),
  };
}

interface Wanted {
  readonly report: Report;
  readonly window: ReportRequest['window'];
  /** The answer has its rows and their count under these names. */
  readonly older?: Report['older'];
}

async function answer(asked: Asked, room: RouteRoom, wanted: Wanted): Promise<FastifyReply> {
  if (!isForPeople(asked, wanted)) return answerPrograms(asked, room, wanted);
  const { request, reply } = asked;
  const language = wishedLanguage(request, room);
  const asPage = reply.type('text/html; charset=utf-8').header('content-security-policy', PAGE_POLICY).header('vary', 'Accept');
  const path = request.url.split('?', 1)[0]!;
  const { lang: _lang, ...query } = request.query as Record<string, unknown>;
  const { report, window } = wanted;
  const page = { report, language, version: room.config.version, path, query, hasWindow: window !== undefined };
  try {
    const kept = await room.answers.find({ report, platforms: asked.place.platforms, parameters: query, language, window });
    if (isKept(request, reply, `${kept.tag}-html-${language}`)) return await reply.code(304).send();
    return await asPage.send(reportPage(page, readAnswer(kept)));
  } catch (error) {
    const known = toAppError(error);
    if (known.status >= 500) throw error;
    return asPage.code(known.status).send(refusedReportPage(page, known.toBody(language)));
  }
}

/** A browser that names no format is shown a page. */
function isForPeople({ request }: Asked, { older }: Wanted): boolean {
  const { format } = request.query as { format?: unknown };
  return older === undefined && !format && (request.headers.accept ?? '').includes('text/html');
}

async function answerPrograms(
  { request, reply, place, language: accepted }: Asked,
  room: RouteRoom,
  { report, window, older }: Wanted,
): Promise<FastifyReply> {
  const { lang, ...parameters } = request.query as Record<string, unknown>;
  const language = lang === undefined ? accepted : wishedLanguage(request, room);
  const kept = await room.answers.find({ report, platforms: place.platforms, parameters, language, window });
  const format = String(parameters['format'] || 'json');
  const table = String(parameters['table'] || 'data');
  const { keys, titles } = parameters;
  if (isKept(request, reply, [kept.tag, format, ...(format === 'csv' ? [table, titles] : [keys])].join('-'))) return reply.code(304).send();
  if (format === 'json' && !older) return reply.type('application/json; charset=utf-8').send(kept.json);
  const told = readAnswer(kept);
  if (older && format === 'json') return reply.send(renamed(told, older));
  reply.header('x-s7-warnings', encodeURIComponent(told.warnings.join(' ')));
  const name = `${report.name}${window ? `_${window}` : ''}`;
  if (format === 'xlsx')
    return asFile(reply, XLSX, `${name}.xlsx`).send(Buffer.from(await toXlsx(report, told, { language, raw: keys === 'raw' })));
  return asFile(reply, 'text/csv; charset=utf-8', `${name}${table === 'data' ? '' : `-${table}`}.csv`).send(
    Readable.from(
      toCsv(report.tables[table]!.row, (told[table] ?? []) as readonly TableRow[], {
        currency: told.currency,
        words: titles === 'true' ? { report: report.name, language } : undefined,
      }),
    ),
  );
}

function asFile(reply: FastifyReply, type: string, name: string): FastifyReply {
  return reply.type(type).header('content-disposition', `attachment; filename="${name}"`);
}

/** An answer with its rows and their count under the names of an older path. */
function renamed({ data, code: _code, msg: _msg, ...rest }: ShownAnswer, { rows, count }: NonNullable<Report['older']>): object {
  return { [rows]: data, [count]: data.length, ...rest };
}
