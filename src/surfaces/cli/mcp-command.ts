import { Command } from 'commander';
import { toAppError } from '../../kernel/errors.ts';
import type { Text } from '../../kernel/messages.ts';
import { visible } from '../../kernel/visible.ts';
import type { Ask } from '../mcp/tool.ts';
import { addressOf } from './api.ts';
import type { Session } from './cli.ts';
import { Client, ServerError } from './client.ts';
import { withEnd } from './help.ts';
import type { CliRoom } from './room.ts';
import { connect, type Connection } from './running-server.ts';
import { untilStopSignal } from './stop-signal.ts';

const SETTINGS = '{"mcpServers": {"s7star-erp": {"command": "node", "args": ["/path/to/s7star-erp/bin/s7", "mcp"]}}}';

const TEXTS = {
  about: {
    en: 'Answer AI programs over the Model Context Protocol on standard input and output; read-only.',
    zh: '通过标准输入输出，以模型上下文协议（MCP）回答 AI 程序的提问；只读。',
    es: 'Responder a programas de IA por el Model Context Protocol, por la entrada y salida estándar; solo lectura.',
  },
  notes: {
    en:
      'It asks the running server, else opens the data for as long as a question lasts. A running server has the same at /mcp.\n\n' +
      `As most programs want it in their settings:\n  ${SETTINGS}`,
    zh: `有服务在运行时向服务提问，否则只在提问期间打开数据。运行中的服务也在 /mcp 提供同样的功能。\n\n多数程序的设置写法：\n  ${SETTINGS}`,
    es:
      'Pregunta al servidor en marcha; si no hay, abre los datos mientras dura cada pregunta. Un servidor en marcha ofrece lo mismo ' +
      'en /mcp.\n\n' +
      `Como lo piden la mayoría de los programas en sus ajustes:\n  ${SETTINGS}`,
  },
} as const satisfies Record<string, Text>;

/** `s7 mcp`: the Model Context Protocol on standard input and output, which carry nothing else, until the input ends. */
export function mcpCommand(session: Session, version: string): Command {
  const command = new Command('mcp').description(session.say(TEXTS.about)).action(async () => {
    const room = session.room();
    // Read here alone: no other command needs the protocol's library.
    const [{ serveStdio, StdioServerTransport }, { mcpServer }] = await Promise.all([
      import('@modelcontextprotocol/server/stdio'),
      import('../mcp/mcp.ts'),
    ]);
    const { ask, closed } = asking(room);
    const transport = new StdioServerTransport();
    const ended = Promise.race([
      untilStopSignal(),
      new Promise((resolve) => {
        process.stdin.once('end', resolve).once('close', resolve);
      }),
    ]);
    const { language } = room.config;
    const server = serveStdio(() => mcpServer({ reports: session.reports, version, language, ask }), {
      transport,
      onerror: (error) => process.stderr.write(`${visible(error.message)}\n`),
    });
    await ended;
    await server.close();
    await closed();
  });
  return withEnd(command, { notes: TEXTS.notes, examples: ['s7 mcp'] });
}

/**
 * One way in for all questions: they share a connection, and the last one gives it back, so that the data are nobody's
 * between questions, and a server may start, stop and start again meanwhile.
 */
function asking(room: CliRoom): { ask: Ask; closed: () => Promise<unknown> } {
  let lent = 0;
  let connection: Promise<Connection> | undefined;
  let closed: Promise<unknown> = Promise.resolve();
  const giveBack = (): void => {
    lent -= 1;
    if (lent > 0) return;
    const last = connection!;
    connection = undefined;
    closed = last.then(({ close }) => close()).catch(() => undefined);
  };
  return {
    closed: () => closed,
    async ask(path, query = {}) {
      lent += 1;
      connection ??= closed.then(() => connect(room));
      try {
        const client = new Client(await connection, room.config.language);
        return { body: await client.ask(addressOf(path, { query })) };
      } catch (error) {
        return { refusal: error instanceof ServerError ? error.body : toAppError(error).toBody(room.config.language) };
      } finally {
        giveBack();
      }
    },
  };
}
