import type { McpHttpHandler } from '@modelcontextprotocol/server';
import type { FastifyInstance } from 'fastify';
import { chooseLanguage } from '../../kernel/messages.ts';
import type { ErrorBody } from '../../kernel/errors.ts';
import type { HttpRoom } from './room.ts';

/** The Model Context Protocol at `/mcp`, behind the same gate as everything else; each request stands for itself. */
export function mcpRoute(app: FastifyInstance, room: HttpRoom, ownKey: string): void {
  let handler: Promise<McpHttpHandler> | undefined;
  app.addHook('onClose', async () => (await handler)?.close());
  app.route({
    method: ['GET', 'POST', 'DELETE'],
    url: '/mcp',
    schema: { hide: true },
    async handler(request, reply) {
      // The protocol's library is read when it is first asked for: most commands open this server and never do.
      const { toWebRequest } = await import('@modelcontextprotocol/node');
      handler ??= openHandler(app, room, ownKey);
      return reply.send(await (await handler).fetch(await toWebRequest(request.raw, request.body), { parsedBody: request.body }));
    },
  });
}

async function openHandler(app: FastifyInstance, room: HttpRoom, ownKey: string): Promise<McpHttpHandler> {
  const [{ createMcpHandler }, { mcpServer }] = await Promise.all([import('@modelcontextprotocol/server'), import('../mcp/mcp.ts')]);
  return createMcpHandler(
    ({ requestInfo }) => {
      const language = chooseLanguage(requestInfo?.headers.get('accept-language') ?? undefined, room.config.language);
      return mcpServer({
        reports: room.reports,
        version: room.config.version,
        language,
        async ask(path, query = {}) {
          // Who asks has passed the gate already; this is the server asking itself.
          const answer = await app.inject({
            url: path,
            query: { ...query },
            headers: { 'accept-language': language, authorization: `Bearer ${ownKey}` },
          });
          return answer.statusCode < 400 ? { body: answer.json<Record<string, unknown>>() } : { refusal: answer.json<ErrorBody>() };
        },
      });
    },
    { onerror: (error) => app.log.warn({ err: error }, 'mcp') },
  );
}
