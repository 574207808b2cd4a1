import type { FastifyInstance, FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { PlatformId } from '../../model/shop.ts';
import { readAnswer, type ShownAnswer } from '../../reports/answers.ts';
import type { Report } from '../../reports/report.ts';
import type { ReportRequest } from '../../reports/run.ts';
import { answerSchema, exampleOf, parametersOf } from '../../reports/shape.ts';
import { toCsv } from '../csv.ts';
import type { TableRow } from '../digits.ts';
import { toXlsx } from '../xlsx.ts';
import { errorAnswers } from './answers.ts';
import { isKept } from './kept-reply.ts';
import { languageOf, type HttpRoom } from './room.ts';

const WINDOWS = ['', '_7d', '_30d', '_all'] as const;
const notChanged = z.null().describe('The answer that `If-None-Match` names still holds.');
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/**
 * Every report of a platform at `DataScience/{Report}`, with the window at the end of the name and with `get` before it,
 * as the older system had them, and at the older path of its own where it has one. Unknown parameters are ignored and
 * listed in `warnings`.
 */
export function reportRoutes(scope: FastifyInstance, room: HttpRoom, platforms: readonly PlatformId[]): void {
  for (const report of room.reports) {
    for (const suffix of WINDOWS) {
      for (const prefix of ['', 'get']) {
        reportRoute(scope, room, {
          report,
          platforms,
          path: `/DataScience/${prefix}${report.name}${suffix}`,
          window: suffix === '' ? undefined : (suffix.slice(1) as '7d' | '30d' | 'all'),
          hide: prefix !== '',
        });
      }
    }
    if (report.older) reportRoute(scope, room, { report, platforms, path: `/${report.older.path}`, hide: false, older: report.older });
  }
}

interface Route {
  readonly report: Report;
  readonly platforms: readonly PlatformId[];
  readonly path: string;
  readonly window?: ReportRequest['window'];
  readonly hide: boolean;
  /** The answer has its rows and their count under these names. */
  readonly older?: Report['older'];
}

function reportRoute(scope: FastifyInstance, room: HttpRoom, { report, platforms, path, window, hide, older }: Route): void {
  const schema = answerSchema(report, older);
  const example = exampleOf(report);
  scope.get(
    path,
    {
      // The parameters are read by the report itself, so that every face reads them alike.
      validatorCompiler: () => (value) => ({ value }),
      schema: {
        hide,
        tags: ['Reports'],
        summary: `${report.title.en} · ${report.title.zh}${window ? ` (${window})` : ''}`,
        description: `${report.question.en}${older ? " The older system's path; the same rows as `data` at" : ' Also at'} \`DataScience/get${report.name}\`; a trailing slash and the case of letters do not matter.`,
        querystring: parametersOf(report, window !== undefined),
        response: {
          200: example ? schema.meta({ examples: [older ? renamed(example, older) : example] }) : schema,
          304: notChanged,
          ...errorAnswers,
        },
      },
    },
    async (request, reply) => {
      const language = languageOf(request, room);
      const parameters = request.query as Record<string, unknown>;
      const kept = await room.answers.find({ report, platforms, parameters, language, window });
      const format = String(parameters['format'] || 'json');
      const table = String(parameters['table'] || 'data');
      if (
        isKept(request, reply, [kept.tag, format, ...(format === 'csv' ? [table, parameters['titles']] : [parameters['keys']])].join('-'))
      )
        return reply.code(304).send();
      if (format === 'json' && !older) return reply.type('application/json; charset=utf-8').send(kept.json);
      const answer = readAnswer(kept);
      if (older && format === 'json') return renamed(answer, older);
      reply.header('x-s7-warnings', encodeURIComponent(answer.warnings.join(' ')));
      const name = `${report.name}${window ? `_${window}` : ''}`;
      if (format === 'xlsx')
        return asFile(reply, XLSX, `${name}.xlsx`).send(
          Buffer.from(await toXlsx(report, answer, { language, raw: parameters['keys'] === 'raw' })),
        );
      return asFile(reply, 'text/csv; charset=utf-8', `${name}${table === 'data' ? '' : `-${table}`}.csv`).send(
        Readable.from(
          toCsv(report.tables[table]!.row, (answer[table] ?? []) as readonly TableRow[], {
            currency: answer.currency,
            words: parameters['titles'] === 'true' ? { report: report.name, language } : undefined,
          }),
        ),
      );
    },
  );
}

function asFile(reply: FastifyReply, type: string, name: string): FastifyReply {
  return reply.type(type).header('content-disposition', `attachment; filename="${name}"`);
}

/** An answer with its rows and their count under the names of an older path. */
function renamed({ data, code: _code, msg: _msg, ...rest }: ShownAnswer, { rows, count }: NonNullable<Report['older']>): object {
  return { [rows]: data, [count]: data.length, ...rest };
}
