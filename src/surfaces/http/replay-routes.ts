import { z } from 'zod';
import { presetOf } from '../../platforms/mapped-file.ts';
import { parseMapping } from '../../platforms/mapping.ts';
import { replay } from '../../sync/replay.ts';
import { compareFigures, readFigures } from '../report-figures.ts';
import { NARRATED, narrated } from './narration.ts';
import { named, route } from './route.ts';

const tableChanges = named(
  'TableChanges',
  z.object({
    added: z.int(),
    removed: z.int(),
    changed: z.int(),
    fields: z.record(z.string(), z.int()).describe('In how many of the changed rows a column differs.'),
  }),
);
const figureChange = named(
  'FigureChange',
  z.object({
    report: z.string(),
    platform: z.string(),
    shop: z.string(),
    table: z.string(),
    column: z.string(),
    rows: z.int().describe('How many rows differ.'),
    before: z.number().nullable().describe('The column summed over all rows, where that says something.'),
    after: z.number().nullable(),
    examples: z.array(z.object({ row: z.string(), before: z.unknown(), after: z.unknown() })),
  }),
);

const again = route({
  method: 'POST',
  path: '/api/replay',
  needs: 'admin',
  tag: 'Server',
  summary: "Recalculate: read the original data by today's rules · 重新解析 · Recalcular",
  description:
    `Rows that come out otherwise and the figures that follow are told; with \`accept\` they are kept, all or none. Fetching and ` +
    `imports wait meanwhile. ${NARRATED}`,
  body: z.strictObject({ accept: z.boolean().default(false).describe('Keeps what comes out. Without it nothing is written.') }),
  answer: z.object({
    accepted: z.boolean(),
    read: z.int().describe('Rows made anew from their documents.'),
    kept: z
      .object({ without_document: z.int(), not_told_apart: z.int(), refused: z.int() })
      .describe('Rows that stay as they are, and why.'),
    refused: z
      .array(z.object({ source: z.string(), reason: z.string(), documents: z.int() }))
      .describe('Documents that make no row any more.'),
    tables: z.record(z.string(), tableChanges).describe('Only tables that differ.'),
    figures: z.array(figureChange).describe('What reports of each shop, over everything, say otherwise.'),
  }),
  handle(asked, room) {
    const gone = new AbortController();
    // Who asked has gone away, or the server ends: the store must not be held up.
    asked.reply.raw.once('close', () => gone.abort());
    return narrated(asked, async (tell) => {
      const { before, after, ...result } = await replay(
        { ...room, presetOf: (mapping) => presetOf(parseMapping(mapping)) },
        {
          accept: asked.body.accept,
          figures: (reader) => readFigures(room, reader),
          signal: gone.signal,
          ...(tell ? { onProgress: tell } : {}),
        },
      );
      return { ...result, figures: compareFigures(before, after) };
    });
  },
});

/** `POST /api/replay` reads the kept documents again and tells what comes out otherwise. */
export const replayRoutes = [again] as const;
