import { createReadStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { IMPORT_STATES, readImport, readImports } from '../../records/imports/import-log.ts';
import { NO_TEXT, NO_ZONE } from '../../kernel/problem.ts';
import { AppError } from '../../kernel/errors.ts';
import { fill } from '../../kernel/messages.ts';
import { isVisible } from '../../kernel/visible.ts';
import { isZone } from '../../model/shop-day.ts';
import { DATE_ORDERS, DECIMAL_MARKS } from '../../model/written.ts';
import { presetOf } from '../../platforms/mapped-file.ts';
import { parseMapping } from '../../platforms/mapping.ts';
import { currencyParameter } from '../../reports/parameters.ts';
import { importFile, type ImportResult } from '../../sync/import.ts';
import type { IntakeProgress } from '../../sync/intake.ts';
import { ENCODINGS } from '../../sync/text-encoding.ts';
import { DECISIONS } from '../decisions.ts';
import { REFUSALS } from '../refusals.ts';
import { importForm, readForm } from './import-form.ts';
import { NARRATED, narrated, type Tell } from './narration.ts';
import type { HttpRoom } from './room.ts';
import { named, route } from './route.ts';

const importParameters = z.strictObject({
  shop: z
    .string()
    .min(1)
    .max(100)
    .refine(isVisible, NO_TEXT)
    .optional()
    .describe('The shop the orders belong to. Default: what the file says.'),
  zone: z.string().refine(isZone, NO_ZONE).optional().describe("The shop's clock, where the file does not tell."),
  currency: currencyParameter.optional().describe('Currency, where the file names none.'),
  encoding: z.enum(ENCODINGS).optional().describe('How the text of the file is encoded. Default: what its bytes tell.'),
  date_order: z
    .enum(DATE_ORDERS)
    .optional()
    .describe('Whether day (`dmy`) or month (`mdy`) comes first, where the rows of the file do not tell.'),
  decimal_mark: z.enum(DECIMAL_MARKS).optional().describe('What stands before the cents, where the rows of the file do not tell.'),
  dry_run: z.stringbool().default(false).describe('Reads and checks everything, writes nothing.'),
});

const result = z.object({
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
  sample: z.array(z.record(z.string(), z.unknown())).describe('The first orders as they were understood, and the first refunds.'),
});

const bring = route({
  method: 'POST',
  path: '/api/import',
  needs: 'operate',
  tag: 'Import',
  summary: 'Import a file of orders · 导入订单文件 · Importar un archivo de pedidos',
  description:
    'CSV, TSV or XLSX, also gzipped. Known seller-centre exports are recognised by their header; any other file needs a `mapping` ' +
    '(docs/mapping.md). ' +
    `The same file twice changes nothing. ${NARRATED}`,
  parameters: importParameters,
  form: importForm,
  answer: result,
  async handle(asked, room) {
    const { request, parameters, language } = asked;
    const { file, source, bytesRead, mapping } = await readForm(request, Object.keys(importParameters.shape));
    const preset = mapping === undefined ? undefined : presetOf(parseMapping(mapping));
    const draft = join(room.importsFolder, `${request.id}.refused.csv`);
    return narrated(asked, async (tell: Tell<IntakeProgress & { bytes: number }> | undefined) => {
      const done = await importFile(room, {
        source,
        file,
        settings: {
          shop: parameters.shop,
          zone: parameters.zone,
          currency: parameters.currency,
          dateOrder: parameters.date_order,
          decimalMark: parameters.decimal_mark,
        },
        encoding: parameters.encoding,
        dryRun: parameters.dry_run,
        refusedFile: draft,
        ...(preset ? { mapped: { preset, mapping } } : {}),
        ...(tell ? { onProgress: (progress) => tell({ ...progress, bytes: bytesRead() }) } : {}),
        describe: (reason) => fill(REFUSALS[reason], language),
      }).catch(async (error: unknown) => {
        await rm(draft, { force: true });
        throw error;
      });
      const { decisions, ...told } = done;
      return {
        ...told,
        warnings: decisions.map((each) => fill(DECISIONS[each.decision], language, each)),
        refused_list: await keepRefused(room, draft, done, request.id),
      };
    });
  },
});

const importRow = named(
  'Import',
  z.object({
    import_id: z.int(),
    file: z.string(),
    preset: z.string(),
    state: z.enum(IMPORT_STATES).describe('`interrupted`: the process ended in the middle; the same file again completes it.'),
    started_at: z.string(),
    finished_at: z.string().nullable(),
    lines_read: z.int(),
    lines_refused: z.int(),
    orders_read: z.int(),
    orders_new: z.int(),
    orders_changed: z.int(),
    orders_unchanged: z.int(),
    refunds_read: z.int(),
    refunds_new: z.int(),
    refunds_changed: z.int(),
    refunds_unchanged: z.int(),
  }),
);

const list = route({
  method: 'GET',
  path: '/api/import',
  needs: 'read',
  tag: 'Import',
  summary: 'The imports so far, newest first · 导入记录 · Importaciones',
  parameters: z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(50) }),
  answer: z.object({ data: z.array(importRow) }),
  handle: async ({ parameters: { limit } }, { engine }) => ({ data: await engine.read((reader) => readImports(reader, limit)) }),
});

const one = route({
  method: 'GET',
  path: '/api/import/:id',
  needs: 'read',
  tag: 'Import',
  summary: 'One import · 一次导入 · Una importación',
  inPath: z.object({ id: z.coerce.number().int() }),
  answer: z.object({ data: importRow }),
  async handle({ inPath: { id } }, { engine }) {
    const record = await engine.read((reader) => readImport(reader, id));
    if (!record) throw new AppError('import_not_found', { id });
    return { data: record };
  },
});

const refused = route({
  method: 'GET',
  path: '/api/import/refused/:name',
  needs: 'read',
  tag: 'Import',
  summary: 'The rows of an import that did not come in · 未导入的行 · Filas no importadas',
  inPath: z.object({ name: z.string().regex(/^[\w-]+\.csv$/) }),
  type: 'text/csv',
  handle({ inPath: { name }, reply }, { importsFolder }) {
    const path = join(importsFolder, name);
    if (!existsSync(path)) throw new AppError('import_not_found', { id: name });
    return reply.type('text/csv; charset=utf-8').send(createReadStream(path));
  },
});

/** `POST /api/import` brings a file home; `GET` lists what came. Several are read at once, one is written at a time. */
export const importRoutes = [bring, list, one, refused] as const;

async function keepRefused(room: HttpRoom, draft: string, { import_id, refused: count }: ImportResult, id: string): Promise<string | null> {
  if (count === 0) return null;
  const name = import_id === null ? `dry-run-${id}.csv` : `${import_id}-refused.csv`;
  await rename(draft, join(room.importsFolder, name));
  return `/api/import/refused/${name}`;
}
