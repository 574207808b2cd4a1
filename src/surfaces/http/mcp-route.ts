import type { McpHttpHandler } from '@modelcontextprotocol/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorBody } from '../../kernel/errors.ts';
import { chooseLanguage } from '../../kernel/messages.ts';
import type { RouteRoom } from './room.ts';
import { route, type Route } from './route.ts';

/** The Model Context Protocol at `/mcp`; each request stands for itself, and what it makes the server ask is asked by who sent it. */
export function mcpRoutes(app: FastifyInstance): Route[] {
  let opened: Promise<McpDoor> | undefined;
  app.addHook('onClose', async () => (await opened)?.handler.close());
  const common = {
    path: '/mcp',
    async handle({ request, reply }: { request: FastifyRequest; reply: FastifyReply }, room: RouteRoom) {
      // The protocol's library is read when it is first asked for: most commands open this server and never do.
      const { toWebRequest } = await import('@modelcontextprotocol/node');
      const { handler, callers } = await (opened ??= openDoor(room, app.log));
      const asked = await toWebRequest(request.raw, request.body);
      callers.set(asked, request);
      return reply.send(await handler.fetch(asked, { parsedBody: request.body }));
    },
  } as const;
  return [
    route({ ...common, method: ['GET', 'POST'], needs: 'read' }),
    // What ends a session asks nothing.
    route({ ...common, method: 'DELETE', needs: 'operate' }),
  ];
}

interface McpDoor {
  readonly handler: McpHttpHandler;
  /** Who sent what is being answered. */
  readonly callers: WeakMap<Request, FastifyRequest>;
}

async function openDoor(room: RouteRoom, log: FastifyInstance['log']): Promise<McpDoor> {
  const [{ createMcpHandler }, { mcpServer }] = await Promise.all([import('@modelcontextprotocol/server'), import('../mcp/mcp.ts')]);
  const callers: McpDoor['callers'] = new WeakMap();
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const caller = callers.get(requestInfo!)!;
      const language = chooseLanguage(caller.headers['accept-language'], room.config.language);
      return mcpServer({
        reports: room.reports,
        version: room.config.version,
        language,
        async ask(path, query = {}) {
          const answer = await room.gate.askFor(caller, { url: path, query: { ...query }, headers: { 'accept-language': language } });
          return answer.statusCode < 400 ? { body: answer.json<Record<string, unknown>>() } : { refusal: answer.json<ErrorBody>() };
        },
      });
    },
    { onerror: (error) => log.warn({ err: error }, 'mcp') },
  );
  return { handler, callers };
}
