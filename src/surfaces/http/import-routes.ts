import type { FastifyInstance } from 'fastify';
import { createReadStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readImport, readImports } from '../../records/imports/import-log.ts';
import { AppError } from '../../kernel/errors.ts';
import { isVisible } from '../../kernel/visible.ts';
import { fill } from '../../kernel/messages.ts';
import { isZone } from '../../model/shop-day.ts';
import { DATE_ORDERS, DECIMAL_MARKS } from '../../model/written.ts';
import { presetOf } from '../../platforms/mapped-file.ts';
import { parseMapping } from '../../platforms/mapping.ts';
import { importFile, type ImportRequest, type ImportResult } from '../../sync/import.ts';
import { ENCODINGS } from '../../sync/text-encoding.ts';
import { DECISIONS } from '../decisions.ts';
import { REFUSALS } from '../refusals.ts';
import { errorAnswers } from './answers.ts';
import { importForm, readForm } from './import-form.ts';
import { NDJSON, narrated } from './narration.ts';
import { readParameters } from './parameters.ts';
import { languageOf, type HttpRoom } from './room.ts';

const importParameters = z.strictObject({
  shop: z
    .string()
    .min(1)
    .max(100)
    .refine(isVisible, 'holds signs that are no text')
    .optional()
    .describe('The shop the orders belong to. Default: what the file says.'),
  zone: z
    .string()
    .refine(isZone, 'is no IANA time zone such as Europe/Madrid')
    .optional()
    .describe("The shop's clock, where the file does not tell."),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'is no ISO 4217 code such as EUR')
    .optional()
    .describe('Currency, where the file names none.'),
  encoding: z.enum(ENCODINGS).optional().describe('How the text of the file is encoded. Default: what its bytes tell.'),
  date_order: z
    .enum(DATE_ORDERS)
    .optional()
    .describe('Whether day (`dmy`) or month (`mdy`) comes first, where the rows of the file do not tell.'),
  decimal_mark: z.enum(DECIMAL_MARKS).optional().describe('What stands before the cents, where the rows of the file do not tell.'),
  dry_run: z.stringbool().default(false).describe('Reads and checks everything, writes nothing.'),
});

const result = z.object({
  code: z.literal(0),
  msg: z.literal('success'),
  import_id: z.int().nullable(),
  file: z.string(),
  preset: z.string(),
  platform: z.string(),
  dry_run: z.boolean(),
  shops: z.array(z.string()),
  encoding: z.string().nullable().describe('How the text of the file was decoded; null for a workbook.'),
  sheets: z.array(z.string()).describe('The sheets of a workbook that were read.'),
  sheets_left_out: z.array(z.string()).describe('Those that hold something else.'),
  date_order: z.string().nullable().describe('Whether day (`dmy`) or month (`mdy`) comes first; null where no date can be read two ways.'),
  decimal_mark: z.string().nullable().describe('What stands before the cents; null where no amount can be read two ways.'),
  unknown_columns: z.array(z.string()).describe('Columns that by their name tell states or pieces, and are not read.'),
  unknown_words: z
    .record(z.string(), z.int())
    .describe('Status words and channels that are not known, and on how many rows; such orders are no sale.'),
  doubtful_ids: z.array(z.string()).describe('Columns of long ids that all end in zeros: a spreadsheet may have taken their last digits.'),
  rows: z.int(),
  refused: z.int(),
  refused_reasons: z.record(z.string(), z.int()),
  refused_list: z.string().nullable().describe('Where the refused rows are listed.'),
  orders: z.int(),
  orders_new: z.int(),
  orders_changed: z.int(),
  orders_unchanged: z.int(),
  orders_joined: z.int().describe('Orders that other documents tell of, too: each is made of all of them.'),
  orders_kept_newer: z.int().describe('Orders of which a newer state is stored than the file tells: it stays.'),
  refunds: z.int().describe('Money paid back, where the mapping tells such rows from orders.'),
  refunds_new: z.int(),
  refunds_changed: z.int(),
  refunds_unchanged: z.int(),
  warnings: z.array(z.string()).describe('What was decided where the file left it open.'),
  sample: z.array(z.unknown()).describe('The first orders as they were understood, and the first refunds.'),
});

