import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { presetOf } from '../../platforms/mapped-file.ts';
import { parseMapping } from '../../platforms/mapping.ts';
import { replay } from '../../sync/replay.ts';
import { compareFigures, readFigures } from '../report-figures.ts';
import { errorAnswers } from './answers.ts';
import { NDJSON, narrated } from './narration.ts';
import { languageOf, type HttpRoom } from './room.ts';

const tableChanges = z.object({
  added: z.int(),
  removed: z.int(),
  changed: z.int(),
  fields: z.record(z.string(), z.int()).describe('In how many of the changed rows a column differs.'),
});
const figureChange = z.object({
  report: z.string(),
  platform: z.string(),
  shop: z.string(),
  table: z.string(),
  column: z.string(),
  rows: z.int().describe('How many rows differ.'),
  before: z.number().nullable().describe('The column summed over all rows, where that says something.'),
  after: z.number().nullable(),
  examples: z.array(z.object({ row: z.string(), before: z.unknown(), after: z.unknown() })),
});
const answer = z.object({
  code: z.literal(0),
  msg: z.literal('success'),
  accepted: z.boolean(),
  read: z.int().describe('Rows made anew from their documents.'),
  kept: z.object({ without_document: z.int(), not_told_apart: z.int(), refused: z.int() }).describe('Rows that stay as they are, and why.'),
  refused: z
    .array(z.object({ source: z.string(), reason: z.string(), documents: z.int() }))
    .describe('Documents that make no row any more.'),
  tables: z.record(z.string(), tableChanges).describe('Only tables that differ.'),
  figures: z.array(figureChange).describe('What reports of each shop, over everything, say otherwise.'),
});

/** `POST /api/replay` reads the kept documents again and tells what comes out otherwise. */
export function replayRoutes(scope: FastifyInstance, room: HttpRoom): void {
  scope.post(
    '/replay',
    {
      schema: {
        tags: ['Server'],
        summary: "Read the kept documents again by today's mapping · 重放",
        description:
          'Rows that come out otherwise and the figures that follow are told; with `accept` they are kept, all or none. Fetching and imports wait meanwhile. ' +
          `With \`Accept: ${NDJSON}\` the answer is a line of progress now and then, the result last.`,
        body: z.strictObject({ accept: z.boolean().default(false).describe('Keeps what comes out. Without it nothing is written.') }),
        response: { 200: answer, ...errorAnswers },
      },
    },
    async (request, reply) => {
      const { accept } = request.body as { accept: boolean };
      const gone = new AbortController();
      // Who asked has gone away, or the server ends: the store must not be held up.
      reply.raw.once('close', () => gone.abort());
      const run = async (tell?: (progress: object) => void): Promise<object> => {
        const { before, after, ...result } = await replay(
          { ...room, presetOf: (mapping) => presetOf(parseMapping(mapping)) },
          {
            accept,
            figures: (reader) => readFigures(room, reader),
            signal: gone.signal,
            ...(tell ? { onProgress: tell } : {}),
          },
        );
        return { code: 0, msg: 'success', ...result, figures: compareFigures(before, after) };
      };
      if (!request.headers.accept?.includes(NDJSON)) return run();
      return narrated({ request, reply, language: languageOf(request, room) }, run);
    },
  );
}
