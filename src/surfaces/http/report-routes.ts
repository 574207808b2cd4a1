import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { fill } from '../../kernel/messages.ts';
import type { PlatformId } from '../../model/shop.ts';
import { commonParameters } from '../../reports/parameters.ts';
import type { Report } from '../../reports/report.ts';
import { runReport, type ReportAnswer } from '../../reports/run.ts';
import { toCsv } from '../csv.ts';
import { errorAnswers } from './answers.ts';
import { languageOf, type HttpRoom } from './room.ts';

const WINDOWS = ['', '_7d', '_30d', '_all'] as const;

/**
 * Every report of a platform at `DataScience/{Report}`, with the window at the end of the name and with `get` before it,
 * as the older system had them. Unknown parameters are ignored and listed in `warnings`.
 */
export function reportRoutes(scope: FastifyInstance, room: HttpRoom, platforms: readonly PlatformId[]): void {
  for (const report of room.reports) {
    for (const suffix of WINDOWS) {
      for (const prefix of ['', 'get']) {
        scope.get(`/DataScience/${prefix}${report.name}${suffix}`, {
          // The parameters are read by the report itself, so that every face reads them alike.
          validatorCompiler: () => (value) => ({ value }),
          schema: {
            hide: prefix !== '', tags: ['Reports'],
            summary: `${report.title.en} · ${report.title.zh}${suffix ? ` (${suffix.slice(1)})` : ''}`,
            description: `${report.question.en} Also at \`get${report.name}${suffix}\`; a trailing slash and the case of letters do not matter.`,
            querystring: parametersOf(report, suffix !== ''),
            response: { 200: answerOf(report), ...errorAnswers },
          },
        }, async (request, reply) => {
          const language = languageOf(request, room);
          const parameters = request.query as Record<string, unknown>;
          const answer = await runReport(room, {
            report, platforms, parameters, language, window: suffix ? (suffix.slice(1) as '7d' | '30d' | 'all') : undefined,
          });
          if (parameters['format'] !== 'csv') return { code: 0, msg: 'success', ...asJson(answer) };
          const table = String(parameters['table'] || 'data');
          const name = `${report.name}${suffix}${table === 'data' ? '' : `-${table}`}.csv`;
          return reply.type('text/csv; charset=utf-8').header('content-disposition', `attachment; filename="${name}"`)
            .header('x-s7-warnings', encodeURIComponent(answer.warnings.join(' ')))
            .send(toCsv(report.tables[table]!.row, answer.tables[table] ?? [], answer.currency));
        });
      }
    }
  }
}

/** The answer in the older shape: rows in `data`, siblings beside them. */
function asJson({ tables, ...rest }: ReportAnswer): object {
  return { ...tables, ...rest };
}

function parametersOf(report: Report, windowed: boolean): z.ZodObject {
  const all = commonParameters.extend(report.parameters.shape);
  return windowed ? all.omit({ window: true, from: true, to: true }) : all;
}

/** What every answer of a report carries, as a schema. */
function answerOf(report: Report): z.ZodObject {
  const tables = Object.fromEntries(Object.entries(report.tables).map(([name, { row, title }]) =>
    [name, z.array(row).describe(fill(title, 'en'))]));
  return z.object({
    code: z.literal(0), msg: z.literal('success'), ...tables,
    report: z.object({ name: z.literal(report.name), version: z.int() }).describe('The version is raised when the meaning of a figure changes.'),
    filters: z.record(z.string(), z.unknown()).describe('The filters as they were understood.'),
    asOf: z.string().describe('What "today" was.'),
    currency: z.string().nullable().describe('Currency of all amounts.'),
    freshness: z.array(z.object({ platform: z.string(), shop: z.string(), complete_at: z.string().nullable() })).describe('When the data of each shop were last complete.'),
    row_count: z.int().describe('Rows in `data`.'),
    maturity: z.object({ orders: z.int(), open_orders: z.int(), open_share: z.number().nullable() }).describe('How many orders of the window may still change.'),
    nulls: z.record(z.string(), z.string()).describe('Why a column is null.'),
    warnings: z.array(z.string()).describe('What to know about the figures.'),
  });
}
