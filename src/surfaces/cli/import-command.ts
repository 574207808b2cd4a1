import { Command } from 'commander';
import { Listr } from 'listr2';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../../kernel/errors.ts';
import { fill, type Language, type Text } from '../../kernel/messages.ts';
import { visible } from '../../kernel/visible.ts';
import { ENCODINGS } from '../../sync/text-encoding.ts';
import type { Answer, Given } from './api.ts';
import type { Session } from './cli.ts';
import type { Client, Progress } from './client.ts';
import { bar } from './progress-bar.ts';
import { refusedList } from './refused-list.ts';

interface Options {
  readonly shop?: string;
  readonly zone?: string;
  readonly currency?: string;
  readonly encoding?: string;
  readonly dateOrder?: string;
  readonly decimalMark?: string;
  readonly map?: string;
  readonly dryRun?: true;
  readonly strict?: true;
  readonly refused?: string;
  readonly json?: true;
}

type Imported = Answer<'POST', '/api/import'>;

const TEXTS = {
  reading: { en: '{rows|row|rows} read', zh: '已读取 {rows} 行', es: '{rows|fila leída|filas leídas}' },
  writing: { en: '{orders|order|orders} written', zh: '已写入 {orders} 个订单', es: '{orders|pedido guardado|pedidos guardados}' },
  orders: { en: '{orders|order|orders}', zh: '{orders} 个订单', es: '{orders|pedido|pedidos}' },
} as const satisfies Record<string, Text>;

/** `s7 import FILE…` */
export function importCommand(session: Session): Command {
  return new Command('import')
    .description('Bring files of orders home: CSV, TSV, XLSX, gzipped or not.')
    .argument('<file...>', 'the files')
    .option('--shop <name>', 'the shop the orders belong to (default: what the file says)')
    .option('--zone <zone>', "the shop's clock, e.g. Europe/Madrid, where the file does not tell")
    .option('--currency <code>', 'currency, e.g. EUR, where the file names none')
    .option('--encoding <name>', `how the text of the file is encoded: ${ENCODINGS.join(', ')} (default: what its bytes tell)`)
    .option('--date-order <order>', 'dmy or mdy: whether day or month comes first, where the file does not tell')
    .option('--decimal-mark <mark>', '. or , : what stands before the cents, where the file does not tell')
    .option('--map <mapping.json>', 'how to read a file that is not recognised (docs/mapping.md)')
    .option('--dry-run', 'read and check everything, write nothing')
    .option('--strict', 'end with 1 when a row was refused')
    .option('--refused <file>', 'write the refused rows (line, column, reason) here')
    .option('--json', 'for programs')
    .addHelpText(
      'after',
      `
The same file twice changes nothing. A row that cannot be read is refused and listed with its line, the rest comes in.
Exit code: 0 when the file was read; 1 when it was not, when nothing came in, or with --strict when rows were refused.

Examples:
  $ s7 import tiktok-orders.csv
  $ s7 import amazon.txt.gz --shop "Amazon.es" --dry-run
  $ s7 import web-shop.csv --map web-shop.json --strict`,
    )
    .action((files: string[], options: Options) =>
      session.withClient(async (client) => {
        const mapping = options.map === undefined ? undefined : await readMapping(options.map);
        for (const file of files) {
          const result = await importWithBar(client, '/api/import', {
            files: [file],
            query: queryOf(options),
            mapping,
            silent: options.json === true,
          });
          if (options.refused && result.refused_list) await session.save(options.refused, await client.text(result.refused_list));
          session.out(options.json ? JSON.stringify(result) : summary(file, result, options));
          if (!options.json && !options.refused && result.refused_list)
            session.out(await refusedList(client, { list: result.refused_list, rows: result.refused }, client.language));
          if (result.orders + result.refunds === 0 || (options.strict && result.refused > 0)) session.exitCode = 1;
        }
      }),
    );
}

