import type { FastifyInstance } from 'fastify';
import { AppError } from '../../kernel/errors.ts';
import { shownRoutes } from './open-api.ts';
import { SEGMENTS, type HttpRoom } from './room.ts';
import { ROOT, route, type Place, type PlacedRoute } from './route.ts';

/** Headers that are said anew on the way to whoever asked. */
const OF_THE_WAY = new Set(['connection', 'date', 'keep-alive', 'transfer-encoding']);
const PATHS = ['/swagger', '/swagger/*', '/redoc', '/redoc/*'] as const;

/** The documentation of every place; it is made when somebody asks for it: no command of the command line does. */
export function documentationRoutes(app: FastifyInstance, placed: readonly PlacedRoute[], room: HttpRoom): PlacedRoute[] {
  return [ROOT, ...SEGMENTS].map((place) => {
    const open = opener(app, { placed, place, room });
    const before = place.segment === null ? '/api' : '';
    return {
      place,
      route: route({
        method: 'GET',
        path: `${before}/openapi.json`,
        aliases: PATHS.map((path) => `${before}${path}`),
        needs: 'read',
        open: true,
        async handle({ request, reply }) {
          const url = request.raw.url!;
          const answer = await (await open()).inject({ method: request.method as 'GET' | 'HEAD', url, headers: request.headers });
          if (answer.statusCode === 404) throw new AppError('not_found', { path: url.split('?', 1)[0]! });
          for (const [name, value] of Object.entries(answer.headers)) if (!OF_THE_WAY.has(name)) reply.header(name, value);
          return reply.code(answer.statusCode).send(answer.rawPayload.length > 0 ? answer.rawPayload : undefined);
        },
      }),
    };
  });
}

function opener(
  app: FastifyInstance,
  { placed, place, room }: { readonly placed: readonly PlacedRoute[]; readonly place: Place; readonly room: HttpRoom },
): () => Promise<FastifyInstance> {
  let opened: Promise<FastifyInstance> | undefined;
  app.addHook('onClose', async () => (await opened)?.close());
  const open = async (): Promise<FastifyInstance> => {
    const { openDocumentation } = await import('./documentation.ts');
    return openDocumentation({
      title: place.segment === null ? 'S7StarERP' : `S7StarERP · ${place.segment}`,
      version: room.config.version,
      prefix: place.segment === null ? '/api' : `/api/${place.segment}`,
      routes: shownRoutes(
        placed.filter((each) => each.place.segment === place.segment),
        room,
      ),
    });
  };
  return () => (opened ??= open());
}
