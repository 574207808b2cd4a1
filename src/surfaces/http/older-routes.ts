import { AppError } from '../../kernel/errors.ts';
import type { Platform } from '../../platforms/platform.ts';
import { route, type Route } from './route.ts';

/**
 * Paths by which the older system connected a platform that cannot be connected yet: who still asks them is told so, rather than that
 * there is nothing.
 */
export function unconnectedRoutes({ id: platform, olderPaths = [] }: Platform): Route[] {
  return olderPaths.map((path) =>
    route({
      method: ['GET', 'POST'],
      path,
      needs: /refresh/.test(path) ? 'operate' : 'read',
      ...(path === '/callback' ? { open: true } : {}),
      handle() {
        throw new AppError('connecting_later', { platform });
      },
    }),
  );
}

/** Whatever is asked of Miravia, which the older system had reports of. */
export const miraviaRoutes = [
  route({
    method: ['GET', 'POST'],
    path: '/api/Miravia',
    aliases: ['/api/Miravia/*'],
    needs: 'read',
    handle() {
      throw new AppError('miravia_left_out');
    },
  }),
] as const;
