import { Command, CommanderError } from 'commander';
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { styleText } from 'node:util';
import type { ErrorName } from '../../kernel/error-table.ts';
import { AppError, toAppError } from '../../kernel/errors.ts';
import type { Text } from '../../kernel/messages.ts';
import { visibleLines } from '../../kernel/visible.ts';
import type { Report } from '../../reports/report.ts';
import { adoptCommand } from './adopt-command.ts';
import { alertsCommand } from './alerts-command.ts';
import { Client, ServerError } from './client.ts';
import { connectCommand } from './connect-command.ts';
import { demo, serveDemo } from './demo.ts';
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
import { connect, serve, type Serving } from './running-server.ts';
import { untilStopSignal } from './stop-signal.ts';
import { refuseAlike, refuseWrongTurns } from './wrong-turn.ts';

/** What every command may use. */
export interface Session {
  readonly room: () => CliRoom;
  readonly reports: readonly Report[];
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

/**
 * Runs the command line.
 * @param fileMode the rights of files that the user asks for
 * @param openRoom is called when a command needs settings: `--version` and `--help` work before any setting is right
 * @returns the exit code: 0 done, 1 failed, 2 not understood
 */
export async function runCli(
  argv: readonly string[],
  { version, reports, fileMode }: Pick<CliRoom, 'reports'> & { version: string; fileMode: number },
  openRoom: () => CliRoom,
): Promise<number> {
  // Who reads our output may have enough of it: `s7 report SalesRank | head`.
  for (const stream of [process.stdout, process.stderr]) stream.off('error', ignoreClosedPipe).on('error', ignoreClosedPipe);
  let opened: CliRoom | undefined;
  const session: Session = {
    room: () => (opened ??= openRoom()),
    reports,
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
      const connection = await connect(session.room());
      try {
        return await work(new Client(connection, session.room().config.language));
      } finally {
        await connection.close();
      }
    },
  };
  const program = new Command('s7')
    .description('S7StarERP: the back office for sellers on TikTok Shop, SHEIN and Amazon.')
    .version(version)
    .addHelpText(
      'after',
      `
Examples:
  $ s7 connect tiktok --region ES                 connect a shop
  $ s7 import orders.csv                          bring a seller-centre export home
  $ s7 report SalesRank --window 30d              what sells
  $ s7 report AreaDemand --platform TikTok --json for programs
  $ s7 mcp                                        for AI programs, on standard input and output
  $ s7 serve                                      API, documentation and page on http://127.0.0.1:8000

Settings come from the environment or .env; see .env.example. Exit codes: 0 done, 1 failed, 2 not understood.`,
    );
  program.addCommand(importCommand(session));
  program.addCommand(adoptCommand(session));
  program.addCommand(alertsCommand(session));
  program.addCommand(reportCommand(session));
  program.addCommand(replayCommand(session));
  program.addCommand(rateCommands(session));
  for (const command of [connectCommand, shopsCommand, tokenCommand, syncCommand]) program.addCommand(command(session));
  for (const command of keepCommands(session)) program.addCommand(command);
  program
    .command('serve')
    .description('Serve API, documentation and page until Ctrl-C.')
    .addHelpText('after', '\nExamples:\n  $ s7 serve\n  $ S7_PORT=9000 s7 serve')
    .action(() =>
      untilStopped(
        () => serve(session.room()),
        ({ shownUrl }) => {
          session.out(`S7StarERP ${version} · ${shownUrl}\nSwagger: ${shownUrl}/api/swagger/ · Ctrl-C ends`);
          session.out(servedFrom(session.room()));
        },
      ),
    );
  program.addCommand(mcpCommand(session, version));
  program
    .command('simulate')
    .description('Run the simulated platforms alone, until Ctrl-C.')
    .allowUnknownOption()
    .argument('[options...]')
    .addHelpText(
      'after',
      '\nIt prints the settings that make a server talk to it. Options: --port, --seed, --scale, --limits off, --redirect-row URL, --redirect-us URL,\n--products N (the Spanish shop lists at least so many), --fault NAME=NUMBER (several times; a wrong name prints them all).\n\nExamples:\n  $ s7 simulate --port 9100\n  $ s7 simulate --fault tooManyRequests=0.1 --fault duplicates=0.2',
    )
    .action((options: string[]) => session.room().simulate(options).catch(refuseAlike));
  program
    .command('demo')
    .description('Connect simulated shops, sync a year of orders, print three reports, serve until Ctrl-C.')
    .option('--no-browser', 'do not open the page')
    .addHelpText('after', '\nIt has a data folder of its own beside the real one.\n\nExample:\n  $ s7 demo')
    .action(({ browser }: { browser: boolean }) =>
      untilStopped(
        () => serveDemo(session.room()),
        (serving) => demo(session, serving, { browser }),
      ),
    );
  refuseWrongTurns(program);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return session.exitCode;
  } catch (error) {
    return complain(error, session, argv.includes('--json'));
  }
}

/** Which data are served, by which settings. */
function servedFrom({ config, envFile }: CliRoom): string {
  const say = (text: keyof typeof SERVED): string => SERVED[text][config.language];
  return `${say('data')}: ${config.dataFolder} · ${say('settings')}: ${existsSync(envFile) ? envFile : say('none')}`;
}

const SERVED = {
  data: { en: 'Data', zh: '数据', es: 'Datos' },
  settings: { en: 'settings', zh: '设置', es: 'ajustes' },
  none: { en: 'the environment alone (no .env)', zh: '仅环境变量（没有 .env）', es: 'solo el entorno (sin .env)' },
} as const satisfies Record<string, Text>;

/** Serves, does the work and waits; Ctrl-C or a stop from outside ends it cleanly, in the midst of it too; a second signal changes nothing. */
async function untilStopped<S extends Serving>(open: () => Promise<S>, work: (serving: S) => void | Promise<void>): Promise<void> {
  const stop = untilStopSignal();
  const serving = await open();
  try {
    await Promise.race([stop, Promise.resolve(work(serving)).then(() => stop)]);
  } finally {
    await serving.close();
  }
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function complain(error: unknown, session: Session, json: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  const known = error instanceof ServerError ? error : toAppError(error);
  const body = known instanceof ServerError ? known.body : known.toBody(languageOf(session));
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

/** The settings may be the very thing that is wrong. */
function languageOf(session: Session) {
  try {
    return session.room().config.language;
  } catch {
    return 'en';
  }
}