/** `POST /api/import` brings a file home; `GET` lists what came. Several are read at once, one is written at a time. */
export function importRoutes(scope: FastifyInstance, room: HttpRoom): void {
  scope.post(
    '/import',
    {
      schema: {
        tags: ['Import'],
        summary: 'Import a file of orders · 导入订单文件',
        description:
          'CSV, TSV or XLSX, also gzipped. Known seller-centre exports are recognised by their header; any other file needs a `mapping` (docs/mapping.md). ' +
          `The same file twice changes nothing. With \`Accept: ${NDJSON}\` the answer is a line of progress now and then, the result last.`,
        consumes: ['multipart/form-data'],
        querystring: importParameters,
        body: importForm,
        response: { 200: result, ...errorAnswers },
      },
      ...streamedUpload,
    },
    async (request, reply) => {
      const wish = readParameters(importParameters, request.query);
      const language = languageOf(request, room);
      const { file, source, bytesRead, mapping } = await readForm(request, Object.keys(importParameters.shape));
      const preset = mapping === undefined ? undefined : presetOf(parseMapping(mapping));
      const draft = join(room.importsFolder, `${request.id}.refused.csv`);
      const run = async (onProgress?: ImportRequest['onProgress']): Promise<object> => {
        const done = await importFile(room, {
          source,
          file,
          settings: {
            shop: wish.shop,
            zone: wish.zone,
            currency: wish.currency,
            dateOrder: wish.date_order,
            decimalMark: wish.decimal_mark,
          },
          encoding: wish.encoding,
          dryRun: wish.dry_run,
          refusedFile: draft,
          ...(preset ? { mapped: { preset, mapping } } : {}),
          ...(onProgress ? { onProgress } : {}),
          describe: (reason) => fill(REFUSALS[reason], language),
        }).catch(async (error: unknown) => {
          await rm(draft, { force: true });
          throw error;
        });
        const { decisions, ...told } = done;
        return {
          code: 0,
          msg: 'success',
          ...told,
          warnings: decisions.map((each) => fill(DECISIONS[each.decision], language, each)),
          refused_list: await keepRefused(room, draft, done, request.id),
        };
      };
      if (!request.headers.accept?.includes(NDJSON)) return run();
      return narrated({ request, reply, language }, (tell) => run((progress) => tell({ ...progress, bytes: bytesRead() })));
    },
  );

  scope.get(
    '/import',
    {
      schema: {
        tags: ['Import'],
        summary: 'The imports so far, newest first · 导入记录',
        querystring: z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(50) }),
      },
    },
    async (request) => {
      const { limit } = request.query as { limit: number };
      return { code: 0, msg: 'success', data: await room.engine.read((reader) => readImports(reader, limit)) };
    },
  );

  scope.get(
    '/import/:id',
    {
      schema: {
        tags: ['Import'],
        summary: 'One import · 一次导入',
        params: z.object({ id: z.coerce.number().int() }),
        response: { 200: z.unknown(), ...errorAnswers },
      },
    },
    async (request) => {
      const { id } = request.params as { id: number };
      const record = await room.engine.read((reader) => readImport(reader, id));
      if (!record) throw new AppError('import_not_found', { id });
      return { code: 0, msg: 'success', data: record };
    },
  );

  scope.get(
    '/import/refused/:name',
    {
      schema: {
        tags: ['Import'],
        summary: 'The refused rows of an import: line, column, reason · 被拒绝的行',
        params: z.object({ name: z.string().regex(/^[\w-]+\.csv$/) }),
      },
    },
    (request, reply) => {
      const { name } = request.params as { name: string };
      const path = join(room.importsFolder, name);
      if (!existsSync(path)) throw new AppError('import_not_found', { id: name });
      return reply.type('text/csv; charset=utf-8').send(createReadStream(path));
    },
  );
}

/** How a route takes an upload whose handler reads the form as it streams. */
export const streamedUpload = { validatorCompiler: () => (value: unknown) => ({ value }) } as const;

async function keepRefused(room: HttpRoom, draft: string, { import_id, refused }: ImportResult, id: string): Promise<string | null> {
  if (refused === 0) return null;
  const name = import_id === null ? `dry-run-${id}.csv` : `${import_id}-refused.csv`;
  await rename(draft, join(room.importsFolder, name));
  return `/api/import/refused/${name}`;
}
