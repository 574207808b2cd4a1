import type { FastifyInstance } from 'fastify';
import { AppError } from '../../kernel/errors.ts';
import type { Platform } from '../../platforms/platform.ts';

const METHODS = ['GET', 'POST'] as const;

/** Paths by which the older system connected a platform that cannot be connected yet: who still asks them is told so, rather than that there is nothing. */
export function unconnectedRoutes(scope: FastifyInstance, { id: platform, olderPaths = [] }: Platform): void {
  for (const url of olderPaths) {
    scope.route({
      method: [...METHODS],
      url,
      schema: { hide: true },
      handler: () => {
        throw new AppError('connecting_later', { platform });
      },
    });
  }
}

/** Whatever is asked of Miravia, which the older system had reports of. */
export function miraviaRoutes(app: FastifyInstance): void {
  for (const url of ['/api/Miravia', '/api/Miravia/*']) {
    app.route({
      method: [...METHODS],
      url,
      handler: () => {
        throw new AppError('miravia_left_out');
      },
    });
  }
}
