import type { FastifyInstance } from 'fastify';
import { readAsked } from './parameters.ts';
import type { RouteRoom } from './room.ts';
import { SUCCESS, urlOf, type PlacedRoute } from './route.ts';

/** Has a route answer at its place, at each of its paths. */
export function serveRoute(app: FastifyInstance, placed: PlacedRoute, room: RouteRoom): void {
  const { route, place } = placed;
  for (const path of [route.path, ...(route.aliases ?? [])]) {
    app.route({
      method: [route.method].flat(),
      url: urlOf(path, place),
      config: { route },
      ...(route.longestBody === undefined ? {} : { bodyLimit: route.longestBody }),
      handler: async (request, reply) => {
        const answered: object | undefined = await route.handle(readAsked(placed, { request, reply }, room), room);
        // A reply that was sent leaves nothing to those who await it.
        if (answered === undefined) return reply;
        return route.answer && !route.bare ? { ...SUCCESS, ...answered } : answered;
      },
    });
  }
}