/** Imports files that belong together with a bar that shows how far they are. */
export async function importWithBar<const U extends '/api/import' | '/api/adopt'>(
  client: Client,
  url: U,
  { files, query, mapping, silent }: Given & { files: readonly string[]; mapping?: string | undefined; silent: boolean },
): Promise<Answer<'POST', U>> {
  const { language } = client;
  let size = 0;
  for (const file of files) {
    size += (
      await stat(file).catch((cause: unknown) => {
        throw new AppError('file_missing', { file }, { cause });
      })
    ).size;
  }
  const name = files.map((file) => basename(file)).join(' + ');
  let result: Answer<'POST', U> | undefined;
  const tasks = new Listr(
    [
      {
        title: visible(name),
        task: async (_context, task) => {
          result = await client.importFile(url, { files, mapping, ...(query ? { query } : {}) }, (progress) => {
            task.output = progressOf(progress, { size, language });
          });
          const { orders } = result as unknown as Imported;
          task.title = `${visible(name)}  ${fill(TEXTS.orders, language, { orders })}`;
        },
      },
    ],
    {
      renderer: silent ? 'silent' : 'default',
      fallbackRenderer: silent ? 'silent' : 'simple',
      rendererOptions: { outputBar: 1 } as object,
      // Left to itself it would go on to the end after Ctrl-C.
      registerSignalListeners: false,
    },
  );
  await tasks.run();
  return result!;
}

function progressOf({ phase, bytes, rows, orders, total }: Progress, { size, language }: { size: number; language: Language }): string {
  // Reading and writing take about as long: each is one half of the bar.
  const done = phase === 'read' ? Math.min(1, bytes / size) / 2 : 0.5 + (total ? rows / total : 1) / 2;
  return bar(done, fill(TEXTS[phase === 'read' ? 'reading' : 'writing'], language, { rows, orders }));
}

function queryOf({ shop, zone, currency, encoding, dateOrder, decimalMark, dryRun }: Options): Given['query'] {
  return { shop, zone, currency, encoding, date_order: dateOrder, decimal_mark: decimalMark, dry_run: dryRun };
}

async function readMapping(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('file_missing', { file }, { cause });
  });
}

function summary(file: string, result: Imported, options: Options): string {
  const lines = [
    `${basename(file)}: ${result.preset}, ${result.shops.join(', ')}`,
    `  ${result.rows} rows, ${result.orders} orders${result.dry_run ? ' (dry run, nothing written)' : `: ${result.orders_new} new, ${result.orders_changed} changed, ${result.orders_unchanged} as they were`}`,
  ];
  if (result.refunds > 0)
    lines.push(
      `  ${result.refunds} refunds${result.dry_run ? '' : `: ${result.refunds_new} new, ${result.refunds_changed} changed, ${result.refunds_unchanged} as they were`}`,
    );
  lines.push(...result.warnings.map((sentence) => `  ${sentence}`));
  lines.push(...readAs(result), ...notUnderstood(result));
  if (result.refused > 0) {
    const reasons = Object.entries(result.refused_reasons)
      .map(([reason, count]) => `${count} ${reason}`)
      .join(', ');
    lines.push(`  ${result.refused} rows refused (${reasons})${options.refused ? `; list: ${options.refused}` : ':'}`);
  }
  if (result.dry_run)
    lines.push(
      `  first ${result.refunds > 0 ? 'orders and refunds' : 'orders'}:\n${result.sample.map((order) => `    ${JSON.stringify(order)}`).join('\n')}`,
    );
  return lines.join('\n');
}

/** How the file was read, where there was more than one way. */
function readAs({ encoding, sheets, sheets_left_out: leftOut, date_order: order, decimal_mark: mark }: Imported): string[] {
  const said = [
    encoding && encoding !== 'utf-8' && `encoding ${encoding}`,
    sheets.length > 0 &&
      sheets.length + leftOut.length > 1 &&
      `sheet ${sheets.join(', ')}${leftOut.length > 0 ? ` (not ${leftOut.join(', ')})` : ''}`,
    order && (order === 'dmy' ? 'day before month' : 'month before day'),
    mark && `cents after ${mark === '.' ? 'a point' : 'a comma'}`,
  ].filter(Boolean);
  return said.length > 0 ? [`  read as: ${said.join(', ')}`] : [];
}

function notUnderstood({ unknown_columns: columns, unknown_words: words, doubtful_ids: ids }: Imported): string[] {
  const lines: string[] = [];
  if (columns.length > 0) lines.push(`  not read, though the names speak of states or pieces: ${columns.join(', ')}`);
  const counted = Object.entries(words).map(([word, rows]) => `${word} (${rows})`);
  if (counted.length > 0) lines.push(`  words that are not known, and how many rows have them: ${counted.join(', ')}`);
  if (ids.length > 0)
    lines.push(`  ids that all end in zeros, as a spreadsheet leaves them: ${ids.join(', ')}; export again if the file was saved by one`);
  return lines;
}
