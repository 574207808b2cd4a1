import { Command, CommanderError } from 'commander';
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { styleText } from 'node:util';
import type { ErrorName } from '../../kernel/error-table.ts';
import { AppError, toAppError } from '../../kernel/errors.ts';
import { fill, type Language, type Text, type TextValues } from '../../kernel/messages.ts';
import { visibleLines } from '../../kernel/visible.ts';
import type { Report } from '../../reports/report.ts';
import { adoptCommand } from './adopt-command.ts';
import { alertsCommand } from './alerts-command.ts';
import { Client, ServerError } from './client.ts';
import { connectCommand } from './connect-command.ts';
import { speakHelp, withEnd, type Example } from './help.ts';
import { importCommand } from './import-command.ts';
import { keepCommands } from './keep-commands.ts';
import { mcpCommand } from './mcp-command.ts';
import { rateCommands } from './rate-commands.ts';
import { replayCommand } from './replay-command.ts';
import { reportCommand } from './report-command.ts';
import { shopsCommand } from './shops-command.ts';
import { syncCommand } from './sync-command.ts';
import { tokenCommand } from './token-command.ts';
import type { CliRoom } from './room.ts';
import { connect } from './running-server.ts';
import { serveCommands } from './serve-commands.ts';
import { refuseWrongTurns } from './wrong-turn.ts';

/** What every command may use. */
export interface Session {
  readonly room: () => CliRoom;
  readonly reports: readonly Report[];
  readonly language: Language;
  /** A text in the language that is spoken, with its values. */
  readonly say: (text: Text, values?: TextValues) => string;
  /** Says something to people or, as JSON, to programs: whatever it holds, a terminal is not moved by it. */
  readonly out: (text: string) => void;
  /** Writes a table out as it is; to a terminal as {@link out} does. */
  readonly outTable: (text: string) => void;
  /** Writes a file that the caller named. @throws AppError `folder_not_writable`, `disk_full` */
  readonly save: (file: string, content: string | Uint8Array) => Promise<void>;
  /** Runs with the API: the running server's, else the application's in this process. */
  withClient<T>(work: (client: Client) => Promise<T>): Promise<T>;
  /** Letters of a line of the terminal; infinite where the output is none. */
  readonly width: number;
  /** The code the process will end with when nothing goes wrong. */
  exitCode: number;
}

const USAGE = 2;
/** Errors that say that what was asked for is not there, whoever says so. */
const NOT_UNDERSTOOD: ReadonlySet<string> = new Set<ErrorName>([
  'unknown_name',
  'unknown_shop',
  'unknown_parameter',
  'invalid_parameter',
  'word_missing',
  'word_left_over',
]);
const USUAL_WIDTH = 80;

const TEXTS = {
  s7: {
    en: 'S7StarERP: the back office for sellers on TikTok Shop, SHEIN and Amazon.',
    zh: 'S7StarERP：面向 TikTok Shop、SHEIN 和 Amazon 卖家的经营后台。',
    es: 'S7StarERP: la gestión para vendedores de TikTok Shop, SHEIN y Amazon.',
  },
  version: { en: 'show the version', zh: '显示版本号', es: 'mostrar la versión' },
  notes: {
    en: 'Settings come from the environment or .env; see .env.example.\nExit codes: 0 done, 1 failed, 2 not understood.',
    zh: '设置来自环境变量或 .env，见 .env.example。\n退出码：0 完成，1 失败，2 未能理解。',
    es: 'Los ajustes vienen del entorno o de .env; vea .env.example.\nCódigos de salida: 0 hecho, 1 fallido, 2 no entendido.',
  },
} as const satisfies Record<string, Text>;

const EXAMPLES: readonly Example[] = [
  ['s7 connect tiktok --region ES', { en: 'connect a shop', zh: '授权店铺', es: 'conectar una tienda' }],
  ['s7 import orders.csv', { en: 'import an order file', zh: '导入订单文件', es: 'importar un archivo de pedidos' }],
  ['s7 report SalesRank --window 30d', { en: 'what sells', zh: '什么卖得好', es: 'qué se vende' }],
  ['s7 report AreaDemand --platform TikTok --json', { en: 'for programs', zh: '供程序使用', es: 'para programas' }],
  [
    's7 mcp',
    {
      en: 'for AI programs, on standard input and output',
      zh: '供 AI 程序通过标准输入输出使用',
      es: 'para programas de IA, por la entrada y salida estándar',
    },
  ],
  [
    's7 serve',
    {
      en: 'API, documentation and page on http://127.0.0.1:8000',
      zh: 'API、文档和页面，地址 http://127.0.0.1:8000',
      es: 'API, documentación y página en http://127.0.0.1:8000',
    },
  ],
];

