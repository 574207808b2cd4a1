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
import { HELP, withEnd } from './help.ts';
import { importSummary, refusedListAt, type Imported } from './import-summary.ts';
import { bar } from './progress-bar.ts';
import { refusedList, SHOWN } from './refused-list.ts';

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

const TEXTS = {
  reading: { en: '{rows|row|rows} read', zh: '已读取 {rows} 行', es: '{rows|fila leída|filas leídas}' },
  writing: { en: '{orders|order|orders} written', zh: '已写入 {orders} 个订单', es: '{orders|pedido guardado|pedidos guardados}' },
  orders: { en: '{orders|order|orders}', zh: '{orders} 个订单', es: '{orders|pedido|pedidos}' },
  about: {
    en: 'Import order files: CSV, TSV, XLSX, gzipped or not.',
    zh: '导入订单文件：CSV、TSV、XLSX，可用 gzip 压缩。',
    es: 'Importar archivos de pedidos: CSV, TSV, XLSX, comprimidos con gzip o no.',
  },
  files: { en: 'the files', zh: '文件', es: 'los archivos' },
  shop: {
    en: 'the shop the orders belong to (default: what the file says)',
    zh: '订单所属店铺（默认：按文件内容）',
    es: 'la tienda de los pedidos (por defecto, la que indica el archivo)',
  },
  zone: {
    en: "the shop's time zone, e.g. Europe/Madrid, where the file does not tell",
    zh: '店铺时区，如 Europe/Madrid，用于文件未注明时',
    es: 'zona horaria de la tienda, p. ej. Europe/Madrid, si el archivo no la indica',
  },
  currency: {
    en: 'currency, e.g. EUR, where the file names none',
    zh: '币种，如 EUR，用于文件未注明时',
    es: 'moneda, p. ej. EUR, si el archivo no la indica',
  },
  encoding: {
    en: 'how the text of the file is encoded: {names} (default: what its bytes tell)',
    zh: '文件的文本编码：{names}（默认：按内容识别）',
    es: 'codificación del texto: {names} (por defecto, la que se reconoce)',
  },
  dateOrder: {
    en: 'dmy or mdy: whether day or month comes first, where the file does not tell',
    zh: 'dmy 或 mdy：日在前还是月在前，用于文件无法判断时',
    es: 'dmy o mdy: si va primero el día o el mes, cuando el archivo no lo aclara',
  },
  decimalMark: {
    en: '. or , : what stands before the cents, where the file does not tell',
    zh: '. 或 , ：小数点用哪个符号，用于文件无法判断时',
    es: '. o , : qué precede a los céntimos, cuando el archivo no lo aclara',
  },
  map: {
    en: 'column matching for a file that is not recognised (docs/mapping.md)',
    zh: '未识别文件的字段对应（docs/mapping.md）',
    es: 'asignación de columnas para un archivo no reconocido (docs/mapping.md)',
  },
  strict: { en: 'end with 1 when a row is not imported', zh: '有行未导入时以 1 退出', es: 'terminar con 1 si una fila no se importa' },
  refused: {
    en: 'write the rows not imported (line, column, reason) here',
    zh: '把未导入的行（行号、列、原因）写入此文件',
    es: 'escribir aquí las filas no importadas (línea, columna, motivo)',
  },
  notes: {
    en:
      'The same file twice changes nothing. A row that cannot be read is listed with its line, the rest comes in.\n' +
      'Exit code: 0 when the file was read; 1 when it was not, when nothing came in, or with --strict when rows were not imported.',
    zh:
      '同一文件导入两次不会有变化。无法识别的行会列出行号，其余照常导入。\n' +
      '退出码：0 文件已读取；1 无法读取、没有导入任何内容，或用了 --strict 且有行未导入。',
    es:
      'El mismo archivo dos veces no cambia nada. Una fila que no se entiende se muestra con su línea; el resto se importa.\n' +
      'Código de salida: 0 si se leyó el archivo; 1 si no se leyó, si no entró nada o, con --strict, si quedaron filas sin importar.',
  },
} as const satisfies Record<string, Text>;

/** `s7 import FILE…` */
export function importCommand(session: Session): Command {
  const { say } = session;
  const command = new Command('import')
    .description(say(TEXTS.about))
    .argument('<file...>', say(TEXTS.files))
    .option('--shop <name>', say(TEXTS.shop))
    .option('--zone <zone>', say(TEXTS.zone))
    .option('--currency <code>', say(TEXTS.currency))
    .option('--encoding <name>', say(TEXTS.encoding, { names: ENCODINGS }))
    .option('--date-order <order>', say(TEXTS.dateOrder))
    .option('--decimal-mark <mark>', say(TEXTS.decimalMark))
    .option('--map <mapping.json>', say(TEXTS.map))
    .option('--dry-run', say(HELP.dryRun))
    .option('--strict', say(TEXTS.strict))
    .option('--refused <file>', say(TEXTS.refused))
    .option('--json', say(HELP.json))
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
          const listed = !options.refused && result.refused_list !== null && result.refused <= SHOWN;
          session.out(options.json ? JSON.stringify(result) : importSummary(session, result, { file, listed }));
          if (!options.json && result.refused_list) {
            const { refused_list: list, refused: rows } = result;
            session.out(
              options.refused ? refusedListAt(session, options.refused) : await refusedList(client, { list, rows }, client.language),
            );
          }
          if (result.orders + result.refunds === 0 || (options.strict && result.refused > 0)) session.exitCode = 1;
        }
      }),
    );
  return withEnd(command, {
    notes: TEXTS.notes,
    examples: [
      's7 import tiktok-orders.csv',
      's7 import amazon.txt.gz --shop "Amazon.es" --dry-run',
      's7 import web-shop.csv --map web-shop.json --strict',
    ],
  });
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
  return bar(done, fill(TEXTS[phase === 'read' ? 'reading' : 'writing'], language, { rows, orders }), language);
}

function queryOf({ shop, zone, currency, encoding, dateOrder, decimalMark, dryRun }: Options): Given['query'] {
  return { shop, zone, currency, encoding, date_order: dateOrder, decimal_mark: decimalMark, dry_run: dryRun };
}

async function readMapping(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('file_missing', { file }, { cause });
  });
}
