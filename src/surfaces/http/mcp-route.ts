import { toWebRequest } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { FastifyInstance } from 'fastify';
import { chooseLanguage } from '../../kernel/messages.ts';
import type { ErrorBody } from '../../kernel/errors.ts';
import { mcpServer } from '../mcp/mcp.ts';
import type { HttpRoom } from './room.ts';

/** The Model Context Protocol at `/mcp`, behind the same gate as everything else; each request stands for itself. */
export function mcpRoute(app: FastifyInstance, room: HttpRoom): void {
  const handler = createMcpHandler(({ requestInfo }) => {
    const language = chooseLanguage(requestInfo?.headers.get('accept-language') ?? undefined, room.config.language);
    return mcpServer({
      reports: room.reports, version: room.config.version, language,
      async ask(path, query = {}) {
        // Who asks has passed the gate already; this is the server asking itself.
        const answer = await app.inject({ url: path, query: { ...query }, headers: { 'accept-language': language } });
        return answer.statusCode < 400 ? { body: answer.json<Record<string, unknown>>() } : { refusal: answer.json<ErrorBody>() };
      },
    });
  }, { onerror: (error) => app.log.warn({ err: error }, 'mcp') });
  app.addHook('onClose', () => handler.close());
  app.route({
    method: ['GET', 'POST', 'DELETE'], url: '/mcp', schema: { hide: true },
    handler: async (request, reply) => reply.send(await handler.fetch(await toWebRequest(request.raw, request.body), { parsedBody: request.body })),
  });
}