/**
 * Runs the command line.
 * @param fileMode the rights of files that the user asks for
 * @param openRoom is called when a command needs settings: `--version` and `--help` work before any setting is right
 * @returns the exit code: 0 done, 1 failed, 2 not understood
 */
export async function runCli(
  argv: readonly string[],
  { version, ...means }: Pick<Session, 'reports' | 'language'> & { version: string; fileMode: number },
  openRoom: () => CliRoom,
): Promise<number> {
  // Who reads our output may have enough of it: `s7 report SalesRank | head`.
  for (const stream of [process.stdout, process.stderr]) stream.off('error', ignoreClosedPipe).on('error', ignoreClosedPipe);
  const session = openSession(means, openRoom);
  const { say } = session;
  const program = withEnd(new Command('s7').description(say(TEXTS.s7)).version(version, '-V, --version', say(TEXTS.version)), {
    notes: TEXTS.notes,
    examples: EXAMPLES,
  });
  for (const command of [importCommand, adoptCommand, alertsCommand, reportCommand, replayCommand, rateCommands])
    program.addCommand(command(session));
  for (const command of [connectCommand, shopsCommand, tokenCommand, syncCommand]) program.addCommand(command(session));
  for (const command of [...keepCommands(session), mcpCommand(session, version), ...serveCommands(session, version)])
    program.addCommand(command);
  speakHelp(program, session.language);
  refuseWrongTurns(program);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return session.exitCode;
  } catch (error) {
    return complain(error, session, argv.includes('--json'));
  }
}

/** What the commands share. */
function openSession(
  { reports, fileMode, language }: Pick<Session, 'reports' | 'language'> & { fileMode: number },
  openRoom: () => CliRoom,
): Session {
  let opened: CliRoom | undefined;
  const room = (): CliRoom => (opened ??= openRoom());
  return {
    room,
    reports,
    language,
    say: (text, values) => fill(text, language, values),
    out: (text) => void process.stdout.write(`${painted(visibleLines(text))}\n`),
    outTable: (text) => void process.stdout.write(`${process.stdout.isTTY ? visibleLines(text) : text}\n`),
    async save(file, content) {
      try {
        const isNew = !existsSync(file);
        await writeFile(file, content);
        if (isNew) await chmod(file, fileMode);
      } catch (error) {
        const known = toAppError(error);
        throw known.code === 'internal' ? new AppError('folder_not_writable', { path: file }, { cause: error }) : known;
      }
    },
    width: process.stdout.isTTY ? process.stdout.columns || USUAL_WIDTH : Infinity,
    exitCode: 0,
    async withClient(work) {
      const connection = await connect(room());
      try {
        return await work(new Client(connection, language));
      } finally {
        await connection.close();
      }
    },
  };
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function complain(error: unknown, session: Session, json: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  const known = error instanceof ServerError ? error : toAppError(error);
  const body = known instanceof ServerError ? known.body : known.toBody(session.language);
  const say = (text: string): void => void process.stderr.write(`${painted(visibleLines(text), process.stderr)}\n`);
  say(json ? JSON.stringify(body) : `✗ ${body.msg}\n  ${body.hint}`);
  if (known instanceof AppError && known.code === 'internal') say(String((known.cause as Error | undefined)?.stack ?? known.cause));
  return NOT_UNDERSTOOD.has(body.name) ? USAGE : 1;
}

const COLOURS = { '✓': 'green', '✔': 'green', '·': 'yellow', '⚠': 'yellow', '✗': 'red', '‼': 'red' } as const;

/** A text with the marks at the beginnings of its lines in their colours, where the stream is a terminal that shows any. */
function painted(text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return text.replace(/^[✓✔·⚠✗‼](?= )/gm, (mark) => styleText(COLOURS[mark as keyof typeof COLOURS], mark, { stream }));
}
